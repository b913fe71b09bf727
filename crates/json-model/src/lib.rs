//! The shared ground of typed JSON objects: what JSCalendar, JSContact and JMAP have in common below their types.
//!
//! Their objects are large, come from many programs, and are often a little wrong. This crate makes a Rust struct of
//! such an object without losing anything of it: members that nobody knows, members with a value of the wrong type, a
//! number that no `f64` holds. It knows none of these standards itself.
//!
//! ```
//! use json_model::{Json, Map, Set};
//!
//! #[derive(Clone, Debug, Default, PartialEq)]
//! struct Note {
//!     title: Option<String>,
//!     tags: Set<String>,
//!     extra: Map<String, Json>,
//! }
//!
//! json_model::members! { Note: "Note" always { "title" => title, "tags" => tags } extra }
//!
//! let parsed = json_model::from_str::<Note>(r#"{"title": "Milk", "tags": {"shop": true}, "example.com:x": 1}"#)?;
//! assert_eq!(parsed.value.title.as_deref(), Some("Milk"));
//! assert!(parsed.diagnostics.is_empty());
//! assert_eq!(
//!     serde_json::to_string(&parsed.value)?,
//!     r#"{"@type":"Note","title":"Milk","tags":{"shop":true},"example.com:x":1}"#,
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # The pieces
//!
//! | piece | what for |
//! | --- | --- |
//! | [`members!`] | the table of an object's members: the one place where their names stand |
//! | [`Part`], [`Object`] | what the table implements; generic code is written against them |
//! | `extra` | the field for everything that has no field, and for values that do not fit theirs ([`Object::extra`]) |
//! | [`from_str`], [`Parsed`], [`Reader`] | reading, and what was odd |
//! | [`FromJson`], [`ToJson`] | what the value of a member can do |
//! | [`Map`], [`Set`] | sorted collections with the API of the standard ones, small when they hold little |
//! | [`Json`] | any JSON value, kept as its text |
//! | [`text_enum!`], [`name_enum!`], [`text_value!`] | values that JSON writes as strings |
//! | [`serde_value!`] | values that serde alone reads and writes |
//! | [`Tagged`] | a value that is one of several objects, by their `@type` |
//! | [`look_up`], [`mod@pointer`] | what a JSON pointer leads to |
//! | [`PatchObject`] | changes by pointer: apply them, or find them by comparing |
//! | [`write_compact`] | any value as compact JSON text |
//! | [`Version`], [`Versioned`] | which version of a standard is written |
//! | [`Diagnostic`], [`Diagnostics`] | findings with a code, a severity and a place, and a capped list of them |
//!
//! # Reading never fails over one value
//!
//! A value that does not fit its field goes to `extra` under the name of the member, and is reported with the pointer to
//! it. So does one entry of a map (under `map/key`); the others stay typed. A list is right or wrong as a whole, for
//! half a list means something else than the list, and so is a map inside a list or another map. What is put aside is
//! written back where it was, until the field gets a value: the typed value wins, and the name is written once.
//!
//! `null` means absent. Where a name comes twice, the last one wins. An `@type` may be missing; a wrong one is reported.
//! Objects nested in more than 100 levels are kept as text. Only text that is no JSON object at all is an error.
//!
//! ```
//! # use json_model::{Json, Map, Set};
//! # #[derive(Clone, Debug, Default, PartialEq)]
//! # struct Note { title: Option<String>, tags: Set<String>, extra: Map<String, Json> }
//! # json_model::members! { Note: "Note" always { "title" => title, "tags" => tags } extra }
//! let parsed = json_model::from_str::<Note>(r#"{"title": 1e400, "tags": {"shop": true, "home": "yes"}}"#)?;
//! let odd: Vec<String> = parsed.diagnostics.iter().map(ToString::to_string).collect();
//! assert_eq!(odd, [
//!     "#/title: warning[wrong-value]: expected a value that can be read; kept as it is",
//!     "#/tags/home: warning[wrong-value]: expected true; kept as it is",
//! ]);
//!
//! let mut note = parsed.value;
//! assert!(note.tags.contains("shop"));
//! assert_eq!(note.extra["tags/home"], Json::from("yes"));
//! note.title = Some("Milk".to_owned());
//! assert_eq!(
//!     serde_json::to_string(&note)?,
//!     r#"{"@type":"Note","title":"Milk","tags":{"shop":true,"home":"yes"}}"#,
//! );
//!
//! let error = json_model::from_str::<Note>("{\"title\":\n oops}").unwrap_err();
//! assert_eq!((error.line(), error.column()), (2, 2));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! The objects implement serde's `Serialize` and `Deserialize` too, for serde_json's own formats. Prefer [`from_str`]
//! where there is a text: it tells what was odd, and it reads a second time, member by member, where serde_json gives
//! up over one value.
//!
//! # Writing names one version
//!
//! A member may belong to one version of its standard. It is read whatever the version, and written only in its own.
//! What only version 1.0 has may live in a boxed part of its own, so that everybody else pays one pointer for it.
//! [`ToJson::versioned`] names the version; serde's `Serialize` writes 2.0.
//!
//! ```
//! use json_model::{Json, Map, ToJson, Version};
//!
//! #[derive(Clone, Debug, Default, PartialEq)]
//! struct Note {
//!     main_place: Option<String>,
//!     legacy: Option<Box<NoteLegacy>>,
//!     extra: Map<String, Json>,
//! }
//!
//! /// What only version 1.0 has.
//! #[derive(Clone, Debug, Default, PartialEq)]
//! struct NoteLegacy {
//!     reply_to: Map<String, String>,
//! }
//!
//! json_model::members! {
//!     Note: "Note" in V1_0 { "mainPlace" (V2_0) => main_place }
//!     legacy: legacy as NoteLegacy
//!     extra
//! }
//! json_model::members! { NoteLegacy: part { "replyTo" => reply_to } }
//!
//! let note: Note = serde_json::from_str(r#"{"mainPlace": "p", "replyTo": {"web": "https://example.com/"}}"#)?;
//! assert_eq!(serde_json::to_string(&note.versioned(Version::V2_0))?, r#"{"mainPlace":"p"}"#);
//! assert_eq!(
//!     serde_json::to_string(&note.versioned(Version::V1_0))?,
//!     r#"{"@type":"Note","replyTo":{"web":"https://example.com/"}}"#,
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # An object around another one
//!
//! A server adds members of its own to an object of a standard. `around` makes one JSON object of two structs: each
//! member is offered to the outer one, then to the inner one, and the rest goes to the `extra` of the inner one.
//!
//! ```
//! # use json_model::{Json, Map, Version};
//! # #[derive(Clone, Debug, Default, PartialEq)]
//! # struct Note { title: Option<String>, extra: Map<String, Json> }
//! # json_model::members! { Note: "Note" always { "title" => title } extra }
//! #[derive(Clone, Debug, Default, PartialEq)]
//! struct StoredNote {
//!     id: Option<String>,
//!     note: Note,
//! }
//!
//! json_model::members! { StoredNote: around note as Note { "id" => id } }
//!
//! let stored = json_model::from_str::<StoredNote>(r#"{"title": "Milk", "id": "n1", "x": [1]}"#)?.value;
//! assert_eq!(stored.id.as_deref(), Some("n1"));
//! assert_eq!(stored.note.title.as_deref(), Some("Milk"));
//! assert_eq!(json_model::look_up(&stored, "title", Version::V2_0), Some(Json::from("Milk")));
//! assert_eq!(serde_json::to_string(&stored)?, r#"{"@type":"Note","id":"n1","title":"Milk","x":[1]}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Changes
//!
//! ```
//! use json_model::{Json, PatchObject, PatchRules};
//!
//! let before = Json::parse(r#"{"title":"Milk","tags":{"shop":true}}"#)?;
//! let after = Json::parse(r#"{"title":"Milk","tags":{"shop":true,"today":true}}"#)?;
//! let patch = PatchObject::diff(&before, &after);
//! assert_eq!(serde_json::to_string(&patch)?, r#"{"tags/today":true}"#);
//! assert_eq!(patch.apply(&before, PatchRules::V2_0)?, after);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # An object of your own
//!
//! 1. Write the struct: `Option`s, [`Map`]s, [`Set`]s and `Vec`s of strings, numbers, booleans, [`Json`] and other such
//!    objects (boxed where a type contains itself), and `extra: Map<String, Json>`. Derive `Default`.
//! 2. Give it a table with [`members!`]. A field that is missing there does not compile.
//! 3. For a string with a form of its own, implement `FromStr` and serde's `Serialize` and say [`text_value!`]; for a
//!    string that is one of several values, or any other, say [`text_enum!`].
//! 4. For a value with any other form, implement [`FromJson`] and [`ToJson`].
//!
//! ```
//! use json_model::{FromJson, Json, Map, ToJson, Version};
//!
//! json_model::text_enum! {
//!     /// How urgent it is.
//!     pub enum Urgency {
//!         /// Today.
//!         Today = "today",
//!         /// Some day.
//!         SomeDay = "some-day",
//!     }
//! }
//!
//! /// A share of a whole, in JSON a number from 0 to 1.
//! #[derive(Clone, Copy, Debug, PartialEq)]
//! struct Share(f64);
//!
//! impl FromJson for Share {
//!     const EXPECTED: &'static str = "a number from 0 to 1";
//!
//!     fn from_integer(value: i128) -> Option<Self> {
//!         Self::from_float(value as f64)
//!     }
//!
//!     fn from_float(value: f64) -> Option<Self> {
//!         (0.0..=1.0).contains(&value).then_some(Self(value))
//!     }
//! }
//!
//! impl ToJson for Share {
//!     fn to_json<S: serde::Serializer>(&self, serializer: S, _: Version) -> Result<S::Ok, S::Error> {
//!         serializer.serialize_f64(self.0)
//!     }
//! }
//!
//! #[derive(Clone, Debug, Default, PartialEq)]
//! struct Chore {
//!     urgency: Option<Urgency>,
//!     done: Option<Share>,
//!     steps: Map<String, Chore>,
//!     extra: Map<String, Json>,
//! }
//!
//! json_model::members! {
//!     Chore: "Chore" always { "urgency" => urgency, "done" => done, "steps" => steps } extra
//! }
//!
//! let text = r#"{"urgency": "today", "steps": {"1": {"done": 0.5}, "2": {"done": 7}}}"#;
//! let parsed = json_model::from_str::<Chore>(text)?;
//! assert_eq!(parsed.value.steps["1"].done, Some(Share(0.5)));
//! assert_eq!(
//!     parsed.diagnostics[0].to_string(),
//!     "#/steps/2/done: warning[wrong-value]: expected a number from 0 to 1; kept as it is",
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # What it does not do
//!
//! It checks no rules between members and none that demand a member; the crates of the standards do. It reads and writes
//! JSON only, through serde_json without its feature `arbitrary_precision`. It has no unsafe code, no clock and no
//! randomness: the same input gives the same bytes.

mod compact;
mod diagnostic;
mod json;
mod map;
mod object;
mod patch;
pub mod pointer;
mod read;
mod serde_value;
mod tagged;
mod text;
mod version;
mod write;

pub use self::compact::write_compact;
pub use self::diagnostic::{Diagnostic, Diagnostics, Position, Severity};
pub use self::json::Json;
pub use self::map::{Iter, Map, Set};
pub use self::object::{
    Member, Object, Parsed, Part, deserialize, from_str, look_up, look_up_object,
};
pub use self::patch::{Before, MAX_TOKENS, PatchError, PatchErrorKind, PatchObject, PatchRules};
pub use self::read::{
    Field, FromJson, Read, Reader, read_field, read_object, read_unknown, skip_members,
};
pub use self::tagged::Tagged;
pub use self::text::OtherText;
pub use self::version::{InvalidVersion, Version};
pub use self::write::{MemberWriter, ToJson, TypeRule, Versioned, write_object};

#[doc(hidden)]
pub use serde;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
