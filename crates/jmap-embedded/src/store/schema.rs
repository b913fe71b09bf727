//! The tables, and how a file of an older version gets them.

use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::StoreError;

/// One script a version: the first makes an empty file one of version 1, and so on.
const VERSIONS: &[&str] = &[include_str!("schema/1.sql")];

/// Says in the file that it is ours: "jmap".
const OURS: i64 = 0x6a6d_6170;

/// Makes a file one of the newest version. Two processes that open it at once do it once.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    let newest = i64::try_from(VERSIONS.len()).unwrap_or(i64::MAX);
    // Before anything is changed; as it stands at one moment, because somebody else may be making it.
    let found = version(&connection.transaction()?)?;
    keep_a_log(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    if found == newest {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?;
    for (number, script) in (1_i64..).zip(VERSIONS).filter(|(number, _)| *number > version) {
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.pragma_update(None, "application_id", OURS)?;
    transaction.commit()?;
    Ok(())
}

/// The version of a file, 0 of an empty one; an error if it is not for this program.
fn version(connection: &Transaction<'_>) -> Result<i64, StoreError> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, found) = (number("application_id")?, number("user_version")?);
    if application != OURS {
        let query = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 = connection.query_row(query, [], |row| row.get(0))?;
        return if tables == 0 && application == 0 { Ok(0) } else { Err(StoreError::Foreign) };
    }
    let known = i64::try_from(VERSIONS.len()).unwrap_or(i64::MAX);
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(found) }
}

/// Writes ahead into a log (WAL), so that others can read meanwhile. For this the file must be nobody else's for a moment;
/// SQLite does not wait for it as it does for other locks.
fn keep_a_log(connection: &Connection) -> Result<(), StoreError> {
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if ["wal", "memory"].contains(&mode.as_str()) {
        return Ok(());
    }
    for _ in 0..200 {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                thread::sleep(Duration::from_millis(10));
            }
            done => return Ok(done?),
        }
    }
    Ok(connection.pragma_update(None, "journal_mode", "WAL")?)
}
