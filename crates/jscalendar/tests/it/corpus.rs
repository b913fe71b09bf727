//! Objects that other programs wrote: each is read, written and read again without a difference.

use std::path::{Path, PathBuf};

use jscalendar::{Event, Group, Task, Version};
use serde_json::Value;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");

/// What became of a number of objects.
#[derive(Debug, Default)]
struct Figures {
    files: usize,
    objects: usize,
    read_again_equal: usize,
    /// Objects whose members are all there again in the text of their own version.
    nothing_lost: usize,
    findings: usize,
}

macro_rules! check {
    ($type:ident, $text:expr, $figures:expr) => {{
        let parsed = $type::from_json($text).unwrap();
        $figures.findings += parsed.diagnostics.len();
        let version = jscalendar::detect_version(&serde_json::from_str($text).unwrap());
        let written = parsed.value.to_json(version);
        let again = $type::from_json(&written.value).unwrap().value;
        let lossless = written
            .diagnostics
            .iter()
            .all(|finding| finding.severity == jscalendar::Severity::Note);
        let mut expected = parsed.value.clone();
        expected.version = again.version;
        for (entry, other) in entries(&mut expected).into_iter().zip(entries(&mut again.clone())) {
            *entry = *other;
        }
        if again == expected {
            $figures.read_again_equal += 1;
        } else if lossless {
            panic!("read again:\n{again:#?}\ninstead of\n{expected:#?}\nfrom {}", $text);
        }
        $figures.nothing_lost += usize::from(lossless);
        if !lossless {
            println!("{version}: {}", crate::samples::findings(&written.diagnostics));
        }
        // Neither conversion may fail, whatever the object.
        let _ = parsed.value.to_json(Version::V1_0);
        let _ = parsed.value.to_json(Version::V2_0);
        let _ = parsed.value.validate(version);
    }};
}

/// The versions of entries, for types that have some.
trait Entries {
    fn versions(&mut self) -> Vec<&mut Option<Version>>;
}

impl Entries for Event {
    fn versions(&mut self) -> Vec<&mut Option<Version>> {
        Vec::new()
    }
}

impl Entries for Task {
    fn versions(&mut self) -> Vec<&mut Option<Version>> {
        Vec::new()
    }
}

impl Entries for Group {
    fn versions(&mut self) -> Vec<&mut Option<Version>> {
        self.entries
            .iter_mut()
            .filter_map(|entry| match entry {
                jscalendar::Entry::Event(event) => Some(&mut event.version),
                jscalendar::Entry::Task(task) => Some(&mut task.version),
                _ => None,
            })
            .collect()
    }
}

fn entries<T: Entries>(object: &mut T) -> Vec<&mut Option<Version>> {
    object.versions()
}

fn check(text: &str, figures: &mut Figures) {
    let value: Value = serde_json::from_str(text).unwrap();
    if let Value::Array(objects) = &value {
        return objects.iter().for_each(|object| check(&object.to_string(), figures));
    }
    figures.objects += 1;
    match value["@type"].as_str() {
        Some("Task") => check!(Task, text, figures),
        Some("Group") => check!(Group, text, figures),
        _ => check!(Event, text, figures),
    }
}

fn files(folder: &str, end: &str) -> Option<Vec<PathBuf>> {
    let folder = Path::new(SHARED).join(folder);
    let Ok(list) = std::fs::read_dir(&folder) else {
        println!("not run: corpus not found");
        return None;
    };
    let mut files: Vec<PathBuf> = list.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(end));
    files.sort();
    Some(files)
}

fn run(folder: &str, end: &str) {
    let Some(files) = files(folder, end) else { return };
    let mut figures = Figures::default();
    for file in files {
        figures.files += 1;
        check(&std::fs::read_to_string(&file).unwrap(), &mut figures);
    }
    println!("{folder}: {figures:?}");
    assert!(figures.objects > 0);
}

#[test]
fn files_of_other_projects() {
    run("corpus/jscalendar", ".json");
}

#[test]
fn what_cyrus_3_12_says() {
    run("servers/pairs/3.12", ".json");
}

#[test]
fn what_cyrus_3_13_says() {
    run("servers/pairs/3.13", ".json");
}

#[test]
fn pairs_of_texts() {
    let Some(files) = files("corpus/pairs/ical-jscalendar", ".jsonl") else { return };
    let mut figures = Figures::default();
    let mut broken = 0;
    for file in files {
        figures.files += 1;
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let steps = case["steps"].as_array().cloned().unwrap_or_default();
            for step in steps.iter().filter(|step| step["format"] == "jscalendar") {
                let text = step["text"].as_str().unwrap();
                // Members without the object around them, and an ellipsis for what does not matter.
                let object = if text.trim_start().starts_with(['{', '[']) {
                    text.to_owned()
                } else {
                    format!("{{{}}}", text.trim().trim_end_matches(','))
                };
                match serde_json::from_str::<Value>(&object) {
                    Ok(_) => check(&object, &mut figures),
                    Err(_) => broken += 1,
                }
            }
        }
    }
    println!("corpus/pairs/ical-jscalendar: {figures:?}, no JSON as it stands: {broken}");
    assert!(figures.objects > broken);
}
