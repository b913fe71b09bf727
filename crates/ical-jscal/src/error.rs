//! [`Error`] and [`Converted`]: how a conversion ends.

use jscalendar::{Diagnostics, Severity};

use crate::Mode;

/// A value, and what was noticed on the way to it.
///
/// Real calendars are broken: what can be saved is saved, and the diagnostics say exactly what was repaired, kept
/// aside or lost.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Converted<T> {
    /// The value.
    pub value: T,
    /// What was repaired, kept aside or lost, each with its place in the input.
    pub diagnostics: Diagnostics,
}

impl<T> Converted<T> {
    /// Changes the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Converted<U> {
        Converted { value: change(self.value), diagnostics: self.diagnostics }
    }

    /// The result of a conversion in this mode: in `strict` mode a value that is not quite the input is an error.
    pub(crate) fn judged(value: T, diagnostics: Diagnostics, mode: Mode) -> Result<Self, Error> {
        let worst =
            diagnostics.worst().max((diagnostics.suppressed() > 0).then_some(Severity::Error));
        if mode == Mode::Strict && worst >= Some(Severity::Warning) {
            return Err(Error::Strict(diagnostics));
        }
        Ok(Self { value, diagnostics })
    }
}

/// Why there is no result at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input has no component of iCalendar in it.
    #[error("not iCalendar: no VCALENDAR, VEVENT or VTODO in it")]
    NotICalendar,
    /// The input is no JSON object of JSCalendar, or no array of them.
    #[error("not JSCalendar: {0}")]
    NotJSCalendar(String),
    /// In [`Mode::Strict`]: something was lost or had to be repaired.
    #[error("not exactly convertible: {}", first(.0))]
    Strict(Diagnostics),
    /// Reading or writing failed.
    #[error("input or output failed")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// What was noticed before the conversion ended.
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        match self {
            Self::Strict(diagnostics) => Some(diagnostics),
            _ => None,
        }
    }
}

fn first(diagnostics: &Diagnostics) -> String {
    let serious = diagnostics.iter().find(|diagnostic| diagnostic.severity >= Severity::Warning);
    serious.map(ToString::to_string).unwrap_or_default()
}
