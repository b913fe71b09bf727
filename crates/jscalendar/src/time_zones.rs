//! [`TimeZones`]: where objects find the time zones they name.

use std::sync::Arc;

use crate::{CustomZone, EntryLegacy, Group, LocalDateTime, Map, TimeZone, TimeZoneId, Zone};

/// Finds time zones by their name: those of the IANA database, and custom ones that came with the data.
///
/// An IANA name always means the zone of the database. Other names mean the custom zone that was
/// [given](Self::insert) for them, and without one the IANA zone whose name they end with.
///
/// ```
/// # if cfg!(not(feature = "tz")) {
/// #     return Ok(());
/// # }
/// use jscalendar::{CustomZone, Observance, TimeZones, Zone};
///
/// let always = Observance::new("1970-01-01T00:00:00".parse()?, 3600, 3600);
/// let mut zones = TimeZones::new();
/// zones.insert("/Camp".parse()?, CustomZone::new(vec![always])?);
///
/// let camp = zones.find(&"/Camp".parse()?).unwrap();
/// assert_eq!(camp.instant_of("1970-01-01T01:00:00".parse()?), 0);
/// assert!(zones.find(&"Europe/Berlin".parse()?).is_some());
/// assert!(zones.find(&"/Elsewhere".parse()?).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TimeZones {
    custom: Map<TimeZoneId, Arc<CustomZone>>,
}

/// A time zone that was found, to calculate with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FoundZone {
    /// One of the IANA database.
    Iana(jiff::tz::TimeZone),
    /// One that came with the data.
    Custom(Arc<CustomZone>),
}

impl TimeZones {
    /// The IANA zones alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// The IANA zones, and those that the `timeZones` of a group of version 1.0 define (RFC 8984, section 4.7.2).
    pub fn of_group(group: &Group) -> Self {
        let mut zones = Self::new();
        if let Some(legacy) = &group.legacy {
            zones.define(&legacy.time_zones);
        }
        zones
    }

    /// Adds a custom zone. The last one of a name counts.
    pub fn insert(&mut self, id: TimeZoneId, zone: CustomZone) {
        self.custom.insert(id, Arc::new(zone));
    }

    /// The zone of this name.
    pub fn find(&self, id: &TimeZoneId) -> Option<FoundZone> {
        let iana = (!id.is_custom()).then(|| id.to_jiff()).flatten();
        iana.map(FoundZone::Iana)
            .or_else(|| self.custom.get(id).cloned().map(FoundZone::Custom))
            .or_else(|| id.iana_ending()?.to_jiff().map(FoundZone::Iana))
    }

    /// These zones with those that an object of version 1.0 defines itself, which come first.
    pub(crate) fn within(&self, legacy: Option<&EntryLegacy>) -> Self {
        let mut zones = self.clone();
        if let Some(legacy) = legacy {
            zones.define(&legacy.time_zones);
        }
        zones
    }

    fn define(&mut self, zones: &Map<TimeZoneId, TimeZone>) {
        for (id, zone) in zones {
            if let Some(zone) = zone.to_custom() {
                self.insert(id.clone(), zone);
            }
        }
    }
}

impl FoundZone {
    /// An instant up to which the offset stays what it is at `instant`, which need not be the last one.
    pub(crate) fn next_change(&self, instant: i64) -> i64 {
        let Self::Iana(zone) = self else { return instant };
        let Ok(timestamp) = jiff::Timestamp::from_second(instant) else { return instant };
        let next = zone.following(timestamp).next();
        next.map_or(i64::MAX, |change| change.timestamp().as_second())
    }
}

impl Zone for FoundZone {
    fn instant_of(&self, local: LocalDateTime) -> i64 {
        match self {
            Self::Iana(zone) => zone.instant_of(local),
            Self::Custom(zone) => zone.instant_of(local),
        }
    }

    fn local_at(&self, instant: i64) -> Option<LocalDateTime> {
        match self {
            Self::Iana(zone) => zone.local_at(instant),
            Self::Custom(zone) => zone.local_at(instant),
        }
    }
}
