//! What Cyrus up to 3.12 writes where nothing is set: defaults, and `null` for empty maps.

use serde_json::{Map, Value, json};

/// The members of an event, with what they are when they are not set.
fn defaults() -> [(&'static str, Value); 18] {
    [
        ("relatedTo", Value::Null),
        ("keywords", Value::Null),
        ("locale", Value::Null),
        ("links", Value::Null),
        ("locations", Value::Null),
        ("participants", Value::Null),
        ("virtualLocations", Value::Null),
        ("alerts", Value::Null),
        ("recurrenceOverrides", Value::Null),
        ("timeZone", Value::Null),
        ("descriptionContentType", json!("text/plain")),
        ("duration", json!("PT0S")),
        ("sequence", json!(0)),
        ("priority", json!(0)),
        ("freeBusyStatus", json!("busy")),
        ("showWithoutTime", json!(false)),
        ("useDefaultAlerts", json!(false)),
        ("isDraft", json!(false)),
    ]
}

/// Completes an event: in all that is asked for, or in everything.
pub(super) fn complete(event: &mut Map<String, Value>, asked: Option<&[Value]>) {
    let is_wanted = |name: &str| asked.is_none_or(|asked| asked.contains(&json!(name)));
    for (name, value) in defaults() {
        // An occurrence has no rule and no overrides.
        let is_of_series = name.starts_with("recurrence") && event.contains_key("recurrenceId");
        if is_wanted(name) && !is_of_series {
            event.entry(name).or_insert(value);
        }
    }
    for rule in event.get_mut("recurrenceRules").and_then(Value::as_array_mut).into_iter().flatten()
    {
        let rule_defaults = [
            ("interval", json!(1)),
            ("rscale", json!("gregorian")),
            ("skip", json!("omit")),
            ("firstDayOfWeek", json!("mo")),
        ];
        insert(rule, rule_defaults);
    }
    for participant in each(event, "participants") {
        insert(participant, [("expectReply", json!(false))]);
    }
    for alert in each(event, "alerts") {
        let trigger = alert.get_mut("trigger").filter(|it| it["@type"] == "OffsetTrigger");
        trigger.into_iter().for_each(|it| insert(it, [("relativeTo", json!("start"))]));
        insert(alert, [("action", json!("display"))]);
    }
}

fn each<'a>(event: &'a mut Map<String, Value>, name: &str) -> impl Iterator<Item = &'a mut Value> {
    let map = event.get_mut(name).and_then(Value::as_object_mut);
    map.into_iter().flat_map(Map::values_mut)
}

fn insert<const N: usize>(object: &mut Value, members: [(&str, Value); N]) {
    let Some(object) = object.as_object_mut() else { return };
    for (name, value) in members {
        object.entry(name).or_insert(value);
    }
}
