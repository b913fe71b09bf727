//! What those who take part send: REPLY.

use std::collections::BTreeSet;

use jmap_calendars::CalendarEvent;
use jscalendar::{Event, EventStatus, LocalDateTime, Method, ParticipationStatus};

use super::Message;
use super::invitation::{occurrence, occurrences, person};

/// The answers of a change to the organizer.
pub(super) fn replies(
    before: Option<&CalendarEvent>,
    after: Option<&CalendarEvent>,
    own: &str,
) -> Vec<Message> {
    let Some(either) = after.or(before) else { return Vec::new() };
    let Some(organizer) = &either.organizer_calendar_address else { return Vec::new() };
    // Nobody waits for an answer to what was called off.
    if after.is_none() && either.status == Some(EventStatus::Cancelled) {
        return Vec::new();
    }
    let mut answers = Answers { to: organizer, own, messages: Vec::new() };
    let was = before.and_then(|before| status(&before.event, own));
    let is = after.and_then(|after| status(&after.event, own));
    answers.change(&either.event, &was, &is);
    for (id, event, before, after) in single(before, after) {
        let was_one = before.and_then(|it| status(&it, own));
        let is_one = after.and_then(|it| status(&it, own));
        // What was said of the whole is not said again.
        if was_one != was || is_one != is {
            answers.change(&with_id(event, id), &was_one, &is_one);
        }
    }
    answers.messages
}

/// The occurrences that overrides are about, each as it was and as it is.
fn single(
    before: Option<&CalendarEvent>,
    after: Option<&CalendarEvent>,
) -> Vec<(LocalDateTime, Event, Option<Event>, Option<Event>)> {
    let both = before.into_iter().chain(after);
    let ids: BTreeSet<LocalDateTime> =
        both.flat_map(|event| event.recurrence_overrides.keys().copied()).collect();
    let of = |event: Option<&CalendarEvent>, id: LocalDateTime| {
        let event = event?;
        let overridden = occurrences(event, |it| it.recurrence_id == Some(id)).pop();
        let excluded = event.recurrence_overrides.contains_key(&id);
        overridden.map(|(_, it)| it).or_else(|| (!excluded).then(|| occurrence(&event.event, id)))
    };
    let both = ids.into_iter().map(|id| (id, of(before, id), of(after, id)));
    both.filter_map(|(id, before, after)| {
        Some((id, after.clone().or_else(|| before.clone())?, before, after))
    })
    .collect()
}

fn with_id(mut event: Event, id: LocalDateTime) -> Event {
    event.recurrence_id = Some(id);
    event
}

/// What somebody answered; none if they do not take part.
fn status(event: &Event, own: &str) -> Option<ParticipationStatus> {
    let (_, participant) = person(event, own)?;
    let unsaid = ParticipationStatus::NeedsAction;
    Some(participant.participation_status.clone().unwrap_or(unsaid))
}

struct Answers<'a> {
    to: &'a str,
    own: &'a str,
    messages: Vec<Message>,
}

impl Answers<'_> {
    /// Somebody who has answered and takes the event away declines it.
    fn change(
        &mut self,
        event: &Event,
        was: &Option<ParticipationStatus>,
        is: &Option<ParticipationStatus>,
    ) {
        let nothing = ParticipationStatus::NeedsAction;
        let answer = match (was, is) {
            (Some(was), None) if *was != nothing && *was != ParticipationStatus::Declined => {
                ParticipationStatus::Declined
            }
            (_, Some(is)) if *is != nothing && was.as_ref() != Some(is) => is.clone(),
            _ => return,
        };
        let Some((id, participant)) = person(event, self.own) else { return };
        let mut participant = participant.clone();
        participant.participation_status = Some(answer);
        let mut reply = Event::default();
        reply.version = event.version;
        reply.uid = event.uid.clone();
        reply.title = event.title.clone();
        (reply.start, reply.duration) = (event.start, event.duration);
        reply.time_zone = event.time_zone.clone();
        reply.show_without_time = event.show_without_time;
        reply.recurrence_id = event.recurrence_id;
        reply.recurrence_id_time_zone = event.recurrence_id.and_then(|_| event.time_zone.clone());
        reply.sequence = event.sequence;
        reply.updated = crate::clock::now();
        reply.organizer_calendar_address = event.organizer_calendar_address.clone();
        reply.participants.insert(id.clone(), participant);
        reply.method = Some(Method::Reply);
        self.messages.push(Message { method: Method::Reply, to: self.to.to_owned(), event: reply });
    }
}
