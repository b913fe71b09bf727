//! [`Gate`]: who sends a request (RFC 7617, RFC 6750).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use jmap_core::client::Secret;
use tokio::sync::Semaphore;

use crate::account::{self, Somebody};
use crate::secret::{self, Digest, Fingerprints, HashError};
use crate::store::{Store, StoreError};

/// How many passwords are looked at at a time: each takes a processor and some memory.
const HASHING: usize = 2;

/// How many passwords are remembered as right.
const MOST_KNOWN: usize = 1024;

/// Lets users in.
///
/// A password costs its slow hash, whether it is right, wrong, or of nobody. One that was right is remembered by a
/// fingerprint under a key that this process alone has, and lets the same user in at once the next time, until the password
/// is changed.
pub(super) struct Gate {
    store: Store,
    fingerprints: Fingerprints,
    known: Mutex<BTreeSet<Digest>>,
    hashing: Arc<Semaphore>,
    /// What the passwords of nobody are compared with.
    nobody: String,
}

/// Why somebody is not let in.
#[derive(Debug)]
pub(super) enum Refused {
    /// There are no credentials, or wrong ones.
    Unknown,
    /// Nobody can say.
    Later,
}

impl From<StoreError> for Refused {
    fn from(_: StoreError) -> Self {
        Self::Later
    }
}

/// What a client shows.
enum Credentials {
    Password { user: String, password: Secret },
    Token(Secret),
}

impl Gate {
    pub(super) fn new(store: Store) -> Result<Self, HashError> {
        Ok(Self {
            store,
            fingerprints: Fingerprints::new(),
            known: Mutex::default(),
            hashing: Arc::new(Semaphore::new(HASHING)),
            nobody: secret::hash(&secret::token())?,
        })
    }

    /// The user whom the headers of a request show.
    pub(super) async fn login(&self, headers: &HeaderMap) -> Result<Somebody, Refused> {
        match credentials(headers).ok_or(Refused::Unknown)? {
            Credentials::Password { user, password } => self.by_password(user, password).await,
            Credentials::Token(token) => self.by_token(&token).await,
        }
    }

    async fn by_token(&self, token: &Secret) -> Result<Somebody, Refused> {
        let (store, hash) = (self.store.clone(), secret::digest(token));
        let find = move || match store.read(|work| work.user_of_token(&hash))? {
            Some(name) => account::find(&store, &name),
            None => Ok(None),
        };
        self.store.run(true, find).await.flatten()?.ok_or(Refused::Unknown)
    }

    async fn by_password(&self, name: String, password: Secret) -> Result<Somebody, Refused> {
        let store = self.store.clone();
        let find = move || -> Result<_, StoreError> {
            let hash = store.read(|work| work.password(&name))?;
            Ok((hash, account::find(&store, &name)?))
        };
        let (hash, somebody) = self.store.run(true, find).await.flatten()?;
        // Nobody waits less for an answer because there is no such user.
        let is_right = self.is_right(hash.as_ref().unwrap_or(&self.nobody), password).await;
        somebody.filter(|_| is_right && hash.is_some()).ok_or(Refused::Unknown)
    }

    async fn is_right(&self, hash: &str, password: Secret) -> bool {
        let fingerprint = self.fingerprints.of(hash, &password);
        if self.known(|known| known.contains(&fingerprint)) {
            return true;
        }
        // It is closed by nobody, and a panic lets nobody in.
        let _permit = self.hashing.acquire().await;
        let hash = hash.to_owned();
        let verify = tokio::task::spawn_blocking(move || secret::is_right(&hash, &password));
        let is_right = verify.await.unwrap_or(false);
        if is_right {
            self.known(|known| {
                if known.len() >= MOST_KNOWN {
                    known.clear();
                }
                known.insert(fingerprint)
            });
        }
        is_right
    }

    fn known<T>(&self, work: impl FnOnce(&mut BTreeSet<Digest>) -> T) -> T {
        // A panic elsewhere cannot leave a fingerprint half-written.
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Credentials::Token(value.into()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(Credentials::Password { user: user.to_owned(), password: password.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Option<(String, String)> {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, value.parse().unwrap())]);
        Some(match credentials(&headers)? {
            Credentials::Password { user, password } => (user, password.expose().to_owned()),
            Credentials::Token(token) => (String::new(), token.expose().to_owned()),
        })
    }

    #[test]
    fn credentials_as_clients_write_them() {
        let text = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        assert_eq!(of("Basic amFuZTp0aWdlcg=="), text("jane", "tiger"));
        assert_eq!(of("basic  amFuZTp0aTpnZXI="), text("jane", "ti:ger"));
        assert_eq!(of("BEARER abc"), text("", "abc"));
        for nothing in ["Basic", "Basic *", "Basic amFuZQ==", "Basic /w==", "Digest abc"] {
            assert_eq!(of(nothing), None, "{nothing}");
        }
    }
}
