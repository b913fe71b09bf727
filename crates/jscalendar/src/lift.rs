//! Reading 1.0: what 2.0 says in another way moves into the 2.0 fields.
//!
//! The names of 1.0 are understood whatever version the object says it has. Where both versions use one name for two
//! things (the role `attendee`, the keys of `delegatedTo`, the relation `parent` of an alert) the version decides.

mod alert;
mod participant;

use json_model::Reader;

use crate::common::CommonMut;
use crate::kind::{OwnMut, Timed};
use crate::report::Report;
use crate::version::{self, Conversion, names_any};
use crate::whole::whole;
use crate::{Entry, Event, Group, Json, RelativeTo, Task, Version};

pub(crate) use self::alert::old_relations;
pub(crate) use self::participant::address_of;

pub(crate) fn event(event: &mut Event, reader: &mut Reader) {
    with_report(reader, |report| lift(event, None, report));
}

pub(crate) fn task(task: &mut Task, reader: &mut Reader) {
    with_report(reader, |report| lift(task, None, report));
}

pub(crate) fn group(group: &mut Group, reader: &mut Reader) {
    with_report(reader, |report| {
        report.at("entries", |report| {
            for (index, entry) in group.entries.iter_mut().enumerate() {
                report.at(&index.to_string(), |report| match entry {
                    Entry::Event(event) => lift(&mut **event, group.version, report),
                    Entry::Task(task) => lift(&mut **task, group.version, report),
                    Entry::Other(_) => {}
                });
            }
        });
    });
}

fn with_report(reader: &mut Reader, walk: impl FnOnce(&mut Report)) {
    let mut report = Report::new(std::mem::take(&mut reader.diagnostics));
    walk(&mut report);
    reader.diagnostics = report.diagnostics;
}

/// Lifts an entry and the patches of its overrides; `inherited` is the version of the group around it.
fn lift<T: Timed>(entry: &mut T, inherited: Option<Version>, report: &mut Report) {
    let version = version::of_entry(entry, inherited);
    let affects = if version < Version::V2_0 { affects_old } else { affects_new };
    let conversion = Conversion { write: whole, affects };
    conversion.run(entry, |entry, report| fields(entry, version, report), report);
}

/// Whether lifting can change what this entry of a patch of 1.0 says.
fn affects_old(pointer: &str, json: &Json) -> bool {
    const NAMES: &[&str] = &["roles", "delegatedTo", "delegatedFrom", "memberOf", "display"];
    // A place may have gone, and the zone of a place is not that of the event.
    // Whether an alert is a repetition depends on the other one.
    ["locations", "alerts"].contains(&pointer)
        || pointer.starts_with("locations/")
        || pointer.starts_with("alerts/")
        || names_any(NAMES, pointer, json)
        || affects_new(pointer, json)
}

/// The same for a patch of 2.0, in which only names count that it does not have.
fn affects_new(pointer: &str, json: &Json) -> bool {
    names_any(&["recurrenceRules", "replyTo", "sendTo", "scheduleId", "relativeTo"], pointer, json)
}

fn fields<T: Timed>(entry: &mut T, version: Version, report: &mut Report) {
    let old = version < Version::V2_0;
    let mut common = entry.common_mut();
    if !old {
        old_names(&common, report);
    }
    rules(&mut common, report);
    organizer(&mut common, report);
    participant::lift(common.participants, old, report);
    if old {
        alert::lift(common.alerts, report);
    }
    end_zone(entry, report);
    let common = entry.common_mut();
    common.legacy.take_if(|legacy| **legacy == Default::default());
}

/// Names of 1.0 in an object of 2.0 are understood, but the object is not as it should be.
fn old_names(common: &CommonMut<'_>, report: &mut Report) {
    const MESSAGE: &str = "a member of version 1.0 in an object of version 2.0";
    if let Some(legacy) = common.legacy.as_deref() {
        if !legacy.recurrence_rules.is_empty() {
            report.warning("old-name", "recurrenceRules", MESSAGE);
        }
        if !legacy.reply_to.is_empty() {
            report.warning("old-name", "replyTo", MESSAGE);
        }
    }
    for (id, participant) in common.participants.iter() {
        if participant.legacy.as_ref().is_some_and(|legacy| !legacy.send_to.is_empty()) {
            report.at("participants", |report| {
                report.at(id.as_str(), |report| report.warning("old-name", "sendTo", MESSAGE));
            });
        }
    }
}

/// The first rule becomes *the* rule. If there is one already, that of 2.0 counts, and the array is kept aside.
fn rules(common: &mut CommonMut<'_>, report: &mut Report) {
    let Some(legacy) = common.legacy.as_deref_mut().filter(|it| !it.recurrence_rules.is_empty())
    else {
        return;
    };
    let Some(rule) = common.recurrence_rule.as_deref() else {
        *common.recurrence_rule = Some(Box::new(legacy.recurrence_rules.remove(0)));
        return;
    };
    let rules = std::mem::take(&mut legacy.recurrence_rules);
    if matches!(rules.as_slice(), [only] if only == rule) {
        return;
    }
    both_versions(report, "recurrenceRules", "recurrenceRule");
    if let Ok(json) = Json::from_serialize(&rules) {
        common.extra.insert("recurrenceRules".to_owned(), json);
    }
}

/// What a message to the organizer goes to; the web page on which one answers has no equivalent.
fn organizer(common: &mut CommonMut<'_>, report: &mut Report) {
    let Some(legacy) = common.legacy.as_deref_mut() else { return };
    let address = &mut *common.organizer_calendar_address;
    address_of(&mut legacy.reply_to, address, "replyTo", "organizerCalendarAddress", report);
}

fn both_versions(report: &mut Report, old: &str, new: &str) {
    report.warning("both-versions", old, format!("{new} is there as well, and counts"));
}

/// A place at the end in another time zone was how 1.0 said `endTimeZone`.
fn end_zone<T: Timed>(entry: &mut T, report: &mut Report) {
    let locations = entry.common().locations;
    let at_end = locations.iter().find(|(_, place)| {
        place.legacy.as_ref().is_some_and(|legacy| {
            legacy.relative_to == Some(RelativeTo::End) && legacy.time_zone.is_some()
        })
    });
    // 2.0 knows the zone of the end only beside the zone of the start.
    let (Some((id, _)), true) = (at_end, entry.common().time_zone.is_some()) else { return };
    let id = id.clone();
    let OwnMut { end_zone: Some(end_zone), .. } = entry.own_mut() else { return };
    if end_zone.is_some() {
        return;
    }

    let mut zone = None;
    let CommonMut { locations, participants, .. } = entry.common_mut();
    if let Some(place) = locations.get_mut(&id) {
        let mut bare = place.clone();
        let legacy = bare.legacy.get_or_insert_default();
        zone = legacy.time_zone.take();
        // With something else in it the place stays, and says that it is where the event ends.
        let relative_to = legacy.relative_to.take();
        bare.legacy.take_if(|legacy| **legacy == Default::default());
        let named = participants
            .values()
            .any(|it| it.legacy.as_ref().is_some_and(|it| it.location_id.as_ref() == Some(&id)));
        if bare == crate::Location::default() && !named {
            locations.remove(&id);
            if id != *"end" {
                let message = "its key is lost: the time zone of the end is endTimeZone now";
                report.at("locations", |report| report.note("location-key", id.as_str(), message));
            }
        } else {
            bare.legacy.get_or_insert_default().relative_to = relative_to;
            *place = bare;
        }
    }
    if let OwnMut { end_zone: Some(end_zone), .. } = entry.own_mut() {
        *end_zone = zone;
    }
}
