//! Objects: JSON by account, type and id.

use jmap_core::Json;
use rusqlite::{OptionalExtension, params};

use super::{StoreError, Work};

/// What happened to an object; the numbers are those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Created = 1,
    Updated = 2,
    Destroyed = 3,
}

impl Work<'_> {
    /// An object.
    pub(crate) fn object(
        &self,
        account: &str,
        object: &str,
        id: &str,
    ) -> Result<Option<Json>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT json FROM object WHERE account = ?1 AND type = ?2 AND id = ?3",
        )?;
        let json = query.query_row(params![account, object, id], text).optional()?;
        Ok(json.and_then(|json| Json::parse(&json).ok()))
    }

    /// All objects of a type, by id.
    pub(crate) fn objects(&self, account: &str, object: &str) -> Result<Vec<Json>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT json FROM object WHERE account = ?1 AND type = ?2 ORDER BY id",
        )?;
        let rows = query.query_map(params![account, object], text)?;
        let texts = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(texts.iter().filter_map(|json| Json::parse(json).ok()).collect())
    }

    /// Keeps an object, and notes that it changed.
    pub(crate) fn put(
        &self,
        account: &str,
        object: &str,
        id: &str,
        json: &Json,
        kind: Kind,
    ) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO object (account, type, id, json) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET json = excluded.json",
            )?
            .execute(params![account, object, id, json.as_str()])?;
        self.note(account, object, id, kind)
    }

    /// Forgets an object, and notes that it is gone.
    pub(crate) fn remove(&self, account: &str, object: &str, id: &str) -> Result<(), StoreError> {
        for table in ["object", "private"] {
            let delete =
                format!("DELETE FROM {table} WHERE account = ?1 AND type = ?2 AND id = ?3");
            self.transaction.prepare_cached(&delete)?.execute(params![account, object, id])?;
        }
        self.note(account, object, id, Kind::Destroyed)
    }

    fn note(&self, account: &str, object: &str, id: &str, kind: Kind) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached("INSERT INTO change (account, type, id, kind) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![account, object, id, kind as i64])?;
        Ok(())
    }
}

pub(super) fn text(row: &rusqlite::Row<'_>) -> rusqlite::Result<String> {
    row.get(0)
}
