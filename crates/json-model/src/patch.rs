//! [`PatchObject`]: changes to a JSON object, keyed by pointer.

use std::borrow::Cow;

use serde::ser::{Serialize, Serializer};
use serde_json::{Map as Tree, Value};

use crate::{FromJson, Json, Map, Read, Reader, ToJson, Version, pointer};

/// A set of changes to a JSON object: pointers (without leading slash) and the values to put there, `null` to remove.
///
/// This is the `PatchObject` of JSCalendar (RFC 8984, section 1.4.9) and of JMAP (RFC 8620, section 5.3).
///
/// Because the leading slash is left away, the empty pointer is not the whole object: it leads to the member whose name
/// is empty, as `/` does in RFC 6901.
///
/// ```
/// use json_model::{PatchObject, PatchRules};
/// use serde_json::json;
///
/// let before = json!({"title": "Lunch", "links": {"a": {"href": "x"}}});
/// let after = json!({"title": "Dinner", "links": {"a": {"href": "x", "title": "Menu"}}});
///
/// let patch = PatchObject::diff(&before, &after);
/// assert_eq!(serde_json::to_string(&patch)?, r#"{"links/a/title":"Menu","title":"Dinner"}"#);
///
/// let mut patched = before.clone();
/// patch.apply(&mut patched, PatchRules::V2_0)?;
/// assert_eq!(patched, after);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a patch is its map and nothing else")]
pub struct PatchObject(pub Map<String, Json>);

/// Where the versions of the specifications differ in what a patch may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatchRules {
    /// Whether a pointer may lead to an element of an array that exists (rule P1).
    pub inside_arrays: bool,
}

impl PatchRules {
    /// The rules of RFC 8984 and RFC 8620: no pointer leads into an array.
    pub const V1_0: Self = Self { inside_arrays: false };
    /// The rules of JSCalendar 2.0: elements of an array may be replaced, not added or removed.
    pub const V2_0: Self = Self { inside_arrays: true };
}

impl PatchObject {
    /// A patch that changes nothing.
    pub const fn new() -> Self {
        Self(Map::new())
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets what `pointer` leads to.
    pub fn set(&mut self, pointer: impl Into<String>, value: impl Into<Json>) -> &mut Self {
        self.0.insert(pointer.into(), value.into());
        self
    }

    /// Removes what `pointer` leads to.
    pub fn remove(&mut self, pointer: impl Into<String>) -> &mut Self {
        self.set(pointer, Json::null())
    }

    /// Applies all changes to `target`, or none of them.
    ///
    /// # Errors
    ///
    /// The first rule that is broken:
    /// - P1: a pointer leads into an array and `rules` forbid it; or it removes an element, or names none, as `-` does.
    /// - P2: something on the way to the last token does not exist in `target`. It must exist before the patch.
    /// - P3: one pointer is the beginning of another one.
    ///
    /// P4, that a value suits its property, needs the type of the object: whoever has it checks it.
    pub fn apply(&self, target: &mut Value, rules: PatchRules) -> Result<(), PatchError> {
        self.check_overlap()?;
        let mut changes = Vec::with_capacity(self.0.len());
        for (pointer, json) in &self.0 {
            let tokens: Vec<Cow<'_, str>> = pointer::tokens(pointer).collect();
            check(pointer, &tokens, json, target, rules)?;
            let value = json
                .to_value()
                .map_err(|_| PatchError::new(pointer, PatchErrorKind::Unreadable))?;
            changes.push((tokens, value));
        }
        for (tokens, value) in changes {
            put(target, &tokens, value);
        }
        Ok(())
    }

    /// The smallest patch that turns `before` into `after`: what is equal is not mentioned, and an array is replaced
    /// whole. Both must be objects; for anything else the patch is empty.
    ///
    /// A patch has no way to say that a member shall be `null`, for that removes it. Where a member of an object that
    /// is in both is `null` in `after` and is not in `before`, applying the patch leaves it away.
    pub fn diff(before: &Value, after: &Value) -> Self {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                Self(Map::from(diff_members(before, after)))
            }
            _ => Self::new(),
        }
    }

    fn check_overlap(&self) -> Result<(), PatchError> {
        // With the slash before all other bytes, a beginning stands right before a pointer that goes on from it.
        let rank = |byte: u8| if byte == b'/' { 0 } else { u16::from(byte) + 1 };
        let mut pointers: Vec<&str> = self.0.keys().map(String::as_str).collect();
        pointers.sort_unstable_by(|a, b| a.bytes().map(rank).cmp(b.bytes().map(rank)));
        for (shorter, longer) in pointers.iter().zip(pointers.iter().skip(1)) {
            if longer.strip_prefix(*shorter).is_some_and(|rest| rest.starts_with('/')) {
                let kind = PatchErrorKind::Overlap((*shorter).to_owned());
                return Err(PatchError::new(longer, kind));
            }
        }
        Ok(())
    }
}

fn check(
    pointer: &str,
    tokens: &[Cow<'_, str>],
    json: &Json,
    target: &Value,
    rules: PatchRules,
) -> Result<(), PatchError> {
    let fail = |kind| Err(PatchError::new(pointer, kind));
    if !pointer::is_valid(pointer) {
        return fail(PatchErrorKind::NotAPointer);
    }
    let Some((last, parents)) = tokens.split_last() else {
        return fail(PatchErrorKind::NotAPointer);
    };
    let mut at = target;
    for token in parents {
        at = match at {
            Value::Array(_) if !rules.inside_arrays => return fail(PatchErrorKind::InsideArray),
            Value::Array(elements) => {
                match pointer::index(token).and_then(|index| elements.get(index)) {
                    Some(element) => element,
                    None => return fail(PatchErrorKind::NoParent),
                }
            }
            Value::Object(members) => match members.get(token.as_ref()) {
                Some(member) => member,
                None => return fail(PatchErrorKind::NoParent),
            },
            _ => return fail(PatchErrorKind::NoParent),
        };
    }
    match at {
        Value::Object(_) => Ok(()),
        Value::Array(elements) => {
            let exists = pointer::index(last).is_some_and(|index| index < elements.len());
            if rules.inside_arrays && exists && !json.is_null() {
                Ok(())
            } else {
                fail(PatchErrorKind::InsideArray)
            }
        }
        _ => fail(PatchErrorKind::NoParent),
    }
}

/// Puts `value` where `tokens` lead; [`check`] has seen that the way exists.
fn put(target: &mut Value, tokens: &[Cow<'_, str>], value: Value) {
    let Some((last, parents)) = tokens.split_last() else { return };
    let mut at = target;
    for token in parents {
        let next = match at {
            Value::Object(members) => members.get_mut(token.as_ref()),
            Value::Array(elements) => {
                pointer::index(token).and_then(|index| elements.get_mut(index))
            }
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => return,
        }
    }
    match at {
        Value::Object(members) if value.is_null() => {
            members.remove(last.as_ref());
        }
        Value::Object(members) => {
            members.insert(last.clone().into_owned(), value);
        }
        Value::Array(elements) => {
            if let Some(element) = pointer::index(last).and_then(|index| elements.get_mut(index)) {
                *element = value;
            }
        }
        _ => {}
    }
}

/// The changes from one object to another, in no order. Goes down without recursion: a tree made by a program may be
/// deeper than the stack allows.
fn diff_members(before: &Tree<String, Value>, after: &Tree<String, Value>) -> Vec<(String, Json)> {
    let mut changes = Vec::new();
    let mut pending = vec![(String::new(), before, after)];
    while let Some((path, before, after)) = pending.pop() {
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            changes.push((format!("{path}{}", pointer::escape(name)), Json::null()));
        }
        for (name, new) in after {
            let at = || format!("{path}{}", pointer::escape(name));
            match (before.get(name), new) {
                (Some(Value::Object(old)), Value::Object(new)) => {
                    pending.push((at() + "/", old, new));
                }
                (Some(old), new) if old == new => {}
                (_, new) => changes.push((at(), Json::from(new.clone()))),
            }
        }
    }
    changes
}

/// A patch that must not be applied, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("patch \"{pointer}\": {kind}")]
#[non_exhaustive]
pub struct PatchError {
    /// The pointer that breaks a rule.
    pub pointer: String,
    /// The rule.
    pub kind: PatchErrorKind,
}

impl PatchError {
    fn new(pointer: &str, kind: PatchErrorKind) -> Self {
        Self { pointer: pointer.to_owned(), kind }
    }
}

/// The rule that a patch breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatchErrorKind {
    /// The key is no pointer.
    #[error("not a pointer")]
    NotAPointer,
    /// It leads into an array where that is not allowed.
    #[error("leads into an array, or to no element of it")]
    InsideArray,
    /// Something on the way does not exist.
    #[error("leads into something that does not exist")]
    NoParent,
    /// Another pointer is the beginning of this one.
    #[error("overlaps with \"{0}\"")]
    Overlap(String),
    /// The value cannot be read.
    #[error("has a value that cannot be read")]
    Unreadable,
}

impl FromJson for PatchObject {
    const EXPECTED: &'static str = "an object";

    fn from_object<'de, A: serde::de::MapAccess<'de>>(
        members: A,
        _: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        read_changes(members).map(Read::Value)
    }
}

impl ToJson for PatchObject {
    fn to_json<S: Serializer>(&self, serializer: S, _: Version) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

impl Serialize for PatchObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

impl<'de> serde::de::Deserialize<'de> for PatchObject {
    fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Changes;

        impl<'de> serde::de::Visitor<'de> for Changes {
            type Value = PatchObject;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a patch object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                members: A,
            ) -> Result<PatchObject, A::Error> {
                read_changes(members)
            }
        }

        deserializer.deserialize_map(Changes)
    }
}

fn read_changes<'de, A: serde::de::MapAccess<'de>>(
    mut members: A,
) -> Result<PatchObject, A::Error> {
    let mut changes = Vec::new();
    while let Some(change) = members.next_entry()? {
        changes.push(change);
    }
    Ok(PatchObject(Map::from(changes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patch(value: Value) -> PatchObject {
        serde_json::from_value(value).unwrap()
    }

    fn apply(target: Value, changes: Value) -> Result<Value, PatchErrorKind> {
        let mut patched = target.clone();
        match patch(changes).apply(&mut patched, PatchRules::V2_0) {
            Ok(()) => Ok(patched),
            Err(error) => {
                assert_eq!(patched, target, "a refused patch changes nothing");
                Err(error.kind)
            }
        }
    }

    #[test]
    fn parents_must_exist_before_the_patch() {
        assert_eq!(apply(json!({}), json!({"links/a": {}})), Err(PatchErrorKind::NoParent));
        assert_eq!(apply(json!({}), json!({"links": {"a": {}}})), Ok(json!({"links": {"a": {}}})));
        assert_eq!(
            apply(json!({"a": 1}), json!({"b": 1, "a/x": 2})),
            Err(PatchErrorKind::NoParent)
        );
    }

    #[test]
    fn overlap_is_by_token() {
        let target = json!({"alerts": {"1": {}, "10": {}}, "locations": {}});
        assert!(
            apply(target.clone(), json!({"alerts/1/action": "email", "alerts/10/action": "email"}))
                .is_ok()
        );
        let overlapping = json!({"locations": {}, "locations/x": {}, "locations-b": 1});
        assert_eq!(
            apply(target, overlapping),
            Err(PatchErrorKind::Overlap("locations".to_owned()))
        );
    }

    #[test]
    fn arrays_take_replacements_only() {
        let target = json!({"list": [1, {"a": 1}]});
        assert_eq!(apply(target.clone(), json!({"list/0": 5})), Ok(json!({"list": [5, {"a": 1}]})));
        assert_eq!(
            apply(target.clone(), json!({"list/1/a": 5})),
            Ok(json!({"list": [1, {"a": 5}]}))
        );
        for bad in ["list/-", "list/2", "list/00"] {
            assert_eq!(
                apply(target.clone(), json!({bad: 5})),
                Err(PatchErrorKind::InsideArray),
                "{bad}"
            );
        }
        assert_eq!(
            apply(target.clone(), json!({"list/0": null})),
            Err(PatchErrorKind::InsideArray)
        );
        let refused = patch(json!({"list/0": 5})).apply(&mut target.clone(), PatchRules::V1_0);
        assert_eq!(refused.unwrap_err().kind, PatchErrorKind::InsideArray);
    }

    #[test]
    fn escaped_keys_are_found() {
        let target = json!({"locations": {"a/b": {}}, "links": {"c~d": {}}});
        let patched = apply(target, json!({"locations/a~1b/name": "N", "links/c~0d/title": "T"}));
        assert_eq!(
            patched,
            Ok(json!({"locations": {"a/b": {"name": "N"}}, "links": {"c~d": {"title": "T"}}}))
        );
    }
}
