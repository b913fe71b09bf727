//! States, and what changed since one.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use super::{StoreError, Work};

/// What changed since a state.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    pub(crate) created: Vec<String>,
    pub(crate) updated: Vec<String>,
    pub(crate) destroyed: Vec<String>,
    /// The state after these changes.
    pub(crate) state: i64,
    pub(crate) has_more: bool,
}

impl Work<'_> {
    /// Where the objects of a type stand.
    pub(crate) fn state(&self, account: &str, object: &str) -> Result<i64, StoreError> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT max(number) FROM change WHERE account = ?1 AND type = ?2")?;
        let number: Option<i64> = query.query_row(params![account, object], |row| row.get(0))?;
        Ok(number.unwrap_or(0))
    }

    /// What changed since a state, of at most so many objects; `None` if that is not known, or never was a state.
    pub(crate) fn changes_since(
        &self,
        account: &str,
        object: &str,
        since: i64,
        most: Option<u64>,
    ) -> Result<Option<Changed>, StoreError> {
        let state = self.state(account, object)?;
        if since < self.horizon(account, object)? || since > state {
            return Ok(None);
        }
        let mut query = self.transaction.prepare_cached(
            "SELECT number, id, kind FROM change
             WHERE account = ?1 AND type = ?2 AND number > ?3 ORDER BY number",
        )?;
        let mut rows = query.query(params![account, object, since])?;
        let most = most.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
        let mut changed = Changed { state, ..Changed::default() };
        // The first and the last thing that happened to each object.
        let mut objects: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        let mut last = since;
        while let Some(row) = rows.next()? {
            let (number, id, kind): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if !objects.contains_key(&id) && objects.len() == most {
                (changed.state, changed.has_more) = (last, true);
                break;
            }
            last = number;
            objects.entry(id).and_modify(|(_, end)| *end = kind).or_insert((kind, kind));
        }
        for (id, (first, end)) in objects {
            match (first, end) {
                // It came and went.
                (1, 3) => {}
                (_, 3) => changed.destroyed.push(id),
                (1, _) => changed.created.push(id),
                _ => changed.updated.push(id),
            }
        }
        Ok(Some(changed))
    }

    /// The oldest state since which changes are known.
    fn horizon(&self, account: &str, object: &str) -> Result<i64, StoreError> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT number FROM horizon WHERE account = ?1 AND type = ?2")?;
        let number = query.query_row(params![account, object], |row| row.get(0)).optional()?;
        Ok(number.unwrap_or(0))
    }

    /// Forgets what changed up to now, in all types of an account.
    pub(crate) fn forget_history(&self, account: &str) -> Result<(), StoreError> {
        self.transaction.execute(
            "INSERT INTO horizon (account, type, number)
             SELECT account, type, max(number) FROM change WHERE account = ?1 GROUP BY type
             ON CONFLICT DO UPDATE SET number = excluded.number",
            params![account],
        )?;
        Ok(())
    }
}
