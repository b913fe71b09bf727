//! [`Changes`]: what changed, told over event streams (RFC 8620, section 7.3).

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

/// The newest state of each type in each account that was told of, and the streams that wait for more.
///
/// It holds one entry for each type of each account, so what a client missed is found however long it was away.
#[derive(Default)]
pub(super) struct Changes(Mutex<Told>);

#[derive(Default)]
struct Told {
    /// How often something was told.
    count: u64,
    states: BTreeMap<Id<Account>, States>,
    streams: Vec<Weak<Bell>>,
}

/// The states of the types of an account, each with the count when it was told.
type States = BTreeMap<String, (u64, State<()>)>;

/// Wakes one stream.
#[derive(Default)]
pub(super) struct Bell(Mutex<Option<Waker>>);

impl Changes {
    /// Notes where types stand now, and wakes the streams.
    pub(super) fn tell(&self, change: &StateChange) {
        let mut told = self.told();
        told.count += 1;
        let count = told.count;
        for (account, states) in &change.changed {
            let known = told.states.entry(account.clone()).or_default();
            known.extend(states.iter().map(|(name, state)| (name.clone(), (count, state.clone()))));
        }
        told.streams.iter().filter_map(Weak::upgrade).for_each(|bell| bell.ring());
    }

    /// How often something was told: the id of the newest event.
    pub(super) fn count(&self) -> u64 {
        self.told().count
    }

    /// What was told after `seen`, of these accounts and wanted types, all in one; and how often something was told by now.
    pub(super) fn since(
        &self,
        seen: u64,
        accounts: impl Iterator<Item = Id<Account>>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> (u64, Option<StateChange>) {
        let told = self.told();
        let mut change = StateChange::default();
        for account in accounts.filter(|_| seen < told.count) {
            let states = told.states.get(&account).into_iter().flatten();
            let new = states.filter(|(name, (count, _))| *count > seen && is_wanted(name));
            let new: Map<String, State<()>> =
                new.map(|(name, (_, state))| (name.clone(), state.clone())).collect();
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
