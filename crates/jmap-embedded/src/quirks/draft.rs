//! The 2023 draft of JMAP Calendars, with JSCalendar 1.0: what comes in its words is made into those of the standard, and
//! what goes out is said in its words.

mod preferences;
mod spelled_out;

use jmap_calendars::{Calendar, CalendarEvent, CalendarEventNotification, ParticipantIdentity};
use jmap_core::json_model::{self, PatchRules, ToJson};
use jmap_core::{Json, PatchObject, Version};
use jmap_sharing::Principal;
use serde_json::{Map, Value, json};

use super::calls::{invalid_arguments, invalid_properties};
use super::exchange::{Exchange, Step};
use super::{Quirks, elements_in, values_in};

/// The names that are not in the draft, each with what the draft has in its place.
const NAMES: [(&str, &str); 5] = [
    ("version", ""),
    ("recurrenceRule", "recurrenceRules"),
    ("organizerCalendarAddress", "replyTo"),
    ("endTimeZone", "locations"),
    ("mainLocationId", ""),
];

/// Makes the call of a step into what the standard wants. An error if the server refuses it.
pub(super) async fn adjust(exchange: &Exchange<'_>, step: &mut Step) -> Result<(), Value> {
    if !exchange.quirks.draft_of_2023 {
        return Ok(());
    }
    match step.call.name.as_str() {
        "Calendar/get" => check_names(step, |name| name == "isDefault"),
        "Calendar/set" => set_calendars(step),
        "CalendarEvent/get" => {
            check_names(step, |name| NAMES.iter().any(|(new, _)| *new == name))?;
            rename_properties(step);
            Ok(())
        }
        "CalendarEvent/query" => step.call.arguments.get_mut("filter").map_or(Ok(()), raise_filter),
        "CalendarEvent/set" => {
            set_events(exchange, step).await;
            Ok(())
        }
        "CalendarPreferences/get" | "CalendarPreferences/set" => {
            preferences::adjust(step);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Says an answer in the words of the draft.
pub(super) fn speak(quirks: &Quirks, step: &Step, answer: &mut Value) {
    if !quirks.draft_of_2023 || answer[0] == "error" {
        return;
    }
    let response = &mut answer[1];
    let speak_list = |response: &mut Value, speak: &dyn Fn(&mut Value)| {
        elements_in(response, "list").for_each(speak);
    };
    match step.asked.name.as_str() {
        "Calendar/get" => speak_list(response, &|it| {
            speak_as::<Calendar>(it);
            it.as_object_mut().and_then(|calendar| calendar.remove("isDefault"));
        }),
        "CalendarEvent/get" => {
            let asked = step.asked.arguments.get("properties").and_then(Value::as_array).cloned();
            speak_list(response, &|it| event(quirks, asked.as_deref(), it));
        }
        "Principal/getAvailability" => {
            let asked = step.asked.arguments.get("eventProperties").and_then(Value::as_array);
            let events = elements_in(response, "list").filter_map(|it| it.get_mut("event"));
            let events = events.filter(|event| event.is_object());
            events.for_each(|it| event(quirks, asked.map(Vec::as_slice), it));
        }
        "CalendarEvent/parse" => {
            let parsed = values_in(response, "parsed").filter_map(Value::as_array_mut);
            parsed.flatten().for_each(|it| event(quirks, None, it));
        }
        "CalendarEvent/set" | "Calendar/set" => {
            rename_faults(response);
            for list in ["created", "updated"] {
                let objects = values_in(response, list).filter_map(Value::as_object_mut);
                objects.for_each(|object| _ = object.remove("version"));
            }
        }
        "CalendarEventNotification/get" => {
            speak_list(response, &speak_as::<CalendarEventNotification>)
        }
        "ParticipantIdentity/get" => speak_list(response, &speak_as::<ParticipantIdentity>),
        "Principal/get" => speak_list(response, &speak_as::<Principal>),
        "CalendarPreferences/get" | "CalendarPreferences/set" => preferences::speak(step, answer),
        _ => {}
    }
}

fn event(quirks: &Quirks, asked: Option<&[Value]>, value: &mut Value) {
    speak_as::<CalendarEvent>(value);
    if let Some(event) = value.as_object_mut() {
        event.remove("version");
        if quirks.spells_out_defaults {
            spelled_out::complete(event, asked);
        }
    }
}

/// An object of a type, in the words of JSCalendar 1.0.
fn speak_as<O: json_model::Object + ToJson>(value: &mut Value) {
    let Some(object) = typed::<O>(value) else { return };
    let spoken = Json::from_serialize(&object.versioned(Version::V1_0)).ok();
    if let Some(spoken) = spoken.and_then(|spoken| spoken.to_value().ok()) {
        *value = spoken;
    }
}

fn typed<O: json_model::Object>(value: &Value) -> Option<O> {
    json_model::from_str(&value.to_string()).ok().map(|parsed| parsed.value)
}

/// Refuses a call that asks for properties which the draft does not have.
fn check_names(step: &Step, is_unknown: impl Fn(&str) -> bool) -> Result<(), Value> {
    let asked = step.call.arguments.get("properties").and_then(Value::as_array);
    let mut names = asked.into_iter().flatten().filter_map(Value::as_str).enumerate();
    match names.find(|(_, name)| is_unknown(name)) {
        Some((index, name)) => Err(invalid_arguments(&format!("properties[{index}:{name}]"))),
        None => Ok(()),
    }
}

/// Asks for the properties of the standard that those of the draft are made of.
fn rename_properties(step: &mut Step) {
    let Some(Value::Array(asked)) = step.call.arguments.get_mut("properties") else { return };
    let old = ["excludedRecurrenceRules", "timeZones", "localizations"];
    asked.retain(|name| !name.as_str().is_some_and(|name| old.contains(&name)));
    for name in asked.iter_mut() {
        if let Some((new, _)) = NAMES.iter().find(|(_, old)| *name == json!(old)) {
            *name = json!(new);
        }
    }
    if asked.contains(&json!("endTimeZone")) {
        asked.extend([json!("locations"), json!("mainLocationId")]);
    }
}

fn set_calendars(step: &mut Step) -> Result<(), Value> {
    if step.call.arguments.contains_key("onSuccessSetIsDefault") {
        return Err(invalid_arguments("onSuccessSetIsDefault"));
    }
    for argument in ["create", "update"] {
        let mut faults = Vec::new();
        for (id, object) in step.call.objects(argument).into_iter().flatten() {
            let Some(members) = object.as_object_mut() else { continue };
            let is_new_right = |pointer: &&String| pointer.ends_with("/mayShare");
            let fault = members.keys().find(is_new_right).cloned();
            let fault =
                fault.or_else(|| members.contains_key("isDefault").then(|| "isDefault".to_owned()));
            if let Some(name) = fault {
                faults.push((id.clone(), name));
            }
            let old: Vec<String> =
                members.keys().filter(|name| name.ends_with("/mayAdmin")).cloned().collect();
            for name in old {
                let value = members.remove(&name).unwrap_or_default();
                members.insert(name.replace("/mayAdmin", "/mayShare"), value);
            }
            members.iter_mut().for_each(|(name, value)| raise_rights(name, value));
        }
        for (id, name) in faults {
            step.refuse(argument, &id, invalid_properties(&name));
        }
    }
    Ok(())
}

/// `mayAdmin` of the rights in `shareWith`, or in one entry of it.
fn raise_rights(pointer: &str, value: &mut Value) {
    let all: Vec<&mut Value> = match pointer.split_once('/') {
        None if pointer == "shareWith" => {
            value.as_object_mut().into_iter().flat_map(Map::values_mut).collect()
        }
        Some(("shareWith", who)) if !who.contains('/') => vec![value],
        _ => return,
    };
    for rights in all.into_iter().filter_map(Value::as_object_mut) {
        if let Some(right) = rights.remove("mayAdmin") {
            rights.insert("mayShare".to_owned(), right);
        }
    }
}

/// `inCalendars`, of which one is enough.
fn raise_filter(filter: &mut Value) -> Result<(), Value> {
    if let Some(conditions) = filter.get_mut("conditions").and_then(Value::as_array_mut) {
        return conditions.iter_mut().try_for_each(raise_filter);
    }
    let Some(condition) = filter.as_object_mut() else { return Ok(()) };
    if condition.contains_key("inCalendar") {
        return Err(invalid_arguments("filter/inCalendar"));
    }
    let Some(calendars) = condition.remove("inCalendars") else { return Ok(()) };
    if let Some([only]) = calendars.as_array().map(Vec::as_slice) {
        condition.insert("inCalendar".to_owned(), only.clone());
        return Ok(());
    }
    let rest = Value::Object(std::mem::take(condition));
    let calendars = calendars.as_array().into_iter().flatten();
    let any: Vec<Value> = calendars.map(|id| json!({"inCalendar": id})).collect();
    *filter =
        json!({"operator": "AND", "conditions": [rest, {"operator": "OR", "conditions": any}]});
    Ok(())
}

async fn set_events(exchange: &Exchange<'_>, step: &mut Step) {
    for argument in ["create", "update"] {
        let objects = step.call.objects(argument).cloned().unwrap_or_default();
        for (id, object) in objects {
            let new = |name: &&String| NAMES.iter().any(|(new, _)| new == name);
            if let Some(name) = object.as_object().and_then(|members| members.keys().find(new)) {
                step.refuse(argument, &id, invalid_properties(name));
                continue;
            }
            let raised = match argument {
                "create" => raised(&object),
                _ => raised_patch(exchange, step, &id, object).await,
            };
            if let (Some(raised), Some(objects)) = (raised, step.call.objects(argument)) {
                objects.insert(id, raised);
            }
        }
    }
}

/// An event in the words of the standard.
fn raised(event: &Value) -> Option<Value> {
    let mut event = typed::<CalendarEvent>(event)?;
    event.version = Some(Version::V2_0);
    Json::from_serialize(&event.versioned(Version::V2_0)).ok()?.to_value().ok()
}

/// A patch of an event as the draft has it, in the words of the standard; none if it cannot be applied.
async fn raised_patch(
    exchange: &Exchange<'_>,
    step: &Step,
    id: &str,
    patch: Value,
) -> Option<Value> {
    let get = json!({"accountId": step.call.account(), "ids": [id]});
    let found = exchange.ask("CalendarEvent/get", get).await?;
    let before = typed::<CalendarEvent>(&found["list"][0])?;
    let spoken = Json::from_serialize(&before.versioned(Version::V1_0)).ok()?;
    let changes = patch
        .as_object()?
        .iter()
        .map(|(pointer, value)| (pointer.clone(), Json::from(value.clone())));
    let patch = PatchObject(changes.collect());
    let after = patch.apply(&spoken, PatchRules::V1_0).ok()?;
    let after = json_model::from_str::<CalendarEvent>(after.as_str()).ok()?.value;
    let patch = before.patch_to(&after, Version::V2_0);
    serde_json::to_value(&patch).ok()
}

/// Says which properties are wrong in the words that the client knows.
fn rename_faults(response: &mut Value) {
    for list in ["notCreated", "notUpdated"] {
        for name in values_in(response, list).flat_map(|error| elements_in(error, "properties")) {
            let Some(text) = name.as_str() else { continue };
            let (first, rest) = text.split_at(text.find('/').unwrap_or(text.len()));
            if let Some((_, old)) = NAMES.iter().find(|(new, old)| *new == first && !old.is_empty())
            {
                *name = json!(format!("{old}{rest}"));
            }
        }
    }
}
