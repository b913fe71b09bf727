//! One logical line, and the iterator over all lines of an input.

use std::borrow::Cow;

use crate::{
    Decoding, Param, Params, Position, Problem, ProblemKind,
    decode::{self, BOM},
    logical::{Logical, logical, skip_blank, unfold},
    param::param_end,
};

/// One logical (unfolded) line: `[group.]name*(;param):value` (RFC 5545 section 3.1, RFC 6350 section 3.3).
///
/// It borrows from the input if the line was not folded and is valid UTF-8, and owns its text otherwise.
/// Control characters stay where they are.
///
/// ```
/// use content_line::{Line, Position};
///
/// let line = Line::parse(b"item1.TEL;TYPE=home;PREF=1:tel:+4\r\n 9-30", Position::START).unwrap();
/// assert_eq!((line.group(), line.name(), line.value()), (Some("item1"), "TEL", "tel:+49-30"));
/// assert_eq!(line.param("type").unwrap().value(), "home");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    text: Cow<'a, str>,
    spans: Spans,
    position: Position,
    decoding: Decoding,
}

/// Byte ranges in the text. Lines of 4 GiB are refused, and a short `Line` makes long lists of them cheap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spans {
    /// Start of the group, or of the name if there is no group.
    start: u32,
    name: u32,
    name_end: u32,
    /// Start of the parameters; equal to `value` if there are none.
    params: u32,
    value: u32,
}

impl<'a> Line<'a> {
    /// Reads the first logical line of `bytes`, which may be folded and may end with a line end.
    ///
    /// # Errors
    ///
    /// [`ProblemKind::NotAContentLine`] if there is no `:` or no name, [`ProblemKind::TooLong`] from 4 GiB.
    pub fn parse(bytes: &'a [u8], position: Position) -> Result<Self, Problem<'a>> {
        let Some(Logical { end, folded, .. }) = logical(bytes, 0, true) else {
            return Err(Problem::new(ProblemKind::NotAContentLine, position, Cow::Borrowed("")));
        };
        let (text, decoding) = text_of(&bytes[..end], folded);
        Self::from_text(text, decoding, position)
    }

    #[inline]
    fn from_text(
        text: Cow<'a, str>,
        decoding: Decoding,
        position: Position,
    ) -> Result<Self, Problem<'a>> {
        if u32::try_from(text.len()).is_err() {
            return Err(Problem::new(ProblemKind::TooLong, position, text));
        }
        match spans(text.as_bytes()) {
            Some(spans) => Ok(Self { text, spans, position, decoding }),
            None => Err(Problem::new(ProblemKind::NotAContentLine, position, text)),
        }
    }

    /// The name as written. Names compare without regard to ASCII case: see [`is`](Self::is).
    #[inline]
    pub fn name(&self) -> &str {
        self.slice(self.spans.name, self.spans.name_end)
    }

    /// Whether the line has this name, in whatever case.
    #[inline]
    pub fn is(&self, name: &str) -> bool {
        // Most names that are asked for have another length.
        (self.spans.name_end - self.spans.name) as usize == name.len()
            && self.name().eq_ignore_ascii_case(name)
    }

    /// What stands before the first `.` of the name, as in vCard's `item1.TEL` (RFC 6350 section 3.3).
    pub fn group(&self) -> Option<&str> {
        (self.spans.start < self.spans.name)
            .then(|| self.slice(self.spans.start, self.spans.name - 1))
    }

    /// The parameters in order, found while iterating.
    #[inline]
    pub fn params(&self) -> Params<'_> {
        Params::new(if self.has_params() {
            self.slice(self.spans.params, self.spans.value - 1)
        } else {
            ""
        })
    }

    /// The first parameter of that name, in whatever case.
    pub fn param(&self, name: &str) -> Option<Param<'_>> {
        self.params().find(|param| param.is(name))
    }

    /// Whether anything stands between the name and the `:`.
    #[inline]
    pub fn has_params(&self) -> bool {
        self.spans.params < self.spans.value
    }

    /// Everything after the `:`, unfolded but otherwise as written.
    #[inline]
    pub fn value(&self) -> &str {
        self.text.get(self.spans.value as usize..).unwrap_or_default()
    }

    /// Where the line starts.
    pub fn position(&self) -> Position {
        self.position
    }

    /// How the bytes were read.
    pub fn decoding(&self) -> Decoding {
        self.decoding
    }

    /// The whole unfolded line.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The whole unfolded line, borrowed from the input if it can be.
    pub fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    /// The value, borrowed from the input if it can be.
    #[inline]
    pub fn into_value(self) -> Cow<'a, str> {
        let value = self.spans.value as usize;
        match self.text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(value..).unwrap_or_default()),
            Cow::Owned(mut text) => Cow::Owned(text.split_off(value)),
        }
    }

    /// The same line with a text of its own.
    pub fn into_owned(self) -> Line<'static> {
        Line { text: Cow::Owned(self.text.into_owned()), ..self }
    }

    #[inline]
    pub(crate) fn delimiter(&self) -> Delimiter {
        if self.spans.start != self.spans.name {
            return Delimiter::None;
        }
        let name = self.name();
        match name.len() {
            5 if name.eq_ignore_ascii_case("BEGIN") => Delimiter::Begin,
            3 if name.eq_ignore_ascii_case("END") => Delimiter::End,
            _ => Delimiter::None,
        }
    }

    #[inline]
    fn slice(&self, from: u32, to: u32) -> &str {
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }
}

/// Whether a line begins or ends a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delimiter {
    None,
    Begin,
    End,
}

/// All logical lines of an input. Blank lines and a byte order mark are skipped.
///
/// A line that is no content line comes as a [`Problem`] with its text, and the iteration goes on after it.
///
/// ```
/// use content_line::Lines;
///
/// let mut lines = Lines::new(b"SUMMARY:Tea\n  time\n\noops\nEND:VEVENT");
/// assert_eq!(lines.next().unwrap().unwrap().value(), "Tea time");
/// assert_eq!(lines.next().unwrap().unwrap_err().text, "oops");
/// assert_eq!(lines.next().unwrap().unwrap().position().line, 5);
/// assert!(lines.next().is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    source: Source<'a>,
    at: usize,
    /// Where the line before `at` starts.
    line_start: usize,
    /// Where `at` is.
    position: Position,
}

#[derive(Clone, Debug)]
enum Source<'a> {
    Bytes {
        bytes: &'a [u8],
        /// A stretch of the bytes that is known to be UTF-8, and where it starts.
        ///
        /// Checking 32 KiB at once is several times quicker than checking each line.
        text: &'a str,
        text_at: usize,
    },
    /// What UTF-16 was turned into. Its lines own their text.
    Decoded(String),
}

impl<'a> Lines<'a> {
    /// The lines of a whole input.
    pub fn new(input: &'a [u8]) -> Self {
        Self::starting_at(input, Position::START)
    }

    /// The lines of a part of an input, whose first byte stands at `first`.
    pub fn starting_at(input: &'a [u8], first: Position) -> Self {
        let source = match decode::decode_input(input) {
            Cow::Borrowed(bytes) => Source::Bytes { bytes, text: "", text_at: 0 },
            Cow::Owned(bytes) => Source::Decoded(decode::decode_owned(bytes).0),
        };
        Self { source, at: 0, line_start: 0, position: first }
    }

    /// The text between two offsets that [`Self::offset`] gave.
    pub(crate) fn raw(&self, from: usize, to: usize) -> Cow<'a, str> {
        match &self.source {
            Source::Bytes { bytes, .. } => {
                decode::decode_line(bytes.get(from..to).unwrap_or_default()).0
            }
            Source::Decoded(text) => Cow::Owned(text.get(from..to).unwrap_or_default().to_owned()),
        }
    }

    /// Where the line that came last starts.
    pub(crate) fn line_start(&self) -> usize {
        self.line_start
    }

    /// Bytes read so far.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    fn advance(&mut self, to: usize, lines: u32) {
        self.position = self.position.advanced(to - self.at, lines);
        self.at = to;
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Result<Line<'a>, Problem<'a>>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let bytes = self.source.bytes();
            let (start, blank) = skip_blank(bytes, self.at, true)?;
            if start >= bytes.len() {
                return None;
            }
            // Concatenated files have a mark in front of each.
            let marked = bytes[start] == BOM[0] && bytes[start..].starts_with(BOM);
            let line = if marked { None } else { logical(bytes, start, true) };
            self.advance(start, blank);
            if marked {
                self.advance(start + BOM.len(), 0);
                continue;
            }
            let line = line?;
            let (text, decoding) = self.source.text(start, &line);
            self.line_start = start;
            let found = Line::from_text(text, decoding, self.position);
            self.advance(line.next, line.physical);
            return Some(found);
        }
    }
}

impl<'a> Source<'a> {
    fn bytes(&self) -> &[u8] {
        match self {
            Source::Bytes { bytes, .. } => bytes,
            Source::Decoded(text) => text.as_bytes(),
        }
    }

    #[inline]
    fn text(&mut self, start: usize, line: &Logical) -> (Cow<'a, str>, Decoding) {
        match self {
            Source::Bytes { bytes, .. } if line.folded => text_of(&bytes[start..line.end], true),
            Source::Bytes { bytes, text, text_at } => {
                if line.end > *text_at + text.len() {
                    *text = valid_stretch(bytes, start, line.end);
                    *text_at = start;
                }
                match text.get(start - *text_at..line.end - *text_at) {
                    Some(text) => (Cow::Borrowed(text), Decoding::Utf8),
                    None => text_of(&bytes[start..line.end], false),
                }
            }
            Source::Decoded(text) => {
                let (text, decoding) = text_of(&text.as_bytes()[start..line.end], line.folded);
                (Cow::Owned(text.into_owned()), decoding)
            }
        }
    }
}

/// The longest UTF-8 text from `start`, up to 32 KiB or `end`, whichever is more.
fn valid_stretch(bytes: &[u8], start: usize, end: usize) -> &str {
    let stop = bytes.len().min(end.max(start + 32 * 1024));
    let stretch = &bytes[start..stop];
    match std::str::from_utf8(stretch) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&stretch[..error.valid_up_to()]).unwrap_or_default(),
    }
}

fn text_of(raw: &[u8], folded: bool) -> (Cow<'_, str>, Decoding) {
    if !folded {
        return decode::decode_line(raw);
    }
    // Joined first, decoded then: folding may have cut a character in two.
    let (text, decoding) = decode::decode_owned(unfold(raw));
    (Cow::Owned(text), decoding)
}

#[inline]
fn spans(text: &[u8]) -> Option<Spans> {
    let start = match text.first() {
        Some(b' ' | b'\t') => text.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?,
        _ => 0,
    };
    let (delimiter, dot) = name_delimiter(text, start)?;
    let name_end = match text.get(delimiter.checked_sub(1)?) {
        Some(byte) if byte.is_ascii_whitespace() => {
            start + text[start..delimiter].trim_ascii_end().len()
        }
        _ => delimiter,
    };
    if name_end <= start {
        return None;
    }
    let value = if text[delimiter] == b':' { delimiter } else { value_colon(text, delimiter)? } + 1;
    let name = match dot {
        Some(dot) if dot > start && dot + 1 < name_end => dot + 1,
        _ => start,
    };
    // The caller has refused longer texts.
    let narrow = |at: usize| at as u32;
    Some(Spans {
        start: narrow(start),
        name: narrow(name),
        name_end: narrow(name_end),
        params: narrow(delimiter + 1),
        value: narrow(value),
    })
}

/// The first `:` or `;`, and the first `.` before it.
///
/// Names are short, so eight bytes at a time in a register find both sooner than two calls of memchr would.
#[inline]
fn name_delimiter(text: &[u8], from: usize) -> Option<(usize, Option<usize>)> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    /// The lowest bit that is set marks the first byte of `word` that is zero; bits above it may be wrong.
    fn zeros(word: u64) -> u64 {
        word.wrapping_sub(EACH) & !word & (EACH << 7)
    }
    let mut at = from;
    let mut dot = None;
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*bytes);
        // `:` and `;` differ in the lowest bit only.
        let delimiters = zeros((word & !EACH) ^ (EACH * u64::from(b':')));
        let dots = zeros(word ^ (EACH * u64::from(b'.')));
        if dot.is_none() && dots.trailing_zeros() < delimiters.trailing_zeros() {
            dot = Some(at + dots.trailing_zeros() as usize / 8);
        }
        if delimiters != 0 {
            return Some((at + delimiters.trailing_zeros() as usize / 8, dot));
        }
        at += 8;
    }
    for (i, byte) in text.get(at..)?.iter().enumerate() {
        match byte {
            b':' | b';' => return Some((at + i, dot)),
            b'.' => dot = dot.or(Some(at + i)),
            _ => {}
        }
    }
    None
}

/// The `:` before the value, seen from the first `;`.
fn value_colon(text: &[u8], mut semicolon: usize) -> Option<usize> {
    let first = semicolon;
    loop {
        match param_end(text, semicolon + 1, true) {
            Some(end) if text[end] == b':' => return Some(end),
            Some(end) => semicolon = end,
            // Every `:` seems quoted, so the quotes are wrong, as in `CN="a:mailto:b;X="c"`.
            None => return memchr::memchr(b':', &text[first..]).map(|i| first + i),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, String, Vec<String>, String) {
        let line = Line::parse(text.as_bytes(), Position::START).unwrap();
        (
            line.group().map(str::to_owned),
            line.name().to_owned(),
            line.params()
                .map(|p| format!("{}={}", p.name(), p.values().collect::<Vec<_>>().join("|")))
                .collect(),
            line.value().to_owned(),
        )
    }

    #[test]
    fn names_and_groups() {
        assert_eq!(parts("a.b.C:x:y"), (Some("a".into()), "b.C".into(), vec![], "x:y".into()));
        assert_eq!(parts(".A:"), (None, ".A".into(), vec![], "".into()));
        assert_eq!(parts("A.:"), (None, "A.".into(), vec![], "".into()));
        assert_eq!(parts("\t A ;B=1:\tv"), (None, "A".into(), vec!["B=1".into()], "\tv".into()));
        assert_eq!(parts("A;:v"), (None, "A".into(), vec![], "v".into()));
    }

    #[test]
    fn quotes() {
        assert_eq!(parts(r#"A;CN="x:y;z":v"#).3, "v");
        assert_eq!(parts(r#"A;CN="abc:mailto:x"#).2, [r#"CN="abc"#]);
        assert_eq!(parts(r#"A;CN="abc:mailto:x"#).3, "mailto:x");
        assert_eq!(parts(r#"A;CN="abc:say "hi" there"#).3, r#"say "hi" there"#);
        assert_eq!(
            parts(r#"A;"HO:ME";X=5":v"w""#),
            (None, "A".into(), vec!["=HO:ME".into(), "X=5\"".into()], "v\"w\"".into())
        );
        assert_eq!(parts(r#"A;B="1","2:3",4:v"#).2, ["B=1|2:3|4"]);
    }

    #[test]
    fn no_content_lines() {
        for text in ["", ":", ":x", " : x", "abc", ";A=b:c", "A;B=c", "A;B=\"c\""] {
            let problem = Line::parse(text.as_bytes(), Position::START).unwrap_err();
            assert_eq!((problem.kind, &*problem.text), (ProblemKind::NotAContentLine, text));
        }
    }

    #[test]
    fn positions_bom_and_encodings() {
        let input =
            b"\xEF\xBB\xBF\r\n \r\nA:\xC3\r\n \xA4\r\nB:\xE4\r\nC:\xC3\xA4\r\n\xEF\xBB\xBFD:\0\x01";
        let lines: Vec<_> = Lines::new(input).map(Result::unwrap).collect();
        let seen: Vec<_> = lines
            .iter()
            .map(|l| (l.as_str(), l.position().offset, l.position().line, l.decoding()))
            .collect();
        assert_eq!(
            seen,
            [
                ("A:ä", 8, 3, Decoding::Utf8),
                ("B:ä", 17, 5, Decoding::Windows1252),
                ("C:ä", 22, 6, Decoding::Utf8),
                ("D:\0\x01", 31, 7, Decoding::Utf8),
            ]
        );
    }

    #[test]
    fn utf16_lines_own_their_text() {
        let input: Vec<u8> = "A:ä\r\nB:\r\n  x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let lines: Vec<_> =
            Lines::new(&input).map(|line| line.unwrap().as_str().to_owned()).collect();
        assert_eq!(lines, ["A:ä", "B: x"]);
    }

    #[test]
    fn a_line_is_small() {
        assert!(size_of::<Line<'_>>() <= 64, "{}", size_of::<Line<'_>>());
    }
}
