//! The client over the loopback: what it sends, and what comes of it.

mod blobs;
mod chunks;
mod lists;
mod quirks;
mod sending;
mod time;
mod uploads;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use jmap_core::capability::Core;
use jmap_core::client::Retry;
use jmap_core::transport::{Body, BoxFuture, Transport, TransportError};
use jmap_core::{Client, Id};
use serde_json::Value;

use crate::server::notes::{Jane, Note, Store};
use crate::server::support::{Server, block_on};
use jmap_core::server::{Clock, Loopback};

/// A server, a client of it, and a transport in between that takes notes and breaks when it is told to.
struct Setup {
    server: Server,
    client: Client,
    wire: Wire,
}

impl Setup {
    /// With a server that has suggested limits but for these.
    fn new(limits: Core) -> Self {
        let server = Server::with(limits.or_suggested());
        let wire = Wire {
            to: server.loopback.clone().clock(Clock::impatient()),
            store: server.store.clone(),
            log: Arc::default(),
            faults: Arc::default(),
            spared: Arc::default(),
        };
        let connect = Client::builder("https://example.com")
            .transport(wire.clone())
            .retry(Retry { attempts: 3, ..Retry::default() })
            .connect();
        let client = block_on(connect).unwrap();
        wire.log.lock().unwrap().clear();
        Self { server, client, wire }
    }

    /// The requests to the API since the last time.
    fn sent(&self) -> Vec<Value> {
        let log = std::mem::take(&mut *self.wire.log.lock().unwrap());
        log.iter().map(|body| serde_json::from_str(body).unwrap()).collect()
    }

    /// The next requests end like this.
    fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.wire.faults.lock().unwrap().extend(faults);
    }
}

#[derive(Clone)]
struct Wire {
    to: Loopback<Jane>,
    store: Store,
    log: Arc<Mutex<Vec<String>>>,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    /// A method whose calls come through.
    spared: Arc<Mutex<Option<&'static str>>>,
}

impl Wire {
    fn spare(&self, method: &'static str) {
        *self.spared.lock().unwrap() = Some(method);
    }

    fn next_fault(&self, body: &[u8]) -> Fault {
        let body = String::from_utf8_lossy(body);
        if self.spared.lock().unwrap().is_some_and(|method| body.contains(method)) {
            return Fault::None;
        }
        self.faults.lock().unwrap().pop_front().unwrap_or(Fault::None)
    }
}

/// How a request ends.
#[derive(Clone)]
enum Fault {
    /// As the server has it.
    None,
    /// The connection is refused.
    Refused,
    /// The server does it, and the answer is lost.
    Lost,
    /// The server does it, and somebody else creates a note right after.
    Overtaken,
    /// With a status, and `Retry-After` in seconds.
    Status(u16, Option<u32>),
}

impl Transport for Wire {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let body = request.body().whole().cloned().unwrap_or_default();
            if request.method() == http::Method::POST {
                self.log.lock().unwrap().push(String::from_utf8(body.to_vec()).unwrap());
            }
            match self.next_fault(&body) {
                Fault::None => self.to.send(request).await,
                Fault::Refused => Err(TransportError::connect("refused", "refused")),
                Fault::Lost => {
                    self.to.send(request).await?;
                    Err(TransportError::broken("reset", "reset"))
                }
                Fault::Overtaken => {
                    let response = self.to.send(request).await;
                    self.store.fill("A1", &["somebody else's"]);
                    response
                }
                Fault::Status(status, retry_after) => {
                    let mut response = http::Response::builder().status(status);
                    if let Some(seconds) = retry_after {
                        response = response.header("retry-after", seconds);
                    }
                    Ok(response.body(Body::empty()).unwrap())
                }
            }
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.to.sleep(duration)
    }

    fn now(&self) -> SystemTime {
        self.to.now()
    }
}

fn ids(numbers: impl IntoIterator<Item = usize>) -> Vec<Id<Note>> {
    numbers.into_iter().map(|number| Id::any(format!("N{number}"))).collect()
}

fn note(text: &str) -> Note {
    Note { text: Some(text.to_owned()), ..Note::default() }
}

/// The names of the calls of each request.
fn calls(requests: &[Value]) -> Vec<Vec<String>> {
    let names = |request: &Value| {
        let calls = request["methodCalls"].as_array().unwrap().iter();
        calls.map(|call| call[0].as_str().unwrap().to_owned()).collect()
    };
    requests.iter().map(names).collect()
}
