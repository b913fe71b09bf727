//! The client over real sockets, with servers that fail in every way: each failure gives the error that is documented,
//! says no secret, and nothing hangs.

mod answers;
mod authentication;
mod limits;
mod redirects;
mod session;
mod statuses;

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jmap_core::client::{Basic, ClientBuilder, Retry};
use jmap_core::object::{Get, Object, Set};
use jmap_core::{
    Client, CreationId, EchoArguments, Error, Id, Json, Map, SetArguments, SetResponse, State,
};

use crate::socket::{Connection, Server, answer, run};

/// The user's password, which nothing may ever show.
const PASSWORD: &str = "tiger-9381";

/// What every client of these tests sends as `Authorization`, unless a test says otherwise.
const AUTHORIZATION: &str = "Basic amFuZTp0aWdlci05Mzgx";

/// What a server does with a request.
enum Reply {
    /// Sends this and takes the next request.
    Answer(Vec<u8>),
    /// Sends this and closes the connection.
    Last(Vec<u8>),
    /// Sends this octet by octet, with a while between them.
    Slowly(Vec<u8>),
    /// Sends this and nothing more, until the client closes the connection.
    Silence(Vec<u8>),
}

/// A request as the server sees it.
struct Asked {
    /// How many requests for the same path came before.
    nth: usize,
    /// What is asked for, with its query.
    path: String,
    head: String,
}

/// A server with a script, which keeps a record of what it was asked.
struct Scripted {
    server: Server,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Does with each request what `script` says.
    fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let heads = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&heads);
        let counts = Mutex::new(BTreeMap::new());
        let server = Server::start(move |_, mut connection| {
            while let Some(head) = connection.request() {
                record.lock().unwrap().push(head.clone());
                let path = head.split(' ').nth(1).unwrap().to_owned();
                let nth = {
                    let mut counts = counts.lock().unwrap();
                    let count: &mut usize = counts.entry(path.clone()).or_default();
                    *count += 1;
                    *count - 1
                };
                let reply = script(&Asked { nth, path, head });
                let Some(next) = carry_out(reply, connection) else { return };
                connection = next;
            }
        });
        Self { server, heads }
    }

    /// A server with a session, whose answers to calls are these.
    fn calls(script: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |asked| match asked.path.as_str() {
            "/session" => session("s0", ""),
            _ => script(asked.nth),
        })
    }

    fn url(&self) -> String {
        self.server.url("/session")
    }

    fn builder(&self) -> ClientBuilder {
        builder(&self.url())
    }

    async fn client(&self) -> Client {
        self.builder().connect().await.unwrap()
    }

    /// How many requests there were for this path.
    fn count(&self, path: &str) -> usize {
        let is_it = |head: &&String| head.split(' ').nth(1) == Some(path);
        self.heads.lock().unwrap().iter().filter(is_it).count()
    }

    /// The values of `Authorization` of all requests for this path.
    fn authorizations(&self, path: &str) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        let of_path = heads.iter().filter(|head| head.split(' ').nth(1) == Some(path));
        of_path.map(|head| header(head, "authorization").unwrap_or_default().to_owned()).collect()
    }

    /// What the error says, with the server's address taken out.
    fn said(&self, error: &Error) -> String {
        said(error).replace(self.server.url("").trim_end_matches('/'), "SERVER")
    }
}

fn carry_out(reply: Reply, mut connection: Connection) -> Option<Connection> {
    match reply {
        Reply::Answer(octets) => connection.send(octets),
        Reply::Last(octets) => {
            connection.send(octets);
            return None;
        }
        Reply::Slowly(octets) => {
            for octet in octets {
                connection.send([octet]);
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Reply::Silence(octets) => {
            connection.send(octets);
            connection.be_silent();
            return None;
        }
    }
    Some(connection)
}

/// The value of a header in the head of a request; its name is in lower case.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A client that tries again at once, and gives up soon.
fn builder(url: &str) -> ClientBuilder {
    let retry = Retry { first: Duration::from_millis(1), ..Retry::default() };
    Client::builder(url).credentials(Basic::new("jane", PASSWORD)).retry(retry)
}

/// An answer with JSON in it.
fn json(text: impl AsRef<[u8]>) -> Reply {
    Reply::Answer(answer("Content-Type: application/json\r\n", text))
}

/// An answer with another status than 200.
fn status(line: &str, headers: &str, body: &str) -> Reply {
    let answer = String::from_utf8(answer(headers, body)).unwrap();
    Reply::Answer(answer.replacen("200 OK", line, 1).into_bytes())
}

/// A session in this state; `more` are further members, each with a comma before it. They come last and count.
fn session(state: &str, more: &str) -> Reply {
    json(format!(
        r#"{{"capabilities":{{"urn:ietf:params:jmap:core":{{}}}},
            "accounts":{{"a":{{"accountCapabilities":{{}}}}}},
            "primaryAccounts":{{"urn:ietf:params:jmap:core":"a"}},
            "username":"jane","apiUrl":"/api","downloadUrl":"/down/{{blobId}}","uploadUrl":"/up",
            "state":"{state}"{more}}}"#
    ))
}

/// The answer to [`echo`].
fn echoed(state: &str) -> Reply {
    json(format!(r#"{{"methodResponses":[["Core/echo",{{}},"c0"]],"sessionState":"{state}"}}"#))
}

/// The answer to [`create`].
fn created() -> Reply {
    json(
        r#"{"methodResponses":[["Note/set",{"created":{"k":{"id":"n"}}},"c0"]],"sessionState":"s0"}"#,
    )
}

/// A call that changes nothing.
async fn echo(client: &Client) -> Result<EchoArguments, Error> {
    client.call(EchoArguments::default()).await
}

/// A call that changes something, whatever state that is in, or in a state that is named.
async fn create(client: &Client, if_in_state: Option<&str>) -> Result<SetResponse<Note>, Error> {
    let mut set = SetArguments::default();
    set.create(CreationId::any("k"), Note::default());
    set.if_in_state = if_in_state.map(State::any);
    client.set(set).await
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Note {
    id: Option<Id<Self>>,
    extra: Map<String, Json>,
}

json_model::members! { Note: "Note" never { "id" => id } extra }

impl Object for Note {
    const TYPE: &'static str = "Note";
    const USING: &'static [&'static str] = &["urn:ietf:params:jmap:core"];
    type Property = String;
}

impl Get for Note {}
impl Set for Note {}

/// What an error says; no form of it may show a secret.
fn said(error: &Error) -> String {
    let mut shown = format!("{error:?} {error:#?} {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        shown.push_str(&format!("{cause} {cause:?}"));
        source = cause.source();
    }
    assert_no_secret(&shown);
    error.to_string()
}

/// Neither the password, nor how it is sent, nor what the tests call a secret.
fn assert_no_secret(text: &str) {
    for secret in [PASSWORD, AUTHORIZATION, "amFuZTp0aWdlci05Mzgx", "secret"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
