//! [`Alert`] (RFC 8984, section 4.5.2) and its [`Trigger`].

use json_model::{FromJson, Object, Read, Reader, Severity, Tagged, ToJson};
use serde::de::MapAccess;
use serde::ser::{Serialize, Serializer};

use crate::{Id, Json, Map, Relation, SignedDuration, UtcDateTime, Version};

/// A reminder (RFC 8984, section 4.5.2).
///
/// ```
/// use jscalendar::{Alert, OffsetTrigger};
///
/// let alert = Alert::new(OffsetTrigger::new("-PT10M".parse()?));
/// assert_eq!(serde_json::to_string(&alert)?, r#"{"trigger":{"offset":"-PT10M"}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Alert {
    /// When it goes off. The standard demands it.
    pub trigger: Option<Trigger>,
    /// When somebody last took note of it.
    pub acknowledged: Option<UtcDateTime>,
    /// Relations to other alerts of the object, by their keys.
    pub related_to: Map<Id, Relation>,
    /// What happens; `display` if absent.
    pub action: Option<AlertAction>,
    /// What a conversion from iCalendar could say nowhere else; see [`Event::i_calendar`](crate::Event::i_calendar).
    pub i_calendar: Option<Json>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Alert: "Alert" in V1_0 {
        "trigger" => trigger,
        "acknowledged" => acknowledged,
        "relatedTo" => related_to,
        "action" => action,
        "iCalendar" => i_calendar,
    }
    extra
}

impl Alert {
    /// A reminder that is shown when `trigger` says.
    pub fn new(trigger: impl Into<Trigger>) -> Self {
        Self { trigger: Some(trigger.into()), ..Self::default() }
    }
}

json_model::text_enum! {
    /// What an alert does (RFC 8984, section 4.5.2).
    pub enum AlertAction {
        /// It is shown; the default.
        Display = "display",
        /// It is mailed.
        Email = "email",
    }
}

/// When an [`Alert`] goes off (RFC 8984, section 4.5.2).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Trigger {
    /// Some time before or after the start or the end.
    Offset(OffsetTrigger),
    /// At an instant.
    Absolute(AbsoluteTrigger),
    /// Something that a later standard or a vendor defines: kept, never fired (RFC 8984, `UnknownTrigger`).
    Unknown(Json),
}

impl From<OffsetTrigger> for Trigger {
    fn from(trigger: OffsetTrigger) -> Self {
        Self::Offset(trigger)
    }
}

impl From<AbsoluteTrigger> for Trigger {
    fn from(trigger: AbsoluteTrigger) -> Self {
        Self::Absolute(trigger)
    }
}

impl FromJson for Trigger {
    const EXPECTED: &'static str = "a trigger";

    /// Without an `@type` it is an `OffsetTrigger` (2.0; 1.0 demands the type).
    fn from_object<'de, A: MapAccess<'de>>(
        members: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let tagged = Tagged::look(members)?;
        match tagged.tag() {
            None | Some(OffsetTrigger::TYPE) => {
                Ok(tagged.object::<OffsetTrigger>(reader)?.map(Self::Offset))
            }
            Some(AbsoluteTrigger::TYPE) => {
                Ok(tagged.object::<AbsoluteTrigger>(reader)?.map(Self::Absolute))
            }
            Some(_) => {
                reader.report(
                    "unknown-type",
                    Severity::Note,
                    "",
                    "a trigger of unknown type; kept as it is",
                );
                Ok(Read::Value(Self::Unknown(tagged.json()?)))
            }
        }
    }
}

impl ToJson for Trigger {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        match self {
            Self::Offset(trigger) => trigger.to_json(serializer, version),
            Self::Absolute(trigger) => trigger.to_json(serializer, version),
            Self::Unknown(json) => json.serialize(serializer),
        }
    }
}

/// Goes off some time before or after the start or the end (RFC 8984, section 4.5.2).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct OffsetTrigger {
    /// How long after; negative for before. The standard demands it.
    pub offset: Option<SignedDuration>,
    /// After or before what; `start` if absent.
    pub relative_to: Option<RelativeTo>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    OffsetTrigger: "OffsetTrigger" in V1_0 {
        "offset" => offset,
        "relativeTo" => relative_to,
    }
    extra
}

impl OffsetTrigger {
    /// Goes off `offset` after the start; a negative one is before it.
    pub fn new(offset: SignedDuration) -> Self {
        Self { offset: Some(offset), ..Self::default() }
    }
}

/// Goes off at an instant (RFC 8984, section 4.5.2).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AbsoluteTrigger {
    /// The instant. The standard demands it.
    pub when: Option<UtcDateTime>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    AbsoluteTrigger: "AbsoluteTrigger" always { "when" => when } extra
}

impl AbsoluteTrigger {
    /// Goes off at `when`.
    pub fn new(when: UtcDateTime) -> Self {
        Self { when: Some(when), ..Self::default() }
    }
}

json_model::text_enum! {
    /// What a time is relative to (RFC 8984, sections 4.2.5 and 4.5.2).
    pub enum RelativeTo {
        /// The start; the default of triggers.
        Start = "start",
        /// The end of an event, or the due time of a task.
        End = "end",
    }
}
