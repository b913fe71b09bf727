//! [`Versions`]: in which version of its standard a server takes what is written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use json_model::{Version, look_up};

use crate::{Account, Id, Method, Session};

/// What a client knows of the versions that its server takes: by the session, and by what it found out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Versions {
    pub(crate) session: Arc<Session>,
    pub(crate) found: Found,
}

/// What was found out, for an account and the first capability of a data type; clones of a client share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found(Arc<Mutex<BTreeMap<(String, &'static str), Version>>>);

impl Versions {
    /// The version of a call, in the account that it names, or else in this one, or else in the primary one.
    pub(crate) fn of_call<M: Method>(
        &self,
        arguments: &M,
        account: Option<&Id<Account>>,
    ) -> Version {
        let Some(uri) = M::USING.first() else { return M::version(&self.session) };
        let named = look_up(arguments, "accountId", Version::default());
        let named = named.and_then(|id| id.decode::<Id<Account>>().ok());
        let found = self.found(uri, named.as_ref().or(account));
        found.unwrap_or_else(|| M::version(&self.session))
    }

    /// What was found out for an account, or for the primary one.
    pub(crate) fn found(
        &self,
        uri: &'static str,
        account: Option<&Id<Account>>,
    ) -> Option<Version> {
        let account = account.or_else(|| self.session.primary_account(uri))?;
        self.found.get(account, uri)
    }
}

impl Found {
    fn get(&self, account: &Id<Account>, uri: &'static str) -> Option<Version> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.get(&(account.as_str().to_owned(), uri)).copied()
    }

    pub(crate) fn set(&self, account: &Id<Account>, uri: &'static str, version: Version) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.insert((account.as_str().to_owned(), uri), version);
    }
}
