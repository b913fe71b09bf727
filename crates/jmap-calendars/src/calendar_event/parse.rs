//! `CalendarEvent/parse` (JMAP Calendars, section 5.13).

use jmap_core::capability::Capability;
use jmap_core::json_model::serde;
use jmap_core::json_model::{self, FromJson, Object as _, Read, Reader, ToJson, Version};
use jmap_core::object::Object;
use jmap_core::{Account, Id, Json, Map, Method, MethodName, Session, blob::Blob};

use super::{CalendarEvent, EventProperty};
use crate::capability::{Calendars, Parse};
use crate::dialect::Dialect;

/// The arguments of `CalendarEvent/parse` (JMAP Calendars, section 5.13): reads iCalendar blobs as events, and creates
/// none.
///
/// ```
/// use jmap_calendars::ParseEvents;
/// use jmap_core::Id;
///
/// let parse = ParseEvents::of([Id::any("b1")]);
/// assert_eq!(serde_json::to_string(&parse)?, r#"{"blobIds":["b1"]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// One server does not announce the capability: [`Batch::force`](jmap_core::Batch::force) sends it there.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ParseEvents {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// The blobs, of media type `text/calendar`.
    pub blob_ids: Vec<Id<Blob>>,
    /// The properties that are wanted; all if absent.
    pub properties: Option<Vec<EventProperty>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    ParseEvents: "CalendarEvent/parse arguments" never {
        "accountId" => account_id,
        "blobIds" => blob_ids,
        "properties" => properties,
    }
    extra
}

impl ParseEvents {
    /// Reads these blobs.
    pub fn of(blobs: impl IntoIterator<Item = Id<Blob>>) -> Self {
        Self { blob_ids: blobs.into_iter().collect(), ..Self::default() }
    }
}

impl Method for ParseEvents {
    const NAME: MethodName = MethodName::new("CalendarEvent", "parse");
    const USING: &'static [&'static str] = &[Calendars::URI, Parse::URI];
    const ALSO_USING: &'static [&'static str] = &[Dialect::VENDOR, Dialect::JSCALENDARBIS];
    const IS_READ_ONLY: bool = true;
    const REQUIRED: &'static [&'static str] = &["blobIds"];
    type Response = ParseEventsResponse;

    fn version(session: &Session) -> Version {
        CalendarEvent::version(session)
    }
}

/// The response to `CalendarEvent/parse`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ParseEventsResponse {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// The events of every blob that could be read. They have no id and are in no calendar.
    pub parsed: Map<Id<Blob>, ParsedEvents>,
    /// The blobs that do not exist.
    pub not_found: Vec<Id<Blob>>,
    /// The blobs that are no iCalendar text.
    pub not_parsable: Vec<Id<Blob>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    ParseEventsResponse: "CalendarEvent/parse response" never {
        "accountId" => account_id,
        "parsed" => parsed,
        "notFound" => not_found,
        "notParsable" => not_parsable,
    }
    extra
}

/// The events of one blob. The standard has a list; Cyrus gives the event itself, or a JSCalendar group: its entries are
/// here then.
///
/// ```
/// use jmap_calendars::ParseEventsResponse;
/// use jmap_core::Id;
///
/// let text = r#"{"parsed":{"b1":{"@type":"Event","uid":"u1","title":"Tea"}},"notFound":["b2"]}"#;
/// let response: ParseEventsResponse = serde_json::from_str(text)?;
/// assert_eq!(response.parsed[&Id::any("b1")].0[0].title.as_deref(), Some("Tea"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "nothing but a list")]
pub struct ParsedEvents(pub Vec<CalendarEvent>);

impl ParsedEvents {
    /// The events of a list, a group, or one event; what is none is left out.
    fn of(json: &Json) -> Option<Self> {
        #[derive(Clone, Debug, Default)]
        struct Group {
            entries: Vec<Json>,
            extra: Map<String, Json>,
        }

        json_model::members! { Group: "Group" never { "entries" => entries } extra }

        let list = match json.decode::<Vec<Json>>() {
            Ok(list) => list,
            Err(_) => {
                let group: Group = json_model::from_str(json.as_str()).ok()?.value;
                let is_group =
                    group.extra().get("@type").is_some_and(|it| it.as_str() == r#""Group""#);
                if is_group { group.entries } else { vec![json.clone()] }
            }
        };
        let is_event = |json: &&Json| {
            let of_type = json.inside(&["@type".into()]);
            of_type.is_none_or(|it| it.as_str() == r#""Event""#)
        };
        let event = |json: &Json| json_model::from_str(json.as_str()).ok().map(|it| it.value);
        Some(Self(list.iter().filter(is_event).filter_map(event).collect()))
    }
}

impl FromJson for ParsedEvents {
    const EXPECTED: &'static str = "events";

    fn read<'de, D: serde::Deserializer<'de>>(
        value: D,
        _: &mut Reader,
    ) -> Result<Read<Self>, D::Error> {
        let json: Json = serde::Deserialize::deserialize(value)?;
        Ok(Self::of(&json).map_or(Read::Wrong(json), Read::Value))
    }
}

impl ToJson for ParsedEvents {
    fn to_json<S: serde::Serializer>(
        &self,
        serializer: S,
        version: Version,
    ) -> Result<S::Ok, S::Error> {
        self.0.to_json(serializer, version)
    }
}
