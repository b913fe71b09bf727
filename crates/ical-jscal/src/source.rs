//! Where an import reads from: a text in memory, or a stream that can be read twice.

use std::io::{self, Read, Seek, SeekFrom};

use content_line::{Block, BlockReader, Blocks};

/// An input that is read block by block, from the start as often as needed.
pub(crate) trait Source {
    /// The next block.
    fn next_block(&mut self) -> io::Result<Option<Block<'_>>>;

    /// Starts again.
    fn rewind(&mut self) -> io::Result<()>;
}

/// A text in memory.
pub(crate) struct Text<'a> {
    bytes: &'a [u8],
    blocks: Blocks<'a>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, blocks: Blocks::new(bytes) }
    }
}

impl Source for Text<'_> {
    fn next_block(&mut self) -> io::Result<Option<Block<'_>>> {
        Ok(self.blocks.next())
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.blocks = Blocks::new(self.bytes);
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
    fn next_block(&mut self) -> io::Result<Option<Block<'_>>> {
        match &mut self.reader {
            Some(reader) => reader.next_block(),
            None => Ok(None),
        }
    }

    fn rewind(&mut self) -> io::Result<()> {
        let Some(reader) = self.reader.take() else { return Ok(()) };
        let mut input = reader.into_inner();
        input.seek(SeekFrom::Start(self.start))?;
        self.reader = Some(BlockReader::new(input));
        Ok(())
    }
}
