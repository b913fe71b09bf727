//! Recurrence: our occurrences beside those of the crate `rrule`, zoned on both sides.

use std::hint::black_box;
use std::time::Instant;

use jscalendar::{Event, Series, TimeZones, UtcDateTime};
use rrule::{RRuleSet, Tz};

/// How many occurrences are taken in sequence.
const LENGTH: u16 = 1_000;

/// A rule in the words of both.
struct Rule {
    name: &'static str,
    /// The first instance: others do not count a start that the rule does not give.
    start: &'static str,
    rrule: &'static str,
    jscalendar: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        name: "weekly",
        start: "2014-01-06",
        rrule: "FREQ=WEEKLY",
        jscalendar: r#"{"frequency":"weekly"}"#,
    },
    Rule {
        name: "monthly",
        start: "2014-01-06",
        rrule: "FREQ=MONTHLY;BYMONTH=1,3,4,6,9,11;BYDAY=1MO,3WE,-1FR;BYHOUR=9,14",
        jscalendar: r#"{"frequency":"monthly","byMonth":["1","3","4","6","9","11"],"byHour":[9,14],
            "byDay":[{"day":"mo","nthOfPeriod":1},{"day":"we","nthOfPeriod":3},{"day":"fr","nthOfPeriod":-1}]}"#,
    },
    Rule {
        name: "setpos",
        start: "2014-01-02",
        rrule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2,-1",
        jscalendar: r#"{"frequency":"monthly","bySetPosition":[2,-1],
            "byDay":[{"day":"mo"},{"day":"tu"},{"day":"we"},{"day":"th"},{"day":"fr"}]}"#,
    },
    Rule {
        name: "minutely",
        start: "2014-01-06",
        rrule: "FREQ=MINUTELY;INTERVAL=7;BYHOUR=9,10,11",
        jscalendar: r#"{"frequency":"minutely","interval":7,"byHour":[9,10,11]}"#,
    },
];

/// A week, ten years from the start.
const WEEK: (&str, &str) = ("2024-01-08T00:00:00Z", "2024-01-15T00:00:00Z");

/// How long one thing took on each side, in nanoseconds.
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) ours: f64,
    pub(crate) peer: f64,
    pub(crate) target: f64,
}

/// Measures everything, and checks that both sides say the same.
pub(crate) fn measure(rounds: usize) -> Result<Vec<Outcome>, String> {
    let mut outcomes = Vec::new();
    for rule in RULES {
        let (event, set) = rule.both(0)?;
        outcomes.push(outcome(
            format!("{} sequence", rule.name),
            "occurrence",
            5.0,
            rounds,
            usize::from(LENGTH),
            &mut || in_sequence(&event),
            &mut || peer_in_sequence(&set),
        )?);
        outcomes.push(outcome(
            format!("{} far week", rule.name),
            "window",
            100.0,
            rounds,
            1,
            &mut || week(&[&event]),
            &mut || peer_week(&[&set]),
        )?);
    }
    let many: Vec<(Event, RRuleSet)> =
        (0..1_000).map(|index| RULES[index % 3].both(index)).collect::<Result<_, _>>()?;
    let events: Vec<&Event> = many.iter().map(|(event, _)| event).collect();
    let sets: Vec<&RRuleSet> = many.iter().map(|(_, set)| set).collect();
    outcomes.push(outcome(
        "1,000 events in a week".to_owned(),
        "window",
        100.0,
        rounds.min(3),
        1,
        &mut || week(&events),
        &mut || peer_week(&sets),
    )?);
    Ok(outcomes)
}

/// Lets both sides work in turn; the sums of the instants have to be equal.
fn outcome(
    name: String,
    unit: &'static str,
    target: f64,
    rounds: usize,
    units: usize,
    ours: &mut dyn FnMut() -> i64,
    peer: &mut dyn FnMut() -> i64,
) -> Result<Outcome, String> {
    if ours() != peer() {
        return Err(format!("{name}: the two sides do not agree"));
    }
    let (mut our_best, mut peer_best) = (f64::MAX, f64::MAX);
    for _ in 0..rounds {
        our_best = our_best.min(time(ours));
        peer_best = peer_best.min(time(peer));
    }
    let each = |seconds: f64| seconds * 1e9 / units as f64;
    Ok(Outcome { name, unit, ours: each(our_best), peer: each(peer_best), target })
}

/// The seconds that one run takes, over enough runs.
fn time(work: &mut dyn FnMut() -> i64) -> f64 {
    let mut runs = 0;
    let start = Instant::now();
    while runs < 3 || start.elapsed().as_millis() < 20 {
        black_box(work());
        runs += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(runs)
}

impl Rule {
    /// An event that starts some hours after the start, and the same for the peer.
    fn both(&self, hours: usize) -> Result<(Event, RRuleSet), String> {
        let start = format!("{}T{:02}:00:00", self.start, 9 + hours % 8);
        let text = format!(
            r#"{{"@type":"Event","uid":"e","start":"{start}","timeZone":"Europe/Berlin","recurrenceRule":{}}}"#,
            self.jscalendar
        );
        let event = Event::from_json(&text).map_err(|error| error.to_string())?.value;
        let start = start.replace(['-', ':'], "");
        let text = format!("DTSTART;TZID=Europe/Berlin:{start}\nRRULE:{}", self.rrule);
        let set = text.parse().map_err(|error: rrule::RRuleError| error.to_string())?;
        Ok((event, set))
    }
}

fn in_sequence(event: &Event) -> i64 {
    let Ok(series) = Series::new(event, &TimeZones::new()) else { return 0 };
    let seconds = series.occurrences().take(LENGTH.into()).map(|it| it.start_seconds(None));
    seconds.fold(0, i64::wrapping_add)
}

fn peer_in_sequence(set: &RRuleSet) -> i64 {
    let seconds = set.into_iter().take(LENGTH.into()).map(|at| at.timestamp());
    seconds.fold(0, i64::wrapping_add)
}

fn week(events: &[&Event]) -> i64 {
    let zones = TimeZones::new();
    let bound = |text: &str| text.parse::<UtcDateTime>().unwrap_or(UtcDateTime::UNIX_EPOCH);
    let (from, to) = (bound(WEEK.0), bound(WEEK.1));
    let series = events.iter().filter_map(|event| Series::new(*event, &zones).ok());
    let starts = series.flat_map(|series| series.occurrences().between(from, to));
    starts.map(|it| it.start_seconds(None)).fold(0, i64::wrapping_add)
}

fn peer_week(sets: &[&RRuleSet]) -> i64 {
    let bound = |text: &str| {
        let at = text.parse::<chrono::DateTime<chrono::Utc>>().unwrap_or_default();
        at.with_timezone(&Tz::UTC)
    };
    // Its bounds are exclusive.
    let (from, to) = (bound(WEEK.0) - chrono::Duration::seconds(1), bound(WEEK.1));
    let starts =
        sets.iter().flat_map(|set| (*set).clone().after(from).before(to).all(u16::MAX).dates);
    starts.map(|at| at.timestamp()).fold(0, i64::wrapping_add)
}
