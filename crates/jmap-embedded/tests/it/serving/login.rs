//! Who is let in (RFC 7617, RFC 6750).

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::wire::{Server, Wire};

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn status(wire: &mut Wire, authorization: &str) -> u16 {
    wire.authorization = Some(authorization.to_owned());
    wire.get("/jmap/session").status
}

#[test]
fn passwords_and_tokens() {
    let server = Server::new(&["jane", "bob"]);
    server.embedded.set_password("jane", "tiger:\u{e4}").unwrap();
    let token = server.embedded.add_token("bob").unwrap();
    let mut wire = server.connect_as_nobody();
    wire.authorization = Some(basic("jane", "tiger:\u{e4}"));
    for _ in 0..2 {
        let answer = wire.get("/jmap/session");
        assert_eq!((answer.status, &answer.json()["username"]), (200, &"jane".into()));
    }
    wire.authorization = Some(format!("bearer {}", token.expose()));
    assert_eq!(wire.get("/jmap/session").json()["username"], "bob");
    for wrong in [
        basic("jane", "tiger"),
        basic("jane", ""),
        // The one has no password, the other one is not there.
        basic("bob", ""),
        basic("eve", "tiger:\u{e4}"),
        basic("JANE", "tiger:\u{e4}"),
        "Basic jane".to_owned(),
        "Bearer jane".to_owned(),
        format!("Bearer {}x", token.expose()),
        format!("Digest {}", token.expose()),
    ] {
        assert_eq!(status(&mut wire, &wrong), 401, "{wrong}");
    }
    // A new password, and no tokens any longer.
    server.embedded.set_password("jane", "lion").unwrap();
    assert_eq!(server.embedded.remove_tokens("bob").unwrap(), 1);
    assert_eq!(status(&mut wire, &basic("jane", "tiger:\u{e4}")), 401);
    assert_eq!(status(&mut wire, &basic("jane", "lion")), 200);
    assert_eq!(status(&mut wire, &format!("Bearer {}", token.expose())), 401);
}

#[test]
fn nobody_is_told_how_to_get_in() {
    let server = Server::new(&["jane"]);
    let mut wire = server.connect_as_nobody();
    for path in ["/.well-known/jmap", "/jmap/session", "/jmap/download/jane/B/x", "/elsewhere"] {
        let answer = wire.get(path);
        assert_eq!(answer.status, 401, "{path}");
        let challenges: Vec<_> = answer.headers("www-authenticate").collect();
        assert_eq!(
            challenges,
            ["Basic realm=\"jmap\", charset=\"UTF-8\"", "Bearer realm=\"jmap\""]
        );
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer.json(), @r#"{"status":401,"title":"Unauthorized","type":"about:blank"}"#);
        }
    }
}

/// The time of an answer says nothing about who there is.
#[test]
fn a_user_who_is_not_there_costs_what_a_wrong_password_does() {
    let server = Server::new(&["jane", "bob"]);
    server.embedded.set_password("jane", "tiger").unwrap();
    let mut wire = server.connect_as_nobody();
    let users = ["jane", "bob", "eve"];
    let mut quickest = [Duration::MAX; 3];
    for _ in 0..6 {
        for (user, quickest) in users.iter().zip(&mut quickest) {
            let start = Instant::now();
            assert_eq!(status(&mut wire, &basic(user, "lion")), 401);
            *quickest = start.elapsed().min(*quickest);
        }
    }
    // A slow hash takes much longer than everything else.
    let most = quickest.iter().max().unwrap();
    assert!(quickest.iter().all(|it| *it > *most / 3), "{quickest:?}");
    assert!(*most > Duration::from_millis(2), "{quickest:?}");
}

#[test]
fn secrets_are_not_shown() {
    let server = Server::new(&["jane"]);
    let token = server.embedded.add_token("jane").unwrap();
    let shown = format!("{:?} {:?} {token:?}", server.embedded, server.serving);
    assert!(!shown.contains(token.expose()), "{shown}");
    let error = server.embedded.set_password("eve", "tiger").unwrap_err();
    insta::assert_snapshot!(format!("{error} {error:?}"), @r#"there is no user "eve" Error(NoUser("eve"))"#);
}
