//! iCalendar to JSCalendar and back, over a corpus of real calendars: nothing is lost and nothing is changed.

use std::collections::BTreeMap;

use ical_jscal::{FromIcal, ToIcal};

use crate::oracle::{self, samples};

/// Files that do not come back exactly, each with the reason.
const KNOWN: &[(&str, &str)] = &[];

#[test]
fn the_corpus_comes_back() {
    let Some(samples) = samples::corpus() else {
        println!("not run: corpus not found");
        return;
    };
    let mut differing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for sample in &samples {
        let differences = match round_trip(&sample.bytes) {
            Ok(back) => oracle::compare(&sample.bytes, back.as_bytes()).iter().map(ToString::to_string).collect(),
            Err(error) => vec![error],
        };
        if !differences.is_empty() {
            differing.insert(&sample.name, differences);
        }
    }
    let good = samples.len() - differing.len();
    println!("{good} of {} files come back with nothing lost or changed", samples.len());
    let limit = std::env::var("DIFFERENCES").ok().and_then(|limit| limit.parse().ok()).unwrap_or(3);
    for (name, differences) in &differing {
        println!("{name}: {} differences", differences.len());
        differences.iter().take(limit).for_each(|difference| println!("    {difference}"));
    }
    let unexpected: Vec<_> = differing.keys().filter(|name| !KNOWN.iter().any(|(known, _)| known == *name)).collect();
    assert!(unexpected.is_empty(), "{} files differ: {unexpected:?}", unexpected.len());
}

fn round_trip(bytes: &[u8]) -> Result<String, String> {
    let groups = FromIcal::new().groups(bytes).map_err(|error| error.to_string())?;
    let json = serde_json::to_string(&groups.value).map_err(|error| error.to_string())?;
    let read: Vec<jscalendar::Group> = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    ToIcal::new().text(&read[..]).map(|text| text.value).map_err(|error| error.to_string())
}
