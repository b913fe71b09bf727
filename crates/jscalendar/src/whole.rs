//! An object as one JSON object with the members of both versions: what the patches of its overrides apply to.

use std::fmt;
use std::marker::PhantomData;

use json_model::{Object, Reader, ToJson, Version, read_object};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::{Diagnostics, Json};

/// The members of version 2.0 and those that only 1.0 has, in one object.
///
/// `None` if the object holds JSON that makes no tree: nested too deeply, or a number beyond all others.
pub(crate) fn whole<T: Object + ToJson>(object: &T) -> Option<Json> {
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

/// Reads an object as it stands, without lifting anything from 1.0 into 2.0.
pub(crate) fn read_plain<T: Object>(json: &Json) -> Option<(T, Diagnostics)> {
    let mut reader = Reader::new();
    let mut text = serde_json::Deserializer::from_str(json.as_str());
    let object = text.deserialize_map(Plain::<T>(&mut reader, PhantomData)).ok()?;
    Some((object, reader.diagnostics))
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
