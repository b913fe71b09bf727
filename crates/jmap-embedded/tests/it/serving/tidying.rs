//! What the server forgets: blobs that nobody needs (RFC 8620, section 6), and changes of long ago (section 5.2).

use std::time::Duration;

use jmap_embedded::Keep;
use serde_json::{Value, json};

use crate::wire::{Server, Wire, call};

fn upload(wire: &mut Wire) -> String {
    let uploaded = wire.post("/jmap/upload/jane", "text/plain", b"Milk").json();
    uploaded["blobId"].as_str().unwrap().to_owned()
}

fn is_there(wire: &mut Wire, blob: &str) -> bool {
    wire.get(&format!("/jmap/download/jane/{blob}/x")).status == 200
}

fn done(wire: &mut Wire, method: &str, arguments: Value) -> Value {
    let response = wire.api(&call("jane", method, arguments)).json();
    response["methodResponses"][0][1].clone()
}

fn keep(blobs: Duration, changes: u64) -> Keep {
    let mut keep = Keep::default();
    (keep.blobs, keep.changes) = (blobs, changes);
    keep
}

/// As if they had come a while ago: later than this moment.
const NOTHING: Duration = Duration::ZERO;

#[test]
fn blobs_go_when_no_object_has_them() {
    let server = Server::new(&["jane"]);
    let mut wire = server.connect("jane");
    let [lost, kept] = [(); 2].map(|()| upload(&mut wire));
    let event = json!({
        "@type": "Event", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00",
        "links": {"1": {"@type": "Link", "blobId": kept}},
    });
    let response = done(&mut wire, "CalendarEvent/set", json!({"create": {"k": event}}));
    let id = response["created"]["k"]["id"].as_str().unwrap().to_owned();
    server.embedded.tidy(&Keep::default()).unwrap();
    assert!(is_there(&mut wire, &lost) && is_there(&mut wire, &kept));
    // The time is kept in whole seconds.
    std::thread::sleep(Duration::from_millis(1_100));
    server.embedded.tidy(&keep(NOTHING, 100)).unwrap();
    assert!(!is_there(&mut wire, &lost) && is_there(&mut wire, &kept));
    done(&mut wire, "CalendarEvent/set", json!({"destroy": [id]}));
    assert!(is_there(&mut wire, &kept));
    server.embedded.tidy(&keep(NOTHING, 100)).unwrap();
    assert!(!is_there(&mut wire, &kept));
}

#[test]
fn changes_go_but_states_move_on() {
    let server = Server::new(&["jane"]);
    let mut wire = server.connect("jane");
    let mut state = || done(&mut wire, "Calendar/get", json!({"ids": []}))["state"].clone();
    let mut states = vec![state()];
    for name in ["A", "B", "C"] {
        let mut wire = server.connect("jane");
        done(&mut wire, "Calendar/set", json!({"create": {"k": {"name": name}}}));
        states.push(state());
    }
    server.embedded.tidy(&keep(Duration::from_secs(60), 1)).unwrap();
    assert_eq!(state(), states[3]);
    let mut changes =
        |since: &Value| done(&mut wire, "Calendar/changes", json!({"sinceState": since}));
    assert_eq!(changes(&states[1])["type"], "cannotCalculateChanges");
    assert_eq!(changes(&states[2])["created"].as_array().unwrap().len(), 1);
    server.embedded.forget_history("jane").unwrap();
    assert_eq!(changes(&states[2])["type"], "cannotCalculateChanges");
    assert_eq!(changes(&states[3])["created"], json!([]));
    let mut wire = server.connect("jane");
    assert_eq!(done(&mut wire, "Calendar/get", json!({"ids": []}))["state"], states[3]);
}
