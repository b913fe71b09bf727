//! Blobs: octets by account and id.

use jmap_core::Json;
use rusqlite::{OptionalExtension, params};

use super::{StoreError, Work};

/// A blob that has come, and who brought it.
pub(crate) struct NewBlob<'b> {
    pub(crate) account: &'b str,
    pub(crate) user: &'b str,
    pub(crate) content: &'b [u8],
    /// When, in seconds from 1970 on.
    pub(crate) came: i64,
}

impl Work<'_> {
    /// Keeps a blob, and gives its id.
    pub(crate) fn put_blob(&self, blob: &NewBlob<'_>) -> Result<String, StoreError> {
        let id = format!("{PREFIX}{}", uuid::Uuid::new_v4().simple());
        let NewBlob { account, user, content, came } = blob;
        self.transaction
            .prepare_cached(
                "INSERT INTO blob (account, id, user, came, content) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![account, id, user, came, content])?;
        Ok(id)
    }

    /// The octets of a blob, and the name of the user who has brought it. Who may have them, [`blobs`](crate::blobs) knows.
    pub(crate) fn blob(
        &self,
        account: &str,
        id: &str,
    ) -> Result<Option<(Vec<u8>, String)>, StoreError> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT content, user FROM blob WHERE account = ?1 AND id = ?2")?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(query.query_row(params![account, id], row).optional()?)
    }

    /// The objects that name a blob: their types and ids.
    pub(crate) fn objects_of_blob(
        &self,
        account: &str,
        id: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT type, id FROM blob_of_object WHERE account = ?1 AND blob = ?2",
        )?;
        let rows = query.query_map(params![account, id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets the blobs that came before a time and to which no object refers; how many there were.
    pub(crate) fn forget_blobs(&self, before: i64) -> Result<usize, StoreError> {
        let forgotten = self
            .transaction
            .prepare_cached(
                "DELETE FROM blob WHERE came < ?1 AND NOT EXISTS
                   (SELECT 1 FROM blob_of_object AS it
                    WHERE it.account = blob.account AND it.blob = blob.id)",
            )?
            .execute([before])?;
        Ok(forgotten)
    }

    /// Notes which blobs an object names.
    pub(super) fn refer(
        &self,
        account: &str,
        object: &str,
        id: &str,
        json: &Json,
    ) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "DELETE FROM blob_of_object WHERE account = ?1 AND type = ?2 AND id = ?3",
            )?
            .execute(params![account, object, id])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT OR IGNORE INTO blob_of_object (account, type, id, blob) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for blob in named(json.as_str()) {
            insert.execute(params![account, object, id, blob])?;
        }
        Ok(())
    }
}

/// What the id of a blob begins with; 32 hexadecimal digits follow.
const PREFIX: &str = "B";
const LENGTH: usize = PREFIX.len() + 32;

/// All strings in a JSON text that have the form of our ids, wherever they stand: rather one too many is kept than one too
/// few.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("\"B").filter_map(|(at, _)| {
        let id = text.get(at + 1..at + 1 + LENGTH)?;
        let digits = id.strip_prefix(PREFIX)?;
        let is_id = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        (is_id && text[at + 1 + LENGTH..].starts_with('"')).then_some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_blobs_are_found_wherever_they_stand() {
        let [one, other] = ["0", "f"].map(|digit| format!("B{}", digit.repeat(32)));
        let text =
            format!(r#"{{"a":"B1","b":["{one}"],"title":"B\u00e4h {one}","{other}":"x{one}"}}"#);
        assert_eq!(named(&text).collect::<Vec<_>>(), [&one, &other]);
        assert_eq!(named(r#""B"#).count(), 0);
        assert_eq!(named(&format!("\"B{}\"", "\u{e4}".repeat(16))).count(), 0);
    }
}
