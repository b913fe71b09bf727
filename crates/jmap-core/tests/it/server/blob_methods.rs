//! `Blob/upload`, `Blob/get` and `Blob/lookup` (RFC 9404, section 4) and `Blob/copy` (RFC 8620, section 6.3).

use bytes::Bytes;
use jmap_core::blob::{BlobInfo, LookupArguments, LookupResponse};
use jmap_core::capability::{self, BlobLimits, Core, Nothing};
use jmap_core::server::{
    BlobStore, Context, Dispatcher, Loopback, MemoryBlobs, Service, StoredBlob, User,
};
use jmap_core::transport::{Body, BoxFuture, Transport, TransportError};
use jmap_core::{Account, Error, Id, Map, MethodError, MethodErrorKind};

use super::support::{answers, block_on};

#[derive(Clone)]
pub(crate) struct Joe;

impl User for Joe {
    fn name(&self) -> &str {
        "joe"
    }

    fn accounts(&self) -> Map<Id<Account>, Account> {
        let limits = r#"{"maxSizeBlobSet":24,"maxDataSources":3,"supportedDigestAlgorithms":["sha-256","sha","md5"]}"#;
        let limits: BlobLimits = serde_json::from_str(limits).unwrap();
        let account = Account::own("joe").with::<capability::Blob>(&limits);
        let mut read_only = account.clone();
        read_only.is_read_only = Some(true);
        let other = Account::own("plain").with::<Core>(&Nothing::default());
        Map::from([
            (Id::any("A1"), account.clone()),
            (Id::any("A2"), account),
            (Id::any("R"), read_only),
            (Id::any("X"), other),
        ])
    }
}

/// Of all blobs, notes refer to `b1` alone.
async fn lookup(
    context: Context<Joe>,
    lookup: LookupArguments,
) -> Result<LookupResponse, MethodError> {
    if lookup.type_names.iter().any(|name| !["Note", "Folder"].contains(&name.as_str())) {
        return Err(MethodErrorKind::UnknownDataType.into());
    }
    let mut response = LookupResponse::default();
    for id in lookup.ids {
        let Some(real) = context.resolve(&id).filter(|id| ["b1", "b2"].contains(&id.as_str()))
        else {
            response.not_found.push(id);
            continue;
        };
        let notes = |name: &str| name == "Note" && real.as_str() == "b1";
        let matched = lookup.type_names.iter().map(|name| {
            let ids = if notes(name) { vec![Id::any("N1")] } else { Vec::new() };
            (name.clone(), ids)
        });
        let mut info = BlobInfo::default();
        info.matched_ids = matched.collect();
        info.id = Some(real);
        response.list.objects.push(info);
    }
    Ok(response)
}

/// A server with a blob of the given octets, `b1`; and its answers to calls.
fn calls_on(octets: &'static [u8], calls: &str) -> String {
    calls_within(r#"{}"#, octets, calls)
}

fn calls_within(limits: &str, octets: &'static [u8], calls: &str) -> String {
    let blobs = MemoryBlobs::new();
    blobs.keep(&Id::any("A1"), Bytes::from_static(octets));
    let limits = serde_json::from_str(limits).unwrap();
    let dispatcher = Dispatcher::new().blobs(blobs.clone()).limits(limits).register(lookup);
    let loopback = Loopback::new(Service::new(dispatcher, blobs), Joe);
    answers(&loopback, &["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:blob"], calls)
}

#[test]
fn rfc_9404_4_1_pieces_are_put_together() {
    insta::assert_snapshot!(calls_on(
        b"0123456789",
        r##"["Blob/upload",{"accountId":"A1","create":{
              "empty":{"data":[]},
              "text":{"data":[{"data:asText":"M\u00e4r"},{"data:asBase64":"eg=="}],"type":"text/plain"},
              "part":{"data":[{"blobId":"b1","offset":2,"length":3},{"blobId":"b1","offset":8},{"blobId":"b1","length":1}]}}},"a"],
           ["Blob/get",{"accountId":"A1","ids":["#empty","#text","#part"]},"b"]"##,
    ), @r#"
    ["Blob/upload",{"accountId":"A1","created":{"empty":{"id":"b2","size":0},"part":{"id":"b3","size":6},"text":{"id":"b4","size":5,"type":"text/plain"}}},"a"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"","id":"b2","size":0},{"data:asText":"234890","id":"b3","size":6},{"data:asText":"März","id":"b4","size":5}],"notFound":[]},"b"]
    "#);
}

#[test]
fn rfc_9404_4_1_creations_of_this_and_earlier_calls_are_pieces() {
    insta::assert_snapshot!(calls_on(
        b"",
        r##"["Blob/upload",{"accountId":"A1","create":{
              "a":{"data":[{"blobId":"#z"},{"data:asText":"!"}]},"z":{"data":[{"data:asText":"oh"}]},
              "x":{"data":[{"blobId":"#y"}]},"y":{"data":[{"blobId":"#x"}]}}},"a"],
           ["Blob/upload",{"accountId":"A1","create":{"b":{"data":[{"blobId":"#a"},{"blobId":"#a","offset":1}]}}},"b"],
           ["Blob/get",{"accountId":"A1","ids":["#b"],"properties":["data:asText"]},"c"]"##,
    ), @r##"
    ["Blob/upload",{"accountId":"A1","created":{"a":{"id":"b3","size":3},"z":{"id":"b2","size":2}},"notCreated":{"x":{"notFound":["#y"],"type":"blobNotFound"},"y":{"notFound":["#x"],"type":"blobNotFound"}}},"a"]
    ["Blob/upload",{"accountId":"A1","created":{"b":{"id":"b4","size":5}}},"b"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"oh!h!","id":"b4"}],"notFound":[]},"c"]
    "##);
}

#[test]
fn rfc_9404_4_1_what_is_not_made() {
    insta::assert_snapshot!(calls_on(
        b"0123456789",
        r##"["Blob/upload",{"accountId":"A1","create":{
              "behind":{"data":[{"blobId":"b1","offset":11}]},
              "beyond":{"data":[{"blobId":"b1","offset":8,"length":3}]},
              "end":{"data":[{"blobId":"b1","offset":10,"length":0}]},
              "base64":{"data":[{"data:asBase64":"?"}]},
              "both":{"data":[{"data:asText":"a","data:asBase64":"YQ=="}]},
              "gone":{"data":[{"blobId":"b9"}]},
              "late":{"data":[{"blobId":"#nobody"}]},
              "none":{"type":"text/plain"},
              "more":{"data":[],"colour":"red"},
              "kind":{"data":[],"type":5}}},"a"]"##,
    ), @r##"["Blob/upload",{"accountId":"A1","created":{"end":{"id":"b2","size":0}},"notCreated":{"base64":{"description":"#/create/base64/data/0: expected one of data:asText, data:asBase64 and blobId","properties":["data"],"type":"invalidProperties"},"behind":{"description":"b1 has only 10 octets","properties":["data"],"type":"invalidProperties"},"beyond":{"description":"b1 has only 10 octets","properties":["data"],"type":"invalidProperties"},"both":{"description":"#/create/both/data/0: expected one of data:asText, data:asBase64 and blobId","properties":["data"],"type":"invalidProperties"},"gone":{"notFound":["b9"],"type":"blobNotFound"},"kind":{"description":"#/create/kind/type: expected a string","properties":["type"],"type":"invalidProperties"},"late":{"notFound":["#nobody"],"type":"blobNotFound"},"more":{"properties":["colour"],"type":"invalidProperties"},"none":{"description":"a blob needs data","properties":["data"],"type":"invalidProperties"}}},"a"]"##);
}

#[test]
fn rfc_9404_3_1_limits() {
    insta::assert_snapshot!(calls_on(
        b"0123456789",
        r##"["Blob/upload",{"accountId":"A1","create":{
              "all":{"data":[{"blobId":"b1"},{"blobId":"b1"},{"data:asText":"abcd"}]},
              "octet":{"data":[{"blobId":"b1"},{"blobId":"b1"},{"data:asText":"abcde"}]},
              "range":{"data":[{"data:asText":"0123456789abcdef"},{"blobId":"b1"}]},
              "pieces":{"data":[{"data:asText":""},{"data:asText":""},{"data:asText":""},{"data:asText":""}]}}},"a"],
           ["Blob/upload",{"accountId":"R","create":{}},"b"],
           ["Blob/upload",{"accountId":"X","create":{}},"c"],
           ["Blob/upload",{"accountId":"A1"},"d"]"##,
    ), @r#"
    ["Blob/upload",{"accountId":"A1","created":{"all":{"id":"b2","size":24}},"notCreated":{"octet":{"description":"the blob would have more than 24 octets","type":"tooLarge"},"pieces":{"description":"4 is more than the server's maxDataSources of 3","type":"tooLarge"},"range":{"description":"the blob would have more than 24 octets","type":"tooLarge"}}},"a"]
    ["error",{"type":"accountReadOnly"},"b"]
    ["error",{"type":"accountNotSupportedByMethod"},"c"]
    ["error",{"arguments":["create"],"description":"an argument is missing","type":"invalidArguments"},"d"]
    "#);
    // maxSizeUpload holds as well.
    insta::assert_snapshot!(calls_within(
        r#"{"maxSizeUpload":2}"#,
        b"",
        r#"["Blob/upload",{"accountId":"A1","create":{"k":{"data":[{"data:asText":"abc"}]}}},"a"]"#,
    ), @r#"["Blob/upload",{"accountId":"A1","notCreated":{"k":{"description":"the blob would have more than 2 octets","type":"tooLarge"}}},"a"]"#);
}

#[test]
fn rfc_9404_4_2_data_as_text_and_as_base64() {
    let calls = r##"["Blob/get",{"accountId":"A1","ids":["b1"]},"a"],
        ["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["data"]},"b"],
        ["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["data:asText"]},"c"],
        ["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["data:asBase64","size"]},"d"],
        ["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["data:asText","data:asBase64"]},"e"],
        ["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["id"]},"f"]"##;
    insta::assert_snapshot!(calls_on("M\u{e4}rz".as_bytes(), calls), @r#"
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"März","id":"b1","size":5}],"notFound":[]},"a"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"März","id":"b1"}],"notFound":[]},"b"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"März","id":"b1"}],"notFound":[]},"c"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asBase64":"TcOkcno=","id":"b1","size":5}],"notFound":[]},"d"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asBase64":"TcOkcno=","data:asText":"März","id":"b1"}],"notFound":[]},"e"]
    ["Blob/get",{"accountId":"A1","list":[{"id":"b1"}],"notFound":[]},"f"]
    "#);
    insta::assert_snapshot!(calls_on(b"M\xe4rz", calls), @r#"
    ["Blob/get",{"accountId":"A1","list":[{"data:asBase64":"TeRyeg==","id":"b1","isEncodingProblem":true,"size":4}],"notFound":[]},"a"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asBase64":"TeRyeg==","id":"b1","isEncodingProblem":true}],"notFound":[]},"b"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":null,"id":"b1","isEncodingProblem":true}],"notFound":[]},"c"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asBase64":"TeRyeg==","id":"b1","size":4}],"notFound":[]},"d"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asBase64":"TeRyeg==","data:asText":null,"id":"b1","isEncodingProblem":true}],"notFound":[]},"e"]
    ["Blob/get",{"accountId":"A1","list":[{"id":"b1"}],"notFound":[]},"f"]
    "#);
}

#[test]
fn rfc_9404_4_2_ranges() {
    insta::assert_snapshot!(calls_on(
        "M\u{e4}rz".as_bytes(),
        r##"["Blob/get",{"accountId":"A1","ids":["b1"],"offset":3,"length":2},"whole characters"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"offset":0,"length":2},"half a character"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"offset":3,"length":3},"one too many"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"offset":5},"at the end"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"offset":6,"properties":["data","digest:sha"]},"behind the end"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"offset":9007199254740991,"length":9007199254740991},"far"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"offset":null,"length":null,"properties":["size"]},"null"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"offset":-1},"negative"]"##,
    ), @r##"
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"rz","id":"b1","size":5}],"notFound":[]},"whole characters"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asBase64":"TcM=","id":"b1","isEncodingProblem":true,"size":5}],"notFound":[]},"half a character"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"rz","id":"b1","isTruncated":true,"size":5}],"notFound":[]},"one too many"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"","id":"b1","size":5}],"notFound":[]},"at the end"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"","digest:sha":"2jmj7l5rSw0yVb/vlWAYkK/YBwk=","id":"b1","isTruncated":true}],"notFound":[]},"behind the end"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"","id":"b1","isTruncated":true,"size":5}],"notFound":[]},"far"]
    ["Blob/get",{"accountId":"A1","list":[{"id":"b1","size":5}],"notFound":[]},"null"]
    ["error",{"arguments":["offset"],"description":"#/offset: expected an integer from 0 to 2^53 - 1","type":"invalidArguments"},"negative"]
    "##);
}

/// The digests of "abc" and of nothing are those of FIPS 180-4.
#[test]
fn rfc_9404_4_2_digests() {
    insta::assert_snapshot!(calls_on(
        b"-abc",
        r##"["Blob/get",{"accountId":"A1","ids":["b1"],"offset":1,"properties":["digest:sha","digest:sha-256","size"]},"abc"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"length":0,"properties":["digest:sha"]},"nothing"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["digest:sha-512"]},"unknown"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["digest:md5"]},"promised and not there"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["colour"]},"no property"]"##,
    ), @r#"
    ["Blob/get",{"accountId":"A1","list":[{"digest:sha":"qZk+NkcGgWq6PiVxeFDCbJzQ2J0=","digest:sha-256":"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=","id":"b1","size":4}],"notFound":[]},"abc"]
    ["Blob/get",{"accountId":"A1","list":[{"digest:sha":"2jmj7l5rSw0yVb/vlWAYkK/YBwk=","id":"b1"}],"notFound":[]},"nothing"]
    ["error",{"arguments":["properties"],"description":"a blob has no digest:sha-512","type":"invalidArguments"},"unknown"]
    ["error",{"arguments":["properties"],"description":"a blob has no digest:md5","type":"invalidArguments"},"promised and not there"]
    ["error",{"arguments":["properties"],"description":"a blob has no colour","type":"invalidArguments"},"no property"]
    "#);
}

#[test]
fn rfc_9404_4_2_what_is_not_found() {
    insta::assert_snapshot!(calls_on(
        b"a",
        r##"["Blob/get",{"accountId":"A1","ids":["b9","b1","#nobody","b1"],"properties":["size"]},"a"],
           ["Blob/get",{"accountId":"A2","ids":["b1"]},"b"],
           ["Blob/get",{"accountId":"A1","ids":null},"c"],
           ["Blob/get",{"accountId":"A1"},"d"]"##,
    ), @r##"
    ["Blob/get",{"accountId":"A1","list":[{"id":"b1","size":1}],"notFound":["#nobody","b9"]},"a"]
    ["Blob/get",{"accountId":"A2","list":[],"notFound":["b1"]},"b"]
    ["error",{"arguments":["ids"],"description":"an argument is missing","type":"invalidArguments"},"c"]
    ["error",{"arguments":["ids"],"description":"an argument is missing","type":"invalidArguments"},"d"]
    "##);
}

#[test]
fn rfc_9404_4_2_a_response_has_an_end() {
    insta::assert_snapshot!(calls_within(
        r#"{"maxSizeRequest":400,"maxObjectsInGet":2}"#,
        &[b'x'; 401],
        r#"["Blob/get",{"accountId":"A1","ids":["b1"],"properties":["data"]},"a"],
           ["Blob/get",{"accountId":"A1","ids":["b1"],"length":2},"b"]"#,
    ), @r#"
    ["error",{"description":"the blobs have more octets together than fit in a response","type":"requestTooLarge"},"a"]
    ["Blob/get",{"accountId":"A1","list":[{"data:asText":"xx","id":"b1","size":401}],"notFound":[]},"b"]
    "#);
    insta::assert_snapshot!(calls_within(
        r#"{"maxObjectsInGet":2}"#,
        b"",
        r#"["Blob/get",{"accountId":"A1","ids":["b1","b2","b3"]},"a"]"#,
    ), @r#"["error",{"description":"3 objects are more than the maxObjectsInGet of 2","type":"requestTooLarge"},"a"]"#);
}

#[test]
fn rfc_8620_6_3_copy() {
    insta::assert_snapshot!(calls_on(
        b"Milk",
        r##"["Blob/upload",{"accountId":"A1","create":{"k":{"data":[{"data:asText":"Bread"}]}}},"a"],
           ["Blob/copy",{"fromAccountId":"A1","accountId":"A2","blobIds":["b1","#k","b9"]},"b"],
           ["Blob/get",{"accountId":"A2","ids":["b3","b4"]},"c"],
           ["Blob/copy",{"fromAccountId":"A9","accountId":"A2","blobIds":["b1"]},"d"],
           ["Blob/copy",{"fromAccountId":"A1","accountId":"A9","blobIds":["b1"]},"e"],
           ["Blob/copy",{"fromAccountId":"A1","accountId":"R","blobIds":["b1"]},"f"],
           ["Blob/copy",{"fromAccountId":"A1","accountId":"A2"},"g"]"##,
    ), @r##"
    ["Blob/upload",{"accountId":"A1","created":{"k":{"id":"b2","size":5}}},"a"]
    ["Blob/copy",{"accountId":"A2","copied":{"#k":"b4","b1":"b3"},"fromAccountId":"A1","notCopied":{"b9":{"type":"notFound"}}},"b"]
    ["Blob/get",{"accountId":"A2","list":[{"data:asText":"Milk","id":"b3","size":4},{"data:asText":"Bread","id":"b4","size":5}],"notFound":[]},"c"]
    ["error",{"type":"fromAccountNotFound"},"d"]
    ["error",{"type":"accountNotFound"},"e"]
    ["error",{"type":"accountReadOnly"},"f"]
    ["error",{"arguments":["blobIds"],"description":"an argument is missing","type":"invalidArguments"},"g"]
    "##);
}

#[test]
fn rfc_9404_4_3_lookup() {
    insta::assert_snapshot!(calls_on(
        b"Milk",
        r##"["Blob/upload",{"accountId":"A1","create":{"k":{"data":[]}}},"a"],
           ["Blob/lookup",{"accountId":"A1","typeNames":["Note","Folder"],"ids":["b1","#k","b9"]},"b"],
           ["Blob/lookup",{"accountId":"A1","typeNames":["Note","Mail"],"ids":["b1"]},"c"],
           ["Blob/lookup",{"accountId":"A1","typeNames":["Note"]},"d"],
           ["Blob/lookup",{"accountId":"A1","ids":["b1"]},"e"],
           ["Blob/lookup",{"accountId":"X","typeNames":[],"ids":[]},"f"]"##,
    ), @r#"
    ["Blob/upload",{"accountId":"A1","created":{"k":{"id":"b2","size":0}}},"a"]
    ["Blob/lookup",{"accountId":"A1","list":[{"id":"b1","matchedIds":{"Folder":[],"Note":["N1"]}},{"id":"b2","matchedIds":{"Folder":[],"Note":[]}}],"notFound":["b9"]},"b"]
    ["error",{"type":"unknownDataType"},"c"]
    ["error",{"arguments":["ids"],"description":"an argument is missing","type":"invalidArguments"},"d"]
    ["error",{"arguments":["typeNames"],"description":"an argument is missing","type":"invalidArguments"},"e"]
    ["error",{"type":"accountNotSupportedByMethod"},"f"]
    "#);
}

/// Section 3.1: what an account says of blobs. Lists are there even when they are empty.
#[test]
fn rfc_9404_3_1_the_capability() {
    let account = |account: &Account| serde_json::to_string(&account.account_capabilities).unwrap();
    insta::assert_snapshot!(account(&Joe.accounts()["A1"]), @r#"{"urn:ietf:params:jmap:blob":{"maxSizeBlobSet":24,"maxDataSources":3,"supportedDigestAlgorithms":["sha-256","sha","md5"],"supportedTypeNames":[]}}"#);
    let bare = Account::own("joe").with::<capability::Blob>(&BlobLimits::default());
    insta::assert_snapshot!(account(&bare), @r#"{"urn:ietf:params:jmap:blob":{"supportedTypeNames":[],"supportedDigestAlgorithms":[]}}"#);
}

/// Blobs on a disk that is broken.
struct Broken;

impl BlobStore<Joe> for Broken {
    fn put<'a>(
        &'a self,
        _: &'a Joe,
        _: &'a Id<Account>,
        _: &'a str,
        _: Body,
        _: u64,
    ) -> BoxFuture<'a, Result<StoredBlob, Error>> {
        Box::pin(async { Err(broken()) })
    }

    fn get<'a>(
        &'a self,
        _: &'a Joe,
        _: &'a Id<Account>,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Option<Body>, Error>> {
        Box::pin(async { Err(broken()) })
    }
}

fn broken() -> Error {
    Error::Transport(TransportError::other("the disk is broken"))
}

/// Nobody is told that a blob is not there when it only cannot be read.
#[test]
fn a_store_that_fails() {
    let service = Service::new(Dispatcher::new().blobs(Broken), Broken);
    let loopback = Loopback::new(service, Joe);
    let calls = r#"["Blob/get",{"accountId":"A1","ids":["b1"]},"a"],
        ["Blob/copy",{"fromAccountId":"A1","accountId":"A2","blobIds":["b1"]},"b"],
        ["Blob/upload",{"accountId":"A1","create":{"k":{"data":[{"blobId":"b1"}]}}},"c"]"#;
    let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:blob"];
    insta::assert_snapshot!(answers(&loopback, &using, calls), @r#"
["error",{"description":"the disk is broken","type":"serverFail"},"a"]
["Blob/copy",{"accountId":"A2","fromAccountId":"A1","notCopied":{"b1":{"description":"the disk is broken","type":"serverFail"}}},"b"]
["Blob/upload",{"accountId":"A1","notCreated":{"k":{"description":"the disk is broken","type":"serverFail"}}},"c"]
"#);
    let path = "/jmap/download/A1/b1/x?type=a";
    let request = http::Request::get(path).body(Body::empty()).unwrap();
    assert_eq!(block_on(loopback.send(request)).unwrap().status(), 500);
}
