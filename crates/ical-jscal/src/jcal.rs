//! jCal (RFC 7265): how the hatch keeps properties and components that JSCalendar has no counterpart for.
//!
//! Writing is exact: a value that its jCal form could not give back is kept as type `unknown`, letter by letter.

mod read;
mod reader;
mod write;

pub(crate) use self::read::{JcalComponent, JcalProperty, Params, read_params};
pub(crate) use self::reader::JsonReader;
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

/// The longest name of a property in [`ValueType::default_of`].
const LONGEST: usize = 18;

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
        let mut buffer = [0_u8; LONGEST];
        match crate::property::upper(property, &mut buffer) {
            b"ACTION"
            | b"CALSCALE"
            | b"CATEGORIES"
            | b"CLASS"
            | b"COLOR"
            | b"COMMENT"
            | b"CONTACT"
            | b"DESCRIPTION"
            | b"JSID"
            | b"JSPROP"
            | b"LOCATION"
            | b"LOCATION-TYPE"
            | b"METHOD"
            | b"NAME"
            | b"PARTICIPANT-TYPE"
            | b"PRODID"
            | b"PROXIMITY"
            | b"REASON"
            | b"REFID"
            | b"RELATED-TO"
            | b"REQUEST-STATUS"
            | b"RESOURCES"
            | b"RESOURCE-TYPE"
            | b"STATUS"
            | b"STYLED-DESCRIPTION"
            | b"SUBSTATE"
            | b"SUMMARY"
            | b"TASK-MODE"
            | b"TRANSP"
            | b"TZID"
            | b"TZID-ALIAS-OF"
            | b"TZNAME"
            | b"UID"
            | b"VERSION"
            | b"BUSYTYPE" => Self::Text,
            b"ACKNOWLEDGED" | b"COMPLETED" | b"CREATED" | b"DTEND" | b"DTSTAMP" | b"DTSTART"
            | b"DUE" | b"EXDATE" | b"LAST-MODIFIED" | b"RDATE" | b"RECURRENCE-ID" | b"TZUNTIL" => {
                Self::DateTime
            }
            b"DURATION" | b"ESTIMATED-DURATION" | b"REFRESH-INTERVAL" | b"TRIGGER" => {
                Self::Duration
            }
            b"ATTACH" | b"CONCEPT" | b"CONFERENCE" | b"COORDINATES" | b"IMAGE" | b"LINK"
            | b"SOURCE" | b"TZURL" | b"URL" => Self::Uri,
            b"PERCENT-COMPLETE" | b"PRIORITY" | b"REPEAT" | b"SEQUENCE" => Self::Integer,
            b"ATTENDEE" | b"CALENDAR-ADDRESS" | b"ORGANIZER" => Self::CalAddress,
            b"TZOFFSETFROM" | b"TZOFFSETTO" => Self::UtcOffset,
            b"EXRULE" | b"RRULE" => Self::Recur,
            b"FREEBUSY" => Self::Period,
            b"GEO" => Self::Float,
            b"SHOW-WITHOUT-TIME" => Self::Boolean,
            _ => Self::Unknown,
        }
    }
}

/// Whether a property says its value type always, even a usual one (RFC 7986, sections 5.7, 5.8, 5.10, 5.11; RFC 9073,
/// sections 6.5, 6.6; RFC 9253, section 8.2).
pub(crate) fn has_no_default(property: &str) -> bool {
    [
        "CONFERENCE",
        "IMAGE",
        "LINK",
        "REFRESH-INTERVAL",
        "SOURCE",
        "STRUCTURED-DATA",
        "STYLED-DESCRIPTION",
    ]
    .iter()
    .any(|name| property.eq_ignore_ascii_case(name))
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
