//! The table, or one JSON object a line.

use serde_json::{Value, json};

use crate::hostile::{self, Row};
use crate::measure::{Outcome, Pair};
use crate::memory::{LIMIT, Memory};
use crate::{protocol, recurrence, store};

/// Says what was found, as soon as it is known.
pub(crate) struct Report {
    json: bool,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        if !json {
            println!(
                "{:8} {:9} {:12} {:>7}   {:10} {:>7} {:>8} {:>8}",
                "data", "measured", "ours", "MB/s", "peer", "MB/s", "ratio", "target"
            );
        }
        Self { json, notes: Vec::new() }
    }

    pub(crate) fn not_run(&mut self, name: &str, why: &str) {
        if self.json {
            println!("{}", json!({ "name": name, "notRun": why }));
        } else {
            println!("{name:8} not run: {why}");
        }
    }

    pub(crate) fn contest(&mut self, outcome: &Outcome) {
        for pair in &outcome.pairs {
            if self.json {
                println!("{}", as_json(outcome, pair));
            } else {
                println!("{}", row(outcome, pair));
            }
        }
        self.notes.push(note(outcome));
    }

    pub(crate) fn memory(&mut self, memory: &Memory) {
        let (bytes, seconds, peak) = match *memory {
            Memory::NotRun(why) => return self.not_run("memory", why),
            Memory::Measured { bytes, seconds, peak } => (bytes, seconds, peak),
        };
        let reached = peak < LIMIT;
        if self.json {
            let line = json!({
                "measurement": "memory", "bytes": bytes, "seconds": seconds, "peakKilobytes": peak,
                "targetKilobytes": LIMIT, "reached": reached,
            });
            println!("{line}");
        } else {
            println!(
                "memory   {:.0} MB of iCalendar in {seconds:.1} s: {:.1} MB at the peak, target {} MB: {}",
                bytes as f64 / 1e6,
                peak as f64 / 1024.0,
                LIMIT / 1024,
                verdict(reached)
            );
        }
    }

    /// The worst rows first: how many times what a benign input takes.
    pub(crate) fn hostile(&mut self, rows: &[Row]) {
        if !self.json {
            println!(
                "\n{:8} {:44} {:>7} {:>7} {:>7}x",
                "hostile",
                "1 MB of",
                "time",
                "memory",
                hostile::LIMIT
            );
        }
        for row in rows {
            let reached = row.worst() <= hostile::LIMIT;
            if self.json {
                let line = json!({
                    "measurement": "hostile", "format": row.format, "case": row.case, "ratios": row.ratios,
                    "target": hostile::LIMIT, "reached": reached,
                });
                println!("{line}");
                continue;
            }
            let ratios = match row.ratios {
                Some([time, memory]) => format!("{time:7.1} {memory:7.1}"),
                None => "did not end".to_owned(),
            };
            println!("{:8} {:44} {ratios}  {}", row.format, row.case, verdict(reached));
        }
    }

    pub(crate) fn recurrence(&self, outcome: &recurrence::Outcome) {
        let recurrence::Outcome { name, unit, ours, peer, target } = outcome;
        let ratio = peer / ours;
        let reached = ratio >= *target;
        if self.json {
            let line = json!({
                "measurement": "recurrence", "name": name, "unit": unit, "oursNanoseconds": ours,
                "peer": "rrule", "peerNanoseconds": peer, "ratio": ratio, "target": target,
                "reached": reached,
            });
            println!("{line}");
        } else {
            println!(
                "recurrence {name:24} {ours:10.0} ns   rrule {peer:12.0} ns an {unit:10} {ratio:7.1}x {target:6.0}x  {}",
                verdict(reached)
            );
        }
    }

    /// No figure is to be reached here.
    pub(crate) fn protocol(&self, outcome: &protocol::Outcome) {
        let protocol::Outcome { name, ours, peer } = outcome;
        let ratio = peer.map(|peer| peer / ours);
        if self.json {
            let line = json!({
                "measurement": "protocol", "name": name, "oursNanoseconds": ours, "peer": "jmap-client",
                "peerNanoseconds": peer, "ratio": ratio,
            });
            println!("{line}");
            return;
        }
        let beside = match (peer, ratio) {
            (Some(peer), Some(ratio)) => format!("jmap-client {peer:12.0} ns {ratio:7.2}x"),
            _ => "jmap-client has no such thing".to_owned(),
        };
        println!("protocol   {name:28} {ours:12.0} ns   {beside}");
    }

    /// No figure is to be reached here.
    pub(crate) fn store(&self, measured: &store::Measured) {
        let store::Measured { outcomes, events, sizes, peak } = measured;
        for store::Outcome { name, ours, plain } in outcomes {
            let times = ours / plain;
            if self.json {
                let line = json!({
                    "measurement": "store", "name": name, "events": events, "oursNanoseconds": ours,
                    "plainNanoseconds": plain, "timesPlain": times,
                });
                println!("{line}");
            } else {
                println!(
                    "store      {name:28} {ours:12.0} ns   SQLite alone {plain:12.0} ns {times:7.1} times"
                );
            }
        }
        if self.json {
            let (ours, plain) = sizes;
            let line = json!({
                "measurement": "store", "name": "size", "events": events, "oursBytes": ours,
                "plainBytes": plain, "peakKilobytes": peak,
            });
            println!("{line}");
            return;
        }
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let peak = peak.map_or("not told".to_owned(), |peak| format!("{} MB", peak / 1024));
        println!(
            "store      {events} events: {:.1} MB, SQLite alone {:.1} MB; memory of both at the most: {peak}",
            megabytes(sizes.0),
            megabytes(sizes.1)
        );
    }

    /// What the rows stand for.
    pub(crate) fn end(&self) {
        if self.json || self.notes.is_empty() {
            return;
        }
        println!();
        self.notes.iter().for_each(|note| println!("{note}"));
        println!(
            "MB/s are megabytes of iCalendar a second in both directions. On a shared machine only the ratios count."
        );
    }
}

fn row(outcome: &Outcome, pair: &Pair) -> String {
    format!(
        "{:8} {:9} {:12} {:7.1}   {:10} {:7.1} {:7.2}x {:7.1}x  {}",
        outcome.data,
        outcome.measurement,
        pair.ours.name,
        pair.ours.megabytes,
        pair.peer.name,
        pair.peer.megabytes,
        pair.ratio,
        pair.target,
        verdict(pair.ratio >= pair.target)
    )
}

fn as_json(outcome: &Outcome, pair: &Pair) -> Value {
    let failures: serde_json::Map<_, _> =
        outcome.failures.iter().map(|&(name, count)| (name.to_owned(), count.into())).collect();
    json!({
        "data": outcome.data,
        "measurement": outcome.measurement,
        "texts": outcome.texts,
        "leftOut": outcome.left_out + outcome.not_utf8,
        "failures": failures,
        "bytes": outcome.bytes,
        "ours": pair.ours.name,
        "oursMegabytesPerSecond": pair.ours.megabytes,
        "peer": pair.peer.name,
        "peerMegabytesPerSecond": pair.peer.megabytes,
        "ratio": pair.ratio,
        "ratioLowest": pair.spread.0,
        "ratioHighest": pair.spread.1,
        "target": pair.target,
        "reached": pair.ratio >= pair.target,
    })
}

fn note(outcome: &Outcome) -> String {
    let mut note = format!(
        "{} {}: {} of {} texts, {:.1} MB",
        outcome.data,
        outcome.measurement,
        outcome.texts - outcome.left_out - outcome.not_utf8,
        outcome.texts,
        outcome.bytes as f64 / 1e6
    );
    let mut reasons: Vec<_> = outcome
        .failures
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name} fails on {count}"))
        .collect();
    if outcome.not_utf8 > 0 {
        reasons.push(format!("no UTF-8 in {}", outcome.not_utf8));
    }
    if !reasons.is_empty() {
        note.push_str(&format!(" (left out: {})", reasons.join(", ")));
    }
    note
}

fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "short" }
}
