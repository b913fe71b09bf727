//! Calendars on a real server: the one that `JMAP_TEST_URL`, `JMAP_TEST_USER` and `JMAP_TEST_PASSWORD` name.
//! `cargo xtask servers` brings one up and runs this with it; without the variables nothing is run, and that is said.
//!
//! `JMAP_TEST_SERVER` says which it is, if not a Cyrus: `embedded`, or the name of a profile of that.
//!
//! Besides the user there must be `user2` and `user3` with the same password.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says when it was not run"
)]

mod calendars;
mod events;
mod filters;
#[cfg(feature = "ical")]
mod fixtures;
mod free_busy;
mod methods;
mod people;
mod series;
mod sharing;
mod sync;

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jmap_calendars::{Calendar, CalendarEvent, CalendarsExt, StoredEvent};
use jmap_core::client::Basic;
use jmap_core::{Client, Id};
use jscalendar::Event;

/// How to get at the server.
struct Server {
    url: String,
    user: String,
    password: String,
    /// The name of the embedded server, or of the one that it is made to be; nothing if it is a Cyrus.
    embedded: Option<String>,
}

impl Server {
    /// The server that the environment names.
    fn named() -> Option<Self> {
        let Ok(url) = env::var("JMAP_TEST_URL") else {
            println!("not run: JMAP_TEST_URL is not set");
            return None;
        };
        let [user, password] =
            ["JMAP_TEST_USER", "JMAP_TEST_PASSWORD"].map(|name| env::var(name).unwrap());
        Some(Self { url, user, password, embedded: env::var("JMAP_TEST_SERVER").ok() })
    }

    fn client_of(&self, user: &str) -> Client {
        let credentials = Basic::new(user, self.password.as_str());
        Client::builder(&self.url).credentials(credentials).connect().wait().unwrap()
    }
}

/// A user's calendar that a test has for itself. It goes when the test ends, however it ends.
struct Place {
    client: Client,
    calendar: Calendar,
    /// Behind the calendar, so that it is let go of when the calendar is gone.
    _turn: Option<Turn>,
}

/// Cyrus forgets all history of an account when a calendar goes, so tests that need it have the account for themselves.
enum Turn {
    #[expect(dead_code, reason = "it is only held")]
    Among(RwLockReadGuard<'static, ()>),
    #[expect(dead_code, reason = "it is only held")]
    Alone(RwLockWriteGuard<'static, ()>),
}

static ACCOUNT: RwLock<()> = RwLock::new(());

impl Place {
    fn take() -> Option<Self> {
        let server = Server::named()?;
        let turn = Turn::Among(ACCOUNT.read().unwrap_or_else(PoisonError::into_inner));
        Some(Self::new(server.client_of(&server.user), Some(turn)))
    }

    /// While no other test does anything in the account.
    fn alone() -> Option<Self> {
        let server = Server::named()?;
        let turn = Turn::Alone(ACCOUNT.write().unwrap_or_else(PoisonError::into_inner));
        Some(Self::new(server.client_of(&server.user), Some(turn)))
    }

    /// A second one, for a test that has one.
    fn beside(&self) -> Self {
        Self::new(self.client.clone(), None)
    }

    fn new(client: Client, turn: Option<Turn>) -> Self {
        let calendar = client.calendars().create(format!("Test {}", unique())).wait().unwrap();
        Self { client, calendar, _turn: turn }
    }

    fn id(&self) -> Id<Calendar> {
        Id::from(&self.calendar)
    }

    fn add(&self, event: impl Into<CalendarEvent>) -> StoredEvent {
        self.client.events().add_to(&self.calendar, event).wait().unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let done = self.client.calendars().delete_with_events(&self.calendar).wait();
        assert!(done.is_ok() || std::thread::panicking(), "{done:?}");
    }
}

/// What no other run of a test has.
fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    format!("{}-{}", now.as_micros(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// An event of an hour in Berlin.
fn event(title: &str, start: &str) -> Event {
    let mut event = Event::new(format!("{}@example.com", unique()), start.parse().unwrap());
    event.title = Some(title.to_owned());
    event.time_zone = Some("Europe/Berlin".parse().unwrap());
    event.duration = Some("PT1H".parse().unwrap());
    event
}
