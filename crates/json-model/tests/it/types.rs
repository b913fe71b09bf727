//! The objects of these tests, as a stranger would define them.

use json_model::{Json, Map, PatchObject, Set, members, text_enum};

text_enum! {
    /// How far it is.
    pub(crate) enum Progress {
        /// Not begun.
        Open = "open",
        /// All done.
        Done = "done",
    }
}

/// A thing to do: every kind of member that there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chore {
    pub(crate) title: Option<String>,
    pub(crate) size: Option<u64>,
    pub(crate) shift: Option<i64>,
    pub(crate) private: Option<bool>,
    pub(crate) progress: Option<Progress>,
    pub(crate) tags: Set<String>,
    pub(crate) days: Vec<String>,
    pub(crate) links: Map<String, Link>,
    pub(crate) moods: Set<Progress>,
    pub(crate) grid: Map<String, Map<String, u64>>,
    pub(crate) rows: Vec<Map<String, u64>>,
    pub(crate) steps: Vec<Link>,
    pub(crate) ranks: Map<Key, u64>,
    pub(crate) main_link: Option<Box<Link>>,
    pub(crate) names: Option<Map<String, String>>,
    pub(crate) changes: Map<String, PatchObject>,
    pub(crate) anything: Option<Json>,
    pub(crate) only_new: Option<String>,
    pub(crate) only_old: Option<String>,
    pub(crate) legacy: Option<Box<ChoreLegacy>>,
    pub(crate) extra: Map<String, Json>,
}

members! {
    Chore: "Chore" always {
        "title" => title,
        "size" => size,
        "shift" => shift,
        "private" => private,
        "progress" => progress,
        "tags" => tags,
        "days" => days,
        "links" => links,
        "moods" => moods,
        "grid" => grid,
        "rows" => rows,
        "steps" => steps,
        "ranks" => ranks,
        "mainLink" => main_link,
        "names" => names,
        "changes" => changes,
        "anything" => anything,
        "onlyNew" (V2_0) => only_new,
        "onlyOld" (V1_0) => only_old,
    }
    legacy: legacy as ChoreLegacy
    extra
}

/// What only version 1.0 has.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ChoreLegacy {
    pub(crate) reply_to: Map<String, String>,
    pub(crate) excluded: Option<bool>,
}

members! { ChoreLegacy: part { "replyTo" => reply_to, "excluded" => excluded } }

/// A nested object, which may nest further.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Link {
    pub(crate) href: Option<String>,
    pub(crate) rels: Set<String>,
    pub(crate) next: Option<Box<Self>>,
    pub(crate) old: Option<String>,
    pub(crate) extra: Map<String, Json>,
}

members! {
    Link: "Link" in V1_0 {
        "href" => href,
        "rels" => rels,
        "next" => next,
        "old" (V1_0) => old,
    }
    extra
}

/// A chore as a server stores it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StoredChore {
    pub(crate) id: Option<String>,
    pub(crate) folders: Set<String>,
    pub(crate) chore: Chore,
}

members! { StoredChore: around chore as Chore { "id" => id, "folderIds" => folders } }

/// A key of one lower-case letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(char);

impl std::str::FromStr for Key {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(letter @ 'a'..='z'), None) => Ok(Self(letter)),
            _ => Err(()),
        }
    }
}

impl serde::Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

json_model::text_value!(Key, "one lower-case letter");

/// Reads, and says what was odd, a line each.
pub(crate) fn read<T: json_model::Object>(text: &str) -> (T, String) {
    let parsed = json_model::from_str::<T>(text).unwrap();
    let lines: Vec<String> = parsed.diagnostics.iter().map(ToString::to_string).collect();
    (parsed.value, lines.join("\n"))
}

/// Reads and writes; the JSON must mean the same but for `@type`. Returns the diagnostics.
#[track_caller]
pub(crate) fn round_trip<T: json_model::Object + serde::Serialize>(text: &str) -> String {
    let (value, odd) = read::<T>(text);
    let written = serde_json::to_string(&value).unwrap();
    let mut expected: serde_json::Value = serde_json::from_str(text).unwrap();
    expected["@type"] = T::TYPE.into();
    let actual: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(actual, expected);
    assert_eq!(Json::parse(&written).unwrap(), Json::from(expected), "a name was written twice");
    odd
}
