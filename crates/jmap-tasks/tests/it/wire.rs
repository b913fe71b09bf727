//! The wire forms of objects and arguments (draft-ietf-jmap-tasks-06).

use jmap_core::json_model::serde::Serialize;
use jmap_core::{
    Batch, Comparator, CopyArguments, CreationId, GetArguments, Id, Json, Map, Method, PatchObject,
    QueryArguments, Session,
};
use jmap_sharing::ShareNotification;
use jmap_tasks::capability::{Assignees, Recurrences, Tasks};
use jmap_tasks::{
    CheckItem, Checklist, Comment, GetTasks, Person, QueryTasks, SetTaskLists, SetTasks, Task,
    TaskCondition, TaskList, TaskListRole, TaskNotification, TaskNotificationCondition,
    TaskNotificationSortBy, TaskNotificationType, TaskProperty, TaskRelation, TaskRights, TaskRole,
    TaskSortBy, WorkflowStatus,
};
use jscalendar::{Alert, Participant, Progress, Relation};

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// Reads and writes it again.
fn same<T: Serialize + for<'de> jmap_core::json_model::serde::Deserialize<'de>>(text: &str) {
    let value: T = serde_json::from_str(text).unwrap();
    let again: serde_json::Value = serde_json::to_value(&value).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(text).unwrap());
}

/// Section 1.4.
#[test]
fn capabilities() {
    let session: Session = serde_json::from_str(
        r#"{
            "capabilities": {"urn:ietf:params:jmap:tasks": {}},
            "accounts": {"a1": {"accountCapabilities": {
                "urn:ietf:params:jmap:tasks": {
                    "minDateTime": "1900-01-01", "maxDateTime": "2100-01-01T00:00:00Z", "mayCreateTaskList": true
                },
                "urn:ietf:params:jmap:tasks:recurrences": {"maxExpandedQueryDuration": "P365D"},
                "urn:ietf:params:jmap:tasks:assignees": {"maxParticipantsPerTask": null}
            }}}
        }"#,
    )
    .unwrap();
    let account = &session.accounts["a1"];
    let tasks = account.capability::<Tasks>().unwrap();
    assert_eq!(tasks.min_date_time.as_deref(), Some("1900-01-01"));
    assert_eq!(tasks.max_date_time.as_deref(), Some("2100-01-01T00:00:00Z"));
    assert_eq!(tasks.may_create_task_list, Some(true));
    let longest = account.capability::<Recurrences>().unwrap().max_expanded_query_duration;
    assert_eq!(longest.unwrap().to_string(), "P365D");
    let assignees = account.capability::<Assignees>().unwrap();
    assert_eq!(assignees.max_participants_per_task, None);
}

/// RFC 8620, section 3.3: a request names the extensions that the server has, and none that JSCalendar 2.0 left behind.
#[test]
fn using() {
    let mut batch = Batch::new();
    batch.get(GetArguments::<TaskList>::all());
    batch.call(QueryTasks::all());
    batch.query(QueryArguments::<TaskNotification>::all());
    let session = |extensions: &str| -> Session {
        let text = format!(
            r#"{{
                "capabilities": {{"urn:ietf:params:jmap:core": {{}}, "urn:ietf:params:jmap:tasks": {{}}{extensions}}},
                "primaryAccounts": {{"urn:ietf:params:jmap:tasks": "a1"}}
            }}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    let plain = batch.request(&session("")).unwrap();
    insta::assert_snapshot!(json(&plain.using), @r#"["urn:ietf:params:jmap:core","urn:ietf:params:jmap:tasks"]"#);
    let all = batch.request(&session(
        r#", "urn:ietf:params:jmap:tasks:recurrences": {}, "urn:ietf:params:jmap:tasks:assignees": {},
            "urn:ietf:params:jmap:tasks:alerts": {}, "urn:ietf:params:jmap:tasks:multilingual": {},
            "urn:ietf:params:jmap:tasks:customtimezones": {}"#,
    ));
    insta::assert_snapshot!(json(&all.unwrap().using), @r#"["urn:ietf:params:jmap:core","urn:ietf:params:jmap:tasks","urn:ietf:params:jmap:tasks:alerts","urn:ietf:params:jmap:tasks:assignees","urn:ietf:params:jmap:tasks:recurrences"]"#);
}

/// Section 3.
#[test]
fn task_list() {
    let mut list = TaskList::new("Team");
    list.role = Some(TaskListRole::Inbox);
    list.description = Some("What we do".to_owned());
    list.color = Some("teal".to_owned());
    list.keyword_colors = Some(Map::from([("urgent".to_owned(), "red".to_owned())]));
    list.category_colors =
        Some(Map::from([("http://example.com/c".to_owned(), "navy".to_owned())]));
    list.sort_order = Some(2);
    list.is_subscribed = Some(true);
    list.time_zone = Some("Europe/Paris".parse().unwrap());
    list.workflow_statuses = vec![WorkflowStatus::NeedsAction, "in review".into()];
    list.share_with = Some(Map::from([(Id::any("p1"), TaskRights::write())]));
    list.default_alerts_with_time = Some(Map::from([("a1".parse().unwrap(), Alert::default())]));
    list.default_alerts_without_time = Some(Map::new());
    insta::assert_snapshot!(json(&list), @r#"{"role":"inbox","name":"Team","description":"What we do","color":"teal","keywordColors":{"urgent":"red"},"categoryColors":{"http://example.com/c":"navy"},"sortOrder":2,"isSubscribed":true,"timeZone":"Europe/Paris","workflowStatuses":["needs-action","in review"],"shareWith":{"p1":{"mayReadItems":true,"mayWriteAll":true,"mayWriteOwn":true,"mayUpdatePrivate":true,"mayRSVP":true}},"defaultAlertsWithTime":{"a1":{}},"defaultAlertsWithoutTime":{}}"#);
    same::<TaskList>(&json(&list));
    assert_eq!(list.statuses(), [WorkflowStatus::NeedsAction, "in review".into()]);
    assert_eq!(TaskList::default().statuses(), WorkflowStatus::DEFAULT);
}

/// Section 3: all rights that there are.
#[test]
fn rights() {
    same::<TaskRights>(
        r#"{"mayReadItems":true,"mayWriteAll":false,"mayWriteOwn":true,"mayUpdatePrivate":true,"mayRSVP":true,
            "mayAdmin":false,"mayDelete":true,"example.com:mayPin":true}"#,
    );
    insta::assert_snapshot!(json(&TaskRights::write()), @r#"{"mayReadItems":true,"mayWriteAll":true,"mayWriteOwn":true,"mayUpdatePrivate":true,"mayRSVP":true}"#);
}

/// Section 3, the words of products.
#[test]
fn workflow_statuses() {
    let words = [
        ("completed", "done closed verified completed"),
        ("in-process", "in-progress active assigned in-process"),
        ("needs-action", "not-done not-started new needs-action"),
        ("pending", "waiting deferred on-hold paused pending"),
        ("failed", "failed"),
        ("cancelled", "Cancelled"),
    ];
    for (meaning, words) in words {
        for word in words.split(' ') {
            assert_eq!(WorkflowStatus::from(word).meaning().unwrap().as_str(), meaning, "{word}");
        }
    }
}

/// Section 3.4.
#[test]
fn set_task_lists() {
    let mut set = SetTaskLists::new();
    set.on_destroy_remove_tasks = Some(false);
    set.set.create(CreationId::any("k1"), TaskList::new("Team"));
    set.set.update(Id::any("l1"), PatchObject::new().set("color", "red").clone());
    set.set.destroy(Id::any("l2"));
    insta::assert_snapshot!(json(&set), @r#"{"onDestroyRemoveTasks":false,"create":{"k1":{"name":"Team"}},"update":{"l1":{"color":"red"}},"destroy":["l2"]}"#);
    assert_eq!(SetTaskLists::NAME.to_string(), "TaskList/set");
}

/// Section 4.
#[test]
fn task() {
    let mut task = Task::from(jscalendar::Task::new("u1"));
    task.id = Some(Id::any("t1"));
    task.base_task_id = Some(Id::any("t0"));
    task.task_list_id = Some(Id::any("l1"));
    task.is_draft = Some(true);
    task.is_origin = Some(true);
    task.utc_start = Some("2026-03-01T08:00:00Z".parse().unwrap());
    task.utc_due = Some("2026-03-01T17:00:00Z".parse().unwrap());
    task.sort_order = Some(3);
    task.workflow_status = Some(WorkflowStatus::Pending);
    task.estimated_work = Some(5);
    task.impact = Some("minor".to_owned());
    task.use_default_alerts = Some(true);
    task.may_invite_self = Some(true);
    task.may_invite_others = Some(false);
    task.hide_attendees = Some(false);
    insta::assert_snapshot!(json(&task), @r#"{"@type":"Task","id":"t1","baseTaskId":"t0","taskListId":"l1","isDraft":true,"isOrigin":true,"utcStart":"2026-03-01T08:00:00Z","utcDue":"2026-03-01T17:00:00Z","sortOrder":3,"workflowStatus":"pending","estimatedWork":5,"impact":"minor","useDefaultAlerts":true,"mayInviteSelf":true,"mayInviteOthers":false,"hideAttendees":false,"version":"2.0","uid":"u1"}"#);
    same::<Task>(&json(&task));
}

/// Section 4: objects that only tasks of JMAP have, and words beyond those of JSCalendar.
#[test]
fn checklists_comments_and_words() {
    let mut ann = Person::new("mailto:ann@example.com");
    ann.name = Some("Ann".to_owned());
    ann.principal_id = Some(Id::any("p1"));
    let mut milk = CheckItem::new("Milk");
    milk.sort_order = Some(1);
    milk.updated = Some("2026-03-01T09:00:00Z".parse().unwrap());
    milk.assignee = Some(ann.clone());
    let mut shopping = Checklist::default();
    shopping.title = Some("Shopping".to_owned());
    shopping.check_items.push(milk);
    let mut comment = Comment::new("Oat milk?");
    comment.created = Some("2026-03-01T09:00:00Z".parse().unwrap());
    comment.updated = Some("2026-03-01T10:00:00Z".parse().unwrap());
    comment.author = Some(ann);

    let mut task = Task::default();
    task.checklists.insert("shopping".parse().unwrap(), shopping);
    task.comments.insert("c1".parse().unwrap(), comment);
    let mut relation = Relation::default();
    relation.relation.insert(TaskRelation::DependsOn.into());
    task.related_to.insert("u0".to_owned(), relation);
    let mut bob = Participant::new("mailto:bob@example.com");
    bob.roles.insert(TaskRole::Assignee.into());
    task.participants.insert("bob".parse().unwrap(), bob);
    insta::assert_snapshot!(json(&task), @r#"{"@type":"Task","checklists":{"shopping":{"@type":"Checklist","title":"Shopping","checkItems":[{"@type":"CheckItem","title":"Milk","sortOrder":1,"updated":"2026-03-01T09:00:00Z","isComplete":false,"assignee":{"@type":"Person","name":"Ann","uri":"mailto:ann@example.com","principalId":"p1"}}]}},"comments":{"c1":{"@type":"Comment","message":"Oat milk?","created":"2026-03-01T09:00:00Z","updated":"2026-03-01T10:00:00Z","author":{"@type":"Person","name":"Ann","uri":"mailto:ann@example.com","principalId":"p1"}}},"relatedTo":{"u0":{"relation":{"depends-on":true}}},"participants":{"bob":{"calendarAddress":"mailto:bob@example.com","roles":{"assignee":true}}}}"#);
    same::<Task>(&json(&task));
}

/// Sections 4.9 and 4.11 to 4.13.
#[test]
fn arguments_of_tasks() {
    let get = GetTasks::of([Id::any("t1")])
        .properties([TaskProperty::Title, TaskProperty::UtcDue])
        .overrides_between(
            "2026-03-01T00:00:00Z".parse().unwrap(),
            "2026-04-01T00:00:00Z".parse().unwrap(),
        )
        .reduce_participants()
        .time_zone("Europe/Paris");
    insta::assert_snapshot!(json(&get), @r#"{"recurrenceOverridesBefore":"2026-04-01T00:00:00Z","recurrenceOverridesAfter":"2026-03-01T00:00:00Z","reduceParticipants":true,"timeZone":"Europe/Paris","ids":["t1"],"properties":["title","utcDue"]}"#);

    let mut set = SetTasks::new();
    set.set.create(CreationId::any("k1"), Task::from(jscalendar::Task::new("u1")));
    set.set.update(Id::any("t1"), PatchObject::new().set("workflowStatus", Json::null()).clone());
    insta::assert_snapshot!(json(&set), @r#"{"sendSchedulingMessages":false,"create":{"k1":{"@type":"Task","version":"2.0","uid":"u1"}},"update":{"t1":{"workflowStatus":null}}}"#);
    set.send_scheduling_messages();
    assert!(json(&set).starts_with(r#"{"sendSchedulingMessages":true,"#));

    let mut original = Task::default();
    original.id = Some(Id::any("t1"));
    original.task_list_id = Some(Id::any("l2"));
    let mut copy = CopyArguments::from_account(Id::any("a1"));
    copy.create(CreationId::any("k1"), original);
    insta::assert_snapshot!(json(&copy), @r#"{"fromAccountId":"a1","create":{"k1":{"@type":"Task","id":"t1","taskListId":"l2"}}}"#);

    let mut query = QueryTasks::matching(TaskCondition::default().uid("u1"));
    query.expand_recurrences = Some(true);
    query.time_zone = Some("Europe/Paris".to_owned());
    let by = [TaskSortBy::Due, TaskSortBy::RecurrenceId, TaskSortBy::SortOrder];
    query.query = query.query.sort(by.map(Comparator::ascending));
    insta::assert_snapshot!(json(&query), @r#"{"expandRecurrences":true,"timeZone":"Europe/Paris","filter":{"uid":"u1"},"sort":[{"property":"due"},{"property":"recurrenceId"},{"property":"sortOrder"}]}"#);
}

/// Section 4.13, which leaves out what there is.
#[test]
fn conditions() {
    let condition = TaskCondition::default()
        .in_task_list(Id::any("l1"))
        .after("2026-03-01T00:00:00".parse().unwrap())
        .before("2026-04-01T00:00:00".parse().unwrap())
        .text("a")
        .title("b")
        .description("c")
        .location("d")
        .owner("e")
        .attendee("f")
        .uid("g")
        .progress(Progress::InProcess)
        .workflow_status("in review".into());
    insta::assert_snapshot!(json(&condition), @r#"{"inTaskList":"l1","after":"2026-03-01T00:00:00","before":"2026-04-01T00:00:00","text":"a","title":"b","description":"c","location":"d","owner":"e","attendee":"f","uid":"g","progress":"in-process","workflowStatus":"in review"}"#);
    same::<TaskCondition>(&json(&condition));
    insta::assert_snapshot!(json(&TaskSortBy::REGISTERED), @r#"["start","due","uid","recurrenceId","sortOrder","priority","created","updated"]"#);
}

/// A future text of the standard may have other filters altogether.
#[test]
fn a_whole_filter_of_ones_own() {
    let mut query = QueryTasks::all();
    let filter = serde_json::json!({"taskListIds": ["l1"]});
    query.query.extra.insert("filter".to_owned(), Json::from(filter));
    assert_eq!(json(&query), r#"{"filter":{"taskListIds":["l1"]}}"#);
}

/// Section 5.
#[test]
fn notifications() {
    same::<TaskNotification>(
        r#"{
            "id": "n1", "created": "2026-03-01T09:00:00Z", "type": "destroyed", "comment": "done", "taskId": "t1",
            "changedBy": {"@type": "Person", "name": "Bob", "uri": "mailto:bob@example.com", "principalId": "p1"},
            "isDraft": false, "task": {"@type": "Task", "version": "2.0", "uid": "u1", "taskListId": "l1"},
            "taskPatch": {"title": "Coffee"}
        }"#,
    );
    let mut condition = TaskNotificationCondition::default();
    condition.after = Some("2026-03-01T09:00:00Z".parse().unwrap());
    condition.before = Some("2026-04-01T09:00:00Z".parse().unwrap());
    condition.notification_type = Some(TaskNotificationType::Updated);
    condition.task_ids = Some(vec![Id::any("t1")]);
    let newest = Comparator::descending(TaskNotificationSortBy::Created);
    let query = QueryArguments::<TaskNotification>::matching(condition).sort([newest]);
    insta::assert_snapshot!(json(&query), @r#"{"filter":{"after":"2026-03-01T09:00:00Z","before":"2026-04-01T09:00:00Z","type":"updated","taskIds":["t1"]},"sort":[{"property":"created","isAscending":false}]}"#);
}

/// Section 6, and RFC 9670, section 3.
#[test]
fn share_notification() {
    let text =
        r#"{"id":"n1","objectType":"TaskList","objectId":"l1","newRights":{"mayReadItems":true}}"#;
    let notification: ShareNotification = serde_json::from_str(text).unwrap();
    let list: Id<TaskList> = notification.object_id.unwrap().cast();
    assert_eq!(list.as_str(), "l1");
}
