//! The session, and where it is (RFC 8620, section 2).

use jmap_core::Session;
use jmap_core::server::{Dispatcher, Loopback, MemoryBlobs, Service, User};
use jmap_core::transport::{Body, Transport};

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
            "urn:ietf:params:jmap:blob": {}
          },
          "isPersonal": true,
          "isReadOnly": false,
          "name": "jane@example.com"
        },
        "A2": {
          "accountCapabilities": {
            "https://example.com/jmap/notes": {},
            "urn:ietf:params:jmap:blob": {}
          },
          "isPersonal": false,
          "isReadOnly": false,
          "name": "jane@example.com"
        },
        "R": {
          "accountCapabilities": {
            "https://example.com/jmap/notes": {},
            "urn:ietf:params:jmap:blob": {}
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
      "state": "5761cfa665e49434",
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
    let answer = get("/jmap/api");
    assert_eq!((answer.status, &answer.headers["allow"]), (405, &"POST".parse().unwrap()));
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

        fn accounts(
            &self,
        ) -> jmap_core::Map<jmap_core::Id<jmap_core::Account>, jmap_core::Account> {
            jmap_core::Map::default()
        }
    }

    let service = Service::new(Dispatcher::new(), MemoryBlobs::new());
    let loopback = Loopback::with_login(service, |headers| {
        headers.contains_key("authorization").then_some(Nobody)
    });
    let get = || http::Request::get("/jmap/session");
    let refused = block_on(loopback.send(get().body(Body::empty()).unwrap())).unwrap();
    assert_eq!(
        (refused.status().as_u16(), refused.headers().contains_key("www-authenticate")),
        (401, true)
    );
    let request = get().header("authorization", "Basic x").body(Body::empty()).unwrap();
    let answer = block_on(loopback.send(request)).unwrap();
    let body = block_on(answer.into_body().collect(10_000)).unwrap();
    let session: Session = serde_json::from_slice(&body).unwrap();
    assert!(session.accounts.is_empty());
}
