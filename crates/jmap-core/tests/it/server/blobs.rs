//! Uploads and downloads (RFC 8620, section 6), and the clock of the loopback.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http_body::Frame;
use jmap_core::server::Clock;
use jmap_core::transport::{Body, Transport, TransportError};

use super::support::{Answer, Server, block_on};

fn upload(server: &Server, account: &str, body: impl Into<Body>) -> Answer {
    let request = http::Request::post(format!("/jmap/upload/{account}"))
        .header("content-type", "text/plain")
        .body(body.into());
    server.http(request.unwrap())
}

fn download(server: &Server, path: &str) -> Answer {
    let path = format!("/jmap/download/{path}");
    server.http(http::Request::get(path).body(Body::empty()).unwrap())
}

#[test]
fn section_6_what_goes_up_comes_down() {
    let server = Server::new();
    let answer = upload(&server, "A1", "Milk");
    assert_eq!(answer.status, 201);
    insta::assert_snapshot!(answer.text, @r#"{"accountId":"A1","blobId":"b1","size":4,"type":"text/plain"}"#);

    let answer = download(&server, "A1/b1/shopping%2F%C3%A4.txt?type=text%2Fplain");
    assert_eq!((answer.status, answer.text.as_str()), (200, "Milk"));
    assert_eq!(answer.headers["content-type"], "text/plain");
    assert_eq!(answer.headers["cache-control"], "private, immutable, max-age=31536000");
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename*=UTF-8''shopping%2F%C3%A4.txt"
    );
    // A type that no header can hold.
    let answer = download(&server, "A1/b1/x?type=a%0Ab");
    assert_eq!(
        (answer.status, &answer.headers["content-type"]),
        (200, &"application/octet-stream".parse().unwrap())
    );
}

#[test]
fn section_6_what_is_not_there() {
    let server = Server::new();
    upload(&server, "A1", "Milk");
    for path in ["A1/b2/x?type=a", "A2/b1/x?type=a", "A9/b1/x?type=a", "A1/b1"] {
        let answer = download(&server, path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    assert_eq!(upload(&server, "A9", "Milk").status, 404);
}

#[test]
fn section_6_1_limits_of_uploads() {
    let limits = r#"{"maxSizeUpload":4,"maxConcurrentUpload":1}"#;
    let server = Server::with(serde_json::from_str(limits).unwrap());
    assert_eq!(upload(&server, "A1", "Milk").status, 201);
    let answer = upload(&server, "A1", "Cream");
    insta::assert_snapshot!(format!("{} {}", answer.status, answer.text), @r#"413 {"type":"urn:ietf:params:jmap:error:limit","status":413,"limit":"maxSizeUpload"}"#);

    let request = http::Request::post("/jmap/upload/A1").body(Body::new(Slow(0))).unwrap();
    let mut slow = server.loopback.send(request);
    let mut task = Context::from_waker(Waker::noop());
    assert!(slow.as_mut().poll(&mut task).is_pending());
    let answer = upload(&server, "A1", "Milk");
    insta::assert_snapshot!(format!("{} {}", answer.status, answer.text), @r#"400 {"type":"urn:ietf:params:jmap:error:limit","status":400,"limit":"maxConcurrentUpload"}"#);
    // One octet after the other is too many as well.
    assert_eq!(block_on(slow).unwrap().status(), 413);
    assert_eq!(upload(&server, "A1", "Milk").status, 201);
}

/// Eight octets, each after a turn of nothing.
struct Slow(u32);

impl http_body::Body for Slow {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        self.0 += 1;
        match self.0 {
            17.. => Poll::Ready(None),
            turn if turn % 2 == 0 => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x"))))),
            _ => Poll::Pending,
        }
    }
}

#[test]
fn waiting_for_an_impatient_clock_takes_no_time() {
    let loopback = Server::new().loopback.clock(Clock::impatient());
    assert_eq!(loopback.now(), UNIX_EPOCH);
    block_on(loopback.sleep(Duration::from_secs(3600)));
    assert_eq!(loopback.now(), UNIX_EPOCH + Duration::from_secs(3600));
}

#[test]
fn a_patient_clock_is_moved_by_hand() {
    let clock = Clock::new();
    let loopback = Server::new().loopback.clock(clock.clone());
    let mut task = Context::from_waker(Waker::noop());
    let mut sleep = loopback.sleep(Duration::from_secs(10));
    for _ in 0..3 {
        assert!(sleep.as_mut().poll(&mut task).is_pending());
        clock.advance(Duration::from_secs(3));
    }
    clock.advance(Duration::from_secs(1));
    assert!(sleep.as_mut().poll(&mut task).is_ready());
}
