//! What an override may change.

use json_model::pointer;

use crate::Version;

/// Whether the patch of an override may change what `pointer` leads to (RFC 8984, section 4.3.5; JSCalendar 2.0,
/// section 4.3.4). If not, the pointer is ignored, and the rest of the patch applies.
///
/// ```
/// use jscalendar::{Version, is_overridable};
///
/// assert!(is_overridable("title", Version::V2_0));
/// assert!(!is_overridable("uid", Version::V2_0));
/// // Version 2.0 names most of them whole, 1.0 with all that is inside.
/// assert!(is_overridable("relatedTo/e2", Version::V2_0));
/// assert!(!is_overridable("relatedTo/e2", Version::V1_0));
/// ```
pub fn is_overridable(pointer: &str, version: Version) -> bool {
    let tokens: Vec<_> = pointer::tokens(pointer).collect();
    let Some((first, rest)) = tokens.split_first() else { return true };
    let first = first.as_ref();
    if version < Version::V2_0 {
        return !FIXED.contains(&first) && !FIXED_IN_V1.contains(&first);
    }
    let address = first == "participants" && matches!(rest, [_, name] if name == "calendarAddress");
    let of_rule = matches!(first, "recurrenceOverrides" | "recurrenceRule");
    !(address || of_rule || rest.is_empty() && FIXED.contains(&first))
}

/// Of both versions.
const FIXED: &[&str] = &[
    "@type",
    "method",
    "organizerCalendarAddress",
    "privacy",
    "prodId",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "sentBy",
    "uid",
];

/// Besides in 1.0, with the names that 2.0 gave to some of them.
const FIXED_IN_V1: &[&str] = &[
    "excludedRecurrenceRules",
    "recurrenceOverrides",
    "recurrenceRule",
    "recurrenceRules",
    "relatedTo",
    "replyTo",
    "timeZones",
];
