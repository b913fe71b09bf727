//! What rights allow, event by event (JMAP Calendars, section 4 and 5.8).

use serde_json::{Value, json};

use super::house::{Guest, House, jane_and_bob, tea, tea_with};

fn people(of: &str) -> Value {
    json!({
        "organizerCalendarAddress": format!("mailto:{of}@localhost"),
        "participants": {
            "o": {"calendarAddress": format!("mailto:{of}@localhost"), "roles": {"owner": true}},
            "b": {"calendarAddress": "mailto:bob@localhost", "participationStatus": "needs-action"},
            "e": {"calendarAddress": "mailto:eve@example.com", "participationStatus": "needs-action"},
        },
    })
}

/// What goes wrong when an event is created, changed and destroyed.
fn tried(guest: &Guest, account: &str, event: Value, id: &str) -> [Value; 3] {
    let created = guest.call(account, "CalendarEvent/set", json!({"create": {"k": event}}));
    let updated = guest.change(account, "CalendarEvent", id, json!({"title": "Milk"}));
    let destroyed = guest.call(account, "CalendarEvent/set", json!({"destroy": [id]}));
    [
        created["notCreated"]["k"]["type"].clone(),
        updated["type"].clone(),
        destroyed["notDestroyed"][id]["type"].clone(),
    ]
}

/// Everything, only one's own and what is nobody's, or nothing.
#[test]
fn writing() {
    let forbidden = [(); 3].map(|()| json!("forbidden"));
    let allowed = [(); 3].map(|()| Value::Null);
    for (right, of, expected) in [
        ("mayWriteAll", "jane", &allowed),
        ("mayWriteAll", "bob", &allowed),
        ("mayWriteOwn", "bob", &allowed),
        ("mayWriteOwn", "jane", &forbidden),
        ("mayUpdatePrivate", "bob", &forbidden),
        ("mayRSVP", "bob", &forbidden),
        ("mayShare", "bob", &forbidden),
    ] {
        let (jane, bob) = jane_and_bob(&["mayReadItems", right]);
        let id = jane.make("jane", tea_with(people(of)));
        let mut another = tea_with(people(of));
        another["uid"] = json!("u2");
        assert_eq!(tried(&bob, "jane", another, &id), *expected, "{right} on an event of {of}");
    }
    for (right, expected) in [("mayWriteOwn", &allowed), ("mayDelete", &forbidden)] {
        let (jane, bob) = jane_and_bob(&["mayReadItems", right]);
        let id = jane.make("jane", tea());
        let another = tea_with(json!({"uid": "u2"}));
        assert_eq!(tried(&bob, "jane", another, &id), *expected, "{right} on an event of nobody");
    }
}

/// Whoever owns an event can give it away, and then it is no longer theirs.
#[test]
fn giving_away() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayWriteOwn"]);
    let id = jane.make("jane", tea_with(people("bob")));
    let change = |patch: Value| bob.change("jane", "CalendarEvent", &id, patch)["type"].clone();
    let roles = json!({"participants/o/roles": null, "participants/e/roles": {"owner": true}});
    assert_eq!(change(roles), Value::Null);
    assert_eq!(change(json!({"title": "Mine"})), "forbidden");
}

/// An event in several calendars: it is read by the rights of any, and changed by those of all.
#[test]
fn several_calendars() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayWriteAll"]);
    let make = |rights: Value| {
        let create = json!({"create": {"k": {"name": "Team", "shareWith": {"bob": rights}}}});
        let response = jane.own("Calendar/set", create);
        response["created"]["k"]["id"].as_str().unwrap().to_owned()
    };
    let [read, write] =
        [json!({"mayReadItems": true}), json!({"mayReadItems": true, "mayWriteAll": true})]
            .map(make);
    let (read, write) = (read.as_str(), write.as_str());
    let id = jane.make("jane", tea_with(json!({"calendarIds": {"C1": true, read: true}})));
    let change = |patch: Value| bob.change("jane", "CalendarEvent", &id, patch)["type"].clone();
    assert_eq!(change(json!({"title": "Milk"})), "forbidden");
    assert_eq!(change(json!({"color": "red"})), "forbidden");
    let response = bob.call("jane", "CalendarEvent/set", json!({"destroy": [id]}));
    assert_eq!(response["notDestroyed"][&id]["type"], "forbidden");
    // It goes where the one calendar allows it, whatever the others say.
    assert_eq!(change(json!({format!("calendarIds/{read}"): null})), "forbidden");
    assert_eq!(change(json!({format!("calendarIds/{write}"): true})), Value::Null);
    assert_eq!(change(json!({"calendarIds/C1": null})), Value::Null);
    assert_eq!(change(json!({"calendarIds": {read: true, "C1": true}})), Value::Null);
    assert_eq!(jane.event("jane", &id)["calendarIds"], json!({"C1": true, read: true}));
    // Both at once needs both.
    assert_eq!(change(json!({"calendarIds/C1": null, "title": "Milk"})), "forbidden");
    jane.share(read, "bob", &["mayReadItems", "mayWriteAll"]);
    assert_eq!(change(json!({"calendarIds/C1": null, "title": "Milk"})), Value::Null);
    // A calendar that cannot be seen stays, and counts.
    let hidden = make(json!({"mayReadFreeBusy": true}));
    jane.change(
        "jane",
        "CalendarEvent",
        &id,
        json!({"calendarIds": {read: true, hidden.as_str(): true}}),
    );
    assert_eq!(change(json!({"title": "Coffee"})), "forbidden");
    assert_eq!(change(json!({"calendarIds": {"C1": true}})), Value::Null);
    let calendars = jane.event("jane", &id)["calendarIds"].clone();
    assert_eq!(calendars, json!({"C1": true, hidden.as_str(): true}));
    let error = bob.change("jane", "CalendarEvent", &id, json!({"calendarIds": {hidden: true}}));
    assert_eq!(error["properties"], json!(["calendarIds"]));
}

/// Answers, and nothing else.
#[test]
fn answering() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayRSVP"]);
    let mut event = tea_with(people("jane"));
    event["recurrenceRule"] = json!({"@type": "RecurrenceRule", "frequency": "daily", "count": 5});
    let id = jane.make("jane", event);
    let change = |patch: Value| bob.change("jane", "CalendarEvent", &id, patch)["type"].clone();
    assert_eq!(change(json!({"participants/b/participationStatus": "accepted"})), Value::Null);
    assert_eq!(jane.event("jane", &id)["participants"]["b"]["participationStatus"], "accepted");
    assert_eq!(change(json!({"participants/b/expectReply": true})), Value::Null);
    for patch in [
        json!({"participants/e/participationStatus": "accepted"}),
        json!({"participants/b/participationStatus": "declined", "title": "Milk"}),
        json!({"participants/b/roles": {"owner": true}}),
        json!({"participants/b/participationStatus": "declined", "sequence": 9}),
        json!({"participants/b": null}),
        json!({"participants/b/calendarAddress": "mailto:eve@example.com"}),
        json!({"participants/f": {"calendarAddress": "mailto:fay@example.com"}}),
        json!({"recurrenceOverrides": {"2027-03-02T09:00:00": {"participants/e/participationStatus": "accepted"}}}),
        json!({"recurrenceOverrides": {"2027-03-02T09:00:00": {"excluded": true}}}),
        json!({"recurrenceOverrides": {"2027-03-02T10:00:00": {"participants/b/participationStatus": "accepted"}}}),
    ] {
        assert_eq!(change(patch.clone()), "forbidden", "{patch}");
    }
    // One occurrence.
    let answer = json!({"participants/b/participationStatus": "declined"});
    assert_eq!(
        change(json!({"recurrenceOverrides": {"2027-03-02T09:00:00": answer}})),
        Value::Null
    );
    assert_eq!(jane.event("jane", &id)["recurrenceOverrides"]["2027-03-02T09:00:00"], answer);
    let again = "recurrenceOverrides/2027-03-02T09:00:00/participants~1b~1participationStatus";
    assert_eq!(change(json!({again: "tentative"})), Value::Null);
    assert_eq!(change(json!({"recurrenceOverrides/2027-03-02T09:00:00": null})), Value::Null);
    // What was overridden by others stays.
    let patch = json!({"recurrenceOverrides": {"2027-03-03T09:00:00": {"title": "Late"}}});
    jane.change("jane", "CalendarEvent", &id, patch);
    let both = json!({"title": "Late", "participants/b/participationStatus": "declined"});
    assert_eq!(change(json!({"recurrenceOverrides/2027-03-03T09:00:00": answer})), "forbidden");
    assert_eq!(change(json!({"recurrenceOverrides/2027-03-03T09:00:00": both})), Value::Null);
}

/// `mayInviteSelf` and `mayInviteOthers`.
#[test]
fn coming_along() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayRSVP"]);
    let owner =
        json!({"o": {"calendarAddress": "mailto:jane@localhost", "roles": {"owner": true}}});
    let id = jane.make("jane", tea_with(json!({"participants": owner})));
    let change = |patch: Value| bob.change("jane", "CalendarEvent", &id, patch)["type"].clone();
    let own = json!({"calendarAddress": "mailto:bob@localhost", "participationStatus": "accepted"});
    let fay = json!({"calendarAddress": "mailto:fay@example.com"});
    assert_eq!(change(json!({"participants/b": own})), "forbidden");
    jane.change("jane", "CalendarEvent", &id, json!({"mayInviteSelf": true}));
    let mut chief = own.clone();
    chief["roles"] = json!({"owner": true});
    assert_eq!(change(json!({"participants/b": chief})), "forbidden");
    assert_eq!(change(json!({"participants/f": fay})), "forbidden");
    assert_eq!(change(json!({"participants/b": own})), Value::Null);
    assert_eq!(change(json!({"participants/f": fay})), "forbidden");
    jane.change("jane", "CalendarEvent", &id, json!({"mayInviteOthers": true}));
    assert_eq!(change(json!({"participants/f": fay})), Value::Null);
    assert_eq!(jane.event("jane", &id)["participants"].as_object().unwrap().len(), 3);
}

/// Creation ids stand for calendars of the same request (RFC 8620, section 5.3), and are told in `createdIds`.
#[test]
fn creation_ids() {
    let house = House::of(&["jane"]);
    let jane = house.user("jane");
    let response = jane.send(json!({
        "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"],
        "createdIds": {"old": "C1"},
        "methodCalls": [
            ["Calendar/set", {"accountId": "jane", "create": {"team": {"name": "Team"}}, "onSuccessSetIsDefault": "#team"}, "0"],
            ["CalendarEvent/set", {"accountId": "jane", "create": {"tea": tea_with(json!({"calendarIds": {"#team": true, "#old": true}}))}}, "1"],
            ["CalendarEvent/set", {"accountId": "jane", "update": {"#tea": {"calendarIds/#old": null}}}, "2"],
            ["CalendarEvent/get", {"accountId": "jane", "ids": ["#tea"], "properties": ["calendarIds"]}, "3"],
            ["CalendarEvent/set", {"accountId": "jane", "create": {"x": tea_with(json!({"calendarIds": {"#nothing": true}}))}}, "4"],
        ],
    }));
    let calls = &response["methodResponses"];
    let team = calls[0][1]["created"]["team"]["id"].as_str().unwrap();
    let tea = calls[1][1]["created"]["tea"]["id"].as_str().unwrap();
    assert_eq!(calls[0][1]["created"]["team"]["isDefault"], true);
    assert_eq!(calls[1][1]["created"]["tea"]["calendarIds"], json!({"C1": true, team: true}));
    assert_eq!(calls[3][1]["list"][0]["calendarIds"], json!({team: true}));
    assert_eq!(calls[4][1]["notCreated"]["x"]["properties"], json!(["calendarIds"]));
    assert_eq!(response["createdIds"], json!({"old": "C1", "team": team, "tea": tea}));
}

/// One account never shows another one, in no method.
#[test]
fn nothing_of_others() {
    let house = House::of(&["jane", "bob"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    let id = jane.make("jane", tea());
    for method in [
        "Calendar/get",
        "Calendar/changes",
        "Calendar/set",
        "CalendarEvent/get",
        "CalendarEvent/changes",
        "CalendarEvent/set",
        "CalendarEvent/query",
        "CalendarEvent/queryChanges",
        "ParticipantIdentity/get",
        "ParticipantIdentity/changes",
        "ParticipantIdentity/set",
        "Principal/get",
        "Principal/query",
        "ShareNotification/get",
        "ShareNotification/query",
        "ShareNotification/set",
    ] {
        let arguments = json!({"sinceState": "0", "sinceQueryState": "0"});
        let arguments = if method.ends_with("hanges") { arguments } else { json!({}) };
        assert_eq!(bob.call("jane", method, arguments)["type"], "accountNotFound", "{method}");
    }
    let availability =
        json!({"id": "jane", "utcStart": "2027-03-01T00:00:00Z", "utcEnd": "2027-03-02T00:00:00Z"});
    assert_eq!(bob.own("Principal/getAvailability", availability)["type"], "forbidden");
    assert_eq!(bob.event("bob", &id), Value::Null);
    assert_eq!(bob.change("bob", "CalendarEvent", &id, json!({"title": "x"}))["type"], "notFound");
    assert_eq!(bob.found("bob", json!({})), json!([]));
    let copy =
        json!({"fromAccountId": "jane", "create": {"k": {"id": id, "calendarIds": {"C1": true}}}});
    assert_eq!(bob.own("CalendarEvent/copy", copy)["type"], "fromAccountNotFound");
    // Identities are the user's own wherever they are asked for.
    jane.share("C1", "bob", &["mayReadItems"]);
    let list = bob.call("jane", "ParticipantIdentity/get", json!({}))["list"].clone();
    assert_eq!(list[0]["calendarAddress"], "mailto:bob@localhost");
}
