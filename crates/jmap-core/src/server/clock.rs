//! [`Clock`]: a time that tests move.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime};

/// A clock that stands still until somebody moves it, so that tests of waiting take no time. Clones are one clock.
///
/// It begins at the start of 1970. Whoever waits is woken when the clock has been [advanced](Self::advance) far enough; an
/// [impatient](Self::impatient) clock is moved by the waiting itself, but stands still while a
/// [`Loopback`](super::Loopback) is about to answer a request.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use jmap_core::server::Clock;
///
/// let clock = Clock::new();
/// clock.advance(Duration::from_secs(30));
/// assert_eq!(clock.now(), UNIX_EPOCH + Duration::from_secs(30));
/// ```
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Hands>>);

struct Hands {
    now: SystemTime,
    is_impatient: bool,
    /// How many things are going on during which an impatient clock stands still.
    held: usize,
    sleepers: Vec<Waker>,
}

/// Keeps an impatient clock from moving by itself, until it is dropped.
pub(super) struct Hold<'a>(&'a Clock);

impl Clock {
    /// A clock that only [`advance`](Self::advance) moves.
    pub fn new() -> Self {
        Self::of(false)
    }

    /// A clock that whoever waits moves to the end of the waiting, after everything else had a turn, and after all requests
    /// have been answered: a function of the server may await something real, and no time-out runs out meanwhile.
    pub fn impatient() -> Self {
        Self::of(true)
    }

    fn of(is_impatient: bool) -> Self {
        let now = SystemTime::UNIX_EPOCH;
        let hands = Hands { now, is_impatient, held: 0, sleepers: Vec::new() };
        Self(Arc::new(Mutex::new(hands)))
    }

    pub(super) fn hold(&self) -> Hold<'_> {
        self.hands().held += 1;
        Hold(self)
    }

    /// The time.
    pub fn now(&self) -> SystemTime {
        self.hands().now
    }

    /// Moves the clock on and wakes those who wait.
    pub fn advance(&self, duration: Duration) {
        self.hands().now += duration;
        self.wake();
    }

    /// Waits until the clock shows so much more.
    pub fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        let clock = self.clone();
        // A time that is too far away for this clock never comes.
        let end = self.now().checked_add(duration);
        let mut had_a_turn = false;
        poll_fn(move |task| {
            let Some(end) = end else { return Poll::Pending };
            let mut hands = clock.hands();
            let runs = hands.is_impatient && hands.held == 0;
            if runs && had_a_turn {
                hands.now = hands.now.max(end);
            }
            if hands.now >= end {
                return Poll::Ready(());
            }
            if runs {
                task.waker().wake_by_ref();
            } else {
                hands.sleepers.push(task.waker().clone());
            }
            had_a_turn = runs;
            Poll::Pending
        })
    }

    fn wake(&self) {
        let sleepers = std::mem::take(&mut self.hands().sleepers);
        sleepers.into_iter().for_each(Waker::wake);
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        // A panic elsewhere cannot leave the time half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.hands().held -= 1;
        self.0.wake();
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    #[test]
    fn a_time_too_far_away_never_comes() {
        for clock in [Clock::new(), Clock::impatient()] {
            let mut sleep = std::pin::pin!(clock.sleep(Duration::MAX));
            let mut task = Context::from_waker(Waker::noop());
            for _ in 0..3 {
                assert!(sleep.as_mut().poll(&mut task).is_pending());
            }
            assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
        }
    }
}
