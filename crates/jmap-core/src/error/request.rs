//! [`RequestError`] (RFC 8620, section 3.6.1): why a whole request failed.

use std::fmt;

use json_model::{Json, Map};

/// Why a whole request failed: a problem document (RFC 8620, section 3.6.1; RFC 9457).
///
/// `Display` leaves `detail` out, because one server repeats the whole request there.
///
/// ```
/// use jmap_core::RequestError;
///
/// let text = r#"{"type": "urn:ietf:params:jmap:error:limit", "limit": "maxSizeRequest", "status": 400}"#;
/// let error: RequestError = serde_json::from_str(text)?;
/// assert_eq!(error.problem_type.as_ref().unwrap().as_str(), RequestError::LIMIT);
/// assert_eq!(error.to_string(), "urn:ietf:params:jmap:error:limit (maxSizeRequest)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub struct RequestError {
    /// What kind of problem, a URI; `about:blank` is meant where it is absent.
    pub problem_type: Option<String>,
    /// The HTTP status.
    pub status: Option<u64>,
    /// A short text for people, the same for all problems of the kind.
    pub title: Option<String>,
    /// A text for people about this very problem. May repeat what was sent: do not log it.
    pub detail: Option<String>,
    /// A URI for this very problem.
    pub instance: Option<String>,
    /// With `limit`: the name of the limit that was passed.
    pub limit: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    RequestError: "problem details" never {
        "type" => problem_type,
        "status" => status,
        "title" => title,
        "detail" => detail,
        "instance" => instance,
        "limit" => limit,
    }
    extra
}

impl RequestError {
    /// `using` has a capability that the server does not know.
    pub const UNKNOWN_CAPABILITY: &str = "urn:ietf:params:jmap:error:unknownCapability";
    /// The content type is another, or the body is no I-JSON.
    pub const NOT_JSON: &str = "urn:ietf:params:jmap:error:notJSON";
    /// The body is JSON, but no request.
    pub const NOT_REQUEST: &str = "urn:ietf:params:jmap:error:notRequest";
    /// The request would pass a limit, which is named.
    pub const LIMIT: &str = "urn:ietf:params:jmap:error:limit";

    /// A problem of this type.
    pub fn new(problem_type: &str) -> Self {
        Self { problem_type: Some(problem_type.to_owned()), status: Some(400), ..Self::default() }
    }

    /// A request that passes this limit.
    pub fn limit(name: &str) -> Self {
        Self { limit: Some(name.to_owned()), ..Self::new(Self::LIMIT) }
    }

    /// With words for people.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Whether it has this type.
    pub fn is(&self, problem_type: &str) -> bool {
        self.problem_type.as_deref() == Some(problem_type)
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem_type.as_deref().unwrap_or("about:blank"))?;
        if let Some(limit) = &self.limit {
            write!(f, " ({limit})")?;
        }
        super::write_description(f, self.title.as_deref())
    }
}

impl fmt::Debug for RequestError {
    /// Without `detail`: errors are logged in this form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestError")
            .field("problem_type", &self.problem_type)
            .field("status", &self.status)
            .field("title", &self.title)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
