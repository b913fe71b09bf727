//! Cutting a calendar into its direct children without reading them.

mod reader;
mod scan;

use std::borrow::Cow;

pub use self::reader::BlockReader;
use self::scan::{Found, Kind, Scanner, Step};
use crate::{Line, Position};

/// A piece of an input, as [`Blocks`] and [`BlockReader`] cut it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Block<'a> {
    /// `BEGIN:VCALENDAR`.
    Begin {
        /// The name as written.
        name: Cow<'a, str>,
        /// Where the line is.
        position: Position,
    },
    /// A logical line directly in the calendar, or outside any component. [`Line::parse`] reads it; it may not be a
    /// content line.
    Line {
        /// Its bytes, folds included, without the last line end.
        bytes: &'a [u8],
        /// Where it is.
        position: Position,
    },
    /// A component directly in the calendar, or at the top level. [`Component::parse`](crate::Component::parse) reads
    /// it.
    Component {
        /// `BEGIN` to `END` with the line end after it. `END` may be missing.
        bytes: &'a [u8],
        /// Where it starts.
        position: Position,
    },
    /// An `END` outside any component that names none of the open ones.
    StrayEnd {
        /// The bytes of the line.
        bytes: &'a [u8],
        /// Where it is.
        position: Position,
    },
    /// The calendar ends here.
    End {
        /// Where its `END` is, or what came in place of it.
        position: Position,
        /// Whether it has an `END`.
        closed: bool,
    },
}

impl<'a> Block<'a> {
    fn cut(window: &'a [u8], found: Found) -> Self {
        let bytes = window.get(found.start..found.end).unwrap_or_default();
        let position = found.position;
        match found.kind {
            Kind::Begin => Block::Begin { name: value_of(bytes), position },
            Kind::Line => Block::Line { bytes, position },
            Kind::Component => Block::Component { bytes, position },
            Kind::StrayEnd => Block::StrayEnd { bytes, position },
            Kind::End { closed } => Block::End { position, closed },
        }
    }

    /// Where the piece starts.
    pub fn position(&self) -> Position {
        match self {
            Block::Begin { position, .. }
            | Block::Line { position, .. }
            | Block::Component { position, .. }
            | Block::StrayEnd { position, .. }
            | Block::End { position, .. } => *position,
        }
    }
}

/// Cuts an input in memory into [`Block`]s, which borrow from it.
///
/// Only the first bytes of each line are looked at, so this is several times quicker than reading the lines, and the
/// components can then be read one at a time, in any order or in parallel. The rules for missing and wrong `END`s are
/// those of [`Components`](crate::Components). UTF-16 has to go through [`decode_input`](crate::decode_input) first.
///
/// ```
/// use content_line::{Block, Blocks, Component};
///
/// let input = b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n";
/// let mut uids = Vec::new();
/// for block in Blocks::new(input) {
///     if let Block::Component { bytes, position } = block {
///         let (component, _problems) = Component::parse(bytes, position);
///         uids.extend(component.line("UID").map(|uid| uid.value().to_owned()));
///     }
/// }
/// assert_eq!(uids, ["1"]);
/// ```
#[derive(Debug)]
pub struct Blocks<'a> {
    input: &'a [u8],
    scanner: Scanner,
}

impl<'a> Blocks<'a> {
    /// Cuts a whole input.
    pub fn new(input: &'a [u8]) -> Self {
        Self { input, scanner: Scanner::default() }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        match self.scanner.step(self.input, true) {
            Step::Found(found) => Some(Block::cut(self.input, found)),
            Step::Done | Step::More => None,
        }
    }
}

fn value_of(line: &[u8]) -> Cow<'_, str> {
    match Line::parse(line, Position::START) {
        Ok(line) => crate::component::trimmed(line.into_value()),
        Err(problem) => problem.text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn show(block: &Block<'_>) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let what = match block {
            Block::Begin { name, .. } => format!("Begin {name}"),
            Block::Line { bytes, .. } => format!("Line {:?}", text(bytes)),
            Block::Component { bytes, .. } => format!("Component {:?}", text(bytes)),
            Block::StrayEnd { bytes, .. } => format!("StrayEnd {:?}", text(bytes)),
            Block::End { closed, .. } => format!("End closed={closed}"),
        };
        format!("{}@{} {what}", block.position().line, block.position().offset)
    }

    fn cut(input: &[u8]) -> String {
        Blocks::new(input).map(|block| show(&block)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn children_of_a_calendar() {
        insta::assert_snapshot!(cut(b"\xEF\xBB\xBFBEGIN:VCALENDAR\r\nNAME:a\r\n b\r\n\r\nBEGIN:VEVENT\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEXDATE:1\r\nend:vevent\r\nEND:X\r\nCOLOR:red\r\nEND:VCALENDAR\r\n\r\n"), @r#"
        1@3 Begin VCALENDAR
        2@20 Line "NAME:a\r\n b"
        5@34 Component "BEGIN:VEVENT\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEXDATE:1\r\nend:vevent\r\n"
        10@96 StrayEnd "END:X"
        11@103 Line "COLOR:red"
        12@114 End closed=true
        "#);
    }

    #[test]
    fn missing_ends() {
        insta::assert_snapshot!(cut(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VALARM\nEND:VCALENDAR\nBEGIN:VCALENDAR\nBEGIN:VTODO\nA:1\nBEGIN:VCALENDAR\nB:1"), @r#"
        1@0 Begin VCALENDAR
        2@16 Component "BEGIN:VEVENT\nBEGIN:VALARM\n"
        4@42 End closed=true
        5@56 Begin VCALENDAR
        6@72 Component "BEGIN:VTODO\nA:1\n"
        8@88 End closed=false
        8@88 Begin VCALENDAR
        9@104 Line "B:1"
        9@107 End closed=false
        "#);
    }

    #[test]
    fn no_calendar_around() {
        insta::assert_snapshot!(cut(b" A:1\nBEGIN:VEVENT\nEND:VEVENT\n\nEND:VCALENDAR\nBE\n GIN:VCARD\nN:b\n end:vcard\nE\n N\n D:VCARD"), @r#"
        1@0 Line " A:1"
        2@5 Component "BEGIN:VEVENT\nEND:VEVENT\n\n"
        5@30 StrayEnd "END:VCALENDAR"
        6@44 Component "BE\n GIN:VCARD\nN:b\n end:vcard\nE\n N\n D:VCARD"
        "#);
    }
}
