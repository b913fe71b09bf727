//! What an HTTP answer means.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, StatusCode};

use crate::{Error, HttpError, RequestError};

/// How long to wait, by the header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date, of which `now` is taken
/// away.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use jmap_core::wire::retry_after;
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("retry-after", "Thu, 01 Jan 1970 00:01:00 GMT".parse().unwrap());
/// assert_eq!(retry_after(&headers, UNIX_EPOCH), Some(Duration::from_secs(60)));
/// ```
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = httpdate::parse_http_date(text).ok()?;
    Some(then.duration_since(now).unwrap_or_default())
}

/// The error that an answer with a status of failure stands for: a problem document (RFC 9457) if the body is one.
pub fn failure(status: StatusCode, headers: &HeaderMap, body: Bytes, now: SystemTime) -> Error {
    let retry_after = retry_after(headers, now);
    if let Some(error) = problem(headers, &body) {
        return Error::Request { error: Box::new(error), status, retry_after };
    }
    Error::Status(HttpError {
        retry_after,
        challenge: challenge(headers),
        content_type: text(headers, CONTENT_TYPE).map(str::to_owned),
        body,
        ..HttpError::new(status)
    })
}

/// How to log in. A server may say so in several headers, which mean the same as one (RFC 9110, section 11.6.1).
fn challenge(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let all: Vec<&str> = all.collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// The problem document of a body: by its media type, or JSON with a `type` of JMAP under another one.
fn problem(headers: &HeaderMap, body: &Bytes) -> Option<RequestError> {
    let text = std::str::from_utf8(body).ok()?;
    let error = json_model::from_str::<RequestError>(text).ok()?.value;
    let is_problem = is_media_type(headers, "application/problem+json")
        || error.problem_type.as_deref().is_some_and(|it| it.starts_with("urn:ietf:params:jmap:"));
    is_problem.then_some(error)
}

/// Whether the content has this media type, with any parameters.
pub fn is_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    let found = text(headers, CONTENT_TYPE).unwrap_or_default();
    let essence = found.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(media_type)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
