//! An independent judge of the round trip: does one iCalendar text say the same as another?
//!
//! It shares no code with `content-line` or the converter, so an error in either cannot hide itself here: its own
//! deliberately simple reader ([`lines`]), its own idea of what a line says ([`facts`]), its own arithmetic of
//! instants and `VTIMEZONE`s ([`zone`]), and the pairing of what belongs together ([`matching`]). Only the time zone
//! database, jiff's, is common ground.
//!
//! Order, folding, letter case of names and enumerated values, defaults, the splitting of lists and the form of an
//! end (`DTEND` or `DURATION`) are no change. Values, parameters, instants, zones, lines and components are.
//! [`mutations`] and [`neutral`] prove both halves on the corpus, [`judgements`] the fine points.
//!
//! Decisions that are not plain from RFC 5545:
//!
//! * A line without a value may vanish unless it carries a parameter other than `VALUE`, `LANGUAGE`, `ENCODING`,
//!   `CHARSET`, `TZID` and `ALTREP`.
//! * `EXDATE`, `RDATE`, `RECURRENCE-ID`, `DUE` and `UNTIL` stand for instants and may change zone; every other
//!   date-time keeps its text and its `TZID`.
//! * Where a `TZID` names both a `VTIMEZONE` and an IANA zone that disagree, either reading of it is good enough.
//! * A backslash before punctuation that needs none may be kept or dropped.
//! * A `VTIMEZONE` that no line refers to may vanish if its `TZID` is an IANA name.

mod facts;
mod judgements;
mod lines;
pub(crate) mod mapping;
mod matching;
mod mutations;
mod neutral;
pub(crate) mod samples;
mod zone;

use lines::Component;
use matching::Sides;

/// What became of a property or component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is there before and not after.
    Lost,
    /// It is there after and not before.
    Added,
    /// It says something else.
    Changed,
}

/// One way in which two texts differ.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// What happened.
    pub(crate) kind: Kind,
    /// The way to the component, such as `VCALENDAR/VEVENT[uid=a]/VALARM[2]`.
    pub(crate) component: String,
    /// The property, or the component's own name if all of it was lost or added.
    pub(crate) property: String,
    /// The line before, unfolded; empty if there was none.
    pub(crate) before: String,
    /// The line after, unfolded; empty if there is none.
    pub(crate) after: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kind, component, property, before, after } = self;
        write!(f, "{kind:?} {component} {property}: {before:?} -> {after:?}")
    }
}

/// Everything that was lost, added or changed between two iCalendar texts; nothing if they say the same.
///
/// Several calendars in a text are compared one by one in their order.
pub(crate) fn compare(before: &[u8], after: &[u8]) -> Vec<Difference> {
    let mut out = Vec::new();
    let (mut before, mut after) = (lines::parse(before), lines::parse(after));
    let (calendars_before, calendars_after) =
        (take_calendars(&mut before), take_calendars(&mut after));

    for i in 0..calendars_before.len().max(calendars_after.len()) {
        let path = if i == 0 { "VCALENDAR".to_owned() } else { format!("VCALENDAR[{}]", i + 1) };
        match (calendars_before.get(i), calendars_after.get(i)) {
            (Some(b), Some(a)) => compare_pair(b, a, &path, &mut out),
            (Some(b), None) => out.push(matching::lost(b, &path)),
            (None, Some(a)) => out.push(matching::added(a, &path)),
            (None, None) => {}
        }
    }
    // Whatever stands outside a calendar.
    compare_pair(&before, &after, "", &mut out);
    out
}

fn compare_pair(before: &Component, after: &Component, path: &str, out: &mut Vec<Difference>) {
    matching::compare_components(before, after, path, &Sides::new(before, after), out);
}

fn take_calendars(root: &mut Component) -> Vec<Component> {
    let (calendars, others) =
        std::mem::take(&mut root.children).into_iter().partition(|c| c.name == "VCALENDAR");
    root.children = others;
    calendars
}
