//! Event streams (RFC 8620, section 7.3), whoever changes the file.

use std::time::{Duration, Instant};

use jmap_embedded::Embedded;
use serde_json::{Value, json};

use crate::wire::{Server, Wire, call};

const ALL: &str = "/jmap/events?types=*&closeafter=no&ping=0";

/// A stream that has begun.
fn stream(server: &Server, user: &str, path: &str, last: Option<&str>) -> Wire {
    let mut wire = server.connect(user);
    let last: Vec<_> = last.map(|last| ("last-event-id", last)).into_iter().collect();
    wire.send("GET", path, &last, b"");
    let head = wire.head().unwrap();
    assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")));
    wire
}

/// The next event: its id and what changed.
fn next(stream: &mut Wire) -> (u64, Value) {
    let text = String::from_utf8(stream.piece().unwrap()).unwrap();
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
    };
    let data: Value = serde_json::from_str(&field("data: ")).unwrap();
    assert_eq!(data["@type"], "StateChange");
    (field("id: ").parse().unwrap(), data["changed"].clone())
}

/// Makes a calendar, and gives the state of all calendars then.
fn create(wire: &mut Wire, account: &str) -> String {
    let create = call(account, "Calendar/set", json!({"create": {"k": {"name": "Team"}}}));
    let response = wire.api(&create).json();
    response["methodResponses"][0][1]["newState"].as_str().unwrap().to_owned()
}

#[test]
fn changes_are_told_to_those_who_have_the_account() {
    let server = Server::new(&["jane", "bob"]);
    let mut jane = stream(&server, "jane", ALL, None);
    let mut bob = stream(&server, "bob", ALL, None);
    let mut events = stream(&server, "jane", &ALL.replace('*', "CalendarEvent"), None);
    let state = create(&mut server.connect("jane"), "jane");
    assert_eq!(next(&mut jane).1, json!({"jane": {"Calendar": state}}));
    assert!(bob.is_silent(Duration::from_millis(300)));
    assert!(events.is_silent(Duration::from_millis(50)));
    // A call that changes nothing tells nothing.
    let nothing = call("jane", "Calendar/set", json!({"destroy": ["C9"]}));
    server.connect("jane").api(&nothing);
    assert!(jane.is_silent(Duration::from_millis(300)));
}

#[test]
fn what_was_missed_comes_at_once_also_from_a_server_that_was_started_meanwhile() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("calendar.db");
    let first = Server::of(Embedded::open(&path).unwrap(), &["jane"]);
    let mut wire = first.connect("jane");
    let mut live = stream(&first, "jane", ALL, None);
    create(&mut wire, "jane");
    let (id, _) = next(&mut live);
    let id = id.to_string();
    let event = json!({"create": {"k": {"@type": "Event", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00"}}});
    let event = wire.api(&call("jane", "CalendarEvent/set", event)).json();
    let event = &event["methodResponses"][0][1]["newState"];
    let missed = next(&mut stream(&first, "jane", ALL, Some(&id)));
    assert_eq!(missed.1, json!({"jane": {"CalendarEvent": event}}));
    assert!(
        stream(&first, "jane", ALL, Some(&missed.0.to_string()))
            .is_silent(Duration::from_millis(100))
    );
    first.serving.stop().wait().unwrap();
    drop(first.embedded);

    let second = Server::of(Embedded::open(&path).unwrap(), &[]);
    assert_eq!(next(&mut stream(&second, "jane", ALL, Some(&id))), missed);
    // What is no id of ours is older than all of them.
    let (_, all) = next(&mut stream(&second, "jane", ALL, Some("x")));
    assert!(["Calendar", "CalendarEvent"].iter().all(|it| all["jane"].get(it).is_some()), "{all}");
    // Also what is forgotten has happened.
    second.embedded.forget_history("jane").unwrap();
    let third = Server::of(Embedded::open(&path).unwrap(), &[]);
    assert_eq!(next(&mut stream(&third, "jane", ALL, Some(&id))), missed);
}

#[test]
fn what_another_process_writes_is_told_too() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("calendar.db");
    let [one, other] = [(); 2].map(|()| Server::of(Embedded::open(&path).unwrap(), &["jane"]));
    let mut stream = stream(&one, "jane", ALL, None);
    let mut wire = other.connect("jane");
    for _ in 0..3 {
        let start = Instant::now();
        let state = create(&mut wire, "jane");
        assert_eq!(next(&mut stream).1, json!({"jane": {"Calendar": state}}));
        // Long before anything else would have come.
        assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    }
}

#[test]
fn a_stream_may_end_after_a_state() {
    let server = Server::new(&["jane"]);
    let mut once = stream(&server, "jane", &ALL.replace("=no", "=state"), None);
    create(&mut server.connect("jane"), "jane");
    next(&mut once);
    assert_eq!(once.piece(), None);
}

/// RFC 9670, section 2: of the accounts of others those are told of in which something is subscribed to, and of these only
/// what can be seen.
#[test]
fn what_others_do_in_what_they_share() {
    let server = Server::new(&["jane", "bob"]);
    let (mut jane, mut bob) = (server.connect("jane"), server.connect("bob"));
    let changed = |wire: &mut Wire, method: &str, arguments: Value| -> Value {
        let response = wire.api(&call("jane", method, arguments)).json();
        response["methodResponses"][0][1].clone()
    };
    let mut told = stream(&server, "bob", ALL, None);
    let share = json!({"update": {"C1": {"shareWith": {"bob": {"mayReadItems": true}}}}});
    changed(&mut jane, "Calendar/set", share);
    // In Bob's own account.
    let news = next(&mut told).1;
    let types: Vec<_> = news["bob"].as_object().unwrap().keys().collect();
    assert_eq!(types, ["Principal", "ShareNotification"], "{news}");
    assert!(news.get("jane").is_none());
    let tea = |privacy: &str| {
        json!({"create": {"k": {
            "@type": "Event", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00", "privacy": privacy,
        }}})
    };
    changed(&mut jane, "CalendarEvent/set", tea("public"));
    assert!(told.is_silent(Duration::from_millis(300)));
    changed(&mut bob, "Calendar/set", json!({"update": {"C1": {"isSubscribed": true}}}));
    assert!(next(&mut told).1["jane"].get("Calendar").is_some());
    changed(&mut jane, "CalendarEvent/set", tea("secret"));
    changed(&mut jane, "Calendar/set", json!({"update": {"C1": {"sortOrder": 3}}}));
    assert!(told.is_silent(Duration::from_millis(300)));
    changed(&mut jane, "CalendarEvent/set", tea("public"));
    let state = changed(&mut bob, "CalendarEvent/get", json!({"ids": []}))["state"].clone();
    assert_eq!(next(&mut told).1["jane"]["CalendarEvent"], state);
}
