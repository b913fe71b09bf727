//! [`Store`]: the file. All SQL is below this module.
//!
//! Objects are kept as the JSON that was written, unknown members too; tables beside them have what queries need. Every
//! change of an object is a row of one log, and the state of a type is the number of its last row: a client can be
//! behind by any number of changes, up to the horizon.
//!
//! A file has one connection that writes, and others that read beside it, each of them a moment of the file (WAL). What a
//! transaction did is on the disk before anybody hears of it (`synchronous=FULL`). Other processes may do the same with the
//! same file. A database in memory has one connection for everything.

mod blobs;
mod changes;
mod connections;
mod lanes;
mod objects;
mod schema;
#[cfg(test)]
mod tests;
mod users;
mod watch;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jmap_core::server::Feed;
use rusqlite::{Transaction, TransactionBehavior};

pub(crate) use self::blobs::NewBlob;
pub(crate) use self::changes::{Kind, Log};
use self::connections::Connections;
use self::lanes::Lanes;
pub(crate) use self::objects::Stored;
use self::watch::Bell;

/// The file, or a database in memory. Clones share it.
#[derive(Clone)]
pub(crate) struct Store(Arc<Shared>);

struct Shared {
    connections: Connections,
    lanes: Lanes,
    bell: Arc<Bell>,
    /// What tells of changes, once somebody wants to hear.
    feed: OnceLock<Option<Arc<Feed>>>,
}

/// A transaction: everything in it is done, or nothing.
pub(crate) struct Work<'s> {
    pub(crate) transaction: Transaction<'s>,
}

/// Why something could not be kept or found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the store failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the file cannot be made: {0}")]
    Io(#[from] std::io::Error),
    #[error("the file is a database of another program")]
    Foreign,
    #[error(
        "the file was made by a newer version of this program: it has version {found}, this one knows {known}"
    )]
    Newer { found: i64, known: i64 },
    #[error("the store failed: no thread could be started or it ended early")]
    Thread,
}

impl Store {
    /// Opens a file, and makes it one of ours if it is new.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::of(Connections::open(path)?))
    }

    /// A database that is gone with the last clone.
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        Ok(Self::of(Connections::in_memory()?))
    }

    fn of(connections: Connections) -> Self {
        Self(Arc::new(Shared {
            connections,
            lanes: Lanes::default(),
            bell: Arc::default(),
            feed: OnceLock::new(),
        }))
    }

    /// Reads, as the file stands at one moment.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.0.connections.with_reader(|connection| {
            let transaction = connection.transaction().map_err(StoreError::from)?;
            read(&Work { transaction })
        })
    }

    /// Changes the file, unless `write` fails. Nobody else changes it meanwhile.
    pub(crate) fn write<T, E: From<StoreError>>(
        &self,
        write: impl FnOnce(&Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = self.0.connections.with_writer(|connection| {
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(StoreError::from)?;
            let work = Work { transaction };
            let done = write(&work)?;
            work.transaction.commit().map_err(StoreError::from)?;
            Ok(done)
        });
        if done.is_ok() {
            self.0.bell.ring();
        }
        done
    }

    /// Does something that waits for the file on a thread for it, so that nothing else is held up: what writes one after
    /// the other, what reads several at a time. It is not begun when nobody waits for it any longer.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        reads_only: bool,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        self.0.lanes.run(reads_only, work).await.ok_or(StoreError::Thread)
    }

    /// Where types stand, as the log says, whoever writes it; `None` if nobody can watch the log.
    pub(crate) fn feed(&self) -> Option<Arc<Feed>> {
        self.0.feed.get_or_init(|| watch::start(self).ok()).clone()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.bell.end();
    }
}
