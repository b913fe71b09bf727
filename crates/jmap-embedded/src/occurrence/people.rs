//! Some of the people who take part in an event or a task.

use std::collections::BTreeMap;

use jmap_core::json_model::pointer;
use jmap_core::{Json, PatchObject};
use jscalendar::{Common, Participant, Role, same_address};

/// Leaves the owners and those with these addresses.
pub(crate) fn reduce_participants(entry: &mut impl Common, own: &[&str]) {
    retain_participants(entry, &|participant| {
        let address = participant.calendar_address.as_deref();
        participant.roles.contains(&Role::Owner)
            || address.is_some_and(|address| own.iter().any(|own| same_address(address, own)))
    });
}

/// Leaves some of the participants, and what overrides say about them.
pub(crate) fn retain_participants(entry: &mut impl Common, is_seen: &dyn Fn(&Participant) -> bool) {
    let common = entry.common_mut();
    common.participants.retain(|_, participant| is_seen(participant));
    let seen: Vec<String> = common.participants.keys().map(ToString::to_string).collect();
    for (_, changes) in common.recurrence_overrides.iter_mut() {
        reduce_changes(changes, &seen, is_seen);
    }
}

/// The same in an override, which can add people, replace them all, or change something about one of them.
fn reduce_changes(
    changes: &mut PatchObject,
    seen: &[String],
    is_seen: &dyn Fn(&Participant) -> bool,
) {
    let person = |json: &Json| json.decode::<Participant>().is_ok_and(|it| is_seen(&it));
    changes.0.retain(|pointer, json| {
        let mut tokens = pointer::tokens(pointer);
        if tokens.next().as_deref() != Some("participants") {
            return true;
        }
        match (tokens.next(), tokens.next()) {
            (Some(id), None) if json.is_object() => seen.iter().any(|it| *it == id) || person(json),
            (Some(id), _) => seen.iter().any(|it| *it == id),
            (None, _) => {
                if let Ok(mut all) = json.decode::<BTreeMap<String, Json>>() {
                    all.retain(|_, json| person(json));
                    *json = Json::from_serialize(&all).unwrap_or_else(|_| Json::null());
                }
                true
            }
        }
    });
}
