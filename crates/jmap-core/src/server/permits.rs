//! [`Permits`]: how many requests of one user may be under way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts what is under way, by the name of a user.
#[derive(Clone, Debug, Default)]
pub(super) struct Permits(Arc<Mutex<BTreeMap<String, u64>>>);

/// One thing that is under way, until it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    permits: Permits,
    user: String,
}

impl Permits {
    /// A permit, unless the user has `most` of them.
    pub(super) fn take(&self, user: &str, most: u64) -> Option<Permit> {
        let mut counts = self.counts();
        let count = counts.get(user).copied().unwrap_or_default();
        if count >= most {
            return None;
        }
        counts.insert(user.to_owned(), count + 1);
        Some(Permit { permits: self.clone(), user: user.to_owned() })
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        // A panic elsewhere cannot leave a count half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.permits.counts();
        match counts.get_mut(&self.user) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                counts.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_has_permits_and_gives_them_back() {
        let permits = Permits::default();
        let first = permits.take("jane", 1);
        assert!(first.is_some() && permits.take("jane", 1).is_none());
        assert!(permits.take("joe", 1).is_some());
        drop(first);
        assert!(permits.counts().is_empty() && permits.take("jane", 1).is_some());
    }
}
