//! The values of iCalendar (RFC 5545, section 3.3) as far as they become typed values, both directions.

use std::fmt::Write;

use jscalendar::{Duration, DurationParts, LocalDateTime, SignedDuration, UtcDateTime};

/// A DATE or DATE-TIME as it stands in a content line, its time zone aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) local: LocalDateTime,
    pub(crate) form: Form,
}

/// How a [`Moment`] is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `20260301`.
    Date,
    /// `20260301T090000`: floating, or in the zone that `TZID` names.
    Local,
    /// `20260301T090000Z`.
    Utc,
}

impl Moment {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = text.trim_ascii().as_bytes();
        match bytes {
            date if date.len() == 8 => {
                let [year, month, day] = date_parts(date)?;
                let local = LocalDateTime::new(year, month as u8, day as u8, 0, 0, 0).ok()?;
                Some(Self { local, form: Form::Date })
            }
            [clock @ .., b'Z' | b'z'] => Some(Self { local: date_time(clock)?, form: Form::Utc }),
            clock => Some(Self { local: date_time(clock)?, form: Form::Local }),
        }
    }

    /// The instant, of a [`Form::Utc`].
    pub(crate) fn utc(self) -> Option<UtcDateTime> {
        (self.form == Form::Utc).then(|| UtcDateTime::from_utc_clock(self.local))
    }

    pub(crate) fn write(self, out: &mut String) {
        let local = self.local;
        let mut digits = [0_u8; 16];
        put(&mut digits[..4], u32::from(local.year()));
        put(&mut digits[4..6], local.month().into());
        put(&mut digits[6..8], local.day().into());
        digits[8] = b'T';
        put(&mut digits[9..11], local.hour().into());
        put(&mut digits[11..13], local.minute().into());
        put(&mut digits[13..15], local.second().into());
        digits[15] = b'Z';
        let length = match self.form {
            Form::Date => 8,
            Form::Local => 15,
            Form::Utc => 16,
        };
        out.push_str(std::str::from_utf8(&digits[..length]).unwrap_or_default());
    }
}

/// Whether a DATE or DATE-TIME that can be read is written as [`Moment::write`] writes it: capitals, no blanks.
pub(crate) fn is_canonical(moment: &str) -> bool {
    moment.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'T' | b'Z'))
}

fn put(digits: &mut [u8], mut number: u32) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn date_parts(date: &[u8]) -> Option<[u16; 3]> {
    Some([number(&date[..4])?, number(&date[4..6])?, number(&date[6..8])?])
}

fn date_time(clock: &[u8]) -> Option<LocalDateTime> {
    if clock.len() != 15 || !clock[8].eq_ignore_ascii_case(&b'T') {
        return None;
    }
    let [year, month, day] = date_parts(&clock[..8])?;
    let part = |from: usize| number(&clock[from..from + 2]).map(|part| part as u8);
    LocalDateTime::new(year, month as u8, day as u8, part(9)?, part(11)?, part(13)?).ok()
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
    })
}

/// A DURATION (RFC 5545, section 3.3.6), also in forms that the grammar forbids but nobody can misread: weeks beside
/// days, `PT1H5S`.
pub(crate) fn parse_duration(text: &str) -> Option<SignedDuration> {
    let text = text.trim_ascii();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let duration = parse_parts(text.strip_prefix(['P', 'p'])?)?;
    Some(if negative {
        SignedDuration::negative(duration)
    } else {
        SignedDuration::positive(duration)
    })
}

fn parse_parts(text: &str) -> Option<Duration> {
    let mut parts = DurationParts::default();
    let mut in_time = false;
    let mut rank = 0;
    let mut rest = text;
    while !rest.is_empty() {
        if let (false, Some(time)) = (in_time, rest.strip_prefix(['T', 't'])) {
            in_time = true;
            rest = time;
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
        let amount: u32 = rest[..end].parse().ok()?;
        let unit = rest.as_bytes()[end].to_ascii_uppercase();
        let (next, slot) = match (unit, in_time) {
            (b'W', false) => (1, &mut parts.weeks),
            (b'D', false) => (2, &mut parts.days),
            (b'H', true) => (3, &mut parts.hours),
            (b'M', true) => (4, &mut parts.minutes),
            (b'S', true) => (5, &mut parts.seconds),
            _ => return None,
        };
        if next <= rank {
            return None;
        }
        rank = next;
        *slot = Some(amount);
        rest = &rest[end + 1..];
    }
    if rank == 0 {
        return None;
    }
    // JSCalendar wants hours, minutes and seconds without a gap between them.
    if parts.hours.is_some() && parts.seconds.is_some() {
        parts.minutes.get_or_insert(0);
    }
    Duration::from_parts(parts)
}

/// Writes a duration by the grammar of iCalendar, which has weeks only alone.
pub(crate) fn write_duration(duration: SignedDuration, out: &mut String) {
    if duration.is_negative() {
        out.push('-');
    }
    let duration = duration.duration().without_fraction();
    let mut parts = duration.parts();
    if let (Some(weeks), true) = (parts.weeks, has_others(&parts)) {
        let days = u64::from(weeks) * 7 + u64::from(parts.days.unwrap_or(0));
        let _ = write!(out, "P{days}D");
        parts.weeks = None;
        parts.days = None;
        write_time(&parts, out);
        return;
    }
    out.push('P');
    for (amount, unit) in [(parts.weeks, 'W'), (parts.days, 'D')] {
        if let Some(amount) = amount {
            let _ = write!(out, "{amount}{unit}");
        }
    }
    write_time(&parts, out);
}

fn has_others(parts: &DurationParts) -> bool {
    [parts.days, parts.hours, parts.minutes, parts.seconds].iter().any(Option::is_some)
}

fn write_time(parts: &DurationParts, out: &mut String) {
    let time = [(parts.hours, 'H'), (parts.minutes, 'M'), (parts.seconds, 'S')];
    if time.iter().all(|(amount, _)| amount.is_none()) {
        return;
    }
    out.push('T');
    for (amount, unit) in time {
        if let Some(amount) = amount {
            let _ = write!(out, "{amount}{unit}");
        }
    }
}

/// The address in a `mailto:` URI.
pub(crate) fn strip_mailto(uri: &str) -> Option<&str> {
    let scheme = uri.get(..7)?;
    scheme.eq_ignore_ascii_case("mailto:").then(|| &uri[7..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duration(text: &str) -> Option<(String, String)> {
        let parsed = parse_duration(text)?;
        let mut written = String::new();
        write_duration(parsed, &mut written);
        Some((parsed.to_string(), written))
    }

    #[test]
    fn durations_both_ways() {
        let pair = |json: &str, ical: &str| Some((json.to_owned(), ical.to_owned()));
        assert_eq!(duration("PT1H"), pair("PT1H", "PT1H"));
        assert_eq!(duration("+PT90M"), pair("PT90M", "PT90M"));
        assert_eq!(duration("-P1W"), pair("-P1W", "-P1W"));
        assert_eq!(duration("P1W2D"), pair("P1W2D", "P9D"));
        assert_eq!(duration("PT1H5S"), pair("PT1H0M5S", "PT1H0M5S"));
        assert_eq!(duration("-PT0S"), pair("-PT0S", "-PT0S"));
        for bad in
            ["", "P", "PT", "1H", "P1H", "PT1D", "PT5S1H", "P1D2D", "PT1.5H", "P99999999999D"]
        {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn moments_both_ways() {
        for text in ["20240115", "20240115T100000", "20240115T100000Z"] {
            let mut written = String::new();
            Moment::parse(text).unwrap().write(&mut written);
            assert_eq!(written, text);
        }
        for bad in [
            "",
            "2024011",
            "20241301",
            "20240115T",
            "20240115T1000",
            "20240115T10000é",
            "2024-01-15",
        ] {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }
}
