//! Date-times, durations and the instants that they stand for.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, ToSpan};

use super::lines::Component;

/// Rules are followed up to this year.
const LAST_YEAR: i16 = 2200;

/// A date or date-time as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// `19970714`
    Day(Date),
    /// `19970714T133000`; UTC or not
    Time(DateTime, bool),
}

impl Moment {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let day = date(text.get(..8)?)?;
        let rest = text.get(8..)?.to_ascii_uppercase();
        if rest.is_empty() {
            return Some(Self::Day(day));
        }
        let (time, utc) = match rest.strip_suffix('Z') {
            Some(time) => (time, true),
            None => (rest.as_str(), false),
        };
        let time = time.strip_prefix('T').filter(|t| t.len() == 6)?;
        let part = |i: usize| time.get(i..i + 2).and_then(|p| p.parse::<i8>().ok());
        // A leap second is the last one of its minute to everybody else.
        let time = Time::new(part(0)?, part(2)?, part(4)?.min(59), 0).ok()?;
        Some(Self::Time(day.to_datetime(time), utc))
    }
}

fn date(text: &str) -> Option<Date> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(
        text.get(..4)?.parse().ok()?,
        text.get(4..6)?.parse().ok()?,
        text.get(6..8)?.parse().ok()?,
    )
    .ok()
}

/// A duration of RFC 5545, 3.3.6: nominal days and exact seconds are two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) days: i64,
    pub(super) seconds: i64,
}

impl Length {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(&text)),
        };
        let mut length = Self { days: 0, seconds: 0 };
        let (mut number, mut in_time, mut units) = (String::new(), false, 0);
        for c in text.strip_prefix('P')?.chars() {
            if c.is_ascii_digit() {
                number.push(c);
                continue;
            }
            if c == 'T' && !in_time && number.is_empty() {
                in_time = true;
                continue;
            }
            let n = std::mem::take(&mut number).parse::<u32>().ok().map(|n| sign * i64::from(n))?;
            units += 1;
            match (in_time, c) {
                (false, 'W') => length.days += 7 * n,
                (false, 'D') => length.days += n,
                (true, 'H') => length.seconds += 3600 * n,
                (true, 'M') => length.seconds += 60 * n,
                (true, 'S') => length.seconds += n,
                _ => return None,
            }
        }
        (units > 0 && number.is_empty()).then_some(length)
    }
}

/// Seconds of a `UTC-OFFSET`.
pub(super) fn offset_seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, text.get(1..)?),
        b'+' => (1, text.get(1..)?),
        _ => return None,
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |i: usize| digits.get(i..i + 2).map_or(Some(0), |p| p.parse::<i64>().ok());
    Some(sign * (3600 * part(0)? + 60 * part(2)? + part(4)?))
}

/// Days and then seconds later, on the wall clock.
pub(super) fn later(time: DateTime, days: i64, seconds: i64) -> Option<DateTime> {
    let span = Span::new().try_days(days).ok()?.try_seconds(seconds).ok()?;
    time.checked_add(span).ok()
}

/// Seconds since 1970 as if the wall clock showed UTC.
fn wall_seconds(time: DateTime) -> Option<i64> {
    Some(Offset::UTC.to_timestamp(time).ok()?.as_second())
}

/// The instant from which an offset is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Onset {
    at: i64,
    from: i64,
    to: i64,
}

/// What a `VTIMEZONE` says, as a list of onsets.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// In order.
    onsets: Vec<Onset>,
    /// Every offset that there is, the greatest first.
    offsets: Vec<i64>,
}

impl Rules {
    /// `None` if there is a rule that this simple evaluator does not understand, or none at all.
    pub(super) fn of(zone: &Component) -> Option<Self> {
        let mut onsets: Vec<Onset> = Vec::new();
        for observance in &zone.children {
            let (from, to) =
                (seconds_of(observance, "TZOFFSETFROM")?, seconds_of(observance, "TZOFFSETTO")?);
            for local in starts(observance)? {
                if let Some(wall) = wall_seconds(local) {
                    onsets.push(Onset { at: wall - from, from, to });
                }
            }
        }
        onsets.sort_unstable();
        let offsets: BTreeSet<i64> = onsets.iter().flat_map(|o| [o.from, o.to]).collect();
        let offsets = offsets.into_iter().rev().collect();
        (!onsets.is_empty()).then_some(Self { onsets, offsets })
    }

    fn offset_at(&self, instant: i64) -> i64 {
        match self
            .onsets
            .partition_point(|o| o.at <= instant)
            .checked_sub(1)
            .and_then(|i| self.onsets.get(i))
        {
            Some(onset) => onset.to,
            None => self.onsets.first().map_or(0, |o| o.from),
        }
    }

    /// The first instant at which the clock shows this; in a gap, counted with the offset before it.
    fn instant(&self, local: DateTime) -> Option<i64> {
        let wall = wall_seconds(local)?;
        let fits = self.offsets.iter().find(|&&o| self.offset_at(wall - o) == o);
        Some(wall - fits.copied().unwrap_or_else(|| self.offset_at(wall - 86_400)))
    }
}

fn seconds_of(observance: &Component, name: &str) -> Option<i64> {
    offset_seconds(&observance.line(name)?.value)
}

/// The local starts of an observance, from `DTSTART`, `RDATE` and a yearly `RRULE`.
fn starts(observance: &Component) -> Option<Vec<DateTime>> {
    let Moment::Time(first, _) = Moment::parse(&observance.line("DTSTART")?.value)? else {
        return None;
    };
    let mut all = vec![first];
    for line in observance.lines.iter().filter(|l| !l.value.is_empty()) {
        match line.name.as_str() {
            "RDATE" => {
                for item in
                    line.value.split(',').filter_map(|v| Moment::parse(v.split('/').next()?))
                {
                    match item {
                        Moment::Time(time, _) => all.push(time),
                        Moment::Day(day) => all.push(day.to_datetime(first.time())),
                    }
                }
            }
            "RRULE" => {
                yearly(first, &line.value, seconds_of(observance, "TZOFFSETFROM")?, &mut all)?
            }
            "EXDATE" | "EXRULE" => return None,
            _ => {}
        }
    }
    Some(all)
}

fn yearly(first: DateTime, rule: &str, offset: i64, all: &mut Vec<DateTime>) -> Option<()> {
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    for part in rule.to_ascii_uppercase().split(';').filter(|p| !p.is_empty()) {
        let (name, value) = part.split_once('=')?;
        parts.insert(name.to_owned(), value.to_owned());
    }
    let mut take = |name: &str| parts.remove(name);
    take("WKST");
    let interval =
        take("INTERVAL").map_or(Some(1), |v| v.parse::<usize>().ok().filter(|&n| n > 0))?;
    let count = take("COUNT").map_or(Some(usize::MAX), |v| v.parse::<usize>().ok())?;
    let until = take("UNTIL").map_or(Some(None), |v| Moment::parse(&v).map(Some))?;
    let month = take("BYMONTH").map_or_else(|| Some(first.month()), |v| v.parse().ok())?;
    let by_day = take("BYDAY").map_or(Some(None), |v| nth_weekday(&v).map(Some))?;
    let by_month_day = take("BYMONTHDAY");
    if take("FREQ")? != "YEARLY" || !parts.is_empty() {
        return None;
    }
    let days: Option<Vec<i8>> = by_month_day
        .map(|v| v.split(',').map(str::parse).collect::<Result<_, _>>().ok())
        .unwrap_or(Some(vec![]));
    let days = days?;

    let mut done = 0;
    for year in (first.year()..=LAST_YEAR).step_by(interval) {
        let Some(day) = day_in(year, month, by_day, &days, first.day()) else { continue };
        let local = day.to_datetime(first.time());
        let over = match until {
            Some(Moment::Time(end, true)) => wall_seconds(local)? - offset > wall_seconds(end)?,
            Some(Moment::Time(end, false)) => local > end,
            Some(Moment::Day(end)) => day > end,
            None => false,
        };
        if over || done >= count {
            break;
        }
        if local >= first {
            done += 1;
            all.push(local);
        }
    }
    Some(())
}

/// `-1SU` or `SU`.
fn nth_weekday(text: &str) -> Option<(i8, Weekday)> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = match day {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let nth = if nth.is_empty() { 0 } else { nth.parse().ok()? };
    Some((nth, day))
}

fn day_in(
    year: i16,
    month: i8,
    by_day: Option<(i8, Weekday)>,
    days: &[i8],
    default_day: i8,
) -> Option<Date> {
    let start = Date::new(year, month, 1).ok()?;
    let on = |day: i8| match day {
        ..0 => Date::new(year, month, start.days_in_month() + 1 + day).ok(),
        _ => Date::new(year, month, day).ok(),
    };
    match (by_day, days) {
        (None, []) => on(default_day),
        (None, [day, ..]) => on(*day),
        (Some((0, weekday)), []) => start.nth_weekday_of_month(1, weekday).ok(),
        (Some((nth, weekday)), []) => start.nth_weekday_of_month(nth, weekday).ok(),
        (Some((_, weekday)), days) => {
            let mut fits: Vec<Date> =
                days.iter().filter_map(|&d| on(d)).filter(|d| d.weekday() == weekday).collect();
            fits.sort_unstable();
            fits.first().copied()
        }
    }
}

/// The zones that a calendar's `TZID`s may mean.
#[derive(Debug)]
pub(super) struct Zones<'a> {
    /// By upper-case `TZID`; the first definition counts. Rules are followed when somebody asks.
    own: BTreeMap<String, (&'a Component, OnceCell<Option<Rules>>)>,
}

impl<'a> Zones<'a> {
    pub(super) fn of(calendar: &'a Component) -> Self {
        let mut own = BTreeMap::new();
        for zone in calendar.children.iter().filter(|c| c.name == "VTIMEZONE") {
            if let Some(id) = zone.line("TZID") {
                own.entry(id.value.to_uppercase()).or_insert((zone, OnceCell::new()));
            }
        }
        Self { own }
    }

    /// The instant that a text stands for; none if it floats or its zone is unknown.
    pub(super) fn instant(&self, text: &str, tzid: Option<&str>) -> Readings {
        match (Moment::parse(text), tzid) {
            (Some(Moment::Time(time, true)), _) => Readings::certain(wall_seconds(time)),
            (Some(Moment::Time(time, false)), Some(tzid)) => self.local(time, tzid),
            _ => Readings::default(),
        }
    }

    fn local(&self, time: DateTime, tzid: &str) -> Readings {
        let rules = self
            .own
            .get(&tzid.to_uppercase())
            .map(|(zone, rules)| rules.get_or_init(|| Rules::of(zone)));
        let own = rules.and_then(|r| r.as_ref()?.instant(time));
        let iana =
            TimeZone::get(tzid).ok().and_then(|z| z.to_ambiguous_zoned(time).compatible().ok());
        Readings { own, iana: iana.map(|z| z.timestamp().as_second()) }
    }

    /// The instant at which something of this length ends; nominal days first, then exact seconds.
    pub(super) fn end(
        &self,
        start: DateTime,
        utc: bool,
        tzid: Option<&str>,
        length: Length,
    ) -> Readings {
        let Some(day) = later(start, length.days, 0) else { return Readings::default() };
        let from = match (utc, tzid) {
            (true, _) => Readings::certain(wall_seconds(day)),
            (false, Some(tzid)) => self.local(day, tzid),
            (false, None) => Readings::default(),
        };
        Readings {
            own: from.own.map(|at| at + length.seconds),
            iana: from.iana.map(|at| at + length.seconds),
        }
    }

    /// Start and end of a `PERIOD`.
    pub(super) fn period(&self, text: &str, tzid: Option<&str>) -> (Readings, Readings) {
        let Some((from, to)) = text.split_once('/') else { return Default::default() };
        let end = match (Length::parse(to), Moment::parse(from)) {
            (Some(length), Some(Moment::Time(start, utc))) => self.end(start, utc, tzid, length),
            _ => self.instant(to, tzid),
        };
        (self.instant(from, tzid), end)
    }
}

/// An instant, in seconds since 1970, as the calendar's own `VTIMEZONE` and as the IANA database would have it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Readings {
    own: Option<i64>,
    iana: Option<i64>,
}

impl Readings {
    fn certain(at: Option<i64>) -> Self {
        Self { own: at, iana: at }
    }

    pub(super) fn is_unknown(self) -> bool {
        self.own.or(self.iana).is_none()
    }

    /// Like is compared with like, so that a `VTIMEZONE` off by an hour hides no shift by an hour.
    pub(super) fn meet(self, other: Self) -> bool {
        let same = |a: Option<i64>, b: Option<i64>| a.is_some() && a == b;
        let comparable = (self.own.is_some() && other.own.is_some())
            || (self.iana.is_some() && other.iana.is_some());
        let across = !comparable && (same(self.own, other.iana) || same(self.iana, other.own));
        same(self.own, other.own) || same(self.iana, other.iana) || across
    }
}

/// Whether a name is in the IANA database.
pub(super) fn is_iana(tzid: &str) -> bool {
    TimeZone::get(tzid).is_ok()
}

/// Whether two definitions give the same offset all through these years.
pub(super) fn same_offsets(before: &Component, after: &Component, years: &BTreeSet<i16>) -> bool {
    // Without any date there is no instant by which to tell them apart.
    let Some(before) = Rules::of(before).filter(|_| !years.is_empty()) else { return false };
    let tzid = after.line("TZID").map(|l| l.value.clone()).unwrap_or_default();
    let offset_after: Box<dyn Fn(i64) -> Option<i64>> =
        match (Rules::of(after), TimeZone::get(&tzid)) {
            (Some(rules), _) => Box::new(move |at| Some(rules.offset_at(at))),
            (None, Ok(zone)) => Box::new(move |at| {
                let at = jiff::Timestamp::from_second(at).ok()?;
                Some(i64::from(zone.to_offset(at).seconds()))
            }),
            (None, Err(_)) => return false,
        };
    let probes = years.iter().flat_map(|&year| hours_of(year));
    let edges =
        before.onsets.iter().filter(|o| years_of(o.at, years)).flat_map(|o| [o.at - 1, o.at]);
    probes.chain(edges).all(|at| offset_after(at) == Some(before.offset_at(at)))
}

fn years_of(at: i64, years: &BTreeSet<i16>) -> bool {
    jiff::Timestamp::from_second(at)
        .is_ok_and(|t| years.contains(&Offset::UTC.to_datetime(t).year()))
}

/// Every half hour of a year: transitions fall on one of them everywhere since 1970.
fn hours_of(year: i16) -> impl Iterator<Item = i64> {
    let start =
        Date::new(year, 1, 1).ok().and_then(|d| wall_seconds(d.to_datetime(Time::midnight())));
    let end = Date::new(year, 1, 1).ok().and_then(|d| d.checked_add(1.year()).ok());
    let end = end.and_then(|d| wall_seconds(d.to_datetime(Time::midnight())));
    (start.unwrap_or(0)..end.unwrap_or(0)).step_by(1800)
}
