//! Comparing two objects: texts that are equal need no reading.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Ordering;

use serde_json::Value;
use serde_json::value::RawValue;

use super::{MAX_TOKENS, PatchObject};
use crate::json::{may_be_equal, members_of};
use crate::{Json, Map, pointer};

/// The longest beginning of a pointer, in bytes, that is written again for each change behind it. Ids have at most 255
/// bytes (RFC 8984, section 1.4.1), so that no pointer of the specifications is as long.
const MAX_PREFIX: usize = 1024;

type Members<'a, V> = Vec<(Cow<'a, str>, V)>;

/// An object that is to be compared with many others: what is in it is taken apart once, when it is first needed.
///
/// ```
/// use json_model::{Before, Json};
///
/// let series = Json::parse(r#"{"title":"Lunch","links":{"a":{"href":"x"}}}"#)?;
/// let before = Before::new(&series);
/// let patch = before.changes_to(&Json::parse(r#"{"title":"Lunch","links":{"a":{}}}"#)?);
/// assert_eq!(serde_json::to_string(&patch)?, r#"{"links/a/href":null}"#);
/// assert!(before.changes_to(&series).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Before<'a> {
    text: &'a str,
    members: OnceCell<Option<Members<'a, Self>>>,
    value: OnceCell<Option<Value>>,
}

impl<'a> Before<'a> {
    /// The object as it was.
    pub fn new(object: &'a Json) -> Self {
        Self::of(object.as_str())
    }

    /// The smallest patch that makes `after` of it: see [`PatchObject::diff`].
    pub fn changes_to(&self, after: &Json) -> PatchObject {
        PatchObject(Map::from(changes(self, after)))
    }

    fn of(text: &'a str) -> Self {
        Self { text, members: OnceCell::new(), value: OnceCell::new() }
    }

    /// Whether it means the same as `after`, which is another text.
    fn means(&self, after: &Json) -> bool {
        may_be_equal(self.text, after.as_str())
            && self
                .value
                .get_or_init(|| serde_json::from_str(self.text).ok())
                .as_ref()
                .is_some_and(|value| after.to_value().is_ok_and(|after| after == *value))
    }

    fn members(&self) -> Option<&[(Cow<'a, str>, Self)]> {
        let taken_apart = || {
            let members = sorted(self.text)?;
            Some(members.into_iter().map(|(name, raw)| (name, Self::of(raw.get()))).collect())
        };
        self.members.get_or_init(taken_apart).as_deref()
    }
}

/// The changes from one object to another, in no order. Below [`MAX_TOKENS`] levels, and behind more than
/// [`MAX_PREFIX`], an object is replaced whole.
fn changes(before: &Before<'_>, after: &Json) -> Vec<(String, Json)> {
    let mut changes = Vec::new();
    let mut pending = vec![(1, String::new(), before, after.as_str())];
    while let Some((depth, path, before, after)) = pending.pop() {
        let (Some(before), Some(after)) = (before.members(), sorted(after)) else { continue };
        let (mut before, mut after) = (before.iter().peekable(), after.into_iter().peekable());
        loop {
            let order = match (before.peek(), after.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((old, _)), Some((new, _))) => old.cmp(new),
            };
            let old = before.next_if(|_| order.is_le());
            let new = after.next_if(|_| order.is_ge());
            match (old, new) {
                (Some((_, old)), Some((_, new))) if old.text == new.get() => {}
                (Some((name, old)), Some((_, new)))
                    if is_object(old.text)
                        && is_object(new.get())
                        && depth < MAX_TOKENS
                        && path.len() + name.len() < MAX_PREFIX =>
                {
                    pending.push((depth + 1, at(&path, name) + "/", old, new.get()));
                }
                (Some((name, old)), Some((_, new))) => {
                    let new = Json::from_raw(new);
                    if !old.means(&new) {
                        changes.push((at(&path, name), new));
                    }
                }
                (Some((name, _)), None) => changes.push((at(&path, name), Json::null())),
                (None, Some((name, new))) => changes.push((at(&path, &name), Json::from_raw(new))),
                (None, None) => break,
            }
        }
    }
    changes
}

/// The members of an object by name; of those with one name the last.
fn sorted(text: &str) -> Option<Members<'_, &RawValue>> {
    let mut members = members_of(text)?;
    members.reverse();
    members.sort_by(|(one, _), (two, _)| one.cmp(two));
    members.dedup_by(|(later, _), (earlier, _)| later == earlier);
    Some(members)
}

fn is_object(json: &str) -> bool {
    json.starts_with('{')
}

fn at(path: &str, name: &str) -> String {
    format!("{path}{}", pointer::escape(name))
}
