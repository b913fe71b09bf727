//! The instances of one period.

use super::times::Times;
use super::{Pattern, Seen};
use crate::date::civil::DAY;

/// A period with its instances: some days, and on each of them the same times of day.
#[derive(Clone, Debug)]
pub(in crate::recurrence) struct Period {
    pub(in crate::recurrence) number: i64,
    days: Vec<i64>,
    times: Times,
    /// The time, if there is one alone.
    only: Option<i64>,
    /// The places among all of these that `bySetPosition` takes, if there is one.
    ranks: Option<Vec<u64>>,
    /// How many of `ranks`, or else of `days`, are done.
    done: usize,
}

impl Default for Period {
    fn default() -> Self {
        Self { number: 0, days: Vec::new(), times: Times::ALL, only: None, ranks: None, done: 0 }
    }
}

impl Period {
    pub(in crate::recurrence) fn new(number: i64, pattern: &Pattern, seen: &mut Seen) -> Self {
        let mut period = Self::default();
        period.fill(number, pattern, seen);
        period
    }

    /// Becomes another period, in the same memory.
    pub(in crate::recurrence) fn fill(&mut self, number: i64, pattern: &Pattern, seen: &mut Seen) {
        self.number = number;
        self.done = 0;
        self.days.clear();
        pattern.append_days(number, seen, &mut self.days);
        (self.times, self.only) = pattern.times_in(number);
        if pattern.has_positions() {
            let mut ranks = self.ranks.take().unwrap_or_default();
            ranks.clear();
            pattern.append_ranks(self.candidates(), &mut ranks);
            self.ranks = Some(ranks);
        }
    }

    pub(in crate::recurrence) fn is_empty(&self) -> bool {
        match &self.ranks {
            Some(ranks) => ranks.is_empty(),
            None => self.days.is_empty() || self.times.is_empty(),
        }
    }

    /// How many instances there are.
    pub(in crate::recurrence) fn len(&self) -> u64 {
        self.ranks.as_ref().map_or_else(|| self.candidates(), |ranks| ranks.len() as u64)
    }

    /// The instance that so many are before, in seconds from 1970 on.
    pub(in crate::recurrence) fn moment(&self, nth: u64) -> Option<i64> {
        match &self.ranks {
            Some(ranks) => self.candidate(*ranks.get(usize::try_from(nth).ok()?)?),
            None => self.candidate(nth),
        }
    }

    /// The last instance.
    pub(in crate::recurrence) fn last(&self) -> Option<i64> {
        self.moment(self.len().checked_sub(1)?)
    }

    /// How many instances there are before `at`.
    pub(in crate::recurrence) fn before(&self, at: i64) -> u64 {
        if let Some(ranks) = &self.ranks {
            let is_before = |rank: &u64| self.candidate(*rank).is_some_and(|moment| moment < at);
            return ranks.partition_point(is_before) as u64;
        }
        let (day, second) = (at.div_euclid(DAY), at.rem_euclid(DAY));
        let days = self.days.partition_point(|other| *other < day);
        let on_day = if self.days.get(days) == Some(&day) { self.times.before(second) } else { 0 };
        days as u64 * self.times.len() + on_day
    }

    /// How many instances there are from `from` on and before `to`.
    pub(in crate::recurrence) fn between(&self, from: i64, to: i64) -> u64 {
        self.before(to).saturating_sub(self.before(from))
    }

    pub(in crate::recurrence) fn contains(&self, at: i64) -> bool {
        self.moment(self.before(at)) == Some(at)
    }

    /// The next instance after `last`. What is asked for must not go back.
    pub(in crate::recurrence) fn next(&mut self, last: i64) -> Option<i64> {
        if let Some(ranks) = &self.ranks {
            while let Some(rank) = ranks.get(self.done) {
                self.done += 1;
                match self.candidate(*rank) {
                    Some(at) if at > last => return Some(at),
                    _ => {}
                }
            }
            return None;
        }
        while let Some(day) = self.days.get(self.done) {
            let midnight = day * DAY;
            let from = (last + 1 - midnight).max(0);
            let found = match self.only {
                Some(second) => (second >= from).then_some(second),
                None => self.times.next_from(from),
            };
            self.done += usize::from(found.is_none() || self.only.is_some());
            if let Some(second) = found {
                return Some(midnight + second);
            }
        }
        None
    }

    /// Whether nothing more can come.
    pub(in crate::recurrence) fn is_over(&self) -> bool {
        self.done >= self.ranks.as_ref().map_or(self.days.len(), Vec::len)
    }

    fn candidates(&self) -> u64 {
        if self.only.is_some() {
            return self.days.len() as u64;
        }
        self.days.len() as u64 * self.times.len()
    }

    fn candidate(&self, rank: u64) -> Option<i64> {
        if let Some(second) = self.only {
            return Some(self.days.get(usize::try_from(rank).ok()?)? * DAY + second);
        }
        let day = usize::try_from(rank.checked_div(self.times.len())?).ok()?;
        Some(self.days.get(day)? * DAY + self.times.nth(rank % self.times.len())?)
    }
}
