//! Sharing calendars (JMAP Calendars, section 4; RFC 9670, sections 1, 3 and 4).

use serde_json::{Value, json};

use super::house::{House, jane_and_bob, rights, tea, tea_with};

/// All rights (JMAP Calendars, section 4), of which these are granted: what a response says.
fn all_rights(granted: &[&str]) -> Value {
    let all = [
        "mayReadFreeBusy",
        "mayReadItems",
        "mayWriteAll",
        "mayWriteOwn",
        "mayUpdatePrivate",
        "mayRSVP",
        "mayShare",
        "mayDelete",
    ];
    all.iter().map(|name| ((*name).to_owned(), json!(granted.contains(name)))).collect()
}

/// RFC 9670, section 1.4: an account of somebody else is in the session as soon as something in it is subscribed to, and can
/// be used before.
#[test]
fn accounts_of_others() {
    let house = House::of(&["jane", "bob", "eve"]);
    let (jane, bob, eve) = (house.user("jane"), house.user("bob"), house.user("eve"));
    let before = bob.session();
    assert_eq!(bob.ask("jane", "Calendar/get", json!({})).1["type"], "accountNotFound");
    jane.share("C1", "bob", &["mayReadItems"]);
    assert_eq!(bob.session()["accounts"], before["accounts"]);
    assert_eq!(bob.call("jane", "Calendar/get", json!({}))["list"][0]["id"], "C1");
    assert_eq!(bob.change("jane", "Calendar", "C1", json!({"isSubscribed": true})), Value::Null);

    let after = bob.session();
    assert_ne!(after["state"], before["state"]);
    let account = &after["accounts"]["jane"];
    assert_eq!((&account["isPersonal"], &account["name"]), (&json!(false), &json!("jane")));
    let capabilities = &account["accountCapabilities"];
    assert_eq!(capabilities["urn:ietf:params:jmap:calendars"]["mayCreateCalendar"], false);
    assert_eq!(
        capabilities["urn:ietf:params:jmap:principals:owner"],
        json!({"accountIdForPrincipal": "bob", "principalId": "jane"})
    );
    assert_eq!(after["primaryAccounts"]["urn:ietf:params:jmap:calendars"], "bob");
    assert_eq!(eve.session()["accounts"].as_object().unwrap().len(), 1);
    assert_eq!(eve.ask("jane", "Calendar/get", json!({})).1["type"], "accountNotFound");

    jane.share("C1", "bob", &[]);
    assert_eq!(bob.session()["accounts"], before["accounts"]);
    assert_eq!(bob.ask("jane", "Calendar/get", json!({})).1["type"], "accountNotFound");
}

/// JMAP Calendars, section 4: what others see of a calendar, and what it begins with for them.
#[test]
fn a_shared_calendar() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayRSVP"]);
    jane.change(
        "jane",
        "Calendar",
        "C1",
        json!({"color": "red", "sortOrder": 7, "isVisible": false}),
    );
    let calendar = bob.calendar("jane", "C1");
    for (name, value) in [
        ("name", json!("Calendar")),
        ("color", json!("red")),
        ("sortOrder", json!(0)),
        ("isVisible", json!(true)),
        ("isSubscribed", json!(false)),
        ("includeInAvailability", json!("none")),
        ("shareWith", Value::Null),
    ] {
        assert_eq!(calendar[name], value, "{name}");
    }
    let may = calendar["myRights"].as_object().unwrap();
    let may: Vec<_> = may.iter().filter(|(_, may)| **may == json!(true)).map(|it| it.0).collect();
    assert_eq!(may, ["mayRSVP", "mayReadItems"]);
    assert_eq!(
        jane.calendar("jane", "C1")["shareWith"]["bob"],
        all_rights(&["mayReadItems", "mayRSVP"])
    );
}

/// JMAP Calendars, section 4.1: a calendar of which somebody only knows when it makes busy does not exist for them.
#[test]
fn who_knows_when_somebody_is_busy_sees_no_calendar() {
    let (jane, bob) = jane_and_bob(&["mayReadItems"]);
    let id = jane.make("jane", tea());
    let state = bob.state("jane", "Calendar");
    let team = jane.own(
        "Calendar/set",
        json!({"create": {"k": {
            "name": "Team", "shareWith": {"bob": {"mayReadFreeBusy": true}},
        }}}),
    );
    let team = team["created"]["k"]["id"].as_str().unwrap();
    let response = bob.call("jane", "Calendar/get", json!({"ids": [team]}));
    assert_eq!((&response["list"], &response["notFound"]), (&json!([]), &json!([team])));
    assert_eq!(bob.changes("jane", "Calendar", &state), [json!([]), json!([]), json!([])]);
    let response = bob.call("jane", "Calendar/set", json!({"destroy": [team]}));
    assert_eq!(response["notDestroyed"][team]["type"], "notFound");
    // Its events are not found either, nor is it among the calendars of an event that can be seen.
    jane.make("jane", tea_with(json!({"uid": "u2", "calendarIds": {team: true}})));
    jane.change("jane", "CalendarEvent", &id, json!({"calendarIds": {"C1": true, team: true}}));
    assert_eq!(bob.found("jane", json!({})), json!([id]));
    assert_eq!(bob.found("jane", json!({"inCalendar": team})), json!([]));
    assert_eq!(bob.event("jane", &id)["calendarIds"], json!({"C1": true}));
}

/// RFC 8620, section 5.2, for somebody who sees only a part: what comes into sight is created, what goes is destroyed.
#[test]
fn changes_as_somebody_sees_them() {
    let house = House::of(&["jane", "bob"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    jane.share("C1", "bob", &["mayReadItems"]);
    let make = |name: &str| {
        let response = jane.own("Calendar/set", json!({"create": {"k": {"name": name}}}));
        response["created"]["k"]["id"].as_str().unwrap().to_owned()
    };
    let hidden = make("Hidden");
    let here = jane.make("jane", tea());
    let there =
        jane.make("jane", tea_with(json!({"uid": "u2", "calendarIds": {hidden.as_str(): true}})));
    let (calendars, events) = (bob.state("jane", "Calendar"), bob.state("jane", "CalendarEvent"));
    // What happens out of sight is no change.
    jane.change("jane", "CalendarEvent", &there, json!({"title": "Milk"}));
    jane.change("jane", "Calendar", &hidden, json!({"name": "Still hidden"}));
    assert_eq!(bob.changes("jane", "CalendarEvent", &events), [json!([]), json!([]), json!([])]);
    assert_eq!(bob.state("jane", "CalendarEvent"), events);
    assert_eq!(bob.state("jane", "Calendar"), calendars);

    jane.share(&hidden, "bob", &["mayReadItems"]);
    assert_eq!(
        bob.changes("jane", "Calendar", &calendars),
        [json!([hidden]), json!([]), json!([])]
    );
    assert_eq!(
        bob.changes("jane", "CalendarEvent", &events),
        [json!([there]), json!([]), json!([])]
    );
    let events = bob.state("jane", "CalendarEvent");
    jane.share(&hidden, "bob", &[]);
    jane.change("jane", "CalendarEvent", &here, json!({"title": "Coffee"}));
    assert_eq!(
        bob.changes("jane", "CalendarEvent", &events),
        [json!([]), json!([here]), json!([there])]
    );
    assert_eq!(bob.changes("jane", "Calendar", &calendars), [json!([]), json!([]), json!([])]);
    // An event that moves to where it cannot be seen.
    let events = bob.state("jane", "CalendarEvent");
    jane.change("jane", "CalendarEvent", &here, json!({"calendarIds": {hidden.as_str(): true}}));
    assert_eq!(
        bob.changes("jane", "CalendarEvent", &events),
        [json!([]), json!([]), json!([here])]
    );
    // A history that is forgotten is forgotten for everybody, and nobody gets stuck.
    house.server().forget_history("jane").unwrap();
    let response = bob.call("jane", "CalendarEvent/changes", json!({"sinceState": events}));
    assert_eq!(response["type"], "cannotCalculateChanges");
    let events = bob.state("jane", "CalendarEvent");
    assert_eq!(bob.changes("jane", "CalendarEvent", &events), [json!([]), json!([]), json!([])]);
}

/// JMAP Calendars, section 4: with whom a calendar can be shared.
#[test]
fn principals_that_cannot_be_shared_with() {
    let (jane, _) = jane_and_bob(&["mayReadItems"]);
    for with in [
        json!({"nobody": {"mayReadItems": true}}),
        json!({"jane": {"mayReadItems": true}}),
        json!({"bob": {"mayFly": true}}),
        json!({"bob": true}),
        json!("bob"),
    ] {
        let error = jane.change("jane", "Calendar", "C1", json!({"shareWith": with.clone()}));
        assert_eq!(error["type"], "invalidProperties", "{with}");
        assert_eq!(error["properties"], json!(["shareWith"]), "{with}");
    }
    // One right more, in a patch.
    jane.change("jane", "Calendar", "C1", json!({"shareWith/bob/mayRSVP": true}));
    let with = jane.calendar("jane", "C1")["shareWith"].clone();
    assert_eq!(with, json!({"bob": all_rights(&["mayReadItems", "mayRSVP"])}));
    // Who may write everything may do what is less, which the client is told.
    let patch = json!({"update": {"C1": {"shareWith": {"bob": {"mayWriteAll": true}}}}});
    let response = jane.own("Calendar/set", patch);
    let all = rights(&["mayRSVP", "mayUpdatePrivate", "mayWriteAll", "mayWriteOwn"]);
    assert_eq!(response["updated"]["C1"]["shareWith"], json!({"bob": all}));
}

/// JMAP Calendars, section 4.3: nobody gives what they do not have, unless it was there before.
#[test]
fn giving_rights() {
    let house = House::of(&["jane", "bob", "eve"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    jane.share("C1", "bob", &["mayReadItems", "mayShare"]);
    let share =
        |rights: Value| bob.change("jane", "Calendar", "C1", json!({"shareWith/eve": rights}));
    assert_eq!(share(rights(&["mayReadItems"])), Value::Null);
    assert_eq!(share(rights(&["mayReadItems", "mayDelete"]))["type"], "forbidden");
    jane.share("C1", "eve", &["mayDelete"]);
    assert_eq!(share(rights(&["mayReadItems", "mayDelete"])), Value::Null);
    assert_eq!(share(Value::Null), Value::Null);

    jane.share("C1", "bob", &["mayReadItems"]);
    let error =
        bob.change("jane", "Calendar", "C1", json!({"shareWith": {"eve": {"mayReadItems": true}}}));
    assert_eq!(error["type"], "forbidden");
    assert_eq!(bob.calendar("jane", "C1")["shareWith"], Value::Null);
    // Changing something else of it leaves the sharing alone that is not seen.
    jane.share("C1", "eve", &["mayReadItems"]);
    assert_eq!(bob.change("jane", "Calendar", "C1", json!({"isVisible": false})), Value::Null);
    assert_eq!(jane.calendar("jane", "C1")["shareWith"].as_object().unwrap().len(), 2);
}

/// JMAP Calendars, section 4: what others must not do with a calendar.
#[test]
fn what_others_must_not_do() {
    let (jane, bob) = jane_and_bob(&["mayReadItems", "mayWriteAll"]);
    let response = bob.call("jane", "Calendar/set", json!({"create": {"k": {"name": "Team"}}}));
    assert_eq!(response["notCreated"]["k"]["type"], "forbidden");
    let error = bob.change("jane", "Calendar", "C1", json!({"description": "Mine"}));
    assert_eq!(error["type"], "forbidden");
    for patch in [json!({"myRights/mayDelete": true}), json!({"isDefault": false})] {
        let error = bob.change("jane", "Calendar", "C1", patch);
        assert_eq!(error["type"], "invalidProperties");
    }
    let team = jane.own(
        "Calendar/set",
        json!({"create": {"k": {
            "name": "Team", "shareWith": {"bob": {"mayReadItems": true}},
        }}}),
    );
    let team = team["created"]["k"]["id"].as_str().unwrap();
    let destroy = || bob.call("jane", "Calendar/set", json!({"destroy": [team]}));
    assert_eq!(destroy()["notDestroyed"][team]["type"], "forbidden");
    // The default calendar is for the owner to choose: what others say is passed over.
    let response = bob.call("jane", "Calendar/set", json!({"onSuccessSetIsDefault": team}));
    assert_eq!(response["updated"], Value::Null);
    assert_eq!(jane.calendar("jane", "C1")["isDefault"], true);
    jane.share(team, "bob", &["mayReadItems", "mayDelete"]);
    assert_eq!(destroy()["destroyed"], json!([team]));
}

/// RFC 9670, section 3: who is given rights, or loses them, is told.
#[test]
fn notifications() {
    let (jane, bob) = jane_and_bob(&["mayReadItems"]);
    let list = || bob.own("ShareNotification/get", json!({}))["list"].clone();
    let first = list()[0].clone();
    assert_eq!(
        first["changedBy"],
        json!({"name": "jane", "email": "jane@localhost", "principalId": "jane"})
    );
    assert_eq!(first["objectType"], "Calendar");
    assert_eq!((&first["objectAccountId"], &first["objectId"]), (&json!("jane"), &json!("C1")));
    assert_eq!((&first["oldRights"], &first["name"]), (&Value::Null, &json!("Calendar")));
    assert_eq!(first["newRights"]["mayReadItems"], true);
    assert_eq!(jane.own("ShareNotification/get", json!({}))["list"], json!([]));
    let first = first["id"].as_str().unwrap();

    let state = bob.state("bob", "ShareNotification");
    let query = |filter: Value| {
        let query =
            json!({"filter": filter, "sort": [{"property": "created"}], "calculateTotal": true});
        bob.own("ShareNotification/query", query)
    };
    let before = query(json!({}));
    assert_eq!((&before["ids"], &before["canCalculateChanges"]), (&json!([first]), &json!(true)));
    // What is not about rights, and what stays as it is, is no news.
    jane.change("jane", "Calendar", "C1", json!({"name": "Ours"}));
    jane.share("C1", "bob", &["mayReadItems"]);
    assert_eq!(list().as_array().unwrap().len(), 1);
    jane.share("C1", "bob", &[]);
    let [created, ..] = bob.changes("bob", "ShareNotification", &state);
    let second = created[0].as_str().unwrap();
    let last = bob.own("ShareNotification/get", json!({"ids": [second]}))["list"][0].clone();
    assert_eq!((&last["newRights"], &last["name"]), (&Value::Null, &json!("Ours")));
    assert_eq!(last["oldRights"]["mayReadItems"], true);

    let since = json!({"sinceQueryState": before["queryState"], "filter": {}, "sort": [{"property": "created"}]});
    let changes = bob.own("ShareNotification/queryChanges", since);
    assert_eq!(changes["added"][0]["id"], second);
    assert_eq!(query(json!({"objectType": "TaskList"}))["ids"], json!([]));
    assert_eq!(query(json!({"objectAccountId": "jane"}))["total"], 2);
    assert_eq!(query(json!({"before": "2020-01-01T00:00:00Z"}))["ids"], json!([]));
    assert_eq!(query(json!({"after": "2020-01-01T00:00:00Z"}))["total"], 2);
    assert_eq!(query(json!({"colour": "red"}))["type"], "unsupportedFilter");
    let sorted = json!({"sort": [{"property": "name"}]});
    assert_eq!(bob.own("ShareNotification/query", sorted)["type"], "unsupportedSort");

    // They can only be destroyed (section 3.5).
    let error = bob.change("bob", "ShareNotification", first, json!({"name": "Mine"}));
    assert_eq!(error["type"], "forbidden");
    let response = bob.own("ShareNotification/set", json!({"create": {"k": {"name": "Mine"}}}));
    assert_eq!(response["notCreated"]["k"]["type"], "forbidden");
    let response = bob.own("ShareNotification/set", json!({"destroy": [first]}));
    assert_eq!(response["destroyed"], json!([first]));
}

/// JMAP Calendars, section 4.3: the end of a calendar is one notification for each who had it, and none about events.
#[test]
fn the_end_of_a_shared_calendar() {
    let (jane, bob) = jane_and_bob(&[]);
    let team = jane.own(
        "Calendar/set",
        json!({"create": {"k": {
            "name": "Team", "shareWith": {"bob": {"mayReadItems": true}},
        }}}),
    );
    let team = team["created"]["k"]["id"].as_str().unwrap();
    let id = jane.make("jane", tea_with(json!({"calendarIds": {team: true}})));
    let (notifications, events) =
        (bob.state("bob", "ShareNotification"), bob.state("jane", "CalendarEvent"));
    bob.change("jane", "Calendar", team, json!({"isSubscribed": true}));
    let destroy = json!({"destroy": [team], "onDestroyRemoveEvents": true});
    assert_eq!(jane.own("Calendar/set", destroy)["destroyed"], json!([team]));
    let [created, updated, destroyed] = bob.changes("bob", "ShareNotification", &notifications);
    assert_eq!(created.as_array().unwrap().len(), 1);
    assert_eq!((updated, destroyed), (json!([]), json!([])));
    assert!(bob.session()["accounts"].get("jane").is_none());
    // Whoever sees something else of the account learns that the event is gone.
    jane.share("C1", "bob", &["mayReadItems"]);
    assert_eq!(bob.changes("jane", "CalendarEvent", &events)[2], json!([id]));
}
