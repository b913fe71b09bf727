//! Scheduling (JMAP Calendars, section 5.9; RFC 5546): what is sent to whom when an event changes, and what becomes of
//! messages that come.
//!
//! Between accounts of this server a message is applied at once, in the transaction of the change. For all other addresses it
//! is iCalendar text in the outbox, which somebody who has a mail server takes from there; what comes in is handed to
//! [`Embedded::receive`](crate::Embedded::receive).

mod attendee;
mod invitation;
mod organizer;
mod outbox;
mod receive;

use jmap_calendars::CalendarEvent;
use jmap_core::SetError;
use jscalendar::{Event, Method, same_address};

pub use self::outbox::Outgoing;
use crate::kept::{Change, Refusal, Who};
use crate::store::{StoreError, Work};

/// A message to one person.
struct Message {
    method: Method,
    /// The calendar address.
    to: String,
    event: Event,
}

/// Who sent a message that changes something.
#[derive(Clone, Default)]
pub(crate) struct Sender {
    pub(crate) address: String,
    pub(crate) name: Option<String>,
}

/// Tells people of a change that somebody made.
pub(crate) fn follow(
    change: &Change<CalendarEvent>,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    if !who.sends_messages {
        return Ok(());
    }
    // Nobody knows of a draft.
    let told = |event: &Option<CalendarEvent>| event.clone().filter(|it| it.is_draft != Some(true));
    let (before, after) = (told(&change.before), told(&change.after));
    let Some(either) = after.as_ref().or(before.as_ref()) else { return Ok(()) };
    let own = work.address_of(&who.account)?;
    let messages = if either.is_origin == Some(true) {
        organizer::messages(before.as_ref(), after.as_ref(), &own)
    } else {
        attendee::replies(before.as_ref(), after.as_ref(), &own)
    };
    for message in &messages {
        if !same_address(&message.to, &own) {
            deliver(message, &own, work, who)?;
        }
    }
    Ok(())
}

fn deliver(message: &Message, own: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
    if let Some(account) = work.account_at(&message.to)? {
        let sender = Sender { address: own.to_owned(), name: Some(work.name_of(&who.account)?) };
        let recipient = who.of_message(&account, sender, work)?;
        receive::apply(&message.method, message.event.clone(), work, &recipient)?;
        return Ok(());
    }
    if !message.to.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        return Err(SetError::new("noSupportedScheduleMethods")
            .description(format!("there is no way to {}", message.to))
            .into());
    }
    Ok(work.put_outgoing(&who.account, own, message)?)
}

impl Work<'_> {
    /// The account whose owner has this calendar address.
    fn account_at(&self, address: &str) -> Result<Option<String>, StoreError> {
        let mut query = self.transaction.prepare_cached("SELECT account, address FROM user")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if same_address(row.get_ref(1)?.as_str().unwrap_or_default(), address) {
                return Ok(Some(row.get(0)?));
            }
        }
        Ok(None)
    }
}
