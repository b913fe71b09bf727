//! JMAP Calendars, sections 5.6, 5.8.2 and 5.10: occurrences that the server finds, and their ids.

use serde_json::{Value, json};

use super::{Outsider, tea};

/// Five days, an hour each.
fn series() -> Value {
    let mut series = tea();
    series["recurrenceRule"] = json!({"@type": "RecurrenceRule", "frequency": "daily", "count": 5});
    series
}

impl Outsider {
    fn expanded(&self, filter: Value) -> Value {
        let arguments = json!({
            "expandRecurrences": true, "timeZone": "Europe/Berlin", "filter": filter, "sort": [{"property": "start"}],
        });
        self.call("CalendarEvent/query", arguments)
    }

    fn march(&self) -> Vec<String> {
        let window = json!({"after": "2027-03-01T00:00:00", "before": "2027-04-01T00:00:00"});
        let response = self.expanded(window);
        let ids = response["ids"].as_array().unwrap_or_else(|| panic!("{response}"));
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }

    fn of(&self, ids: &[String], property: &str) -> Vec<Value> {
        let response =
            self.call("CalendarEvent/get", json!({"ids": ids, "properties": [property]}));
        let list = response["list"].as_array().unwrap_or_else(|| panic!("{response}"));
        list.iter().map(|event| event[property].clone()).collect()
    }
}

#[test]
fn each_occurrence_has_an_id() {
    let outsider = Outsider::new();
    let base = outsider.created(series());
    let once = {
        let mut once = tea();
        once["uid"] = json!("u2");
        once["start"] = json!("2027-03-02T08:00:00");
        outsider.created(once)
    };
    let ids = outsider.march();
    assert_eq!(ids.len(), 6);
    assert_eq!(ids[1], once, "what happens once has its own id");
    assert!(!ids.contains(&base));
    let third = outsider.event(&ids[3]);
    assert_eq!(third["id"], json!(ids[3]));
    assert_eq!(third["baseEventId"], json!(base));
    assert_eq!(third["start"], "2027-03-03T09:00:00");
    assert_eq!(third["recurrenceId"], "2027-03-03T09:00:00");
    assert_eq!(third["calendarIds"], json!({"C1": true}));
    assert!(third.get("recurrenceRule").is_none());
    let named = outsider.call(
        "CalendarEvent/get",
        json!({"ids": [ids[3]], "properties": ["recurrenceRule", "recurrenceOverrides"]}),
    );
    let named = &named["list"][0];
    assert!(named.as_object().unwrap().contains_key("recurrenceRule"), "{named}");
    assert_eq!(
        (&named["recurrenceRule"], &named["recurrenceOverrides"]),
        (&Value::Null, &Value::Null)
    );
}

/// What a query for occurrences needs, and what it refuses.
#[test]
fn windows() {
    let outsider = Outsider::new();
    outsider.created(series());
    for filter in [
        Value::Null,
        json!({}),
        json!({"after": "2027-03-01T00:00:00"}),
        json!({"before": "2027-03-01T00:00:00"}),
        json!({"operator": "AND", "conditions": [{"after": "2027-03-01T00:00:00", "before": "2027-04-01T00:00:00"}]}),
    ] {
        let response = outsider.expanded(filter.clone());
        assert_eq!(response["type"], "invalidArguments", "{filter}: {response}");
    }
    let ages = json!({"after": "1927-03-01T00:00:00", "before": "2127-04-01T00:00:00"});
    assert_eq!(outsider.expanded(ages)["type"], "expandDurationTooLarge");
    let count = |after: &str, before: &str| {
        let response = outsider.expanded(json!({"after": after, "before": before}));
        response["ids"].as_array().map_or_else(|| panic!("{response}"), Vec::len)
    };
    // The end of an occurrence is after the one moment, its start before the other one.
    assert_eq!(count("2027-03-02T10:00:00", "2027-03-03T09:00:00"), 0);
    assert_eq!(count("2027-03-02T09:59:59", "2027-03-03T09:00:01"), 2);
    assert_eq!(count("2028-01-01T00:00:00", "2029-01-01T00:00:00"), 0);
    // No such query can be asked how it changed.
    let response =
        outsider.expanded(json!({"after": "2027-03-01T00:00:00", "before": "2027-04-01T00:00:00"}));
    assert_eq!(response["canCalculateChanges"], false);
    let since = json!({"sinceQueryState": response["queryState"]});
    assert_eq!(
        outsider.call("CalendarEvent/queryChanges", since)["type"],
        "cannotCalculateChanges"
    );
}

/// What would take an age is refused in no time.
#[test]
fn every_second() {
    let outsider = Outsider::new();
    let mut series = series();
    series["recurrenceRule"] = json!({"@type": "RecurrenceRule", "frequency": "secondly"});
    outsider.created(series);
    for title in ["tea", "milk"] {
        let filter = json!({"after": "2027-03-01T00:00:00", "before": "2037-01-01T00:00:00", "title": title});
        // What the index does not find is not looked at.
        let error = outsider.expanded(filter)["type"].clone();
        assert_eq!(
            error,
            if title == "tea" { json!("cannotCalculateOccurrences") } else { Value::Null }
        );
    }
    assert_eq!(outsider.found(json!({"after": "2036-01-01T00:00:00"})).len(), 1);
}

/// All conditions hold of the same occurrence.
#[test]
fn conditions_are_about_one_occurrence() {
    let outsider = Outsider::new();
    let mut series = series();
    series["recurrenceOverrides"] = json!({"2027-03-03T09:00:00": {"title": "Cake"}});
    outsider.created(series);
    let found = |condition: Value| {
        let mut filter = json!({"after": "2027-03-01T00:00:00", "before": "2027-04-01T00:00:00"});
        filter.as_object_mut().unwrap().extend(condition.as_object().unwrap().clone());
        outsider.expanded(filter)["ids"].as_array().unwrap().len()
    };
    assert_eq!(found(json!({"title": "cake"})), 1);
    assert_eq!(found(json!({"title": "tea"})), 4);
    assert_eq!(found(json!({"title": "tea", "text": "cake"})), 0);
    assert_eq!(found(json!({"inCalendar": "C9"})), 0);
    assert_eq!(found(json!({"uid": "u1"})), 5);
}

#[test]
fn moved_excluded_and_extra() {
    let outsider = Outsider::new();
    let mut series = series();
    series["recurrenceOverrides"] = json!({
        "2027-03-02T09:00:00": {"start": "2027-03-20T11:00:00", "title": "Late"},
        "2027-03-03T09:00:00": {"excluded": true},
        "2027-03-10T09:00:00": {"title": "Extra"},
        "2027-03-04T09:00:00": {"start": "2027-04-20T11:00:00"},
    });
    outsider.created(series);
    let ids = outsider.march();
    let starts = [
        "2027-03-01T09:00:00",
        "2027-03-05T09:00:00",
        "2027-03-10T09:00:00",
        "2027-03-20T11:00:00",
    ];
    assert_eq!(outsider.of(&ids, "start"), starts.map(|it| json!(it)));
    assert_eq!(outsider.of(&ids, "title"), ["Tea", "Tea", "Extra", "Late"].map(|it| json!(it)));
    assert_eq!(outsider.of(&ids[3..], "recurrenceId"), [json!("2027-03-02T09:00:00")]);
    let april = json!({"after": "2027-04-01T00:00:00", "before": "2027-05-01T00:00:00"});
    assert_eq!(outsider.expanded(april)["ids"].as_array().unwrap().len(), 1);
}

/// Summer time begins on 28 March in Berlin: the clock stays, the instant moves.
#[test]
fn summer_time() {
    let outsider = Outsider::new();
    let mut series = series();
    series["start"] = json!("2027-03-27T09:00:00");
    series["recurrenceRule"]["count"] = json!(3);
    outsider.created(series);
    let ids = outsider.march();
    assert_eq!(
        outsider.of(&ids, "utcStart"),
        ["2027-03-27T08:00:00Z", "2027-03-28T07:00:00Z", "2027-03-29T07:00:00Z"]
            .map(|it| json!(it))
    );
    assert_eq!(outsider.of(&ids[..1], "utcEnd"), [json!("2027-03-27T09:00:00Z")]);
    // Half past two is not there on the 28th: the offset before the gap counts.
    let mut night = tea();
    night["uid"] = json!("night");
    night["start"] = json!("2027-03-28T02:30:00");
    let night = outsider.created(night);
    assert_eq!(outsider.of(&[night], "utcStart"), [json!("2027-03-28T01:30:00Z")]);
}

/// Days float: the time zone of the query says when they are.
#[test]
fn whole_days() {
    let outsider = Outsider::new();
    let mut day = series();
    day["start"] = json!("2027-03-10T00:00:00");
    day["duration"] = json!("P1D");
    day["showWithoutTime"] = json!(true);
    day.as_object_mut().unwrap().remove("timeZone");
    let base = outsider.created(day);
    let ids = |zone: &str| {
        let arguments = json!({
            "expandRecurrences": true, "timeZone": zone,
            "filter": {"after": "2027-03-10T00:00:00", "before": "2027-03-12T00:00:00"},
        });
        outsider.call("CalendarEvent/query", arguments)["ids"].as_array().unwrap().len()
    };
    for zone in ["Pacific/Kiritimati", "Etc/UTC", "America/Los_Angeles"] {
        assert_eq!(ids(zone), 2, "{zone}");
    }
    let arguments = json!({"ids": [base], "properties": ["utcStart", "utcEnd"], "timeZone": "America/Los_Angeles"});
    let event = &outsider.call("CalendarEvent/get", arguments)["list"][0];
    assert_eq!(event["utcStart"], "2027-03-10T08:00:00Z");
    assert_eq!(event["utcEnd"], "2027-03-11T08:00:00Z");
    let unknown = json!({"ids": [base], "timeZone": "Moon/Base"});
    assert_eq!(outsider.call("CalendarEvent/get", unknown)["type"], "invalidArguments");
}

#[test]
fn ids_that_stand_for_nothing() {
    let outsider = Outsider::new();
    let base = outsider.created(series());
    let [first, ..] = &outsider.march()[..] else { panic!("no occurrences") };
    let other = first.replace("20270301", "20280301");
    let once = {
        let mut once = tea();
        once["uid"] = json!("u2");
        outsider.created(once)
    };
    let of_once = first.replace(&base, &once);
    let ids = [other, of_once, format!("{first}x"), "E9-20270301T090000".to_owned()];
    let response = outsider.call("CalendarEvent/get", json!({"ids": ids}));
    assert_eq!((&response["list"], &response["notFound"]), (&json!([]), &json!(ids)));
    let response = outsider.update(&ids[0], json!({"title": "Milk"}));
    assert_eq!(response["notUpdated"][&ids[0]]["type"], "notFound");
    let response = outsider.call("CalendarEvent/set", json!({"destroy": [ids[1]]}));
    assert_eq!(response["notDestroyed"][&ids[1]]["type"], "notFound");
}

/// What is changed about an occurrence is an override of its series.
#[test]
fn an_occurrence_is_changed() {
    let outsider = Outsider::new();
    let base = outsider.created(series());
    let second = outsider.march()[1].clone();
    let patch = json!({"title": "Late", "start": "2027-03-02T11:00:00", "useDefaultAlerts": true});
    let response = outsider.update(&second, patch);
    assert!(response["updated"].get(&second).is_some(), "{response}");
    let event = outsider.event(&base);
    let changes =
        json!({"title": "Late", "start": "2027-03-02T11:00:00", "useDefaultAlerts": true});
    assert_eq!(event["recurrenceOverrides"], json!({"2027-03-02T09:00:00": changes}));
    assert_eq!(event["sequence"], 1);
    assert_eq!(outsider.event(&second)["title"], "Late");
    assert_eq!(outsider.event(&second)["useDefaultAlerts"], true);
    // Back to what it was, part by part.
    outsider.update(&second, json!({"title": "Tea", "useDefaultAlerts": null}));
    let changes = json!({"2027-03-02T09:00:00": {"start": "2027-03-02T11:00:00"}});
    assert_eq!(outsider.event(&base)["recurrenceOverrides"], changes);
    outsider.update(&second, json!({"start": "2027-03-02T09:00:00"}));
    assert_eq!(outsider.event(&base)["recurrenceOverrides"], Value::Null);
    // Only the series changed.
    let response = outsider.call("CalendarEvent/changes", json!({"sinceState": "0"}));
    assert_eq!(response["created"], json!([base]));
}

#[test]
fn what_is_the_same_for_all_occurrences() {
    let outsider = Outsider::new();
    outsider.created(series());
    let second = outsider.march()[1].clone();
    for (property, value) in [
        ("calendarIds", json!({"C9": true})),
        ("isDraft", json!(true)),
        ("mayInviteSelf", json!(true)),
        ("hideAttendees", json!(true)),
        ("uid", json!("u9")),
        ("privacy", json!("private")),
        ("recurrenceRule", json!({"@type": "RecurrenceRule", "frequency": "daily"})),
        ("recurrenceOverrides", json!({"2027-03-02T09:00:00": {}})),
        ("recurrenceId", json!("2027-03-03T09:00:00")),
        ("baseEventId", json!("E1")),
    ] {
        let response = outsider.update(&second, json!({property: value}));
        let error = &response["notUpdated"][&second];
        assert_eq!(error["type"], "invalidProperties", "{property}: {response}");
        assert_eq!(error["properties"], json!([property]));
    }
}

#[test]
fn an_occurrence_is_destroyed() {
    let outsider = Outsider::new();
    let mut series = series();
    series["recurrenceOverrides"] = json!({"2027-03-10T09:00:00": {"title": "Extra"}});
    let base = outsider.created(series);
    let ids = outsider.march();
    let response = outsider.call("CalendarEvent/set", json!({"destroy": [ids[1], ids[5]]}));
    assert_eq!(response["destroyed"], json!([ids[1], ids[5]]), "{response}");
    // One of the rule is excluded, one that was added is gone.
    let overrides = json!({"2027-03-02T09:00:00": {"excluded": true}});
    assert_eq!(outsider.event(&base)["recurrenceOverrides"], overrides);
    assert_eq!(outsider.march().len(), 4);
    let response = outsider.call("CalendarEvent/get", json!({"ids": [ids[1]]}));
    assert_eq!(response["notFound"], json!([ids[1]]));
}

/// JMAP Calendars, section 5.6.
#[test]
fn a_part_of_the_overrides() {
    let outsider = Outsider::new();
    let mut series = series();
    let overrides: serde_json::Map<_, _> =
        (1..=5).map(|day| (format!("2027-03-0{day}T09:00:00"), json!({"priority": day}))).collect();
    series["recurrenceOverrides"] = json!(overrides);
    let base = outsider.created(series);
    let days = |after: Value, before: Value| {
        let arguments = json!({
            "ids": [base], "recurrenceOverridesAfter": after, "recurrenceOverridesBefore": before,
        });
        let event = outsider.call("CalendarEvent/get", arguments)["list"][0].clone();
        event["recurrenceOverrides"].as_object().map_or(0, serde_json::Map::len)
    };
    // 8:00 in UTC; the one moment is within, the other one is not.
    let (second, fourth) = (json!("2027-03-02T08:00:00Z"), json!("2027-03-04T08:00:00Z"));
    assert_eq!(days(second.clone(), Value::Null), 4);
    assert_eq!(days(Value::Null, fourth.clone()), 3);
    assert_eq!(days(second, fourth), 2);
    assert_eq!(days(Value::Null, Value::Null), 5);
    let both = json!({"ids": [base], "properties": ["utcStart", "recurrenceOverrides"]});
    assert_eq!(outsider.call("CalendarEvent/get", both)["type"], "invalidArguments");
}

/// JMAP Calendars, section 5.6: only the owners and the user.
#[test]
fn fewer_participants() {
    let outsider = Outsider::new();
    let person =
        |name: &str| json!({"calendarAddress": format!("mailto:{name}@example.com"), "name": name});
    let mut event = series();
    event["organizerCalendarAddress"] = json!("mailto:ann@example.com");
    let mut ann = person("ann");
    ann["roles"] = json!({"owner": true});
    let me = json!({"calendarAddress": "mailto:Jane@localhost", "name": "Jane"});
    event["participants"] = json!({"a": ann, "b": person("bob"), "j": me});
    event["recurrenceOverrides"] = json!({
        "2027-03-02T09:00:00": {"participants/c": person("cid"), "participants/b/participationStatus": "declined"},
        "2027-03-03T09:00:00": {"participants/j/participationStatus": "accepted", "title": "Milk"},
    });
    let id = outsider.created(event);
    let get = |reduce: bool| {
        let arguments = json!({"ids": [id], "reduceParticipants": reduce});
        outsider.call("CalendarEvent/get", arguments)["list"][0].clone()
    };
    let names = |event: &Value| {
        event["participants"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&get(false)), ["a", "b", "j"]);
    let reduced = get(true);
    assert_eq!(names(&reduced), ["a", "j"]);
    let overrides = json!({
        "2027-03-02T09:00:00": {},
        "2027-03-03T09:00:00": {"participants/j/participationStatus": "accepted", "title": "Milk"},
    });
    assert_eq!(reduced["recurrenceOverrides"], overrides);
}

/// RFC 8620, section 5.6.
#[test]
fn how_a_result_changed() {
    let outsider = Outsider::new();
    let create = |uid: &str, title: &str, hour: u8| {
        let mut event = tea();
        (event["uid"], event["title"]) = (json!(uid), json!(title));
        event["start"] = json!(format!("2027-03-01T{hour:02}:00:00"));
        outsider.created(event)
    };
    let asked = |more: Value| {
        let mut arguments = json!({"filter": {"title": "tea"}, "sort": [{"property": "start"}]});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    let [one, two, three] =
        [("a", 9), ("b", 10), ("c", 11)].map(|(uid, hour)| create(uid, "Tea", hour));
    let response = outsider.call("CalendarEvent/query", asked(json!({})));
    assert_eq!(response["canCalculateChanges"], true);
    let state = response["queryState"].clone();
    assert_eq!(response["ids"], json!([one, two, three]));

    outsider.update(&one, json!({"title": "Milk"}));
    outsider.update(&three, json!({"start": "2027-03-01T08:00:00"}));
    outsider.call("CalendarEvent/set", json!({"destroy": [two]}));
    let four = create("d", "Tea", 12);
    create("e", "Milk", 13);
    let since = asked(json!({"sinceQueryState": state, "calculateTotal": true}));
    let response = outsider.call("CalendarEvent/queryChanges", since);
    let mut removed: Vec<&str> =
        response["removed"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    removed.sort_unstable();
    let mut expected = [one.as_str(), two.as_str(), three.as_str()];
    expected.sort_unstable();
    assert_eq!(removed, expected);
    assert_eq!(response["added"], json!([{"id": three, "index": 0}, {"id": four, "index": 1}]));
    assert_eq!((&response["total"], &response["oldQueryState"]), (&json!(2), &state));
    let few = asked(json!({"sinceQueryState": state, "maxChanges": 2}));
    assert_eq!(outsider.call("CalendarEvent/queryChanges", few)["type"], "tooManyChanges");
    let again = asked(json!({"sinceQueryState": response["newQueryState"]}));
    let response = outsider.call("CalendarEvent/queryChanges", again);
    assert_eq!((&response["removed"], &response["added"]), (&json!([]), &json!([])));
}
