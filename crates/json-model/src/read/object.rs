//! Reading the members of an object, and what happens to those that are put aside.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{ObjectState, Reader};
use crate::{Json, Object, Severity, pointer};

/// Reads the members of an object; where a name comes twice, the last one wins.
///
/// # Errors
///
/// Only those of `members`: broken JSON text.
#[inline]
pub fn read_object<'de, T: Object, A: MapAccess<'de>>(
    members: A,
    reader: &mut Reader,
) -> Result<T, A::Error> {
    read_object_from(None, members, reader)
}

/// [`read_object`], when the first member has been read already.
#[inline]
pub(crate) fn read_object_from<'de, T: Object, A: MapAccess<'de>>(
    first: Option<(&str, &Json)>,
    members: A,
    reader: &mut Reader,
) -> Result<T, A::Error> {
    let mut object = T::default();
    let state = ObjectState { start: reader.extra.len(), aside: false };
    let outer = std::mem::replace(&mut reader.object, state);
    if let Some((name, json)) = first {
        read_text_member(&mut object, name, json, reader);
    }
    let read = read_members(&mut object, members, reader);
    reader.object = outer;
    read?;
    if reader.extra.len() > state.start {
        take_aside(&mut object, state.start, reader);
    }
    object.was_read(reader);
    Ok(object)
}

fn read_members<'de, T: Object, A: MapAccess<'de>>(
    object: &mut T,
    mut members: A,
    reader: &mut Reader,
) -> Result<(), A::Error> {
    if reader.careful {
        return read_member_texts(object, members, reader);
    }
    while let Some(Name(name)) = members.next_key_seed(NameSeed)? {
        members.next_value_seed(MemberSeed { object, name: &name, reader })?;
    }
    Ok(())
}

#[cold]
fn read_member_texts<'de, T: Object, A: MapAccess<'de>>(
    object: &mut T,
    mut members: A,
    reader: &mut Reader,
) -> Result<(), A::Error> {
    while let Some(name) = next_name(&mut members, reader)? {
        read_text_member(object, &name, &members.next_value()?, reader);
    }
    Ok(())
}

/// Reads a member from its own text. What even the JSON parser refuses (a number beyond all floating-point numbers,
/// half a surrogate pair) is kept as the text it is.
fn read_text_member<T: Object>(object: &mut T, name: &str, json: &Json, reader: &mut Reader) {
    let mark = reader.mark();
    let mut value = serde_json::Deserializer::from_str(json.as_str());
    if object.read_member(name, &mut value, reader).is_err() {
        reader.back_to(mark);
        reader.wrong("a value that can be read");
        reader.place(mark.diagnostics, name);
        reader.keep(name, json.clone());
        return;
    }
    // What was put aside is the parser's idea of the value; the text is the value.
    for (kept, value) in &mut reader.extra[mark.extra..] {
        if kept == name && value.is_some() {
            *value = Some(json.clone());
        }
    }
}

/// Gives the object what was put aside for it.
fn take_aside<T: Object>(object: &mut T, start: usize, reader: &mut Reader) {
    let mut forgotten: BTreeSet<String> = BTreeSet::new();
    let mut kept = Vec::new();
    for (name, json) in reader.extra.drain(start..).rev() {
        match json {
            None => {
                forgotten.insert(name);
            }
            Some(json) if !is_forgotten(&forgotten, &name, object) => kept.push((name, json)),
            Some(_) => {}
        }
    }
    kept.reverse();
    object.extra_mut().extend(kept);
}

fn is_forgotten<T: Object>(forgotten: &BTreeSet<String>, name: &str, object: &T) -> bool {
    if forgotten.is_empty() {
        return false;
    }
    let map = name.split_once('/').map(|(map, _)| map);
    forgotten.contains(name) || map.is_some_and(|map| forgotten.contains(map) && object.knows(map))
}

/// The next name. A careful reader takes one that is no Unicode text too, with U+FFFD where half a surrogate stood.
pub(super) fn next_name<'de, A: MapAccess<'de>>(
    members: &mut A,
    reader: &mut Reader,
) -> Result<Option<Cow<'de, str>>, A::Error> {
    if !reader.careful {
        return Ok(members.next_key_seed(NameSeed)?.map(|Name(name)| name));
    }
    let Some(LossyName { name, exact }) = members.next_key_seed(LossyNameSeed)? else {
        return Ok(None);
    };
    if !exact {
        let pointer = pointer::escape(&super::shortened(&name)).into_owned();
        reader.report(
            "bad-name",
            Severity::Warning,
            &pointer,
            "a name that is no Unicode text; half surrogates were replaced by U+FFFD",
        );
    }
    Ok(Some(name))
}

struct MemberSeed<'a, T> {
    object: &'a mut T,
    name: &'a str,
    reader: &'a mut Reader,
}

impl<'de, T: Object> DeserializeSeed<'de> for MemberSeed<'_, T> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        self.object.read_member(self.name, value, self.reader)
    }
}

/// The name of a member, borrowed where the text has no escapes.
pub(crate) struct Name<'de>(pub(crate) Cow<'de, str>);

pub(crate) struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Name<'de>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<Name<'de>, D::Error> {
        name.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NameSeed {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    #[inline]
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

/// The name of a member that may contain half surrogates, which came out as U+FFFD unless it is `exact`.
struct LossyName<'de> {
    name: Cow<'de, str>,
    exact: bool,
}

/// Asks for bytes, because that is how serde_json hands out half surrogates.
struct LossyNameSeed;

impl<'de> DeserializeSeed<'de> for LossyNameSeed {
    type Value = LossyName<'de>;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<LossyName<'de>, D::Error> {
        name.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for LossyNameSeed {
    type Value = LossyName<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<LossyName<'de>, E> {
        Ok(LossyName { name: Cow::Owned(name.to_owned()), exact: true })
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<LossyName<'de>, E> {
        let exact = std::str::from_utf8(name).is_ok();
        Ok(LossyName { name: Cow::Owned(String::from_utf8_lossy(name).into_owned()), exact })
    }
}

/// Skips the rest of an object.
///
/// # Errors
///
/// Only those of `members`: broken JSON text.
pub fn skip_members<'de, A: MapAccess<'de>>(mut members: A) -> Result<(), A::Error> {
    while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}
