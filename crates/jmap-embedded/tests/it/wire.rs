//! HTTP/1.1 as it goes over the wire, written by hand: what our own client takes for granted is not taken for granted here.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use jmap_core::client::Secret;
use jmap_embedded::{Embedded, Serving};
use serde_json::Value;

/// A server over HTTP, in memory unless it is another one, with a token for each user.
pub(crate) struct Server {
    pub(crate) embedded: Embedded,
    pub(crate) serving: Serving,
}

impl Server {
    pub(crate) fn new(users: &[&str]) -> Self {
        Self::of(Embedded::in_memory().unwrap(), users)
    }

    pub(crate) fn of(embedded: Embedded, users: &[&str]) -> Self {
        for user in users {
            embedded.add_user(user).unwrap();
        }
        let serving = embedded.serve(TcpListener::bind("127.0.0.1:0").unwrap()).unwrap();
        Self { embedded, serving }
    }

    /// A connection of a user, by a token.
    pub(crate) fn connect(&self, user: &str) -> Wire {
        let token = self.embedded.add_token(user).unwrap();
        Wire::new(self.serving.address()).bearer(&token)
    }

    /// A connection of nobody.
    pub(crate) fn connect_as_nobody(&self) -> Wire {
        Wire::new(self.serving.address())
    }
}

/// A connection that is kept.
pub(crate) struct Wire {
    stream: BufReader<TcpStream>,
    pub(crate) authorization: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let json = serde_json::from_slice(&self.body);
        json.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).next()
    }

    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(move |(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Wire {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self { stream: BufReader::new(stream), authorization: None }
    }

    pub(crate) fn bearer(mut self, token: &Secret) -> Self {
        self.authorization = Some(format!("Bearer {}", token.expose()));
        self
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.exchange("GET", path, &[], b"")
    }

    pub(crate) fn post(&mut self, path: &str, media_type: &str, body: &[u8]) -> Answer {
        self.exchange("POST", path, &[("content-type", media_type)], body)
    }

    /// What comes back for a request to the API.
    pub(crate) fn api(&mut self, request: &Value) -> Answer {
        self.post("/jmap/api", "application/json", request.to_string().as_bytes())
    }

    pub(crate) fn exchange(
        &mut self,
        verb: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        self.send(verb, path, headers, body);
        self.answer()
    }

    /// Sends a request, whose answer is to come.
    pub(crate) fn send(&mut self, verb: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut head = format!("{verb} {path} HTTP/1.1\r\nhost: localhost\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(authorization) = &self.authorization {
            head.push_str(&format!("authorization: {authorization}\r\n"));
        }
        if verb == "POST" {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.write(&[head.as_bytes(), body].concat());
    }

    /// Sends octets, whether anybody is there to take them or not.
    pub(crate) fn write(&mut self, octets: &[u8]) {
        let _ = self.stream.get_mut().write_all(octets);
    }

    /// The next answer, whole.
    pub(crate) fn answer(&mut self) -> Answer {
        let mut answer = self.head().expect("the server closed the connection");
        if let Some(length) = answer.header("content-length") {
            answer.body = vec![0; length.parse().unwrap()];
            self.stream.read_exact(&mut answer.body).unwrap();
        } else if answer.header("transfer-encoding").is_some() {
            while let Some(piece) = self.piece() {
                answer.body.extend(piece);
            }
        }
        answer
    }

    /// The head of the next answer; `None` if the server has closed the connection.
    pub(crate) fn head(&mut self) -> Option<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head).unwrap_or(0) == 0 {
                return None;
            }
        }
        let status = head.split(' ').nth(1)?.parse().unwrap();
        Some(Answer { status, head, body: Vec::new() })
    }

    /// The next piece of an answer whose length nobody knows; `None` at its end.
    pub(crate) fn piece(&mut self) -> Option<Vec<u8>> {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let length = usize::from_str_radix(line.trim(), 16).unwrap();
        let mut piece = vec![0; length + 2];
        self.stream.read_exact(&mut piece).unwrap();
        piece.truncate(length);
        (length > 0).then_some(piece)
    }

    pub(crate) fn patience(&self, patience: Duration) {
        self.stream.get_ref().set_read_timeout(Some(patience)).unwrap();
    }

    /// Whether nothing comes for a while.
    pub(crate) fn is_silent(&mut self, patience: Duration) -> bool {
        self.patience(patience);
        let is_silent = self.stream.fill_buf().is_err();
        self.patience(Duration::from_secs(30));
        is_silent
    }

    /// Whether the server has closed the connection.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.stream.fill_buf().map_or(true, <[u8]>::is_empty)
    }
}

/// One call of a method of calendars, in an account.
pub(crate) fn call(account: &str, method: &str, mut arguments: Value) -> Value {
    arguments["accountId"] = account.into();
    let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
    serde_json::json!({"using": using, "methodCalls": [[method, arguments, "c"]]})
}
