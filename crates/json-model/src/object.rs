//! [`Object`] and the [`members!`](crate::members) table: the single source of the names of members.

use std::borrow::Cow;

use serde::de::Deserializer;
use serde::ser::SerializeMap;

use crate::read::{read_field, read_unknown};
use crate::write::{aside_name, has_entries_aside, writes_type, written};
use crate::{
    Diagnostic, Diagnostics, Json, Map, MemberWriter, Reader, Severity, TypeRule, Version,
};

/// A struct whose fields are members of a JSON object: the whole object, or the part of it that nobody else has.
///
/// [`members!`](crate::members) implements it from one table.
pub trait Part: Sized {
    /// The names of the members, and the version they are limited to.
    const MEMBERS: &'static [Member];

    /// Offers a member: it is read if its name is known, otherwise its value is handed back unread.
    ///
    /// # Errors
    ///
    /// Only those of `value`: broken JSON text.
    fn offer<'de, D: Deserializer<'de>>(
        &mut self,
        name: &str,
        value: D,
        reader: &mut Reader,
    ) -> Result<Option<D>, D::Error>;

    /// Writes the members that are there.
    ///
    /// # Errors
    ///
    /// Only those of the serializer.
    fn write_members<M: SerializeMap>(
        &self,
        writer: &mut MemberWriter<'_, M>,
    ) -> Result<(), M::Error>;

    /// Whether there is a member of this name in the table.
    fn knows(&self, name: &str) -> bool;

    /// Whether the member of this name has a value.
    fn is_set(&self, name: &str) -> bool;

    /// What `pointer` leads to inside the member `name`; `None` if that is no member of the table.
    fn look_up_member(
        &self,
        name: &str,
        pointer: &[Cow<'_, str>],
        version: Version,
    ) -> Option<Json>;
}

/// A typed JSON object: a [`Part`] with a type name and a place for the members that nobody knows.
///
/// [`members!`](crate::members) implements it from one table.
pub trait Object: Part + Default {
    /// The value of `@type`.
    const TYPE: &'static str;

    /// When `@type` is written.
    const TYPE_RULE: TypeRule;

    /// The members that are not in the table, and those whose value has the wrong type or form.
    ///
    /// A key is the name of the member. `map/key` is an entry of the map `map` of the table, kept aside because its key
    /// or value is wrong: the key after the slash is escaped as in a pointer. A member whose own name begins
    /// like that, `map/` or `map~`, is therefore kept under its escaped name, `map~1…`. Other names are as they are.
    ///
    /// When the field of a member that is here has a value, the field wins.
    fn extra(&self) -> &Map<String, Json>;

    /// [`extra`](Self::extra), mutable.
    fn extra_mut(&mut self) -> &mut Map<String, Json>;

    /// The members that are lists and are written even when they are empty, because the standard demands them of an object
    /// like this one.
    fn demanded(&self) -> &'static [&'static str] {
        &[]
    }

    /// Called once when this object was the outermost one of a document and has been read.
    fn finish(&mut self, _reader: &mut Reader) {}

    /// Called when this object has been read, wherever it stood.
    fn was_read(&mut self, _reader: &mut Reader) {}

    /// What is written in the place of this object for `version`, where that differs in more than which members are
    /// there.
    fn in_version(&self, _version: Version) -> Option<Self> {
        None
    }

    /// Reads one member: by the table, else into `extra`.
    ///
    /// # Errors
    ///
    /// Only those of `value`: broken JSON text.
    fn read_member<'de, D: Deserializer<'de>>(
        &mut self,
        name: &str,
        value: D,
        reader: &mut Reader,
    ) -> Result<(), D::Error> {
        match self.offer(name, value, reader)? {
            None => Ok(()),
            Some(value) if name == "@type" && Self::TYPE_RULE != TypeRule::Never => {
                read_type::<Self, D>(value, reader)
            }
            Some(value) => read_unknown(&aside_name(self, name), value, reader),
        }
    }
}

/// One row of a [`members!`](crate::members) table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The name.
    pub name: &'static str,
    /// The only version that has this member, or `None` if all have it.
    pub only: Option<Version>,
}

impl Member {
    /// A row; [`members!`](crate::members) makes them.
    pub const fn new(name: &'static str, only: Option<Version>) -> Self {
        Self { name, only }
    }
}

/// Looks up what `pointer` (without its leading slash) leads to in `object`, as `version` writes it.
///
/// ```
/// # use json_model::{Json, Map, Version};
/// # #[derive(Debug, Default)]
/// # struct Note { title: Option<String>, extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" always { "title" => title } extra }
/// let note = Note { title: Some("Milk".to_owned()), ..Note::default() };
/// assert_eq!(json_model::look_up(&note, "title", Version::V2_0), Some(Json::from("Milk")));
/// assert_eq!(json_model::look_up(&note, "text", Version::V2_0), None);
/// ```
pub fn look_up<T: Object>(object: &T, pointer: &str, version: Version) -> Option<Json> {
    let tokens: Vec<Cow<'_, str>> = crate::pointer::tokens(pointer).collect();
    look_up_object(object, &tokens, version)
}

/// [`look_up`] with the tokens of the pointer.
pub fn look_up_object<T: Object>(
    object: &T,
    pointer: &[Cow<'_, str>],
    version: Version,
) -> Option<Json> {
    if let Some(other) = object.in_version(version) {
        return written(&other, version)?.inside(pointer);
    }
    let (name, rest) = pointer.split_first()?;
    if name == "@type" && writes_type::<T>(version) {
        return rest.is_empty().then(|| Json::from(T::TYPE));
    }
    if has_entries_aside(object, name) {
        return written(object, version)?.inside(pointer);
    }
    if object.is_set(name) {
        return object.look_up_member(name, rest, version);
    }
    object.extra().get(aside_name(object, name).as_ref())?.inside(rest)
}

/// An object read from JSON text, and what was odd about it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Parsed<T> {
    /// The object.
    pub value: T,
    /// What was odd; each entry points to its place.
    pub diagnostics: Diagnostics,
}

impl<T> Parsed<T> {
    /// A value with what was noticed about it.
    pub fn new(value: T, diagnostics: Diagnostics) -> Self {
        Self { value, diagnostics }
    }

    /// Changes the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed { value: change(self.value), diagnostics: self.diagnostics }
    }
}

/// Reads an object from JSON text, as leniently as the text allows: whatever is no value of the right type or form is
/// kept in `extra` and reported.
///
/// This is the most careful way to read. Values that serde_json itself refuses (`1e400`, half a surrogate pair) are
/// kept too, which serde's `Deserialize` cannot do: it reads a stream once.
///
/// ```
/// # use json_model::{Json, Map};
/// # #[derive(Debug, Default)]
/// # struct Note { title: Option<String>, extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" always { "title" => title } extra }
/// let parsed = json_model::from_str::<Note>(r#"{"title": "\ud800", "size": 1e400}"#)?;
/// assert_eq!(parsed.value.extra["title"].as_str(), r#""\ud800""#);
/// assert_eq!(parsed.value.extra["size"].as_str(), "1e400");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// If `text` is not one JSON object; the error says where, by line and column.
pub fn from_str<T: Object>(text: &str) -> Result<Parsed<T>, serde_json::Error> {
    let mut reader = Reader::new();
    let read = read_document(text, &mut reader);
    let mut value = match read {
        Ok(value) if !reader.is_lossy() => value,
        // One value that even the JSON parser refuses must not lose the rest, and one of the wrong type not its last
        // digits: read again, each member by itself. If the text is no JSON at all, this fails at the same place.
        _ => {
            reader = Reader::careful();
            read_document::<T>(text, &mut reader)?
        }
    };
    value.finish(&mut reader);
    Ok(Parsed { value, diagnostics: reader.diagnostics })
}

fn read_document<T: Object>(text: &str, reader: &mut Reader) -> Result<T, serde_json::Error> {
    let mut document = serde_json::Deserializer::from_str(text);
    let object = Deserializer::deserialize_map(
        &mut document,
        DocumentVisitor::<T>(reader, std::marker::PhantomData),
    )?;
    document.end()?;
    Ok(object)
}

/// Reads an object by serde, for the `Deserialize` that [`members!`](crate::members) implements.
///
/// # Errors
///
/// If there is no object, or broken JSON text.
pub fn deserialize<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut reader = Reader::new();
    let mut object: T = deserializer
        .deserialize_map(DocumentVisitor::<T>(&mut reader, std::marker::PhantomData))?;
    object.finish(&mut reader);
    Ok(object)
}

struct DocumentVisitor<'a, T>(&'a mut Reader, std::marker::PhantomData<T>);

impl<'de, T: Object> serde::de::Visitor<'de> for DocumentVisitor<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an object of type {}", T::TYPE)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        crate::read::read_object(members, self.0)
    }
}

fn read_type<'de, T: Object, D: Deserializer<'de>>(
    value: D,
    reader: &mut Reader,
) -> Result<(), D::Error> {
    let mut found: Option<String> = None;
    read_field(&mut found, "@type", value, reader)?;
    if let Some(other) = found.filter(|found| found != T::TYPE) {
        reader.diagnostics.push_with(|| {
            let message = format!("expected \"{}\"", T::TYPE);
            Diagnostic::new("wrong-type", Severity::Warning, message)
                .property("@type")
                .at_pointer("@type")
        });
        reader.keep("@type", Json::from(other.as_str()));
    }
    Ok(())
}

/// The table of an object's members: implements reading, writing, look-up and the list of names for a struct.
///
/// The struct is written by hand, with its documentation; every field must be in the table, or the macro does not
/// compile. Fields are `Option`s, [`Map`](crate::Map)s, [`Set`](crate::Set)s or `Vec`s of anything that is
/// [`FromJson`](crate::FromJson) and [`ToJson`](crate::ToJson).
///
/// ```
/// use json_model::{Json, Map, Set};
///
/// #[derive(Clone, Debug, Default, PartialEq)]
/// struct Note {
///     title: Option<String>,
///     tags: Set<String>,
///     extra: Map<String, Json>,
/// }
///
/// json_model::members! {
///     Note: "Note" always {
///         "title" => title,
///         "tags" => tags,
///     }
///     extra
/// }
///
/// let parsed = json_model::from_str::<Note>(r#"{"title":5,"tags":{"a":true},"example.com:x":[1]}"#)?;
/// assert_eq!(parsed.diagnostics[0].to_string(), "#/title: warning[wrong-value]: expected a string; kept as it is");
///
/// let mut note = parsed.value;
/// assert_eq!(note.extra["title"], Json::parse("5")?);
/// note.title = Some("Five".to_owned());
/// assert_eq!(
///     serde_json::to_string(&note)?,
///     r#"{"@type":"Note","title":"Five","tags":{"a":true},"example.com:x":[1]}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The forms:
///
/// - `Name: "Type" always { … } extra`: an object that always writes its `@type`; `in V1_0` instead of `always`
///   writes it in that version only, and `never` is for objects that have none: their `@type` would be a member like any
///   other. `extra` names the field for everything else.
/// - `impl [T: Bound] for Name<T>: …` instead of `Name: …`: a type with parameters, none of which is
///   called `A`, `D`, `M` or `S`: the macro has these.
/// - `"name" (V2_0) => field`: a member that only one version has; it is read always and written in that version.
/// - `legacy: field as Type` between the braces and `extra`: a boxed part for the members of version 1.0, made when
///   the first of them is read. `Type` has a table of the form `Name: part { … }`.
/// - `finish: function;`: called with the object and the [`Reader`](crate::Reader) when an outermost object was read.
/// - `read: function;`: called with the object and the [`Reader`](crate::Reader) whenever an object was read, also inside
///   of another one.
/// - `write: function;`: called with the object and the version that is written; what it gives, if anything, is written
///   in its place ([`Object::in_version`]).
/// - `Outer: around inner as Inner { … }`: members around another object. Each member is offered to the outer object,
///   then to the inner one, and the rest goes to the inner one's `extra`. `read` and `write` may follow; with `read`, the
///   `finish` of the inner object is left to that function.
///
/// ```
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { title: Option<String>, extra: json_model::Map<String, json_model::Json> }
/// # json_model::members! { Note: "Note" always { "title" => title } extra }
/// /// A note as a server stores it.
/// #[derive(Debug, Default)]
/// struct StoredNote {
///     id: Option<String>,
///     note: Note,
/// }
///
/// json_model::members! { StoredNote: around note as Note { "id" => id } }
///
/// let stored: StoredNote = serde_json::from_str(r#"{"title":"Milk","x":1,"id":"n1"}"#)?;
/// assert_eq!(stored.id.as_deref(), Some("n1"));
/// assert_eq!(stored.note.title.as_deref(), Some("Milk"));
/// assert_eq!(serde_json::to_string(&stored)?, r#"{"@type":"Note","id":"n1","title":"Milk","x":1}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A field that is missing in the table does not compile:
///
/// ```compile_fail,E0027
/// # use json_model::{Json, Map};
/// #[derive(Debug, Default)]
/// struct Note {
///     title: Option<String>,
///     text: Option<String>,
///     extra: Map<String, Json>,
/// }
///
/// json_model::members! { Note: "Note" always { "title" => title } extra }
/// ```
#[macro_export]
macro_rules! members {
    ($object:ident: $($table:tt)*) => {
        $crate::__members!([] $object: $($table)*);
    };

    (impl [$($generics:tt)*] for $object:ty: $($table:tt)*) => {
        $crate::__members!([$($generics)*] $object: $($table)*);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __members {
    ([$($generics:tt)*] $object:ty: $type:literal $($rule:ident)+ {
        $($name:literal $(($only:ident))? => $field:ident),* $(,)?
    } $(legacy: $legacy:ident as $legacy_type:ident)? $(finish: $finish:path;)? $(read: $read:path;)? $(write: $write:path;)? $(demanded: $demanded:path;)? extra) => {
        $crate::__part!([$($generics)*] [$object] { $($name $(($only))? => $field),* } { $($legacy as $legacy_type)? } { } { extra });

        impl<$($generics)*> $crate::Object for $object {
            const TYPE: &'static str = $type;
            const TYPE_RULE: $crate::TypeRule = $crate::__type_rule!($($rule)+);

            fn extra(&self) -> &$crate::Map<String, $crate::Json> {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut $crate::Map<String, $crate::Json> {
                &mut self.extra
            }

            $(fn finish(&mut self, reader: &mut $crate::Reader) {
                $finish(self, reader);
            })?

            $(fn was_read(&mut self, reader: &mut $crate::Reader) {
                $read(self, reader);
            })?

            $(fn in_version(&self, version: $crate::Version) -> Option<Self> {
                $write(self, version)
            })?

            $(fn demanded(&self) -> &'static [&'static str] {
                $demanded(self)
            })?
        }

        $crate::__object!([$($generics)*] [$object]);
    };

    ([$($generics:tt)*] $object:ty: around $inner:ident as $inner_type:ty {
        $($name:literal $(($only:ident))? => $field:ident),* $(,)?
    } $(read: $read:path;)? $(write: $write:path;)?) => {
        $crate::__part!([$($generics)*] [$object] { $($name $(($only))? => $field),* } { } { $inner as $inner_type } { });

        impl<$($generics)*> $crate::Object for $object {
            const TYPE: &'static str = <$inner_type as $crate::Object>::TYPE;
            const TYPE_RULE: $crate::TypeRule = <$inner_type as $crate::Object>::TYPE_RULE;

            fn extra(&self) -> &$crate::Map<String, $crate::Json> {
                $crate::Object::extra(&self.$inner)
            }

            fn extra_mut(&mut self) -> &mut $crate::Map<String, $crate::Json> {
                $crate::Object::extra_mut(&mut self.$inner)
            }

            $crate::__finish!($inner $($read)?);

            $(fn in_version(&self, version: $crate::Version) -> Option<Self> {
                $write(self, version)
            })?

            fn demanded(&self) -> &'static [&'static str] {
                $crate::Object::demanded(&self.$inner)
            }
        }

        $crate::__object!([$($generics)*] [$object]);
    };

    ([$($generics:tt)*] $object:ty: part { $($name:literal $(($only:ident))? => $field:ident),* $(,)? }) => {
        $crate::__part!([$($generics)*] [$object] { $($name $(($only))? => $field),* } { } { } { });
    };
}

/// What finishes an object around another one: its own function, or else that of the inner one. Both would do it twice.
#[doc(hidden)]
#[macro_export]
macro_rules! __finish {
    ($inner:ident) => {
        fn finish(&mut self, reader: &mut $crate::Reader) {
            $crate::Object::finish(&mut self.$inner, reader);
        }
    };
    ($inner:ident $read:path) => {
        fn was_read(&mut self, reader: &mut $crate::Reader) {
            $read(self, reader);
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __part {
    ([$($generics:tt)*] [$object:ty]
        { $($name:literal $(($only:ident))? => $field:ident),* }
        { $($legacy:ident as $legacy_type:ident)? }
        { $($inner:ident as $inner_type:ty)? }
        { $($extra:ident)? }
    ) => {
        impl<$($generics)*> $crate::Part for $object {
            const MEMBERS: &'static [$crate::Member] =
                &[$($crate::Member::new($name, $crate::__only!($($only)?))),*];

            fn offer<'de, D: $crate::serde::de::Deserializer<'de>>(
                &mut self,
                name: &str,
                value: D,
                reader: &mut $crate::Reader,
            ) -> Result<Option<D>, D::Error> {
                // Names every field, so that one that is missing in the table does not compile.
                let Self { $($field,)* $($legacy,)? $($inner,)? $($extra: _,)? } = self;
                match name {
                    $($name => $crate::read_field($field, $name, value, reader).map(|()| None),)*
                    $(_ if <$legacy_type as $crate::Part>::MEMBERS.iter().any(|member| member.name == name) => {
                        let existed = $legacy.is_some();
                        let mut legacy: Box<$legacy_type> = $legacy.take().unwrap_or_default();
                        let offered = $crate::Part::offer(&mut *legacy, name, value, reader);
                        // `null` and wrong values leave no empty part behind.
                        if existed || $crate::Part::is_set(&*legacy, name) {
                            *$legacy = Some(legacy);
                        }
                        offered
                    })?
                    $(_ => $crate::Part::offer::<D>($inner, name, value, reader),)?
                    #[allow(unreachable_patterns, reason = "an outer object hands everything else to the inner one")]
                    _ => Ok(Some(value)),
                }
            }

            fn write_members<M: $crate::serde::ser::SerializeMap>(
                &self,
                writer: &mut $crate::MemberWriter<'_, M>,
            ) -> Result<(), M::Error> {
                $($crate::__write!(self, writer, $name, $field $(, $only)?);)*
                $(if let (Some(legacy), $crate::Version::V1_0) = (&self.$legacy, writer.version()) {
                    $crate::Part::write_members(&**legacy, writer)?;
                })?
                $($crate::Part::write_members(&self.$inner, writer)?;)?
                Ok(())
            }

            fn knows(&self, name: &str) -> bool {
                match name {
                    $($name => true,)*
                    _ => false $(|| <$legacy_type as $crate::Part>::MEMBERS.iter().any(|member| member.name == name))?
                        $(|| $crate::Part::knows(&self.$inner, name))?,
                }
            }

            fn is_set(&self, name: &str) -> bool {
                match name {
                    $($name => !$crate::ToJson::is_absent(&self.$field),)*
                    _ => false $(|| self.$legacy.as_ref().is_some_and(|legacy| $crate::Part::is_set(&**legacy, name)))?
                        $(|| $crate::Part::is_set(&self.$inner, name))?,
                }
            }

            fn look_up_member(
                &self,
                name: &str,
                pointer: &[std::borrow::Cow<'_, str>],
                version: $crate::Version,
            ) -> Option<$crate::Json> {
                match name {
                    $($name if $crate::__in!(version $(, $only)?) => {
                        $crate::ToJson::look_up(&self.$field, pointer, version)
                    })*
                    $(_ if self.$legacy.is_some() && version == $crate::Version::V1_0 => {
                        $crate::Part::look_up_member(&**self.$legacy.as_ref()?, name, pointer, version)
                    })?
                    $(_ => $crate::Part::look_up_member(&self.$inner, name, pointer, version),)?
                    #[allow(unreachable_patterns, reason = "an outer object hands everything else to the inner one")]
                    _ => None,
                }
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ([$($generics:tt)*] [$object:ty]) => {
        impl<$($generics)*> $crate::FromJson for $object {
            const EXPECTED: &'static str = "an object";

            fn from_object<'de, A: $crate::serde::de::MapAccess<'de>>(
                members: A,
                reader: &mut $crate::Reader,
            ) -> Result<$crate::Read<Self>, A::Error> {
                $crate::read_object(members, reader).map($crate::Read::Value)
            }
        }

        impl<$($generics)*> $crate::ToJson for $object {
            fn to_json<S: $crate::serde::ser::Serializer>(
                &self,
                serializer: S,
                version: $crate::Version,
            ) -> Result<S::Ok, S::Error> {
                $crate::write_object(self, serializer, version)
            }

            fn look_up(
                &self,
                pointer: &[std::borrow::Cow<'_, str>],
                version: $crate::Version,
            ) -> Option<$crate::Json> {
                if pointer.is_empty() {
                    return $crate::Json::from_serialize(&self.versioned(version)).ok();
                }
                $crate::look_up_object(self, pointer, version)
            }
        }

        impl<$($generics)*> $crate::serde::ser::Serialize for $object {
            /// Writes version 2.0.
            fn serialize<S: $crate::serde::ser::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::write_object(self, serializer, $crate::Version::V2_0)
            }
        }

        impl<'de, $($generics)*> $crate::serde::de::Deserialize<'de> for $object {
            fn deserialize<D: $crate::serde::de::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::deserialize(deserializer)
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __only {
    () => {
        None
    };
    ($version:ident) => {
        Some($crate::Version::$version)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __in {
    ($version:ident) => {
        true
    };
    ($version:ident, $only:ident) => {
        $version == $crate::Version::$only
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __type_rule {
    (always) => {
        $crate::TypeRule::Always
    };
    (never) => {
        $crate::TypeRule::Never
    };
    (in $version:ident) => {
        $crate::TypeRule::In($crate::Version::$version)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __write {
    ($self:ident, $writer:ident, $name:literal, $field:ident) => {
        $writer.member($name, &$self.$field)?
    };
    ($self:ident, $writer:ident, $name:literal, $field:ident, $only:ident) => {
        if $writer.version() == $crate::Version::$only {
            $writer.member($name, &$self.$field)?;
        }
    };
}
