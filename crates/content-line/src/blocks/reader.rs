//! Cutting a stream.

use std::io::{self, Read};

use super::{Block, Scanner, Step};
use crate::decode::Utf16;

/// How much is read at once, at least.
const PIECE: usize = 64 * 1024;

/// Cuts a stream into [`Block`]s, with one of them in memory at a time.
///
/// It gives exactly what [`Blocks`](super::Blocks) gives for the same bytes. The buffer is reused; it grows to the
/// largest component and one piece of reading beyond it. UTF-16 is turned into UTF-8 on the way.
///
/// ```
/// use content_line::{Block, BlockReader};
///
/// # fn main() -> std::io::Result<()> {
/// let stream: &[u8] = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n";
/// let mut blocks = BlockReader::new(stream);
/// let mut children = 0;
/// while let Some(block) = blocks.next_block()? {
///     children += usize::from(matches!(block, Block::Component { .. }));
/// }
/// assert_eq!(children, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BlockReader<R> {
    input: R,
    window: Vec<u8>,
    scanner: Scanner,
    encoding: Encoding,
    eof: bool,
}

#[derive(Debug)]
enum Encoding {
    Unknown,
    Utf8,
    Utf16 { decoder: Utf16, raw: Vec<u8> },
}

impl<R: Read> BlockReader<R> {
    /// Cuts what `input` gives. No `BufRead` is needed.
    pub fn new(input: R) -> Self {
        Self {
            input,
            window: Vec::new(),
            scanner: Scanner::default(),
            encoding: Encoding::Unknown,
            eof: false,
        }
    }

    /// The next piece, which is valid until the next call. `None` at the end.
    ///
    /// # Errors
    ///
    /// Those of the reader. After one, the call can be repeated.
    pub fn next_block(&mut self) -> io::Result<Option<Block<'_>>> {
        let found = loop {
            match self.scanner.step(&self.window, self.eof) {
                Step::Found(found) => break found,
                Step::Done => return Ok(None),
                Step::More => self.fill()?,
            }
        };
        Ok(Some(Block::cut(&self.window, found)))
    }

    /// Whether the input is UTF-16, so that the offsets count bytes of the UTF-8 text and cannot be sought in the
    /// input. Known once the first piece is out.
    pub fn is_transcoded(&self) -> bool {
        matches!(self.encoding, Encoding::Utf16 { .. })
    }

    /// The reader.
    pub fn into_inner(self) -> R {
        self.input
    }

    fn fill(&mut self) -> io::Result<()> {
        let needed = self.scanner.needed();
        self.window.drain(..needed);
        self.scanner.shift(needed);
        // The scanner looks at an unfinished line from its start again, so the window at least doubles.
        let wanted = self.window.len().max(PIECE);
        match &mut self.encoding {
            Encoding::Utf16 { decoder, raw } => {
                let full = read(&mut self.input, wanted, raw)?;
                self.eof = !full;
                decoder.feed(raw, self.eof, &mut self.window);
                raw.clear();
            }
            _ => self.eof = !read(&mut self.input, wanted, &mut self.window)?,
        }
        if let Encoding::Unknown = self.encoding {
            self.encoding = Encoding::Utf8;
            if let Some(mut decoder) = Utf16::detect(&self.window) {
                let raw = std::mem::take(&mut self.window);
                decoder.feed(&raw, self.eof, &mut self.window);
                self.encoding = Encoding::Utf16 { decoder, raw: Vec::new() };
            }
        }
        Ok(())
    }
}

/// Appends `wanted` bytes, or fewer at the end of the input. Answers whether there may be more.
fn read(input: &mut impl Read, wanted: usize, into: &mut Vec<u8>) -> io::Result<bool> {
    into.reserve(wanted);
    let got = input.take(wanted as u64).read_to_end(into)?;
    Ok(got == wanted)
}
