//! Objects that several tests use, and short ways to look at results.

use jscalendar::{Diagnostics, Event, Group, Parsed, Position, Task, Version};
use serde_json::Value;

pub(crate) fn event(text: &str) -> Parsed<Event> {
    Event::from_json(text).unwrap()
}

pub(crate) fn task(text: &str) -> Parsed<Task> {
    Task::from_json(text).unwrap()
}

pub(crate) fn group(text: &str) -> Parsed<Group> {
    Group::from_json(text).unwrap()
}

pub(crate) fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// `code pointer`, one a line.
pub(crate) fn findings(diagnostics: &Diagnostics) -> String {
    let line = |diagnostic: &jscalendar::Diagnostic| match &diagnostic.position {
        Position::Pointer(pointer) => format!("{} {pointer}", diagnostic.code),
        _ => diagnostic.code.to_owned(),
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The text of `version`, and below it what was reported.
pub(crate) fn written(event: &Event, version: Version) -> String {
    let Parsed { value, diagnostics, .. } = event.to_json(version);
    if diagnostics.is_empty() { value } else { format!("{value}\n{}", findings(&diagnostics)) }
}

/// An event of 2.0 that has about everything.
pub(crate) const EVENT_2: &str = r##"{
    "@type": "Event", "version": "2.0", "uid": "e1", "prodId": "-//Example//EN",
    "created": "2026-01-01T00:00:00Z", "updated": "2026-02-01T00:00:00Z", "sequence": 2,
    "title": "Flight", "description": "To Tokyo", "descriptionContentType": "text/plain",
    "start": "2026-03-01T09:00:00", "duration": "PT11H", "timeZone": "Europe/Berlin",
    "endTimeZone": "Asia/Tokyo", "status": "tentative", "showWithoutTime": false,
    "recurrenceRule": {"frequency": "weekly", "count": 5, "byDay": [{"day": "su"}]},
    "recurrenceOverrides": {
        "2026-03-08T09:00:00": {"title": "Later flight", "participants/bob/participationStatus": "declined"},
        "2026-03-15T09:00:00": {"excluded": true},
        "2026-03-22T09:00:00": {"participants/ann/roles/optional": true, "endTimeZone": "Asia/Seoul"},
        "2026-04-05T09:00:00": {}
    },
    "locations": {
        "gate": {"name": "Gate 5", "coordinates": "geo:52.36,13.5", "locationTypes": {"airport": true},
            "links": {"map": {"href": "https://example.com/map.png", "rel": "icon", "display": {"badge": true}}}}
    },
    "mainLocationId": "gate",
    "virtualLocations": {"call": {"name": "Call", "uri": "https://meet.example.com/1", "features": {"audio": true}}},
    "links": {"menu": {"href": "https://example.com/menu.pdf", "contentType": "application/pdf", "size": 1200, "title": "Menu"}},
    "locale": "en", "keywords": {"work": true}, "categories": {"https://example.com/travel": true},
    "color": "turquoise", "priority": 1, "freeBusyStatus": "busy", "privacy": "private",
    "relatedTo": {"e0": {"relation": {"parent": true}}},
    "organizerCalendarAddress": "mailto:ann@example.com", "sentBy": "sec@example.com",
    "participants": {
        "ann": {"name": "Ann", "calendarAddress": "mailto:ann@example.com", "kind": "individual",
            "roles": {"owner": true, "chair": true}, "participationStatus": "accepted"},
        "bob": {"name": "Bob", "email": "bob@example.com", "calendarAddress": "mailto:bob@example.com",
            "expectReply": true, "delegatedTo": {"mailto:cy@example.com": true}},
        "cy": {"calendarAddress": "mailto:cy@example.com", "delegatedFrom": {"mailto:bob@example.com": true},
            "memberOf": {"mailto:ann@example.com": true}}
    },
    "alerts": {
        "a1": {"trigger": {"offset": "-PT1H", "relativeTo": "start"}, "acknowledged": "2026-03-01T07:00:00Z"},
        "a2": {"trigger": {"@type": "AbsoluteTrigger", "when": "2026-03-01T07:30:00Z"}, "action": "email",
            "relatedTo": {"a1": {"relation": {"snooze": true}}}}
    },
    "iCalendar": {"name": "vevent", "properties": [["x-foo", {}, "text", "bar"]]},
    "example.com:mood": {"level": 5}
}"##;

/// A task of 1.0.
pub(crate) const TASK_1: &str = r#"{
    "@type": "Task", "uid": "t1", "updated": "2026-02-01T00:00:00Z", "title": "Report",
    "start": "2026-03-01T09:00:00", "due": "2026-03-02T18:00:00", "timeZone": "Europe/Berlin",
    "estimatedDuration": "PT4H", "percentComplete": 50, "progress": "in-process",
    "progressUpdated": "2026-02-01T00:00:00Z",
    "recurrenceRules": [
        {"@type": "RecurrenceRule", "frequency": "monthly", "byMonthDay": [1]},
        {"@type": "RecurrenceRule", "frequency": "yearly"}
    ],
    "excludedRecurrenceRules": [{"@type": "RecurrenceRule", "frequency": "yearly", "byMonth": ["8"]}],
    "replyTo": {"imip": "mailto:ann@example.com", "web": "https://example.com/reply"},
    "participants": {
        "ann": {"@type": "Participant", "name": "Ann", "sendTo": {"imip": "mailto:ann@example.com"},
            "roles": {"owner": true, "chair": true, "attendee": true}, "participationStatus": "accepted",
            "progress": "completed"},
        "bob": {"@type": "Participant", "sendTo": {"imip": "mailto:bob@example.com"}, "roles": {"attendee": true},
            "participationComment": "busy", "scheduleStatus": ["2.0"], "invitedBy": "ann",
            "delegatedTo": {"ann": true}}
    },
    "localizations": {"de": {"title": "Bericht"}},
    "useDefaultAlerts": true
}"#;

/// A group of 1.0 with one zone of its own.
pub(crate) const GROUP_1: &str = r#"{
    "@type": "Group", "uid": "g1", "updated": "2026-02-01T00:00:00Z", "title": "Team", "color": "tan",
    "timeZones": {"/Office": {"@type": "TimeZone", "tzId": "Office",
        "standard": [{"@type": "TimeZoneRule", "start": "1996-10-27T03:00:00", "offsetFrom": "+0200", "offsetTo": "+0100",
            "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "yearly", "byMonth": ["10"],
                "byDay": [{"@type": "NDay", "day": "su", "nthOfPeriod": -1}]}]}],
        "daylight": [{"@type": "TimeZoneRule", "start": "1981-03-29T02:00:00", "offsetFrom": "+0100", "offsetTo": "+0200",
            "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "yearly", "byMonth": ["3"],
                "byDay": [{"@type": "NDay", "day": "su", "nthOfPeriod": -1}]}]}]}},
    "entries": [
        {"@type": "Event", "uid": "e1", "updated": "2026-02-01T00:00:00Z", "start": "2026-03-01T09:00:00",
            "timeZone": "/Office", "title": "Standup"},
        {"@type": "Note", "text": "?"}
    ]
}"#;
