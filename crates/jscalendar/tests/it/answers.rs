//! The reference answers of several calendar libraries: rules, and what they give.

use std::path::Path;
use std::{fmt, fs};

use jscalendar::{
    Frequency, LocalDateTime, NDay, RecurrenceRule, Skip, TimeZoneId, UtcDateTime, Weekday,
};
use serde_json::Value;

const ANSWERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pairs/recur");

/// What one library says of one rule.
pub(crate) struct Answer {
    pub(crate) id: String,
    /// The `RRULE` as it is written there.
    pub(crate) text: String,
    /// `None` for a rule that the reader below cannot read.
    pub(crate) rule: Option<RecurrenceRule>,
    pub(crate) start: LocalDateTime,
    /// In the order of the library.
    pub(crate) instances: Vec<LocalDateTime>,
    /// Whether there are no other instances, after these or up to the end of the window.
    pub(crate) complete: bool,
    pub(crate) window_end: Option<LocalDateTime>,
    /// Where the instances begin, if it is not the start.
    pub(crate) from: Option<LocalDateTime>,
    /// Further lines: `RDATE`, `EXDATE` and others.
    pub(crate) extra: Vec<String>,
    /// Whether the library refuses the rule.
    pub(crate) refused: bool,
    /// Whether a second library, dateutil, gives the same.
    pub(crate) settled: bool,
}

/// All answers; `None` where the folder is not there, which is said.
pub(crate) fn answers() -> Option<Vec<Answer>> {
    let Ok(folder) = fs::read_dir(Path::new(ANSWERS)) else {
        report(&"not run: corpus not found");
        return None;
    };
    let mut files: Vec<_> = folder.flatten().map(|file| file.path()).collect();
    files.sort();
    let mut answers = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        answers.extend(lines.filter_map(|case: Value| Answer::new(&case)));
    }
    Some(answers)
}

impl Answer {
    /// `None` without a start.
    fn new(case: &Value) -> Option<Self> {
        let text = |name: &str| case.get(name).and_then(Value::as_str);
        let is_true = |name: &str| case.get(name).and_then(Value::as_bool) == Some(true);
        let list = |name: &str| case.get(name).and_then(Value::as_array).into_iter().flatten();
        let from = text("expected_from").or_else(|| text("start_at"));
        let instances = list("expected").map(|instance| date_time(instance.as_str()?));
        let instances: Vec<_> = instances.collect::<Option<_>>()?;
        Some(Self {
            id: text("id")?.to_owned(),
            text: text("rrule")?.to_owned(),
            rule: rule(text("rrule")?, text("tzid")),
            start: date_time(text("dtstart")?)?,
            from: from
                .and_then(date_time)
                .filter(|from| instances.first().is_none_or(|at| at >= from)),
            instances,
            complete: is_true("complete") || is_true("complete_in_window"),
            window_end: text("window_end").and_then(date_time),
            extra: list("extra").filter_map(|line| line.as_str().map(str::to_owned)).collect(),
            refused: text("error").is_some(),
            settled: text("dateutil") == Some("same"),
        })
    }
}

#[allow(clippy::print_stdout, reason = "the figures are for the reader of the test's output")]
pub(crate) fn report(line: &dyn fmt::Display) {
    println!("{line}");
}

/// Reads `20240115`, `20240115T100000` with or without `Z`, and what ISO 8601 makes of it; an
/// offset is left out.
pub(crate) fn date_time(text: &str) -> Option<LocalDateTime> {
    let (date, time) = text.split_once('T').unwrap_or((text, "000000"));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (date, time) = (digits(date), digits(time.get(..8).unwrap_or(time)));
    let part = |text: &str, from: usize| text.get(from..from + 2)?.parse().ok();
    LocalDateTime::new(
        date.get(..4)?.parse().ok()?,
        part(&date, 4)?,
        part(&date, 6)?,
        part(&time, 0)?,
        part(&time, 2)?,
        part(&time, 4)?,
    )
    .ok()
}

/// Reads an `RRULE`, as far as the answers need it.
pub(crate) fn rule(text: &str, zone: Option<&str>) -> Option<RecurrenceRule> {
    let mut rule = RecurrenceRule::default();
    for part in text.split(';').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=')?;
        match name {
            "FREQ" => rule.frequency = Some(Frequency::from(value.to_lowercase())),
            "INTERVAL" => rule.interval = Some(value.parse().ok()?),
            "RSCALE" => rule.rscale = Some(value.to_lowercase()),
            "SKIP" => rule.skip = Some(Skip::from(value.to_lowercase())),
            "WKST" => rule.first_day_of_week = Some(Weekday::from(value.to_lowercase())),
            "COUNT" => rule.count = Some(value.parse().ok()?),
            "UNTIL" => rule.until = Some(until(value, zone)?),
            "BYDAY" | "BYWEEKDAY" => rule.by_day = list(value, day)?,
            "BYMONTHDAY" => rule.by_month_day = list(value, number)?,
            "BYMONTH" => rule.by_month = list(value, |month| Some(month.to_owned()))?,
            "BYYEARDAY" => rule.by_year_day = list(value, number)?,
            "BYWEEKNO" => rule.by_week_no = list(value, number)?,
            "BYHOUR" => rule.by_hour = list(value, number)?,
            "BYMINUTE" => rule.by_minute = list(value, number)?,
            "BYSECOND" => rule.by_second = list(value, number)?,
            "BYSETPOS" => rule.by_set_position = list(value, number)?,
            _ => return None,
        }
    }
    Some(rule)
}

fn until(text: &str, zone: Option<&str>) -> Option<LocalDateTime> {
    let local = date_time(text)?;
    let Some(zone) = zone.filter(|_| text.ends_with('Z')) else { return Some(local) };
    let zone = zone.parse::<TimeZoneId>().ok()?.to_jiff()?;
    format!("{local}Z").parse::<UtcDateTime>().ok()?.to_local(&zone)
}

fn list<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.split(',').map(read).collect()
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn day(text: &str) -> Option<NDay> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = Weekday::from(day.to_lowercase());
    if nth.is_empty() { Some(NDay::new(day)) } else { Some(NDay::nth(nth.parse().ok()?, day)) }
}
