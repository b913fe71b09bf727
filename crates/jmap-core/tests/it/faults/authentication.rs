//! Credentials that are refused, and new ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jmap_core::client::{Basic, Bearer, DownloadOptions, Secret, TokenSource, Upload};
use jmap_core::push::EventSourceOptions;
use jmap_core::transport::Body;
use jmap_core::{Client, Error, Id};

use super::{
    AUTHORIZATION, Asked, Reply, Scripted, echo, echoed, header, json, run, session, status,
};

/// Refuses everything but this token, when somebody asks for more than the session.
fn accepts(token: &'static str, asked: &Asked) -> Reply {
    match asked.path.as_str() {
        "/session" => session("s0", ""),
        _ if header(&asked.head, "authorization") == Some(token) => echoed("s0"),
        _ => unauthorized(),
    }
}

fn unauthorized() -> Reply {
    let challenge = "WWW-Authenticate: Bearer realm=\"x\", error=\"invalid_token\"\r\n";
    status("401 Unauthorized", challenge, "<p>jane:secret")
}

/// Tokens with a number, `secret-0` first; the number of those that were fetched; only `most` different ones.
fn tokens(most: usize) -> (TokenSource, Arc<AtomicUsize>) {
    let fetched = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&fetched);
    let source = TokenSource::new(move || {
        let number = counter.fetch_add(1, Ordering::SeqCst).min(most - 1);
        async move { Ok(Secret::from(format!("secret-{number}"))) }
    });
    (source, fetched)
}

async fn client(server: &Scripted, source: TokenSource) -> Client {
    server.builder().credentials(source).connect().await.unwrap()
}

#[test]
fn sent_with_every_request() {
    let server = Scripted::start(|asked| match asked.path.as_str() {
        "/session" => session("s0", r#","eventSourceUrl":"/events""#),
        "/up" => json(r#"{"blobId":"b","size":4}"#),
        "/down/b" => json("Milk"),
        "/events" => status("204 No Content", "", ""),
        _ => echoed("s0"),
    });
    run(async {
        let client = server.client().await;
        echo(&client).await.unwrap();
        client.upload(Upload::new("text/plain", "Milk")).await.unwrap();
        client.download(Id::any("b"), DownloadOptions::default()).await.unwrap();
        let mut events = client.event_source(EventSourceOptions::default());
        assert!(events.next().await.is_none());
    });
    for path in ["/session", "/api", "/up", "/down/b", "/events"] {
        assert_eq!(server.authorizations(path), [AUTHORIZATION], "{path}");
    }
}

/// RFC 8620, section 3.8.
#[test]
fn the_language_is_asked_for_with_every_request() {
    let server = Scripted::start(|asked| {
        assert_eq!(header(&asked.head, "accept-language"), Some("fr-CH, fr;q=0.9"));
        match asked.path.as_str() {
            "/session" => session("s0", ""),
            _ => echoed("s0"),
        }
    });
    run(async {
        let client = server.builder().languages("fr-CH, fr;q=0.9").connect().await.unwrap();
        echo(&client).await.unwrap();
    });
    assert_eq!((server.count("/session"), server.count("/api")), (1, 1));
}

#[test]
fn refused_from_the_start() {
    let server = Scripted::start(|_| unauthorized());
    run(async {
        let error = server.builder().connect().await.unwrap_err();
        assert!(error.is_auth() && !error.is_retryable());
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 401 Unauthorized");
        let Error::Status(error) = error else { panic!("{error:?}") };
        assert!(error.challenge.unwrap().starts_with("Bearer"));
    });
    assert_eq!(server.count("/session"), 1);
}

#[test]
fn a_token_is_renewed() {
    let server = Scripted::start(|asked| accepts("Bearer secret-1", asked));
    run(async {
        let (source, fetched) = tokens(2);
        let client = client(&server, source).await;
        echo(&client).await.unwrap();
        echo(&client).await.unwrap();
        assert_eq!(fetched.load(Ordering::SeqCst), 2);
    });
    let sent = server.authorizations("/api");
    assert_eq!(sent, ["Bearer secret-0", "Bearer secret-1", "Bearer secret-1"]);
}

#[test]
fn a_token_is_renewed_once_for_all() {
    let server = Scripted::start(|asked| accepts("Bearer secret-1", asked));
    run(async {
        let (source, fetched) = tokens(9);
        let client = client(&server, source).await;
        let calls: Vec<_> = (0..8).map(|_| tokio::spawn(echo_owned(client.clone()))).collect();
        for call in calls {
            call.await.unwrap();
        }
        assert_eq!(fetched.load(Ordering::SeqCst), 2);
    });
}

async fn echo_owned(client: Client) {
    echo(&client).await.unwrap();
}

/// Progress is told of the second attempt, too.
#[test]
fn an_upload_is_sent_again_with_a_new_token() {
    let server = Scripted::start(|asked| match asked.path.as_str() {
        "/session" => session("s0", ""),
        _ if header(&asked.head, "authorization") == Some("Bearer secret-1") => {
            json(r#"{"accountId":"a","blobId":"b","type":"text/plain","size":4}"#)
        }
        _ => unauthorized(),
    });
    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let progress = Arc::clone(&told);
    run(async {
        let (source, _) = tokens(2);
        let upload = Upload::new("text/plain", "Milk")
            .progress(move |octets| progress.lock().unwrap().push(octets));
        client(&server, source).await.upload(upload).await.unwrap();
    });
    assert_eq!(*told.lock().unwrap(), [4, 4]);
}

#[test]
fn a_token_that_stays_the_same_is_not_tried_twice() {
    let server = Scripted::start(|asked| accepts("Bearer other", asked));
    run(async {
        let (source, _) = tokens(1);
        let error = echo(&client(&server, source).await).await.unwrap_err();
        assert!(error.is_auth() && !error.is_retryable());
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 401 Unauthorized");
    });
    assert_eq!(server.count("/api"), 1);
}

#[test]
fn new_tokens_that_are_refused_too_come_to_an_end() {
    let server = Scripted::start(|asked| accepts("Bearer other", asked));
    run(async {
        let (source, _) = tokens(99);
        let error = echo(&client(&server, source).await).await.unwrap_err();
        assert!(error.is_auth());
    });
    assert_eq!(server.authorizations("/api"), ["Bearer secret-0", "Bearer secret-1"]);
}

#[test]
fn a_token_that_cannot_be_had() {
    let server = Scripted::calls(|_| echoed("s0"));
    run(async {
        let source = TokenSource::new(|| async {
            Err(Error::Credentials("the authorisation server is away".into()))
        });
        let error = server.builder().credentials(source).connect().await.unwrap_err();
        assert!(error.is_auth());
        insta::assert_snapshot!(server.said(&error), @"cannot get the credentials: the authorisation server is away");
    });
    assert_eq!(server.count("/session"), 0);
}

#[test]
fn a_token_that_no_header_can_hold() {
    let server = Scripted::calls(|_| echoed("s0"));
    run(async {
        let builder = server.builder().credentials(Bearer::new("secret\nsecret"));
        let error = builder.connect().await.unwrap_err();
        assert!(error.is_auth());
        insta::assert_snapshot!(server.said(&error), @"cannot get the credentials: failed to parse header value");
    });
}

#[test]
fn a_session_of_nobody() {
    let server = Scripted::start(|_| json(r#"{"accounts":{},"username":"","apiUrl":"/api"}"#));
    run(async {
        let error = server.builder().connect().await.unwrap_err();
        assert!(error.is_auth() && !error.is_retryable());
        insta::assert_snapshot!(server.said(&error), @"the session has no account: log in");
    });
}

/// RFC 7617, section 2: nobody could tell where the name ends.
#[test]
fn names_that_cannot_be_sent() {
    let server = Scripted::start(|_| session("s0", ""));
    let refused = |user: &str, password: &str| {
        let basic = Basic::new(user, password);
        let connect = Client::builder(server.url()).credentials(basic).connect();
        let error = run(connect).unwrap_err();
        assert!(error.is_auth() && !error.is_retryable());
        server.said(&error)
    };
    insta::assert_snapshot!(refused("jane:x", "secret"), @"cannot get the credentials: a user name with a colon cannot be sent as Basic credentials");
    insta::assert_snapshot!(refused("jane", "secret\n"), @"cannot get the credentials: control characters cannot be sent as Basic credentials");
    assert_eq!(server.count("/session"), 0);
}

/// A stream is gone once it was sent: the refusal is the answer, and the next upload has the new token.
#[test]
fn a_stream_is_not_sent_with_the_new_token() {
    let server = Scripted::start(|asked| accepts("Bearer secret-1", asked));
    run(async {
        let (source, fetched) = tokens(2);
        let client = client(&server, source).await;
        let stream = Body::new(Body::from("Milk"));
        let upload = Upload::new("text/plain", stream).account(Id::any("a"));
        let error = client.upload(upload).await.unwrap_err();
        assert!(error.is_auth(), "{error}");
        assert_eq!(fetched.load(Ordering::SeqCst), 2);
        echo(&client).await.unwrap();
        assert_eq!(fetched.load(Ordering::SeqCst), 2);
    });
}
