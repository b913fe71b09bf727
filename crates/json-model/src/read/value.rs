//! Reading one value: the visitor that asks a [`FromJson`] type, and the types for strings, numbers and booleans.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Fault, FromJson, MAX_DEPTH, Read, Reader};
use crate::{Json, Severity};

/// Reads a value from its own text; what even the JSON parser refuses is wrong.
pub(crate) fn read_text<T: FromJson>(json: &Json, reader: &mut Reader) -> Read<T> {
    let mark = reader.mark();
    let mut value = serde_json::Deserializer::from_str(json.as_str());
    match T::read(&mut value, reader) {
        Ok(Read::Wrong(_)) => Read::Wrong(json.clone()),
        Ok(read) => read,
        Err(_) => {
            reader.back_to(mark);
            Read::Wrong(json.clone())
        }
    }
}

pub(super) struct ValueSeed<'a, T>(&'a mut Reader, PhantomData<T>);

impl<'a, T> ValueSeed<'a, T> {
    pub(super) fn new(reader: &'a mut Reader) -> Self {
        Self(reader, PhantomData)
    }
}

impl<'de, T: FromJson> DeserializeSeed<'de> for ValueSeed<'_, T> {
    type Value = Read<T>;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Read<T>, D::Error> {
        T::read(value, self.0)
    }
}

pub(super) struct ValueVisitor<'a, T> {
    reader: &'a mut Reader,
    expected: PhantomData<T>,
}

impl<'a, T> ValueVisitor<'a, T> {
    pub(super) fn new(reader: &'a mut Reader) -> Self {
        Self { reader, expected: PhantomData }
    }
}

impl<T: FromJson> ValueVisitor<'_, T> {
    /// Reads what is inside an object or an array.
    fn inside<R>(self, read: impl FnOnce(&mut Reader) -> R) -> R {
        self.reader.depth += 1;
        let read = read(self.reader);
        self.reader.depth -= 1;
        read
    }

    fn is_too_deep(&mut self) -> bool {
        let too_deep = self.reader.depth >= MAX_DEPTH;
        if too_deep {
            self.reader.fault = Fault::Depth;
        }
        too_deep
    }

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
        let value = T::from_text(text);
        if let (Some(_), Some((code, message))) = (&value, T::TEXT_NOTE) {
            self.reader.report(code, Severity::Note, "", message);
        }
        Self::checked(value, text)
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
        let read = integer.and_then(T::from_integer).or_else(|| T::from_float(value));
        // The digits beyond the precision of the type are gone by now.
        self.reader.lossy |= read.is_none();
        Self::checked(read, value)
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

    fn visit_map<A: MapAccess<'de>>(mut self, members: A) -> Result<Read<T>, A::Error> {
        if self.is_too_deep() {
            return Json::from_members(None, members).map(Read::Wrong);
        }
        self.inside(|reader| T::from_object(members, reader))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, elements: A) -> Result<Read<T>, A::Error> {
        if self.is_too_deep() {
            return Json::from_elements(elements).map(Read::Wrong);
        }
        self.inside(|reader| T::from_array(elements, reader))
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
