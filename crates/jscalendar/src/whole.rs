//! An object as one JSON object with the members of both versions: what the patches of its overrides apply to.

use std::fmt;
use std::marker::PhantomData;

use json_model::{Object, Reader, ToJson, Version, read_object};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::{Json, Parsed};

/// The members of version 2.0 and those that only 1.0 has, in one object: what the patches of an object's overrides
/// apply to, whichever version they came from.
///
/// `None` if the object holds JSON that makes no tree: nested too deeply, or a number beyond all others.
///
/// ```
/// use jscalendar::{Event, read_whole, whole};
///
/// let old = r#"{"@type": "Event", "uid": "a", "requestStatus": "2.0;Success", "title": "Tea"}"#;
/// let event = Event::from_json(old)?.value;
/// let json = whole(&event).unwrap();
/// assert!(json.as_str().contains("requestStatus"));
/// assert_eq!(read_whole::<Event>(&json).unwrap().value, event);
/// # Ok::<(), jscalendar::Error>(())
/// ```
pub fn whole<T: Object + ToJson>(object: &T) -> Option<Json> {
    let mut tree = written(object, Version::V2_0)?.to_value().ok()?;
    merge(&mut tree, written(object, Version::V1_0)?.to_value().ok()?);
    Some(Json::from(tree))
}

/// The object as `version` writes it.
pub(crate) fn written<T: Object + ToJson>(object: &T, version: Version) -> Option<Json> {
    Json::from_serialize(&object.versioned(version)).ok()
}

/// Adds the members of `more` that `tree` lacks, except type names, which 1.0 writes everywhere.
///
/// Both are made by serde_json, which bounds their depth.
fn merge(tree: &mut Value, more: Value) {
    let (Value::Object(tree), Value::Object(more)) = (tree, more) else { return };
    for (name, value) in more {
        match tree.get_mut(&name) {
            Some(present) => merge(present, value),
            None if name == "@type" => {}
            None => {
                tree.insert(name, value);
            }
        }
    }
}

/// Reads an object as it stands, without lifting anything from 1.0 into 2.0: the way back from [`whole`].
///
/// `None` if the JSON is no object, or that of another type.
pub fn read_whole<T: Object>(json: &Json) -> Option<Parsed<T>> {
    let mut reader = Reader::new();
    let mut text = serde_json::Deserializer::from_str(json.as_str());
    let object = text.deserialize_map(Plain::<T>(&mut reader, PhantomData)).ok()?;
    Some(Parsed::new(object, reader.diagnostics))
}

struct Plain<'r, T>(&'r mut Reader, PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Plain<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of type {}", T::TYPE)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        read_object(members, self.0)
    }
}
