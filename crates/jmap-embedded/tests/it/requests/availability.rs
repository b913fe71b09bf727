//! `Principal/getAvailability` (JMAP Calendars, section 2.2).

use serde_json::{Value, json};

use super::house::{Guest, House, jane_and_bob, tea_with};

fn asked(guest: &Guest, account: &str, mut arguments: Value) -> Value {
    for (name, value) in
        [("id", "jane"), ("utcStart", "2026-12-01T08:00:00Z"), ("utcEnd", "2026-12-01T12:00:00Z")]
    {
        if arguments.get(name).is_none() {
            arguments[name] = json!(value);
        }
    }
    guest.call(account, "Principal/getAvailability", arguments)
}

/// The periods as one line each.
fn times(response: &Value) -> Vec<String> {
    let list = response["list"].as_array().unwrap_or_else(|| panic!("{response}"));
    let time = |period: &Value, name: &str| period[name].as_str().unwrap()[11..16].to_owned();
    let line = |period: &Value| {
        let status = period["busyStatus"].as_str().unwrap();
        format!("{}-{} {status}", time(period, "utcStart"), time(period, "utcEnd"))
    };
    list.iter().map(line).collect()
}

fn event(uid: &str, start: &str, length: &str, changes: Value) -> Value {
    let mut event = tea_with(changes);
    event["uid"] = json!(uid);
    event["start"] = json!(format!("2026-12-01T{start}:00"));
    event["duration"] = json!(length);
    event
}

fn answered(status: &str) -> Value {
    json!({"participants": {"j": {"calendarAddress": "mailto:jane@localhost", "participationStatus": status}}})
}

/// The example of the sheet: what is private, what overlaps, and a calendar in which only attendance counts.
#[test]
fn the_example() {
    let (jane, bob) = jane_and_bob(&["mayReadFreeBusy"]);
    let team = jane.own("Calendar/set", json!({"create": {"k": {
        "name": "Team", "includeInAvailability": "attending", "shareWith": {"bob": {"mayReadFreeBusy": true}},
    }}}));
    let team = team["created"]["k"]["id"].as_str().unwrap();
    let mut first = answered("tentative");
    first["privacy"] = json!("private");
    jane.make("jane", event("1", "09:00", "PT1H", first));
    jane.make("jane", event("2", "09:30", "PT1H30M", answered("accepted")));
    jane.make("jane", event("3", "10:30", "PT1H", json!({"calendarIds": {team: true}})));
    let response = asked(&bob, "bob", json!({"showDetails": false}));
    assert_eq!(times(&response), ["09:00-09:30 tentative", "09:30-11:00 confirmed"]);
    for period in response["list"].as_array().unwrap() {
        assert!(period.as_object().unwrap().contains_key("event"), "{period}");
        assert_eq!((&period["event"], &period["accountId"]), (&Value::Null, &Value::Null));
    }
    assert_eq!(times(&asked(&jane, "jane", json!({}))), times(&response));
}

/// What each of two periods counts where they overlap, and neighbours of one kind.
#[test]
fn precedence() {
    let (jane, bob) = jane_and_bob(&["mayReadFreeBusy"]);
    let make = |uid: &str, start: &str, length: &str, changes: Value| {
        jane.make("jane", event(uid, start, length, changes));
    };
    make("1", "08:00", "PT3H", answered("tentative"));
    make("2", "08:30", "PT2H", json!({}));
    make("3", "09:00", "PT1H", answered("accepted"));
    make("4", "11:00", "PT30M", json!({"status": "tentative"}));
    make("5", "11:30", "PT30M", answered("declined"));
    assert_eq!(
        times(&asked(&bob, "bob", json!({}))),
        [
            "08:00-08:30 tentative",
            "08:30-09:00 unavailable",
            "09:00-10:00 confirmed",
            "10:00-10:30 unavailable",
            "10:30-11:30 tentative",
            "11:30-12:00 unavailable",
        ]
    );
}

/// What does not make busy.
#[test]
fn what_does_not_count() {
    let (jane, bob) = jane_and_bob(&["mayReadFreeBusy"]);
    for (uid, changes) in [
        ("1", json!({"privacy": "secret"})),
        ("2", json!({"freeBusyStatus": "free"})),
        ("3", json!({"status": "cancelled"})),
        ("4", json!({"start": "2026-12-01T07:00:00", "duration": "PT1H"})),
    ] {
        let start = if uid == "4" { "07:00" } else { "09:00" };
        jane.make("jane", event(uid, start, "PT1H", changes));
    }
    jane.make("jane", event("5", "12:00", "PT1H", json!({})));
    assert_eq!(times(&asked(&bob, "bob", json!({}))), Vec::<String>::new());
    jane.make("jane", event("6", "11:59", "PT1H", json!({})));
    assert_eq!(times(&asked(&bob, "bob", json!({}))), ["11:59-12:59 unavailable"]);
    for patch in [json!({"includeInAvailability": "none"}), json!({"isSubscribed": false})] {
        jane.change("jane", "Calendar", "C1", patch);
        assert_eq!(times(&asked(&bob, "bob", json!({}))), Vec::<String>::new());
        jane.change(
            "jane",
            "Calendar",
            "C1",
            json!({"includeInAvailability": "all", "isSubscribed": true}),
        );
        assert_eq!(times(&asked(&bob, "bob", json!({}))).len(), 1);
    }
    // It is about the one who is asked about: what Bob has of his own says nothing of Jane.
    let own = bob.ask("jane", "Calendar/get", json!({})).1;
    assert_eq!(own["type"], "accountNotFound");
}

/// Occurrences, moved and excluded ones, and floating events.
#[test]
fn occurrences() {
    let (jane, bob) = jane_and_bob(&["mayReadFreeBusy"]);
    jane.change("jane", "Principal", "jane", json!({"timeZone": "Asia/Tokyo"}));
    jane.make("jane", json!({
        "@type": "Event", "uid": "1", "calendarIds": {"C1": true}, "start": "2026-11-01T09:00:00", "timeZone": "Etc/UTC",
        "duration": "PT30M", "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily"},
        "recurrenceOverrides": {
            "2026-11-30T09:00:00": {"start": "2026-12-01T10:00:00"},
            "2026-12-02T09:00:00": {"excluded": true},
            "2026-12-03T09:00:00": {"status": "cancelled"},
        },
    }));
    let days = json!({"utcEnd": "2026-12-04T00:00:00Z"});
    let expected = ["09:00-09:30 unavailable", "10:00-10:30 unavailable"];
    assert_eq!(times(&asked(&bob, "bob", days.clone())), expected);
    // Eight in the evening of Tokyo is eleven o'clock.
    let floating = json!({"@type": "Event", "uid": "2", "calendarIds": {"C1": true}, "start": "2026-12-01T20:00:00", "duration": "PT1H"});
    jane.make("jane", floating);
    assert_eq!(times(&asked(&bob, "bob", days.clone()))[2], "11:00-12:00 unavailable");
    jane.change("jane", "Calendar", "C1", json!({"timeZone": "Etc/UTC"}));
    assert_eq!(times(&asked(&bob, "bob", days))[2], "20:00-21:00 unavailable");
}

/// Events are there for those who may see them.
#[test]
fn details() {
    let (jane, bob) = jane_and_bob(&["mayReadFreeBusy", "mayReadItems"]);
    let id =
        jane.make("jane", event("1", "09:00", "PT1H", json!({"title": "Tea", "color": "red"})));
    jane.make("jane", event("2", "09:30", "PT1H", json!({"privacy": "private"})));
    let response =
        asked(&bob, "bob", json!({"showDetails": true, "eventProperties": ["title", "color"]}));
    assert_eq!(times(&response), ["09:30-10:30 unavailable", "09:00-10:00 unavailable"]);
    let [private, public] = [0, 1].map(|at| &response["list"][at]);
    assert_eq!((&private["event"], &private["accountId"]), (&Value::Null, &Value::Null));
    assert_eq!(public["event"], json!({"@type": "Event", "id": id, "title": "Tea"}));
    assert_eq!(public["accountId"], "jane");
    let response = asked(&bob, "bob", json!({"showDetails": true}));
    assert_eq!(response["list"][1]["event"]["uid"], "1");
    jane.share("C1", "bob", &["mayReadFreeBusy"]);
    assert_eq!(
        times(&asked(&bob, "bob", json!({"showDetails": true}))),
        ["09:00-10:30 unavailable"]
    );
}

/// Calendars of others that the principal takes into account.
#[test]
fn calendars_of_others() {
    let house = House::of(&["jane", "bob", "eve"]);
    let (jane, bob, eve) = (house.user("jane"), house.user("bob"), house.user("eve"));
    bob.share("C1", "jane", &["mayReadItems"]);
    bob.make("bob", event("1", "09:00", "PT1H", json!({})));
    jane.share("C1", "eve", &["mayReadFreeBusy"]);
    let ask = || times(&asked(&eve, "eve", json!({})));
    jane.change(
        "bob",
        "Calendar",
        "C1",
        json!({"isSubscribed": true, "includeInAvailability": "all"}),
    );
    assert_eq!(ask(), Vec::<String>::new());
    bob.share("C1", "eve", &["mayReadFreeBusy"]);
    assert_eq!(ask(), ["09:00-10:00 unavailable"]);
    jane.change("bob", "Calendar", "C1", json!({"isSubscribed": false}));
    assert_eq!(ask(), Vec::<String>::new());
}

#[test]
fn questions_that_are_not_answered() {
    let (_, bob) = jane_and_bob(&["mayReadFreeBusy"]);
    let house = House::of(&["jane", "bob"]);
    let stranger = house.user("bob");
    for (arguments, kind) in [
        (json!({"id": "nobody"}), "notFound"),
        (json!({"utcEnd": "2027-12-03T08:00:00Z"}), "tooLarge"),
        (json!({"utcEnd": "2026-12-01T08:00:00Z"}), "invalidArguments"),
        (json!({"utcEnd": "tomorrow"}), "invalidArguments"),
        (json!({"eventProperties": ["colour"]}), "invalidArguments"),
        (json!({"colour": 1}), "invalidArguments"),
    ] {
        assert_eq!(asked(&bob, "bob", arguments.clone())["type"], kind, "{arguments}");
    }
    assert_eq!(asked(&stranger, "bob", json!({}))["type"], "forbidden");
}

/// Events need the capability of calendars, times do not.
#[test]
fn without_calendars() {
    let house = House::of(&["jane"]);
    let arguments = json!({
        "accountId": "jane", "id": "jane", "utcStart": "2026-12-01T08:00:00Z", "utcEnd": "2026-12-01T12:00:00Z",
    });
    let request = json!({
        "using": ["urn:ietf:params:jmap:principals", "urn:ietf:params:jmap:principals:availability"],
        "methodCalls": [["Principal/getAvailability", arguments, "0"]],
    });
    let response = house.user("jane").send(request);
    assert_eq!(
        response["methodResponses"][0],
        json!(["Principal/getAvailability", {"accountId": "jane", "list": []}, "0"])
    );
}
