//! Each quirk by itself, and by the server that has it: requests and responses as JSON, as they were measured.

use jmap_calendars::CalendarsExt;
use jmap_core::client::Upload;
use jmap_core::{Client, Request};
use jmap_embedded::{Embedded, Quirks};
use serde_json::{Value, json};

use crate::wire::Server;

/// A server with these quirks, and the client of its user.
struct Quirky(Client);

impl Quirky {
    fn new(quirks: Quirks) -> Self {
        let server = Embedded::in_memory().unwrap().quirks(quirks);
        server.add_user("jane").unwrap();
        Self(server.client("jane").wait().unwrap())
    }

    fn with(change: impl FnOnce(&mut Quirks)) -> Self {
        let mut quirks = Quirks::default();
        change(&mut quirks);
        Self::new(quirks)
    }

    /// All that comes back for one call, which is sent as it stands.
    fn raw(&self, method: &str, arguments: Value) -> Value {
        let using = [
            "urn:ietf:params:jmap:core",
            "urn:ietf:params:jmap:calendars",
            "urn:ietf:params:jmap:principals",
        ];
        let request = json!({"using": using, "methodCalls": [[method, arguments, "c"]]});
        let request: Request = serde_json::from_value(request).unwrap();
        let response = self.0.request(request).wait().unwrap();
        serde_json::to_value(&response).unwrap()["methodResponses"][0].clone()
    }

    fn call(&self, method: &str, mut arguments: Value) -> Value {
        arguments["accountId"] = json!("jane");
        self.raw(method, arguments)[1].clone()
    }

    fn create(&self, event: Value) -> Value {
        self.call("CalendarEvent/set", json!({"create": {"k": event}}))
    }

    fn created(&self, event: Value) -> String {
        let response = self.create(event);
        let id = response["created"]["k"]["id"].as_str();
        id.unwrap_or_else(|| panic!("{response}")).to_owned()
    }

    fn update(&self, id: &str, patch: Value) -> Value {
        self.call("CalendarEvent/set", json!({"update": {id: patch}}))
    }

    fn event(&self, id: &str) -> Value {
        self.call("CalendarEvent/get", json!({"ids": [id]}))["list"][0].clone()
    }
}

fn tea() -> Value {
    json!({
        "@type": "Event", "version": "2.0", "uid": "u1", "calendarIds": {"C1": true}, "title": "Tea",
        "start": "2027-03-01T09:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H",
    })
}

/// The same in the words of the 2023 draft, with a rule and people.
fn old_tea() -> Value {
    let mut tea = tea();
    tea.as_object_mut().unwrap().remove("version");
    tea["recurrenceRules"] = json!([{"@type": "RecurrenceRule", "frequency": "daily", "count": 3}]);
    tea["replyTo"] = json!({"imip": "mailto:jane@localhost"});
    tea["participants"] = json!({"j": {
        "@type": "Participant", "sendTo": {"imip": "mailto:jane@localhost"},
        "roles": {"owner": true, "attendee": true}, "participationStatus": "accepted",
    }});
    tea
}

#[test]
fn names_of_servers() {
    for name in Quirks::NAMES {
        assert!(Quirks::named(name).is_some(), "{name}");
    }
    assert_eq!(Quirks::named("cyrus"), None);
}

#[test]
fn the_session_of_cyrus() {
    let session = Quirky::new(Quirks::cyrus_3_12()).0.session();
    let text = serde_json::to_value(&*session).unwrap();
    assert_eq!(text["state"], "0");
    assert_eq!(
        text["accounts"]["jane"]["accountCapabilities"]["urn:ietf:params:jmap:calendars"]["maxCalendarsPerEvent"],
        1
    );
    let product = &text["capabilities"]["urn:ietf:params:jmap:core:backendInfo"]["product"];
    assert_eq!(*product, json!({"name": "Cyrus JMAP", "version": "3.12.4"}));
    assert!(text["capabilities"].get("https://cyrusimap.org/ns/jmap/jscalendarbis").is_none());
    let session = Quirky::new(Quirks::cyrus_3_13()).0.session();
    assert!(session.has("https://cyrusimap.org/ns/jmap/jscalendarbis"));
}

#[test]
fn the_session_of_stalwart() {
    let session = Quirky::new(Quirks::stalwart_0_16()).0.session();
    assert!(session.primary_accounts.contains_key("urn:stalwart:jmap"));
    assert!(!session.has("urn:stalwart:jmap"));
}

#[test]
fn accounts() {
    let server = Quirky::with(|it| it.account_is_optional = true);
    assert_eq!(server.raw("Calendar/get", json!({}))[1]["accountId"], "jane");
    let server = Quirky::with(|it| it.unknown_account_is_forbidden = true);
    assert_eq!(server.raw("Calendar/get", json!({"accountId": "x"}))[1]["type"], "forbidden");
}

#[test]
fn what_nobody_knows() {
    let ask = json!({"ids": [], "bogus": 1, "properties": ["bogus", "title"]});
    let server = Quirky::with(|it| it.ignores_unknown = true);
    assert_eq!(server.call("CalendarEvent/get", ask.clone())["list"], json!([]));
    let strict = Quirky::with(|_| ());
    assert_eq!(strict.call("CalendarEvent/get", ask)["type"], "invalidArguments");

    let server = Quirky::with(|it| it.refuses_vendor_properties = true);
    let mut vendor = tea();
    vendor["example.com:sugar"] = json!(2);
    let refused = server.create(vendor.clone());
    let expected = json!({"type": "invalidProperties", "properties": ["example.com:sugar"]});
    assert_eq!(refused["notCreated"]["k"], expected);
    let mut old = tea();
    old["recurrenceRules"] = json!([{"frequency": "daily"}]);
    assert_eq!(server.create(old)["notCreated"]["k"]["properties"], json!(["recurrenceRules"]));
    let id = server.created(tea());
    let refused = server.update(&id, json!({"example.com:sugar/lumps": 2}));
    assert_eq!(refused["notUpdated"][&id]["properties"], json!(["example.com:sugar/lumps"]));
    strict.created(vendor);

    let filter = json!({"filter": {"bogus": 1}});
    let server = Quirky::with(|it| it.filters_are_arguments = true);
    let error = server.call("CalendarEvent/query", filter.clone());
    assert_eq!(error, json!({"type": "invalidArguments", "arguments": ["filter/bogus"]}));
    assert_eq!(strict.call("CalendarEvent/query", filter)["type"], "unsupportedFilter");
}

#[test]
fn whole_requests_that_are_refused() {
    let ids: Vec<_> = (0..501).map(|number| format!("E{number}")).collect();
    let ask = json!({"using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"],
        "methodCalls": [["CalendarEvent/get", {"accountId": "jane", "ids": ids}, "c"]]});
    let error = |server: &Quirky, request: &Value| {
        let request: Request = serde_json::from_value(request.clone()).unwrap();
        server.0.request(request).wait().unwrap_err().to_string()
    };
    let server = Quirky::with(|it| it.too_many_ids_refuse_request = true);
    insta::assert_snapshot!(error(&server, &ask), @"the server refused the request: urn:ietf:params:jmap:error:limit (maxObjectsInGet)");
    let server = Quirky::with(|it| it.not_request_for_all = true);
    let unknown = json!({"using": ["urn:example:nothing"], "methodCalls": []});
    insta::assert_snapshot!(error(&server, &unknown), @"the server refused the request: urn:ietf:params:jmap:error:notRequest");
}

#[test]
fn events_that_are_refused() {
    let mut both = tea();
    both["calendarIds"] = json!({"C1": true, "C2": true});
    let server = Quirky::with(|it| it.one_calendar = true);
    assert_eq!(server.create(both)["notCreated"]["k"]["properties"], json!(["calendarIds"]));
    let mut unversioned = tea();
    unversioned.as_object_mut().unwrap().remove("version");
    let server = Quirky::with(|it| it.version_is_required = true);
    assert_eq!(server.create(unversioned)["notCreated"]["k"]["properties"], json!(["version"]));
    let server = Quirky::with(|it| it.no_time_zone_in_get = true);
    let ask = json!({"ids": [], "timeZone": "Europe/Berlin"});
    assert_eq!(server.call("CalendarEvent/get", ask)["arguments"], json!(["timeZone"]));
    let server = Quirky::with(|it| it.no_query_changes = true);
    let ask = json!({"sinceQueryState": "0"});
    assert_eq!(server.call("CalendarEvent/queryChanges", ask)["type"], "unknownMethod");
}

#[test]
fn answers_to_set() {
    let server = Quirky::with(|it| it.null_for_nothing = true);
    let response = server.create(tea());
    for list in ["updated", "destroyed", "notCreated", "notUpdated", "notDestroyed"] {
        assert_eq!(response.get(list), Some(&Value::Null), "{list}");
    }
    let server = Quirky::with(|it| it.bare_set_responses = true);
    let response = server.create(tea());
    let names: Vec<_> = response["created"]["k"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["id"]);
    assert!(response.get("notCreated").is_none());
    let id = response["created"]["k"]["id"].as_str().unwrap();
    let response = server.update(id, json!({"title": "Coffee"}));
    assert_eq!(response["updated"], json!({id: null}));

    let server = Quirky::with(|it| it.calendar_has_events = true);
    server.created(tea());
    let team = server.call("Calendar/set", json!({"create": {"k": {"name": "Team"}}}));
    let team = team["created"]["k"]["id"].as_str().unwrap();
    let mut other = tea();
    (other["uid"], other["calendarIds"]) = (json!("u2"), json!({team: true}));
    server.created(other);
    let response = server.call("Calendar/set", json!({"destroy": [team]}));
    assert_eq!(response["notDestroyed"][team]["type"], "calendarHasEvents");
}

#[test]
fn calendars() {
    let server = Quirky::with(|it| it.sparse_calendars = true);
    let calendar = &server.call("Calendar/get", json!({"ids": null}))["list"][0];
    assert!(calendar.get("isVisible").is_none() && calendar.get("shareWith").is_none());
    let ask = json!({"ids": null, "properties": ["isVisible"]});
    assert_eq!(server.call("Calendar/get", ask)["list"][0]["isVisible"], true);
    let server = Quirky::with(|it| it.absent_if_unset = true);
    let calendar = &server.call("Calendar/get", json!({"ids": null}))["list"][0];
    assert!(calendar.get("color").is_none() && calendar.get("defaultAlertsWithTime").is_none());
    let server = Quirky::with(|it| it.identities_without_state = true);
    let response = server.call("ParticipantIdentity/get", json!({"ids": null}));
    assert!(response.get("state").is_none() && response["list"].is_array());
}

/// The session, as the server itself says it.
#[test]
fn paths_and_the_state() {
    let server = Quirky::new(Quirks::cyrus_3_12());
    let response = server.raw("Calendar/get", json!({"ids": []}));
    assert_eq!(response[0], "Calendar/get");
    let session = server.0.session();
    assert_eq!(session.api_url.as_deref(), Some("/jmap/api"));
    assert!(!session.has("urn:ietf:params:jmap:calendars:parse"));
    let blob = server.0.upload(Upload::new("text/calendar", ICAL)).wait().unwrap().blob_id.unwrap();
    let parsed = server.call("CalendarEvent/parse", json!({"blobIds": [blob.as_str()]}));
    assert_eq!(parsed["parsed"][blob.as_str()]["@type"], "Event", "{parsed}");
    assert_eq!((&parsed["notFound"], &parsed["notParsable"]), (&Value::Null, &Value::Null));

    let both = ICAL.replace(
        "END:VEVENT\r\n",
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nDTSTART:20270302T090000Z\r\nEND:VEVENT\r\n",
    );
    let parse = |quirks: Quirks| {
        let server = Quirky::new(quirks);
        let upload = Upload::new("text/calendar", both.clone());
        let blob = server.0.upload(upload).wait().unwrap().blob_id.unwrap();
        let parsed = server.call("CalendarEvent/parse", json!({"blobIds": [blob.as_str()]}));
        (parsed["parsed"][blob.as_str()]["entries"].clone(), parsed["notParsable"].clone())
    };
    assert_eq!(parse(Quirks::cyrus_3_13()).0.as_array().unwrap().len(), 2);
    assert_eq!(parse(Quirks::cyrus_3_12()).1.as_array().unwrap().len(), 1);
}

const ICAL: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20270301T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn occurrences() {
    let mut series = tea();
    series["recurrenceRule"] = json!({"frequency": "daily", "count": 3});
    series["recurrenceOverrides"] =
        json!({"2027-03-02T09:00:00": {"start": "2027-03-02T10:00:00", "duration": "PT1H"}});
    let expanded = |server: &Quirky| {
        let base = server.created(series.clone());
        let found = server.call(
            "CalendarEvent/query",
            json!({
                "expandRecurrences": true, "sort": [{"property": "start"}],
                "filter": {"after": "2027-03-01T00:00:00", "before": "2027-03-09T00:00:00"},
            }),
        );
        (base, found["ids"].as_array().unwrap_or_else(|| panic!("{found}")).clone())
    };
    let server = Quirky::with(|it| it.wrong_recurrence_ids = true);
    let (_, ids) = expanded(&server);
    let second = server.event(ids[1].as_str().unwrap());
    assert_eq!(second["recurrenceId"], "2027-03-02T10:00:00");

    let server = Quirky::with(|it| it.read_only_occurrences = true);
    let (base, ids) = expanded(&server);
    let second = ids[1].as_str().unwrap();
    let set = json!({"update": {second: {"title": "Coffee"}, &base: {"priority": 1}}});
    let response = server.call("CalendarEvent/set", set);
    assert_eq!(response["notUpdated"][second]["properties"], json!(["id"]));
    assert!(response["updated"].get(&base).is_some());
    let response = server.call("CalendarEvent/set", json!({"destroy": [second]}));
    assert_eq!(response["notDestroyed"][second]["properties"], json!(["id"]));
}

#[test]
fn principals() {
    let server = Quirky::with(|it| it.principals_by_id = true);
    assert_eq!(server.call("Principal/get", json!({"ids": null}))["type"], "requestTooLarge");
    let own = &server.call("Principal/get", json!({"ids": ["jane"]}))["list"][0];
    assert!(own["capabilities"].is_object(), "{own}");
    let server = Quirky::with(|it| it.flat_principals = true);
    let own = &server.call("Principal/get", json!({"ids": ["jane"]}))["list"][0];
    assert_eq!(own["calendarAddress"], "mailto:jane@localhost", "{own}");
    assert!(own.get("capabilities").is_none() && own.get("accounts").is_none());
    let server = Quirky::new(Quirks::cyrus_3_12());
    let own = &server.call("Principal/get", json!({"ids": ["jane"]}))["list"][0];
    assert_eq!(own["sendTo"], json!({"imip": "mailto:jane@localhost"}), "{own}");
    let identity = &server.call("ParticipantIdentity/get", json!({"ids": null}))["list"][0];
    assert_eq!(identity["sendTo"], json!({"imip": "mailto:jane@localhost"}));
}

#[test]
fn availability() {
    let server = Quirky::new(Quirks::cyrus_3_13());
    server.created(tea());
    let mut ask =
        json!({"id": "jane", "utcStart": "2027-03-01T00:00:00Z", "utcEnd": "2027-03-02T00:00:00Z"});
    ask["showDetails"] = json!(false);
    let (name, answer) = {
        let answer = server.raw("Principal/getAvailability", ask.clone());
        (answer[0].clone(), answer[1].clone())
    };
    assert_eq!(
        (name, answer["list"].as_array().map(Vec::len)),
        (json!("Principal/getAvailability"), Some(1))
    );
    let refused = server.call("Principal/getAvailability", ask);
    assert_eq!(refused, json!({"type": "invalidArguments", "arguments": ["accountId"]}));
    assert!(answer["list"][0].get("accountId").is_none());
}

#[test]
fn answers_to_query() {
    let server = Quirky::with(|it| it.total_always = true);
    server.created(tea());
    let response = server.call("CalendarEvent/query", json!({"position": 1}));
    assert_eq!((&response["position"], &response["ids"]), (&json!(0), &json!([])));
    assert_eq!(response["total"], 1);
    let server = Quirky::with(|it| it.repeats_query = true);
    let ask = json!({"filter": {"title": "tea"}});
    let response = server.call("CalendarEvent/query", ask);
    assert_eq!((&response["filter"], &response["sort"]), (&json!({"title": "tea"}), &Value::Null));
    let server = Quirky::with(|it| it.uid_always = true);
    let id = server.created(tea());
    let response = server.call("CalendarEvent/get", json!({"ids": [id], "properties": ["title"]}));
    assert_eq!(response["list"][0]["uid"], "u1");
    let server = Quirky::with(|it| it.no_descriptions = true);
    assert!(server.call("CalendarEvent/get", json!({"ids": "x"})).get("description").is_none());
    let refused = server.create(json!({"title": 5}));
    assert!(refused["notCreated"]["k"].get("description").is_none());
}

#[test]
fn overrides() {
    let mut series = tea();
    series["recurrenceRule"] = json!({"frequency": "daily", "count": 3});
    series["recurrenceOverrides"] = json!({
        "2027-03-02T09:00:00": {"title": null, "priority": 1},
        "2027-03-03T09:00:00": {"start": "2027-03-03T10:00:00"},
    });
    let server = Quirky::with(|it| it.overrides_lose_null = true);
    let id = server.created(series.clone());
    assert_eq!(
        server.event(&id)["recurrenceOverrides"]["2027-03-02T09:00:00"],
        json!({"priority": 1})
    );
    let server = Quirky::with(|it| it.moved_last_all_day = true);
    let id = server.created(series);
    let moved = &server.event(&id)["recurrenceOverrides"]["2027-03-03T09:00:00"];
    assert_eq!(moved["duration"], "PT13H59M59S");
}

#[test]
fn events_as_they_come_back() {
    let server = Quirky::with(|it| it.base_of_every_event = true);
    let id = server.created(tea());
    let ask = json!({"ids": [id], "properties": ["baseEventId"]});
    assert_eq!(server.call("CalendarEvent/get", ask)["list"][0]["baseEventId"], json!(id));
    assert!(server.event(&id).get("baseEventId").is_none());

    let days = json!({
        "@type": "Event", "version": "2.0", "uid": "u2", "calendarIds": {"C1": true}, "title": "Fair",
        "start": "2027-03-01T00:00:00", "duration": "P1D", "showWithoutTime": true,
        "recurrenceRule": {"frequency": "daily", "count": 3},
        "recurrenceOverrides": {"2027-03-02T00:00:00": {"title": "Second day"}},
    });
    let server = Quirky::with(|it| it.damaged_days = true);
    let id = server.created(days);
    let damaged = server.event(&id);
    assert_eq!((&damaged["title"], damaged.get("start")), (&json!("Second day"), None));
    let stored = server.0.events().by_uid("u2").wait().unwrap().unwrap();
    assert!(stored.is_damaged());
}

/// The draft's words in, the draft's words out; the standard's are refused.
#[test]
fn the_draft_of_2023() {
    let server = Quirky::with(|it| it.draft_of_2023 = true);
    for name in ["version", "recurrenceRule", "organizerCalendarAddress", "mainLocationId"] {
        let mut new = old_tea();
        new[name] = json!("2.0");
        let error = &server.create(new)["notCreated"]["k"];
        assert_eq!(*error, json!({"type": "invalidProperties", "properties": [name]}));
    }
    let id = server.created(old_tea());
    let event = server.event(&id);
    assert_eq!(event["recurrenceRules"][0]["frequency"], "daily");
    assert_eq!(event["replyTo"], json!({"imip": "mailto:jane@localhost"}));
    assert_eq!(event["participants"]["j"]["sendTo"]["imip"], "mailto:jane@localhost");
    for name in ["version", "recurrenceRule", "organizerCalendarAddress"] {
        assert!(event.get(name).is_none(), "{name}");
    }
    let rule = json!({"@type": "RecurrenceRule", "frequency": "daily", "count": 5});
    let patch =
        json!({"recurrenceRules": [rule], "participants/j/participationStatus": "tentative"});
    assert!(server.update(&id, patch)["updated"].get(&id).is_some());
    let patch = server.update(&id, json!({"locations/here/name": "Room"}));
    assert_eq!(patch["notUpdated"][&id]["type"], "invalidPatch");
    let event = server.event(&id);
    assert_eq!(event["recurrenceRules"][0]["count"], 5);
    assert_eq!(event["participants"]["j"]["participationStatus"], "tentative");
    let found =
        server.call("CalendarEvent/query", json!({"filter": {"inCalendars": ["C1", "C9"]}}));
    assert_eq!(found["ids"], json!([id]));
    let found = server.call("CalendarEvent/query", json!({"filter": {"inCalendar": "C1"}}));
    assert_eq!(found, json!({"type": "invalidArguments", "arguments": ["filter/inCalendar"]}));
    let ask = json!({"ids": [id], "properties": ["recurrenceRules", "replyTo"]});
    let picked = &server.call("CalendarEvent/get", ask)["list"][0];
    assert!(picked["recurrenceRules"].is_array() && picked["replyTo"].is_object(), "{picked}");
    let ask = json!({"ids": [id], "properties": ["title", "version"]});
    assert_eq!(
        server.call("CalendarEvent/get", ask)["arguments"],
        json!(["properties[1:version]"])
    );
}

#[test]
fn calendars_of_the_draft() {
    let server = Quirky::new(Quirks::cyrus_3_12());
    let calendar = &server.call("Calendar/get", json!({"ids": null}))["list"][0];
    assert!(calendar.get("isDefault").is_none());
    assert_eq!(calendar["myRights"]["mayAdmin"], true);
    assert!(calendar["myRights"].get("mayShare").is_none());
    let created = server.call("Calendar/set", json!({"create": {"k": {"name": "Team"}}}));
    let team = created["created"]["k"]["id"].clone();
    let wrong = server.call("Calendar/set", json!({"onSuccessSetIsDefault": team}));
    assert_eq!(wrong["arguments"], json!(["onSuccessSetIsDefault"]));
    let set = json!({"update": {"singleton": {"defaultCalendarId": team}}});
    assert_eq!(server.call("CalendarPreferences/set", set)["updated"], json!({"singleton": null}));
    let preferences = server.call("CalendarPreferences/get", json!({"ids": null}));
    assert_eq!(preferences["list"][0]["defaultCalendarId"], team);
}

#[test]
fn defaults_that_are_spelled_out() {
    let server = Quirky::new(Quirks::cyrus_3_12());
    let id = server.created(old_tea());
    let event = server.event(&id);
    assert_eq!(event["keywords"], Value::Null);
    assert_eq!(event["descriptionContentType"], "text/plain");
    assert_eq!(event["recurrenceRules"][0]["firstDayOfWeek"], "mo");
    assert_eq!(event["participants"]["j"]["expectReply"], false);
}

/// Whoever is invited gets it although nobody said so.
#[test]
fn messages_that_nobody_asked_for() {
    let invited = |schedules_by_default: bool| {
        let mut quirks = Quirks::default();
        quirks.schedules_by_default = schedules_by_default;
        let server = Embedded::in_memory().unwrap().quirks(quirks);
        ["jane", "bob"].iter().for_each(|name| server.add_user(name).unwrap());
        let jane = Quirky(server.client("jane").wait().unwrap());
        let mut meeting = tea();
        meeting["organizerCalendarAddress"] = json!("mailto:jane@localhost");
        meeting["participants"] = json!({
            "j": {"calendarAddress": "mailto:jane@localhost", "roles": {"owner": true}},
            "b": {"calendarAddress": "mailto:bob@localhost", "roles": {"required": true}},
        });
        jane.created(meeting);
        let bob = server.client("bob").wait().unwrap();
        bob.events().by_uid("u1").wait().unwrap().is_some()
    };
    assert!(invited(true));
    assert!(!invited(false));
}

#[test]
fn no_stream_of_events() {
    let status = |no_push: bool| {
        let mut quirks = Quirks::default();
        quirks.no_push = no_push;
        let server = Server::of(Embedded::in_memory().unwrap().quirks(quirks), &["jane"]);
        let mut wire = server.connect("jane");
        wire.send("GET", "/jmap/events?types=*&closeafter=no&ping=0", &[], b"");
        wire.head().unwrap().status
    };
    assert_eq!((status(true), status(false)), (204, 200));
}

/// What people do, on each of them.
#[test]
fn nobody_notices() {
    for name in Quirks::NAMES {
        let server = Quirky::new(Quirks::named(name).unwrap());
        let events = server.0.events();
        let mut lunch = jscalendar::Event::new("lunch", "2026-03-02T12:30:00".parse().unwrap());
        lunch.recurrence_rule =
            Some(Box::new(jscalendar::RecurrenceRule::new(jscalendar::Frequency::Daily)));
        lunch.duration = "PT1H".parse().ok();
        events.add(lunch).wait().unwrap();
        let stored = events.by_uid("lunch").wait().unwrap().unwrap();
        assert!(stored.recurrence_rule.is_some(), "{name}");
        let stored = stored.edit(|event| event.title = Some("Lunch".to_owned())).wait().unwrap();
        let second = "2026-03-03T12:30:00".parse().unwrap();
        let moved = "2026-03-03T13:00:00".parse().ok();
        let stored = stored.edit_occurrence(second, |it| it.start = moved).wait().unwrap();
        assert_eq!(stored.title.as_deref(), Some("Lunch"), "{name}");
        assert_eq!(stored.recurrence_overrides.len(), 1, "{name}");
        let calendar = server.0.calendars().create("Team").wait().unwrap();
        assert_eq!(server.0.calendars().list().wait().unwrap().len(), 2, "{name}");
        assert_eq!(calendar.name.as_deref(), Some("Team"), "{name}");
    }
}
