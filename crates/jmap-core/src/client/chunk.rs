//! `get` and `set` of any size, cut into what the server takes at once.

mod findable;
mod get;
mod set;

pub(super) use self::get::get;
pub(super) use self::set::set;
use crate::{Error, MethodErrorKind};

/// Whether fewer objects at a time may work, whatever the server said its limit was. One server refuses the whole
/// request.
pub(super) fn is_too_large(error: &Error) -> bool {
    match error {
        Error::Method { error, .. } => error.kind() == MethodErrorKind::RequestTooLarge,
        Error::Request { error, status, .. } => {
            let limits = ["maxObjectsInGet", "maxObjectsInSet", "maxSizeRequest"];
            error.limit.as_deref().is_some_and(|limit| limits.contains(&limit))
                || *status == http::StatusCode::PAYLOAD_TOO_LARGE
        }
        Error::Status(error) => error.status == http::StatusCode::PAYLOAD_TOO_LARGE,
        Error::OverLimit { .. } => true,
        _ => false,
    }
}
