//! Lists that are longer than an answer, and what changed since: the logic alone, without a client.
//!
//! A client makes streams of these ([`Client::query_pages`](crate::Client::query_pages),
//! [`Client::changes_since`](crate::Client::changes_since), [`Client::objects_since`](crate::Client::objects_since)) and keeps
//! lists fresh ([`Client::follow`](crate::Client::follow)); here is what they do, for whoever sends requests in another way.
//!
//! - [`QueryPages`] goes through the result of a query, page by page.
//! - [`ChangesPages`] goes through changes until there are no more.
//! - [`HeldQuery`] is the result of a query that follows its changes.

mod changes;
mod held_query;
mod query;

pub use self::changes::{ChangedIds, ChangesPages, ChangesStep};
pub use self::held_query::{HeldQuery, HeldStep};
pub use self::query::{Page, QueryPages};

/// What is held is too old, or does not fit what came: fetch everything again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("what is held is too old to follow the changes: fetch everything again")]
#[expect(clippy::exhaustive_structs, reason = "there is nothing more to say")]
pub struct Resync;
