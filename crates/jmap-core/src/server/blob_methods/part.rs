//! [`Part`]: what is taken of a blob while its octets go by.

use bytes::Bytes;
use sha1_smol::Sha1;
use sha2::{Digest, Sha256};

use crate::transport::{Body, TransportError};

/// A part of a blob (RFC 9404, sections 4.1.1 and 4.2).
pub(super) struct Part {
    offset: u64,
    length: Option<u64>,
    /// How many octets there may be in `octets`.
    most: u64,
    octets: Option<Vec<u8>>,
    digests: Vec<(String, Hasher)>,
    size: u64,
}

/// What became of it: the blob as a whole has this size.
pub(super) struct Taken {
    pub(super) octets: Option<Vec<u8>>,
    pub(super) digests: Vec<(String, Vec<u8>)>,
    pub(super) size: u64,
    /// Whether the part goes on behind the end of the blob.
    pub(super) is_truncated: bool,
}

/// Why a part was not taken.
pub(super) enum PartError {
    /// It has more octets than were allowed.
    TooLarge,
    /// The store failed.
    Store(TransportError),
}

impl Part {
    /// The octets of this range; all up to the end without a length.
    pub(super) fn new(offset: Option<u64>, length: Option<u64>) -> Self {
        Self {
            offset: offset.unwrap_or_default(),
            length,
            most: 0,
            octets: None,
            digests: Vec::new(),
            size: 0,
        }
    }

    /// With the octets themselves, unless they are more than `most`.
    pub(super) fn octets(mut self, most: u64) -> Self {
        self.most = most;
        self.octets = Some(Vec::new());
        self
    }

    /// With a digest of them.
    pub(super) fn digest(mut self, algorithm: &str) -> Self {
        self.digests.extend(Hasher::new(algorithm).map(|hasher| (algorithm.to_owned(), hasher)));
        self
    }

    pub(super) async fn take(mut self, mut body: Body) -> Result<Taken, PartError> {
        while let Some(piece) = body.next().await {
            self.push(&piece.map_err(PartError::Store)?)?;
        }
        Ok(self.finish())
    }

    fn push(&mut self, piece: &Bytes) -> Result<(), PartError> {
        let position = |octet: u64| usize::try_from(octet.saturating_sub(self.size));
        let start = position(self.offset).unwrap_or(usize::MAX).min(piece.len());
        let end = position(self.end()).unwrap_or(usize::MAX).min(piece.len());
        let wanted = piece.get(start..end).unwrap_or_default();
        self.size += piece.len() as u64;
        for (_, digest) in &mut self.digests {
            digest.update(wanted);
        }
        let Some(octets) = &mut self.octets else { return Ok(()) };
        if octets.len() as u64 + wanted.len() as u64 > self.most {
            return Err(PartError::TooLarge);
        }
        octets.extend_from_slice(wanted);
        Ok(())
    }

    /// The first octet behind the part.
    fn end(&self) -> u64 {
        self.length.map_or(u64::MAX, |length| self.offset.saturating_add(length))
    }

    fn finish(self) -> Taken {
        let end = self.length.map_or(self.offset, |_| self.end());
        Taken {
            is_truncated: end > self.size,
            octets: self.octets,
            digests: self.digests.into_iter().map(|(name, it)| (name, it.finish())).collect(),
            size: self.size,
        }
    }
}

/// A digest in the making.
enum Hasher {
    Sha(Box<Sha1>),
    Sha256(Box<Sha256>),
}

impl Hasher {
    /// By the names of the registry "HTTP Digest Algorithm Values", in lower case.
    fn new(algorithm: &str) -> Option<Self> {
        match algorithm {
            "sha" => Some(Self::Sha(Box::default())),
            "sha-256" => Some(Self::Sha256(Box::default())),
            _ => None,
        }
    }

    fn update(&mut self, octets: &[u8]) {
        match self {
            Self::Sha(hasher) => hasher.update(octets),
            Self::Sha256(hasher) => hasher.update(octets),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha(hasher) => hasher.digest().bytes().to_vec(),
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
        }
    }
}

/// Whether there is such a digest.
pub(super) fn has_digest(algorithm: &str) -> bool {
    Hasher::new(algorithm).is_some()
}
