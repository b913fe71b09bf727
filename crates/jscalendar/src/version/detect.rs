//! Which version an object follows.

use serde_json::Value;

use crate::Version;
use crate::kind::Timed;

/// Which version of JSCalendar an object follows.
///
/// Its own `version` says it, else that of the group around it. JSCalendar 2.0 demands that member, so an object
/// without it should be of version 1.0; but servers and early drafts leave it out. Such an object counts as 2.0 if a
/// member occurs that only 2.0 has: `recurrenceRule`, `organizerCalendarAddress`, `endTimeZone`, `mainLocationId`, or
/// the `calendarAddress` of a participant. A group without a version is what the first of its entries is that shows it.
///
/// ```
/// use jscalendar::{Version, detect_version};
/// use serde_json::json;
///
/// assert_eq!(detect_version(&json!({"@type": "Event", "version": "2.0"})), Version::V2_0);
/// assert_eq!(detect_version(&json!({"@type": "Event", "recurrenceRules": []})), Version::V1_0);
/// assert_eq!(detect_version(&json!({"@type": "Event", "endTimeZone": "Asia/Tokyo"})), Version::V2_0);
/// assert_eq!(detect_version(&json!({"@type": "Event"})), Version::V1_0);
/// ```
pub fn detect_version(object: &Value) -> Version {
    if let Some(version) = stated(object) {
        return version;
    }
    if has_new_member(object) {
        return Version::V2_0;
    }
    let entries = object.get("entries").and_then(Value::as_array);
    let is_new = |entry: &Value| match stated(entry) {
        Some(version) => version >= Version::V2_0,
        None => has_new_member(entry),
    };
    if entries.is_some_and(|entries| entries.iter().any(is_new)) {
        return Version::V2_0;
    }
    Version::V1_0
}

fn stated(object: &Value) -> Option<Version> {
    object.get("version")?.as_str()?.parse().ok()
}

fn has_new_member(object: &Value) -> bool {
    const NAMES: [&str; 4] =
        ["recurrenceRule", "organizerCalendarAddress", "endTimeZone", "mainLocationId"];
    let there = |object: &Value, name: &str| object.get(name).is_some_and(|it| !it.is_null());
    let participants = object.get("participants").and_then(Value::as_object);
    NAMES.iter().any(|name| there(object, name))
        || participants.is_some_and(|participants| {
            participants.values().any(|participant| there(participant, "calendarAddress"))
        })
}

/// The same for an entry that has just been read; `inherited` is the version of the group around it.
pub(crate) fn of_entry<T: Timed>(entry: &T, inherited: Option<Version>) -> Version {
    let common = entry.common();
    if let Some(version) = common.version.or(inherited) {
        return version;
    }
    let new = common.recurrence_rule.is_some()
        || common.organizer_calendar_address.is_some()
        || common.main_location_id.is_some()
        || entry.own().end_zone.is_some()
        || common.participants.values().any(|it| it.calendar_address.is_some());
    if new { Version::V2_0 } else { Version::V1_0 }
}
