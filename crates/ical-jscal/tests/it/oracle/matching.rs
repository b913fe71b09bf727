//! Which component and which line after belongs to which before, and what differs between them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Fact, Form, facts, rule_parts, without_idle_backslashes};
use super::lines::Component;
use super::zone::{Moment, Readings, Zones, is_iana, same_offsets};
use super::{Difference, Kind};

/// Among more candidates than this the first one is taken instead of the most similar one.
const MAX_CANDIDATES: usize = 60;

/// What the two calendars know around their components.
pub(super) struct Sides<'a> {
    before: &'a Component,
    after: &'a Component,
    zones_before: Zones<'a>,
    zones_after: Zones<'a>,
    /// Whether all times stand for instants, and may change zone.
    by_instants: bool,
    surroundings: OnceCell<Surroundings>,
}

/// What matters to the comparison of zones only.
#[derive(Default)]
struct Surroundings {
    /// Years near any date of either calendar.
    years: BTreeSet<i16>,
    /// Upper-case `TZID`s that lines refer to.
    used_before: BTreeSet<String>,
    used_after: BTreeSet<String>,
}

impl<'a> Sides<'a> {
    pub(super) fn new(before: &'a Component, after: &'a Component) -> Self {
        let (zones_before, zones_after) = (Zones::of(before), Zones::of(after));
        let surroundings = OnceCell::new();
        Self { before, after, zones_before, zones_after, by_instants: false, surroundings }
    }

    pub(super) fn by_instants(before: &'a Component, after: &'a Component) -> Self {
        Self { by_instants: true, ..Self::new(before, after) }
    }

    fn surroundings(&self) -> &Surroundings {
        self.surroundings.get_or_init(|| {
            let mut found = Surroundings::default();
            collect(self.before, &mut found.years, &mut found.used_before);
            collect(self.after, &mut found.years, &mut found.used_after);
            found.years = found.years.into_iter().flat_map(|y| y - 1..=y + 1).collect();
            found
        })
    }
}

fn collect(component: &Component, years: &mut BTreeSet<i16>, used: &mut BTreeSet<String>) {
    for line in &component.lines {
        used.extend(line.param("TZID").map(|z| z.to_uppercase()));
        if line.name == "X-WR-TIMEZONE" {
            used.insert(line.value.to_uppercase());
        }
        for text in line.value.split([',', '/', ';', '=']) {
            match Moment::parse(text) {
                Some(Moment::Day(day)) => years.insert(day.year().clamp(1800, 2150)),
                Some(Moment::Time(time, _)) => years.insert(time.year().clamp(1800, 2150)),
                None => false,
            };
        }
    }
    for child in component.children.iter().filter(|c| c.name != "VTIMEZONE") {
        collect(child, years, used);
    }
}

/// Compares lines and children of two components that belong together.
pub(super) fn compare_components(
    before: &Component,
    after: &Component,
    path: &str,
    sides: &Sides<'_>,
    out: &mut Vec<Difference>,
) {
    compare_lines(before, after, path, sides, out);
    let names: BTreeSet<&str> =
        before.children.iter().chain(&after.children).map(|c| c.name.as_str()).collect();
    for name in names {
        compare_children(before, after, name, path, sides, out);
    }
}

/// A whole component that is gone.
pub(super) fn lost(component: &Component, path: &str) -> Difference {
    let (component, property, before) =
        (path.to_owned(), component.name.clone(), summary(component));
    Difference { kind: Kind::Lost, component, property, before, after: String::new() }
}

/// A whole component that is new.
pub(super) fn added(component: &Component, path: &str) -> Difference {
    let (component, property, after) =
        (path.to_owned(), component.name.clone(), summary(component));
    Difference { kind: Kind::Added, component, property, before: String::new(), after }
}

fn summary(component: &Component) -> String {
    let lines: Vec<&str> = component.lines.iter().take(4).map(|l| l.raw.as_str()).collect();
    format!("BEGIN:{} {} ...", component.name, lines.join(" | "))
}

// Lines

fn compare_lines(
    before: &Component,
    after: &Component,
    path: &str,
    sides: &Sides<'_>,
    out: &mut Vec<Difference>,
) {
    let (all_before, all_after) = (facts(before), facts(after));
    let (mut rest_before, mut rest_after) = unequal(&all_before, &all_after);

    let starts = [start_tzid(before), start_tzid(after)];
    let same = |b: &Fact, a: &Fact| same_meaning(b, a, &starts, sides);
    rest_before.retain(|b| {
        if b.in_set() {
            return !all_after.iter().any(|a| same(b, a));
        }
        let found = rest_after.iter().position(|a| same(b, a));
        found.map(|i| rest_after.remove(i)).is_none()
    });
    rest_after.retain(|a| !(a.in_set() && all_before.iter().any(|b| same(b, a))));
    rest_after.retain(|a| !may_be_added(before, a));

    for b in rest_before {
        let found = rest_after
            .iter()
            .position(|a| a.name == b.name && a.value == b.value)
            .or_else(|| rest_after.iter().position(|a| a.name == b.name));
        let a = found.map(|i| rest_after.remove(i));
        out.push(difference(path, Some(b), a));
    }
    out.extend(rest_after.into_iter().map(|a| difference(path, None, Some(a))));
}

/// The facts of either side that have no equal on the other one, counted.
fn unequal<'a>(before: &'a [Fact], after: &'a [Fact]) -> (Vec<&'a Fact>, Vec<&'a Fact>) {
    let mut keys: BTreeMap<String, Vec<&Fact>> = BTreeMap::new();
    for a in after {
        keys.entry(a.key()).or_default().push(a);
    }
    let rest_before =
        before.iter().filter(|b| keys.get_mut(&b.key()).and_then(Vec::pop).is_none()).collect();
    (rest_before, keys.into_values().flatten().collect())
}

fn difference(path: &str, before: Option<&Fact>, after: Option<&Fact>) -> Difference {
    let kind = match (before, after) {
        (Some(_), Some(_)) => Kind::Changed,
        (Some(_), None) => Kind::Lost,
        _ => Kind::Added,
    };
    let property = before.or(after).map(|f| f.name.clone()).unwrap_or_default();
    let raw = |f: Option<&Fact>| f.map(|f| f.raw.clone()).unwrap_or_default();
    Difference {
        kind,
        component: path.to_owned(),
        property,
        before: raw(before),
        after: raw(after),
    }
}

/// What the standard demands may be supplied where it was missing.
fn may_be_added(before: &Component, fact: &Fact) -> bool {
    let demanded = match before.name.as_str() {
        "VCALENDAR" => matches!(fact.name.as_str(), "VERSION" | "PRODID"),
        "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY" | "VAVAILABILITY" | "AVAILABLE"
        | "PARTICIPANT" => {
            matches!(fact.name.as_str(), "UID" | "DTSTAMP")
        }
        "VALARM" | "VLOCATION" | "VRESOURCE" => fact.name == "UID",
        _ => false,
    };
    demanded && !before.lines.iter().any(|l| l.name == fact.name && !l.value.is_empty())
}

fn start_tzid(component: &Component) -> Option<String> {
    component.line("DTSTART").or_else(|| component.line("DUE"))?.param("TZID")
}

/// Whether facts with different keys say the same.
fn same_meaning(
    before: &Fact,
    after: &Fact,
    starts: &[Option<String>; 2],
    sides: &Sides<'_>,
) -> bool {
    if before.name != after.name || before.params != after.params || before.form != after.form {
        return false;
    }
    if let (Some(b), Some(a)) = (&before.end, &after.end) {
        let (at_before, at_after) = (b.instant(&sides.zones_before), a.instant(&sides.zones_after));
        let unknown = at_before.is_unknown() || at_after.is_unknown();
        return (b.zone == a.zone || sides.by_instants)
            && if unknown { b.wall == a.wall } else { at_before.meet(at_after) };
    }
    match (before.form, before.name.as_str()) {
        (Form::Text | Form::Token, _) => {
            before.tzid == after.tzid
                && without_idle_backslashes(&before.value) == without_idle_backslashes(&after.value)
        }
        (Form::Time, "EXDATE" | "RDATE" | "RECURRENCE-ID" | "DUE") => {
            same_time(before, after, sides)
        }
        (Form::Time, _) if sides.by_instants => same_time(before, after, sides),
        (Form::Time, "FREEBUSY") => before.tzid == after.tzid && same_time(before, after, sides),
        (Form::Rule, _) => same_rule(before, after, starts, sides),
        _ => false,
    }
}

fn same_time(before: &Fact, after: &Fact, sides: &Sides<'_>) -> bool {
    let (b, a) = (before.tzid.as_deref(), after.tzid.as_deref());
    let (start_before, end_before) = sides.zones_before.period(&before.value, b);
    let (start_after, end_after) = sides.zones_after.period(&after.value, a);
    sides.zones_before.instant(&before.value, b).meet(sides.zones_after.instant(&after.value, a))
        || (start_before.meet(start_after) && end_before.meet(end_after))
}

fn same_rule(before: &Fact, after: &Fact, starts: &[Option<String>; 2], sides: &Sides<'_>) -> bool {
    let value = |f: &Fact| f.raw.rsplit_once(':').map(|(_, v)| rule_parts(v)).unwrap_or_default();
    let (mut before, mut after) = (value(before), value(after));
    let (b, a) = (take_until(&mut before), take_until(&mut after));
    let [start_before, start_after] = starts;
    before == after
        && sides
            .zones_before
            .instant(&b, start_before.as_deref())
            .meet(sides.zones_after.instant(&a, start_after.as_deref()))
}

fn take_until(parts: &mut Vec<(String, Vec<String>)>) -> String {
    let Some(i) = parts.iter().position(|(name, _)| name == "UNTIL") else { return String::new() };
    parts.remove(i).1.join(",")
}

// Components

/// A component of one side, with what pairing needs.
struct Entry<'a> {
    component: &'a Component,
    /// Position among its siblings of the same name, from 1.
    position: usize,
    uid: String,
    recurrence: String,
}

/// Whether a component after may be the one before.
type Belongs<'a> = dyn Fn(&Entry<'_>, &Entry<'_>) -> bool + 'a;

fn entries<'a>(parent: &'a Component, name: &str) -> Vec<Entry<'a>> {
    let siblings = parent.children.iter().filter(|c| c.name == name);
    siblings
        .enumerate()
        .map(|(i, component)| {
            let line = component.line("RECURRENCE-ID");
            let tzid = line.and_then(|l| l.param("TZID")).map(|z| z.to_uppercase());
            let text = line.map(|l| l.value.to_ascii_uppercase()).unwrap_or_default();
            Entry {
                component,
                position: i + 1,
                uid: component.line("UID").map(|l| l.value.clone()).unwrap_or_default(),
                recurrence: line
                    .map(|_| format!("{text} {}", tzid.unwrap_or_default()))
                    .unwrap_or_default(),
            }
        })
        .collect()
}

impl Entry<'_> {
    fn recurrence_instant(&self, zones: &Zones<'_>) -> Readings {
        let line = self.component.line("RECURRENCE-ID");
        line.map(|l| zones.instant(&l.value, l.param("TZID").as_deref())).unwrap_or_default()
    }

    fn path(&self, parent: &str, siblings: usize) -> String {
        let name = &self.component.name;
        let way = if parent.is_empty() { name.clone() } else { format!("{parent}/{name}") };
        match (self.uid.as_str(), self.recurrence.as_str().trim()) {
            ("", "") if siblings < 2 => way,
            ("", _) => format!("{way}[{}]", self.position),
            (uid, "") => format!("{way}[uid={uid}]"),
            (uid, recurrence) => format!("{way}[uid={uid};recurrence-id={recurrence}]"),
        }
    }
}

fn compare_children(
    before: &Component,
    after: &Component,
    name: &str,
    path: &str,
    sides: &Sides<'_>,
    out: &mut Vec<Difference>,
) {
    let all_before = entries(before, name);
    let (count_before, count_after) = (all_before.len(), after.children.len());
    let mut rest_before = all_before;
    let mut rest_after = entries(after, name);

    drop_equal(&mut rest_before, &mut rest_after, raw_print);
    drop_equal(&mut rest_before, &mut rest_after, fact_print);

    let zone = name == "VTIMEZONE";
    let same_instance = |b: &Entry<'_>, a: &Entry<'_>| {
        b.recurrence_instant(&sides.zones_before).meet(a.recurrence_instant(&sides.zones_after))
    };
    let tzid = |e: &Entry<'_>| e.component.line("TZID").map(|l| l.value.to_uppercase());
    let ways: [&Belongs<'_>; 5] = [
        &|b, a| zone && tzid(b) == tzid(a),
        &|b, a| !zone && !b.uid.is_empty() && b.uid == a.uid && b.recurrence == a.recurrence,
        &|b, a| !zone && !b.uid.is_empty() && b.uid == a.uid && same_instance(b, a),
        &|b, a| !zone && !b.uid.is_empty() && b.uid == a.uid,
        &|b, a| !zone && (b.uid.is_empty() || a.uid.is_empty()),
    ];
    for belongs in ways {
        let mut unpaired = Vec::new();
        for b in rest_before {
            let path = b.path(path, count_before);
            match most_similar(&b, &rest_after, belongs, &path, sides) {
                Some((i, differences)) => {
                    let a = rest_after.remove(i);
                    if !(zone
                        && same_offsets(b.component, a.component, &sides.surroundings().years))
                    {
                        out.extend(differences);
                    }
                }
                None => unpaired.push(b),
            }
        }
        rest_before = unpaired;
    }
    let lost_ones =
        rest_before.iter().filter(|b| !(zone && may_vanish(&tzid(b).unwrap_or_default(), sides)));
    out.extend(lost_ones.map(|b| lost(b.component, &b.path(path, count_before))));
    let new_ones =
        rest_after.iter().filter(|a| !(zone && may_appear(&tzid(a).unwrap_or_default(), sides)));
    out.extend(new_ones.map(|a| added(a.component, &a.path(path, count_after))));
}

/// Takes away what is alike by some print, so that the slower ways have little left to do.
fn drop_equal(
    before: &mut Vec<Entry<'_>>,
    after: &mut Vec<Entry<'_>>,
    print: fn(&Component) -> String,
) {
    let prints: Vec<String> = after.iter().map(|a| print(a.component)).collect();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for print in &prints {
        *open.entry(print).or_default() += 1;
    }
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    before.retain(|b| match open.get_key_value(print(b.component).as_str()) {
        Some((&print, &count)) if count > taken.get(print).copied().unwrap_or_default() => {
            *taken.entry(print).or_default() += 1;
            false
        }
        _ => true,
    });
    let mut prints = prints.iter();
    after.retain(|_| {
        let count = prints.next().and_then(|p| taken.get_mut(p.as_str())).filter(|c| **c > 0);
        count.map(|c| *c -= 1).is_none()
    });
}

/// Equal if the texts are, but for the order of their lines.
fn raw_print(component: &Component) -> String {
    let mut parts: Vec<String> = component.lines.iter().map(|l| l.raw.clone()).collect();
    parts.extend(component.children.iter().map(|c| format!("{{{}{}}}", c.name, raw_print(c))));
    parts.sort_unstable();
    parts.join("\u{2}")
}

/// Equal if all the facts are.
fn fact_print(component: &Component) -> String {
    let mut parts: Vec<String> = facts(component).iter().map(Fact::key).collect();
    parts.extend(component.children.iter().map(|c| format!("{{{}{}}}", c.name, fact_print(c))));
    parts.sort_unstable();
    parts.join("\u{2}")
}

/// The candidate with the fewest differences, and those.
fn most_similar(
    before: &Entry<'_>,
    after: &[Entry<'_>],
    belongs: &Belongs<'_>,
    path: &str,
    sides: &Sides<'_>,
) -> Option<(usize, Vec<Difference>)> {
    let candidates =
        after.iter().enumerate().filter(|(_, a)| belongs(before, a)).take(MAX_CANDIDATES);
    candidates
        .map(|(i, a)| {
            let mut differences = Vec::new();
            compare_components(before.component, a.component, path, sides, &mut differences);
            (i, differences)
        })
        .min_by_key(|(_, differences)| differences.len())
}

fn may_vanish(tzid: &str, sides: &Sides<'_>) -> bool {
    let Surroundings { used_before, used_after, .. } = sides.surroundings();
    is_iana(tzid) && !used_before.contains(tzid) && !used_after.contains(tzid)
}

fn may_appear(tzid: &str, sides: &Sides<'_>) -> bool {
    is_iana(tzid) && sides.surroundings().used_after.contains(tzid)
}
