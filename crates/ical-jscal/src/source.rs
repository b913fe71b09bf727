//! Where an import reads from: a text in memory, or a stream that can be read twice.

use std::io::{self, Read, Seek, SeekFrom};

use content_line::{Block, BlockReader, Blocks};

use crate::peek::{Peek, peek};

/// A block of the input, with what has to be known of a component before it is read.
#[derive(Clone, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) block: Block<'a>,
    /// None for what is no VEVENT or VTODO.
    pub(crate) peek: Option<Peek>,
}

impl<'a> Piece<'a> {
    fn new(block: Block<'a>) -> Self {
        let peek = match &block {
            Block::Component { bytes, .. } => peek(bytes),
            _ => None,
        };
        Self { block, peek }
    }
}

/// An input that is read piece by piece, from the start as often as needed.
pub(crate) trait Source {
    /// The next piece.
    fn next_piece(&mut self) -> io::Result<Option<Piece<'_>>>;

    /// Starts again.
    fn rewind(&mut self) -> io::Result<()>;
}

/// A text in memory. What was cut once is remembered.
pub(crate) struct Text<'a> {
    blocks: Blocks<'a>,
    pieces: Vec<Piece<'a>>,
    at: usize,
}

impl<'a> Text<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { blocks: Blocks::new(bytes), pieces: Vec::new(), at: 0 }
    }
}

impl Source for Text<'_> {
    fn next_piece(&mut self) -> io::Result<Option<Piece<'_>>> {
        if self.at == self.pieces.len() {
            let Some(block) = self.blocks.next() else { return Ok(None) };
            self.pieces.push(Piece::new(block));
        }
        self.at += 1;
        Ok(self.pieces.get(self.at - 1).cloned())
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.at = 0;
        Ok(())
    }
}

/// A stream that can be read from the start again.
pub(crate) struct Stream<R: Read + Seek> {
    /// Only ever absent while it is rewound.
    reader: Option<BlockReader<R>>,
    start: u64,
}

impl<R: Read + Seek> Stream<R> {
    pub(crate) fn new(mut input: R) -> io::Result<Self> {
        let start = input.stream_position()?;
        Ok(Self { reader: Some(BlockReader::new(input)), start })
    }
}

impl<R: Read + Seek> Source for Stream<R> {
    fn next_piece(&mut self) -> io::Result<Option<Piece<'_>>> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        Ok(reader.next_block()?.map(Piece::new))
    }

    fn rewind(&mut self) -> io::Result<()> {
        let Some(reader) = self.reader.take() else { return Ok(()) };
        let mut input = reader.into_inner();
        input.seek(SeekFrom::Start(self.start))?;
        self.reader = Some(BlockReader::new(input));
        Ok(())
    }
}
