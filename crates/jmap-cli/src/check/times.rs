//! What is wrong with a calendar and shows only when somebody asks when things happen.

use ical_jscal::CalendarZones;
use jscalendar::{
    Diagnostic, Diagnostics, Entry, Expansion, LocalDateTime, Membership, PatchObject, Position,
    RecurrenceRule, Series, SeriesError, Severity,
};

use crate::calendar::{Calendar, Dated, Obstacle, below};

const NEVER_MATCHES: &str = "never-matches";
const EXCLUDES_NOTHING: &str = "excludes-nothing";
const UNKNOWN_ZONE: &str = "unknown-zone";
const WRONG_RULE: &str = "wrong-rule";
const NOT_CHECKED: &str = "not-checked";

/// After so many rules of a calendar that never match, no more are looked for: to find one takes looking at all that it
/// could have matched.
const IDLE_RULES: usize = 20;

/// So often a rule is asked about an exclusion, for one object. Only objects with many rules and many exclusions come
/// there.
const QUESTIONS: usize = 1_000_000;

/// Adds to `found`, which is what else is wrong, and is not said again.
pub(crate) fn check(calendar: &Calendar, found: &mut Diagnostics) {
    let zones = calendar.zones();
    let mut idle = 0;
    for (place, entry) in calendar.entries() {
        let findings = match entry {
            Entry::Event(event) => of(&**event, &zones, &mut idle),
            Entry::Task(task) => of(&**task, &zones, &mut idle),
            _ => continue,
        };
        for mut finding in findings {
            let Position::Pointer(pointer) = &mut finding.position else { continue };
            *pointer = below(&place, pointer);
            if !is_said(found, finding.code, pointer) {
                found.push(finding);
            }
        }
    }
}

/// Whether the reason why a calendar cannot be followed is known already.
fn is_said(found: &Diagnostics, code: &str, pointer: &str) -> bool {
    let is_there = |other: &Diagnostic| {
        let Position::Pointer(other) = &other.position else { return false };
        other.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    matches!(code, UNKNOWN_ZONE | WRONG_RULE) && found.iter().any(is_there)
}

/// What is wrong with one object; `idle` is the number of rules so far that never match.
fn of<T: Dated>(entry: &T, zones: &CalendarZones, idle: &mut usize) -> Diagnostics {
    // They are cut short where they are all together.
    let mut found = Diagnostics::with_limit(usize::MAX);
    let zone = zones.zone_of(entry);
    if let Err(error) = Series::with_zone(entry, zones.time_zones(), zone.as_ref()) {
        found.append(obstacle(&error));
    }
    if let Some(start) = entry.first() {
        idle_rules(entry, start, idle, &mut found);
        idle_exclusions(entry, start, &mut found);
    }
    found
}

fn obstacle(error: &SeriesError) -> Diagnostics {
    let Obstacle { pointer, message } = error.into();
    let mut found = Diagnostics::new();
    match error {
        SeriesError::Zone { .. } => {
            found.push(finding(UNKNOWN_ZONE, Severity::Warning, pointer, message));
        }
        SeriesError::Rule { error, .. } => {
            // Another calendar than the Gregorian is no mistake, but it is worth knowing that nothing was tried.
            let other_calendar = error.pointer == "rscale";
            let severity = if other_calendar { Severity::Note } else { Severity::Warning };
            found.push(finding(WRONG_RULE, severity, pointer, message));
        }
        // That a start is missing is said where mandatory members are.
        _ => {}
    }
    found
}

/// Rules that give nothing but the start, whatever their end.
fn idle_rules<T: Dated>(
    entry: &T,
    start: LocalDateTime,
    idle: &mut usize,
    found: &mut Diagnostics,
) {
    for (place, rule) in rules(entry) {
        if *idle > IDLE_RULES {
            return;
        }
        if !never_matches(rule, start) {
            continue;
        }
        *idle += 1;
        if *idle <= IDLE_RULES {
            let message = "the rule never matches: it gives nothing after the start, in any year";
            found.push(finding(NEVER_MATCHES, Severity::Warning, place, message));
        } else {
            let message = "many rules never match; from here on this was not checked";
            found.push(finding(NOT_CHECKED, Severity::Note, place, message));
        }
    }
}

fn never_matches(rule: &RecurrenceRule, start: LocalDateTime) -> bool {
    let mut endless = rule.clone();
    (endless.count, endless.until) = (None, None);
    Expansion::new(&endless, start).is_ok_and(|moments| moments.take(2).count() < 2)
}

/// Exclusions of moments at which there is nothing to exclude.
fn idle_exclusions<T: Dated>(entry: &T, start: LocalDateTime, found: &mut Diagnostics) {
    let excluded: Vec<LocalDateTime> = entry
        .common()
        .recurrence_overrides
        .iter()
        .filter(|(at, patch)| **at != start && is_excluded(patch))
        .map(|(at, _)| *at)
        .collect();
    if excluded.is_empty() {
        return;
    }
    let rules: Vec<Membership> = rules(entry).map(|(_, rule)| rule.membership(start)).collect();
    // Where readers of rules do not agree, or nobody can say, nothing is reported.
    let hits = |at: LocalDateTime| rules.iter().any(|rule| rule.contains(at) != Some(false));
    for at in excluded.into_iter().take(QUESTIONS / rules.len().max(1)) {
        if !hits(at) {
            let place = below("recurrenceOverrides", &at.to_string());
            let message = "nothing happens at this time that could be excluded";
            found.push(finding(EXCLUDES_NOTHING, Severity::Warning, place, message));
        }
    }
}

fn is_excluded(patch: &PatchObject) -> bool {
    patch.0.get("excluded").is_some_and(|excluded| excluded.as_str() == "true")
}

/// The rules of either version that add occurrences, with the pointers to them.
fn rules<T: Dated>(entry: &T) -> impl Iterator<Item = (String, &RecurrenceRule)> {
    let common = entry.common();
    let one = common.recurrence_rule.as_deref().map(|rule| ("recurrenceRule".to_owned(), rule));
    let several = common.legacy.iter().flat_map(|legacy| &legacy.recurrence_rules).enumerate();
    let several = several.map(|(at, rule)| (format!("recurrenceRules/{at}"), rule));
    one.into_iter().chain(several)
}

fn finding(
    code: &'static str,
    severity: Severity,
    pointer: String,
    message: impl Into<String>,
) -> Diagnostic {
    let property = pointer.rsplit('/').next().unwrap_or_default().to_owned();
    Diagnostic::new(code, severity, message).property(property).at_pointer(pointer)
}
