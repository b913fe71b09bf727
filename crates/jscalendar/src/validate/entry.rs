//! Rules for events and tasks.

use json_model::Part;

use super::check::Check;
use super::rule::{
    END_ZONE_ALONE, ID_ZONE_ALONE, INSTANCE_RECURS, MAIN_LOCATION, NO_ORGANIZER, NOT_IN_VERSION,
    ORGANIZER_ALONE, SENT_BY_ALONE, TASK_WITHOUT_DATE, VERSION_IN_ENTRY,
};
use super::time_zone::Definitions;
use super::{alert, group, location, overrides, participant, recurrence, time_zone};
use crate::kind::Timed;
use crate::{
    EntryLegacy, Event, EventStatus, FreeBusyStatus, Method, Privacy, Progress, RelationType, Task,
};

/// What events and tasks do not have in common.
pub(super) trait Own: Timed {
    const IS_TASK: bool;
    /// Members of other types of objects.
    const ELSEWHERE: &'static [&'static str];

    fn own_rules(&self, check: &mut Check);
}

/// An entry that stands alone.
pub(super) fn alone<T: Own>(entry: &T, check: &mut Check) {
    group::version(*entry.common().version, entry.common().extra, check);
    everything(entry, None, check);
}

/// An entry of a group, which sees the time zones of the group.
pub(super) fn in_group<T: Own>(entry: &T, zones: Option<&Definitions>, check: &mut Check) {
    if !check.old() && entry.common().version.is_some() {
        check.fails(VERSION_IN_ENTRY, "version", "the version is that of the group");
    }
    everything(entry, zones, check);
}

fn everything<T: Own>(entry: &T, zones: Option<&Definitions>, check: &mut Check) {
    fields(entry, zones, check);
    overrides::check(entry, |entry, check| fields(entry, zones, check), check);
}

/// All rules except those for overrides.
fn fields<T: Own>(entry: &T, zones: Option<&Definitions>, check: &mut Check) {
    check.names(entry, EntryLegacy::MEMBERS, T::ELSEWHERE);
    let common = entry.common();
    check.demand(common.extra, common.uid.is_some(), "uid");
    check.demand(common.extra, common.updated.is_some(), "updated");
    entry.own_rules(check);
    texts(entry, check);
    values(entry, check);
    recurring(entry, check);
    time_zone::used(entry, zones, check);
    people(entry, check);
    places(entry, check);
    check.each("alerts", common.alerts, |check, _, it| alert::alert(it, entry, T::IS_TASK, check));
}

fn texts<T: Timed>(entry: &T, check: &mut Check) {
    let common = entry.common();
    check.text_type(common.description_content_type.as_deref());
    check.language("locale", common.locale.as_deref());
    check.at("categories", |check| {
        for category in common.categories.iter() {
            check.uri(category, Some(category));
        }
    });
    check.color(common.color.as_deref());
    if let Some(legacy) = common.legacy.as_deref().filter(|_| check.old()) {
        overrides::localizations(&legacy.localizations, check);
    }
}

fn values<T: Timed>(entry: &T, check: &mut Check) {
    let common = entry.common();
    check.whole_second("created", *common.created);
    check.whole_second("updated", *common.updated);
    check.range("priority", *common.priority, 0, 9);
    if let Some(method) = common.method {
        check.value("method", method.as_str(), Method::REGISTERED);
    }
    if let Some(status) = common.free_busy_status {
        check.value("freeBusyStatus", status.as_str(), FreeBusyStatus::REGISTERED);
    }
    if let Some(privacy) = common.privacy {
        check.value("privacy", privacy.as_str(), Privacy::REGISTERED);
    }
    check.at("relatedTo", |check| {
        for (uid, relation) in common.related_to {
            check.at(uid, |check| {
                check.names(relation, &[], &[]);
                for kind in relation.relation.iter() {
                    check.at("relation", |check| {
                        check.value(kind.as_str(), kind.as_str(), RelationType::REGISTERED);
                    });
                }
            });
        }
    });
}

fn recurring<T: Timed>(entry: &T, check: &mut Check) {
    let common = entry.common();
    check.whole_second("recurrenceId", *common.recurrence_id);
    if let Some(rule) = common.recurrence_rule {
        check.at("recurrenceRule", |check| recurrence::rule(rule, check));
    }
    if let Some(legacy) = common.legacy.as_deref() {
        for (name, rules) in [
            ("recurrenceRules", &legacy.recurrence_rules),
            ("excludedRecurrenceRules", &legacy.excluded_recurrence_rules),
        ] {
            check.at(name, |check| {
                for (index, rule) in rules.iter().enumerate() {
                    check.at(&index.to_string(), |check| recurrence::rule(rule, check));
                }
            });
        }
    }
    let recurs = common.recurrence_rule.is_some() || !common.recurrence_overrides.is_empty();
    if common.recurrence_id.is_some() && recurs {
        let message = "an occurrence has neither a rule nor overrides";
        check.fails(INSTANCE_RECURS, "recurrenceId", message);
    }
    if common.recurrence_id.is_none() && common.recurrence_id_time_zone.is_some() {
        let message = "recurrenceIdTimeZone needs recurrenceId";
        check.fails(ID_ZONE_ALONE, "recurrenceIdTimeZone", message);
    }
}

fn people<T: Own>(entry: &T, check: &mut Check) {
    let common = entry.common();
    let organizer = common.organizer_calendar_address.as_deref();
    check.uri("organizerCalendarAddress", organizer);
    check.email("sentBy", common.sent_by.as_deref());
    check.each("participants", common.participants, |check, _, it| {
        participant::participant(it, entry, T::IS_TASK, check);
    });

    let addressed = common.participants.values().any(participant::is_addressed);
    let web = common.legacy.as_ref().is_some_and(|legacy| !legacy.reply_to.is_empty());
    if addressed && organizer.is_none() && !web {
        let message = "participants with a calendar address need an organizer";
        check.fails(NO_ORGANIZER, "participants", message);
    }
    if check.old() {
        return;
    }
    if organizer.is_some() && !addressed {
        let message = "no participant has a calendar address";
        check.fails(ORGANIZER_ALONE, "organizerCalendarAddress", message);
    }
    if common.sent_by.is_some() && organizer.is_none() {
        check.fails(SENT_BY_ALONE, "sentBy", "sentBy needs organizerCalendarAddress");
    }
}

fn places<T: Timed>(entry: &T, check: &mut Check) {
    let common = entry.common();
    check.each("locations", common.locations, |check, _, it| location::location(it, check));
    check.each("virtualLocations", common.virtual_locations, |check, _, it| {
        location::virtual_location(it, check);
    });
    check.each("links", common.links, |check, _, it| location::link(it, check));

    let Some(id) = common.main_location_id else { return };
    if check.old() {
        return check.fails(NOT_IN_VERSION, "mainLocationId", "version 1.0 has no mainLocationId");
    }
    let named = common.locations.get(id).is_some_and(|place| place.name.is_some());
    if !named {
        let message = format!("there is no location {id} with a name");
        check.fails(MAIN_LOCATION, "mainLocationId", message);
    }
}

impl Own for Event {
    const IS_TASK: bool = false;
    const ELSEWHERE: &'static [&'static str] =
        &["due", "estimatedDuration", "percentComplete", "progress", "entries", "source"];

    fn own_rules(&self, check: &mut Check) {
        check.demand(&self.extra, self.start.is_some(), "start");
        check.whole_second("start", self.start);
        check.whole_second("duration", self.duration);
        if let Some(status) = &self.status {
            check.value("status", status.as_str(), EventStatus::REGISTERED);
        }
        if self.end_time_zone.is_some() && self.time_zone.is_none() && !check.old() {
            check.fails(END_ZONE_ALONE, "endTimeZone", "endTimeZone needs timeZone");
        }
    }
}

impl Own for Task {
    const IS_TASK: bool = true;
    const ELSEWHERE: &'static [&'static str] =
        &["duration", "status", "endTimeZone", "entries", "source"];

    fn own_rules(&self, check: &mut Check) {
        check.whole_second("start", self.start);
        check.whole_second("due", self.due);
        check.whole_second("estimatedDuration", self.estimated_duration);
        check.range("percentComplete", self.percent_complete, 0, 100);
        if let Some(progress) = &self.progress {
            check.value("progress", progress.as_str(), Progress::REGISTERED);
        }
        if self.recurrence_rule.is_some() || self.recurrence_id.is_some() {
            check.demand(&self.extra, self.start.is_some(), "start");
        }
        let dated = self.start.is_some() || self.due.is_some();
        if check.old() || dated {
            return;
        }
        if self.time_zone.is_some() {
            check.fails(TASK_WITHOUT_DATE, "timeZone", "timeZone needs start or due");
        }
        if self.show_without_time == Some(true) {
            check.fails(TASK_WITHOUT_DATE, "showWithoutTime", "showWithoutTime needs start or due");
        }
    }
}
