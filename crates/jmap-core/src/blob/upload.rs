//! `Blob/upload` (RFC 9404, section 4.1).

use bytes::Bytes;
use json_model::{FromJson, Json, Map, Part, Read, Reader, ToJson, Version};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serializer};

use super::{Blob, decode, encode};
use crate::capability::{self, BlobLimits, Capability};
use crate::{Account, CreationId, Error, Id, Method, MethodName, SetError};

/// The arguments of `Blob/upload` (RFC 9404, section 4.1): makes blobs.
///
/// ```
/// use jmap_core::blob::{DataSource, UploadArguments, UploadObject};
/// use jmap_core::{CreationId, Id};
///
/// let sources = [DataSource::text("Dear "), DataSource::range(Id::any("G1"), 100, 4), DataSource::octets(vec![0, 255])];
/// let mut upload = UploadArguments::default();
/// upload.create(CreationId::any("b"), UploadObject::new(sources).media_type("text/plain"));
/// assert_eq!(
///     serde_json::to_string(&upload)?,
///     r#"{"create":{"b":{"data":[{"data:asText":"Dear "},{"blobId":"G1","offset":100,"length":4},{"data:asBase64":"AP8="}],"type":"text/plain"}}}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UploadArguments {
    /// The account; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// What to make.
    pub create: Map<CreationId<Blob>, UploadObject>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    UploadArguments: "Blob/upload arguments" never {
        "accountId" => account_id,
        "create" => create,
    }
    extra
}

impl UploadArguments {
    /// Makes a blob; `creation` is its name until the server has given it an id.
    pub fn create(&mut self, creation: CreationId<Blob>, object: UploadObject) -> &mut Self {
        self.create.insert(creation, object);
        self
    }
}

impl Method for UploadArguments {
    const NAME: MethodName = MethodName::new("Blob", "upload");
    const USING: &'static [&'static str] = &[capability::Blob::URI];
    const REQUIRED: &'static [&'static str] = &["create"];
    type Response = UploadResponse;
}

/// A blob to make (RFC 9404, section 4.1).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UploadObject {
    /// What it is put together from, in this order; empty for an empty blob. Absent means that what came is no such list: a
    /// server refuses that.
    pub data: Option<Vec<DataSource>>,
    /// The media type, which servers may ignore.
    pub media_type: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    UploadObject: "UploadObject" never { "data" => data, "type" => media_type } extra
}

impl UploadObject {
    /// A blob of these pieces.
    pub fn new(data: impl IntoIterator<Item = DataSource>) -> Self {
        Self { data: Some(data.into_iter().collect()), ..Self::default() }
    }

    /// Of this media type.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Whether the server takes so many pieces.
    ///
    /// The size is not looked at: one server gives its limit in another unit than the standard.
    ///
    /// # Errors
    ///
    /// [`Error::OverLimit`] if there are more than `maxDataSources`.
    pub fn check(&self, limits: &BlobLimits) -> Result<(), Error> {
        let size = self.data.as_ref().map_or(0, Vec::len) as u64;
        match limits.max_data_sources {
            Some(most) if size > most => {
                Err(Error::OverLimit { limit: "maxDataSources", size, most })
            }
            _ => Ok(()),
        }
    }
}

/// A piece of a blob (RFC 9404, section 4.1.1): exactly one of a text, octets, and a part of another blob.
///
/// An object that says none or two of these is not taken for one, nor is one with a wrong value or with text that is no
/// base64. Members that are not in the standard are passed over.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DataSource {
    /// A text, as UTF-8.
    Text(String),
    /// Octets; in JSON they are base64.
    Octets(Bytes),
    /// A part of a blob that exists, or all of it.
    Blob(Range),
}

/// A part of a blob (RFC 9404, section 4.1.1).
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "the standard has these members")]
pub struct Range {
    /// The blob; may be a creation id of the same request.
    pub blob_id: Id<Blob>,
    /// The first octet, counted from 0; 0 if absent.
    pub offset: Option<u64>,
    /// How many octets; all up to the end if absent.
    pub length: Option<u64>,
}

impl DataSource {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Any octets.
    pub fn octets(octets: impl Into<Bytes>) -> Self {
        Self::Octets(octets.into())
    }

    /// The whole of another blob.
    pub fn blob(blob_id: Id<Blob>) -> Self {
        Self::Blob(Range { blob_id, offset: None, length: None })
    }

    /// `length` octets of another blob, from `offset` on, counted from 0.
    pub fn range(blob_id: Id<Blob>, offset: u64, length: u64) -> Self {
        Self::Blob(Range { blob_id, offset: Some(offset), length: Some(length) })
    }

    fn of(json: &Json) -> Option<Self> {
        let source: Source = json_model::from_str(json.as_str()).ok()?.value;
        // A known member with a value of the wrong type: without it, the rest would mean something else.
        if source.extra.keys().any(|name| source.knows(name)) {
            return None;
        }
        match source {
            Source { text: Some(text), base64: None, blob_id: None, .. } => Some(Self::Text(text)),
            Source { text: None, base64: Some(base64), blob_id: None, .. } => {
                decode(&base64).map(Self::octets)
            }
            Source { text: None, base64: None, blob_id: Some(blob_id), offset, length, .. } => {
                Some(Self::Blob(Range { blob_id, offset, length }))
            }
            _ => None,
        }
    }
}

#[derive(Default)]
struct Source {
    text: Option<String>,
    base64: Option<String>,
    blob_id: Option<Id<Blob>>,
    offset: Option<u64>,
    length: Option<u64>,
    extra: Map<String, Json>,
}

json_model::members! {
    Source: "DataSourceObject" never {
        "data:asText" => text,
        "data:asBase64" => base64,
        "blobId" => blob_id,
        "offset" => offset,
        "length" => length,
    }
    extra
}

impl FromJson for DataSource {
    const EXPECTED: &'static str = "one of data:asText, data:asBase64 and blobId";

    fn read<'de, D: Deserializer<'de>>(value: D, _: &mut Reader) -> Result<Read<Self>, D::Error> {
        let json: Json = serde::Deserialize::deserialize(value)?;
        Ok(Self::of(&json).map_or(Read::Wrong(json), Read::Value))
    }
}

impl ToJson for DataSource {
    fn to_json<S: Serializer>(&self, serializer: S, _: Version) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        match self {
            Self::Text(text) => members.serialize_entry("data:asText", text)?,
            Self::Octets(octets) => members.serialize_entry("data:asBase64", &encode(octets))?,
            Self::Blob(Range { blob_id, offset, length }) => {
                members.serialize_entry("blobId", blob_id)?;
                if let Some(offset) = offset {
                    members.serialize_entry("offset", offset)?;
                }
                if let Some(length) = length {
                    members.serialize_entry("length", length)?;
                }
            }
        }
        members.end()
    }
}

/// The response to `Blob/upload` (RFC 9404, section 4.1).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UploadResponse {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// What was made.
    pub created: Map<CreationId<Blob>, CreatedBlob>,
    /// What was not made, and why.
    pub not_created: Map<CreationId<Blob>, SetError>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    UploadResponse: "Blob/upload response" never {
        "accountId" => account_id,
        "created" => created,
        "notCreated" => not_created,
    }
    extra
}

/// A blob that was made (RFC 9404, section 4.1).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CreatedBlob {
    /// The id.
    pub id: Option<Id<Blob>>,
    /// The media type that was asked for, or another that the server thinks better.
    pub media_type: Option<String>,
    /// The size, in octets.
    pub size: Option<u64>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CreatedBlob: "created blob" never { "id" => id, "type" => media_type, "size" => size } extra
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(json: &str) -> Option<DataSource> {
        let object = format!(r#"{{"data":[{json}]}}"#);
        let object: UploadObject = json_model::from_str(&object).unwrap().value;
        object.data.map(|mut sources| sources.remove(0))
    }

    #[test]
    fn a_source_is_exactly_one_thing() {
        assert_eq!(source(r#"{"data:asText":"a","x":1}"#), Some(DataSource::text("a")));
        assert_eq!(
            source(r#"{"data:asBase64":"AP8=","blobId":null}"#),
            Some(DataSource::octets(vec![0, 255]))
        );
        assert_eq!(source(r#"{"data:asBase64":"AP8"}"#), Some(DataSource::octets(vec![0, 255])));
        assert_eq!(source(r#"{"blobId":"G","offset":null}"#), Some(DataSource::blob(Id::any("G"))));
        assert_eq!(
            source(r#"{"blobId":"G","offset":1,"length":2}"#),
            Some(DataSource::range(Id::any("G"), 1, 2))
        );
        for wrong in [
            "{}",
            "null",
            r#""text""#,
            r#"{"offset":1}"#,
            r#"{"data:asText":"a","data:asBase64":"YQ=="}"#,
            r#"{"data:asText":"a","blobId":"G"}"#,
            r#"{"data:asText":"\ud800"}"#,
            r#"{"data:asBase64":"Y!"}"#,
            r#"{"blobId":"G","offset":-1}"#,
            r#"{"blobId":"G","length":"all"}"#,
        ] {
            assert_eq!(source(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn no_data_is_another_thing_than_an_empty_blob() {
        let read = |json: &str| json_model::from_str::<UploadObject>(json).unwrap().value;
        assert_eq!(read(r#"{"data":[]}"#), UploadObject::new([]));
        assert_eq!(serde_json::to_string(&UploadObject::new([])).unwrap(), r#"{"data":[]}"#);
        assert_eq!(read("{}").data, None);
        // One piece that is wrong, and the blob would be another one.
        let wrong = r#"{"data":[{"data:asText":"a"},{}]}"#;
        assert_eq!(read(wrong).data, None);
        assert_eq!(serde_json::to_string(&read(wrong)).unwrap(), wrong);
    }

    #[test]
    fn a_response_with_nulls() {
        let text = r#"{"accountId":"a","oldState":null,"created":{"b":{"id":"G1","type":null,"size":3}},"notCreated":null}"#;
        let response: UploadResponse = json_model::from_str(text).unwrap().value;
        assert_eq!(response.created["b"].size, Some(3));
        assert!(response.not_created.is_empty());
        assert_eq!(
            serde_json::to_string(&UploadResponse { extra: Map::new(), ..response }).unwrap(),
            r#"{"accountId":"a","created":{"b":{"id":"G1","size":3}}}"#
        );
    }

    #[test]
    fn too_many_pieces() {
        let limits: BlobLimits = serde_json::from_str(r#"{"maxDataSources":1}"#).unwrap();
        let two = UploadObject::new([DataSource::text("a"), DataSource::text("b")]);
        insta::assert_snapshot!(two.check(&limits).unwrap_err(), @"2 is more than the server's maxDataSources of 1");
        assert!(two.check(&BlobLimits::default()).is_ok());
    }
}
