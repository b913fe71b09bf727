//! What a `TZID` means (RFC 5545, section 3.2.19): the zones that a calendar defines, and those that everybody knows.
//!
//! A name of the IANA database means just that, whatever a `VTIMEZONE` of that name says. Everything else is a guess:
//! a vendor's prefix, a Windows name, a hint within the `VTIMEZONE`. If a `VTIMEZONE` came along, a guess must have the
//! same offsets at every instant that the object uses; if none has, another zone with these offsets is looked for, and
//! if there is none, the definition itself is the zone.

mod generate;
mod history;
mod jscal;
mod names;
mod vtimezone;
mod windows;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::draft::Span;
use content_line::Component;
use jscalendar::{CustomZone, LocalDateTime, Observance, TimeZoneId, UtcDateTime, Zone};

pub(crate) use self::generate::vtimezone;
use self::jscal::to_jscalendar;
pub(crate) use self::jscal::{key, to_vtimezone};
use self::names::Guess;
pub(crate) use self::vtimezone::read;

/// The zones that one calendar defines, and what its `TZID`s mean.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    definitions: BTreeMap<Box<str>, Definition>,
    /// The definitions as members of 1.0, where that is the target.
    members: BTreeMap<Box<str>, jscalendar::TimeZone>,
    /// What was asked before, by the `TZID` as it was written. Only ever a copy of what would be found again.
    known: RefCell<BTreeMap<Box<str>, Known>>,
}

/// What a `VTIMEZONE` says.
#[derive(Debug)]
struct Definition {
    /// None if it cannot be read; then the zone is known by its name or hints, or not at all.
    rules: Option<Rc<CustomZone>>,
    /// Other names for the zone.
    hints: Vec<String>,
}

#[derive(Debug)]
enum Known {
    /// The years do not matter.
    Always(Resolved),
    /// There are rules, and which zone agrees with them depends on when.
    Rules(KnownRules),
}

#[derive(Debug)]
struct KnownRules {
    rules: Rc<CustomZone>,
    /// The zones that the name or a hint stands for.
    candidates: Vec<TimeZoneId>,
    /// The zones that agree in whole years: mostly one object's year is another's.
    years: BTreeMap<(i16, i16), Resolved>,
}

/// What a `TZID` means.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    /// The IANA zone, in the spelling to write. None: no IANA zone has these rules, or nothing is known of them.
    pub(crate) id: Option<TimeZoneId>,
    /// For arithmetic. None: nothing is known of the zone.
    pub(crate) rules: Option<ZoneRules>,
    /// Whether `id` is the `TZID`, letter by letter.
    pub(crate) verbatim: bool,
}

/// The rules of a zone, for arithmetic. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) enum ZoneRules {
    Utc,
    Iana(jiff::tz::TimeZone),
    Custom(Rc<CustomZone>),
}

impl Zones {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Notes a `VTIMEZONE` as a member of `timeZones`, for 1.0.
    pub(crate) fn define_member(&mut self, vtimezone: &Component<'_>) {
        let tzid = vtimezone.line("TZID").map(|line| line.value());
        if let (Some(tzid), Some(zone)) = (tzid, to_jscalendar(vtimezone)) {
            self.members.entry(tzid.into()).or_insert(zone);
        }
    }

    /// The key and the value in `timeZones` of the zone that this TZID names, if it was defined.
    pub(crate) fn member(&self, tzid: &str) -> Option<(TimeZoneId, jscalendar::TimeZone)> {
        Some((key(tzid)?, self.members.get(tzid)?.clone()))
    }

    /// Notes a `VTIMEZONE`. Of two with one `TZID` the first one counts.
    pub(crate) fn define(&mut self, vtimezone: &Component<'_>) {
        let Some(tzid) = vtimezone.line("TZID") else { return };
        if !self.lack(tzid.value()) {
            return;
        }
        let name = names::bare(tzid.value());
        let rules = read(vtimezone).map(Rc::new);
        let definition = Definition { rules, hints: names::hints(vtimezone) };
        self.definitions.insert(name.into(), definition);
        self.known.get_mut().clear();
    }

    /// Whether a definition of this `TZID` would be used. That of an IANA zone is never looked at.
    pub(crate) fn lack(&self, tzid: &str) -> bool {
        let name = names::bare(tzid);
        !is_iana(&name) && !self.definitions.contains_key(name.as_ref())
    }

    /// What `tzid` means for an object that uses times within `span`.
    pub(crate) fn resolve(&self, tzid: &str, span: Span) -> Resolved {
        let mut known = self.known.borrow_mut();
        if !known.contains_key(tzid) {
            known.insert(tzid.into(), self.look_up(tzid));
        }
        match known.get_mut(tzid) {
            Some(Known::Always(resolved)) => resolved.clone(),
            Some(Known::Rules(rules)) => rules.resolve(span),
            None => Resolved::unknown(),
        }
    }

    fn look_up(&self, tzid: &str) -> Known {
        if is_iana(tzid) {
            let resolved = tzid.parse().map(|id| Resolved { verbatim: true, ..Resolved::of(id) });
            return Known::Always(resolved.unwrap_or_else(|_| Resolved::unknown()));
        }
        let name = names::bare(tzid);
        let definition = self.definitions.get(name.as_ref());
        let Guess { zones: mut candidates, offset } = names::guess(&name);
        for hint in definition.map_or(&[][..], |definition| &definition.hints) {
            candidates.extend(names::guess(hint).zones);
        }
        let fixed = || offset.and_then(zone_of_offset).map(Rc::new);
        if let Some(rules) = definition.and_then(|definition| definition.rules.clone()) {
            return Known::Rules(KnownRules::new(rules, candidates));
        }
        match (candidates.into_iter().next(), fixed()) {
            (Some(id), _) => Known::Always(Resolved::of(id)),
            (None, Some(rules)) => Known::Rules(KnownRules::new(rules, Vec::new())),
            (None, None) => Known::Always(Resolved::unknown()),
        }
    }
}

impl Resolved {
    /// Coordinated Universal Time, as a time that ends in `Z` means it.
    pub(crate) fn utc() -> Self {
        Self { id: Some(TimeZoneId::utc()), rules: Some(ZoneRules::Utc), verbatim: false }
    }

    /// The zone of this name; of one that the database does not have, the name alone.
    pub(crate) fn of(id: TimeZoneId) -> Self {
        Self { rules: ZoneRules::of(&id), id: Some(id), verbatim: false }
    }

    fn unknown() -> Self {
        Self { id: None, rules: None, verbatim: false }
    }
}

impl ZoneRules {
    /// The rules of a zone of the database.
    pub(crate) fn of(id: &TimeZoneId) -> Option<Self> {
        if id.is_utc() { Some(Self::Utc) } else { id.to_jiff().map(Self::Iana) }
    }
}

impl Zone for ZoneRules {
    fn instant_of(&self, local: LocalDateTime) -> i64 {
        match self {
            Self::Utc => UtcDateTime::from_utc_clock(local).unix_seconds(),
            Self::Iana(zone) => zone.instant_of(local),
            Self::Custom(zone) => zone.instant_of(local),
        }
    }

    fn local_at(&self, instant: i64) -> Option<LocalDateTime> {
        match self {
            Self::Utc => UtcDateTime::from_unix_seconds(instant).map(UtcDateTime::to_utc_clock),
            Self::Iana(zone) => zone.local_at(instant),
            Self::Custom(zone) => zone.local_at(instant),
        }
    }
}

fn is_iana(name: &str) -> bool {
    TimeZoneId::canonical_case(name).is_some_and(|id| id == *name)
}

impl KnownRules {
    fn new(rules: Rc<CustomZone>, candidates: Vec<TimeZoneId>) -> Self {
        Self { rules, candidates, years: BTreeMap::new() }
    }

    /// The first candidate that has the offsets of the rules in all these years, else the first one that has them
    /// within the span, else any zone that has them in these years, else the rules.
    fn resolve(&mut self, span: Span) -> Resolved {
        let Self { rules, candidates, years } = self;
        let whole = span.years();
        let by_years = years.entry(whole).or_insert_with(|| in_years(rules, candidates, whole));
        if by_years.id.as_ref().is_none_or(|id| !candidates.contains(id)) {
            let (from, to) = (rules.instant_of(span.from), rules.instant_of(span.to));
            if let Some(id) = candidates.iter().find(|id| agrees(rules, id, from, to)) {
                return Resolved::of(id.clone());
            }
        }
        by_years.clone()
    }
}

fn in_years(rules: &Rc<CustomZone>, candidates: &[TimeZoneId], years: (i16, i16)) -> Resolved {
    let (from, to) = instants(rules, years);
    if let Some(id) = candidates.iter().find(|id| agrees(rules, id, from, to)) {
        return Resolved::of(id.clone());
    }
    match rules.matching_iana(from, to) {
        Some(id) => Resolved::of(id),
        None => {
            Resolved { id: None, rules: Some(ZoneRules::Custom(Rc::clone(rules))), verbatim: false }
        }
    }
}

fn agrees(rules: &CustomZone, id: &TimeZoneId, from: i64, to: i64) -> bool {
    id.to_jiff().is_some_and(|zone| rules.agrees_with(&zone, from, to))
}

/// The first and the last second of these years.
fn instants(zone: &CustomZone, (from, to): (i16, i16)) -> (i64, i64) {
    let year = |year: i16| u16::try_from(year).unwrap_or_default().min(9999);
    let first = LocalDateTime::new(year(from), 1, 1, 0, 0, 0).unwrap_or(LocalDateTime::MIN);
    let last = LocalDateTime::new(year(to), 12, 31, 23, 59, 59).unwrap_or(first);
    (zone.instant_of(first), zone.instant_of(last))
}

fn zone_of_offset(seconds: i32) -> Option<CustomZone> {
    CustomZone::new(vec![Observance::new(LocalDateTime::MIN, seconds, seconds)]).ok()
}

#[cfg(test)]
#[cfg(feature = "tz")]
mod tests;
