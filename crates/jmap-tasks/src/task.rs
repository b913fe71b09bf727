//! [`Task`] (JMAP Tasks, section 4): a task as a server keeps it.

mod checklist;
mod comment;
mod condition;
mod words;

use std::ops::{Deref, DerefMut};

use jmap_core::capability::Capability;
use jmap_core::json_model::{self, Reader};
use jmap_core::object::{Changes, Copy, Get, Object, Query, QueryChanges, Set};
use jmap_core::{Id, Map, PatchObject, Version};
use jmap_sharing::scheduled::{
    GetScheduled, QueryScheduled, Scheduled, SetScheduled, patch_between,
};
use jscalendar::{Participant, Role, UtcDateTime};

pub use self::checklist::{CheckItem, Checklist};
pub use self::comment::{Comment, Person};
pub use self::condition::{TaskCondition, TaskSortBy};
pub use self::words::{TaskRelation, TaskRole};
use crate::capability::{EXTENSIONS, Tasks};
use crate::{TaskList, WorkflowStatus};

/// A task as a server keeps it (JMAP Tasks, section 4): a JSCalendar [`Task`](jscalendar::Task), and what the server and the
/// account add to it. It can be used like the task in it.
///
/// ```
/// use jmap_core::Id;
/// use jmap_tasks::Task;
///
/// let mut task = Task::from(jscalendar::Task::new("t1"));
/// task.task_list_id = Some(Id::any("l1"));
/// task.title = Some("Buy milk".to_owned());
/// task.estimated_work = Some(1);
/// assert_eq!(
///     serde_json::to_string(&task)?,
///     concat!(
///         r#"{"@type":"Task","taskListId":"l1","estimatedWork":1,"version":"2.0","uid":"t1","#,
///         r#""title":"Buy milk"}"#,
///     ),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Whose members are whose
///
/// | members | who sets them |
/// | --- | --- |
/// | `id`, `baseTaskId`, `isOrigin` | the server alone |
/// | `taskListId` | the client; exactly one |
/// | `uid` | the client, once: it never changes |
/// | `created`, `updated` | the server, where they are left away |
/// | `isDraft` | the client, and only when it creates the task |
/// | `progress`, `workflowStatus` | the client, one of the two |
/// | `version`, `@type` | this crate |
/// | `utcStart`, `utcDue` | computed; come only when they are asked for by name |
/// | `iCalendar` | comes only when it is asked for by name |
/// | `method` | nobody: it must not be there |
/// | `keywords`, `color`, `freeBusyStatus`, `useDefaultAlerts`, `alerts` | every user has their own (section 4.5.1) |
///
/// A task of a series that a query with `expandRecurrences` found is an *occurrence*: it has `baseTaskId` and
/// `recurrenceId`, and its id is good for a while only.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Task {
    /// The id. Set by the server.
    pub id: Option<Id<Self>>,
    /// Of an occurrence: the id of its series. Set by the server.
    pub base_task_id: Option<Id<Self>>,
    /// The list that it is in.
    pub task_list_id: Option<Id<TaskList>>,
    /// Whether nobody is told of it yet; false if absent. Can be true only from its creation on, and then become false.
    pub is_draft: Option<bool>,
    /// Whether this account is where it comes from, so that changes go out to all who take part. Set by the server.
    pub is_origin: Option<bool>,
    /// When it starts, in UTC. Comes when it is asked for; to set it changes `start` and perhaps `timeZone`.
    pub utc_start: Option<UtcDateTime>,
    /// When it is due, in UTC. Comes when it is asked for; to set it changes `due`.
    pub utc_due: Option<UtcDateTime>,
    /// The lowest comes first, then by title; 0 if absent.
    pub sort_order: Option<u64>,
    /// Where it stands: one of the [`statuses`](TaskList::statuses) of its list, in the place of `progress`.
    pub workflow_status: Option<WorkflowStatus>,
    /// How much work it is, in units of the user's, such as story points.
    pub estimated_work: Option<u64>,
    /// How much it matters, in words of the user's, such as `minor`.
    pub impact: Option<String>,
    /// What to think of.
    pub checklists: Map<jscalendar::Id, Checklist>,
    /// What people say about it.
    pub comments: Map<jscalendar::Id, Comment>,
    /// Whether the default alerts of its list are used in the place of its own; false if absent. Of the user.
    pub use_default_alerts: Option<bool>,
    /// Whether people may add themselves; false if absent.
    pub may_invite_self: Option<bool>,
    /// Whether people who take part may add others; false if absent.
    pub may_invite_others: Option<bool>,
    /// Whether those who take part see only themselves and the owners; false if absent.
    pub hide_attendees: Option<bool>,
    /// The task.
    pub task: jscalendar::Task,
}

json_model::members! {
    Task: around task as jscalendar::Task {
        "id" => id,
        "baseTaskId" => base_task_id,
        "taskListId" => task_list_id,
        "isDraft" => is_draft,
        "isOrigin" => is_origin,
        "utcStart" => utc_start,
        "utcDue" => utc_due,
        "sortOrder" => sort_order,
        "workflowStatus" => workflow_status,
        "estimatedWork" => estimated_work,
        "impact" => impact,
        "checklists" => checklists,
        "comments" => comments,
        "useDefaultAlerts" => use_default_alerts,
        "mayInviteSelf" => may_invite_self,
        "mayInviteOthers" => may_invite_others,
        "hideAttendees" => hide_attendees,
    }
    read: Task::lift;
    write: Task::lowered;
}

impl Task {
    /// The smallest patch that turns this task into `after`, in the names of a version. An override is sent whole, and so are
    /// the items of a checklist, which are a list.
    ///
    /// ```
    /// use jmap_core::Version;
    /// use jmap_tasks::{Task, WorkflowStatus};
    ///
    /// let mut before = Task::from(jscalendar::Task::new("t1"));
    /// before.progress = Some(jscalendar::Progress::InProcess);
    /// let mut after = before.clone();
    /// after.progress = None;
    /// after.workflow_status = Some(WorkflowStatus::Pending);
    ///
    /// let patch = before.patch_to(&after, Version::V2_0);
    /// assert_eq!(serde_json::to_string(&patch)?, r#"{"progress":null,"workflowStatus":"pending"}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn patch_to(&self, after: &Self, version: Version) -> PatchObject {
        patch_between(self, after, version)
    }

    /// Those to whom it belongs: participants with the role `owner`, as in JMAP Calendars, or `chair`, as in the draft. If
    /// there is none, it belongs to nobody.
    pub fn owners(&self) -> impl Iterator<Item = (&jscalendar::Id, &Participant)> {
        let owns = |role: &Role| matches!(role, Role::Owner | Role::Chair);
        self.participants.iter().filter(move |(_, participant)| participant.roles.iter().any(owns))
    }

    /// Understands the names of JSCalendar 1.0, as the task in it does.
    fn lift(&mut self, reader: &mut Reader) {
        json_model::Object::finish(&mut self.task, reader);
    }

    /// Says everything in the names of JSCalendar 1.0.
    fn lowered(&self, version: Version) -> Option<Self> {
        if version >= Version::V2_0 {
            return None;
        }
        let task = self.task.clone().into_version(version).value;
        Some(Self { task, ..self.clone() })
    }
}

impl From<jscalendar::Task> for Task {
    fn from(task: jscalendar::Task) -> Self {
        Self { task, ..Self::default() }
    }
}

impl Deref for Task {
    type Target = jscalendar::Task;

    fn deref(&self) -> &jscalendar::Task {
        &self.task
    }
}

impl DerefMut for Task {
    fn deref_mut(&mut self) -> &mut jscalendar::Task {
        &mut self.task
    }
}

jmap_sharing::scheduled_properties! {
    /// A property of a [`Task`].
    pub enum TaskProperty {
        Id = "id",
        BaseTaskId = "baseTaskId",
        TaskListId = "taskListId",
        IsDraft = "isDraft",
        IsOrigin = "isOrigin",
        UtcStart = "utcStart",
        UtcDue = "utcDue",
        SortOrder = "sortOrder",
        WorkflowStatus = "workflowStatus",
        EstimatedWork = "estimatedWork",
        Impact = "impact",
        Checklists = "checklists",
        Comments = "comments",
        UseDefaultAlerts = "useDefaultAlerts",
        MayInviteSelf = "mayInviteSelf",
        MayInviteOthers = "mayInviteOthers",
        HideAttendees = "hideAttendees",
        Due = "due",
        EstimatedDuration = "estimatedDuration",
        PercentComplete = "percentComplete",
        Progress = "progress",
    }
}

impl Object for Task {
    const TYPE: &'static str = "Task";
    const USING: &'static [&'static str] = &[Tasks::URI];
    const ALSO_USING: &'static [&'static str] = EXTENSIONS;
    type Property = TaskProperty;
}

impl Get for Task {}
impl Changes for Task {}
impl Set for Task {}
impl Copy for Task {}
impl Query for Task {
    type Condition = TaskCondition;
    type SortBy = TaskSortBy;
}
impl QueryChanges for Task {}
impl Scheduled for Task {}

/// The arguments of `Task/get` (JMAP Tasks, section 4.9, which refers to `CalendarEvent/get`).
pub type GetTasks = GetScheduled<Task>;

/// The arguments of `Task/set` (JMAP Tasks, section 4.11, which refers to `CalendarEvent/set`).
pub type SetTasks = SetScheduled<Task>;

/// The arguments of `Task/query` (JMAP Tasks, section 4.13, which refers to `CalendarEvent/query`).
pub type QueryTasks = QueryScheduled<Task>;

#[cfg(test)]
mod tests {
    use json_model::Part;

    use super::*;

    /// The names of properties are those of the members.
    #[test]
    fn properties_are_members() {
        let known = |name: &&&str| **name == "@type" || Task::default().knows(name);
        let unknown: Vec<_> = TaskProperty::REGISTERED.iter().filter(|it| !known(it)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        let members = Task::MEMBERS.iter().chain(jscalendar::Task::MEMBERS).map(|it| it.name);
        let unnamed: Vec<_> = members.filter(|it| !TaskProperty::REGISTERED.contains(it)).collect();
        assert_eq!(unnamed, ["method"]);
    }
}
