//! [`MethodError`] (RFC 8620, section 3.6.2): why one call failed.

use std::fmt;

use json_model::{Json, Map};

/// Why one call of a request failed (RFC 8620, section 3.6.2). An ordinary value in the place of its response.
///
/// Nothing was changed then, except with `serverPartialFail`. The calls after it were done all the same.
///
/// ```
/// use jmap_core::{MethodError, MethodErrorKind};
///
/// let error: MethodError = serde_json::from_str(r#"{"type": "invalidArguments", "arguments": ["ids"]}"#)?;
/// assert_eq!(error.kind(), MethodErrorKind::InvalidArguments);
/// assert_eq!(error.to_string(), "invalidArguments (ids)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub struct MethodError {
    /// What kind of error; `serverFail` is meant where it is absent ([`kind`](Self::kind)).
    pub error_type: Option<MethodErrorKind>,
    /// What the server says, for developers.
    pub description: Option<String>,
    /// With `invalidArguments`, which arguments; not in the standard, but one server has it.
    pub arguments: Vec<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    MethodError: "error" never {
        "type" => error_type,
        "description" => description,
        "arguments" => arguments,
    }
    extra
}

json_model::text_enum! {
    /// The kinds of a [`MethodError`] (RFC 8620, sections 3.6.2 and 5; RFC 9404, section 4.3). Method sets add their own,
    /// which are other text here and are to be taken like `serverFail` by whoever does not know them.
    pub enum MethodErrorKind {
        /// The server is busy; later it may work.
        ServerUnavailable = "serverUnavailable",
        /// Something went wrong in the server.
        ServerFail = "serverFail",
        /// Some changes were made, others not: ask what there is now.
        ServerPartialFail = "serverPartialFail",
        /// There is no such method, or its capability is not in `using`.
        UnknownMethod = "unknownMethod",
        /// An argument is missing, unknown or wrong.
        InvalidArguments = "invalidArguments",
        /// A result reference leads nowhere.
        InvalidResultReference = "invalidResultReference",
        /// The user may not do that.
        Forbidden = "forbidden",
        /// There is no such account.
        AccountNotFound = "accountNotFound",
        /// The account has no objects of this type.
        AccountNotSupportedByMethod = "accountNotSupportedByMethod",
        /// Nothing can be changed in the account.
        AccountReadOnly = "accountReadOnly",
        /// More objects than the server takes at once.
        RequestTooLarge = "requestTooLarge",
        /// The server does not know any more what changed since: fetch everything again.
        CannotCalculateChanges = "cannotCalculateChanges",
        /// More changes than asked for at most.
        TooManyChanges = "tooManyChanges",
        /// The objects do not stand as `ifInState` said.
        StateMismatch = "stateMismatch",
        /// The anchor is not among the results.
        AnchorNotFound = "anchorNotFound",
        /// The server cannot sort like this.
        UnsupportedSort = "unsupportedSort",
        /// The server cannot filter like this.
        UnsupportedFilter = "unsupportedFilter",
        /// There is no such account to copy from.
        FromAccountNotFound = "fromAccountNotFound",
        /// The account to copy from has no objects of this type.
        FromAccountNotSupportedByMethod = "fromAccountNotSupportedByMethod",
        /// `Blob/lookup` does not know the data type (RFC 9404, section 4.3).
        UnknownDataType = "unknownDataType",
    }
}

impl MethodError {
    /// An error of this kind.
    pub fn new(kind: impl Into<MethodErrorKind>) -> Self {
        Self { error_type: Some(kind.into()), ..Self::default() }
    }

    /// With words for developers.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// What kind of error it is: `serverFail` where the server did not say.
    pub fn kind(&self) -> MethodErrorKind {
        self.error_type.clone().unwrap_or(MethodErrorKind::ServerFail)
    }

    /// Whether this says that nothing can be known about changes but by fetching everything again.
    ///
    /// In the answer to a question about changes, `invalidArguments` says so too: servers use it for a state that they
    /// cannot read.
    pub fn needs_resync(&self) -> bool {
        use MethodErrorKind as Kind;
        matches!(
            self.kind(),
            Kind::CannotCalculateChanges | Kind::TooManyChanges | Kind::ServerPartialFail
        )
    }
}

impl From<MethodErrorKind> for MethodError {
    fn from(kind: MethodErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for MethodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().as_str())?;
        if !self.arguments.is_empty() {
            write!(f, " ({})", self.arguments.join(", "))?;
        }
        super::write_description(f, self.description.as_deref())
    }
}
