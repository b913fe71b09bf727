//! Occurrences, and changes of series.

use jscalendar::json_model::PatchRules;
use jscalendar::{
    DueAlert, EditError, Event, Json, LocalDateTime, Occurrence, PatchObject, Series, SeriesError,
    Task, TimeZones, UtcDateTime, Version,
};
use proptest::prelude::*;

fn event(members: &str) -> Event {
    let text = format!(r#"{{"@type":"Event","version":"2.0","uid":"a",{members}}}"#);
    Event::from_json(&text).unwrap().value
}

fn at(text: &str) -> LocalDateTime {
    text.parse().unwrap()
}

fn series(event: &Event) -> Series<'_, Event> {
    Series::new(event, &TimeZones::new()).unwrap()
}

fn ids(event: &Event) -> Vec<String> {
    let id = |it: Occurrence<'_, Event>| it.recurrence_id().unwrap().to_string();
    series(event).occurrences().take(12).map(id).collect()
}

fn starts(event: &Event) -> Vec<String> {
    series(event).occurrences().take(12).map(|it| it.start().local.to_string()).collect()
}

fn json(patch: &PatchObject) -> String {
    serde_json::to_string(patch).unwrap()
}

/// The event as it is after the patch, as a server would make it.
fn patched(event: &Event, patch: &PatchObject) -> Event {
    let before = Json::parse(&event.to_json(Version::V2_0).value).unwrap();
    let after = patch.apply(&before, PatchRules::V2_0).unwrap();
    Event::from_json(after.as_str()).unwrap().value
}

const DAILY: &str = r#""start":"2024-01-15T10:00:00","duration":"PT1H","recurrenceRule":{"frequency":"daily","count":5}"#;

#[test]
fn overrides_add_move_replace_and_exclude() {
    let event = event(&format!(
        r#"{DAILY},"recurrenceOverrides":{{
            "2024-01-16T10:00:00":{{"excluded":true}},
            "2024-01-17T10:00:00":{{"start":"2024-01-20T08:00:00","title":"Moved"}},
            "2024-01-18T10:00:00":{{"duration":"PT3H"}},
            "2024-01-14T12:00:00":{{}},
            "2024-01-30T12:00:00":{{"title":"Added"}}
        }}"#
    ));
    let line = |it: Occurrence<'_, Event>| {
        let object = it.object();
        let title = object.title.unwrap_or_default();
        format!("{} {} {} {title}", it.recurrence_id().unwrap(), it.start().local, it.end().local)
    };
    let lines: Vec<_> = series(&event).occurrences().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    2024-01-14T12:00:00 2024-01-14T12:00:00 2024-01-14T13:00:00 
    2024-01-15T10:00:00 2024-01-15T10:00:00 2024-01-15T11:00:00 
    2024-01-18T10:00:00 2024-01-18T10:00:00 2024-01-18T13:00:00 
    2024-01-19T10:00:00 2024-01-19T10:00:00 2024-01-19T11:00:00 
    2024-01-17T10:00:00 2024-01-20T08:00:00 2024-01-20T09:00:00 Moved
    2024-01-30T12:00:00 2024-01-30T12:00:00 2024-01-30T13:00:00 Added
    ");
    let moved = series(&event).occurrence(at("2024-01-17T10:00:00")).unwrap().object();
    assert_eq!(moved.start, Some(at("2024-01-20T08:00:00")));
    assert_eq!(moved.recurrence_id, Some(at("2024-01-17T10:00:00")));
    assert!(moved.recurrence_rule.is_none() && moved.recurrence_overrides.is_empty());
}

#[test]
fn a_window_is_what_overlaps_it() {
    let event = event(&format!(
        r#"{DAILY},"timeZone":"Europe/Berlin","recurrenceOverrides":{{"2024-01-19T10:00:00":{{"start":"2024-01-16T09:15:00"}}}}"#
    ));
    let between = |from: &str, to: &str| -> Vec<String> {
        let window =
            series(&event).occurrences().between(from.parse().unwrap(), to.parse().unwrap());
        window.map(|it| it.start().instant.unwrap().to_string()).collect()
    };
    // The one that was moved ends when the window begins.
    assert_eq!(between("2024-01-16T09:15:00Z", "2024-01-16T12:00:00Z"), ["2024-01-16T09:00:00Z"]);
    assert_eq!(between("2024-01-16T10:00:00Z", "2024-01-17T09:00:00Z"), Vec::<String>::new());
    assert_eq!(between("2024-01-16T09:59:59Z", "2024-01-17T09:00:01Z").len(), 2);
}

#[test]
fn floating_times_are_those_of_whoever_looks() {
    let event = event(r#""start":"2024-07-01T01:00:00","recurrenceRule":{"frequency":"daily"}"#);
    let day = |zone: &str| {
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        let window = event.occurrences().unwrap().floating_in(zone);
        let mut window = window.between(
            "2024-07-10T00:00:00Z".parse().unwrap(),
            "2024-07-11T00:00:00Z".parse().unwrap(),
        );
        window.next().unwrap().start().local.to_string()
    };
    assert_eq!(day("Europe/Berlin"), "2024-07-11T01:00:00");
    assert_eq!(day("America/New_York"), "2024-07-10T01:00:00");
}

#[test]
fn gaps_and_folds() {
    // RFC 8984, section 1.4.5: the offset before the change.
    let event = event(
        r#""start":"2024-03-30T02:30:00","timeZone":"Europe/Berlin","duration":"PT1H","recurrenceRule":{"frequency":"daily","count":3}"#,
    );
    let line = |it: Occurrence<'_, Event>| {
        format!("{} {} {}", it.start().local, it.start().instant.unwrap(), it.end().local)
    };
    let lines: Vec<_> = event.occurrences().unwrap().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    2024-03-30T02:30:00 2024-03-30T01:30:00Z 2024-03-30T03:30:00
    2024-03-31T02:30:00 2024-03-31T01:30:00Z 2024-03-31T04:30:00
    2024-04-01T02:30:00 2024-04-01T00:30:00Z 2024-04-01T03:30:00
    ");
}

#[test]
fn an_end_in_another_zone() {
    let flight = event(
        r#""start":"2024-06-01T10:00:00","timeZone":"America/New_York","endTimeZone":"Europe/Berlin","duration":"PT8H""#,
    );
    let only = flight.occurrences().unwrap().next().unwrap();
    assert_eq!((only.recurrence_id(), only.end().local), (None, at("2024-06-02T00:00:00")));
    assert_eq!(only.end().zone.unwrap().as_str(), "Europe/Berlin");
    assert_eq!(only.object(), flight);
}

#[test]
fn both_versions_rules() {
    let old = r#"{"@type":"Event","uid":"a","start":"2024-01-01T09:00:00",
        "recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly"},{"@type":"RecurrenceRule","frequency":"daily","interval":5}],
        "excludedRecurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly","interval":2}]}"#;
    let event = Event::from_json(old).unwrap().value;
    let found: Vec<_> = ids(&event).into_iter().take(5).collect();
    insta::assert_snapshot!(found.join(" "), @"2024-01-06T09:00:00 2024-01-08T09:00:00 2024-01-11T09:00:00 2024-01-16T09:00:00 2024-01-21T09:00:00");
}

#[test]
fn zones_of_version_1_0() {
    let old = r#"{"@type":"Event","uid":"a","start":"2024-01-01T09:00:00","timeZone":"/Camp","timeZones":{"/Camp":{"@type":"TimeZone","tzId":"/Camp",
        "standard":[{"@type":"TimeZoneRule","start":"1970-01-01T00:00:00","offsetFrom":"+0130","offsetTo":"+0130"}]}}}"#;
    let event = Event::from_json(old).unwrap().value;
    let only = event.occurrences().unwrap().next().unwrap();
    assert_eq!(only.start().instant, Some("2024-01-01T07:30:00Z".parse().unwrap()));
}

#[test]
fn tasks_are_due() {
    let task = r#"{"@type":"Task","uid":"t","start":"2024-01-31T09:00:00","due":"2024-01-31T17:00:00","recurrenceRule":{"frequency":"monthly"}}"#;
    let task = Task::from_json(task).unwrap().value;
    let second = task.occurrences().unwrap().nth(1).unwrap();
    assert_eq!(second.end().local, at("2024-03-31T17:00:00"));
    assert_eq!(second.object().due, Some(at("2024-03-31T17:00:00")));
    let due =
        Task::from_json(r#"{"@type":"Task","uid":"t","due":"2024-01-31T17:00:00"}"#).unwrap().value;
    assert_eq!(due.occurrences().unwrap().next().unwrap().start().local, at("2024-01-31T17:00:00"));
}

#[test]
fn what_is_wrong_is_named() {
    let error = |members: &str| event(members).occurrences().unwrap_err().to_string();
    insta::assert_snapshot!(error(r#""title":"x""#), @"start: there is none");
    insta::assert_snapshot!(error(r#""start":"2024-01-15T10:00:00","timeZone":"Europe/Bonn""#), @"timeZone: the time zone Europe/Bonn is not known");
    insta::assert_snapshot!(error(r#""start":"2024-01-15T10:00:00","recurrenceRule":{"frequency":"daily","byHour":[24]}"#), @"recurrenceRule/byHour/0: expected an hour from 0 to 23");
    let unknown = event(r#""start":"2024-01-15T10:00:00","timeZone":"Europe/Bonn""#);
    assert!(matches!(unknown.occurrences().unwrap_err(), SeriesError::Zone { .. }));
}

#[test]
fn a_patch_that_is_not_valid_changes_nothing() {
    let event = event(&format!(
        r#"{DAILY},"recurrenceOverrides":{{"2024-01-16T10:00:00":{{"title":"x","locations/none/name":"y","uid":"b"}},"2024-01-17T10:00:00":{{"title":"x","uid":"b"}}}}"#
    ));
    let series = series(&event);
    assert_eq!(series.occurrence(at("2024-01-16T10:00:00")).unwrap().object().title, None);
    // What must not be changed is passed over.
    let other = series.occurrence(at("2024-01-17T10:00:00")).unwrap().object();
    assert_eq!((other.title.as_deref(), other.uid.as_deref()), (Some("x"), Some("a")));
}

#[test]
fn one_occurrence_is_changed() {
    let event = event(&format!(
        r#"{DAILY},"participants":{{"p":{{"calendarAddress":"mailto:p@example.com","participationStatus":"needs-action"}}}},
        "organizerCalendarAddress":"mailto:o@example.com","recurrenceOverrides":{{"2024-01-17T10:00:00":{{"title":"Lunch"}}}}"#
    ));
    let series = series(&event);
    let accept = |event: &mut Event| {
        for participant in event.participants.values_mut() {
            participant.participation_status = Some("accepted".into());
        }
    };
    let patch = |day: &str, change: &dyn Fn(&mut Event)| {
        json(&series.edit_occurrence(at(day), change).unwrap())
    };
    insta::assert_snapshot!(patch("2024-01-16T10:00:00", &accept), @r#"{"recurrenceOverrides/2024-01-16T10:00:00":{"participants/p/participationStatus":"accepted"}}"#);
    insta::assert_snapshot!(patch("2024-01-17T10:00:00", &accept), @r#"{"recurrenceOverrides/2024-01-17T10:00:00/participants~1p~1participationStatus":"accepted"}"#);
    // Changed back.
    insta::assert_snapshot!(patch("2024-01-17T10:00:00", &|event| event.title = None), @r#"{"recurrenceOverrides":null}"#);
    insta::assert_snapshot!(patch("2024-01-17T10:00:00", &|_| ()), @"{}");
    insta::assert_snapshot!(json(&series.delete_occurrence(at("2024-01-16T10:00:00")).unwrap()), @r#"{"recurrenceOverrides/2024-01-16T10:00:00":{"excluded":true}}"#);
    let error = series
        .edit_occurrence(at("2024-01-16T10:00:00"), |event| event.privacy = Some("secret".into()));
    assert_eq!(error, Err(EditError::NotOverridable("privacy".into())));
    let error = series.delete_occurrence(at("2024-01-16T11:00:00"));
    assert_eq!(error, Err(EditError::NoOccurrence(at("2024-01-16T11:00:00"))));
}

#[test]
fn all_are_changed() {
    let event = event(
        r#""start":"2024-01-15T10:00:00","recurrenceRule":{"frequency":"daily","until":"2024-01-20T10:00:00"},
        "recurrenceOverrides":{"2024-01-17T10:00:00":{"title":"Lunch"}}"#,
    );
    let series = series(&event);
    insta::assert_snapshot!(json(&series.edit_all(|event| event.title = Some("Tea".into()))), @r#"{"title":"Tea"}"#);
    let patch = series.edit_all(|event| event.start = Some(at("2024-01-15T11:30:00")));
    insta::assert_snapshot!(json(&patch), @r#"{"recurrenceOverrides/2024-01-17T10:00:00":null,"recurrenceOverrides/2024-01-17T11:30:00":{"title":"Lunch"},"recurrenceRule/until":"2024-01-20T11:30:00","start":"2024-01-15T11:30:00"}"#);
    assert_eq!(ids(&patched(&event, &patch)).len(), 6);
}

#[test]
fn one_and_all_that_follow_are_changed() {
    let event = event(&format!(
        r#"{DAILY},"recurrenceOverrides":{{"2024-01-16T10:00:00":{{"title":"a"}},"2024-01-18T10:00:00":{{"title":"b"}}}}"#
    ));
    let series = series(&event);
    let split = series
        .edit_following(at("2024-01-17T10:00:00"), "b", |event| {
            event.start = Some(at("2024-01-17T12:00:00"))
        })
        .unwrap();
    insta::assert_snapshot!(json(&split.patch), @r#"{"recurrenceOverrides/2024-01-18T10:00:00":null,"recurrenceRule/count":2,"relatedTo":{"b":{"relation":{"next":true}}}}"#);
    insta::assert_snapshot!(serde_json::to_string(&split.following.unwrap()).unwrap(), @r#"{"@type":"Event","version":"2.0","uid":"b","start":"2024-01-17T12:00:00","duration":"PT1H","recurrenceRule":{"frequency":"daily","count":3},"recurrenceOverrides":{"2024-01-18T12:00:00":{"title":"b"}},"relatedTo":{"a":{"relation":{"first":true}}}}"#);
    insta::assert_snapshot!(json(&series.delete_following(at("2024-01-17T10:00:00")).unwrap().unwrap()), @r#"{"recurrenceOverrides/2024-01-18T10:00:00":null,"recurrenceRule/count":2}"#);
    assert_eq!(series.delete_following(at("2024-01-15T10:00:00")), Ok(None));
    let whole = series
        .edit_following(at("2024-01-15T10:00:00"), "b", |event| event.title = Some("c".into()))
        .unwrap();
    assert_eq!((json(&whole.patch), whole.following), (r#"{"title":"c"}"#.to_owned(), None));
}

/// JMAP Calendars, section 5.8.2: the series stays one, and what came before stays what it was.
#[test]
fn what_came_before_is_kept() {
    let overrides = r#""recurrenceOverrides":{"2024-01-15T08:00:00":{},"2024-01-16T10:00:00":{"excluded":true},
        "2024-01-17T10:00:00":{"start":"2030-01-01T10:00:00"},"2024-01-19T10:00:00":{"priority":1}}"#;
    let event = event(&format!(r#"{DAILY},"title":"a",{overrides}"#));
    let mut after = event.clone();
    after.title = Some("b".into());
    let keep = |after: &Event, most| {
        series(&event).keep_before(at("2024-01-18T10:00:00"), after.clone(), most)
    };
    let patch = keep(&after, 4).unwrap();
    let titles = |event: &Event| {
        let line = |it: Occurrence<'_, Event>| {
            format!("{} {}", it.start().local, it.object().title.unwrap())
        };
        event.occurrences().unwrap().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        titles(&patched(&event, &patch)),
        [
            "2024-01-15T08:00:00 a",
            "2024-01-15T10:00:00 a",
            "2024-01-18T10:00:00 b",
            "2024-01-19T10:00:00 b",
            "2030-01-01T10:00:00 a",
        ],
    );
    assert!(keep(&after, 3).is_none());
    let changes: [fn(&mut Event); 4] = [
        |it| it.start = Some(at("2024-01-15T11:00:00")),
        |it| it.time_zone = "Europe/Berlin".parse().ok(),
        |it| it.recurrence_rule = None,
        |it| it.privacy = Some(jscalendar::Privacy::Secret),
    ];
    for change in changes {
        let mut after = event.clone();
        change(&mut after);
        assert!(keep(&after, 100).is_none());
    }
}

#[test]
fn a_split_of_a_split() {
    let event = event(
        r#""start":"2024-01-15T10:00:00","recurrenceRule":{"frequency":"weekly"},
        "relatedTo":{"0":{"relation":{"first":true}},"9":{"relation":{"next":true}}}"#,
    );
    let split = series(&event).edit_following(at("2024-02-05T10:00:00"), "b", |_| ()).unwrap();
    insta::assert_snapshot!(json(&split.patch), @r#"{"recurrenceRule/until":"2024-01-29T10:00:00","relatedTo/9":null,"relatedTo/b":{"relation":{"next":true}}}"#);
    let following = split.following.unwrap();
    let related: Vec<_> = following.related_to.keys().map(String::as_str).collect();
    assert_eq!(related, ["0", "9"]);
}

#[test]
fn rules_that_cannot_go_on_are_not_split() {
    let refused = |event: &Event, id: &str| {
        let split = series(event).edit_following(at(id), "b", |_| ());
        assert_eq!(split.map(|_| ()), Err(EditError::Rules));
        assert!(series(event).delete_following(at(id)).unwrap().is_some());
    };
    // The 31st of September was moved to 1 October, and every second month from there is another one.
    let moved = event(
        r#""start":"2024-07-31T10:00:00","recurrenceRule":{"frequency":"monthly","interval":2,"skip":"forward"}"#,
    );
    refused(&moved, "2024-10-01T10:00:00");
    let two = r#"{"@type":"Event","uid":"a","start":"2024-01-01T09:00:00","recurrenceRules":[
        {"@type":"RecurrenceRule","frequency":"weekly"},{"@type":"RecurrenceRule","frequency":"daily","interval":5}]}"#;
    refused(&Event::from_json(two).unwrap().value, "2024-01-08T09:00:00");
}

#[test]
fn what_makes_no_tree_is_patched_all_the_same() {
    let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
    let event = event(&format!(
        r#"{DAILY},"example.com:deep":{deep},"recurrenceOverrides":{{"2024-01-16T10:00:00":{{"title":"x"}}}}"#
    ));
    let series = series(&event);
    let changed = series.occurrence(at("2024-01-16T10:00:00")).unwrap().object();
    assert_eq!(changed.title.as_deref(), Some("x"));
    assert_eq!(changed.extra["example.com:deep"].as_str(), deep);
    let patch = series.edit_all(|event| event.title = Some("y".into()));
    assert_eq!(json(&patch), r#"{"title":"y"}"#);
}

#[test]
fn the_next_start_does_not_change_a_rule() {
    let event = event(
        r#""start":"2024-01-31T10:00:00","recurrenceRule":{"frequency":"monthly","skip":"forward","rscale":"gregorian"}"#,
    );
    let all = starts(&event);
    let split = series(&event).edit_following(at("2024-03-01T10:00:00"), "b", |_| ()).unwrap();
    assert_eq!(starts(&split.following.unwrap())[..5], all[1..6]);
}

#[test]
fn a_month_that_comes_from_the_start_stays() {
    let event = event(
        r#""start":"2024-02-10T10:00:00","recurrenceRule":{"frequency":"yearly","byMonthDay":[31],"skip":"forward","rscale":"gregorian"}"#,
    );
    let all = starts(&event);
    assert_eq!(all[..3], ["2024-02-10T10:00:00", "2024-03-01T10:00:00", "2025-03-01T10:00:00"]);
    let split = series(&event).edit_following(at("2024-03-01T10:00:00"), "b", |_| ()).unwrap();
    assert_eq!(starts(&split.following.unwrap())[..5], all[1..6]);
}

#[test]
fn a_task_without_a_start_is_split_and_moved() {
    let task = Task::from_json(
        r#"{"@type":"Task","version":"2.0","uid":"t","due":"2024-01-15T17:00:00","recurrenceRule":{"frequency":"weekly","count":4},
        "recurrenceOverrides":{"2024-01-29T17:00:00":{"title":"b"}}}"#,
    )
    .unwrap()
    .value;
    let series = Series::new(&task, &TimeZones::new()).unwrap();
    let split = series.edit_following(at("2024-01-22T17:00:00"), "u", |_| ()).unwrap();
    insta::assert_snapshot!(json(&split.patch), @r#"{"recurrenceOverrides":null,"recurrenceRule/count":1,"relatedTo":{"u":{"relation":{"next":true}}}}"#);
    insta::assert_snapshot!(serde_json::to_string(&split.following.unwrap()).unwrap(), @r#"{"@type":"Task","version":"2.0","uid":"u","due":"2024-01-22T17:00:00","recurrenceRule":{"frequency":"weekly","count":3},"recurrenceOverrides":{"2024-01-29T17:00:00":{"title":"b"}},"relatedTo":{"t":{"relation":{"first":true}}}}"#);
    let patch = series.edit_all(|task| task.due = Some(at("2024-01-15T18:00:00")));
    insta::assert_snapshot!(json(&patch), @r#"{"due":"2024-01-15T18:00:00","recurrenceOverrides/2024-01-29T17:00:00":null,"recurrenceOverrides/2024-01-29T18:00:00":{"title":"b"}}"#);
}

#[test]
fn a_split_is_not_counted_one_by_one() {
    let event = event(
        r#""start":"2024-01-15T10:00:00","recurrenceRule":{"frequency":"secondly","count":1000000000000}"#,
    );
    let split = series(&event).edit_following(at("9024-01-15T10:00:00"), "b", |_| ()).unwrap();
    insta::assert_snapshot!(json(&split.patch), @r#"{"recurrenceRule/count":220898620800,"relatedTo":{"b":{"relation":{"next":true}}}}"#);
    let ended = r#""start":"2024-01-15T10:00:00","recurrenceRule":{"frequency":"secondly","until":"4024-01-15T10:00:00"},"recurrenceOverrides":{"9024-01-15T10:00:00":{}}"#;
    let ended = self::event(ended);
    let split = series(&ended).edit_following(at("9024-01-15T10:00:00"), "b", |_| ()).unwrap();
    insta::assert_snapshot!(json(&split.patch), @r#"{"recurrenceOverrides":null,"relatedTo":{"b":{"relation":{"next":true}}}}"#);
}

/// Version 1.0, with members that nobody knows, an override, and what an iCalendar object left.
const OLD: &str = r#"{"@type":"Event","uid":"a","start":"2024-01-15T10:00:00","duration":"PT1H","timeZone":"Europe/Berlin",
    "recurrenceRules":[{"@type":"RecurrenceRule","frequency":"daily","count":9,"example.com:rule":1}],"example.com:other":{"b":[null,2.50]},
    "participants":{"p":{"@type":"Participant","sendTo":{"imip":"mailto:p@example.com"},"roles":{"attendee":true},"participationStatus":"needs-action","example.com:p":true}},
    "replyTo":{"imip":"mailto:o@example.com"},"locations":{"l":{"@type":"Location","name":"Here"}},"requestStatus":"2.0;Success",
    "iCalendar":{"name":"vevent","properties":[["x-a",{},"text","b"]]},
    "recurrenceOverrides":{"2024-01-18T10:00:00":{"title":"Lunch","participants/p/participationStatus":"declined","example.com:x":1}}}"#;

#[test]
fn an_old_object_is_patched_in_old_words() {
    let event = Event::from_json(OLD).unwrap().value;
    let series = series(&event);
    let stored = Json::parse(OLD).unwrap();
    let after = |patch: &PatchObject| {
        let after = patch.apply(&stored, PatchRules::V2_0).unwrap();
        Event::from_json(after.as_str()).unwrap().value
    };
    let accept = |event: &mut Event| {
        for participant in event.participants.values_mut() {
            participant.participation_status = Some("accepted".into());
        }
    };

    let all = series.edit_all(accept);
    insta::assert_snapshot!(json(&all), @r#"{"participants/p/participationStatus":"accepted"}"#);
    let mut expected = event.clone();
    accept(&mut expected);
    assert_eq!(after(&all), expected);

    for (id, untouched) in [
        ("2024-01-17T10:00:00", "2024-01-18T10:00:00"),
        ("2024-01-18T10:00:00", "2024-01-17T10:00:00"),
    ] {
        let one = series.edit_occurrence(at(id), accept).unwrap();
        assert!(json(&one).starts_with(r#"{"recurrenceOverrides/"#), "{}", json(&one));
        let edited = after(&one);
        let edited = Series::new(&edited, &TimeZones::new()).unwrap();
        let mut expected = series.occurrence(at(id)).unwrap().object();
        accept(&mut expected);
        assert_eq!(edited.occurrence(at(id)).unwrap().object(), expected);
        let other = series.occurrence(at(untouched)).unwrap().object();
        assert_eq!(edited.occurrence(at(untouched)).unwrap().object(), other);
    }

    let split = series.edit_following(at("2024-01-18T10:00:00"), "b", accept).unwrap();
    insta::assert_snapshot!(json(&split.patch), @r#"{"recurrenceOverrides":null,"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"daily","count":3,"example.com:rule":1}],"relatedTo":{"b":{"@type":"Relation","relation":{"next":true}}}}"#);
    assert_eq!(ids(&after(&split.patch)).len(), 3);
    let following = split.following.unwrap();
    let following = Event::from_json(&following.to_json(Version::V1_0).value).unwrap().value;
    assert_eq!(ids(&following).len(), 6);
    let deleted = series.delete_following(at("2024-01-18T10:00:00")).unwrap().unwrap();
    insta::assert_snapshot!(json(&deleted), @r#"{"recurrenceOverrides":null,"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"daily","count":3,"example.com:rule":1}]}"#);
}

#[test]
fn alerts_that_are_due() {
    let event = event(
        r#""start":"2024-03-29T10:00:00","timeZone":"Europe/Berlin","duration":"PT1H","recurrenceRule":{"frequency":"daily"},
        "alerts":{
            "soon":{"trigger":{"offset":"-PT15M"},"acknowledged":"2024-03-29T12:00:00Z"},
            "day":{"trigger":{"offset":"-P1D"}},
            "over":{"trigger":{"offset":"PT5M","relativeTo":"end"}},
            "once":{"trigger":{"@type":"AbsoluteTrigger","when":"2024-03-31T00:00:00Z"}},
            "odd":{"trigger":{"@type":"example.com:Trigger"}}
        },
        "recurrenceOverrides":{
            "2024-03-31T10:00:00":{"alerts/soon":null,"alerts/far":{"trigger":{"offset":"-P2D"}}},
            "2024-04-01T10:00:00":{"excluded":true}
        }"#,
    );
    let due = event.occurrences().unwrap().alerts_between(
        "2024-03-29T00:00:00Z".parse().unwrap(),
        "2024-03-31T12:00:00Z".parse().unwrap(),
    );
    let line = |due: &DueAlert<'_, Event>| {
        format!("{} {} of {}", due.at, due.id, due.occurrence.recurrence_id().unwrap())
    };
    let lines: Vec<_> = due.iter().map(line).collect();
    // Summer time begins on the 31st: a day before 10:00 is 10:00.
    insta::assert_snapshot!(lines.join("\n"), @"
    2024-03-29T09:00:00Z day of 2024-03-30T10:00:00
    2024-03-29T09:00:00Z far of 2024-03-31T10:00:00
    2024-03-29T10:05:00Z over of 2024-03-29T10:00:00
    2024-03-30T08:45:00Z soon of 2024-03-30T10:00:00
    2024-03-30T09:00:00Z day of 2024-03-31T10:00:00
    2024-03-30T10:05:00Z over of 2024-03-30T10:00:00
    2024-03-31T00:00:00Z once of 2024-03-29T10:00:00
    2024-03-31T09:05:00Z over of 2024-03-31T10:00:00
    ");
}

fn any_series() -> impl Strategy<Value = Event> {
    let day = 0..40i64;
    let rule = prop_oneof![
        Just(r#"{"frequency":"daily"}"#),
        Just(r#"{"frequency":"daily","interval":3,"count":9}"#),
        Just(
            r#"{"frequency":"weekly","interval":2,"byDay":[{"day":"mo"},{"day":"we"},{"day":"su"}]}"#
        ),
        Just(r#"{"frequency":"monthly","byMonthDay":[1,15,-1],"count":7}"#),
        Just(r#"{"frequency":"weekly","until":"2024-02-26T10:00:00"}"#),
        Just(r#"{"frequency":"hourly","interval":7,"byHour":[9,10,11,12],"count":20}"#),
        Just(
            r#"{"frequency":"monthly","byDay":[{"day":"mo"},{"day":"tu"}],"bySetPosition":[2,-1]}"#
        ),
        Just(
            r#"{"frequency":"weekly","interval":3,"firstDayOfWeek":"su","byDay":[{"day":"sa"},{"day":"mo"},{"day":"we"}],"bySetPosition":[1,-1],"count":11}"#
        ),
        Just(
            r#"{"frequency":"yearly","byMonth":["1","2"],"byMonthDay":[15,31],"skip":"forward","rscale":"gregorian"}"#
        ),
        Just(
            r#"{"frequency":"yearly","byMonthDay":[-31,15],"skip":"backward","rscale":"gregorian"}"#
        ),
        Just(r#"{"frequency":"yearly","byWeekNo":[3,5,-50],"byDay":[{"day":"th"}],"count":9}"#),
        Just(r#"{"frequency":"minutely","interval":700,"byHour":[9,10,11,12,13]}"#),
        Just(r#"{"frequency":"secondly","interval":86401,"count":30}"#),
    ];
    let change = prop_oneof![
        2 => Just(r#"{"excluded":true}"#.to_owned()),
        2 => Just(r#"{"title":"x"}"#.to_owned()),
        1 => Just("{}".to_owned()),
        2 => (0..40u32).prop_map(|day| format!(r#"{{"start":"2024-02-{:02}T08:00:00"}}"#, day % 29 + 1)),
    ];
    (rule, proptest::collection::vec((day, 9..12u32, change), 0..6)).prop_map(|(rule, changes)| {
        let overrides: std::collections::BTreeMap<String, String> = changes
            .into_iter()
            .map(|(day, hour, patch)| {
                let date = jiff::civil::date(2024, 1, 15) + jiff::Span::new().days(day);
                (format!("{date}T{hour:02}:00:00"), patch)
            })
            .collect();
        let overrides: Vec<_> = overrides.iter().map(|(key, patch)| format!("\"{key}\":{patch}")).collect();
        event(&format!(
            r#""start":"2024-01-15T10:00:00","timeZone":"Europe/Berlin","duration":"PT90M","recurrenceRule":{rule},"recurrenceOverrides":{{{}}}"#,
            overrides.join(",")
        ))
    })
}

proptest! {
    #[test]
    fn occurrences_come_once_and_in_order(event in any_series()) {
        let all: Vec<_> = event.occurrences().unwrap().take(50).collect();
        prop_assert!(all.windows(2).all(|pair| pair[0].start().instant <= pair[1].start().instant));
        let mut ids: Vec<_> = all.iter().map(|it| it.recurrence_id()).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), all.len());
    }

    #[test]
    fn a_window_is_a_filter(event in any_series(), from in 0..90i64, length in 1..300i64) {
        let start = 1_705_000_000 + from * 43_000;
        let utc = |seconds| UtcDateTime::from_unix_seconds(seconds).unwrap();
        let (from, to) = (utc(start), utc(start + length * 3_600));
        let overlaps = |it: &Occurrence<'_, Event>| {
            let (start, end) = (it.start().instant.unwrap(), it.end().instant.unwrap());
            start < to && (end > from || start >= from)
        };
        let key = |it: Occurrence<'_, Event>| (it.recurrence_id(), it.start(), it.end());
        let all = event.occurrences().unwrap().take(400);
        let expected: Vec<_> = all.filter(overlaps).map(key).collect();
        let found: Vec<_> = event.occurrences().unwrap().between(from, to).map(key).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_parts_of_a_split_are_the_whole(event in any_series(), place in 0..12usize) {
        let key = |it: &Occurrence<'_, Event>| {
            let mut object = it.object();
            object.uid = None;
            object.related_to.clear();
            (it.start().instant, object.title, it.end())
        };
        let series = series(&event);
        let all: Vec<_> = series.occurrences().take(40).collect();
        let Some(id) = all.get(place).and_then(Occurrence::recurrence_id) else { return Ok(()) };
        let split = series.edit_following(id, "b", |_| ()).unwrap();
        let before = patched(&event, &split.patch);
        let mut parts: Vec<_> = before.occurrences().unwrap().take(80).map(|it| key(&it)).collect();
        if let Some(following) = &split.following {
            parts.extend(following.occurrences().unwrap().take(80).map(|it| key(&it)));
        }
        let mut expected: Vec<_> = all.iter().map(key).collect();
        let last = expected.last().map(|last| last.0);
        parts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        expected.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        parts.retain(|part| Some(part.0) <= last || all.len() < 40);
        parts.truncate(expected.len());
        prop_assert_eq!(parts, expected);
    }

    #[test]
    fn a_change_from_one_on_changes_nothing_before(event in any_series(), place in 0..12usize) {
        let series = series(&event);
        let all: Vec<_> = series.occurrences().take(30).collect();
        let Some(id) = all.get(place).and_then(Occurrence::recurrence_id) else { return Ok(()) };
        let mut after = event.clone();
        after.color = Some("red".into());
        let Some(patch) = series.keep_before(id, after, 1000) else { return Ok(()) };
        let after = patched(&event, &patch);
        let found: Vec<_> = after.occurrences().unwrap().take(30).collect();
        for (before, after) in all.iter().zip(&found) {
            let mut expected = before.object();
            if before.recurrence_id() >= Some(id) {
                expected.color = Some("red".into());
            }
            prop_assert_eq!(after.object(), expected);
        }
    }

    #[test]
    fn a_change_of_one_changes_one(event in any_series(), place in 0..12usize) {
        let series = series(&event);
        let all: Vec<_> = series.occurrences().take(30).collect();
        let Some(id) = all.get(place).and_then(Occurrence::recurrence_id) else { return Ok(()) };
        let patch = series.edit_occurrence(id, |event| event.color = Some("red".into())).unwrap();
        let after = patched(&event, &patch);
        let found: Vec<_> = after.occurrences().unwrap().take(30).collect();
        for (before, after) in all.iter().zip(&found) {
            let mut expected = before.object();
            if before.recurrence_id() == Some(id) {
                expected.color = Some("red".into());
            }
            prop_assert_eq!(after.object(), expected);
        }
    }
}
