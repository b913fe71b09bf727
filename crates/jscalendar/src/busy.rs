//! [`busy_periods`]: when somebody has no time, from many events.

use crate::{
    Event, EventStatus, FreeBusyStatus, Series, SeriesError, TimeZones, UtcDateTime, Zone,
};

/// A time that is taken; from [`busy_periods`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BusyPeriod {
    /// When it begins.
    pub start: UtcDateTime,
    /// When it is over.
    pub end: UtcDateTime,
    /// Whether everything there is tentative.
    pub is_tentative: bool,
}

/// What [`busy_periods`] found.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Busy {
    /// In their order; none touches another one of its kind, and none overlaps any other.
    pub periods: Vec<BusyPeriod>,
    /// The events, by their place, whose times cannot be told.
    pub failed: Vec<(usize, SeriesError)>,
}

/// When the events between `from` and `to` take time, merged. Floating ones are taken in the time zone `floating`, or in
/// UTC.
///
/// Events that are cancelled or do not count as busy (RFC 8984, sections 5.1.3 and 4.4.2) take none. Where a tentative
/// event overlaps others, the others count.
///
/// ```
/// use jscalendar::{Event, TimeZones, busy_periods};
///
/// let event = |start: &str| {
///     let mut event = Event::new("e", start.parse()?);
///     event.duration = Some("PT1H".parse()?);
///     Ok::<_, jscalendar::ParseError>(event)
/// };
/// let events = [event("2026-03-02T09:00:00")?, event("2026-03-02T09:30:00")?, event("2026-03-02T12:00:00")?];
/// let busy = busy_periods(&events, "2026-03-02T00:00:00Z".parse()?, "2026-03-03T00:00:00Z".parse()?, &TimeZones::new(), None);
/// let ends: Vec<String> = busy.periods.iter().map(|period| period.end.to_string()).collect();
/// assert_eq!(ends, ["2026-03-02T10:30:00Z", "2026-03-02T13:00:00Z"]);
/// # Ok::<(), jscalendar::ParseError>(())
/// ```
pub fn busy_periods<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    from: UtcDateTime,
    to: UtcDateTime,
    zones: &TimeZones,
    floating: Option<&dyn Zone>,
) -> Busy {
    let mut busy = Busy::default();
    let (mut firm, mut tentative) = (Vec::new(), Vec::new());
    for (index, event) in events.into_iter().enumerate() {
        match Series::new(event, zones) {
            Ok(series) => add(&series, (from, to), floating, &mut firm, &mut tentative),
            Err(error) => busy.failed.push((index, error)),
        }
    }
    let firm = merged(firm);
    let rest = without(merged(tentative), &firm);
    let period = |(start, end): (i64, i64), is_tentative| {
        let utc = UtcDateTime::from_unix_seconds;
        Some(BusyPeriod { start: utc(start)?, end: utc(end)?, is_tentative })
    };
    let firm = firm.into_iter().filter_map(|times| period(times, false));
    busy.periods = firm.chain(rest.into_iter().filter_map(|times| period(times, true))).collect();
    busy.periods.sort_by_key(|period| period.start);
    busy
}

type Times = (i64, i64);

fn add(
    series: &Series<'_, Event>,
    (from, to): (UtcDateTime, UtcDateTime),
    floating: Option<&dyn Zone>,
    firm: &mut Vec<Times>,
    tentative: &mut Vec<Times>,
) {
    // A floating time is less than a day from the same time in UTC.
    let day = crate::Duration::new(1, 0);
    let (early, late) = (from.checked_sub(day).unwrap_or(from), to.checked_add(day).unwrap_or(to));
    for occurrence in series.occurrences().between(early, late) {
        let changed = occurrence.is_override().then(|| occurrence.object());
        let event = changed.as_ref().unwrap_or_else(|| occurrence.entry());
        let start = occurrence.start_seconds(floating).max(from.unix_seconds());
        let end = occurrence.end().seconds(floating).min(to.unix_seconds());
        let is_free = event.free_busy_status == Some(FreeBusyStatus::Free);
        match event.status {
            _ if is_free || start >= end => {}
            Some(EventStatus::Cancelled) => {}
            Some(EventStatus::Tentative) => tentative.push((start, end)),
            _ => firm.push((start, end)),
        }
    }
}

fn merged(mut times: Vec<Times>) -> Vec<Times> {
    times.sort_unstable();
    let mut merged: Vec<Times> = Vec::new();
    for (start, end) in times {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// What of `times` is not in `others`; both are merged.
fn without(times: Vec<Times>, others: &[Times]) -> Vec<Times> {
    let mut left = Vec::new();
    for (mut start, end) in times {
        let first = others.partition_point(|other| other.1 <= start);
        for other in others.iter().skip(first).take_while(|other| other.0 < end) {
            if start < other.0 {
                left.push((start, other.0));
            }
            start = start.max(other.1);
        }
        if start < end {
            left.push((start, end));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_firm_counts_before_what_is_tentative() {
        let event = |start: &str, length: &str, rest: &str| {
            let text = format!(
                r#"{{"@type":"Event","start":"2026-03-02T{start}","duration":"{length}"{rest}}}"#
            );
            Event::from_json(&text).unwrap().value
        };
        let events = [
            event("09:00:00", "PT4H", r#","status":"tentative""#),
            event("10:00:00", "PT1H", ""),
            event("11:00:00", "PT30M", ""),
            event("08:00:00", "PT9H", r#","status":"cancelled""#),
            event("08:00:00", "PT9H", r#","freeBusyStatus":"free""#),
            event("08:00:00", "PT9H", r#","timeZone":"Mars/Olympus""#),
        ];
        let utc = |text: &str| text.parse().unwrap();
        let (from, to) = (utc("2026-03-02T09:30:00Z"), utc("2026-03-02T20:00:00Z"));
        let busy = busy_periods(&events, from, to, &TimeZones::new(), None);
        let line = |it: &BusyPeriod| format!("{} {} {}", it.start, it.end, it.is_tentative);
        let lines: Vec<_> = busy.periods.iter().map(line).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        2026-03-02T09:30:00Z 2026-03-02T10:00:00Z true
        2026-03-02T10:00:00Z 2026-03-02T11:30:00Z false
        2026-03-02T11:30:00Z 2026-03-02T13:00:00Z true
        ");
        assert_eq!(busy.failed.iter().map(|failed| failed.0).collect::<Vec<_>>(), [5]);
    }
}
