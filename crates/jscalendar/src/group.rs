//! [`Group`] (RFC 8984, section 2.3) and its [`Entry`].

use json_model::{FromJson, Object, Read, Reader, Severity, Tagged, ToJson};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess};
use serde::ser::{Serialize, Serializer};

use crate::{Event, GroupLegacy, Id, Json, Link, Map, Set, Task, UtcDateTime, Version};

/// Events and tasks that belong together: what an iCalendar file holds (RFC 8984, section 2.3).
///
/// ```
/// use jscalendar::{Entry, Event, Group};
///
/// let mut group = Group::new("g1");
/// group.title = Some("Team".to_owned());
/// group.entries.push(Event::new("e1", "2026-03-01T09:00:00".parse()?).into());
/// assert!(matches!(&group.entries[0], Entry::Event(event) if event.uid.as_deref() == Some("e1")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Group {
    /// The version of JSCalendar that the group and its entries follow (2.0, section 4.1.2).
    pub version: Option<Version>,
    /// The identifier (RFC 8984, section 4.1.2). The standard demands it.
    pub uid: Option<String>,
    /// The product that wrote the group last (RFC 8984, section 4.1.4).
    pub prod_id: Option<String>,
    /// When the group was created (RFC 8984, section 4.1.5).
    pub created: Option<UtcDateTime>,
    /// When the group was last changed (RFC 8984, section 4.1.6).
    pub updated: Option<UtcDateTime>,
    /// Its name (RFC 8984, section 4.2.1).
    pub title: Option<String>,
    /// A longer text (RFC 8984, section 4.2.2).
    pub description: Option<String>,
    /// The media type of `description`; `text/plain` if absent (RFC 8984, section 4.2.3).
    pub description_content_type: Option<String>,
    /// Attachments, images and other resources (RFC 8984, section 4.2.7).
    pub links: Map<Id, Link>,
    /// The language of the texts, a language tag of RFC 5646 (RFC 8984, section 4.2.8).
    pub locale: Option<String>,
    /// Free keywords (RFC 8984, section 4.2.9).
    pub keywords: Set<String>,
    /// Categories, which are URIs (RFC 8984, section 4.2.10).
    pub categories: Set<String>,
    /// A CSS colour name or `#rrggbb` (RFC 8984, section 4.2.11).
    pub color: Option<String>,
    /// The URI from which a newer version of the group can be fetched (RFC 8984, section 5.3.2).
    pub source: Option<String>,
    /// What a conversion from iCalendar could say nowhere else; see [`Event::i_calendar`].
    pub i_calendar: Option<Json>,
    /// The events and tasks (RFC 8984, section 5.3.1).
    pub entries: Vec<Entry>,
    /// What only version 1.0 has and 2.0 has no equivalent for.
    pub legacy: Option<Box<GroupLegacy>>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Group: "Group" always {
        "version" (V2_0) => version,
        "uid" => uid,
        "prodId" => prod_id,
        "created" => created,
        "updated" => updated,
        "title" => title,
        "description" => description,
        "descriptionContentType" => description_content_type,
        "links" => links,
        "locale" => locale,
        "keywords" => keywords,
        "categories" => categories,
        "color" => color,
        "source" => source,
        "iCalendar" => i_calendar,
        "entries" => entries,
    }
    legacy: legacy as GroupLegacy
    finish: crate::lift::group;
    demanded: Group::demanded;
    extra
}

impl Group {
    /// An empty group of version 2.0.
    pub fn new(uid: impl Into<String>) -> Self {
        Self { version: Some(Version::V2_0), uid: Some(uid.into()), ..Self::default() }
    }

    /// A group that says its version is a whole one, which has `entries` even if there are none (RFC 8984, section 5.3.1).
    /// One that says none may be a part of a group.
    fn demanded(&self) -> &'static [&'static str] {
        if self.version.is_some() { &["entries"] } else { &[] }
    }
}

/// One entry of a [`Group`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Entry {
    /// An event.
    Event(Box<Event>),
    /// A task.
    Task(Box<Task>),
    /// Something else: an object of an unknown type, or no object at all. It is kept and written back.
    Other(Json),
}

impl From<Event> for Entry {
    fn from(event: Event) -> Self {
        Self::Event(Box::new(event))
    }
}

impl From<Task> for Entry {
    fn from(task: Task) -> Self {
        Self::Task(Box::new(task))
    }
}

impl FromJson for Entry {
    const EXPECTED: &'static str = "an Event or a Task";

    fn from_object<'de, A: MapAccess<'de>>(
        members: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let tagged = Tagged::look(members)?;
        match tagged.tag() {
            Some(Event::TYPE) => Ok(tagged.object::<Event>(reader)?.map(Self::from)),
            Some(Task::TYPE) => Ok(tagged.object::<Task>(reader)?.map(Self::from)),
            _ => {
                reader.report(
                    "unknown-type",
                    Severity::Warning,
                    "",
                    "an entry of unknown type; kept as it is",
                );
                Ok(Read::Value(Self::Other(tagged.json()?)))
            }
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        other(text)
    }

    fn from_bool(value: bool) -> Option<Self> {
        other(&value)
    }

    fn from_integer(value: i128) -> Option<Self> {
        other(&value)
    }

    fn from_float(value: f64) -> Option<Self> {
        other(&value)
    }

    fn from_array<'de, A: SeqAccess<'de>>(
        mut elements: A,
        _: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let mut list: Vec<Json> = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(other(&list).map_or(Read::Null, Read::Value))
    }
}

/// What is no object: it must not cost the group its other entries.
fn other<T: Serialize + ?Sized>(value: &T) -> Option<Entry> {
    Json::from_serialize(value).ok().map(Entry::Other)
}

impl ToJson for Entry {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        match self {
            Self::Event(event) => ToJson::to_json(event, serializer, version),
            Self::Task(task) => ToJson::to_json(task, serializer, version),
            Self::Other(json) => json.serialize(serializer),
        }
    }
}

impl Serialize for Entry {
    /// Writes version 2.0.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json(serializer, Version::V2_0)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Self::read(deserializer, &mut Reader::new())? {
            Read::Value(entry) => Ok(entry),
            Read::Null => Ok(Self::Other(Json::null())),
            Read::Wrong(json) => Ok(Self::Other(json)),
        }
    }
}
