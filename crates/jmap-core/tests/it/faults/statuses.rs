//! HTTP statuses of failure: what is tried again, how often, and what it comes to.

use std::time::{Duration, SystemTime};

use jmap_core::client::Retry;
use jmap_core::{Error, RequestError};

use super::{Reply, Scripted, create, created, echo, echoed, run, status};

const PAGE: &str = "<html><h1>Sorry</h1>your password is secret</html>";

/// A page for people, as proxies have it.
fn page(line: &str) -> Reply {
    status(line, "Content-Type: text/html; charset=utf-8\r\n", PAGE)
}

fn problem(text: &str) -> Reply {
    status("400 Bad Request", "Content-Type: application/problem+json\r\n", text)
}

#[test]
fn a_page_of_the_server_that_failed() {
    let server = Scripted::calls(|_| page("500 Internal Server Error"));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        assert!(!error.is_retryable() && !error.is_auth());
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 500 Internal Server Error");
        let Error::Status(error) = error else { panic!("{error:?}") };
        assert_eq!(error.content_type.as_deref(), Some("text/html; charset=utf-8"));
        assert_eq!(error.body, PAGE);
        // Nobody knows what it did.
        assert_eq!(server.count("/api"), 1);
    });
}

#[test]
fn forbidden() {
    let server = Scripted::calls(|_| page("403 Forbidden"));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        assert!(error.is_auth() && !error.is_retryable());
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 403 Forbidden");
        assert_eq!(server.count("/api"), 1);
    });
}

#[test]
fn unavailable() {
    let server = Scripted::calls(|_| page("503 Service Unavailable"));
    run(async {
        let client = server.client().await;
        let error = echo(&client).await.unwrap_err();
        assert!(error.is_retryable() && error.retry_after().is_none());
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 503 Service Unavailable");
        assert_eq!(server.count("/api"), 4);
    });
}

#[test]
fn unavailable_for_a_moment() {
    let server = Scripted::calls(|nth| match nth {
        0 => page("503 Service Unavailable"),
        1 => page("502 Bad Gateway"),
        2 => page("504 Gateway Timeout"),
        _ => echoed("s0"),
    });
    run(async {
        echo(&server.client().await).await.unwrap();
        assert_eq!(server.count("/api"), 4);
    });
}

#[test]
fn unavailable_for_changes() {
    let server = Scripted::calls(|nth| match nth {
        0 | 1 => page("503 Service Unavailable"),
        _ => created(),
    });
    run(async {
        let client = server.client().await;
        assert!(create(&client, None).await.unwrap_err().is_retryable());
        assert_eq!(server.count("/api"), 1);
        // Done twice, the second time would be refused.
        create(&client, Some("s1")).await.unwrap();
        assert_eq!(server.count("/api"), 3);
    });
}

#[test]
fn too_many_requests_for_a_moment() {
    let server = Scripted::calls(|nth| match nth {
        0 => status("429 Too Many Requests", "Retry-After: 0\r\n", ""),
        1 => status("429 Too Many Requests", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", ""),
        _ => created(),
    });
    run(async {
        // Whoever says that was busy did nothing, so that even this may come again.
        create(&server.client().await, None).await.unwrap();
        assert_eq!(server.count("/api"), 3);
    });
}

#[test]
fn too_many_requests_for_long() {
    let server = Scripted::calls(|nth| {
        let then = SystemTime::now() + Duration::from_secs(3600);
        let wait = if nth == 0 { "3600".to_owned() } else { httpdate::fmt_http_date(then) };
        status("429 Too Many Requests", &format!("Retry-After: {wait}\r\n"), PAGE)
    });
    run(async {
        let client = server.client().await;
        let error = echo(&client).await.unwrap_err();
        assert!(error.is_rate_limited() && error.is_retryable());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 429 Too Many Requests");

        let error = echo(&client).await.unwrap_err();
        let wait = error.retry_after().unwrap();
        assert!((3500..=3600).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(server.count("/api"), 2);
    });
}

#[test]
fn waits_as_long_as_the_server_says() {
    let server = Scripted::calls(|nth| match nth {
        0 => status("503 Service Unavailable", "Retry-After: 1\r\n", ""),
        _ => echoed("s0"),
    });
    run(async {
        let client = server.client().await;
        let start = std::time::Instant::now();
        echo(&client).await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(1));
    });
}

#[test]
fn a_limit_of_the_server_that_was_passed() {
    let server = Scripted::calls(|nth| match nth {
        0 => problem(
            r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"maxConcurrentRequests"}"#,
        ),
        1 => echoed("s0"),
        _ => problem(
            r#"{"type":"urn:ietf:params:jmap:error:notRequest","status":400,"title":"no","detail":"secret"}"#,
        ),
    });
    run(async {
        let client = server.client().await;
        echo(&client).await.unwrap();
        assert_eq!(server.count("/api"), 2);
        let error = echo(&client).await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"the server refused the request: urn:ietf:params:jmap:error:notRequest: no");
        let Error::Request { error, .. } = error else { panic!("{error:?}") };
        assert!(error.is(RequestError::NOT_REQUEST));
        assert_eq!(error.detail.as_deref(), Some("secret"));
        assert_eq!(server.count("/api"), 3);
    });
}

#[test]
fn nothing_is_tried_again_when_nobody_wants_it() {
    let server = Scripted::calls(|_| page("503 Service Unavailable"));
    run(async {
        let client = server.builder().retry(Retry::never()).connect().await.unwrap();
        assert!(echo(&client).await.is_err());
        assert_eq!(server.count("/api"), 1);
    });
}
