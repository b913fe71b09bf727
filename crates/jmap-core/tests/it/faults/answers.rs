//! Answers that break off, or are something else than what should come.

use std::time::{Duration, Instant};

use jmap_core::client::{DownloadOptions, Retry};
use jmap_core::{Error, Id};

use super::{
    Reply, Scripted, Server, answer, builder, create, created, echo, echoed, json, run, said,
    status,
};

const HALF: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"meth";

/// The first connection gets the session, and every other one is reset in the middle of the answer.
fn resetting() -> Server {
    Server::start(|index, mut connection| {
        if index > 0 {
            return connection.reset(HALF);
        }
        connection.request();
        let session = r#"{"username":"jane","apiUrl":"/api","capabilities":{"urn:ietf:params:jmap:core":{}},"primaryAccounts":{"urn:ietf:params:jmap:core":"a"}}"#;
        connection.send(answer("Content-Type: application/json\r\nConnection: close\r\n", session));
    })
}

#[test]
fn reset_in_the_middle() {
    let server = resetting();
    run(async {
        let client = builder(&server.url("/")).connect().await.unwrap();
        let error = echo(&client).await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)) && error.is_retryable(), "{error:?}");
        let said = said(&error).replace(&server.url(""), "SERVER");
        insta::assert_snapshot!(said, @"the connection to SERVER broke: Connection reset by peer (os error 104)");
        assert_eq!(server.connections(), 1 + 4);
    });
}

#[test]
fn reset_in_the_middle_of_a_change() {
    let server = resetting();
    run(async {
        let client = builder(&server.url("/")).connect().await.unwrap();
        let error = create(&client, None).await.unwrap_err();
        assert!(error.is_retryable(), "{error:?}");
        assert_eq!(server.connections(), 1 + 1);
    });
}

#[test]
fn closed_before_its_end() {
    let server = Scripted::calls(|_| Reply::Last(HALF.to_vec()));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        assert!(error.is_retryable());
        insta::assert_snapshot!(server.said(&error), @"the connection to SERVER broke: end of file before message length reached");
        assert_eq!(server.count("/api"), 4);
    });
}

#[test]
fn once_broken_and_then_whole() {
    let server = Scripted::calls(|nth| match nth {
        0 => Reply::Last(HALF.to_vec()),
        1 => Reply::Last(Vec::new()),
        _ => echoed("s0"),
    });
    run(async {
        echo(&server.client().await).await.unwrap();
        assert_eq!(server.count("/api"), 3);
    });
}

#[test]
fn truncated_json() {
    let server = Scripted::calls(|_| json(r#"{"methodResponses":[["Core/echo",{},"#));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        assert!(matches!(error, Error::Unreadable { .. }) && !error.is_retryable());
        insta::assert_snapshot!(server.said(&error), @"cannot read the response: EOF while parsing a value at line 1 column 36");
        assert_eq!(server.count("/api"), 1);
    });
}

#[test]
fn not_utf_8() {
    let server = Scripted::calls(|_| json(b"{\"methodResponses\":[\"\xff\"]}"));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"cannot read the response: the text is not UTF-8");
    });
}

#[test]
fn a_page_for_people_in_the_place_of_a_response() {
    let page = "<!DOCTYPE html><p>Log in with jane:secret";
    let server =
        Scripted::calls(move |_| Reply::Answer(answer("Content-Type: text/html\r\n", page)));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        assert!(matches!(error, Error::Unexpected { .. }), "{error:?}");
        insta::assert_snapshot!(server.said(&error), @"expected a JMAP response, found text/html");
    });
}

#[test]
fn a_page_for_people_in_the_place_of_the_session() {
    let page = "<!DOCTYPE html><p>Welcome";
    let server =
        Scripted::start(move |_| Reply::Answer(answer("Content-Type: text/html\r\n", page)));
    run(async {
        let error = server.builder().connect().await.unwrap_err();
        assert!(matches!(error, Error::Unexpected { .. }), "{error:?}");
        insta::assert_snapshot!(server.said(&error), @"expected a JMAP session, found text/html");
    });
}

#[test]
fn json_that_is_no_response_and_no_session() {
    let server = Scripted::calls(|_| json("{}"));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"expected a JMAP response, found JSON without methodResponses");
        let error = builder(&server.server.url("/api")).connect().await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"expected a JMAP session, found JSON without an apiUrl");
    });
}

#[test]
fn json_under_another_name_is_read() {
    let server = Scripted::calls(|_| {
        let text = r#" {"methodResponses":[["Core/echo",{},"c0"]]}"#;
        Reply::Answer(answer("Content-Type: text/plain\r\n", text))
    });
    run(async { echo(&server.client().await).await.unwrap() });
}

#[test]
fn no_content() {
    let server = Scripted::calls(|_| status("204 No Content", "", ""));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 204 No Content");
    });
}

#[test]
fn nothing_comes() {
    let server = Scripted::calls(|_| Reply::Silence(Vec::new()));
    run(async {
        let client = server.builder().timeout(Duration::from_millis(300)).connect().await.unwrap();
        let error = echo(&client).await.unwrap_err();
        assert!(matches!(error, Error::TimedOut(_)) && error.is_retryable());
        insta::assert_snapshot!(server.said(&error), @"the server did not answer within 0.3 s");
        assert_eq!(server.count("/api"), 4);
        assert!(create(&client, None).await.is_err());
        assert_eq!(server.count("/api"), 5);
    });
}

#[test]
fn octet_by_octet() {
    let server = Scripted::calls(|_| {
        let Reply::Answer(octets) = created() else { return created() };
        Reply::Slowly(octets)
    });
    run(async {
        let builder = server.builder().retry(Retry::never());
        let client = builder.timeout(Duration::from_millis(300)).connect().await.unwrap();
        let start = Instant::now();
        let error = create(&client, None).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(2));
        insta::assert_snapshot!(server.said(&error), @"the server did not answer within 0.3 s");
    });
}

#[test]
fn a_download_that_stops() {
    let server = Scripted::calls(|_| {
        Reply::Silence(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nMilk".to_vec())
    });
    run(async {
        let builder = server.builder().idle_timeout(Duration::from_millis(300));
        let client = builder.connect().await.unwrap();
        let blob = client.download(Id::any("b"), DownloadOptions::default());
        let mut blob = blob.await.unwrap();
        assert_eq!(blob.next().await.unwrap().unwrap(), "Milk");
        let error = blob.next().await.unwrap().unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"the server did not answer within 0.3 s");
    });
}
