//! Rules for participants.

use json_model::Part;

use super::check::Check;
use super::location;
use super::rule::{
    CONTENT_TYPE_ALONE, NO_ADDRESS, NOT_IN_VERSION, PROGRESS, TASKS_ONLY, UNKNOWN_LOCATION,
    UNKNOWN_PARTICIPANT,
};
use crate::kind::Timed;
use crate::{Participant, ParticipantKind, ParticipantLegacy, ParticipationStatus, Progress, Role};

/// Members that only a participant with a calendar address has in 2.0.
const NEED_ADDRESS: &[&str] = &[
    "email",
    "kind",
    "roles",
    "participationStatus",
    "expectReply",
    "sentBy",
    "delegatedTo",
    "delegatedFrom",
    "memberOf",
    "progress",
    "percentComplete",
];

pub(super) fn participant<T: Timed>(
    participant: &Participant,
    entry: &T,
    in_task: bool,
    check: &mut Check,
) {
    check.names(participant, ParticipantLegacy::MEMBERS, &[]);
    check.email("email", participant.email.as_deref());
    check.email("sentBy", participant.sent_by.as_deref());
    check.uri("calendarAddress", participant.calendar_address.as_deref());
    check.each("links", &participant.links, |check, _, it| location::link(it, check));
    description(participant, check);
    values(participant, check);
    progress(participant, in_task, check);
    references(participant, entry, check);
    if !check.old() && participant.calendar_address.is_none() {
        for name in NEED_ADDRESS.iter().filter(|name| participant.is_set(name)) {
            check.fails(NO_ADDRESS, name, format!("{name} needs calendarAddress"));
        }
    }
}

/// Whether messages can be sent to it.
pub(super) fn is_addressed(participant: &Participant) -> bool {
    participant.calendar_address.is_some()
        || participant.legacy.as_ref().is_some_and(|legacy| !legacy.send_to.is_empty())
}

fn description(participant: &Participant, check: &mut Check) {
    let Some(content_type) = participant.description_content_type.as_deref() else { return };
    check.text_type(Some(content_type));
    if check.old() && !content_type.eq_ignore_ascii_case("text/plain") {
        let message = "a participant's description is plain text in version 1.0";
        check.fails(NOT_IN_VERSION, "descriptionContentType", message);
    } else if participant.description.is_none() {
        let message = "descriptionContentType needs description";
        check.fails(CONTENT_TYPE_ALONE, "descriptionContentType", message);
    }
}

fn values(participant: &Participant, check: &mut Check) {
    if let Some(kind) = &participant.kind {
        check.value("kind", kind.as_str(), ParticipantKind::REGISTERED);
    }
    if let Some(status) = &participant.participation_status {
        check.value("participationStatus", status.as_str(), ParticipationStatus::REGISTERED);
    }
    check.at("roles", |check| {
        for role in participant.roles.iter() {
            // Not registered any more: kept as an unknown role.
            let gone = !check.old() && matches!(role, Role::Attendee | Role::Contact);
            let registered = if gone { &[] } else { Role::REGISTERED };
            check.value(role.as_str(), role.as_str(), registered);
        }
    });
}

fn progress(participant: &Participant, in_task: bool, check: &mut Check) {
    check.range("percentComplete", participant.percent_complete, 0, 100);
    if !in_task {
        for name in ["progress", "percentComplete"].iter().filter(|it| participant.is_set(it)) {
            check.fails(TASKS_ONLY, name, format!("participants of an event have no {name}"));
        }
    }
    let Some(progress) = &participant.progress else { return };
    check.value("progress", progress.as_str(), Progress::REGISTERED);
    if !check.old() && matches!(progress, Progress::NeedsAction | Progress::Cancelled) {
        let message = format!("version 2.0 has no {progress} for participants");
        check.fails(NOT_IN_VERSION, "progress", message);
    }
    if participant.participation_status != Some(ParticipationStatus::Accepted) {
        check.fails(PROGRESS, "progress", "progress needs the participationStatus accepted");
    }
}

fn references<T: Timed>(participant: &Participant, entry: &T, check: &mut Check) {
    for (name, set) in [
        ("delegatedTo", &participant.delegated_to),
        ("delegatedFrom", &participant.delegated_from),
        ("memberOf", &participant.member_of),
    ] {
        check.at(name, |check| {
            for address in set.iter() {
                if check.old() && !address.contains(':') {
                    if !entry.common().participants.contains_key(address.as_str()) {
                        let message = "there is no participant with this key";
                        check.fails(UNKNOWN_PARTICIPANT, address, message);
                    }
                } else {
                    check.uri(address, Some(address));
                }
            }
        });
    }
    let Some(legacy) = participant.legacy.as_deref().filter(|_| check.old()) else { return };
    check.language("language", legacy.language.as_deref());
    let invited_by = legacy.invited_by.as_ref();
    if invited_by.is_some_and(|id| !entry.common().participants.contains_key(id)) {
        check.fails(UNKNOWN_PARTICIPANT, "invitedBy", "there is no participant with this key");
    }
    let location = legacy.location_id.as_ref();
    if location.is_some_and(|id| !entry.common().locations.contains_key(id)) {
        check.fails(UNKNOWN_LOCATION, "locationId", "there is no location with this key");
    }
}
