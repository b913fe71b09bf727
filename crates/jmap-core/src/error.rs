//! [`Error`], and the three kinds of errors that servers answer with.

mod method;
mod request;
mod set;

use std::fmt;
use std::time::Duration;

pub use self::method::{MethodError, MethodErrorKind};
pub use self::request::RequestError;
pub use self::set::{SetError, SetErrorKind};
use crate::MethodName;
use crate::wire::AddressError;

/// Why something could not be done.
///
/// What a server says about one object ([`SetError`]) or one call ([`MethodError`]) is an ordinary value in its response;
/// a call's becomes an `Error` when its result is taken. The predicates answer the questions that programs ask:
///
/// | question | predicate |
/// | --- | --- |
/// | are these credentials not good for this? | [`is_auth`](Self::is_auth) |
/// | may it work later, as it is? | [`is_retryable`](Self::is_retryable) |
/// | when? | [`retry_after`](Self::retry_after) |
/// | was it done, or not, or does nobody know? | [`is_outcome_unknown`](Self::is_outcome_unknown) |
/// | were there too many requests? | [`is_rate_limited`](Self::is_rate_limited) |
/// | is what is held too old to ask for changes? | [`needs_resync`](Self::needs_resync) |
/// | did somebody else change it in between? | [`is_state_mismatch`](Self::is_state_mismatch) |
/// | is there no such thing? | [`is_not_found`](Self::is_not_found) |
/// | can the server not do that at all? | [`is_unsupported`](Self::is_unsupported) |
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server could not be reached, or the connection broke.
    #[error("{0}")]
    Transport(#[source] crate::transport::TransportError),
    /// Nothing came for too long.
    #[error("the server did not answer within {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The server answered with an HTTP status that means a failure, and without a problem document.
    #[error("{0}")]
    Status(HttpError),
    /// The server refused the whole request.
    #[error("the server refused the request: {error}")]
    Request {
        /// What the server says.
        error: Box<RequestError>,
        /// The HTTP status of the answer.
        status: http::StatusCode,
        /// How long to wait, if the server says.
        retry_after: Option<Duration>,
    },
    /// A call failed.
    #[error("{method} failed: {error}")]
    Method {
        /// The method.
        method: String,
        /// What the server says.
        error: Box<MethodError>,
    },
    /// One object was not changed, where changing it was all that was asked for.
    #[error("the object {id} was not changed: {error}")]
    Set {
        /// The id or creation id of the object.
        id: String,
        /// What the server says.
        error: Box<SetError>,
    },
    /// The server gave no response to a call.
    #[error("the server gave no response to {method}")]
    NoResponse {
        /// The method.
        method: String,
    },
    /// What came cannot be read.
    #[error("cannot read {what}: {source}")]
    Unreadable {
        /// What it should be.
        what: String,
        /// Where it goes wrong.
        source: serde_json::Error,
    },
    /// What came is something else than what should come.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What should come.
        expected: &'static str,
        /// What came instead.
        found: String,
    },
    /// The arguments of a call cannot be written. Nothing was sent.
    #[error("cannot write the arguments of {method}: {message}")]
    Unwritable {
        /// The method.
        method: MethodName,
        /// Why.
        message: String,
    },
    /// The server does not have a capability that a call needs. Nothing was sent.
    #[error("the server does not have the capability {uri}")]
    MissingCapability {
        /// The capability.
        uri: String,
    },
    /// There is no account to take where none is named. Nothing was sent.
    #[error("no account is the one to take for {uri}: name one")]
    NoAccount {
        /// The capability that the account should have.
        uri: String,
    },
    /// What is to be sent passes a limit of the server, and cannot be cut. Nothing was sent.
    #[error("{size} is more than the server's {limit} of {most}")]
    OverLimit {
        /// The name of the limit.
        limit: &'static str,
        /// What there is.
        size: u64,
        /// What is allowed.
        most: u64,
    },
    /// An answer is larger than the client takes.
    #[error("the answer is larger than {most} octets")]
    TooLarge {
        /// What the client takes, in octets.
        most: u64,
    },
    /// Somebody is not logged in: the session has no account.
    #[error("the session has no account: log in")]
    NotLoggedIn,
    /// The address of the server is none, or leads to where credentials must not go.
    #[error("{0}")]
    Address(#[from] AddressError),
    /// The credentials could not be had.
    #[error("cannot get the credentials: {0}")]
    Credentials(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// An HTTP answer that means a failure and has no problem document.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("the server answered with HTTP status {status}")]
#[non_exhaustive]
pub struct HttpError {
    /// The status.
    pub status: http::StatusCode,
    /// How long to wait, if the server says.
    pub retry_after: Option<Duration>,
    /// How to log in, if the server says: the value of `WWW-Authenticate`.
    pub challenge: Option<String>,
    /// The media type of the body.
    pub content_type: Option<String>,
    /// The beginning of the body; often a page for people. Not in `Debug`, for it may repeat what was sent.
    pub body: bytes::Bytes,
}

impl HttpError {
    /// An answer of this status.
    pub fn new(status: http::StatusCode) -> Self {
        Self {
            status,
            retry_after: None,
            challenge: None,
            content_type: None,
            body: bytes::Bytes::new(),
        }
    }
}

impl fmt::Debug for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpError")
            .field("status", &self.status)
            .field("retry_after", &self.retry_after)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

impl Error {
    /// Whether the user has to log in, or may not do that at all with these credentials: there are none, or the server
    /// answered 401 or 403. Ask for others; with 403 ([`status`](Self::status)) the server may well know who it is, and the
    /// same user may have to be given a right instead.
    ///
    /// A single call or object that the user has no right to is none of this: see [`MethodErrorKind::Forbidden`] and
    /// [`SetErrorKind::Forbidden`].
    pub fn is_auth(&self) -> bool {
        use http::StatusCode as Status;
        match self {
            Self::Credentials(_) | Self::NotLoggedIn => true,
            _ => matches!(self.status(), Some(Status::UNAUTHORIZED | Status::FORBIDDEN)),
        }
    }

    /// Whether the same may work later. Says nothing of whether the first attempt was done: see
    /// [`Batch::is_safe_to_repeat`](crate::Batch::is_safe_to_repeat).
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_transient(),
            Self::TimedOut(_) => true,
            Self::Method { error, .. } => error.kind() == MethodErrorKind::ServerUnavailable,
            Self::Set { error, .. } => error.kind() == SetErrorKind::RateLimit,
            _ => self.is_rate_limited() || self.status().is_some_and(is_transient),
        }
    }

    /// Whether nobody knows if the server did what was asked: it was sent, and the answer got lost, or came from somebody on
    /// the way.
    pub fn is_outcome_unknown(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_transient() && !error.is_connect(),
            Self::TimedOut(_) | Self::Unreadable { .. } | Self::TooLarge { .. } => true,
            _ => !self.is_rate_limited() && self.status().is_some_and(|it| it.is_server_error()),
        }
    }

    /// Whether there were too many requests, or too many at a time.
    pub fn is_rate_limited(&self) -> bool {
        let concurrent = ["maxConcurrentRequests", "maxConcurrentUpload"];
        let limit = match self {
            Self::Request { error, .. } => error.limit.as_deref(),
            _ => None,
        };
        self.status() == Some(http::StatusCode::TOO_MANY_REQUESTS)
            || limit.is_some_and(|limit| concurrent.contains(&limit))
            || matches!(self, Self::Set { error, .. } if error.kind() == SetErrorKind::RateLimit)
    }

    /// How long to wait, if the server says.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status(error) => error.retry_after,
            Self::Request { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether what is held is too old, or not to be trusted, so that everything has to be fetched again.
    pub fn needs_resync(&self) -> bool {
        self.method_error().is_some_and(MethodError::needs_resync)
    }

    /// Whether somebody else changed something in between: fetch, and try again.
    pub fn is_state_mismatch(&self) -> bool {
        self.method_error().is_some_and(|error| error.kind() == MethodErrorKind::StateMismatch)
    }

    /// Whether there is no such object, account or resource.
    pub fn is_not_found(&self) -> bool {
        match self {
            Self::Set { error, .. } => error.is_not_found(),
            // A method that is about one object says `notFound` of it.
            Self::Method { error, .. } => matches!(
                error.kind().as_str(),
                "accountNotFound" | "fromAccountNotFound" | "notFound"
            ),
            _ => self.status() == Some(http::StatusCode::NOT_FOUND),
        }
    }

    /// Whether the server cannot do that at all.
    pub fn is_unsupported(&self) -> bool {
        use MethodErrorKind as Kind;
        match self {
            Self::MissingCapability { .. } | Self::Address(AddressError::Missing { .. }) => true,
            Self::Request { error, .. } => error.is(RequestError::UNKNOWN_CAPABILITY),
            _ => self.method_error().is_some_and(|error| {
                matches!(
                    error.kind(),
                    Kind::UnknownMethod
                        | Kind::AccountNotSupportedByMethod
                        | Kind::FromAccountNotSupportedByMethod
                        | Kind::UnsupportedFilter
                        | Kind::UnsupportedSort
                        | Kind::UnknownDataType
                )
            }),
        }
    }

    /// What the server said about a call, if that is what failed.
    pub fn method_error(&self) -> Option<&MethodError> {
        match self {
            Self::Method { error, .. } => Some(error),
            _ => None,
        }
    }

    /// The HTTP status of an answer that means a failure.
    pub fn status(&self) -> Option<http::StatusCode> {
        match self {
            Self::Status(error) => Some(error.status),
            Self::Request { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// Whether this status says that the server, or one before it, is in trouble for now.
fn is_transient(status: http::StatusCode) -> bool {
    use http::StatusCode as Status;
    matches!(
        status,
        Status::REQUEST_TIMEOUT
            | Status::TOO_MANY_REQUESTS
            | Status::BAD_GATEWAY
            | Status::SERVICE_UNAVAILABLE
            | Status::GATEWAY_TIMEOUT
    )
}

/// Puts the words of a server behind the kind of an error, on one line and not too many of them.
fn write_description(f: &mut fmt::Formatter<'_>, description: Option<&str>) -> fmt::Result {
    const LONGEST: usize = 300;
    let Some(description) = description.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    f.write_str(": ")?;
    for (index, character) in description.chars().enumerate() {
        if index == LONGEST {
            return f.write_str("\u{2026}");
        }
        fmt::Write::write_char(f, if character.is_control() { ' ' } else { character })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(kind: MethodErrorKind) -> Error {
        Error::Method { method: "Note/copy".to_owned(), error: Box::new(kind.into()) }
    }

    /// The account to copy from is an account like the other one.
    #[test]
    fn accounts_to_copy_from() {
        use MethodErrorKind as Kind;
        assert!(method(Kind::FromAccountNotFound).is_not_found());
        assert!(method(Kind::FromAccountNotSupportedByMethod).is_unsupported());
        assert!(!method(Kind::FromAccountNotFound).is_unsupported());
    }

    #[test]
    fn a_session_without_an_address() {
        let error = Error::from(AddressError::Missing { member: "eventSourceUrl" });
        assert!(error.is_unsupported() && !error.is_retryable());
    }
}
