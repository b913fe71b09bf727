//! JSON values without what the standard leaves open.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// A given value, against which others are held.
pub(super) struct Normal<'v>(&'v Value);

/// Members that say the same when they are absent (JSCalendar 2.0, sections 3 and 4).
fn is_default(name: &str, value: &Value) -> bool {
    let default = match name {
        "action" => json!("display"),
        "descriptionContentType" => json!("text/plain"),
        "duration" => json!("PT0S"),
        "expectReply" | "showWithoutTime" | "useDefaultAlerts" | "excluded" => json!(false),
        "firstDayOfWeek" => json!("mo"),
        "freeBusyStatus" => json!("busy"),
        "interval" => json!(1),
        "priority" | "sequence" => json!(0),
        "privacy" => json!("public"),
        "participationStatus" => json!("needs-action"),
        "rel" => json!("enclosure"),
        "relativeTo" => json!("start"),
        "rscale" => json!("gregorian"),
        "skip" => json!("omit"),
        "status" => json!("confirmed"),
        _ => return value.is_null() || *value == json!({}) || *value == json!([]),
    };
    *value == default || value.is_null()
}

/// What only one side may have: what a server adds, what a converter may make up, and what names a type.
const OPEN: &[&str] = &[
    "@type",
    "version",
    "prodId",
    "id",
    "calendarIds",
    "isDraft",
    "isOrigin",
    "mayInviteSelf",
    "mayInviteOthers",
    "hideAttendees",
    "created",
    "updated",
    "...",
];

/// Maps whose keys a converter is free to choose.
const KEYED: &[&str] = &["alerts", "links", "locations", "participants", "virtualLocations"];

impl<'v> Normal<'v> {
    pub(super) fn of(given: &'v Value) -> Self {
        Self(given)
    }

    /// The pointers under which the two differ. Who gives no hatch at all is not asked about ours.
    pub(super) fn differences(&self, ours: &Value, hatch: bool) -> BTreeSet<String> {
        let hatch = hatch && self.0.to_string().contains("\"iCalendar\"");
        let (mut given, mut ours) = (self.0.clone(), with_keys_of(self.0, ours));
        settle_hatches(&mut given, hatch);
        settle_hatches(&mut ours, hatch);
        let mut found = BTreeSet::new();
        compare("", &given, &ours, &mut found);
        found
    }
}

fn compare(path: &str, given: &Value, ours: &Value, found: &mut BTreeSet<String>) {
    match (given, ours) {
        (Value::Object(given), Value::Object(ours)) => compare_members(path, given, ours, found),
        (Value::Array(given), Value::Array(ours)) if given.len() == ours.len() => {
            let (given, ours) = (sorted(given), sorted(ours));
            for (at, (given, ours)) in given.iter().zip(ours).enumerate() {
                compare(&join(path, &at.to_string()), given, ours, found);
            }
        }
        _ if given == ours => {}
        _ => drop(found.insert(path.to_owned())),
    }
}

fn compare_members(
    path: &str,
    given: &Map<String, Value>,
    ours: &Map<String, Value>,
    found: &mut BTreeSet<String>,
) {
    let names: BTreeSet<&String> = given.keys().chain(ours.keys()).collect();
    for name in names {
        let here = join(path, name);
        match (given.get(name), ours.get(name)) {
            (Some(given), Some(ours)) => compare(&here, given, ours, found),
            // In an override null says that the occurrence lacks what the series has.
            _ if OPEN.contains(&name.as_str()) => {}
            (Some(only), None) | (None, Some(only))
                if is_default(name, only)
                    && !(only.is_null() && path.contains("recurrenceOverrides/")) => {}
            (None, Some(only)) if given.contains_key("...") || is_filler(name, only) => {}
            _ => drop(found.insert(here)),
        }
    }
}

/// What examples were filled up with.
fn is_filler(name: &str, value: &Value) -> bool {
    let filler = match name {
        "uid" => json!("filler"),
        "start" => json!("1970-01-01T00:00:00"),
        "trigger" => json!({"offset": "PT0S"}),
        _ => return false,
    };
    *value == filler
}

/// The elements of a list without their order. A property in jCal, which begins with its name, is no such list.
fn sorted(elements: &[Value]) -> Vec<&Value> {
    let mut elements: Vec<&Value> = elements.iter().collect();
    if !elements.first().is_some_and(|first| first.is_string()) {
        elements.sort_by_key(|element| element.to_string());
    }
    elements
}

/// Takes hatches away that say nothing but what the object came from, or all of them. Whether a calendar brings its
/// time zones along is free.
fn settle_hatches(json: &mut Value, keep: bool) {
    match json {
        Value::Object(members) => {
            members.retain(|name, hatch| name != "iCalendar" || (keep && says_something(hatch)));
            if let Some(Value::Array(components)) = members.get_mut("components") {
                components.retain(|component| component[0] != "vtimezone");
            }
            members.values_mut().for_each(|member| settle_hatches(member, keep));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|it| settle_hatches(it, keep)),
        _ => {}
    }
}

fn says_something(hatch: &Value) -> bool {
    let is_zone = |component: &Value| component[0] == "vtimezone";
    let components = hatch["components"].as_array();
    hatch.get("properties").is_some()
        || hatch.get("convertedProperties").is_some()
        || components.is_some_and(|all| !all.iter().all(is_zone))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

/// Our value with the given keys wherever elements of a map are alike.
fn with_keys_of(given: &Value, ours: &Value) -> Value {
    let mut text = ours.to_string();
    let (mut to, mut from) = (Vec::new(), Vec::new());
    keys(given, &mut to);
    keys(ours, &mut from);
    from.retain(|(_, key)| !to.iter().any(|(_, other)| other == key));
    for (what, key) in from {
        let map = what.split(' ').next();
        let alike = to.iter().position(|(other, _)| *other == what);
        if let Some(at) =
            alike.or_else(|| to.iter().position(|(it, _)| it.split(' ').next() == map))
        {
            let (_, new) = to.remove(at);
            for mark in ["\"{}\":", "\"mainLocationId\":\"{}\""] {
                text = text.replace(&mark.replace("{}", &key), &mark.replace("{}", &new));
            }
            text = text.replace(&format!("/{key}/"), &format!("/{new}/"));
        }
    }
    serde_json::from_str(&text).unwrap()
}

/// All elements of keyed maps: by what they are known, and their keys.
fn keys(json: &Value, found: &mut Vec<(String, String)>) {
    match json {
        Value::Object(members) => {
            for (name, member) in members {
                if let (true, Some(map)) = (KEYED.contains(&name.as_str()), member.as_object()) {
                    found.extend(
                        map.iter().map(|(key, value)| (known_by(name, value), key.clone())),
                    );
                }
                keys(member, found);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| keys(element, found)),
        _ => {}
    }
}

fn known_by(map: &str, value: &Value) -> String {
    const BY: &[&str] = &[
        "/name",
        "/href",
        "/uri",
        "/calendarAddress",
        "/sendTo/imip",
        "/coordinates",
        "/timeZone",
        "/trigger/offset",
        "/trigger/when",
    ];
    let known = BY.iter().find_map(|pointer| value.pointer(pointer));
    format!(
        "{map} {}",
        known.or_else(|| value.get("locationTypes")).map(Value::to_string).unwrap_or_default()
    )
}
