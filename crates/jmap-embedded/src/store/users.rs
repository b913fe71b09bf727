//! What lets users in.

use rusqlite::{OptionalExtension, params};

use super::objects::text;
use super::{StoreError, Work};

impl Work<'_> {
    /// The names of all users.
    pub(crate) fn users(&self) -> Result<Vec<String>, StoreError> {
        let mut query = self.transaction.prepare_cached("SELECT name FROM user ORDER BY name")?;
        Ok(query.query_map([], text)?.collect::<Result<_, _>>()?)
    }

    /// The hash of the password of a user, if there is one.
    pub(crate) fn password(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut query =
            self.transaction.prepare_cached("SELECT password FROM user WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?.flatten())
    }

    /// The user whom the token of this hash lets in.
    pub(crate) fn user_of_token(&self, hash: &[u8]) -> Result<Option<String>, StoreError> {
        let mut query =
            self.transaction.prepare_cached("SELECT user FROM token WHERE hash = ?1")?;
        Ok(query.query_row([hash], text).optional()?)
    }

    /// Gives a user a password; whether there is such a user.
    pub(crate) fn set_password(&self, name: &str, hash: &str) -> Result<bool, StoreError> {
        let set = "UPDATE user SET password = ?2 WHERE name = ?1";
        Ok(self.transaction.execute(set, params![name, hash])? > 0)
    }

    /// Gives a user a token; whether there is such a user.
    pub(crate) fn add_token(&self, name: &str, hash: &[u8]) -> Result<bool, StoreError> {
        let add = "INSERT INTO token (hash, user) SELECT ?2, name FROM user WHERE name = ?1";
        Ok(self.transaction.execute(add, params![name, hash])? > 0)
    }

    /// Takes all tokens of a user away.
    pub(crate) fn remove_tokens(&self, name: &str) -> Result<usize, StoreError> {
        Ok(self.transaction.execute("DELETE FROM token WHERE user = ?1", [name])?)
    }
}
