//! Every method, from a client to a server and back.

use jmap_core::object::{Object, Set};
use jmap_core::{
    ChangesArguments, Client, Comparator, CopyArguments, CreationId, Error, Filter, GetArguments,
    Id, Json, PatchObject, QueryArguments, QueryChangesArguments, State,
};
use jmap_sharing::{Principal, Shareable, SharingExt};
use jmap_tasks::{
    CheckItem, Checklist, GetTasks, QueryTasks, SetTaskLists, SetTasks, Task, TaskCondition,
    TaskList, TaskNotification, TaskNotificationCondition, TaskNotificationType, TaskRights,
    TaskSortBy, WorkflowStatus, has_tasks,
};
use jscalendar::Progress;

use crate::server::client;

fn task(list: &Id<TaskList>, title: &str) -> Task {
    let mut task = Task::from(jscalendar::Task::new(format!("uid of {title}")));
    task.task_list_id = Some(list.clone());
    task.title = Some(title.to_owned());
    task
}

/// Creates tasks in one call; their ids are in the order of the titles.
fn add<const N: usize>(client: &Client, tasks: [Task; N]) -> [Id<Task>; N] {
    let creations: [_; N] = std::array::from_fn(|index| CreationId::any(format!("k{index}")));
    let mut set = SetTasks::new();
    creations.iter().zip(tasks).for_each(|(creation, task)| {
        set.set.create(creation.clone(), task);
    });
    let mut done = client.set(set).wait().unwrap();
    creations.map(|creation| done.take_created(&creation).unwrap().id)
}

fn list(client: &Client, name: &str) -> Id<TaskList> {
    client.create(TaskList::new(name)).wait().unwrap().id
}

fn all<O: Object + jmap_core::object::Get>(client: &Client) -> Vec<O> {
    client.get(GetArguments::<O>::all()).wait().unwrap().list.objects
}

fn change<O: Set>(client: &Client, id: &Id<O>, name: &str, value: Json) {
    let patch = PatchObject::new().set(name, value).clone();
    client.update(id.clone(), patch).wait().unwrap();
}

#[test]
fn task_lists() {
    let client = client();
    let team = list(&client, "Team");
    change(&client, &team, "name", "The team".into());
    let [found] = &all::<TaskList>(&client)[..] else { panic!("not one list") };
    assert_eq!((found.id.as_ref(), found.name.as_deref()), (Some(&team), Some("The team")));

    let refused = client.create(TaskList::default()).wait();
    assert!(matches!(refused, Err(Error::Set { error, .. }) if error.properties == ["name"]));

    let changes = client.changes(ChangesArguments::<TaskList>::since(State::any("0")));
    let changes = changes.wait().unwrap();
    assert_eq!((&changes.created, &changes.updated), (&vec![team.clone()], &vec![team]));
}

#[test]
fn a_list_with_tasks_is_destroyed_on_demand() {
    let client = client();
    let team = list(&client, "Team");
    let [_] = add(&client, [task(&team, "Tea")]);

    let refused = client.destroy(team.clone()).wait();
    assert!(matches!(refused, Err(Error::Set { error, .. }) if has_tasks(&error)));

    let mut set = SetTaskLists::new();
    set.on_destroy_remove_tasks = Some(true);
    set.set.destroy(team.clone());
    client.set(set).wait().unwrap().take_destroyed(&team).unwrap();
    assert_eq!((all::<TaskList>(&client), all::<Task>(&client)), (vec![], vec![]));
}

#[test]
fn lists_are_shared() {
    let client = client();
    let team = list(&client, "Team");
    let (ann, bob): (Id<Principal>, Id<Principal>) = (Id::any("ann"), Id::any("bob"));
    client.share::<TaskList>(team.clone(), ann.clone(), TaskRights::read()).wait().unwrap();
    client.share::<TaskList>(team.clone(), bob, TaskRights::write()).wait().unwrap();
    client.unshare::<TaskList>(team, ann).wait().unwrap();

    let [found] = &all::<TaskList>(&client)[..] else { panic!("not one list") };
    let with: Vec<_> =
        found.share_with().unwrap().iter().map(|(id, it)| (id.as_str(), it)).collect();
    assert_eq!(with, [("bob", &TaskRights::write())]);
}

#[test]
fn tasks() {
    let client = client();
    let team = list(&client, "Team");
    let [id] = add(&client, [task(&team, "Tea")]);
    let fetch = || {
        let found = client.get(GetTasks::of([id.clone()])).wait().unwrap().list.objects;
        found.into_iter().next().unwrap()
    };
    let before = fetch();
    assert_eq!(before.title.as_deref(), Some("Tea"));

    let mut after = before.clone();
    let mut shopping = Checklist::default();
    shopping.check_items = vec![CheckItem::new("Milk"), CheckItem::new("Sugar")];
    after.checklists.insert("shopping".parse().unwrap(), shopping);
    after.workflow_status = Some(WorkflowStatus::Pending);
    let patch = before.patch_to(&after, client.version::<Task>());
    insta::assert_snapshot!(
        serde_json::to_string(&patch).unwrap(),
        @r#"{"checklists":{"shopping":{"@type":"Checklist","checkItems":[{"@type":"CheckItem","title":"Milk","isComplete":false},{"@type":"CheckItem","title":"Sugar","isComplete":false}]}},"workflowStatus":"pending"}"#
    );
    let mut set = SetTasks::new();
    set.set.update(id.clone(), patch);
    client.set(set).wait().unwrap().take_updated(&id).unwrap();
    assert_eq!(fetch(), after);

    let mut set = SetTasks::new();
    set.set.destroy(id.clone());
    client.set(set).wait().unwrap().take_destroyed(&id).unwrap();
    let changes = client.changes(ChangesArguments::<Task>::since(State::any("2")));
    assert_eq!(changes.wait().unwrap().destroyed, [id]);
}

#[test]
fn a_task_is_in_a_list_that_exists() {
    let mut set = SetTasks::new();
    set.set.create(CreationId::any("k1"), task(&Id::any("nowhere"), "Tea"));
    let done = client().set(set).wait().unwrap();
    assert_eq!(done.not_created["k1"].properties, ["taskListId"]);
}

/// The list and the task in it are created in one request.
#[test]
fn a_task_in_a_new_list() {
    let client = client();
    let mut lists = SetTaskLists::new();
    lists.set.create(CreationId::any("team"), TaskList::new("Team"));
    let mut tasks = SetTasks::new();
    tasks.set.create(CreationId::any("tea"), task(&Id::any("#team"), "Tea"));

    let mut batch = client.batch();
    let lists = batch.call(lists);
    batch.call(tasks);
    let get = batch.call(GetTasks::of([Id::any("#tea")]));
    let mut responses = batch.send().wait().unwrap();
    let team = responses.take(lists).unwrap().take_created(&CreationId::any("team")).unwrap().id;
    let [tea] = &responses.take(get).unwrap().list.objects[..] else { panic!("not one task") };
    assert_eq!(tea.task_list_id, Some(team));
}

#[test]
fn queries() {
    let client = client();
    let (team, home) = (list(&client, "Team"), list(&client, "Home"));
    let mut tea = task(&team, "Tea");
    tea.due = Some("2026-03-05T09:00:00".parse().unwrap());
    tea.progress = Some(Progress::NeedsAction);
    let mut milk = task(&team, "Milk for tea");
    milk.due = Some("2026-03-04T09:00:00".parse().unwrap());
    milk.workflow_status = Some(WorkflowStatus::Pending);
    let [tea, milk, bed] = add(&client, [tea, milk, task(&home, "Make the bed")]);

    let ids = |query: QueryTasks| client.call(query).wait().unwrap().ids;
    let mut sorted = QueryTasks::matching(TaskCondition::default().in_task_list(team.clone()));
    sorted.query = sorted.query.sort([Comparator::ascending(TaskSortBy::Due)]);
    assert_eq!(ids(sorted), [milk.clone(), tea.clone()]);
    let open = TaskCondition::default().progress(Progress::NeedsAction);
    let waiting = TaskCondition::default().workflow_status(WorkflowStatus::Pending);
    let either = Filter::any([open.into(), waiting.into()]);
    assert_eq!(ids(QueryTasks::matching(either)), [tea.clone(), milk.clone()]);
    let elsewhere = Filter::not([TaskCondition::default().in_task_list(team).into()]);
    assert_eq!(ids(QueryTasks::matching(elsewhere)), [bed]);

    // What is found is fetched in the same round trip.
    let mut batch = client.batch();
    let found = batch.call(QueryTasks::matching(TaskCondition::default().title("tea")));
    let get = batch.call(GetTasks::found(found.ids()));
    let [task] = &batch.send().wait().unwrap().take(get).unwrap().list.objects[..] else {
        panic!("not one task")
    };
    assert_eq!(task.title.as_deref(), Some("Milk for tea"));
}

/// A server says so where it does not know a condition of this crate, or one that is beside it.
#[test]
fn conditions_that_nobody_knows() {
    let client = client();
    let team = list(&client, "Team");
    let [_] = add(&client, [task(&team, "Tea")]);
    let refused = |query: QueryTasks| client.call(query).wait().unwrap_err().to_string();
    let known_here = TaskCondition::default().location("kitchen");
    insta::assert_snapshot!(refused(QueryTasks::matching(known_here)), @"Task/query failed: unsupportedFilter");
    let beside = TaskCondition::default().with("example.com:starred", true);
    insta::assert_snapshot!(refused(QueryTasks::matching(beside)), @"Task/query failed: unsupportedFilter");
}

#[test]
fn query_changes() {
    let client = client();
    let team = list(&client, "Team");
    let [tea] = add(&client, [task(&team, "Tea")]);
    let state = client.call(QueryTasks::all()).wait().unwrap().query_state.unwrap();
    let [milk] = add(&client, [task(&team, "Milk")]);
    let changes = client.query_changes(QueryChangesArguments::<Task>::since(state)).wait().unwrap();
    let added: Vec<_> =
        changes.added.into_iter().map(|item| (item.id.unwrap(), item.index)).collect();
    assert_eq!(added, [(milk, Some(1))]);
    assert!(!changes.removed.contains(&tea));
}

#[test]
fn copies() {
    let client = client();
    let team = list(&client, "Team");
    let [id] = add(&client, [task(&team, "Tea")]);
    let other = client.with_account(Id::any("a2"));
    let home = list(&other, "Home");

    let mut original = Task::default();
    original.id = Some(id);
    original.task_list_id = Some(home.clone());
    let mut copy = CopyArguments::from_account(Id::any("a1"));
    copy.create(CreationId::any("k1"), original);
    let done = other.copy(copy).wait().unwrap();
    assert_eq!(done.created.len(), 1);
    let [found] = &all::<Task>(&other)[..] else { panic!("not one task") };
    assert_eq!((found.title.as_deref(), found.task_list_id.as_ref()), (Some("Tea"), Some(&home)));
}

#[test]
fn notifications() {
    let client = client();
    let team = list(&client, "Team");
    let [tea, milk] = add(&client, [task(&team, "Tea"), task(&team, "Milk")]);
    let [first, second] = &all::<TaskNotification>(&client)[..] else { panic!("not two") };
    assert_eq!((first.task_id.as_ref(), second.task_id.as_ref()), (Some(&tea), Some(&milk)));
    assert_eq!(first.task.as_ref().unwrap().title.as_deref(), Some("Tea"));

    let mut of_milk = TaskNotificationCondition::default();
    of_milk.notification_type = Some(TaskNotificationType::Created);
    of_milk.task_ids = Some(vec![milk]);
    let found = client.query(QueryArguments::<TaskNotification>::matching(of_milk)).wait().unwrap();
    let [id] = &found.ids[..] else { panic!("not one notification") };
    assert_eq!(Some(id), second.id.as_ref());

    client.destroy(id.clone()).wait().unwrap();
    let since = QueryChangesArguments::<TaskNotification>::since(found.query_state.unwrap());
    assert_eq!(client.query_changes(since).wait().unwrap().removed, std::slice::from_ref(id));
    let changes = client.changes(ChangesArguments::<TaskNotification>::since(State::any("2")));
    assert_eq!(changes.wait().unwrap().destroyed, std::slice::from_ref(id));

    let made = client.create(TaskNotification::default()).wait();
    assert!(matches!(made, Err(Error::Set { error, .. }) if error.kind().as_str() == "forbidden"));
}
