//! The observances of a zone in the order of time.
//!
//! What happens once (starts, single dates, the last time of a rule that ends) is a sorted list.
//! Rules are asked for the year in question only, and no more than [`LIVE_RULES`] of them may be in
//! force at one time, so that no zone, however it is written, makes a question expensive.

use super::rule::{Compiled, RuleEnd};
use super::{CustomZoneError, Observance, Transition};
use crate::date::civil::{DAY, civil_from_days, days_from_civil};

/// More rules than this in force at the same time are refused; real zones have two.
const LIVE_RULES: usize = 64;

/// More changes than this within two days are refused; a question near them would have to look at each.
const CROWD: usize = 1_000;

/// How many years with `COUNT` are walked through for one zone, all its rules together.
const COUNTED_YEARS: usize = 20_000;

/// How many years of a rule are looked back for an occurrence. The rarest date of a calendar, a
/// certain weekday on 29 February, has gaps of 40 years; what an interval makes of it is no time
/// zone.
const YEARS_BACK: usize = 41;

/// Transitions are listed up to about this number.
const LISTED: usize = 20_000;

const FIRST_YEAR: i64 = 0;
const LAST_YEAR: i64 = 9999;

/// The instants that any clock of the years 0 to 9999 can show lie between these.
const EARLIEST: i64 = days_from_civil(FIRST_YEAR, 1, 1) * DAY - DAY;
const LATEST: i64 = days_from_civil(LAST_YEAR + 1, 1, 1) * DAY + DAY;

#[derive(Debug, Clone)]
pub(super) struct Timeline {
    /// What happens once; sorted, and one for each instant.
    once: Vec<Onset>,
    /// Sorted by their starts.
    rules: Vec<Rule>,
    /// For every block of [`LIVE_RULES`] rules: which of those before it do not end before its first one starts.
    carried: Vec<Vec<usize>>,
    /// The offset before everything.
    before: i32,
}

/// An observance comes into force.
// The order is that of time; of several at one instant the last one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Onset {
    instant: i64,
    rank: Rank,
    offset: i32,
}

/// Which of two observances counts when they come into force at one instant: standard time, then
/// the later in the list.
type Rank = (bool, u32);

#[derive(Debug, Clone)]
struct Rule {
    /// The rule is asked for instants after this one …
    start: i64,
    /// … and before this one; the onset of either is in `once`.
    last: i64,
    rank: Rank,
    offset_from: i64,
    offset_to: i32,
    days: Compiled,
}

impl Timeline {
    pub(super) fn new(observances: &[Observance]) -> Result<Self, CustomZoneError> {
        let mut once = Vec::with_capacity(observances.len() * 2);
        let mut rules = Vec::new();
        let mut first: Option<(Onset, i32)> = None;
        let mut budget = COUNTED_YEARS;
        for (index, observance) in observances.iter().enumerate() {
            check_offsets(observance)?;
            let rank = (!observance.daylight, u32::try_from(index).unwrap_or(u32::MAX));
            let start = onset(observance, observance.start.clock_seconds(), rank);
            once.push(start);
            once.extend(
                observance.dates.iter().map(|date| onset(observance, date.clock_seconds(), rank)),
            );
            if first.is_none_or(|(earliest, _)| start < earliest) {
                first = Some((start, observance.offset_from));
            }
            let Some(rule) = Rule::new(observance, start, &mut budget)? else { continue };
            if rule.last != i64::MAX {
                once.push(Onset { instant: rule.last, ..start });
            }
            rules.push(rule);
        }
        let (_, before) = first.ok_or(CustomZoneError::Empty)?;
        once.sort_unstable();
        keep_last_of_each_instant(&mut once);
        check_crowds(&once)?;
        rules.sort_by_key(|rule| rule.start);
        let carried = carried_rules(&rules)?;
        Ok(Self { once, rules, carried, before })
    }

    pub(super) fn offset_at(&self, instant: i64) -> i32 {
        self.latest(instant).map_or(self.before, |onset| onset.offset)
    }

    /// The offset when clocks show a time, given in seconds; before the transition where there are
    /// two or none.
    pub(super) fn offset_at_clock(&self, clock: i64) -> i32 {
        // Offsets are shorter than a day, so the instant is between these.
        let (from, to) = (clock - DAY, clock + DAY);
        match self.latest(to) {
            None => self.before,
            Some(onset) if onset.instant <= from => onset.offset,
            Some(_) => self.offset_at_clock_near_change(clock, from, to),
        }
    }

    fn offset_at_clock_near_change(&self, clock: i64, from: i64, to: i64) -> i32 {
        let mut offset = self.offset_at(from);
        for onset in self.onsets(from, to) {
            // Clocks show less than both until the later of the two readings at the transition:
            // before it, or in the time that it repeats or skips, the old offset counts.
            if clock < onset.instant + i64::from(offset.max(onset.offset)) {
                return offset;
            }
            offset = onset.offset;
        }
        offset
    }

    pub(super) fn transitions_in_years(&self, from_year: i64, to_year: i64) -> Vec<Transition> {
        let from = days_from_civil(from_year, 1, 1).saturating_mul(DAY);
        let to = days_from_civil(to_year + 1, 1, 1).saturating_mul(DAY);
        self.transitions(from - 1, to - 1)
    }

    /// The changes of the offset after `from` and up to `to`.
    pub(super) fn transitions(&self, from: i64, to: i64) -> Vec<Transition> {
        let mut offset_before = self.offset_at(from);
        let mut transitions = Vec::new();
        for Onset { instant, offset, .. } in self.onsets(from, to) {
            if offset != offset_before {
                transitions.push(Transition { instant, offset_before, offset_after: offset });
                offset_before = offset;
            }
        }
        transitions
    }

    /// The last onset at or before an instant.
    fn latest(&self, instant: i64) -> Option<Onset> {
        let instant = instant.clamp(EARLIEST, LATEST);
        let before = self.once.partition_point(|onset| onset.instant <= instant);
        let mut latest = before.checked_sub(1).and_then(|index| self.once.get(index)).copied();
        for rule in self.rules_at(instant) {
            latest = latest.max(rule.latest(instant));
        }
        latest
    }

    /// The rules that started before an instant and end after it.
    fn rules_at(&self, instant: i64) -> impl Iterator<Item = &Rule> {
        let started = self.rules.partition_point(|rule| rule.start < instant);
        let block = started / LIVE_RULES;
        let carried = self.carried.get(block).map(Vec::as_slice).unwrap_or_default();
        let recent = self.rules.get(block * LIVE_RULES..started).unwrap_or_default();
        let carried = carried.iter().filter_map(|index| self.rules.get(*index));
        carried.chain(recent).filter(move |rule| instant < rule.last)
    }

    /// All onsets after `from` and up to `to`, in their order and one for each instant.
    fn onsets(&self, from: i64, to: i64) -> Vec<Onset> {
        let (from, to) = (from.clamp(EARLIEST, LATEST), to.clamp(EARLIEST, LATEST));
        let start = self.once.partition_point(|onset| onset.instant <= from);
        let end = self.once.partition_point(|onset| onset.instant <= to);
        let mut onsets: Vec<Onset> =
            self.once.get(start..end).unwrap_or_default().iter().take(LISTED).copied().collect();
        let once = onsets.len();
        let rules: Vec<&Rule> =
            self.rules.iter().filter(|rule| rule.start < to && from < rule.last).collect();
        if rules.is_empty() {
            return onsets;
        }
        for year in year_of(from - DAY)..=year_of(to + DAY) {
            for rule in &rules {
                onsets.extend(
                    rule.onsets_in(year)
                        .filter(|onset| from < onset.instant && onset.instant <= to),
                );
            }
            if onsets.len() > once + LISTED {
                break;
            }
        }
        onsets.sort_unstable();
        keep_last_of_each_instant(&mut onsets);
        onsets
    }
}

impl Rule {
    /// The rule of an observance, if it has one that ever applies after the start.
    fn new(
        observance: &Observance,
        start: Onset,
        budget: &mut usize,
    ) -> Result<Option<Self>, CustomZoneError> {
        let Some(rule) = &observance.rule else { return Ok(None) };
        let days = Compiled::new(rule, observance.start)?;
        if days.is_empty() {
            return Ok(None);
        }
        let mut endless = Self {
            start: start.instant,
            last: i64::MAX,
            rank: start.rank,
            offset_from: observance.offset_from.into(),
            offset_to: observance.offset_to,
            days,
        };
        let last = match rule.end {
            RuleEnd::Never => return Ok(Some(endless)),
            RuleEnd::Until(until) => {
                endless.latest(until.unix_seconds()).map(|onset| onset.instant)
            }
            RuleEnd::Count(count) => endless.counted(count, budget)?,
        };
        Ok(last.map(|last| {
            endless.last = last;
            endless
        }))
    }

    /// The last onset at or before an instant, but after the start.
    fn latest(&self, instant: i64) -> Option<Onset> {
        let year = year_of(instant + self.offset_from).min(LAST_YEAR);
        let into_interval = (year - self.days.first_year).rem_euclid(self.days.interval);
        let mut year = year - into_interval;
        for _ in 0..YEARS_BACK {
            if year < self.days.first_year {
                return None;
            }
            if let Some(clock) = self.days.last_clock_in(year, instant + self.offset_from) {
                return Some(self.onset(clock)).filter(|onset| onset.instant > self.start);
            }
            year -= self.days.interval;
        }
        None
    }

    /// The onset that is the `count`-th, the start being the first; `None` when that is the start
    /// itself.
    fn counted(&self, count: u32, budget: &mut usize) -> Result<Option<i64>, CustomZoneError> {
        let Some(mut left) = usize::try_from(count).ok().and_then(|count| count.checked_sub(1))
        else {
            return Ok(None);
        };
        let mut last = None;
        let mut year = self.days.first_year;
        while left > 0 && year <= LAST_YEAR {
            *budget = budget.checked_sub(1).ok_or(CustomZoneError::TooComplex)?;
            let after_start = self.onsets_in(year).filter(|onset| onset.instant > self.start);
            for onset in after_start.take(left) {
                last = Some(onset.instant);
                left -= 1;
            }
            year += self.days.interval;
        }
        Ok(last)
    }

    /// The onsets of a year of the local clock, the start and what follows the end left out.
    fn onsets_in(&self, year: i64) -> impl Iterator<Item = Onset> {
        let within = |onset: &Onset| self.start < onset.instant && onset.instant <= self.last;
        self.days.clocks_in(year).map(|clock| self.onset(clock)).filter(within)
    }

    fn onset(&self, clock: i64) -> Onset {
        Onset { instant: clock - self.offset_from, rank: self.rank, offset: self.offset_to }
    }
}

fn onset(observance: &Observance, clock: i64, rank: Rank) -> Onset {
    Onset { instant: clock - i64::from(observance.offset_from), rank, offset: observance.offset_to }
}

fn year_of(seconds: i64) -> i64 {
    civil_from_days(seconds.div_euclid(DAY)).0
}

fn check_offsets(observance: &Observance) -> Result<(), CustomZoneError> {
    let too_large = |offset: &i32| i64::from(*offset).abs() >= DAY;
    match [observance.offset_from, observance.offset_to].into_iter().find(too_large) {
        Some(seconds) => Err(CustomZoneError::Offset { seconds }),
        None => Ok(()),
    }
}

fn keep_last_of_each_instant(onsets: &mut Vec<Onset>) {
    onsets.dedup_by(|later, kept| {
        let same = later.instant == kept.instant;
        if same {
            *kept = *later;
        }
        same
    });
}

fn check_crowds(onsets: &[Onset]) -> Result<(), CustomZoneError> {
    let crowded = onsets.windows(CROWD).any(|crowd| match crowd {
        [first, .., last] => last.instant - first.instant < 2 * DAY,
        _ => false,
    });
    if crowded { Err(CustomZoneError::TooComplex) } else { Ok(()) }
}

/// Finds for every block the rules carried into it, and checks that there are never too many at one time.
fn carried_rules(rules: &[Rule]) -> Result<Vec<Vec<usize>>, CustomZoneError> {
    let mut carried = Vec::with_capacity(rules.len() / LIVE_RULES + 1);
    let mut live: Vec<usize> = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        if index % LIVE_RULES == 0 || live.len() == LIVE_RULES {
            live.retain(|index| rules.get(*index).is_some_and(|other| other.last >= rule.start));
        }
        if index % LIVE_RULES == 0 {
            carried.push(live.clone());
        }
        if live.len() == LIVE_RULES {
            return Err(CustomZoneError::TooComplex);
        }
        live.push(index);
    }
    // A block may just be about to begin.
    carried.push(live);
    Ok(carried)
}
