//! [`Access`]: what a user may do in an account. Its owner may do everything; others what the collections allow that were
//! shared with them.

use std::collections::{BTreeMap, BTreeSet};

use jmap_calendars::CalendarRights;
use jmap_core::json_model;
use rusqlite::{OptionalExtension, params};

use crate::store::{StoreError, Work};

/// What a user may do in an account.
#[derive(Clone, Debug)]
pub(crate) enum Access {
    /// Everything.
    Owner,
    /// What these collections allow.
    Guest(BTreeMap<String, CalendarRights>),
}

/// One of the rights.
pub(crate) type Right = fn(&CalendarRights) -> Option<bool>;

impl Access {
    pub(crate) fn is_owner(&self) -> bool {
        matches!(self, Self::Owner)
    }

    /// What a collection allows.
    pub(crate) fn rights(&self, collection: &str) -> CalendarRights {
        match self {
            Self::Owner => CalendarRights::owner(),
            Self::Guest(rights) => rights.get(collection).cloned().unwrap_or_default(),
        }
    }

    pub(crate) fn may(&self, collection: &str, right: Right) -> bool {
        match self {
            Self::Owner => true,
            Self::Guest(rights) => {
                rights.get(collection).is_some_and(|rights| right(rights) == Some(true))
            }
        }
    }

    /// Whether the user sees that a collection exists (JMAP Calendars, section 4.1).
    pub(crate) fn sees(&self, collection: &str) -> bool {
        match self {
            Self::Owner => true,
            Self::Guest(rights) => rights.get(collection).is_some_and(is_visible),
        }
    }
}

/// Whether somebody with these rights sees the collection: who only knows when somebody is busy does not.
pub(crate) fn is_visible(rights: &CalendarRights) -> bool {
    rights_but_free_busy(rights).any(|right| right == Some(true))
}

fn rights_but_free_busy(rights: &CalendarRights) -> impl Iterator<Item = Option<bool>> {
    RIGHTS.into_iter().skip(1).map(|(_, right)| right(rights))
}

/// All rights by their names.
pub(crate) const RIGHTS: [(&str, Right); 8] = [
    ("mayReadFreeBusy", |rights| rights.may_read_free_busy),
    ("mayReadItems", |rights| rights.may_read_items),
    ("mayWriteAll", |rights| rights.may_write_all),
    ("mayWriteOwn", |rights| rights.may_write_own),
    ("mayUpdatePrivate", |rights| rights.may_update_private),
    ("mayRSVP", |rights| rights.may_rsvp),
    ("mayShare", |rights| rights.may_share),
    ("mayDelete", |rights| rights.may_delete),
];

/// The users who may do something in an account, each with what that is.
pub(crate) type Audience = BTreeMap<String, Access>;

impl Work<'_> {
    /// What a user may do in an account.
    pub(crate) fn access(&self, account: &str, user: &str) -> Result<Access, StoreError> {
        if account == user {
            return Ok(Access::Owner);
        }
        let mut query = self.transaction.prepare_cached(
            "SELECT collection, rights FROM share WHERE account = ?1 AND user = ?2",
        )?;
        let rows = query.query_map(params![account, user], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let mut rights = BTreeMap::new();
        for row in rows {
            let (collection, text) = row?;
            rights.insert(collection, rights_of(&text));
        }
        Ok(Access::Guest(rights))
    }

    /// Everybody who may do something in an account.
    pub(crate) fn audience(&self, account: &str) -> Result<Audience, StoreError> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT DISTINCT user FROM share WHERE account = ?1")?;
        let guests = query.query_map(params![account], |row| row.get(0))?;
        let mut users = guests.collect::<Result<BTreeSet<String>, _>>()?;
        users.insert(account.to_owned());
        let with_access = |user: String| Ok((user.clone(), self.access(account, &user)?));
        users.into_iter().map(with_access).collect()
    }

    /// What a user may do with a collection of somebody else, if it is shared with them.
    pub(crate) fn shared(
        &self,
        account: &str,
        collection: &str,
        user: &str,
    ) -> Result<Option<CalendarRights>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT rights FROM share WHERE account = ?1 AND collection = ?2 AND user = ?3",
        )?;
        let row = query.query_row(params![account, collection, user], |row| row.get(0));
        Ok(row.optional()?.map(|text: String| rights_of(&text)))
    }

    /// Shares a collection with a user, or no longer.
    pub(crate) fn share(
        &self,
        account: &str,
        collection: &str,
        user: &str,
        rights: Option<&CalendarRights>,
    ) -> Result<(), StoreError> {
        let Some(rights) = rights else {
            self.transaction
                .prepare_cached(
                    "DELETE FROM share WHERE account = ?1 AND collection = ?2 AND user = ?3",
                )?
                .execute(params![account, collection, user])?;
            return Ok(());
        };
        let text = serde_json::to_string(rights).unwrap_or_default();
        self.transaction
            .prepare_cached(
                "INSERT INTO share (account, collection, user, rights, is_visible) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET rights = excluded.rights, is_visible = excluded.is_visible",
            )?
            .execute(params![account, collection, user, text, is_visible(rights)])?;
        Ok(())
    }

    /// Notes whether a user wants to see a collection of somebody else.
    pub(crate) fn subscribe(
        &self,
        account: &str,
        collection: &str,
        user: &str,
        is_subscribed: bool,
    ) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "UPDATE share SET is_subscribed = ?4 WHERE account = ?1 AND collection = ?2 AND user = ?3",
            )?
            .execute(params![account, collection, user, is_subscribed])?;
        Ok(())
    }

    /// The accounts of others in which a user sees something, and whether they want to.
    pub(crate) fn visited(&self, user: &str) -> Result<Vec<(String, bool)>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT account, max(is_subscribed) FROM share WHERE user = ?1 AND is_visible GROUP BY account",
        )?;
        let rows = query.query_map(params![user], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn rights_of(text: &str) -> CalendarRights {
    json_model::from_str(text).map(|parsed| parsed.value).unwrap_or_default()
}
