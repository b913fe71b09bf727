//! [`Connections`]: one that writes, and those that read beside it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
#[cfg(unix)]
use std::{fs::OpenOptions, io::ErrorKind};

use rusqlite::{Connection, OpenFlags};

use super::{StoreError, schema};

/// How long somebody else may write before it is an error.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 128;

/// How many connections are kept for the next ones who read.
const MOST_IDLE: usize = 8;

pub(super) struct Connections {
    writer: Mutex<Connection>,
    /// `None` in memory, where there is no second connection.
    readers: Option<Readers>,
}

struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        make_private(path)?;
        // A path is no URI.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut writer = with_patience(Connection::open_with_flags(path, flags)?)?;
        schema::prepare(&mut writer)?;
        let readers = Readers { path: path.to_owned(), idle: Mutex::default() };
        Ok(Self { writer: Mutex::new(writer), readers: Some(readers) })
    }

    pub(super) fn in_memory() -> Result<Self, StoreError> {
        let mut writer = with_patience(Connection::open_in_memory()?)?;
        schema::prepare(&mut writer)?;
        Ok(Self { writer: Mutex::new(writer), readers: None })
    }

    /// Does something with the connection that writes, when everybody before has done with it.
    pub(super) fn with_writer<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> T {
        work(&mut lock(&self.writer))
    }

    /// Does something with a connection that reads.
    pub(super) fn with_reader<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(readers) = &self.readers else { return self.with_writer(work) };
        let mut connection = readers.take()?;
        let done = work(&mut connection);
        readers.give_back(connection);
        done
    }

    /// A connection of one's own that reads; `None` in memory.
    pub(super) fn reader(&self) -> Result<Option<Connection>, StoreError> {
        self.readers.as_ref().map(Readers::open).transpose()
    }
}

impl Readers {
    fn take(&self) -> Result<Connection, StoreError> {
        let idle = lock(&self.idle).pop();
        idle.map_or_else(|| self.open(), Ok)
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = lock(&self.idle);
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        }
    }

    fn open(&self) -> Result<Connection, StoreError> {
        // Reading takes part in the housekeeping of the log that is written ahead, so it is not opened for reading alone.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = with_patience(Connection::open_with_flags(&self.path, flags)?)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }
}

/// Makes the file, if it is not there, for its owner alone: the other files that SQLite makes beside it are like it.
#[cfg(unix)]
fn make_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;

    let mut options = OpenOptions::new();
    match options.write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

fn with_patience(connection: Connection) -> Result<Connection, StoreError> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere has rolled its transaction back.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
