//! Answers over HTTP: JSON, and problem documents (RFC 8620, section 3.6.1; RFC 9457).

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use crate::RequestError;

/// An answer with a JSON body, which nobody may keep.
pub(super) fn json(status: StatusCode, text: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = answer(status, "application/json", text.into());
    let fresh = HeaderValue::from_static("no-cache, no-store, must-revalidate");
    response.headers_mut().insert(CACHE_CONTROL, fresh);
    response
}

/// A problem document; its status is that of the answer.
pub(super) fn problem(error: &RequestError) -> Response<Bytes> {
    let status = error.status.and_then(|status| StatusCode::from_u16(status.try_into().ok()?).ok());
    // Writing strings and a number cannot fail; the other branch only exists in the signature.
    let text = serde_json::to_string(error).unwrap_or_default();
    answer(status.unwrap_or(StatusCode::BAD_REQUEST), "application/problem+json", text.into())
}

/// A problem that HTTP itself has a name for.
pub(super) fn plain(status: StatusCode) -> Response<Bytes> {
    let error = RequestError {
        problem_type: Some("about:blank".to_owned()),
        status: Some(status.as_u16().into()),
        title: status.canonical_reason().map(str::to_owned),
        ..RequestError::default()
    };
    problem(&error)
}

fn answer(status: StatusCode, media_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
