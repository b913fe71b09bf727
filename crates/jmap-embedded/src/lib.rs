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
//! from the other side.
//!
//! # What it does
//!
//! | of | there | not there |
//! | --- | --- | --- |
//! | RFC 8620 | sessions, limits, all standard methods, blobs, event streams with ids | push to a URL |
//! | RFC 9670 | `Principal` and `ShareNotification`, each with all methods | groups, rooms and things as principals |
//! | JMAP Calendars | `Calendar`, `CalendarEvent` with occurrences, `copy` and `parse`, `CalendarEventNotification`, `ParticipantIdentity`, `Principal/getAvailability`; each with all methods | `CalendarAlert` pushes |
//! | JMAP Tasks, a draft | `TaskList`, `Task` with occurrences, `TaskNotification` | task lists that are shared, messages about tasks, so that there is never a notification |
//!
//! # Users, and what they share
//!
//! Every user has an account. What they share of it others see in their own session, as far as their rights go: a read, a
//! list of changes and a push tell of the same. [`Embedded::add_user`] makes users, [`Embedded::client`] is a client of one
//! in this process.
//!
//! # Invitations
//!
//! Whoever has a user's calendar address is invited by what an organizer writes, and the answer comes back: requests,
//! replies and cancellations go from account to account in the transaction that makes them. Those to other addresses wait
//! in an [`outbox`](Embedded::outbox) for a program that sends mail, and [`receive`](Embedded::receive) takes what came by
//! mail.
//!
//! # Over HTTP
//!
//! [`Embedded::serve`] answers on a listener; `jmapctl serve` is that as a program. Passwords are kept as slow hashes. There
//! is no TLS: put a proxy before it where others can reach it.
//!
//! # The file
//!
//! SQLite, with what was written as JSON and tables for what queries need. A response says what is on the disk
//! (`synchronous=FULL`). Several processes may open one file; each tells its clients what the others changed. What nobody
//! needs any longer is forgotten by [`tidy`](Embedded::tidy).
//!
//! # As another server
//!
//! [`Embedded::quirks`] makes it do what Cyrus or Stalwart do otherwise, one switch for each thing: to try a client against
//! servers that are not there.
#![forbid(unsafe_code)]

mod access;
mod account;
mod availability;
mod blobs;
mod calendar;
mod calendar_event;
mod clock;
mod event_notification;
mod http;
mod kept;
mod listing;
mod methods;
mod occurrence;
mod own;
mod participant_identity;
mod principal;
mod quirks;
mod schedule;
mod secret;
mod share_notification;
mod store;
mod task;
mod task_list;
mod task_notification;
mod texts;
mod who;

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jmap_calendars::capability::{Availability, Calendars, Parse};
use jmap_calendars::{Calendar, CalendarEvent, CalendarEventNotification, ParticipantIdentity};
use jmap_core::capability::{Core, Nothing};
use jmap_core::client::Secret;
use jmap_core::server::{Dispatcher, Loopback, Service};
use jmap_core::{Client, Operation};
use jmap_sharing::capability::Principals;
use jmap_sharing::{Principal, ShareNotification};
use jmap_tasks::capability::{Assignees, Recurrences, Tasks};
use jmap_tasks::{Task, TaskList, TaskNotification};

pub use self::account::Somebody;
use self::blobs::Blobs;
pub use self::http::Serving;
use self::methods::Methods;
use self::quirks::Quirky;
pub use self::quirks::{Product, Quirks};
pub use self::schedule::Outgoing;
use self::store::{Store, StoreError};

/// A server: a file, or a database in memory. Clones share it.
///
/// Several of them, also in different processes, may have the same file: what one writes the others see at once, and their
/// event streams tell of it within a second.
#[derive(Clone)]
pub struct Embedded {
    store: Store,
    limits: Core,
    quirks: Option<Arc<Quirks>>,
}

/// Why the file could not be opened or changed, or nothing can be served.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] Reason);

#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no user {0:?}")]
    NoUser(String),
    #[error(transparent)]
    Hash(#[from] secret::HashError),
    #[error("cannot serve: {0}")]
    Io(#[from] std::io::Error),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Reason::from(error).into()
    }
}

/// What [`Embedded::tidy`] leaves.
///
/// ```
/// use jmap_embedded::Keep;
///
/// let keep = Keep::default();
/// assert_eq!((keep.blobs.as_secs(), keep.changes), (86_400, 100_000));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Keep {
    /// How long a blob is kept to which no object refers; a day by default. Less than an hour is not what RFC 8620
    /// (section 6) promises to clients.
    pub blobs: Duration,
    /// How many changes of each type in each account are remembered; 100,000 by default. Clients that are further behind
    /// have to fetch everything again.
    pub changes: u64,
}

impl Default for Keep {
    fn default() -> Self {
        Self { blobs: Duration::from_secs(86_400), changes: 100_000 }
    }
}

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
        let mail = if name.contains('@') { name.to_owned() } else { format!("{name}@localhost") };
        self.add_user_with_address(name, &format!("mailto:{mail}"))
    }

    /// The same for a user whose calendar address is another one, such as `mailto:jane@example.com`.
    ///
    /// # Errors
    ///
    /// If the file cannot be changed.
    pub fn add_user_with_address(&self, name: &str, address: &str) -> Result<(), Error> {
        Ok(self.store.write(|work| account::add(&self.store, work, name, address))?)
    }

    /// The names of all users, sorted.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn users(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.read(|work| work.users())?)
    }

    /// Gives a user a password, instead of the one that they had. Only a slow hash of it is kept.
    ///
    /// # Errors
    ///
    /// If there is no such user; if the file cannot be changed.
    pub fn set_password(&self, user: &str, password: impl Into<Secret>) -> Result<(), Error> {
        let hash = secret::hash(&password.into()).map_err(Reason::from)?;
        let is_known = self.store.write(|work| work.set_password(user, &hash))?;
        is_known.then_some(()).ok_or_else(|| Reason::NoUser(user.to_owned()).into())
    }

    /// Gives a user one more token, which lets them in without a password. Only a hash of it is kept: nobody can look it up
    /// later.
    ///
    /// # Errors
    ///
    /// If there is no such user; if the file cannot be changed.
    pub fn add_token(&self, user: &str) -> Result<Secret, Error> {
        let token = secret::token();
        let hash = secret::digest(&token);
        let is_known = self.store.write(|work| work.add_token(user, &hash))?;
        is_known.then_some(token).ok_or_else(|| Reason::NoUser(user.to_owned()).into())
    }

    /// Takes all tokens of a user away; how many there were.
    ///
    /// # Errors
    ///
    /// If the file cannot be changed.
    pub fn remove_tokens(&self, user: &str) -> Result<usize, Error> {
        Ok(self.store.write(|work| work.remove_tokens(user))?)
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

    /// Answers over HTTP on a listener, on threads of its own, until what comes back is stopped or dropped.
    ///
    /// Users show who they are by their password (Basic) or a token (Bearer). There is no encryption: a listener that others
    /// than this machine can reach belongs behind a proxy that has it. The URLs of the session begin with the name that the
    /// client has asked for.
    ///
    /// ```
    /// use std::net::TcpListener;
    ///
    /// use jmap_core::Client;
    /// use jmap_core::client::Basic;
    /// use jmap_embedded::Embedded;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = Embedded::in_memory()?;
    /// server.add_user("jane")?;
    /// server.set_password("jane", "tiger")?;
    /// let serving = server.serve(TcpListener::bind("127.0.0.1:0")?)?;
    ///
    /// let client = Client::builder(serving.url()).credentials(Basic::new("jane", "tiger"));
    /// assert_eq!(client.connect().wait()?.session().username.as_deref(), Some("jane"));
    /// serving.stop().wait()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the listener does not work, or there are no threads to be had.
    pub fn serve(&self, listener: TcpListener) -> Result<Serving, Error> {
        Ok(http::serve(self, listener, None)?)
    }

    /// [`serve`](Self::serve), with this in all URLs, whatever the client has asked for: the name that a proxy has, such as
    /// `https://calendar.example.com`.
    ///
    /// # Errors
    ///
    /// As [`serve`](Self::serve).
    pub fn serve_as(&self, url: &str, listener: TcpListener) -> Result<Serving, Error> {
        Ok(http::serve(self, listener, Some(url))?)
    }

    /// The resources of the server, for whatever accepts connections and checks credentials. Their event streams tell of all
    /// changes of the file, whoever makes them.
    pub fn service(&self) -> Service<Somebody> {
        let service = Service::new(self.dispatcher(), Blobs(self.store.clone()));
        let service = match self.store.feed() {
            Some(feed) => service.feed(feed),
            None => service.without_push(),
        };
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
        Ok(self.store.write(|work| work.forget_history(account, 0))?)
    }

    /// Forgets what nobody needs any longer: blobs without an object, and changes of long ago. A server over HTTP does it by
    /// itself, with the defaults.
    ///
    /// # Errors
    ///
    /// If the file cannot be changed.
    pub fn tidy(&self, keep: &Keep) -> Result<(), Error> {
        let age = i64::try_from(keep.blobs.as_secs()).unwrap_or(i64::MAX);
        let before = blobs::seconds().saturating_sub(age);
        Ok(self.store.write(|work| {
            work.forget_blobs(before)?;
            work.forget_all_history(keep.changes)
        })?)
    }

    fn dispatcher(&self) -> Dispatcher<Somebody> {
        let dispatcher = Dispatcher::new()
            .base("https://localhost")
            .limits(self.limits.clone())
            .capability::<Calendars>(&Nothing::default())
            .capability::<Tasks>(&Nothing::default())
            .capability::<Recurrences>(&Nothing::default())
            .capability::<Assignees>(&Nothing::default())
            .capability::<Principals>(&Nothing::default())
            .capability::<Availability>(&Nothing::default())
            .capability::<Parse>(&Nothing::default())
            .blobs(Blobs(self.store.clone()));
        Methods::of(dispatcher)
            .register(calendar::get)
            .register(kept::changes::<Calendar>)
            .register(calendar::set)
            .register(calendar_event::get)
            .register(kept::changes::<CalendarEvent>)
            .register(calendar_event::set)
            .register(calendar_event::query)
            .register(calendar_event::query_changes)
            .register(calendar_event::copy)
            .register(calendar_event::parse)
            .register(kept::get::<TaskList>)
            .register(kept::changes::<TaskList>)
            .register(task_list::set)
            .register(task::get)
            .register(kept::changes::<Task>)
            .register(task::set)
            .register(task::copy)
            .register(task::query)
            .register(task::query_changes)
            .register(kept::get::<TaskNotification>)
            .register(kept::changes::<TaskNotification>)
            .register(kept::set::<TaskNotification>)
            .register(kept::query::<TaskNotification>)
            .register(kept::query_changes::<TaskNotification>)
            .register(kept::get::<CalendarEventNotification>)
            .register(kept::changes::<CalendarEventNotification>)
            .register(kept::set::<CalendarEventNotification>)
            .register(kept::query::<CalendarEventNotification>)
            .register(kept::query_changes::<CalendarEventNotification>)
            .register(kept::get::<ParticipantIdentity>)
            .register(kept::changes::<ParticipantIdentity>)
            .register(participant_identity::set)
            .register(kept::get::<Principal>)
            .register(kept::changes::<Principal>)
            .register(kept::set::<Principal>)
            .register(kept::query::<Principal>)
            .register(kept::query_changes::<Principal>)
            .register(availability::get)
            .register(kept::get::<ShareNotification>)
            .register(kept::changes::<ShareNotification>)
            .register(kept::set::<ShareNotification>)
            .register(kept::query::<ShareNotification>)
            .register(kept::query_changes::<ShareNotification>)
            .dispatcher()
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("limits", &self.limits).finish_non_exhaustive()
    }
}
