//! [`TaskList`] (JMAP Tasks, section 3): a collection of tasks, and what each user sees of it.

mod rights;
mod set;
mod workflow_status;

use jmap_core::capability::Capability;
use jmap_core::object::{Changes, Get, Object, Set};
use jmap_core::{Id, Json, Map, json_model};
use jmap_sharing::{Principal, Shareable};
use jscalendar::{Alert, TimeZoneId};

pub use self::rights::TaskRights;
pub use self::set::{SetTaskLists, has_tasks};
pub use self::workflow_status::WorkflowStatus;
use crate::capability::{Alerts, Tasks};

/// A collection of tasks (JMAP Tasks, section 3). Each task is in exactly one.
///
/// ```
/// use jmap_tasks::TaskList;
///
/// let list = TaskList::new("Team");
/// assert_eq!(serde_json::to_string(&list)?, r#"{"name":"Team"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TaskList {
    /// The id. Set by the server.
    pub id: Option<Id<Self>>,
    /// What it is for, if it is special.
    pub role: Option<TaskListRole>,
    /// The name, 1 to 255 octets. Every user may have another one.
    pub name: Option<String>,
    /// A longer text.
    pub description: Option<String>,
    /// A CSS colour name, `#rgb` or `#rrggbb`. Every user may have another one.
    pub color: Option<String>,
    /// The colours of tasks with a keyword, by the keyword.
    pub keyword_colors: Option<Map<String, String>>,
    /// The colours of tasks with a category, by the category.
    pub category_colors: Option<Map<String, String>>,
    /// The lowest comes first, then by name; 0 if absent. Of the user.
    pub sort_order: Option<u64>,
    /// Whether the user wants to see it at all.
    pub is_subscribed: Option<bool>,
    /// The time zone of new tasks, and of floating ones where one is needed; that of the owner if absent. Every user may
    /// have another one.
    pub time_zone: Option<TimeZoneId>,
    /// What a task's `workflowStatus` can be; see [`statuses`](Self::statuses).
    pub workflow_statuses: Vec<WorkflowStatus>,
    /// With whom it is shared, and what they may do; absent if with nobody.
    pub share_with: Option<Map<Id<Principal>, TaskRights>>,
    /// What the user may do. Set by the server.
    pub my_rights: Option<TaskRights>,
    /// The alerts of tasks with a time that use the default ones. Of the user.
    pub default_alerts_with_time: Option<Map<jscalendar::Id, Alert>>,
    /// The alerts of tasks on whole days that use the default ones. Of the user.
    pub default_alerts_without_time: Option<Map<jscalendar::Id, Alert>>,
    /// Members that are not in the draft. `isVisible` is one: the draft names it without saying what it is.
    pub extra: Map<String, Json>,
}

json_model::members! {
    TaskList: "TaskList" never {
        "id" => id,
        "role" => role,
        "name" => name,
        "description" => description,
        "color" => color,
        "keywordColors" => keyword_colors,
        "categoryColors" => category_colors,
        "sortOrder" => sort_order,
        "isSubscribed" => is_subscribed,
        "timeZone" => time_zone,
        "workflowStatuses" => workflow_statuses,
        "shareWith" => share_with,
        "myRights" => my_rights,
        "defaultAlertsWithTime" => default_alerts_with_time,
        "defaultAlertsWithoutTime" => default_alerts_without_time,
    }
    extra
}

impl TaskList {
    /// A task list of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// What a task's `workflowStatus` can be: the default of the draft, unless the list has its own.
    pub fn statuses(&self) -> &[WorkflowStatus] {
        if self.workflow_statuses.is_empty() {
            return WorkflowStatus::DEFAULT;
        }
        &self.workflow_statuses
    }
}

json_model::text_enum! {
    /// What a task list is for (JMAP Tasks, section 3).
    pub enum TaskListRole {
        /// Tasks go here when nobody says where.
        Inbox = "inbox",
        /// It holds what the user has thrown away.
        Trash = "trash",
    }
}

json_model::name_enum! {
    /// A property of a [`TaskList`].
    pub enum TaskListProperty {
        Id = "id",
        Role = "role",
        Name = "name",
        Description = "description",
        Color = "color",
        KeywordColors = "keywordColors",
        CategoryColors = "categoryColors",
        SortOrder = "sortOrder",
        IsSubscribed = "isSubscribed",
        TimeZone = "timeZone",
        WorkflowStatuses = "workflowStatuses",
        ShareWith = "shareWith",
        MyRights = "myRights",
        DefaultAlertsWithTime = "defaultAlertsWithTime",
        DefaultAlertsWithoutTime = "defaultAlertsWithoutTime",
    }
}

impl Object for TaskList {
    const TYPE: &'static str = "TaskList";
    const USING: &'static [&'static str] = &[Tasks::URI];
    const ALSO_USING: &'static [&'static str] = &[Alerts::URI];
    type Property = TaskListProperty;
}

impl Get for TaskList {}
impl Changes for TaskList {}
impl Set for TaskList {}

impl Shareable for TaskList {
    type Rights = TaskRights;
    const SHARE_WITH: TaskListProperty = TaskListProperty::ShareWith;

    fn share_with(&self) -> Option<&Map<Id<Principal>, TaskRights>> {
        self.share_with.as_ref()
    }

    fn my_rights(&self) -> Option<&TaskRights> {
        self.my_rights.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use json_model::Part;

    use super::*;

    #[test]
    fn properties_are_members() {
        let members: Vec<_> = TaskList::MEMBERS.iter().map(|member| member.name).collect();
        assert_eq!(members, TaskListProperty::REGISTERED);
    }
}
