//! `RecurrenceRule::generates` against the reference answers of several calendar libraries.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fmt, fs};

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span, ToSpan};
use jscalendar::{
    Frequency, LocalDateTime, NDay, RecurrenceRule, Skip, TimeZoneId, UtcDateTime, Weekday,
};
use serde_json::Value;

const ANSWERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pairs/recur");

#[test]
fn answers_of_other_libraries() {
    let Some(cases) = cases(Path::new(ANSWERS)) else {
        report(&"not run: corpus not found");
        return;
    };
    let mut agreed = Tally::default();
    let mut disputed = Tally::default();
    for case in &cases {
        // What dateutil gives too is taken for settled.
        let tally = if case.settled { &mut agreed } else { &mut disputed };
        tally.add(case);
    }
    report(&format_args!("settled: {agreed}"));
    report(&format_args!("other answers, not relied on: {disputed}"));
    assert!(agreed.wrong.is_empty(), "{:#?}", agreed.wrong);
    // Those that cannot be decided are few: ordinals in weekly and shorter rules, and parts that
    // RFC 8984 takes from the start and dateutil does not.
    assert!(agreed.undecided.len() * 10 < agreed.cases, "{:#?}", agreed.undecided);
}

#[derive(Default)]
struct Tally {
    cases: usize,
    instances: usize,
    others: usize,
    undecided: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, case: &Case) {
        self.cases += 1;
        let series = case.rule.membership(case.start);
        let mut undecided = 0;
        let mut ask = |at: LocalDateTime, expected: bool| match series.contains(at) {
            None => undecided += 1,
            Some(answer) if answer == expected => {}
            Some(_) => self.wrong.push(format!("{}: {at} should be {expected}", case.name)),
        };
        for at in &case.instances {
            ask(*at, true);
            let answer = case.rule.generates(case.start, *at);
            assert_eq!(series.contains(*at), answer, "{} {at}", case.name);
        }
        let others = case.others();
        others.iter().for_each(|at| ask(*at, false));
        self.instances += case.instances.len();
        self.others += others.len();
        if undecided > 0 {
            self.undecided.push(format!("{}: {undecided}", case.name));
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, instances, others, undecided, wrong } = self;
        let wrong_cases: BTreeSet<&str> =
            wrong.iter().filter_map(|line| line.split(": ").next()).collect();
        writeln!(
            f,
            "{cases} rules, {instances} instances and {others} other moments; \
             {} rules not decided everywhere, {} answers of {} rules differ",
            undecided.len(),
            wrong.len(),
            wrong_cases.len(),
        )?;
        undecided.iter().try_for_each(|line| writeln!(f, "  not decided: {line}"))?;
        wrong_cases.iter().try_for_each(|line| writeln!(f, "  differs: {line}"))
    }
}

struct Case {
    name: String,
    rule: RecurrenceRule,
    start: LocalDateTime,
    /// Sorted; the first of them is the start.
    instances: Vec<LocalDateTime>,
    /// Whether there are no other instances.
    complete: bool,
    settled: bool,
}

impl Case {
    /// `None` for a case that is about something else: other lines, refusals, rules that the reader
    /// below does not read.
    fn new(case: &Value) -> Option<Self> {
        let text = |name: &str| case.get(name).and_then(Value::as_str);
        let is_true = |name: &str| case.get(name).and_then(Value::as_bool) == Some(true);
        let is_other = |name: &&str| case.get(*name).is_some_and(|value| !value.is_null());
        if ["extra", "error", "expected_from", "start_at"].iter().any(is_other) {
            return None;
        }
        let start = date_time(text("dtstart")?)?;
        let rule = rule(text("rrule")?, text("tzid"))?;
        let mut instances: Vec<LocalDateTime> = case
            .get("expected")?
            .as_array()?
            .iter()
            .map(|instance| date_time(instance.as_str()?))
            .collect::<Option<_>>()?;
        instances.sort_unstable();
        // Most libraries leave out a start that the rule does not give, and `count` with it.
        if instances.first() != Some(&start) {
            instances.insert(0, start);
            if rule.count.is_some_and(|count| instances.len() as u64 > count) {
                instances.pop();
            }
        }
        Some(Self {
            name: format!("{} {} from {start}", text("id")?, text("rrule")?),
            rule,
            start,
            instances,
            complete: is_true("complete"),
            settled: text("dateutil") == Some("same"),
        })
    }

    /// Moments that are no instances: beside each instance, halfway to the next one, and all days
    /// between the first ones.
    fn others(&self) -> Vec<LocalDateTime> {
        let mut others = BTreeSet::new();
        let steps: [Span; 6] = [1.second(), 1.minute(), 1.hour(), 1.day(), 1.week(), 1.month()];
        for instance in &self.instances {
            for step in steps {
                others.extend(instance.to_civil().checked_add(step).ok().map(local));
                others.extend(instance.to_civil().checked_sub(step).ok().map(local));
            }
        }
        for pair in self.instances.windows(2) {
            let [from, to] = pair else { continue };
            let half = from.to_civil().duration_until(to.to_civil()).as_secs() / 2;
            others.insert(local(from.to_civil() + SignedDuration::from_secs(half)));
        }
        others.extend(self.start.to_civil().series(1.day()).take(400).map(local));
        let last = self.instances.last().copied();
        let is_instance = |at: &LocalDateTime| self.instances.binary_search(at).is_ok();
        others.retain(|at| !is_instance(at) && (self.complete || Some(*at) < last));
        others.into_iter().collect()
    }
}

fn cases(folder: &Path) -> Option<Vec<Case>> {
    let mut files: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|file| file.path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        cases.extend(lines.filter_map(|case: Value| Case::new(&case)));
    }
    Some(cases)
}

#[allow(clippy::print_stdout, reason = "the figures are for the reader of the test's output")]
fn report(line: &dyn fmt::Display) {
    println!("{line}");
}

fn local(at: DateTime) -> LocalDateTime {
    at.to_string().parse().unwrap()
}

/// Reads `20240115`, `20240115T100000` with or without `Z`, and what ISO 8601 makes of it; an
/// offset is left out.
fn date_time(text: &str) -> Option<LocalDateTime> {
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
fn rule(text: &str, zone: Option<&str>) -> Option<RecurrenceRule> {
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
            "BYDAY" => rule.by_day = list(value, day)?,
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
