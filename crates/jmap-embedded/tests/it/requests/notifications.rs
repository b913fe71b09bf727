//! JMAP Calendars, section 6: what others did.

use serde_json::{Value, json};

use super::scheduling::{Person, Town, id, standup};

impl Person {
    fn notifications(&self) -> Vec<Value> {
        let query = json!({"sort": [{"property": "created"}]});
        let ids = self.call("CalendarEventNotification/query", query)["ids"].clone();
        let response = self.call("CalendarEventNotification/get", json!({"ids": ids}));
        response["list"].as_array().unwrap_or_else(|| panic!("{response}")).clone()
    }

    fn notification_state(&self) -> Value {
        self.call("CalendarEventNotification/get", json!({"ids": []}))["state"].clone()
    }
}

#[test]
fn what_comes_by_message() {
    let town = Town::new();
    let at_anns = town.ann.create(standup());
    assert!(town.ann.notifications().is_empty(), "nobody is told what they did");
    let at_bobs = id(&town.bob.event()).to_owned();
    town.ann.update(&at_anns, json!({"title": "Talk"}));
    town.ann.update(&at_anns, json!({"keywords": {"play": true}}));
    town.bob.update(&at_bobs, json!({"participants/b/participationStatus": "accepted"}));

    let [created, updated] = &town.bob.notifications()[..] else { panic!("not two") };
    assert_eq!((&created["type"], &updated["type"]), (&json!("created"), &json!("updated")));
    for notification in [created, updated] {
        assert_eq!(notification["calendarEventId"], json!(at_bobs));
        assert_eq!(notification["isDraft"], false);
        assert_eq!(notification["changedBy"]["calendarAddress"], "mailto:ann@localhost");
        assert_eq!(
            (&notification["changedBy"]["name"], &notification["changedBy"]["email"]),
            (&json!("ann"), &json!("ann@localhost"))
        );
        assert!(notification["created"].is_string());
        // As it was before; of what was created, after.
        assert_eq!(notification["event"]["title"], "Standup");
        for name in ["id", "calendarIds", "isOrigin", "useDefaultAlerts", "dismissed"] {
            assert!(
                notification["event"].get(name).is_none()
                    && notification.get(name) != Some(&json!(true)),
                "{name}"
            );
        }
    }
    assert!(created.get("eventPatch").is_none());
    assert_eq!(updated["eventPatch"]["title"], "Talk");

    let [answer] = &town.ann.notifications()[..] else { panic!("not one") };
    assert_eq!(answer["eventPatch"]["participants/b/participationStatus"], "accepted", "{answer}");
}

#[test]
fn they_are_dismissed() {
    let town = Town::new();
    let at_anns = town.ann.create(standup());
    town.ann.update(&at_anns, json!({"title": "Talk"}));
    let before = town.bob.notification_state();
    let first = id(&town.bob.notifications()[0]).to_owned();
    let set = |arguments: Value| town.bob.call("CalendarEventNotification/set", arguments);
    let response = set(json!({"create": {"k": {"type": "created"}}}));
    assert_eq!(response["notCreated"]["k"]["type"], "forbidden");
    let response = set(json!({"update": {&first: {"comment": "Hm"}}}));
    assert_eq!(response["notUpdated"][&first]["type"], "forbidden");
    let response = set(json!({"destroy": [first, "N9"]}));
    assert_eq!(response["destroyed"], json!([first]), "{response}");
    assert_eq!(response["notDestroyed"]["N9"]["type"], "notFound");
    assert_eq!(town.bob.notifications().len(), 1);
    let changes = town.bob.call("CalendarEventNotification/changes", json!({"sinceState": before}));
    assert_eq!(changes["destroyed"], json!([first]), "{changes}");
    let response = set(json!({"destroy": [first]}));
    assert_eq!(response["notDestroyed"][&first]["type"], "notFound");
}

#[test]
fn they_are_found() {
    let town = Town::new();
    let at_anns = town.ann.create(standup());
    town.ann.update(&at_anns, json!({"title": "Talk"}));
    let at_bobs = id(&town.bob.event()).to_owned();
    let found = |filter: Value| {
        let response = town.bob.call("CalendarEventNotification/query", json!({"filter": filter}));
        response["ids"].as_array().map_or_else(|| response["type"].clone(), |ids| json!(ids.len()))
    };
    for (filter, count) in [
        (json!({}), json!(2)),
        (json!({"type": "updated"}), json!(1)),
        (json!({"type": "destroyed"}), json!(0)),
        (json!({"calendarEventIds": [at_bobs]}), json!(2)),
        (json!({"calendarEventIds": []}), json!(0)),
        (json!({"after": "2001-01-01T00:00:00Z"}), json!(2)),
        (json!({"before": "2001-01-01T00:00:00Z"}), json!(0)),
        (json!({"colour": "red"}), json!("unsupportedFilter")),
    ] {
        assert_eq!(found(filter.clone()), count, "{filter}");
    }
    let query = json!({"sort": [{"property": "type"}]});
    assert_eq!(town.bob.call("CalendarEventNotification/query", query)["type"], "unsupportedSort");
}

/// Bob changes what Ann shares with him: Ann is told, and Bob is not.
#[test]
fn in_a_shared_calendar() {
    let town = Town::new();
    let event = json!({
        "@type": "Event", "uid": "u2", "calendarIds": {"C1": true}, "title": "Tea", "start": "2027-03-01T09:00:00",
        "color": "red",
    });
    let tea = town.ann.create(event);
    let rights = json!({"mayReadItems": true, "mayWriteAll": true});
    let principals = town.bob.call("Principal/query", json!({}));
    assert_eq!(principals["type"], Value::Null, "{principals}");
    let share = |rights: Value| {
        let bob = town.principal_of_bob();
        let response =
            town.ann.call("Calendar/set", json!({"update": {"C1": {"shareWith": {bob: rights}}}}));
        assert!(response["updated"].get("C1").is_some(), "{response}");
    };
    share(rights);
    let patch = json!({"accountId": "ann", "update": {&tea: {"title": "Milk"}}});
    let response = town.bob.raw("CalendarEvent/set", patch);
    assert!(response["updated"].get(&tea).is_some(), "{response}");
    let [notification] = &town.ann.notifications()[..] else { panic!("not one") };
    assert_eq!(notification["changedBy"]["name"], "bob");
    assert_eq!(notification["eventPatch"]["title"], "Milk");
    assert!(notification["event"].get("color").is_none(), "{notification}");
    let ids = |who: &Person| {
        who.raw("CalendarEventNotification/get", json!({"accountId": "ann", "ids": null}))["list"]
            .clone()
    };
    assert_eq!(ids(&town.bob), json!([]));
    // What Ann does, Bob is told, if he is subscribed; each dismisses it alone.
    town.ann.update(&tea, json!({"title": "Beer"}));
    assert_eq!(ids(&town.bob), json!([]));
    let subscribe = json!({"accountId": "ann", "update": {"C1": {"isSubscribed": true}}});
    town.bob.raw("Calendar/set", subscribe);
    town.ann.update(&tea, json!({"title": "Water"}));
    let of_bob = ids(&town.bob);
    assert_eq!(of_bob.as_array().unwrap().len(), 1, "{of_bob}");
    let destroy = json!({"accountId": "ann", "destroy": [of_bob[0]["id"]]});
    town.bob.raw("CalendarEventNotification/set", destroy);
    assert_eq!((ids(&town.bob), town.ann.notifications().len()), (json!([]), 1));
    // What Bob does not see, he is not told of.
    town.ann.update(&tea, json!({"privacy": "secret", "title": "Gin"}));
    town.ann.update(&tea, json!({"title": "Rum"}));
    let seen = ids(&town.bob).to_string();
    assert!(!seen.contains("Rum"), "{seen}");
}
