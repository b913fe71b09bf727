//! `TimeZoneId` of RFC 8984, section 1.4.8.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::date::ParseError;

const EXPECTED: &str = "a time zone name such as Europe/Berlin";

/// The name of a time zone: `TimeZoneId` of RFC 8984, section 1.4.8.
///
/// Usually a name of the IANA time zone database, links such as `US/Eastern` included. Version 1.0
/// also has custom zones, whose names start with `/` and which are defined in the `timeZones` of
/// the object. Whether anybody knows the name is another question: [`is_iana`](Self::is_iana) and
/// [`known`](Self::known) answer it.
///
/// Nearly every name is kept without an allocation.
///
/// ```
/// # if cfg!(not(feature = "tz")) {
/// #     return Ok(());
/// # }
/// use jscalendar::TimeZoneId;
///
/// let zone: TimeZoneId = "Europe/Berlin".parse()?;
/// assert!(zone.is_iana());
/// assert!(zone.to_jiff().is_some());
///
/// let custom: TimeZoneId = "/example.com/Customised".parse()?;
/// assert!(custom.is_custom());
/// assert!(!custom.known());
/// # Ok::<(), jscalendar::ParseError>(())
/// ```
#[derive(Clone)]
pub struct TimeZoneId(Name);

/// The longest name that is kept in place: with it the type is as large as a `String`.
const SHORT: usize = 22;

#[derive(Clone)]
enum Name {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(Box<str>),
}

impl TimeZoneId {
    /// Coordinated Universal Time, by the name that JSCalendar prefers: `Etc/UTC`.
    pub fn utc() -> Self {
        Self(Name::new("Etc/UTC"))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Name::Short { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Name::Long(name) => name,
        }
    }

    /// Whether the name is that of a custom zone: it starts with `/` (RFC 8984, section 4.7.2).
    pub fn is_custom(&self) -> bool {
        self.as_bytes().starts_with(b"/")
    }

    /// Whether the name is one of those that the IANA database has for Coordinated Universal Time,
    /// such as `Etc/UTC` or `UTC`.
    pub fn is_utc(&self) -> bool {
        let name = self.as_str();
        let name = name.strip_prefix("Etc/").unwrap_or(name);
        matches!(name, "UTC" | "UCT" | "Universal" | "Zulu")
    }

    /// Whether the database has a zone of this name, capitals not minded.
    pub fn known(&self) -> bool {
        self.to_jiff().is_some()
    }

    /// Whether this is, letter by letter, a name of the IANA database.
    pub fn is_iana(&self) -> bool {
        Self::canonical_case(self.as_str()).is_some_and(|name| name == *self)
    }

    /// The zone itself, from the database of `jiff`; capitals are not minded, and a custom zone is
    /// never found.
    pub fn to_jiff(&self) -> Option<TimeZone> {
        find(self.as_str())
    }

    /// The IANA name that a custom one ends with, as some programs name their zones: `Europe/Berlin` for
    /// `/example.com/20260101/Europe/Berlin`. That it means the same is only likely.
    pub fn iana_ending(&self) -> Option<Self> {
        let name = self.as_str();
        name.match_indices('/')
            .find_map(|(at, _)| name.get(at + 1..)?.parse::<Self>().ok().filter(Self::is_iana))
    }

    /// The IANA name that differs from `name` by capitals only, or not at all.
    ///
    /// ```
    /// # if cfg!(not(feature = "tz")) {
    /// #     return;
    /// # }
    /// use jscalendar::TimeZoneId;
    ///
    /// let right = TimeZoneId::canonical_case("europe/BERLIN");
    /// assert_eq!(right, "Europe/Berlin".parse().ok());
    /// assert_eq!(TimeZoneId::canonical_case("Europe/Bonn"), None);
    /// ```
    pub fn canonical_case(name: &str) -> Option<Self> {
        let zone = find(name)?;
        zone.iana_name().and_then(|name| name.parse().ok())
    }

    fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Name::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Name::Long(name) => name.as_bytes(),
        }
    }
}

impl Name {
    fn new(name: &str) -> Self {
        let mut bytes = [0; SHORT];
        let length = u8::try_from(name.len()).unwrap_or(u8::MAX);
        match bytes.get_mut(..name.len()) {
            Some(start) => start.copy_from_slice(name.as_bytes()),
            None => return Self::Long(name.into()),
        }
        Self::Short { length, bytes }
    }
}

fn find(name: &str) -> Option<TimeZone> {
    // `Etc/Unknown` stands for "no zone known" in CLDR and in jiff; IANA does not have it.
    let zone = jiff::tz::db().get(name).ok()?;
    (!zone.is_unknown()).then_some(zone)
}

/// Checks that there is a name and that it has no control characters; it need not be known.
impl FromStr for TimeZoneId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() || text == "/" || text.chars().any(char::is_control) {
            return Err(ParseError::new(EXPECTED, text));
        }
        Ok(Self(Name::new(text)))
    }
}

impl AsRef<str> for TimeZoneId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for TimeZoneId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for TimeZoneId {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for TimeZoneId {}

impl PartialEq<str> for TimeZoneId {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for TimeZoneId {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialOrd for TimeZoneId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TimeZoneId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

/// The same as that of the `str`, as `Borrow` demands.
impl Hash for TimeZoneId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for TimeZoneId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for TimeZoneId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TimeZoneId({:?})", self.as_str())
    }
}

impl serde::Serialize for TimeZoneId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for TimeZoneId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = TimeZoneId;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(EXPECTED)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<TimeZoneId, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> TimeZoneId {
        text.parse().unwrap()
    }

    #[test]
    fn is_as_large_as_a_string() {
        assert_eq!(size_of::<TimeZoneId>(), size_of::<String>());
        assert_eq!(size_of::<Option<TimeZoneId>>(), size_of::<String>());
    }

    #[test]
    fn refuses_what_is_no_name() {
        for wrong in ["", "/", "Europe/\nBerlin", "\u{7f}"] {
            assert!(wrong.parse::<TimeZoneId>().is_err(), "{wrong:?}");
        }
        insta::assert_snapshot!("A\r\nB:C".parse::<TimeZoneId>().unwrap_err(), @r#"expected a time zone name such as Europe/Berlin, found "A\r\nB:C""#);
        insta::assert_snapshot!(serde_json::from_str::<TimeZoneId>("1").unwrap_err(), @"invalid type: integer `1`, expected a time zone name such as Europe/Berlin at line 1 column 1");
    }

    #[test]
    fn the_many_names_of_utc() {
        for name in ["Etc/UTC", "UTC", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal"] {
            assert!(id(name).is_utc(), "{name}");
        }
        for name in ["Etc/GMT", "GMT", "utc", "/UTC", "Europe/London", "Etc/Etc/UTC"] {
            assert!(!id(name).is_utc(), "{name}");
        }
        assert_eq!(TimeZoneId::utc(), "Etc/UTC");
    }

    #[cfg(feature = "tz")]
    #[test]
    fn knows_the_database() {
        for name in [
            "Europe/Berlin",
            "US/Eastern",
            "UTC",
            "Etc/UTC",
            "Etc/GMT+5",
            "America/Argentina/ComodRivadavia",
            "EST5EDT",
        ] {
            assert!(id(name).is_iana(), "{name}");
            assert_eq!(TimeZoneId::canonical_case(&name.to_lowercase()), Some(id(name)));
        }
        for name in ["europe/berlin", "utc", "etc/utc", "us/eastern"] {
            assert!(id(name).known(), "{name}");
            assert!(!id(name).is_iana(), "{name}");
        }
        for name in
            ["Europe/Bonn", "W. Europe Standard Time", "/Europe/Berlin", "Etc/Unknown", "../Berlin"]
        {
            assert!(!id(name).known(), "{name}");
            assert!(!id(name).is_iana(), "{name}");
        }
    }

    #[cfg(feature = "tz")]
    #[test]
    fn every_name_of_the_database_is_its_own_canonical_form() {
        let mut seen = 0;
        for name in jiff::tz::db().available() {
            assert!(id(name.as_str()).is_iana(), "{name}");
            seen += 1;
        }
        assert!(seen > 500, "{seen} names");
    }

    proptest! {
        #[test]
        fn behaves_like_its_text(one in "[A-Za-z/ ü_]{1,40}", two in "[A-Za-z/ ü_]{1,40}") {
            if let (Ok(first), Ok(second)) = (one.parse::<TimeZoneId>(), two.parse::<TimeZoneId>()) {
                prop_assert_eq!(first.as_str(), &one);
                prop_assert_eq!(first.cmp(&second), one.cmp(&two));
                prop_assert_eq!(serde_json::from_str::<TimeZoneId>(&serde_json::to_string(&first).unwrap()).unwrap(), first.clone());
                prop_assert!(BTreeSet::from([first]).contains(one.as_str()));
            }
        }
    }
}
