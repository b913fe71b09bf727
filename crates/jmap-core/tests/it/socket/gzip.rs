//! Answers that come compressed.

use std::io::Write;
use std::sync::mpsc;

use flate2::Compression;
use flate2::write::GzEncoder;
use jmap_core::Error;
use jmap_core::transport::{Body, Hyper, Transport, TransportError};

use super::{Server, answer, fetch, get, run};

const GZIP: &str = "Content-Encoding: gzip\r\n";

fn compress(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

/// What becomes of an answer with these headers and this body.
fn received(headers: &str, body: impl AsRef<[u8]>) -> Result<String, TransportError> {
    let server = Server::answering(answer(headers, body));
    run(async { fetch(&Hyper::new().unwrap(), &server.url("/")).await })
}

#[test]
fn is_read_as_what_it_was() {
    let long = "Milk and bread. ".repeat(100_000);
    for text in ["", "Milk", long.as_str()] {
        assert_eq!(received(GZIP, compress(text.as_bytes())).unwrap(), text);
    }
    assert_eq!(received("Content-Encoding: X-GZip\r\n", compress(b"Milk")).unwrap(), "Milk");
    // Several in a row are one (RFC 1952, section 2.2).
    let two = [compress(b"Milk"), compress(b"Bread")].concat();
    assert_eq!(received(GZIP, two).unwrap(), "MilkBread");
}

#[test]
fn the_headers_are_those_of_what_is_read() {
    let server = Server::answering(answer(GZIP, compress(b"Milk")));
    run(async {
        let answer = Hyper::new().unwrap().send(get(&server.url("/"))).await.unwrap();
        assert!(answer.headers().is_empty(), "{:?}", answer.headers());
        assert_eq!(answer.body().length(), None);
    });
}

#[test]
fn nothing_at_all_is_nothing() {
    assert_eq!(received(GZIP, "").unwrap(), "");
    assert_eq!(received("Content-Encoding: identity\r\n", "Milk").unwrap(), "Milk");
}

#[test]
fn who_asks_for_something_else_gets_it() {
    let server = Server::answering(answer("Content-Encoding: br\r\n", "Milk"));
    run(async {
        let mut request = get(&server.url("/"));
        request.headers_mut().insert("accept-encoding", "br".parse().unwrap());
        let answer = Hyper::new().unwrap().send(request).await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], "br");
        assert_eq!(answer.into_body().collect(4).await.unwrap(), "Milk");
    });
}

#[test]
fn what_nobody_asked_for_is_refused() {
    for headers in ["Content-Encoding: br\r\n", "Content-Encoding: gzip, gzip\r\n"] {
        assert!(!received(headers, "Milk").unwrap_err().is_transient());
    }
    let error = received("Content-Encoding: zstd\r\n", "Milk").unwrap_err();
    insta::assert_snapshot!(error, @r#"the answer is encoded as "zstd", which nobody asked for"#);
}

#[test]
fn broken_ones() {
    let whole = compress(b"Milk and bread");
    let cut = received(GZIP, &whole[..whole.len() - 3]).unwrap_err();
    insta::assert_snapshot!(cut, @"the compressed answer is not whole");
    assert!(cut.is_transient());

    let plain = received(GZIP, "Milk and bread").unwrap_err();
    insta::assert_snapshot!(plain, @"the answer is no gzip: invalid gzip header");
    assert!(!plain.is_transient());

    for index in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[index] ^= 0x55;
        // In the header there is room for harmless differences; behind it, the checksum finds them all.
        let text = received(GZIP, &damaged);
        assert!(index < 10 || text.is_err(), "octet {index}: {text:?}");
    }
    assert!(received(GZIP, [&whole[..], b"rubbish"].concat()).is_err());
}

#[test]
fn one_that_means_very_much_is_cut_where_it_gets_too_large() {
    let bomb = compress(&vec![0; 50_000_000]);
    assert!(bomb.len() < 100_000);
    let server = Server::answering(answer(GZIP, bomb));
    run(async {
        let transport = Hyper::new().unwrap();
        let body = transport.send(get(&server.url("/"))).await.unwrap().into_body();
        assert!(matches!(body.collect(1_000_000).await, Err(Error::TooLarge { most: 1_000_000 })));

        let mut body: Body = transport.send(get(&server.url("/"))).await.unwrap().into_body();
        let mut most = 0;
        while let Some(piece) = body.next().await {
            most = most.max(piece.unwrap().len());
        }
        assert!(most <= 100_000, "{most} octets at once");
    });
}

#[test]
fn what_was_said_so_far_is_read_before_more_is_said() {
    let (sender, go_on) = mpsc::channel::<()>();
    let go_on = std::sync::Mutex::new(go_on);
    let server = Server::start(move |_, mut connection| {
        connection.request();
        connection.send(format!("HTTP/1.1 200 OK\r\n{GZIP}\r\n"));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        for word in ["Milk", "Bread"] {
            go_on.lock().unwrap().recv().unwrap();
            encoder.write_all(word.as_bytes()).unwrap();
            encoder.flush().unwrap();
            // Octet by octet, for the sake of everything that can be cut.
            for octet in std::mem::take(encoder.get_mut()) {
                connection.send([octet]);
            }
        }
        connection.send(encoder.finish().unwrap());
    });
    run(async {
        let transport = Hyper::new().unwrap();
        let mut body = transport.send(get(&server.url("/"))).await.unwrap().into_body();
        for word in ["Milk", "Bread"] {
            sender.send(()).unwrap();
            let mut said = Vec::new();
            while said.len() < word.len() {
                said.extend(body.next().await.unwrap().unwrap());
            }
            assert_eq!(said, word.as_bytes());
        }
        assert!(body.next().await.is_none());
    });
}
