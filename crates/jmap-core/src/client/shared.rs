//! [`Shared`]: what the clones of a client have in common.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::discover;
use super::exchange::Io;
use super::permits::Permits;
use crate::batch::Found;
use crate::capability::Core;
use crate::wire::{AddressError, Origin, resolve};
use crate::{Error, Session, State};

pub(crate) struct Shared {
    pub(super) io: Io,
    loaded: RwLock<Arc<Loaded>>,
    told: Mutex<Told>,
    pub(super) versions: Found,
    /// Held while the session is fetched, so that it is fetched once.
    refreshing: Permits,
}

/// What responses told of the state of the session.
#[derive(Default)]
struct Told {
    /// Another state than the session has. It stays until the session has been fetched, so that whoever comes meanwhile
    /// waits for that.
    due: Option<State<Session>>,
    /// The last state for which the session was fetched. If the session has another one all the same, or none, it would be
    /// fetched for every call.
    settled: Option<State<Session>>,
}

/// A session, and what follows from it.
pub(crate) struct Loaded {
    pub(crate) session: Arc<Session>,
    /// Where it was found, after all redirects.
    pub(crate) url: String,
    /// Its limits; where it names none, those that the standard suggests.
    pub(crate) limits: Core,
    pub(super) requests: Permits,
    pub(super) uploads: Permits,
}

impl Loaded {
    pub(super) fn new(session: Session, url: String) -> Self {
        let limits = session.limits().or_suggested();
        Self {
            requests: Permits::new(limits.max_concurrent_requests.unwrap_or(1)),
            uploads: Permits::new(limits.max_concurrent_upload.unwrap_or(1)),
            session: Arc::new(session),
            url,
            limits,
        }
    }

    /// The address that the session gives under the name `member`, or what it is a template of.
    pub(super) fn address(
        &self,
        io: &Io,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<String, Error> {
        let missing = AddressError::Missing { member };
        let value = value.filter(|value| !value.is_empty()).ok_or(missing)?;
        let invalid = || AddressError::Invalid { text: value.to_owned() };
        let url = resolve(&self.url, value).ok_or_else(invalid)?;
        let from = Origin::of(&self.url).ok_or_else(invalid)?;
        let to = Origin::of(&url).ok_or_else(invalid)?;
        if io.settings.rewrite_origin && from.host() == to.host() && from != to {
            let rest = url.splitn(4, '/').nth(3).unwrap_or_default();
            return Ok(format!("{from}/{rest}"));
        }
        io.check(&from, &to)?;
        Ok(url)
    }
}

impl Shared {
    pub(super) fn new(io: Io, loaded: Loaded) -> Self {
        Self {
            io,
            loaded: RwLock::new(Arc::new(loaded)),
            told: Mutex::default(),
            versions: Found::default(),
            refreshing: Permits::new(1),
        }
    }

    /// The session as it is known.
    pub(crate) fn loaded(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The session, fetched again if the server said that it moved.
    pub(super) async fn current(&self) -> Result<Arc<Loaded>, Error> {
        if self.is_stale() {
            return self.refresh_if(|| self.is_stale()).await;
        }
        Ok(self.loaded())
    }

    pub(super) async fn refresh(&self) -> Result<Arc<Loaded>, Error> {
        self.refresh_if(|| true).await
    }

    async fn refresh_if(&self, due: impl Fn() -> bool) -> Result<Arc<Loaded>, Error> {
        let _only = self.refreshing.acquire().await;
        if !due() {
            return Ok(self.loaded());
        }
        let before = self.loaded();
        let told_before = self.told().due.clone();
        let fetched = discover::fetch(&self.io, &before.url).await?;
        let loaded = Arc::new(keep_permits(fetched, &before));
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&loaded);
        // What was told while it was fetched still counts.
        let mut told = self.told();
        if told.due == told_before {
            told.due = None;
        }
        told.settled = told_before;
        drop(told);
        Ok(loaded)
    }

    /// Takes note of the session state in a response.
    pub(super) fn saw(&self, state: Option<&State<Session>>) {
        let held = self.loaded();
        let mut told = self.told();
        if state != held.session.state.as_ref() && state != told.settled.as_ref() {
            told.due = state.cloned();
        }
    }

    fn is_stale(&self) -> bool {
        let due = self.told().due.clone();
        due.is_some() && due != self.loaded().session.state
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While the limits stay what they were, those who wait for the old session's permits count for the new one too.
fn keep_permits(fetched: Loaded, before: &Loaded) -> Loaded {
    let mut loaded = fetched;
    if loaded.limits.max_concurrent_requests == before.limits.max_concurrent_requests {
        loaded.requests = before.requests.clone();
    }
    if loaded.limits.max_concurrent_upload == before.limits.max_concurrent_upload {
        loaded.uploads = before.uploads.clone();
    }
    loaded
}
