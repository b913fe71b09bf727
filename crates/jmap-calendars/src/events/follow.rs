//! [`Follow`]: a list of events that stays fresh.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use jmap_core::capability::Capability;
use jmap_core::client::{Events as EventStream, ObjectsStep};
use jmap_core::push::{Event, EventSourceOptions};
use jmap_core::transport::BoxFuture;
use jmap_core::{Account, Error, Id, State};

use super::Search;
use crate::capability::Calendars;
use crate::{CalendarEvent, StoredEvent};

/// A list of events that stays fresh; from [`Search::follow`].
///
/// Where the server pushes, changes come when they happen. Otherwise it is asked from time to time:
/// [`interval`](Self::interval) says how often. One that pushes is asked as well, ten times less often: a stream can be open
/// and say nothing, as one server's does of the accounts of others.
///
/// ```no_run
/// use jmap_calendars::{CalendarsExt, Followed};
///
/// # async fn example(client: jmap_core::Client) -> Result<(), jmap_core::Error> {
/// let mut work = client.events().search().in_calendar(jmap_core::Id::any("work")).follow();
/// loop {
///     match work.next().await? {
///         Followed::All(events) => println!("{} events", events.len()),
///         Followed::Changed { changed, gone } => println!("{} changed, {} gone", changed.len(), gone.len()),
///         _ => {}
///     }
/// }
/// # }
/// ```
///
/// Without an async runtime, `jmap_core::wait(work.next())` waits for it (feature `blocking` of `jmap-core`).
#[derive(Debug)]
#[must_use = "it does nothing until `next` is awaited"]
pub struct Follow {
    search: Search,
    interval: Duration,
    held: Option<Held>,
    push: Push,
    /// Whether something may have changed that nobody has asked about yet.
    is_due: bool,
    /// When to ask next, if nothing is pushed. It stays when `next` is dropped, so that short waits add up.
    asks_at: Option<SystemTime>,
}

/// What is held of the list.
#[derive(Debug)]
struct Held {
    events: BTreeMap<Id<CalendarEvent>, CalendarEvent>,
    state: Option<State<CalendarEvent>>,
}

#[derive(Debug)]
enum Push {
    /// Nobody has tried yet.
    Untried,
    Open(Box<EventStream>),
    /// The server has none.
    None,
}

/// What became of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Followed {
    /// This is all of it: at the beginning, and when the server could not tell what changed.
    All(Vec<StoredEvent>),
    /// Some of it changed.
    Changed {
        /// The events that are new, or changed.
        changed: Vec<StoredEvent>,
        /// Those that are gone, or no longer of the list.
        gone: Vec<Id<CalendarEvent>>,
    },
}

impl Follow {
    pub(super) fn new(search: Search) -> Self {
        Self {
            search,
            interval: Duration::from_secs(60),
            held: None,
            push: Push::Untried,
            is_due: false,
            asks_at: None,
        }
    }

    /// How often a server is asked that does not push, a minute if nothing is said; one that does is asked every tenth time.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// What became of the list: at first all of it, and then what changes, as soon as something does. Nothing is lost when
    /// this is dropped before it is done.
    ///
    /// # Errors
    ///
    /// Those of the calls. It can be awaited again afterwards, and goes on where it was.
    pub async fn next(&mut self) -> Result<Followed, Error> {
        if self.held.is_none() {
            return self.all().await;
        }
        if matches!(self.push, Push::Untried) {
            self.open();
        }
        loop {
            if !self.is_due {
                self.wait_for_change().await?;
                self.is_due = true;
            }
            // If this fails, or is dropped, it is asked again the next time, whatever is pushed until then.
            let followed = self.changes().await?;
            self.is_due = false;
            if let Some(followed) = followed {
                return Ok(followed);
            }
        }
    }

    fn open(&mut self) {
        let options = EventSourceOptions::default().with::<CalendarEvent>();
        self.push = Push::Open(Box::new(self.search.client().event_source(options)));
        // What changed before the stream was there is found by asking at first.
        self.is_due = true;
    }

    /// Waits until something may have changed.
    async fn wait_for_change(&mut self) -> Result<(), Error> {
        let account = self.search.client().account_for(Calendars::URI)?;
        let state = self.held.as_ref().and_then(|held| held.state.clone());
        loop {
            let wait = self.until_asked();
            let Push::Open(events) = &mut self.push else {
                wait.await;
                break;
            };
            match within(events.next(), wait).await {
                Some(Some(Ok(event))) if tells(&event, &account, state.as_ref()) => break,
                Some(Some(Ok(_))) => {}
                Some(Some(Err(error))) if error.is_auth() => return Err(error),
                // Without push, whatever the reason, it is asked from time to time.
                Some(Some(Err(_)) | None) => (self.push, self.asks_at) = (Push::None, None),
                None => break,
            }
        }
        self.asks_at = None;
        Ok(())
    }

    /// Waits until the server is to be asked although it said nothing.
    fn until_asked(&mut self) -> BoxFuture<'static, ()> {
        let transport = self.search.client().transport();
        let interval = match self.push {
            Push::Open(_) => self.interval.saturating_mul(RARELY),
            _ => self.interval,
        };
        let now = transport.now();
        let asks_at = *self.asks_at.get_or_insert_with(|| now + interval);
        transport.sleep(asks_at.duration_since(now).unwrap_or_default())
    }

    async fn all(&mut self) -> Result<Followed, Error> {
        let found = self.search.found().await?;
        let events = found.events.iter().map(|it| (it.id(), it.event.clone())).collect();
        self.held = Some(Held { events, state: found.state });
        Ok(Followed::All(found.events))
    }

    /// What changed; `None` if nothing did.
    async fn changes(&mut self) -> Result<Option<Followed>, Error> {
        match self.held.as_ref().and_then(|held| held.state.clone()) {
            Some(state) if self.search.is_everything() => self.changes_since(state).await,
            _ => self.compare().await,
        }
    }

    async fn changes_since(
        &mut self,
        state: State<CalendarEvent>,
    ) -> Result<Option<Followed>, Error> {
        let client = self.search.client().clone();
        let mut pages = client.objects_since::<CalendarEvent>(state);
        let (mut changed, mut gone, mut now) = (BTreeMap::new(), Vec::new(), None);
        while let Some(step) = pages.next().await {
            match step? {
                ObjectsStep::Changed(page) => {
                    changed.extend(page.objects.into_iter().map(|it| (Id::from(&it), it)));
                    // It may have been there still when an earlier page was fetched.
                    changed.retain(|id, _| !page.destroyed.contains(id));
                    gone.extend(page.destroyed);
                    now = Some(page.state);
                }
                _ => return self.all().await.map(Some),
            }
        }
        let Some(held) = &mut self.held else { return Ok(None) };
        held.state = now.or_else(|| held.state.take());
        gone.retain(|id: &Id<CalendarEvent>| held.events.remove(id).is_some());
        let (mut of_list, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
            changed.into_iter().partition(|(_, event)| self.search.admits(event));
        gone.extend(others.into_keys().filter(|id| held.events.remove(id).is_some()));
        of_list.retain(|id, event| held.events.get(id) != Some(event));
        held.events.extend(of_list.clone());
        let changed = of_list;
        if changed.is_empty() && gone.is_empty() {
            return Ok(None);
        }
        let state = held.state.clone();
        let stored = |event| StoredEvent::new(&client, event, state.clone());
        let changed = changed.into_values().map(stored).collect();
        Ok(Some(Followed::Changed { changed, gone }))
    }

    /// Searches again, and compares with what is held: only the server can tell what a filter matches.
    async fn compare(&mut self) -> Result<Option<Followed>, Error> {
        let found = self.search.found().await?;
        let Some(held) = &mut self.held else { return Ok(None) };
        let before = std::mem::take(&mut held.events);
        held.events = found.events.iter().map(|it| (it.id(), it.event.clone())).collect();
        held.state = found.state;
        let gone: Vec<_> =
            before.keys().filter(|id| !held.events.contains_key(*id)).cloned().collect();
        let is_new = |stored: &StoredEvent| before.get(&stored.id()) != Some(&stored.event);
        let changed: Vec<_> = found.events.into_iter().filter(is_new).collect();
        let is_same = changed.is_empty() && gone.is_empty();
        Ok((!is_same).then_some(Followed::Changed { changed, gone }))
    }
}

/// How much less often a server is asked that pushes.
const RARELY: u32 = 10;

/// What a future gives, if it does before another one is done.
async fn within<T>(future: impl Future<Output = T>, wait: BoxFuture<'static, ()>) -> Option<T> {
    let (mut future, mut wait) = (pin!(future), wait);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => wait.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// Whether an event of the stream says that events of the account changed since a state.
fn tells(event: &Event, account: &Id<Account>, state: Option<&State<CalendarEvent>>) -> bool {
    let Event::State(change) = event else { return false };
    change.state_of::<CalendarEvent>(account).is_some_and(|now| state != Some(&now))
}
