//! [`Expansion`]: the moments of a series by its rule alone.

use std::iter::FusedIterator;

use super::pattern::{Pattern, Period, Seen};
use super::{Reading, RuleError};
use crate::date::civil::DAY;
use crate::{LocalDateTime, RecurrenceRule};

/// How many periods without an instance are looked at for the next one, and how many are counted for `count`: as many
/// as there are months until the year 10000.
const MAX_PERIODS: u32 = 200_000;

/// The moments at which a series happens by its rule, on the clock of its time zone and in their order, without
/// overrides and without the time zone (RFC 8984, section 4.3.3).
///
/// It is an iterator that works as far as it is asked, to the end of the year 9999 at most. A rule that gives nothing
/// more ends after a bounded amount of work. For whole objects use
/// [`Event::occurrences`](crate::Event::occurrences).
///
/// ```
/// use jscalendar::{Expansion, Frequency, NDay, RecurrenceRule, Weekday};
///
/// let mut rule = RecurrenceRule::new(Frequency::Monthly);
/// rule.by_day = vec![NDay::nth(-1, Weekday::Friday)];
///
/// let series = Expansion::new(&rule, "2024-01-26T10:00:00".parse()?)?;
/// let days: Vec<String> = series.clone().take(3).map(|at| at.to_string()).collect();
/// assert_eq!(days, ["2024-01-26T10:00:00", "2024-02-23T10:00:00", "2024-03-29T10:00:00"]);
///
/// // However far it is, no time is spent on what comes before.
/// let far = series.starting_at("8024-01-01T00:00:00".parse()?).next();
/// assert_eq!(far, Some("8024-01-26T10:00:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Expansion {
    pattern: Pattern,
    nanosecond: u32,
    /// The last second that can be one of an instance.
    until: Option<i64>,
    /// How many instances are left, where the rule says how many there are.
    left: Option<u64>,
    /// The start, while it is still to come as an instance that the rule need not give.
    start: Option<i64>,
    /// No instance up to here comes any more; in seconds from 1970 on.
    last: i64,
    /// The period that is looked at, if one is.
    period: Option<Period>,
    /// The period to look at then; none at the end.
    next: Option<i64>,
    seen: Seen,
}

/// Where the last instance of a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nowhere: it goes on as long as moments can be written.
    Never,
    /// At this moment, in seconds from 1970 on.
    At(i64),
    /// Not before this moment; where, was not looked for.
    NotBefore(i64),
}

impl Expansion {
    /// The series that starts at `start`.
    ///
    /// The start is always the first instance, also where the rule would not give it, and counts for `count`.
    ///
    /// # Errors
    ///
    /// Names the part of the rule that is wrong, or that this build does not know: calendars other than the Gregorian
    /// need the feature `icu`.
    pub fn new(rule: &RecurrenceRule, start: LocalDateTime) -> Result<Self, RuleError> {
        Self::with_reading(rule, start, Reading::Standard)
    }

    /// The series in the given [`Reading`] of its rule.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn with_reading(
        rule: &RecurrenceRule,
        start: LocalDateTime,
        reading: Reading,
    ) -> Result<Self, RuleError> {
        let pattern = Pattern::new(rule, start, reading)?;
        let at = start.clock_seconds();
        let mut series = Self {
            next: Some(pattern.first_period()),
            nanosecond: start.subsec_nanosecond(),
            until: None,
            left: rule.count,
            start: (reading == Reading::Standard).then_some(at),
            last: at - 1,
            period: None,
            seen: Seen::default(),
            pattern,
        };
        if let Some(until) = rule.until {
            series.end_at(until);
        }
        Ok(series)
    }

    /// Passes over all that is before `at`.
    ///
    /// What that costs does not depend on how far it is. Only with `count` and periods that do not all have the same
    /// number of instances these are counted, period by period; over too many periods the series ends.
    #[must_use]
    pub fn starting_at(mut self, at: LocalDateTime) -> Self {
        let target = at.clock_seconds() + i64::from(at.subsec_nanosecond() > self.nanosecond);
        if target <= self.last || self.start.is_some_and(|start| target <= start) {
            return self;
        }
        if self.start.is_some() {
            self.next_second();
        }
        match self.left {
            Some(_) => self.count_to(target),
            None => self.leap_to(target),
        }
        self.last = self.last.max(target - 1);
        self
    }

    /// Passes over all that is after `at`. A rule that gives nothing until then ends sooner.
    #[must_use]
    pub fn ending_at(mut self, at: LocalDateTime) -> Self {
        self.end_at(at);
        if self.start > self.until {
            (self.start, self.left) = (None, Some(0));
        }
        self
    }

    /// As `until` does: the start stays.
    fn end_at(&mut self, at: LocalDateTime) {
        let second = at.clock_seconds() - i64::from(at.subsec_nanosecond() < self.nanosecond);
        self.until = Some(self.until.map_or(second, |until| until.min(second)));
        self.pattern.end_with(second);
    }

    /// Goes on with the period of `target`.
    fn leap_to(&mut self, target: i64) {
        let near = self.pattern.period_near(target);
        let now = self.period.as_ref().map(|period| period.number);
        if now.is_none() || near.is_none() || now < near {
            self.period = None;
            self.next = near.filter(|_| self.next.is_some() || now.is_some());
        }
    }

    /// Goes on with the period of `target`, and counts what is passed over.
    fn count_to(&mut self, target: i64) {
        let mut periods = MAX_PERIODS;
        let near = self.pattern.period_near(target);
        loop {
            let last = self.last;
            let Some(now) = self.now(&mut periods) else { return self.finish() };
            let (number, end) = (now.number, now.last());
            let passed = now.between(last + 1, target);
            self.count(passed);
            if self.left == Some(0) || end.is_some_and(|end| end >= target) {
                return;
            }
            self.last = end.map_or(last, |end| end.max(last));
            let leap = near.and_then(|near| self.leap_by_constant(number, near));
            self.leave(leap.or_else(|| self.pattern.next_period(number)));
        }
    }

    /// If all periods are alike: counts those between the periods `now` and `to` at once, and says which one is next.
    fn leap_by_constant(&mut self, now: i64, to: i64) -> Option<i64> {
        let each = self.pattern.constant()?;
        let next = self.pattern.next_period(now).filter(|next| *next < to)?;
        let periods = self.pattern.periods_between(next, to);
        self.count(each.saturating_mul(periods));
        Some(to)
    }

    fn count(&mut self, passed: u64) {
        self.left = self.left.map(|left| left.saturating_sub(passed));
    }

    /// Gives nothing more.
    fn finish(&mut self) {
        self.left = Some(0);
    }

    /// How many instances are passed over up to `at`, where `count` says how many there are.
    pub(crate) fn given_before(&self, at: LocalDateTime) -> u64 {
        let left = |series: &Self| series.left.unwrap_or(0);
        left(self) - left(&self.clone().starting_at(at))
    }

    /// The last instance before `at`.
    pub(crate) fn last_before(&self, at: LocalDateTime) -> Option<LocalDateTime> {
        // Most often it is near.
        const DAYS: [i64; 5] = [1, 35, 400, 5_000, 4_000_000];
        let before = at.clock_seconds() - 1;
        let end = self.until.map_or(before, |until| until.min(before).max(self.last + 1));
        let moment = |second: i64| LocalDateTime::from_clock_seconds(second);
        DAYS.iter().find_map(|days| {
            let from = moment(end - days * DAY).unwrap_or(LocalDateTime::MIN);
            self.clone().starting_at(from).ending_at(moment(before)?).last()
        })
    }

    /// Whether it is clear without counting that `count` does not end the series before this moment, one of its
    /// instances.
    pub(super) fn surely_reaches(&self, at: i64) -> bool {
        let Some(left) = self.left else { return true };
        let last = self.pattern.period(at) + i64::from(self.pattern.can_move());
        let periods = self.pattern.periods_between(self.pattern.first_period(), last) + 1;
        // The start can come in addition.
        periods.saturating_mul(self.pattern.most()) < left
    }

    /// Where `count` ends the series; looks at so many periods at most.
    pub(super) fn end(mut self, mut periods: u32) -> End {
        if self.start.is_some() {
            self.next_second();
        }
        let mut left = match self.left {
            None => return End::Never,
            Some(0) => return End::At(self.last),
            Some(left) => left,
        };
        if self.pattern.constant().is_none()
            && let Some(least) = left.checked_div(self.pattern.most())
            && least > periods.into()
        {
            // What cannot be counted to the end need not be begun.
            let far = self.pattern.nth_period_from(self.pattern.first_period(), least);
            return far.map_or(End::Never, |far| End::NotBefore(self.pattern.begin(far)));
        }
        loop {
            let last = self.last;
            let Some(now) = self.now(&mut periods) else { break };
            let (number, end) = (now.number, now.last());
            let passed = now.before(last + 1);
            let here = now.len() - passed;
            if left <= here {
                return now.moment(passed + left - 1).map_or(End::Never, End::At);
            }
            left -= here;
            self.last = end.map_or(last, |end| end.max(last));
            let mut next = self.pattern.next_period(number);
            if let (Some(first), Some(each @ 1..)) = (next, self.pattern.constant()) {
                let whole = (left - 1) / each;
                left -= whole * each;
                next = self.pattern.nth_period_from(first, whole);
            }
            self.leave(next);
        }
        match self.next {
            Some(next) => End::NotBefore(self.pattern.begin(next)),
            None => End::Never,
        }
    }

    /// Takes the start for an instance in any reading.
    pub(super) fn always_starts(&mut self) {
        self.start = Some(self.last + 1);
    }

    /// Whether both come from rules that say the same.
    pub(super) fn is_same_rule(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }

    /// Whether the series without its start, `count` and `until` has an instance at this moment.
    pub(super) fn takes(&self, at: i64) -> bool {
        let mut seen = Seen::default();
        if !self.pattern.passes(at, &mut seen) {
            return false;
        }
        let moves = i64::from(self.pattern.can_move());
        let of_moment = self.pattern.period(at);
        (of_moment - moves..=of_moment + moves).any(|period| {
            self.pattern.period_from(period) == Some(period)
                && (self.pattern.is_decided_by_filters()
                    || Period::new(period, &self.pattern, &mut seen).contains(at))
        })
    }

    /// The period that is looked at: from `next` on the first one that has an instance.
    ///
    /// The work on every one is taken from `periods`; if these are used up, `next` stays.
    fn now(&mut self, periods: &mut u32) -> Option<&mut Period> {
        let Some(mut number) = self.next.take() else { return self.period.as_mut() };
        let period = self.period.get_or_insert_with(Period::default);
        loop {
            let Some(left) = periods.checked_sub(self.pattern.work()) else {
                self.next = Some(number);
                return None;
            };
            *periods = left;
            let useful = self.pattern.useful_from(number, &mut self.seen, periods);
            let Some(useful) = useful else {
                // Used up on the way, or at the end.
                self.next = (*periods == 0).then_some(number);
                break;
            };
            period.fill(useful, &self.pattern, &mut self.seen);
            if !period.is_empty() {
                return self.period.as_mut();
            }
            let Some(next) = self.pattern.next_period(useful) else { break };
            number = next;
        }
        self.period = None;
        None
    }

    /// Goes on to another period.
    fn leave(&mut self, next: Option<i64>) {
        self.next = next;
        if next.is_none() {
            self.period = None;
        }
    }

    /// The next moment, in seconds from 1970 on.
    pub(crate) fn next_until(&mut self) -> Option<i64> {
        let is_start = self.start.is_some();
        let at = self.next_second()?;
        if !is_start && self.until.is_some_and(|until| at > until) {
            self.finish();
            return None;
        }
        Some(at)
    }

    fn next_second(&mut self) -> Option<i64> {
        if self.left == Some(0) {
            return None;
        }
        let at = match self.start.take() {
            Some(start) => start,
            None => self.next_of_rule()?,
        };
        self.last = at;
        self.count(1);
        Some(at)
    }

    fn next_of_rule(&mut self) -> Option<i64> {
        loop {
            let last = self.last;
            let Some(period) = self.now(&mut { MAX_PERIODS }) else {
                self.finish();
                return None;
            };
            let (found, number, is_over) = (period.next(last), period.number, period.is_over());
            if is_over {
                let next = self.pattern.next_period(number);
                self.leave(next);
            }
            if found.is_some() || self.period.is_none() {
                return found;
            }
        }
    }
}

impl Iterator for Expansion {
    type Item = LocalDateTime;

    fn next(&mut self) -> Option<LocalDateTime> {
        LocalDateTime::from_clock_seconds(self.next_until()?)?
            .with_subsec_nanosecond(self.nanosecond)
    }
}

impl FusedIterator for Expansion {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::arbitrary::{any_rule, local, moment, rule, usual_rule};
    use super::*;

    fn first(json: &str, start: &str, count: usize) -> String {
        let series = Expansion::new(&rule(json), moment(start)).unwrap();
        let times: Vec<_> = series.take(count).map(|at| at.to_string()).collect();
        times.join(" ")
    }

    #[test]
    fn days_that_do_not_exist() {
        let start = "2023-01-31T10:00:00";
        // The one moved and the one that is there are the same.
        insta::assert_snapshot!(first(r#"{"frequency":"monthly","skip":"forward","byMonthDay":[1,31]}"#, start, 5), @"2023-01-31T10:00:00 2023-02-01T10:00:00 2023-03-01T10:00:00 2023-03-31T10:00:00 2023-04-01T10:00:00");
        insta::assert_snapshot!(first(r#"{"frequency":"monthly","skip":"backward","byMonthDay":[-31]}"#, start, 4), @"2023-01-31T10:00:00 2023-03-01T10:00:00 2023-03-31T10:00:00 2023-05-01T10:00:00");
        insta::assert_snapshot!(first(r#"{"frequency":"yearly","skip":"backward","byYearDay":[366]}"#, "2024-12-31T10:00:00", 3), @"2024-12-31T10:00:00 2025-12-31T10:00:00 2026-12-31T10:00:00");
        // RFC 7529, section 4.1: the weekday is asked after the day was moved.
        insta::assert_snapshot!(first(r#"{"frequency":"monthly","skip":"forward","byMonthDay":[31],"byDay":[{"day":"fr"}]}"#, "2024-01-01T10:00:00", 4), @"2024-01-01T10:00:00 2024-03-01T10:00:00 2024-05-31T10:00:00 2025-01-31T10:00:00");
    }

    #[test]
    fn rules_that_give_nothing_end() {
        let never = [
            r#"{"frequency":"yearly","byMonth":["2"],"byMonthDay":[30]}"#,
            r#"{"frequency":"daily","byMonth":["2"],"byMonthDay":[30]}"#,
            r#"{"frequency":"secondly","interval":60,"bySecond":[30]}"#,
            r#"{"frequency":"secondly","bySecond":[60]}"#,
            r#"{"frequency":"minutely","interval":7,"byMonth":["2"],"byMonthDay":[30]}"#,
            r#"{"frequency":"monthly","byDay":[{"day":"tu","nthOfPeriod":2}],"bySetPosition":[2]}"#,
        ];
        for json in never {
            assert_eq!(first(json, "2024-01-15T10:00:00", 2), "2024-01-15T10:00:00", "{json}");
        }
        let last = "9999-12-31T10:00:00";
        assert_eq!(first(r#"{"frequency":"daily"}"#, last, 2), last);
    }

    #[test]
    fn the_start_is_an_instance_after_until_but_not_outside_a_window() {
        let ended = rule(r#"{"frequency":"daily","until":"2020-01-01T00:00:00"}"#);
        let start = moment("2024-01-15T10:00:00");
        let series = Expansion::new(&ended, start).unwrap();
        assert_eq!(series.clone().collect::<Vec<_>>(), [start]);
        assert_eq!(series.ending_at(moment("2024-01-15T09:59:59")).next(), None);
    }

    #[test]
    fn far_away() {
        let far = |json: &str, at: &str| {
            let series = Expansion::new(&rule(json), moment("2024-01-15T10:00:00")).unwrap();
            series.starting_at(moment(at)).next().map_or_else(|| "none".into(), |at| at.to_string())
        };
        assert_eq!(far(r#"{"frequency":"daily"}"#, "9999-06-01T11:00:00"), "9999-06-02T10:00:00");
        assert_eq!(
            far(r#"{"frequency":"secondly","count":86401}"#, "2024-01-16T10:00:00"),
            "2024-01-16T10:00:00"
        );
        assert_eq!(far(r#"{"frequency":"secondly","count":86400}"#, "2024-01-16T10:00:00"), "none");
        assert_eq!(
            far(r#"{"frequency":"weekly","interval":2,"count":9000000}"#, "9000-01-01T00:00:00"),
            "9000-01-13T10:00:00"
        );
        assert_eq!(
            far(r#"{"frequency":"monthly","byMonthDay":[31],"count":58}"#, "2032-01-01T00:00:00"),
            "2032-01-31T10:00:00"
        );
        assert_eq!(
            far(r#"{"frequency":"monthly","byMonthDay":[31],"count":57}"#, "2032-01-01T00:00:00"),
            "none"
        );
    }

    #[test]
    fn what_ends_after_the_next_has_begun_is_counted() {
        let json = r#"{"frequency":"yearly","byMonth":["3","11"],"byMonthDay":[31],"skip":"forward","count":10}"#;
        let series = Expansion::new(&rule(json), moment("2019-03-31T10:00:00")).unwrap();
        let last = moment("2023-12-01T10:00:00");
        assert_eq!(series.clone().last(), Some(last));
        assert_eq!(series.starting_at(moment("2023-11-01T00:00:00")).collect::<Vec<_>>(), [last]);
    }

    #[test]
    fn what_cannot_be_counted_ends() {
        let json = r#"{"frequency":"hourly","interval":5,"byHour":[9,10],"count":100000000}"#;
        let series = Expansion::new(&rule(json), moment("2024-01-15T10:00:00")).unwrap();
        let mut far = series.starting_at(moment("9000-01-01T00:00:00"));
        assert_eq!((far.next(), far.next()), (None, None));
    }

    proptest! {
        #[test]
        fn moments_come_once_and_in_order(rule in usual_rule(), start in local()) {
            for reading in [Reading::Standard, Reading::Rrule] {
                let series = Expansion::with_reading(&rule, start, reading).unwrap();
                let all: Vec<_> = series.take(60).collect();
                prop_assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
                    prop_assert!(rule.count.is_none_or(|count| all.len() as u64 <= count));
            }
        }

        #[test]
        fn what_is_passed_over_is_what_comes_before(rule in usual_rule(), start in local(), skipped in 0..50usize, later in 0..2_000_000i64) {
            let series = Expansion::new(&rule, start).unwrap();
            let all: Vec<_> = series.clone().take(60).collect();
            let at = all.get(skipped).map_or(start, |at| *at);
            let at = LocalDateTime::from_clock_seconds(at.clock_seconds() + later).unwrap_or(at);
            let expected: Vec<_> = all.iter().copied().filter(|moment| *moment >= at).collect();
            let found: Vec<_> = series.clone().starting_at(at).take(expected.len()).collect();
            prop_assert_eq!(&found, &expected);
            let until: Vec<_> = series.ending_at(at).take(60).collect();
            let expected: Vec<_> = all.into_iter().filter(|moment| *moment <= at).collect();
            prop_assert_eq!(until, expected);
        }

        #[test]
        fn members_are_what_comes(rule in usual_rule(), start in local()) {
            let series = Expansion::new(&rule, start).unwrap();
            let all: Vec<_> = series.take(30).collect();
            let set = rule.membership(start);
            for pair in all.windows(2) {
                prop_assert_ne!(set.contains(pair[1]), Some(false), "{}", pair[1]);
                let between = (pair[0].clock_seconds() + pair[1].clock_seconds()) / 2;
                let between = LocalDateTime::from_clock_seconds(between).unwrap();
                if !all.contains(&between) {
                    prop_assert_ne!(set.contains(between), Some(true), "{}", between);
                }
            }
        }

        #[test]
        fn what_is_before_is_known(rule in usual_rule(), start in local(), place in 1..40usize) {
            let series = Expansion::new(&rule, start).unwrap();
            let all: Vec<_> = series.clone().take(place + 1).collect();
            let Some(at) = all.get(place) else { return Ok(()) };
            prop_assert_eq!(series.last_before(*at), all.get(place - 1).copied());
            let counted = if rule.count.is_some() { place as u64 } else { 0 };
            prop_assert_eq!(series.given_before(*at), counted);
            prop_assert_eq!(series.last_before(start), None);
        }

        #[test]
        fn nothing_is_a_member_after_the_last(rule in usual_rule(), start in local(), count in 1..20u64) {
            let counted = RecurrenceRule { count: Some(count), ..rule.clone() };
            let endless = RecurrenceRule { count: None, ..rule };
            let set = counted.membership(start);
            let all = Expansion::new(&endless, start).unwrap();
            for at in all.skip(count as usize).take(20) {
                prop_assert_ne!(set.contains(at), Some(true), "{}", at);
            }
        }

        #[test]
        fn no_period_has_more_than_the_most(rule in usual_rule(), start in local()) {
            for reading in [Reading::Standard, Reading::Rrule] {
                let pattern = Pattern::new(&rule, start, reading).unwrap();
                let mut period = Some(pattern.first_period());
                for _ in 0..50 {
                    let Some(number) = period else { break };
                    let found = Period::new(number, &pattern, &mut Seen::default()).len();
                    prop_assert!(found <= pattern.most(), "{found} > {}", pattern.most());
                    period = pattern.next_period(number);
                }
            }
        }

        #[test]
        fn any_rule_ends_or_goes_on(rule in any_rule(), start in local(), at in local()) {
            if let Ok(series) = Expansion::new(&rule, start) {
                prop_assert!(start.second() > 59 || series.clone().next() == Some(start));
                let _ = series.starting_at(at).take(2).count();
            }
        }
    }
}
