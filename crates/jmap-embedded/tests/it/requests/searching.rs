//! JMAP Calendars, section 5.10.1: words, and filters put together.

use serde_json::{Value, json};

use super::scheduling::Town;
use super::{Outsider, tea};

#[test]
fn words() {
    let outsider = Outsider::new();
    let mut event = tea();
    event["title"] = json!("Tea & biscuits: 東京駅, Café");
    event["categories"] = json!({"https://example.com/friends": true});
    event["locations"] = json!({"1": {"name": "Kitchen"}});
    event["virtualLocations"] = json!({"1": {"name": "Chat", "uri": "https://example.com"}});
    event["participants"] =
        json!({"a": {"name": "Ann Other", "calendarAddress": "mailto:ann@example.com"}});
    outsider.created(event);
    for (filter, count) in [
        (json!({"title": "tea"}), 1),
        (json!({"title": "bisc"}), 1),
        (json!({"title": "cuits"}), 0),
        (json!({"title": "tea biscuits"}), 1),
        (json!({"title": "\"tea biscuits\""}), 1),
        (json!({"title": "\"biscuits tea\""}), 0),
        (json!({"title": "京駅"}), 1),
        (json!({"title": "CAFÉ"}), 1),
        (json!({"title": "kitchen"}), 0),
        (json!({"location": "chat"}), 1),
        (json!({"text": "kitchen friends other"}), 1),
        (json!({"text": "ann@example.com"}), 1),
        (json!({"attendee": "example"}), 1),
        (json!({"owner": "ann"}), 0),
        // What looks like the language of the index is only text.
        (json!({"text": "tea OR coffee"}), 0),
        (json!({"text": "title:tea*"}), 0),
        (json!({"text": "\"\\\" ( NEAR"}), 0),
        (json!({"text": "' -- ; DROP TABLE event"}), 0),
        (json!({"text": ""}), 1),
        (json!({"text": " ! "}), 1),
    ] {
        assert_eq!(outsider.found(filter.clone()).len(), count, "{filter}");
    }
}

/// A phrase does not begin in one text and end in another one.
#[test]
fn texts_are_apart() {
    let outsider = Outsider::new();
    let mut event = tea();
    event["locations"] = json!({"1": {"name": "Blue"}, "2": {"name": "Room"}});
    outsider.created(event);
    assert_eq!(outsider.found(json!({"location": "blue room"})).len(), 1);
    assert!(outsider.found(json!({"location": "\"blue room\""})).is_empty());
    assert!(outsider.found(json!({"text": "\"tea blue\""})).is_empty());
}

#[test]
fn filters_put_together() {
    let outsider = Outsider::new();
    let [one, two, three] =
        [("a", "Tea", 1), ("b", "Milk", 2), ("c", "Tea", 3)].map(|(uid, title, day)| {
            let mut event = tea();
            (event["uid"], event["title"]) = (json!(uid), json!(title));
            event["start"] = json!(format!("2027-03-0{day}T09:00:00"));
            outsider.created(event)
        });
    let operator =
        |name: &str, conditions: Value| json!({"operator": name, "conditions": conditions});
    let late = json!({"after": "2027-03-02T00:00:00"});
    for (filter, ids) in [
        (operator("AND", json!([{"title": "tea"}, late])), vec![&three]),
        (operator("OR", json!([{"title": "milk"}, {"uid": "a"}])), vec![&one, &two]),
        (operator("NOT", json!([{"title": "tea"}])), vec![&two]),
        (operator("NOT", json!([{"title": "milk"}, {"uid": "a"}])), vec![&three]),
        (operator("NOT", json!([late])), vec![&one]),
        (operator("NOT", json!([operator("NOT", json!([{"title": "tea"}]))])), vec![&one, &three]),
        (operator("NOT", json!([operator("NOT", json!([late]))])), vec![&two, &three]),
        (operator("AND", json!([{"title": "tea"}, operator("NOT", json!([late]))])), vec![&one]),
        (operator("AND", json!([])), vec![&one, &two, &three]),
        (operator("OR", json!([])), vec![]),
        (operator("NOT", json!([])), vec![&one, &two, &three]),
    ] {
        assert_eq!(outsider.found(filter.clone()).iter().collect::<Vec<_>>(), ids, "{filter}");
    }
}

/// Section 5.4: nobody learns by asking what they do not see.
#[test]
fn what_is_private_stays_so() {
    let town = Town::new();
    let mut event = tea();
    (event["title"], event["privacy"]) = (json!("Doctor"), json!("private"));
    let id = town.ann.create(event);
    let share = json!({town.principal_of_bob(): {"mayReadItems": true}});
    town.ann.call("Calendar/set", json!({"update": {"C1": {"shareWith": share}}}));
    for filter in [
        json!({}),
        json!({"uid": "u1"}),
        json!({"operator": "NOT", "conditions": [{"title": "doctor"}]}),
        json!({"operator": "NOT", "conditions": [{"title": "dentist"}]}),
    ] {
        let query = json!({"accountId": "ann", "filter": filter});
        let response = town.bob.raw("CalendarEvent/query", query);
        assert_eq!(response["ids"], json!([id]), "{filter}: {response}");
    }
    let query = json!({"accountId": "ann", "filter": {"title": "doctor"}});
    assert_eq!(town.bob.raw("CalendarEvent/query", query)["ids"], json!([]));
}
