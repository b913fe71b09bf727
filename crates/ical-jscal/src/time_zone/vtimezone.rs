//! Reading a `VTIMEZONE` (RFC 5545, section 3.6.5).

use content_line::{Component, Line, unescape_text};
use jscalendar::{CustomZone, LocalDateTime, Observance, RuleEnd, UtcDateTime, YearlyRule};

use crate::value::{Form, Moment};

/// The history of a zone since the 19th century has fewer observances, even if each is written by itself.
const OBSERVANCES: usize = 1_000;

/// Zones written without rules have a few hundred dates.
const DATES: usize = 5_000;

/// The rules of a zone; `None` if any part of them cannot be read, as half of them would give wrong times.
pub(crate) fn read(vtimezone: &Component<'_>) -> Option<CustomZone> {
    let parts = vtimezone.components.iter().filter_map(|part| Some((is_daylight(part)?, part)));
    let mut observances = Vec::new();
    let mut dates = 0;
    for (daylight, part) in parts {
        let read = observance(part, daylight)?;
        dates += read.iter().map(|observance| observance.dates.len()).sum::<usize>();
        observances.extend(read);
        if observances.len() > OBSERVANCES || dates > DATES {
            return None;
        }
    }
    CustomZone::new(observances).ok()
}

/// Whether a component is `DAYLIGHT` (true) or `STANDARD` (false).
pub(super) fn is_daylight(component: &Component<'_>) -> Option<bool> {
    match (component.is("DAYLIGHT"), component.is("STANDARD")) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// One observance for each `RRULE`, or just one.
fn observance(part: &Component<'_>, daylight: bool) -> Option<Vec<Observance>> {
    let offset_from = offset(part.line("TZOFFSETFROM")?.value())?;
    let offset_to = offset(part.line("TZOFFSETTO")?.value())?;
    let start = clock(part.line("DTSTART")?.value(), offset_from)?;
    let mut first = Observance::new(start, offset_from, offset_to);
    first.daylight = daylight;
    let rules: Option<Vec<YearlyRule>> = part
        .lines_named("RRULE")
        .take(OBSERVANCES)
        .map(|line| rule(line.value().trim_ascii(), offset_from))
        .collect();
    let rules = rules?;
    let mut observances = vec![first; rules.len().max(1)];
    for (observance, rule) in observances.iter_mut().zip(rules) {
        observance.rule = Some(rule);
    }
    if let Some(first) = observances.first_mut() {
        first.name = part.line("TZNAME").map(text_of);
        first.dates = dates(part, offset_from)?;
    }
    Some(observances)
}

/// Seconds of a `UTC-OFFSET` (RFC 5545, section 3.3.14). A missing sign, colons, and missing minutes are let pass.
pub(super) fn offset(text: &str) -> Option<i32> {
    let text = text.trim_ascii();
    let (sign, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        digits => (1, digits),
    };
    let mut numbers = [0_i32; 6];
    let mut count = 0;
    for byte in digits.iter().filter(|byte| **byte != b':') {
        *numbers.get_mut(count)? = i32::from(byte.is_ascii_digit().then(|| byte - b'0')?);
        count += 1;
    }
    let [h1, h0, m1, m0, s1, s0] = numbers;
    let (hours, minutes, seconds) = (h1 * 10 + h0, m1 * 10 + m0, s1 * 10 + s0);
    let valid = matches!(count, 2 | 4 | 6) && hours < 24 && minutes < 60 && seconds < 60;
    valid.then_some(sign * (hours * 3_600 + minutes * 60 + seconds))
}

/// A time on the clock before the change. `Z` is not allowed there, but its meaning is clear.
fn clock(text: &str, offset_from: i32) -> Option<LocalDateTime> {
    let moment = Moment::parse(text)?;
    match moment.form {
        Form::Utc => shifted(UtcDateTime::from_utc_clock(moment.local), offset_from)
            .map(UtcDateTime::to_utc_clock),
        _ => Some(moment.local),
    }
}

/// All `RDATE`s: a date-time, a date, or a period, whose start counts.
fn dates(part: &Component<'_>, offset_from: i32) -> Option<Vec<LocalDateTime>> {
    let values = part.lines_named("RDATE").flat_map(|line| line.value().split(','));
    let starts = values.map(|value| value.split_once('/').map_or(value, |(start, _)| start));
    // One more than is allowed is enough for the caller to refuse them.
    starts.take(DATES + 1).map(|start| clock(start, offset_from)).collect()
}

/// A rule whose `UNTIL` is in UTC, as it should be (RFC 5545, section 3.3.10), or in local time.
pub(super) fn rule(text: &str, offset_from: i32) -> Option<YearlyRule> {
    let mut rule: YearlyRule = text.parse().ok()?;
    if let RuleEnd::Until(until) = rule.end
        && !text.split(';').any(is_until_in_utc)
    {
        rule.end = RuleEnd::Until(shifted(until, -offset_from)?);
    }
    Some(rule)
}

fn is_until_in_utc(part: &str) -> bool {
    let until = part.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("UNTIL"));
    until.is_some_and(|(_, value)| value.ends_with(['Z', 'z']))
}

fn shifted(time: UtcDateTime, seconds: i32) -> Option<UtcDateTime> {
    UtcDateTime::from_unix_seconds(time.unix_seconds() + i64::from(seconds))
}

/// The text of a `TEXT` value.
pub(super) fn text_of(line: &Line<'_>) -> String {
    unescape_text(line.value()).into_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use content_line::Position;
    use proptest::prelude::*;

    use super::*;

    pub(crate) const BERLIN: &str = "BEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZNAME:CET\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:19700329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZNAME:CEST\nEND:DAYLIGHT\n";

    /// One `STANDARD` with these lines beside its offsets, which are -0500 to +0100.
    fn standard(lines: &str) -> String {
        format!("BEGIN:STANDARD\nTZOFFSETFROM:-0500\nTZOFFSETTO:+0100\n{lines}\nEND:STANDARD\n")
    }

    pub(crate) fn with_vtimezone<T>(body: &str, test: impl FnOnce(&Component<'_>) -> T) -> T {
        let text = format!("BEGIN:VTIMEZONE\n{body}END:VTIMEZONE\n");
        test(&Component::parse(text.as_bytes(), Position::START).0)
    }

    pub(crate) fn zone(body: &str) -> Option<CustomZone> {
        with_vtimezone(body, read)
    }

    /// The instants from which the offset is +0100.
    fn onsets(lines: &str) -> Vec<String> {
        let zone = zone(&standard(lines)).unwrap();
        let changes = zone.observances().iter().flat_map(|observance| {
            let start = std::iter::once(observance.start);
            start.chain(observance.dates.iter().copied())
        });
        changes.map(|local| local.to_string()).collect()
    }

    fn at(zone: &CustomZone, local: &str) -> i32 {
        zone.offset_at(local.parse().unwrap())
    }

    #[test]
    fn an_ordinary_zone() {
        let zone = zone(BERLIN).unwrap();
        assert_eq!(at(&zone, "2024-01-15T12:00:00"), 3600);
        assert_eq!(at(&zone, "2024-07-15T12:00:00"), 7200);
        let names: Vec<_> =
            zone.observances().iter().map(|part| (part.name.as_deref(), part.daylight)).collect();
        assert_eq!(names, [(Some("CET"), false), (Some("CEST"), true)]);
    }

    #[test]
    fn offsets() {
        for (text, seconds) in [
            ("+0100", 3600),
            ("-0830", -30_600),
            ("+005328", 3208),
            ("-00:44:30", -2670),
            ("0530", 19_800),
            ("+05", 18_000),
            (" -0000 ", 0),
        ] {
            assert_eq!(offset(text), Some(seconds), "{text}");
        }
        for wrong in
            ["", "+", "+1", "+100", "+01000", "+2700", "+0160", "+01000060", "+1a00", "±0100"]
        {
            assert_eq!(offset(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_in_every_form() {
        let lines = "DTSTART:20200101T000000\nRDATE:20210101T010000,20220101T020000Z\nRDATE;VALUE=PERIOD:20230101T000000/P1D\nRDATE;VALUE=DATE:20240101";
        insta::assert_compact_debug_snapshot!(onsets(lines), @r#"["2020-01-01T00:00:00", "2021-01-01T01:00:00", "2021-12-31T21:00:00", "2023-01-01T00:00:00", "2024-01-01T00:00:00"]"#);
        assert_eq!(onsets("DTSTART:20200101T020000Z"), ["2019-12-31T21:00:00"]);
    }

    #[test]
    fn an_end_in_local_time() {
        let last = |until: &str| {
            let rule = rule(&format!("FREQ=YEARLY;UNTIL={until}"), -18_000).unwrap();
            match rule.end {
                RuleEnd::Until(until) => until.to_string(),
                end => format!("{end:?}"),
            }
        };
        assert_eq!(last("20061029T060000Z"), "2006-10-29T06:00:00Z");
        assert_eq!(last("20061029T010000"), "2006-10-29T06:00:00Z");
        assert_eq!(last("20061029"), "2006-10-30T04:59:59Z");
    }

    #[test]
    fn several_rules_in_one_observance() {
        let zone = zone(&standard(
            "DTSTART:20000101T000000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=1SU\nRRULE:FREQ=YEARLY;BYMONTH=9;BYDAY=1SU",
        ));
        assert_eq!(zone.unwrap().observances().len(), 2);
    }

    /// Z13 of the conversion cases.
    #[test]
    fn broken_zones_are_none() {
        for wrong in [
            "",
            "X-LIC-LOCATION:Europe/Berlin\n",
            "BEGIN:STANDARD\nEND:STANDARD\n",
            "BEGIN:OTHER\nDTSTART:20200101T000000\nEND:OTHER\n",
            &standard(""),
            &standard("DTSTART:20200101T000000\nRRULE:"),
            &standard("DTSTART:20200101T000000\nRRULE:FREQ=DAILY"),
            &standard("DTSTART:20200101T000000\nRDATE:"),
            &standard("DTSTART:2020"),
            &standard("DTSTART:20200101T000000").replace("+0100", "+2700"),
            &format!("{BERLIN}{}", standard("DTSTART:never")),
            &standard("DTSTART:20200101T000000").repeat(10_000),
            &standard(&format!(
                "DTSTART:20200101T000000\nRDATE:{}20200101T000000",
                "20200101T000000,".repeat(10_000)
            )),
            &standard(&format!("DTSTART:20200101T000000\n{}", "RRULE:FREQ=YEARLY\n".repeat(2_000))),
        ] {
            assert_eq!(zone(wrong), None, "{}", wrong.get(..200).unwrap_or(wrong));
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(lines in "((BEGIN|END|DTSTART|RRULE|RDATE|TZOFFSETFROM|TZOFFSETTO):[A-Z0-9=;,+:-]{0,20}\n){0,20}") {
            let _ = zone(&lines);
            let _ = zone(&standard(&lines));
        }

        #[test]
        fn offsets_are_read_as_written(seconds in -86_399..86_400_i32) {
            let (sign, size) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
            let text = format!("{sign}{:02}{:02}{:02}", size / 3_600, size / 60 % 60, size % 60);
            prop_assert_eq!(offset(&text), Some(seconds));
        }
    }
}
