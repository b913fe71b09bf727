//! [`TimeZone`] and [`TimeZoneRule`] (RFC 8984, section 4.7.2): zones that an object of version 1.0 brings along.

mod rules;

use crate::{CustomZone, Json, LocalDateTime, Map, PatchObject, RecurrenceRule, Set, UtcDateTime};

/// A time zone that the object itself defines (RFC 8984, section 4.7.2); the `VTIMEZONE` of iCalendar. 1.0 only.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TimeZone {
    /// The name of the zone. The standard demands it.
    pub tz_id: Option<String>,
    /// When the definition was last changed.
    pub updated: Option<UtcDateTime>,
    /// Where a newer definition is found.
    pub url: Option<String>,
    /// Until when the definition holds.
    pub valid_until: Option<UtcDateTime>,
    /// Other names of the zone.
    pub aliases: Set<String>,
    /// The rules for standard time.
    pub standard: Vec<TimeZoneRule>,
    /// The rules for daylight saving time.
    pub daylight: Vec<TimeZoneRule>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    TimeZone: "TimeZone" in V1_0 {
        "tzId" => tz_id,
        "updated" => updated,
        "url" => url,
        "validUntil" => valid_until,
        "aliases" => aliases,
        "standard" => standard,
        "daylight" => daylight,
    }
    extra
}

impl TimeZone {
    /// The zone that these rules make, to calculate with; `None` if a rule is missing or is not one by which clocks are
    /// set.
    pub fn to_custom(&self) -> Option<CustomZone> {
        CustomZone::new(rules::observances(self)?).ok()
    }
}

/// From when on an offset holds (RFC 8984, section 4.7.2). 1.0 only.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TimeZoneRule {
    /// When it holds for the first time, in the local time before it. The standard demands it.
    pub start: Option<LocalDateTime>,
    /// The offset before, such as `+0100`. The standard demands it.
    pub offset_from: Option<String>,
    /// The offset from then on, such as `+0200`. The standard demands it.
    pub offset_to: Option<String>,
    /// When it recurs; one rule at most. `until` is in UTC.
    pub recurrence_rules: Vec<RecurrenceRule>,
    /// Further starts; the patches are empty.
    pub recurrence_overrides: Map<LocalDateTime, PatchObject>,
    /// Names such as `CET`.
    pub names: Set<String>,
    /// Remarks.
    pub comments: Vec<String>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    TimeZoneRule: "TimeZoneRule" in V1_0 {
        "start" => start,
        "offsetFrom" => offset_from,
        "offsetTo" => offset_to,
        "recurrenceRules" => recurrence_rules,
        "recurrenceOverrides" => recurrence_overrides,
        "names" => names,
        "comments" => comments,
    }
    extra
}
