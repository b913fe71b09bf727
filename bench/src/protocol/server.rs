//! A server that says always the same, and the peer's client of it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// What both sides call their first call, in the words of the one: answers are given the id that was asked with.
pub(super) const CALL_ID: &str = "CALL-ID";

pub(super) struct Server {
    pub(super) url: String,
}

impl Server {
    /// Answers every GET with a session and every POST with this response.
    pub(super) fn start(response: String) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let session = session(&url);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (session, response) = (session.clone(), response.clone());
                // A client that goes away ends its thread.
                thread::spawn(move || serve(stream, &session, &response).ok());
            }
        });
        Ok(Self { url })
    }
}

fn serve(mut stream: TcpStream, session: &str, response: &str) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let (mut is_get, mut length, mut line) = (false, 0, String::new());
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            is_get |= line.starts_with("GET ");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body = String::from_utf8_lossy(&body);
        let text =
            if is_get { session.to_owned() } else { response.replace(CALL_ID, call_id(&body)) };
        let length = text.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{text}"
        )?;
    }
}

/// The last text of the first call.
fn call_id(body: &str) -> &str {
    let call = body.split("]]").next().unwrap_or_default();
    call.rsplit('"').nth(1).unwrap_or_default()
}

pub(super) fn session(base: &str) -> String {
    serde_json::json!({
        "capabilities": {
            "urn:ietf:params:jmap:core": {
                "maxSizeUpload": 50_000_000, "maxConcurrentUpload": 4, "maxSizeRequest": 10_000_000,
                "maxConcurrentRequests": 4, "maxCallsInRequest": 16, "maxObjectsInGet": 500,
                "maxObjectsInSet": 500, "collationAlgorithms": [],
            },
            "urn:ietf:params:jmap:mail": {},
        },
        "accounts": {"a": {
            "name": "u", "isPersonal": true, "isReadOnly": false,
            "accountCapabilities": {"urn:ietf:params:jmap:mail": {}},
        }},
        "primaryAccounts": {"urn:ietf:params:jmap:mail": "a", "urn:ietf:params:jmap:core": "a"},
        "username": "u",
        "apiUrl": format!("{base}/api"),
        "downloadUrl": format!("{base}/d/{{accountId}}/{{blobId}}/{{name}}?t={{type}}"),
        "uploadUrl": format!("{base}/u/{{accountId}}"),
        "eventSourceUrl": format!("{base}/e?types={{types}}&closeafter={{closeafter}}&ping={{ping}}"),
        "state": "0",
    })
    .to_string()
}

/// The peer's client.
pub(super) async fn peer(url: &str) -> Result<jmap_client::client::Client, String> {
    let client = jmap_client::client::Client::new().credentials(("u", "p"));
    let client = client.follow_redirects(["127.0.0.1"]).connect(url).await;
    client.map_err(|error| format!("the peer cannot connect: {error}"))
}
