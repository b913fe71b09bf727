//! jCal (RFC 7265): how the hatch keeps properties and components that JSCalendar has no counterpart for.
//!
//! Writing is exact: a value that its jCal form could not give back is kept as type `unknown`, letter by letter.

mod read;
mod write;

pub(crate) use self::read::{JcalComponent, JcalParams, JcalProperty, Params, Text};
pub(crate) use self::write::{Jcal, param_entries};

/// The value types of RFC 5545, RFC 7265 and RFC 9253 that jCal writes in a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueType {
    Binary,
    Boolean,
    CalAddress,
    Date,
    DateTime,
    Duration,
    Float,
    Integer,
    Period,
    Recur,
    Text,
    Uri,
    UtcOffset,
    Unknown,
}

const NAMES: &[(&str, ValueType)] = &[
    ("binary", ValueType::Binary),
    ("boolean", ValueType::Boolean),
    ("cal-address", ValueType::CalAddress),
    ("date", ValueType::Date),
    ("date-time", ValueType::DateTime),
    ("duration", ValueType::Duration),
    ("float", ValueType::Float),
    ("integer", ValueType::Integer),
    ("period", ValueType::Period),
    ("recur", ValueType::Recur),
    ("text", ValueType::Text),
    ("uri", ValueType::Uri),
    ("utc-offset", ValueType::UtcOffset),
    ("unknown", ValueType::Unknown),
];

impl ValueType {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(found.1)
    }

    pub(crate) fn as_str(self) -> &'static str {
        NAMES.iter().find(|(_, value_type)| *value_type == self).map_or("unknown", |(name, _)| name)
    }

    /// The type that a property has without a `VALUE` parameter; `Unknown` for properties that nobody registered.
    pub(crate) fn default_of(property: &str) -> Self {
        let upper = property.to_ascii_uppercase();
        match upper.as_str() {
            "ACTION" | "CALSCALE" | "CATEGORIES" | "CLASS" | "COLOR" | "COMMENT" | "CONTACT"
            | "DESCRIPTION" | "JSID" | "JSPROP" | "LOCATION" | "LOCATION-TYPE" | "METHOD"
            | "NAME" | "PARTICIPANT-TYPE" | "PRODID" | "PROXIMITY" | "REASON" | "REFID"
            | "RELATED-TO" | "REQUEST-STATUS" | "RESOURCES" | "RESOURCE-TYPE" | "STATUS"
            | "STYLED-DESCRIPTION" | "SUBSTATE" | "SUMMARY" | "TASK-MODE" | "TRANSP" | "TZID"
            | "TZID-ALIAS-OF" | "TZNAME" | "UID" | "VERSION" | "BUSYTYPE" => Self::Text,
            "ACKNOWLEDGED" | "COMPLETED" | "CREATED" | "DTEND" | "DTSTAMP" | "DTSTART" | "DUE"
            | "EXDATE" | "LAST-MODIFIED" | "RDATE" | "RECURRENCE-ID" | "TZUNTIL" => Self::DateTime,
            "DURATION" | "ESTIMATED-DURATION" | "REFRESH-INTERVAL" | "TRIGGER" => Self::Duration,
            "ATTACH" | "CONCEPT" | "CONFERENCE" | "COORDINATES" | "IMAGE" | "LINK" | "SOURCE"
            | "TZURL" | "URL" => Self::Uri,
            "PERCENT-COMPLETE" | "PRIORITY" | "REPEAT" | "SEQUENCE" => Self::Integer,
            "ATTENDEE" | "CALENDAR-ADDRESS" | "ORGANIZER" => Self::CalAddress,
            "TZOFFSETFROM" | "TZOFFSETTO" => Self::UtcOffset,
            "EXRULE" | "RRULE" => Self::Recur,
            "FREEBUSY" => Self::Period,
            "GEO" => Self::Float,
            "SHOW-WITHOUT-TIME" => Self::Boolean,
            _ => Self::Unknown,
        }
    }
}

/// Whether a property's TEXT, date or period values form a list with commas.
pub(crate) fn is_list(property: &str) -> bool {
    ["CATEGORIES", "RESOURCES", "LOCATION-TYPE", "EXDATE", "RDATE", "FREEBUSY"]
        .iter()
        .any(|name| property.eq_ignore_ascii_case(name))
}

/// Whether the values of a property are parts of one structured value, with semicolons between them.
pub(crate) fn is_structured(property: &str) -> bool {
    ["GEO", "REQUEST-STATUS"].iter().any(|name| property.eq_ignore_ascii_case(name))
}
