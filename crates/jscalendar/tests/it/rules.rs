//! The rules that `validate` checks, V1 to V19 of the sheet and those of single members.

use insta::assert_snapshot;
use jscalendar::Version;
use serde_json::{Value, json};

use crate::samples::{event, findings, group, task};

const OLD: Version = Version::V1_0;
const NEW: Version = Version::V2_0;

/// A right event with these members besides.
fn with(members: Value) -> String {
    let mut base = json!({"@type": "Event", "version": "2.0", "uid": "e1",
        "updated": "2026-02-01T00:00:00Z", "start": "2026-03-01T09:00:00"});
    merge(&mut base, members);
    base.to_string()
}

fn task_with(members: Value) -> String {
    let mut base = json!({"@type": "Task", "version": "2.0", "uid": "t1",
        "updated": "2026-02-01T00:00:00Z"});
    merge(&mut base, members);
    base.to_string()
}

fn merge(base: &mut Value, members: Value) {
    for (name, value) in members.as_object().unwrap() {
        base[name] = value.clone();
    }
}

fn new(members: Value) -> String {
    findings(&event(&with(members)).value.validate(NEW))
}

fn old(mut members: Value) -> String {
    members["version"] = Value::Null;
    findings(&event(&with(members)).value.validate(OLD))
}

fn of_task(members: Value) -> String {
    findings(&task(&task_with(members)).value.validate(NEW))
}

#[test]
fn a_right_object_has_no_findings() {
    assert_eq!(new(json!({})), "");
    assert_eq!(old(json!({})), "");
    assert_eq!(of_task(json!({})), "");
    let everything = event(crate::samples::EVENT_2).value;
    assert_snapshot!(findings(&everything.validate(NEW)), @"");
    assert_snapshot!(findings(&task(crate::samples::TASK_1).value.validate(OLD)), @"");
    assert_snapshot!(findings(&group(crate::samples::GROUP_1).value.validate(OLD)), @"unknown-type entries/1");
}

#[test]
fn a_mandatory_member_that_is_wrong_is_not_missing_too() {
    assert_snapshot!(new(json!({"start": "today", "uid": 5, "updated": "", "links": {"a": {"href": 1}}})), @"
    wrong-value start
    wrong-value uid
    wrong-value updated
    wrong-value links/a/href
    ");
}

#[test]
fn mandatory_members() {
    assert_snapshot!(findings(&event("{}").value.validate(NEW)), @r#"
missing-member version
missing-member uid
missing-member updated
missing-member start
"#);
    assert_snapshot!(findings(&task("{}").value.validate(OLD)), @r#"
missing-member uid
missing-member updated
"#);
    assert_snapshot!(findings(&group("{}").value.validate(NEW)), @r#"
missing-member version
missing-member uid
missing-member updated
"#);
    assert_snapshot!(new(json!({
        "recurrenceRule": {"byDay": [{}]},
        "links": {"a": {}},
        "virtualLocations": {"a": {}},
        "alerts": {"a": {}, "b": {"trigger": {}}, "c": {"trigger": {"@type": "AbsoluteTrigger"}}},
    })), @r#"
missing-member recurrenceRule/frequency
missing-member recurrenceRule/byDay/0/day
missing-member virtualLocations/a/uri
missing-member links/a/href
missing-member alerts/a/trigger
missing-member alerts/b/trigger/offset
missing-member alerts/c/trigger/when
"#);
    assert_eq!(new(json!({"links": {"a": {"blobId": "b"}}})), "");
}

#[test]
fn v1_capitals() {
    assert_snapshot!(new(json!({
        "Title": "T", "status": "Confirmed", "freeBusyStatus": "BUSY", "privacy": "x", "method": "vendor.example:m",
        "participants": {"a": {"Name": "A"}}, "recurrenceRule": {"frequency": "DAILY"},
    })), @r#"
name-case Title
value-case status
value-case freeBusyStatus
unknown-value privacy
value-case recurrenceRule/frequency
name-case participants/a/Name
"#);
}

#[test]
fn v2_v3_v4_names() {
    assert_snapshot!(new(json!({
        "newName2": 1, "example.com:x y": 1, "ex_ample:a": 1, "bad name": 1, "example.com:": 1, "example.com/a": 1,
        "extra": 1, "priority": "high", "links": {"a": 5, "b": {"href": "https://x/y", "size": -1}},
        "replyTo": {"web": "https://x/y"}, "localizations": {"de": {}}, "due": "2026-01-01T00:00:00",
        "timeZones": {},
    })), @r#"
not-in-version replyTo
not-in-version localizations
invalid-name bad name
not-here due
invalid-name ex_ample:a
invalid-name example.com~1a
invalid-name example.com:
reserved-name extra
wrong-value links/a
wrong-value priority
wrong-value links/b/size
"#);
}

#[test]
fn v5_versions() {
    let text = json!({"@type": "Group", "uid": "g", "updated": "2026-02-01T00:00:00Z", "method": "publish", "entries": [
        {"@type": "Event", "version": "2.0", "uid": "e", "updated": "2026-02-01T00:00:00Z", "start": "2026-03-01T09:00:00"},
        {"@type": "Event", "uid": "f", "updated": "2026-02-01T00:00:00Z"},
        {"@type": "Journal"}, 5
    ]})
    .to_string();
    assert_snapshot!(findings(&group(&text).value.validate(NEW)), @r#"
not-here method
missing-member version
version-in-entry entries/0/version
missing-member entries/1/start
unknown-type entries/2
wrong-value entries/3
"#);
    assert_snapshot!(findings(&event(&with(json!({}))).value.validate(OLD)), @"other-version version");
    assert_eq!(new(json!({"version": "2.7"})), "");
    assert_eq!(new(json!({"version": "3.0"})), "");
}

#[test]
fn v6_v7_v8_recurrence() {
    assert_eq!(
        new(
            json!({"recurrenceId": "2026-03-01T09:00:00", "recurrenceRule": {"frequency": "daily"}})
        ),
        "instance-recurs recurrenceId"
    );
    assert_eq!(
        new(
            json!({"recurrenceId": "2026-03-01T09:00:00", "recurrenceOverrides": {"2026-03-01T09:00:00": {}}})
        ),
        "instance-recurs recurrenceId"
    );
    assert_eq!(
        new(json!({"recurrenceIdTimeZone": "Europe/Berlin"})),
        "recurrence-id-zone-alone recurrenceIdTimeZone"
    );
    assert_eq!(
        new(
            json!({"recurrenceRule": {"frequency": "daily", "count": 2, "until": "2026-04-01T00:00:00"}})
        ),
        "count-and-until recurrenceRule/until"
    );
    assert_eq!(new(json!({"endTimeZone": "Asia/Tokyo"})), "end-zone-alone endTimeZone");
    assert_eq!(new(json!({"endTimeZone": "Asia/Tokyo", "timeZone": "Asia/Tokyo"})), "");
}

#[test]
fn v9_tasks() {
    assert_eq!(of_task(json!({"recurrenceRule": {"frequency": "daily"}})), "missing-member start");
    assert_eq!(of_task(json!({"recurrenceId": "2026-03-01T09:00:00"})), "missing-member start");
    assert_eq!(of_task(json!({"timeZone": "Europe/Berlin"})), "task-without-date timeZone");
    assert_eq!(of_task(json!({"showWithoutTime": true})), "task-without-date showWithoutTime");
    assert_eq!(of_task(json!({"showWithoutTime": false})), "");
    assert_eq!(of_task(json!({"timeZone": "Europe/Berlin", "due": "2026-03-01T09:00:00"})), "");
    assert_eq!(
        of_task(json!({"percentComplete": 101, "status": "confirmed", "progress": "Failed"})),
        "not-here status\nout-of-range percentComplete\nvalue-case progress"
    );
}

#[test]
fn v10_to_v13_people() {
    assert_eq!(
        new(json!({"organizerCalendarAddress": "mailto:a@x"})),
        "organizer-without-participant organizerCalendarAddress"
    );
    assert_eq!(
        new(json!({"participants": {"a": {"calendarAddress": "mailto:a@x"}}})),
        "participant-without-organizer participants"
    );
    assert_eq!(new(json!({"sentBy": "a@x"})), "sent-by-without-organizer sentBy");
    assert_snapshot!(new(json!({"participants": {"a": {
        "name": "A", "email": "a@x", "kind": "individual", "roles": {"chair": true}, "participationStatus": "accepted",
        "expectReply": true, "sentBy": "not an address", "delegatedTo": {"mailto:b@x": true}, "progress": "completed",
        "percentComplete": 101, "description": "text"}}})), @r#"
invalid-email participants/a/sentBy
out-of-range participants/a/percentComplete
tasks-only participants/a/progress
tasks-only participants/a/percentComplete
no-calendar-address participants/a/email
no-calendar-address participants/a/kind
no-calendar-address participants/a/roles
no-calendar-address participants/a/participationStatus
no-calendar-address participants/a/expectReply
no-calendar-address participants/a/sentBy
no-calendar-address participants/a/delegatedTo
no-calendar-address participants/a/progress
no-calendar-address participants/a/percentComplete
"#);
    let on_task = |participant: Value| {
        let mut it = participant;
        it["calendarAddress"] = json!("mailto:a@x");
        of_task(json!({"organizerCalendarAddress": "mailto:a@x", "participants": {"a": it}}))
    };
    assert_eq!(on_task(json!({"progress": "completed", "participationStatus": "accepted"})), "");
    assert_eq!(
        on_task(json!({"progress": "completed"})),
        "progress-not-accepted participants/a/progress"
    );
    assert_eq!(
        on_task(json!({"progress": "cancelled", "participationStatus": "accepted"})),
        "not-in-version participants/a/progress"
    );
    assert_eq!(
        on_task(json!({"roles": {"attendee": true, "Chair": true, "x:y": true}})),
        "unknown-value participants/a/roles/attendee\nvalue-case participants/a/roles/Chair"
    );
    assert_eq!(
        on_task(json!({"descriptionContentType": "text/plain"})),
        "content-type-alone participants/a/descriptionContentType"
    );
}

#[test]
fn participants_of_1_0() {
    assert_snapshot!(old(json!({"replyTo": {"web": "https://x/y"}, "participants": {"a": {"sendTo": {"imip": "mailto:a@x"},
        "roles": {"attendee": true}, "invitedBy": "b", "locationId": "l", "delegatedTo": {"nobody": true}, "language": "?"}}})), @r#"
unknown-participant participants/a/delegatedTo/nobody
invalid-language participants/a/language
unknown-participant participants/a/invitedBy
unknown-location participants/a/locationId
"#);
    assert_eq!(
        old(
            json!({"participants": {"a": {"sendTo": {"imip": "mailto:a@x"}, "roles": {"owner": true}}}})
        ),
        "participant-without-organizer participants"
    );
}

#[test]
fn v14_v15_v16_places() {
    assert_eq!(new(json!({"mainLocationId": "a"})), "main-location mainLocationId");
    assert_eq!(
        new(json!({"mainLocationId": "a", "locations": {"a": {"coordinates": "geo:1,2"}}})),
        "main-location mainLocationId"
    );
    assert_eq!(new(json!({"mainLocationId": "a", "locations": {"a": {"name": "A"}}})), "");
    assert_eq!(new(json!({"locations": {"a": {}}})), "empty-location locations/a");
    assert_eq!(
        new(
            json!({"links": {"a": {"href": "https://x/y", "display": {"badge": true, "huge": true}}}})
        ),
        "unknown-value links/a/display/huge\ndisplay-without-icon links/a/display"
    );
    assert_eq!(
        new(json!({"locations": {"a": {"name": "A", "description": "D", "coordinates": "1,2"}}})),
        "not-in-version locations/a/description\ninvalid-uri locations/a/coordinates"
    );
}

#[test]
fn v17_numbers_and_lists() {
    assert_snapshot!(new(json!({"priority": 10, "sequence": 2.5, "recurrenceRule": {
        "frequency": "monthly", "interval": 0, "count": 0, "rscale": "GREGORIAN", "byMonthDay": [0, 32, -31],
        "byMonth": ["0", "13", "5L", "12"], "byYearDay": [367], "byWeekNo": [54], "byHour": [24], "byMinute": [60],
        "bySecond": [61], "bySetPosition": [0], "byDay": [{"day": "MO", "nthOfPeriod": 0}]}})), @r#"
wrong-value sequence
out-of-range priority
wrong-value recurrenceRule/rscale
out-of-range recurrenceRule/interval
out-of-range recurrenceRule/count
value-case recurrenceRule/byDay/0/day
out-of-range recurrenceRule/byDay/0/nthOfPeriod
out-of-range recurrenceRule/byMonthDay/0
out-of-range recurrenceRule/byMonthDay/1
out-of-range recurrenceRule/byYearDay/0
out-of-range recurrenceRule/byWeekNo/0
out-of-range recurrenceRule/byMonth/0
out-of-range recurrenceRule/byMonth/1
out-of-range recurrenceRule/byMonth/2
out-of-range recurrenceRule/byHour/0
out-of-range recurrenceRule/byMinute/0
out-of-range recurrenceRule/bySecond/0
out-of-range recurrenceRule/bySetPosition/0
"#);
    assert_eq!(
        new(
            json!({"recurrenceRule": {"frequency": "yearly", "rscale": "hebrew", "byMonth": ["5L", "13"]}})
        ),
        ""
    );
}

#[test]
fn v18_alerts() {
    assert_snapshot!(of_task(json!({"due": "2026-03-01T09:00:00", "alerts": {
        "a": {"trigger": {"offset": "-PT5M"}},
        "b": {"trigger": {"offset": "-PT5M", "relativeTo": "end"}},
        "c": {"trigger": {"@type": "Moon"}, "relatedTo": {"z": {}}, "action": "Email"},
        "d e": {"trigger": {"@type": "AbsoluteTrigger", "when": "2026-03-01T09:00:00Z"}}
    }})), @r#"
alert-anchor alerts/a/trigger/relativeTo
value-case alerts/c/action
unknown-type alerts/c/trigger
unknown-alert alerts/c/relatedTo/z
invalid-id alerts/d e
"#);
}

#[test]
fn v19_sets() {
    assert_eq!(new(json!({"keywords": {"a": true, "b": false}})), "wrong-value keywords/b");
}

#[test]
fn fractions_and_forms() {
    assert_snapshot!(new(json!({
        "start": "2026-03-01T09:00:00.5", "duration": "PT0.5S", "updated": "2026-02-01T00:00:00.25Z",
        "recurrenceOverrides": {"2026-03-01T09:00:00.5": {}}, "color": "#abc", "locale": "e_n",
        "categories": {"not a uri": true}, "descriptionContentType": "text/html;charset=latin1",
        "links": {"a": {"href": "no scheme", "contentType": "pdf"}}, "timeZone": "Europe/Bonn",
    })), @r#"
fraction start
fraction duration
invalid-media-type descriptionContentType
invalid-language locale
invalid-uri categories/not a uri
invalid-color color
fraction updated
unknown-zone timeZone
invalid-uri links/a/href
invalid-media-type links/a/contentType
fraction recurrenceOverrides/2026-03-01T09:00:00.5
"#);
    assert_eq!(old(json!({"start": "2026-03-01T09:00:00.5", "color": "#abc"})), "");
    assert_eq!(
        new(
            json!({"descriptionContentType": "text/html; charset=\"UTF-8\"", "locale": "de-CH-1996"})
        ),
        ""
    );
}

#[test]
fn zones() {
    assert_eq!(new(json!({"timeZone": "/Custom"})), "not-in-version timeZone");
    assert_eq!(old(json!({"timeZone": "/Custom"})), "undefined-zone timeZone");
    assert_snapshot!(old(json!({"timeZone": "/Custom", "timeZones": {
        "/Custom": {"standard": [{"offsetFrom": "1", "start": "2026-01-01T00:00:00"}]}, "Other": {"tzId": "x"}}})), @r#"
missing-member timeZones/~1Custom/tzId
invalid-zone timeZones/~1Custom/standard/0/offsetFrom
missing-member timeZones/~1Custom/standard/0/offsetTo
invalid-zone timeZones/Other
invalid-zone timeZones/Other
"#);
}

#[test]
fn overrides() {
    assert_snapshot!(new(json!({
        "links": {"a": {"href": "https://x/y"}},
        "recurrenceRule": {"frequency": "daily", "byDay": [{"day": "mo"}]},
        "recurrenceOverrides": {
            "2026-03-01T09:00:00": {"links/b/title": "x"},
            "2026-03-02T09:00:00": {"links": {}, "links/a/title": "x"},
            "2026-03-03T09:00:00": {"recurrenceRule/byDay/0/day": "tu", "uid": "other", "title": "T"},
            "2026-03-04T09:00:00": {"excluded": true, "title": "T"},
            "2026-03-05T09:00:00": {"excluded": false},
            "2026-03-06T09:00:00": {"excluded": "yes"},
            "2026-03-07T09:00:00": {"a~2": 1},
            "2026-03-08T09:00:00": {"priority": 11, "links/a/href": null, "title": 5},
            "2026-03-09T09:00:00": {"start": null},
            "2026-03-10T09:00:00": {"links/a/title": "x", "relatedTo": {}},
        }
    })), @r#"
patch-parent recurrenceOverrides/2026-03-01T09:00:00/links~1b~1title
patch-overlap recurrenceOverrides/2026-03-02T09:00:00/links~1a~1title
patch-ignored recurrenceOverrides/2026-03-03T09:00:00/recurrenceRule~1byDay~10~1day
patch-ignored recurrenceOverrides/2026-03-03T09:00:00/uid
excluded-with-others recurrenceOverrides/2026-03-04T09:00:00/excluded
excluded-false recurrenceOverrides/2026-03-05T09:00:00/excluded
wrong-value recurrenceOverrides/2026-03-06T09:00:00/excluded
patch-pointer recurrenceOverrides/2026-03-07T09:00:00/a~02
wrong-value recurrenceOverrides/2026-03-08T09:00:00/title
out-of-range recurrenceOverrides/2026-03-08T09:00:00/priority
missing-member recurrenceOverrides/2026-03-08T09:00:00/links~1a~1href
missing-member recurrenceOverrides/2026-03-09T09:00:00/start
"#);
    assert_eq!(
        old(
            json!({"recurrenceOverrides": {"2026-03-04T09:00:00": {"excluded": true, "title": "T"}}})
        ),
        ""
    );
    assert_eq!(
        old(json!({"recurrenceOverrides": {"2026-03-04T09:00:00": {"relatedTo": {"x": {}}}}})),
        "patch-ignored recurrenceOverrides/2026-03-04T09:00:00/relatedTo"
    );
}

#[test]
fn messages_name_the_place_and_the_rule() {
    let found =
        event(&with(json!({"priority": 11, "endTimeZone": "Asia/Tokyo"}))).value.validate(NEW);
    let text: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_snapshot!(text.join("\n"), @r#"
#/endTimeZone: error[end-zone-alone]: endTimeZone needs timeZone
#/priority: error[out-of-range]: 11 is not from 0 to 9
"#);
}

#[test]
fn localizations() {
    assert_snapshot!(old(json!({"localizations": {"de": {"title": "T", "locations/a/name": "N", "uid": "x"}, "?": {}}})), @r#"
invalid-language localizations/?
localization localizations/de/uid
"#);
}
