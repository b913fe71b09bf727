//! JMAP (RFC 8620) for clients and servers, open to any data type.
//!
//! JMAP moves JSON objects between a client and a server: each kind of object has methods with the same few shapes, calls
//! travel in batches and can use each other's results, and a copy of everything is kept up to date by asking what
//! changed. This crate has all of that and knows no kind of object itself. Calendars, tasks and contacts are crates on
//! top of it, and so can yours be: they use nothing but what is public here.
//!
//! # A client
//!
//! ```no_run
//! # #[cfg(feature = "hyper")]
//! # async fn example() -> Result<(), jmap_core::Error> {
//! use jmap_core::client::Basic;
//! use jmap_core::{Client, EchoArguments};
//!
//! let client = Client::builder("jane@example.com").credentials(Basic::new("jane", "tiger")).connect().await?;
//! client.call(EchoArguments::default()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Everything that a [`Client`] does is an [`Operation`]: awaited, or, with feature `blocking`, waited for.
//!
//! # A data type of your own
//!
//! An object is a struct with a table of its members ([`json_model::members!`]), or anything that serde reads and writes
//! ([`json_model::serde_value!`]). Saying which standard methods it has is enough to call them:
//!
//! ```
//! use jmap_core::object::{Changes, Get, Object, Query, Set};
//! use jmap_core::{Batch, Id, Json, Map, QueryArguments};
//!
//! #[derive(Clone, Debug, Default, PartialEq)]
//! struct Note {
//!     id: Option<Id<Note>>,
//!     text: Option<String>,
//!     extra: Map<String, Json>,
//! }
//!
//! json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }
//!
//! impl Object for Note {
//!     const TYPE: &'static str = "Note";
//!     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
//!     type Property = String;
//! }
//! impl Get for Note {}
//! impl Changes for Note {}
//! impl Set for Note {}
//! impl Query for Note {
//!     type Condition = Json;
//!     type SortBy = String;
//! }
//!
//! // Finds the first ten and fetches them, in one round trip.
//! let mut batch = Batch::new();
//! let found = batch.query(QueryArguments::<Note>::all().limit(10));
//! let notes = batch.get(found.ids());
//! # let _ = notes;
//! ```
//!
//! With a client, `client.batch()` in the place of `Batch::new()`, `batch.send().await?` gives the [`Responses`], and
//! `responses.take(notes)?` the notes. The guide [Extending JMAP](guide::extending) goes on from here, to the server too.
//!
//! # The pieces
//!
//! | piece | what for |
//! | --- | --- |
//! | [`Client`], [`client`] | calls with everything looked after: session, credentials, limits, failures |
//! | [`Batch`], [`Handle`], [`Responses`] | calls that are sent together, and their results |
//! | [`object`], [`Method`] | what makes a data type, and a method |
//! | [`GetArguments`], [`SetArguments`], … | the standard methods, for both sides; [how they are cut](guide::limits) |
//! | [`Session`], [`Account`], [`capability`] | what a server offers, and to whom |
//! | [`blob`], [`quota`] | binary data and quotas |
//! | [`push`] | what servers tell without being asked |
//! | [`sync`] | lists longer than an answer, and what changed since |
//! | [`Request`], [`Response`], [`wire`], [`transport`] | the layers below, each usable alone |
//! | [`Error`], [`MethodError`], [`SetError`], [`RequestError`] | what can fail: [a page about it](guide::errors) |
//!
//! # Reading and writing
//!
//! Reading is liberal: ids of any text, `null` or nothing for what is empty, members in any order, numbers where texts are
//! due, errors of unknown kinds. An object of a list that cannot be read does not lose the others
//! ([`List::unreadable`]), and members that nobody knows stay in `extra`. Writing is strict: no argument is sent that
//! the caller did not set, `using` has what the calls need and nothing that the server lacks, and what is missing is
//! said before anything is sent. Every argument and response type reads and writes, so a server uses the same ones.
//!
//! # Features
//!
//! | feature | default | what for |
//! | --- | --- | --- |
//! | `hyper` | yes | the transport over the network: HTTP/1.1 and HTTP/2, rustls, gzip |
//! | `blocking` | | [`Operation`]s can be waited for |
//! | `server` | | the dispatcher and the loopback transport |
//!
//! # What it does not do
//!
//! It keeps nothing on disk and has no data types of its own. WebSocket, encrypted Web Push, OAuth and SRV records are not
//! here yet. It has no unsafe code.
#![forbid(unsafe_code)]

pub mod batch;
pub mod blob;
pub mod capability;
pub mod client;
mod date;
mod error;
pub mod guide;
mod id;
mod method;
pub mod object;
mod operation;
pub mod push;
pub mod quota;
pub mod reference;
mod request;
#[cfg(feature = "server")]
pub mod server;
mod session;
mod state;
pub mod sync;
mod text;
pub mod transport;
pub mod wire;

pub use json_model;
pub use json_model::{Json, Map, PatchObject, Version};

pub use self::batch::{Batch, Call, Handle, Responses};
pub use self::client::Client;
pub use self::date::{InvalidUtcDate, UtcDate};
pub use self::error::{
    Error, HttpError, MethodError, MethodErrorKind, RequestError, SetError, SetErrorKind,
};
pub use self::id::{CreationId, Id, InvalidId};
pub use self::method::{
    AddedItem, ChangesArguments, ChangesResponse, Comparator, CopyArguments, CopyResponse, Created,
    EchoArguments, Filter, FilterOperator, GetArguments, GetResponse, List, Method, MethodName,
    Operator, QueryArguments, QueryChangesArguments, QueryChangesResponse, QueryResponse,
    SetArguments, SetResponse, Unreadable, Updated,
};
pub use self::operation::Operation;
#[cfg(feature = "blocking")]
pub use self::operation::wait;
pub use self::reference::{Reference, ResultReference};
pub use self::request::{Invocation, Request, Response};
pub use self::session::{Account, Session};
pub use self::state::{QueryState, State};

#[cfg(all(doctest, feature = "hyper"))]
#[doc = include_str!("../README.md")]
mod readme {}
