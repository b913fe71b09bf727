//! What lets users in, and what of it may be kept.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use jmap_core::client::Secret;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A fast hash: only of what nobody can guess.
pub(crate) type Digest = [u8; 32];

/// There are no random numbers to be had.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be kept: {0}")]
pub(crate) struct HashError(argon2::password_hash::Error);

/// What is kept of a password: Argon2id with a salt of its own, slow by intention, as a PHC string.
pub(crate) fn hash(password: &Secret) -> Result<String, HashError> {
    let hash: PasswordHash =
        Argon2::default().hash_password(password.expose().as_bytes()).map_err(HashError)?;
    Ok(hash.to_string())
}

/// Whether a password is the one of which this was kept. It takes as long to say no as to say yes.
pub(crate) fn is_right(hash: &str, password: &Secret) -> bool {
    let verify = |hash| Argon2::default().verify_password(password.expose().as_bytes(), &hash);
    PasswordHash::new(hash).is_ok_and(|hash| verify(hash).is_ok())
}

/// A new token: 244 random bits.
pub(crate) fn token() -> Secret {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()).into()
}

/// What is kept of a token, which is random enough without a salt.
pub(crate) fn digest(token: &Secret) -> Digest {
    Sha256::digest(token.expose()).into()
}

/// Makes fingerprints of passwords that mean nothing outside of this process.
pub(crate) struct Fingerprints(Secret);

impl Fingerprints {
    pub(crate) fn new() -> Self {
        Self(token())
    }

    /// The fingerprint of a password that is compared with this hash of it.
    pub(crate) fn of(&self, hash: &str, password: &Secret) -> Digest {
        // None of the first two has a line feed.
        let text = Sha256::new().chain_update(self.0.expose()).chain_update("\n");
        text.chain_update(hash).chain_update("\n").chain_update(password.expose()).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_a_slow_hash_with_salt() {
        let password = Secret::from("tiger");
        let [one, other] = [hash(&password), hash(&password)].map(Result::unwrap);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !one.contains("tiger"));
        assert_ne!(one, other);
        assert!(is_right(&one, &password) && is_right(&other, &password));
        assert!(!is_right(&one, &"lion".into()) && !is_right("no hash", &password));
    }

    #[test]
    fn fingerprints_are_of_a_password_a_hash_and_a_process() {
        let (prints, tiger) = (Fingerprints::new(), Secret::from("tiger"));
        let print = prints.of("$1", &tiger);
        assert_eq!(print, prints.of("$1", &tiger));
        assert_ne!(print, prints.of("$1", &"lion".into()));
        assert_ne!(print, prints.of("$2", &tiger));
        assert_ne!(print, Fingerprints::new().of("$1", &tiger));
    }
}
