//! [`Tagged`]: objects whose `@type` decides how the rest is read.

use serde::de::MapAccess;

use crate::read::{Name, NameSeed, read_object_from, read_text};
use crate::{FromJson, Json, Object, Read, Reader};

/// An object of which only the `@type` has been looked at.
///
/// The type mostly stands first; then the rest is read as it comes. Otherwise the whole object is kept as text first.
#[derive(Debug)]
pub struct Tagged<A> {
    tag: Option<String>,
    rest: Rest<A>,
}

#[derive(Debug)]
enum Rest<A> {
    Members { tag: Json, members: A },
    Whole(Json),
}

impl<'de, A: MapAccess<'de>> Tagged<A> {
    /// Looks at the type of the object with these members.
    ///
    /// # Errors
    ///
    /// Only those of `members`: broken JSON text.
    pub fn look(mut members: A) -> Result<Self, A::Error> {
        let Some(Name(first)) = members.next_key_seed(NameSeed)? else {
            return Ok(Self { tag: None, rest: Rest::Whole(Json::from_members(None, members)?) });
        };
        let value: Json = members.next_value()?;
        if first == "@type" {
            return Ok(Self { tag: value.to_text(), rest: Rest::Members { tag: value, members } });
        }
        let whole = Json::from_members(Some((&first, value)), members)?;
        let tag = whole.inside(&["@type".into()]).and_then(|tag| tag.to_text());
        Ok(Self { tag, rest: Rest::Whole(whole) })
    }

    /// The type, if it is a string.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// Reads the object as a `T`.
    ///
    /// # Errors
    ///
    /// Only those of the members: broken JSON text.
    pub fn object<T: Object + FromJson>(self, reader: &mut Reader) -> Result<Read<T>, A::Error> {
        match self.rest {
            Rest::Members { tag, members } => {
                read_object_from(Some(("@type", &tag)), members, reader).map(Read::Value)
            }
            Rest::Whole(json) => Ok(read_text(&json, reader)),
        }
    }

    /// The whole object as text.
    ///
    /// # Errors
    ///
    /// Only those of the members: broken JSON text.
    pub fn json(self) -> Result<Json, A::Error> {
        match self.rest {
            Rest::Members { tag, members } => Json::from_members(Some(("@type", tag)), members),
            Rest::Whole(json) => Ok(json),
        }
    }
}
