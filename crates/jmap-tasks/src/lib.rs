//! JMAP for Tasks: task lists, tasks, and notifications of what others did to them. **Unstable.**
//!
//! The standard is a draft that expired in 2023 (draft-ietf-jmap-tasks-06), no more than an outline in places, and no server
//! is known to have it. So this crate works with servers that decide as it does, and may change in any release, with the
//! draft or without. Where tasks have to work with servers of today, CalDAV is the dependable way.
//!
//! Every method of the draft is here, with typed objects, arguments, filters, rights and errors: they go into `jmap-core`'s
//! calls and batches.
//!
//! | data type | methods | further arguments |
//! | --- | --- | --- |
//! | [`TaskList`] | get, changes, set | [`SetTaskLists`] |
//! | [`Task`] | get, changes, set, copy, query, queryChanges | [`GetTasks`], [`SetTasks`], [`QueryTasks`] |
//! | [`TaskNotification`] | get, changes, set, query, queryChanges | |
//!
//! Task lists are [shared](jmap_sharing::Shareable) as calendars are, and a [`Task`] is used like the
//! [JSCalendar task](jscalendar::Task) in it. [`capability`] has what servers say about all of this.
//!
//! # What is to be done this week
//!
//! ```no_run
//! use jmap_core::{Client, Comparator, GetArguments};
//! use jmap_tasks::{GetTasks, QueryTasks, TaskCondition, TaskList, TaskListRole, TaskSortBy};
//! use jscalendar::Progress;
//!
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let lists = client.get(GetArguments::<TaskList>::all()).await?.list;
//! let inbox = lists.iter().find(|list| list.role == Some(TaskListRole::Inbox)).and_then(|list| list.id.clone());
//! let inbox = inbox.ok_or("there is no inbox")?;
//!
//! let due = TaskCondition::default()
//!     .in_task_list(inbox)
//!     .before("2026-03-09T00:00:00".parse()?)
//!     .progress(Progress::NeedsAction);
//! let mut query = QueryTasks::matching(due);
//! query.time_zone = Some("Europe/Paris".to_owned());
//! query.query = query.query.sort([Comparator::ascending(TaskSortBy::Due)]);
//!
//! // What is found is fetched in the same round trip.
//! let mut batch = client.batch();
//! let found = batch.call(query);
//! let tasks = batch.call(GetTasks::found(found.ids()));
//! for task in batch.send().await?.take(tasks)?.list {
//!     println!("{}", task.title.as_deref().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # A task changes
//!
//! ```no_run
//! use jmap_core::{Client, CreationId, Id};
//! use jmap_tasks::{CheckItem, Checklist, SetTasks, Task, TaskList};
//!
//! # async fn example(client: Client, list: Id<TaskList>) -> Result<(), Box<dyn std::error::Error>> {
//! let mut task = Task::from(jscalendar::Task::new("2026-03-picnic"));
//! task.task_list_id = Some(list);
//! task.title = Some("Picnic".to_owned());
//!
//! let picnic = CreationId::any("picnic");
//! let mut set = SetTasks::new();
//! set.set.create(picnic.clone(), task.clone());
//! let id = client.set(set).await?.take_created(&picnic)?.id;
//!
//! let mut basket = Checklist::default();
//! basket.check_items.push(CheckItem::new("Bread"));
//! let mut after = task.clone();
//! after.checklists.insert("basket".parse()?, basket);
//!
//! // What did not change is not sent.
//! let mut set = SetTasks::new();
//! set.set.update(id.clone(), task.patch_to(&after, client.version::<Task>()));
//! client.set(set).await?.take_updated(&id)?;
//! # Ok(())
//! # }
//! ```
//!
//! # What was decided
//!
//! Where the draft says nothing, says two things, or has been left behind by what it rests on:
//!
//! | point | here |
//! | --- | --- |
//! | it rests on JSCalendar 1.0 (RFC 8984), which 2.0 has overtaken | tasks are written in 2.0 and read in both; [`Client::set_version`](jmap_core::Client::set_version) makes it 1.0 for a server that wants that |
//! | when a task needs `start` or `due` (JSCalendar 2.0 contradicts itself) | [`validate`](jscalendar::Task::validate) wants one of them where there is a time zone or `showWithoutTime` is true |
//! | limits of dates are local times, those of calendars moments in UTC | [`TasksAccount`](capability::TasksAccount) has them as text |
//! | `tasks:multilingual` and `tasks:customtimezones` stand for what JSCalendar 2.0 no longer has | can be read, and are never named in a request; the members are in the `legacy` part of a task |
//! | the registration of `tasks:assignees` bears the name of another one | the name is that of the section about it |
//! | a principal has `sendTo`, in JMAP Calendars `calendarAddress` | both are read: [`PrincipalTasks::address`](capability::PrincipalTasks::address) |
//! | there is no `isDefault`, and no method to set it | the default list is that with the role `inbox`; a server has at most one list of a role |
//! | `isVisible` is of the user, and nowhere said to exist | kept in `extra` of a [`TaskList`] |
//! | `mayAdmin`, where newer standards say `mayShare` | both are members of [`TaskRights`], each is written as it was read; [`TaskRights::sharing`] takes the word that the server has |
//! | the owner is a participant with the role `chair`, in JMAP Calendars `owner` | either one: [`Task::owners`]; no such participant, no owner |
//! | "the task lists that a task is in", of which there is exactly one | [`Task::task_list_id`] |
//! | `taskListHasTask`, or with a capital letter | [`has_tasks`] takes either |
//! | the default of `isDraft` | false |
//! | `utcDue` is described as the end | it is `due`, in UTC |
//! | equal `sortOrder` of tasks: by name, which tasks do not have | by title |
//! | `workflowStatus` and `progress` exclude each other, though `progress` has a default | what is excluded is a value that is stored: to set one, set the other to null |
//! | `pending` is a workflow status, and no progress | they are two types: [`WorkflowStatus`] and [`Progress`](jscalendar::Progress) |
//! | `useDefaultAlerts` is of the user, and in no list of properties | a member of [`Task`], as of events |
//! | `isOrigin` goes by `replyTo` | by `organizerCalendarAddress`, its name in 2.0 |
//! | `assigneee` of an item of a checklist | `assignee` is written, both are read |
//! | a person has `uri`, in JMAP Calendars `calendarAddress` and `email` | `uri`; the others stay in `extra` |
//! | get and set "as for events" | with the same arguments: [`GetTasks`], [`SetTasks`]; `sendSchedulingMessages` is always sent, as false unless it was set |
//! | what queries can ask and sort by | [`TaskCondition`], [`TaskSortBy`], taken from JMAP Calendars; others [beside](TaskCondition::with), or a whole filter in the `extra` of [`QueryArguments`](jmap_core::QueryArguments) |
//! | Task/parse | there is none |
//! | ids of notifications are any text | they are ids |
//! | `TaskId` of a notification, elsewhere `taskId` | `taskId` is written and asked for, both are read |
//! | alerts by push | none; the types of [state changes](jmap_core::push::StateChange) are `TaskList`, `Task` and `TaskNotification` |
//! | `objectType` of a [`ShareNotification`](jmap_sharing::ShareNotification) | `TaskList` |
//!
//! # Features
//!
//! | feature | what for |
//! | --- | --- |
//! | `server` | the server side of `jmap-core`, which takes these very types |
#![forbid(unsafe_code)]

pub mod capability;
mod task;
mod task_list;
mod task_notification;

pub use self::task::{
    CheckItem, Checklist, Comment, GetTasks, Person, QueryTasks, SetTasks, Task, TaskCondition,
    TaskProperty, TaskRelation, TaskRole, TaskSortBy,
};
pub use self::task_list::{
    SetTaskLists, TaskList, TaskListProperty, TaskListRole, TaskRights, WorkflowStatus, has_tasks,
};
pub use self::task_notification::{
    TaskNotification, TaskNotificationCondition, TaskNotificationProperty, TaskNotificationSortBy,
    TaskNotificationType,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
