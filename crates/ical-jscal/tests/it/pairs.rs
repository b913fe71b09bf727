//! What others make of the same calendars: the examples of the conversion draft, the tests of another library, and
//! what two versions of a server answer. Where we differ, a table says by which rule.

mod fragment;
mod jcal;
mod known;
mod normal;
mod texts;

use std::collections::BTreeSet;
use std::path::Path;

use ical_jscal::{FromIcal, ToIcal};
use jscalendar::Version;
use serde_json::Value;

use self::known::Known;
use self::normal::Normal;
use crate::oracle::{self, Kind};

/// One conversion with the answer that somebody gives.
struct Pair {
    name: String,
    from: Side,
    to: Side,
    version: Version,
    /// Whether the hatch of the answer is that of the draft in revision 25.
    hatch: bool,
}

#[derive(Clone)]
enum Side {
    Ical(String),
    Jscal(Value),
}

impl Pair {
    /// Where our answer differs from the given one: pointers into the JSON, or properties of the text.
    fn differences(&self) -> BTreeSet<String> {
        match (&self.from, &self.to) {
            (Side::Ical(text), Side::Jscal(given)) => {
                let mut options = FromIcal::new();
                options.version = self.version;
                let ours = options.json(fragment::calendar(text)).unwrap().value;
                let ours = fragment::object(serde_json::from_str(&ours).unwrap(), given);
                Normal::of(given).differences(&ours, self.hatch)
            }
            (Side::Jscal(json), Side::Ical(given)) => {
                let ours = ToIcal::new()
                    .json(&fragment::group(json, self.version).to_string())
                    .unwrap()
                    .value;
                let open = given.contains("\n...");
                let [ours, given] =
                    [ours, fragment::calendar(given)].map(|it| fragment::comparable(&it));
                let differences = oracle::compare(given.as_bytes(), ours.as_bytes());
                let counts = |it: &&oracle::Difference| {
                    !(format!("{it}").contains("/VTIMEZONE") || open && it.kind == Kind::Added)
                };
                let counting = differences.iter().filter(counts);
                counting.map(|it| format!("{:?} {}", it.kind, it.property)).collect()
            }
            _ => BTreeSet::new(),
        }
    }
}

/// Prints how many pairs agree, and fails when a disagreement is new or gone.
fn judge(set: &str, pairs: Option<Vec<Pair>>, known: &[Known]) {
    let Some(pairs) = pairs else {
        println!("not run: {set} not found");
        return;
    };
    let mut agree = 0;
    let mut unexpected = Vec::new();
    for pair in &pairs {
        let found = pair.differences();
        let (before, expected) = match known.iter().find(|(name, ..)| *name == pair.name) {
            Some((_, pointers, _)) => (true, pointers.iter().map(|it| (*it).to_owned()).collect()),
            None => (false, BTreeSet::new()),
        };
        agree += usize::from(found.is_empty());
        if found != expected {
            unexpected.push(format!("{}: {found:#?}, known before: {before}", pair.name));
        }
    }
    println!(
        "{set}: {agree} of {} conversions agree, {} differences have a rule",
        pairs.len(),
        known.len()
    );
    assert!(unexpected.is_empty(), "{}:\n{}", unexpected.len(), unexpected.join("\n"));
    let gone = known.iter().find(|(name, ..)| pairs.iter().all(|pair| pair.name != *name));
    assert!(gone.is_none(), "{gone:?}");
}

#[test]
fn examples_of_the_draft() {
    judge("the draft", steps("draft-ietf-calext-jscalendar-icalendar", true), known::DRAFT);
}

#[test]
fn tests_of_another_library() {
    judge("calcard", steps("calcard", false), known::CALCARD);
}

#[test]
fn a_server_of_version_2() {
    judge("Cyrus 3.13", server("3.13", Version::V2_0), known::CYRUS_3_13);
}

#[test]
fn a_server_of_version_1() {
    judge("Cyrus 3.12", server("3.12", Version::V1_0), known::CYRUS_3_12);
}

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");

/// The conversions from each step of a file to the next, and back.
fn steps(name: &str, hatch: bool) -> Option<Vec<Pair>> {
    let path = Path::new(SHARED).join("corpus/pairs/ical-jscalendar").join(format!("{name}.jsonl"));
    let mut pairs = Vec::new();
    for line in std::fs::read_to_string(path).ok()?.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let sides: Vec<Side> =
            case["steps"].as_array().unwrap().iter().map(Side::of_step).collect();
        for (at, pair) in sides.windows(2).enumerate() {
            let name = case["id"].as_str().unwrap();
            let name = if at == 0 { name.to_owned() } else { format!("{name} {}", at + 1) };
            let (from, to) = (pair[0].clone(), pair[1].clone());
            pairs.push(Pair { name, from, to, version: Version::V2_0, hatch });
        }
        if let [first, second] = &sides[..] {
            let name = format!("{} back", case["id"].as_str().unwrap());
            let (from, to) = (second.clone(), first.clone());
            pairs.push(Pair { name, from, to, version: Version::V2_0, hatch });
        }
    }
    Some(pairs)
}

impl Side {
    fn of_step(step: &Value) -> Self {
        let text = step["text"].as_str().unwrap();
        match step["format"].as_str() {
            Some("ical") => Self::Ical(text.to_owned()),
            _ => Self::Jscal(fragment::json(text)),
        }
    }
}

/// What a server made of what it was sent, both ways.
fn server(folder: &str, version: Version) -> Option<Vec<Pair>> {
    let folder = Path::new(SHARED).join("servers/pairs").join(folder);
    let read =
        |name: &str, end: &str| std::fs::read_to_string(folder.join(format!("{name}.{end}"))).ok();
    let json = |text: String| Side::Jscal(serde_json::from_str(&text).unwrap());
    let files = std::fs::read_dir(&folder).ok()?.flatten();
    let names = files.filter_map(|file| {
        let name = file.file_name().into_string().ok()?;
        Some(name.split_once('.')?.0.to_owned())
    });
    let mut pairs = Vec::new();
    for name in names.collect::<BTreeSet<_>>() {
        let answer = |kind| read(&name, &format!("convert.{kind}")).or_else(|| read(&name, kind));
        let (from, to) = match (read(&name, "sent.ics"), read(&name, "sent.json")) {
            (Some(sent), _) => (Side::Ical(sent), json(answer("json")?)),
            (_, Some(sent)) => (json(sent), Side::Ical(answer("ics")?)),
            _ => continue,
        };
        let (there, here) = (to.clone(), from.clone());
        let back = format!("{name} back");
        pairs.push(Pair { name: back, from: there, to: here, version, hatch: true });
        pairs.push(Pair { name, from, to, version, hatch: true });
    }
    Some(pairs)
}
