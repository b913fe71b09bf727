//! Requests and answers, whole and broken.

use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body::Frame;
use jmap_core::transport::{Body, Hyper, HyperOptions, Transport, TransportError};

use super::{Server, answer, fetch, get, run};

/// Time for a connection to get back to the pool, or to get lost.
const MOMENT: Duration = Duration::from_millis(50);

#[test]
fn a_connection_is_used_again() {
    let server = Server::answering(answer("", "Milk"));
    run(async {
        let transport = Hyper::new().unwrap();
        for _ in 0..3 {
            assert_eq!(fetch(&transport, &server.url("/")).await.unwrap(), "Milk");
            transport.sleep(MOMENT).await;
        }
    });
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_connection_that_the_server_closed_meanwhile_is_not() {
    let server = Server::start(|_, mut connection| {
        connection.request();
        connection.send(answer("", "Milk"));
    });
    run(async {
        let transport = Hyper::new().unwrap();
        for _ in 0..3 {
            assert_eq!(fetch(&transport, &server.url("/")).await.unwrap(), "Milk");
            transport.sleep(MOMENT).await;
        }
    });
    assert_eq!(server.connections(), 3);
}

#[test]
fn what_is_sent() {
    let (sender, heads) = mpsc::channel();
    let server = Server::start(move |_, mut connection| {
        while let Some(head) = connection.request() {
            sender
                .send(head.replace(
                    &connection.stream.get_ref().local_addr().unwrap().to_string(),
                    "HOST",
                ))
                .unwrap();
            connection.send(answer("", ""));
        }
    });
    run(async {
        let transport = Hyper::new().unwrap();
        let request = http::Request::post(server.url("/jmap/?x=%20"))
            .header("Content-Type", "application/json")
            .body(Body::from("{}"));
        assert_eq!(transport.send(request.unwrap()).await.unwrap().status(), 200);
    });
    insta::assert_snapshot!(heads.recv().unwrap().replace('\r', ""), @"
    POST /jmap/?x=%20 HTTP/1.1
    content-type: application/json
    accept-encoding: gzip
    host: HOST
    content-length: 2
    ");
}

#[test]
fn offers_of_other_protocols_are_not_taken() {
    // As Cyrus answers.
    let offers = "Connection: Upgrade\r\nUpgrade: h2c\r\nAlt-Svc: h3=\":443\"; ma=3600\r\n";
    let server = Server::answering(answer(offers, "Milk"));
    run(async {
        let transport = Hyper::new().unwrap();
        for _ in 0..2 {
            assert_eq!(fetch(&transport, &server.url("/")).await.unwrap(), "Milk");
        }
    });
}

#[test]
fn a_body_in_chunks() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nMi\r\n2;x=y\r\nlk\r\n0\r\nX: y\r\n\r\n",
    );
    run(async {
        let transport = Hyper::new().unwrap();
        let answer = transport.send(get(&server.url("/"))).await.unwrap();
        assert_eq!(answer.body().length(), None);
        assert_eq!(answer.into_body().collect(4).await.unwrap(), "Milk");
    });
}

#[test]
fn a_slow_body_comes_piece_by_piece() {
    let (sender, go_on) = mpsc::channel::<()>();
    let go_on = std::sync::Mutex::new(go_on);
    let server = Server::start(move |_, mut connection| {
        connection.request();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
        for letter in ["M", "i", "l", "k"] {
            go_on.lock().unwrap().recv().unwrap();
            connection.send(letter);
        }
    });
    run(async {
        let transport = Hyper::new().unwrap();
        let mut body = transport.send(get(&server.url("/"))).await.unwrap().into_body();
        assert_eq!(body.length(), Some(4));
        for letter in ["M", "i", "l", "k"] {
            // The next letter is sent only after this one was read.
            sender.send(()).unwrap();
            assert_eq!(body.next().await.unwrap().unwrap(), letter);
        }
        assert!(body.next().await.is_none());
    });
}

#[test]
fn nobody_there() {
    run(async {
        let transport = Hyper::new().unwrap();
        let gone = Server::gone();
        let error = transport.send(get(&format!("http://{gone}/?secret"))).await.unwrap_err();
        assert!(error.is_connect() && error.is_transient());
        let message = error.to_string();
        assert!(message.starts_with(&format!("cannot connect to http://{gone}: ")), "{message}");
        assert!(!message.contains("secret"), "{message}");

        let error = transport.send(get("http://nowhere.invalid/?secret")).await.unwrap_err();
        assert!(error.is_connect());
        let message = error.to_string();
        assert!(message.starts_with("cannot connect to http://nowhere.invalid: "), "{message}");
    });
}

#[test]
fn urls_that_lead_nowhere() {
    run(async {
        let transport = Hyper::new().unwrap();
        for url in ["http://jane:secret@127.0.0.1/", "ftp://127.0.0.1/", "/jmap", "ws://127.0.0.1/"]
        {
            let error = transport.send(get(url)).await.unwrap_err();
            assert!(!error.is_transient());
            insta::allow_duplicates! {
                insta::assert_snapshot!(error, @"a request needs a URL of http or https, without credentials");
            }
        }
    });
}

#[test]
fn connections_that_break() {
    let cases = [
        ("", "before the head"),
        ("HTTP/1.1 200 OK\r\nContent-", "in the head"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nMilk", "in the body"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nMilk\r\n", "between chunks"),
        ("220 mail.example.com ESMTP\r\n", "what is no HTTP"),
    ];
    for (octets, place) in cases {
        let server = Server::start(move |_, mut connection| {
            connection.request();
            connection.send(octets);
        });
        run(async {
            let transport = Hyper::new().unwrap();
            let error = fetch(&transport, &server.url("/?secret")).await.expect_err(place);
            assert!(error.is_transient() && !error.is_connect(), "{place}: {error:?}");
            let message = error.to_string();
            let expected = format!("the connection to {} broke: ", server.url(""));
            assert!(message.starts_with(&expected), "{place}: {message}");
            assert!(!message.contains("secret"), "{place}: {message}");
        });
    }
}

#[test]
fn a_reset() {
    let server = Server::start(|_, mut connection| {
        // Octets that nobody has read make the system say that they are lost.
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nMilk");
        thread::sleep(MOMENT);
    });
    run(async {
        let transport = Hyper::new().unwrap();
        let request = http::Request::post(server.url("/")).body(Body::from(vec![b'x'; 100_000]));
        let error = match transport.send(request.unwrap()).await {
            Ok(answer) => {
                let mut body = answer.into_body();
                loop {
                    match body.next().await.expect("the body is not whole") {
                        Ok(_) => {}
                        Err(error) => break error,
                    }
                }
            }
            Err(error) => error,
        };
        assert!(error.is_transient() && !error.is_connect(), "{error:?}");
    });
}

#[test]
fn a_body_that_is_dropped_takes_its_connection_along() {
    let (sender, closed) = mpsc::channel();
    let server = Server::start(move |index, mut connection| {
        connection.request();
        if index > 0 {
            return connection.send(answer("", "Bread"));
        }
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nMilk");
        sender.send(connection.is_closed_by_client()).unwrap();
    });
    run(async {
        let transport = Hyper::new().unwrap();
        let mut body = transport.send(get(&server.url("/"))).await.unwrap().into_body();
        assert_eq!(body.next().await.unwrap().unwrap(), "Milk");
        drop(body);
        assert_eq!(fetch(&transport, &server.url("/")).await.unwrap(), "Bread");
    });
    assert!(closed.recv().unwrap());
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_request_that_is_dropped_takes_its_connection_along() {
    let (sender, closed) = mpsc::channel();
    let server = Server::start(move |index, mut connection| {
        connection.request();
        if index > 0 {
            return connection.send(answer("", "Bread"));
        }
        sender.send(connection.is_closed_by_client()).unwrap();
    });
    run(async {
        let transport = Hyper::new().unwrap();
        let url = server.url("/");
        let request = transport.send(get(&url));
        let late = tokio::time::timeout(MOMENT, request).await;
        assert!(late.is_err());
        assert_eq!(fetch(&transport, &url).await.unwrap(), "Bread");
    });
    assert!(closed.recv().unwrap());
    assert_eq!(server.connections(), 2);
}

#[test]
fn nothing_is_sent_before_it_is_awaited() {
    let server = Server::answering(answer("", "Milk"));
    run(async {
        let transport = Hyper::new().unwrap();
        drop(transport.send(get(&server.url("/"))));
        transport.sleep(MOMENT).await;
    });
    assert_eq!(server.connections(), 0);
}

/// A body of which only a part can be had.
struct Torn(bool);

impl http_body::Body for Torn {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let is_first = !std::mem::replace(&mut self.0, true);
        Poll::Ready(Some(if is_first {
            Ok(Frame::data(Bytes::from_static(b"Milk")))
        } else {
            Err(TransportError::other("the disk is gone"))
        }))
    }
}

#[test]
fn a_request_whose_body_cannot_be_read() {
    let server = Server::start(|_, mut connection| while connection.request().is_some() {});
    run(async {
        let transport = Hyper::new().unwrap();
        let request = http::Request::post(server.url("/")).body(Body::new(Torn(false))).unwrap();
        let error = transport.send(request).await.unwrap_err();
        let expected =
            format!("cannot read what is to be sent to {}: the disk is gone", server.url(""));
        assert_eq!(error.to_string(), expected);
        assert!(!error.is_transient());
    });
}

/// Whether the platform has certificates to trust; without them TLS is not tried.
fn has_roots(error: &TransportError) -> bool {
    let has_roots = !error.to_string().starts_with("no ");
    if !has_roots {
        println!("not run: {error}");
    }
    has_roots
}

#[test]
fn encryption_that_the_other_side_does_not_speak() {
    let server = Server::start(|_, mut connection| connection.send("220 mail.example.com\r\n"));
    run(async {
        let transport = Hyper::new().unwrap();
        let url = server.url("/?secret").replace("http:", "https:");
        let error = transport.send(get(&url)).await.unwrap_err();
        if has_roots(&error) {
            assert!(!error.is_transient());
            let message = error.to_string().replace(&server.url(""), "HOST");
            insta::assert_snapshot!(message.split_once("encryption: ").unwrap().1, @"received corrupt message of type InvalidContentType");
            assert!(!message.contains("secret"));
        }
    });
}

#[test]
fn connecting_takes_no_longer_than_it_may() {
    let server = Server::start(|_, connection| connection.be_silent());
    run(async {
        let mut options = HyperOptions::default();
        options.connect_timeout = Duration::from_millis(100);
        let transport = Hyper::with(&options).unwrap();
        let url = server.url("/").replace("http:", "https:");
        let start = Instant::now();
        let error = transport.send(get(&url)).await.unwrap_err();
        if has_roots(&error) {
            assert!(error.is_connect());
            assert!(error.to_string().ends_with(": it took longer than 0.1 s"), "{error}");
            assert!(start.elapsed() < Duration::from_secs(5));
        }
    });
}

#[test]
fn sleeping_takes_time() {
    run(async {
        let transport = Hyper::new().unwrap();
        let start = Instant::now();
        transport.sleep(MOMENT).await;
        assert!(start.elapsed() >= MOMENT);
    });
}
