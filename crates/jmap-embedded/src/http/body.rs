//! What comes with requests and goes with answers.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use jmap_core::transport::{Body, BoxFuture, TransportError};
use tokio::time::{Instant, Sleep};

/// How long a client may pause while it sends something.
const PAUSE: Duration = Duration::from_secs(30);

/// The octets of a request. A client that stops in between does not keep its place.
pub(super) struct Arriving {
    octets: Incoming,
    patience: Pin<Box<Sleep>>,
}

impl Arriving {
    pub(super) fn new(octets: Incoming) -> Self {
        Self { octets, patience: Box::pin(tokio::time::sleep(PAUSE)) }
    }
}

impl http_body::Body for Arriving {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.octets).poll_frame(context) else {
            ready!(self.patience.as_mut().poll(context));
            return Poll::Ready(Some(Err(TransportError::other("the client went silent"))));
        };
        self.patience.as_mut().reset(Instant::now() + PAUSE);
        let broken = |error| TransportError::broken("the connection broke", error);
        Poll::Ready(frame.map(|frame| frame.map_err(broken)))
    }

    fn is_end_stream(&self) -> bool {
        self.octets.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.octets.size_hint()
    }
}

/// The octets of an answer. One that has no end of its own, an event stream, ends when the server does.
pub(super) struct Leaving {
    octets: Body,
    stop: BoxFuture<'static, ()>,
}

impl Leaving {
    pub(super) fn new(octets: Body, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { octets, stop: Box::pin(stop) }
    }
}

impl http_body::Body for Leaving {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.octets).poll_frame(context) {
            return Poll::Ready(frame);
        }
        self.stop.as_mut().poll(context).map(|()| None)
    }

    fn is_end_stream(&self) -> bool {
        self.octets.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.octets.size_hint()
    }
}
