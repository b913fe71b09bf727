//! Fine points that a rewrite of whole files cannot show: pairs of lines and the verdict.

use super::{Kind, compare};

/// The start of the events below unless they have their own; the clock goes forward on the next night.
const START: &str = "DTSTART;TZID=Europe/Berlin:20240330T120000";

const SAME: &[(&str, &str)] = &[
    ("DURATION:P1D", "DTEND;TZID=Europe/Berlin:20240331T120000"),
    ("DURATION:PT24H", "DTEND;TZID=Europe/Berlin:20240331T130000"),
    ("DURATION:PT23H", "DURATION:P1D"),
    ("DTEND;TZID=Europe/Berlin:20240330T120000", ""),
    ("EXDATE;TZID=America/New_York:20240402T060000", "EXDATE;TZID=Europe/Berlin:20240402T120000"),
    (
        "RDATE;VALUE=PERIOD:20240402T100000Z/PT1H",
        "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20240402T120000/20240402T130000",
    ),
    ("RRULE:FREQ=DAILY;UNTIL=20240410T100000Z", "RRULE:UNTIL=20240410T120000;FREQ=DAILY"),
    ("RRULE:FREQ=WEEKLY;BYDAY=MO,TU;WKST=MO", "RRULE:FREQ=WEEKLY;BYDAY=TU,MO"),
    ("GEO:+48.850;-02.29", "GEO:48.85;-2.290"),
    ("SUMMARY:a\\:b", "SUMMARY:a:b"),
    ("SUMMARY:a\\:b", "SUMMARY:a\\\\:b"),
    ("X-FOO;VALUE=TEXT:a,b", "X-FOO;VALUE=TEXT:a\\,b"),
    ("ATTACH;ENCODING=BASE64:aGk=", "ATTACH;VALUE=BINARY;ENCODING=BASE64:aGk="),
    ("ATTENDEE;CN=a^'b:mailto:a@b", "ATTENDEE;CN=\"a^'b\":mailto:a@b"),
    ("ATTENDEE;CN=Doe, Jane:mailto:a@b", "ATTENDEE;CN=\"Doe, Jane\":mailto:a@b"),
    ("CATEGORIES:a,,a", "CATEGORIES:a"),
    ("LOCATION;LANGUAGE=en:", ""),
];

const DIFFERENT: &[(&str, &str)] = &[
    ("DURATION:PT24H", "DTEND;TZID=Europe/Berlin:20240331T120000"),
    ("DURATION:PT24H", "DURATION:P1D"),
    ("DTEND;TZID=Europe/Berlin:20240330T130000", "DTEND;TZID=Europe/Vienna:20240330T130000"),
    ("DTEND;TZID=Europe/Berlin:20240330T130000", "DTEND:20240330T120000Z"),
    ("DTEND;X-A=1;TZID=Europe/Berlin:20240330T130000", "DURATION:PT1H"),
    ("REFRESH-INTERVAL;VALUE=DURATION:PT24H", "REFRESH-INTERVAL;VALUE=DURATION:P1D"),
    ("EXDATE:20240402T120000", "EXDATE;TZID=Europe/Berlin:20240402T120000"),
    ("EXDATE;VALUE=DATE:20240402", "EXDATE;TZID=Europe/Berlin:20240402T120000"),
    ("EXDATE;TZID=Nowhere:20240402T120000", "EXDATE;TZID=Europe/Berlin:20240402T120000"),
    // The half hour that the clock shows twice.
    ("RRULE:FREQ=DAILY;UNTIL=20241027T013000Z", "RRULE:FREQ=DAILY;UNTIL=20241027T003000Z"),
    ("RRULE:FREQ=DAILY;UNTIL=20241027", "RRULE:FREQ=DAILY;UNTIL=20241027T000000"),
    ("RRULE:FREQ=WEEKLY;BYDAY=MO;WKST=SU", "RRULE:FREQ=WEEKLY;BYDAY=MO"),
    ("CATEGORIES:a\\,b", "CATEGORIES:a,b"),
    ("X-FOO:a\\,b", "X-FOO:a,b"),
    ("URL:https://e.example/a,b", "URL:https://e.example/a\\,b"),
    ("SUMMARY:C:\\\\temp", "SUMMARY:C:temp"),
    ("SUMMARY: a", "SUMMARY:a"),
    ("COLOR:Teal", "COLOR:teal"),
    ("TRANSP:OPAQUE", ""),
    ("PRIORITY:0", ""),
    ("SEQUENCE:0", ""),
    ("CLASS:PUBLIC", ""),
    ("X-EMPTY;X-A=1:", ""),
    ("ATTENDEE;RSVP=FALSE:mailto:a@b", "ATTENDEE:mailto:a@b"),
    ("ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:a@b", "ATTENDEE:mailto:a@b"),
    ("ATTENDEE;CUTYPE=INDIVIDUAL:mailto:a@b", "ATTENDEE:mailto:a@b"),
    ("ATTENDEE:MAILTO:a@b", "ATTENDEE:mailto:a@b"),
    (
        "ATTENDEE;MEMBER=\"mailto:l@b\",\"mailto:m@b\":mailto:a@b",
        "ATTENDEE;MEMBER=\"mailto:l@b,mailto:m@b\":mailto:a@b",
    ),
    ("REQUEST-STATUS:2.8\\; x;y", "REQUEST-STATUS:2.8;x;y"),
    ("DESCRIPTION;ALTREP=\"cid:x\":a", "DESCRIPTION:a"),
    ("RELATED-TO:x", "RELATED-TO;RELTYPE=PARENT:x"),
    ("", "LAST-MODIFIED:20240101T000000Z"),
    ("DTSTAMP:20240101T000000Z", "DTSTAMP:20240101T000001Z"),
    ("DTSTAMP:20240101T000000Z", ""),
];

#[test]
fn fine_points_are_judged_as_decided() {
    for (before, after) in SAME {
        let found: Vec<String> =
            compare(&event(before), &event(after)).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{before} and {after}: {found:?}");
    }
    for (before, after) in DIFFERENT {
        let found = compare(&event(before), &event(after));
        let kind = match (*before, *after) {
            ("", _) => Kind::Added,
            (_, "") => Kind::Lost,
            _ => Kind::Changed,
        };
        assert!(found.iter().any(|d| d.kind == kind), "{before} and {after}: {found:?}");
    }
}

#[test]
fn a_zone_may_be_told_otherwise_but_not_differently() {
    let zone = |start: &str, offset: &str| {
        let lines = [
            "BEGIN:VTIMEZONE",
            "TZID:Here",
            "BEGIN:STANDARD",
            start,
            "TZOFFSETFROM:+0100",
            offset,
            "END:STANDARD",
            "END:VTIMEZONE",
        ];
        format!(
            "BEGIN:VCALENDAR\n{}\n{}END:VCALENDAR\n",
            lines.join("\n"),
            "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Here:20240101T100000\nEND:VEVENT\n"
        )
    };
    let verdict = |start: &str, offset: &str| {
        compare(
            zone("DTSTART:19700101T000000", "TZOFFSETTO:+0100").as_bytes(),
            zone(start, offset).as_bytes(),
        )
        .is_empty()
    };
    assert!(verdict("DTSTART:16010101T000000", "TZOFFSETTO:+0100"));
    assert!(verdict("DTSTART:20230101T000000", "TZOFFSETTO:+010000"));
    assert!(!verdict("DTSTART:19700101T000000", "TZOFFSETTO:+0200"));
    // Within a year of the event.
    assert!(!verdict("DTSTART:20250601T000000", "TZOFFSETTO:+0200"));
}

#[test]
fn a_zone_may_appear_only_if_its_name_says_all() {
    let event = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=@:20240101T100000\nEND:VEVENT\n";
    let zone = "BEGIN:VTIMEZONE\nTZID:@\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";
    let found = |tzid: &str, before: &str, after: &str| {
        let text =
            |body: &str| format!("BEGIN:VCALENDAR\n{body}END:VCALENDAR\n").replace('@', tzid);
        compare(text(before).as_bytes(), text(after).as_bytes())
    };
    let both = format!("{zone}{event}");
    assert!(found("Europe/Berlin", event, &both).is_empty());
    assert!(!found("Here", event, &both).is_empty());
    assert!(!found("Europe/Berlin", &both, event).is_empty());
    assert!(!found("Here", zone, "").is_empty());
    assert!(found("Europe/Berlin", zone, "").is_empty());
}

fn event(line: &str) -> Vec<u8> {
    let mut lines = vec!["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", START];
    lines.extend(Some(line).filter(|l| !l.is_empty()));
    lines.extend(["END:VEVENT", "END:VCALENDAR", ""]);
    lines.join("\r\n").into_bytes()
}
