//! `Id` of RFC 8984, section 1.4.1.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

/// A key of a map of sub-objects, or another identifier: `Id` of RFC 8984, section 1.4.1.
///
/// The standard allows 1 to 255 of the characters `A-Z a-z 0-9 - _`. Reading is not that strict: an
/// `Id` holds any text, because an object is not lost over a wrong key. [`Id::new`] checks, and so
/// does whoever calls [`is_valid`](Self::is_valid).
///
/// ```
/// use jscalendar::Id;
///
/// let alert = Id::new("alert-1")?;
/// assert_eq!(alert.as_str(), "alert-1");
/// assert!(Id::new("alert 1").is_err());
///
/// let read: Id = serde_json::from_str(r#""alert 1""#).unwrap();
/// assert!(!read.is_valid());
/// # Ok::<(), jscalendar::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

/// Why a text is not an [`Id`] that may be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// There is no character.
    #[error("an id must not be empty")]
    Empty,
    /// There are more than 255 octets.
    #[error("an id has at most 255 octets, this one has {octets}")]
    TooLong {
        /// The length found, in octets.
        octets: usize,
    },
    /// A character is not one of `A-Z a-z 0-9 - _`.
    #[error(
        "an id has only letters, digits, \"-\" and \"_\", found {character:?} at octet {octet}"
    )]
    Character {
        /// The first character that is not allowed.
        character: char,
        /// Its position in octets, counted from 0.
        octet: usize,
    },
}

const LONGEST: usize = 255;

impl Id {
    /// An id in the form of the standard.
    ///
    /// # Errors
    ///
    /// Says which rule the text breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        check(&text)?;
        Ok(Self(text))
    }

    /// Whether the text has the form of the standard.
    pub fn is_valid(&self) -> bool {
        check(&self.0).is_ok()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, as the string it is kept in.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > LONGEST {
        return Err(IdError::TooLong { octets: text.len() });
    }
    let allowed =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    match text.char_indices().find(|(_, character)| !allowed(*character)) {
        Some((octet, character)) => Err(IdError::Character { character, octet }),
        None => Ok(()),
    }
}

/// Takes any text, unchecked.
impl From<String> for Id {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Takes any text, unchecked.
impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

/// Checks, as [`Id::new`] does.
impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::new(text)
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Id({:?})", self.0)
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn messages() {
        insta::assert_snapshot!(Id::new("").unwrap_err(), @"an id must not be empty");
        insta::assert_snapshot!(Id::new("x".repeat(256)).unwrap_err(), @"an id has at most 255 octets, this one has 256");
        insta::assert_snapshot!(Id::new("grün").unwrap_err(), @r#"an id has only letters, digits, "-" and "_", found 'ü' at octet 2"#);
    }

    #[test]
    fn the_longest_is_allowed() {
        assert!(Id::new("x".repeat(255)).is_ok());
    }

    #[test]
    fn a_map_is_asked_by_text() {
        let map = BTreeMap::from([(Id::from("a"), 1)]);
        assert_eq!(map.get("a"), Some(&1));
        let json = serde_json::to_string(&map).unwrap();
        assert_eq!(json, r#"{"a":1}"#);
        assert_eq!(serde_json::from_str::<BTreeMap<Id, i32>>(&json).unwrap(), map);
    }

    proptest! {
        #[test]
        fn what_new_takes_is_valid(text in "[A-Za-z0-9_-]{1,255}") {
            let id = Id::new(text.as_str()).unwrap();
            prop_assert_eq!(id.as_str(), &text);
        }

        #[test]
        fn reading_takes_any_text(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            let id: Id = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(id.is_valid(), Id::new(text.as_str()).is_ok());
            prop_assert_eq!(serde_json::to_string(&id).unwrap(), json);
        }
    }
}
