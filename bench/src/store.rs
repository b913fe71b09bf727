//! The embedded server with many events, beside what the same rows cost in SQLite alone.

mod plain;

use std::fs;
use std::path::Path;
use std::time::Instant;

use jmap_core::{Client, Request};
use jmap_embedded::Embedded;
use serde_json::{Value, json};

use self::plain::Plain;

/// How many events are created by one request, and in one transaction.
const CHUNK: usize = 500;

/// How long one thing took on each side, in nanoseconds.
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    pub(crate) ours: f64,
    pub(crate) plain: f64,
}

/// Everything that was measured.
pub(crate) struct Measured {
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) events: usize,
    /// The size of the file of each side, in octets.
    pub(crate) sizes: (u64, u64),
    /// The most memory that the process had, in kB; nothing where the system does not tell.
    pub(crate) peak: Option<u64>,
}

/// Creates this many events on both sides, and asks both the same.
pub(crate) fn measure(events: usize, rounds: usize) -> Result<Measured, String> {
    let folder = std::env::temp_dir().join(format!("bench-store-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let measured = measure_in(&folder, events, rounds);
    let _ = fs::remove_dir_all(&folder);
    measured
}

fn measure_in(folder: &Path, events: usize, rounds: usize) -> Result<Measured, String> {
    let (our_file, plain_file) = (folder.join("ours.db"), folder.join("plain.db"));
    let ours = Ours::new(&our_file)?;
    let mut plain = Plain::new(&plain_file)?;
    let all: Vec<Value> = (0..events).map(event).collect();

    // Chunk by chunk in turn, so that what disturbs the machine disturbs both.
    let mut created = Outcome { name: "create an event", ours: 0.0, plain: 0.0 };
    for chunk in all.chunks(CHUNK) {
        created.ours += nanoseconds(|| ours.create(chunk))?;
        created.plain += nanoseconds(|| plain.create(chunk))?;
    }
    created.ours /= events as f64;
    created.plain /= events as f64;
    let mut outcomes = vec![created];

    let month = ("2030-03-01T00:00:00", "2030-04-01T00:00:00");
    let mut compare = |name,
                       ours: &mut dyn FnMut() -> Result<usize, String>,
                       plain: &mut dyn FnMut() -> Result<usize, String>| {
        outcome(name, rounds, ours, plain).map(|outcome| outcomes.push(outcome))
    };
    compare("a month, expanded", &mut || ours.expanded(month), &mut || plain.within(month))?;
    let uid = format!("event-{}@example.com", events / 2);
    compare("get by uid", &mut || ours.by_uid(&uid), &mut || plain.by_uid(&uid))?;
    compare("changes after an edit", &mut || ours.edited(&uid), &mut || plain.edited(&uid))?;
    compare("text search", &mut || ours.found("walrus"), &mut || plain.found("walrus"))?;
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let sizes = (size(&our_file), size(&plain_file));
    Ok(Measured { outcomes, events, sizes, peak: peak() })
}

/// The best of some rounds, in which both take turns.
fn outcome(
    name: &'static str,
    rounds: usize,
    ours: &mut dyn FnMut() -> Result<usize, String>,
    plain: &mut dyn FnMut() -> Result<usize, String>,
) -> Result<Outcome, String> {
    let (our_count, plain_count) = (ours()?, plain()?);
    // The plain rows know when a series begins and ends, and not which occurrences it has.
    if our_count == 0 || plain_count == 0 {
        return Err(format!("{name}: {our_count} found here and {plain_count} there"));
    }
    let mut best = Outcome { name, ours: f64::MAX, plain: f64::MAX };
    for _ in 0..rounds {
        best.ours = best.ours.min(nanoseconds(&mut *ours)?);
        best.plain = best.plain.min(nanoseconds(&mut *plain)?);
    }
    Ok(best)
}

fn nanoseconds<T>(work: impl FnOnce() -> Result<T, String>) -> Result<f64, String> {
    let start = Instant::now();
    std::hint::black_box(work()?);
    Ok(start.elapsed().as_secs_f64() * 1e9)
}

/// One in two recurs; they lie in ten years, and one in a thousand has a word that is rare.
fn event(number: usize) -> Value {
    let (year, month, day) = (2026 + number % 10, 1 + number / 10 % 12, 1 + number / 120 % 28);
    let word = if number.is_multiple_of(1000) { "walrus" } else { "review" };
    let mut event = json!({
        "@type": "Event", "version": "2.0", "uid": format!("event-{number}@example.com"),
        "calendarIds": {"C1": true}, "title": format!("Project {} {word}", number % 97),
        "description": "Agenda, minutes and what is left over from the last time.",
        "start": format!("{year}-{month:02}-{day:02}T{:02}:30:00", 7 + number % 12),
        "timeZone": "Europe/Berlin", "duration": "PT45M",
        "locations": {"1": {"@type": "Location", "name": format!("Room {}", number % 31)}},
    });
    if number.is_multiple_of(2) {
        event["recurrenceRule"] =
            json!({"@type": "RecurrenceRule", "frequency": "weekly", "count": 20});
    }
    event
}

struct Ours(Client);

impl Ours {
    fn new(path: &Path) -> Result<Self, String> {
        let server = Embedded::open(path).map_err(|error| error.to_string())?;
        server.add_user("jane").map_err(|error| error.to_string())?;
        server.client("jane").wait().map(Self).map_err(|error| error.to_string())
    }

    fn ask(&self, calls: Value) -> Result<Vec<Value>, String> {
        let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
        let request = json!({"using": using, "methodCalls": calls});
        let request: Request =
            serde_json::from_value(request).map_err(|error| error.to_string())?;
        let response = self.0.request(request).wait().map_err(|error| error.to_string())?;
        let responses = response.method_responses.into_iter();
        let read = |response: jmap_core::Invocation| match response.name.as_str() {
            "error" => Err(response.arguments.as_str().to_owned()),
            _ => response.arguments.to_value().map_err(|error| error.to_string()),
        };
        responses.map(read).collect()
    }

    fn create(&self, events: &[Value]) -> Result<(), String> {
        let create: serde_json::Map<String, Value> = events
            .iter()
            .enumerate()
            .map(|(key, event)| (format!("k{key}"), event.clone()))
            .collect();
        let set = json!({"accountId": "jane", "create": create});
        let responses = self.ask(json!([["CalendarEvent/set", set, "c"]]))?;
        match responses[0]["created"].as_object().map(serde_json::Map::len) {
            Some(count) if count == events.len() => Ok(()),
            _ => Err(responses[0]["notCreated"].to_string()),
        }
    }

    fn query(&self, mut query: Value) -> Result<Vec<Value>, String> {
        query["accountId"] = json!("jane");
        let responses = self.ask(json!([["CalendarEvent/query", query, "c"]]))?;
        Ok(responses[0]["ids"].as_array().cloned().unwrap_or_default())
    }

    fn expanded(&self, (after, before): (&str, &str)) -> Result<usize, String> {
        let filter = json!({"after": after, "before": before});
        let query = json!({"filter": filter, "expandRecurrences": true, "timeZone": "Europe/Berlin",
            "sort": [{"property": "start"}]});
        self.query(query).map(|ids| ids.len())
    }

    fn by_uid(&self, uid: &str) -> Result<usize, String> {
        let ids = json!({"resultOf": "q", "name": "CalendarEvent/query", "path": "/ids"});
        let responses = self.ask(json!([
            ["CalendarEvent/query", {"accountId": "jane", "filter": {"uid": uid}}, "q"],
            ["CalendarEvent/get", {"accountId": "jane", "#ids": ids}, "g"],
        ]))?;
        Ok(responses[1]["list"].as_array().map_or(0, Vec::len))
    }

    fn edited(&self, uid: &str) -> Result<usize, String> {
        let id = self.query(json!({"filter": {"uid": uid}}))?;
        let id = id.first().and_then(Value::as_str).unwrap_or_default();
        let title = format!("Changed at {:?}", Instant::now());
        let set = json!({"accountId": "jane", "update": {id: {"title": title}}});
        let state = self.ask(json!([["CalendarEvent/set", set, "s"]]))?[0]["oldState"].clone();
        let changes = json!({"accountId": "jane", "sinceState": state});
        let responses = self.ask(json!([["CalendarEvent/changes", changes, "c"]]))?;
        Ok(responses[0]["updated"].as_array().map_or(0, Vec::len))
    }

    fn found(&self, text: &str) -> Result<usize, String> {
        self.query(json!({"filter": {"text": text}})).map(|ids| ids.len())
    }
}

/// The most memory that this process had.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().trim_end_matches(" kB").parse().ok()
}
