//! [`Diagnostic`]: what a reader, a converter or a check noticed, and [`Diagnostics`], a capped list of them.

use std::borrow::Cow;
use std::fmt;

/// One thing that was noticed about some input: what, how bad, and where.
///
/// ```
/// use json_model::{Diagnostic, Severity};
///
/// let diagnostic = Diagnostic::new("wrong-type", Severity::Warning, "expected a boolean")
///     .property("showWithoutTime")
///     .at_pointer("entries/0/showWithoutTime");
/// assert_eq!(
///     diagnostic.to_string(),
///     "#/entries/0/showWithoutTime: warning[wrong-type]: expected a boolean",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// A stable name for the kind of finding, such as `wrong-type`; made for programs to match on.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The property or member it is about, in the spelling of the input's format; empty if it is about none.
    pub property: Cow<'static, str>,
    /// Where in the input.
    pub position: Position,
    /// What was found, for people: lower case, without a final stop.
    pub message: String,
}

impl Diagnostic {
    /// A finding without a place; say where with [`at_line`](Self::at_line) or [`at_pointer`](Self::at_pointer).
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            property: Cow::Borrowed(""),
            position: Position::Unknown,
            message: message.into(),
        }
    }

    /// Names the property.
    #[must_use]
    pub fn property(mut self, property: impl Into<Cow<'static, str>>) -> Self {
        self.property = property.into();
        self
    }

    /// Places it in a text; both numbers count from 1.
    #[must_use]
    pub fn at_line(mut self, line: u32, column: u32) -> Self {
        self.position = Position::Text { line, column };
        self
    }

    /// Places it in a JSON document, by a pointer without its leading slash.
    #[must_use]
    pub fn at_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.position = Position::Pointer(pointer.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    /// `line:column: severity[code]: message`, or `#/pointer: …` for JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.position {
            Position::Unknown => {}
            position => write!(f, "{position}: ")?,
        }
        write!(f, "{}[{}]: {}", self.severity, self.code, self.message)
    }
}

/// Where in its input a [`Diagnostic`] points.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Position {
    /// The input as a whole, or a place that nobody knows.
    #[default]
    Unknown,
    /// A place in a text; both numbers count from 1.
    #[non_exhaustive]
    Text {
        /// The line.
        line: u32,
        /// The column, in characters.
        column: u32,
    },
    /// A place in a JSON document: a JSON pointer (RFC 6901) without its leading slash.
    Pointer(String),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => Ok(()),
            Self::Text { line, column } => write!(f, "{line}:{column}"),
            Self::Pointer(pointer) => write!(f, "#/{pointer}"),
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; nothing was lost and nothing was changed.
    Note,
    /// Something was wrong and was repaired or kept aside; its meaning may have suffered.
    Warning,
    /// Something was lost, or breaks a rule of the standard.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A list of [`Diagnostic`]s that stops growing at a limit, so that hostile input cannot fill the memory with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    limit: usize,
    suppressed: u64,
}

impl Diagnostics {
    /// The limit of a list made by [`Diagnostics::new`].
    pub const DEFAULT_LIMIT: usize = 1000;

    /// An empty list of at most [`DEFAULT_LIMIT`](Self::DEFAULT_LIMIT) entries.
    pub const fn new() -> Self {
        Self::with_limit(Self::DEFAULT_LIMIT)
    }

    /// An empty list of at most `limit` entries.
    pub const fn with_limit(limit: usize) -> Self {
        Self { list: Vec::new(), limit, suppressed: 0 }
    }

    /// Adds what `diagnostic` makes, or only counts it if the list is full.
    pub fn push_with(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        if self.list.len() < self.limit {
            self.list.push(diagnostic());
        } else {
            self.suppressed += 1;
        }
    }

    /// Adds `diagnostic`, or only counts it if the list is full.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.push_with(|| diagnostic);
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: Self) {
        self.suppressed += other.suppressed;
        for diagnostic in other.list {
            self.push(diagnostic);
        }
    }

    /// How many findings were counted but not kept because the list was full.
    pub fn suppressed(&self) -> u64 {
        self.suppressed
    }

    /// The worst severity in the list.
    pub fn worst(&self) -> Option<Severity> {
        self.list.iter().map(|diagnostic| diagnostic.severity).max()
    }

    /// Whether a finding with this code is in the list.
    pub fn contains(&self, code: &str) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.code == code)
    }

    /// Takes back the findings from index `length` on; those that were only counted stay counted.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.list.truncate(length);
    }

    /// The findings from index `start` on, mutable: a caller that knows more of the place completes it.
    pub fn since_mut(&mut self, start: usize) -> &mut [Diagnostic] {
        let start = start.min(self.list.len());
        &mut self.list[start..]
    }
}

impl Default for Diagnostics {
    fn default() -> Self {
        Self::new()
    }
}

impl std::ops::Deref for Diagnostics {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.list
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_stops_at_its_limit_and_counts_on() {
        let mut list = Diagnostics::with_limit(2);
        for _ in 0..5 {
            list.push(Diagnostic::new("x", Severity::Note, "y"));
        }
        assert_eq!((list.len(), list.suppressed()), (2, 3));
        let mut other = Diagnostics::with_limit(3);
        other.append(list);
        assert_eq!((other.len(), other.suppressed()), (2, 3));
    }
}
