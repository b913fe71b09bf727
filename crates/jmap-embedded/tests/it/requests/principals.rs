//! Principals (RFC 9670, section 2; JMAP Calendars, section 2) and identities (JMAP Calendars, section 3).

use serde_json::{Value, json};

use super::house::House;

#[test]
fn principals() {
    let house = House::of(&["jane", "bob", "eve@example.com"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    let session = jane.session();
    let capabilities = &session["accounts"]["jane"]["accountCapabilities"];
    assert_eq!(capabilities["urn:ietf:params:jmap:principals"]["currentUserPrincipalId"], "jane");
    assert_eq!(session["primaryAccounts"]["urn:ietf:params:jmap:principals"], "jane");

    let list = bob.own("Principal/get", json!({}))["list"].clone();
    assert_eq!(list.as_array().unwrap().len(), 3);
    let principal = |id: &str| bob.own("Principal/get", json!({"ids": [id]}))["list"][0].clone();
    let own = principal("bob");
    assert_eq!((&own["type"], &own["email"]), (&json!("individual"), &json!("bob@localhost")));
    let calendars = &own["capabilities"]["urn:ietf:params:jmap:calendars"];
    assert_eq!(
        *calendars,
        json!({"accountId": "bob", "mayGetAvailability": true, "mayShareWith": false, "calendarAddress": "mailto:bob@localhost"})
    );
    assert_eq!(own["accounts"]["bob"]["isPersonal"], true);
    // Of others only what they share.
    let other = principal("jane");
    let calendars = &other["capabilities"]["urn:ietf:params:jmap:calendars"];
    assert_eq!((&other["accounts"], &calendars["accountId"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&calendars["mayGetAvailability"], &calendars["mayShareWith"]),
        (&json!(false), &json!(true))
    );
    let state = bob.state("bob", "Principal");
    jane.share("C1", "bob", &["mayReadItems", "mayReadFreeBusy"]);
    assert_eq!(bob.changes("bob", "Principal", &state), [json!([]), json!(["jane"]), json!([])]);
    let other = principal("jane");
    let calendars = &other["capabilities"]["urn:ietf:params:jmap:calendars"];
    assert_eq!(
        (&calendars["accountId"], &calendars["mayGetAvailability"]),
        (&json!("jane"), &json!(true))
    );
    assert_eq!(other["accounts"]["jane"]["isPersonal"], false);
    // An account of somebody else has no principals in it.
    assert_eq!(bob.call("jane", "Principal/get", json!({}))["type"], "accountNotSupportedByMethod");
    // Somebody new.
    let state = bob.state("bob", "Principal");
    house.server().add_user("fay").unwrap();
    assert_eq!(bob.changes("bob", "Principal", &state), [json!(["fay"]), json!([]), json!([])]);
}

/// RFC 9670, section 2.3.
#[test]
fn changing_principals() {
    let house = House::of(&["jane", "bob"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    let state = bob.state("bob", "Principal");
    let patch =
        json!({"name": "Jane Doe", "description": "Likes tea", "timeZone": "Europe/Berlin"});
    assert_eq!(jane.change("jane", "Principal", "jane", patch), Value::Null);
    assert_eq!(bob.changes("bob", "Principal", &state)[1], json!(["jane"]));
    let seen =
        bob.own("Principal/get", json!({"ids": ["jane"], "properties": ["name", "timeZone"]}));
    assert_eq!(
        seen["list"][0],
        json!({"id": "jane", "name": "Jane Doe", "timeZone": "Europe/Berlin"})
    );
    for (id, patch, kind) in [
        ("bob", json!({"name": "x"}), "forbidden"),
        ("jane", json!({"name": ""}), "invalidProperties"),
        ("jane", json!({"timeZone": "Moon/Base"}), "invalidProperties"),
        ("jane", json!({"email": "eve@example.com"}), "invalidProperties"),
        ("jane", json!({"accounts": null}), "invalidProperties"),
        ("nobody", json!({"name": "x"}), "notFound"),
    ] {
        assert_eq!(jane.change("jane", "Principal", id, patch.clone())["type"], kind, "{patch}");
    }
    let response = jane
        .own("Principal/set", json!({"create": {"k": {"name": "x"}}, "destroy": ["bob", "jane"]}));
    assert_eq!(response["notCreated"]["k"]["type"], "forbidden");
    for id in ["bob", "jane"] {
        assert_eq!(response["notDestroyed"][id]["type"], "forbidden");
    }
}

/// RFC 9670, section 2.4; JMAP Calendars, section 2.1.
#[test]
fn looking_for_principals() {
    let house = House::of(&["jane", "bob", "eve@example.com"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    jane.change(
        "jane",
        "Principal",
        "jane",
        json!({"description": "Head of tea", "timeZone": "Europe/Berlin"}),
    );
    let eve = "eve_40example_2ecom";
    for (filter, ids) in [
        (json!({}), json!(["bob", eve, "jane"])),
        (json!({"name": "JAN"}), json!(["jane"])),
        (json!({"email": "@localhost"}), json!(["bob", "jane"])),
        (json!({"text": "tea"}), json!(["jane"])),
        (json!({"type": "individual", "name": "e"}), json!([eve, "jane"])),
        (json!({"type": "group"}), json!([])),
        (json!({"timeZone": "Europe/Berlin"}), json!(["jane"])),
        (json!({"accountIds": ["bob"]}), json!(["bob"])),
        (json!({"accountIds": ["jane"]}), json!([])),
        (json!({"calendarAddress": "MAILTO:eve@Example.COM"}), json!([eve])),
        (json!({"calendarAddress": "mailto:eve@example"}), json!([])),
        (
            json!({"operator": "NOT", "conditions": [{"name": "jane"}, {"name": "bob"}]}),
            json!([eve]),
        ),
    ] {
        let found = bob.own("Principal/query", json!({"filter": filter}));
        assert_eq!(found["ids"], ids, "{filter}");
    }
    assert_eq!(
        bob.own("Principal/query", json!({"filter": {"colour": 1}}))["type"],
        "unsupportedFilter"
    );
    // The address is a condition of another capability.
    let request = json!({
        "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:principals"],
        "methodCalls": [["Principal/query", {"accountId": "bob", "filter": {"calendarAddress": "mailto:a@b"}}, "0"]],
    });
    assert_eq!(bob.send(request)["methodResponses"][0][1]["type"], "unsupportedFilter");
    let page = json!({"position": 1, "limit": 1, "calculateTotal": true, "sort": [{"property": "name", "isAscending": false}]});
    let page = bob.own("Principal/query", page);
    assert_eq!((&page["ids"], &page["total"]), (&json!([eve]), &json!(3)));

    let before =
        bob.own("Principal/query", json!({"filter": {"text": "tea"}}))["queryState"].clone();
    bob.change("bob", "Principal", "bob", json!({"description": "Tea too"}));
    jane.change("jane", "Principal", "jane", json!({"description": null}));
    let since =
        json!({"filter": {"text": "tea"}, "sinceQueryState": before, "calculateTotal": true});
    let changes = bob.own("Principal/queryChanges", since);
    assert_eq!(changes["removed"], json!(["bob", "jane"]));
    assert_eq!(
        (&changes["added"], &changes["total"]),
        (&json!([{"id": "bob", "index": 0}]), &json!(1))
    );
}

/// JMAP Calendars, section 3.
#[test]
fn identities() {
    let house = House::of(&["jane"]);
    let jane = house.user("jane");
    let list = jane.own("ParticipantIdentity/get", json!({}))["list"].clone();
    assert_eq!(
        list,
        json!([{"id": "I1", "name": "", "calendarAddress": "mailto:jane@localhost", "isDefault": true}])
    );
    let state = jane.state("jane", "ParticipantIdentity");
    let create = json!({
        "create": {"k": {"name": "J.", "calendarAddress": "mailto:Jane@LOCALHOST"}}, "onSuccessSetIsDefault": "#k",
    });
    let response = jane.own("ParticipantIdentity/set", create);
    let id = response["created"]["k"]["id"].as_str().unwrap();
    assert_eq!(response["created"]["k"]["isDefault"], true);
    assert_eq!(response["updated"]["I1"]["isDefault"], false);
    assert_eq!(
        jane.changes("jane", "ParticipantIdentity", &state),
        [json!([id]), json!(["I1"]), json!([])]
    );
    for (object, kind) in [
        (json!({"name": "x"}), "invalidProperties"),
        (json!({"calendarAddress": "mailto:bob@localhost"}), "forbidden"),
        (
            json!({"calendarAddress": "mailto:jane@localhost", "isDefault": true}),
            "invalidProperties",
        ),
        (json!({"calendarAddress": "mailto:jane@localhost", "colour": 1}), "invalidProperties"),
    ] {
        let response = jane.own("ParticipantIdentity/set", json!({"create": {"k": object}}));
        assert_eq!(response["notCreated"]["k"]["type"], kind, "{object}");
    }
    // Not all succeeded, or there is no such identity: nothing becomes the default.
    for set in [
        json!({"destroy": ["I9"], "onSuccessSetIsDefault": "I1"}),
        json!({"onSuccessSetIsDefault": "I9"}),
    ] {
        assert_eq!(jane.own("ParticipantIdentity/set", set)["updated"], Value::Null);
    }
    let response = jane.own("ParticipantIdentity/set", json!({"destroy": [id, "I1"]}));
    assert_eq!(
        (&response["destroyed"], &response["notDestroyed"][id]["type"]),
        (&json!(["I1"]), &json!("forbidden"))
    );
}
