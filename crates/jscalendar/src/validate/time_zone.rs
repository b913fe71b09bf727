//! Rules for time zones.

use super::check::Check;
use super::recurrence;
use super::rule::{INVALID_ZONE, NOT_IN_VERSION, OUT_OF_RANGE, UNDEFINED_ZONE, UNKNOWN_ZONE};
use crate::kind::Timed;
use crate::{Map, TimeZone, TimeZoneId, TimeZoneRule};

pub(super) type Definitions = Map<TimeZoneId, TimeZone>;

/// The zones that an entry uses and those that it defines; `outer` are those of the group around it.
pub(super) fn used<T: Timed>(entry: &T, outer: Option<&Definitions>, check: &mut Check) {
    let common = entry.common();
    let own = common.legacy.as_ref().map(|legacy| &legacy.time_zones);
    let is_defined = |zone: &TimeZoneId| {
        [own, outer].into_iter().flatten().any(|zones| zones.contains_key(zone))
    };
    for (name, zone) in [
        ("timeZone", common.time_zone.as_ref()),
        ("recurrenceIdTimeZone", common.recurrence_id_time_zone.as_ref()),
        ("endTimeZone", entry.own().end_zone),
    ] {
        if let Some(zone) = zone {
            one(name, zone, is_defined(zone), check);
        }
    }
    for (id, place) in common.locations {
        let zone = place.legacy.as_ref().and_then(|legacy| legacy.time_zone.as_ref());
        if let Some(zone) = zone.filter(|_| check.old()) {
            check.at("locations", |check| {
                check.at(id.as_str(), |check| one("timeZone", zone, is_defined(zone), check));
            });
        }
    }
    definitions(own, check);
}

fn one(name: &str, zone: &TimeZoneId, is_defined: bool, check: &mut Check) {
    if zone.is_custom() {
        if !check.old() {
            let message = format!("version 2.0 has IANA names only, and {zone} is none");
            check.fails(NOT_IN_VERSION, name, message);
        } else if !is_defined {
            check.fails(UNDEFINED_ZONE, name, format!("timeZones does not define {zone}"));
        }
        return;
    }
    // Without any zone data nothing could be said.
    if !zone.is_iana() && TimeZoneId::utc().known() {
        check.fails(UNKNOWN_ZONE, name, format!("no time zone has the name {zone}"));
    }
}

/// The zones that an object defines (RFC 8984, section 4.7.2). 2.0 has none, which is found elsewhere.
pub(super) fn definitions(zones: Option<&Definitions>, check: &mut Check) {
    let Some(zones) = zones.filter(|_| check.old()) else { return };
    check.at("timeZones", |check| {
        for (id, zone) in zones {
            if !id.is_custom() {
                let message = "the name of a custom time zone begins with a slash";
                check.fails(INVALID_ZONE, id.as_str(), message);
            }
            check.at(id.as_str(), |check| definition(zone, check));
        }
    });
}

fn definition(zone: &TimeZone, check: &mut Check) {
    check.names(zone, &[], &[]);
    check.demand(&zone.extra, zone.tz_id.is_some(), "tzId");
    check.uri("url", zone.url.as_deref());
    if zone.standard.is_empty() && zone.daylight.is_empty() {
        check.fails(INVALID_ZONE, "", "a time zone has at least one rule");
    }
    for (name, rules) in [("standard", &zone.standard), ("daylight", &zone.daylight)] {
        check.at(name, |check| {
            for (index, zone_rule) in rules.iter().enumerate() {
                check.at(&index.to_string(), |check| rule(zone_rule, check));
            }
        });
    }
}

fn rule(rule: &TimeZoneRule, check: &mut Check) {
    check.names(rule, &[], &[]);
    check.demand(&rule.extra, rule.start.is_some(), "start");
    for (name, offset) in [("offsetFrom", &rule.offset_from), ("offsetTo", &rule.offset_to)] {
        check.demand(&rule.extra, offset.is_some(), name);
        if offset.as_deref().is_some_and(|offset| !is_offset(offset)) {
            check.fails(INVALID_ZONE, name, "an offset is written as +0100 or -033000");
        }
    }
    if rule.recurrence_rules.len() > 1 {
        check.fails(OUT_OF_RANGE, "recurrenceRules", "a rule of a time zone recurs in one way");
    }
    check.at("recurrenceRules", |check| {
        for (index, it) in rule.recurrence_rules.iter().enumerate() {
            check.at(&index.to_string(), |check| recurrence::rule(it, check));
        }
    });
    check.at("recurrenceOverrides", |check| {
        for (start, _) in rule.recurrence_overrides.iter().filter(|(_, patch)| !patch.is_empty()) {
            check.fails(INVALID_ZONE, &start.to_string(), "the patches of a zone are empty");
        }
    });
}

/// The form of RFC 5545, section 3.3.14.
fn is_offset(text: &str) -> bool {
    let Some(digits) = text.strip_prefix(['+', '-']) else { return false };
    matches!(digits.len(), 4 | 6) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
