//! Writing the `VTIMEZONE` of an IANA zone (RFC 5545, section 3.6.5).

use content_line::LineWriter;
use jiff::tz::TimeZone;
use jscalendar::{LocalDateTime, RuleEnd, UtcDateTime, YearlyRule};

use super::history::{self, Change, Kind, Run};
use crate::value::{Form, Moment};

/// What came about fewer times is written date by date.
const SHORTEST_RULE: usize = 3;

/// Writes a `VTIMEZONE` that has the offsets of `zone` from year `from` to year `to`, both included.
///
/// Patterns that last for ever are written as such, so it is good for later years too, unless the zone changes its ways
/// after `to`.
pub(crate) fn vtimezone(tzid: &str, zone: &TimeZone, from: i16, to: i16, out: &mut LineWriter) {
    let (from, to) = (from.min(to).clamp(1, 9990), to.max(from).clamp(1, 9990));
    let parts = observances(&history::runs(zone, from), from, to);
    out.begin("VTIMEZONE");
    out.name("TZID").value_text(tzid);
    for part in &parts {
        part.write(out);
    }
    if parts.is_empty() {
        always(zone, from).write(out);
    }
    out.end("VTIMEZONE");
}

/// `STANDARD` or `DAYLIGHT`.
struct Part {
    kind: Kind,
    start: LocalDateTime,
    rule: Option<YearlyRule>,
    dates: Vec<LocalDateTime>,
}

/// In the order of their starts.
fn observances(runs: &[Run], from: i16, to: i16) -> Vec<Part> {
    let begin = history::beginning(from).as_second();
    let before = runs.iter().filter_map(|run| last_until(&run.changes, begin));
    let since = before.max().unwrap_or(i64::MIN);
    // What begins after the years in question is not written; the year after them is, for those that ask a bit further.
    let last = i32::from(to) + 1;
    let mut parts: Vec<Part> = Vec::new();
    for run in runs {
        let passed = run.changes.partition_point(|change| change.instant < since);
        let changes = run.changes.get(passed..).unwrap_or_default();
        let Some(first) = changes.first().filter(|first| i32::from(first.local.year()) <= last)
        else {
            continue;
        };
        match rule(run, changes) {
            Some(rule) => {
                parts.push(Part { rule: Some(rule), ..Part::new(&run.kind, first.local) })
            }
            None => {
                changes.iter().for_each(|change| add_date(&mut parts, &run.kind, *change, last))
            }
        }
    }
    parts.sort_by_key(|part| part.start);
    parts
}

/// The last change that is not after `instant`.
fn last_until(changes: &[Change], instant: i64) -> Option<i64> {
    let count = changes.partition_point(|change| change.instant <= instant);
    changes.get(count.checked_sub(1)?).map(|change| change.instant)
}

/// The rule for the rest of a run, if that is long enough for one.
fn rule(run: &Run, rest: &[Change]) -> Option<YearlyRule> {
    let mut rule = run.rule().filter(|_| rest.len() >= SHORTEST_RULE)?;
    if !run.endless {
        rule.end = RuleEnd::Until(UtcDateTime::from_unix_seconds(rest.last()?.instant)?);
    }
    Some(rule)
}

/// Adds a change to the observance of its kind that has dates.
fn add_date(parts: &mut Vec<Part>, kind: &Kind, change: Change, last_year: i32) {
    if i32::from(change.local.year()) > last_year {
        return;
    }
    match parts.iter_mut().find(|part| part.rule.is_none() && part.kind == *kind) {
        Some(part) => part.dates.push(change.local),
        None => parts.push(Part::new(kind, change.local)),
    }
}

/// The one observance of a zone whose clocks are never changed.
fn always(zone: &TimeZone, from: i16) -> Part {
    let start = LocalDateTime::new(from.unsigned_abs().min(1970), 1, 1, 0, 0, 0);
    let info = zone.to_offset_info(history::beginning(from));
    let offset = info.offset().seconds();
    let name = info.abbreviation().into();
    let kind = Kind { offset_from: offset, offset_to: offset, name, daylight: false };
    Part::new(&kind, start.unwrap_or(LocalDateTime::MIN))
}

impl Part {
    fn new(kind: &Kind, start: LocalDateTime) -> Self {
        Self { kind: kind.clone(), start, rule: None, dates: Vec::new() }
    }

    fn write(&self, out: &mut LineWriter) {
        let name = if self.kind.daylight { "DAYLIGHT" } else { "STANDARD" };
        out.begin(name);
        out.name("DTSTART").value_raw(&date_time(self.start));
        out.name("TZOFFSETFROM").value_raw(&offset_text(self.kind.offset_from));
        out.name("TZOFFSETTO").value_raw(&offset_text(self.kind.offset_to));
        if let Some(rule) = &self.rule {
            out.name("RRULE").value_raw(&rule.to_string());
        }
        if !self.dates.is_empty() {
            let dates: Vec<String> = self.dates.iter().map(|date| date_time(*date)).collect();
            out.name("RDATE").value_raw(&dates.join(","));
        }
        out.name("TZNAME").value_text(&self.kind.name);
        out.end(name);
    }
}

/// A time on the clock, as a `DATE-TIME`.
pub(super) fn date_time(local: LocalDateTime) -> String {
    let mut text = String::with_capacity(15);
    Moment { local, form: Form::Local }.write(&mut text);
    text
}

/// A `UTC-OFFSET` (RFC 5545, section 3.3.14).
pub(super) fn offset_text(seconds: i32) -> String {
    let (sign, size) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let (hours, minutes, rest) = (size / 3_600, size / 60 % 60, size % 60);
    match rest {
        0 => format!("{sign}{hours:02}{minutes:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}{rest:02}"),
    }
}

#[cfg(test)]
#[cfg(feature = "tz")]
mod tests {
    use content_line::{Component, Position};
    use jiff::Timestamp;
    use jiff::civil::date;
    use jscalendar::CustomZone;
    use proptest::prelude::*;

    use super::*;

    fn written(zone: &str, from: i16, to: i16) -> String {
        let mut out = LineWriter::new();
        vtimezone(zone, &TimeZone::get(zone).unwrap(), from, to, &mut out);
        out.into_string().replace("\r\n", "\n")
    }

    fn read(text: &str) -> CustomZone {
        let (component, problems) = Component::parse(text.as_bytes(), Position::START);
        assert!(problems.is_empty());
        super::super::vtimezone::read(&component).unwrap_or_else(|| panic!("unreadable: {text}"))
    }

    /// The first instant at which the two differ within these years.
    fn difference(name: &str, from: i16, to: i16) -> Option<Timestamp> {
        let zone = TimeZone::get(name).unwrap();
        let own = read(&written(name, from, to));
        let instant = |year: i16| date(year, 1, 1).to_zoned(zone.clone()).unwrap().timestamp();
        let (begin, end) = (instant(from), instant(to + 1));
        let differs =
            |at: &Timestamp| own.offset_at_instant(at.as_second()) != zone.to_offset(*at).seconds();
        let changes =
            zone.following(begin).map(|change| change.timestamp()).take_while(|at| *at < end);
        let around = changes
            .flat_map(|at| [-1, 0].map(|seconds| at + jiff::SignedDuration::from_secs(seconds)));
        let middles = (from..=to).flat_map(|year| {
            [1, 7].map(|month| date(year, month, 2).to_zoned(zone.clone()).unwrap().timestamp())
        });
        let mut all: Vec<Timestamp> =
            around.chain(middles).chain([begin]).filter(|at| *at < end).collect();
        all.sort_unstable();
        all.into_iter().find(differs)
    }

    #[test]
    fn a_pattern_without_end() {
        insta::assert_snapshot!(written("Europe/Berlin", 2024, 2024), @"
        BEGIN:VTIMEZONE
        TZID:Europe/Berlin
        BEGIN:STANDARD
        DTSTART:20231029T030000
        TZOFFSETFROM:+0200
        TZOFFSETTO:+0100
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
        TZNAME:CET
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:20240331T020000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
        TZNAME:CEST
        END:DAYLIGHT
        END:VTIMEZONE
        ");
        insta::assert_snapshot!(written("America/New_York", 2024, 2030), @"
        BEGIN:VTIMEZONE
        TZID:America/New_York
        BEGIN:STANDARD
        DTSTART:20231105T020000
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0500
        RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
        TZNAME:EST
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:20240310T020000
        TZOFFSETFROM:-0500
        TZOFFSETTO:-0400
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
        TZNAME:EDT
        END:DAYLIGHT
        END:VTIMEZONE
        ");
    }

    #[test]
    fn a_zone_without_changes() {
        insta::assert_snapshot!(written("Etc/GMT-5", 2024, 2024), @"
        BEGIN:VTIMEZONE
        TZID:Etc/GMT-5
        BEGIN:STANDARD
        DTSTART:19700101T000000
        TZOFFSETFROM:+0500
        TZOFFSETTO:+0500
        TZNAME:+05
        END:STANDARD
        END:VTIMEZONE
        ");
        insta::assert_snapshot!(written("Asia/Tokyo", 2024, 2024), @"
        BEGIN:VTIMEZONE
        TZID:Asia/Tokyo
        BEGIN:STANDARD
        DTSTART:19510909T010000
        TZOFFSETFROM:+1000
        TZOFFSETTO:+0900
        TZNAME:JST
        END:STANDARD
        END:VTIMEZONE
        ");
    }

    #[test]
    fn patterns_that_end() {
        insta::assert_snapshot!(written("America/New_York", 2000, 2010), @"
        BEGIN:VTIMEZONE
        TZID:America/New_York
        BEGIN:STANDARD
        DTSTART:19991031T020000
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0500
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z
        TZNAME:EST
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:20000402T020000
        TZOFFSETFROM:-0500
        TZOFFSETTO:-0400
        RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z
        TZNAME:EDT
        END:DAYLIGHT
        BEGIN:DAYLIGHT
        DTSTART:20070311T020000
        TZOFFSETFROM:-0500
        TZOFFSETTO:-0400
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
        TZNAME:EDT
        END:DAYLIGHT
        BEGIN:STANDARD
        DTSTART:20071104T020000
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0500
        RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
        TZNAME:EST
        END:STANDARD
        END:VTIMEZONE
        ");
        insta::assert_snapshot!(written("Europe/Moscow", 2008, 2024), @"
        BEGIN:VTIMEZONE
        TZID:Europe/Moscow
        BEGIN:STANDARD
        DTSTART:20071028T030000
        TZOFFSETFROM:+0400
        TZOFFSETTO:+0300
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20101030T230000Z
        TZNAME:MSK
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:20080330T020000
        TZOFFSETFROM:+0300
        TZOFFSETTO:+0400
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20100327T230000Z
        TZNAME:MSD
        END:DAYLIGHT
        BEGIN:STANDARD
        DTSTART:20110327T020000
        TZOFFSETFROM:+0300
        TZOFFSETTO:+0400
        TZNAME:MSK
        END:STANDARD
        BEGIN:STANDARD
        DTSTART:20141026T020000
        TZOFFSETFROM:+0400
        TZOFFSETTO:+0300
        TZNAME:MSK
        END:STANDARD
        END:VTIMEZONE
        ");
    }

    #[test]
    fn days_that_are_no_nth_weekday() {
        insta::assert_snapshot!(written("America/Santiago", 2024, 2024), @"
        BEGIN:VTIMEZONE
        TZID:America/Santiago
        BEGIN:DAYLIGHT
        DTSTART:20230903T000000
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0300
        RRULE:FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU
        TZNAME:-03
        END:DAYLIGHT
        BEGIN:STANDARD
        DTSTART:20240407T000000
        TZOFFSETFROM:-0300
        TZOFFSETTO:-0400
        RRULE:FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU
        TZNAME:-04
        END:STANDARD
        END:VTIMEZONE
        ");
        insta::assert_snapshot!(written("America/Nuuk", 2025, 2025), @"
        BEGIN:VTIMEZONE
        TZID:America/Nuuk
        BEGIN:STANDARD
        DTSTART:20241027T000000
        TZOFFSETFROM:-0100
        TZOFFSETTO:-0200
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
        TZNAME:-02
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:20250329T230000
        TZOFFSETFROM:-0200
        TZOFFSETTO:-0100
        RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=24,25,26,27,28,29,30;BYDAY=SA
        TZNAME:-01
        END:DAYLIGHT
        END:VTIMEZONE
        ");
        insta::assert_snapshot!(written("Africa/Cairo", 2025, 2025), @"
        BEGIN:VTIMEZONE
        TZID:Africa/Cairo
        BEGIN:STANDARD
        DTSTART:20241101T000000
        TZOFFSETFROM:+0300
        TZOFFSETTO:+0200
        RRULE:FREQ=YEARLY;BYYEARDAY=-67,-66,-65,-64,-63,-62,-61;BYDAY=FR
        TZNAME:EET
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:20250425T000000
        TZOFFSETFROM:+0200
        TZOFFSETTO:+0300
        RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=-1FR
        TZNAME:EEST
        END:DAYLIGHT
        END:VTIMEZONE
        ");
    }

    #[test]
    fn dates_without_any_rule() {
        insta::assert_snapshot!(written("Africa/Casablanca", 2024, 2025), @"
        BEGIN:VTIMEZONE
        TZID:Africa/Casablanca
        BEGIN:DAYLIGHT
        DTSTART:20230423T020000
        TZOFFSETFROM:+0000
        TZOFFSETTO:+0100
        RDATE:20240414T020000,20250406T020000,20260322T020000
        TZNAME:+01
        END:DAYLIGHT
        BEGIN:STANDARD
        DTSTART:20240310T030000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0000
        RDATE:20250223T030000,20260215T030000,20260920T020000
        TZNAME:+00
        END:STANDARD
        END:VTIMEZONE
        ");
    }

    #[test]
    fn winter_time_that_is_daylight_saving_time() {
        insta::assert_snapshot!(written("Europe/Dublin", 2024, 2024), @"
        BEGIN:VTIMEZONE
        TZID:Europe/Dublin
        BEGIN:STANDARD
        DTSTART:20231029T020000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0000
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
        TZNAME:GMT
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:20240331T010000
        TZOFFSETFROM:+0000
        TZOFFSETTO:+0100
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
        TZNAME:IST
        END:DAYLIGHT
        END:VTIMEZONE
        ");
    }

    #[test]
    fn offsets() {
        assert_eq!(
            [0, -3_600, 20_700, -2_670].map(offset_text),
            ["+0000", "-0100", "+0545", "-004430"]
        );
    }

    #[test]
    fn every_zone_in_these_years() {
        for name in jiff::tz::db().available() {
            for (from, to) in [(2024, 2026), (1970, 2037), (1890, 2120), (2200, 2600)] {
                let found = difference(name.as_str(), from, to);
                assert_eq!(found, None, "{name} {from} {to}: {}", written(name.as_str(), from, to));
            }
        }
    }

    proptest! {
        #[test]
        fn the_same_offsets_in_any_years(zone in any::<prop::sample::Index>(), from in 1800..9000_i16, length in 0..60_i16) {
            let names: Vec<_> = jiff::tz::db().available().collect();
            let name = names[zone.index(names.len())].as_str();
            prop_assert_eq!(difference(name, from, from + length), None);
        }

        #[test]
        fn any_years_are_written(from in any::<i16>(), to in any::<i16>()) {
            let text = written("Europe/London", from, to);
            read(&text);
        }
    }
}
