//! [`Content`]: the bytes of an input, in memory while they are few and as a seekable file when they are many.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use tempfile::{SpooledData, spooled_tempfile};

use crate::kind::HEAD;

/// Files that are larger are converted piece by piece, in bounded memory.
const LARGE: u64 = 8 << 20;

/// What cannot be read twice is kept in memory up to this size, and in a temporary file past it.
const SPOOL: usize = 32 << 20;

/// The bytes of an input.
#[derive(Debug)]
pub(crate) enum Content {
    Memory(Vec<u8>),
    /// A seekable file at its beginning.
    File(File),
}

impl Content {
    pub(super) fn of_file(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if metadata.is_file() { Self::of_regular(file, metadata.len()) } else { Self::spool(file) }
    }

    pub(super) fn of_stdin() -> io::Result<Self> {
        match regular_stdin() {
            Some((file, length)) => Self::of_regular(file, length),
            None => Self::spool(io::stdin().lock()),
        }
    }

    fn of_regular(mut file: File, length: u64) -> io::Result<Self> {
        if length > LARGE {
            return Ok(Self::File(file));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        file.read_to_end(&mut bytes)?;
        Ok(Self::Memory(bytes))
    }

    fn spool(mut source: impl Read) -> io::Result<Self> {
        let mut spool = spooled_tempfile(SPOOL);
        io::copy(&mut source, &mut spool)?;
        Ok(match spool.into_inner() {
            SpooledData::InMemory(bytes) => Self::Memory(bytes.into_inner()),
            SpooledData::OnDisk(mut file) => {
                file.rewind()?;
                Self::File(file)
            }
        })
    }

    /// The first [`HEAD`] bytes, or all there are.
    pub(crate) fn head(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => Ok(bytes.iter().take(HEAD).copied().collect()),
            Self::File(file) => {
                let mut head = Vec::with_capacity(HEAD);
                file.take(HEAD as u64).read_to_end(&mut head)?;
                file.seek(SeekFrom::Start(0))?;
                Ok(head)
            }
        }
    }

    /// All bytes, however many they are.
    pub(crate) fn into_bytes(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => Ok(bytes),
            Self::File(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

/// The first bytes of a file that can be read again; `None` of anything else.
pub(super) fn head_of_regular_file(path: &Path) -> io::Result<Option<Vec<u8>>> {
    // A pipe must not be opened in vain: its writer would notice.
    if !fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(Some(head))
}

/// Standard input as a file, if that is what it is and nobody has read from it yet.
#[cfg(unix)]
fn regular_stdin() -> Option<(File, u64)> {
    use std::os::fd::AsFd;

    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    let metadata = file.metadata().ok()?;
    let unread = metadata.is_file() && file.stream_position().ok()? == 0;
    unread.then_some((file, metadata.len()))
}

#[cfg(not(unix))]
fn regular_stdin() -> Option<(File, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_bytes_go_to_a_file_and_start_at_its_beginning() {
        let few = Content::spool(&b"BEGIN"[..]).unwrap();
        assert!(matches!(few, Content::Memory(bytes) if bytes == b"BEGIN"));

        let many = io::repeat(b'x').take(SPOOL as u64 + 1);
        let mut many = Content::spool(b"BEGIN".chain(many)).unwrap();
        assert!(matches!(many, Content::File(_)));
        assert!(many.head().unwrap().starts_with(b"BEGINx"));
        assert_eq!(many.into_bytes().unwrap().len(), SPOOL + 6);
    }
}
