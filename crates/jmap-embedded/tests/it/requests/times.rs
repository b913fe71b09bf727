//! JMAP Calendars, section 5.8: times in UTC are turned into local ones.

use serde_json::{Value, json};

use super::{Outsider, tea};

fn timed(times: Value) -> Value {
    let mut event = tea();
    for name in ["start", "timeZone", "duration"] {
        event.as_object_mut().unwrap().remove(name);
    }
    event.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
    event
}

#[test]
fn an_event_is_created() {
    let outsider = Outsider::new();
    let times = json!({
        "utcStart": "2027-07-01T10:00:00Z", "utcEnd": "2027-07-01T11:30:00Z", "timeZone": "Europe/Berlin",
    });
    let response = outsider.create(timed(times));
    let created = &response["created"]["k"];
    assert_eq!(created["start"], "2027-07-01T12:00:00", "{response}");
    assert_eq!(created["duration"], "PT1H30M");
    let event = outsider.event(created["id"].as_str().unwrap());
    assert!(event.get("utcStart").is_none(), "it comes when it is asked for: {event}");
}

/// A floating event gets the time zone of its calendars, if they have the same one, and the server says so.
#[test]
fn a_floating_event() {
    let outsider = Outsider::new();
    let times = json!({"utcStart": "2027-07-01T10:00:00Z", "duration": "PT1H"});
    let response = outsider.create(timed(times.clone()));
    let created = &response["created"]["k"];
    assert_eq!(
        (&created["timeZone"], &created["start"]),
        (&json!("Etc/UTC"), &json!("2027-07-01T10:00:00"))
    );

    outsider.call("Calendar/set", json!({"update": {"C1": {"timeZone": "Asia/Tokyo"}}}));
    let mut event = timed(times);
    event["uid"] = json!("u2");
    let response = outsider.create(event);
    let created = &response["created"]["k"];
    assert_eq!(
        (&created["timeZone"], &created["start"]),
        (&json!("Asia/Tokyo"), &json!("2027-07-01T19:00:00"))
    );
}

#[test]
fn an_event_is_moved() {
    let outsider = Outsider::new();
    let id = outsider.created(tea());
    let response = outsider.update(&id, json!({"utcStart": "2027-07-01T10:00:00Z"}));
    assert_eq!(response["updated"][&id]["start"], "2027-07-01T12:00:00", "{response}");
    let response = outsider.update(&id, json!({"utcEnd": "2027-07-01T10:00:30Z"}));
    assert_eq!(response["updated"][&id]["duration"], "PT30S", "{response}");
    let event = outsider.event(&id);
    assert_eq!(
        (&event["start"], &event["duration"]),
        (&json!("2027-07-01T12:00:00"), &json!("PT30S"))
    );
    // Over the night in which summer time ends, ten hours are ten hours.
    outsider
        .update(&id, json!({"utcStart": "2027-10-30T20:00:00Z", "utcEnd": "2027-10-31T06:00:00Z"}));
    assert_eq!(outsider.event(&id)["duration"], "PT10H");
    let times = json!({"ids": [id], "properties": ["utcStart", "utcEnd"]});
    let event = &outsider.call("CalendarEvent/get", times)["list"][0];
    assert_eq!(
        (&event["utcStart"], &event["utcEnd"]),
        (&json!("2027-10-30T20:00:00Z"), &json!("2027-10-31T06:00:00Z"))
    );
}

#[test]
fn nothing_is_said_twice() {
    let outsider = Outsider::new();
    let mut series = tea();
    series["recurrenceRule"] = json!({"@type": "RecurrenceRule", "frequency": "daily", "count": 5});
    let id = outsider.created(series);
    let utc = "2027-07-01T10:00:00Z";
    for (patch, named) in [
        (json!({"utcStart": utc, "start": "2027-07-01T12:00:00"}), "utcStart"),
        (json!({"utcEnd": utc, "duration": "PT1H"}), "utcEnd"),
        (json!({"utcEnd": "2020-01-01T00:00:00Z"}), "utcEnd"),
        (
            json!({"recurrenceOverrides": {"2027-03-02T09:00:00": {"utcStart": utc}}}),
            "recurrenceOverrides",
        ),
    ] {
        let response = outsider.update(&id, patch.clone());
        let error = &response["notUpdated"][&id];
        assert_eq!(error["type"], "invalidProperties", "{patch}: {response}");
        assert!(error["properties"].as_array().unwrap().contains(&json!(named)), "{error}");
    }
    let mut event = tea();
    event["uid"] = json!("u2");
    event["utcStart"] = json!(utc);
    let response = outsider.create(event);
    assert_eq!(response["notCreated"]["k"]["type"], "invalidProperties", "{response}");
}

#[test]
fn an_occurrence_is_moved() {
    let outsider = Outsider::new();
    let mut series = tea();
    series["recurrenceRule"] = json!({"@type": "RecurrenceRule", "frequency": "daily", "count": 5});
    let id = outsider.created(series);
    let window = json!({"after": "2027-03-02T00:00:00", "before": "2027-03-03T00:00:00"});
    let query = json!({"expandRecurrences": true, "filter": window});
    let second = outsider.call("CalendarEvent/query", query)["ids"][0].as_str().unwrap().to_owned();
    outsider.update(&second, json!({"utcStart": "2027-03-02T12:00:00Z"}));
    let overrides = json!({"2027-03-02T09:00:00": {"start": "2027-03-02T13:00:00"}});
    assert_eq!(outsider.event(&id)["recurrenceOverrides"], overrides);
}

/// JMAP Calendars, section 5.8: `created` is no later than `updated`.
#[test]
fn nothing_is_created_after_it_was_changed() {
    let outsider = Outsider::new();
    let mut event = tea();
    event["created"] = json!("2999-01-01T00:00:00Z");
    event["updated"] = json!("2001-01-01T00:00:00Z");
    let id = outsider.created(event);
    let event = outsider.event(&id);
    assert_eq!(event["created"], event["updated"]);
    assert!(
        event["updated"].as_str().unwrap() < "2999" && event["updated"].as_str().unwrap() > "2025"
    );
    let mut old = tea();
    old["uid"] = json!("u2");
    old["created"] = json!("2001-01-01T00:00:00Z");
    let id = outsider.created(old);
    assert_eq!(outsider.event(&id)["created"], "2001-01-01T00:00:00Z");
}

/// JMAP Calendars, section 5.8: events of others keep their stamps.
#[test]
fn events_of_others() {
    let outsider = Outsider::new();
    let mut event = tea();
    event["organizerCalendarAddress"] = json!("mailto:ann@example.com");
    event["updated"] = json!("2001-01-01T00:00:00Z");
    event["sequence"] = json!(7);
    event["participants"] = json!({"j": {"calendarAddress": "mailto:jane@localhost"}});
    let id = outsider.created(event);
    assert_eq!(outsider.event(&id)["isOrigin"], false);
    outsider.update(&id, json!({"participants/j/participationStatus": "accepted"}));
    let event = outsider.event(&id);
    assert_eq!(
        (&event["updated"], &event["sequence"]),
        (&json!("2001-01-01T00:00:00Z"), &json!(7))
    );
}

/// JMAP Calendars, section 5.6: what always comes, and what never.
#[test]
fn all_properties() {
    let outsider = Outsider::new();
    let mut event = tea();
    event["iCalendar"] = json!({"name": "vevent", "properties": []});
    let id = outsider.created(event);
    let all = outsider.event(&id);
    assert_eq!((&all["isDraft"], &all["isOrigin"]), (&json!(false), &json!(true)));
    assert!(all.get("iCalendar").is_none(), "{all}");
    assert!(all.get("freeBusyStatus").is_none(), "what is the default is not filled in");
    let named = json!({"ids": [id], "properties": ["iCalendar"]});
    let named = &outsider.call("CalendarEvent/get", named)["list"][0];
    assert_eq!(named["iCalendar"]["name"], "vevent");
}
