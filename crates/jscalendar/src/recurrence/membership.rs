//! Whether a series has an instance at a given moment, answered without expanding the series.
//!
//! A rule says which periods (years, months, … seconds) count and which moments of such a period it
//! takes. So a moment is an instance if its own period counts and the moment passes the filters of
//! the rule; how far it is from the start does not matter. Only `count` needs the periods between
//! them, and the work on those is bounded.

use std::sync::OnceLock;

use super::expansion::{End, Expansion};
use super::{Reading, RecurrenceRule};
use crate::LocalDateTime;

/// How many periods are looked at for `count`.
const MAX_PERIODS: u32 = 1_000;

impl RecurrenceRule {
    /// Whether a series that starts at `start` by this rule has an instance at `at`, both on the
    /// clock of the series' time zone (RFC 8984, section 4.3.3).
    ///
    /// The start is always an instance, the first one, also where the rule would not give it; it
    /// counts for `count`. Overrides and changes of the clock are not looked at.
    ///
    /// `None` if it is not decided, because
    ///
    /// - the rule counts in another calendar than the Gregorian, is not valid or has members whose
    ///   value could not be read;
    /// - the standards or their readers take it in different ways, and these give different
    ///   answers: a yearly rule with `byMonthDay` but no `byMonth` is about the month of the start
    ///   here (RFC 8984), about all months in most readers of `RRULE`;
    /// - `count` would need more than a bounded amount of work.
    ///
    /// For many moments of one series, [`membership`](Self::membership) does the work for `count`
    /// once.
    ///
    /// ```
    /// use jscalendar::{Frequency, NDay, RecurrenceRule, Weekday};
    ///
    /// let mut rule = RecurrenceRule::new(Frequency::Monthly);
    /// rule.by_day = vec![NDay::nth(-1, Weekday::Friday)];
    ///
    /// let start = "2024-01-26T10:00:00".parse()?;
    /// assert_eq!(rule.generates(start, "2024-02-23T10:00:00".parse()?), Some(true));
    /// assert_eq!(rule.generates(start, "2024-02-23T11:00:00".parse()?), Some(false));
    /// assert_eq!(rule.generates(start, "9999-12-31T10:00:00".parse()?), Some(true));
    /// # Ok::<(), jscalendar::ParseError>(())
    /// ```
    pub fn generates(&self, start: LocalDateTime, at: LocalDateTime) -> Option<bool> {
        self.membership(start).contains(at)
    }

    /// A rule made ready for the question of [`generates`](Self::generates).
    ///
    /// ```
    /// use jscalendar::{Frequency, RecurrenceRule};
    ///
    /// let mut rule = RecurrenceRule::new(Frequency::Daily);
    /// rule.count = Some(3);
    ///
    /// let series = rule.membership("2024-01-15T10:00:00".parse()?);
    /// assert_eq!(series.contains("2024-01-17T10:00:00".parse()?), Some(true));
    /// assert_eq!(series.contains("2024-01-18T10:00:00".parse()?), Some(false));
    /// # Ok::<(), jscalendar::ParseError>(())
    /// ```
    pub fn membership(&self, start: LocalDateTime) -> Membership {
        Membership::new(self, start)
    }
}

/// The instances of a series, as a set that can be asked for its members.
///
/// Made by [`RecurrenceRule::membership`]; see [`RecurrenceRule::generates`] for what the answers
/// mean.
#[derive(Clone, Debug)]
pub struct Membership {
    start: LocalDateTime,
    until: Option<LocalDateTime>,
    /// The ways in which the rule can be read; none if it cannot be read at all.
    readings: Vec<(Expansion, LateEnd)>,
}

/// Looked for when the first moment comes that the rule takes: with a rule that takes none, never.
type LateEnd = OnceLock<End>;

impl Membership {
    /// Whether there is an instance at `at`.
    pub fn contains(&self, at: LocalDateTime) -> Option<bool> {
        if at <= self.start {
            return Some(at == self.start);
        }
        // No leap second is known on a local clock.
        if self.start.second() > 59 || at.second() > 59 {
            return None;
        }
        let (first, others) = self.readings.split_first()?;
        if at.subsec_nanosecond() != self.start.subsec_nanosecond()
            || self.until.is_some_and(|until| at > until)
        {
            return Some(false);
        }
        let answer = contains(first, at.clock_seconds())?;
        others
            .iter()
            .all(|reading| contains(reading, at.clock_seconds()) == Some(answer))
            .then_some(answer)
    }

    fn new(rule: &RecurrenceRule, start: LocalDateTime) -> Self {
        let mut readings: Vec<(Expansion, LateEnd)> = Vec::new();
        for reading in [Reading::Standard, Reading::Rrule] {
            // The start counts for `count` in both.
            let Ok(mut series) = Expansion::with_reading(rule, start, reading) else {
                readings.clear();
                break;
            };
            series.always_starts();
            if readings.iter().all(|(other, _)| !other.is_same_rule(&series)) {
                readings.push((series, LateEnd::new()));
            }
        }
        Self { start, until: rule.until, readings }
    }
}

fn contains((series, end): &(Expansion, LateEnd), at: i64) -> Option<bool> {
    if !series.takes(at) {
        return Some(false);
    }
    if series.surely_reaches(at) {
        return Some(true);
    }
    match *end.get_or_init(|| series.clone().end(MAX_PERIODS)) {
        End::Never => Some(true),
        End::At(last) => Some(at <= last),
        End::NotBefore(moment) => (at < moment).then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use jiff::{Span, ToSpan};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::arbitrary::{any_rule, local, moment, rule, weekday};
    use super::*;
    use crate::{Frequency, NDay, Weekday};

    fn ask(json: &str, start: &str, at: &str) -> Option<bool> {
        rule(json).generates(moment(start), moment(at))
    }

    /// The instances among the days of some years, at the time of the start.
    fn days(json: &str, start: &str, years: i16) -> String {
        let series = rule(json).membership(moment(start));
        let first = moment(start).to_civil();
        let end = first.checked_add(years.years()).unwrap();
        let days = first.series(1.day()).take_while(|at| *at < end);
        let is_instance = |at: &jiff::civil::DateTime| {
            let answer = series.contains(moment(&at.to_string()));
            answer.expect("decided")
        };
        let dates: Vec<_> = days.filter(is_instance).map(|at| at.date().to_string()).collect();
        dates.join(" ")
    }

    #[test]
    fn counts_only_for_a_moment_that_the_rule_takes() {
        let start = moment("2024-01-15T10:00:00");
        let has_counted = |json: &str, at: &str| {
            let series = rule(json).membership(start);
            let _ = series.contains(moment(at));
            series.readings.iter().any(|(_, end)| end.get().is_some())
        };
        let never = r#"{"frequency":"yearly","byMonth":["2"],"byMonthDay":[30],"count":5}"#;
        assert!(!has_counted(never, "2024-02-28T10:00:00"));
        let daily = r#"{"frequency":"daily","count":5}"#;
        assert!(!has_counted(daily, "2024-01-20T11:00:00"));
        // Four days cannot have more than four of them.
        assert!(!has_counted(daily, "2024-01-18T10:00:00"));
        assert!(has_counted(daily, "2024-01-20T10:00:00"));
        let leap_days = r#"{"frequency":"yearly","byMonth":["2"],"byMonthDay":[29],"count":500}"#;
        assert!(!has_counted(leap_days, "2508-02-29T10:00:00"));
    }

    #[test]
    fn what_is_left_out_comes_from_the_start() {
        let start = "2024-02-29T09:30:15";
        insta::assert_snapshot!(days(r#"{"frequency":"yearly"}"#, start, 9), @"2024-02-29 2028-02-29 2032-02-29");
        insta::assert_snapshot!(days(r#"{"frequency":"monthly","interval":5}"#, start, 2), @"2024-02-29 2024-07-29 2024-12-29 2025-05-29 2025-10-29");
        insta::assert_snapshot!(days(r#"{"frequency":"weekly","interval":9}"#, start, 1), @"2024-02-29 2024-05-02 2024-07-04 2024-09-05 2024-11-07 2025-01-09");
        insta::assert_snapshot!(days(r#"{"frequency":"daily","interval":100}"#, start, 1), @"2024-02-29 2024-06-08 2024-09-16 2024-12-25");
        insta::assert_snapshot!(days(r#"{"frequency":"yearly","byWeekNo":[9,-1],"byDay":[{"day":"th"}]}"#, start, 2), @"2024-02-29 2024-12-26 2025-02-27 2025-12-25 2026-02-26");
        let hourly = r#"{"frequency":"hourly","interval":5}"#;
        assert_eq!(ask(hourly, start, "2024-03-01T00:30:15"), Some(true));
        assert_eq!(ask(hourly, start, "2024-03-01T01:30:15"), Some(false));
        assert_eq!(ask(hourly, start, "2024-03-01T00:30:16"), Some(false));
        let minutely = r#"{"frequency":"minutely","byHour":[10]}"#;
        assert_eq!(ask(minutely, start, "2024-03-01T10:59:15"), Some(true));
        assert_eq!(ask(minutely, start, "2024-03-01T11:00:15"), Some(false));
    }

    #[test]
    fn ordinals_are_within_the_year_or_the_month() {
        let start = "2024-01-01T00:00:00";
        insta::assert_snapshot!(days(r#"{"frequency":"yearly","byDay":[{"day":"mo","nthOfPeriod":20},{"day":"su","nthOfPeriod":-1}]}"#, start, 2), @"2024-01-01 2024-05-13 2024-12-29 2025-05-19 2025-12-28");
        insta::assert_snapshot!(days(r#"{"frequency":"yearly","byMonth":["3","11"],"byDay":[{"day":"su","nthOfPeriod":2}]}"#, start, 2), @"2024-01-01 2024-03-10 2024-11-10 2025-03-09 2025-11-09");
        insta::assert_snapshot!(days(r#"{"frequency":"monthly","interval":6,"byDay":[{"day":"fr","nthOfPeriod":-1},{"day":"mo","nthOfPeriod":5}]}"#, start, 2), @"2024-01-01 2024-01-26 2024-01-29 2024-07-26 2024-07-29 2025-01-31 2025-07-25");
        assert_eq!(
            ask(
                r#"{"frequency":"weekly","byDay":[{"day":"mo","nthOfPeriod":1}]}"#,
                start,
                "2024-01-08T00:00:00"
            ),
            None
        );
    }

    #[test]
    fn positions_are_within_one_period() {
        let work = r#""byDay":[{"day":"mo"},{"day":"tu"},{"day":"we"},{"day":"th"},{"day":"fr"}]"#;
        let last = format!(r#"{{"frequency":"monthly","bySetPosition":[1,-1],{work}}}"#);
        insta::assert_snapshot!(days(&last, "2024-01-31T10:00:00", 1), @"2024-01-31 2024-02-01 2024-02-29 2024-03-01 2024-03-29 2024-04-01 2024-04-30 2024-05-01 2024-05-31 2024-06-03 2024-06-28 2024-07-01 2024-07-31 2024-08-01 2024-08-30 2024-09-02 2024-09-30 2024-10-01 2024-10-31 2024-11-01 2024-11-29 2024-12-02 2024-12-31 2025-01-01");
        let times =
            r#"{"frequency":"daily","byHour":[9,12,17],"byMinute":[0,30],"bySetPosition":[2,-1]}"#;
        let start = "2024-01-01T09:30:00";
        let taken = ["09:00", "09:30", "12:00", "12:30", "17:00", "17:30"]
            .map(|time| ask(times, start, &format!("2024-02-01T{time}:00")));
        assert_eq!(taken, [false, true, false, false, false, true].map(Some));
    }

    #[test]
    fn the_start_is_the_first_instance() {
        let json = r#"{"frequency":"weekly","byDay":[{"day":"mo"}],"count":3}"#;
        // A Wednesday.
        insta::assert_snapshot!(days(json, "2024-01-17T10:00:00", 1), @"2024-01-17 2024-01-22 2024-01-29");
        insta::assert_snapshot!(days(json, "2024-01-15T10:00:00", 1), @"2024-01-15 2024-01-22 2024-01-29");
        let once = r#"{"frequency":"daily","count":1}"#;
        insta::assert_snapshot!(days(once, "2024-01-15T10:00:00", 1), @"2024-01-15");
        let ended = r#"{"frequency":"daily","until":"2020-01-01T00:00:00"}"#;
        insta::assert_snapshot!(days(ended, "2024-01-15T10:00:00", 1), @"2024-01-15");
        // Even of a rule that is none.
        assert_eq!(ask("{}", "2024-01-15T10:00:00", "2024-01-15T10:00:00"), Some(true));
        assert_eq!(ask("{}", "2024-01-15T10:00:00", "2024-01-14T10:00:00"), Some(false));
    }

    #[test]
    fn count_and_until_end_a_series() {
        let start = "2024-01-15T10:00:00";
        let until = r#"{"frequency":"daily","until":"2024-01-17T10:00:00"}"#;
        insta::assert_snapshot!(days(until, start, 1), @"2024-01-15 2024-01-16 2024-01-17");
        let positions =
            r#"{"frequency":"monthly","byMonthDay":[1,15,20],"bySetPosition":[2,3],"count":4}"#;
        insta::assert_snapshot!(days(positions, start, 1), @"2024-01-15 2024-01-20 2024-02-15 2024-02-20");
        let leap_days = r#"{"frequency":"yearly","byMonth":["2"],"byMonthDay":[29],"count":3}"#;
        insta::assert_snapshot!(days(leap_days, "2096-02-29T10:00:00", 20), @"2096-02-29 2104-02-29 2108-02-29");
        let mut far = rule(r#"{"frequency":"yearly","count":2}"#);
        far.interval = Some(u64::MAX);
        assert_eq!(far.generates(moment(start), moment("9999-01-15T10:00:00")), Some(false));
    }

    #[test]
    fn work_is_bounded() {
        let start = "2024-01-15T10:00:00";
        let sparse = r#"{"frequency":"secondly","bySecond":[60],"count":2}"#;
        assert_eq!(ask(sparse, start, "9999-12-31T10:00:00"), Some(false));
        let many = r#"{"frequency":"secondly","count":9007199254740991}"#;
        assert_eq!(ask(many, start, "2024-01-15T11:00:00"), Some(true));
        // So many seconds there are not before the year 10000.
        assert_eq!(ask(many, start, "2400-01-01T00:00:00"), Some(true));
        let some = r#"{"frequency":"secondly","count":100000000}"#;
        assert_eq!(ask(some, start, "2026-01-15T11:00:00"), Some(true));
        assert_eq!(ask(some, start, "2027-03-17T19:46:39"), Some(true));
        assert_eq!(ask(some, start, "2027-03-17T19:46:40"), Some(false));
        // Where the last one is would need counting day by day.
        let uneven = r#"{"frequency":"minutely","interval":2,"byHour":[9],"count":9000000}"#;
        assert_eq!(ask(uneven, "2024-01-15T09:00:00", "8000-01-15T09:00:00"), None);
        let endless = r#"{"frequency":"secondly"}"#;
        assert_eq!(ask(endless, start, "9999-12-31T23:59:59"), Some(true));
        // Seconds of one hour a day: the rest of the day is passed over.
        let one_hour =
            r#"{"frequency":"secondly","byHour":[9],"byMinute":[0],"bySecond":[0],"count":60}"#;
        assert_eq!(ask(one_hour, start, "2024-03-14T09:00:00"), Some(true));
        assert_eq!(ask(one_hour, start, "2024-03-15T09:00:00"), Some(false));
    }

    #[test]
    fn days_that_do_not_exist() {
        let of = |frequency: &str, skip: &str, rest: &str| {
            format!(r#"{{"frequency":"{frequency}","skip":"{skip}"{rest}}}"#)
        };
        let start = "2023-01-31T10:00:00";
        insta::assert_snapshot!(days(&of("monthly", "omit", ""), start, 1), @"2023-01-31 2023-03-31 2023-05-31 2023-07-31 2023-08-31 2023-10-31 2023-12-31");
        insta::assert_snapshot!(days(&of("monthly", "backward", ""), start, 1), @"2023-01-31 2023-02-28 2023-03-31 2023-04-30 2023-05-31 2023-06-30 2023-07-31 2023-08-31 2023-09-30 2023-10-31 2023-11-30 2023-12-31");
        insta::assert_snapshot!(days(&of("monthly", "forward", ""), start, 1), @"2023-01-31 2023-03-01 2023-03-31 2023-05-01 2023-05-31 2023-07-01 2023-07-31 2023-08-31 2023-10-01 2023-10-31 2023-12-01 2023-12-31");
        insta::assert_snapshot!(days(&of("monthly", "forward", r#","interval":3,"count":4"#), start, 2), @"2023-01-31 2023-05-01 2023-07-31 2023-10-31");
        let leap_day = "2024-02-29T10:00:00";
        insta::assert_snapshot!(days(&of("yearly", "backward", ""), leap_day, 5), @"2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29");
        insta::assert_snapshot!(days(&of("yearly", "forward", r#","count":4"#), leap_day, 5), @"2024-02-29 2025-03-01 2026-03-01 2027-03-01");
        // Weekly days always exist.
        assert_eq!(ask(&of("weekly", "forward", ""), start, "2023-02-07T10:00:00"), Some(true));
        let last = r#","byMonthDay":[-31]"#;
        // The 31st from the end of February would be before its first day.
        assert_eq!(ask(&of("monthly", "forward", last), start, "2023-02-01T10:00:00"), Some(true));
    }

    #[test]
    fn standards_that_differ_do_not_decide() {
        let json = r#"{"frequency":"yearly","byMonthDay":[1,3]}"#;
        let start = "2024-09-03T10:00:00";
        assert_eq!(ask(json, start, "2025-09-01T10:00:00"), Some(true));
        assert_eq!(ask(json, start, "2025-09-02T10:00:00"), Some(false));
        assert_eq!(ask(json, start, "2025-10-01T10:00:00"), None);
    }

    #[test]
    fn fractions_and_leap_seconds() {
        let daily = r#"{"frequency":"daily"}"#;
        let start = "2024-01-15T10:00:00.5";
        assert_eq!(ask(daily, start, "2024-01-16T10:00:00.5"), Some(true));
        assert_eq!(ask(daily, start, "2024-01-16T10:00:00"), Some(false));
        assert_eq!(ask(daily, "2016-12-31T23:59:60", "2017-01-01T23:59:59"), None);
        assert_eq!(ask(daily, "2016-12-30T23:59:59", "2016-12-31T23:59:60"), None);
    }

    #[test]
    fn rules_that_are_none_do_not_decide() {
        for json in [
            r#"{}"#,
            r#"{"frequency":"fortnightly"}"#,
            r#"{"frequency":"daily","interval":0}"#,
            r#"{"frequency":"daily","interval":"2"}"#,
            r#"{"frequency":"daily","count":0}"#,
            r#"{"frequency":"daily","count":9,"until":"2030-01-01T00:00:00"}"#,
            r#"{"frequency":"daily","rscale":"martian"}"#,
            r#"{"frequency":"monthly","skip":"sideways"}"#,
            r#"{"frequency":"daily","firstDayOfWeek":"xx"}"#,
            r#"{"frequency":"daily","byDay":[{"nthOfPeriod":1}]}"#,
            r#"{"frequency":"daily","byDay":[{"day":"mo","nthOfPeriod":"1"}]}"#,
            r#"{"frequency":"daily","byDay":[{"day":"xx"}]}"#,
            r#"{"frequency":"monthly","byDay":[{"day":"mo","nthOfPeriod":0}]}"#,
            r#"{"frequency":"monthly","byDay":[{"day":"mo","nthOfPeriod":99999}]}"#,
            r#"{"frequency":"yearly","byWeekNo":[1],"byDay":[{"day":"mo","nthOfPeriod":1}]}"#,
            r#"{"frequency":"daily","byMonth":["5L"]}"#,
            r#"{"frequency":"daily","byMonth":["13"]}"#,
            r#"{"frequency":"daily","byMonth":["+1"]}"#,
            r#"{"frequency":"daily","byMonthDay":[0]}"#,
            r#"{"frequency":"daily","byMonthDay":[32]}"#,
            r#"{"frequency":"daily","byYearDay":[-367]}"#,
            r#"{"frequency":"daily","byWeekNo":[54]}"#,
            r#"{"frequency":"daily","byHour":[24]}"#,
            r#"{"frequency":"daily","byMinute":[99]}"#,
            r#"{"frequency":"daily","bySecond":[61]}"#,
            r#"{"frequency":"daily","bySetPosition":[0]}"#,
        ] {
            assert_eq!(ask(json, "2024-01-15T10:00:00", "2024-01-16T10:00:00"), None, "{json}");
        }
        // What is set after reading counts, not what could not be read.
        let mut mended = rule(r#"{"frequency":"daily","interval":"2"}"#);
        mended.interval = Some(1);
        let at = moment("2024-01-16T10:00:00");
        assert_eq!(mended.generates(moment("2024-01-15T10:00:00"), at), Some(true));
    }

    /// A rule about days that has everything it needs, so that nothing comes from the start.
    fn rule_of_days() -> impl Strategy<Value = RecurrenceRule> {
        let month_days = vec(prop_oneof![1..=31i64, -31..=-1i64], 6..20);
        let months =
            prop_oneof![Just(vec![]), vec((1..=12u8).prop_map(|month| month.to_string()), 1..6)];
        let positions = vec(prop_oneof![1..=6i64, -6..=-1i64], 0..3);
        (
            (0..4usize, 1..5u64, 0..7usize, proptest::option::of(1..20u64)),
            (months, vec(weekday(), 1..5), month_days, positions),
        )
            .prop_map(|((frequency, interval, week_start, count), lists)| {
                let mut rule =
                    RecurrenceRule::new(Frequency::from(Frequency::REGISTERED[frequency]));
                rule.interval = Some(interval);
                rule.first_day_of_week = Some(Weekday::from(Weekday::REGISTERED[week_start]));
                rule.count = count;
                rule.by_month = if frequency == 0 && lists.0.is_empty() {
                    (1..=12).map(|month: u8| month.to_string()).collect()
                } else {
                    lists.0
                };
                rule.by_day = lists.1.into_iter().map(NDay::new).collect();
                (rule.by_month_day, rule.by_set_position) = (lists.2, lists.3);
                rule
            })
    }

    /// Goes through the periods one by one, in the words of the standard.
    fn slowly(rule: &RecurrenceRule, start: Date, end: Date) -> Vec<Date> {
        let week_start = rule
            .first_day_of_week
            .as_ref()
            .and_then(|day| Weekday::REGISTERED.iter().position(|name| *name == day.as_str()));
        let into_week = |date: Date| {
            (date.weekday().to_monday_zero_offset() + 7 - week_start.unwrap_or(0) as i8) % 7
        };
        let (mut period, step): (Date, Span) = match rule.frequency {
            Some(Frequency::Yearly) => (start.first_of_year(), 1.year()),
            Some(Frequency::Monthly) => (start.first_of_month(), 1.month()),
            Some(Frequency::Weekly) => (start - i64::from(into_week(start)).days(), 1.week()),
            _ => (start, 1.day()),
        };
        let takes = |date: &Date| {
            let weekday = Weekday::REGISTERED[date.weekday().to_monday_zero_offset() as usize];
            let (day, length) = (i64::from(date.day()), i64::from(date.days_in_month()));
            (rule.by_month.is_empty() || rule.by_month.contains(&date.month().to_string()))
                && rule.by_day.iter().any(|wanted| wanted.day == Some(Weekday::from(weekday)))
                && rule.by_month_day.iter().any(|wanted| [day, day - length - 1].contains(wanted))
        };
        let mut dates = vec![start];
        while period < end {
            let next = period.checked_add(step).unwrap();
            let candidates: Vec<Date> =
                period.series(1.day()).take_while(|date| *date < next).filter(takes).collect();
            let is_taken = |index: usize| {
                let index = index as i64;
                rule.by_set_position.is_empty()
                    || rule.by_set_position.contains(&(index + 1))
                    || rule.by_set_position.contains(&(index - candidates.len() as i64))
            };
            let taken = candidates.iter().enumerate().filter(|(index, _)| is_taken(*index));
            dates.extend(taken.map(|(_, date)| *date).filter(|date| *date > start));
            period = period.checked_add(step * rule.interval.unwrap() as i64).unwrap();
        }
        dates.truncate(rule.count.unwrap_or(u64::MAX) as usize);
        dates.retain(|date| *date < end);
        dates
    }

    proptest! {
        #[test]
        fn every_period_is_looked_at(rule in rule_of_days(), year in 1600..2400i16, day in 1..=365i16) {
            let start = jiff::civil::date(year, 1, 1) + i64::from(day - 1).days();
            let end = start + 3.years();
            let at = |date: Date| moment(&date.at(9, 0, 0, 0).to_string());
            let series = rule.membership(at(start));
            let days = start.series(1.day()).take_while(|date| *date < end);
            let found: Vec<Date> =
                days.filter(|date| series.contains(at(*date)).expect("decided")).collect();
            prop_assert_eq!(found, slowly(&rule, start, end));
        }

        #[test]
        fn any_rule_has_an_answer(rule in any_rule(), start in local(), at in local()) {
            let answer = rule.generates(start, at);
            prop_assert_eq!(rule.membership(start).contains(at), answer);
            prop_assert_eq!(rule.generates(start, start), Some(true));
        }
    }
}
