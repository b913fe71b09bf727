//! A server of notes, raw requests to it, and an executor.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use jmap_core::Json;
use jmap_core::capability::Core;
use jmap_core::server::{Loopback, MemoryBlobs, Service, User};
use jmap_core::transport::{Body, Transport};
use serde_json::Value;

use super::notes::{self, Jane, Store};

/// Waits for a future that never needs the world outside.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut task = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut task) {
            return output;
        }
    }
    panic!("nobody will ever wake this future");
}

/// A server of notes, and a user of it.
pub(crate) struct Server {
    pub(crate) store: Store,
    pub(crate) loopback: Loopback<Jane>,
}

/// An answer over HTTP.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::with(Core::suggested())
    }

    pub(crate) fn with(limits: Core) -> Self {
        let store = Store::default();
        let service = Service::new(notes::dispatcher().limits(limits), MemoryBlobs::new());
        let loopback = Loopback::new(service, Jane { store: store.clone() });
        Self { store, loopback }
    }

    pub(crate) fn http(&self, request: http::Request<Body>) -> Answer {
        let response = block_on(self.loopback.send(request)).unwrap();
        let (head, body) = response.into_parts();
        let body = block_on(body.collect(u64::MAX)).unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    }

    /// A body to the API.
    pub(crate) fn post(&self, body: impl Into<Body>) -> Answer {
        let request = http::Request::post("/jmap/api").header("content-type", "application/json");
        self.http(request.body(body.into()).unwrap())
    }

    /// The status and the problem of a body that is refused.
    pub(crate) fn refused(&self, body: impl Into<Body>) -> String {
        let answer = self.post(body);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        format!("{} {}", answer.status, answer.text)
    }

    /// The responses to these calls, one a line.
    pub(crate) fn calls(&self, calls: &str) -> String {
        let response = self.response(&format!(
            r#"{{"using":["urn:ietf:params:jmap:core","urn:ietf:params:jmap:blob","https://example.com/jmap/notes"],"methodCalls":[{calls}]}}"#
        ));
        lines(&response["methodResponses"])
    }

    /// The response to a request.
    pub(crate) fn response(&self, request: &str) -> Value {
        let answer = self.post(request.to_owned());
        assert_eq!(answer.status, 200, "{}", answer.text);
        serde_json::from_str(&answer.text).unwrap()
    }

    /// What is wrong with a single call.
    pub(crate) fn error(&self, call: &str) -> String {
        let text = self.calls(call);
        let arguments = text.strip_prefix(r#"["error",{"#).and_then(|text| text.rsplit_once("},"));
        arguments.unwrap_or_else(|| panic!("not refused: {text}")).0.to_owned()
    }
}

/// The responses of any server to these calls, one a line.
pub(crate) fn answers<U: User>(loopback: &Loopback<U>, using: &[&str], calls: &str) -> String {
    let using = serde_json::to_string(using).unwrap();
    let body = format!(r#"{{"using":{using},"methodCalls":[{calls}]}}"#);
    let request = http::Request::post("/jmap/api").header("content-type", "application/json");
    let response = block_on(loopback.send(request.body(Body::from(body)).unwrap())).unwrap();
    let body = block_on(response.into_body().collect(u64::MAX)).unwrap();
    let response: Value = serde_json::from_slice(&body).unwrap();
    lines(&response["methodResponses"])
}

/// The elements of an array, one a line, members in the order of the alphabet.
pub(crate) fn lines(array: &Value) -> String {
    let elements = array.as_array().unwrap().iter();
    elements.map(|element| Json::from(element.clone()).to_string()).collect::<Vec<_>>().join("\n")
}
