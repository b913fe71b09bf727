//! The scanner behind both splitters: a state machine over a window of the input.

use std::borrow::Cow;

use crate::{
    Line, Position,
    component::trimmed,
    decode::BOM,
    line::Delimiter,
    logical::{Logical, logical, skip_blank},
    nesting::{Begun, Ended, Nesting},
};

/// What stands between two bytes of the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) position: Position,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Begin,
    Line,
    Component,
    StrayEnd,
    End { closed: bool },
}

#[derive(Debug)]
pub(super) enum Step {
    Found(Found),
    /// The window has to grow at its end. The scanner goes on where it was.
    More,
    Done,
}

#[derive(Debug)]
pub(super) struct Scanner {
    nesting: Nesting,
    /// The names of what is open, one after the other, and where each starts.
    names: String,
    starts: Vec<usize>,
    /// Start of the next line, in the window.
    at: usize,
    /// Where `at` is in the input.
    position: Position,
    /// The component that is open at the level that is cut: its start in the window and in the input.
    block: Option<(usize, Position)>,
}

impl Default for Scanner {
    fn default() -> Self {
        Self {
            nesting: Nesting::default(),
            names: String::new(),
            starts: Vec::new(),
            at: 0,
            position: Position::START,
            block: None,
        }
    }
}

impl Scanner {
    /// The first byte of the window that is still needed.
    pub(super) fn needed(&self) -> usize {
        self.block.map_or(self.at, |(start, _)| start)
    }

    /// Says that the window lost its first `count` bytes, which must not be needed.
    pub(super) fn shift(&mut self, count: usize) {
        self.at -= count;
        if let Some((start, _)) = &mut self.block {
            *start -= count;
        }
    }

    pub(super) fn step(&mut self, window: &[u8], eof: bool) -> Step {
        loop {
            let Some((start, blank)) = skip_blank(window, self.at, eof) else { return Step::More };
            self.advance(start, blank);
            match window.get(start) {
                None if eof => return self.finish(),
                None => return Step::More,
                Some(&byte) if byte == BOM[0] => {
                    if window.len() - start < BOM.len() && !eof {
                        return Step::More;
                    }
                    if window[start..].starts_with(BOM) {
                        self.advance(start + BOM.len(), 0);
                        continue;
                    }
                }
                Some(_) => {}
            }
            let Some(line) = logical(window, start, eof) else { return Step::More };
            if let Some(found) = self.line(window, &line) {
                return Step::Found(found);
            }
        }
    }

    #[inline]
    fn line(&mut self, window: &[u8], line: &Logical) -> Option<Found> {
        let text = &window[self.at..line.end];
        if may_delimit(text) {
            return self.delimiter(text, line);
        }
        self.pass(Kind::Line, line)
    }

    fn delimiter(&mut self, text: &[u8], line: &Logical) -> Option<Found> {
        let (delimiter, name) =
            quick_delimiter(text, line.folded).unwrap_or_else(|| any_delimiter(text));
        match delimiter {
            Delimiter::Begin => self.begin(&name, line),
            Delimiter::End => self.end(&name, line),
            Delimiter::None => self.pass(Kind::Line, line),
        }
    }

    fn begin(&mut self, name: &str, line: &Logical) -> Option<Found> {
        let outside = self.nesting.depth() == 0;
        let begun = self.nesting.begin(name);
        if begun == Begun::ClosesAll {
            // The line is looked at again when what it closes is out.
            return if self.block.is_some() {
                self.close_block()
            } else {
                self.close_calendar(false)
            };
        }
        if begun == Begun::Opened {
            self.starts.push(self.names.len());
            self.names.push_str(name);
        }
        if outside && self.nesting.in_calendar() {
            return self.pass(Kind::Begin, line);
        }
        self.block.get_or_insert((self.at, self.position));
        self.pass(Kind::Line, line)
    }

    fn end(&mut self, name: &str, line: &Logical) -> Option<Found> {
        let mut stop = self.names.len();
        let open = self.starts.iter().rev().map(|&start| {
            let name = self.names.get(start..stop).unwrap_or_default();
            stop = start;
            name
        });
        match self.nesting.end(name, open) {
            Ended::Closed(count) if count < self.nesting.depth() || !self.nesting.in_calendar() => {
                self.close(count);
                self.advance(line.next, line.physical);
                let inside = self.nesting.depth() > usize::from(self.nesting.in_calendar());
                if inside { None } else { self.take_block() }
            }
            // As above: the child first, and then the calendar.
            Ended::Closed(_) if self.block.is_some() => self.close_block(),
            Ended::Closed(_) => {
                let found = self.close_calendar(true);
                self.advance(line.next, line.physical);
                found
            }
            Ended::Stray | Ended::Mismatched => self.pass(Kind::StrayEnd, line),
            Ended::DeepClosed | Ended::Skipped => self.pass(Kind::Line, line),
        }
    }

    /// Goes over a line, which is a piece of its own unless a component is open around it.
    fn pass(&mut self, kind: Kind, line: &Logical) -> Option<Found> {
        let found = Found { kind, start: self.at, end: line.end, position: self.position };
        self.advance(line.next, line.physical);
        self.block.is_none().then_some(found)
    }

    fn finish(&mut self) -> Step {
        let found =
            if self.block.is_some() { self.close_block() } else { self.close_calendar(false) };
        found.map_or(Step::Done, Step::Found)
    }

    fn close_block(&mut self) -> Option<Found> {
        self.close(self.nesting.depth() - usize::from(self.nesting.in_calendar()));
        self.take_block()
    }

    fn take_block(&mut self) -> Option<Found> {
        let (start, position) = self.block.take()?;
        Some(Found { kind: Kind::Component, start, end: self.at, position })
    }

    fn close_calendar(&mut self, closed: bool) -> Option<Found> {
        if !self.nesting.in_calendar() {
            return None;
        }
        self.close(1);
        Some(Found {
            kind: Kind::End { closed },
            start: self.at,
            end: self.at,
            position: self.position,
        })
    }

    fn close(&mut self, count: usize) {
        self.nesting.close(count);
        if let Some(&end) = self.starts.get(self.nesting.depth()) {
            self.names.truncate(end);
            self.starts.truncate(self.nesting.depth());
        }
    }

    #[inline]
    fn advance(&mut self, to: usize, lines: u32) {
        self.position = self.position.advanced(to - self.at, lines);
        self.at = to;
    }
}

/// What nearly every `BEGIN` and `END` looks like.
fn quick_delimiter(text: &[u8], folded: bool) -> Option<(Delimiter, Cow<'_, str>)> {
    let (delimiter, name) = match text {
        [b'B', b'E', b'G', b'I', b'N', b':', name @ ..] => (Delimiter::Begin, name),
        [b'E', b'N', b'D', b':', name @ ..] => (Delimiter::End, name),
        _ => return None,
    };
    let plain = !folded && name.is_ascii();
    plain
        .then(|| std::str::from_utf8(name.trim_ascii()).ok())
        .flatten()
        .map(|name| (delimiter, Cow::Borrowed(name)))
}

fn any_delimiter(text: &[u8]) -> (Delimiter, Cow<'_, str>) {
    match Line::parse(text, Position::START) {
        Ok(line) => (line.delimiter(), trimmed(line.into_value())),
        Err(_) => (Delimiter::None, Cow::Borrowed("")),
    }
}

/// Whether a line may be a `BEGIN` or `END`, from its first bytes. Nearly every line is out after one.
#[inline]
fn may_delimit(line: &[u8]) -> bool {
    let word: &[u8] = match line {
        [b'B' | b'b', ..] => b"BEGIN",
        [b'E' | b'e', ..] => b"END",
        [b' ' | b'\t', ..] => return true,
        _ => return false,
    };
    for (byte, wanted) in line.iter().zip(word) {
        match byte {
            b'\r' | b'\n' => return true,
            _ if !byte.eq_ignore_ascii_case(wanted) => return false,
            _ => {}
        }
    }
    true
}
