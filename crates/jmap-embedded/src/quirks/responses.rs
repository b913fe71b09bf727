//! What a server answers otherwise.

use serde_json::{Map, Value, json};

use super::calls::unknown_condition;
use super::exchange::Step;
use super::{Quirks, elements_in, map_in, values_in};

/// Makes what the standard has into what this server answers. `is_own` if it is the answer to the call itself, and not to
/// one that came with it.
pub(super) fn adjust(quirks: &Quirks, step: &Step, answer: &mut Value, is_own: bool) {
    let name = answer[0].as_str().unwrap_or_default().to_owned();
    let response = &mut answer[1];
    if name == "error" {
        return change_error(quirks, step, response);
    }
    if is_own {
        add_refused(step, response);
    }
    if quirks.no_descriptions {
        for list in ["notCreated", "notUpdated", "notDestroyed"] {
            values_in(response, list).for_each(forget_description);
        }
    }
    let (object, verb) = name.split_once('/').unwrap_or_default();
    match verb {
        "set" => change_set(quirks, response),
        "get" => change_get(quirks, step, object, response),
        "query" => change_query(quirks, step, response),
        "parse" => change_parsed(quirks, response),
        "getAvailability" if quirks.periods_without_account => {
            let periods = elements_in(response, "list").filter_map(Value::as_object_mut);
            periods.for_each(|period| _ = period.remove("accountId"));
        }
        _ => {}
    }
}

fn forget_description(error: &mut Value) {
    error.as_object_mut().and_then(|error| error.remove("description"));
}

fn change_error(quirks: &Quirks, step: &Step, error: &mut Value) {
    if quirks.no_descriptions {
        forget_description(error);
    }
    match error["type"].as_str() {
        Some("accountNotFound") if quirks.unknown_account_is_forbidden => {
            error["type"] = json!("forbidden");
        }
        Some("unsupportedFilter") if quirks.filters_are_arguments => {
            let filter = step.asked.arguments.get("filter").unwrap_or(&Value::Null);
            let name = unknown_condition(filter).unwrap_or_default();
            *error = json!({"type": "invalidArguments", "arguments": [format!("filter/{name}")]});
        }
        _ => {}
    }
}

/// Adds what went no further than this layer.
fn add_refused(step: &Step, response: &mut Value) {
    for (list, errors) in &step.refused {
        for (id, error) in errors.as_object().into_iter().flatten() {
            response[list.as_str()][id] = error.clone();
        }
    }
}

const LISTS: [&str; 6] =
    ["created", "updated", "destroyed", "notCreated", "notUpdated", "notDestroyed"];

fn change_set(quirks: &Quirks, response: &mut Value) {
    if quirks.calendar_has_events {
        let errors = values_in(response, "notDestroyed");
        let errors = errors.filter(|error| error["type"] == "calendarHasEvent");
        errors.for_each(|error| error["type"] = json!("calendarHasEvents"));
    }
    if quirks.bare_set_responses {
        values_in(response, "created").for_each(|created| *created = json!({"id": created["id"]}));
        values_in(response, "updated").for_each(|updated| *updated = Value::Null);
    }
    let Some(members) = response.as_object_mut() else { return };
    if quirks.bare_set_responses {
        members.retain(|name, value| !LISTS.contains(&name.as_str()) || !is_nothing(value));
    }
    if quirks.null_for_nothing {
        LISTS.iter().for_each(|list| say_null(members, list));
    }
}

fn say_null(members: &mut Map<String, Value>, name: &str) {
    let value = members.entry(name).or_insert(Value::Null);
    if is_nothing(value) {
        *value = Value::Null;
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        value => value.is_null(),
    }
}

fn change_get(quirks: &Quirks, step: &Step, object: &str, response: &mut Value) {
    if object == "ParticipantIdentity" && quirks.identities_without_state {
        response.as_object_mut().and_then(|members| members.remove("state"));
    }
    let asked = step.asked.arguments.get("properties").and_then(Value::as_array);
    let names = |name: &str| asked.is_some_and(|asked| asked.contains(&json!(name)));
    for members in elements_in(response, "list").filter_map(Value::as_object_mut) {
        match object {
            "Calendar" => change_calendar(quirks, asked.is_none(), members),
            "Principal" if quirks.flat_principals => flatten(quirks, members),
            "CalendarEvent" => {
                if quirks.base_of_every_event && names("baseEventId") {
                    let id = members.get("id").cloned().unwrap_or_default();
                    let base = members.entry("baseEventId").or_insert(Value::Null);
                    if base.is_null() {
                        *base = id;
                    }
                }
                change_event(quirks, members);
            }
            _ => {}
        }
    }
}

fn change_calendar(quirks: &Quirks, is_default: bool, calendar: &mut Map<String, Value>) {
    const SPARSE: [&str; 5] = [
        "isVisible",
        "includeInAvailability",
        "defaultAlertsWithTime",
        "defaultAlertsWithoutTime",
        "shareWith",
    ];
    const UNSET: [&str; 3] = ["color", "defaultAlertsWithTime", "defaultAlertsWithoutTime"];
    calendar.retain(|name, value| {
        let is_sparse = quirks.sparse_calendars && is_default && SPARSE.contains(&name.as_str());
        let is_unset = quirks.absent_if_unset && value.is_null() && UNSET.contains(&name.as_str());
        !is_sparse && !is_unset
    });
}

fn change_event(quirks: &Quirks, event: &mut Map<String, Value>) {
    if quirks.wrong_recurrence_ids
        && event.contains_key("recurrenceId")
        && let Some(start) = event.get("start").cloned()
    {
        event.insert("recurrenceId".to_owned(), start);
    }
    if quirks.damaged_days {
        damage(event);
    }
}

/// A series on whole days, in no time zone, comes back as one of its overrides.
fn damage(event: &mut Map<String, Value>) {
    let is_days = event.get("showWithoutTime") == Some(&Value::Bool(true));
    let is_floating = event.get("timeZone").is_none_or(Value::is_null);
    if !is_days || !is_floating || event.get("recurrenceRule").is_none_or(Value::is_null) {
        return;
    }
    let overrides = event.get("recurrenceOverrides").and_then(Value::as_object);
    let is_changed = |changes: &&Value| changes.get("excluded") != Some(&Value::Bool(true));
    let found = overrides.and_then(|all| all.values().find(is_changed)).cloned();
    let Some(Value::Object(changes)) = found else { return };
    for name in ["start", "duration", "recurrenceRule", "recurrenceOverrides", "title", "alerts"] {
        event.remove(name);
    }
    event.extend(changes.into_iter().filter(|(pointer, _)| !pointer.contains('/')));
    event.remove("start");
}

fn flatten(quirks: &Quirks, principal: &mut Map<String, Value>) {
    let capabilities = principal.remove("capabilities").unwrap_or_default();
    principal.remove("accounts");
    let calendars = &capabilities["urn:ietf:params:jmap:calendars"];
    for (name, value) in calendars.as_object().into_iter().flatten() {
        let (name, value) = match name.as_str() {
            "calendarAddress" if quirks.draft_of_2023 => ("sendTo", json!({"imip": value})),
            name => (name, value.clone()),
        };
        principal.insert(name.to_owned(), value);
    }
}

fn change_query(quirks: &Quirks, step: &Step, response: &mut Value) {
    let is_events = step.asked.is("CalendarEvent/query");
    let Some(members) = response.as_object_mut() else { return };
    if quirks.no_query_changes && is_events {
        members.insert("canCalculateChanges".to_owned(), Value::Bool(false));
    }
    if quirks.repeats_query && is_events {
        for name in ["filter", "sort"] {
            let asked = step.asked.arguments.get(name).cloned();
            members.insert(name.to_owned(), asked.unwrap_or_default());
        }
    }
    let expands = step.asked.arguments.get("expandRecurrences") == Some(&Value::Bool(true));
    if quirks.total_always && is_events && !expands {
        members.insert("position".to_owned(), json!(0));
    }
}

fn change_parsed(quirks: &Quirks, response: &mut Value) {
    if quirks.parsed_alone {
        open_parsed(quirks, response);
    }
    let Some(members) = response.as_object_mut() else { return };
    if quirks.null_for_nothing {
        ["parsed", "notParsable", "notFound"].iter().for_each(|name| say_null(members, name));
    }
}

/// One event alone; several of them in a group, which the older version does not make.
fn open_parsed(quirks: &Quirks, response: &mut Value) {
    let Some(parsed) = map_in(response, "parsed") else { return };
    let mut failed = Vec::new();
    for (blob, found) in parsed.iter_mut() {
        let events = found.as_array_mut().map(std::mem::take).unwrap_or_default();
        *found = match <[Value; 1]>::try_from(events) {
            Ok([event]) => event,
            Err(events) if !quirks.draft_of_2023 => {
                json!({"@type": "Group", "version": "2.0", "entries": events})
            }
            Err(_) => {
                failed.push(json!(blob));
                Value::Null
            }
        };
    }
    parsed.retain(|_, found| !found.is_null());
    if !failed.is_empty() {
        let list = &mut response["notParsable"];
        let mut all = list.as_array().cloned().unwrap_or_default();
        all.append(&mut failed);
        *list = Value::Array(all);
    }
}
