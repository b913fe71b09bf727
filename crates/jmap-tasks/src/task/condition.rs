//! [`TaskCondition`] and [`TaskSortBy`] (JMAP Tasks, section 4.13).

use jmap_core::{Id, Json, Map, json_model};
use jscalendar::{LocalDateTime, Progress};

use crate::{TaskList, WorkflowStatus};

/// Which tasks: all that is said must hold.
///
/// The draft leaves out what can be asked (section 4.13). These conditions are those of JMAP Calendars with what tasks have
/// in the place of calendars; a server that does not know one answers `unsupportedFilter`. Others go in with
/// [`with`](Self::with).
///
/// Conditions are put together with [`Filter::all`](jmap_core::Filter::all), `any` and `not`.
///
/// ```
/// use jmap_core::Id;
/// use jmap_tasks::TaskCondition;
/// use jscalendar::Progress;
///
/// let late = TaskCondition::default()
///     .in_task_list(Id::any("l1"))
///     .before("2026-04-01T00:00:00".parse()?)
///     .progress(Progress::NeedsAction)
///     .with("example.com:starred", true);
/// assert_eq!(
///     serde_json::to_string(&late)?,
///     concat!(
///         r#"{"inTaskList":"l1","before":"2026-04-01T00:00:00","progress":"needs-action","#,
///         r#""example.com:starred":true}"#,
///     ),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TaskCondition {
    /// It is in this list.
    pub in_task_list: Option<Id<TaskList>>,
    /// It, or one of its occurrences, is due after this moment, in the time zone of the query. What has no time never
    /// matches.
    pub after: Option<LocalDateTime>,
    /// It, or one of its occurrences, starts before this moment, in the time zone of the query; it is due before it, if it
    /// has no start.
    pub before: Option<LocalDateTime>,
    /// Some text of it has these words: title, description, places, people.
    pub text: Option<String>,
    /// The title has these words.
    pub title: Option<String>,
    /// The description has these words.
    pub description: Option<String>,
    /// A place has these words.
    pub location: Option<String>,
    /// The name or address of an owner has these words.
    pub owner: Option<String>,
    /// The name or address of somebody who takes part, or to whom it is assigned, has these words.
    pub attendee: Option<String>,
    /// This is its `uid`.
    pub uid: Option<String>,
    /// This is how far it is, said or made of what those who take part say.
    pub progress: Option<Progress>,
    /// This is its `workflowStatus`.
    pub workflow_status: Option<WorkflowStatus>,
    /// Other conditions.
    pub extra: Map<String, Json>,
}

json_model::members! {
    TaskCondition: "Task condition" never {
        "inTaskList" => in_task_list,
        "after" => after,
        "before" => before,
        "text" => text,
        "title" => title,
        "description" => description,
        "location" => location,
        "owner" => owner,
        "attendee" => attendee,
        "uid" => uid,
        "progress" => progress,
        "workflowStatus" => workflow_status,
    }
    extra
}

jmap_sharing::conditions! {
    TaskCondition {
        /// It is in this list.
        in_task_list: Id<TaskList>,
        /// It, or one of its occurrences, is due after this moment.
        after: LocalDateTime,
        /// It, or one of its occurrences, starts before this moment.
        before: LocalDateTime,
        /// Some text of it has these words.
        text: impl Into<String>,
        /// The title has these words.
        title: impl Into<String>,
        /// The description has these words.
        description: impl Into<String>,
        /// A place has these words.
        location: impl Into<String>,
        /// The name or address of an owner has these words.
        owner: impl Into<String>,
        /// The name or address of somebody who takes part has these words.
        attendee: impl Into<String>,
        /// This is its `uid`.
        uid: impl Into<String>,
        /// This is how far it is.
        progress: Progress,
        /// This is its `workflowStatus`.
        workflow_status: WorkflowStatus,
    }
}

impl TaskCondition {
    /// A condition that this crate does not know.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }
}

json_model::text_enum! {
    /// What tasks can be sorted by. The draft leaves it out (section 4.13). What has no such value comes last.
    pub enum TaskSortBy {
        /// When they start.
        Start = "start",
        /// When they are due.
        Due = "due",
        /// Their `uid`.
        Uid = "uid",
        /// Which occurrence they are.
        RecurrenceId = "recurrenceId",
        /// Their `sortOrder`.
        SortOrder = "sortOrder",
        /// Their `priority`.
        Priority = "priority",
        /// When they were created.
        Created = "created",
        /// When they were last changed.
        Updated = "updated",
    }
}
