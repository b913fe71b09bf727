//! What a server says by itself. Some say nothing, and answer 204 (No Content): that is looked at without the client.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use jmap_core::Client;
use jmap_core::client::Authenticate as _;
use jmap_core::object::Object as _;
use jmap_core::push::{Event, EventSourceOptions};
use jmap_core::transport::{Body, Hyper, Transport as _};
use jmap_core::wire::resolve;

use super::calendars::Account;
use super::{Calendar, Server};

/// How long the server may be silent: it looks for changes from time to time, and pings as often as [`options`] wants.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn a_change_by_somebody_else_is_told() {
    let Some(server) = Server::named() else { return };
    let Some(mut account) = Account::take() else { return };
    let client = server.client();
    let events = listen(&client);
    let Some(first) = next(&events) else {
        assert_eq!(status(&server, &client), http::StatusCode::NO_CONTENT);
        println!("no push here: the server answers 204 to a request for its event stream");
        return;
    };
    // Nothing has happened, and the stream is open.
    assert!(matches!(first, Event::Ping { interval: Some(_) }), "{first:?}");

    account.create("Told");
    let id = client.session().primary_account(Calendar::USING[0]).cloned().unwrap();
    let state = Some(account.state());
    wait_for(&events, |event| match event {
        Event::State(change) => change.state_of::<Calendar>(&id) == state,
        _ => false,
    });
    wait_for(&events, |event| matches!(event, Event::Ping { .. }));
}

fn options() -> EventSourceOptions {
    let mut options = EventSourceOptions::of_types(["CalendarEvent"]).with::<Calendar>();
    options.ping = Some(Duration::from_secs(3));
    options
}

/// What the server says, read in a thread of its own so that nothing hangs. Ends with the stream.
fn listen(client: &Client) -> Receiver<Event> {
    let mut events = client.event_source(options());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        while let Some(event) = events.wait_next() {
            if sender.send(event.unwrap()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The next event, if there are any.
fn next(events: &Receiver<Event>) -> Option<Event> {
    match events.recv_timeout(PATIENCE) {
        Ok(event) => Some(event),
        Err(mpsc::RecvTimeoutError::Disconnected) => None,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("silence for {PATIENCE:?}"),
    }
}

/// Passes over events until the one that is due, but not for ever.
fn wait_for(events: &Receiver<Event>, is_due: impl Fn(&Event) -> bool) {
    let mut passed = Vec::new();
    while passed.len() < 10 {
        match next(events) {
            Some(event) if is_due(&event) => return,
            other => passed.push(other.unwrap()),
        }
    }
    panic!("not among {passed:?}");
}

/// What the server answers to somebody who asks for its event stream without the client.
fn status(server: &Server, client: &Client) -> http::StatusCode {
    let template = client.session().event_source_url.clone().unwrap();
    let url = options().url(&resolve(&server.url, &template).unwrap());
    jmap_core::wait(async {
        let request = http::Request::get(url)
            .header("accept", "text/event-stream")
            .header("authorization", server.credentials().authorization().await.unwrap())
            .body(Body::empty())
            .unwrap();
        Hyper::new().unwrap().send(request).await.unwrap().status()
    })
}
