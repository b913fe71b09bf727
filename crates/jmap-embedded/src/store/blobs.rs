//! Blobs: octets by account and id, which is made from them.

use rusqlite::{OptionalExtension, params};

use super::{StoreError, Work};

impl Work<'_> {
    /// Keeps a blob.
    pub(crate) fn put_blob(
        &self,
        account: &str,
        id: &str,
        content: &[u8],
    ) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO blob (account, id, content) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![account, id, content])?;
        Ok(())
    }

    /// The octets of a blob.
    pub(crate) fn blob(&self, account: &str, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT content FROM blob WHERE account = ?1 AND id = ?2")?;
        Ok(query.query_row(params![account, id], |row| row.get(0)).optional()?)
    }
}
