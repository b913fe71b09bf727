//! Comparing two values of JSON by their names and types.

use serde_json::Value;

/// Where `answer` has another shape than what was recorded.
pub(super) fn differences(recorded: &Value, answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(String::new(), recorded, answer, &mut found);
    found.sort();
    found.dedup();
    found
}

fn compare(path: String, recorded: &Value, answer: &Value, found: &mut Vec<String>) {
    match (recorded, answer) {
        (Value::Object(there), Value::Object(here)) => {
            for name in there.keys().chain(here.keys().filter(|name| !there.contains_key(*name))) {
                let path = format!("{path}/{name}");
                match (there.get(name), here.get(name)) {
                    (Some(there), Some(here)) => compare(path, there, here, found),
                    (Some(_), None) => found.push(format!("{path} is missing")),
                    _ => found.push(format!("{path} is not there")),
                }
            }
        }
        (Value::Array(there), Value::Array(here)) if is_call(there) && is_call(here) => {
            // The name of a method, or "error".
            compare_text(format!("{path}/0"), &there[0], &here[0], found);
            if there[0] == here[0] {
                compare(format!("{path}/1"), &there[1], &here[1], found);
            }
        }
        (Value::Array(there), Value::Array(here)) => {
            if there.len() != here.len() {
                found.push(format!(
                    "{path} has {} elements instead of {}",
                    here.len(),
                    there.len()
                ));
            }
            for (index, (there, here)) in there.iter().zip(here).enumerate() {
                compare(format!("{path}/{index}"), there, here, found);
            }
        }
        (there, here) if path.ends_with("/type") && there.is_string() => {
            compare_text(path, there, here, found);
        }
        (there, here) if kind(there) != kind(here) => {
            found.push(format!("{path} is {} instead of {}", kind(here), kind(there)));
        }
        _ => {}
    }
}

fn compare_text(path: String, recorded: &Value, answer: &Value, found: &mut Vec<String>) {
    if recorded != answer {
        found.push(format!("{path} is {answer} instead of {recorded}"));
    }
}

/// A call, or the response to one: its name, its arguments, its id.
fn is_call(elements: &[Value]) -> bool {
    matches!(elements, [Value::String(_), Value::Object(_), Value::String(_)])
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
