//! Comparing two objects: texts that are equal need no reading.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::value::RawValue;

use super::MAX_TOKENS;
use crate::json::members_of;
use crate::{Json, pointer};

type Members<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// The changes from one object to another, in no order. Below [`MAX_TOKENS`] levels an object is replaced whole: the
/// text is read again at each level, and a deeper pointer would not be applied anyway.
pub(super) fn changes(before: &Json, after: &Json) -> Vec<(String, Json)> {
    let mut changes = Vec::new();
    let mut pending = vec![(1, String::new(), before.as_str(), after.as_str())];
    while let Some((depth, path, before, after)) = pending.pop() {
        let (Some(before), Some(after)) = (sorted(before), sorted(after)) else { continue };
        let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
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
                (Some((_, old)), Some((_, new))) if old.get() == new.get() => {}
                (Some((name, old)), Some((_, new)))
                    if is_object(old) && is_object(new) && depth < MAX_TOKENS =>
                {
                    pending.push((depth + 1, at(&path, &name) + "/", old.get(), new.get()));
                }
                (Some((name, old)), Some((_, new))) => {
                    let new = Json::from_raw(new);
                    if Json::from_raw(old) != new {
                        changes.push((at(&path, &name), new));
                    }
                }
                (Some((name, _)), None) => changes.push((at(&path, &name), Json::null())),
                (None, Some((name, new))) => changes.push((at(&path, &name), Json::from_raw(new))),
                (None, None) => break,
            }
        }
    }
    changes
}

/// The members of an object by name; of those with one name the last.
fn sorted(text: &str) -> Option<Members<'_>> {
    let mut members = members_of(text)?;
    members.reverse();
    members.sort_by(|(one, _), (two, _)| one.cmp(two));
    members.dedup_by(|(later, _), (earlier, _)| later == earlier);
    Some(members)
}

fn is_object(json: &RawValue) -> bool {
    json.get().starts_with('{')
}

fn at(path: &str, name: &str) -> String {
    format!("{path}{}", pointer::escape(name))
}
