//! What those who are invited get to know of an event.

use std::collections::BTreeMap;

use jmap_calendars::CalendarEvent;
use jscalendar::{Event, LocalDateTime, Participant, Series, TimeZones, same_address};

use crate::calendar_event::shared::{forget_needless, shared};
use crate::occurrence::people::retain_participants;

/// What somebody is invited to: the event as a whole, or single occurrences of it.
pub(super) type Invitation = BTreeMap<Option<LocalDateTime>, Event>;

/// What somebody with this address is invited to.
pub(super) fn of(event: &CalendarEvent, address: &str) -> Invitation {
    let mut told = told(event, address);
    if has(&event.event, address) {
        let missing = occurrences(event, |occurrence| !has(occurrence, address));
        for (id, _) in missing {
            exclude(&mut told, id);
        }
        return [(event.recurrence_id, told)].into();
    }
    let invited = occurrences(event, |occurrence| has(occurrence, address));
    invited.into_iter().map(|(id, _)| (Some(id), occurrence(&told, id))).collect()
}

/// All addresses of people who take part in the event, or in some occurrence.
pub(super) fn addresses(event: &CalendarEvent) -> Vec<String> {
    let of = |event: &Event| -> Vec<String> {
        event.participants.values().filter_map(|it| it.calendar_address.clone()).collect()
    };
    let mut addresses = of(&event.event);
    for (_, occurrence) in occurrences(event, |_| true) {
        addresses.extend(of(&occurrence));
    }
    addresses
}

/// The participant with this address.
pub(super) fn person<'e>(
    event: &'e Event,
    address: &str,
) -> Option<(&'e jscalendar::Id, &'e Participant)> {
    let is_they = |it: &Participant| {
        it.calendar_address.as_deref().is_some_and(|it| same_address(it, address))
    };
    event.participants.iter().find(|(_, participant)| is_they(participant))
}

fn has(event: &Event, address: &str) -> bool {
    person(event, address).is_some()
}

/// The occurrences with an override for which something holds.
pub(super) fn occurrences(
    event: &CalendarEvent,
    holds: impl Fn(&Event) -> bool,
) -> Vec<(LocalDateTime, Event)> {
    let Ok(series) = Series::new(&event.event, &TimeZones::new()) else { return Vec::new() };
    let ids = event.recurrence_overrides.keys();
    let occurrences = ids.filter_map(|id| Some((*id, series.occurrence(*id)?.object())));
    occurrences.filter(|(_, occurrence)| holds(occurrence)).collect()
}

/// An occurrence as an event of its own.
pub(super) fn occurrence(event: &Event, id: LocalDateTime) -> Event {
    let series = Series::new(event, &TimeZones::new());
    let found = series.ok().and_then(|series| Some(series.occurrence(id)?.object()));
    found.unwrap_or_else(|| event.clone())
}

/// Takes an occurrence out of an event: one of the rule is excluded, another one is gone.
fn exclude(event: &mut Event, id: LocalDateTime) {
    let change = Series::new(event, &TimeZones::new())
        .ok()
        .and_then(|series| series.delete_occurrence(id).ok());
    let changed = change.and_then(|change| {
        jmap_core::server::patched(&CalendarEvent::from(event.clone()), &change).ok()
    });
    if let Some(changed) = changed {
        *event = changed.event;
    }
}

/// The event without what is the user's own, and without those whom somebody must not see.
fn told(event: &CalendarEvent, address: &str) -> Event {
    let mut told = shared(event).event;
    told.i_calendar = None;
    for (_, participant) in told.participants.iter_mut() {
        forget_replies(participant);
    }
    if event.hide_attendees == Some(true) {
        let is_they = |it: &Participant| {
            it.calendar_address.as_deref().is_some_and(|it| same_address(it, address))
        };
        retain_participants(&mut told, &is_they);
        forget_needless(&mut told);
    }
    told
}

/// When somebody answered is for the organizer to know.
fn forget_replies(participant: &mut Participant) {
    let Some(legacy) = &mut participant.legacy else { return };
    (legacy.schedule_sequence, legacy.schedule_updated) = (None, None);
    if **legacy == Default::default() {
        participant.legacy = None;
    }
}
