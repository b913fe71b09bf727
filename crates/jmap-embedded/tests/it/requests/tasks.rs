//! JMAP Tasks, as the sheet's profile has it: lists, tasks, and how they are found.

use serde_json::{Value, json};

use super::Outsider;

fn milk() -> Value {
    json!({
        "@type": "Task", "uid": "t1", "taskListId": "L1", "title": "Buy milk", "due": "2027-03-01T18:00:00",
        "timeZone": "Europe/Berlin", "example.com:shop": "corner",
    })
}

impl Outsider {
    fn created_task(&self, task: Value) -> String {
        let response = self.call("Task/set", json!({"create": {"k": task}}));
        response["created"]["k"]["id"].as_str().unwrap_or_else(|| panic!("{response}")).to_owned()
    }

    fn refused_task(&self, task: Value) -> Value {
        let response = self.call("Task/set", json!({"create": {"k": task}}));
        response["notCreated"]["k"].clone()
    }

    fn update_task(&self, id: &str, patch: Value) -> Value {
        self.call("Task/set", json!({"update": {id: patch}}))
    }

    fn task(&self, id: &str) -> Value {
        self.call("Task/get", json!({"ids": [id]}))["list"][0].clone()
    }

    fn tasks(&self, arguments: Value) -> Value {
        self.call("Task/query", arguments)
    }
}

/// Section 3: the list that is there, and what lists must be.
#[test]
fn lists() {
    let outsider = Outsider::new();
    let response = outsider.call("TaskList/get", json!({"ids": null}));
    let inbox = &response["list"][0];
    assert_eq!((&inbox["role"], &inbox["isSubscribed"]), (&json!("inbox"), &json!(true)));
    assert_eq!(inbox["myRights"]["mayWriteAll"], true);
    assert_eq!(inbox["workflowStatuses"].as_array().unwrap().len(), 6);
    for (property, value) in [
        ("name", json!("")),
        ("role", json!("inbox")),
        ("color", json!("reddish")),
        ("sortOrder", json!(2_147_483_648_u64)),
        ("timeZone", json!("Moon/Base")),
        ("myRights", json!({})),
        ("colour", json!("red")),
        ("shareWith", json!({"P1": {"mayReadItems": true}})),
    ] {
        let mut list = json!({"name": "Team"});
        list[property] = value;
        let response = outsider.call("TaskList/set", json!({"create": {"k": list}}));
        let error = &response["notCreated"]["k"];
        assert_eq!(error["type"], "invalidProperties", "{property}: {response}");
        assert_eq!(error["properties"], json!([property]));
    }
    let create = json!({"create": {"k": {"name": "Team", "role": "trash", "isVisible": false}}});
    let response = outsider.call("TaskList/set", create);
    assert!(response["created"]["k"]["id"].is_string(), "{response}");
    let changes = outsider.call("TaskList/changes", json!({"sinceState": response["oldState"]}));
    assert_eq!(changes["created"], json!([response["created"]["k"]["id"]]));
}

/// Section 3.4.
#[test]
fn a_list_with_tasks_is_not_destroyed() {
    let outsider = Outsider::new();
    let task = outsider.created_task(milk());
    let response = outsider.call("TaskList/set", json!({"destroy": ["L1"]}));
    assert_eq!(response["notDestroyed"]["L1"]["type"], "taskListHasTask");
    let destroy = json!({"destroy": ["L1"], "onDestroyRemoveTasks": true});
    assert_eq!(outsider.call("TaskList/set", destroy)["destroyed"], json!(["L1"]));
    assert_eq!(outsider.task(&task), Value::Null);
}

#[test]
fn tasks_are_kept() {
    let outsider = Outsider::new();
    let response = outsider.call("Task/set", json!({"create": {"k": milk()}}));
    let created = &response["created"]["k"];
    for name in ["id", "created", "updated", "version", "isOrigin"] {
        assert!(created.get(name).is_some(), "{name}: {response}");
    }
    let id = created["id"].as_str().unwrap();
    let task = outsider.task(id);
    assert_eq!((&task["@type"], &task["example.com:shop"]), (&json!("Task"), &json!("corner")));
    assert_eq!((&task["isDraft"], &task["isOrigin"]), (&json!(false), &json!(true)));
    // A checklist, and a second look at it.
    let basket = json!({"@type": "Checklist", "checkItems": [{"@type": "CheckItem", "title": "Oat", "isComplete": false}]});
    outsider.update_task(id, json!({"checklists": {"b": basket}, "estimatedWork": 2}));
    let task = outsider.task(id);
    assert_eq!(task["checklists"]["b"]["checkItems"][0]["title"], "Oat");
    assert_eq!((&task["estimatedWork"], &task["sequence"]), (&json!(2), &json!(1)));
    for patch in [json!({"sortOrder": 4}), json!({"keywords": {"cold": true}})] {
        outsider.update_task(id, patch);
        assert_eq!(outsider.task(id)["sequence"], 1);
    }
    let response = outsider.call("Task/set", json!({"destroy": [id]}));
    assert_eq!(response["destroyed"], json!([id]));
    let changes = outsider.call("Task/changes", json!({"sinceState": "0"}));
    assert_eq!(
        (&changes["created"], &changes["destroyed"]),
        (&json!([]), &json!([])),
        "it came and went"
    );
}

#[test]
fn tasks_that_cannot_be() {
    let outsider = Outsider::new();
    let id = outsider.created_task(milk());
    for (property, value) in [
        ("uid", json!("t1")),
        ("taskListId", json!("L9")),
        ("taskListId", Value::Null),
        ("due", json!("soon")),
        ("method", json!("request")),
        ("timeZone", json!("Moon/Base")),
        ("percentComplete", json!(101)),
        ("workflowStatus", json!("brewing")),
        ("isOrigin", json!(true)),
        ("baseTaskId", json!("T1")),
    ] {
        let mut task = milk();
        task["uid"] = json!("t2");
        task[property] = value.clone();
        let error = outsider.refused_task(task);
        assert_eq!(error["type"], "invalidProperties", "{property}: {value}: {error}");
        assert_eq!(error["properties"], json!([property]), "{value}");
    }
    let mut timeless = milk();
    (timeless["uid"], timeless["due"]) = (json!("t2"), Value::Null);
    assert_eq!(outsider.refused_task(timeless)["properties"], json!(["start"]));
    // One of the two.
    outsider.update_task(&id, json!({"workflowStatus": "pending"}));
    let response = outsider.update_task(&id, json!({"progress": "completed"}));
    assert_eq!(response["notUpdated"][&id]["properties"], json!(["progress"]), "{response}");
    let response =
        outsider.update_task(&id, json!({"progress": "completed", "workflowStatus": null}));
    assert!(response["updated"].get(&id).is_some(), "{response}");
    let response = outsider.update_task(&id, json!({"isDraft": true}));
    assert_eq!(response["notUpdated"][&id]["properties"], json!(["isDraft"]));
}

#[test]
fn times_in_utc() {
    let outsider = Outsider::new();
    let id = outsider.created_task(milk());
    let arguments = json!({"ids": [id], "properties": ["utcDue", "utcStart"]});
    let task = &outsider.call("Task/get", arguments)["list"][0];
    assert_eq!(
        (&task["utcDue"], &task["utcStart"]),
        (&json!("2027-03-01T17:00:00Z"), &Value::Null)
    );
    let response = outsider.update_task(&id, json!({"utcDue": "2027-07-01T17:00:00Z"}));
    assert_eq!(response["updated"][&id]["due"], "2027-07-01T19:00:00", "{response}");
    let both = json!({"utcDue": "2027-07-01T17:00:00Z", "due": "2027-07-01T19:00:00"});
    assert_eq!(outsider.update_task(&id, both)["notUpdated"][&id]["type"], "invalidProperties");
}

#[test]
fn tasks_are_found() {
    let outsider = Outsider::new();
    let milk_id = outsider.created_task(milk());
    let mut dishes = milk();
    (dishes["uid"], dishes["title"]) = (json!("t2"), json!("Wash dishes"));
    (dishes["due"], dishes["start"]) = (json!("2027-03-05T20:00:00"), json!("2027-03-03T20:00:00"));
    (dishes["workflowStatus"], dishes["sortOrder"]) = (json!("pending"), json!(3));
    let dishes = outsider.created_task(dishes);
    let some_day = json!({"@type": "Task", "uid": "t3", "taskListId": "L1", "title": "Learn Latin", "progress": "in-process", "priority": 1});
    let some_day = outsider.created_task(some_day);
    for (filter, ids) in [
        (json!({}), vec![&milk_id, &some_day, &dishes]),
        (json!({"inTaskList": "L1"}), vec![&milk_id, &some_day, &dishes]),
        (json!({"inTaskList": "L9"}), vec![]),
        (json!({"uid": "t2"}), vec![&dishes]),
        (json!({"title": "MILK"}), vec![&milk_id]),
        (json!({"text": "lat"}), vec![&some_day]),
        (json!({"progress": "in-process"}), vec![&some_day]),
        (json!({"progress": "needs-action"}), vec![&milk_id, &dishes]),
        (json!({"workflowStatus": "pending"}), vec![&dishes]),
        (json!({"after": "2027-03-02T00:00:00"}), vec![&dishes]),
        (json!({"before": "2027-03-02T00:00:00"}), vec![&milk_id]),
        (json!({"after": "2027-03-04T00:00:00", "before": "2027-03-04T12:00:00"}), vec![&dishes]),
        (json!({"operator": "NOT", "conditions": [{"title": "milk"}]}), vec![&some_day, &dishes]),
    ] {
        let response = outsider.tasks(json!({"filter": filter}));
        assert_eq!(response["ids"], json!(ids), "{filter}: {response}");
    }
    for (property, ids) in [
        ("due", [&milk_id, &dishes, &some_day]),
        ("start", [&dishes, &milk_id, &some_day]),
        ("priority", [&some_day, &milk_id, &dishes]),
        ("uid", [&milk_id, &dishes, &some_day]),
        ("sortOrder", [&milk_id, &some_day, &dishes]),
    ] {
        let response = outsider.tasks(json!({"sort": [{"property": property}]}));
        assert_eq!(response["ids"], json!(ids), "{property}: {response}");
    }
    // What has none is last, either way.
    let backwards = json!({"sort": [{"property": "due", "isAscending": false}]});
    assert_eq!(outsider.tasks(backwards)["ids"], json!([dishes, milk_id, some_day]));
    assert_eq!(outsider.tasks(json!({"filter": {"colour": "red"}}))["type"], "unsupportedFilter");
    assert_eq!(
        outsider.tasks(json!({"sort": [{"property": "colour"}]}))["type"],
        "unsupportedSort"
    );

    let state = outsider.tasks(json!({}))["queryState"].clone();
    outsider.update_task(&milk_id, json!({"sortOrder": 9}));
    let response = outsider.call("Task/queryChanges", json!({"sinceQueryState": state}));
    assert_eq!(response["removed"], json!([milk_id]), "{response}");
    assert_eq!(response["added"], json!([{"id": milk_id, "index": 2}]));
}

#[test]
fn tasks_recur() {
    let outsider = Outsider::new();
    let mut task = milk();
    task["start"] = json!("2027-03-01T08:00:00");
    task["recurrenceRule"] = json!({"@type": "RecurrenceRule", "frequency": "daily", "count": 5});
    let base = outsider.created_task(task);
    let query = || {
        let window = json!({"after": "2027-03-02T00:00:00", "before": "2027-03-04T00:00:00"});
        let arguments = json!({
            "expandRecurrences": true, "timeZone": "Europe/Berlin", "filter": window, "sort": [{"property": "start"}],
        });
        outsider.tasks(arguments)["ids"].as_array().unwrap().clone()
    };
    let [second, third] = &query()[..] else { panic!("not two") };
    let second = second.as_str().unwrap();
    let seen = outsider.task(second);
    assert_eq!((&seen["baseTaskId"], &seen["due"]), (&json!(base), &json!("2027-03-02T18:00:00")));
    assert!(seen.get("recurrenceRule").is_none());
    // One is done, one is taken out.
    let response = outsider.update_task(second, json!({"progress": "completed"}));
    assert!(response["updated"].get(second).is_some(), "{response}");
    outsider.call("Task/set", json!({"destroy": [third]}));
    let overrides = json!({"2027-03-02T08:00:00": {"progress": "completed"}, "2027-03-03T08:00:00": {"excluded": true}});
    assert_eq!(outsider.task(&base)["recurrenceOverrides"], overrides);
    assert_eq!(query().len(), 1);
    let response = outsider.tasks(json!({"expandRecurrences": true}));
    assert_eq!(response["type"], "invalidArguments");
    let response = outsider.update_task(second, json!({"taskListId": "L2"}));
    assert_eq!(response["notUpdated"][second]["properties"], json!(["taskListId"]));
}

/// Section 5: nobody but the user changes tasks here, so there are none; but the methods are there.
#[test]
fn notifications() {
    let outsider = Outsider::new();
    outsider.created_task(milk());
    let response =
        outsider.call("TaskNotification/query", json!({"sort": [{"property": "created"}]}));
    assert_eq!(response["ids"], json!([]), "{response}");
    let response =
        outsider.call("TaskNotification/set", json!({"create": {"k": {"type": "created"}}}));
    assert_eq!(response["notCreated"]["k"]["type"], "forbidden");
}
