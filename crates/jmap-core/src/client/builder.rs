//! [`ClientBuilder`]: everything that can be said about a client before it connects.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::exchange::Io;
use super::shared::Shared;
use super::{Authenticate, Client, Retry, discover};
use crate::transport::Transport;
use crate::wire::{AddressError, Origin};
use crate::{Error, Operation};

/// Makes a [`Client`].
///
/// ```no_run
/// # #[cfg(feature = "hyper")]
/// # async fn connect() -> Result<(), jmap_core::Error> {
/// use std::time::Duration;
/// use jmap_core::Client;
/// use jmap_core::client::Basic;
///
/// let client = Client::builder("jane@example.com")
///     .credentials(Basic::new("jane@example.com", std::env::var("PASSWORD").unwrap()))
///     .timeout(Duration::from_secs(30))
///     .connect()
///     .await?;
/// println!("{:?}", client.session().username);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    address: String,
    authenticate: Option<Arc<dyn Authenticate>>,
    transport: Option<Arc<dyn Transport>>,
    settings: Settings,
    /// Why an origin to trust is none.
    distrusted: Option<AddressError>,
}

/// What a client keeps of its builder.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) trusted: Vec<Origin>,
    pub(super) allow_unencrypted: bool,
    pub(super) rewrite_origin: bool,
    pub(super) timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) max_response: u64,
    pub(super) retry: Retry,
    pub(super) languages: Option<http::HeaderValue>,
}

impl ClientBuilder {
    pub(super) fn new(address: String) -> Self {
        let settings = Settings {
            trusted: Vec::new(),
            allow_unencrypted: false,
            rewrite_origin: false,
            timeout: Duration::from_secs(120),
            idle_timeout: Duration::from_secs(30),
            max_response: 64 << 20,
            retry: Retry::default(),
            languages: None,
        };
        Self { address, authenticate: None, transport: None, settings, distrusted: None }
    }

    /// Who the client is. Without credentials nothing is sent that shows it.
    pub fn credentials(mut self, authenticate: impl Authenticate) -> Self {
        self.authenticate = Some(Arc::new(authenticate));
        self
    }

    /// How requests get to the server; over the network if nothing is said (feature `hyper`).
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Credentials may go to this server too (`https://jmap.example.com`), when the address redirects there, or the session
    /// names it. Otherwise they go to no other scheme, host and port than the address has.
    pub fn trust(mut self, url: &str) -> Self {
        match Origin::of(url) {
            Some(origin) => self.settings.trusted.push(origin),
            // What may hold a password is repeated nowhere.
            None if url.contains('@') => self.distrusted = Some(AddressError::HoldsCredentials),
            None => self.distrusted = Some(AddressError::Invalid { text: url.to_owned() }),
        }
        self
    }

    /// Unencrypted connections are allowed; without this, only to this very machine. From an encrypted address nothing
    /// leads to an unencrypted one all the same.
    pub fn allow_unencrypted(mut self) -> Self {
        self.settings.allow_unencrypted = true;
        self
    }

    /// Where the session names the same host with another scheme or port than the one that answered, take the latter.
    /// Servers behind a proxy or in a container often do not know how they are reached.
    pub fn rewrite_origin(mut self) -> Self {
        self.settings.rewrite_origin = true;
        self
    }

    /// How long a call may take, from the first octet sent to the last one read; 2 minutes if nothing is said. Uploads,
    /// downloads and events are not limited by it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How long nothing may come while something should; 30 seconds if nothing is said.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle_timeout = timeout;
        self
    }

    /// The largest answer to a call, in octets; 64 MiB if nothing is said. Downloads are not limited by it.
    pub fn max_response(mut self, octets: u64) -> Self {
        self.settings.max_response = octets;
        self
    }

    /// How often and when something is tried again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.settings.retry = retry;
        self
    }

    /// In which languages the server should speak to people: the value of `Accept-Language` (RFC 9110, section 12.5.4).
    /// Ignored if it is no value of a header.
    pub fn languages(mut self, languages: &str) -> Self {
        self.settings.languages = languages.parse().ok();
        self
    }

    /// Finds the session and reads it.
    ///
    /// # Errors
    ///
    /// If the address is none, leads to a server that is not trusted, or to something that is no session; if nobody is
    /// logged in then; and all that can go wrong on the way.
    pub fn connect(self) -> Operation<Client> {
        Operation::new(async move {
            let Self { address, authenticate, transport, settings, distrusted } = self;
            if let Some(error) = distrusted {
                return Err(error.into());
            }
            let transport = match transport {
                Some(transport) => transport,
                None => default_transport()?,
            };
            let io = Io { transport, authenticate, settings };
            let loaded = discover::find(&io, &address).await?;
            Ok(Client::new(Shared::new(io, address, loaded)))
        })
    }
}

#[cfg(feature = "hyper")]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    crate::transport::Hyper::new()
        .map(|hyper| Arc::new(hyper) as Arc<dyn Transport>)
        .map_err(Error::Transport)
}

#[cfg(not(feature = "hyper"))]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    let message = "no transport: give one, or turn on the feature `hyper`";
    Err(Error::Transport(crate::transport::TransportError::other(message)))
}

impl fmt::Debug for ClientBuilder {
    /// Without credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("address", &Origin::of(&self.address))
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
