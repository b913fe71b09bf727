//! Where a line stands in its input.

/// The place where a logical line begins in the input.
///
/// ```
/// let lines: Vec<_> = content_line::Lines::new(b"A:1\r\nB:2\r\n").map(Result::unwrap).collect();
/// assert_eq!((lines[1].position().offset, lines[1].position().line), (5, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Position {
    /// Bytes before the line. For UTF-16 input these are bytes of the UTF-8 text that it was turned into.
    pub offset: u64,
    /// Number of the first physical line, from 1.
    pub line: u32,
    /// Character within that line, from 1.
    pub column: u32,
}

impl Position {
    /// The first byte of an input.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// The start of a line.
    pub const fn new(offset: u64, line: u32) -> Self {
        Self { offset, line, column: 1 }
    }

    pub(crate) fn advanced(self, bytes: usize, lines: u32) -> Self {
        Self::new(self.offset + bytes as u64, self.line.saturating_add(lines))
    }
}

impl Default for Position {
    fn default() -> Self {
        Self::START
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
