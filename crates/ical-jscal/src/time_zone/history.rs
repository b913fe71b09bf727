//! The history of an IANA zone as runs of yearly changes, and its future.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil::{Weekday, date};
use jiff::tz::{Offset, TimeZone};
use jscalendar::{LocalDateTime, RuleDay, UtcDateTime, YearlyRule};

/// No zone of the database has transitions of its own in or after this year; then all follow a yearly pattern.
const SETTLED: i16 = 2100;

/// A pattern that went on for so long has met every kind of year, and goes on for ever.
const CYCLE: i16 = 40;

/// The last year that `jiff` knows wholly.
const LAST: i16 = 9998;

/// Changes of one kind and at one time of day, year after year, as long as one rule describes their days.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) kind: Kind,
    /// In their order; one at least.
    pub(super) changes: Vec<Change>,
    /// Whether it goes on for ever.
    pub(super) endless: bool,
    days: Days,
}

/// What the changes of one observance have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) offset_from: i32,
    pub(super) offset_to: i32,
    pub(super) name: Rc<str>,
    pub(super) daylight: bool,
}

/// A change of the clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub(super) instant: i64,
    /// On the clock before it.
    pub(super) local: LocalDateTime,
}

thread_local! {
    /// The runs of zones that were asked for, each under its IANA name. They cost more than all else here, and never
    /// change; all zones together take a few megabytes.
    static KNOWN: RefCell<BTreeMap<Box<str>, Rc<Vec<Run>>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The runs of a zone, from the beginning or from shortly before year `from`, in the order of their first changes.
pub(super) fn runs(zone: &TimeZone, from: i16) -> Rc<Vec<Run>> {
    let known = zone.iana_name().filter(|_| from < SETTLED);
    let Some(name) = known else { return Rc::new(runs_between(zone, from, from.max(SETTLED))) };
    if let Some(runs) = KNOWN.with_borrow(|known| known.get(name).cloned()) {
        return runs;
    }
    let runs = Rc::new(runs_between(zone, 1, SETTLED));
    KNOWN.with_borrow_mut(|known| known.insert(name.into(), Rc::clone(&runs)));
    runs
}

fn runs_between(zone: &TimeZone, from: i16, settled: i16) -> Vec<Run> {
    let horizon = settled.saturating_add(CYCLE).min(LAST);
    let mut runs: Vec<Run> = Vec::new();
    for (kind, change) in changes(zone, from, horizon) {
        // A zone has few runs at one time.
        let mut recent = runs.iter_mut().rev().take(64);
        match recent.find_map(|run| Some((run.extended_by(&kind, change)?, run))) {
            Some((days, run)) => {
                run.days = days;
                run.changes.push(change);
            }
            None => {
                let days = Days::of(change.local);
                runs.push(Run { kind, changes: vec![change], endless: false, days });
            }
        }
    }
    for run in &mut runs {
        let last = run.changes.last().map(|change| change.local.year());
        run.endless = last >= Some(horizon.unsigned_abs());
    }
    runs
}

/// The change in force at the beginning of year `from`, and all from there to the end of year `to`.
fn changes(zone: &TimeZone, from: i16, to: i16) -> Vec<(Kind, Change)> {
    let (begin, end) = (beginning(from), start_of_year(to + 1));
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
        let daylight = is_daylight((offset, dst), (next, is_dst));
        let name = change.abbreviation().into();
        let kind = Kind { offset_from: offset, offset_to: next, name, daylight };
        if let Some(local) = local_at(instant, offset) {
            changes.push((kind, Change { instant, local }));
        }
        (offset, dst) = (next, is_dst);
    }
    changes
}

/// An instant before the year begins in any zone: no clocks are a day ahead of UTC.
pub(super) fn beginning(year: i16) -> Timestamp {
    start_of_year(year) - jiff::SignedDuration::from_hours(24)
}

/// In UTC. The year is one from 1 to 9999.
fn start_of_year(year: i16) -> Timestamp {
    let start = date(year.clamp(1, 9999), 1, 1).at(0, 0, 0, 0);
    Offset::UTC.to_timestamp(start).unwrap_or(Timestamp::UNIX_EPOCH)
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

impl Run {
    /// The rule for its days.
    pub(super) fn rule(&self) -> Option<YearlyRule> {
        self.days.rule()
    }

    /// The description of the run with this change in it, if it is that of the next year and there is one.
    fn extended_by(&self, kind: &Kind, change: Change) -> Option<Days> {
        let last = self.changes.last()?;
        let clock = |local: LocalDateTime| (local.hour(), local.minute(), local.second());
        let follows = last.local.year() + 1 == change.local.year();
        if !follows || self.kind != *kind || clock(last.local) != clock(change.local) {
            return None;
        }
        let days = self.days.and(Days::of(change.local));
        days.rule().map(|_| days)
    }
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
