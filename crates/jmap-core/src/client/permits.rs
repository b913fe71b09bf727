//! [`Permits`]: how much may be done at a time.

use async_lock::{Semaphore, SemaphoreGuardArc};
use std::sync::Arc;

/// So many things may be done at a time; whoever comes later waits, in the order of coming.
#[derive(Clone)]
pub(crate) struct Permits(Arc<Semaphore>);

impl Permits {
    pub(crate) fn new(most: u64) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX).clamp(1, MOST);
        Self(Arc::new(Semaphore::new(most)))
    }

    /// Waits until it is allowed; it is, until the guard is dropped.
    pub(crate) async fn acquire(&self) -> SemaphoreGuardArc {
        self.0.acquire_arc().await
    }
}

/// However generous a server is, more requests at a time than this only get into each other's way.
const MOST: usize = 32;
