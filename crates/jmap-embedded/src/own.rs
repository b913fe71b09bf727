//! What each user has of their own about an object that others see too (JMAP Calendars, sections 4 and 5.3): it is kept
//! beside the object, and put together with it for this user alone.

use jmap_core::Json;
use serde_json::{Map, Value};

use crate::store::Stored;

/// An object in two parts.
#[derive(Debug, PartialEq)]
pub(crate) struct Parts {
    pub(crate) shared: Json,
    pub(crate) own: Json,
}

impl From<Stored> for Parts {
    fn from(stored: Stored) -> Self {
        Self { shared: stored.shared, own: stored.own.unwrap_or_else(nothing) }
    }
}

/// No members.
pub(crate) fn nothing() -> Json {
    Json::from(Value::Object(Map::new()))
}

/// The properties that are of the user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    /// Everybody has their own.
    pub(crate) own: &'static [&'static str],
    /// A user sees those of the owner until they set their own.
    pub(crate) inherited: &'static [&'static str],
}

const OVERRIDES: &str = "recurrenceOverrides";
const UPDATED: &str = "updated";

/// An object as a user has it. `has_occurrence` says whether a series has an occurrence without an override saying so: what
/// is the user's about one that is gone is gone with it.
pub(crate) fn joined(
    shared: &Json,
    own: Option<&Json>,
    has_occurrence: &dyn Fn(&str) -> bool,
) -> Json {
    let Some(own) = own else { return shared.clone() };
    let mut joined = members(shared);
    let mut own = members(own);
    if let Some(Value::Object(overrides)) = own.get_mut(OVERRIDES) {
        let known = joined.get(OVERRIDES).and_then(Value::as_object);
        let is_there = |id: &String| known.is_some_and(|it| it.contains_key(id));
        overrides.retain(|id, _| is_there(id) || has_occurrence(id));
        if overrides.is_empty() {
            own.remove(OVERRIDES);
        }
    }
    for (name, value) in own {
        match (name.as_str(), joined.get_mut(&name)) {
            (OVERRIDES, Some(Value::Object(shared))) => join_overrides(shared, value),
            // The later one; both are in UTC.
            (UPDATED, Some(shared)) if shared.as_str() >= value.as_str() => {}
            _ if value.is_null() => _ = joined.remove(&name),
            _ => _ = joined.insert(name, value),
        }
    }
    Json::from(Value::Object(joined))
}

fn join_overrides(shared: &mut Map<String, Value>, own: Value) {
    let Value::Object(own) = own else { return };
    for (id, patch) in own {
        match (shared.get_mut(&id), patch) {
            (Some(Value::Object(shared)), _)
                if shared.get("excluded") == Some(&Value::Bool(true)) => {}
            (Some(Value::Object(shared)), Value::Object(patch)) => shared.extend(patch),
            (_, patch) => _ = shared.insert(id, patch),
        }
    }
}

/// Takes apart an object as a user wants it: `before` is what it was, and `has_occurrence` says whether a series has an
/// occurrence without an override saying so.
pub(crate) fn split(
    object: &Json,
    before: Option<&Parts>,
    names: Names,
    has_occurrence: &dyn Fn(&str) -> bool,
) -> Parts {
    let mut shared = members(object);
    let mut own = Map::new();
    for name in names.own {
        own.extend(shared.remove_entry(*name));
    }
    let (shared_before, own_before) = match before {
        Some(parts) => (members(&parts.shared), members(&parts.own)),
        None => Default::default(),
    };
    for name in names.inherited {
        let Some(inherited) = before.map(|_| shared_before.get(*name)) else { continue };
        let now = shared.remove(*name);
        if own_before.contains_key(*name) || now.as_ref() != inherited {
            own.insert((*name).to_owned(), now.unwrap_or_default());
        }
        shared.extend(inherited.map(|value| ((*name).to_owned(), value.clone())));
    }
    if let Some(Value::Object(overrides)) = shared.get_mut(OVERRIDES) {
        let known = shared_before.get(OVERRIDES).and_then(Value::as_object);
        let is_there = |id: &str| known.is_some_and(|it| it.contains_key(id));
        let of_user =
            split_overrides(overrides, names.own, |id| !is_there(id) && has_occurrence(id));
        if !of_user.is_empty() {
            own.insert(OVERRIDES.to_owned(), Value::Object(of_user));
        }
        if overrides.is_empty() && known.is_none() {
            shared.remove(OVERRIDES);
        }
    }
    if before.is_some() {
        stamp(&mut shared, &shared_before, &mut own, &own_before);
    }
    Parts { shared: Value::Object(shared).into(), own: Value::Object(own).into() }
}

/// Takes out of overrides what is of the user. One that says nothing else stays only if there would be no such occurrence
/// without it.
fn split_overrides(
    overrides: &mut Map<String, Value>,
    names: &[&str],
    is_needless: impl Fn(&str) -> bool,
) -> Map<String, Value> {
    let mut own = Map::new();
    overrides.retain(|id, patch| {
        let Value::Object(patch) = patch else { return true };
        let (of_user, of_all): (Map<_, _>, Map<_, _>) = std::mem::take(patch)
            .into_iter()
            .partition(|(pointer, _)| names.contains(&first(pointer)));
        *patch = of_all;
        if of_user.is_empty() {
            return true;
        }
        own.insert(id.clone(), Value::Object(of_user));
        !patch.is_empty() || !is_needless(id)
    });
    own
}

/// A change of what is the user's alone is a change for them alone (JMAP Calendars, section 5.3).
fn stamp(
    shared: &mut Map<String, Value>,
    shared_before: &Map<String, Value>,
    own: &mut Map<String, Value>,
    own_before: &Map<String, Value>,
) {
    let Some(now) = shared.remove(UPDATED) else { return };
    let before = shared_before.get(UPDATED);
    let is_shared_change = shared.len() + usize::from(before.is_some()) != shared_before.len()
        || shared.iter().any(|(name, value)| shared_before.get(name) != Some(value));
    let of_all = if is_shared_change { Some(&now) } else { before };
    let of_user = if is_shared_change { own_before.get(UPDATED) } else { Some(&now) };
    own.extend(of_user.filter(|it| Some(*it) != of_all).map(|it| (UPDATED.to_owned(), it.clone())));
    shared.extend(of_all.map(|it| (UPDATED.to_owned(), it.clone())));
}

fn first(pointer: &str) -> &str {
    pointer.split('/').next().unwrap_or(pointer)
}

fn members(json: &Json) -> Map<String, Value> {
    match json.to_value() {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NAMES: Names = Names { own: &["color", "alerts"], inherited: &["name"] };

    fn parts(shared: Value, own: Value) -> Parts {
        Parts { shared: shared.into(), own: own.into() }
    }

    #[track_caller]
    fn check(before: Option<&Parts>, now: Value, expected: Parts) {
        let split = split(&now.clone().into(), before, NAMES, &|id| id == "in the rule");
        assert_eq!(split, expected);
        assert_eq!(joined(&split.shared, Some(&split.own), &|_| true), now.into());
    }

    #[test]
    fn of_the_user() {
        check(
            None,
            json!({"title": "Tea", "color": "red"}),
            parts(json!({"title": "Tea"}), json!({"color": "red"})),
        );
    }

    #[test]
    fn inherited_until_it_is_set() {
        let before = parts(json!({"name": "Team"}), json!({}));
        check(Some(&before), json!({"name": "Team"}), parts(json!({"name": "Team"}), json!({})));
        let renamed = parts(json!({"name": "Team"}), json!({"name": "Them"}));
        check(Some(&before), json!({"name": "Them"}), renamed);
        // Also when it is the same again.
        let renamed = parts(json!({"name": "Team"}), json!({"name": "Them"}));
        let same = parts(json!({"name": "Team"}), json!({"name": "Team"}));
        check(Some(&renamed), json!({"name": "Team"}), same);
        check(Some(&before), json!({}), parts(json!({"name": "Team"}), json!({"name": null})));
    }

    #[test]
    fn in_overrides() {
        check(
            None,
            json!({"recurrenceOverrides": {"in the rule": {"color": "red"}}}),
            parts(json!({}), json!({"recurrenceOverrides": {"in the rule": {"color": "red"}}})),
        );
        check(
            None,
            json!({"recurrenceOverrides": {"extra": {"alerts/1/x": 1}, "in the rule": {"title": "Tea"}}}),
            parts(
                json!({"recurrenceOverrides": {"extra": {}, "in the rule": {"title": "Tea"}}}),
                json!({"recurrenceOverrides": {"extra": {"alerts/1/x": 1}}}),
            ),
        );
        let excluded = json!({"recurrenceOverrides": {"in the rule": {"excluded": true}}});
        let own = json!({"recurrenceOverrides": {"in the rule": {"color": "red"}}});
        let own = own.into();
        assert_eq!(joined(&excluded.clone().into(), Some(&own), &|_| true), excluded.into());
        // The series was moved.
        assert_eq!(joined(&json!({}).into(), Some(&own), &|_| false), json!({}).into());
    }

    #[test]
    fn stamps() {
        let before = parts(json!({"title": "Tea", "updated": "1"}), json!({}));
        check(
            Some(&before),
            json!({"title": "Tea", "color": "red", "updated": "2"}),
            parts(json!({"title": "Tea", "updated": "1"}), json!({"color": "red", "updated": "2"})),
        );
        let before = parts(json!({"title": "Tea", "updated": "1"}), json!({"updated": "2"}));
        let after =
            split(&json!({"title": "Milk", "updated": "3"}).into(), Some(&before), NAMES, &|_| {
                false
            });
        assert_eq!(after, parts(json!({"title": "Milk", "updated": "3"}), json!({"updated": "2"})));
        assert_eq!(joined(&after.shared, Some(&after.own), &|_| true), after.shared);
    }
}
