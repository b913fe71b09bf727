//! Compact JSON, written straight into a `String`.
//!
//! The text is the one that serde_json writes. It is written here because nearly all of it is short strings: they are
//! looked through eight bytes at a time, and what goes into a `String` needs no look afterwards whether it is one.

use std::fmt::{Display, Write};

use serde::ser::{self, Error as _, Serialize};
use serde_json::Error;

/// Appends `value` as compact JSON.
///
/// ```
/// let mut out = "x = ".to_owned();
/// json_model::write_compact(&vec![Some("a\"b"), None], &mut out)?;
/// assert_eq!(out, r#"x = ["a\"b",null]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// If `value` cannot be written, for example a map whose keys are no strings. What was written until then stays.
pub fn write_compact<T: Serialize + ?Sized>(value: &T, out: &mut String) -> Result<(), Error> {
    value.serialize(Compact { out, verbatim: false })
}

/// The name of a newtype whose string is JSON already.
pub(crate) const VERBATIM: &str = "$json_model::Verbatim";

/// The name under which serde_json's `RawValue` writes its text as the only field of a struct.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// Appends `text` as a JSON string.
pub(crate) fn push_string(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    out.push('"');
    if is_plain(text.as_bytes()) {
        out.push_str(text);
    } else {
        push_escaped(text, out);
    }
    out.push('"');
}

/// Whether nothing in a text needs an escape, looked at a word at a time; the last two words may overlap.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    if let Some(last) = text.last_chunk::<8>() {
        let (words, _) = text.as_chunks::<8>();
        escaped_bytes(*last) == 0 && words.iter().all(|word| escaped_bytes(*word) == 0)
    } else if let (Some([a, b, c, d]), Some([e, f, g, h])) =
        (text.first_chunk::<4>(), text.last_chunk::<4>())
    {
        escaped_bytes([*a, *b, *c, *d, *e, *f, *g, *h]) == 0
    } else {
        !text.iter().copied().any(is_escaped)
    }
}

fn is_escaped(byte: u8) -> bool {
    byte < b' ' || matches!(byte, b'"' | b'\\')
}

/// Not zero if one of the bytes needs an escape.
#[inline]
fn escaped_bytes(word: [u8; 8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(word);
    let below = |word: u64, limit: u8| word.wrapping_sub(EACH * u64::from(limit)) & !word;
    let quote = below(word ^ (EACH * u64::from(b'"')), 1);
    let backslash = below(word ^ (EACH * u64::from(b'\\')), 1);
    (quote | backslash | below(word, b' ')) & (EACH << 7)
}

fn push_escaped(text: &str, out: &mut String) {
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| is_escaped(*byte)) {
        // All these bytes are ASCII, so the slices are whole characters.
        out.push_str(text.get(clean..at).unwrap_or_default());
        push_escape(byte, out);
        clean = at + 1;
    }
    out.push_str(text.get(clean..).unwrap_or_default());
}

fn push_escape(byte: u8, out: &mut String) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        0x08 => out.push_str("\\b"),
        0x0C => out.push_str("\\f"),
        other => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.push_str("\\u00");
            out.extend([other >> 4, other & 15].map(|digit| char::from(HEX[usize::from(digit)])));
        }
    }
}

struct Compact<'o> {
    out: &'o mut String,
    /// The next string is JSON already.
    verbatim: bool,
}

impl<'o> Compact<'o> {
    fn number(self, number: impl Display) -> Result<(), Error> {
        write!(self.out, "{number}").map_err(Error::custom)
    }

    #[inline]
    fn open(self, open: &str, close: &'static str) -> Items<'o> {
        self.out.push_str(open);
        Items { out: self.out, close, empty: true }
    }

    /// A variant with something in it is an object with one member.
    fn open_variant(self, variant: &str, open: &str, close: &'static str) -> Items<'o> {
        self.out.push('{');
        push_string(variant, self.out);
        self.out.push(':');
        self.open(open, close)
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), Error> {
            self.number(value)
        })*
    };
}

impl<'o> ser::Serializer for Compact<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Items<'o>;
    type SerializeTuple = Items<'o>;
    type SerializeTupleStruct = Items<'o>;
    type SerializeTupleVariant = Items<'o>;
    type SerializeMap = Items<'o>;
    type SerializeStruct = Items<'o>;
    type SerializeStructVariant = Items<'o>;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.out.push_str(&serde_json::to_string(&value)?);
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.out.push_str(&serde_json::to_string(&value)?);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Error> {
        if self.verbatim {
            self.out.push_str(value);
        } else {
            push_string(value, self.out);
        }
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(Self { out: self.out, verbatim: name == VERBATIM })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut member = self.open("{", "}");
        ser::SerializeStruct::serialize_field(&mut member, variant, value)?;
        member.close()
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'o>, Error> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'o>, Error> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'o>, Error> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'o>, Error> {
        Ok(self.open_variant(variant, "[", "]}"))
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Items<'o>, Error> {
        Ok(self.open("{", "}"))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Items<'o>, Error> {
        Ok(if name == RAW_VALUE { self.open("", "") } else { self.open("{", "}") })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'o>, Error> {
        Ok(self.open_variant(variant, "{", "}}"))
    }

    /// What may be written as JSON or as a plain string shall be a plain string where that is JSON.
    fn is_human_readable(&self) -> bool {
        !self.verbatim
    }
}

/// The elements of an array or the members of an object.
struct Items<'o> {
    out: &'o mut String,
    close: &'static str,
    empty: bool,
}

impl Items<'_> {
    #[inline]
    fn separate(&mut self) {
        if !self.empty {
            self.out.push(',');
        }
        self.empty = false;
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.separate();
        write_compact(value, self.out)
    }

    #[inline]
    fn close(self) -> Result<(), Error> {
        self.out.push_str(self.close);
        Ok(())
    }
}

impl ser::SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.separate();
        let start = self.out.len();
        write_compact(key, self.out)?;
        match self.out.as_bytes().get(start) {
            Some(b'"') => Ok(()),
            // As in serde_json, what is no string but has a plain text is named by that.
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => {
                self.out.insert(start, '"');
                self.out.push('"');
                Ok(())
            }
            _ => Err(Error::custom("key must be a string")),
        }
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.out.push(':');
        write_compact(value, self.out)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl ser::SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        if name == RAW_VALUE {
            return value.serialize(Compact { out: self.out, verbatim: true });
        }
        ser::SerializeMap::serialize_entry(self, name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Items<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        ser::SerializeMap::serialize_entry(self, name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

macro_rules! elements {
    ($($trait:ident: $method:ident),*) => {$(
        impl ser::$trait for Items<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

elements! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::ser::{SerializeStruct, SerializeStructVariant, SerializeTupleVariant, Serializer};
    use serde_json::value::RawValue;

    use super::*;
    use crate::Json;

    /// Calls one method of a serializer.
    struct Call<F>(F);

    macro_rules! call {
        ($($serialize:tt)*) => {{
            struct Value;

            impl Serialize for Value {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let call: Call<fn(S) -> Result<S::Ok, S::Error>> = Call($($serialize)*);
                    (call.0)(serializer)
                }
            }

            let value = Value;
            assert_eq!(compact(&value), serde_json::to_string(&value).unwrap());
        }};
    }

    fn compact<T: Serialize>(value: &T) -> String {
        let mut out = String::new();
        write_compact(value, &mut out).unwrap();
        out
    }

    #[test]
    fn the_text_is_that_of_serde_json() {
        call!(|to| to.serialize_unit());
        call!(|to| to.serialize_unit_struct("S"));
        call!(|to| to.serialize_some(&Some(-1_i8)));
        call!(|to| to.serialize_bytes(&[1, 2]));
        call!(|to| to.serialize_unit_variant("E", 0, "V\""));
        call!(|to| to.serialize_newtype_struct("S", "n"));
        call!(|to| to.serialize_newtype_variant("E", 0, "V", &1));
        call!(|to| (1_u128, -2_i64, 1.0_f64, 0.1_f32, '"').serialize(to));
        call!(|to| BTreeMap::from([(-1, true), (5, false)]).serialize(to));
        call!(|to| Vec::<u8>::new().serialize(to));
        call!(|to| RawValue::from_string(r#"[1e400,"\u0041"]"#.to_owned()).unwrap().serialize(to));
        call!(|to| Json::parse(r#"{"a" : [1.0]}"#).unwrap().serialize(to));
        call!(|to| {
            let mut object = to.serialize_struct("S", 2)?;
            object.serialize_field("a", &1)?;
            object.serialize_field("b", &None::<u8>)?;
            object.end()
        });
        call!(|to| {
            let mut object = to.serialize_struct_variant("E", 0, "V", 1)?;
            object.serialize_field("a", &1)?;
            object.end()
        });
        call!(|to| {
            let mut tuple = to.serialize_tuple_variant("E", 0, "V", 2)?;
            tuple.serialize_field(&1)?;
            tuple.serialize_field(&2)?;
            tuple.end()
        });
        assert_eq!(compact(&f32::NAN), "null");
    }

    #[test]
    fn only_strings_and_what_has_their_text_are_keys() {
        let mut out = String::new();
        let wrong = BTreeMap::from([(vec![1], 1)]);
        assert!(write_compact(&wrong, &mut out).is_err());
        assert_eq!(compact(&BTreeMap::from([(true, 1)])), r#"{"true":1}"#);
    }

    proptest! {
        #[test]
        fn strings_are_those_of_serde_json(text in "(\\PC|[\u{0}-\u{7f}]){0,40}") {
            prop_assert_eq!(compact(&text), serde_json::to_string(&text).unwrap());
        }
    }
}
