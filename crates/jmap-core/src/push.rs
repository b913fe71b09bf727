//! Push (RFC 8620, section 7): how a server tells that something changed.
//!
//! Either over a stream of events that the client keeps open: [`EventSource`] decides all about it, and
//! [`Client::event_source`](crate::Client::event_source) does it. Or to a URL of the client's choice: [`PushSubscription`].
//! Both carry [`StateChange`]s.

mod event;
mod event_source;
mod parser;
mod state_change;
mod subscription;

pub use self::event::Event;
pub use self::event_source::{EventSource, EventSourceAnswer, EventSourceOptions};
pub use self::parser::{EventParser, EventTooLarge, StreamEvent};
pub use self::state_change::StateChange;
pub use self::subscription::{
    PushKeys, PushSubscription, PushVerification, SubscriptionGetArguments,
    SubscriptionSetArguments,
};
