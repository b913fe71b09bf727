//! The errors of RFC 8620, section 3.6 and 5, and of its companions: each kind as it comes, and what it means to a program.

use std::time::UNIX_EPOCH;

use http::header::CONTENT_TYPE;
use jmap_core::quota::Quota;
use jmap_core::wire::failure;
use jmap_core::{Batch, Error, GetArguments, Json, Responses, SetError, SetErrorKind};

/// The predicates that are true.
fn meaning(error: &Error) -> String {
    let all = [
        ("auth", error.is_auth()),
        ("retryable", error.is_retryable()),
        ("outcome unknown", error.is_outcome_unknown()),
        ("rate limited", error.is_rate_limited()),
        ("resync", error.needs_resync()),
        ("state mismatch", error.is_state_mismatch()),
        ("not found", error.is_not_found()),
        ("unsupported", error.is_unsupported()),
    ];
    let true_ones = all.into_iter().filter_map(|(name, is_it)| is_it.then_some(name));
    let true_ones: Vec<&str> = true_ones.collect();
    if true_ones.is_empty() { "-".to_owned() } else { true_ones.join(", ") }
}

fn method_error(json: &str) -> Error {
    let mut batch = Batch::new();
    let get = batch.get(GetArguments::<Quota>::all());
    let text = format!(r#"{{"methodResponses":[["error",{json},"c0"]]}}"#);
    Responses::new(serde_json::from_str(&text).unwrap()).take(get).unwrap_err()
}

#[test]
fn section_3_6_2_errors_of_methods() {
    let line = |kind: &str| {
        let error = method_error(&format!(r#"{{"type":"{kind}"}}"#));
        let known = error.method_error().unwrap().kind();
        let is_known = !format!("{known:?}").contains('"');
        format!("{kind}{}: {}", if is_known { "" } else { " (other)" }, meaning(&error))
    };
    let lines = [
        "serverUnavailable",
        "serverFail",
        "serverPartialFail",
        "unknownMethod",
        "invalidArguments",
        "invalidResultReference",
        "forbidden",
        "accountNotFound",
        "accountNotSupportedByMethod",
        "accountReadOnly",
        "requestTooLarge",
        "cannotCalculateChanges",
        "tooManyChanges",
        "stateMismatch",
        "anchorNotFound",
        "unsupportedSort",
        "unsupportedFilter",
        "fromAccountNotFound",
        "fromAccountNotSupportedByMethod",
        "unknownDataType",
        // Of a method set that this crate does not know; as serverFail.
        "expandDurationTooLarge",
    ]
    .map(line);
    insta::assert_snapshot!(lines.join("\n"), @r"
    serverUnavailable: retryable
    serverFail: -
    serverPartialFail: resync
    unknownMethod: unsupported
    invalidArguments: -
    invalidResultReference: -
    forbidden: -
    accountNotFound: not found
    accountNotSupportedByMethod: unsupported
    accountReadOnly: -
    requestTooLarge: -
    cannotCalculateChanges: resync
    tooManyChanges: resync
    stateMismatch: state mismatch
    anchorNotFound: -
    unsupportedSort: unsupported
    unsupportedFilter: unsupported
    fromAccountNotFound: not found
    fromAccountNotSupportedByMethod: unsupported
    unknownDataType: unsupported
    expandDurationTooLarge (other): -
    ");
}

/// An error without a type, or with one of the wrong type, is some failure of the server.
#[test]
fn section_3_6_2_errors_that_say_nothing() {
    for json in ["{}", r#"{"type":null}"#, r#"{"type":[]}"#] {
        let error = method_error(json);
        assert_eq!(error.method_error().unwrap().kind().as_str(), "serverFail", "{json}");
        assert!(!error.is_retryable(), "{json}");
    }
}

fn set_error(json: &str) -> SetError {
    json_model::from_str(json).unwrap().value
}

#[test]
fn section_5_3_errors_of_objects() {
    let line = |json: &str| {
        let error = set_error(json);
        // Nothing of it is lost.
        let again = serde_json::to_value(&error).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(json).unwrap());
        let is_known = !format!("{:?}", error.kind()).contains('"');
        let shown = format!("{error}{}", if is_known { "" } else { " (other)" });
        let error = Error::Set { id: "n".to_owned(), error: Box::new(error) };
        format!("{shown}: {}", meaning(&error))
    };
    let lines = [
        r#"{"type":"forbidden","description":"not yours"}"#,
        r#"{"type":"overQuota"}"#,
        r#"{"type":"tooLarge"}"#,
        r#"{"type":"rateLimit"}"#,
        r#"{"type":"notFound"}"#,
        r#"{"type":"invalidPatch"}"#,
        r#"{"type":"willDestroy"}"#,
        r#"{"type":"invalidProperties","properties":["text","about/x"]}"#,
        r#"{"type":"singleton"}"#,
        r#"{"type":"alreadyExists","existingId":"N7"}"#,
        r#"{"type":"blobNotFound","notFound":["G1","G2"]}"#,
        r#"{"type":"noteHasChildren","children":["N8"]}"#,
    ]
    .map(line);
    insta::assert_snapshot!(lines.join("\n"), @r"
    forbidden: not yours: -
    overQuota: -
    tooLarge: -
    rateLimit: retryable, rate limited
    notFound: not found
    invalidPatch: -
    willDestroy: -
    invalidProperties (text, about/x): -
    singleton: -
    alreadyExists: -
    blobNotFound: -
    noteHasChildren (other): -
    ");
    let exists = set_error(r#"{"type":"alreadyExists","existingId":"N7"}"#);
    assert_eq!(exists.existing_id.unwrap().as_str(), "N7");
    let gone = set_error(r#"{"type":"blobNotFound","notFound":["G1","G2"]}"#);
    assert_eq!(gone.not_found.len(), 2);
    let other = set_error(r#"{"type":"noteHasChildren","children":["N8"]}"#);
    assert_eq!(other.kind(), SetErrorKind::from("noteHasChildren"));
    assert_eq!(other.extra["children"], Json::parse(r#"["N8"]"#).unwrap());
}

fn refused(status: u16, content_type: &str, body: &'static str) -> Error {
    let mut headers = http::HeaderMap::new();
    headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
    let status = http::StatusCode::from_u16(status).unwrap();
    failure(status, &headers, body.into(), UNIX_EPOCH)
}

#[test]
fn section_3_6_1_errors_of_requests() {
    let line = |(status, body): (u16, &'static str)| {
        let error = refused(status, "application/problem+json; charset=utf-8", body);
        assert!(matches!(error, Error::Request { .. }), "{error:?}");
        format!("{error}: {}", meaning(&error))
    };
    let lines = [
        (400, r#"{"type":"urn:ietf:params:jmap:error:unknownCapability"}"#),
        (400, r#"{"type":"urn:ietf:params:jmap:error:notJSON"}"#),
        (400, r#"{"type":"urn:ietf:params:jmap:error:notRequest"}"#),
        (400, r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"maxSizeRequest"}"#),
        (400, r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"maxCallsInRequest"}"#),
        (400, r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"maxConcurrentRequests"}"#),
        (400, r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"maxConcurrentUpload"}"#),
        (413, r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"maxSizeUpload"}"#),
        (429, r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"requests"}"#),
        // RFC 9457, section 3: nothing is demanded, and an absent type is about:blank.
        (403, r#"{"title":"Forbidden"}"#),
        (503, r#"{"type":"about:blank","title":"Down\nfor now"}"#),
        (404, "{}"),
    ]
    .map(line);
    insta::assert_snapshot!(lines.join("\n"), @r"
    the server refused the request: urn:ietf:params:jmap:error:unknownCapability: unsupported
    the server refused the request: urn:ietf:params:jmap:error:notJSON: -
    the server refused the request: urn:ietf:params:jmap:error:notRequest: -
    the server refused the request: urn:ietf:params:jmap:error:limit (maxSizeRequest): -
    the server refused the request: urn:ietf:params:jmap:error:limit (maxCallsInRequest): -
    the server refused the request: urn:ietf:params:jmap:error:limit (maxConcurrentRequests): retryable, rate limited
    the server refused the request: urn:ietf:params:jmap:error:limit (maxConcurrentUpload): retryable, rate limited
    the server refused the request: urn:ietf:params:jmap:error:limit (maxSizeUpload): -
    the server refused the request: urn:ietf:params:jmap:error:limit (requests): retryable, rate limited
    the server refused the request: about:blank: Forbidden: auth
    the server refused the request: about:blank: Down for now: retryable, outcome unknown
    the server refused the request: about:blank: not found
    ");
}

/// What calls itself a problem and is none is as good as any other body.
#[test]
fn section_3_6_1_problems_that_cannot_be_read() {
    for body in ["", "{", "[]", "<html>", "\u{0}"] {
        let error = refused(503, "application/problem+json", body);
        assert!(matches!(error, Error::Status(_)) && error.is_retryable(), "{error:?}");
    }
    // One member of the wrong type is not worth the others.
    let odd = refused(400, "application/problem+json", r#"{"type":7,"status":"x","limit":"a"}"#);
    let Error::Request { error, .. } = odd else { panic!("{odd:?}") };
    assert_eq!((error.status, error.limit.as_deref()), (None, Some("a")));
}
