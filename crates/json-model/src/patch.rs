//! [`PatchObject`]: changes to a JSON object, keyed by pointer.

mod apply;
mod diff;

use serde::ser::{Serialize, Serializer};

pub use self::diff::Before;
use crate::{FromJson, Json, Map, Read, Reader, ToJson, Version};

/// A set of changes to a JSON object: pointers (without leading slash) and the values to put there, `null` to remove.
///
/// This is the `PatchObject` of JSCalendar (RFC 8984, section 1.4.9) and of JMAP (RFC 8620, section 5.3).
///
/// Because the leading slash is left away, the empty pointer is not the whole object: it leads to the member whose name
/// is empty, as `/` does in RFC 6901.
///
/// ```
/// use json_model::{Json, PatchObject, PatchRules};
///
/// let before = Json::parse(r#"{"title":"Lunch","links":{"a":{"href":"x"}}}"#)?;
/// let after = Json::parse(r#"{"title":"Dinner","links":{"a":{"href":"x","title":"Menu"}}}"#)?;
///
/// let patch = PatchObject::diff(&before, &after);
/// assert_eq!(serde_json::to_string(&patch)?, r#"{"links/a/title":"Menu","title":"Dinner"}"#);
/// assert_eq!(patch.apply(&before, PatchRules::V2_0)?, after);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a patch is its map and nothing else")]
pub struct PatchObject(pub Map<String, Json>);

/// The longest pointer that is applied, in tokens: no object of the specifications nests nearly as deep.
pub const MAX_TOKENS: usize = 128;

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

    /// `target` with all changes applied.
    ///
    /// What no change leads to is copied as it stands, so odd numbers and deep nesting beside the changes do no harm.
    ///
    /// # Errors
    ///
    /// The first rule that is broken; then nothing is applied.
    /// - P1: a pointer leads into an array and `rules` forbid it; or it removes an element, or names none, as `-` does.
    /// - P2: something on the way to the last token does not exist in `target`. It must exist before the patch.
    /// - P3: one pointer is the beginning of another one.
    /// - A key is no pointer ([`PatchErrorKind::NotAPointer`]), or one of more than [`MAX_TOKENS`] tokens
    ///   ([`PatchErrorKind::TooDeep`]).
    ///
    /// P4, that a value suits its property, needs the type of the object: whoever has it checks it.
    pub fn apply(&self, target: &Json, rules: PatchRules) -> Result<Json, PatchError> {
        self.check_overlap()?;
        apply::apply(self, target, rules)
    }

    /// The smallest patch that turns `before` into `after`: what is equal is not mentioned, and an array is replaced
    /// whole. Both must be objects; for anything else the patch is empty. To compare one object with many, see
    /// [`Before`].
    ///
    /// A patch has no way to say that a member shall be `null`, for that removes it. Where a member of an object that
    /// is in both is `null` in `after` and is not in `before`, applying the patch leaves it away.
    pub fn diff(before: &Json, after: &Json) -> Self {
        Before::new(before).changes_to(after)
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
    /// It has more tokens than [`MAX_TOKENS`].
    #[error("leads too deep")]
    TooDeep,
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
    use serde_json::{Value, json};

    fn patch(value: Value) -> PatchObject {
        serde_json::from_value(value).unwrap()
    }

    fn apply(target: Value, changes: Value) -> Result<Value, PatchErrorKind> {
        match patch(changes).apply(&Json::from(target), PatchRules::V2_0) {
            Ok(patched) => Ok(patched.to_value().unwrap()),
            Err(error) => Err(error.kind),
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
        let refused = patch(json!({"list/0": 5})).apply(&Json::from(target), PatchRules::V1_0);
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
