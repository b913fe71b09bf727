//! `Blob/get` (RFC 9404, section 4.2).

use std::borrow::Cow;

use json_model::{Json, Map};

use super::{decode, encode};
use crate::capability::{self, Capability};
use crate::object::{Get, Object};
use crate::{GetResponse, Id, Method, MethodName};

/// The arguments of `Blob/get` (RFC 9404, section 4.2): reads blobs, or the same part of each of them.
///
/// Where no part is wanted, the ordinary [`GetArguments<Blob>`](crate::GetArguments) do as well. The response has no state.
///
/// ```
/// use jmap_core::blob::{BlobProperty, GetArguments};
/// use jmap_core::Id;
///
/// let get = GetArguments::of([Id::any("G1")]).range(10, 4).properties([BlobProperty::Data, BlobProperty::digest("sha-256")]);
/// assert_eq!(
///     serde_json::to_string(&get)?,
///     r#"{"offset":10,"length":4,"ids":["G1"],"properties":["data","digest:sha-256"]}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GetArguments {
    /// The first octet, counted from 0; 0 if absent.
    pub offset: Option<u64>,
    /// How many octets; all up to the end if absent.
    pub length: Option<u64>,
    /// The arguments that every `get` has. Without properties: `data` and `size`.
    pub get: crate::GetArguments<Blob>,
}

json_model::members! {
    GetArguments: around get as crate::GetArguments<Blob> { "offset" => offset, "length" => length }
}

impl GetArguments {
    /// These blobs.
    pub fn of(ids: impl IntoIterator<Item = Id<Blob>>) -> Self {
        Self { get: crate::GetArguments::of(ids), ..Self::default() }
    }

    /// Only these properties.
    pub fn properties(mut self, properties: impl IntoIterator<Item = BlobProperty>) -> Self {
        self.get = self.get.properties(properties);
        self
    }

    /// Only `length` octets, from `offset` on, counted from 0. Digests are those of the part then; the size is always that of
    /// the whole blob.
    pub fn range(mut self, offset: u64, length: u64) -> Self {
        self.offset = Some(offset);
        self.length = Some(length);
        self
    }
}

impl AsMut<crate::GetArguments<Blob>> for GetArguments {
    fn as_mut(&mut self) -> &mut crate::GetArguments<Blob> {
        &mut self.get
    }
}

impl Method for GetArguments {
    const NAME: MethodName = MethodName::new("Blob", "get");
    const USING: &'static [&'static str] = Blob::USING;
    const IS_READ_ONLY: bool = true;
    const REQUIRED: &'static [&'static str] = &["ids"];
    type Response = GetResponse<Blob>;
}

json_model::text_enum! {
    /// What can be asked of a [`Blob`] (RFC 9404, section 4.2). Digests are other text: see [`BlobProperty::digest`].
    pub enum BlobProperty {
        /// The octets, as text if they are UTF-8 and as base64 if not.
        Data = "data",
        /// The octets as text, if they are UTF-8.
        AsText = "data:asText",
        /// The octets as base64.
        AsBase64 = "data:asBase64",
        /// The size of the whole blob.
        Size = "size",
    }
}

impl BlobProperty {
    /// A digest, by one of `supportedDigestAlgorithms` of the account, such as `sha-256`.
    pub fn digest(algorithm: &str) -> Self {
        Self::from(digest(algorithm))
    }
}

fn digest(algorithm: &str) -> String {
    format!("digest:{algorithm}")
}

/// A blob, as `Blob/get` tells of it (RFC 9404, section 4.2). `Id<Blob>` is a blob id wherever one stands.
///
/// ```
/// use jmap_core::blob::Blob;
///
/// let text = r#"{"id":"G1","data:asBase64":"AP8=","isEncodingProblem":true,"digest:sha":"3q2+7w==","size":2}"#;
/// let blob: Blob = serde_json::from_str(text)?;
/// assert_eq!(*blob.octets()?, [0, 255]);
/// assert_eq!(blob.digest("sha"), Some(vec![0xde, 0xad, 0xbe, 0xef]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Blob {
    /// The id.
    pub id: Option<Id<Self>>,
    /// The octets that were asked for, as text.
    pub as_text: Option<String>,
    /// The octets that were asked for, as base64.
    pub as_base64: Option<String>,
    /// The size of the whole blob, in octets.
    pub size: Option<u64>,
    /// Whether the octets that were asked for are no UTF-8; not if absent.
    pub is_encoding_problem: Option<bool>,
    /// Whether octets behind the end were asked for, so that fewer came; not if absent.
    pub is_truncated: Option<bool>,
    /// Members that are not in the standard, and digests.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Blob: "Blob" never {
        "id" => id,
        "data:asText" => as_text,
        "data:asBase64" => as_base64,
        "size" => size,
        "isEncodingProblem" => is_encoding_problem,
        "isTruncated" => is_truncated,
    }
    extra
}

impl Object for Blob {
    const TYPE: &'static str = "Blob";
    const USING: &'static [&'static str] = &[capability::Blob::URI];
    type Property = BlobProperty;
}

impl Get for Blob {}

/// Why a [`Blob`] does not give its octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OctetsError {
    /// They did not come; perhaps nobody asked for them.
    #[error("the blob came without data:asText and data:asBase64")]
    Missing,
    /// They are no UTF-8, and text was all that was asked for.
    #[error("the octets of the blob are no text: ask for data or data:asBase64")]
    NotText,
    /// What came is no base64.
    #[error("data:asBase64 of the blob is not base64")]
    NotBase64,
}

impl Blob {
    /// A blob of these octets, as `data` shows them: as text, or as base64 if they are no UTF-8.
    pub fn new(id: Id<Self>, octets: &[u8]) -> Self {
        let text = std::str::from_utf8(octets).ok();
        Self {
            id: Some(id),
            as_text: text.map(str::to_owned),
            as_base64: text.is_none().then(|| encode(octets)),
            is_encoding_problem: text.is_none().then_some(true),
            ..Self::default()
        }
    }

    /// The octets that were asked for, in whichever form they came.
    ///
    /// # Errors
    ///
    /// Says why there are none.
    pub fn octets(&self) -> Result<Cow<'_, [u8]>, OctetsError> {
        if let Some(text) = &self.as_text {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        match &self.as_base64 {
            Some(base64) => decode(base64).map(Cow::Owned).ok_or(OctetsError::NotBase64),
            None if self.is_encoding_problem() => Err(OctetsError::NotText),
            None => Err(OctetsError::Missing),
        }
    }

    /// Whether the octets that were asked for are no UTF-8.
    pub fn is_encoding_problem(&self) -> bool {
        self.is_encoding_problem == Some(true)
    }

    /// Whether octets behind the end were asked for.
    pub fn is_truncated(&self) -> bool {
        self.is_truncated == Some(true)
    }

    /// The digest of the octets that were asked for, if it came.
    pub fn digest(&self, algorithm: &str) -> Option<Vec<u8>> {
        decode(&self.extra.get(&digest(algorithm))?.to_text()?)
    }

    /// Tells a digest.
    pub fn set_digest(&mut self, algorithm: &str, octets: &[u8]) {
        self.extra.insert(digest(algorithm), Json::from(encode(octets).as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(json: &str) -> Blob {
        json_model::from_str(json).unwrap().value
    }

    #[test]
    fn octets_in_whichever_form() {
        assert_eq!(*blob(r#"{"data:asText":"ä"}"#).octets().unwrap(), [0xc3, 0xa4]);
        assert!(blob(r#"{"data:asText":""}"#).octets().unwrap().is_empty());
        assert_eq!(
            *blob(r#"{"data:asText":null,"data:asBase64":"/w=="}"#).octets().unwrap(),
            [255]
        );
        let error = |json: &str| blob(json).octets().unwrap_err().to_string();
        insta::assert_snapshot!(error(r#"{"size":1}"#), @"the blob came without data:asText and data:asBase64");
        insta::assert_snapshot!(error(r#"{"data:asText":null,"isEncodingProblem":true}"#), @"the octets of the blob are no text: ask for data or data:asBase64");
        insta::assert_snapshot!(error(r#"{"data:asBase64":"?"}"#), @"data:asBase64 of the blob is not base64");
    }

    #[test]
    fn the_property_data() {
        let written = |octets: &[u8]| {
            let mut blob = Blob::new(Id::any("G"), octets);
            blob.set_digest("sha", &[0xde, 0xad]);
            assert_eq!(*blob.octets().unwrap(), *octets);
            serde_json::to_string(&blob).unwrap()
        };
        insta::assert_snapshot!(written(b"abc"), @r#"{"id":"G","data:asText":"abc","digest:sha":"3q0="}"#);
        insta::assert_snapshot!(written(&[255]), @r#"{"id":"G","data:asBase64":"/w==","isEncodingProblem":true,"digest:sha":"3q0="}"#);
        insta::assert_snapshot!(written(b""), @r#"{"id":"G","data:asText":"","digest:sha":"3q0="}"#);
    }

    #[test]
    fn arguments_read_as_they_are_written() {
        let text = r#"{"offset":1,"length":2,"accountId":"a","ids":["G"],"properties":["data:asText"],"x":0}"#;
        let arguments: GetArguments = json_model::from_str(text).unwrap().value;
        assert_eq!(arguments.get.properties, Some(vec![BlobProperty::AsText]));
        assert_eq!(serde_json::to_string(&arguments).unwrap(), text);
    }
}
