//! [`Operation`]: what is being done, awaited or waited for.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::Error;
use crate::transport::BoxFuture;

/// What a client was asked to do, and will give.
///
/// It is a future: nothing is done before it is awaited, and dropping it gives up. With feature `blocking`, `wait` does it
/// without an async runtime. Methods of an extension of your own return operations too:
///
/// ```
/// use jmap_core::{Error, Operation};
///
/// fn count(words: Operation<Vec<String>>) -> Operation<usize> {
///     Operation::new(async move { Ok(words.await?.len()) })
/// }
///
/// let words = Operation::new(async { Ok(vec!["Milk".to_owned()]) });
/// # #[cfg(feature = "blocking")]
/// assert_eq!(count(words).wait()?, 1);
/// # Ok::<(), Error>(())
/// ```
#[must_use = "nothing is done before it is awaited or waited for"]
pub struct Operation<T> {
    work: BoxFuture<'static, Result<T, Error>>,
}

impl<T> Operation<T> {
    /// An operation that does this.
    pub fn new(work: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        Self { work: Box::pin(work) }
    }

    /// Does it, on this thread, and returns when it is done.
    ///
    /// Do not call it in asynchronous code: it holds up the thread. When that is the only one of the runtime on which the
    /// transport works, it waits forever.
    ///
    /// # Errors
    ///
    /// Those of what is done.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Result<T, Error> {
        wait(self)
    }
}

impl<T> Future for Operation<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        self.work.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for Operation<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation").finish_non_exhaustive()
    }
}

/// Waits for any future, on this thread: for what is no [`Operation`] (feature `blocking`), such as the next piece of a
/// body. See [`Operation::wait`].
///
/// ```
/// use jmap_core::transport::Body;
///
/// let mut body = Body::from("Milk");
/// let piece = jmap_core::wait(body.next()).unwrap()?;
/// assert_eq!(piece, "Milk");
/// # Ok::<(), jmap_core::transport::TransportError>(())
/// ```
#[cfg(feature = "blocking")]
pub fn wait<F: Future>(future: F) -> F::Output {
    let waiter = std::sync::Arc::new(blocking::Waiter::new());
    let waker = std::sync::Arc::clone(&waiter).into();
    let mut context = Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        waiter.wait();
    }
}

#[cfg(feature = "blocking")]
mod blocking {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::Wake;
    use std::thread::{self, Thread};

    /// A thread that sleeps until it is woken.
    pub(super) struct Waiter {
        thread: Thread,
        /// The thread's own mark may be used up by somebody else who parks it while the future is polled.
        is_woken: AtomicBool,
    }

    impl Waiter {
        pub(super) fn new() -> Self {
            Self { thread: thread::current(), is_woken: AtomicBool::new(false) }
        }

        /// Returns when somebody has woken the thread since the last time.
        pub(super) fn wait(&self) {
            while !self.is_woken.swap(false, Ordering::Acquire) {
                thread::park();
            }
        }
    }

    impl Wake for Waiter {
        fn wake(self: Arc<Self>) {
            self.wake_by_ref();
        }

        fn wake_by_ref(self: &Arc<Self>) {
            self.is_woken.store(true, Ordering::Release);
            self.thread.unpark();
        }
    }
}

#[cfg(all(test, feature = "blocking"))]
mod tests {
    use std::sync::mpsc;
    use std::task::Waker;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn nothing_is_done_before_it_is_waited_for() {
        let (sender, receiver) = mpsc::channel();
        let operation = Operation::new(async move {
            sender.send(()).ok();
            Ok(1)
        });
        assert!(receiver.try_recv().is_err());
        assert_eq!(operation.wait().unwrap(), 1);
        assert!(receiver.try_recv().is_ok());
    }

    #[test]
    fn sleeps_until_woken() {
        let (sender, receiver) = mpsc::channel::<Waker>();
        let waking = thread::spawn(move || {
            for waker in receiver {
                thread::sleep(Duration::from_millis(10));
                waker.wake();
            }
        });
        let mut polls = 0;
        let done = wait(std::future::poll_fn(move |context| {
            polls += 1;
            if polls == 4 {
                return Poll::Ready(polls);
            }
            sender.send(context.waker().clone()).ok();
            Poll::Pending
        }));
        assert_eq!(done, 4);
        waking.join().unwrap();
    }

    #[test]
    fn a_wake_counts_although_the_thread_was_parked_in_between() {
        let mut polls = 0;
        wait(std::future::poll_fn(move |context| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            // Another sleeper on this thread, which eats the mark.
            thread::park();
            Poll::Pending
        }));
    }
}
