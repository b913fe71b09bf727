//! [`TaskNotification`] (JMAP Tasks, section 5): what others did to the user's tasks.

use jmap_core::capability::Capability;
use jmap_core::json_model::{self, Reader};
use jmap_core::object::{Changes, Get, Object, Query, QueryChanges, Set};
use jmap_core::{Id, Json, Map, PatchObject, UtcDate};
pub use jmap_sharing::scheduled::{
    NotificationSortBy as TaskNotificationSortBy, NotificationType as TaskNotificationType,
};

use crate::capability::{EXTENSIONS, Tasks};
use crate::{Person, Task};

/// Somebody else changed a task of the user (JMAP Tasks, section 5), or a message that came in did.
///
/// The server makes it, and the user can only destroy it.
///
/// ```
/// use jmap_tasks::{TaskNotification, TaskNotificationType};
///
/// let text = r#"{
///     "id": "n1", "created": "2026-03-01T09:00:00Z", "type": "updated", "TaskId": "t1", "isDraft": false,
///     "changedBy": {"@type": "Person", "name": "Bob", "uri": "mailto:bob@example.com"},
///     "task": {"@type": "Task", "version": "2.0", "uid": "u1", "title": "Tea"}, "taskPatch": {"title": "Coffee"}
/// }"#;
/// let notification: TaskNotification = serde_json::from_str(text)?;
/// assert_eq!(notification.notification_type, Some(TaskNotificationType::Updated));
/// assert_eq!(notification.task_id.unwrap().as_str(), "t1");
/// assert_eq!(notification.task.unwrap().title.as_deref(), Some("Tea"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TaskNotification {
    /// The id.
    pub id: Option<Id<Self>>,
    /// When it was made.
    pub created: Option<UtcDate>,
    /// Who did it.
    pub changed_by: Option<Person>,
    /// What that person had to say.
    pub comment: Option<String>,
    /// What was done: the property `type`.
    pub notification_type: Option<TaskNotificationType>,
    /// The task; the series, when it was about an occurrence. The draft's list of properties calls it `TaskId`, which is
    /// read too.
    pub task_id: Option<Id<Task>>,
    /// Whether it is a draft. Not when it was destroyed.
    pub is_draft: Option<bool>,
    /// The task before the change, and after it when it was created.
    pub task: Option<Task>,
    /// What was changed about `task`.
    pub task_patch: Option<PatchObject>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    TaskNotification: "TaskNotification" never {
        "id" => id,
        "created" => created,
        "changedBy" => changed_by,
        "comment" => comment,
        "type" => notification_type,
        "taskId" => task_id,
        "isDraft" => is_draft,
        "task" => task,
        "taskPatch" => task_patch,
    }
    read: TaskNotification::tolerate;
    extra
}

impl TaskNotification {
    fn tolerate(&mut self, _: &mut Reader) {
        jmap_sharing::also_named(&mut self.task_id, &mut self.extra, "TaskId");
    }
}

json_model::name_enum! {
    /// A property of a [`TaskNotification`].
    pub enum TaskNotificationProperty {
        Id = "id",
        Created = "created",
        ChangedBy = "changedBy",
        Comment = "comment",
        Type = "type",
        TaskId = "taskId",
        IsDraft = "isDraft",
        Task = "task",
        TaskPatch = "taskPatch",
    }
}

/// Which notifications: all that is said must hold (JMAP Tasks, section 5.5).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TaskNotificationCondition {
    /// Made at this moment or later.
    pub after: Option<UtcDate>,
    /// Made before this moment.
    pub before: Option<UtcDate>,
    /// This was done: the condition `type`.
    pub notification_type: Option<TaskNotificationType>,
    /// About one of these tasks.
    pub task_ids: Option<Vec<Id<Task>>>,
    /// Conditions that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    TaskNotificationCondition: "TaskNotification condition" never {
        "after" => after,
        "before" => before,
        "type" => notification_type,
        "taskIds" => task_ids,
    }
    extra
}

jmap_sharing::conditions! {
    TaskNotificationCondition {
        /// Made at this moment or later.
        after: UtcDate,
        /// Made before this moment.
        before: UtcDate,
        /// This was done.
        notification_type: TaskNotificationType,
        /// About one of these tasks.
        task_ids: impl Into<Vec<Id<Task>>>,
    }
}

impl Object for TaskNotification {
    const TYPE: &'static str = "TaskNotification";
    const USING: &'static [&'static str] = &[Tasks::URI];
    const ALSO_USING: &'static [&'static str] = EXTENSIONS;
    type Property = TaskNotificationProperty;
}

impl Get for TaskNotification {}
impl Changes for TaskNotification {}
impl Set for TaskNotification {}
impl Query for TaskNotification {
    type Condition = TaskNotificationCondition;
    type SortBy = TaskNotificationSortBy;
}
impl QueryChanges for TaskNotification {}

#[cfg(test)]
mod tests {
    use json_model::Part;

    use super::*;

    #[test]
    fn properties_are_members() {
        let members: Vec<_> = TaskNotification::MEMBERS.iter().map(|member| member.name).collect();
        assert_eq!(members, TaskNotificationProperty::REGISTERED);
    }
}
