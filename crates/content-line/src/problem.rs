//! What is wrong with an input, said without giving up on the rest of it.

use std::borrow::Cow;

use crate::Position;

/// Something in the input that is not as it should be, with the text it is about.
///
/// Problems never stop the reading. Displayed, one names the line, the kind and the beginning of the text.
///
/// ```
/// use content_line::{Lines, ProblemKind};
///
/// let problem = Lines::new(b"no colon here\n").next().unwrap().unwrap_err();
/// assert_eq!(problem.kind, ProblemKind::NotAContentLine);
/// assert_eq!(problem.to_string(), "line 1: not a content line: `no colon here`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem<'a> {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where the text starts. For a missing `END` this is the `BEGIN` line.
    pub position: Position,
    /// The text in question: the unfolded line, or for [`ProblemKind::TooDeep`] the whole raw block.
    pub text: Cow<'a, str>,
}

impl Problem<'_> {
    pub(crate) fn new(kind: ProblemKind, position: Position, text: Cow<'_, str>) -> Problem<'_> {
        Problem { kind, position, text }
    }

    /// The same problem with a text of its own.
    pub fn into_owned(self) -> Problem<'static> {
        Problem {
            kind: self.kind,
            position: self.position,
            text: Cow::Owned(self.text.into_owned()),
        }
    }
}

impl std::fmt::Display for Problem<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.position.line, self.kind)?;
        // A hostile line may be megabytes long; a message is for people.
        let mut rest = self.text.chars();
        let excerpt: String =
            rest.by_ref().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
        match (excerpt.is_empty(), rest.as_str().is_empty()) {
            (true, _) => Ok(()),
            (false, true) => write!(f, ": `{excerpt}`"),
            (false, false) => write!(f, ": `{excerpt}…`"),
        }
    }
}

impl std::error::Error for Problem<'_> {}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The line has no `:` or no name before it.
    #[error("not a content line")]
    NotAContentLine,
    /// The line has 4 GiB or more.
    #[error("line too long")]
    TooLong,
    /// The component has no `END`. It was closed by the `END` of an outer one, by a new `BEGIN:VCALENDAR`, or by the end of the input.
    #[error("component without end")]
    MissingEnd,
    /// An `END` outside any component. It is ignored.
    #[error("end without begin")]
    StrayEnd,
    /// An `END` inside a component that names none of the open ones. It is ignored.
    #[error("end of a component that is not open")]
    MismatchedEnd,
    /// A component nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH). The block is not read; its raw text is the problem's text.
    #[error("components nested too deeply")]
    TooDeep,
    /// The line is not valid UTF-8 and was read as Windows-1252 where it is not.
    #[error("not UTF-8, read as windows-1252")]
    NotUtf8,
}
