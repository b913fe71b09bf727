//! [`EventStream`]: the body of an answer that goes on as long as the client listens.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;

use super::{Bell, Feed, Sleep};
use crate::server::dispatcher::User;
use crate::server::endpoints::variable;
use crate::transport::{BoxFuture, TransportError};

/// What a client wants of a stream: the variables of `eventSourceUrl`.
#[derive(Debug, PartialEq)]
pub(in crate::server) struct Wish {
    /// `None` for all types.
    types: Option<BTreeSet<String>>,
    closes_after_state: bool,
    /// How long there may be silence, in seconds; `None` for ever.
    ping: Option<u64>,
}

/// Shorter and longer pings than these are made as long (RFC 8620, section 7.3, demands that 30 s to 300 s be taken), in
/// seconds.
const SHORTEST_PING: u64 = 30;
const LONGEST_PING: u64 = 300;

impl Wish {
    /// What a query says; variables that are missing stand for everything, for ever, without pings. `None` if a value is
    /// none that the standard has.
    pub(in crate::server) fn read(query: Option<&str>) -> Option<Self> {
        let types = variable(query, "types").filter(|types| types != "*");
        let closes_after_state = match variable(query, "closeafter").as_deref() {
            Some("state") => true,
            Some("no") | None => false,
            Some(_) => return None,
        };
        let ping: u64 = variable(query, "ping").map_or(Some(0), |ping| ping.parse().ok())?;
        Some(Self {
            types: types.map(|types| types.split(',').map(str::to_owned).collect()),
            closes_after_state,
            ping: (ping > 0).then(|| ping.clamp(SHORTEST_PING, LONGEST_PING)),
        })
    }

    fn wants(&self, name: &str) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(name))
    }
}

/// The events of one stream, as they come.
pub(in crate::server) struct EventStream<U> {
    feed: Arc<Feed>,
    bell: Arc<Bell>,
    /// On the heap, so that the stream can be moved whatever the user is.
    user: Box<U>,
    wish: Wish,
    /// The id of the last event.
    seen: u64,
    sleep: Option<Sleep>,
    /// Over when it is time for a ping.
    silence: Option<BoxFuture<'static, ()>>,
    is_over: bool,
}

impl<U: User> EventStream<U> {
    /// A stream behind the event of this id: without one, behind all events that there were. What is none of our ids is
    /// older than all of them.
    pub(in crate::server) fn new(
        feed: Arc<Feed>,
        user: U,
        wish: Wish,
        last_event_id: Option<&str>,
        sleep: Option<Sleep>,
    ) -> Self {
        let now = feed.count();
        let behind = |id: &str| id.parse().ok().filter(|id| *id <= now).unwrap_or_default();
        Self {
            seen: last_event_id.map_or(now, behind),
            bell: feed.bell(),
            feed,
            user: Box::new(user),
            wish,
            sleep,
            silence: None,
            is_over: false,
        }
    }

    fn next_state(&mut self) -> Option<String> {
        if self.feed.count() <= self.seen {
            return None;
        }
        let accounts = self.user.accounts();
        let accounts = accounts.keys().cloned();
        let wants = |name: &str| self.wish.wants(name);
        let (now, change) = self.feed.since(self.seen, self.user.name(), accounts, wants);
        self.seen = now;
        // Writing strings cannot fail; the other branch only exists in the signature.
        let data = serde_json::to_string(&change?).ok()?;
        self.is_over = self.wish.closes_after_state;
        Some(format!("event: state\nid: {now}\ndata: {data}\n\n"))
    }

    fn poll_ping(&mut self, context: &mut Context<'_>) -> Poll<String> {
        let (Some(interval), Some(sleep)) = (self.wish.ping, &self.sleep) else {
            return Poll::Pending;
        };
        let silence = self.silence.get_or_insert_with(|| sleep(Duration::from_secs(interval)));
        silence
            .as_mut()
            .poll(context)
            .map(|()| format!("event: ping\ndata: {{\"interval\":{interval}}}\n\n"))
    }
}

impl<U: User> http_body::Body for EventStream<U> {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        // First, so that nothing is missed that comes in between.
        self.bell.wakes(context.waker());
        let event = match self.next_state() {
            Some(event) => event,
            None => std::task::ready!(self.poll_ping(context)),
        };
        self.silence = None;
        Poll::Ready(Some(Ok(Frame::data(event.into()))))
    }
}
