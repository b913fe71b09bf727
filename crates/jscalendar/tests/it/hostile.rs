//! Input that means no good: nothing is lost, nothing panics, the place is named.

use jscalendar::{Diagnostic, Event, Group, Parsed, Position, Task, Version};
use serde_json::{Value, json};

use crate::samples::{EVENT_2, GROUP_1, TASK_1, parse};

/// Every pointer into `value`, as tokens.
fn places(value: &Value, place: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if !place.is_empty() {
        found.push(place.clone());
    }
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, it)| (index.to_string(), it)).collect()
        }
        _ => Vec::new(),
    };
    for (token, child) in children {
        place.push(token);
        places(child, place, found);
        place.pop();
    }
}

fn at<'v>(value: &'v mut Value, place: &[String]) -> &'v mut Value {
    place.iter().fold(value, |value, token| match value {
        Value::Object(members) => members.get_mut(token).unwrap(),
        Value::Array(elements) => &mut elements[token.parse::<usize>().unwrap()],
        _ => unreachable!("the way was found in this very object"),
    })
}

/// What the replaced value is in the text that was written.
fn found<'v>(value: &'v Value, place: &[String]) -> Option<&'v Value> {
    place.iter().try_fold(value, |value, token| match value {
        Value::Object(members) => members.get(token),
        Value::Array(elements) => elements.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Whether they are equal but for the type names that 1.0 adds.
fn same(written: &Value, value: &Value) -> bool {
    match (written, value) {
        (Value::Object(written), Value::Object(value)) => {
            let added = written.keys().filter(|name| !value.contains_key(*name));
            added.into_iter().all(|name| name == "@type")
                && value.iter().all(|(name, it)| written.get(name).is_some_and(|w| same(w, it)))
        }
        (Value::Array(written), Value::Array(value)) => {
            written.len() == value.len() && written.iter().zip(value).all(|(w, it)| same(w, it))
        }
        _ => written == value,
    }
}

/// Types and the version are what the writer says.
fn is_set_by_writer(place: &[String]) -> bool {
    place.last().is_some_and(|last| last == "@type") || place == ["version"]
}

/// Whether the finding is about the place, something around it or something in it.
fn is_about(finding: &Diagnostic, place: &[String]) -> bool {
    let Position::Pointer(pointer) = &finding.position else { return false };
    json_model::pointer::tokens(pointer).zip(place).all(|(token, other)| token == *other)
}

/// Puts a value of every type everywhere, and looks whether it comes back in the text of the same version.
fn replace_everything<T>(
    sample: &str,
    version: Version,
    read: impl Fn(&str) -> Parsed<T>,
    write: impl Fn(&T, Version) -> Parsed<String>,
    validate: impl Fn(&T, Version),
) -> usize {
    let sample = parse(sample);
    let mut all = Vec::new();
    places(&sample, &mut Vec::new(), &mut all);
    let values = [
        json!(true),
        json!(false),
        json!(-7.5),
        json!("\u{0}?"),
        json!([]),
        json!([{"a": [1]}]),
        json!({}),
        json!({"a": {"b": 1}}),
    ];
    let mut cases = 0;
    for (place, value) in all.iter().flat_map(|place| values.iter().map(move |it| (place, it))) {
        let mut changed = sample.clone();
        *at(&mut changed, place) = value.clone();
        let parsed = read(&changed.to_string());
        for diagnostic in &parsed.diagnostics {
            assert!(matches!(diagnostic.position, Position::Pointer(_)), "{diagnostic}");
        }
        validate(&parsed.value, Version::V1_0);
        validate(&parsed.value, Version::V2_0);

        // Reading again what was written gives the same: whatever was odd is still there.
        for version in [Version::V1_0, Version::V2_0] {
            let once = write(&parsed.value, version).value;
            let again = read(&once);
            if again.diagnostics.iter().all(|it| it.code == "wrong-value") {
                assert_eq!(write(&again.value, version).value, once, "{place:?} = {value}");
            }
        }
        let written = write(&parsed.value, version);
        let text = parse(&written.value);
        let reported = parsed
            .diagnostics
            .iter()
            .filter(|it| it.code != "wrong-value")
            .chain(&written.diagnostics)
            .any(|it| is_about(it, place));
        let is_empty = *value == json!({}) || *value == json!([]);
        let kept = found(&text, place).is_some_and(|it| same(it, value))
            || is_empty
            || is_set_by_writer(place);
        assert!(kept || reported, "{place:?} = {value} is lost in {text}");
        cases += 1;
    }
    cases
}

#[test]
fn every_type_everywhere() {
    let mut cases = replace_everything(
        EVENT_2,
        Version::V2_0,
        |text| Event::from_json(text).unwrap(),
        Event::to_json,
        |event, version| drop(event.validate(version)),
    );
    cases += replace_everything(
        TASK_1,
        Version::V1_0,
        |text| Task::from_json(text).unwrap(),
        Task::to_json,
        |task, version| drop(task.validate(version)),
    );
    cases += replace_everything(
        GROUP_1,
        Version::V1_0,
        |text| Group::from_json(text).unwrap(),
        Group::to_json,
        |group, version| drop(group.validate(version)),
    );
    println!("{cases} changed objects");
    assert!(cases > 1500);
}

#[test]
fn a_wrong_member_of_2_0_is_kept_word_for_word_and_named() {
    let sample = parse(EVENT_2);
    for (name, value) in sample.as_object().unwrap() {
        let wrong = match value {
            _ if name == "example.com:mood" || name == "iCalendar" => continue,
            Value::Number(_) | Value::Bool(_) => json!("wrong"),
            Value::Object(_) => json!(12.5),
            _ => json!([{"wrong": 1}]),
        };
        let mut changed = sample.clone();
        changed[name] = wrong.clone();
        let parsed = Event::from_json(&changed.to_string()).unwrap();
        let named = parsed
            .diagnostics
            .iter()
            .any(|it| matches!(&it.position, Position::Pointer(pointer) if pointer == name));
        assert!(named, "{name}: {:?}", parsed.diagnostics);
        if name != "@type" {
            let written = parse(&serde_json::to_string(&parsed.value).unwrap());
            assert_eq!(written[name], wrong, "{name}");
        }
        let found = parsed.value.validate(Version::V2_0);
        let code = if name == "@type" { "wrong-type" } else { "wrong-value" };
        let listed = found.iter().any(|it| {
            it.code == code && matches!(&it.position, Position::Pointer(at) if at == name)
        });
        assert!(listed, "{name}: {found:?}");
    }
}

#[test]
fn text_that_is_no_object() {
    for text in ["", "null", "5", "[]", "\"x\"", "{", "{\"a\":}", "{} {}", "\u{feff}{}"] {
        let error = Event::from_json(text).unwrap_err();
        assert!(error.to_string().starts_with("not a JSON object: "), "{text}: {error}");
        assert!(error.line() <= 1);
    }
}

#[test]
fn many_overrides_of_a_large_object_take_bounded_time() {
    let participants: serde_json::Map<String, Value> = (0..2000)
        .map(|n| {
            let participant = json!({"sendTo": {"imip": format!("mailto:p{n}@example.com")},
                "roles": {"attendee": true}});
            (format!("p{n}"), participant)
        })
        .collect();
    let overrides: serde_json::Map<String, Value> = (0..4000)
        .map(|n| {
            let start = format!("2026-01-01T{:02}:{:02}:{:02}", n / 3600, n / 60 % 60, n % 60);
            (start, json!({"participants/p1/roles/optional": true}))
        })
        .collect();
    let text = json!({"@type": "Event", "participants": participants,
        "recurrenceOverrides": overrides})
    .to_string();
    let started = std::time::Instant::now();
    let parsed = Event::from_json(&text).unwrap();
    println!("read {:?}", started.elapsed());
    assert!(parsed.diagnostics.contains("too-many-overrides"));
    let _ = parsed.value.to_json(Version::V1_0);
    println!("written {:?}", started.elapsed());
    let found = parsed.value.validate(Version::V2_0);
    assert!(found.contains("not-checked"));
    let took = started.elapsed();
    println!("{} bytes: {took:?}", text.len());
    assert!(took.as_secs() < 60, "{took:?}");
}

#[test]
fn deep_nesting_is_kept() {
    let deep = "[".repeat(5000) + &"]".repeat(5000);
    let text = format!(
        r#"{{"@type":"Event","x":{deep},"recurrenceRules":[{{"frequency":"daily"}}],
        "recurrenceOverrides":{{"2026-01-01T00:00:00":{{"participants/a/roles":{{"chair":true}}}}}}}}"#
    );
    let parsed = Event::from_json(&text).unwrap();
    assert_eq!(parsed.value.extra["x"].as_str(), deep);
    assert!(parsed.diagnostics.contains("unreadable-json"));
    for version in [Version::V1_0, Version::V2_0] {
        assert!(parsed.value.to_json(version).value.contains(&deep));
        let _ = parsed.value.validate(version);
    }
}
