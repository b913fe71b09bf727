//! The shared ground of typed JSON objects: what JSCalendar, JSContact and JMAP have in common below their types.

mod diagnostic;
mod json;
mod map;
mod object;
mod patch;
pub mod pointer;
mod read;
mod tagged;
mod text;
mod version;
mod write;

pub use self::diagnostic::{Diagnostic, Diagnostics, Position, Severity};
pub use self::json::Json;
pub use self::map::{Iter, Map, Set};
pub use self::object::{
    Member, Object, Parsed, Part, deserialize, from_str, look_up, look_up_object,
};
pub use self::patch::{PatchError, PatchErrorKind, PatchObject, PatchRules};
pub use self::read::{
    Field, FromJson, Read, Reader, read_field, read_object, read_unknown, skip_members,
};
pub use self::tagged::Tagged;
pub use self::text::OtherText;
pub use self::version::{InvalidVersion, Version};
pub use self::write::{MemberWriter, ToJson, TypeRule, Versioned, write_object};

#[doc(hidden)]
pub use serde;
