//! `TaskList` (JMAP Tasks, section 3). Lists are not shared.

use jmap_core::server::Context;
use jmap_core::{Id, Json, MethodError, SetError, SetResponse};
use jmap_tasks::{SetTaskLists, Task, TaskList, TaskListRole, TaskRights};

use crate::account::Somebody;
use crate::calendar::is_color;
use crate::kept::{self, Kept, Refusal, Who};
use crate::store::{StoreError, Work};

/// The list that every account begins with.
const FIRST: &str = "L1";

pub(crate) fn set(
    context: &Context<Somebody>,
    set: SetTaskLists,
) -> Result<SetResponse<TaskList>, MethodError> {
    let mut who = Who::of(context, set.set.account_id.as_ref());
    who.removes_content = set.on_destroy_remove_tasks == Some(true);
    kept::set_as(context, &who, set.set)
}

/// Gives a new account its list.
pub(crate) fn add_first(work: &Work<'_>, owner: &Somebody) -> Result<(), StoreError> {
    let mut list = TaskList::new("Tasks");
    list.id = Some(Id::any(FIRST));
    list.role = Some(TaskListRole::Inbox);
    let who = Who::new(owner.clone(), &owner.account);
    kept::put(FIRST, None, &list, work, &who).or_else(Refusal::only_store)
}

impl Kept for TaskList {
    const LETTER: char = 'L';
    const FIXED: &'static [&'static str] = &["id", "myRights"];
    const COMPUTED: &'static [&'static str] = &["myRights"];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn seen_by(mut self, _: &Work<'_>, _: &Who) -> Result<Self, StoreError> {
        let mut rights = TaskRights::write();
        (rights.may_admin, rights.may_delete) = (Some(false), Some(true));
        self.my_rights = Some(rights);
        self.sort_order.get_or_insert(0);
        self.is_subscribed.get_or_insert(true);
        self.workflow_statuses = self.statuses().to_vec();
        Ok(self)
    }

    /// JMAP Tasks, section 3.
    fn check(&mut self, _: Option<&Self>, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let is_wrong = [
            ("name", !(1..=255).contains(&self.name.as_ref().map_or(0, String::len))),
            ("color", self.color.as_deref().is_some_and(|color| !is_color(color))),
            ("sortOrder", self.sort_order.is_some_and(|order| order >= 1 << 31)),
            ("timeZone", self.time_zone.as_ref().is_some_and(|zone| !zone.is_iana())),
            ("shareWith", self.share_with.as_ref().is_some_and(|it| !it.is_empty())),
            ("role", is_second(self, work, who)?),
        ];
        let wrong = is_wrong.into_iter().filter(|(_, it)| *it).map(|(name, _)| name.to_owned());
        // The draft says that it is of the user, and nowhere what it is.
        let is_unknown = |(name, json): (&String, &Json)| {
            let is_known = name == "isVisible" && json.decode::<bool>().is_ok();
            (!is_known).then(|| name.clone())
        };
        let names: Vec<String> = wrong.chain(self.extra.iter().filter_map(is_unknown)).collect();
        if names.is_empty() { Ok(()) } else { Err(SetError::invalid_properties(names).into()) }
    }

    fn unindex(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let tasks = kept::all_seen::<Task>(work, who)?;
        let is_in = |task: &&Task| task.task_list_id.as_ref().is_some_and(|it| it.as_str() == id);
        for task in tasks.iter().filter(is_in) {
            if !who.removes_content {
                return Err(SetError::new("taskListHasTask").into());
            }
            let id = task.id.as_ref().map_or("", Id::as_str);
            kept::remove(id, task, work, who)?;
        }
        Ok(())
    }
}

/// Whether there is a list with this role already: there is one at most.
fn is_second(list: &TaskList, work: &Work<'_>, who: &Who) -> Result<bool, StoreError> {
    if list.role.is_none() {
        return Ok(false);
    }
    let all = kept::all_seen::<TaskList>(work, who)?;
    Ok(all.iter().any(|other| other.role == list.role && other.id != list.id))
}
