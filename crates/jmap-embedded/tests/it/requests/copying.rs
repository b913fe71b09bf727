//! RFC 8620, section 5.4, and JMAP Calendars, section 5.12.

use serde_json::{Value, json};

use super::scheduling::Town;
use super::{Outsider, tea};

#[test]
fn an_account_is_no_other_one() {
    let outsider = Outsider::new();
    let id = outsider.created(tea());
    let copy = |from: &str| {
        let create = json!({"k": {"id": id, "calendarIds": {"C1": true}}});
        outsider.call("CalendarEvent/copy", json!({"fromAccountId": from, "create": create}))
    };
    assert_eq!(copy("jane")["type"], "invalidArguments");
    assert_eq!(copy("bob")["type"], "fromAccountNotFound");
}

/// What Ann shares, Bob copies into his account.
#[test]
fn between_accounts() {
    let town = Town::new();
    let mut event = tea();
    event["color"] = json!("red");
    let tea = town.ann.create(event);
    let share = json!({town.principal_of_bob(): {"mayReadItems": true, "mayWriteAll": true}});
    town.ann.call("Calendar/set", json!({"update": {"C1": {"shareWith": share}}}));
    let copy = |more: Value| {
        let create = json!({"k": {"id": tea, "calendarIds": {"C1": true}, "title": "My tea"}});
        let mut arguments = json!({"fromAccountId": "ann", "create": create});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        town.bob.call("CalendarEvent/copy", arguments)
    };
    for (name, wrong) in [("ifFromInState", "x"), ("ifInState", "x")] {
        assert_eq!(copy(json!({name: wrong}))["type"], "stateMismatch", "{name}");
    }
    let response = copy(json!({}));
    assert_eq!(
        (&response["fromAccountId"], &response["accountId"]),
        (&json!("ann"), &json!("bob"))
    );
    let created = &response["created"]["k"];
    assert_ne!(created["id"], json!(tea), "{response}");
    let mine = town.bob.event();
    assert_eq!(
        (&mine["id"], &mine["title"], &mine["uid"]),
        (&created["id"], &json!("My tea"), &json!("u1"))
    );
    assert_eq!(mine["example.com:sugar"], json!({"lumps": 2}));
    assert!(mine.get("color").is_none(), "the colour is Ann's");
    assert_eq!(town.ann.event()["title"], "Tea");

    let response = copy(json!({}));
    let error = &response["notCreated"]["k"];
    assert_eq!(
        (&error["type"], &error["existingId"]),
        (&json!("alreadyExists"), &mine["id"]),
        "{response}"
    );
    let missing = json!({"create": {"k": {"id": "E9", "calendarIds": {"C1": true}}}});
    assert_eq!(copy(missing)["notCreated"]["k"]["type"], "notFound");
}

/// RFC 8620, section 5.4: the second response is that of the implied set.
#[test]
fn the_original_is_destroyed() {
    let town = Town::new();
    let tea = town.ann.create(tea());
    let share = json!({town.principal_of_bob(): {"mayReadItems": true, "mayWriteAll": true}});
    town.ann.call("Calendar/set", json!({"update": {"C1": {"shareWith": share}}}));
    let create = json!({"k": {"id": tea, "calendarIds": {"C1": true}}});
    let arguments = json!({"accountId": "bob", "fromAccountId": "ann", "create": create, "onSuccessDestroyOriginal": true});
    let responses = town.bob.all("CalendarEvent/copy", arguments);
    assert_eq!(responses[1][0], "CalendarEvent/set", "{responses}");
    assert_eq!(responses[1][1]["destroyed"], json!([tea]));
    assert_eq!(responses[1][2], responses[0][2]);
    assert!(town.ann.events().is_empty());
    assert_eq!(town.bob.event()["title"], "Tea");
}
