//! `jmapctl check`: what is wrong with calendars.

pub(crate) mod times;

use clap::error::ErrorKind;
use ical_jscal::FromIcal;
use jscalendar::{Diagnostic, Diagnostics, Position, Severity, Version};
use serde::Serialize;

use crate::End;
use crate::args::CheckArgs;
use crate::document::{self, Document};
use crate::engine;
use crate::input::{Input, Inputs};
use crate::report::{Failure, Reporter, Stream};

/// Checks everything that was named.
pub(crate) fn run(args: &CheckArgs) -> Result<End, clap::Error> {
    let inputs = Inputs::find(&args.inputs, None);
    inputs
        .check()
        .map_err(|message| crate::args::usage_error("check", ErrorKind::TooManyValues, message))?;
    let mut reporter = Reporter::new(args.json, Stream::Output);
    let mut summary = Summary { unreadable: inputs.report(&reporter), ..Summary::default() };
    reporter.expect(inputs.list.len());
    for input in &inputs.list {
        let name = input.name();
        reporter.begin(&name);
        match check(input) {
            Ok(found) => {
                summary.add(&found);
                reporter.diagnostics(&name, &found);
            }
            Err(failure) => {
                summary.unreadable += 1;
                reporter.failure(&name, &failure);
            }
        }
        reporter.advance();
    }
    reporter.finish();
    reporter.summary(&summary.to_string(), &summary);
    Ok(End::failed_if(summary.invalid + summary.unreadable > 0))
}

/// Everything that is wrong with one input.
fn check(input: &Input) -> Result<Diagnostics, Failure> {
    let (kind, bytes) = engine::load(input)?;
    if kind.is_json() { json(engine::text(&bytes)?) } else { ical(&bytes) }
}

fn json(text: &str) -> Result<Diagnostics, Failure> {
    let mut found = Diagnostics::new();
    for document in Document::read(text)? {
        found.append(document.violations());
    }
    Ok(found)
}

/// What converting noticed, and what is wrong with the result.
fn ical(bytes: &[u8]) -> Result<Diagnostics, Failure> {
    let converted = FromIcal::new().groups(bytes)?;
    let mut found = converted.diagnostics;
    let several = converted.value.len() > 1;
    for (at, group) in converted.value.into_iter().enumerate() {
        let mut violations = Diagnostics::new();
        for violation in group.validate(Version::V2_0) {
            if !is_demanded_of_groups_only(&violation) {
                violations.push(violation);
            }
        }
        times::check(&group.into(), &mut violations);
        let base = if several { at.to_string() } else { String::new() };
        found.append(document::below(&base, violations));
    }
    Ok(found)
}

/// What JSCalendar demands of a group and iCalendar does not demand of a calendar.
fn is_demanded_of_groups_only(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == "missing-member"
        && matches!(&diagnostic.position, Position::Pointer(pointer) if pointer == "uid" || pointer == "updated")
}

/// What comes out in the end.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Summary {
    checked: usize,
    /// Inputs with violations.
    invalid: usize,
    unreadable: usize,
    errors: u64,
    warnings: u64,
    notes: u64,
}

impl Summary {
    fn add(&mut self, found: &Diagnostics) {
        let count = |severity| {
            found.iter().filter(|diagnostic| diagnostic.severity == severity).count() as u64
        };
        // Of those that are not listed the severity is not known; they count as the worst.
        let errors = count(Severity::Error) + found.suppressed();
        let warnings = count(Severity::Warning);
        self.checked += 1;
        self.errors += errors;
        self.warnings += warnings;
        self.notes += count(Severity::Note);
        self.invalid += usize::from(errors + warnings > 0);
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { checked, invalid, unreadable, errors, warnings, notes } = self;
        write!(
            f,
            "checked: {checked}, with violations: {invalid} (errors: {errors}, warnings: {warnings})"
        )?;
        if *notes > 0 {
            write!(f, ", notes: {notes}")?;
        }
        if *unreadable > 0 {
            write!(f, ", not readable: {unreadable}")?;
        }
        Ok(())
    }
}
