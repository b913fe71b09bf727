//! What an organizer sends: REQUEST and CANCEL.

use std::collections::BTreeSet;

use jmap_calendars::CalendarEvent;
use jscalendar::{Event, EventStatus, LocalDateTime, Method, Series, TimeZones};

use super::Message;
use super::invitation::{self, Invitation};

/// The messages of a change to all who take part, or took part before.
pub(super) fn messages(
    before: Option<&CalendarEvent>,
    after: Option<&CalendarEvent>,
    own: &str,
) -> Vec<Message> {
    let all: BTreeSet<String> =
        before.into_iter().chain(after).flat_map(invitation::addresses).collect();
    let sequence = match (before, after) {
        (_, Some(after)) => after.sequence,
        (before, None) => before.map(|before| before.sequence.unwrap_or(0) + 1),
    };
    let others = all.iter().filter(|address| !jscalendar::same_address(address, own));
    let mut messages = Vec::new();
    for address in others {
        let invitation = |event| invitation::of(event, address);
        let was = before.map(invitation).unwrap_or_default();
        let is = after.map(invitation).unwrap_or_default();
        let mut of_one = Letters { to: address, sequence, messages: &mut messages };
        of_one.write(&was, &is);
    }
    messages
}

/// The messages to one person.
struct Letters<'m> {
    to: &'m str,
    sequence: Option<u64>,
    messages: &'m mut Vec<Message>,
}

impl Letters<'_> {
    fn write(&mut self, was: &Invitation, is: &Invitation) {
        for (id, event) in was {
            // Who was invited to one occurrence, and now is to all, is not disinvited.
            if !is.contains_key(id) && !is.contains_key(&None) {
                self.cancel(event.clone());
            }
        }
        for (id, event) in is {
            match was.get(id) {
                Some(before) => self.update(before, event),
                None => self.send(Method::Request, event.clone()),
            }
        }
    }

    /// An occurrence that is gone is called off; anything else is a new request.
    fn update(&mut self, before: &Event, after: &Event) {
        let mut rest = before.clone();
        for id in gone(before, after) {
            self.cancel(invitation::occurrence(before, id));
            match after.recurrence_overrides.get(&id) {
                Some(changes) => _ = rest.recurrence_overrides.insert(id, changes.clone()),
                None => _ = rest.recurrence_overrides.remove(&id),
            }
        }
        let mut same = after.clone();
        (same.updated, same.sequence, same.created) = (rest.updated, rest.sequence, rest.created);
        if same != rest {
            self.send(Method::Request, after.clone());
        }
    }

    fn cancel(&mut self, mut event: Event) {
        event.status = Some(EventStatus::Cancelled);
        event.sequence = self.sequence;
        self.send(Method::Cancel, event);
    }

    fn send(&mut self, method: Method, mut event: Event) {
        event.method = Some(method.clone());
        self.messages.push(Message { method, to: self.to.to_owned(), event });
    }
}

/// The occurrences that overrides take away: they are excluded now, or were added before and are not there any more.
fn gone(before: &Event, after: &Event) -> Vec<LocalDateTime> {
    let zones = TimeZones::new();
    let (Ok(was), Ok(is)) = (Series::new(before, &zones), Series::new(after, &zones)) else {
        return Vec::new();
    };
    let named: BTreeSet<LocalDateTime> = before
        .recurrence_overrides
        .keys()
        .chain(after.recurrence_overrides.keys())
        .copied()
        .collect();
    let is_gone =
        |id: &LocalDateTime| was.occurrence(*id).is_some() && is.occurrence(*id).is_none();
    named.into_iter().filter(is_gone).collect()
}
