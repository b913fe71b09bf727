//! `jmapctl session` and `jmapctl call`, against a server of a few lines.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::thread;

const SESSION: &str = r#"{
    "username": "jane@example.com",
    "apiUrl": "/api",
    "state": "1",
    "capabilities": {
        "urn:ietf:params:jmap:core": {"maxObjectsInGet": 500},
        "urn:ietf:params:jmap:calendars": {},
        "https://example.com/notes": {}
    },
    "accounts": {
        "a1": {"name": "jane@example.com", "isPersonal": true, "isReadOnly": false,
               "accountCapabilities": {"urn:ietf:params:jmap:calendars": {}}},
        "a2": {"name": "team\u001b[31m", "isPersonal": false, "isReadOnly": true,
               "accountCapabilities": {"urn:ietf:params:jmap:calendars": {}}}
    },
    "primaryAccounts": {"urn:ietf:params:jmap:calendars": "a1"}
}"#;

/// Answers every GET with the session and every POST with one response that repeats the arguments; knows one password.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/session", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap());
        }
    });
    url
}

fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() <= 2 {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, text) = match head.split(' ').next() {
        // jane:tiger
        _ if !head.contains("Basic amFuZTp0aWdlcg==") => ("401 Unauthorized", String::new()),
        Some("GET") => ("200 OK", SESSION.to_owned()),
        _ => ("200 OK", response(&body)),
    };
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}",
    )
    .unwrap();
}

fn response(body: &[u8]) -> String {
    let request: serde_json::Value = serde_json::from_slice(body).unwrap();
    let call = &request["methodCalls"][0];
    let answer = match call[0].as_str() {
        Some("Note/fail") => {
            serde_json::json!(["error", {"type": "forbidden", "description": "not today"}, call[2]])
        }
        _ => serde_json::json!([call[0], {"was": call[1], "using": request["using"]}, call[2]]),
    };
    serde_json::json!({"methodResponses": [answer], "sessionState": "1"}).to_string()
}

fn run(url: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jmapctl"))
        .args(args)
        .env_remove("JMAP_TOKEN")
        .env("JMAP_URL", url)
        .env("JMAP_USER", "jane")
        .env("JMAP_PASSWORD", "tiger")
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_session_for_people() {
    let output = run(&server(), &["session"]);
    assert!(output.status.success(), "{}", err(&output));
    insta::assert_snapshot!(out(&output), @r#"
Logged in as jane@example.com.

 ACCOUNT  NAME              WHOSE   RIGHTS          PRIMARY FOR
 a1       jane@example.com  own     read and write  calendars
 a2       team\u{1b}[31m    shared  read

 LIMIT                AT MOST
 octets in an upload  not said
 uploads at a time    not said
 octets in a request  not said
 requests at a time   not said
 calls in a request   not said
 objects in a get     500
 objects in a set     not said

 CAPABILITY                 ACCOUNTS
 https://example.com/notes
 calendars                  a1, a2
 core
"#);
}

#[test]
fn a_session_for_programs_is_what_the_server_has() {
    let output = run(&server(), &["session", "--json"]);
    let read: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(read, serde_json::from_str::<serde_json::Value>(SESSION).unwrap());
}

#[test]
fn a_call_is_filled_in() {
    let url = server();
    let output = run(&url, &["call", "Note/get", r#"{"ids": ["n1"]}"#, "--json"]);
    insta::assert_snapshot!(out(&output), @r#"{"using":["https://example.com/notes","urn:ietf:params:jmap:calendars","urn:ietf:params:jmap:core"],"was":{"accountId":"a1","ids":["n1"]}}"#);
    let output = run(
        &url,
        &[
            "call",
            "Note/get",
            "--account",
            "JANE@example.com",
            "--using",
            "https://example.com/notes",
        ],
    );
    insta::assert_snapshot!(out(&output), @r#"
{
  "using": [
    "https://example.com/notes",
    "urn:ietf:params:jmap:core"
  ],
  "was": {
    "accountId": "a1"
  }
}
"#);
    let output = run(&url, &["call", "Core/echo", r#"{"n": 1}"#, "--json"]);
    assert!(out(&output).contains(r#""was":{"n":1}"#), "{}", out(&output));
}

#[test]
fn what_fails_says_so() {
    let url = server();
    let output = run(&url, &["call", "Note/fail"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(err(&output), @"jmapctl call Note/fail: forbidden: not today");

    let output = run(&url, &["call", "Note/get", "--account", "b"]);
    insta::assert_snapshot!(err(&output), @r#"jmapctl call: there is no account "b": `jmapctl session` lists them"#);

    let output = run("", &["session"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(err(&output), @"jmapctl session: which server? Set JMAP_URL to its URL, its host name or your mail address there");

    let wrong = Command::new(env!("CARGO_BIN_EXE_jmapctl"))
        .arg("session")
        .env_remove("JMAP_USER")
        .env("JMAP_TOKEN", "s3cret")
        .env("JMAP_URL", &url)
        .output()
        .unwrap();
    assert!(err(&wrong).contains("401 Unauthorized; set JMAP_USER"), "{}", err(&wrong));
    assert!(!err(&wrong).contains("s3cret"));
}

#[test]
fn wrong_usage_is_seen_before_anything_is_sent() {
    let output = run("http://127.0.0.1:1/", &["call", "Note"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(err(&output).lines().next().unwrap(), @r#"error: no method: "Note" (a method has two parts: Calendar/get)"#);
    let output = run("http://127.0.0.1:1/", &["call", "Note/get", "[1]"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(err(&output).lines().next().unwrap(), @"error: the arguments are no JSON object: invalid type: sequence, expected a map at line 1 column 0");
}
