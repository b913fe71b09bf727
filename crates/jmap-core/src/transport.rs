//! [`Transport`]: how requests get to a server.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

mod body;
#[cfg(feature = "hyper")]
mod gzip;
#[cfg(feature = "hyper")]
mod hyper;

pub use self::body::Body;
#[cfg(feature = "hyper")]
pub use self::hyper::{Hyper, HyperOptions};

/// A future on the heap, as object-safe traits need them.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How requests get to a server, and what time it is: all that a client asks of the world outside.
///
/// `Hyper` (feature `hyper`) is one over the network, and `server::Loopback` (feature `server`) one into the same process.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request; the answer may still be on its way when its head is returned.
    ///
    /// Redirects are the caller's business. Dropping the future or the body gives the request up.
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;

    /// Waits.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// The time.
    fn now(&self) -> SystemTime;
}

/// Why a request did not get to a server, or its answer not back.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    message: String,
    stage: Stage,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Connect,
    Exchange,
    Other,
}

impl TransportError {
    /// No connection came about, so that nothing was sent.
    pub fn connect(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { message: message.into(), stage: Stage::Connect, source: Some(source.into()) }
    }

    /// The connection broke while the request or the answer was under way.
    pub fn broken(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { message: message.into(), stage: Stage::Exchange, source: Some(source.into()) }
    }

    /// Something that trying again will not mend.
    pub fn other(message: impl Into<String>) -> Self {
        Self { message: message.into(), stage: Stage::Other, source: None }
    }

    /// Whether nothing was sent, so that anything may be sent again.
    pub fn is_connect(&self) -> bool {
        self.stage == Stage::Connect
    }

    /// Whether it may work later.
    pub fn is_transient(&self) -> bool {
        self.stage != Stage::Other
    }
}
