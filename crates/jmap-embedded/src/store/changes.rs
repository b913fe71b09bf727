//! States, and what changed since one.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use super::objects::text;
use super::{StoreError, Work};

/// Which changes: those of the objects of a type in an account that a user sees. No user stands for everybody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Log<'a> {
    pub(crate) account: &'a str,
    pub(crate) object: &'a str,
    pub(crate) user: &'a str,
}

/// What happened to an object; the numbers are those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Created = 1,
    Updated = 2,
    Destroyed = 3,
}

impl Kind {
    /// What happened to somebody who saw an object before, or not, and now sees it, or not.
    pub(crate) fn between(saw: bool, sees: bool) -> Option<Self> {
        match (saw, sees) {
            (false, true) => Some(Self::Created),
            (true, true) => Some(Self::Updated),
            (true, false) => Some(Self::Destroyed),
            (false, false) => None,
        }
    }
}

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
    /// Where the objects of a type stand that a user sees.
    pub(crate) fn state(&self, log: Log<'_>) -> Result<i64, StoreError> {
        // Twice one user, and not one of two: so the index has the answer at once.
        let mut query = self.transaction.prepare_cached(
            "SELECT max(
                coalesce((SELECT max(number) FROM change WHERE account = ?1 AND type = ?2 AND user = ?3), 0),
                coalesce((SELECT max(number) FROM change WHERE account = ?1 AND type = ?2 AND user = ''), 0)
            )",
        )?;
        let row = params![log.account, log.object, log.user];
        let last: i64 = query.query_row(row, |row| row.get(0))?;
        // What is forgotten may have been of somebody else: everybody moves on.
        Ok(last.max(self.horizon(log)?))
    }

    /// Notes that something happened to an object, as a user sees it.
    pub(crate) fn note(&self, log: Log<'_>, id: &str, kind: Kind) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO change (account, user, type, id, kind) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![log.account, log.user, log.object, id, kind as i64])?;
        Ok(())
    }

    /// What changed since a state, of at most so many objects; `None` if that is not known, or never was a state.
    pub(crate) fn changes_since(
        &self,
        log: Log<'_>,
        since: i64,
        most: Option<u64>,
    ) -> Result<Option<Changed>, StoreError> {
        let state = self.state(log)?;
        if since < self.horizon(log)? || since > state {
            return Ok(None);
        }
        let mut query = self.transaction.prepare_cached(
            "SELECT number, id, kind FROM change
             WHERE account = ?1 AND type = ?2 AND user IN (?3, '') AND number > ?4 ORDER BY number",
        )?;
        let mut rows = query.query(params![log.account, log.object, log.user, since])?;
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
    fn horizon(&self, log: Log<'_>) -> Result<i64, StoreError> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT number FROM horizon WHERE account = ?1 AND type = ?2")?;
        let row = params![log.account, log.object];
        let number = query.query_row(row, |row| row.get(0)).optional()?;
        Ok(number.unwrap_or(0))
    }

    /// Forgets what changed in an account but the latest so many changes of each type.
    pub(crate) fn forget_history(&self, account: &str, keep: u64) -> Result<(), StoreError> {
        for object in self.types(account)? {
            self.forget_changes(account, &object, keep)?;
        }
        Ok(())
    }

    /// [`forget_history`](Self::forget_history) of all accounts.
    pub(crate) fn forget_all_history(&self, keep: u64) -> Result<(), StoreError> {
        let mut query = self.transaction.prepare_cached("SELECT account FROM user")?;
        let accounts = query.query_map([], text)?.collect::<Result<Vec<_>, _>>()?;
        accounts.iter().try_for_each(|account| self.forget_history(account, keep))
    }

    fn types(&self, account: &str) -> Result<Vec<String>, StoreError> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT DISTINCT type FROM change WHERE account = ?1")?;
        Ok(query.query_map([account], text)?.collect::<Result<_, _>>()?)
    }

    fn forget_changes(&self, account: &str, object: &str, keep: u64) -> Result<(), StoreError> {
        let keep = i64::try_from(keep).unwrap_or(i64::MAX);
        let mut query = self.transaction.prepare_cached(
            "SELECT number FROM change WHERE account = ?1 AND type = ?2
             ORDER BY number DESC LIMIT 1 OFFSET ?3",
        )?;
        let last = query.query_row(params![account, object, keep], |row| row.get(0)).optional()?;
        let Some(last): Option<i64> = last else { return Ok(()) };
        self.transaction
            .prepare_cached("DELETE FROM change WHERE account = ?1 AND type = ?2 AND number <= ?3")?
            .execute(params![account, object, last])?;
        self.transaction
            .prepare_cached(
                "INSERT INTO horizon (account, type, number) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET number = excluded.number",
            )?
            .execute(params![account, object, last])?;
        Ok(())
    }
}
