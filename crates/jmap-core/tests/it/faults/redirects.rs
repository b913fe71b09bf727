//! Addresses that lead elsewhere: credentials do not go along.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use jmap_core::client::{DownloadOptions, Upload};
use jmap_core::transport::{Body, BoxFuture, Transport, TransportError};
use jmap_core::wire::AddressError;
use jmap_core::{Error, Id};

use super::{
    AUTHORIZATION, Asked, Reply, Scripted, builder, echo, echoed, header, run, said, session,
    status,
};

fn to(location: &str) -> Reply {
    status("301 Moved Permanently", &format!("Location: {location}\r\n"), "")
}

/// A server to which nothing may come.
fn elsewhere() -> Scripted {
    Scripted::start(|asked| match asked.path.as_str() {
        "/session" => session("s0", ""),
        _ => echoed("s0"),
    })
}

fn address(error: &Error) -> &AddressError {
    let Error::Address(error) = error else { panic!("{error:?}") };
    error
}

#[test]
fn followed_on_the_same_server() {
    let server = Scripted::start(|asked: &Asked| match asked.path.as_str() {
        "/.well-known/jmap" => to("/a/b"),
        "/a/b" => status("307 Temporary Redirect", "Location: ../session\r\n", ""),
        "/session" => session("s0", ""),
        _ => echoed("s0"),
    });
    run(async {
        let client = builder(&server.server.url("")).connect().await.unwrap();
        echo(&client).await.unwrap();
    });
    assert_eq!(server.authorizations("/session"), [AUTHORIZATION]);
}

/// All kinds, with the whole address and without.
#[test]
fn followed_whatever_they_say() {
    let kinds = ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"];
    for kind in kinds {
        let server = Scripted::start(move |asked: &Asked| match asked.path.as_str() {
            "/.well-known/jmap" => {
                let host = header(&asked.head, "host").unwrap();
                status(kind, &format!("Location: http://{host}/jmap\r\n"), "")
            }
            "/jmap" => status(kind, "Location: session\r\n", ""),
            "/session" => session("s0", ""),
            _ => echoed("s0"),
        });
        run(async {
            let client = builder(&server.server.url("")).connect().await.unwrap();
            echo(&client).await.unwrap();
        });
        assert_eq!(server.authorizations("/session"), [AUTHORIZATION], "{kind}");
    }
}

#[test]
fn in_circles() {
    let server = Scripted::start(|_| to("/session"));
    run(async {
        let error = server.builder().connect().await.unwrap_err();
        assert!(matches!(address(&error), AddressError::TooManyRedirects { .. }));
        insta::assert_snapshot!(server.said(&error), @"more than 8 redirects");
    });
    assert_eq!(server.count("/session"), 9);
}

#[test]
fn without_an_address() {
    let server = Scripted::start(|_| status("302 Found", "", ""));
    run(async {
        let error = server.builder().connect().await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"expected a JMAP session, found a redirect that does not say where");
    });
}

#[test]
fn to_another_server() {
    let other = elsewhere();
    let url = other.url();
    let server = Scripted::start(move |_| to(&url));
    run(async {
        let error = server.builder().connect().await.unwrap_err();
        assert!(matches!(address(&error), AddressError::Foreign { .. }));
        let said = server.said(&error).replace(other.server.url("").as_str(), "OTHER");
        insta::assert_snapshot!(said, @"SERVER leads to OTHER, which is another server: trust it, and the credentials go there");
    });
    assert_eq!(other.server.connections(), 0);
}

#[test]
fn to_another_server_that_is_trusted() {
    let other = elsewhere();
    let url = other.url();
    let server = Scripted::start(move |_| to(&url));
    run(async {
        let client = server.builder().trust(&other.server.url("")).connect().await.unwrap();
        echo(&client).await.unwrap();
    });
    assert_eq!(other.authorizations("/api"), [AUTHORIZATION]);
}

#[test]
fn a_session_that_names_another_server() {
    let other = elsewhere();
    let [api, up, down] = ["/api", "/up", "/down"].map(|path| other.server.url(path));
    let urls = format!(r#","apiUrl":"{api}","uploadUrl":"{up}","downloadUrl":"{down}""#);
    let server = Scripted::start(move |_| session("s0", &urls));
    run(async {
        let client = server.client().await;
        let errors = [
            echo(&client).await.unwrap_err(),
            client.upload(Upload::new("text/plain", "Milk")).await.unwrap_err(),
            client.download(Id::any("b"), DownloadOptions::default()).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(address(&error), AddressError::Foreign { .. }), "{error:?}");
        }
    });
    assert_eq!(other.server.connections(), 0);
}

/// To trust a server does not allow others to listen.
#[test]
fn a_session_that_names_an_unencrypted_server() {
    let server = Scripted::start(|_| session("s0", r#","apiUrl":"http://example.com/api""#));
    run(async {
        let client = server.builder().trust("http://example.com").connect().await.unwrap();
        let error = echo(&client).await.unwrap_err();
        assert!(matches!(address(&error), AddressError::Unencrypted { .. }), "{error:?}");
    });
}

#[test]
fn a_session_that_names_another_port_than_was_asked() {
    let server = Scripted::start(|asked| match asked.path.as_str() {
        "/session" => session("s0", r#","apiUrl":"http://127.0.0.1:1/api?x""#),
        _ => echoed("s0"),
    });
    run(async {
        let client = server.builder().rewrite_origin().connect().await.unwrap();
        echo(&client).await.unwrap();
    });
    assert_eq!(server.count("/api?x"), 1);
}

#[test]
fn calls_are_not_redirected() {
    let server = Scripted::calls(|_| to("/elsewhere"));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 301 Moved Permanently");
    });
    assert_eq!(server.count("/elsewhere"), 0);
}

#[test]
fn uploads_are_not_redirected() {
    let server = Scripted::start(|asked| match asked.path.as_str() {
        "/session" => session("s0", ""),
        _ => to("/elsewhere"),
    });
    run(async {
        let upload = server.client().await.upload(Upload::new("text/plain", "Milk"));
        let error = upload.await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 301 Moved Permanently");
    });
    assert_eq!(server.count("/elsewhere"), 0);
}

/// A transport that has its answers ready, so that a test need not encrypt anything.
struct Prepared(Mutex<VecDeque<http::Response<Body>>>);

impl Prepared {
    fn new(answers: impl IntoIterator<Item = http::Response<Body>>) -> Self {
        Self(Mutex::new(answers.into_iter().collect()))
    }
}

impl Transport for Prepared {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        assert_eq!(request.uri().scheme_str(), Some("https"));
        let answer = self.0.lock().unwrap().pop_front();
        Box::pin(std::future::ready(answer.ok_or_else(|| TransportError::other("no answer left"))))
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }
}

#[test]
fn from_an_encrypted_address_to_an_unencrypted_one() {
    let moved = http::Response::builder()
        .status(301)
        .header("Location", "http://example.com/jmap")
        .body(Body::empty());
    run(async {
        let transport = Prepared::new([moved.unwrap()]);
        // To trust it does not help.
        let builder = builder("jane@example.com").trust("http://example.com").allow_unencrypted();
        let error = builder.transport(transport).connect().await.unwrap_err();
        assert!(matches!(address(&error), AddressError::Downgrade { .. }));
        insta::assert_snapshot!(said(&error), @"https://example.com leads to http://example.com, which is not encrypted");
    });
}

#[test]
fn a_session_that_names_an_unencrypted_address() {
    let text = r#"{"apiUrl":"http://example.com/api","username":"jane"}"#;
    run(async {
        let transport = Prepared::new([http::Response::new(Body::from(text))]);
        let client = builder("example.com").transport(transport).connect().await.unwrap();
        let error = echo(&client).await.unwrap_err();
        assert!(matches!(address(&error), AddressError::Downgrade { .. }));
    });
}

#[test]
fn unencrypted_from_the_start() {
    run(async {
        let error = builder("http://example.com/").connect().await.unwrap_err();
        assert!(matches!(address(&error), AddressError::Unencrypted { .. }));
        insta::assert_snapshot!(said(&error), @"http://example.com is not encrypted: use https, or allow it");
    });
}
