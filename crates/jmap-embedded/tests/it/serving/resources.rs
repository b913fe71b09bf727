//! The resources, and how the server begins and ends (RFC 8620, sections 2 and 6).

use std::net::TcpListener;
use std::time::{Duration, Instant};

use jmap_calendars::CalendarsExt;
use jmap_core::Client;
use jmap_core::client::{Basic, Upload};
use serde_json::json;

use crate::wire::{Server, Wire, call};

#[test]
fn urls_begin_as_the_client_has_asked() {
    let server = Server::new(&["jane"]);
    let mut wire = server.connect("jane");
    let mut at = |host: &str| {
        let authorization = wire.authorization.clone().unwrap();
        let request = format!(
            "GET /.well-known/jmap HTTP/1.1\r\nhost: {host}\r\nauthorization: {authorization}\r\n\r\n"
        );
        wire.write(request.as_bytes());
        let answer = wire.answer();
        assert_eq!(answer.status, 307);
        answer.header("location").unwrap().to_owned()
    };
    assert_eq!(at("localhost:8080"), "http://localhost:8080/jmap/session");
    assert_eq!(at("[::1]:1"), "http://[::1]:1/jmap/session");
    // What is no name of a host stands for the address.
    for host in ["", "me@there", "a b", "a/b"] {
        assert_eq!(at(host), format!("{}/jmap/session", server.serving.url()), "{host}");
    }
    let session = wire.get("/jmap/session").json();
    assert_eq!(session["apiUrl"], "http://localhost/jmap/api");
}

#[test]
fn one_url_for_everybody_behind_a_proxy() {
    let server = Server::new(&["jane"]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let serving = server.embedded.serve_as("https://calendar.example.com/jane", listener).unwrap();
    let token = server.embedded.add_token("jane").unwrap();
    let mut wire = Wire::new(serving.address()).bearer(&token);
    let session = wire.get("/jane/jmap/session").json();
    assert_eq!(session["apiUrl"], "https://calendar.example.com/jane/jmap/api");
    assert_eq!(wire.get("/jmap/session").status, 404);
}

#[test]
fn our_own_client_over_the_network() {
    let server = Server::new(&["jane"]);
    server.embedded.set_password("jane", "tiger").unwrap();
    let client = Client::builder(server.serving.url()).credentials(Basic::new("jane", "tiger"));
    let client = client.connect().wait().unwrap();
    let event = jscalendar::Event::new("u1", "2027-03-01T09:00:00".parse().unwrap());
    client.events().add(event).wait().unwrap();
    assert!(client.events().by_uid("u1").wait().unwrap().is_some());
    let uploaded = client.upload(Upload::new("text/plain", "Milk")).wait().unwrap();
    let download = client.download(uploaded.blob_id.unwrap(), Default::default()).wait().unwrap();
    assert_eq!(jmap_core::wait(download.collect(10)).unwrap(), b"Milk");
}

/// RFC 8620, section 6: a blob that no object refers to is for the one alone who brought it.
#[test]
fn blobs_are_for_those_who_have_them() {
    let server = Server::new(&["jane", "bob"]);
    let [mut jane, mut bob] = ["jane", "bob"].map(|user| server.connect(user));
    let uploaded = jane.post("/jmap/upload/jane", "text/plain", b"Milk");
    assert_eq!(uploaded.status, 201);
    let json = uploaded.json();
    assert_eq!((&json["type"], &json["size"]), (&json!("text/plain"), &json!(4)));
    let blob = json["blobId"].as_str().unwrap();
    let path = format!("/jmap/download/jane/{blob}/milk.txt?type=text%2Fplain");
    let answer = jane.get(&path);
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"Milk"[..]));
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    assert_eq!(bob.get(&path).status, 404);
    assert_eq!(bob.get(&path.replace("/jane/", "/bob/")).status, 404);
    assert_eq!(bob.post("/jmap/upload/jane", "text/plain", b"Milk").status, 404);
    assert_eq!(jane.get(&path.replace(blob, "B0")).status, 404);
}

#[test]
fn a_server_that_stops_ends_what_is_under_way_and_takes_nothing_more() {
    let server = Server::new(&["jane"]);
    let mut stream = server.connect("jane");
    stream.send("GET", "/jmap/events?types=*&closeafter=no&ping=0", &[], b"");
    assert_eq!(stream.head().unwrap().status, 200);
    // The body is still to come.
    let mut slow = server.connect("jane");
    let body = call("jane", "Calendar/get", json!({})).to_string();
    let authorization = slow.authorization.clone().unwrap();
    let head = format!(
        "POST /jmap/api HTTP/1.1\r\nhost: localhost\r\nauthorization: {authorization}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    slow.write(head.as_bytes());
    std::thread::sleep(Duration::from_millis(100));
    let mut idle = server.connect("jane");
    assert_eq!(idle.get("/jmap/session").status, 200);

    let address = server.serving.address();
    let start = Instant::now();
    let stopping = std::thread::spawn(move || server.serving.stop().wait());
    assert_eq!(stream.piece(), None);
    assert!(idle.is_closed());
    slow.write(body.as_bytes());
    assert_eq!(slow.answer().status, 200);
    stopping.join().unwrap().unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn verbs_and_paths_that_there_are_not() {
    let server = Server::new(&["jane"]);
    let mut wire = server.connect("jane");
    for (verb, path, status) in [
        ("GET", "/jmap/api", 405),
        ("DELETE", "/jmap/session", 405),
        ("GET", "/jmap/elsewhere", 404),
        ("GET", "/jmap/download/jane", 404),
        ("GET", "/jmap/events?closeafter=never", 400),
    ] {
        let answer = wire.exchange(verb, path, &[], b"");
        assert_eq!(answer.status, status, "{verb} {path}");
        assert_eq!(answer.json()["status"], status);
    }
}
