//! A server whose answers are written out.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jmap_core::transport::{Body, BoxFuture, Transport, TransportError};
use jmap_core::{Client, Session};

/// A server that answers in this order, whatever is asked; its session comes first.
#[derive(Clone)]
pub(crate) struct Script {
    answers: Arc<Mutex<VecDeque<String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Script {
    pub(crate) fn new(session: &Session) -> Self {
        let mut session = serde_json::to_value(session).unwrap();
        session["username"] = "ann".into();
        session["apiUrl"] = "/jmap/".into();
        Self { answers: Arc::new(Mutex::new([session.to_string()].into())), asked: Arc::default() }
    }

    pub(crate) fn client(&self) -> Client {
        let client = Client::builder("https://example.com/jmap").transport(self.clone());
        let client = client.connect().wait().unwrap();
        self.asked.lock().unwrap().clear();
        client
    }

    /// These responses, to one request.
    pub(crate) fn respond(&self, responses: &str) {
        let answer = format!(r#"{{"methodResponses":[{responses}]}}"#);
        self.answers.lock().unwrap().push_back(answer);
    }

    /// The calls since the last time, a request a line.
    pub(crate) fn calls(&self) -> String {
        assert!(self.answers.lock().unwrap().is_empty(), "an answer that nobody wanted");
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        let calls = |body: &String| {
            let (_, calls) = body.split_once(r#""methodCalls":"#)?;
            Some(calls.strip_suffix('}')?.to_owned())
        };
        asked.iter().filter_map(calls).collect::<Vec<_>>().join("\n")
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let body = request.into_body().collect(u64::MAX).await.unwrap();
            self.asked.lock().unwrap().push(String::from_utf8(body.to_vec()).unwrap());
            let answer = self.answers.lock().unwrap().pop_front().unwrap();
            let response = http::Response::builder().header("content-type", "application/json");
            Ok(response.body(Body::from(answer)).unwrap())
        })
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH
    }
}
