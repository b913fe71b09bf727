//! What differs between two JSON values.

use jmap_core::Json;
use jmap_core::json_model::Version;
use serde_json::Value;

/// The places where `ours` says something else than `theirs`, with what it says. What holds nothing counts as absent, but
/// for empty overrides; type names count in version 1.0 only, for 2.0 lets them go without saying.
pub(super) fn difference(theirs: &Json, ours: &Json, version: Version) -> Vec<String> {
    let [theirs, ours] = [theirs, ours].map(|json| clean(json.to_value().unwrap(), version));
    let mut found = Vec::new();
    compare("", &theirs, &ours, &mut found);
    found
}

fn compare(at: &str, theirs: &Value, ours: &Value, found: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            let mut names: Vec<_> = theirs.keys().chain(ours.keys()).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                let [theirs, ours] = [theirs, ours].map(|it| it.get(name).unwrap_or(&Value::Null));
                compare(&format!("{at}/{name}"), theirs, ours, found);
            }
        }
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
            for (index, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                compare(&format!("{at}/{index}"), theirs, ours, found);
            }
        }
        // One event is as good as a list of it.
        (Value::Object(_), Value::Array(ours)) if ours.len() == 1 => {
            compare(at, theirs, &ours[0], found);
        }
        _ if theirs == ours => {}
        _ => found.push(format!("{at} {ours}")),
    }
}

fn clean(value: Value, version: Version) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| match value {
                Value::Object(overrides) if name == "recurrenceOverrides" => {
                    (name, overrides.into())
                }
                value => (name, clean(value, version)),
            })
            .filter(|(name, value)| {
                let is_type = name == "@type" && version >= Version::V2_0;
                !is_type
                    && !value.is_null()
                    && *value != serde_json::json!({})
                    && *value != serde_json::json!([])
            })
            .collect(),
        Value::Array(values) => values.into_iter().map(|value| clean(value, version)).collect(),
        value => value,
    }
}
