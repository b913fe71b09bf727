//! Writing: [`ToJson`] for the values of members, and the [`MemberWriter`] that an object writes itself with.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{FromJson, Json, Map, Object, Set, Version, pointer};

/// A value that a member of a JSON object can have, written for one version of the specification.
///
/// Values whose text depends on no version write themselves by serde alone; objects get their implementation from
/// [`members!`](crate::members).
pub trait ToJson {
    /// Writes the value as `version` has it.
    ///
    /// # Errors
    ///
    /// Only those of `serializer`.
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error>;

    /// Whether there is nothing to write: no value, or an empty collection.
    fn is_absent(&self) -> bool {
        false
    }

    /// For maps: whether an entry for `key` is there; entries kept aside for other keys are written beside it.
    #[doc(hidden)]
    fn has_entry(&self, _key: &str) -> bool {
        false
    }

    /// For maps: writes the entries, then `more`.
    #[doc(hidden)]
    fn to_json_with<S: Serializer>(
        &self,
        serializer: S,
        version: Version,
        _more: &[(Cow<'_, str>, &Json)],
    ) -> Result<S::Ok, S::Error> {
        self.to_json(serializer, version)
    }

    /// What `pointer` (its tokens, unescaped) leads to, as `version` writes it.
    fn look_up(&self, pointer: &[Cow<'_, str>], version: Version) -> Option<Json>
    where
        Self: Sized,
    {
        look_up_whole(self, pointer, version)
    }

    /// The value as something that serde writes.
    fn versioned(&self, version: Version) -> Versioned<'_, Self>
    where
        Self: Sized,
    {
        Versioned { value: self, version }
    }
}

/// The JSON of `value` for an empty pointer; where a pointer leads inside, its text is searched.
pub(crate) fn look_up_whole<T: ToJson>(
    value: &T,
    pointer: &[Cow<'_, str>],
    version: Version,
) -> Option<Json> {
    if value.is_absent() {
        return None;
    }
    let json = Json::from_serialize(&value.versioned(version)).ok()?;
    if pointer.is_empty() {
        return Some(json);
    }
    let mut at = &json.to_value().ok()?;
    for token in pointer {
        at = match at {
            serde_json::Value::Object(members) => members.get(token.as_ref())?,
            serde_json::Value::Array(elements) => elements.get(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(Json::from(at.clone()))
}

/// A value together with the version it is written for.
///
/// ```
/// use json_model::{Set, ToJson, Version};
///
/// let roles: Set<String> = ["chair".to_owned()].into();
/// let text = serde_json::to_string(&roles.versioned(Version::V2_0))?;
/// assert_eq!(text, r#"{"chair":true}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Versioned<'a, T: ?Sized> {
    value: &'a T,
    version: Version,
}

impl<T: ToJson> Serialize for Versioned<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.to_json(serializer, self.version)
    }
}

/// Writes the members of one object, each name once.
#[derive(Debug)]
pub struct MemberWriter<'e, M> {
    members: M,
    version: Version,
    extra: &'e Map<String, Json>,
}

impl<M: SerializeMap> MemberWriter<'_, M> {
    /// The version that is being written.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Writes a member, unless it is absent.
    ///
    /// # Errors
    ///
    /// Only those of the serializer.
    pub fn member<T: ToJson>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        // Hardly any object has members aside, so the look-up for entries of this map mostly is one comparison.
        if !self.extra.is_empty() {
            let more = entries_of(self.extra, name, value);
            if !more.is_empty() {
                return self.members.serialize_entry(
                    name,
                    &WithMore { value, version: self.version, more: &more },
                );
            }
        }
        if value.is_absent() {
            return Ok(());
        }
        self.members.serialize_entry(name, &value.versioned(self.version))
    }
}

/// Entries of the map `name` that were kept aside for their wrong value, and whose key has no value now.
fn entries_of<'e, T: ToJson>(
    extra: &'e Map<String, Json>,
    name: &str,
    map: &T,
) -> Vec<(Cow<'e, str>, &'e Json)> {
    let prefix = format!("{name}/");
    extra
        .range_from(prefix.as_str())
        .map_while(|(pointer, json)| Some((pointer.strip_prefix(&prefix)?, json)))
        .filter_map(|(key, json)| Some((pointer::tokens(key).next()?, json)))
        .filter(|(key, _)| !map.has_entry(key))
        .collect()
}

struct WithMore<'a, T> {
    value: &'a T,
    version: Version,
    more: &'a [(Cow<'a, str>, &'a Json)],
}

impl<T: ToJson> Serialize for WithMore<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.to_json_with(serializer, self.version, self.more)
    }
}

/// When an object writes its `@type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TypeRule {
    /// Always.
    Always,
    /// Only in this version; in others the place of the object says its type.
    In(Version),
}

/// Writes an object: its `@type` if it is due, its members, and what is in `extra`.
///
/// # Errors
///
/// Only those of `serializer`.
pub fn write_object<T: Object, S: Serializer>(
    object: &T,
    serializer: S,
    version: Version,
) -> Result<S::Ok, S::Error> {
    let mut writer =
        MemberWriter { members: serializer.serialize_map(None)?, version, extra: object.extra() };
    let write_type = match T::TYPE_RULE {
        TypeRule::Always => true,
        TypeRule::In(only) => only == version,
    };
    if write_type {
        writer.members.serialize_entry("@type", T::TYPE)?;
    }
    object.write_members(&mut writer)?;
    let MemberWriter { mut members, .. } = writer;
    for (name, json) in object.extra() {
        if !written_already::<T>(object, name, write_type) {
            members.serialize_entry(name, json)?;
        }
    }
    members.end()
}

fn written_already<T: Object>(object: &T, name: &str, type_written: bool) -> bool {
    if name == "@type" {
        return type_written;
    }
    match name.split_once('/') {
        Some((member, _)) => object.knows(member),
        None => object.is_set(name),
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.to_json(serializer, version),
            None => serializer.serialize_none(),
        }
    }

    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(ToJson::is_absent)
    }

    fn look_up(&self, pointer: &[Cow<'_, str>], version: Version) -> Option<Json> {
        self.as_ref()?.look_up(pointer, version)
    }
}

impl<T: ToJson> ToJson for Box<T> {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        T::to_json(self, serializer, version)
    }

    fn is_absent(&self) -> bool {
        T::is_absent(self)
    }

    fn look_up(&self, pointer: &[Cow<'_, str>], version: Version) -> Option<Json> {
        T::look_up(self, pointer, version)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|value| value.versioned(version)))
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn look_up(&self, pointer: &[Cow<'_, str>], version: Version) -> Option<Json> {
        match pointer {
            [index, rest @ ..] => self.get(index.parse::<usize>().ok()?)?.look_up(rest, version),
            [] => look_up_whole(self, pointer, version),
        }
    }
}

impl<K: Ord + FromJson + Serialize, V: ToJson> ToJson for Map<K, V> {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        self.to_json_with(serializer, version, &[])
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn has_entry(&self, key: &str) -> bool {
        K::from_text(key).is_some_and(|key| self.contains_key(&key))
    }

    fn to_json_with<S: Serializer>(
        &self,
        serializer: S,
        version: Version,
        more: &[(Cow<'_, str>, &Json)],
    ) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.len() + more.len()))?;
        for (key, value) in self {
            members.serialize_entry(key, &value.versioned(version))?;
        }
        for (key, json) in more {
            members.serialize_entry(key, json)?;
        }
        members.end()
    }

    fn look_up(&self, pointer: &[Cow<'_, str>], version: Version) -> Option<Json> {
        match pointer {
            [key, rest @ ..] => self.get(&K::from_text(key)?)?.look_up(rest, version),
            [] => look_up_whole(self, pointer, version),
        }
    }
}

impl<T: Ord + FromJson + Serialize> ToJson for Set<T> {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        self.to_json_with(serializer, version, &[])
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn has_entry(&self, key: &str) -> bool {
        T::from_text(key).is_some_and(|key| self.contains(&key))
    }

    fn to_json_with<S: Serializer>(
        &self,
        serializer: S,
        _: Version,
        more: &[(Cow<'_, str>, &Json)],
    ) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.len() + more.len()))?;
        for member in self.iter() {
            members.serialize_entry(member, &true)?;
        }
        for (key, json) in more {
            members.serialize_entry(key, json)?;
        }
        members.end()
    }
}

macro_rules! written_by_serde {
    ($($type:ty),*) => {$(
        impl ToJson for $type {
            fn to_json<S: Serializer>(&self, serializer: S, _: Version) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )*};
}

written_by_serde!(String, bool, u64, i64);
