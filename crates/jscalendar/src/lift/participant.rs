//! Participants of 1.0: how to reach them, their roles, and the participants that they name.

use super::both_versions;
use crate::report::Report;
use crate::version::{method_of, old_roles};
use crate::{Id, Map, Participant, Role, Set, same_address};

pub(super) fn lift(participants: &mut Map<Id, Participant>, old: bool, report: &mut Report) {
    if participants.is_empty() {
        return;
    }
    report.at("participants", |report| {
        for (id, participant) in participants.iter_mut() {
            report.at(id.as_str(), |report| {
                address(participant, report);
                if old {
                    roles(participant, report);
                }
            });
        }
        if old {
            addresses_for_ids(participants, report);
        }
    });
}

fn address(participant: &mut Participant, report: &mut Report) {
    if let Some(legacy) = participant.legacy.as_deref_mut() {
        let address = &mut participant.calendar_address;
        address_of(&mut legacy.send_to, address, "sendTo", "calendarAddress", report);
        participant.legacy.take_if(|legacy| **legacy == Default::default());
    }
    // The drafts of JMAP for Calendars had another name for it.
    if let Some(id) = participant.extra.get("scheduleId").and_then(|json| json.to_text()) {
        let address = participant.calendar_address.get_or_insert_with(|| id.clone());
        if same_address(address, &id) {
            participant.extra.remove("scheduleId");
        }
    }
}

/// Moves the address that messages go to out of `methods`: `imip`, else `other`.
pub(crate) fn address_of(
    methods: &mut Map<String, String>,
    address: &mut Option<String>,
    old: &'static str,
    new: &'static str,
    report: &mut Report,
) {
    let Some(method) = ["imip", "other"].into_iter().find(|method| methods.contains_key(*method))
    else {
        return;
    };
    match (&*address, methods.get(method)) {
        (Some(known), Some(found)) if same_address(known, found) => {
            methods.remove(method);
        }
        (Some(_), _) => both_versions(report, old, new),
        (None, _) => *address = methods.remove(method),
    }
    if let Some(address) = address.as_deref().filter(|address| method_of(address) != method) {
        let written = method_of(address);
        if !methods.contains_key(written) {
            let message = format!("{method} is the method of {address}, written back as {written}");
            report.note("address-method", old, message);
        }
    }
}

/// In 2.0 whoever is no more than that takes part: there is no role `attendee`.
fn roles(participant: &mut Participant, report: &mut Report) {
    let before = participant.roles.clone();
    if before.is_empty() {
        return report.note("attendee-role", "roles", "no role, which version 1.0 demands");
    }
    participant.roles.remove(&Role::Attendee);
    if old_roles(participant) != before {
        let now = if before.contains(&Role::Attendee) { "without" } else { "with" };
        let message = format!("written back {now} the role attendee");
        report.note("attendee-role", "roles", message);
    }
}

fn addresses_for_ids(participants: &mut Map<Id, Participant>, report: &mut Report) {
    let names_others = participants.values().any(|it| {
        !(it.delegated_to.is_empty() && it.delegated_from.is_empty() && it.member_of.is_empty())
    });
    if !names_others {
        return;
    }
    let addresses: Map<String, Option<String>> = participants
        .iter()
        .map(|(id, it)| (id.as_str().to_owned(), it.calendar_address.clone()))
        .collect();
    for (id, participant) in participants.iter_mut() {
        report.at(id.as_str(), |report| {
            for (name, set) in [
                ("delegatedTo", &mut participant.delegated_to),
                ("delegatedFrom", &mut participant.delegated_from),
                ("memberOf", &mut participant.member_of),
            ] {
                report.at(name, |report| replace_ids(set, &addresses, report));
            }
        });
    }
}

fn replace_ids(
    set: &mut Set<String>,
    addresses: &Map<String, Option<String>>,
    report: &mut Report,
) {
    if set.is_empty() {
        return;
    }
    *set = std::mem::take(set)
        .into_iter()
        .map(|id| match addresses.get(&id) {
            Some(Some(address)) => address.clone(),
            Some(None) => {
                report.warning("no-address", &id, "the participant has no calendar address");
                id
            }
            // An address where an id is due: nothing to do.
            None if id.contains(':') => id,
            None => {
                report.warning("unknown-participant", &id, "there is no such participant");
                id
            }
        })
        .collect();
}
