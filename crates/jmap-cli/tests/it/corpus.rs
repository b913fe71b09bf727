//! All calendars of the corpus in one run: whatever they are, the program ends well and writes whole files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use crate::program::Place;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");

#[test]
fn real_calendars_convert_or_fail_one_by_one() {
    let folder = Path::new(CORPUS).join("ical");
    if !folder.is_dir() {
        println!("not run: corpus not found");
        return;
    }
    let place = Place::new();
    let started = Instant::now();
    let args =
        ["convert".as_ref(), "--json".as_ref(), folder.as_os_str(), "-o".as_ref(), "out".as_ref()];
    let run = place.run(args);
    let took = started.elapsed();
    assert!(matches!(run.code, Some(0 | 1)), "{:?}", run.code);

    let mut codes: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut failed = 0;
    for line in run.stderr.lines() {
        let line: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |member: &str| line[member].as_str().unwrap().to_owned();
        failed += usize::from(
            line["severity"] == "error" && line["line"].is_null() && line["pointer"].is_null(),
        );
        *codes.entry((text("severity"), text("code"))).or_default() += 1;
    }
    let inputs = fs::read_dir(&folder).unwrap().count();
    let outputs = place.files("out");
    assert!(inputs > 1000, "{inputs}");
    for name in &outputs {
        let text = place.read(Path::new("out").join(name));
        let _: &serde_json::value::RawValue =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    println!(
        "{inputs} files: {} converted, {failed} failed, in {took:?}; findings: {codes:#?}",
        outputs.len()
    );
    assert_eq!(outputs.len() + failed, inputs);
    assert!(failed * 20 < inputs, "{failed} of {inputs} failed");
}

#[test]
fn real_calendars_are_checked() {
    let folder = Path::new(CORPUS).join("ical");
    if !folder.is_dir() {
        println!("not run: corpus not found");
        return;
    }
    let run = Place::new().run(["check".as_ref(), folder.as_os_str()]).ended(1);
    println!("{}", run.stderr.lines().last().unwrap_or_default());
    assert!(run.stderr.lines().last().is_some_and(|line| line.starts_with("checked: ")));
}
