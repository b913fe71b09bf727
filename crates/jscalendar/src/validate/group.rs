//! Rules for groups.

use json_model::Part;

use super::check::Check;
use super::rule::{OTHER_VERSION, UNKNOWN_TYPE, WRONG_VALUE};
use super::{entry, location, time_zone};
use crate::{Entry, Group, GroupLegacy, Json, Map, Version};

/// Members of entries that a group does not have.
const OF_ENTRIES: &[&str] = &[
    "relatedTo",
    "sequence",
    "method",
    "showWithoutTime",
    "locations",
    "mainLocationId",
    "virtualLocations",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "recurrenceRule",
    "recurrenceRules",
    "excludedRecurrenceRules",
    "recurrenceOverrides",
    "excluded",
    "priority",
    "freeBusyStatus",
    "privacy",
    "replyTo",
    "organizerCalendarAddress",
    "sentBy",
    "participants",
    "requestStatus",
    "useDefaultAlerts",
    "alerts",
    "localizations",
    "timeZone",
    "start",
    "duration",
    "endTimeZone",
    "status",
    "due",
    "estimatedDuration",
    "percentComplete",
    "progress",
    "progressUpdated",
];

pub(super) fn group(group: &Group, check: &mut Check) {
    check.names(group, GroupLegacy::MEMBERS, OF_ENTRIES);
    version(group.version, &group.extra, check);
    check.demand(&group.extra, group.uid.is_some(), "uid");
    check.demand(&group.extra, group.updated.is_some(), "updated");
    check.whole_second("created", group.created);
    check.whole_second("updated", group.updated);
    check.text_type(group.description_content_type.as_deref());
    check.language("locale", group.locale.as_deref());
    check.at("categories", |check| {
        for category in group.categories.iter() {
            check.uri(category, Some(category));
        }
    });
    check.color(group.color.as_deref());
    check.uri("source", group.source.as_deref());
    check.each("links", &group.links, |check, _, link| location::link(link, check));
    let zones = group.legacy.as_ref().map(|legacy| &legacy.time_zones);
    time_zone::definitions(zones, check);
    check.at("entries", |check| {
        for (index, entry) in group.entries.iter().enumerate() {
            check.at(&index.to_string(), |check| match entry {
                Entry::Event(event) => entry::in_group(&**event, zones, check),
                Entry::Task(task) => entry::in_group(&**task, zones, check),
                Entry::Other(json) if json.is_object() => {
                    check.fails(UNKNOWN_TYPE, "", "neither an Event nor a Task");
                }
                Entry::Other(_) => check.fails(WRONG_VALUE, "", "not an object"),
            });
        }
    });
}

/// The version of an object that stands alone. 1.0 does not have the member, but allows it.
pub(super) fn version(version: Option<Version>, extra: &Map<String, Json>, check: &mut Check) {
    if !check.old() {
        check.demand(extra, version.is_some(), "version");
    }
    let Some(version) = version else { return };
    if (version < Version::V2_0) != check.old() {
        let message =
            format!("the object says {version}, the rules are those of {}", check.version());
        check.fails(OTHER_VERSION, "version", message);
    }
}
