//! Blobs by methods (RFC 9404; RFC 8620, section 6.3).

use serde_json::{Value, json};

use super::house::{Guest, House, jane_and_bob};

fn ask(guest: &Guest, method: &str, arguments: Value) -> Value {
    let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:blob"];
    let response = guest.send(json!({"using": using, "methodCalls": [[method, arguments, "c"]]}));
    response["methodResponses"][0][1].clone()
}

/// RFC 9404, sections 4.1 and 4.2.
#[test]
fn made_and_read() {
    let jane = House::of(&["jane"]).user("jane");
    let data = json!([{"data:asText": "Tea and "}, {"data:asBase64": "Y2FrZQ=="}]);
    let create = json!({"k": {"data": data, "type": "text/plain"}});
    let made = ask(&jane, "Blob/upload", json!({"accountId": "jane", "create": create}));
    let blob = &made["created"]["k"];
    assert_eq!((&blob["size"], &blob["type"]), (&json!(12), &json!("text/plain")), "{made}");
    let ids = json!([blob["id"], "Bnothing"]);
    let properties = json!(["data:asText", "digest:sha-256", "size"]);
    let read =
        ask(&jane, "Blob/get", json!({"accountId": "jane", "ids": ids, "properties": properties}));
    assert_eq!(read["list"][0]["data:asText"], "Tea and cake", "{read}");
    assert_eq!(read["list"][0]["digest:sha-256"], "NZXf65/mCkQaiAlV+UXFoamH1Crx3cskkfJevW8tw3Q=");
    assert_eq!(read["notFound"], json!(["Bnothing"]));
}

/// RFC 8620, section 6.3.
#[test]
fn copied_into_another_account() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayWriteAll"]);
    let blob = bob.upload("bob", "a cake");
    let copy = |guest: &Guest, from: &str, to: &str| {
        let ids = json!([blob, "Bnothing"]);
        ask(guest, "Blob/copy", json!({"fromAccountId": from, "accountId": to, "blobIds": ids}))
    };
    let copied = copy(&bob, "bob", "jane");
    let there = copied["copied"][&blob].as_str().unwrap_or_else(|| panic!("{copied}"));
    assert_eq!(copied["notCopied"]["Bnothing"]["type"], "notFound");
    assert!(bob.downloads("jane", there));
    // Nobody else has seen it yet, and nothing of Bob's is for Jane.
    assert!(!jane.downloads("jane", there));
    assert_eq!(copy(&jane, "bob", "jane")["type"], "fromAccountNotFound");
}
