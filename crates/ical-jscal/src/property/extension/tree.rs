//! JSON that is taken apart only as far as something is put into it, so that everything else stays letter by letter.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jscalendar::Json;
use serde::ser::{Serialize, Serializer};

/// A JSON value.
#[derive(Clone)]
pub(super) enum Tree {
    Leaf(Json),
    Object(BTreeMap<String, Self>),
}

/// What became of a value that was to be put somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    Done,
    /// There is a value already.
    Exists,
    /// Something on the way is not there, or is no object.
    NoPlace,
}

/// The maps of the standard. One without entries is not there, so it is made when its first entry comes.
pub(crate) const MAPS: &[&str] = &[
    "alerts",
    "categories",
    "delegatedFrom",
    "delegatedTo",
    "display",
    "features",
    "keywords",
    "links",
    "localizations",
    "locationTypes",
    "locations",
    "memberOf",
    "participants",
    "recurrenceOverrides",
    "relatedTo",
    "relation",
    "replyTo",
    "roles",
    "sendTo",
    "timeZones",
    "virtualLocations",
];

impl Tree {
    /// An object with this member, if there is a value for it.
    pub(super) fn with(name: &str, value: Option<Self>) -> Self {
        Self::Object(value.into_iter().map(|value| (name.to_owned(), value)).collect())
    }

    /// Puts `json` where `tokens` lead, if nothing is there and what is around it is.
    pub(super) fn put(&mut self, tokens: &[Cow<'_, str>], json: &Json) -> Put {
        let Some((last, parents)) = tokens.split_last() else { return Put::NoPlace };
        let mut at = self;
        for (depth, token) in parents.iter().enumerate() {
            let Some(members) = at.members() else { return Put::NoPlace };
            if !members.contains_key(token.as_ref()) {
                // The names of members and the keys of maps take turns.
                let is_map =
                    depth + 1 == parents.len() && depth % 2 == 0 && MAPS.contains(&token.as_ref());
                if !is_map {
                    return Put::NoPlace;
                }
                members.insert(token.clone().into_owned(), Self::Object(BTreeMap::new()));
            }
            let Some(next) = members.get_mut(token.as_ref()) else { return Put::NoPlace };
            at = next;
        }
        let Some(members) = at.members() else { return Put::NoPlace };
        if members.contains_key(last.as_ref()) {
            return Put::Exists;
        }
        members.insert(last.clone().into_owned(), Self::Leaf(json.clone()));
        Put::Done
    }

    /// Whether `tokens` lead to a value.
    pub(super) fn has(&mut self, tokens: &[Cow<'_, str>]) -> bool {
        let mut at = self;
        for token in tokens {
            match at.members().and_then(|members| members.get_mut(token.as_ref())) {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    }

    /// The value of a member, taken out.
    pub(super) fn take(&mut self, name: &str) -> Option<Json> {
        let member = self.members()?.remove(name)?;
        Json::from_serialize(&member).ok()
    }

    /// This value, with the members that only `other` has.
    ///
    /// It goes on only where the two differ, which is in what has a type: that is nested a few levels deep.
    pub(super) fn merged(mut self, mut other: Self) -> Self {
        if let (Self::Leaf(one), Self::Leaf(two)) = (&self, &other)
            && one.as_str() == two.as_str()
        {
            return self;
        }
        let (Some(members), Some(others)) = (self.members(), other.members()) else { return self };
        for (name, value) in std::mem::take(others) {
            let merged = match members.remove(&name) {
                Some(member) => member.merged(value),
                None => value,
            };
            members.insert(name, merged);
        }
        self
    }

    /// This object, with more elements in the array `name`.
    pub(super) fn with_elements(
        mut self,
        name: &str,
        more: impl Iterator<Item = Json>,
    ) -> Option<Json> {
        let members = self.members()?;
        let mut elements: Vec<Json> = match members.get(name) {
            Some(Self::Leaf(json)) => json.decode().ok()?,
            _ => Vec::new(),
        };
        elements.extend(more);
        members.insert(name.to_owned(), Self::Leaf(Json::from_serialize(&elements).ok()?));
        Json::from_serialize(&self).ok()
    }

    /// The members, if this is an object.
    fn members(&mut self) -> Option<&mut BTreeMap<String, Self>> {
        if let Self::Leaf(json) = self {
            if !json.is_object() {
                return None;
            }
            let members: BTreeMap<String, Json> = json.decode().ok()?;
            *self = Self::Object(
                members.into_iter().map(|(name, json)| (name, Self::Leaf(json))).collect(),
            );
        }
        match self {
            Self::Object(members) => Some(members),
            Self::Leaf(_) => None,
        }
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Leaf(json) => json.serialize(serializer),
            // As deep as the pointers that were put into it, and serde_json stops there.
            Self::Object(members) => members.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(tree: &mut Tree, path: &str, json: &str) -> Put {
        let tokens: Vec<Cow<'_, str>> = jscalendar::json_model::pointer::tokens(path).collect();
        tree.put(&tokens, &Json::parse(json).unwrap())
    }

    fn text(tree: &Tree) -> String {
        serde_json::to_string(tree).unwrap()
    }

    #[test]
    fn puts_where_there_is_room() {
        let mut tree =
            Tree::Leaf(Json::parse(r#"{"links":{"a":{"size":1e400}},"x":[1]}"#).unwrap());
        assert_eq!(put(&mut tree, "links/a/v:x", "1.0"), Put::Done);
        assert_eq!(put(&mut tree, "links/a/size", "1"), Put::Exists);
        assert_eq!(put(&mut tree, "links/b/v:x", "1"), Put::NoPlace);
        assert_eq!(put(&mut tree, "x/0", "1"), Put::NoPlace);
        assert_eq!(put(&mut tree, "alerts/a", "{}"), Put::Done);
        assert_eq!(put(&mut tree, "links/links/x", "1"), Put::NoPlace);
        assert_eq!(
            text(&tree),
            r#"{"alerts":{"a":{}},"links":{"a":{"size":1e400,"v:x":1.0}},"x":[1]}"#
        );
    }

    #[test]
    fn merges_what_one_lacks() {
        let [one, two] =
            [r#"{"a":{"b":1},"c":1e999}"#, r#"{"@type":"X","a":{"b":2,"d":3},"c":1e999}"#]
                .map(|text| Tree::Leaf(Json::parse(text).unwrap()));
        assert_eq!(text(&one.merged(two)), r#"{"@type":"X","a":{"b":1,"d":3},"c":1e999}"#);
    }

    #[test]
    fn deep_pointers_end() {
        let path = "a/".repeat(100_000) + "b";
        assert_eq!(put(&mut Tree::with("x", None), &path, "1"), Put::NoPlace);
    }
}
