//! Writing the `VTIMEZONE` of an IANA zone (RFC 5545, section 3.6.5).

use content_line::LineWriter;
use jiff::Timestamp;
use jiff::civil::{Weekday, date};
use jiff::tz::{Offset, TimeZone};
use jscalendar::{LocalDateTime, RuleDay, RuleEnd, UtcDateTime, YearlyRule};

use crate::value::{Form, Moment};

/// No zone of the database has transitions of its own in or after this year; then all follow a yearly pattern.
const SETTLED: i16 = 2100;

/// A pattern that went on for so long has met every kind of year, and goes on for ever.
const CYCLE: i16 = 40;

/// What came about fewer times is written date by date.
const SHORTEST_RULE: usize = 3;

/// Writes a `VTIMEZONE` that has the offsets of `zone` from year `from` to year `to`, both included.
///
/// Patterns that last for ever are written as such, so it is good for later years too, unless the zone has no pattern
/// before some year after `to`.
pub(crate) fn vtimezone(tzid: &str, zone: &TimeZone, from: i16, to: i16, out: &mut LineWriter) {
    let (from, to) = (from.min(to).clamp(1, 9990), to.max(from).clamp(1, 9990));
    let parts = observances(zone, from, to);
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

/// A change of the clocks.
#[derive(Debug, Clone)]
struct Change {
    instant: i64,
    /// On the clock before it.
    local: LocalDateTime,
    kind: Kind,
}

/// What changes of one observance have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    offset_from: i32,
    offset_to: i32,
    name: String,
    daylight: bool,
}

/// `STANDARD` or `DAYLIGHT`.
struct Part {
    kind: Kind,
    start: LocalDateTime,
    rule: Option<YearlyRule>,
    dates: Vec<LocalDateTime>,
}

/// In the order of their starts.
fn observances(zone: &TimeZone, from: i16, to: i16) -> Vec<Part> {
    let horizon = (from.max(SETTLED) + CYCLE).min(9998);
    let mut runs = runs(changes(zone, from, horizon));
    // What begins after the years in question is not written; the year after them is, for those that ask a bit further.
    let last = i32::from(to) + 1;
    runs.retain(|run| run.first().is_some_and(|change| i32::from(change.local.year()) <= last));
    let mut parts: Vec<Part> = Vec::new();
    for run in runs {
        let endless =
            run.last().is_some_and(|change| change.local.year() >= horizon.unsigned_abs());
        match run.rule(endless) {
            Some((start, rule)) => {
                let kind = start.kind.clone();
                parts.push(Part { kind, start: start.local, rule: Some(rule), dates: Vec::new() });
            }
            None => run.changes.into_iter().for_each(|change| add_date(&mut parts, change, last)),
        }
    }
    parts.sort_by_key(|part| part.start);
    parts
}

/// The change in force at the beginning of year `from`, and all from there to the end of year `to`.
fn changes(zone: &TimeZone, from: i16, to: i16) -> Vec<Change> {
    let instant = |year: i16| {
        Offset::UTC.to_timestamp(date(year, 1, 1).at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
    };
    // Clocks are never more than a day ahead of UTC, so the new year begins in no zone before this.
    let begin = instant(from) - jiff::SignedDuration::from_hours(24);
    let end = instant(to + 1);
    let current = zone.preceding(begin).next();
    let since = current.as_ref().map_or(begin, |change| change.timestamp());
    let before = since - jiff::SignedDuration::from_secs(1);
    let info = zone.to_offset_info(before);
    let (mut offset, mut dst) = (info.offset().seconds(), info.dst().is_dst());
    let following = zone.following(before).take_while(|change| change.timestamp() < end);
    let mut changes = Vec::new();
    for change in following {
        let (next, is_dst) = (change.offset().seconds(), change.dst().is_dst());
        let instant = change.timestamp().as_second();
        let name = change.abbreviation().to_owned();
        let kind = Kind {
            offset_from: offset,
            offset_to: next,
            name,
            daylight: is_daylight((offset, dst), (next, is_dst)),
        };
        if let Some(local) = local_at(instant, offset) {
            changes.push(Change { instant, local, kind });
        }
        (offset, dst) = (next, is_dst);
    }
    changes
}

/// The database calls winter in Ireland and Ramadan in Morocco daylight saving time, with clocks set back. Most readers
/// expect `DAYLIGHT` to be the larger offset.
fn is_daylight((before, was_dst): (i32, bool), (after, is_dst): (i32, bool)) -> bool {
    match (was_dst, is_dst) {
        (false, true) if after < before => false,
        (true, false) if after > before => true,
        _ => is_dst,
    }
}

fn local_at(instant: i64, offset: i32) -> Option<LocalDateTime> {
    UtcDateTime::from_unix_seconds(instant + i64::from(offset)).map(UtcDateTime::to_utc_clock)
}

/// The one observance of a zone whose clocks are never changed.
fn always(zone: &TimeZone, from: i16) -> Part {
    let start = LocalDateTime::new(from.unsigned_abs().min(1970), 1, 1, 0, 0, 0);
    let instant = Offset::UTC.to_timestamp(date(from, 1, 1).at(0, 0, 0, 0)).unwrap_or_default();
    let info = zone.to_offset_info(instant);
    let offset = info.offset().seconds();
    let kind = Kind {
        offset_from: offset,
        offset_to: offset,
        name: info.abbreviation().to_owned(),
        daylight: false,
    };
    Part { kind, start: start.unwrap_or(LocalDateTime::MIN), rule: None, dates: Vec::new() }
}

/// Changes of one kind and at one time of day, year after year, as long as one rule describes their days.
#[derive(Debug)]
struct Run {
    changes: Vec<Change>,
    days: Days,
}

/// The rules that describe the days of a run.
#[derive(Debug, Clone, Copy)]
struct Days {
    /// If it is the same in all years, as are the others.
    month: Option<u8>,
    weekday: Option<Weekday>,
    /// The n-th such weekday of the month.
    nth: Option<i8>,
    /// The last such weekday of the month.
    last: bool,
    /// The days of the month, if that is the same.
    earliest: i8,
    latest: i8,
    /// The days of the year.
    earliest_in_year: i16,
    latest_in_year: i16,
}

impl Days {
    fn of(local: LocalDateTime) -> Self {
        let date = local.to_civil().date();
        let day = date.day();
        // Counted from where no leap day comes between.
        let day_of_year = match date.month() {
            1 | 2 => date.day_of_year(),
            _ => date.day_of_year() - date.days_in_year() - 1,
        };
        Self {
            month: Some(local.month()),
            weekday: Some(date.weekday()),
            nth: Some((day - 1) / 7 + 1),
            last: day + 7 > date.days_in_month(),
            earliest: day,
            latest: day,
            earliest_in_year: day_of_year,
            latest_in_year: day_of_year,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            month: self.month.filter(|month| other.month == Some(*month)),
            weekday: self.weekday.filter(|weekday| other.weekday == Some(*weekday)),
            nth: self.nth.filter(|nth| other.nth == Some(*nth)),
            last: self.last && other.last,
            earliest: self.earliest.min(other.earliest),
            latest: self.latest.max(other.latest),
            earliest_in_year: self.earliest_in_year.min(other.earliest_in_year),
            latest_in_year: self.latest_in_year.max(other.latest_in_year),
        }
    }

    /// The rule for these days, if there is one.
    fn rule(self) -> Option<YearlyRule> {
        let mut rule = YearlyRule::new();
        rule.months = self.month.into_iter().collect();
        let Some(weekday) = self.weekday else {
            rule.month_days = vec![self.earliest];
            return (self.earliest_in_year == self.latest_in_year).then_some(rule);
        };
        let ordinal = self.nth.filter(|nth| *nth <= 4).or_else(|| self.last.then_some(-1));
        let ordinal = ordinal.filter(|_| self.month.is_some());
        rule.days = vec![RuleDay { ordinal, weekday }];
        if ordinal.is_some() {
            return Some(rule);
        }
        // Such as the Friday after the last Thursday, which may come in the next month.
        match self.month {
            Some(_) => rule.month_days = (self.earliest..=self.latest).collect(),
            None => rule.year_days = (self.earliest_in_year..=self.latest_in_year).collect(),
        }
        (self.latest_in_year - self.earliest_in_year < 7).then_some(rule)
    }
}

/// In the order of their first changes.
fn runs(changes: Vec<Change>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for change in changes {
        // A zone has few runs at one time.
        let recent = runs.iter_mut().rev().take(64);
        match recent.filter_map(|run| Some((run.extended_by(&change)?, run))).next() {
            Some((days, run)) => {
                run.days = days;
                run.changes.push(change);
            }
            None => runs.push(Run { days: Days::of(change.local), changes: vec![change] }),
        }
    }
    runs
}

impl Run {
    fn first(&self) -> Option<&Change> {
        self.changes.first()
    }

    fn last(&self) -> Option<&Change> {
        self.changes.last()
    }

    /// The description of the run with this change in it, if it is that of the next year and there is one.
    fn extended_by(&self, change: &Change) -> Option<Days> {
        let last = self.last()?;
        let clock = |local: LocalDateTime| (local.hour(), local.minute(), local.second());
        let follows = last.local.year() + 1 == change.local.year();
        if !follows || last.kind != change.kind || clock(last.local) != clock(change.local) {
            return None;
        }
        let days = self.days.and(Days::of(change.local));
        days.rule().map(|_| days)
    }

    /// The first change and the rule, if the run is long enough for one.
    fn rule(&self, endless: bool) -> Option<(&Change, YearlyRule)> {
        let (first, last) = (self.first()?, self.last()?);
        let mut rule = self.days.rule().filter(|_| self.changes.len() >= SHORTEST_RULE)?;
        if !endless {
            rule.end = RuleEnd::Until(UtcDateTime::from_unix_seconds(last.instant)?);
        }
        Some((first, rule))
    }
}

/// Adds a change to the observance of its kind that has dates.
fn add_date(parts: &mut Vec<Part>, change: Change, last_year: i32) {
    if i32::from(change.local.year()) > last_year {
        return;
    }
    match parts.iter_mut().find(|part| part.rule.is_none() && part.kind == change.kind) {
        Some(part) => part.dates.push(change.local),
        None => parts.push(Part {
            kind: change.kind,
            start: change.local,
            rule: None,
            dates: Vec::new(),
        }),
    }
}

impl Part {
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
