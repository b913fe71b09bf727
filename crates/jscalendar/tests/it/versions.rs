//! The conversion cases between the versions, V01 to V19, and what belongs to them.

use insta::assert_snapshot;
use jscalendar::{
    Event, Group, Parsed, PatchObject, Relation, RelationType, Role, Task, Version, detect_version,
};
use serde_json::json;

use crate::samples::{event, findings, group, parse, task, written};

const OLD: Version = Version::V1_0;
const NEW: Version = Version::V2_0;

fn to_new(text: &str) -> String {
    written(&event(text).value, NEW)
}

fn to_old(text: &str) -> String {
    written(&event(text).value, OLD)
}

#[test]
fn v01_one_rule() {
    let parsed = event(r#"{"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"daily"}]}"#);
    assert!(parsed.diagnostics.is_empty());
    assert!(parsed.value.legacy.is_none());
    assert_snapshot!(written(&parsed.value, NEW), @r#"{"@type":"Event","version":"2.0","recurrenceRule":{"frequency":"daily"}}"#);
    assert_snapshot!(written(&parsed.value, OLD), @r#"{"@type":"Event","recurrenceRules":[{"@type":"RecurrenceRule","frequency":"daily"}]}"#);
}

#[test]
fn v02_more_rules() {
    let text = r#"{"recurrenceRules":[{"frequency":"daily"},{"frequency":"weekly"}],
        "excludedRecurrenceRules":[{"frequency":"yearly"}]}"#;
    assert_snapshot!(to_new(text), @r#"
{"@type":"Event","version":"2.0","recurrenceRule":{"frequency":"daily"}}
not-in-version recurrenceRules
not-in-version excludedRecurrenceRules
"#);
    assert_snapshot!(to_old(text), @r#"{"@type":"Event","recurrenceRules":[{"@type":"RecurrenceRule","frequency":"daily"},{"@type":"RecurrenceRule","frequency":"weekly"}],"excludedRecurrenceRules":[{"@type":"RecurrenceRule","frequency":"yearly"}]}"#);
}

#[test]
fn v03_addresses_and_roles() {
    let text = r#"{"replyTo":{"imip":"mailto:a@x"},"participants":{
        "b":{"sendTo":{"imip":"mailto:b@x"},"roles":{"attendee":true}}}}"#;
    let parsed = event(text);
    assert!(parsed.diagnostics.is_empty());
    assert_snapshot!(written(&parsed.value, NEW), @r#"{"@type":"Event","version":"2.0","organizerCalendarAddress":"mailto:a@x","participants":{"b":{"calendarAddress":"mailto:b@x"}}}"#);
    assert_snapshot!(written(&parsed.value, OLD), @r#"{"@type":"Event","participants":{"b":{"@type":"Participant","roles":{"attendee":true},"sendTo":{"imip":"mailto:b@x"}}},"replyTo":{"imip":"mailto:a@x"}}"#);
}

#[test]
fn v03_other_methods_stay() {
    let text = r#"{"replyTo":{"imip":"mailto:a@x","web":"https://x/r"},"participants":{
        "b":{"sendTo":{"other":"tel:+1","phone":"tel:+2"},"roles":{"attendee":true,"chair":true}}}}"#;
    let parsed = event(text);
    assert_eq!(findings(&parsed.diagnostics), "");
    assert_eq!(parsed.value.participants["b"].calendar_address.as_deref(), Some("tel:+1"));
    assert!(parsed.value.participants["b"].roles.iter().eq([&Role::Chair]));
    assert_eq!(
        parse(&parsed.value.to_json(OLD).value)["participants"],
        json!({"b": {
        "@type": "Participant", "roles": {"attendee": true, "chair": true},
        "sendTo": {"other": "tel:+1", "phone": "tel:+2"}}})
    );
    assert_snapshot!(findings(&parsed.value.to_json(NEW).diagnostics), @r#"
not-in-version participants/b/sendTo
not-in-version replyTo
"#);
}

#[test]
fn the_old_jmap_name_of_an_address() {
    let parsed = event(r#"{"participants":{"b":{"scheduleId":"mailto:b@x"}}}"#);
    assert_eq!(parsed.value.participants["b"].calendar_address.as_deref(), Some("mailto:b@x"));
    assert!(parsed.value.participants["b"].extra.is_empty());
}

#[test]
fn v04_roles_for_1_0() {
    for (new, old) in [
        (json!({}), json!({"attendee": true})),
        (json!({"required": true}), json!({"attendee": true})),
        (json!({"chair": true}), json!({"attendee": true, "chair": true})),
        (json!({"optional": true}), json!({"attendee": true, "optional": true})),
        (json!({"informational": true}), json!({"informational": true})),
        (json!({"owner": true}), json!({"owner": true})),
        (json!({"example.com:cook": true}), json!({"example.com:cook": true})),
    ] {
        let text = json!({"version": "2.0", "participants": {"b": {"roles": new}}}).to_string();
        let written = event(&text).value.to_json(OLD).value;
        assert_eq!(parse(&written)["participants"]["b"]["roles"], old, "{new}");
    }
}

#[test]
fn the_role_attendee_of_2_0_is_an_unknown_one_and_stays() {
    let text = r#"{"version":"2.0","participants":{"b":{"roles":{"attendee":true}}}}"#;
    assert!(event(text).value.participants["b"].roles.contains(&Role::Attendee));
    assert_snapshot!(to_new(text), @r#"{"@type":"Event","version":"2.0","participants":{"b":{"roles":{"attendee":true}}}}"#);
}

#[test]
fn v05_participants_that_name_others() {
    let text = r#"{"participants":{
        "p1":{"sendTo":{"imip":"mailto:a@x"},"roles":{"attendee":true},"delegatedTo":{"p2":true,"p3":true,"p4":true}},
        "p2":{"sendTo":{"imip":"mailto:b@x"},"roles":{"attendee":true},"delegatedFrom":{"p1":true}},
        "p3":{"name":"C","roles":{"attendee":true}}}}"#;
    let parsed = event(text);
    assert_snapshot!(findings(&parsed.diagnostics), @r#"
no-address participants/p1/delegatedTo/p3
unknown-participant participants/p1/delegatedTo/p4
"#);
    assert_snapshot!(written(&parsed.value, NEW), @r#"
{"@type":"Event","version":"2.0","participants":{"p1":{"calendarAddress":"mailto:a@x","delegatedTo":{"mailto:b@x":true}},"p2":{"calendarAddress":"mailto:b@x","delegatedFrom":{"mailto:a@x":true}},"p3":{"name":"C"}}}
not-in-version participants/p1/delegatedTo/p3
not-in-version participants/p1/delegatedTo/p4
"#);
    assert_snapshot!(written(&parsed.value, OLD), @r#"{"@type":"Event","participants":{"p1":{"@type":"Participant","roles":{"attendee":true},"delegatedTo":{"p2":true,"p3":true,"p4":true},"sendTo":{"imip":"mailto:a@x"}},"p2":{"@type":"Participant","roles":{"attendee":true},"delegatedFrom":{"p1":true},"sendTo":{"imip":"mailto:b@x"}},"p3":{"@type":"Participant","name":"C","roles":{"attendee":true}}}}"#);
}

#[test]
fn addresses_that_are_no_participants_become_some() {
    let text = r#"{"version":"2.0","participants":{
        "b":{"calendarAddress":"mailto:b@x","memberOf":{"mailto:list@x":true},"delegatedTo":{"MAILTO:B@x":true}}}}"#;
    assert_snapshot!(to_old(text), @r#"
{"@type":"Event","participants":{"b":{"@type":"Participant","roles":{"attendee":true},"delegatedTo":{"b":true},"memberOf":{"p1":true},"sendTo":{"imip":"mailto:b@x"}},"p1":{"@type":"Participant","roles":{"attendee":true},"sendTo":{"imip":"mailto:list@x"}}}}
address-spelling participants/b/delegatedTo/MAILTO:B@x
participant-added participants/b/memberOf/mailto:list@x
"#);
}

#[test]
fn v06_null_zones() {
    let parsed = event(r#"{"timeZone":null,"recurrenceIdTimeZone":null}"#);
    assert_eq!(parsed.value, Event::default());
    assert!(parsed.diagnostics.is_empty());
}

#[test]
fn v07_end_zone_of_1_0() {
    let bare = r#"{"timeZone":"Europe/Berlin","locations":{"end":{"@type":"Location","relativeTo":"end","timeZone":"Asia/Tokyo"}}}"#;
    let parsed = event(bare);
    assert!(parsed.diagnostics.is_empty());
    assert!(parsed.value.locations.is_empty());
    assert_snapshot!(written(&parsed.value, NEW), @r#"{"@type":"Event","version":"2.0","endTimeZone":"Asia/Tokyo","timeZone":"Europe/Berlin"}"#);
    assert_eq!(parse(&parsed.value.to_json(OLD).value)["locations"], parse(bare)["locations"]);

    let named = r#"{"timeZone":"Europe/Berlin","locations":{"x":{"@type":"Location","name":"Haneda","relativeTo":"end","timeZone":"Asia/Tokyo"}}}"#;
    let parsed = event(named);
    assert!(parsed.diagnostics.is_empty());
    assert_eq!(parsed.value.locations["x"].name.as_deref(), Some("Haneda"));
    assert_eq!(parsed.value.end_time_zone.as_ref().unwrap().as_str(), "Asia/Tokyo");
    assert_snapshot!(written(&parsed.value, NEW), @r#"
{"@type":"Event","version":"2.0","endTimeZone":"Asia/Tokyo","timeZone":"Europe/Berlin","locations":{"x":{"name":"Haneda"}}}
not-in-version locations/x/relativeTo
"#);
    assert_eq!(parse(&parsed.value.to_json(OLD).value)["locations"], parse(named)["locations"]);
}

#[test]
fn v08_end_zone_of_2_0() {
    assert_snapshot!(to_old(r#"{"timeZone":"Europe/Berlin","endTimeZone":"Asia/Tokyo","locations":{"end":{"name":"End"}}}"#), @r#"{"@type":"Event","timeZone":"Europe/Berlin","locations":{"end":{"@type":"Location","name":"End"},"end-2":{"@type":"Location","relativeTo":"end","timeZone":"Asia/Tokyo"}}}"#);
}

#[test]
fn v09_v10_display() {
    assert_snapshot!(to_new(r#"{"links":{"l":{"display":"badge"}}}"#), @r#"{"@type":"Event","version":"2.0","links":{"l":{"display":{"badge":true}}}}"#);
    assert_snapshot!(to_old(r#"{"links":{"l":{"display":{"graphic":true,"badge":true}}}}"#), @r#"
{"@type":"Event","links":{"l":{"@type":"Link","display":"badge"}}}
not-in-version links/l/display
"#);
}

#[test]
fn v11_custom_zones() {
    let found = group(crate::samples::GROUP_1).value.into_version(NEW);
    assert_snapshot!(findings(&found.diagnostics), @r#"
zone-replaced entries/0/timeZone
not-in-version timeZones
"#);
    let text = serde_json::to_string(&found.value).unwrap();
    assert_snapshot!(parse(&text)["entries"][0]["timeZone"], @r#""Europe/Berlin""#);

    assert_snapshot!(to_new(r#"{"timeZone":"/example.com/Europe/Berlin"}"#), @r#"
{"@type":"Event","version":"2.0","timeZone":"Europe/Berlin"}
zone-replaced timeZone
"#);
    assert_snapshot!(to_new(r#"{"timeZone":"/Nowhere","timeZones":{"/Nowhere":{"tzId":"x","standard":[
        {"start":"1970-01-01T00:00:00","offsetFrom":"+0113","offsetTo":"+0113"}]}}}"#), @r#"
{"@type":"Event","version":"2.0"}
zone-lost timeZone
not-in-version timeZones
"#);
}

#[test]
fn v12_fractions() {
    let text = r#"{"start":"2024-01-15T10:00:00.5","duration":"PT1.5S",
        "recurrenceOverrides":{"2024-01-16T10:00:00.5":{"start":"2024-01-16T11:00:00.25"}},
        "alerts":{"a":{"trigger":{"offset":"-PT0.5S"}}}}"#;
    let parsed = event(text);
    assert_eq!(parsed.value.start.unwrap().to_string(), "2024-01-15T10:00:00.5");
    assert!(parsed.diagnostics.is_empty());
    assert_snapshot!(written(&parsed.value, NEW), @r#"
{"@type":"Event","version":"2.0","start":"2024-01-15T10:00:00","duration":"PT1S","recurrenceOverrides":{"2024-01-16T10:00:00":{"start":"2024-01-16T11:00:00"}},"alerts":{"a":{"trigger":{"offset":"-PT0S"}}}}
fraction recurrenceOverrides/2024-01-16T10:00:00.5
fraction recurrenceOverrides/2024-01-16T10:00:00/start
fraction start
fraction duration
fraction alerts/a/trigger/offset
"#);
    assert!(parsed.value.to_json(OLD).diagnostics.is_empty());
}

#[test]
fn v13_snoozed_alerts() {
    let text = |acknowledged: &str| {
        format!(
            r#"{{"alerts":{{"x":{{"trigger":{{"offset":"-PT5M"}}{acknowledged}}},
            "y":{{"trigger":{{"offset":"PT0S"}},"relatedTo":{{"x":{{"relation":{{"parent":true}}}}}}}}}}}}"#
        )
    };
    let relation =
        |parsed: &Parsed<Event>| -> Relation { parsed.value.alerts["y"].related_to["x"].clone() };
    let snoozed = event(&text(r#","acknowledged":"2026-01-01T00:00:00Z""#));
    assert!(relation(&snoozed).relation.iter().eq([&RelationType::Snooze]));
    let plain = event(&text(""));
    assert!(relation(&plain).relation.iter().eq([&RelationType::Parent]));
    for parsed in [snoozed, plain] {
        let old = parsed.value.to_json(OLD);
        assert!(old.diagnostics.is_empty());
        let relations = &parse(&old.value)["alerts"]["y"]["relatedTo"]["x"]["relation"];
        assert_eq!(*relations, json!({"parent": true}));
    }
}

#[test]
fn v14_types_everywhere() {
    let old = event(crate::samples::EVENT_2).value.to_json(OLD).value;
    let mut untyped = Vec::new();
    find_untyped("", &parse(&old), &mut untyped);
    assert_eq!(untyped, Vec::<String>::new());
}

/// Objects that have an object among their values are no sets; all but maps must have a type.
fn find_untyped(place: &str, value: &serde_json::Value, found: &mut Vec<String>) {
    const MAPS: [&str; 9] = [
        "participants",
        "locations",
        "virtualLocations",
        "links",
        "alerts",
        "relatedTo",
        "recurrenceOverrides",
        "sendTo",
        "replyTo",
    ];
    const SETS: [&str; 10] = [
        "keywords",
        "categories",
        "locationTypes",
        "features",
        "roles",
        "relation",
        "delegatedTo",
        "delegatedFrom",
        "memberOf",
        "display",
    ];
    let last = place.rsplit('/').next().unwrap_or_default();
    match value {
        serde_json::Value::Object(members) if last != "iCalendar" && !last.contains(':') => {
            let in_patch = place.contains("recurrenceOverrides/");
            let plain = MAPS.contains(&last) || SETS.contains(&last) || in_patch;
            if !plain && !members.contains_key("@type") {
                found.push(place.to_owned());
            }
            for (name, value) in members {
                find_untyped(&format!("{place}/{name}"), value, found);
            }
        }
        serde_json::Value::Array(elements) => {
            for element in elements {
                find_untyped(&format!("{place}/-"), element, found);
            }
        }
        _ => {}
    }
}

#[test]
fn v15_no_home_in_2_0() {
    let text = r#"{"localizations":{"de":{"title":"T"}},"requestStatus":"2.0;Ok",
        "participants":{"b":{"participationComment":"no","roles":{"attendee":true}}}}"#;
    assert_snapshot!(to_new(text), @r#"
{"@type":"Event","version":"2.0","participants":{"b":{}}}
not-in-version participants/b/participationComment
not-in-version requestStatus
not-in-version localizations
"#);
    assert!(event(text).value.to_json(OLD).diagnostics.is_empty());
}

#[test]
fn v16_which_version() {
    assert_eq!(detect_version(&json!({"recurrenceRules": []})), OLD);
    assert_eq!(detect_version(&json!({"recurrenceRule": {}})), NEW);
    assert_eq!(detect_version(&json!({"recurrenceRules": [], "recurrenceRule": {}})), NEW);
    assert_eq!(detect_version(&json!({"version": "1.0", "recurrenceRule": {}})), OLD);
    assert_eq!(detect_version(&json!({"version": "3.1"})), Version::new(3, 1));
    assert_eq!(detect_version(&json!({"participants": {"a": {"calendarAddress": "x:y"}}})), NEW);
    assert_eq!(
        detect_version(&json!({"@type": "Group", "entries": [{"endTimeZone": "UTC"}]})),
        NEW
    );
    assert_eq!(detect_version(&json!({"mainLocationId": null})), OLD);
    assert_eq!(detect_version(&json!([])), OLD);
    assert_eq!(detect_version(&json!("2.0")), OLD);

    let both =
        r#"{"recurrenceRules":[{"frequency":"daily"}],"recurrenceRule":{"frequency":"weekly"}}"#;
    let parsed = event(both);
    assert_eq!(
        findings(&parsed.diagnostics),
        "old-name recurrenceRules\nboth-versions recurrenceRules"
    );
    assert_snapshot!(written(&parsed.value, NEW), @r#"
{"@type":"Event","version":"2.0","recurrenceRule":{"frequency":"weekly"}}
not-in-version recurrenceRules
"#);
    assert_snapshot!(written(&parsed.value, OLD), @r#"
{"@type":"Event","recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly"}]}
not-in-version recurrenceRules
"#);
}

#[test]
fn v17_capitals_matter() {
    let parsed = event(r#"{"Title":"T","status":"Confirmed"}"#);
    assert!(parsed.value.title.is_none() && parsed.value.status.as_ref().unwrap().is_other());
    let found = findings(&parsed.value.validate(NEW));
    assert!(found.contains("name-case Title") && found.contains("value-case status"), "{found}");
    assert_snapshot!(written(&parsed.value, NEW), @r#"{"@type":"Event","version":"2.0","status":"Confirmed","Title":"T"}"#);
}

#[test]
fn v18_of_equal_names_the_last_counts() {
    let parsed = event(r#"{"title":"A","title":"B"}"#);
    assert_eq!(parsed.value.title.as_deref(), Some("B"));
}

#[test]
fn v19_a_member_named_extra() {
    let text = r#"{"@type":"Event","version":"2.0","extra":{"a":1}}"#;
    let parsed = event(text);
    assert_eq!(parsed.value.extra["extra"].as_str(), r#"{"a":1}"#);
    assert_eq!(written(&parsed.value, NEW), text);
    assert!(parsed.value.validate(NEW).contains("reserved-name"));
}

#[test]
fn patches_are_read_in_the_fields_of_2_0() {
    let text = r#"{
        "timeZone": "Europe/Berlin",
        "recurrenceRules": [{"frequency": "daily"}],
        "locations": {"x": {"relativeTo": "end", "timeZone": "Asia/Tokyo"}},
        "participants": {"b": {"sendTo": {"imip": "mailto:b@x"}, "roles": {"attendee": true}}},
        "recurrenceOverrides": {
            "2026-01-02T09:00:00": {"participants/b/sendTo/imip": "mailto:new@x", "title": "T"},
            "2026-01-03T09:00:00": {"participants/b/roles/optional": true},
            "2026-01-04T09:00:00": {"locations/x/timeZone": "Asia/Seoul", "participants/b/participationStatus": "accepted"},
            "2026-01-05T09:00:00": {"participants/c": {"sendTo": {"imip": "mailto:c@x"}, "roles": {"attendee": true}}},
            "2026-01-06T09:00:00": {"participants/nobody/roles/optional": true},
            "2026-01-07T09:00:00": {"locations": null, "participants/b/participationComment": "late"}
        }
    }"#;
    let parsed = event(text);
    let patches: Vec<String> = parsed
        .value
        .recurrence_overrides
        .values()
        .map(|patch: &PatchObject| serde_json::to_string(patch).unwrap())
        .collect();
    assert_snapshot!(patches.join("\n"), @r#"
{"participants/b/calendarAddress":"mailto:new@x","title":"T"}
{"participants/b/roles":{"optional":true}}
{"endTimeZone":"Asia/Seoul","participants/b/participationStatus":"accepted"}
{"participants/c":{"calendarAddress":"mailto:c@x"}}
{"participants/nobody/roles/optional":true}
{"endTimeZone":null,"participants/b/participationComment":"late"}
"#);
    assert_snapshot!(findings(&parsed.value.to_json(NEW).diagnostics), @"not-in-version recurrenceOverrides/2026-01-07T09:00:00/participants~1b~1participationComment");
    let old = parse(&parsed.value.to_json(OLD).value);
    assert_snapshot!(serde_json::to_string_pretty(&old["recurrenceOverrides"]).unwrap(), @r#"
{
  "2026-01-02T09:00:00": {
    "participants/b/sendTo/imip": "mailto:new@x",
    "title": "T"
  },
  "2026-01-03T09:00:00": {
    "participants/b/roles/optional": true
  },
  "2026-01-04T09:00:00": {
    "locations/end/timeZone": "Asia/Seoul",
    "participants/b/participationStatus": "accepted"
  },
  "2026-01-05T09:00:00": {
    "participants/c": {
      "@type": "Participant",
      "roles": {
        "attendee": true
      },
      "sendTo": {
        "imip": "mailto:c@x"
      }
    }
  },
  "2026-01-06T09:00:00": {
    "participants/nobody/roles/optional": true
  },
  "2026-01-07T09:00:00": {
    "locations": null,
    "participants/b/participationComment": "late"
  }
}
"#);
}

#[test]
fn a_task_of_1_0() {
    let parsed = task(crate::samples::TASK_1);
    assert_snapshot!(findings(&parsed.diagnostics), @"");
    let new = parsed.value.to_json(NEW);
    assert_snapshot!(new.value, @r#"{"@type":"Task","version":"2.0","uid":"t1","updated":"2026-02-01T00:00:00Z","title":"Report","start":"2026-03-01T09:00:00","due":"2026-03-02T18:00:00","estimatedDuration":"PT4H","percentComplete":50,"progress":"in-process","timeZone":"Europe/Berlin","recurrenceRule":{"frequency":"monthly","byMonthDay":[1]},"organizerCalendarAddress":"mailto:ann@example.com","participants":{"ann":{"name":"Ann","calendarAddress":"mailto:ann@example.com","roles":{"owner":true,"chair":true},"participationStatus":"accepted","progress":"completed"},"bob":{"calendarAddress":"mailto:bob@example.com","delegatedTo":{"mailto:ann@example.com":true}}}}"#);
    assert_snapshot!(findings(&new.diagnostics), @r#"
not-in-version participants/bob/participationComment
not-in-version participants/bob/scheduleStatus
not-in-version participants/bob/invitedBy
not-in-version recurrenceRules
not-in-version excludedRecurrenceRules
not-in-version replyTo
not-in-version useDefaultAlerts
not-in-version localizations
not-in-version progressUpdated
"#);
    let old = parsed.value.to_json(OLD);
    assert!(old.diagnostics.is_empty());
    assert_eq!(parse(&old.value), parse(crate::samples::TASK_1));
}

#[test]
fn entries_have_the_version_of_their_group() {
    let mut group = Group::new("g");
    group.entries.push(Event::new("e", "2026-01-01T00:00:00".parse().unwrap()).into());
    group.entries.push(Task::new("t").into());
    assert_snapshot!(group.to_json(NEW).value, @r#"{"@type":"Group","version":"2.0","uid":"g","entries":[{"@type":"Event","uid":"e","start":"2026-01-01T00:00:00"},{"@type":"Task","uid":"t"}]}"#);
    assert_snapshot!(group.to_json(OLD).value, @r#"{"@type":"Group","uid":"g","entries":[{"@type":"Event","uid":"e","start":"2026-01-01T00:00:00"},{"@type":"Task","uid":"t"}]}"#);
}

#[test]
fn a_later_minor_version_stays() {
    assert_snapshot!(to_new(r#"{"version":"2.1"}"#), @r#"{"@type":"Event","version":"2.1"}"#);
    assert_snapshot!(to_new(r#"{"version":"1.0"}"#), @r#"{"@type":"Event","version":"2.0"}"#);
}

#[test]
fn members_of_the_other_version_with_a_wrong_value_go() {
    assert_snapshot!(to_new(r#"{"localizations":5,"priority":"x"}"#), @r#"
{"@type":"Event","version":"2.0","priority":"x"}
not-in-version localizations
"#);
    assert_snapshot!(to_old(r#"{"recurrenceRule":5,"priority":"x"}"#), @r#"
{"@type":"Event","priority":"x"}
not-in-version recurrenceRule
"#);
}

#[test]
fn a_whole_group_has_entries() {
    // RFC 8984, section 5.3.1, demands them. What says no version may be a part of a group, and stays one.
    let text = |json: &str| serde_json::to_string(&Group::from_json(json).unwrap().value).unwrap();
    let whole = r#"{"@type":"Group","version":"2.0","uid":"g","entries":[]}"#;
    assert_eq!(serde_json::to_string(&Group::new("g")).unwrap(), whole);
    assert_eq!(text(r#"{"@type":"Group","version":"2.0","uid":"g"}"#), whole);
    let part = r#"{"@type":"Group","title":"t"}"#;
    assert_eq!(text(part), part);
    let wrong = r#"{"@type":"Group","version":"2.0","entries":5}"#;
    assert_eq!(text(wrong), wrong);
    assert_eq!(
        Group::default().to_json(NEW).value,
        r#"{"@type":"Group","version":"2.0","entries":[]}"#
    );
}
