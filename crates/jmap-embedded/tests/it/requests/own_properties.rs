//! What every user has of their own (JMAP Calendars, sections 4 and 5.3).

use serde_json::{Value, json};

use super::house::{jane_and_bob, tea, tea_with};

/// JMAP Calendars, section 4: the table of properties.
#[test]
fn of_calendars() {
    let (jane, bob) = jane_and_bob(&["mayReadItems"]);
    let state = jane.state("jane", "Calendar");
    let alerts = json!({"a": {"trigger": {"offset": "-PT5M"}}});
    let own = json!({
        "name": "Jane's", "color": "blue", "sortOrder": 3, "isSubscribed": true, "isVisible": false,
        "includeInAvailability": "attending", "defaultAlertsWithTime": alerts, "timeZone": "Europe/Berlin",
    });
    assert_eq!(bob.change("jane", "Calendar", "C1", own.clone()), Value::Null);
    let calendar = bob.calendar("jane", "C1");
    for (name, value) in own.as_object().unwrap() {
        assert_eq!(calendar[name], *value, "{name}");
    }
    // For nobody else anything has changed.
    assert_eq!(jane.state("jane", "Calendar"), state);
    let calendar = jane.calendar("jane", "C1");
    assert_eq!((&calendar["name"], &calendar["color"]), (&json!("Calendar"), &Value::Null));
    assert_eq!(calendar["includeInAvailability"], "all");
}

/// JMAP Calendars, section 4: name, colour and time zone are the owner's until somebody sets their own.
#[test]
fn inherited() {
    let (jane, bob) = jane_and_bob(&["mayReadItems"]);
    let names =
        || ["name", "color", "timeZone"].map(|name| bob.calendar("jane", "C1")[name].clone());
    jane.change(
        "jane",
        "Calendar",
        "C1",
        json!({"name": "One", "color": "red", "timeZone": "Europe/Rome"}),
    );
    assert_eq!(names(), [json!("One"), json!("red"), json!("Europe/Rome")]);
    bob.change("jane", "Calendar", "C1", json!({"name": "Two", "color": null}));
    jane.change(
        "jane",
        "Calendar",
        "C1",
        json!({"name": "Three", "color": "green", "timeZone": "Asia/Tokyo"}),
    );
    assert_eq!(names(), [json!("Two"), Value::Null, json!("Asia/Tokyo")]);
    let error = bob.change("jane", "Calendar", "C1", json!({"name": ""}));
    assert_eq!(
        (&error["type"], &error["properties"]),
        (&json!("invalidProperties"), &json!(["name"]))
    );
}

/// JMAP Calendars, section 4: default alerts.
#[test]
fn default_alerts() {
    let (jane, bob) = jane_and_bob(&["mayReadItems"]);
    let before =
        json!({"@type": "Alert", "trigger": {"@type": "OffsetTrigger", "offset": "-PT5M"}});
    let fixed = json!({"@type": "Alert", "trigger": {"@type": "AbsoluteTrigger", "when": "2027-03-01T09:00:00Z"}});
    let set = |patch: Value| jane.change("jane", "Calendar", "C1", patch);
    assert_eq!(set(json!({"defaultAlertsWithTime": {"a": before}})), Value::Null);
    let error = set(json!({"defaultAlertsWithoutTime": {"a": before}}));
    assert_eq!(error["properties"], json!(["defaultAlertsWithoutTime"]));
    let error = set(json!({"defaultAlertsWithTime": {"b": fixed}}));
    assert_eq!(error["properties"], json!(["defaultAlertsWithTime"]));
    // They are unique in the account, and somebody else has their own.
    let team = json!({"create": {"k": {"name": "Team", "defaultAlertsWithTime": {"a": before}}}});
    let response = jane.own("Calendar/set", team);
    assert_eq!(response["notCreated"]["k"]["properties"], json!(["defaultAlertsWithTime"]));
    let error =
        bob.change("jane", "Calendar", "C1", json!({"defaultAlertsWithTime": {"a": before}}));
    assert_eq!(error, Value::Null);
}

/// JMAP Calendars, section 5.3: on the event, and in its overrides.
#[test]
fn of_events() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayUpdatePrivate"]);
    let alerts = json!({"a": {"trigger": {"offset": "-PT5M"}}});
    let id = jane.make(
        "jane",
        tea_with(json!({
            "color": "red", "keywords": {"hot": true}, "freeBusyStatus": "free", "alerts": alerts,
            "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
            "recurrenceOverrides": {"2027-03-02T09:00:00": {"title": "Milk", "color": "blue"}},
        })),
    );
    let owners = jane.event("jane", &id);
    // Others begin with the defaults, and not with what the owner has.
    let event = bob.event("jane", &id);
    for name in ["color", "keywords", "freeBusyStatus", "alerts", "useDefaultAlerts"] {
        assert_eq!(event[name], Value::Null, "{name}");
    }
    assert_eq!(event["recurrenceOverrides"], json!({"2027-03-02T09:00:00": {"title": "Milk"}}));

    let (janes, bobs) = (jane.state("jane", "CalendarEvent"), bob.state("jane", "CalendarEvent"));
    let patch = json!({
        "color": "green", "keywords": {"sweet": true}, "useDefaultAlerts": true,
        "recurrenceOverrides/2027-03-02T09:00:00/color": "gold",
        "recurrenceOverrides/2027-03-03T09:00:00": {"freeBusyStatus": "free"},
    });
    assert_eq!(bob.change("jane", "CalendarEvent", &id, patch), Value::Null);
    let event = bob.event("jane", &id);
    assert_eq!((&event["color"], &event["useDefaultAlerts"]), (&json!("green"), &json!(true)));
    assert_eq!(
        event["recurrenceOverrides"],
        json!({
            "2027-03-02T09:00:00": {"title": "Milk", "color": "gold"},
            "2027-03-03T09:00:00": {"freeBusyStatus": "free"},
        })
    );
    // Nobody else has anything of it, not even a new state.
    assert_eq!(jane.event("jane", &id), owners);
    assert_eq!(jane.state("jane", "CalendarEvent"), janes);
    assert_eq!(bob.changes("jane", "CalendarEvent", &bobs)[1], json!([id]));
    // What is shared goes on to be shared.
    jane.change("jane", "CalendarEvent", &id, json!({"title": "Coffee"}));
    let event = bob.event("jane", &id);
    assert_eq!((&event["title"], &event["color"]), (&json!("Coffee"), &json!("green")));
}

/// JMAP Calendars, section 5.3: such a change is stamped for the user alone, and not counted.
#[test]
fn stamps() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayUpdatePrivate"]);
    let id = jane.make("jane", tea());
    let owners = jane.event("jane", &id);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    bob.change("jane", "CalendarEvent", &id, json!({"color": "red"}));
    let bobs = bob.event("jane", &id);
    assert!(bobs["updated"].as_str() > owners["updated"].as_str(), "{bobs}");
    assert_eq!(bobs["sequence"], owners["sequence"]);
    assert_eq!(jane.event("jane", &id)["updated"], owners["updated"]);
    jane.change("jane", "CalendarEvent", &id, json!({"color": "red"}));
    assert_eq!(jane.event("jane", &id)["sequence"], owners["sequence"]);
    assert!(jane.event("jane", &id)["updated"].as_str() > owners["updated"].as_str());
}

/// JMAP Calendars, section 4 (`mayUpdatePrivate`): it is needed for what is the user's own, and enough for nothing else.
#[test]
fn rights_for_it() {
    let (jane, bob) = jane_and_bob(&["mayReadItems"]);
    let id = jane.make(
        "jane",
        tea_with(json!({
            "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
        })),
    );
    let change = |patch: Value| bob.change("jane", "CalendarEvent", &id, patch)["type"].clone();
    assert_eq!(change(json!({"color": "red"})), "forbidden");
    jane.share("C1", "bob", &["mayReadItems", "mayUpdatePrivate"]);
    assert_eq!(change(json!({"color": "red"})), Value::Null);
    assert_eq!(change(json!({"color": "blue", "title": "Mine"})), "forbidden");
    assert_eq!(
        change(json!({"recurrenceOverrides": {"2027-03-02T09:00:00": {"color": "red"}}})),
        Value::Null
    );
    // One more occurrence would be one for everybody.
    let patch = json!({"recurrenceOverrides/2027-03-02T10:00:00": {"color": "red"}});
    assert_eq!(change(patch), "forbidden");
}

/// What somebody said about one occurrence goes with it: it does not make one more.
#[test]
fn of_occurrences_that_are_gone() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayUpdatePrivate"]);
    let id = jane.make(
        "jane",
        tea_with(json!({
            "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
        })),
    );
    let patch = json!({"recurrenceOverrides": {"2027-03-02T09:00:00": {"color": "red"}}});
    assert_eq!(bob.change("jane", "CalendarEvent", &id, patch.clone()), Value::Null);
    assert_eq!(bob.event("jane", &id)["recurrenceOverrides"], patch["recurrenceOverrides"]);
    jane.change("jane", "CalendarEvent", &id, json!({"start": "2027-03-01T10:00:00"}));
    assert_eq!(bob.event("jane", &id)["recurrenceOverrides"], Value::Null);
}

/// The same by the id of an occurrence (section 5.8).
#[test]
fn by_the_id_of_an_occurrence() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayUpdatePrivate", "mayRSVP"]);
    let id = jane.make(
        "jane",
        tea_with(json!({
            "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
            "participants": {
                "j": {"calendarAddress": "mailto:jane@localhost", "roles": {"owner": true}},
                "b": {"calendarAddress": "mailto:bob@localhost"},
            },
        })),
    );
    let window = json!({"after": "2027-03-02T00:00:00", "before": "2027-03-03T00:00:00"});
    let query = json!({"filter": window, "expandRecurrences": true});
    let second = bob.call("jane", "CalendarEvent/query", query)["ids"][0].clone();
    let second = second.as_str().unwrap();
    let change = |patch: Value| bob.change("jane", "CalendarEvent", second, patch)["type"].clone();
    assert_eq!(change(json!({"color": "red"})), Value::Null);
    assert_eq!(change(json!({"participants/b/participationStatus": "declined"})), Value::Null);
    assert_eq!(change(json!({"title": "Mine"})), "forbidden");
    let response = bob.call("jane", "CalendarEvent/set", json!({"destroy": [second]}));
    assert_eq!(response["notDestroyed"][second]["type"], "forbidden");
    let overrides = |event: Value| event["recurrenceOverrides"]["2027-03-02T09:00:00"].clone();
    let answer = json!({"participants/b/participationStatus": "declined"});
    assert_eq!(overrides(jane.event("jane", &id)), answer);
    assert_eq!(overrides(bob.event("jane", &id))["color"], "red");
    assert_eq!(bob.event("jane", second)["color"], "red");
}
