//! [`Id`] (RFC 8620, section 1.2) and the identifiers of objects that are being created.

use crate::text::opaque_text;

opaque_text! {
    /// The identifier of an object of type `T` on the server (RFC 8620, section 1.2).
    ///
    /// Typed, so that a calendar's identifier does not get where an event's is due; in JSON it is its text. An id is unique
    /// within one account and one data type only.
    ///
    /// The standard allows 1 to 255 of the characters `A-Z a-z 0-9 - _`. Servers give out others too (one has `:` in
    /// them), and whatever a server gave must be sent back as it was: reading refuses no text, takes a number for its
    /// digits, and nothing is checked again on the way back. [`Id::new`] is for ids that are made here, and checks.
    ///
    /// ```
    /// use jmap_core::Id;
    ///
    /// struct Note;
    /// struct Folder;
    ///
    /// let note: Id<Note> = Id::new("n1")?;
    /// assert_eq!(serde_json::to_string(&note).unwrap(), r#""n1""#);
    /// assert!(Id::<Note>::new("n 1").is_err());
    ///
    /// let read: Id<Note> = serde_json::from_str(r#""n:1""#).unwrap();
    /// assert!(!read.is_valid());
    ///
    /// // The way from one type to another is explicit.
    /// let folder: Id<Folder> = note.cast();
    /// assert_eq!(folder.as_str(), "n1");
    /// # Ok::<(), jmap_core::InvalidId>(())
    /// ```
    pub struct Id: "an id";
}

/// Why a text is not an id in the form of the standard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidId {
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

impl<T: ?Sized> Id<T> {
    /// An id in the form of the standard.
    ///
    /// # Errors
    ///
    /// Says which rule the text breaks.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        check(text)?;
        Ok(Self::any(text))
    }

    /// Whether it has the form of the standard.
    pub fn is_valid(&self) -> bool {
        check(self.as_str()).is_ok()
    }

    /// The creation id that this refers to, if it is a reference (`#k1`).
    pub fn creation(&self) -> Option<CreationId<T>> {
        self.as_str().strip_prefix('#').map(CreationId::any)
    }
}

const LONGEST: usize = 255;

fn check(text: &str) -> Result<(), InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::Empty);
    }
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if let Some((octet, character)) = text.char_indices().find(|(_, c)| !allowed(*c)) {
        return Err(InvalidId::Character { character, octet });
    }
    if text.len() > LONGEST {
        return Err(InvalidId::TooLong { octets: text.len() });
    }
    Ok(())
}

opaque_text! {
    /// What a client calls an object while it asks for its creation (RFC 8620, section 5.3).
    ///
    /// Within one request it can be referred to before the server has given it an id: [`id`](Self::id) is such a
    /// reference, and stands wherever an id is due.
    ///
    /// ```
    /// use jmap_core::{CreationId, Id};
    ///
    /// struct Folder;
    ///
    /// let folder: CreationId<Folder> = CreationId::any("f1");
    /// let reference: Id<Folder> = folder.id();
    /// assert_eq!(reference.as_str(), "#f1");
    /// assert_eq!(reference.creation(), Some(folder));
    /// ```
    pub struct CreationId: "a creation id";
}

impl<T: ?Sized> CreationId<T> {
    /// A reference to the object, for use as its id in the same request.
    pub fn id(&self) -> Id<T> {
        Id::any(format!("#{self}"))
    }
}

impl<T: ?Sized> From<CreationId<T>> for Id<T> {
    fn from(creation: CreationId<T>) -> Self {
        creation.id()
    }
}

impl<T: ?Sized> From<&Self> for Id<T> {
    fn from(id: &Self) -> Self {
        id.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_section_1_2() {
        let error = |text: &str| Id::<()>::new(text).unwrap_err().to_string();
        insta::assert_snapshot!(error(""), @"an id must not be empty");
        insta::assert_snapshot!(error("a/b"), @r#"an id has only letters, digits, "-" and "_", found '/' at octet 1"#);
        insta::assert_snapshot!(error(&"a".repeat(256)), @"an id has at most 255 octets, this one has 256");
        assert!(Id::<()>::new(&"-_aZ0".repeat(51)).is_ok());
    }

    #[test]
    fn reading_refuses_nothing() {
        let read = |json: &str| serde_json::from_str::<Id<()>>(json).map(|id| id.to_string());
        assert_eq!(read(r#""""#).unwrap(), "");
        assert_eq!(read(r#""a:b \u00e4""#).unwrap(), "a:b ä");
        assert_eq!(read("17").unwrap(), "17");
        assert!(read("[]").is_err());
    }
}
