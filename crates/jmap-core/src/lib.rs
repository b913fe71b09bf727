//! JMAP (RFC 8620) for clients and servers, open to any data type.
#![forbid(unsafe_code)]

pub mod batch;
pub mod blob;
pub mod capability;
pub mod client;
mod date;
mod error;
mod id;
mod method;
pub mod object;
mod operation;
pub mod push;
pub mod quota;
pub mod reference;
mod request;
mod session;
mod state;
pub mod sync;
mod text;
pub mod transport;
pub mod wire;

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
