//! [`Capability`]: what a server can do, and what it says about it.

use json_model::{Json, Map, Object, Reader};

/// A capability of a server: its URI, and what the session says of it.
///
/// ```
/// use jmap_core::capability::{Capability, Nothing};
///
/// /// Notes, as the server of example.com has them.
/// struct Notes;
///
/// impl Capability for Notes {
///     const URI: &'static str = "https://example.com/jmap/notes";
///     type Session = Nothing;
///     type Account = Nothing;
/// }
/// ```
pub trait Capability {
    /// The URI.
    const URI: &'static str;
    /// What stands under it in `capabilities` of the session.
    type Session: Object;
    /// What stands under it in `accountCapabilities` of an account.
    type Account: Object;
}

/// What most capabilities say: nothing.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Nothing {
    /// Whatever is said all the same.
    pub extra: Map<String, Json>,
}

json_model::members! { Nothing: "capability" never {} extra }

/// `urn:ietf:params:jmap:core` (RFC 8620, section 2): the limits of the server.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Core {
    /// The size of a blob, in octets.
    pub max_size_upload: Option<u64>,
    /// How many uploads at a time.
    pub max_concurrent_upload: Option<u64>,
    /// The size of a request, in octets.
    pub max_size_request: Option<u64>,
    /// How many requests at a time.
    pub max_concurrent_requests: Option<u64>,
    /// How many calls in a request.
    pub max_calls_in_request: Option<u64>,
    /// How many objects in one `get`.
    pub max_objects_in_get: Option<u64>,
    /// How many objects in one `set`: created, updated and destroyed ones together.
    pub max_objects_in_set: Option<u64>,
    /// How texts can be compared, by their names in the registry of RFC 4790.
    pub collation_algorithms: Vec<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Core: "core capability" never {
        "maxSizeUpload" => max_size_upload,
        "maxConcurrentUpload" => max_concurrent_upload,
        "maxSizeRequest" => max_size_request,
        "maxConcurrentRequests" => max_concurrent_requests,
        "maxCallsInRequest" => max_calls_in_request,
        "maxObjectsInGet" => max_objects_in_get,
        "maxObjectsInSet" => max_objects_in_set,
        "collationAlgorithms" => collation_algorithms,
    }
    demanded: Self::demanded;
    extra
}

impl Core {
    /// The URI of this capability.
    pub const URI: &str = "urn:ietf:params:jmap:core";

    /// The least that the standard suggests to servers: what to go by where a server names no limit.
    pub fn suggested() -> Self {
        Self {
            max_size_upload: Some(50_000_000),
            max_concurrent_upload: Some(4),
            max_size_request: Some(10_000_000),
            max_concurrent_requests: Some(4),
            max_calls_in_request: Some(16),
            max_objects_in_get: Some(500),
            max_objects_in_set: Some(500),
            ..Self::default()
        }
    }

    /// These limits, and the [`suggested`](Self::suggested) ones where there are none. A limit of 0 allows nothing and
    /// counts as none.
    ///
    /// ```
    /// use jmap_core::capability::Core;
    ///
    /// let limits: Core = serde_json::from_str(r#"{"maxObjectsInGet": 10}"#)?;
    /// let limits = limits.or_suggested();
    /// assert_eq!((limits.max_objects_in_get, limits.max_objects_in_set), (Some(10), Some(500)));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn or_suggested(self) -> Self {
        let suggested = Self::suggested();
        let or = |limit: Option<u64>, least| limit.filter(|limit| *limit > 0).or(least);
        Self {
            max_size_upload: or(self.max_size_upload, suggested.max_size_upload),
            max_concurrent_upload: or(self.max_concurrent_upload, suggested.max_concurrent_upload),
            max_size_request: or(self.max_size_request, suggested.max_size_request),
            max_concurrent_requests: or(
                self.max_concurrent_requests,
                suggested.max_concurrent_requests,
            ),
            max_calls_in_request: or(self.max_calls_in_request, suggested.max_calls_in_request),
            max_objects_in_get: or(self.max_objects_in_get, suggested.max_objects_in_get),
            max_objects_in_set: or(self.max_objects_in_set, suggested.max_objects_in_set),
            ..self
        }
    }

    fn demanded(&self) -> &'static [&'static str] {
        &["collationAlgorithms"]
    }
}

impl Capability for Core {
    const URI: &'static str = Self::URI;
    type Session = Self;
    type Account = Nothing;
}

/// `urn:ietf:params:jmap:blob` (RFC 9404, section 3.1).
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Blob;

impl Capability for Blob {
    const URI: &'static str = "urn:ietf:params:jmap:blob";
    type Session = Nothing;
    type Account = BlobLimits;
}

/// What an account can do with blobs (RFC 9404, section 3.1).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BlobLimits {
    /// The size of a blob that `Blob/upload` makes, in octets; no limit if absent. One server counts in units of 1024.
    pub max_size_blob_set: Option<u64>,
    /// How many pieces a blob can be put together from; at least 64. One server calls it `maxdataSources`.
    pub max_data_sources: Option<u64>,
    /// The data types that `Blob/lookup` knows.
    pub supported_type_names: Vec<String>,
    /// The digests that `Blob/get` makes, the server's favourite first.
    pub supported_digest_algorithms: Vec<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    BlobLimits: "blob capability" never {
        "maxSizeBlobSet" => max_size_blob_set,
        "maxDataSources" => max_data_sources,
        "supportedTypeNames" => supported_type_names,
        "supportedDigestAlgorithms" => supported_digest_algorithms,
    }
    finish: Self::finish;
    demanded: Self::demanded;
    extra
}

impl BlobLimits {
    fn demanded(&self) -> &'static [&'static str] {
        &["supportedTypeNames", "supportedDigestAlgorithms"]
    }

    /// Takes the limit from where one server has it.
    fn finish(&mut self, _: &mut Reader) {
        if self.max_data_sources.is_none() {
            self.max_data_sources =
                self.extra.get("maxdataSources").and_then(|limit| limit.decode().ok());
        }
    }
}

/// `urn:ietf:params:jmap:quota` (RFC 9425, section 2).
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Quota;

impl Capability for Quota {
    const URI: &'static str = "urn:ietf:params:jmap:quota";
    type Session = Nothing;
    type Account = Nothing;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_data_sources_spelled_in_another_way() {
        let read = |json: &str| json_model::from_str::<BlobLimits>(json).unwrap().value;
        assert_eq!(read(r#"{"maxdataSources":100}"#).max_data_sources, Some(100));
        assert_eq!(
            read(r#"{"maxDataSources":64,"maxdataSources":100}"#).max_data_sources,
            Some(64)
        );
        assert_eq!(read(r#"{"maxdataSources":"many"}"#).max_data_sources, None);
    }
}
