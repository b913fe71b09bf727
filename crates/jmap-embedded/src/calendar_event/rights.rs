//! What somebody sees of an event and may do with it (JMAP Calendars, sections 4, 5.3 and 5.4).
//!
//! An event can be in several calendars. It is read if one of them allows it, it leaves or enters a calendar by what that
//! one allows, and any other change needs the right in all of them.

use jmap_calendars::{Calendar, CalendarEvent};
use jmap_core::json_model::pointer;
use jmap_core::{Id, Json, PatchObject, SetError, SetErrorKind};
use jscalendar::{LocalDateTime, Participant, Privacy, Role, same_address};

use super::shared::shared;
use crate::access::{Access, Right};
use crate::kept::{self, Kept, Refusal, Who};
use crate::occurrence::people::reduce_participants;
use crate::store::{StoreError, Work};

/// Whether somebody sees that an event is there.
pub(super) fn is_visible(event: &CalendarEvent, access: &Access) -> bool {
    access.is_owner()
        || event.privacy != Some(Privacy::Secret)
            && event.calendar_ids.iter().any(|id| access.may(id.as_str(), |it| it.may_read_items))
}

/// What somebody sees of an event.
pub(super) fn seen(
    mut event: CalendarEvent,
    work: &Work<'_>,
    who: &Who,
) -> Result<CalendarEvent, StoreError> {
    let access = who.access(work)?;
    if !access.is_owner() {
        event.calendar_ids.retain(|id| access.sees(id.as_str()));
        if !is_public(&event) {
            event = times_alone(&event).unwrap_or_default();
        }
    }
    if event.hide_attendees == Some(true) && !is_of(&event, who) {
        reduce_participants(&mut event.event, &[&who.user.address]);
    }
    Ok(event)
}

fn is_public(event: &CalendarEvent) -> bool {
    matches!(event.privacy, None | Some(Privacy::Public))
}

/// What others see of a private event: when it is, and no more (JMAP Calendars, section 5.4).
const OF_PRIVATE: &[&str] = &[
    "@type",
    "baseEventId",
    "calendarIds",
    "created",
    "due",
    "duration",
    "estimatedDuration",
    "freeBusyStatus",
    "id",
    "isDraft",
    "isOrigin",
    "privacy",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "recurrenceOverrides",
    "recurrenceRule",
    "sequence",
    "showWithoutTime",
    "start",
    "timeZone",
    "uid",
    "updated",
    "utcEnd",
    "utcStart",
    "version",
];

fn times_alone(event: &CalendarEvent) -> Option<CalendarEvent> {
    let mut event = kept::with_only(event, |name, _| OF_PRIVATE.contains(&name))?;
    for (_, changes) in event.event.recurrence_overrides.iter_mut() {
        changes
            .0
            .retain(|pointer, _| pointer == "excluded" || OF_PRIVATE.contains(&first(pointer)));
    }
    Some(event)
}

fn first(pointer: &str) -> &str {
    pointer.split('/').next().unwrap_or(pointer)
}

/// Whether an event is the user's: they are an owner of it, or nobody is and the account is theirs.
fn is_of(event: &CalendarEvent, who: &Who) -> bool {
    let mut owners = owners(event).peekable();
    match owners.peek() {
        None => who.is_owner(),
        Some(_) => owners.any(|owner| is_user(owner, &who.user.address)),
    }
}

fn owners(event: &CalendarEvent) -> impl Iterator<Item = &Participant> {
    event.participants.values().filter(|it| it.roles.contains(&Role::Owner))
}

fn is_user(participant: &Participant, address: &str) -> bool {
    participant.calendar_address.as_deref().is_some_and(|it| same_address(it, address))
}

/// Puts back calendars, people and changes of occurrences that somebody does not see.
pub(super) fn keep_hidden(event: &mut CalendarEvent, whole: &CalendarEvent, seen: &CalendarEvent) {
    for id in whole.calendar_ids.iter().filter(|id| !seen.calendar_ids.contains(id.as_str())) {
        event.calendar_ids.insert(id.clone());
    }
    for (id, participant) in &whole.participants {
        if !seen.participants.contains_key(id) && !event.participants.contains_key(id) {
            event.event.participants.insert(id.clone(), participant.clone());
        }
    }
    for (id, changes) in &whole.recurrence_overrides {
        let known = seen.recurrence_overrides.get(id);
        let is_hidden = |pointer: &String| known.is_none_or(|known| !known.0.contains_key(pointer));
        let hidden: Vec<_> = changes.0.iter().filter(|(pointer, _)| is_hidden(pointer)).collect();
        let is_there = event.recurrence_overrides.contains_key(id);
        if hidden.is_empty() || !is_there && !event.has_occurrence(&id.to_string()) {
            continue;
        }
        let now = event.event.recurrence_overrides.get_or_insert_with(*id, PatchObject::new);
        if now.0.contains_key("excluded") {
            continue;
        }
        for (pointer, json) in hidden {
            now.0.get_or_insert_with(pointer.clone(), || json.clone());
        }
    }
}

/// Says what somebody must not do with an event.
pub(super) fn permit(
    before: Option<&CalendarEvent>,
    after: Option<&CalendarEvent>,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let access = who.access(work)?;
    if access.is_owner() {
        return Ok(());
    }
    let becomes_private = |after: &CalendarEvent| {
        !is_public(after) && before.is_none_or(|before| before.privacy != after.privacy)
    };
    if after.is_some_and(becomes_private) {
        return Err(SetError::invalid_properties(["privacy"])
            .description("it is not the user's calendar")
            .into());
    }
    let guest = Guest { access, address: &who.user.address };
    let is_allowed = match (before, after) {
        (Some(before), _) if !is_public(before) => false,
        (None, Some(event)) | (Some(event), None) => {
            event.calendar_ids.iter().all(|id| guest.may_write(event, id))
        }
        (Some(before), Some(after)) => guest.may_change(before, after),
        (None, None) => true,
    };
    if is_allowed {
        return Ok(());
    }
    Err(SetError::new(SetErrorKind::Forbidden)
        .description("the rights in the calendars of the event are not enough")
        .into())
}

/// Somebody in the calendars of somebody else.
struct Guest<'a> {
    access: &'a Access,
    address: &'a str,
}

impl Guest<'_> {
    fn may_write(&self, event: &CalendarEvent, calendar: &Id<Calendar>) -> bool {
        let may = |right: Right| self.access.may(calendar.as_str(), right);
        may(|it| it.may_write_all) || may(|it| it.may_write_own) && self.owns(event)
    }

    /// Whether the event is theirs, or nobody's.
    fn owns(&self, event: &CalendarEvent) -> bool {
        let mut owners = owners(event).peekable();
        owners.peek().is_none() || owners.any(|owner| is_user(owner, self.address))
    }

    fn may_in_all(&self, event: &CalendarEvent, right: Right) -> bool {
        event
            .calendar_ids
            .iter()
            .all(|id| self.access.may(id.as_str(), right) || self.may_write(event, id))
    }

    fn may_change(&self, before: &CalendarEvent, after: &CalendarEvent) -> bool {
        let (was, is) = (&before.calendar_ids, &after.calendar_ids);
        let left = was.iter().filter(|id| !is.contains(id.as_str()));
        let entered = is.iter().filter(|id| !was.contains(id.as_str()));
        if !left.chain(entered).all(|id| self.may_write(before, id)) {
            return false;
        }
        let [before_shared, after_shared] = [before, after].map(counted);
        if before_shared != after_shared || empty_overrides(before) != empty_overrides(after) {
            return before.calendar_ids.iter().all(|id| self.may_write(before, id))
                || self.only_answers(before, &before_shared, &after_shared)
                    && self.may_in_all(before, |it| it.may_rsvp);
        }
        let [before_own, after_own] = [before, after].map(without_calendars);
        before_own == after_own || self.may_in_all(before, |it| it.may_update_private)
    }

    /// Whether the only difference is what those may change who only answer invitations: something about themselves, and
    /// people where the event allows more of them.
    fn only_answers(
        &self,
        event: &CalendarEvent,
        before: &CalendarEvent,
        after: &CalendarEvent,
    ) -> bool {
        let mut expected = before.clone();
        for (id, participant) in &after.participants {
            match expected.event.participants.get_mut(id) {
                Some(own) if is_user(own, self.address) => answer(own, participant),
                Some(_) => {}
                None if self.may_come(event, participant) => {
                    expected.event.participants.insert(id.clone(), participant.clone());
                }
                None => {}
            }
        }
        let ids = before.recurrence_overrides.keys().chain(after.recurrence_overrides.keys());
        for id in ids {
            let [was, is] = [before, after].map(|it| it.recurrence_overrides.get(id));
            if !self.only_answers_in(event, *id, was, is) {
                continue;
            }
            match is {
                Some(is) => _ = expected.event.recurrence_overrides.insert(*id, is.clone()),
                None => _ = expected.event.recurrence_overrides.remove(id),
            }
        }
        // Whoever comes to an event without an organizer makes one of its owner.
        expected.event.organizer_calendar_address = after.organizer_calendar_address.clone();
        expected == *after
            && before
                .organizer_calendar_address
                .as_ref()
                .is_none_or(|it| after.organizer_calendar_address.as_ref() == Some(it))
    }

    /// Whether an override changed only in answers: they may come and go, but nothing else.
    fn only_answers_in(
        &self,
        event: &CalendarEvent,
        id: LocalDateTime,
        was: Option<&PatchObject>,
        is: Option<&PatchObject>,
    ) -> bool {
        let nothing = PatchObject::new();
        let (members, others) = (is.unwrap_or(&nothing), was.unwrap_or(&nothing));
        let is_answer = |(pointer, json): (&String, &Json)| self.is_answer(event, pointer, json);
        let stays = |(pointer, json): (&String, &Json)| members.0.get(pointer) == Some(json);
        let was_there = |(pointer, json): (&String, &Json)| others.0.get(pointer) == Some(json);
        others.0.iter().all(|it| stays(it) || is_answer(it))
            && members.0.iter().all(|it| was_there(it) || is_answer(it))
            && (was.is_some() == is.is_some() || event.has_occurrence(&id.to_string()))
    }

    /// Whether a member of an override is an answer of the user for this occurrence, or somebody who may come to it.
    fn is_answer(&self, event: &CalendarEvent, pointer: &str, json: &Json) -> bool {
        let tokens: Vec<_> = pointer::tokens(pointer).collect();
        let find = |id: &str| event.participants.iter().find(|(it, _)| it.as_str() == id);
        match tokens.as_slice() {
            [all, id, name] if all == "participants" => {
                ANSWERS.contains(&&**name)
                    && find(id).is_some_and(|(_, it)| is_user(it, self.address))
            }
            [all, id] if all == "participants" && find(id).is_none() => {
                json.decode().is_ok_and(|it: Participant| self.may_come(event, &it))
            }
            _ => false,
        }
    }

    /// Whether the event lets the user bring this person along.
    fn may_come(&self, event: &CalendarEvent, participant: &Participant) -> bool {
        let is_harmless = |role: &Role| !matches!(role, Role::Owner | Role::Chair);
        let takes_part = || event.participants.values().any(|it| is_user(it, self.address));
        participant.roles.iter().all(is_harmless)
            && (event.may_invite_self == Some(true) && is_user(participant, self.address)
                || event.may_invite_others == Some(true) && takes_part())
    }
}

/// The overrides that say nothing: they are the same for everybody, although nobody sees a difference.
fn empty_overrides(event: &CalendarEvent) -> Vec<LocalDateTime> {
    let empty = event.recurrence_overrides.iter().filter(|(_, changes)| changes.is_empty());
    empty.map(|(id, _)| *id).collect()
}

/// What those may change about themselves who only answer.
const ANSWERS: &[&str] =
    &["participationStatus", "expectReply", "scheduleSequence", "scheduleUpdated"];

/// Takes over an answer.
fn answer(own: &mut Participant, answer: &Participant) {
    own.participation_status = answer.participation_status.clone();
    own.expect_reply = answer.expect_reply;
    if let Some(theirs) = &answer.legacy {
        let own = own.legacy.get_or_insert_default();
        own.schedule_sequence = theirs.schedule_sequence;
        own.schedule_updated = theirs.schedule_updated;
    }
}

/// What everybody shares of an event, without the calendars that it is in and the stamp of the server.
pub(super) fn counted(event: &CalendarEvent) -> CalendarEvent {
    let mut counted = without_calendars(&shared(event));
    counted.updated = None;
    counted
}

fn without_calendars(event: &CalendarEvent) -> CalendarEvent {
    let mut event = event.clone();
    event.calendar_ids = Default::default();
    event
}
