//! Reading: [`FromJson`] for the values of members, and the [`Reader`] that collects what was odd.

mod collection;
mod object;
mod value;

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess};

pub(crate) use self::object::{Name, NameSeed, read_object_from};
pub use self::object::{read_object, skip_members};
use self::value::ValueVisitor;
pub(crate) use self::value::read_text;
use crate::{Diagnostic, Diagnostics, Json, Map, Position, Set, Severity, ToJson, pointer};

/// A value that a member of a JSON object can have, read without ever failing over its type or form.
///
/// Implementors say which JSON values they accept; everything else comes back as [`Read::Wrong`], whole. Types that
/// are written as strings implement [`from_text`](Self::from_text) and are done; objects get their implementation
/// from [`members!`](crate::members).
pub trait FromJson: Sized {
    /// What is expected, for messages: `a local date-time`.
    const EXPECTED: &'static str;

    /// The value that a JSON string denotes, or `None` if it denotes none.
    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    /// The value that `true` or `false` denotes.
    fn from_bool(_value: bool) -> Option<Self> {
        None
    }

    /// The value that an integer denotes. Integers beyond 64 bits arrive as floating-point numbers.
    fn from_integer(_value: i128) -> Option<Self> {
        None
    }

    /// The value that a number denotes which is not written as an integer. `1.0` is asked as an integer first.
    fn from_float(_value: f64) -> Option<Self> {
        None
    }

    /// What to note when a JSON string stands where another form is due: code and message.
    #[doc(hidden)]
    const TEXT_NOTE: Option<(&'static str, &'static str)> = None;

    /// Reads a JSON object.
    ///
    /// # Errors
    ///
    /// Only those of `members`: broken JSON text.
    fn from_object<'de, A: MapAccess<'de>>(
        members: A,
        _reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        Json::from_members(None, members).map(Read::Wrong)
    }

    /// Reads a JSON array.
    ///
    /// # Errors
    ///
    /// Only those of `elements`: broken JSON text.
    fn from_array<'de, A: SeqAccess<'de>>(
        elements: A,
        _reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        Json::from_elements(elements).map(Read::Wrong)
    }

    /// Reads any JSON value.
    ///
    /// # Errors
    ///
    /// Only those of `value`: broken JSON text.
    #[inline]
    fn read<'de, D: Deserializer<'de>>(
        value: D,
        reader: &mut Reader,
    ) -> Result<Read<Self>, D::Error> {
        value.deserialize_any(ValueVisitor::new(reader))
    }
}

/// What reading the value of a member gave.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth way to read a value")]
pub enum Read<T> {
    /// A value of the right type and form.
    Value(T),
    /// `null`, which means: absent.
    Null,
    /// A value of another type or form.
    Wrong(Json),
}

impl<T> Read<T> {
    /// Changes the value, if there is one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Read<U> {
        match self {
            Self::Value(value) => Read::Value(change(value)),
            Self::Null => Read::Null,
            Self::Wrong(json) => Read::Wrong(json),
        }
    }
}

/// What was noticed while reading one JSON document, and where reading stands.
#[derive(Debug, Default)]
pub struct Reader {
    /// What was odd; the pointers are complete once the outermost object has been read.
    pub diagnostics: Diagnostics,
    /// Members of the objects being read that go to their `extra`: a stack, each object takes its own when it ends.
    /// Without a value: what came before under this name counts no longer.
    extra: Vec<(String, Option<Json>)>,
    /// Entries with a wrong key or value of the map being read, by escaped key.
    bad_entries: Vec<(String, Json)>,
    /// The object being read.
    object: ObjectState,
    /// How many objects and arrays the value being read is inside of.
    depth: usize,
    /// What is to be said about a wrong value.
    fault: Fault,
    /// The value being read is kept whole or not at all: entries of a map in a list or in another map have no place
    /// of their own in `extra`.
    whole: bool,
    /// A wrong value could not be kept letter by letter.
    lossy: bool,
    /// Read every member from its own text, so that one that serde_json refuses does not end the whole document.
    careful: bool,
}

/// Why a value is wrong, as far as is known at the place where that is reported.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Fault {
    /// It has another type or form.
    #[default]
    Form,
    /// It was not read because it is nested too deeply.
    Depth,
    /// Something inside is wrong, and has been reported.
    Inside,
}

/// What a [`Reader`] knows about the object being read.
#[derive(Clone, Copy, Debug, Default)]
struct ObjectState {
    /// Where its part of `Reader::extra` begins.
    start: usize,
    /// Whether a member of its table was put aside.
    aside: bool,
}

/// Where a [`Reader`] stood before a value that could not be read.
#[derive(Clone, Copy, Debug)]
struct Mark {
    diagnostics: usize,
    extra: usize,
    bad_entries: usize,
}

impl Reader {
    /// A reader that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn careful() -> Self {
        Self { careful: true, ..Self::default() }
    }

    /// Whether reading again, carefully, keeps more.
    pub(crate) fn is_lossy(&self) -> bool {
        self.lossy
    }

    /// Reports something about the member that is being read; callers further out complete the pointer.
    pub fn report(
        &mut self,
        code: &'static str,
        severity: Severity,
        pointer: &str,
        message: impl fmt::Display,
    ) {
        self.diagnostics
            .push_with(|| Diagnostic::new(code, severity, message.to_string()).at_pointer(pointer));
    }

    /// Puts a member aside, for the `extra` of the object that is being read.
    ///
    /// Only while its members are read: in [`Object::finish`](crate::Object::finish) the object is at hand itself.
    pub fn keep(&mut self, name: &str, json: Json) {
        self.object.aside = true;
        self.extra.push((name.to_owned(), Some(json)));
    }

    /// Forgets what was put aside for this member: its name comes again, and the last one wins.
    fn forget(&mut self, name: &str) {
        self.extra.push((name.to_owned(), None));
    }

    /// Reports the value that was just read, unless what is wrong inside it has been reported.
    fn wrong(&mut self, expected: &'static str) {
        match std::mem::take(&mut self.fault) {
            Fault::Form => {
                let message = format_args!("expected {expected}; kept as it is");
                self.report("wrong-value", Severity::Warning, "", message);
            }
            Fault::Depth => {
                let message = format_args!("nested in more than {MAX_DEPTH} levels; kept as it is");
                self.report("too-deep", Severity::Warning, "", message);
            }
            Fault::Inside => {}
        }
    }

    /// [`wrong`](Self::wrong) for something that makes what is around it wrong as a whole.
    fn wrong_inside(&mut self, expected: &'static str) {
        self.wrong(expected);
        self.fault = Fault::Inside;
    }

    /// Puts the key of an entry or the index of an element before the pointers of the diagnostics since `start`.
    fn prefix(&mut self, start: usize, token: &str) {
        for diagnostic in self.diagnostics.since_mut(start) {
            if let Position::Pointer(pointer) = &mut diagnostic.position {
                // The leading slash tells an empty key from none; `place` takes it as the one behind the name.
                *pointer = format!("/{}{}", pointer::escape(&shortened(token)), tail(pointer));
            }
        }
    }

    /// Puts the name of a member before the pointers of the diagnostics since `start`.
    fn place(&mut self, start: usize, name: &str) {
        for diagnostic in self.diagnostics.since_mut(start) {
            if let Position::Pointer(pointer) = &mut diagnostic.position {
                *pointer = format!("{}{}", pointer::escape(&shortened(name)), tail(pointer));
            }
            if diagnostic.property.is_empty() {
                diagnostic.property = Cow::Owned(shortened(name).into_owned());
            }
        }
    }

    fn mark(&self) -> Mark {
        Mark {
            diagnostics: self.diagnostics.len(),
            extra: self.extra.len(),
            bad_entries: self.bad_entries.len(),
        }
    }

    /// Whether something was odd since then that has no place yet.
    #[inline]
    fn has_news(&self, mark: Mark) -> bool {
        self.diagnostics.len() > mark.diagnostics || self.bad_entries.len() > mark.bad_entries
    }

    /// Gives what was odd since then its place: the member `name`. Nearly all members are as they should be.
    #[cold]
    fn settle(&mut self, mark: Mark, name: &str) {
        for (key, json) in self.bad_entries.split_off(mark.bad_entries) {
            self.keep(&format!("{name}/{key}"), json);
        }
        self.place(mark.diagnostics, name);
    }

    fn back_to(&mut self, mark: Mark) {
        self.diagnostics.truncate(mark.diagnostics);
        self.extra.truncate(mark.extra);
        self.bad_entries.truncate(mark.bad_entries);
    }
}

/// Beyond this many levels nothing typed is read, only kept: types may contain themselves, and the stack is finite.
const MAX_DEPTH: usize = 100;

/// A pointer's rest with the slash before it; nothing for no pointer.
fn tail(pointer: &str) -> Cow<'_, str> {
    if pointer.is_empty() || pointer.starts_with('/') {
        return Cow::Borrowed(pointer);
    }
    Cow::Owned(format!("/{pointer}"))
}

/// A name for a diagnostic. A thousand diagnostics that each repeat one very long name would fill the memory.
fn shortened(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 256;
    if name.len() <= LONGEST {
        return Cow::Borrowed(name);
    }
    let end = (0..=LONGEST).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    Cow::Owned(format!("{}\u{2026}", &name[..end]))
}

/// A field of a struct that holds a member: an `Option`, or a collection that is absent when empty.
pub trait Field {
    /// What is read into it.
    type Value: FromJson;

    /// Sets the field.
    fn set(&mut self, value: Self::Value);

    /// Makes the field absent again: the name came twice, the second time with `null` or a wrong value.
    fn clear(&mut self) {}
}

impl<T: FromJson> Field for Option<T> {
    type Value = T;

    fn set(&mut self, value: T) {
        *self = Some(value);
    }

    fn clear(&mut self) {
        *self = None;
    }
}

impl<T: FromJson + ToJson> Field for Vec<T> {
    type Value = Self;

    fn set(&mut self, value: Self) {
        *self = value;
    }

    fn clear(&mut self) {
        *self = Self::new();
    }
}

impl<K: Ord + FromJson, V: FromJson> Field for Map<K, V> {
    type Value = Self;

    fn set(&mut self, value: Self) {
        *self = value;
    }

    fn clear(&mut self) {
        *self = Self::new();
    }
}

impl<T: Ord + FromJson> Field for Set<T> {
    type Value = Self;

    fn set(&mut self, value: Self) {
        *self = value;
    }

    fn clear(&mut self) {
        *self = Self::new();
    }
}

/// Reads the member `name` into `field`; a wrong value is kept for `extra` and reported.
///
/// # Errors
///
/// Only those of `value`: broken JSON text.
pub fn read_field<'de, F: Field, D: Deserializer<'de>>(
    field: &mut F,
    name: &str,
    value: D,
    reader: &mut Reader,
) -> Result<(), D::Error> {
    let mark = reader.mark();
    let outer = std::mem::replace(&mut reader.whole, false);
    reader.fault = Fault::Form;
    let read = F::Value::read(value, reader);
    reader.whole = outer;
    let read = read?;
    if reader.object.aside {
        reader.forget(name);
    }
    match read {
        Read::Value(value) => field.set(value),
        Read::Null => field.clear(),
        Read::Wrong(json) => {
            field.clear();
            reader.wrong(F::Value::EXPECTED);
            reader.keep(name, json);
        }
    }
    if reader.has_news(mark) {
        reader.settle(mark, name);
    }
    Ok(())
}

/// Reads a member that nobody knows: it goes to `extra`.
///
/// # Errors
///
/// Only those of `value`: broken JSON text.
pub fn read_unknown<'de, D: Deserializer<'de>>(
    name: &str,
    value: D,
    reader: &mut Reader,
) -> Result<(), D::Error> {
    match Json::read(value, reader)? {
        Read::Value(json) | Read::Wrong(json) => reader.extra.push((name.to_owned(), Some(json))),
        Read::Null if reader.extra.len() > reader.object.start => reader.forget(name),
        Read::Null => {}
    }
    Ok(())
}
