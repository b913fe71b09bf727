//! Where an import reads from: a text in memory, or a stream that can be read twice.

use std::io::{self, Read, Seek, SeekFrom};

use content_line::{Block, BlockReader, Blocks};

use crate::calendar::Place;

/// An input that is read block by block, from the start as often as needed.
pub(crate) trait Source {
    /// The next block.
    fn next_block(&mut self) -> io::Result<Option<Block<'_>>>;

    /// Starts again.
    fn rewind(&mut self) -> io::Result<()>;

    /// A component that was seen before.
    fn component_at(&mut self, place: Place) -> io::Result<Vec<u8>>;
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

    fn component_at(&mut self, place: Place) -> io::Result<Vec<u8>> {
        let start = usize::try_from(place.position.offset).unwrap_or(usize::MAX);
        let bytes = self.bytes.get(start..).and_then(|rest| rest.get(..place.length));
        Ok(bytes.unwrap_or_default().to_vec())
    }
}

/// A stream that can be read from the start again.
pub(crate) struct Stream<R: Read + Seek> {
    reader: Option<BlockReader<R>>,
    /// A second handle is not to be had, so looking back moves the one there is; this is where to go on.
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

    fn component_at(&mut self, _: Place) -> io::Result<Vec<u8>> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }
}
