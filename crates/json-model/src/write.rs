//! Writing: [`ToJson`] for the values of members, and the [`MemberWriter`] that an object writes itself with.

use std::borrow::Cow;

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use crate::json::members_of;
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

    /// For maps: writes the entries, then `more`. Types that wrap a map need not know of it.
    #[doc(hidden)]
    fn to_json_with<S: Serializer>(
        &self,
        serializer: S,
        version: Version,
        more: &[(Cow<'_, str>, &Json)],
    ) -> Result<S::Ok, S::Error> {
        let own;
        let mut members = Vec::new();
        if !self.is_absent() {
            let json = Json::from_serialize(&Versioned { value: self, version });
            own = json.map_err(S::Error::custom)?;
            let Some(list) = members_of(own.as_str()) else {
                return self.to_json(serializer, version);
            };
            members = list;
        }
        let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
        names.sort_unstable();
        let mut map = serializer.serialize_map(None)?;
        for (name, json) in &members {
            map.serialize_entry(name, json)?;
        }
        for (key, json) in
            more.iter().filter(|(key, _)| names.binary_search(&key.as_ref()).is_err())
        {
            map.serialize_entry(key, json)?;
        }
        map.end()
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
    Json::from_serialize(&value.versioned(version)).ok()?.inside(pointer)
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

impl<T: ToJson + ?Sized> Serialize for Versioned<'_, T> {
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
    /// Whether there are entries of maps in `extra`.
    entries: bool,
    /// The maps that took theirs.
    merged: Vec<&'static str>,
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
        if self.entries {
            let more = entries_of(self.extra, name, value);
            if !more.is_empty() {
                self.merged.push(name);
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

/// Entries of the map `name` that were kept aside for their wrong key or value, and whose key has no value now.
fn entries_of<'e, T: ToJson>(
    extra: &'e Map<String, Json>,
    name: &str,
    map: &T,
) -> Vec<(Cow<'e, str>, &'e Json)> {
    entries_aside(extra, name).filter(|(key, _)| !map.has_entry(key)).collect()
}

/// The entries of the map `name` that were kept aside, by key.
fn entries_aside<'e>(
    extra: &'e Map<String, Json>,
    name: &str,
) -> impl Iterator<Item = (Cow<'e, str>, &'e Json)> {
    let prefix = format!("{name}/");
    let entries = extra.range_from(prefix.as_str());
    entries.map_while(move |(stored, json)| {
        Some((pointer::unescape(stored.strip_prefix(&prefix)?), json))
    })
}

/// Whether entries of the map `name` were kept aside.
pub(crate) fn has_entries_aside<T: Object>(object: &T, name: &str) -> bool {
    let extra = object.extra();
    !extra.is_empty() && object.knows(name) && entries_aside(extra, name).next().is_some()
}

/// Under which key `extra` has an unknown member of this name: escaped if it would be taken for an entry of a map.
pub(crate) fn aside_name<'n, T: Object>(object: &T, name: &'n str) -> Cow<'n, str> {
    match name.find(['/', '~']) {
        Some(at) if object.knows(&name[..at]) => pointer::escape(name),
        _ => Cow::Borrowed(name),
    }
}

/// The name of the member that `extra` has under `key`, which is no entry of a map.
fn name_of<'k, T: Object>(object: &T, key: &'k str) -> Cow<'k, str> {
    match key.find('~') {
        Some(at) if object.knows(&key[..at]) => pointer::unescape(key),
        _ => Cow::Borrowed(key),
    }
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
    /// Never: objects of this kind have no `@type`.
    Never,
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
    match object.in_version(version) {
        Some(other) => write_as_it_is(&other, serializer, version),
        None => write_as_it_is(object, serializer, version),
    }
}

fn write_as_it_is<T: Object, S: Serializer>(
    object: &T,
    serializer: S,
    version: Version,
) -> Result<S::Ok, S::Error> {
    let extra = object.extra();
    let mut writer = MemberWriter {
        members: serializer.serialize_map(None)?,
        version,
        extra,
        entries: extra.keys().any(|key| key.contains('/')),
        merged: Vec::new(),
    };
    let write_type = writes_type::<T>(version);
    if write_type {
        writer.members.serialize_entry("@type", T::TYPE)?;
    }
    object.write_members(&mut writer)?;
    let MemberWriter { mut members, merged, .. } = writer;
    for name in object.demanded() {
        if !object.is_set(name) && !extra.contains_key(*name) {
            members.serialize_entry(name, &[(); 0])?;
        }
    }
    let mut last_map = "";
    for (key, json) in extra {
        if key == "@type" && write_type {
            continue;
        }
        if let Some((map, _)) = key.split_once('/').filter(|(map, _)| object.knows(map)) {
            let first = std::mem::replace(&mut last_map, map) != map;
            let taken = || merged.contains(&map) || object.is_set(map) || extra.contains_key(map);
            if first && !taken() {
                members.serialize_entry(map, &Entries(extra, map))?;
            }
        } else if !merged.contains(&key.as_str()) && !object.is_set(key) {
            members.serialize_entry(name_of(object, key).as_ref(), json)?;
        }
    }
    members.end()
}

/// Whether an object of this type writes its `@type` in this version.
pub(crate) fn writes_type<T: Object>(version: Version) -> bool {
    match T::TYPE_RULE {
        TypeRule::Always => true,
        TypeRule::In(only) => only == version,
        TypeRule::Never => false,
    }
}

/// The object as `version` writes it.
pub(crate) fn written<T: Object>(object: &T, version: Version) -> Option<Json> {
    struct Written<'a, T>(&'a T, Version);

    impl<T: Object> Serialize for Written<'_, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            write_as_it_is(self.0, serializer, self.1)
        }
    }

    Json::from_serialize(&Written(object, version)).ok()
}

/// The entries kept aside of a map that is not written itself.
struct Entries<'e>(&'e Map<String, Json>, &'e str);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(entries_aside(self.0, self.1))
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
        self.is_none()
    }

    fn has_entry(&self, key: &str) -> bool {
        self.as_ref().is_some_and(|value| value.has_entry(key))
    }

    fn to_json_with<S: Serializer>(
        &self,
        serializer: S,
        version: Version,
        more: &[(Cow<'_, str>, &Json)],
    ) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.to_json_with(serializer, version, more),
            None => serializer.collect_map(more.iter().map(|(key, json)| (key, json))),
        }
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

    fn has_entry(&self, key: &str) -> bool {
        T::has_entry(self, key)
    }

    fn to_json_with<S: Serializer>(
        &self,
        serializer: S,
        version: Version,
        more: &[(Cow<'_, str>, &Json)],
    ) -> Result<S::Ok, S::Error> {
        T::to_json_with(self, serializer, version, more)
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
            [at, rest @ ..] => self.get(pointer::index(at)?)?.look_up(rest, version),
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

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<T: Serialize> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|member| (member, true)))
    }
}
