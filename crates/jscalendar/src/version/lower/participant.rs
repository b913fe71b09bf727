//! Participants for 1.0.

use json_model::Part;

use super::{OLD, free_id, links};
use crate::report::Report;
use crate::version::{drop_foreign, lost};
use crate::{
    Id, Map, Participant, ParticipantLegacy, ParticipationStatus, Role, Set, same_address,
};

pub(super) fn lower(participants: &mut Map<Id, Participant>, report: &mut Report) {
    if participants.is_empty() {
        return;
    }
    report.at("participants", |report| {
        ids_for_addresses(participants, report);
        for (id, participant) in participants.iter_mut() {
            report.at(id.as_str(), |report| fields(participant, report));
        }
    });
}

fn fields(participant: &mut Participant, report: &mut Report) {
    roles(participant, report);
    if let Some(address) = participant.calendar_address.take() {
        let legacy = participant.legacy.get_or_insert_default();
        put_address(&mut legacy.send_to, address, "sendTo", report);
        if participant.extra.remove("sendTo").is_some() {
            lost(report, "sendTo", OLD);
        }
    }
    let content_type = participant.description_content_type.take();
    if content_type.is_some_and(|content_type| !content_type.eq_ignore_ascii_case("text/plain")) {
        lost(report, "descriptionContentType", OLD);
    }
    report.at("links", |report| links(&mut participant.links, report));
    drop_foreign(participant, ParticipantLegacy::MEMBERS, OLD, report);
}

/// The method by which RFC 8984 names an address (sections 4.4.4 and 4.4.6).
pub(crate) fn method_of(address: &str) -> &'static str {
    let scheme = address.get(..7).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("mailto:") { "imip" } else { "other" }
}

/// Puts an address where 1.0 has it, so that reading it gives the same one.
pub(super) fn put_address(
    methods: &mut Map<String, String>,
    address: String,
    name: &str,
    report: &mut Report,
) {
    // `imip` is read before `other`.
    if methods.get("imip").is_some_and(|other| *other != address) {
        methods.remove("imip");
        report.error("both-versions", name, "there is a calendar address as well, and that counts");
    }
    let method = match methods.get("other") {
        Some(other) if *other != address => "imip",
        _ => method_of(&address),
    };
    methods.insert(method.to_owned(), address);
}

fn roles(participant: &mut Participant, report: &mut Report) {
    if participant.roles.contains(&Role::Required) {
        report.warning("required-role", "roles", "version 1.0 calls it attendee");
    }
    if participant.roles.contains(&Role::Attendee) {
        report.note("attendee-role", "roles", "the role attendee is what everybody has in 2.0");
    }
    participant.roles = old_roles(participant);
}

/// The roles as 1.0 has them: whoever takes part is an `attendee` (RFC 8984, section 4.4.6).
pub(crate) fn old_roles(participant: &Participant) -> Set<Role> {
    let mut roles = participant.roles.clone();
    let required = roles.remove(&Role::Required);
    let attends = required
        || roles.is_empty()
        || roles.contains(&Role::Chair)
        || roles.contains(&Role::Optional)
        || (roles.iter().eq([&Role::Owner]) && answers(participant));
    if attends {
        roles.insert(Role::Attendee);
    }
    roles
}

/// Whether an owner is more than the one who sends the invitations.
fn answers(participant: &Participant) -> bool {
    let status = participant.participation_status.as_ref();
    status.is_some_and(|status| *status != ParticipationStatus::NeedsAction)
        || participant.expect_reply == Some(true)
        || !participant.delegated_to.is_empty()
        || !participant.delegated_from.is_empty()
        || !participant.member_of.is_empty()
}

/// Where 2.0 has the addresses of other participants, 1.0 has their keys. Who is none yet becomes one.
fn ids_for_addresses(participants: &mut Map<Id, Participant>, report: &mut Report) {
    let ids: Vec<Id> = participants.keys().cloned().collect();
    for id in ids {
        for (name, set) in SETS {
            let Some(participant) = participants.get_mut(&id) else { continue };
            let addresses = std::mem::take(set(participant));
            if addresses.is_empty() {
                continue;
            }
            let replace = |report: &mut Report| {
                let replaced = addresses.into_iter().map(|it| key_of(participants, it, report));
                replaced.collect::<Set<String>>()
            };
            let keys = report.at(id.as_str(), |report| report.at(name, replace));
            if let Some(participant) = participants.get_mut(&id) {
                *set(participant) = keys;
            }
        }
    }
}

type OneSet = fn(&mut Participant) -> &mut Set<String>;

const SETS: [(&str, OneSet); 3] = [
    ("delegatedTo", |participant| &mut participant.delegated_to),
    ("delegatedFrom", |participant| &mut participant.delegated_from),
    ("memberOf", |participant| &mut participant.member_of),
];

fn key_of(participants: &mut Map<Id, Participant>, address: String, report: &mut Report) -> String {
    let known = participants.iter().find_map(|(id, participant)| {
        let other = participant.calendar_address.as_deref()?;
        same_address(other, &address).then(|| (id.as_str().to_owned(), other == address))
    });
    if let Some((id, same_spelling)) = known {
        if !same_spelling {
            report.note("address-spelling", &address, "the participant spells it in another way");
        }
        return id;
    }
    // A key that reading could not replace by an address.
    if participants.contains_key(address.as_str()) || !address.contains(':') {
        return address;
    }
    report.note("participant-added", &address, "version 1.0 can name participants only");
    let id = free_id(participants, "p1");
    participants.insert(id.clone(), Participant::new(address));
    id.into_string()
}
