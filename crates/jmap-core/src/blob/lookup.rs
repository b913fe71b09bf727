//! `Blob/lookup` (RFC 9404, section 4.3).

use json_model::{Json, Map};

use super::Blob;
use crate::capability::{self, Capability};
use crate::object::Object;
use crate::{Account, Id, List, Method, MethodName};

/// The arguments of `Blob/lookup` (RFC 9404, section 4.3): which objects refer to blobs.
///
/// A type that the server does not know here fails the call with `unknownDataType`; `supportedTypeNames` of the account
/// lists those that it knows.
///
/// ```
/// use jmap_core::blob::LookupArguments;
/// use jmap_core::Id;
///
/// let lookup = LookupArguments::new([Id::any("G1")], ["CalendarEvent"]);
/// assert_eq!(serde_json::to_string(&lookup)?, r#"{"typeNames":["CalendarEvent"],"ids":["G1"]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LookupArguments {
    /// The account; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// The data types whose objects are looked through.
    pub type_names: Vec<String>,
    /// The blobs.
    pub ids: Vec<Id<Blob>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    LookupArguments: "Blob/lookup arguments" never {
        "accountId" => account_id,
        "typeNames" => type_names,
        "ids" => ids,
    }
    demanded: Self::demanded;
    extra
}

impl LookupArguments {
    /// Which objects of these data types refer to these blobs.
    pub fn new<T: Into<String>>(
        ids: impl IntoIterator<Item = Id<Blob>>,
        type_names: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            ids: ids.into_iter().collect(),
            type_names: type_names.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    fn demanded(&self) -> &'static [&'static str] {
        &["typeNames", "ids"]
    }
}

impl Method for LookupArguments {
    const NAME: MethodName = MethodName::new("Blob", "lookup");
    const USING: &'static [&'static str] = &[capability::Blob::URI];
    const IS_READ_ONLY: bool = true;
    const REQUIRED: &'static [&'static str] = &["typeNames", "ids"];
    type Response = LookupResponse;
}

/// The response to `Blob/lookup` (RFC 9404, section 4.3).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LookupResponse {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// What refers to each blob.
    pub list: List<BlobInfo>,
    /// The blobs that do not exist.
    pub not_found: Vec<Id<Blob>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    LookupResponse: "Blob/lookup response" never {
        "accountId" => account_id,
        "list" => list,
        "notFound" => not_found,
    }
    demanded: Self::demanded;
    extra
}

impl LookupResponse {
    fn demanded(&self) -> &'static [&'static str] {
        &["list", "notFound"]
    }
}

/// What refers to a blob (RFC 9404, section 4.3).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BlobInfo {
    /// The blob.
    pub id: Option<Id<Blob>>,
    /// The ids of the objects that refer to it, by their data type; [`matched`](Self::matched) has them typed.
    pub matched_ids: Map<String, Vec<Id<()>>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    BlobInfo: "BlobInfo" never { "id" => id, "matchedIds" => matched_ids } extra
}

impl BlobInfo {
    /// The objects of this data type that refer to the blob. None also means that the user may not see them.
    pub fn matched<O: Object>(&self) -> impl Iterator<Item = Id<O>> {
        let ids = self.matched_ids.get(O::TYPE).map(Vec::as_slice).unwrap_or_default();
        ids.iter().map(|id| id.clone().cast())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::Quota;

    #[test]
    fn wire_form() {
        let text = r#"{"accountId":"a","list":[{"id":"G1","matchedIds":{"Other":[],"Quota":["q1","q2"]}}],"notFound":["G2"]}"#;
        let response: LookupResponse = json_model::from_str(text).unwrap().value;
        assert_eq!(serde_json::to_string(&response).unwrap(), text);
        let matched: Vec<Id<Quota>> = response.list.objects[0].matched().collect();
        assert_eq!(matched, [Id::any("q1"), Id::any("q2")]);
        assert_eq!(response.list.objects[0].matched::<Blob>().count(), 0);
    }

    #[test]
    fn null_is_empty() {
        let text = r#"{"accountId":"a","list":[{"id":"G1","matchedIds":null}],"notFound":null}"#;
        let response: LookupResponse = json_model::from_str(text).unwrap().value;
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"accountId":"a","list":[{"id":"G1"}],"notFound":[]}"#
        );
    }
}
