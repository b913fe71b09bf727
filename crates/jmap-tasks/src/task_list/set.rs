//! `TaskList/set` (JMAP Tasks, section 3.4).

use jmap_core::{SetArguments, SetError, json_model};

use super::TaskList;

/// The arguments of `TaskList/set` (JMAP Tasks, section 3.4): those of every `set`, and one more.
///
/// ```
/// use jmap_core::Id;
/// use jmap_tasks::SetTaskLists;
///
/// let mut set = SetTaskLists::new();
/// set.set.destroy(Id::any("l1"));
/// set.on_destroy_remove_tasks = Some(true);
/// assert_eq!(serde_json::to_string(&set)?, r#"{"onDestroyRemoveTasks":true,"destroy":["l1"]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SetTaskLists {
    /// Whether the tasks of destroyed lists are destroyed too; false if absent. Without it a list with tasks is not
    /// destroyed: see [`has_tasks`].
    pub on_destroy_remove_tasks: Option<bool>,
    /// The arguments of every `set`.
    pub set: SetArguments<TaskList>,
}

json_model::members! {
    SetTaskLists: around set as SetArguments<TaskList> {
        "onDestroyRemoveTasks" => on_destroy_remove_tasks,
    }
}

impl SetTaskLists {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }
}

jmap_sharing::set_method! { SetTaskLists: TaskList }

/// Whether a task list was not destroyed because tasks are in it: `taskListHasTask`. The draft writes it in two ways, so
/// case does not matter.
pub fn has_tasks(error: &SetError) -> bool {
    error.kind().as_str().eq_ignore_ascii_case("taskListHasTask")
}
