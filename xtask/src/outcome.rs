//! How a step ends.

use std::fmt;

/// The end of a step that did not fail.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Everything was checked and is right. The text adds what is worth knowing; it may be empty.
    Passed(String),
    /// Nothing, or not everything, could be checked here; the text says what and why.
    NotChecked(String),
    /// There was nothing to run, or nothing to run it with; the text says why.
    NotRun(String),
}

impl Outcome {
    /// Passed, with nothing to add.
    pub(crate) fn passed() -> Self {
        Self::Passed(String::new())
    }
}

/// Why a step failed, in words for the person who has to mend it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure with this explanation.
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What every step returns.
pub(crate) type StepResult = Result<Outcome, Failure>;

/// Passed when `faults` is empty; otherwise prints them, one a line, and fails with their number.
pub(crate) fn judge(faults: &[String], detail: String) -> StepResult {
    for fault in faults {
        eprintln!("  {fault}");
    }
    match faults.len() {
        0 => Ok(Outcome::Passed(detail)),
        1 => Err(Failure::new("1 fault, listed above")),
        n => Err(Failure::new(format!("{n} faults, listed above"))),
    }
}

/// ` (detail)`, or nothing for an empty detail.
pub(crate) fn in_brackets(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(" ({detail})") }
}
