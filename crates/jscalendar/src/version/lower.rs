//! From 2.0 to 1.0: every field in the form in which RFC 8984 writes it.

mod participant;

use json_model::Part;

pub(crate) use self::participant::{method_of, old_roles};

use super::{Conversion, drop_foreign, lost, names_any};
use crate::common::CommonMut;
use crate::kind::{OwnMut, Timed};
use crate::lift::old_relations;
use crate::report::Report;
use crate::whole::written;
use crate::{
    EntryLegacy, Group, GroupLegacy, Id, Json, Link, LinkLegacy, Location, LocationLegacy, Map,
    RelativeTo, Version,
};

const OLD: Version = Version::V1_0;

/// Converts an entry and the patches of its overrides.
pub(super) fn entry<T: Timed>(entry: &mut T, report: &mut Report) {
    let conversion = Conversion { write: |entry: &T| written(entry, OLD), affects };
    conversion.run(entry, fields, report);
}

pub(super) fn group(group: &mut Group, report: &mut Report) {
    report.at("links", |report| links(&mut group.links, report));
    drop_foreign(group, GroupLegacy::MEMBERS, OLD, report);
}

/// Whether it can change what this entry of a patch says. Every object gets an `@type`.
fn affects(pointer: &str, json: &Json) -> bool {
    const NAMES: &[&str] = &[
        "@type",
        "recurrenceRule",
        "organizerCalendarAddress",
        "endTimeZone",
        "mainLocationId",
        "calendarAddress",
        "descriptionContentType",
        "roles",
        "participationStatus",
        "expectReply",
        "delegatedTo",
        "delegatedFrom",
        "memberOf",
        "relation",
        "display",
    ];
    let in_array = || {
        let is_index = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
        pointer.split('/').skip(1).any(is_index)
    };
    // The zone of the end is a place among the others in 1.0.
    pointer == "locations"
        || json.is_object()
        || json.as_str().starts_with('[')
        || names_any(NAMES, pointer, json)
        || in_array()
}

fn fields<T: Timed>(entry: &mut T, report: &mut Report) {
    end_zone(entry, report);
    let mut common = entry.common_mut();
    *common.version = None;
    rules(&mut common, report);
    organizer(&mut common, report);
    if common.main_location_id.take().is_some() {
        lost(report, "mainLocationId", OLD);
    }
    participant::lower(common.participants, report);
    old_relations(common.alerts, report);
    report.at("links", |report| links(common.links, report));
    report.at("locations", |report| {
        for (id, place) in common.locations.iter_mut() {
            report.at(id.as_str(), |report| {
                report.at("links", |report| links(&mut place.links, report));
                drop_foreign(place, LocationLegacy::MEMBERS, OLD, report);
            });
        }
    });
    drop_foreign(entry, EntryLegacy::MEMBERS, OLD, report);
}

/// The rule, then the others that 1.0 may have.
fn rules(common: &mut CommonMut<'_>, report: &mut Report) {
    let Some(rule) = common.recurrence_rule.take() else { return };
    common.legacy.get_or_insert_default().recurrence_rules.insert(0, *rule);
    // Kept aside because the object had a rule in both forms; this place is taken now.
    if common.extra.remove("recurrenceRules").is_some() {
        lost(report, "recurrenceRules", OLD);
    }
}

fn organizer(common: &mut CommonMut<'_>, report: &mut Report) {
    let Some(address) = common.organizer_calendar_address.take() else { return };
    let legacy = common.legacy.get_or_insert_default();
    participant::put_address(&mut legacy.reply_to, address, "replyTo", report);
    if common.extra.remove("replyTo").is_some() {
        lost(report, "replyTo", OLD);
    }
}

/// 1.0 says the zone of the end by a place there.
fn end_zone<T: Timed>(entry: &mut T, report: &mut Report) {
    let OwnMut { end_zone: Some(end_zone), .. } = entry.own_mut() else { return };
    let Some(zone) = end_zone.take() else { return };
    let locations = entry.common_mut().locations;
    let id = match locations.iter().find(|(_, place)| is_at_end(place)) {
        Some((id, _)) => id.clone(),
        None => free_id(locations, "end"),
    };
    let legacy =
        locations.get_or_insert_with(id.clone(), Location::default).legacy.get_or_insert_default();
    legacy.relative_to = Some(RelativeTo::End);
    if legacy.time_zone.replace(zone).is_some() {
        let message = "there is a time zone of the end as well, and that counts";
        report.at("locations", |report| {
            report.at(id.as_str(), |report| report.error("both-versions", "timeZone", message));
        });
    }
}

fn is_at_end(place: &Location) -> bool {
    place.legacy.as_ref().is_some_and(|legacy| legacy.relative_to == Some(RelativeTo::End))
}

/// `name`, or `name-2` and so on if that is taken.
fn free_id<V>(map: &Map<Id, V>, name: &str) -> Id {
    let others = (2..).map(|number: usize| format!("{name}-{number}"));
    let mut ids = std::iter::once(name.to_owned()).chain(others).map(Id::from);
    ids.find(|id| !map.contains_key(id)).unwrap_or_else(|| Id::from(name))
}

/// What an image is made for: 1.0 takes one value.
fn links(links: &mut Map<Id, Link>, report: &mut Report) {
    for (id, link) in links.iter_mut() {
        report.at(id.as_str(), |report| {
            let mut display = std::mem::take(&mut link.display).into_iter();
            if let Some(first) = display.next() {
                link.legacy.get_or_insert_default().display = Some(first);
            }
            for other in display {
                let message = format!("version 1.0 takes one value; lost: {other}");
                report.error("not-in-version", "display", message);
            }
            drop_foreign(link, LinkLegacy::MEMBERS, OLD, report);
        });
    }
}
