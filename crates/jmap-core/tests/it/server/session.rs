//! The session, and where it is (RFC 8620, section 2).

use jmap_core::server::{Dispatcher, Loopback, MemoryBlobs, Service, User};
use jmap_core::transport::{Body, Transport};
use jmap_core::{Account, Id, Map, Session};

use super::notes::{Jane, Store, dispatcher};
use super::support::{Server, block_on};

#[test]
fn section_2_the_session() {
    let server = Server::new();
    let answer = server.http(http::Request::get("/jmap/session").body(Body::empty()).unwrap());
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["cache-control"], "no-cache, no-store, must-revalidate");
    let session: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&session).unwrap(), @r#"
    {
      "accounts": {
        "A1": {
          "accountCapabilities": {
            "https://example.com/jmap/notes": {},
            "urn:ietf:params:jmap:blob": {
              "supportedDigestAlgorithms": [],
              "supportedTypeNames": []
            }
          },
          "isPersonal": true,
          "isReadOnly": false,
          "name": "jane@example.com"
        },
        "A2": {
          "accountCapabilities": {
            "https://example.com/jmap/notes": {},
            "urn:ietf:params:jmap:blob": {
              "supportedDigestAlgorithms": [],
              "supportedTypeNames": []
            }
          },
          "isPersonal": false,
          "isReadOnly": false,
          "name": "jane@example.com"
        },
        "R": {
          "accountCapabilities": {
            "https://example.com/jmap/notes": {},
            "urn:ietf:params:jmap:blob": {
              "supportedDigestAlgorithms": [],
              "supportedTypeNames": []
            }
          },
          "isPersonal": false,
          "isReadOnly": true,
          "name": "jane@example.com"
        },
        "X": {
          "accountCapabilities": {},
          "isPersonal": true,
          "isReadOnly": false,
          "name": "without notes"
        }
      },
      "apiUrl": "https://example.com/jmap/api",
      "capabilities": {
        "https://example.com/jmap/notes": {},
        "urn:ietf:params:jmap:blob": {},
        "urn:ietf:params:jmap:core": {
          "collationAlgorithms": [],
          "maxCallsInRequest": 16,
          "maxConcurrentRequests": 4,
          "maxConcurrentUpload": 4,
          "maxObjectsInGet": 500,
          "maxObjectsInSet": 500,
          "maxSizeRequest": 10000000,
          "maxSizeUpload": 50000000
        }
      },
      "downloadUrl": "https://example.com/jmap/download/{accountId}/{blobId}/{name}?type={type}",
      "eventSourceUrl": "https://example.com/jmap/events?types={types}&closeafter={closeafter}&ping={ping}",
      "primaryAccounts": {
        "https://example.com/jmap/notes": "A1",
        "urn:ietf:params:jmap:blob": "A1"
      },
      "state": "b716e11eef569c9e",
      "uploadUrl": "https://example.com/jmap/upload/{accountId}",
      "username": "jane@example.com"
    }
    "#);
}

#[test]
fn section_2_2_the_well_known_address_leads_to_it() {
    let server = Server::new();
    let answer = server.http(http::Request::get("/.well-known/jmap").body(Body::empty()).unwrap());
    assert_eq!((answer.status, answer.text.as_str()), (307, ""));
    assert_eq!(answer.headers["location"], "https://example.com/jmap/session");
}

#[test]
fn section_2_the_state_moves_with_anything_else() {
    let user = Jane { store: Store::default() };
    let state = |dispatcher: &Dispatcher<Jane>| dispatcher.session(&user).state;
    assert_eq!(state(&dispatcher()), state(&dispatcher()));
    assert_ne!(state(&dispatcher()), state(&dispatcher().base("/other")));
    let limits = serde_json::from_str(r#"{"maxObjectsInGet":7}"#).unwrap();
    assert_ne!(state(&dispatcher()), state(&dispatcher().limits(limits)));
    // Also with the accounts of the user.
    #[derive(Clone)]
    struct Shared(bool);
    impl User for Shared {
        fn name(&self) -> &str {
            "jane"
        }

        fn accounts(&self) -> Map<Id<Account>, Account> {
            let mut account = Account::own("joe");
            account.is_read_only = Some(self.0);
            Map::from([(Id::any("a"), account)])
        }
    }
    let state = |is_read_only| Dispatcher::new().session(&Shared(is_read_only)).state;
    assert_eq!(state(true), state(true));
    assert_ne!(state(true), state(false));
}

#[test]
fn section_3_4_a_response_tells_the_state_of_the_session() {
    let server = Server::new();
    let response = server.response(r#"{"using":[],"methodCalls":[]}"#);
    let state = dispatcher().session(&Jane { store: Store::default() }).state.unwrap();
    assert_eq!(response["sessionState"], state.as_str());
}

#[test]
fn what_is_not_there_and_what_cannot_be_done() {
    let server = Server::new();
    let get = |path: &str| server.http(http::Request::get(path).body(Body::empty()).unwrap());
    let not_allowed = [
        ("PUT", "/jmap/api", "POST"),
        ("GET", "/jmap/api", "POST"),
        ("GET", "/jmap/upload/A1", "POST"),
        ("POST", "/jmap/session", "GET"),
        ("POST", "/.well-known/jmap", "GET"),
        ("DELETE", "/jmap/download/A1/b1/x?type=a", "GET"),
        ("POST", "/jmap/events", "GET"),
    ];
    for (verb, path, allowed) in not_allowed {
        let request = http::Request::builder().method(verb).uri(path);
        let answer = server.http(request.body(Body::empty()).unwrap());
        assert_eq!((answer.status, answer.headers["allow"].to_str().unwrap()), (405, allowed));
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let answer = get("/other");
    assert_eq!(answer.status, 404);
    insta::assert_snapshot!(answer.text, @r#"{"type":"about:blank","status":404,"title":"Not Found"}"#);
}

#[test]
fn who_is_not_logged_in_is_told_how() {
    #[derive(Clone)]
    struct Nobody;
    impl User for Nobody {
        fn name(&self) -> &str {
            "nobody"
        }

        fn accounts(&self) -> Map<Id<Account>, Account> {
            Map::default()
        }
    }

    let service = Service::new(Dispatcher::new(), MemoryBlobs::new());
    let loopback = Loopback::with_login(service, |headers| {
        headers.contains_key("authorization").then_some(Nobody)
    });
    // Each of the resources wants it.
    for path in ["session", "api", "upload/a", "download/a/b/c?type=d", "events"] {
        let request = http::Request::get(format!("/jmap/{path}"));
        let refused = block_on(loopback.send(request.body(Body::empty()).unwrap())).unwrap();
        assert_eq!(refused.status(), 401, "{path}");
        assert_eq!(refused.headers()["www-authenticate"], "Basic realm=\"jmap\"");
    }
    let get = http::Request::get("/jmap/session");
    let request = get.header("authorization", "Basic x").body(Body::empty()).unwrap();
    let answer = block_on(loopback.send(request)).unwrap();
    let body = block_on(answer.into_body().collect(10_000)).unwrap();
    let session: Session = serde_json::from_slice(&body).unwrap();
    assert!(session.accounts.is_empty());
}
