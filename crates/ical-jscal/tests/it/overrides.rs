//! Components with a RECURRENCE-ID and the patches of a series, both directions.

use serde_json::{Value, json};

use crate::case::{
    BARE, Case, EVENT, SERIES, body, calendar, components, object, simple, subtract, write,
};

const NONE: [&str; 0] = [];
const KEY: &str = "2024-01-16T10:00:00";
const ID: &str = "RECURRENCE-ID;TZID=Europe/Berlin:20240116T100000";
const START: &str = "DTSTART;TZID=Europe/Berlin:20240116T100000";

/// Lines of a main component, and a component of its own with `lines`.
fn beside(main: &str, lines: &str) -> String {
    format!("{main}\nBEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\n{lines}")
}

/// The overrides of a series whose component has the lines `main`, and beside which stands a component with `lines`.
fn overrides_of(case: &Case, main: &str, lines: &str) -> Value {
    case.import(&beside(main, lines))["recurrenceOverrides"].clone()
}

/// The patch that a component with `lines` becomes, for the second day of the series.
fn patch(lines: &str) -> Value {
    patch_of("", lines)
}

fn patch_of(main: &str, lines: &str) -> Value {
    let overrides = overrides_of(&SERIES, main, lines);
    assert_eq!(overrides.as_object().map(|all| all.len()), Some(1), "{overrides}");
    without_start_hint(overrides[KEY].clone())
}

/// A patch without the notes that the component has no DTSTART, and no end.
fn without_start_hint(mut patch: Value) -> Value {
    let members = patch.as_object_mut().unwrap();
    let inherited = json!({"name": "recurrence-id"});
    let notes = [
        json!({"convertedProperties": {"start": inherited}}),
        json!({"convertedProperties": {"duration": inherited, "start": inherited}}),
    ];
    if members.get("iCalendar").is_some_and(|hatch| notes.contains(hatch)) {
        members.remove("iCalendar");
    }
    patch
}

/// The lines of the component for a patch of the second day, without those that are always the same.
fn occurrence(base: Value, patch: Value) -> Vec<String> {
    let (text, codes) = write(&series(base, json!({KEY: patch})));
    assert_eq!(codes, NONE);
    let all = components(&text, "VEVENT");
    assert_eq!(all.len(), 2, "{text}");
    let usual = ["UID:u1", "DTSTAMP:", "LAST-MODIFIED:"];
    let lines = all[1].iter();
    lines.filter(|line| !usual.iter().any(|start| line.starts_with(start))).cloned().collect()
}

/// A series of JSON alone.
fn series(base: Value, overrides: Value) -> Value {
    let mut members = json!({
        "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H",
        "recurrenceRule": {"frequency": "daily", "count": 5}, "recurrenceOverrides": overrides,
    });
    members.as_object_mut().unwrap().extend(base.as_object().unwrap().clone());
    object("Event", members)
}

/// The codes of what is reported for a patch that is rejected, and the lines of the series.
fn rejected(base: Value, overrides: Value) -> (Vec<String>, Vec<String>) {
    let (text, codes) = write(&series(base, overrides));
    let mut all = components(&text, "VEVENT");
    assert_eq!(all.len(), 1, "{text}");
    (all.remove(0), codes)
}

const ANN: &str = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com";
const BOB: &str = "ATTENDEE:mailto:bob@example.com";
const A: &str = "ce92c35a-3241-5d9a-a50c-ba56aaefd2bb";
const B: &str = "b9c13e2b-773e-5cb7-9267-136b443c83a5";

#[test]
fn o01_title() {
    let lines = format!("{ID}\n{START}\nDURATION:PT1H\nSUMMARY:New");
    assert_eq!(patch(&lines), json!({"title": "New"}));
    let back = SERIES.round(&beside("", &lines));
    let mut expected = vec![
        "BEGIN:VEVENT",
        "UID:u1",
        "DTSTAMP:20240101T000000Z",
        ID,
        START,
        "DURATION:PT1H",
        "SUMMARY:New",
        "END:VEVENT",
    ];
    expected.sort_unstable();
    let mut back: Vec<&str> = back.iter().map(String::as_str).collect();
    back.sort_unstable();
    assert_eq!(back, expected);
}

#[test]
fn o02_the_component_is_complete() {
    let base = json!({"title": "Old", "priority": 5, "keywords": {"k": true}});
    assert_eq!(
        occurrence(base, json!({"title": "New"})),
        [ID, START, "DURATION:PT1H", "SUMMARY:New", "CATEGORIES:k", "PRIORITY:5"]
    );
}

#[test]
fn o03_another_time() {
    let lines = format!(
        "{ID}\nDTSTART;TZID=Europe/Berlin:20240116T140000\nDTEND;TZID=Europe/Berlin:20240116T150000"
    );
    let mut patch = patch(&lines);
    // The length is the same; that it came as an end is noted.
    assert_eq!(
        patch["iCalendar"].take(),
        json!({"convertedProperties": {"duration": {"name": "dtend"}}})
    );
    assert_eq!(patch, json!({"start": "2024-01-16T14:00:00", "iCalendar": null}));
}

#[test]
fn o04_no_start() {
    assert_eq!(patch(&format!("{ID}\nSUMMARY:New")), json!({"title": "New"}));
}

#[test]
fn o05_a_start_without_an_end() {
    assert_eq!(patch(&format!("{ID}\n{START}")), json!({"duration": null}));
}

#[test]
fn o06_an_end_without_a_start() {
    let mut patch = patch(&format!("{ID}\nDTEND;TZID=Europe/Berlin:20240116T130000"));
    drop(patch["iCalendar"].take());
    assert_eq!(patch, json!({"duration": "PT3H", "iCalendar": null}));
}

#[test]
fn o07_a_day_of_a_series_of_two_days() {
    let overrides = overrides_of(
        &BARE,
        "DTSTART;VALUE=DATE:20240115\nDURATION:P2D\nRRULE:FREQ=WEEKLY;COUNT=3",
        "RECURRENCE-ID;VALUE=DATE:20240122\nDTSTART;VALUE=DATE:20240122",
    );
    assert_eq!(
        overrides,
        json!({"2024-01-22T00:00:00": {
            "duration": "P1D",
            "iCalendar": {"convertedProperties": {"duration": {"name": "dtstart"}}},
        }})
    );
}

#[test]
fn o08_another_zone() {
    let lines = format!("{ID}\nDTSTART;TZID=America/New_York:20240116T050000\nDURATION:PT1H");
    assert_eq!(
        patch(&lines),
        json!({"start": "2024-01-16T05:00:00", "timeZone": "America/New_York"})
    );
    let patch = json!({"start": "2024-01-16T05:00:00", "timeZone": "America/New_York"});
    assert_eq!(
        occurrence(json!({}), patch),
        [ID, "DTSTART;TZID=America/New_York:20240116T050000", "DURATION:PT1H"]
    );
}

/// Asserts that the RECURRENCE-ID of a component means the second day, and comes back.
#[track_caller]
fn is_the_second_day(id: &str) {
    let lines = format!("{id}\n{START}\nDURATION:PT1H\nSUMMARY:New");
    assert_eq!(overrides_of(&SERIES, "", &lines)[KEY]["title"], "New", "{id}");
    assert!(SERIES.round(&beside("", &lines)).contains(&id.to_owned()), "{id}");
}

#[test]
fn o09_an_id_in_utc() {
    is_the_second_day("RECURRENCE-ID:20240116T090000Z");
}

#[test]
fn o10_an_id_in_another_zone() {
    is_the_second_day("RECURRENCE-ID;TZID=America/New_York:20240116T040000");
}

#[test]
fn o11_an_id_that_is_a_date() {
    is_the_second_day("RECURRENCE-ID;VALUE=DATE:20240116");
    let lines = format!("RECURRENCE-ID;VALUE=DATE:20240116\n{START}\nDURATION:PT1H\nSUMMARY:New");
    assert_eq!(SERIES.codes(&beside("", &lines)), ["id-date"]);
    // On a day without an occurrence it is one of its own, at the time it says.
    let lines = "RECURRENCE-ID;VALUE=DATE:20240301\nDTSTART;TZID=Europe/Berlin:20240301T120000\nDURATION:PT1H";
    let overrides = overrides_of(&SERIES, "", lines);
    assert!(overrides.get("2024-03-01T00:00:00").is_some(), "{overrides}");
}

#[test]
fn o12_a_day_in_a_series_of_times() {
    let lines = format!("{ID}\nDTSTART;VALUE=DATE:20240116");
    assert_eq!(
        patch(&lines),
        json!({
            "start": "2024-01-16T00:00:00", "timeZone": null, "showWithoutTime": true, "duration": "P1D",
            "iCalendar": {"convertedProperties": {"duration": {"name": "dtstart"}}},
        })
    );
    let back = SERIES.round(&beside("", &lines));
    assert!(back.contains(&ID.to_owned()), "{back:?}");
    assert!(back.contains(&"DTSTART;VALUE=DATE:20240116".to_owned()), "{back:?}");
}

#[test]
fn o13_nobody_comes() {
    let main = format!("ORGANIZER:mailto:ann@example.com\n{ANN}\n{BOB}");
    assert_eq!(
        without_organizer(patch_of(&main, &format!("{ID}\n{START}\nDURATION:PT1H"))),
        json!({"participants": null})
    );
}

/// A patch without the note that the component has no ORGANIZER.
fn without_organizer(mut patch: Value) -> Value {
    patch.as_object_mut().unwrap().remove("iCalendar");
    patch
}

/// Asserts that a component with `lines` comes back beside a series with the lines `main`.
#[track_caller]
fn comes_back(main: &str, lines: &str) {
    let lines = format!("{ID}\n{START}\nDURATION:PT1H\n{lines}");
    let text = SERIES.text(&beside(main, lines.trim_end()));
    let mut found = SERIES.round(&beside(main, lines.trim_end()));
    let mut expected = subtract(body(&text), body(&SERIES.text("")));
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn o13_another_organizer() {
    // JSCalendar 2.0, section 4.3.4, lets no patch change who the organizer is.
    let (ann, bob) =
        ("ORGANIZER:mailto:ann@example.com", "ORGANIZER;CN=Bob:mailto:bob@example.com");
    let own = format!("{ID}\n{START}\nDURATION:PT1H\n{bob}\n{BOB}");
    let lines = beside(&format!("{ann}\n{BOB}"), &own);
    let patch = SERIES.import(&lines)["recurrenceOverrides"][KEY].clone();
    assert_eq!(patch.get("organizerCalendarAddress"), None);
    assert_eq!(
        patch["iCalendar"]["properties"],
        json!([["organizer", {"cn": "Bob"}, "cal-address", "mailto:bob@example.com"]])
    );
    assert_eq!(SERIES.codes(&lines), ["not-patchable"]);
    comes_back(ann, bob);
    comes_back(ann, "");
    comes_back("", ann);
    comes_back(&format!("{ann}\n{BOB}"), &format!("{bob}\n{BOB}"));
    comes_back(
        "ORGANIZER:mailto:ann@example.com",
        "ORGANIZER;SENT-BY=\"mailto:sec@example.com\":mailto:ann@example.com",
    );
    comes_back(ann, &format!("{bob}\n{ann}"));
    comes_back(ann, &format!("{ann}\n{bob}"));
}

#[test]
fn o21_another_class() {
    let lines = beside("CLASS:PUBLIC", &format!("{ID}\n{START}\nDURATION:PT1H\nCLASS:PRIVATE"));
    assert_eq!(SERIES.import(&lines)["recurrenceOverrides"][KEY].get("privacy"), None);
    assert_eq!(SERIES.codes(&lines), ["not-patchable"]);
    comes_back("CLASS:PUBLIC", "CLASS:PRIVATE");
    comes_back("CLASS:PUBLIC", "CLASS:X-TEAM");
    comes_back("CLASS:PUBLIC", "");
    comes_back("", "CLASS:PRIVATE");
    comes_back("CLASS:PUBLIC", "CLASS:PRIVATE\nCLASS:CONFIDENTIAL");
}

#[test]
fn o14_an_answer() {
    let lines =
        format!("{ID}\n{START}\nDURATION:PT1H\nATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.com");
    assert_eq!(
        patch_of(ANN, &lines),
        json!({format!("participants/{A}/participationStatus"): "declined"})
    );
}

#[test]
fn o15_no_answer() {
    let lines = format!("{ID}\n{START}\nDURATION:PT1H\nATTENDEE:mailto:ann@example.com");
    assert_eq!(
        patch_of(ANN, &lines),
        json!({format!("participants/{A}/participationStatus"): null})
    );
}

#[test]
fn o16_the_first_attendee() {
    let lines = format!("{ID}\n{START}\nDURATION:PT1H\n{BOB}");
    assert_eq!(
        patch(&lines),
        json!({"participants": {B: {"calendarAddress": "mailto:bob@example.com"}}})
    );
}

#[test]
fn o17_another_attendee() {
    let lines = format!("{ID}\n{START}\nDURATION:PT1H\n{ANN}\n{BOB}");
    assert_eq!(
        patch_of(ANN, &lines),
        json!({format!("participants/{B}"): {"calendarAddress": "mailto:bob@example.com"}})
    );
}

#[test]
fn o18_another_person_under_one_key() {
    let lines = format!("{ID}\n{START}\nDURATION:PT1H\nATTENDEE;JSID=p:mailto:bob@example.com");
    let patch = patch_of("ATTENDEE;JSID=p:mailto:ann@example.com", &lines);
    assert_eq!(patch, json!({"participants/p": {"calendarAddress": "mailto:bob@example.com"}}));
}

#[test]
fn o19_fewer_roles() {
    let lines = format!(
        "{ID}\n{START}\nDURATION:PT1H\nATTENDEE;ROLE=REQ-PARTICIPANT:mailto:ann@example.com"
    );
    let main = "ATTENDEE;ROLE=\"CHAIR,REQ-PARTICIPANT\":mailto:ann@example.com";
    let mut patch = patch_of(main, &lines);
    patch.as_object_mut().unwrap().remove("iCalendar");
    assert_eq!(patch, json!({format!("participants/{A}/roles/chair"): null}));
}

#[test]
fn o20_keys_that_need_escapes() {
    let base = json!({
        "locations": {"a/b": {"name": "Here"}},
        "links": {"c~d": {"href": "https://e.example/x"}},
        "alerts": {"12": {"trigger": {"offset": "-PT5M"}}},
    });
    let patch = json!({
        "locations/a~1b/name": "There", "links/c~0d/title": "T", "alerts/12/action": "email",
    });
    let (text, _) = write(&series(base, json!({KEY: patch})));
    let all = components(&text, "VEVENT");
    for line in [
        "LOCATION;JSID=a/b:There",
        "ATTACH;FILENAME=T;JSID=c~d:https://e.example/x",
        "ACTION:EMAIL",
    ] {
        assert!(all[1].contains(&line.to_owned()), "{line} of {:#?}", all[1]);
        assert!(!all[0].contains(&line.to_owned()), "{line} of {:#?}", all[0]);
    }
}

#[test]
fn o21_pointers_that_are_ignored() {
    let patch = json!({"uid": "x", "privacy": "private", "title": "T"});
    let (text, codes) = write(&series(json!({}), json!({KEY: patch})));
    assert_eq!(
        components(&text, "VEVENT")[1],
        [
            "UID:u1",
            "DTSTAMP:20240101T000000Z",
            "LAST-MODIFIED:20240101T000000Z",
            ID,
            START,
            "DURATION:PT1H",
            "SUMMARY:T"
        ]
    );
    assert_eq!(codes, ["forbidden-patch", "forbidden-patch"]);
}

#[test]
fn o22_nothing_to_patch() {
    let patch = json!({"links/a": {"href": "https://e.example/x"}, "title": "T"});
    let (lines, codes) = rejected(json!({}), json!({KEY: patch}));
    assert_eq!(codes, ["override"]);
    // The rule gives the occurrence, so nothing else has to.
    assert!(!lines.iter().any(|line| line.starts_with("RDATE")), "{lines:?}");
    let (lines, _) = rejected(json!({}), json!({"2024-03-01T10:00:00": patch}));
    assert!(lines.contains(&"RDATE;TZID=Europe/Berlin:20240301T100000".to_owned()), "{lines:?}");
}

#[test]
fn o23_pointers_into_each_other() {
    let patch = json!({"locations": {"x": {"name": "M"}}, "locations/x/name": "N"});
    let base = json!({"locations": {"x": {"name": "L"}}});
    assert_eq!(rejected(base, json!({KEY: patch})).1, ["override"]);
}

#[test]
fn o24_pointers_that_only_look_alike() {
    let alert = json!({"trigger": {"offset": "-PT5M"}});
    let patch = json!({"alerts/1/action": "email", "alerts/10/action": "email"});
    let lines = occurrence_of_alerts(json!({"1": alert, "10": alert}), patch);
    assert_eq!(lines.iter().filter(|line| *line == "ACTION:EMAIL").count(), 2, "{lines:?}");
}

fn occurrence_of_alerts(alerts: Value, patch: Value) -> Vec<String> {
    let (text, _) = write(&series(json!({"alerts": alerts}), json!({KEY: patch})));
    components(&text, "VEVENT").remove(1)
}

#[test]
fn o25_no_start_at_all() {
    assert_eq!(rejected(json!({}), json!({KEY: {"start": null}})).1, ["override"]);
}

#[test]
fn o26_no_title() {
    assert_eq!(
        occurrence(json!({"title": "Old"}), json!({"title": null})),
        [ID, START, "DURATION:PT1H"]
    );
}

#[test]
fn o27_a_rule_cannot_be_patched() {
    let patch = json!({"recurrenceRule/byDay/0/day": "tu", "title": "T"});
    let base = json!({"recurrenceRule": {"frequency": "daily", "byDay": [{"day": "tu"}]}});
    let (text, codes) = write(&series(base, json!({KEY: patch})));
    assert!(components(&text, "VEVENT")[1].contains(&"SUMMARY:T".to_owned()), "{text}");
    assert_eq!(codes, ["forbidden-patch"]);
}

#[test]
fn o28_two_components_for_one_occurrence() {
    let component = |sequence: u32, title: &str| {
        format!("{ID}\n{START}\nDURATION:PT1H\nSEQUENCE:{sequence}\nSUMMARY:{title}")
    };
    let both = |one: String, two: String| beside("", &beside(&one, &two));
    let title = |lines: &str| SERIES.import(lines)["recurrenceOverrides"][KEY]["title"].clone();
    let lines = both(component(2, "higher"), component(1, "later"));
    assert_eq!(title(&lines), "higher");
    assert_eq!(SERIES.codes(&lines), ["duplicate"]);
    let lines = both(component(1, "earlier"), component(1, "later"));
    assert_eq!(title(&lines), "later");
    assert_eq!(SERIES.codes(&lines), ["duplicate"]);
    // The one that counts has to stay the last one.
    let titles: Vec<String> = SERIES.round(&lines);
    let titles: Vec<&String> = titles.iter().filter(|line| line.starts_with("SUMMARY")).collect();
    assert_eq!(titles, ["SUMMARY:earlier", "SUMMARY:later"]);
}

#[test]
fn o29_excluded_and_changed() {
    // Open in the sources. Somebody who writes a component wants the occurrence to take place.
    let lines = beside(
        "EXDATE;TZID=Europe/Berlin:20240116T100000",
        &format!("{ID}\n{START}\nDURATION:PT1H\nSUMMARY:New"),
    );
    let series = SERIES.import(&lines);
    assert_eq!(series["recurrenceOverrides"], json!({KEY: {"title": "New"}}));
    assert_eq!(SERIES.codes(&lines), ["excluded"]);
    let back = SERIES.round(&lines);
    assert!(back.contains(&"EXDATE;TZID=Europe/Berlin:20240116T100000".to_owned()), "{back:?}");
    assert!(back.contains(&"SUMMARY:New".to_owned()), "{back:?}");
}

#[test]
fn o30_this_and_future() {
    let id = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20240116T100000";
    let lines = beside("", &format!("{id}\n{START}\nDURATION:PT1H\nSUMMARY:New"));
    assert_eq!(
        SERIES.import(&lines)["recurrenceOverrides"][KEY],
        json!({"title": "New", "iCalendar": {"convertedProperties": {
            "recurrenceId": {"name": "recurrence-id", "parameters": {"range": "THISANDFUTURE"}},
        }}})
    );
    assert_eq!(SERIES.codes(&lines), ["range"]);
    let back = SERIES.round(&lines);
    let found = back.iter().find(|line| line.starts_with("RECURRENCE-ID")).unwrap();
    assert!(found.contains(";RANGE=THISANDFUTURE"), "{found}");
}

#[test]
fn o31_an_occurrence_that_the_rule_does_not_give() {
    let id = "RECURRENCE-ID;TZID=Europe/Berlin:20240301T100000";
    let start = "DTSTART;TZID=Europe/Berlin:20240301T100000";
    let lines = beside("", &format!("{id}\n{start}\nDURATION:PT1H\nSUMMARY:New"));
    let series_json = SERIES.import(&lines);
    assert_eq!(series_json["recurrenceOverrides"]["2024-03-01T10:00:00"], json!({"title": "New"}));
    // Nothing was added, so nothing is: the text comes back as it was. From JSON alone there is an RDATE.
    assert!(!SERIES.round(&lines).iter().any(|line| line.starts_with("RDATE")));
    let patch = json!({"2024-03-01T10:00:00": {"title": "New"}});
    let lines = SERIES.export(json!({"recurrenceOverrides": patch}));
    assert!(lines.contains(&"RDATE;TZID=Europe/Berlin:20240301T100000".to_owned()), "{lines:?}");
}

#[test]
fn o32_the_override_stands_first() {
    let component = format!(
        "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\n{ID}\n{START}\nDURATION:PT1H\nSUMMARY:New\nEND:VEVENT"
    );
    assert_eq!(
        SERIES.import_after(&component, ""),
        json!({"recurrenceOverrides": {KEY: {"title": "New"}}})
    );
}

#[test]
fn o33_a_rule_in_an_override() {
    let lines = beside("", &format!("{ID}\n{START}\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"));
    assert_eq!(
        SERIES.import(&lines)["recurrenceOverrides"][KEY],
        json!({"iCalendar": {"properties": [["rrule", {}, "recur", {"freq": "DAILY", "count": 2}]]}})
    );
    assert_eq!(SERIES.codes(&lines), ["rule"]);
    let back = SERIES.round(&lines);
    assert!(back.contains(&"RRULE:FREQ=DAILY;COUNT=2".to_owned()), "{back:?}");
}

#[test]
fn o34_another_stamp() {
    let text = SERIES.text(&format!(
        "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20240103T000000Z\n{ID}\n{START}\nDURATION:PT1H\nSEQUENCE:3"
    ));
    let group = simple(SERIES.read(&text).0);
    assert_eq!(
        group["entries"][0]["recurrenceOverrides"][KEY],
        json!({"updated": "2024-01-03T00:00:00Z", "sequence": 3})
    );
}

#[test]
fn o35_the_order_of_a_set() {
    let lines = format!("{ID}\n{START}\nDURATION:PT1H\nCATEGORIES:b,a");
    assert_eq!(patch_of("CATEGORIES:a,b", &lines), json!({}));
}

#[test]
fn o36_no_alarm() {
    let alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x\nEND:VALARM";
    assert_eq!(patch_of(alarm, &format!("{ID}\n{START}\nDURATION:PT1H")), json!({"alerts": null}));
}

#[test]
fn o37_another_unknown_property() {
    let lines = beside("X-FOO:1", &format!("{ID}\n{START}\nDURATION:PT1H\nX-FOO:2"));
    assert_eq!(
        SERIES.import(&lines)["recurrenceOverrides"][KEY],
        json!({"iCalendar": {"properties": [["x-foo", {}, "unknown", "2"]]}})
    );
    let (group, _) = SERIES.read(&SERIES.text(&lines));
    let all = components(&write(&group).0, "VEVENT");
    let foos = |lines: &[String]| -> Vec<String> {
        lines.iter().filter(|line| line.starts_with("X-FOO")).cloned().collect()
    };
    assert_eq!([foos(&all[0]), foos(&all[1])], [["X-FOO:1"], ["X-FOO:2"]]);
}

#[test]
fn o38_relations() {
    // Later revisions of JSCalendar 2.0 let them be patched.
    assert_eq!(
        patch(&format!("{ID}\n{START}\nDURATION:PT1H\nRELATED-TO:u2")),
        json!({"relatedTo": {"u2": {}}})
    );
}

#[test]
fn o39_a_change_of_nothing() {
    let patch = json!({"2024-01-22T09:00:00": {"title": "x"}});
    let lines = SERIES.export(json!({"recurrenceOverrides": patch}));
    for line in [
        "RDATE;TZID=Europe/Berlin:20240122T090000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20240122T090000",
        "SUMMARY:x",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line} of {lines:?}");
    }
}

#[test]
fn o40_what_is_due_is_inherited_as_it_stands() {
    // Open in the sources: revisions 17 and 18 of JSCalendar 2.0 shift `due` with the occurrence, later ones do not.
    let task = |patch: Value| {
        let members = json!({
            "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin", "due": "2024-01-15T18:00:00",
            "recurrenceRule": {"frequency": "daily"}, "recurrenceOverrides": {KEY: patch},
        });
        let lines = components(&write(&object("Task", members)).0, "VTODO").remove(1);
        lines.into_iter().find(|line| line.starts_with("DUE")).unwrap()
    };
    assert_eq!(
        task(json!({"due": "2024-01-17T18:00:00"})),
        "DUE;TZID=Europe/Berlin:20240117T180000"
    );
    assert_eq!(task(json!({"title": "T"})), "DUE;TZID=Europe/Berlin:20240115T180000");
}

/// The entries of a calendar with these components.
fn entries(components: &[&str]) -> Vec<Value> {
    let (group, _) = EVENT.read(&calendar(&components.join("\n")));
    simple(group)["entries"].as_array().unwrap().clone()
}

const MAIN: &str = "DTSTAMP:20240101T000000Z\nDTSTART:20240115T090000Z\nSUMMARY:t";

#[test]
fn o41_one_uid_for_two_kinds() {
    let event = format!("BEGIN:VEVENT\nUID:u1\n{MAIN}\nEND:VEVENT");
    let task =
        "BEGIN:VTODO\nUID:u1\nDTSTAMP:20240101T000000Z\nRECURRENCE-ID:20240116T090000Z\nEND:VTODO";
    let (group, _) = EVENT.read(&calendar(&format!("{event}\n{task}")));
    let kinds: Vec<&Value> =
        group["entries"].as_array().unwrap().iter().map(|entry| &entry["@type"]).collect();
    assert_eq!(kinds, ["Event", "Task"]);
}

#[test]
fn o42_case_matters_in_a_uid() {
    let all = entries(&[
        &format!("BEGIN:VEVENT\nUID:a\n{MAIN}\nRRULE:FREQ=DAILY\nEND:VEVENT"),
        &format!("BEGIN:VEVENT\nUID:A\n{MAIN}\nRECURRENCE-ID:20240116T090000Z\nEND:VEVENT"),
    ]);
    assert_eq!(all.len(), 2);
    assert_eq!([&all[0]["uid"], &all[1]["uid"]], ["a", "A"]);
    assert_eq!(all[0].get("recurrenceOverrides"), None);
}

/// Asserts that components without their series are entries with these members, and come back.
#[track_caller]
fn stand_alone(lines: &str, members: Value) {
    let text = format!("{lines}\nDTSTART;TZID=Europe/Berlin:20240116T110000");
    let mut members = members;
    if members.get("start").is_none() {
        members["start"] = json!("2024-01-16T11:00:00");
        members["timeZone"] = json!("Europe/Berlin");
    }
    BARE.both(&text, members);
}

#[test]
fn o43_occurrences_without_their_series() {
    stand_alone(ID, json!({"recurrenceId": KEY, "recurrenceIdTimeZone": "Europe/Berlin"}));
    let component = |day: u32| {
        format!(
            "BEGIN:VEVENT\nUID:u1\n{MAIN}\nRECURRENCE-ID;TZID=Europe/Berlin:202401{day}T100000\nEND:VEVENT"
        )
    };
    let all = entries(&[&component(16), &component(17)]);
    assert_eq!(
        [&all[0]["recurrenceId"], &all[1]["recurrenceId"]],
        ["2024-01-16T10:00:00", "2024-01-17T10:00:00"]
    );
}

#[test]
fn o44_an_occurrence_in_utc() {
    stand_alone(
        "RECURRENCE-ID:20240116T090000Z",
        json!({"recurrenceId": "2024-01-16T09:00:00", "recurrenceIdTimeZone": "Etc/UTC"}),
    );
}

#[test]
fn o45_an_occurrence_on_a_date() {
    BARE.both(
        "RECURRENCE-ID;VALUE=DATE:20240116\nDTSTART;VALUE=DATE:20240117\nDURATION:P1D",
        json!({
            "recurrenceId": "2024-01-16T00:00:00", "start": "2024-01-17T00:00:00", "showWithoutTime": true,
            "duration": "P1D",
        }),
    );
}

#[test]
fn o46_an_occurrence_that_is_cancelled() {
    let text = calendar(
        "METHOD:CANCEL\nBEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\n\
         RECURRENCE-ID;TZID=Europe/Berlin:20240116T100000\nEND:VEVENT",
    );
    let (group, codes) = BARE.read(&text);
    assert_eq!(codes, NONE);
    assert_eq!(
        simple(group.clone())["entries"][0],
        json!({
            "uid": "u1", "updated": "2024-01-01T00:00:00Z", "method": "cancel", "start": KEY,
            "timeZone": "Europe/Berlin", "recurrenceId": KEY, "recurrenceIdTimeZone": "Europe/Berlin",
            "iCalendar": {"convertedProperties": {"start": {"name": "recurrence-id"}}},
        })
    );
    let back = write(&group).0;
    assert!(back.contains("METHOD:CANCEL\r\n") && !back.contains("DTSTART;TZID"), "{back}");
}

#[test]
fn o47_a_series_and_an_occurrence_beside_it() {
    let entry = |members: Value| {
        let mut entry = object("Event", members);
        entry.as_object_mut().unwrap().remove("version");
        entry
    };
    let group = json!({"@type": "Group", "version": "2.0", "uid": "g", "entries": [
        entry(json!({
            "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H",
            "recurrenceRule": {"frequency": "daily", "count": 5},
        })),
        entry(json!({
            "start": "2024-01-16T11:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H",
            "recurrenceId": KEY, "recurrenceIdTimeZone": "Europe/Berlin",
        })),
    ]});
    let (text, _) = write(&group);
    assert!(body(&text).contains(&ID.to_owned()), "{text}");
    let again = simple(BARE.read(&text).0);
    assert_eq!(again["entries"].as_array().unwrap().len(), 1);
    let mut patch = again["entries"][0]["recurrenceOverrides"][KEY].clone();
    patch.as_object_mut().unwrap().remove("iCalendar");
    assert_eq!(patch, json!({"start": "2024-01-16T11:00:00"}));
}

#[test]
fn o48_a_zone_for_no_id() {
    let (lines, codes) = EVENT.export_reporting(json!({"recurrenceIdTimeZone": "Europe/Berlin"}));
    assert_eq!(lines, [r#"JSPROP;JSPTR="recurrenceIdTimeZone":"Europe/Berlin""#]);
    assert_eq!(codes, ["zone-without-time"]);
}

#[test]
fn o48_an_id_that_has_lost_its_zone() {
    let vendor = "/freeassociation.sourceforge.net/Tzfile/Europe/Berlin";
    for start in [
        "DTSTART;TZID=Europe/Berlin:20240116T110000".to_owned(),
        format!("DTSTART;TZID={vendor}:20240116T110000"),
        "DTSTART:20240116T110000".to_owned(),
    ] {
        let lines = format!("RECURRENCE-ID;TZID={vendor}:20240116T100000\n{start}");
        let (mut group, _) = BARE.read(&BARE.text(&lines));
        let entry = group["entries"][0].as_object_mut().unwrap();
        assert_eq!(entry.remove("recurrenceIdTimeZone"), Some(json!("Europe/Berlin")));
        let written = body(&write(&group).0);
        assert!(written.contains(&"RECURRENCE-ID:20240116T100000".to_owned()), "{written:?}");
        assert!(written.contains(&start), "{written:?}");
    }
}

#[test]
fn o49_two_series_with_one_uid() {
    // Open in the sources. Both are kept as entries; what they say is never mixed.
    let all = entries(&[
        &format!("BEGIN:VEVENT\nUID:u1\n{MAIN}\nSEQUENCE:1\nEND:VEVENT"),
        "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\nDTSTART:20240116T090000Z\nEND:VEVENT",
    ]);
    assert_eq!(
        all.iter().map(|entry| &entry["start"]).collect::<Vec<_>>(),
        ["2024-01-15T09:00:00", "2024-01-16T09:00:00"]
    );
    assert_eq!(all[1].get("title"), None);
}

#[test]
fn what_is_found_in_an_occurrence_is_said_of_its_override() {
    let patch = json!({"title": "T", "iCalendar": {"name": "vevent", "properties": [1]}});
    let event = series(json!({}), json!({KEY: patch})).to_string();
    let found = ical_jscal::ToIcal::new().json(&event).unwrap().diagnostics;
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [format!(
            "#/recurrenceOverrides/{KEY}: warning[bad-hatch]: 1 parts of it are no properties, components or hints"
        )]
    );
}
