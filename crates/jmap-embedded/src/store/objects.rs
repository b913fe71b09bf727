//! Objects: JSON by account, type and id, and beside it what each user has of their own.

use jmap_core::Json;
use rusqlite::{OptionalExtension, params};

use super::{StoreError, Work};

/// An object as the file has it. What a user sees of it, [`kept`](crate::kept) alone knows.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// What everybody shares.
    pub(crate) shared: Json,
    /// What the user has of their own.
    pub(crate) own: Option<Json>,
}

impl Work<'_> {
    /// An object, with what a user has of their own about it.
    pub(crate) fn stored(
        &self,
        account: &str,
        object: &str,
        id: &str,
        user: &str,
    ) -> Result<Option<Stored>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT object.json, private.json FROM object LEFT JOIN private
               ON private.account = ?1 AND private.type = ?2 AND private.id = ?3 AND private.user = ?4
             WHERE object.account = ?1 AND object.type = ?2 AND object.id = ?3",
        )?;
        let found = query.query_row(params![account, object, id, user], texts).optional()?;
        Ok(found.and_then(stored))
    }

    /// All objects of a type, by id.
    pub(crate) fn all_stored(
        &self,
        account: &str,
        object: &str,
        user: &str,
    ) -> Result<Vec<Stored>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT object.json, private.json FROM object LEFT JOIN private
               ON private.account = ?1 AND private.type = ?2 AND private.id = object.id AND private.user = ?3
             WHERE object.account = ?1 AND object.type = ?2 ORDER BY object.id",
        )?;
        let rows = query.query_map(params![account, object, user], texts)?;
        let found = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().filter_map(stored).collect())
    }

    /// Keeps what everybody shares of an object.
    pub(crate) fn put(
        &self,
        account: &str,
        object: &str,
        id: &str,
        shared: &Json,
    ) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO object (account, type, id, json) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET json = excluded.json",
            )?
            .execute(params![account, object, id, shared.as_str()])?;
        self.refer(account, object, id, shared)
    }

    /// Keeps what a user has of their own about an object, or that it is nothing.
    pub(crate) fn put_own(
        &self,
        account: &str,
        object: &str,
        id: &str,
        user: &str,
        own: Option<&Json>,
    ) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "DELETE FROM private WHERE account = ?1 AND type = ?2 AND id = ?3 AND user = ?4",
            )?
            .execute(params![account, object, id, user])?;
        let Some(own) = own else { return Ok(()) };
        self.transaction
            .prepare_cached(
                "INSERT INTO private (account, type, id, user, json) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![account, object, id, user, own.as_str()])?;
        Ok(())
    }

    /// Forgets an object, and what anybody had of their own about it.
    pub(crate) fn remove(&self, account: &str, object: &str, id: &str) -> Result<(), StoreError> {
        for text in [
            "DELETE FROM object WHERE account = ?1 AND type = ?2 AND id = ?3",
            "DELETE FROM private WHERE account = ?1 AND type = ?2 AND id = ?3",
            "DELETE FROM blob_of_object WHERE account = ?1 AND type = ?2 AND id = ?3",
        ] {
            self.transaction.prepare_cached(text)?.execute(params![account, object, id])?;
        }
        Ok(())
    }
}

pub(super) fn text(row: &rusqlite::Row<'_>) -> rusqlite::Result<String> {
    row.get(0)
}

type Texts = (String, Option<String>);

fn texts(row: &rusqlite::Row<'_>) -> rusqlite::Result<Texts> {
    Ok((row.get(0)?, row.get(1)?))
}

fn stored((shared, own): Texts) -> Option<Stored> {
    let own = own.and_then(|own| Json::parse(&own).ok());
    Some(Stored { shared: Json::parse(&shared).ok()?, own })
}
