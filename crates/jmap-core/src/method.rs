//! [`Method`], and the arguments and responses of the standard methods (RFC 8620, section 5), one file each.

mod changes;
mod copy;
mod echo;
mod get;
mod query;
mod query_changes;
mod set;

use std::fmt;

use json_model::{Object, ToJson, Version};

pub use self::changes::{ChangesArguments, ChangesResponse};
pub use self::copy::{CopyArguments, CopyResponse};
pub use self::echo::EchoArguments;
pub use self::get::{GetArguments, GetResponse, List, Unreadable};
pub use self::query::{
    Comparator, Filter, FilterOperator, Operator, QueryArguments, QueryResponse,
};
pub use self::query_changes::{AddedItem, QueryChangesArguments, QueryChangesResponse};
pub use self::set::{Created, SetArguments, SetResponse, Updated};
use crate::Session;

/// A method of a JMAP server; implemented by the type of its arguments.
///
/// The standard methods of a data type are there as soon as the type says that it has them
/// ([`object`](crate::object)). A method of another kind is a struct with a table of its members:
///
/// ```
/// use jmap_core::{Account, Id, Method, MethodName};
/// use json_model::{Json, Map};
///
/// /// `Note/pin`: keeps notes at the top.
/// #[derive(Clone, Debug, Default, PartialEq)]
/// struct Pin {
///     account_id: Option<Id<Account>>,
///     ids: Vec<Id<()>>,
///     extra: Map<String, Json>,
/// }
///
/// json_model::members! { Pin: "Note/pin arguments" never { "accountId" => account_id, "ids" => ids } extra }
///
/// #[derive(Clone, Debug, Default, PartialEq)]
/// struct Pinned {
///     account_id: Option<Id<Account>>,
///     pinned: Vec<Id<()>>,
///     extra: Map<String, Json>,
/// }
///
/// json_model::members! { Pinned: "Note/pin response" never { "accountId" => account_id, "pinned" => pinned } extra }
///
/// impl Method for Pin {
///     const NAME: MethodName = MethodName::new("Note", "pin");
///     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
///     type Response = Pinned;
/// }
/// ```
///
/// A member `accountId` in the table is filled in before the call is sent, unless it has a value.
pub trait Method: Object + ToJson + Send + Sync + 'static {
    /// The name.
    const NAME: MethodName;

    /// The capabilities that it needs, beside `urn:ietf:params:jmap:core`; see
    /// [`Object::USING`](crate::object::Object::USING).
    const USING: &'static [&'static str];

    /// Capabilities that it does better with, which are named where the server has them.
    const ALSO_USING: &'static [&'static str] = &[];

    /// Whether it changes nothing, so that it may be sent again when an answer got lost.
    const IS_READ_ONLY: bool = false;

    /// The arguments that the standard demands, beside `accountId`; a server refuses a call without one of them.
    const REQUIRED: &'static [&'static str] = &[];

    /// The response.
    type Response: Object + ToJson + Send + 'static;

    /// The version in which its arguments are written for a server with this session; see
    /// [`Object::version`](crate::object::Object::version).
    fn version(_session: &Session) -> Version {
        Version::default()
    }

    /// Whether a server with this session wants the account to be named where the arguments have a member for it.
    fn names_account(_session: &Session) -> bool {
        true
    }
}

/// The name of a method: a data type and what is done, `Note/get`.
///
/// ```
/// use jmap_core::MethodName;
///
/// const PIN: MethodName = MethodName::new("Note", "pin");
/// assert_eq!(PIN.to_string(), "Note/pin");
/// assert!(PIN == *"Note/pin");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct MethodName {
    /// The data type.
    pub object: &'static str,
    /// What is done with it.
    pub verb: &'static str,
}

impl MethodName {
    /// A name of two parts.
    pub const fn new(object: &'static str, verb: &'static str) -> Self {
        Self { object, verb }
    }
}

impl fmt::Display for MethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.object, self.verb)
    }
}

impl PartialEq<str> for MethodName {
    fn eq(&self, name: &str) -> bool {
        name.split_once('/') == Some((self.object, self.verb))
    }
}

/// `Default` without asking the type parameter for one, which derives would do.
macro_rules! empty {
    ($name:ident<$object:ident: $bound:path> { $($field:ident),* $(,)? }) => {
        impl<$object: $bound> Default for $name<$object> {
            fn default() -> Self {
                Self { $($field: Default::default()),* }
            }
        }
    };
}

use empty;
