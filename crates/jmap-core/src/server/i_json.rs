//! Whether a text is I-JSON (RFC 7493), as RFC 8620 demands of requests: no name twice in an object, no noncharacters.
//! Halves of surrogate pairs and numbers beyond all floating-point numbers are refused by serde_json itself.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

/// Checks `text` in one pass, with no more memory than the names of the objects that are open.
///
/// serde_json refuses what is nested more than 128 levels deep, so that the stack is no matter here.
pub(super) fn check(text: &str) -> Result<(), serde_json::Error> {
    let mut document = serde_json::Deserializer::from_str(text);
    Checked.deserialize(&mut document)?;
    document.end()
}

/// A value that is only looked at.
struct Checked;

impl<'de> DeserializeSeed<'de> for Checked {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("I-JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        characters(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names: Vec<Cow<'de, str>> = Vec::new();
        while let Some(name) = members.next_key_seed(Name)? {
            names.push(name);
            members.next_value_seed(Self)?;
        }
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(A::Error::custom(format_args!("the name {:?} comes twice", pair[0]))),
            None => Ok(()),
        }
    }
}

/// The name of a member, borrowed where it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        characters(name).map(|()| Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        characters(name).map(|()| Cow::Owned(name.to_owned()))
    }
}

/// Refuses the noncharacters of Unicode (RFC 7493, section 2.1).
fn characters<E: Error>(text: &str) -> Result<(), E> {
    let is_none = |character: &char| {
        let code = u32::from(*character);
        code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
    };
    if text.is_ascii() {
        return Ok(());
    }
    match text.chars().find(is_none) {
        Some(character) => Err(E::custom(format_args!("{character:?} is a noncharacter"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_i_json_refuses() {
        let refused = |text: &str| check(text).unwrap_err().to_string();
        insta::assert_snapshot!(refused(r#"{"a":1,"b":2,"\u0061":3}"#), @r#"the name "a" comes twice at line 1 column 24"#);
        insta::assert_snapshot!(refused(r#"[{"x":{"a":1,"a":1}}]"#), @r#"the name "a" comes twice at line 1 column 19"#);
        insta::assert_snapshot!(refused(r#"["\ud800"]"#), @"unexpected end of hex escape at line 1 column 9");
        insta::assert_snapshot!(refused(r#"["\ufdd0"]"#), @r"'\u{fdd0}' is a noncharacter at line 1 column 9");
        insta::assert_snapshot!(refused("[1e999]"), @"number out of range at line 1 column 6");
        insta::assert_snapshot!(refused("{} {}"), @"trailing characters at line 1 column 4");
        insta::assert_snapshot!(refused(&"[".repeat(200)), @"recursion limit exceeded at line 1 column 128");
        for good in
            [r#"{"a":{"a":1},"b":[{"a":1},{"a":1}]}"#, "[1.5,-7,true,null]", r#""\ud83d\ude00""#]
        {
            assert!(check(good).is_ok(), "{good}");
        }
    }
}
