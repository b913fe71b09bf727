//! JMAP for Calendars: calendars, events, invitations and free/busy, on two levels.
//!
//! **The protocol.** Every method of the standard as it stands there, with typed objects, arguments, filters, rights and
//! errors: they go into `jmap-core`'s calls and batches.
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
//! [`CalendarAlert`] comes by push.
#![forbid(unsafe_code)]

mod availability;
mod calendar;
mod calendar_alert;
mod calendar_event;
mod calendars;
pub mod capability;
mod dialect;
mod event_notification;
mod events;
mod ext;
mod free_busy;
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
    Calendar, CalendarProperty, CalendarRights, IncludeInAvailability, SetCalendars, has_events,
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
