//! JMAP for Calendars: calendars, events, invitations and free/busy, on two levels.
//!
//! ```no_run
//! use jmap_calendars::{CalendarsExt, Window};
//! use jmap_core::Client;
//! use jscalendar::{Event, ParticipationStatus};
//!
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! // What happens in a week, in all calendars. One occurrence takes place later.
//! let week = Window::new("2026-03-02T00:00:00".parse()?, "2026-03-09T00:00:00".parse()?, "Europe/Berlin".parse()?);
//! for it in client.events().occurrences(week).await?.list {
//!     println!("{} {}", it.start.local, it.event.title.as_deref().unwrap_or_default());
//!     if it.event.title.as_deref() == Some("Standup") {
//!         it.edit(|event| event.start = "2026-03-05T10:30:00".parse().ok()).await?;
//!     }
//! }
//!
//! // A new event, and an answer to somebody else's.
//! let mut lunch = Event::new("", "2026-03-02T12:30:00".parse()?);
//! lunch.title = Some("Lunch".to_owned());
//! lunch.time_zone = Some("Europe/Berlin".parse()?);
//! client.events().add(lunch).await?;
//! if let Some(invitation) = client.events().by_uid("planning@example.com").await? {
//!     invitation.respond(ParticipationStatus::Accepted).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! An event is a [`CalendarEvent`]: a JSCalendar [`Event`](jscalendar::Event), whose page says what one can hold, and what
//! the server adds to it.
//!
//! # For people's work: the calls that a program makes
//!
//! [`CalendarsExt`] gives a [`Client`](jmap_core::Client) two handles and two questions. Everything is an
//! [`Operation`](jmap_core::Operation): awaited or waited for.
//!
//! | wanted | call |
//! | --- | --- |
//! | list, create, rename, share, delete calendars | [`calendars()`](CalendarsExt::calendars): [`Calendars`] |
//! | add events, from JSCalendar or iCalendar | [`events()`](CalendarsExt::events): [`Events::add`], `add_ical` (feature `ical`), [`add_all`](Events::add_all), [`add_and_invite`](Events::add_and_invite) |
//! | find events | [`Events::get`], [`by_uid`](Events::by_uid), [`search`](Events::search): [`Search`], with [`predicate`]s for what no server filters by |
//! | what happens in a time, with series expanded | [`Events::occurrences`]: [`Window`], [`EventOccurrence`] |
//! | change all of an event, one occurrence, one and all that follow; remove | [`StoredEvent`]: [the page about editing](guide::editing) |
//! | answer, invite | [`StoredEvent::respond`], [`invite`](StoredEvent::invite) |
//! | when somebody is busy | [`CalendarsExt::free_busy`]: [`FreeBusy`] |
//! | a list that stays fresh | [`Events::follow`], [`Search::follow`]: [`Follow`] |
//! | alerts as they go off | [`CalendarAlert`] |
//!
//! # The protocol: every method of the standard
//!
//! Typed objects, arguments, filters, rights and errors go into `jmap-core`'s calls and batches, side by side with those of
//! any other crate.
//!
//! | data type | methods | further arguments |
//! | --- | --- | --- |
//! | [`Calendar`] | get, changes, set | [`SetCalendars`] |
//! | [`CalendarEvent`] | get, changes, set, copy, query, queryChanges, [parse](ParseEvents) | [`GetEvents`], [`SetEvents`], [`QueryEvents`] |
//! | [`CalendarEventNotification`] | get, changes, set, query, queryChanges | |
//! | [`ParticipantIdentity`] | get, changes, set | [`SetIdentities`] |
//! | [`Principal`](jmap_sharing::Principal) | [getAvailability](GetAvailability), and those of `jmap-sharing` | |
//! | [`CalendarPreferences`] | get, changes, set | |
//!
//! ```no_run
//! use jmap_calendars::{EventCondition, GetEvents, QueryEvents};
//! use jmap_core::Client;
//!
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! // Finds and fetches in one round trip.
//! let soon = EventCondition::default().after("2026-03-02T00:00:00".parse()?).title("standup");
//! let mut batch = client.batch();
//! let found = batch.call(QueryEvents::matching(soon));
//! let events = batch.call(GetEvents::found(found.ids()));
//! for event in batch.send().await?.take(events)?.list {
//!     println!("{}", event.title.as_deref().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`capability`] has what servers say about all of this, [`errors`] what only they refuse. [From older drafts to the standard](guide::roadmap) says of the
//! words of older drafts what they are called now, and which call here does it.
//!
//! # Dialects
//!
//! The standard is JMAP Calendars on JSCalendar 2.0, and that is what you read and write here. A server may speak something
//! older: Cyrus up to 3.12 has the draft of 2023, with the names of JSCalendar 1.0. Which one it is, is found out and
//! remembered for the account; what you write goes out in its words, and what it says comes in as yours. What 1.0 has no
//! words for is listed in [`StoredEvent::diagnostics`]. The page about [dialects](guide::dialects) has what servers do
//! otherwise, and how they are told apart.
//!
//! # What it does not do
//!
//! It keeps nothing: a replica for work without a network is another crate's. It sends no mail, and computes no
//! notification that a server does not give: messages between people are the server's business. Tasks are in `jmap-tasks`.
//! Subscriptions to calendars elsewhere, attachments that a server manages and calendar groups are not in the standard.
//!
//! # Features
//!
//! | feature | what for |
//! | --- | --- |
//! | `ical` | `Events::add_ical` and `StoredEvent::to_ical`: events go in and come out as iCalendar text |
//! | `server` | the server side of `jmap-core`, which takes these very types |
#![forbid(unsafe_code)]

mod availability;
mod calendar;
mod calendar_alert;
mod calendar_event;
mod calendars;
pub mod capability;
mod dialect;
pub mod errors;
mod event_notification;
mod events;
mod ext;
mod free_busy;
pub mod guide;
#[cfg(feature = "ical")]
mod ical;
mod identities;
mod participant_identity;
mod preferences;
mod settle;
mod stored_event;

pub use self::availability::{
    BusyPeriod, BusyStatus, GetAvailability, GetAvailabilityResponse, merge,
};
pub use self::calendar::{
    Calendar, CalendarProperty, CalendarRights, IncludeInAvailability, SetCalendars,
};
pub use self::calendar_alert::CalendarAlert;
pub use self::calendar_event::{
    CalendarEvent, EventCondition, EventProperty, EventSortBy, GetEvents, ParseEvents,
    ParseEventsResponse, ParsedEvents, QueryEvents, SetEvents,
};
pub use self::calendars::Calendars;
pub use self::dialect::Dialect;
pub use self::event_notification::{
    CalendarEventNotification, EventNotificationCondition, EventNotificationProperty,
    EventNotificationSortBy, EventNotificationType, Person,
};
#[cfg(feature = "ical")]
pub use self::events::AddedIcal;
pub use self::events::{
    EventOccurrence, Events, Follow, Followed, Occurrences, Search, Window, predicate,
};
pub use self::ext::CalendarsExt;
pub use self::free_busy::{FreeBusy, FreeBusySource, Who};
pub use self::participant_identity::{
    ParticipantIdentity, ParticipantIdentityProperty, SetIdentities,
};
pub use self::preferences::{CalendarPreferences, CalendarPreferencesProperty};
pub use self::stored_event::StoredEvent;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
