//! iCalendar texts made to hurt.

use super::{Case, SIZE, fill, moment};

const HEAD: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n";
const END: &str = "END:VCALENDAR\r\n";

pub(super) const CASES: &[Case] = &[
    ("benign", || events(benign)),
    ("one component in the other", || "BEGIN:VEVENT\r\n".repeat(SIZE / 14 + 1)),
    ("components that do not end", || in_event("", |_| "BEGIN:X-A\r\n".to_owned())),
    ("one long line", || in_event("DESCRIPTION:", |_| "\\n\\,x".repeat(16))),
    ("one line of continuations", || in_event("DESCRIPTION:", |_| "\r\n ".repeat(16))),
    ("parameters of one line", || in_event("SUMMARY", |n| format!(";X-{n}=v"))),
    ("values of one parameter", || {
        in_event("ATTENDEE;MEMBER=\"mailto:x\"", |n| format!(",\"mailto:{n}@x\""))
    }),
    ("attendees", || in_event("", |n| format!("ATTENDEE:mailto:a{n}@x\r\n"))),
    ("attendees of one address", || in_event("", |_| "ATTENDEE:mailto:a@x\r\n".to_owned())),
    ("participants", || {
        in_event("", |n| {
            format!("BEGIN:PARTICIPANT\r\nCALENDAR-ADDRESS:mailto:a{n}@x\r\nEND:PARTICIPANT\r\n")
        })
    }),
    ("places of one name", || {
        in_event("", |_| "BEGIN:VLOCATION\r\nNAME:x\r\nEND:VLOCATION\r\n".to_owned())
    }),
    ("alarms", || {
        in_event("", |n| {
            format!("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT{n}M\r\nEND:VALARM\r\n")
        })
    }),
    ("keywords", || in_event("", |n| format!("CATEGORIES;X-{n}=1:k{n}\r\n"))),
    ("links", || in_event("", |_| "ATTACH:https://x/\r\n".to_owned())),
    ("rules", || in_event("", |n| format!("RRULE:FREQ=DAILY;COUNT={}\r\n", n + 1))),
    ("excluded times", || {
        in_event("RRULE:FREQ=MINUTELY\r\n", |n| format!("EXDATE:{}Z\r\n", time(n)))
    }),
    ("overrides", || series("", |n| occurrence(n, "SUMMARY:x\r\n"))),
    ("overrides of one occurrence", || series("", |_| occurrence(1, "SUMMARY:x\r\n"))),
    ("overrides of a long series", || series(&attendees(), |n| occurrence(n, ""))),
    ("overrides that undo a long series", || {
        series(&attendees(), |n| occurrence(n, "ATTENDEE:mailto:a1@x\r\n"))
    }),
    ("a rule that never comes", || {
        events(|n| counted(n, "YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"))
    }),
    ("a rule of leap days", || events(|n| counted(n, "YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=500"))),
    ("a count of thousands of millions", || events(|n| counted(n, "SECONDLY;COUNT=2000000000"))),
    ("zones", || {
        events(|n| {
            zone(n)
                + &format!(
                    "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART;TZID=Z{n}:20260101T090000\r\nEND:VEVENT\r\n"
                )
        })
    }),
    ("zones that nobody knows", || {
        events(|n| {
            format!(
                "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART;TZID=No{n}:20260101T090000\r\nEND:VEVENT\r\n"
            )
        })
    }),
];

fn events(one: impl Fn(usize) -> String) -> String {
    fill(HEAD, "", one, END)
}

fn in_event(lines: &str, piece: impl Fn(usize) -> String) -> String {
    let head = format!("{HEAD}BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20260101T090000Z\r\n{lines}");
    let end = if lines.is_empty() || lines.ends_with('\n') { "" } else { ":1\r\n" };
    fill(&head, "", piece, &format!("{end}END:VEVENT\r\n{END}"))
}

fn series(lines: &str, occurrence: impl Fn(usize) -> String) -> String {
    let head = format!(
        "{HEAD}BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20200101T000000Z\r\nRRULE:FREQ=MINUTELY\r\n{lines}END:VEVENT\r\n"
    );
    fill(&head, "", occurrence, END)
}

fn occurrence(n: usize, lines: &str) -> String {
    let at = time(n);
    format!(
        "BEGIN:VEVENT\r\nUID:u\r\nRECURRENCE-ID:{at}Z\r\nDTSTART:{at}Z\r\n{lines}END:VEVENT\r\n"
    )
}

/// Lines that are half of a text.
fn attendees() -> String {
    (0..SIZE / 2 / 25).map(|n| format!("ATTENDEE:mailto:a{n:05}@x\r\n")).collect()
}

/// An event with a rule and an occurrence that makes one ask whether the rule gives it.
fn counted(n: usize, rule: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:20240229T090000Z\r\nRRULE:FREQ={rule}\r\nEND:VEVENT\r\n\
         BEGIN:VEVENT\r\nUID:{n}\r\nRECURRENCE-ID:20280229T090000Z\r\nEND:VEVENT\r\n"
    )
}

fn zone(n: usize) -> String {
    let offset = format!("+{:02}{:02}", n / 60 % 12, n % 60);
    format!(
        "BEGIN:VTIMEZONE\r\nTZID:Z{n}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{offset}\r\n\
         TZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
}

fn benign(n: usize) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:u{n}@example.com\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:{}\r\n\
         DURATION:PT1H\r\nSUMMARY:Meeting {n}\r\nDESCRIPTION:Some text that tells\\, more or less\\, what it is\r\n  \
         about\r\nLOCATION:Room {}\r\nSTATUS:CONFIRMED\r\nCATEGORIES:WORK,TEAM\r\n\
         RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO,TU\r\nORGANIZER;CN=Jo:mailto:jo@example.com\r\n\
         ATTENDEE;CN=Jo;PARTSTAT=ACCEPTED:mailto:jo@example.com\r\n\
         ATTENDEE;CN=Al;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:al{n}@example.com\r\nBEGIN:VALARM\r\n\
         ACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\nEND:VEVENT\r\n",
        time(n),
        n % 7
    )
}

fn time(n: usize) -> String {
    let [year, month, day, hour, minute] = moment(n);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}00")
}
