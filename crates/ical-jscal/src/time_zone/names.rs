//! What a `TZID` means by its name alone, as a guess.

use std::borrow::Cow;
use std::sync::OnceLock;

use content_line::{Component, unescape_text};
use jscalendar::TimeZoneId;

use super::vtimezone::{offset, text_of};
use super::windows;

/// What a name may mean.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Guess {
    /// IANA zones, the likeliest first.
    pub(super) zones: Vec<TimeZoneId>,
    /// An offset in seconds, of a name that says nothing else.
    pub(super) offset: Option<i32>,
}

/// Offsets go from -12 to +14 hours.
const FARTHEST: i32 = 14 * 3_600;

/// Longer names are nobody's.
const LONGEST: usize = 200;

/// The name without what does not belong to it: escapes of the property, white space, quotes.
pub(super) fn bare(tzid: &str) -> Cow<'_, str> {
    let is_wrapping = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'');
    match unescape_text(tzid) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_wrapping)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_wrapping).to_owned()),
    }
}

/// Other names that a `VTIMEZONE` gives itself.
pub(super) fn hints(vtimezone: &Component<'_>) -> Vec<String> {
    let named = ["X-LIC-LOCATION", "TZID-ALIAS-OF"];
    let names = named.iter().flat_map(|name| vtimezone.lines_named(name).take(4)).map(text_of);
    let page = vtimezone.line("TZURL").map(|line| {
        let url = line.value().trim();
        url.strip_suffix(".ics").unwrap_or(url).to_owned()
    });
    names.chain(page).collect()
}

/// What a name that is not, letter by letter, one of IANA's may mean.
pub(super) fn guess(name: &str) -> Guess {
    if name.len() > LONGEST {
        return Guess::default();
    }
    let mut zones = Vec::new();
    let mut propose = |zone: Option<TimeZoneId>| {
        if let Some(zone) = zone
            && !zones.contains(&zone)
        {
            zones.push(zone);
        }
    };
    propose(TimeZoneId::canonical_case(name));
    for path in path_ends(name) {
        propose(TimeZoneId::canonical_case(path));
    }
    for spelling in spellings(name).into_iter().flatten() {
        propose(TimeZoneId::canonical_case(&spelling));
    }
    propose(windows::find(name).and_then(|zone| zone.parse().ok()));
    let clocks = clocks(name);
    propose(clocks.and_then(zone_of_clocks).and_then(|zone| zone.parse().ok()));
    propose(place(name));
    let fixed = clocks.filter(|(standard, daylight)| standard == daylight);
    Guess { zones, offset: fixed.map(|(offset, _)| offset) }
}

/// The last segments of a path, three at most, the longest first, as in
/// `/freeassociation.sourceforge.net/Tzfile/Europe/Berlin`. One segment is enough where a vendor's prefix is certain.
fn path_ends(name: &str) -> impl Iterator<Item = &str> {
    let prefixed = name.starts_with('/') || name.contains("://");
    let mut slashes: Vec<usize> = name.rmatch_indices('/').take(3).map(|(at, _)| at).collect();
    slashes.reverse();
    let ends = slashes.into_iter().filter_map(|at| name.get(at + 1..));
    ends.filter(move |end| prefixed || end.contains('/'))
}

/// Names with another sign where IANA has a slash or an underscore: `US-Eastern`, `America/Los Angeles`.
fn spellings(name: &str) -> [Option<String>; 3] {
    let spaced = name.contains(' ').then(|| name.replace(' ', "_"));
    let name = spaced.as_deref().unwrap_or(name);
    let (first, all) = match name.contains('-') && !name.contains('/') {
        true => (Some(name.replacen('-', "/", 1)), Some(name.replace('-', "/"))),
        false => (None, None),
    };
    [first, all, spaced]
}

/// The offsets of standard and daylight saving time, of a name that consists of them:
/// `GMT +0100 (Standard) / GMT +0200 (Daylight)`, or one alone, such as `UTC+11`.
fn clocks(name: &str) -> Option<(i32, i32)> {
    let Some((standard, daylight)) = name.split_once('/') else {
        return offset_of(name).map(|offset| (offset, offset));
    };
    let part = |text: &str, label: &str| offset_of(text.trim().strip_suffix(label)?);
    Some((part(standard, "(Standard)")?, part(daylight, "(Daylight)")?))
}

/// `UTC+11`, `GMT -5`, `(GMT +01:00)`, `+0530`: east is positive.
fn offset_of(text: &str) -> Option<i32> {
    let text = text.trim();
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let (zone, rest) = text.split_at(text.find(['+', '-'])?);
    let zone = zone.trim();
    if !["", "UTC", "GMT"].iter().any(|name| zone.eq_ignore_ascii_case(name)) {
        return None;
    }
    let (sign, digits) = rest.split_at_checked(1)?;
    let hours = digits.split_once(':').map_or(digits, |(hours, _)| hours);
    let padding = if matches!(hours.len(), 1 | 3) { "0" } else { "" };
    offset(&format!("{sign}{padding}{digits}")).filter(|seconds| seconds.abs() <= FARTHEST)
}

/// The most populous place whose clocks change between these offsets.
fn zone_of_clocks((standard, daylight): (i32, i32)) -> Option<&'static str> {
    if daylight - standard != 3_600 {
        return None;
    }
    let zone = match standard / 900 {
        -36 => "America/Anchorage",
        -32 => "America/Los_Angeles",
        -28 => "America/Denver",
        -24 => "America/Chicago",
        -20 => "America/New_York",
        -16 => "America/Halifax",
        -14 => "America/St_Johns",
        -4 => "Atlantic/Azores",
        0 => "Europe/London",
        4 => "Europe/Berlin",
        8 => "Europe/Helsinki",
        38 => "Australia/Adelaide",
        40 => "Australia/Sydney",
        48 => "Pacific/Auckland",
        _ => return None,
    };
    (standard % 900 == 0).then_some(zone)
}

/// A path with a wrong beginning and the name of a place that is the only one of that name: `American/New_York`.
fn place(name: &str) -> Option<TimeZoneId> {
    static PLACES: OnceLock<Vec<(String, Option<TimeZoneId>)>> = OnceLock::new();
    let (_, city) = name.rsplit_once('/')?;
    let places = PLACES.get_or_init(places);
    let city = city.to_ascii_lowercase();
    let index = places.binary_search_by(|(known, _)| known.as_str().cmp(&city)).ok()?;
    places.get(index).and_then(|(_, zone)| zone.clone())
}

/// Every last segment, sorted, with its zone if there is only one.
fn places() -> Vec<(String, Option<TimeZoneId>)> {
    const AREAS: [&str; 10] = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    let names = jiff::tz::db().available();
    let mut places: Vec<(String, Option<TimeZoneId>)> = names
        .filter(|name| AREAS.iter().any(|area| name.as_str().starts_with(area)))
        .filter_map(|name| {
            let (_, city) = name.as_str().rsplit_once('/')?;
            Some((city.to_ascii_lowercase(), name.as_str().parse().ok()))
        })
        .collect();
    places.sort_unstable_by(|one, two| one.0.cmp(&two.0));
    places.dedup_by(|next, first| {
        let same = next.0 == first.0;
        if same {
            first.1 = None;
        }
        same
    });
    places
}

#[cfg(test)]
#[cfg(feature = "tz")]
mod tests {
    use super::*;

    fn zones(name: &str) -> Vec<String> {
        guess(name).zones.iter().map(ToString::to_string).collect()
    }

    fn first(name: &str) -> String {
        zones(name).into_iter().next().unwrap_or_default()
    }

    #[test]
    fn what_wraps_a_name() {
        assert_eq!(bare(" \"Europe/Berlin\" "), "Europe/Berlin");
        assert_eq!(bare("'(UTC+01:00) Brussels\\, Paris '"), "(UTC+01:00) Brussels, Paris");
        assert_eq!(bare(""), "");
    }

    #[test]
    fn prefixes_and_spellings() {
        for (name, zone) in [
            ("europe/berlin", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"),
            ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
            ("/softwarestudio.org/Olson_20011030_5/America/New_York", "America/New_York"),
            ("/x/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("/citadel.org/20260108_1/ROK", "ROK"),
            ("/citadel.org/20260108_1/Etc/GMT-9", "Etc/GMT-9"),
            ("/Europe/Stockholm", "Europe/Stockholm"),
            ("tzone://Microsoft/Utc", "UTC"),
            ("http://tzurl.org/zoneinfo/Europe/Vienna", "Europe/Vienna"),
            ("US-Eastern", "US/Eastern"),
            ("us-eastern", "US/Eastern"),
            ("America-Chicago", "America/Chicago"),
            ("America-Argentina-Mendoza", "America/Argentina/Mendoza"),
            ("America/Los Angeles", "America/Los_Angeles"),
            ("American/New_York", "America/New_York"),
            ("Eastern", "America/New_York"),
            ("GMT +0100 (Standard) / GMT +0200 (Daylight)", "Europe/Berlin"),
            ("GMT -0500 (Standard) / GMT -0400 (Daylight)", "America/New_York"),
        ] {
            assert_eq!(first(name), zone, "{name}");
        }
    }

    #[test]
    fn nobodys_names() {
        let long = format!("{}/Europe/Berlin", "x".repeat(300));
        for name in [
            "",
            "/",
            "Foo",
            "Foo/Bar",
            "Customized Time Zone",
            "/Europe/CUSTOM",
            "tzone://Microsoft/Custom",
            "Nowhere/Middle",
            "(UTC-05:00)",
            "x/UTC",
            "America/Etc/Unknown",
            &long,
        ] {
            assert_eq!(zones(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn names_that_are_offsets() {
        for (name, seconds) in [
            ("UTC+11", 39_600),
            ("UTC+01", 3_600),
            ("utc-5", -18_000),
            ("GMT+0530", 19_800),
            ("GMT -330", -12_600),
            ("(GMT +01:00)", 3_600),
            ("UTC+5:45", 20_700),
            ("+02:00", 7_200),
            ("GMT +0300 (Standard) / GMT +0300 (Daylight)", 10_800),
        ] {
            assert_eq!(guess(name).offset, Some(seconds), "{name}");
        }
        for name in [
            "",
            "UTC",
            "+",
            "UTC+",
            "UTC+15",
            "UTC+1x",
            "CET+1",
            "UTC+12345678",
            "Odd-5",
            "UTC +1 +2",
        ] {
            assert_eq!(guess(name).offset, None, "{name}");
        }
    }

    #[test]
    fn a_place_that_is_not_unique_is_no_guess() {
        // `America/Buenos_Aires` and `America/Argentina/Buenos_Aires`.
        assert_eq!(place("x/Buenos_Aires"), None);
        assert_eq!(place("x/new_york"), "America/New_York".parse().ok());
    }

    #[test]
    fn hints_of_a_definition() {
        let body = "X-LIC-LOCATION:Europe/Vienna\nTZURL:http://tzurl.org/zoneinfo/Europe/Graz.ics\nTZID-ALIAS-OF:Europe/Wien\n";
        let hints = super::super::vtimezone::tests::with_vtimezone(body, hints);
        assert_eq!(
            hints,
            ["Europe/Vienna", "Europe/Wien", "http://tzurl.org/zoneinfo/Europe/Graz"]
        );
    }
}
