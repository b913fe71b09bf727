//! Applying a patch: the text is written anew, with the changes where they lead.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{MAX_TOKENS, PatchError, PatchErrorKind, PatchObject, PatchRules};
use crate::compact::push_string;
use crate::json::{elements_of, members_of};
use crate::{Json, pointer};

/// One entry of a patch.
struct Change<'a> {
    pointer: &'a str,
    tokens: Vec<Cow<'a, str>>,
    json: &'a Json,
}

pub(super) fn apply(
    patch: &PatchObject,
    target: &Json,
    rules: PatchRules,
) -> Result<Json, PatchError> {
    let changes = patch.0.iter().map(|(pointer, json)| Change::new(pointer, json));
    let mut changes: Vec<Change<'_>> = changes.collect::<Result<_, _>>()?;
    changes.sort_by(|a, b| a.tokens.cmp(&b.tokens));
    let Some(first) = changes.first() else { return Ok(target.clone()) };
    let added: usize = changes.iter().map(|it| it.pointer.len() + it.json.as_str().len() + 8).sum();
    let mut out = String::with_capacity(target.as_str().len() + added);
    let fail = first.error(PatchErrorKind::NoParent);
    write(target.as_str(), &changes, 0, rules, &mut out)?;
    // What is written of JSON and JSON is JSON.
    Json::parse(&out).map_err(|_| fail)
}

impl<'a> Change<'a> {
    fn new(pointer: &'a str, json: &'a Json) -> Result<Self, PatchError> {
        if !pointer::is_valid(pointer) {
            return Err(PatchError::new(pointer, PatchErrorKind::NotAPointer));
        }
        let tokens: Vec<_> = pointer::tokens(pointer).take(MAX_TOKENS + 1).collect();
        if tokens.len() > MAX_TOKENS {
            return Err(PatchError::new(pointer, PatchErrorKind::TooDeep));
        }
        Ok(Self { pointer, tokens, json })
    }

    fn token(&self, depth: usize) -> &str {
        self.tokens.get(depth).map_or("", |token| token)
    }

    /// Whether the token at this depth is the last one.
    fn ends(&self, depth: usize) -> bool {
        self.tokens.len() == depth + 1
    }

    fn error(&self, kind: PatchErrorKind) -> PatchError {
        PatchError::new(self.pointer, kind)
    }
}

/// Writes `text`, which the first `depth` tokens of all `changes` lead to. They are sorted, at least one, and none is
/// the beginning of another.
fn write(
    text: &str,
    changes: &[Change<'_>],
    depth: usize,
    rules: PatchRules,
    out: &mut String,
) -> Result<(), PatchError> {
    let groups: Vec<&[Change<'_>]> =
        changes.chunk_by(|a, b| a.token(depth) == b.token(depth)).collect();
    if let Some(members) = members_of(text) {
        return write_object(&members, &groups, depth, rules, out);
    }
    match (elements_of(text), changes) {
        (Some(elements), _) if rules.inside_arrays => {
            write_array(&elements, &groups, depth, rules, out)
        }
        (Some(_), [first, ..]) => Err(first.error(PatchErrorKind::InsideArray)),
        (None, [first, ..]) => Err(first.error(PatchErrorKind::NoParent)),
        (_, []) => Ok(()),
    }
}

fn write_object(
    members: &[(Cow<'_, str>, &RawValue)],
    groups: &[&[Change<'_>]],
    depth: usize,
    rules: PatchRules,
    out: &mut String,
) -> Result<(), PatchError> {
    let mut found = vec![false; groups.len()];
    out.push('{');
    let start = out.len();
    let name_member = |name: &str, out: &mut String| {
        if out.len() > start {
            out.push(',');
        }
        push_string(name, out);
        out.push(':');
    };
    for (name, value) in members {
        let at = groups.binary_search_by(|group| group[0].token(depth).cmp(name));
        let Some(group) = at.ok().map(|at| (groups[at], found[at] = true).0) else {
            name_member(name, out);
            out.push_str(value.get());
            continue;
        };
        match group {
            [change] if change.ends(depth) => {
                if !change.json.is_null() {
                    name_member(name, out);
                    out.push_str(change.json.as_str());
                }
            }
            changes => {
                name_member(name, out);
                write(value.get(), changes, depth + 1, rules, out)?;
            }
        }
    }
    for (group, _) in groups.iter().zip(found).filter(|(_, found)| !found) {
        for change in *group {
            if !change.ends(depth) {
                return Err(change.error(PatchErrorKind::NoParent));
            }
            if !change.json.is_null() {
                name_member(change.token(depth), out);
                out.push_str(change.json.as_str());
            }
        }
    }
    out.push('}');
    Ok(())
}

fn write_array(
    elements: &[&RawValue],
    groups: &[&[Change<'_>]],
    depth: usize,
    rules: PatchRules,
    out: &mut String,
) -> Result<(), PatchError> {
    let mut by_index: Vec<Option<&[Change<'_>]>> = vec![None; elements.len()];
    for group in groups {
        let [change, ..] = group else { continue };
        let index = pointer::index(change.token(depth));
        let slot = index.and_then(|index| by_index.get_mut(index));
        match slot {
            Some(_) if change.ends(depth) && change.json.is_null() => {
                return Err(change.error(PatchErrorKind::InsideArray));
            }
            Some(slot) => *slot = Some(group),
            None if change.ends(depth) => return Err(change.error(PatchErrorKind::InsideArray)),
            None => return Err(change.error(PatchErrorKind::NoParent)),
        }
    }
    out.push('[');
    for (index, (element, group)) in elements.iter().zip(by_index).enumerate() {
        if index > 0 {
            out.push(',');
        }
        match group {
            None => out.push_str(element.get()),
            Some([change]) if change.ends(depth) => out.push_str(change.json.as_str()),
            Some(changes) => write(element.get(), changes, depth + 1, rules, out)?,
        }
    }
    out.push(']');
    Ok(())
}
