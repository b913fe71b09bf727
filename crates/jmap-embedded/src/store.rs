//! [`Store`]: the file. All SQL is below this module.
//!
//! Objects are kept as the JSON that was written, unknown members too; tables beside them have what queries need. Every
//! change of an object is a row of one log, and the state of a type is the number of its last row: a client can be
//! behind by any number of changes, up to the horizon.

mod blobs;
mod changes;
mod objects;
mod schema;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub(crate) use self::changes::{Kind, Log};
pub(crate) use self::objects::Stored;

/// The file, or a database in memory. Clones share it.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<Connection>>);

/// A transaction: everything in it is done, or nothing.
pub(crate) struct Work<'s> {
    pub(crate) transaction: Transaction<'s>,
}

/// Why something could not be kept or found.
#[derive(Debug, thiserror::Error)]
#[error("the store failed: {0}")]
pub(crate) struct StoreError(#[from] pub(crate) rusqlite::Error);

impl Store {
    /// Opens a file, and makes it one of ours if it is new.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Self::of(Connection::open_with_flags(path, OpenFlags::default())?)
    }

    /// A database that is gone with the last clone.
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        Self::of(Connection::open_in_memory()?)
    }

    fn of(mut connection: Connection) -> Result<Self, StoreError> {
        // Another process may be writing.
        connection.busy_timeout(Duration::from_secs(10))?;
        schema::prepare(&mut connection)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Reads, as the file stands at one moment.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(StoreError::from)?;
        read(&Work { transaction })
    }

    /// Changes the file, unless `write` fails. Nobody else changes it meanwhile.
    pub(crate) fn write<T, E: From<StoreError>>(
        &self,
        write: impl FnOnce(&Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let work = Work { transaction };
        let done = write(&work)?;
        work.transaction.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere has rolled its transaction back.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
