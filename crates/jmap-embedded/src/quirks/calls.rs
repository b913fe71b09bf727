//! What a server takes otherwise, or refuses: calls are made into what the standard wants.

use jmap_calendars::{
    Calendar, CalendarEvent, CalendarEventNotification, EventCondition, ParticipantIdentity,
};
use jmap_core::json_model::Part;
use jmap_sharing::{Principal, ShareNotification};
use serde_json::{Map, Value, json};

use super::Quirks;
use super::exchange::{Call, Step};

/// Makes the call of a step into what the standard wants. An error if the server refuses it.
pub(super) fn adjust(quirks: &Quirks, step: &mut Step, own: &str) -> Result<(), Value> {
    let call = &mut step.call;
    check(quirks, call)?;
    let needs_account = quirks.account_is_optional
        || quirks.no_account_in_availability && call.is("Principal/getAvailability");
    if needs_account && !call.name.starts_with("Core/") {
        call.arguments.entry("accountId").or_insert_with(|| json!(own));
    }
    if quirks.schedules_by_default && call.is("CalendarEvent/set") {
        call.arguments.entry("sendSchedulingMessages").or_insert(Value::Bool(true));
    }
    if quirks.ignores_unknown {
        forget_unknown(call);
    }
    if quirks.total_always && call.is("CalendarEvent/query") {
        call.arguments.insert("calculateTotal".to_owned(), Value::Bool(true));
    }
    if quirks.uid_always
        && call.is("CalendarEvent/get")
        && let Some(Value::Array(asked)) = call.arguments.get_mut("properties")
    {
        asked.extend([json!("@type"), json!("uid")]);
    }
    if call.is("CalendarEvent/set") {
        refuse_events(quirks, step);
        change_overrides(quirks, &mut step.call);
    }
    Ok(())
}

/// Refuses whole calls.
fn check(quirks: &Quirks, call: &Call) -> Result<(), Value> {
    let has = |name: &str| call.arguments.get(name).is_some_and(|value| !value.is_null());
    match call.name.as_str() {
        "Principal/getAvailability" if quirks.no_account_in_availability && has("accountId") => {
            Err(invalid_arguments("accountId"))
        }
        "CalendarEvent/get" if quirks.no_time_zone_in_get && has("timeZone") => {
            Err(invalid_arguments("timeZone"))
        }
        "CalendarEvent/queryChanges" if quirks.no_query_changes => {
            Err(json!({"type": "unknownMethod"}))
        }
        "Principal/get" if quirks.principals_by_id && !(has("ids") || has("#ids")) => {
            Err(json!({"type": "requestTooLarge"}))
        }
        _ => Ok(()),
    }
}

pub(super) fn invalid_arguments(name: &str) -> Value {
    json!({"type": "invalidArguments", "arguments": [name]})
}

pub(super) fn invalid_properties(name: &str) -> Value {
    json!({"type": "invalidProperties", "properties": [name]})
}

/// Refuses events that this server does not take.
fn refuse_events(quirks: &Quirks, step: &mut Step) {
    let fault = |event: &Map<String, Value>, is_new: bool| {
        let calendars = event.get("calendarIds").and_then(Value::as_object);
        if quirks.one_calendar && calendars.is_some_and(|ids| ids.len() != 1) {
            return Some("calendarIds".to_owned());
        }
        if quirks.version_is_required && is_new && !event.contains_key("version") {
            return Some("version".to_owned());
        }
        let known = CalendarEvent::default();
        let is_unknown = |name: &&String| {
            let name = name.split('/').next().unwrap_or_default();
            name != "@type" && (!known.knows(name) || !quirks.draft_of_2023 && OLD.contains(&name))
        };
        quirks.refuses_vendor_properties.then(|| event.keys().find(is_unknown).cloned()).flatten()
    };
    for (argument, is_new) in [("create", true), ("update", false)] {
        let Some(objects) = step.call.objects(argument) else { continue };
        let faults = objects
            .iter()
            .filter_map(|(id, object)| Some((id.clone(), fault(object.as_object()?, is_new)?)));
        for (id, name) in faults.collect::<Vec<_>>() {
            step.refuse(argument, &id, invalid_properties(&name));
        }
    }
}

/// What only JSCalendar 1.0 has.
const OLD: [&str; 4] = ["recurrenceRules", "excludedRecurrenceRules", "localizations", "timeZones"];

/// What becomes of overrides that are stored.
fn change_overrides(quirks: &Quirks, call: &mut Call) {
    for argument in ["create", "update"] {
        let objects = call.objects(argument).into_iter().flat_map(Map::values_mut);
        for (name, value) in objects.filter_map(Value::as_object_mut).flatten() {
            let overrides: Vec<&mut Value> = match name.split_once('/') {
                None if name == "recurrenceOverrides" => {
                    value.as_object_mut().into_iter().flat_map(Map::values_mut).collect()
                }
                Some(("recurrenceOverrides", id)) if !id.contains('/') => vec![value],
                _ => continue,
            };
            for changes in overrides.into_iter().filter_map(Value::as_object_mut) {
                change_override(quirks, changes);
            }
        }
    }
}

fn change_override(quirks: &Quirks, changes: &mut Map<String, Value>) {
    if quirks.overrides_lose_null {
        changes.retain(|_, value| !value.is_null());
    }
    let time =
        changes.get("start").and_then(Value::as_str).and_then(|start| start.split('T').nth(1));
    let mut parts = time.unwrap_or_default().splitn(3, ':').map(|it| it.parse::<u32>().ok());
    let (Some(Some(hours)), Some(Some(minutes))) = (parts.next(), parts.next()) else { return };
    if quirks.moved_last_all_day && !changes.contains_key("duration") {
        let left = (24 * 60_u32).saturating_sub(hours * 60 + minutes).saturating_mul(60).max(1) - 1;
        let left = format!("PT{}H{}M{}S", left / 3600, left / 60 % 60, left % 60);
        changes.insert("duration".to_owned(), json!(left));
    }
}

/// Takes arguments and properties away that nobody knows.
fn forget_unknown(call: &mut Call) {
    let Some((object, verb)) = call.name.split_once('/') else { return };
    let known = arguments_of(verb);
    call.arguments.retain(|name, _| {
        known.is_empty() || known.contains(&name.as_str()) || name.starts_with('#')
    });
    let object = object.to_owned();
    let is_known = |name: &Value| name.as_str().is_some_and(|name| knows(&object, name));
    if let Some(Value::Array(properties)) = call.arguments.get_mut("properties") {
        properties.retain(is_known);
        if properties.is_empty() {
            properties.push(json!("id"));
        }
    }
}

/// The arguments of a method of the standard; none if any may come.
fn arguments_of(verb: &str) -> &'static [&'static str] {
    match verb {
        "get" => &[
            "accountId",
            "ids",
            "properties",
            "recurrenceOverridesBefore",
            "recurrenceOverridesAfter",
            "reduceParticipants",
            "timeZone",
        ],
        "set" => &[
            "accountId",
            "ifInState",
            "create",
            "update",
            "destroy",
            "sendSchedulingMessages",
            "onDestroyRemoveEvents",
            "onSuccessSetIsDefault",
            "onSuccessSetIsDefaultIdentity",
        ],
        "changes" => &["accountId", "sinceState", "maxChanges"],
        "query" => &[
            "accountId",
            "filter",
            "sort",
            "position",
            "anchor",
            "anchorOffset",
            "limit",
            "calculateTotal",
            "expandRecurrences",
            "timeZone",
        ],
        "getAvailability" => {
            &["accountId", "id", "utcStart", "utcEnd", "showDetails", "eventProperties"]
        }
        _ => &[],
    }
}

/// Whether objects of a type have a property.
fn knows(object: &str, property: &str) -> bool {
    match object {
        "Calendar" => Calendar::default().knows(property),
        "CalendarEvent" => CalendarEvent::default().knows(property),
        "CalendarEventNotification" => CalendarEventNotification::default().knows(property),
        "ParticipantIdentity" => ParticipantIdentity::default().knows(property),
        "Principal" => Principal::default().knows(property),
        "ShareNotification" => ShareNotification::default().knows(property),
        _ => true,
    }
}

/// The first condition in a filter that nobody knows.
pub(super) fn unknown_condition(filter: &Value) -> Option<String> {
    if let Some(conditions) = filter["conditions"].as_array() {
        return conditions.iter().find_map(unknown_condition);
    }
    let known = EventCondition::default();
    filter.as_object()?.keys().find(|name| !known.knows(name)).cloned()
}
