//! `TaskNotification` (JMAP Tasks, section 5). There are none, because nobody but the user changes their tasks: lists are not
//! shared, and no messages come.

use jmap_core::Id;
use jmap_core::server::Context;
use jmap_tasks::{TaskNotification, TaskNotificationCondition, TaskNotificationSortBy};

use crate::account::Somebody;
use crate::kept::{self, Kept, Refusal, Searched, Who};
use crate::store::Work;

impl Kept for TaskNotification {
    const LETTER: char = 'N';
    const FIXED: &'static [&'static str] = &[];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn permit(
        _: Option<&Self>,
        after: Option<&Self>,
        _: &Work<'_>,
        _: &Who,
    ) -> Result<(), Refusal> {
        after.map_or(Ok(()), |_| Err(kept::only_destroyed()))
    }
}

impl Searched for TaskNotification {
    fn check_condition(
        condition: &TaskNotificationCondition,
        _: &Context<Somebody>,
    ) -> Result<(), String> {
        condition.extra.keys().next().map_or(Ok(()), |name| Err(name.clone()))
    }

    fn matches(&self, condition: &TaskNotificationCondition) -> bool {
        let tasks = condition.task_ids.as_ref();
        condition.after.is_none_or(|after| self.created >= Some(after))
            && condition.before.is_none_or(|before| self.created < Some(before))
            && (condition.notification_type.is_none()
                || condition.notification_type == self.notification_type)
            && tasks.is_none_or(|ids| ids.iter().any(|id| self.task_id.as_ref() == Some(id)))
    }

    fn key(&self, by: Option<&TaskNotificationSortBy>) -> Option<String> {
        match by {
            None | Some(TaskNotificationSortBy::Created) => {
                Some(self.created.map(|created| created.to_string()).unwrap_or_default())
            }
            Some(_) => None,
        }
    }
}
