//! Several things at the same time.

use std::future::poll_fn;
use std::task::Poll;

use crate::transport::BoxFuture;

/// What all of `futures` give, in their order.
pub(crate) async fn join<T: Send>(futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut slots: Vec<Slot<'_, T>> = futures.into_iter().map(Slot::Running).collect();
    poll_fn(|context| {
        let mut is_ready = true;
        for slot in &mut slots {
            if let Slot::Running(future) = slot {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => *slot = Slot::Done(value),
                    Poll::Pending => is_ready = false,
                }
            }
        }
        if is_ready { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    slots.into_iter().filter_map(Slot::done).collect()
}

enum Slot<'a, T> {
    Running(BoxFuture<'a, T>),
    Done(T),
}

impl<T> Slot<'_, T> {
    fn done(self) -> Option<T> {
        match self {
            Self::Running(_) => None,
            Self::Done(value) => Some(value),
        }
    }
}

/// What `future` gives, unless `limit` is over first.
pub(crate) async fn within<T>(
    mut limit: BoxFuture<'_, ()>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = std::pin::pin!(future);
    poll_fn(|context| {
        if let Poll::Ready(value) = future.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}
