//! The server side (feature `server`): a [`Dispatcher`] over the very types of the client, without sockets.
//!
//! An application says who may use what ([`User`]), registers a function for each method, and hands over requests: bytes
//! in, bytes out. What RFC 8620 demands of every method is done before the function is called; the function does what its
//! data type is about.
//!
//! | what | by whom |
//! | --- | --- |
//! | content type, I-JSON, the form of the request, its limits (sections 3.3, 3.6.1) | dispatcher |
//! | unknown methods and capabilities (3.3, 3.6.2) | dispatcher |
//! | result references (3.7) | dispatcher |
//! | `createdIds`, and creation ids in `ids`, `update` and `destroy` (5.3) | dispatcher; see below |
//! | accounts: unknown, without the capability, read-only (3.6.2) | dispatcher, by [`User::accounts`] |
//! | missing, unknown and wrong arguments (3.6.2) | dispatcher, by the type of the arguments |
//! | `maxChanges` of 0 (5.2) | dispatcher, for methods called `changes` |
//! | collations that `collationAlgorithms` does not name (5.5) | dispatcher, for `query` and `queryChanges` |
//! | `maxObjectsInGet`, `maxObjectsInSet` (5.1, 5.3) | dispatcher, for methods called `get`, `set` and `copy` |
//! | entries of `create` and `update` that cannot be read (5.3) | [`Context::set_response`], [`Context::copy_response`], [`Context::not_created`] |
//! | patches (5.3) | the function, with [`patched`] and [`unchanged`] |
//! | creation ids inside of objects (5.3) | the function, with [`Context::resolve`] |
//! | blobs (RFC 9404; RFC 8620, section 6.3) | [`Dispatcher::blobs`] |
//! | event streams (RFC 8620, section 7.3) | [`Service::push`] |
//! | states, changes, what the objects mean | the function |
//!
//! ```
//! use jmap_core::server::{Context, Dispatcher, User};
//! use jmap_core::{Account, Id, Map, MethodError};
//! # use jmap_core::{GetArguments, GetResponse, State};
//! # use jmap_core::capability::{Capability, Nothing};
//! # use jmap_core::object::{Get, Object};
//! # use jmap_core::Json;
//! # #[derive(Clone, Debug, Default, PartialEq)]
//! # struct Note { id: Option<Id<Note>>, text: Option<String>, extra: Map<String, Json> }
//! # json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }
//! # struct Notes;
//! # impl Capability for Notes {
//! #     const URI: &'static str = "https://example.com/jmap/notes";
//! #     type Session = Nothing;
//! #     type Account = Nothing;
//! # }
//! # impl Object for Note {
//! #     const TYPE: &'static str = "Note";
//! #     const USING: &'static [&'static str] = &[Notes::URI];
//! #     type Property = String;
//! # }
//! # impl Get for Note {}
//!
//! #[derive(Clone)]
//! struct Jane;
//!
//! impl User for Jane {
//!     fn name(&self) -> &str {
//!         "jane@example.com"
//!     }
//!
//!     fn accounts(&self) -> Map<Id<Account>, Account> {
//!         Map::from([(Id::any("a"), Account::own("jane@example.com").with::<Notes>(&Nothing::default()))])
//!     }
//! }
//!
//! async fn get(_: Context<Jane>, get: GetArguments<Note>) -> Result<GetResponse<Note>, MethodError> {
//!     assert_eq!(get.account_id, Some(Id::any("a")));
//!     Ok(GetResponse::new(State::any("0"), []))
//! }
//!
//! let dispatcher = Dispatcher::new().capability::<Notes>(&Nothing::default()).register(get);
//! assert!(dispatcher.session(&Jane).has("https://example.com/jmap/notes"));
//! ```
//!
//! # Creation ids
//!
//! "#k1" stands for the object that was created as "k1" in the same request (RFC 8620, section 5.3). The dispatcher keeps
//! the map: it starts with `createdIds` of the request, and takes in the member `created` of every response of a method that
//! changes something, a later creation replacing an earlier one of the same name. It puts the real id in the place of a
//! reference where every method has ids: the elements of `ids` and `destroy`, and the names in `update`. Which strings
//! inside of an object are ids, only the data type knows: its function asks [`Context::resolve`]. What the map does not
//! have yet stays as it is, because the same call may create it; [`Context::record`] tells the map at once.
//!
//! # Panics
//!
//! A function that panics answers `serverFail`, and the others go on; not where panics abort the program.

#![expect(
    clippy::result_large_err,
    reason = "a request is refused once, and its problem document is what is sent then"
)]

mod arguments;
mod blob_methods;
mod blobs;
mod call;
mod clock;
mod context;
mod creations;
mod dispatcher;
mod endpoints;
mod events;
mod exchange;
mod i_json;
mod loopback;
mod patched;
mod permits;
mod problem;
mod references;
mod service;
mod timer;

pub use self::blobs::{BlobStore, MemoryBlobs, StoredBlob};
pub use self::clock::Clock;
pub use self::context::Context;
pub use self::dispatcher::{Dispatcher, User};
pub use self::events::Feed;
pub use self::loopback::Loopback;
pub use self::patched::{patched, unchanged};
pub use self::service::{Layer, Service};
