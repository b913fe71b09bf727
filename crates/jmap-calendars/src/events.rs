//! [`Events`]: what people do with the events of an account.

mod add;
mod follow;
mod occurrences;
mod search;

use jmap_core::{Client, Id, Operation};

pub use self::follow::{Follow, Followed};
pub use self::occurrences::{EventOccurrence, Occurrences, Window};
pub use self::search::{Search, predicate};
use crate::settle::settling;
use crate::{Calendar, CalendarEvent, EventCondition, GetEvents, QueryEvents, StoredEvent};

pub(crate) use self::add::{in_version, new_uid};

/// The events of an account; from [`CalendarsExt::events`](crate::CalendarsExt::events).
///
/// ```no_run
/// use jmap_calendars::{CalendarsExt, Window};
///
/// # async fn example(client: jmap_core::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let week = Window::new("2026-03-02T00:00:00".parse()?, "2026-03-09T00:00:00".parse()?, "Europe/Berlin".parse()?);
/// for occurrence in client.events().occurrences(week).await?.list {
///     println!("{} {}", occurrence.start.local, occurrence.event.title.as_deref().unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Events {
    client: Client,
}

impl Events {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// One event; `None` if there is none with this id.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn get(&self, id: impl Into<Id<CalendarEvent>>) -> Operation<Option<StoredEvent>> {
        let found = self.get_all([id.into()]);
        Operation::new(async move { Ok(found.await?.into_iter().next()) })
    }

    /// The events with these ids that exist, and can be read.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn get_all(
        &self,
        ids: impl IntoIterator<Item = Id<CalendarEvent>>,
    ) -> Operation<Vec<StoredEvent>> {
        let client = self.client.clone();
        let fetched = client.get(GetEvents::of(ids));
        Operation::new(async move {
            let response = fetched.await?;
            let state = response.state;
            let stored = |event| StoredEvent::new(&client, event, state.clone());
            Ok(response.list.into_iter().map(stored).collect())
        })
    }

    /// The event with this `uid`, by one question to the server; `None` if there is none. Where occurrences of a series
    /// stand alone under its `uid`, it is the series.
    ///
    /// One server finds a new event only after about a second.
    ///
    /// # Errors
    ///
    /// Those of the calls.
    pub fn by_uid(&self, uid: &str) -> Operation<Option<StoredEvent>> {
        let uid = uid.to_owned();
        settling(&self.client, move |client| {
            let (client, uid) = (client.clone(), uid.clone());
            Operation::new(async move {
                let mut batch = client.batch();
                let condition = EventCondition::default().uid(uid.clone());
                let query = batch.call(QueryEvents::matching(condition));
                let get = batch.call(GetEvents::found(query.ids()));
                let mut responses = batch.send().await?;
                responses.take(query)?;
                let response = responses.take(get)?;
                let of_uid = |event: &CalendarEvent| event.uid.as_deref() == Some(&uid);
                let mut found: Vec<_> = response.list.into_iter().filter(of_uid).collect();
                found.sort_by_key(|event| event.recurrence_id);
                let state = response.state;
                Ok(found.into_iter().next().map(|event| StoredEvent::new(&client, event, state)))
            })
        })
    }

    /// Looks for events: [`Search`] says which, and gets them.
    pub fn search(&self) -> Search {
        Search::new(self.client.clone())
    }

    /// What happens in a time, with the occurrences of series; see [`Search::occurrences`] for a choice of them.
    ///
    /// # Errors
    ///
    /// Those of the calls.
    pub fn occurrences(&self, window: Window) -> Operation<Occurrences> {
        self.search().occurrences(window)
    }

    /// All events, and then what changes about them: [`Follow::next`] says it. See [`Search::follow`] for a choice of them.
    pub fn follow(&self) -> Follow {
        self.search().follow()
    }

    /// Adds an event to the default calendar, or those that it names.
    ///
    /// It gets a `uid` if it has none, and what else the server wants. If the answer gets lost, it is looked for before it is
    /// sent again. If the server refuses the names of one version of JSCalendar, it gets those of the other one.
    ///
    /// # Errors
    ///
    /// [`Error::Unwritable`](jmap_core::Error::Unwritable) if it breaks the rules of JSCalendar, or no calendar is there to
    /// take it; those of the calls, and what the server has against it: a `uid` that is taken is an invalid property.
    pub fn add(&self, event: impl Into<CalendarEvent>) -> Operation<StoredEvent> {
        let (events, event) = (self.clone(), event.into());
        Operation::new(async move { add::one(&events.client, event, false).await })
    }

    /// Adds an event to a calendar.
    ///
    /// # Errors
    ///
    /// Those of [`add`](Self::add).
    pub fn add_to(
        &self,
        calendar: impl Into<Id<Calendar>>,
        event: impl Into<CalendarEvent>,
    ) -> Operation<StoredEvent> {
        let mut event = event.into();
        event.calendar_ids = [calendar.into()].into();
        self.add(event)
    }

    /// Adds an event, and sends invitations to those who take part.
    ///
    /// # Errors
    ///
    /// Those of [`add`](Self::add).
    pub fn add_and_invite(&self, event: impl Into<CalendarEvent>) -> Operation<StoredEvent> {
        let (events, event) = (self.clone(), event.into());
        Operation::new(async move { add::one(&events.client, event, true).await })
    }

    /// Adds the events of an iCalendar text (feature `ical`) to the default calendar: one for each series.
    ///
    /// What JSCalendar has no words for, and what the text got wrong, is in [`AddedIcal::diagnostics`]. A method is not kept:
    /// events that are stored are no messages. Nobody is told.
    ///
    /// # Errors
    ///
    /// [`Error::Unwritable`](jmap_core::Error::Unwritable) if the text is no iCalendar; those of [`add`](Self::add) for the
    /// first event that cannot be added: those before it are added.
    #[cfg(feature = "ical")]
    pub fn add_ical(&self, text: &str) -> Operation<AddedIcal> {
        let client = self.client.clone();
        let read = crate::ical::events(text);
        Operation::new(async move {
            let read = read?;
            let mut added = AddedIcal { events: Vec::new(), diagnostics: read.diagnostics };
            for event in read.value {
                added.events.push(add::one(&client, event.into(), false).await?);
            }
            Ok(added)
        })
    }

    /// Adds many events at once, as many at a time as the server takes. What became of each stands in the same place.
    ///
    /// # Errors
    ///
    /// Those of the calls. What the server has against single events is in the list.
    pub fn add_all(
        &self,
        events: impl IntoIterator<Item = impl Into<CalendarEvent>>,
    ) -> Operation<Vec<Result<Id<CalendarEvent>, jmap_core::Error>>> {
        let client = self.client.clone();
        let events: Vec<CalendarEvent> = events.into_iter().map(Into::into).collect();
        Operation::new(async move { add::all(&client, events).await })
    }
}

/// What became of an iCalendar text; from [`Events::add_ical`].
///
/// ```no_run
/// use jmap_calendars::CalendarsExt;
///
/// # async fn example(client: jmap_core::Client, text: &str) -> Result<(), jmap_core::Error> {
/// let added = client.events().add_ical(text).await?;
/// println!("{} events", added.events.len());
/// for odd in &added.diagnostics {
///     println!("{odd}");
/// }
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "ical")]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AddedIcal {
    /// The events, in the order of the text.
    pub events: Vec<StoredEvent>,
    /// What was noticed about the text, with line and column.
    pub diagnostics: jscalendar::Diagnostics,
}
