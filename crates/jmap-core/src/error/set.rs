//! [`SetError`] (RFC 8620, section 5.3): why one object was not changed.

use std::fmt;

use json_model::{Json, Map};

use crate::Id;

/// Why one object was not created, updated, destroyed or copied (RFC 8620, section 5.3). An ordinary value in a response.
///
/// ```
/// use jmap_core::{SetError, SetErrorKind};
///
/// let text = r#"{"type": "invalidProperties", "properties": ["start"], "description": "no time"}"#;
/// let error: SetError = serde_json::from_str(text)?;
/// assert_eq!(error.kind(), SetErrorKind::InvalidProperties);
/// assert_eq!(error.to_string(), "invalidProperties (start): no time");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub struct SetError {
    /// What kind of error; `serverFail` is meant where it is absent ([`kind`](Self::kind)).
    pub error_type: Option<SetErrorKind>,
    /// What the server says, for developers.
    pub description: Option<String>,
    /// With `invalidProperties`: which ones; names or pointers.
    pub properties: Vec<String>,
    /// With `alreadyExists`: the object that exists (RFC 8620, section 5.4).
    pub existing_id: Option<Id<()>>,
    /// With `blobNotFound`: the blobs (RFC 8621, section 4.6).
    pub not_found: Vec<Id<()>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    SetError: "SetError" never {
        "type" => error_type,
        "description" => description,
        "properties" => properties,
        "existingId" => existing_id,
        "notFound" => not_found,
    }
    extra
}

json_model::text_enum! {
    /// The kinds of a [`SetError`]. Method sets add their own, which are other text here.
    pub enum SetErrorKind {
        /// The user may not do that.
        Forbidden = "forbidden",
        /// There would be more than the quota allows.
        OverQuota = "overQuota",
        /// The object would be too large.
        TooLarge = "tooLarge",
        /// Too many objects in a short time.
        RateLimit = "rateLimit",
        /// There is no such object.
        NotFound = "notFound",
        /// The patch breaks a rule of patches.
        InvalidPatch = "invalidPatch",
        /// The object is also to be destroyed.
        WillDestroy = "willDestroy",
        /// A property is missing, unknown, or has a value that it must not have.
        InvalidProperties = "invalidProperties",
        /// There is exactly one object of the type.
        Singleton = "singleton",
        /// The account has this object already (RFC 8620, section 5.4).
        AlreadyExists = "alreadyExists",
        /// A blob that the object refers to does not exist (RFC 8621, section 4.6).
        BlobNotFound = "blobNotFound",
        /// Something went wrong in the server (RFC 8620, section 3.6.2), also where it did not say what.
        ServerFail = "serverFail",
    }
}

const OUTCOME_UNKNOWN: &str = "jmap-core:outcomeUnknown";

impl SetError {
    /// An error of this kind.
    pub fn new(kind: impl Into<SetErrorKind>) -> Self {
        Self { error_type: Some(kind.into()), ..Self::default() }
    }

    /// Properties that are missing or wrong.
    pub fn invalid_properties<P: Into<String>>(properties: impl IntoIterator<Item = P>) -> Self {
        let properties = properties.into_iter().map(Into::into).collect();
        Self { properties, ..Self::new(SetErrorKind::InvalidProperties) }
    }

    /// With words for developers.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// What kind of error it is: `serverFail` where the server did not say.
    pub fn kind(&self) -> SetErrorKind {
        self.error_type.clone().unwrap_or(SetErrorKind::ServerFail)
    }

    /// Whether nobody knows if it was done: the request was sent, and the answer got lost. [`Client::set`] says so of the
    /// objects of a piece, in a member that no server has.
    ///
    /// [`Client::set`]: crate::Client::set
    pub fn is_outcome_unknown(&self) -> bool {
        self.extra.contains_key(OUTCOME_UNKNOWN)
    }

    /// Says that nobody knows if it was done; see [`is_outcome_unknown`](Self::is_outcome_unknown). For methods of your own
    /// that cut what they send.
    pub fn outcome_unknown(mut self) -> Self {
        self.extra.insert(OUTCOME_UNKNOWN.to_owned(), Json::from(true));
        self
    }

    /// Whether there is no such object.
    pub fn is_not_found(&self) -> bool {
        self.error_type == Some(SetErrorKind::NotFound)
    }
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().as_str())?;
        if !self.properties.is_empty() {
            write!(f, " ({})", self.properties.join(", "))?;
        }
        super::write_description(f, self.description.as_deref())
    }
}
