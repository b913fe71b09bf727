//! `privacy` and `hideAttendees` on every way to read (JMAP Calendars, sections 5.3 and 5.4).

use serde_json::{Value, json};

use super::house::{House, jane_and_bob, tea, tea_with};

const WRITER: &[&str] = &["mayReadItems", "mayWriteAll", "mayReadFreeBusy"];

/// What others see of a private event.
#[test]
fn private() {
    let (jane, bob) = jane_and_bob(WRITER);
    let id = jane.make("jane", tea_with(json!({
        "privacy": "private", "description": "With whom?", "status": "tentative", "mayInviteSelf": true,
        "example.com:sugar": 2,
        "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
        "recurrenceOverrides": {
            "2027-03-02T09:00:00": {"title": "Milk", "start": "2027-03-02T10:00:00"},
            "2027-03-03T09:00:00": {"excluded": true},
        },
    })));
    let event = bob.event("jane", &id);
    let names: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "@type",
        "calendarIds",
        "created",
        "duration",
        "id",
        "isDraft",
        "isOrigin",
        "privacy",
        "recurrenceOverrides",
        "recurrenceRule",
        "start",
        "timeZone",
        "uid",
        "updated",
        "version",
    ];
    assert_eq!(names, expected);
    assert_eq!(
        event["recurrenceOverrides"],
        json!({
            "2027-03-02T09:00:00": {"start": "2027-03-02T10:00:00"},
            "2027-03-03T09:00:00": {"excluded": true},
        })
    );
    let get = json!({"ids": [id], "properties": ["title", "description", "start"]});
    let event = bob.call("jane", "CalendarEvent/get", get)["list"][0].clone();
    assert_eq!((&event["title"], &event["start"]), (&Value::Null, &json!("2027-03-01T09:00:00")));
    // Nor can it be found by what is not seen of it.
    assert_eq!(bob.found("jane", json!({"title": "tea"})), json!([]));
    assert_eq!(bob.found("jane", json!({"text": "milk"})), json!([]));
    assert_eq!(bob.found("jane", json!({"uid": "u1"})), json!([id]));
    assert_eq!(jane.found("jane", json!({"title": "tea"})), json!([id]));
    // One occurrence is as private as all of them.
    let window = json!({"after": "2027-03-02T00:00:00", "before": "2027-03-03T00:00:00"});
    let query = json!({"filter": window, "expandRecurrences": true});
    let found = bob.call("jane", "CalendarEvent/query", query)["ids"][0].clone();
    let occurrence = bob.event("jane", found.as_str().unwrap());
    assert_eq!(
        (&occurrence["title"], &occurrence["start"]),
        (&Value::Null, &json!("2027-03-02T10:00:00"))
    );
    let titled =
        json!({"after": "2027-03-02T00:00:00", "before": "2027-03-03T00:00:00", "title": "milk"});
    let query = json!({"filter": titled, "expandRecurrences": true});
    assert_eq!(bob.call("jane", "CalendarEvent/query", query)["ids"], json!([]));

    // Only the owner changes it, even what would be the user's own.
    for patch in [json!({"start": "2027-03-01T08:00:00"}), json!({"color": "red"})] {
        assert_eq!(bob.change("jane", "CalendarEvent", &id, patch)["type"], "forbidden");
    }
    let response = bob.call("jane", "CalendarEvent/set", json!({"destroy": [id]}));
    assert_eq!(response["notDestroyed"][&id]["type"], "forbidden");
    assert_eq!(jane.event("jane", &id)["title"], "Tea");
}

#[test]
fn an_unknown_privacy_is_private() {
    let (jane, bob) = jane_and_bob(WRITER);
    let id = jane.make("jane", tea_with(json!({"privacy": "example.com:friends"})));
    let event = bob.event("jane", &id);
    assert_eq!((&event["title"], &event["privacy"]), (&Value::Null, &json!("example.com:friends")));
}

/// A secret event does not exist for others, in no method.
#[test]
fn secret() {
    let (jane, bob) = jane_and_bob(WRITER);
    let state = bob.state("jane", "CalendarEvent");
    let id = jane.make("jane", tea_with(json!({"privacy": "secret"})));
    let response = bob.call("jane", "CalendarEvent/get", json!({"ids": [id]}));
    assert_eq!((&response["list"], &response["notFound"]), (&json!([]), &json!([id])));
    assert_eq!(bob.call("jane", "CalendarEvent/get", json!({}))["list"], json!([]));
    assert_eq!(bob.found("jane", json!({"uid": "u1"})), json!([]));
    let window = json!({"after": "2027-03-01T00:00:00", "before": "2027-03-02T00:00:00"});
    let query = json!({"filter": window, "expandRecurrences": true, "calculateTotal": true});
    assert_eq!(bob.call("jane", "CalendarEvent/query", query)["total"], 0);
    assert_eq!(bob.state("jane", "CalendarEvent"), state);
    assert_eq!(bob.changes("jane", "CalendarEvent", &state), [json!([]), json!([]), json!([])]);
    assert_eq!(bob.change("jane", "CalendarEvent", &id, json!({"title": "x"}))["type"], "notFound");
    let response = bob.call("jane", "CalendarEvent/set", json!({"destroy": [id]}));
    assert_eq!(response["notDestroyed"][&id]["type"], "notFound");
    let copy =
        json!({"fromAccountId": "jane", "create": {"k": {"id": id, "calendarIds": {"C1": true}}}});
    let response = bob.own("CalendarEvent/copy", copy);
    assert_eq!(response["notCreated"]["k"]["type"], "notFound");

    // It comes into sight, and goes again.
    jane.change("jane", "CalendarEvent", &id, json!({"privacy": "public"}));
    assert_eq!(bob.changes("jane", "CalendarEvent", &state), [json!([id]), json!([]), json!([])]);
    let state = bob.state("jane", "CalendarEvent");
    jane.change("jane", "CalendarEvent", &id, json!({"privacy": "secret"}));
    assert_eq!(bob.changes("jane", "CalendarEvent", &state), [json!([]), json!([]), json!([id])]);
}

/// Nobody makes something private in a calendar of somebody else.
#[test]
fn only_in_ones_own_calendar() {
    let (jane, bob) = jane_and_bob(WRITER);
    for privacy in ["private", "secret", "example.com:friends"] {
        let create = json!({"create": {"k": tea_with(json!({"privacy": privacy}))}});
        let response = bob.call("jane", "CalendarEvent/set", create);
        assert_eq!(response["notCreated"]["k"]["type"], "invalidProperties");
        assert_eq!(response["notCreated"]["k"]["properties"], json!(["privacy"]));
    }
    let id = jane.make("jane", tea());
    let error = bob.change("jane", "CalendarEvent", &id, json!({"privacy": "private"}));
    assert_eq!(error["properties"], json!(["privacy"]));
    assert_eq!(bob.change("jane", "CalendarEvent", &id, json!({"privacy": "public"})), Value::Null);
}

/// Those who only take part see the owners and themselves, and what they do not see stays.
#[test]
fn hidden_attendees() {
    let house = House::of(&["jane", "bob"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    jane.share("C1", "bob", WRITER);
    let id = jane.make(
        "jane",
        tea_with(json!({
            "hideAttendees": true,
            "participants": {
                "j": {"calendarAddress": "mailto:jane@localhost", "roles": {"owner": true}},
                "b": {"calendarAddress": "mailto:bob@localhost"},
                "e": {"calendarAddress": "mailto:eve@example.com", "name": "Eve"},
            },
            "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
            "recurrenceOverrides": {
                "2027-03-02T09:00:00": {
                    "participants/e/participationStatus": "declined",
                    "participants/b/participationStatus": "accepted",
                    "participants/f": {"calendarAddress": "mailto:fay@example.com"},
                },
                "2027-03-03T09:00:00": {"participants": {
                    "e": {"calendarAddress": "mailto:eve@example.com"},
                    "b": {"calendarAddress": "mailto:bob@localhost"},
                }},
            },
        })),
    );
    let event = bob.event("jane", &id);
    assert_eq!(event["participants"].as_object().unwrap().keys().collect::<Vec<_>>(), ["b", "j"]);
    let overrides = &event["recurrenceOverrides"];
    let status = json!({"participants/b/participationStatus": "accepted"});
    assert_eq!(overrides["2027-03-02T09:00:00"], status);
    assert_eq!(overrides["2027-03-03T09:00:00"]["participants"].as_object().unwrap().len(), 1);
    assert_eq!(bob.found("jane", json!({"attendee": "eve"})), json!([]));
    assert_eq!(jane.found("jane", json!({"attendee": "eve"})), json!([id]));
    let names = jane.event("jane", &id)["participants"].as_object().unwrap().len();
    assert_eq!(names, 3);

    // Whoever writes the people they see does not take the others away, and cannot guess them.
    let people = json!({"j": event["participants"]["j"], "b": {"calendarAddress": "mailto:bob@localhost", "name": "B"}});
    assert_eq!(
        bob.change("jane", "CalendarEvent", &id, json!({"participants": people})),
        Value::Null
    );
    let patch = json!({"recurrenceOverrides/2027-03-02T09:00:00": {"title": "Milk"}});
    assert_eq!(bob.change("jane", "CalendarEvent", &id, patch), Value::Null);
    let event = jane.event("jane", &id);
    assert_eq!(event["participants"]["e"]["name"], "Eve");
    assert_eq!(event["participants"]["b"]["name"], "B");
    let occurrence = &event["recurrenceOverrides"]["2027-03-02T09:00:00"];
    assert_eq!(occurrence["participants/e/participationStatus"], "declined");
    assert_eq!(occurrence["participants/b/participationStatus"], Value::Null);
    let error = bob.change("jane", "CalendarEvent", &id, json!({"participants/e/name": "Known"}));
    assert_eq!(error["type"], "invalidPatch");
}

/// What others said of an occurrence stays when somebody takes back what they can see of it.
#[test]
fn hidden_answers() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayRSVP"]);
    let id = jane.make(
        "jane",
        tea_with(json!({
            "hideAttendees": true,
            "participants": {
                "j": {"calendarAddress": "mailto:jane@localhost", "roles": {"owner": true}},
                "b": {"calendarAddress": "mailto:bob@localhost"},
                "e": {"calendarAddress": "mailto:eve@example.com"},
            },
            "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
            "recurrenceOverrides": {"2027-03-02T09:00:00": {
                "participants/e/participationStatus": "declined",
                "participants/b/participationStatus": "accepted",
            }},
        })),
    );
    let patch = json!({"recurrenceOverrides/2027-03-02T09:00:00": null});
    assert_eq!(bob.change("jane", "CalendarEvent", &id, patch), Value::Null);
    assert_eq!(
        jane.event("jane", &id)["recurrenceOverrides"],
        json!({"2027-03-02T09:00:00": {"participants/e/participationStatus": "declined"}})
    );
}

/// The owner of the account sees no more than others, if the event is somebody else's.
#[test]
fn hidden_from_the_owner_of_the_account() {
    let house = House::of(&["jane"]);
    let jane = house.user("jane");
    let id = jane.make(
        "jane",
        tea_with(json!({
            "hideAttendees": true, "organizerCalendarAddress": "mailto:bob@example.com",
            "participants": {
                "b": {"calendarAddress": "mailto:bob@example.com", "roles": {"owner": true}},
                "j": {"calendarAddress": "mailto:jane@localhost"},
                "e": {"calendarAddress": "mailto:eve@example.com", "name": "Eve"},
            },
        })),
    );
    let event = jane.event("jane", &id);
    assert_eq!(event["participants"].as_object().unwrap().keys().collect::<Vec<_>>(), ["b", "j"]);
    assert_eq!(jane.found("jane", json!({"attendee": "eve"})), json!([]));
    assert_eq!(jane.found("jane", json!({"text": "eve"})), json!([]));
    assert_eq!(jane.found("jane", json!({"attendee": "jane"})), json!([id]));
}

/// RFC 8620, section 6: a blob is for those who brought it, and for those who see an object that names it.
#[test]
fn blobs() {
    let house = House::of(&["jane", "bob"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    let blob = jane.upload("jane", "Milk");
    assert!(jane.downloads("jane", &blob) && !bob.downloads("jane", &blob));
    jane.share("C1", "bob", WRITER);
    assert!(!bob.downloads("jane", &blob) && !bob.downloads("bob", &blob));
    bob.change("jane", "Calendar", "C1", json!({"isSubscribed": true}));
    assert!(!bob.downloads("jane", &blob));
    let parse = json!({"blobIds": [blob]});
    let parsed = bob.call("jane", "CalendarEvent/parse", parse);
    assert_eq!(parsed["notFound"], json!([blob]), "{parsed}");
    let links = json!({"links": {"1": {"@type": "Link", "blobId": blob, "rel": "enclosure"}}});
    let id = jane.make("jane", tea_with(links));
    assert!(bob.downloads("jane", &blob));
    jane.change("jane", "CalendarEvent", &id, json!({"privacy": "private"}));
    assert!(jane.downloads("jane", &blob) && !bob.downloads("jane", &blob));
    jane.change("jane", "CalendarEvent", &id, json!({"privacy": "public"}));
    jane.share("C1", "bob", &[]);
    assert!(!bob.downloads("jane", &blob));
    // What a guest brings is theirs until something names it.
    jane.share("C1", "bob", WRITER);
    bob.change("jane", "Calendar", "C1", json!({"isSubscribed": true}));
    let blob = bob.upload("jane", "Honey");
    assert!(bob.downloads("jane", &blob) && !jane.downloads("jane", &blob));
}
