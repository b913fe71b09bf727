//! To pure 2.0: what only 1.0 has is dropped and listed.

use json_model::Part;

use super::zone::Zones;
use super::{Conversion, drop_foreign, drop_legacy, lost, names_any};
use crate::common::CommonMut;
use crate::kind::{OwnMut, Timed};
use crate::report::Report;
use crate::whole::written;
use crate::{
    Alert, Duration, EntryLegacy, Group, GroupLegacy, Id, Json, Link, LinkLegacy, LocalDateTime,
    Location, LocationLegacy, Map, Participant, ParticipantLegacy, Progress, SignedDuration,
    Trigger, UtcDateTime, Version, VirtualLocation, VirtualLocationLegacy,
};

const NEW: Version = Version::V2_0;

/// Converts an entry and the patches of its overrides; `zones` are those of the group around it.
pub(super) fn entry<T: Timed>(entry: &mut T, zones: &Zones, report: &mut Report) {
    override_keys(entry.common_mut(), report);
    let zones = zones.with(entry);
    let conversion = Conversion { write: |entry: &T| written(entry, NEW), affects };
    conversion.run(entry, |entry, report| fields(entry, &zones, report), report);
}

pub(super) fn group(group: &mut Group, report: &mut Report) {
    whole_second(&mut group.created, "created", report);
    whole_second(&mut group.updated, "updated", report);
    color(&mut group.color, report);
    report.at("links", |report| links(&mut group.links, report));
    drop_legacy(&mut group.legacy, report);
    drop_foreign(group, GroupLegacy::MEMBERS, NEW, report);
}

/// Whether it can change what this entry of a patch says: a member that only 1.0 has, a fraction of a second, a zone
/// of the object's own, a colour of three digits.
fn affects(pointer: &str, json: &Json) -> bool {
    const NAMES: &[&str] = &[
        "excludedRecurrenceRules",
        "recurrenceRules",
        "replyTo",
        "requestStatus",
        "useDefaultAlerts",
        "localizations",
        "timeZones",
        "progressUpdated",
        "cid",
        "description",
        "relativeTo",
        "timeZone",
        "recurrenceIdTimeZone",
        "endTimeZone",
        "sendTo",
        "participationComment",
        "scheduleAgent",
        "scheduleForceSend",
        "scheduleSequence",
        "scheduleStatus",
        "scheduleUpdated",
        "invitedBy",
        "locationId",
        "language",
        "progress",
        "delegatedTo",
        "delegatedFrom",
        "memberOf",
        "color",
    ];
    let top_level = !pointer.contains('/');
    let plain = top_level && matches!(pointer, "description" | "progress");
    !plain && names_any(NAMES, pointer, json) || may_have_fraction(json)
}

/// Whether a digit, a full stop and another digit stand in a text of the value.
fn may_have_fraction(json: &Json) -> bool {
    let text = json.as_str();
    text.contains('"')
        && text.as_bytes().windows(3).any(|three| {
            matches!(three, [before, b'.', after] if before.is_ascii_digit() && after.is_ascii_digit())
        })
}

fn fields<T: Timed>(entry: &mut T, zones: &Zones, report: &mut Report) {
    own_fields(entry, report);
    zones.replace(entry, report);
    let common = entry.common_mut();
    whole_second(common.created, "created", report);
    whole_second(common.updated, "updated", report);
    whole_second(common.recurrence_id, "recurrenceId", report);
    if let Some(rule) = common.recurrence_rule {
        report.at("recurrenceRule", |report| whole_second(&mut rule.until, "until", report));
    }
    color(common.color, report);
    each(common.participants, "participants", report, participant);
    each(common.alerts, "alerts", report, alert);
    each(common.locations, "locations", report, location);
    drop_empty(common.locations, report);
    each(common.virtual_locations, "virtualLocations", report, virtual_location);
    report.at("links", |report| links(common.links, report));
    drop_legacy(common.legacy, report);
    drop_foreign(entry, EntryLegacy::MEMBERS, NEW, report);
}

fn each<V>(map: &mut Map<Id, V>, name: &str, report: &mut Report, change: fn(&mut V, &mut Report)) {
    if map.is_empty() {
        return;
    }
    report.at(name, |report| {
        for (id, value) in map.iter_mut() {
            report.at(id.as_str(), |report| change(value, report));
        }
    });
}

fn own_fields<T: Timed>(entry: &mut T, report: &mut Report) {
    let OwnMut { start, due, length, length_name, .. } = entry.own_mut();
    whole_second(start, "start", report);
    if let Some(due) = due {
        whole_second(due, "due", report);
    }
    whole_second(length, length_name, report);
}

fn participant(participant: &mut Participant, report: &mut Report) {
    for (name, set) in [
        ("delegatedTo", &mut participant.delegated_to),
        ("delegatedFrom", &mut participant.delegated_from),
        ("memberOf", &mut participant.member_of),
    ] {
        let ids: Vec<String> = set.iter().filter(|it| !it.contains(':')).cloned().collect();
        for id in ids {
            set.remove(&id);
            let message = "version 2.0 has calendar addresses here, and this participant has none";
            report.at(name, |report| report.error("not-in-version", &id, message));
        }
    }
    if matches!(participant.progress, Some(Progress::NeedsAction | Progress::Cancelled)) {
        participant.progress = None;
        lost(report, "progress", NEW);
    }
    report.at("links", |report| links(&mut participant.links, report));
    drop_legacy(&mut participant.legacy, report);
    drop_foreign(participant, ParticipantLegacy::MEMBERS, NEW, report);
}

fn location(place: &mut Location, report: &mut Report) {
    report.at("links", |report| links(&mut place.links, report));
    drop_legacy(&mut place.legacy, report);
    drop_foreign(place, LocationLegacy::MEMBERS, NEW, report);
}

/// A place of which nothing is left must not be written.
fn drop_empty(locations: &mut Map<Id, Location>, report: &mut Report) {
    report.at("locations", |report| {
        locations.retain(|id, place| {
            let empty = *place == Location::default();
            if empty {
                report.error("empty-location", id.as_str(), "nothing of the place is left");
            }
            !empty
        });
    });
}

fn virtual_location(place: &mut VirtualLocation, report: &mut Report) {
    drop_legacy(&mut place.legacy, report);
    drop_foreign(place, VirtualLocationLegacy::MEMBERS, NEW, report);
}

fn links(links: &mut Map<Id, Link>, report: &mut Report) {
    for (id, link) in links.iter_mut() {
        report.at(id.as_str(), |report| {
            if let Some(display) = link.legacy.as_mut().and_then(|legacy| legacy.display.take()) {
                link.display.insert(display);
            }
            link.legacy.take_if(|legacy| **legacy == LinkLegacy::default());
            drop_legacy(&mut link.legacy, report);
            drop_foreign(link, LinkLegacy::MEMBERS, NEW, report);
        });
    }
}

fn alert(alert: &mut Alert, report: &mut Report) {
    whole_second(&mut alert.acknowledged, "acknowledged", report);
    report.at("trigger", |report| match &mut alert.trigger {
        Some(Trigger::Offset(trigger)) => whole_second(&mut trigger.offset, "offset", report),
        Some(Trigger::Absolute(trigger)) => whole_second(&mut trigger.when, "when", report),
        Some(Trigger::Unknown(_)) | None => {}
    });
}

/// 1.0 has colours of three digits (CSS Color Module Level 3); 2.0 wants six.
fn color(color: &mut Option<String>, report: &mut Report) {
    let Some(digits) = color.as_deref().and_then(|color| color.strip_prefix('#')) else { return };
    if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return;
    }
    let long: String = digits.chars().flat_map(|digit| [digit, digit]).collect();
    report.note("short-color", "color", format!("#{digits} is written #{long}"));
    *color = Some(format!("#{long}"));
}

/// A time or duration that may have a fraction of a second in 1.0 and must not in 2.0.
trait Fractional: Copy + PartialEq + std::fmt::Display {
    fn whole(self) -> Self;
}

impl Fractional for LocalDateTime {
    fn whole(self) -> Self {
        self.truncated()
    }
}

impl Fractional for UtcDateTime {
    fn whole(self) -> Self {
        self.truncated()
    }
}

impl Fractional for Duration {
    fn whole(self) -> Self {
        self.without_fraction()
    }
}

impl Fractional for SignedDuration {
    fn whole(self) -> Self {
        let duration = self.duration().without_fraction();
        match (self.is_negative(), duration == self.duration()) {
            (_, true) => self,
            (true, false) => Self::negative(duration),
            (false, false) => Self::positive(duration),
        }
    }
}

fn whole_second<V: Fractional>(value: &mut Option<V>, name: &str, report: &mut Report) {
    let Some(before) = *value else { return };
    let after = before.whole();
    if after != before {
        fraction(report, name, &before);
        *value = Some(after);
    }
}

fn fraction(report: &mut Report, name: &str, value: &impl std::fmt::Display) {
    let message =
        format!("version 2.0 has no fractions of a second, so that of {value} was cut off");
    report.warning("fraction", name, message);
}

fn override_keys(common: CommonMut<'_>, report: &mut Report) {
    let overrides = common.recurrence_overrides;
    if overrides.keys().all(|start| start.truncated() == *start) {
        return;
    }
    report.at("recurrenceOverrides", |report| {
        // In order of time, so that of two that become one the whole second is met first, and stays.
        let mut whole = Vec::with_capacity(overrides.len());
        for (start, patch) in std::mem::take(overrides) {
            let cut = start.truncated();
            if cut != start {
                fraction(report, &start.to_string(), &start);
            }
            match whole.last() {
                Some((last, _)) if *last == cut => {
                    report.error("override-lost", &start.to_string(), "there is another one now");
                }
                _ => whole.push((cut, patch)),
            }
        }
        *overrides = whole.into();
    });
}
