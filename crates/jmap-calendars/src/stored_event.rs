//! [`StoredEvent`]: an event of an account, and what people do with it.

mod edit;
mod overrides;
mod people;
mod send;

use std::fmt;
use std::ops::Deref;

use jmap_core::{Client, Id, Operation, State};
use jscalendar::{Diagnostics, LocalDateTime};

use crate::{CalendarEvent, SetEvents};

/// An event of an account, and the client that it came by. It can be used like the [`CalendarEvent`] in it.
///
/// What is changed is sent as the smallest patch that does it, and what comes back is the event as the server has it then.
///
/// ```no_run
/// use jmap_calendars::CalendarsExt;
///
/// # async fn example(client: jmap_core::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let Some(standup) = client.events().by_uid("standup@example.com").await? else { return Ok(()) };
/// // All of it, one occurrence, one and all that follow:
/// let standup = standup.edit(|event| event.title = Some("Standup".to_owned())).await?;
/// let standup = standup.edit_occurrence("2026-03-05T09:00:00".parse()?, |event| {
///     event.title = Some("Breakfast".to_owned());
/// }).await?;
/// let later = standup.edit_following("2026-04-01T09:00:00".parse()?, |event| {
///     event.duration = "PT30M".parse().ok();
/// }).await?;
/// later.remove().await?;
/// # Ok(())
/// # }
/// ```
///
/// Those who take part are told of each change ([`silently`](Self::silently) keeps it from them); where nobody else takes
/// part, nothing is sent. A change goes to the event whatever happened to it since it was fetched;
/// [`if_unchanged`](Self::if_unchanged) minds that.
#[derive(Clone)]
#[non_exhaustive]
pub struct StoredEvent {
    /// The event.
    pub event: CalendarEvent,
    /// Where all events of the account stood when it was fetched.
    pub state: Option<State<CalendarEvent>>,
    /// What the server could not be told when the event was added or changed, because its version of JSCalendar has no
    /// words for it: see [`CalendarEvent::lost_in`].
    pub diagnostics: Diagnostics,
    client: Client,
    is_silent: bool,
    is_careful: bool,
}

impl StoredEvent {
    pub(crate) fn new(
        client: &Client,
        event: CalendarEvent,
        state: Option<State<CalendarEvent>>,
    ) -> Self {
        crate::settle::saw(client, &event);
        Self {
            event,
            state,
            diagnostics: Diagnostics::default(),
            client: client.clone(),
            is_silent: false,
            is_careful: false,
        }
    }

    /// The id.
    pub fn id(&self) -> Id<CalendarEvent> {
        Id::from(&self.event)
    }

    /// Tells nobody of what is done with it from now on.
    #[must_use]
    pub fn silently(mut self) -> Self {
        self.is_silent = true;
        self
    }

    /// Changes it only if no event of the account was changed since it was fetched. If one was, there is an error for which
    /// [`is_state_mismatch`](jmap_core::Error::is_state_mismatch) is true: fetch the event, and look at it, before trying
    /// again.
    #[must_use]
    pub fn if_unchanged(mut self) -> Self {
        self.is_careful = true;
        self
    }

    /// The event as the server has it now; `None` if it is gone.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn reload(&self) -> Operation<Option<Self>> {
        let (stored, found) = (self.clone(), self.events().get(self.id()));
        Operation::new(async move { Ok(found.await?.map(|found| stored.now(found))) })
    }

    /// Destroys it, with all occurrences. Those who take part are told that it is called off, or the organizer that the
    /// user does not come.
    ///
    /// # Errors
    ///
    /// Those of the call, and what the server has against it.
    pub fn remove(&self) -> Operation<()> {
        let id = self.id();
        let mut set = self.arguments();
        set.set.destroy(id.clone());
        let sent = self.client.call(set);
        Operation::new(async move { sent.await?.take_destroyed(&id) })
    }

    /// Takes one occurrence out, known by its recurrence id: when it starts by the rule, in the event's time zone.
    ///
    /// # Errors
    ///
    /// [`Error::Unwritable`](jmap_core::Error::Unwritable) if there is no such occurrence; those of the call.
    pub fn remove_occurrence(&self, recurrence_id: LocalDateTime) -> Operation<Self> {
        self.send(self.without_occurrence(recurrence_id))
    }

    /// Takes an occurrence and all that follow out; `None` if nothing is left of the event.
    ///
    /// # Errors
    ///
    /// Those of [`remove_occurrence`](Self::remove_occurrence).
    pub fn remove_following(&self, recurrence_id: LocalDateTime) -> Operation<Option<Self>> {
        match self.without_following(recurrence_id) {
            Ok(None) => {
                let removed = self.remove();
                Operation::new(async move { removed.await.map(|()| None) })
            }
            Ok(Some(send)) => {
                let sent = self.send(Ok(send));
                Operation::new(async move { sent.await.map(Some) })
            }
            Err(error) => Operation::new(async move { Err(error) }),
        }
    }

    /// The event as iCalendar text, a VCALENDAR with the series and its overrides (feature `ical`), and what was noticed on
    /// the way.
    #[cfg(feature = "ical")]
    pub fn to_ical(&self) -> jscalendar::Parsed<String> {
        crate::ical::text(&self.event)
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    fn events(&self) -> crate::Events {
        crate::Events::new(self.client.clone())
    }

    /// Another one, with the same wishes.
    fn now(&self, found: Self) -> Self {
        Self { is_silent: self.is_silent, is_careful: self.is_careful, ..found }
    }

    /// Arguments that change nothing yet.
    fn arguments(&self) -> SetEvents {
        let mut set = SetEvents::new();
        set.send_scheduling_messages = Some(!self.is_silent);
        set.set.if_in_state = self.state.clone().filter(|_| self.is_careful);
        set
    }
}

impl Deref for StoredEvent {
    type Target = CalendarEvent;

    fn deref(&self) -> &CalendarEvent {
        &self.event
    }
}

impl From<&CalendarEvent> for Id<CalendarEvent> {
    fn from(event: &CalendarEvent) -> Self {
        event.id.clone().unwrap_or_else(|| Self::any(""))
    }
}

impl From<&StoredEvent> for Id<CalendarEvent> {
    fn from(event: &StoredEvent) -> Self {
        event.id()
    }
}

impl fmt::Debug for StoredEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredEvent")
            .field("event", &self.event)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
