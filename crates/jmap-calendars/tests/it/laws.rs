//! What holds of all objects: of the two dialects, and of patches.

mod objects;

use std::collections::BTreeSet;

use jmap_calendars::{CalendarEvent, CalendarRights, EventCondition, ParticipantIdentity};
use jmap_core::json_model::{
    self, Diagnostic, Diagnostics, Object, PatchRules, Position, ToJson, Version, pointer,
};
use jmap_core::{Json, PatchObject};
use proptest::prelude::*;
use serde_json::Value;

use self::objects::{condition, event, identity, of_the_draft, rights};

const OLD: Version = Version::V1_0;
const NEW: Version = Version::V2_0;

fn written(object: &impl ToJson, version: Version) -> Value {
    serde_json::to_value(object.versioned(version)).unwrap()
}

/// Reads without a finding.
fn read<T: Object>(value: &Value) -> T {
    let parsed = json_model::from_str::<T>(&value.to_string()).unwrap();
    assert!(parsed.diagnostics.is_empty(), "{:?}\n{value}", parsed.diagnostics);
    parsed.value
}

/// An event as a server of the draft may have it.
fn in_the_draft(event: &Value, more: &[Value; 3]) -> Value {
    let mut old = written(&read::<CalendarEvent>(event), OLD);
    let [of_event, of_participants, of_reply] = more;
    add(&mut old, of_event);
    let people = old.get_mut("participants").and_then(Value::as_object_mut);
    people.into_iter().flat_map(|them| them.values_mut()).for_each(|it| add(it, of_participants));
    if let Some(methods) = old.get_mut("replyTo") {
        add(methods, of_reply);
    }
    old
}

fn add(object: &mut Value, members: &Value) {
    let members = members.as_object().unwrap().clone();
    object.as_object_mut().unwrap().extend(members);
}

fn place(finding: &Diagnostic) -> String {
    match &finding.position {
        Position::Pointer(place) => place.clone(),
        _ => String::new(),
    }
}

/// The object without what stands at these places.
fn without(mut value: Value, places: &BTreeSet<String>) -> Value {
    for place in places {
        let tokens: Vec<_> = pointer::tokens(place).collect();
        let Some((last, parents)) = tokens.split_last() else { continue };
        let parent = parents.iter().try_fold(&mut value, |it, token| it.get_mut(token.as_ref()));
        if let Some(parent) = parent.and_then(Value::as_object_mut) {
            parent.remove(last.as_ref());
        }
    }
    value
}

/// The occurrences that the overrides of an event make: there are several ways to write the same patch.
fn occurrences(event: &Value) -> Vec<(String, Option<Value>)> {
    let mut base = event.clone();
    let overrides = base.as_object_mut().unwrap().remove("recurrenceOverrides");
    let base = Json::from(base);
    let apply = |patch: &Value| {
        let patch: PatchObject = serde_json::from_value(patch.clone()).unwrap();
        patch.apply(&base, PatchRules::V2_0).ok()?.to_value().ok()
    };
    let overrides = overrides.as_ref().and_then(Value::as_object).into_iter().flatten();
    overrides.map(|(id, patch)| (id.clone(), apply(patch))).collect()
}

fn has_finding(id: &str, places: &BTreeSet<String>) -> bool {
    let at = format!("recurrenceOverrides/{id}");
    places.iter().any(|place| place.starts_with(&at))
}

/// `after` is `before` but for what the findings are about.
fn assert_same(before: &Value, after: &Value, findings: &[&Diagnostics]) {
    let mut places: BTreeSet<String> =
        findings.iter().flat_map(|it| it.iter()).map(place).collect();
    assert!(!places.contains(""), "{findings:?}");
    // The draft has no version; whoever needs one writes it.
    places.insert("version".to_owned());
    let [before_occurrences, after_occurrences] = [before, after].map(|event| {
        let all = occurrences(event).into_iter().filter(|(id, _)| !has_finding(id, &places));
        all.map(|(id, it)| (id, it.map(|it| without(it, &places)))).collect::<Vec<_>>()
    });
    assert_eq!(before_occurrences, after_occurrences, "{before}\n{after}");
    places.insert("recurrenceOverrides".to_owned());
    let [before, after] = [before, after].map(|it| without(it.clone(), &places));
    assert_eq!(before, after, "{findings:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn an_event_is_what_it_was(before in event()) {
        let event: CalendarEvent = read(&before);
        prop_assert_eq!(written(&event, NEW), before);
        prop_assert!(!event.is_damaged());
    }

    /// What the draft cannot say is what the conversion of the event reports.
    #[test]
    fn an_event_comes_back_from_the_draft(before in event()) {
        let event: CalendarEvent = read(&before);
        let old = written(&event, OLD);
        let lowered = event.event.clone().into_version(OLD);
        let back = json_model::from_str::<CalendarEvent>(&old.to_string()).unwrap();
        let after = written(&back.value, NEW);
        assert_same(&before, &after, &[&lowered.diagnostics, &back.diagnostics]);
    }

    /// No name of 2.0 is sent to a server that refuses it, and the other way round.
    #[test]
    fn names_of_the_other_version_are_not_written(event in event()) {
        let event: CalendarEvent = read(&event);
        let old = written(&event, OLD);
        for name in ["version", "recurrenceRule", "organizerCalendarAddress", "endTimeZone", "mainLocationId"] {
            prop_assert!(old.get(name).is_none(), "{}", old);
        }
        let people = old.get("participants").and_then(Value::as_object);
        for it in people.into_iter().flat_map(|them| them.values()) {
            prop_assert!(it.get("calendarAddress").is_none(), "{}", it);
        }
        let back = json_model::from_str::<CalendarEvent>(&old.to_string()).unwrap().value;
        let new = written(&back, NEW);
        for name in ["recurrenceRules", "replyTo"] {
            prop_assert!(new.get(name).is_none(), "{}", new);
        }
    }

    #[test]
    fn rights_come_back_from_the_draft(before in rights()) {
        let rights: CalendarRights = read(&before);
        let old = written(&rights, OLD);
        prop_assert!(old.get("mayShare").is_none());
        prop_assert_eq!(old.get("mayAdmin"), before.get("mayShare"));
        prop_assert_eq!(&read::<CalendarRights>(&old), &rights);
        prop_assert_eq!(written(&rights, NEW), before);
    }

    #[test]
    fn identities_come_back_from_the_draft(before in identity()) {
        let identity: ParticipantIdentity = read(&before);
        let old = written(&identity, OLD);
        prop_assert!(old.get("calendarAddress").is_none());
        prop_assert_eq!(&read::<ParticipantIdentity>(&old), &identity);
        prop_assert_eq!(written(&identity, NEW), before);
    }

    #[test]
    fn conditions_come_back_from_the_draft(before in condition()) {
        let condition: EventCondition = read(&before);
        let old = written(&condition, OLD);
        prop_assert!(old.get("inCalendar").is_none());
        prop_assert_eq!(&read::<EventCondition>(&old), &condition);
        prop_assert_eq!(written(&condition, NEW), before);
    }

    /// RFC 8620, section 5.3: nothing leads into an array, or to what has no parent.
    #[test]
    fn a_patch_turns_one_event_into_the_other(before in event(), after in event()) {
        let [before, after] = [&before, &after].map(read::<CalendarEvent>);
        for version in [OLD, NEW] {
            let [from, to] = [&before, &after].map(|it| written(it, version));
            let patch = before.patch_to(&after, version);
            for pointer in patch.0.keys() {
                let depth = pointer.split('/').count();
                prop_assert!(!pointer.starts_with("calendarIds/"), "{}", pointer);
                prop_assert!(!pointer.starts_with("recurrenceOverrides/") || depth == 2, "{}", pointer);
            }
            let patched = patch.apply(&Json::from(from), PatchRules::V1_0).unwrap();
            prop_assert_eq!(patched.to_value().unwrap(), to);
        }
    }

    /// What only the draft has is still there when the event goes back to its server.
    #[test]
    fn an_event_of_the_draft_is_what_it_was(event in event(), more in of_the_draft()) {
        let before = in_the_draft(&event, &more);
        let read = json_model::from_str::<CalendarEvent>(&before.to_string()).unwrap();
        let lowered = read.value.event.clone().into_version(OLD);
        let after = written(&read.value, OLD);
        assert_same(&before, &after, &[&read.diagnostics, &lowered.diagnostics]);
    }

    #[test]
    fn events_of_the_draft_are_patched(one in event(), other in event(), more in [of_the_draft(), of_the_draft()]) {
        let events = [in_the_draft(&one, &more[0]), in_the_draft(&other, &more[1])];
        let [before, after] = events.map(|it| json_model::from_str::<CalendarEvent>(&it.to_string()).unwrap().value);
        let patch = before.patch_to(&after, OLD);
        let patched = patch.apply(&Json::from(written(&before, OLD)), PatchRules::V1_0).unwrap();
        prop_assert_eq!(patched.to_value().unwrap(), written(&after, OLD));
    }

    #[test]
    fn nothing_is_patched_where_nothing_changed(event in event()) {
        let event: CalendarEvent = read(&event);
        for version in [OLD, NEW] {
            prop_assert!(event.patch_to(&event, version).is_empty());
        }
    }
}
