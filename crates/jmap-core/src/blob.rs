//! Binary data (RFC 8620, section 6) and the methods for it (RFC 9404).
//!
//! Whole blobs go up and down over HTTP, as streams; [`Uploaded`] is what the server answers to an upload. With the methods
//! small blobs travel inside a request: [`UploadArguments`] makes blobs of texts, octets and parts of other blobs,
//! [`GetArguments`] reads a part or a digest of one, [`LookupArguments`] asks who uses one, [`CopyArguments`] copies
//! blobs between accounts.
//!
//! ```
//! use jmap_core::blob::{DataSource, UploadArguments, UploadObject};
//! use jmap_core::{Batch, CreationId, GetArguments};
//!
//! let letter = CreationId::any("letter");
//! let mut upload = UploadArguments::default();
//! upload.create(letter.clone(), UploadObject::new([DataSource::text("Dear "), DataSource::text("Jane")]));
//!
//! let mut batch = Batch::new();
//! let uploaded = batch.call(upload);
//! // A creation id stands for the blob wherever its id is due, later in the same request.
//! let text = batch.get([letter.id()]);
//! # let _ = (uploaded, text);
//! ```

mod copy;
mod get;
mod lookup;
mod upload;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use json_model::{Json, Map};

pub use self::copy::{CopyArguments, CopyResponse};
pub use self::get::{Blob, BlobProperty, GetArguments, OctetsError};
pub use self::lookup::{BlobInfo, LookupArguments, LookupResponse};
pub use self::upload::{
    CreatedBlob, DataSource, Range, UploadArguments, UploadObject, UploadResponse,
};
use crate::{Account, Id};

/// What a server answers to an upload over HTTP (RFC 8620, section 6.1).
///
/// A blob to which nothing refers lives for an hour at least; the server may give it another id when something does.
///
/// ```
/// use jmap_core::blob::Uploaded;
///
/// let text = r#"{"accountId":"a","blobId":"G1","type":"text/calendar","size":519}"#;
/// let uploaded: Uploaded = serde_json::from_str(text)?;
/// assert_eq!(uploaded.blob_id.unwrap().as_str(), "G1");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Uploaded {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// The blob.
    pub blob_id: Option<Id<Blob>>,
    /// The media type that the upload named, or another that the server thinks better.
    pub media_type: Option<String>,
    /// The size, in octets.
    pub size: Option<u64>,
    /// Until when it lives while nothing refers to it, a date and time in UTC; not in the standard, but one server has it.
    pub expires: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Uploaded: "upload response" never {
        "accountId" => account_id,
        "blobId" => blob_id,
        "type" => media_type,
        "size" => size,
        "expires" => expires,
    }
    extra
}

/// With padding, which is written always and may be missing in what is read.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(crate) fn encode(octets: &[u8]) -> String {
    BASE64.encode(octets)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}
