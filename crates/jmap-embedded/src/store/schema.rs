//! The tables, and how a file of an older version gets them.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// One script a version: the first makes an empty file one of version 1, and so on.
const VERSIONS: &[&str] = &[include_str!("schema/1.sql")];

/// Makes a file one of the newest version. Two processes that open it at once do it once.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (number, script) in (1_i64..).zip(VERSIONS).filter(|(number, _)| *number > version) {
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.commit()?;
    Ok(())
}
