//! Waiting as long as it takes, without an async runtime.

use std::future::poll_fn;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// Is over after this time.
pub(super) fn sleep(duration: Duration) -> impl Future<Output = ()> + Send + 'static {
    // A time that is too far away never comes.
    let end = Instant::now().checked_add(duration);
    let mut timer = None;
    poll_fn(move |task| {
        let Some(end) = end else { return Poll::Pending };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        // Only what is really waited for has a thread: a time-out of something that is done at once has none.
        timer.get_or_insert_with(|| Timer::start(left)).wakes(task.waker());
        // It may have woken somebody else just before.
        if end <= Instant::now() { Poll::Ready(()) } else { Poll::Pending }
    })
}

/// A thread that waits; it ends early when this is dropped.
struct Timer {
    waker: Arc<Mutex<Option<Waker>>>,
    _given_up: Sender<()>,
}

impl Timer {
    fn start(duration: Duration) -> Self {
        let waker = Arc::new(Mutex::new(None::<Waker>));
        let (given_up, end) = mpsc::channel();
        let to_wake = Arc::clone(&waker);
        let wait = move || {
            if end.recv_timeout(duration) == Err(RecvTimeoutError::Timeout) {
                let waker = to_wake.lock().unwrap_or_else(PoisonError::into_inner).take();
                waker.into_iter().for_each(Waker::wake);
            }
        };
        // Without a thread to be had, whoever else wakes the task ends the waiting.
        let _ = thread::Builder::new().name("jmap-timer".to_owned()).spawn(wait);
        Self { waker, _given_up: given_up }
    }

    fn wakes(&self, waker: &Waker) {
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
    }
}
