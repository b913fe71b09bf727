//! [`Moment`].

use crate::{LocalDateTime, TimeZoneId, UtcDateTime, Zone};

/// When an occurrence starts or ends: in a time zone, floating, or on a day as a whole.
///
/// ```
/// use jscalendar::Event;
///
/// let day = Event::from_json(r#"{
///     "@type": "Event", "uid": "e1", "start": "2026-03-01T00:00:00", "duration": "P1D", "showWithoutTime": true
/// }"#)?.value;
/// let only = day.occurrences()?.next().unwrap();
/// assert!(only.start().is_date && only.start().zone.is_none());
/// assert_eq!(only.end().local, "2026-03-02T00:00:00".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Moment {
    /// What clocks show then, in `zone` if there is one.
    pub local: LocalDateTime,
    /// The time zone; none if the moment floats.
    pub zone: Option<TimeZoneId>,
    /// The instant; none if the moment floats, or is outside the years 0 to 9999 in UTC.
    pub instant: Option<UtcDateTime>,
    /// Whether only the date counts. The end of such an occurrence is the day after its last.
    pub is_date: bool,
}

impl Moment {
    /// The instant in seconds from 1970-01-01T00:00:00Z on. A floating moment is taken in `floating`, the time zone of
    /// whoever looks, or in UTC.
    pub fn seconds(&self, floating: Option<&dyn Zone>) -> i64 {
        match (self.instant, floating) {
            (Some(instant), _) => instant.unix_seconds(),
            (None, Some(zone)) => zone.instant_of(self.local),
            (None, None) => self.local.clock_seconds(),
        }
    }
}
