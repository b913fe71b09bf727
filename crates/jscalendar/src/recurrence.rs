//! [`RecurrenceRule`] (RFC 8984, section 4.3.3) and [`NDay`].

#[cfg(test)]
mod arbitrary;
mod calendar;
mod error;
mod expansion;
mod membership;
mod pattern;

pub use self::error::RuleError;
pub use self::expansion::Expansion;
pub use self::membership::Membership;

use crate::{Json, LocalDateTime, Map};

/// When an event or task recurs (RFC 8984, section 4.3.3); the `RRULE` of iCalendar.
///
/// ```
/// use jscalendar::{Frequency, NDay, RecurrenceRule, Weekday};
///
/// let mut rule = RecurrenceRule::new(Frequency::Weekly);
/// rule.by_day = vec![NDay::new(Weekday::Monday), NDay::new(Weekday::Thursday)];
/// rule.count = Some(6);
/// assert_eq!(
///     serde_json::to_string(&rule)?,
///     r#"{"frequency":"weekly","count":6,"byDay":[{"day":"mo"},{"day":"th"}]}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RecurrenceRule {
    /// The unit of `interval`. The standard demands it.
    pub frequency: Option<Frequency>,
    /// Every how many units it recurs; 1 if absent.
    pub interval: Option<u64>,
    /// The calendar to count in: a calendar name of CLDR in lower case; `gregorian` if absent (RFC 7529).
    pub rscale: Option<String>,
    /// What happens to days that do not exist; `omit` if absent (RFC 7529).
    pub skip: Option<Skip>,
    /// The first day of the week; Monday if absent.
    pub first_day_of_week: Option<Weekday>,
    /// How many times it happens. Not together with `until`.
    pub count: Option<u64>,
    /// The last moment at which it may happen, in the time zone of the object. Not together with `count`.
    pub until: Option<LocalDateTime>,
    /// Days of the week.
    pub by_day: Vec<NDay>,
    /// Days of the month, 1 to 31, or -1 to -31 counted from its end.
    pub by_month_day: Vec<i64>,
    /// Months, `"1"` to `"12"`; a leap month has an `L` behind its number.
    pub by_month: Vec<String>,
    /// Days of the year, 1 to 366, or -1 to -366 counted from its end.
    pub by_year_day: Vec<i64>,
    /// Weeks of the year, 1 to 53, or -1 to -53 counted from its end.
    pub by_week_no: Vec<i64>,
    /// Hours, 0 to 23.
    pub by_hour: Vec<u64>,
    /// Minutes, 0 to 59.
    pub by_minute: Vec<u64>,
    /// Seconds, 0 to 60.
    pub by_second: Vec<u64>,
    /// Which of the occurrences within one unit of `frequency`: 1 is the first, -1 the last.
    pub by_set_position: Vec<i64>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    RecurrenceRule: "RecurrenceRule" in V1_0 {
        "frequency" => frequency,
        "interval" => interval,
        "rscale" => rscale,
        "skip" => skip,
        "firstDayOfWeek" => first_day_of_week,
        "count" => count,
        "until" => until,
        "byDay" => by_day,
        "byMonthDay" => by_month_day,
        "byMonth" => by_month,
        "byYearDay" => by_year_day,
        "byWeekNo" => by_week_no,
        "byHour" => by_hour,
        "byMinute" => by_minute,
        "bySecond" => by_second,
        "bySetPosition" => by_set_position,
    }
    extra
}

impl RecurrenceRule {
    /// A rule that repeats for ever, once in each unit of `frequency`.
    pub fn new(frequency: Frequency) -> Self {
        Self { frequency: Some(frequency), ..Self::default() }
    }
}

/// How a rule is read where it says nothing (RFC 8984, section 4.3.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is the standard, and what others do")]
pub enum Reading {
    /// As JSCalendar says: the start is always the first instance, and what the rule leaves out is taken from it.
    #[default]
    Standard,
    /// As most readers of `RRULE` do: the start is an instance only if the rule gives it. Rules of years take their
    /// month from the start only together with the day, so that `BYMONTHDAY` alone means every month, and `BYWEEKNO`
    /// alone every day of the week.
    Rrule,
}

/// A day of the week, or one of those within a month or year (RFC 8984, section 4.3.3).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NDay {
    /// The day of the week. The standard demands it.
    pub day: Option<Weekday>,
    /// Which one: 1 is the first, -1 the last; all of them if absent. Never 0.
    pub nth_of_period: Option<i64>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    NDay: "NDay" in V1_0 {
        "day" => day,
        "nthOfPeriod" => nth_of_period,
    }
    extra
}

impl NDay {
    /// Every such day.
    pub fn new(day: Weekday) -> Self {
        Self { day: Some(day), ..Self::default() }
    }

    /// The `nth` such day: 1 is the first, -1 the last.
    pub fn nth(nth: i64, day: Weekday) -> Self {
        Self { day: Some(day), nth_of_period: Some(nth), ..Self::default() }
    }
}

json_model::text_enum! {
    /// The unit in which a rule repeats.
    pub enum Frequency {
        /// Years.
        Yearly = "yearly",
        /// Months.
        Monthly = "monthly",
        /// Weeks.
        Weekly = "weekly",
        /// Days.
        Daily = "daily",
        /// Hours.
        Hourly = "hourly",
        /// Minutes.
        Minutely = "minutely",
        /// Seconds.
        Secondly = "secondly",
    }
}

json_model::text_enum! {
    /// What happens to days that do not exist (RFC 7529, section 4.1).
    pub enum Skip {
        /// They are left out; the default.
        Omit = "omit",
        /// The day before is taken.
        Backward = "backward",
        /// The day after is taken.
        Forward = "forward",
    }
}

json_model::text_enum! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Monday = "mo",
        /// Tuesday.
        Tuesday = "tu",
        /// Wednesday.
        Wednesday = "we",
        /// Thursday.
        Thursday = "th",
        /// Friday.
        Friday = "fr",
        /// Saturday.
        Saturday = "sa",
        /// Sunday.
        Sunday = "su",
    }
}
