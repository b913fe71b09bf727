//! Files to prove the oracle on: our own, and the corpus if it is there.

use std::path::Path;

use super::lines::unfold;

/// A file by its logical lines.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) lines: Vec<String>,
    /// The innermost component of each line; `BEGIN` and `END` belong to the component they bound.
    pub(super) within: Vec<String>,
}

impl Sample {
    fn new(name: &str, bytes: Vec<u8>) -> Self {
        let lines = unfold(&bytes);
        let (mut open, mut within) = (Vec::new(), Vec::new());
        for line in &lines {
            let upper = line.to_ascii_uppercase();
            if let Some(name) = upper.strip_prefix("BEGIN:") {
                open.push(name.trim().to_owned());
            }
            within.push(open.last().cloned().unwrap_or_default());
            if upper.starts_with("END:") {
                open.pop();
            }
        }
        Self { name: name.to_owned(), bytes, lines, within }
    }

    /// The first index after the component that begins at `begin`.
    pub(super) fn end_of(&self, begin: usize) -> Option<usize> {
        let mut depth = 0;
        for (i, line) in self.lines.iter().enumerate().skip(begin) {
            let upper = line.to_ascii_uppercase();
            depth += i32::from(upper.starts_with("BEGIN:")) - i32::from(upper.starts_with("END:"));
            if depth == 0 {
                return Some(i + 1);
            }
        }
        None
    }

    /// The indices of all lines in the same component, its children's not counted.
    pub(super) fn siblings(&self, index: usize) -> Vec<usize> {
        let name = &self.within[index];
        let begin = (0..=index)
            .rev()
            .find(|&i| begins(&self.lines[i], name) && self.end_of(i).is_some_and(|e| e > index));
        let Some(begin) = begin else { return Vec::new() };
        let mut depth = 0;
        let mut all = Vec::new();
        for i in begin..self.end_of(begin).unwrap_or(begin) {
            let upper = self.lines[i].to_ascii_uppercase();
            depth += i32::from(upper.starts_with("BEGIN:"));
            if depth == 1 && !upper.starts_with("BEGIN:") && !upper.starts_with("END:") {
                all.push(i);
            }
            depth -= i32::from(upper.starts_with("END:"));
        }
        all
    }
}

fn begins(line: &str, component: &str) -> bool {
    line.get(..6).is_some_and(|b| b.eq_ignore_ascii_case("BEGIN:"))
        && line[6..].trim().eq_ignore_ascii_case(component)
}

/// Logical lines as a text without folds.
pub(super) fn text(lines: &[String]) -> Vec<u8> {
    let mut out = lines.join("\r\n");
    out.push_str("\r\n");
    out.into_bytes()
}

/// Our own files; every mutation applies to one of them.
pub(super) fn own() -> Vec<Sample> {
    vec![
        Sample::new("own-meeting", MEETING.into()),
        Sample::new("own-task", TASK.into()),
        Sample::new("own-two", TWO.into()),
    ]
}

/// The well-formed iCalendar files of the corpus; `None` if it is not there.
pub(crate) fn corpus() -> Option<Vec<Sample>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus"));
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).ok()?;
    let mut all = Vec::new();
    for row in index.lines().skip(1) {
        let mut columns = row.split('\t');
        let (path, flags) = (columns.next()?, columns.nth(4)?);
        if path.starts_with("ical/")
            && !["BAD_", "FRAGMENT", "VCAL1"].iter().any(|f| flags.contains(f))
        {
            all.push(Sample::new(path, std::fs::read(root.join(path)).ok()?));
        }
    }
    Some(all)
}

const MEETING: &str = r#"BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Oracle//EN
METHOD:REQUEST
X-WR-CALNAME:Team
BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:m1
DTSTAMP:20240101T000000Z
LAST-MODIFIED:20240102T000000Z
CREATED:20231231T120000Z
SEQUENCE:3
PRIORITY:5
CLASS:PRIVATE
STATUS:CONFIRMED
TRANSP:OPAQUE
DTSTART;TZID=Office:20240115T100000
DTEND;TZID=Office:20240115T113000
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20240601T080000Z
EXDATE;TZID=Office:20240118T100000
EXDATE;TZID=Office:20240129T100000,20240201T100000
RDATE;TZID=Office:20240120T100000
RDATE;VALUE=PERIOD:20240122T090000Z/PT30M
SUMMARY;LANGUAGE=en:Planning\, part one
DESCRIPTION:First line\nsecond line\; with a semicolon and some length
LOCATION:Room 1
GEO:48.85;-2.29
CATEGORIES:Work,Re\,al
CATEGORIES:Home
COMMENT:one
COMMENT:two
CONTACT:Ann
RESOURCES:Beamer,Chair
URL:https://example.com/Plan
RELATED-TO;RELTYPE=SIBLING:m0
REQUEST-STATUS:2.0;Success
ORGANIZER;CN=Ann;SENT-BY="mailto:sec@example.com":mailto:ann@example.com
ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:ann@example.com
ATTENDEE;CN="Bob, Jr.";PARTSTAT=DECLINED;CUTYPE=ROOM;RSVP=TRUE;X-NUM-GUESTS=2:mailto:bob@example.com
ATTENDEE;CN=Cy;RSVP=FALSE;MEMBER="mailto:a@example.com","mailto:b@example.com":mailto:cy@example.com
ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain:aGVsbG8gd29ybGQ=
ATTACH;FMTTYPE=application/pdf:https://example.com/a.pdf
X-FOO;X-P=1:a\,b
BEGIN:VALARM
UID:al1
ACTION:DISPLAY
DESCRIPTION:Go
TRIGGER;RELATED=END:-PT10M
REPEAT:2
DURATION:PT5M
END:VALARM
BEGIN:VALARM
ACTION:AUDIO
TRIGGER;VALUE=DATE-TIME:20240115T080000Z
END:VALARM
BEGIN:X-THING
X-A:1
BEGIN:X-SUB
X-B:2
END:X-SUB
END:X-THING
END:VEVENT
BEGIN:VEVENT
UID:m1
DTSTAMP:20240101T000000Z
RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Office:20240201T100000
DTSTART;TZID=Office:20240201T150000
DURATION:PT90M
SUMMARY:Later
END:VEVENT
END:VCALENDAR
"#;

const TASK: &str = r"BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Oracle//EN
BEGIN:VTODO
UID:t1
DTSTAMP:20240101T000000Z
DTSTART:20240110T090000Z
DUE;TZID=Europe/Berlin:20240120T170000
PERCENT-COMPLETE:40
STATUS:IN-PROCESS
SUMMARY:Buy milk
CATEGORIES:Home,Shop
DURATION:PT1H
COMPLETED:20240119T120000Z
END:VTODO
BEGIN:VEVENT
UID:d1
DTSTAMP:20240101T000000Z
DTSTART;VALUE=DATE:20240115
DTEND;VALUE=DATE:20240118
RRULE:FREQ=YEARLY;COUNT=5
EXDATE;VALUE=DATE:20250115
SUMMARY:Holidays
END:VEVENT
BEGIN:VEVENT
UID:d2
DTSTAMP:20240101T000000Z
DTSTART;TZID=America/New_York:20240601T100000
DTEND;TZID=Europe/Berlin:20240601T200000
RRULE:FREQ=DAILY;COUNT=3
EXDATE;TZID=America/New_York:20240602T100000
SUMMARY:Flight
END:VEVENT
BEGIN:VFREEBUSY
UID:f1
DTSTAMP:20240101T000000Z
FREEBUSY;FBTYPE=BUSY-TENTATIVE:20240101T100000Z/PT1H,20240102T100000Z/20240102T110000Z
END:VFREEBUSY
BEGIN:VJOURNAL
UID:j1
DTSTAMP:20240101T000000Z
SUMMARY:Notes
END:VJOURNAL
END:VCALENDAR
";

const TWO: &str = r"BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Oracle//EN
BEGIN:VEVENT
UID:a
DTSTAMP:20240101T000000Z
DTSTART:20240115T090000Z
DURATION:PT1H
SUMMARY:A
END:VEVENT
END:VCALENDAR
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Oracle//EN
BEGIN:VEVENT
UID:b
DTSTAMP:20240101T000000Z
DTSTART:20240115T090000
SUMMARY:B
END:VEVENT
END:VCALENDAR
";
