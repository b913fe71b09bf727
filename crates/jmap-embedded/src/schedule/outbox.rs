//! The outbox: messages to addresses that are not of this server. And the way in for those that come.

use ical_jscal::{FromIcal, Mode, ToIcal};
use jscalendar::{Entry, Event};
use rusqlite::params;

use super::{Message, Sender, receive};
use crate::kept::{Refusal, Who};
use crate::store::{StoreError, Work};
use crate::{Embedded, Error, account};

/// A message that waits for somebody who brings it outside; from [`Embedded::outbox`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outgoing {
    /// Its number: later messages have higher ones.
    pub number: i64,
    /// The account that sends it.
    pub account: String,
    /// The calendar address of the sender, a URI.
    pub from: String,
    /// The calendar address of the recipient, a URI.
    pub to: String,
    /// What is asked for, in capitals: `REQUEST`, `REPLY` or `CANCEL` (RFC 5546, section 1.4).
    pub method: String,
    /// The message: a VCALENDAR with that method.
    pub text: String,
}

impl Embedded {
    /// The messages to addresses outside, the oldest first. They stay until they are [taken out](Self::sent).
    ///
    /// ```
    /// use jmap_calendars::CalendarsExt;
    /// use jmap_embedded::Embedded;
    /// use jscalendar::Event;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = Embedded::in_memory()?;
    /// server.add_user("jane@example.com")?;
    /// let client = server.client("jane@example.com").wait()?;
    ///
    /// let lunch = Event::new("lunch@example.com", "2026-03-02T12:30:00".parse()?);
    /// client.events().add(lunch).wait()?.invite(["mailto:bob@example.org"]).wait()?;
    ///
    /// let messages = server.outbox()?;
    /// assert_eq!((messages[0].method.as_str(), messages[0].to.as_str()), ("REQUEST", "mailto:bob@example.org"));
    /// assert!(messages[0].text.contains("METHOD:REQUEST\r\n"));
    /// server.sent(messages[0].number)?;
    /// assert!(server.outbox()?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn outbox(&self) -> Result<Vec<Outgoing>, Error> {
        Ok(self.store.read(|work| work.outgoing())?)
    }

    /// Takes a message out of the outbox; nothing happens if it is not there.
    ///
    /// # Errors
    ///
    /// If the file cannot be changed.
    pub fn sent(&self, number: i64) -> Result<(), Error> {
        Ok(self.store.write(|work| {
            let delete = "DELETE FROM outgoing WHERE number = ?1";
            work.transaction.execute(delete, [number]).map(|_| ()).map_err(StoreError::from)
        })?)
    }

    /// Applies a message that came for a user: iCalendar text with a method (RFC 5546). An invitation goes into the
    /// user's default calendar, an answer to the event that it is about; the user is notified. `from` is the calendar
    /// address of the sender, a URI, whom the caller knows to have sent it: invitations count from the organizer, and answers
    /// from those who take part, each for themselves, or from who they say sends for them.
    ///
    /// The result is how many events of the text changed something: none if there is no such user, if the text is not
    /// iCalendar, or if it is older than what is known.
    ///
    /// # Errors
    ///
    /// If the file cannot be changed.
    pub fn receive(&self, user: &str, from: &str, text: &str) -> Result<usize, Error> {
        let Some(user) = account::find(&self.store, user)? else { return Ok(0) };
        let account = user.account.clone();
        let mut recipient = Who::new(user, &account);
        recipient.message = Some(Sender { address: from.to_owned(), name: None });
        let mut applied = 0;
        for event in events(text) {
            let Some(method) = event.method.clone() else { continue };
            let apply = |work: &Work<'_>| receive::apply(&method, event, work, &recipient);
            match self.store.write(apply) {
                Ok(has_changed) => applied += usize::from(has_changed),
                // What cannot be kept is refused like any other event, and nobody is there to be told.
                Err(Refusal::Object(_)) => {}
                Err(Refusal::Store(error)) => return Err(error.into()),
            }
        }
        Ok(applied)
    }
}

/// The events of a text.
fn events(text: &str) -> Vec<Event> {
    let mut options = FromIcal::new();
    options.mode = Mode::Clean;
    let groups = options.groups(text).map(|converted| converted.value).unwrap_or_default();
    let entries = groups.into_iter().flat_map(|group| group.entries);
    let events = entries.filter_map(|entry| match entry {
        Entry::Event(event) => Some(*event),
        _ => None,
    });
    events.collect()
}

impl Work<'_> {
    pub(super) fn put_outgoing(
        &self,
        account: &str,
        from: &str,
        message: &Message,
    ) -> Result<(), StoreError> {
        // Only a strict conversion has errors.
        let text = ToIcal::new().text(&message.event).map(|it| it.value).unwrap_or_default();
        let method = message.method.to_string().to_ascii_uppercase();
        self.transaction
            .prepare_cached(
                "INSERT INTO outgoing (account, sender, recipient, method, text)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![account, from, message.to, method, text])?;
        Ok(())
    }

    fn outgoing(&self) -> Result<Vec<Outgoing>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT number, account, sender, recipient, method, text FROM outgoing ORDER BY number",
        )?;
        let rows = query.query_map([], |row| {
            Ok(Outgoing {
                number: row.get(0)?,
                account: row.get(1)?,
                from: row.get(2)?,
                to: row.get(3)?,
                method: row.get(4)?,
                text: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
