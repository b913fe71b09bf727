//! Comparing a custom zone with those of the IANA database.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{CustomZone, Transition};
use crate::time_zone_id::TimeZoneId;

/// Longer spans are compared from their beginning only; after so long all rules have come round.
const LONGEST: i64 = 200 * YEAR;

const YEAR: i64 = 366 * 86_400;
const HOUR: i32 = 3_600;

impl CustomZone {
    /// Whether both zones have the same offset at every instant of a span, ends included, in
    /// seconds since 1970-01-01T00:00:00Z.
    ///
    /// Of a span of more than 200 years the first 200 are compared.
    ///
    /// ```
    /// # if cfg!(not(feature = "tz")) {
    /// #     return Ok(());
    /// # }
    /// use jiff::tz::TimeZone;
    /// use jscalendar::{CustomZone, Observance};
    ///
    /// let zone = CustomZone::new(vec![Observance::new("1970-01-01T00:00:00".parse()?, 32_400, 32_400)])?;
    /// let tokyo = TimeZone::get("Asia/Tokyo")?;
    /// assert!(zone.agrees_with(&tokyo, 0, 2_000_000_000));
    /// // Japan had daylight saving time until 1951.
    /// assert!(!zone.agrees_with(&tokyo, -1_000_000_000, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn agrees_with(&self, zone: &TimeZone, from: i64, to: i64) -> bool {
        Span::new(self, from, to).is_that_of(zone)
    }

    /// An IANA zone that has the same offsets at every instant of a span, ends included, in seconds
    /// since 1970-01-01T00:00:00Z.
    ///
    /// A zone that never changes its offset is found as `Etc/UTC` or, for whole hours, as
    /// `Etc/GMT-1` and the like (whose sign counts west of Greenwich). Otherwise large cities come
    /// first, then all others in the order of their names; and those that also agree in the year
    /// before and the year after come before all that do not.
    pub fn matching_iana(&self, from: i64, to: i64) -> Option<TimeZoneId> {
        if let Some(name) = self.fixed_offset().and_then(fixed_name) {
            return name.parse().ok();
        }
        let narrow = Span::new(self, from, to);
        let wide = Span::new(self, from.saturating_sub(YEAR), to.saturating_add(YEAR));
        let mut agreeing = places().filter(|zone| narrow.is_that_of(zone)).peekable();
        let first = agreeing.peek().copied()?;
        let found = agreeing.find(|zone| wide.is_that_of(zone)).unwrap_or(first);
        found.iana_name()?.parse().ok()
    }
}

/// The zones to compare with, in the order in which they are tried.
///
/// A look into the database costs more than most comparisons, so each zone is looked up once in a process, and those
/// after the preferred ones only when none of these agrees.
fn places() -> impl Iterator<Item = &'static TimeZone> {
    static FIRST: OnceLock<Vec<TimeZone>> = OnceLock::new();
    static OTHERS: OnceLock<Vec<TimeZone>> = OnceLock::new();
    let first = FIRST.get_or_init(|| PREFERRED.iter().filter_map(|name| look_up(name)).collect());
    let others = || {
        OTHERS.get_or_init(|| {
            let names = jiff::tz::db().available().map(|name| name.as_str().to_owned());
            let mut names: Vec<String> = names.filter(|name| is_place(name)).collect();
            names.sort_unstable();
            names.iter().filter_map(|name| look_up(name)).collect()
        })
    };
    first.iter().chain(std::iter::once_with(others).flatten())
}

fn look_up(name: &str) -> Option<TimeZone> {
    jiff::tz::db().get(name).ok()
}

/// The offsets of the custom zone in a span of time.
struct Span {
    from: i64,
    to: i64,
    offset: i32,
    transitions: Vec<Transition>,
}

impl Span {
    fn new(zone: &CustomZone, from: i64, to: i64) -> Self {
        let (earliest, latest) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let from = from.clamp(earliest, latest);
        let to = to.clamp(from, latest).min(from.saturating_add(LONGEST));
        let transitions = zone.timeline.transitions(from, to);
        Self { from, to, offset: zone.offset_at_instant(from), transitions }
    }

    /// Whether the other zone begins with the same offset and changes it at the same instants to
    /// the same values.
    fn is_that_of(&self, zone: &TimeZone) -> bool {
        let Ok(from) = Timestamp::from_second(self.from) else { return false };
        let mut offset = zone.to_offset(from).seconds();
        if offset != self.offset {
            return false;
        }
        let mut expected = self.transitions.iter();
        for transition in zone.following(from) {
            let instant = transition.timestamp().as_second();
            if instant > self.to {
                break;
            }
            if transition.offset().seconds() == offset {
                continue;
            }
            offset = transition.offset().seconds();
            if !expected
                .next()
                .is_some_and(|own| own.instant == instant && own.offset_after == offset)
            {
                return false;
            }
        }
        expected.next().is_none()
    }
}

/// The name of a zone that never leaves this offset.
fn fixed_name(offset: i32) -> Option<String> {
    let hours = offset / HOUR;
    match (offset % HOUR, hours) {
        (0, 0) => Some("Etc/UTC".to_owned()),
        (0, 1..=14) => Some(format!("Etc/GMT-{hours}")),
        (0, -12..=-1) => Some(format!("Etc/GMT+{}", -hours)),
        _ => None,
    }
}

/// Names of a place; the others are abbreviations and old names by country.
fn is_place(name: &str) -> bool {
    let areas = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    areas.iter().any(|area| name.starts_with(area))
}

/// Zones to be tried first: for each offset and kind of daylight saving time the place most people
/// would think of.
const PREFERRED: &[&str] = &[
    "Europe/Berlin",
    "Europe/London",
    "Europe/Helsinki",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/Dublin",
    "Europe/Chisinau",
    "Europe/Samara",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Halifax",
    "America/St_Johns",
    "America/Toronto",
    "America/Regina",
    "America/Adak",
    "America/Mexico_City",
    "America/Tijuana",
    "America/Bogota",
    "America/Lima",
    "America/Caracas",
    "America/La_Paz",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "America/Montevideo",
    "America/Asuncion",
    "America/Havana",
    "America/Nuuk",
    "America/Noronha",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Hong_Kong",
    "Asia/Seoul",
    "Asia/Jakarta",
    "Asia/Bangkok",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Kathmandu",
    "Asia/Colombo",
    "Asia/Karachi",
    "Asia/Kabul",
    "Asia/Tashkent",
    "Asia/Dubai",
    "Asia/Tehran",
    "Asia/Riyadh",
    "Asia/Baghdad",
    "Asia/Jerusalem",
    "Asia/Beirut",
    "Asia/Amman",
    "Asia/Yekaterinburg",
    "Asia/Vladivostok",
    "Asia/Kamchatka",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Casablanca",
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Adelaide",
    "Australia/Darwin",
    "Australia/Perth",
    "Pacific/Auckland",
    "Atlantic/Azores",
    "Europe/Athens",
    "Asia/Yerevan",
    "Asia/Baku",
    "Asia/Tbilisi",
    "Asia/Almaty",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Magadan",
    "Asia/Gaza",
    "Asia/Famagusta",
    "Asia/Manila",
    "Asia/Pyongyang",
    "Africa/Maputo",
    "America/Puerto_Rico",
    "America/Guatemala",
    "America/Miquelon",
    "America/Port-au-Prince",
    "America/Scoresbysund",
    "Australia/Lord_Howe",
    "Australia/Eucla",
    "Pacific/Port_Moresby",
    "Pacific/Guadalcanal",
    "Pacific/Noumea",
    "Pacific/Norfolk",
    "Pacific/Fiji",
    "Pacific/Tongatapu",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Pacific/Marquesas",
    "Pacific/Gambier",
    "Pacific/Pitcairn",
    "Pacific/Easter",
    "Pacific/Galapagos",
    "Atlantic/Cape_Verde",
    "Atlantic/South_Georgia",
    "Atlantic/Stanley",
    "Antarctica/Troll",
];

#[cfg(feature = "tz")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::custom_zone::Observance;
    use crate::custom_zone::tests::{berlin, new_york, zone_of};

    fn at(text: &str) -> i64 {
        text.parse::<crate::UtcDateTime>().unwrap().unix_seconds()
    }

    fn found(zone: &CustomZone, from: &str, to: &str) -> String {
        zone.matching_iana(at(from), at(to)).map_or_else(|| "none".into(), |name| name.to_string())
    }

    #[test]
    fn usual_zones_are_found() {
        assert_eq!(
            found(&berlin(), "2024-01-15T10:00:00Z", "2024-01-15T11:00:00Z"),
            "Europe/Berlin"
        );
        assert_eq!(
            found(&berlin(), "1997-01-15T10:00:00Z", "2090-01-15T11:00:00Z"),
            "Europe/Berlin"
        );
        assert_eq!(
            found(&new_york(), "2024-01-15T10:00:00Z", "2034-01-15T11:00:00Z"),
            "America/New_York"
        );
        let sydney = zone_of(&[
            ("2008-04-06T03:00:00", 11.0, 10.0, "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"),
            ("2008-10-05T02:00:00", 10.0, 11.0, "FREQ=YEARLY;BYMONTH=10;BYDAY=1SU"),
        ]);
        assert_eq!(
            found(&sydney, "2024-01-15T10:00:00Z", "2024-01-15T11:00:00Z"),
            "Australia/Sydney"
        );
        let lord_howe = zone_of(&[
            ("2008-04-06T02:00:00", 11.0, 10.5, "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"),
            ("2008-10-05T02:00:00", 10.5, 11.0, "FREQ=YEARLY;BYMONTH=10;BYDAY=1SU"),
        ]);
        assert_eq!(
            found(&lord_howe, "2024-01-15T10:00:00Z", "2024-01-15T11:00:00Z"),
            "Australia/Lord_Howe"
        );
    }

    #[test]
    fn fixed_offsets_have_names_of_their_own() {
        let fixed = |offset| {
            found(
                &zone_of(&[("1970-01-01T00:00:00", offset, offset, "")]),
                "2024-01-15T10:00:00Z",
                "2024-01-15T11:00:00Z",
            )
        };
        assert_eq!(fixed(0.0), "Etc/UTC");
        assert_eq!(fixed(-10.0), "Etc/GMT+10");
        assert_eq!(fixed(9.0), "Etc/GMT-9");
        assert_eq!(fixed(14.0), "Etc/GMT-14");
        assert_eq!(fixed(5.5), "Asia/Kolkata");
        assert_eq!(fixed(5.75), "Asia/Kathmandu");
        assert_eq!(fixed(-13.0), "none");
        assert_eq!(fixed(0.25), "none");
    }

    #[test]
    fn a_zone_that_never_was_agrees_with_none() {
        let odd = zone_of(&[
            ("1970-03-29T02:00:00", 1.0, 4.0, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
            ("1970-10-25T03:00:00", 4.0, 1.0, "FREQ=YEARLY;BYMONTH=5;BYDAY=-1SU"),
        ]);
        assert_eq!(found(&odd, "2020-01-15T10:00:00Z", "2024-01-15T11:00:00Z"), "none");
        // In one hour of winter it does.
        assert_eq!(found(&odd, "2024-01-15T10:00:00Z", "2024-01-15T11:00:00Z"), "Europe/Berlin");
    }

    #[test]
    fn the_span_decides() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert!(berlin().agrees_with(
            &zone,
            at("1996-10-27T01:00:00Z"),
            at("2196-01-01T00:00:00Z")
        ));
        // Summer time ended in September until 1995.
        assert!(!berlin().agrees_with(
            &zone,
            at("1995-01-01T00:00:00Z"),
            at("1996-01-01T00:00:00Z")
        ));
        let new_york = TimeZone::get("America/New_York").unwrap();
        assert!(!berlin().agrees_with(
            &new_york,
            at("2024-01-01T00:00:00Z"),
            at("2024-01-01T00:00:00Z")
        ));
        assert!(!berlin().agrees_with(&zone, i64::MIN, i64::MAX));
        // An end before the beginning is the beginning.
        assert!(berlin().agrees_with(&zone, at("2024-01-01T00:00:00Z"), i64::MIN));
    }

    #[test]
    fn both_zones_have_to_change() {
        let winter = CustomZone::new(vec![Observance::new(
            "1970-01-01T00:00:00".parse().unwrap(),
            3600,
            3600,
        )])
        .unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert!(winter.agrees_with(&zone, at("2024-01-01T00:00:00Z"), at("2024-03-31T00:59:59Z")));
        assert!(!winter.agrees_with(&zone, at("2024-01-01T00:00:00Z"), at("2024-03-31T01:00:00Z")));
        let utc = TimeZone::get("Africa/Lagos").unwrap();
        assert!(berlin().agrees_with(&utc, at("2024-01-01T00:00:00Z"), at("2024-03-31T00:59:59Z")));
        assert!(!berlin().agrees_with(
            &utc,
            at("2024-01-01T00:00:00Z"),
            at("2024-03-31T01:00:00Z")
        ));
    }

    #[test]
    fn preferred_names_are_in_the_database() {
        for name in PREFERRED {
            assert!(TimeZone::get(name).is_ok(), "{name}");
        }
    }
}
