//! Positions: the value of GEO (RFC 5545, section 3.8.1.6) and `geo:` URIs (RFC 5870).

/// A latitude and a longitude, with their digits as they are written, without a leading `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position<'a> {
    latitude: &'a str,
    longitude: &'a str,
}

impl Position<'_> {
    /// The value of a GEO.
    pub(super) fn value(self) -> String {
        format!("{};{}", self.latitude, self.longitude)
    }

    /// The values that mean this position: with and without a `+` where one may stand.
    pub(super) fn spellings(self) -> Vec<String> {
        let signs = |text: &str| if text.starts_with('-') { &[""][..] } else { &["", "+"][..] };
        let pairs = signs(self.latitude)
            .iter()
            .flat_map(|one| signs(self.longitude).iter().map(move |two| (one, two)));
        pairs.map(|(one, two)| format!("{one}{};{two}{}", self.latitude, self.longitude)).collect()
    }

    pub(super) fn uri(self) -> String {
        format!("geo:{},{}", self.latitude, self.longitude)
    }

    /// Whether the numbers are the same, however they are written.
    pub(super) fn is_at(self, other: Position<'_>) -> bool {
        number(self.latitude) == number(other.latitude)
            && number(self.longitude) == number(other.longitude)
    }
}

/// The value of a GEO; none if it is none, or no place on earth.
pub(super) fn parse(value: &str) -> Option<Position<'_>> {
    let (latitude, longitude) = value.split_once(';')?;
    position(latitude, longitude)
}

/// The position in a `geo:` URI, whatever else that says.
pub(super) fn of_uri(uri: &str) -> Option<Position<'_>> {
    let (coordinates, _) = path(uri)?.split_once(';').unwrap_or((path(uri)?, ""));
    let mut parts = coordinates.split(',');
    position(parts.next()?, parts.next()?)
}

/// The position in a `geo:` URI that says nothing else, and is written as [`parse`] writes it.
pub(super) fn of_plain_uri(uri: &str) -> Option<Position<'_>> {
    of_uri(uri).filter(|position| position.uri() == uri)
}

pub(super) fn is_uri(text: &str) -> bool {
    path(text).is_some() && !text.bytes().any(|byte| byte.is_ascii_control())
}

fn path(uri: &str) -> Option<&str> {
    uri.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("geo:")).and_then(|_| uri.get(4..))
}

fn position<'a>(latitude: &'a str, longitude: &'a str) -> Option<Position<'a>> {
    let [latitude, longitude] = [latitude, longitude].map(|text| {
        let text = text.trim_ascii();
        text.strip_prefix('+').filter(|rest| !rest.starts_with('-')).unwrap_or(text)
    });
    let within = |text: &str, limit: f64| {
        is_decimal(text) && number(text).is_some_and(|number| number.abs() <= limit)
    };
    (within(latitude, 90.0) && within(longitude, 180.0)).then_some(Position { latitude, longitude })
}

/// Digits, and more of them behind a point, as a `geo:` URI has them.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_digits() {
        let uri = |value: &str| parse(value).map(Position::uri);
        assert_eq!(uri("+48.8500;-2.29").as_deref(), Some("geo:48.8500,-2.29"));
        assert_eq!(uri("0;0").as_deref(), Some("geo:0,0"));
        assert_eq!(uri(" 1.5; -0 ").as_deref(), Some("geo:1.5,-0"));
        for bad in [
            "", "abc", "1", "91;0", "0;181", "1;2;3", "1,2", ".5;1", "1.;1", "1e1;1", "--1;1",
            "+-1;1", "NaN;1", "é;1",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn uris() {
        let value = |uri: &str| of_uri(uri).map(Position::value);
        assert_eq!(value("geo:52.5,13.4,34;crs=wgs84;u=5").as_deref(), Some("52.5;13.4"));
        assert_eq!(value("GEO:52.5,13.4").as_deref(), Some("52.5;13.4"));
        assert_eq!(value("geo:52.5"), None);
        assert!(of_plain_uri("geo:52.5,13.4").is_some());
        for more in
            ["geo:52.5,13.4,34", "geo:52.5,13.4;u=5", "GEO:52.5,13.4", "geo:+52.5,13.4", "é"]
        {
            assert_eq!(of_plain_uri(more), None, "{more}");
        }
    }

    #[test]
    fn the_same_place() {
        let at = |value| parse(value).unwrap();
        assert!(at("52.50;13.4").is_at(at("+52.5;13.400")));
        assert!(!at("52.50;13.4").is_at(at("52.5;13.5")));
    }
}
