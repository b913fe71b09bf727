//! [`Shared`]: what the clones of a client have in common.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use http::StatusCode;

use super::discover;
use super::exchange::Io;
use super::permits::Permits;
use crate::batch::Found;
use crate::capability::Core;
use crate::wire::{AddressError, Origin, resolve};
use crate::{Error, Session, State};

pub(crate) struct Shared {
    pub(super) io: Io,
    /// Where the server was to be found in the beginning, as a person says it.
    address: String,
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
    /// When to fetch it again at the earliest, after it could not be had.
    postponed: Option<SystemTime>,
}

/// How long calls go on with the session that is held before they try again to fetch it.
const PAUSE: Duration = Duration::from_secs(30);

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
    pub(super) fn new(io: Io, address: String, loaded: Loaded) -> Self {
        Self {
            io,
            address,
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

    /// The session, fetched again if the server said that it moved; the one that is held, as long as that cannot be done
    /// for now.
    pub(super) async fn current(&self) -> Result<Arc<Loaded>, Error> {
        if !self.is_stale() {
            return Ok(self.loaded());
        }
        match self.refresh_if(|| self.is_stale(), self.fetch()).await {
            Err(error) if error.is_retryable() => {
                tracing::debug!(%error, "going on with the session that is held");
                Ok(self.loaded())
            }
            result => result,
        }
    }

    pub(super) async fn refresh(&self) -> Result<Arc<Loaded>, Error> {
        self.refresh_if(|| true, self.fetch()).await
    }

    /// The session of a server that was looked for anew, because its API is not where `before` has it; `None` if it is
    /// nowhere else.
    pub(super) async fn moved(&self, before: &Arc<Loaded>) -> Result<Option<Arc<Loaded>>, Error> {
        let is_held = || Arc::ptr_eq(before, &self.loaded());
        let loaded = self.refresh_if(is_held, discover::find(&self.io, &self.address)).await?;
        let api = |it: &Loaded| it.address(&self.io, "apiUrl", it.session.api_url.as_deref());
        let has_moved = api(&loaded)? != api(before)?;
        Ok(has_moved.then_some(loaded))
    }

    /// The session, from where it was last, or from the beginning if it is there no longer.
    async fn fetch(&self) -> Result<Loaded, Error> {
        match discover::fetch(&self.io, &self.loaded().url).await {
            Err(error) if is_gone(&error) => discover::find(&self.io, &self.address).await,
            result => result,
        }
    }

    /// Has another session from now on, if it is `due` when nobody else is fetching one.
    async fn refresh_if(
        &self,
        due: impl Fn() -> bool,
        fetch: impl Future<Output = Result<Loaded, Error>>,
    ) -> Result<Arc<Loaded>, Error> {
        let _only = self.refreshing.acquire().await;
        if !due() {
            return Ok(self.loaded());
        }
        let told_before = self.told().due.clone();
        let fetched = fetch.await;
        let mut told = self.told();
        if fetched.as_ref().is_err_and(Error::is_retryable) {
            told.postponed = self.io.transport.now().checked_add(PAUSE);
        }
        let loaded = Arc::new(keep_permits(fetched?, &self.loaded()));
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&loaded);
        // What was told while it was fetched still counts.
        if told.due == told_before {
            told.due = None;
        }
        told.settled = told_before;
        told.postponed = None;
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
        let (due, postponed) = {
            let told = self.told();
            (told.due.clone(), told.postponed)
        };
        due.is_some()
            && due != self.loaded().session.state
            && postponed.is_none_or(|then| then <= self.io.transport.now())
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether there is nothing any longer where something was.
pub(super) fn is_gone(error: &Error) -> bool {
    matches!(error.status(), Some(StatusCode::NOT_FOUND | StatusCode::GONE))
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
