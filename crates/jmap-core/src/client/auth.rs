//! [`Authenticate`]: how a client shows who it is.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

use crate::Error;
use crate::transport::BoxFuture;

/// How a client shows who it is: the value of the header `Authorization`.
pub trait Authenticate: Send + Sync + 'static {
    /// The value to send now.
    fn authorization(&self) -> BoxFuture<'_, Result<HeaderValue, Error>>;

    /// Called when the server refused `rejected`, with `WWW-Authenticate` if it said how to do better. `true` if there is
    /// another value to try now.
    fn renew<'a>(
        &'a self,
        rejected: &'a HeaderValue,
        challenge: Option<&'a str>,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        let _ = (rejected, challenge);
        Box::pin(std::future::ready(Ok(false)))
    }
}

/// A text that must not be seen: `Debug` hides it.
///
/// ```
/// use jmap_core::client::Secret;
///
/// let secret = Secret::from("tiger");
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// assert_eq!(secret.expose(), "tiger");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A name and a password (RFC 7617).
///
/// A name with a colon cannot be sent like this, nor control characters in either (section 2): using it fails with
/// [`Error::Credentials`], before anything is sent.
///
/// ```
/// use jmap_core::client::Basic;
///
/// let basic = Basic::new("jane", "tiger");
/// assert_eq!(format!("{basic:?}"), r#"Basic { user: "jane", password: Secret(…) }"#);
/// ```
#[derive(Clone, Debug)]
pub struct Basic {
    user: String,
    password: Secret,
}

impl Basic {
    /// This user with this password.
    pub fn new(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { user: user.into(), password: password.into() }
    }
}

impl Authenticate for Basic {
    fn authorization(&self) -> BoxFuture<'_, Result<HeaderValue, Error>> {
        let (user, password) = (self.user.as_str(), self.password.expose());
        let fault = if user.contains(':') {
            Some("a user name with a colon cannot be sent as Basic credentials")
        } else if user.chars().chain(password.chars()).any(char::is_control) {
            Some("control characters cannot be sent as Basic credentials")
        } else {
            None
        };
        if let Some(fault) = fault {
            return Box::pin(std::future::ready(Err(Error::Credentials(fault.into()))));
        }
        ready(&format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }
}

/// A token (RFC 6750) that does not change.
#[derive(Clone, Debug)]
pub struct Bearer(Secret);

impl Bearer {
    /// This token.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self(token.into())
    }
}

impl Authenticate for Bearer {
    fn authorization(&self) -> BoxFuture<'_, Result<HeaderValue, Error>> {
        bearer(&self.0)
    }
}

fn bearer(token: &Secret) -> BoxFuture<'static, Result<HeaderValue, Error>> {
    ready(&format!("Bearer {}", token.expose()))
}

fn ready(value: &str) -> BoxFuture<'static, Result<HeaderValue, Error>> {
    let value = HeaderValue::from_str(value).map(|mut value| {
        value.set_sensitive(true);
        value
    });
    // The reason says nothing of the value.
    Box::pin(std::future::ready(value.map_err(|error| Error::Credentials(error.into()))))
}

/// Tokens that are fetched, and fetched again when the server refuses one: a source of access tokens.
///
/// The source is asked once at the start and once for each refused token, however many requests were refused with it at
/// the same time.
///
/// ```
/// use jmap_core::client::{Secret, TokenSource};
///
/// let tokens = TokenSource::new(|| async {
///     // Ask a program, a file, or an authorisation server.
///     Ok(Secret::from("t0k3n"))
/// });
/// # let _ = tokens;
/// ```
pub struct TokenSource {
    fetch: Box<dyn Fn() -> BoxFuture<'static, Result<Secret, Error>> + Send + Sync>,
    held: Mutex<Option<Secret>>,
    /// Held while a token is fetched, so that only one is.
    fetching: Arc<super::permits::Permits>,
}

impl TokenSource {
    /// Tokens that `fetch` gets.
    pub fn new<F, R>(fetch: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Secret, Error>> + Send + 'static,
    {
        Self {
            fetch: Box::new(move || Box::pin(fetch())),
            held: Mutex::new(None),
            fetching: Arc::new(super::permits::Permits::new(1)),
        }
    }

    fn held(&self) -> Option<Secret> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A token that is not `refused`: the one that is held, if somebody else fetched it meanwhile, or a new one.
    async fn other_than(&self, refused: Option<&Secret>) -> Result<Secret, Error> {
        let _only = self.fetching.acquire().await;
        if let Some(token) = self.held().filter(|token| Some(token) != refused) {
            return Ok(token);
        }
        let token = (self.fetch)().await?;
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(token)
    }
}

impl Authenticate for TokenSource {
    fn authorization(&self) -> BoxFuture<'_, Result<HeaderValue, Error>> {
        Box::pin(async move {
            let token = self.other_than(None).await?;
            bearer(&token).await
        })
    }

    fn renew<'a>(
        &'a self,
        rejected: &'a HeaderValue,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async move {
            let text = rejected.to_str().unwrap_or_default();
            let refused = Secret::from(text.strip_prefix("Bearer ").unwrap_or_default());
            let token = self.other_than(Some(&refused)).await?;
            Ok(token != refused)
        })
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource").finish_non_exhaustive()
    }
}
