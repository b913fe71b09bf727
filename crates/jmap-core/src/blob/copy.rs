//! `Blob/copy` (RFC 8620, section 6.3).

use json_model::{Json, Map};

use super::Blob;
use crate::{Account, Id, Method, MethodName, SetError};

/// The arguments of `Blob/copy` (RFC 8620, section 6.3): copies blobs from one account to another. Every server has it,
/// whatever it says about blobs otherwise.
///
/// ```
/// use jmap_core::blob::CopyArguments;
/// use jmap_core::Id;
///
/// let copy = CopyArguments::new(Id::any("a1"), Id::any("a2"), [Id::any("G1")]);
/// assert_eq!(serde_json::to_string(&copy)?, r#"{"fromAccountId":"a1","accountId":"a2","blobIds":["G1"]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CopyArguments {
    /// The account to copy from. The standard demands it.
    pub from_account_id: Option<Id<Account>>,
    /// The account to copy to; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// The blobs.
    pub blob_ids: Vec<Id<Blob>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CopyArguments: "Blob/copy arguments" never {
        "fromAccountId" => from_account_id,
        "accountId" => account_id,
        "blobIds" => blob_ids,
    }
    demanded: Self::demanded;
    extra
}

impl CopyArguments {
    /// Copies these blobs.
    pub fn new(
        from: Id<Account>,
        to: Id<Account>,
        blob_ids: impl IntoIterator<Item = Id<Blob>>,
    ) -> Self {
        Self {
            from_account_id: Some(from),
            account_id: Some(to),
            blob_ids: blob_ids.into_iter().collect(),
            ..Self::default()
        }
    }

    fn demanded(&self) -> &'static [&'static str] {
        &["blobIds"]
    }
}

impl Method for CopyArguments {
    const NAME: MethodName = MethodName::new("Blob", "copy");
    const USING: &'static [&'static str] = &[];
    const REQUIRED: &'static [&'static str] = &["fromAccountId", "blobIds"];
    type Response = CopyResponse;
}

/// The response to `Blob/copy` (RFC 8620, section 6.3).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CopyResponse {
    /// The account copied from.
    pub from_account_id: Option<Id<Account>>,
    /// The account copied to.
    pub account_id: Option<Id<Account>>,
    /// The ids of the copies, by those of the originals.
    pub copied: Map<Id<Blob>, Id<Blob>>,
    /// What was not copied, and why.
    pub not_copied: Map<Id<Blob>, SetError>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CopyResponse: "Blob/copy response" never {
        "fromAccountId" => from_account_id,
        "accountId" => account_id,
        "copied" => copied,
        "notCopied" => not_copied,
    }
    extra
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, Session, SetErrorKind};

    #[test]
    fn needs_no_capability_but_core() {
        let mut batch = Batch::new();
        batch.call(CopyArguments::new(Id::any("a"), Id::any("b"), []));
        let request = batch.request(&Session::default()).unwrap();
        insta::assert_snapshot!(serde_json::to_string(&request).unwrap(), @r#"{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Blob/copy",{"fromAccountId":"a","accountId":"b","blobIds":[]},"c0"]]}"#);
    }

    #[test]
    fn wire_form() {
        let text = r#"{"fromAccountId":"a","accountId":"b","copied":null,"notCopied":{"G1":{"type":"notFound"}}}"#;
        let response: CopyResponse = json_model::from_str(text).unwrap().value;
        assert!(response.copied.is_empty());
        assert_eq!(response.not_copied["G1"].kind(), SetErrorKind::NotFound);
        let text = r#"{"fromAccountId":"a","accountId":"b","copied":{"G1":"G:2"}}"#;
        let response: CopyResponse = json_model::from_str(text).unwrap().value;
        assert_eq!(response.copied["G1"].as_str(), "G:2");
        assert_eq!(serde_json::to_string(&response).unwrap(), text);
    }
}
