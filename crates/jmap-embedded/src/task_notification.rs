//! `TaskNotification` (JMAP Tasks, section 5). There are none, because nobody but the user changes their tasks: lists are not
//! shared, and no messages come.

use jmap_core::server::Context;
use jmap_core::{
    ChangesArguments, ChangesResponse, GetArguments, GetResponse, Id, MethodError, QueryArguments,
    QueryChangesArguments, QueryChangesResponse, QueryResponse, SetArguments, SetError,
    SetErrorKind, SetResponse,
};
use jmap_tasks::{TaskNotification, TaskNotificationCondition, TaskNotificationSortBy};

use crate::account::Somebody;
use crate::kept::{self, Kept, Refusal, Searched, Who};
use crate::store::Work;

pub(crate) async fn get(
    context: Context<Somebody>,
    get: GetArguments<TaskNotification>,
) -> Result<GetResponse<TaskNotification>, MethodError> {
    kept::get(&context, get)
}

pub(crate) async fn changes(
    context: Context<Somebody>,
    changes: ChangesArguments<TaskNotification>,
) -> Result<ChangesResponse<TaskNotification>, MethodError> {
    kept::changes(&context, changes)
}

pub(crate) async fn set(
    context: Context<Somebody>,
    set: SetArguments<TaskNotification>,
) -> Result<SetResponse<TaskNotification>, MethodError> {
    let who = Who::of(&context, set.account_id.as_ref());
    kept::set(&context, &who, set)
}

pub(crate) async fn query(
    context: Context<Somebody>,
    query: QueryArguments<TaskNotification>,
) -> Result<QueryResponse<TaskNotification>, MethodError> {
    kept::query(&context, query)
}

pub(crate) async fn query_changes(
    context: Context<Somebody>,
    query: QueryChangesArguments<TaskNotification>,
) -> Result<QueryChangesResponse<TaskNotification>, MethodError> {
    kept::query_changes(&context, query)
}

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
        match after {
            None => Ok(()),
            Some(_) => Err(SetError::new(SetErrorKind::Forbidden)
                .description("notifications can only be destroyed")
                .into()),
        }
    }

    fn check(&mut self, _: Option<&Self>, _: &Work<'_>, _: &Who) -> Result<(), Refusal> {
        Ok(())
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
