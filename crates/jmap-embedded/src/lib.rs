//! A JMAP server for calendars in a file: SQLite, in process, nothing to install.
//!
//! ```
//! use jmap_calendars::CalendarsExt;
//! use jmap_embedded::Embedded;
//! use jscalendar::Event;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Embedded::in_memory()?;
//! server.add_user("jane")?;
//! let client = server.client("jane").wait()?;
//!
//! let mut lunch = Event::new("lunch@example.com", "2026-03-02T12:30:00".parse()?);
//! lunch.title = Some("Lunch".to_owned());
//! client.events().add(lunch).wait()?;
//! assert!(client.events().by_uid("lunch@example.com").wait()?.is_some());
//! # Ok(())
//! # }
//! ```
//!
//! It does what the standards say, and not what a client expects: the same types as the client's, but written and tested
//! from the other side. This is its beginning:
//!
//! | there | not there yet |
//! | --- | --- |
//! | sessions, accounts, blobs, states that a client can be behind on | passwords, HTTP, event streams |
//! | `Calendar` get, changes, set; shared with other users, each with properties of their own | |
//! | `CalendarEvent` get, changes, set, query with occurrences, queryChanges, copy, parse | |
//! | scheduling between accounts, an outbox and a way in for the rest; `CalendarEventNotification` get, changes, set, query, queryChanges | |
//! | `ParticipantIdentity` get, changes, set | tasks |
//! | `Principal` get, changes, set, query, queryChanges, getAvailability | |
//! | `ShareNotification` get, changes, set, query, queryChanges | |
#![forbid(unsafe_code)]

mod access;
mod account;
mod availability;
mod calendar;
mod calendar_event;
mod clock;
mod event_notification;
mod kept;
mod listing;
mod own;
mod participant_identity;
mod principal;
mod quirks;
mod schedule;
mod share_notification;
mod store;
mod who;

use std::path::Path;
use std::sync::Arc;

use jmap_calendars::capability::{Availability, Calendars, Parse};
use jmap_core::capability::{Core, Nothing};
use jmap_core::server::{Dispatcher, Loopback, Service};
use jmap_core::{Client, Operation};
use jmap_sharing::capability::Principals;

use self::account::Blobs;
pub use self::account::Somebody;
use self::quirks::Quirky;
pub use self::quirks::{Product, Quirks};
pub use self::schedule::Outgoing;
use self::store::{Store, StoreError};

/// A server: a file, or a database in memory. Clones share it.
#[derive(Clone)]
pub struct Embedded {
    store: Store,
    limits: Core,
    quirks: Option<Arc<Quirks>>,
}

/// Why the file could not be opened or changed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] StoreError);

impl Embedded {
    /// A server with this file, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// If it cannot be opened or made, or is no file of this server.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self { store: Store::open(path.as_ref())?, limits: Core::suggested(), quirks: None })
    }

    /// A server that forgets everything with its last clone.
    ///
    /// # Errors
    ///
    /// If there is no memory for it.
    pub fn in_memory() -> Result<Self, Error> {
        Ok(Self { store: Store::in_memory()?, limits: Core::suggested(), quirks: None })
    }

    /// With other limits; those that are missing are the ones that the standard suggests.
    #[must_use]
    pub fn limits(mut self, limits: Core) -> Self {
        self.limits = limits.or_suggested();
        self
    }

    /// With these quirks: what it does otherwise than the standards say.
    #[must_use]
    pub fn quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = Some(Arc::new(quirks));
        self
    }

    /// Adds a user with an account of the same name and a calendar in it; nothing happens if there is one already. A name
    /// that is no mail address gets one at `localhost`, which is the user's calendar address.
    ///
    /// # Errors
    ///
    /// If the file cannot be changed.
    pub fn add_user(&self, name: &str) -> Result<(), Error> {
        Ok(self.store.write(|work| account::add(&self.store, work, name))?)
    }

    /// A client of a user, in this process.
    ///
    /// # Errors
    ///
    /// [`is_auth`](jmap_core::Error::is_auth) if there is no such user.
    pub fn client(&self, user: &str) -> Operation<Client> {
        let service = self.service();
        let transport = match account::find(&self.store, user) {
            Ok(Some(somebody)) => Ok(Loopback::new(service, somebody)),
            Ok(None) => Err(jmap_core::Error::NotLoggedIn),
            Err(error) => Err(account::failed(error)),
        };
        Operation::new(async move {
            Client::builder("https://localhost").transport(transport?).connect().await
        })
    }

    /// The resources of the server, for whatever accepts connections and checks credentials.
    pub fn service(&self) -> Service<Somebody> {
        // Nobody tells the service of changes yet, so clients have to ask.
        let service = Service::new(self.dispatcher(), Blobs(self.store.clone())).without_push();
        match &self.quirks {
            Some(quirks) => service.layer(Quirky(Arc::clone(quirks))),
            None => service,
        }
    }

    /// Forgets what changed in an account up to now: clients that are behind have to fetch everything again.
    ///
    /// # Errors
    ///
    /// If the file cannot be changed.
    pub fn forget_history(&self, account: &str) -> Result<(), Error> {
        Ok(self.store.write(|work| work.forget_history(account))?)
    }

    fn dispatcher(&self) -> Dispatcher<Somebody> {
        Dispatcher::new()
            .base("https://localhost")
            .limits(self.limits.clone())
            .capability::<Calendars>(&Nothing::default())
            .capability::<Principals>(&Nothing::default())
            .capability::<Availability>(&Nothing::default())
            .capability::<Parse>(&Nothing::default())
            .register(calendar::get)
            .register(calendar::changes)
            .register(calendar::set)
            .register(calendar_event::get)
            .register(calendar_event::changes)
            .register(calendar_event::set)
            .register(calendar_event::query)
            .register(calendar_event::query_changes)
            .register(calendar_event::copy)
            .register(calendar_event::parse)
            .register(event_notification::get)
            .register(event_notification::changes)
            .register(event_notification::set)
            .register(event_notification::query)
            .register(event_notification::query_changes)
            .register(participant_identity::get)
            .register(participant_identity::changes)
            .register(participant_identity::set)
            .register(principal::get)
            .register(principal::changes)
            .register(principal::set)
            .register(principal::query)
            .register(principal::query_changes)
            .register(availability::get)
            .register(share_notification::get)
            .register(share_notification::changes)
            .register(share_notification::set)
            .register(share_notification::query)
            .register(share_notification::query_changes)
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("limits", &self.limits).finish_non_exhaustive()
    }
}
