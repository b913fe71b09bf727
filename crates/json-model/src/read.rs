//! Reading: [`FromJson`] for the values of members, and the [`Reader`] that collects what was odd.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::{Diagnostic, Diagnostics, Json, Map, Object, Set, Severity, ToJson, Version, pointer};

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
    fn read<'de, D: Deserializer<'de>>(
        value: D,
        reader: &mut Reader,
    ) -> Result<Read<Self>, D::Error> {
        value.deserialize_any(ValueVisitor { reader, expected: PhantomData })
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
    extra: Vec<(String, Json)>,
    /// Entries with a wrong value of the map being read, by escaped key.
    bad_entries: Vec<(String, Json)>,
    /// Read every member from its own text, so that one that serde_json refuses does not end the whole document.
    careful: bool,
}

impl Reader {
    /// A reader that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn careful() -> Self {
        Self { careful: true, ..Self::default() }
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
    pub fn keep(&mut self, name: &str, json: Json) {
        self.extra.push((name.to_owned(), json));
    }

    fn wrong(&mut self, pointer: &str, expected: &'static str) {
        self.report(
            "wrong-value",
            Severity::Warning,
            pointer,
            format_args!("expected {expected}; kept as it is"),
        );
    }

    /// Puts `token` before the pointers of the diagnostics that came since `start`.
    fn prefix(&mut self, start: usize, token: &str) {
        for diagnostic in self.diagnostics.since_mut(start) {
            if let crate::Position::Pointer(pointer) = &mut diagnostic.position {
                let rest = std::mem::take(pointer);
                pointer::push(pointer, token);
                if !rest.is_empty() {
                    pointer.push('/');
                    pointer.push_str(&rest);
                }
            }
            if diagnostic.property.is_empty() {
                diagnostic.property = Cow::Owned(token.to_owned());
            }
        }
    }
}

/// A field of a struct that holds a member: an `Option`, or a collection that is absent when empty.
pub trait Field {
    /// What is read into it.
    type Value: FromJson;

    /// Sets the field.
    fn set(&mut self, value: Self::Value);
}

impl<T: FromJson> Field for Option<T> {
    type Value = T;

    fn set(&mut self, value: T) {
        *self = Some(value);
    }
}

impl<T: FromJson + ToJson> Field for Vec<T> {
    type Value = Self;

    fn set(&mut self, value: Self) {
        *self = value;
    }
}

impl<K: Ord + FromJson, V: FromJson> Field for Map<K, V> {
    type Value = Self;

    fn set(&mut self, value: Self) {
        *self = value;
    }
}

impl<T: Ord + FromJson> Field for Set<T> {
    type Value = Self;

    fn set(&mut self, value: Self) {
        *self = value;
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
    let diagnostics = reader.diagnostics.len();
    let bad_entries = reader.bad_entries.len();
    match F::Value::read(value, reader)? {
        Read::Value(value) => field.set(value),
        Read::Null => {}
        Read::Wrong(json) => {
            reader.wrong("", F::Value::EXPECTED);
            reader.keep(name, json);
        }
    }
    for (key, json) in reader.bad_entries.split_off(bad_entries) {
        reader.keep(&format!("{name}/{key}"), json);
    }
    reader.prefix(diagnostics, name);
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
        Read::Value(json) | Read::Wrong(json) => reader.keep(name, json),
        Read::Null => {}
    }
    Ok(())
}

/// Reads the members of an object; `first` is a name whose value is still to come.
///
/// # Errors
///
/// Only those of `members`: broken JSON text.
pub fn read_object<'de, T: Object, A: MapAccess<'de>>(
    mut members: A,
    reader: &mut Reader,
) -> Result<T, A::Error> {
    let mut object = T::default();
    let start = reader.extra.len();
    while let Some(Name(name)) = members.next_key_seed(NameSeed)? {
        if reader.careful {
            read_text_member(&mut object, &name, members.next_value()?, reader);
        } else {
            members.next_value_seed(MemberSeed { object: &mut object, name: &name, reader })?;
        }
    }
    if reader.extra.len() > start {
        object.extra_mut().extend(reader.extra.drain(start..));
    }
    Ok(object)
}

/// Reads a member from its own text. What even the JSON parser refuses (a number beyond all floating-point numbers,
/// half a surrogate pair) is kept as the text it is.
fn read_text_member<T: Object>(object: &mut T, name: &str, json: Json, reader: &mut Reader) {
    let (extra, bad_entries) = (reader.extra.len(), reader.bad_entries.len());
    let mut value = serde_json::Deserializer::from_str(json.as_str());
    if object.read_member(name, &mut value, reader).is_err() {
        reader.extra.truncate(extra);
        reader.bad_entries.truncate(bad_entries);
        reader.wrong(name, "a value that can be read");
        reader.keep(name, json);
    }
}

struct MemberSeed<'a, T> {
    object: &'a mut T,
    name: &'a str,
    reader: &'a mut Reader,
}

impl<'de, T: Object> DeserializeSeed<'de> for MemberSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        self.object.read_member(self.name, value, self.reader)
    }
}

struct ValueSeed<'a, T>(&'a mut Reader, PhantomData<T>);

impl<'de, T: FromJson> DeserializeSeed<'de> for ValueSeed<'_, T> {
    type Value = Read<T>;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Read<T>, D::Error> {
        T::read(value, self.0)
    }
}

/// The name of a member, borrowed where the text has no escapes.
pub(crate) struct Name<'de>(pub(crate) Cow<'de, str>);

pub(crate) struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Name<'de>;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<Name<'de>, D::Error> {
        name.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NameSeed {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

struct ValueVisitor<'a, T> {
    reader: &'a mut Reader,
    expected: PhantomData<T>,
}

impl<T: FromJson> ValueVisitor<'_, T> {
    fn checked<E: serde::de::Error>(
        value: Option<T>,
        text: impl serde::Serialize,
    ) -> Result<Read<T>, E> {
        match value {
            Some(value) => Ok(Read::Value(value)),
            None => Json::from_serialize(&text).map(Read::Wrong).map_err(E::custom),
        }
    }
}

impl<'de, T: FromJson> Visitor<'de> for ValueVisitor<'_, T> {
    type Value = Read<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Read<T>, E> {
        Self::checked(T::from_text(text), text)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Read<T>, E> {
        Self::checked(T::from_bool(value), value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Read<T>, E> {
        Self::checked(T::from_integer(value.into()), value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Read<T>, E> {
        Self::checked(T::from_integer(value.into()), value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Read<T>, E> {
        const EXACT: f64 = 9_007_199_254_740_991.0;
        let integer = (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i128);
        Self::checked(integer.and_then(T::from_integer).or_else(|| T::from_float(value)), value)
    }

    fn visit_unit<E>(self) -> Result<Read<T>, E> {
        Ok(Read::Null)
    }

    fn visit_none<E>(self) -> Result<Read<T>, E> {
        Ok(Read::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Read<T>, D::Error> {
        T::read(value, self.reader)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Read<T>, A::Error> {
        T::from_object(members, self.reader)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Read<T>, A::Error> {
        T::from_array(elements, self.reader)
    }
}

impl FromJson for String {
    const EXPECTED: &'static str = "a string";

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl FromJson for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

/// The `UnsignedInt` of JSCalendar, JSContact and JMAP: 0 to 2^53 - 1 (RFC 8984, section 1.4.2).
impl FromJson for u64 {
    const EXPECTED: &'static str = "an integer from 0 to 2^53 - 1";

    fn from_integer(value: i128) -> Option<Self> {
        (0..1 << 53).contains(&value).then_some(value as Self)
    }
}

/// The `Int` of JSCalendar, JSContact and JMAP: -2^53 + 1 to 2^53 - 1 (RFC 8984, section 1.4.2).
impl FromJson for i64 {
    const EXPECTED: &'static str = "an integer from -2^53 + 1 to 2^53 - 1";

    fn from_integer(value: i128) -> Option<Self> {
        (-(1 << 53) + 1..1 << 53).contains(&value).then_some(value as Self)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<'de, D: Deserializer<'de>>(
        value: D,
        reader: &mut Reader,
    ) -> Result<Read<Self>, D::Error> {
        T::read(value, reader).map(|read| read.map(Self::new))
    }
}

impl<T: FromJson + ToJson> FromJson for Vec<T> {
    const EXPECTED: &'static str = "an array";

    /// One wrong element makes the whole array wrong: half a list means something else than the list.
    fn from_array<'de, A: SeqAccess<'de>>(
        mut elements: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let mut list = Self::new();
        let wrong = loop {
            let diagnostics = reader.diagnostics.len();
            match elements.next_element_seed(ValueSeed(reader, PhantomData))? {
                None => return Ok(Read::Value(list)),
                Some(Read::Value(value)) => list.push(value),
                Some(Read::Null) => break Json::null(),
                Some(Read::Wrong(json)) => {
                    reader.wrong("", T::EXPECTED);
                    reader.prefix(diagnostics, &list.len().to_string());
                    break json;
                }
            }
            if reader.diagnostics.len() > diagnostics {
                reader.prefix(diagnostics, &(list.len() - 1).to_string());
            }
        };
        let mut all: Vec<Json> = Vec::with_capacity(list.len() + 1);
        for value in &list {
            all.push(
                Json::from_serialize(&value.versioned(Version::V2_0)).map_err(A::Error::custom)?,
            );
        }
        all.push(wrong);
        while let Some(json) = elements.next_element()? {
            all.push(json);
        }
        Json::from_serialize(&all).map(Read::Wrong).map_err(A::Error::custom)
    }
}

impl<K: Ord + FromJson, V: FromJson> FromJson for Map<K, V> {
    const EXPECTED: &'static str = "an object";

    /// An entry with a wrong key or value does not lose the others: it is kept in the `extra` of the object that the
    /// map belongs to, under the pointer of the entry.
    fn from_object<'de, A: MapAccess<'de>>(
        mut members: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let mut entries = Vec::new();
        while let Some(Name(name)) = members.next_key_seed(NameSeed)? {
            let diagnostics = reader.diagnostics.len();
            let Some(key) = K::from_text(&name) else {
                let json = members.next_value()?;
                reader.wrong(&pointer::escape(&name), K::EXPECTED);
                reader.bad_entries.push((pointer::escape(&name).into_owned(), json));
                continue;
            };
            let read = if reader.careful {
                read_text(members.next_value()?, reader)
            } else {
                members.next_value_seed(ValueSeed(reader, PhantomData))?
            };
            match read {
                Read::Value(value) => entries.push((key, value)),
                Read::Null => {}
                Read::Wrong(json) => {
                    reader.wrong("", V::EXPECTED);
                    reader.bad_entries.push((pointer::escape(&name).into_owned(), json));
                }
            }
            if reader.diagnostics.len() > diagnostics {
                reader.prefix(diagnostics, &name);
            }
        }
        Ok(Read::Value(Self::from(entries)))
    }
}

pub(crate) fn read_text<T: FromJson>(json: Json, reader: &mut Reader) -> Read<T> {
    let mut value = serde_json::Deserializer::from_str(json.as_str());
    T::read(&mut value, reader).unwrap_or(Read::Wrong(json))
}

impl<T: Ord + FromJson> FromJson for Set<T> {
    const EXPECTED: &'static str = "an object whose members are all true";

    fn from_object<'de, A: MapAccess<'de>>(
        members: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let read = Map::<T, True>::from_object(members, reader)?;
        Ok(read.map(|map| map.into_iter().map(|(member, True)| member).collect()))
    }

    /// Some writers put one bare string where a set is due.
    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(|member| Self::from([member]))
    }

    /// Some writers put an array of strings where a set is due.
    fn from_array<'de, A: SeqAccess<'de>>(
        mut elements: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let mut members = Vec::new();
        let mut texts: Vec<Json> = Vec::new();
        while let Some(json) = elements.next_element::<Json>()? {
            members.extend(json.to_text().and_then(|text| T::from_text(&text)));
            texts.push(json);
        }
        if members.len() < texts.len() {
            return Json::from_serialize(&texts).map(Read::Wrong).map_err(A::Error::custom);
        }
        reader.report("array-for-set", Severity::Note, "", "read an array as a set");
        Ok(Read::Value(members.into_iter().collect()))
    }
}

/// The value of a member of a set.
struct True;

impl FromJson for True {
    const EXPECTED: &'static str = "true";

    fn from_bool(value: bool) -> Option<Self> {
        value.then_some(Self)
    }
}

/// Skips the rest of an object.
///
/// # Errors
///
/// Only those of `members`: broken JSON text.
pub fn skip_members<'de, A: MapAccess<'de>>(mut members: A) -> Result<(), A::Error> {
    while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}
