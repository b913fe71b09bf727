//! [`Json`]: any JSON value, kept as the text it was.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr2;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::compact::{VERBATIM, push_string};
use crate::read::{Name, NameSeed};
use crate::{FromJson, Read, Reader, ToJson, Version, pointer, write_compact};

/// Any JSON value, kept as compact JSON text.
///
/// This is how members stay that nobody gave a type: unknown and vendor members, members with a value of the
/// wrong type, patches, the `iCalendar` member. Text keeps what a tree of values would lose (the spelling of a
/// number beyond 64 bits, nesting of any depth), costs one allocation, and is written by copying.
///
/// Two values are equal if they mean the same, whatever the order of their members and the spelling of their strings.
///
/// Reading one needs serde_json's own deserializers (from text or from a [`Value`]), as
/// [`RawValue`] does. Formats that are not made for people are given the text as a string.
///
/// ```
/// use json_model::Json;
/// use serde_json::json;
///
/// let colour = Json::from(json!({"red": 1}));
/// assert_eq!(colour.as_str(), r#"{"red":1}"#);
/// assert_eq!(Json::parse(r#" { "red" : 1 } "#)?, colour);
/// assert_eq!(colour.to_value()?["red"], 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Json(Box<str>);

impl Json {
    /// The value that `text` holds.
    ///
    /// # Errors
    ///
    /// If `text` is not exactly one JSON value.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<Box<RawValue>>(text).map(Self::compact)
    }

    /// What `value` is written as.
    ///
    /// # Errors
    ///
    /// If `value` cannot be written, for example a map whose keys are no strings.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        let mut text = String::with_capacity(256);
        write_compact(value, &mut text)?;
        Ok(Self(text.into_boxed_str()))
    }

    /// The value `null`.
    pub fn null() -> Self {
        Self("null".into())
    }

    /// The compact JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.as_str() == "null"
    }

    /// Whether this is an object.
    pub fn is_object(&self) -> bool {
        self.as_str().starts_with('{')
    }

    /// The text of a JSON string, if this is one.
    pub fn to_text(&self) -> Option<String> {
        serde_json::from_str(self.as_str()).ok()
    }

    /// The value as a tree.
    ///
    /// # Errors
    ///
    /// If it is nested more deeply than serde_json reads (128 levels), or holds a number that `f64` cannot.
    pub fn to_value(&self) -> Result<Value, serde_json::Error> {
        self.decode()
    }

    /// The value as a `T`.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn decode<'de, T: Deserialize<'de>>(&'de self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }

    /// This object with further members, put before its own without looking for equal names; anything that is no object
    /// stays what it is.
    ///
    /// ```
    /// use json_model::Json;
    ///
    /// let json = Json::parse(r#"{"b":2}"#)?.with_members(&[("a".to_owned(), Json::from(1))]);
    /// assert_eq!(json.as_str(), r#"{"a":1,"b":2}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn with_members(&self, members: &[(String, Self)]) -> Self {
        let Some(own) = self.as_str().strip_prefix('{').filter(|_| !members.is_empty()) else {
            return self.clone();
        };
        let mut text = String::with_capacity(self.as_str().len() + 64);
        let mut separator = '{';
        for (name, json) in members {
            text.push(separator);
            push_string(name, &mut text);
            text.push(':');
            text.push_str(json.as_str());
            separator = ',';
        }
        if own != "}" {
            text.push(separator);
        }
        text.push_str(own);
        Self(text.into_boxed_str())
    }

    fn compact(raw: Box<RawValue>) -> Self {
        if is_compact(raw.get()) {
            return Self(raw.into());
        }
        Self(minify(raw.get()).into_boxed_str())
    }

    pub(crate) fn from_members<'de, A: MapAccess<'de>>(
        first: Option<(&str, Self)>,
        mut members: A,
    ) -> Result<Self, A::Error> {
        let mut list: Vec<(String, Self)> =
            first.into_iter().map(|(name, json)| (name.to_owned(), json)).collect();
        while let Some(member) = members.next_entry()? {
            list.push(member);
        }
        Self::from_serialize(&Members(&list)).map_err(A::Error::custom)
    }

    /// An object with these members in this order.
    pub(crate) fn from_list(members: &[(String, Self)]) -> Result<Self, serde_json::Error> {
        Self::from_serialize(&Members(members))
    }

    /// A part of a [`Json`].
    pub(crate) fn from_raw(raw: &RawValue) -> Self {
        Self(raw.get().into())
    }

    /// What the tokens of a pointer lead to. Only the way there is read, so nesting and odd numbers beside it do no
    /// harm.
    ///
    /// ```
    /// use json_model::{Json, pointer};
    ///
    /// let json = Json::parse(r#"{"list":[{"id":"a"}]}"#)?;
    /// let tokens: Vec<_> = pointer::tokens("list/0/id").collect();
    /// assert_eq!(json.inside(&tokens), Some(Json::from("a")));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn inside(&self, tokens: &[Cow<'_, str>]) -> Option<Self> {
        let mut text = self.as_str();
        for token in tokens {
            let mut value = serde_json::Deserializer::from_str(text);
            text = match text.as_bytes().first()? {
                b'{' => value.deserialize_map(MemberVisitor(token)).ok()??,
                b'[' => value.deserialize_seq(ElementVisitor(pointer::index(token)?)).ok()??,
                _ => return None,
            };
        }
        Some(Self(text.into()))
    }

    pub(crate) fn from_elements<'de, A: SeqAccess<'de>>(mut elements: A) -> Result<Self, A::Error> {
        let mut list: Vec<Self> = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Self::from_serialize(&list).map_err(A::Error::custom)
    }
}

/// Members in the order they came.
struct Members<'a>(&'a [(String, Json)]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, json)| (name, json)))
    }
}

/// Whether two texts that differ can mean the same: strings without escapes are what they look like, and values of
/// different kinds differ.
pub(crate) fn may_be_equal(one: &str, two: &str) -> bool {
    let plain = |text: &str| text.starts_with('"') && !text.contains('\\');
    kind_of(one) == kind_of(two) && !(plain(one) && plain(two))
}

/// The members of an object in their order; `None` if this is none.
pub(crate) fn members_of(text: &str) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    text.starts_with('{')
        .then(|| serde_json::Deserializer::from_str(text))?
        .deserialize_map(ListVisitor)
        .ok()
}

/// The elements of an array; `None` if this is none.
pub(crate) fn elements_of(text: &str) -> Option<Vec<&RawValue>> {
    text.starts_with('[').then(|| serde_json::from_str(text).ok())?
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Name(name)) = members.next_key_seed(NameSeed)? {
            list.push((name, members.next_value()?));
        }
        Ok(list)
    }
}

/// Finds a member; the last one of a name wins.
struct MemberVisitor<'a>(&'a str);

impl<'de> Visitor<'de> for MemberVisitor<'_> {
    type Value = Option<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(Name(name)) = members.next_key_seed(NameSeed)? {
            let value: &RawValue = members.next_value()?;
            if name == self.0 {
                found = Some(value.get());
            }
        }
        Ok(found)
    }
}

/// Finds an element by its index.
struct ElementVisitor(usize);

impl<'de> Visitor<'de> for ElementVisitor {
    type Value = Option<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        let mut index = 0;
        while let Some(value) = elements.next_element::<&RawValue>()? {
            if index == self.0 {
                found = Some(value.get());
            }
            index += 1;
        }
        Ok(found)
    }
}

/// The first byte of a value, the same for all numbers.
fn kind_of(text: &str) -> u8 {
    match text.bytes().next().unwrap_or_default() {
        b'-' | b'0'..=b'9' => b'0',
        other => other,
    }
}

/// Whether there is no white space between the tokens of `text`.
fn is_compact(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = match byte {
            b'"' => behind_string(after),
            b' ' | b'\n' | b'\r' | b'\t' => return false,
            _ => after,
        };
    }
    true
}

/// What stands behind a string, given what stands behind its first quotation mark.
fn behind_string(mut rest: &[u8]) -> &[u8] {
    while let Some(at) = memchr2(b'"', b'\\', rest) {
        let skipped = if rest[at] == b'"' { 1 } else { 2 };
        rest = rest.get(at + skipped..).unwrap_or_default();
        if skipped == 1 {
            break;
        }
    }
    rest
}

/// `text` without white space between its tokens.
fn minify(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    for c in text.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if matches!(c, ' ' | '\n' | '\r' | '\t') {
            continue;
        } else {
            in_string = c == '"';
        }
        out.push(c);
    }
    out
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (self.as_str(), other.as_str());
        if one == two {
            return true;
        }
        if !may_be_equal(one, two) {
            return false;
        }
        match (self.to_value(), other.to_value()) {
            (Ok(one), Ok(two)) => one == two,
            _ => false,
        }
    }
}

impl Eq for Json {}

impl Default for Json {
    fn default() -> Self {
        Self::null()
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        // A tree of values always has a text; the error branch only exists in the signature.
        Self::from_serialize(&value).unwrap_or_else(|_| Self::null())
    }
}

impl From<&str> for Json {
    /// A JSON string.
    fn from(text: &str) -> Self {
        let mut json = String::new();
        push_string(text, &mut json);
        Self(json.into_boxed_str())
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self(if value { "true".into() } else { "false".into() })
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(VERBATIM, &Verbatim(&self.0))
    }
}

/// A text that is JSON: our own writer and formats that are not made for people take it as it is, serde_json as its
/// own type for such texts.
struct Verbatim<'a>(&'a str);

impl Serialize for Verbatim<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_str(self.0);
        }
        let raw: &RawValue = serde_json::from_str(self.0).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self::compact)
    }
}

impl FromJson for Json {
    const EXPECTED: &'static str = "any value";

    fn read<'de, D: Deserializer<'de>>(value: D, _: &mut Reader) -> Result<Read<Self>, D::Error> {
        let json = Self::deserialize(value)?;
        Ok(if json.is_null() { Read::Null } else { Read::Value(json) })
    }
}

impl ToJson for Json {
    fn to_json<S: Serializer>(&self, serializer: S, _: Version) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn look_up(&self, pointer: &[Cow<'_, str>], _: Version) -> Option<Json> {
        self.inside(pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn white_space_goes_but_not_inside_strings() {
        let json = Json::parse(" { \"a b\" : [ 1 ,\n\"c\\\" d\\\\\" ] } ").unwrap();
        assert_eq!(json.as_str(), r#"{"a b":[1,"c\" d\\"]}"#);
    }

    #[test]
    fn numbers_keep_their_spelling() {
        for text in ["1e400", "1.0", "-0", "9007199254740993", "123456789012345678901234567890"] {
            assert_eq!(Json::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn depth_is_no_problem() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(Json::parse(&deep).unwrap().as_str(), deep);
    }

    #[test]
    fn equality_is_of_meaning() {
        assert_eq!(
            Json::parse(r#"{"a":1,"b":"x"}"#).unwrap(),
            Json::parse(r#"{"b":"\u0078","a":1}"#).unwrap()
        );
        assert_ne!(Json::from(json!([1, 2])), Json::from(json!([2, 1])));
    }
}
