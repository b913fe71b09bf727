//! [`RuleError`].

/// Why a rule cannot be followed.
///
/// ```
/// use jscalendar::{Expansion, Frequency, RecurrenceRule};
///
/// let mut rule = RecurrenceRule::new(Frequency::Daily);
/// rule.by_hour = vec![9, 24];
/// let error = Expansion::new(&rule, "2024-01-15T09:00:00".parse()?).unwrap_err();
/// assert_eq!(error.to_string(), "byHour/1: expected an hour from 0 to 23");
/// # Ok::<(), jscalendar::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: expected {expected}")]
#[non_exhaustive]
pub struct RuleError {
    /// The part that is wrong, as a JSON pointer into the rule without the first slash.
    pub pointer: String,
    /// What should be there.
    pub expected: &'static str,
}

impl RuleError {
    pub(super) fn new(pointer: impl Into<String>, expected: &'static str) -> Self {
        Self { pointer: pointer.into(), expected }
    }
}
