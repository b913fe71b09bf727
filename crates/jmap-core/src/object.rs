//! [`Object`]: a JMAP data type, and the traits that say which standard methods it has.

use std::fmt::Debug;

use json_model::{FromJson, ToJson, Version};

use crate::Session;

/// What can stand in arguments and responses: it reads and writes itself as JSON. Implemented for everything that can.
pub trait Value: FromJson + ToJson + Clone + Debug + Send + Sync + 'static {}

impl<T: FromJson + ToJson + Clone + Debug + Send + Sync + 'static> Value for T {}

/// A JMAP data type (RFC 8620, section 1.1): a kind of object that servers keep, such as `Calendar`.
///
/// With this trait and the traits of the standard methods that it has, a type of your own gets typed calls, batches,
/// cutting by the server's limits, paging and synchronisation.
///
/// ```
/// use jmap_core::object::{Changes, Get, Object, Set};
/// use jmap_core::{Account, GetArguments, Id, Method};
/// use json_model::{Json, Map};
///
/// /// A note on the refrigerator.
/// #[derive(Clone, Debug, Default, PartialEq)]
/// struct Note {
///     id: Option<Id<Note>>,
///     text: Option<String>,
///     extra: Map<String, Json>,
/// }
///
/// json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }
///
/// impl Object for Note {
///     const TYPE: &'static str = "Note";
///     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
///     type Property = String;
/// }
/// impl Get for Note {}
/// impl Changes for Note {}
/// impl Set for Note {}
///
/// assert_eq!(GetArguments::<Note>::NAME.to_string(), "Note/get");
/// ```
pub trait Object: Value {
    /// The name of the type, which begins the names of its methods.
    const TYPE: &'static str;

    /// The capabilities that its methods need, beside `urn:ietf:params:jmap:core`. The first one also says which account
    /// is meant where none is named: the primary one for it.
    const USING: &'static [&'static str];

    /// Capabilities that its methods do better with, which are named where the server has them.
    const ALSO_USING: &'static [&'static str] = &[];

    /// The name of a property: an open enumeration ([`json_model::text_enum!`]), or `String`.
    type Property: Value;

    /// The version of its specification in which a server with this session takes it: the newest, unless the type knows
    /// better. Servers of another dialect get what they understand, and nobody who makes calls notices.
    fn version(_session: &Session) -> Version {
        Version::default()
    }
}

/// A data type with `Foo/get` (RFC 8620, section 5.1).
pub trait Get: Object {}

/// A data type with `Foo/changes` (RFC 8620, section 5.2).
pub trait Changes: Object {}

/// A data type with `Foo/set` (RFC 8620, section 5.3).
pub trait Set: Object {}

/// A data type with `Foo/copy` (RFC 8620, section 5.4).
pub trait Copy: Object {}

/// A data type with `Foo/query` (RFC 8620, section 5.5).
pub trait Query: Object {
    /// A condition of the filter: an object that says which objects match.
    type Condition: Value;

    /// What results are sorted by: the `property` of a comparator. An open enumeration, or `String`.
    type SortBy: Value;
}

/// A data type with `Foo/queryChanges` (RFC 8620, section 5.6).
pub trait QueryChanges: Query {}
