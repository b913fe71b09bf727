//! [`Feed`]: what changed, told over event streams (RFC 8620, section 7.3).

mod stream;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Waker;
use std::time::Duration;

use json_model::Map;

pub(super) use self::stream::{EventStream, Wish};
use crate::push::StateChange;
use crate::transport::BoxFuture;
use crate::{Account, Id, State};

/// How whoever hosts the service waits.
pub(super) type Sleep = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

/// The newest state of each type in each account that was told of, and the event streams that wait for more.
///
/// It holds one entry for each type of each account, so what a client missed is found however long it was away. Every
/// [`Service`](super::Service) has one; several can share one ([`Service::feed`](super::Service::feed)).
///
/// ```
/// use jmap_core::push::StateChange;
/// use jmap_core::server::Feed;
///
/// let feed = Feed::new();
/// // What a log of changes has under this number; streams use it as the id of the event.
/// feed.tell_as(17, None, &StateChange::default());
/// ```
#[derive(Default)]
pub struct Feed(Mutex<Told>);

#[derive(Default)]
struct Told {
    /// The number of the last thing that was told.
    count: u64,
    states: BTreeMap<Id<Account>, States>,
    streams: Vec<Weak<Bell>>,
}

/// The states of the types of an account, each with its number: those for everybody, and those for one user alone.
type States = BTreeMap<(String, Option<String>), (u64, State<()>)>;

/// Wakes one stream.
#[derive(Default)]
pub(super) struct Bell(Mutex<Option<Waker>>);

impl Feed {
    /// A feed of which nothing was told.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes where types stand now, and wakes the streams. The id of the event is one more than that of the last one.
    pub fn tell(&self, change: &StateChange) {
        let mut told = self.told();
        let number = told.count + 1;
        told.note(number, None, change);
    }

    /// [`tell`](Self::tell), with the number that a log gives the change as the id of the event, and perhaps to one user
    /// alone, by their [name](super::User::name): where not everybody sees all of an account, states differ.
    ///
    /// With ids from a log that lasts, a client that comes back is told what it missed, also by a service that was started
    /// meanwhile, after that one was told where the log stands. Later changes have greater numbers.
    pub fn tell_as(&self, number: u64, user: Option<&str>, change: &StateChange) {
        self.told().note(number, user, change);
    }

    /// The id of the newest event.
    pub(super) fn count(&self) -> u64 {
        self.told().count
    }

    /// What a user was told after `seen`, of these accounts and wanted types, all in one; and the number of the last thing
    /// that was told.
    pub(super) fn since(
        &self,
        seen: u64,
        user: &str,
        accounts: impl Iterator<Item = Id<Account>>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> (u64, Option<StateChange>) {
        let told = self.told();
        let mut change = StateChange::default();
        for account in accounts.filter(|_| seen < told.count) {
            let states = told.states.get(&account).into_iter().flatten();
            let mut new: Vec<_> = states
                .filter(|((_, whose), _)| whose.as_ref().is_none_or(|whose| whose == user))
                .filter(|((name, _), (number, _))| *number > seen && is_wanted(name))
                .collect();
            // Of two states of a type, the later one counts.
            new.sort_by_key(|(_, (number, _))| *number);
            let new: Map<String, State<()>> = new
                .into_iter()
                .map(|((name, _), (_, state))| (name.clone(), state.clone()))
                .collect();
            if !new.is_empty() {
                change.changed.insert(account, new);
            }
        }
        (told.count, Some(change).filter(|change| !change.changed.is_empty()))
    }

    /// What wakes a new stream when there is something.
    fn bell(&self) -> Arc<Bell> {
        let bell = Arc::new(Bell::default());
        let streams = &mut self.told().streams;
        streams.retain(|stream| stream.strong_count() > 0);
        streams.push(Arc::downgrade(&bell));
        bell
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        // A panic elsewhere leaves whole states at worst without their neighbours.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    fn note(&mut self, number: u64, user: Option<&str>, change: &StateChange) {
        self.count = self.count.max(number);
        for (account, states) in &change.changed {
            let known = self.states.entry(account.clone()).or_default();
            for (name, state) in states {
                known.insert((name.clone(), user.map(str::to_owned)), (number, state.clone()));
            }
        }
        self.streams.iter().filter_map(Weak::upgrade).for_each(|bell| bell.ring());
    }
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").field("count", &self.count()).finish_non_exhaustive()
    }
}

impl Bell {
    fn ring(&self) {
        let waker = self.waker().take();
        waker.into_iter().for_each(Waker::wake);
    }

    fn wakes(&self, waker: &Waker) {
        *self.waker() = Some(waker.clone());
    }

    fn waker(&self) -> MutexGuard<'_, Option<Waker>> {
        // A panic elsewhere cannot leave a waker half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
