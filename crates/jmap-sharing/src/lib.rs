//! JMAP sharing (RFC 9670): with whom data is shared, and who told.
//!
//! A [`Principal`] is a person, group, room or thing. Calendars, task lists and other things are shared with principals,
//! each with rights of its own, and who is given or loses rights finds a [`ShareNotification`].
//!
//! ```no_run
//! use jmap_core::{Client, QueryArguments};
//! use jmap_sharing::{Principal, PrincipalCondition};
//!
//! # async fn example(client: Client) -> Result<(), jmap_core::Error> {
//! let mut named = PrincipalCondition::default();
//! named.name = Some("Jane".to_owned());
//!
//! let mut batch = client.batch();
//! let found = batch.query(QueryArguments::<Principal>::matching(named));
//! let principals = batch.get(found.ids());
//! for principal in batch.send().await?.take(principals)?.list {
//!     println!("{}", principal.email.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | piece | what for |
//! | --- | --- |
//! | [`Principal`], [`PrincipalCondition`] | whom data can be shared with; all methods of the standard |
//! | [`ShareNotification`], [`ShareNotificationCondition`] | what others shared |
//! | [`Shareable`], [`SharingExt`] | data types that can be shared, and sharing them |
//! | [`scheduled`] | what data types have in common to which people are invited |
//! | [`capability`] | what servers say about all of this |
//! | [`set_method!`], [`conditions!`], [`scheduled_properties!`], [`also_named`] | for crates with such data types |
//!
//! It is an ordinary user of `jmap-core`: nothing in it is closed to a data type of your own, and a type that has
//! `shareWith` is [`Shareable`] after four lines.
#![forbid(unsafe_code)]

mod alias;
pub mod capability;
mod macros;
mod principal;
pub mod scheduled;
mod share_notification;
mod shareable;

pub use self::alias::also_named;
pub use self::principal::{Principal, PrincipalCondition, PrincipalProperty, PrincipalType};
pub use self::share_notification::{
    Entity, ShareNotification, ShareNotificationCondition, ShareNotificationProperty,
    ShareNotificationSortBy,
};
pub use self::shareable::{Shareable, SharingExt};

// What the macros name.
#[doc(hidden)]
pub use jmap_core;
