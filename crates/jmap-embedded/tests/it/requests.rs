//! An outsider: requests and responses as JSON over HTTP, written from the standards and not through our types.

mod availability;
mod blobs;
mod copying;
mod expansion;
mod house;
mod law;
mod notifications;
mod own_properties;
mod parsing;
mod principals;
mod privacy;
mod rights;
mod scheduling;
mod searching;
mod sharing;
mod tasks;
mod times;

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::wire::{Server, Wire};

/// A user of a server over HTTP.
struct Outsider {
    wire: RefCell<Wire>,
    /// As long as there is somebody to ask it.
    _server: Rc<Server>,
}

impl Outsider {
    fn new() -> Self {
        Self::at(&Rc::new(Server::new(&["jane"])), "jane")
    }

    fn at(server: &Rc<Server>, name: &str) -> Self {
        Self { wire: RefCell::new(server.connect(name)), _server: Rc::clone(server) }
    }

    /// What comes back for one call.
    fn call(&self, method: &str, arguments: Value) -> Value {
        self.calls(method, arguments)[0][1].clone()
    }

    /// All that comes back for one call.
    fn calls(&self, method: &str, mut arguments: Value) -> Value {
        if arguments.get("accountId").is_none() {
            arguments["accountId"] = json!("jane");
        }
        let using = [
            "urn:ietf:params:jmap:core",
            "urn:ietf:params:jmap:calendars",
            "urn:ietf:params:jmap:calendars:parse",
            "urn:ietf:params:jmap:principals",
            "urn:ietf:params:jmap:tasks",
        ];
        let request = json!({"using": using, "methodCalls": [[method, arguments, "c"]]});
        self.wire.borrow_mut().api(&request).json()["methodResponses"].clone()
    }

    fn create(&self, event: Value) -> Value {
        self.call("CalendarEvent/set", json!({"create": {"k": event}}))
    }

    fn created(&self, event: Value) -> String {
        let response = self.create(event);
        response["created"]["k"]["id"].as_str().unwrap().to_owned()
    }

    fn update(&self, id: &str, patch: Value) -> Value {
        self.call("CalendarEvent/set", json!({"update": {id: patch}}))
    }

    fn event(&self, id: &str) -> Value {
        self.call("CalendarEvent/get", json!({"ids": [id]}))["list"][0].clone()
    }

    fn found(&self, filter: Value) -> Vec<String> {
        let response = self.call("CalendarEvent/query", json!({"filter": filter}));
        let ids = response["ids"].as_array().unwrap_or_else(|| panic!("{response}"));
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }
}

fn tea() -> Value {
    json!({
        "@type": "Event", "uid": "u1", "calendarIds": {"C1": true}, "title": "Tea", "start": "2027-03-01T09:00:00",
        "timeZone": "Europe/Berlin", "duration": "PT1H", "example.com:sugar": {"lumps": 2},
    })
}

/// JMAP Calendars, section 4: the defaults of one's own calendars.
#[test]
fn the_first_calendar() {
    let response = Outsider::new().call("Calendar/get", json!({"ids": null}));
    let calendar = &response["list"][0];
    assert_eq!(calendar["isDefault"], true);
    assert_eq!(calendar["isSubscribed"], true);
    assert_eq!(calendar["includeInAvailability"], "all");
    assert_eq!(calendar["myRights"]["mayWriteAll"], true);
    assert_eq!(calendar["shareWith"], Value::Null);
}

/// JMAP Calendars, section 4: what a calendar must be.
#[test]
fn calendars_that_cannot_be() {
    let outsider = Outsider::new();
    for (property, value) in [
        ("name", json!("")),
        ("name", json!("n".repeat(256))),
        ("color", json!("reddish")),
        ("timeZone", json!("Moon/Base")),
        ("sortOrder", json!(2_147_483_648_u64)),
        ("isDefault", json!(true)),
        ("myRights", json!({})),
        ("id", json!("C9")),
    ] {
        let mut calendar = json!({"name": "Team"});
        calendar[property] = value.clone();
        let response = outsider.call("Calendar/set", json!({"create": {"k": calendar}}));
        let error = &response["notCreated"]["k"];
        assert_eq!(error["type"], "invalidProperties", "{property}: {value}: {response}");
        assert_eq!(error["properties"], json!([property]), "{value}");
    }
}

/// JMAP Calendars, section 4.3.
#[test]
fn a_calendar_with_events_is_not_destroyed() {
    let outsider = Outsider::new();
    let create = json!({"create": {"k": {"name": "Team"}}, "onSuccessSetIsDefault": "#k"});
    let response = outsider.call("Calendar/set", create);
    let team = response["created"]["k"]["id"].as_str().unwrap().to_owned();
    assert_eq!(response["created"]["k"]["isDefault"], true);
    assert_eq!(response["updated"]["C1"]["isDefault"], false);
    let mut both = tea();
    both["calendarIds"] = json!({"C1": true, team.as_str(): true});
    let both = outsider.created(both);
    let mut only = tea();
    only["uid"] = json!("u2");
    let only = outsider.created(only);

    let response = outsider.call("Calendar/set", json!({"destroy": ["C1"]}));
    assert_eq!(response["notDestroyed"]["C1"]["type"], "calendarHasEvent");
    let destroy = json!({"destroy": ["C1"], "onDestroyRemoveEvents": true});
    let response = outsider.call("Calendar/set", destroy);
    assert_eq!(response["destroyed"], json!(["C1"]));
    assert_eq!(outsider.event(&both)["calendarIds"], json!({team: true}));
    assert_eq!(outsider.event(&only), Value::Null);
}

/// JMAP Calendars, section 5.8: what the server fills in, and what it keeps as it came.
#[test]
fn created_events() {
    let outsider = Outsider::new();
    let response = outsider.create(tea());
    let created = &response["created"]["k"];
    for name in ["id", "created", "updated", "version", "isOrigin"] {
        assert!(created.get(name).is_some(), "{name} is not told: {created}");
    }
    assert!(created.get("title").is_none());
    let event = outsider.event(created["id"].as_str().unwrap());
    assert_eq!((&event["@type"], &event["version"]), (&json!("Event"), &json!("2.0")));
    assert_eq!(event["example.com:sugar"], json!({"lumps": 2}));
    assert_eq!(event["isOrigin"], true);
    // Without a uid it gets one.
    let mut bare = tea();
    bare.as_object_mut().unwrap().remove("uid");
    let response = outsider.create(bare);
    assert!(response["created"]["k"]["uid"].is_string(), "{response}");
}

#[test]
fn events_that_cannot_be() {
    let outsider = Outsider::new();
    outsider.created(tea());
    for (property, value) in [
        ("uid", json!("u1")),
        ("calendarIds", json!({})),
        ("calendarIds", json!({"C9": true})),
        ("start", Value::Null),
        ("start", json!("tomorrow")),
        ("method", json!("request")),
        ("timeZone", json!("Moon/Base")),
        ("isOrigin", json!(true)),
        ("baseEventId", json!("E1")),
    ] {
        let mut event = tea();
        event["uid"] = json!("u2");
        event[property] = value.clone();
        let response = outsider.create(event);
        let error = &response["notCreated"]["k"];
        assert_eq!(error["type"], "invalidProperties", "{property}: {value}: {response}");
        assert_eq!(error["properties"], json!([property]), "{value}");
    }
    // What was refused left nothing behind.
    assert_eq!(outsider.found(json!({})).len(), 1);
}

/// JMAP Calendars, section 5.8, and the table in section 20 of what counts in `sequence`.
#[test]
fn stamps_and_sequence() {
    let outsider = Outsider::new();
    let mut event = tea();
    event["sequence"] = json!(3);
    let id = outsider.created(event);
    for (patch, sequence) in [
        (json!({"title": "Coffee"}), 4),
        (json!({"title": "Milk", "sequence": 3}), 5),
        (json!({"title": "Water", "sequence": 9}), 9),
        (json!({"color": "red"}), 9),
        (json!({"keywords": {"hot": true}}), 9),
        (json!({"isDraft": false}), 9),
    ] {
        let response = outsider.update(&id, patch.clone());
        assert!(response["updated"].get(&id).is_some(), "{patch}: {response}");
        assert_eq!(outsider.event(&id)["sequence"], sequence, "{patch}");
    }
    for patch in [json!({"uid": "u9"}), json!({"isDraft": true}), json!({"calendarIds/C1": null})] {
        let response = outsider.update(&id, patch.clone());
        assert_eq!(response["notUpdated"][&id]["type"], "invalidProperties", "{patch}");
    }
}

/// JMAP Calendars, section 5.8.2: an override that is not there has no parent.
#[test]
fn patches_of_overrides() {
    let outsider = Outsider::new();
    let mut series = tea();
    series["recurrenceRule"] = json!({"@type": "RecurrenceRule", "frequency": "daily", "count": 5});
    let id = outsider.created(series);
    let path = "recurrenceOverrides/2027-03-02T09:00:00";
    let response = outsider.update(&id, json!({path: {"title": "Late"}}));
    assert_eq!(response["notUpdated"][&id]["type"], "invalidPatch");
    let whole = json!({"recurrenceOverrides": {"2027-03-02T09:00:00": {"title": "Late"}}});
    outsider.update(&id, whole);
    let deep = json!({format!("{path}/title"): "Later", format!("{path}/priority"): 1});
    outsider.update(&id, deep);
    let overrides = &outsider.event(&id)["recurrenceOverrides"];
    assert_eq!(overrides["2027-03-02T09:00:00"], json!({"title": "Later", "priority": 1}));
}

/// RFC 8620, section 5.2.
#[test]
fn changes() {
    let outsider = Outsider::new();
    let state = |response: &Value, name: &str| response[name].as_str().unwrap().to_owned();
    let since = |state: &str, most: Option<u64>| {
        outsider.call("CalendarEvent/changes", json!({"sinceState": state, "maxChanges": most}))
    };
    let first = state(&outsider.call("CalendarEvent/get", json!({"ids": []})), "state");
    let ids: Vec<String> = (0..4)
        .map(|number| {
            let mut event = tea();
            event["uid"] = json!(format!("u{number}"));
            outsider.created(event)
        })
        .collect();
    outsider.update(&ids[0], json!({"title": "Coffee"}));
    outsider.call("CalendarEvent/set", json!({"destroy": [ids[1]]}));
    let all = since(&first, None);
    let mut created: Vec<_> = all["created"].as_array().unwrap().clone();
    created.sort_by_key(ToString::to_string);
    let mut expected = vec![json!(ids[0]), json!(ids[2]), json!(ids[3])];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(created, expected);
    assert_eq!((&all["updated"], &all["destroyed"]), (&json!([]), &json!([])));

    let page = since(&first, Some(2));
    assert_eq!(page["hasMoreChanges"], true);
    let rest = since(&state(&page, "newState"), None);
    assert_eq!((&rest["hasMoreChanges"], &rest["newState"]), (&json!(false), &all["newState"]));
    for unknown in ["x", "999999"] {
        assert_eq!(since(unknown, None)["type"], "cannotCalculateChanges", "{unknown}");
    }
    let stale = json!({"ifInState": first, "destroy": [ids[2]]});
    assert_eq!(outsider.call("CalendarEvent/set", stale)["type"], "stateMismatch");
}

/// JMAP Calendars, section 5.10.1.
#[test]
fn filters() {
    let outsider = Outsider::new();
    let mut event = tea();
    event["description"] = json!("Bring biscuits");
    event["locations"] = json!({"1": {"@type": "Location", "name": "Kitchen"}});
    event["organizerCalendarAddress"] = json!("mailto:ann@example.com");
    event["participants"] = json!({
        "a": {"calendarAddress": "mailto:ann@example.com", "name": "Ann", "roles": {"owner": true}},
        "b": {"calendarAddress": "mailto:bob@example.com", "name": "Bob"},
    });
    event["recurrenceRule"] = json!({"@type": "RecurrenceRule", "frequency": "weekly", "count": 3});
    event["recurrenceOverrides"] = json!({"2027-03-08T09:00:00": {"title": "Cake"}});
    let tea = outsider.created(event);
    let mut other = self::tea();
    other["uid"] = json!("u2");
    other["title"] = json!("Lunch");
    other["start"] = json!("2027-05-01T12:00:00");
    let lunch = outsider.created(other);

    for (filter, ids) in [
        (json!({}), vec![&tea, &lunch]),
        (json!({"inCalendar": "C1"}), vec![&tea, &lunch]),
        (json!({"inCalendar": "C9"}), vec![]),
        (json!({"uid": "u2"}), vec![&lunch]),
        (json!({"title": "TEA"}), vec![&tea]),
        (json!({"title": "cake"}), vec![&tea]),
        (json!({"description": "\"bring biscuits\""}), vec![&tea]),
        (json!({"description": "\"biscuits bring\""}), vec![]),
        (json!({"location": "kitchen"}), vec![&tea]),
        (json!({"owner": "ann"}), vec![&tea]),
        (json!({"owner": "bob"}), vec![]),
        (json!({"attendee": "bob"}), vec![&tea]),
        (json!({"text": "bob biscuits"}), vec![&tea]),
        (json!({"after": "2027-03-15T10:00:00", "before": "2027-05-01T00:00:00"}), vec![]),
        (json!({"after": "2027-03-15T00:00:00", "before": "2027-03-16T00:00:00"}), vec![&tea]),
        (json!({"after": "2027-04-01T00:00:00"}), vec![&lunch]),
        (json!({"before": "2027-04-01T00:00:00"}), vec![&tea]),
        (
            json!({"operator": "OR", "conditions": [{"title": "lunch"}, {"title": "cake"}]}),
            vec![&tea, &lunch],
        ),
        (json!({"operator": "NOT", "conditions": [{"title": "lunch"}]}), vec![&tea]),
    ] {
        assert_eq!(outsider.found(filter.clone()).iter().collect::<Vec<_>>(), ids, "{filter}");
    }
    let response = outsider.call("CalendarEvent/query", json!({"filter": {"colour": "red"}}));
    assert_eq!(response["type"], "unsupportedFilter", "{response}");
}

/// RFC 8620, section 5.5, and JMAP Calendars, section 5.10.2.
#[test]
fn order_and_position() {
    let outsider = Outsider::new();
    let ids: Vec<String> = [3, 1, 2]
        .iter()
        .map(|day| {
            let mut event = tea();
            event["uid"] = json!(format!("u{day}"));
            event["start"] = json!(format!("2027-03-0{day}T09:00:00"));
            outsider.created(event)
        })
        .collect();
    let by_day = [&ids[1], &ids[2], &ids[0]];
    let query = |arguments: Value| outsider.call("CalendarEvent/query", arguments);
    let start = json!([{"property": "start"}]);
    assert_eq!(query(json!({"sort": start}))["ids"], json!(by_day));
    let backwards = json!([{"property": "uid", "isAscending": false}]);
    assert_eq!(query(json!({"sort": backwards}))["ids"], json!([ids[0], ids[2], ids[1]]));
    let page = query(json!({"sort": start, "position": 1, "limit": 1, "calculateTotal": true}));
    assert_eq!(
        (&page["ids"], &page["position"], &page["total"]),
        (&json!([ids[2]]), &json!(1), &json!(3))
    );
    let last = query(json!({"sort": start, "position": -1}));
    assert_eq!(last["ids"], json!([ids[0]]));
    let behind = query(json!({"sort": start, "anchor": ids[1], "anchorOffset": 1}));
    assert_eq!(behind["ids"], json!([ids[2], ids[0]]));
    assert_eq!(query(json!({"anchor": "E9"}))["type"], "anchorNotFound");
    assert_eq!(query(json!({"sort": [{"property": "colour"}]}))["type"], "unsupportedSort");
}

#[test]
fn properties() {
    let outsider = Outsider::new();
    let id = outsider.created(tea());
    let get = |properties: Value| {
        outsider.call("CalendarEvent/get", json!({"ids": [id, "E9"], "properties": properties}))
    };
    let response = get(json!(["title"]));
    assert_eq!(response["list"], json!([{"@type": "Event", "id": id, "title": "Tea"}]));
    assert_eq!(response["notFound"], json!(["E9"]));
    let response = get(json!(["titel"]));
    assert_eq!(
        (&response["type"], &response["arguments"]),
        (&json!("invalidArguments"), &json!(["properties/titel"]))
    );
}
