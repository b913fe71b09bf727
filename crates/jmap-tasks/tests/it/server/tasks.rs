//! What only tasks and their notifications do.

use std::cmp::Ordering;

use jmap_core::object::QueryChanges;
use jmap_core::server::Context;
use jmap_core::{
    Comparator, CopyArguments, CopyResponse, Created, Filter, Id, MethodError, MethodErrorKind,
    QueryArguments, QueryResponse, QueryState, SetError, SetErrorKind, SetResponse,
};
use jmap_tasks::{
    QueryTasks, SetTasks, Task, TaskCondition, TaskList, TaskNotification,
    TaskNotificationCondition, TaskNotificationSortBy, TaskNotificationType, TaskSortBy,
};

use super::handlers;
use super::{Jane, Kept, Store};

/// A type that can be queried.
pub(super) trait Found: Kept + QueryChanges {
    /// Whether an object matches; `None` if there is something in the condition that nobody knows.
    fn matches(&self, condition: &Self::Condition) -> Option<bool>;

    fn compare(&self, other: &Self, by: &Self::SortBy) -> Option<Ordering>;

    fn found(
        store: &mut Store,
        filter: Option<&Filter<Self::Condition>>,
        sort: &[Comparator<Self::SortBy>],
    ) -> Result<Vec<Id<Self>>, MethodError> {
        let mut is_unknown = false;
        let mut found: Vec<_> = Self::shelf(store).objects.iter().collect();
        found.retain(|(_, object)| {
            filter.is_none_or(|filter| {
                filter.matches(&mut |condition| {
                    let matches = object.matches(condition);
                    is_unknown |= matches.is_none();
                    matches == Some(true)
                })
            })
        });
        if is_unknown {
            return Err(MethodErrorKind::UnsupportedFilter.into());
        }
        let mut is_unknown = false;
        found.sort_by(|(_, one), (_, other)| {
            let orders = sort.iter().map(|by| {
                let order = by.property.as_ref().and_then(|property| one.compare(other, property));
                is_unknown |= order.is_none();
                let order = order.unwrap_or(Ordering::Equal);
                if by.is_ascending == Some(false) { order.reverse() } else { order }
            });
            orders.fold(Ordering::Equal, Ordering::then)
        });
        if is_unknown {
            return Err(MethodErrorKind::UnsupportedSort.into());
        }
        Ok(found.into_iter().map(|(id, _)| id.clone()).collect())
    }
}

impl Found for Task {
    fn matches(&self, condition: &TaskCondition) -> Option<bool> {
        let mut unknown = condition.clone();
        let in_list = unknown.in_task_list.take();
        let title = unknown.title.take();
        let progress = unknown.progress.take();
        let status = unknown.workflow_status.take();
        if unknown != TaskCondition::default() {
            return None;
        }
        let has = |words: &String| self.title.as_ref().is_some_and(|title| title.contains(words));
        Some(
            (in_list.is_none() || in_list == self.task_list_id)
                && (progress.is_none() || progress == self.progress)
                && (status.is_none() || status == self.workflow_status)
                && title.as_ref().is_none_or(has),
        )
    }

    fn compare(&self, other: &Self, by: &TaskSortBy) -> Option<Ordering> {
        match by {
            TaskSortBy::Due => Some(self.due.cmp(&other.due)),
            TaskSortBy::SortOrder => Some(self.sort_order.cmp(&other.sort_order)),
            _ => None,
        }
    }
}

impl Found for TaskNotification {
    fn matches(&self, condition: &TaskNotificationCondition) -> Option<bool> {
        let is_type = |it| self.notification_type.as_ref() == Some(it);
        let is_of = |ids: &Vec<Id<Task>>| self.task_id.as_ref().is_some_and(|id| ids.contains(id));
        Some(
            condition.notification_type.as_ref().is_none_or(is_type)
                && condition.task_ids.as_ref().is_none_or(is_of),
        )
    }

    fn compare(&self, other: &Self, by: &TaskNotificationSortBy) -> Option<Ordering> {
        (*by == TaskNotificationSortBy::Created).then(|| self.created.cmp(&other.created))
    }
}

pub(super) fn in_list(store: &Store, list: &Id<TaskList>) -> Vec<Id<Task>> {
    let tasks = store.tasks.objects.iter();
    let inside = tasks.filter(|(_, task)| task.task_list_id.as_ref() == Some(list));
    inside.map(|(id, _)| id.clone()).collect()
}

/// What others would be told of what was created stands in this account.
pub(super) async fn set(
    context: Context<Jane>,
    mut tasks: SetTasks,
) -> Result<SetResponse<Task>, MethodError> {
    if tasks.send_scheduling_messages.is_none() {
        return Err(MethodErrorKind::InvalidArguments.into());
    }
    for task in tasks.set.create.values_mut() {
        task.task_list_id = task.task_list_id.take().and_then(|list| context.resolve(&list));
    }
    let account = tasks.set.account_id.clone();
    let response = handlers::set(&context, tasks.set, |store, task| {
        let list = task.task_list_id.as_ref();
        if list.is_some_and(|list| store.lists.objects.contains_key(list.as_str())) {
            return None;
        }
        Some(SetError::invalid_properties(["taskListId"]))
    });
    context.user().with(&account, |store| {
        for created in response.created.values() {
            let mut notification = TaskNotification::default();
            notification.created = "2026-03-01T09:00:00Z".parse().ok();
            notification.notification_type = Some(TaskNotificationType::Created);
            notification.task_id = Some(created.id.clone());
            notification.task = store.tasks.objects.get(created.id.as_str()).cloned();
            store.notifications.create(notification);
        }
    });
    Ok(response)
}

pub(super) async fn copy(
    context: Context<Jane>,
    mut copy: CopyArguments<Task>,
) -> Result<CopyResponse<Task>, MethodError> {
    let mut response = context.copy_response(&mut copy);
    for (creation, object) in copy.create {
        let original = context.user().with(&copy.from_account_id, |store| {
            let id = object.id.as_ref().map_or("", Id::as_str);
            store.tasks.objects.get(id).cloned()
        });
        let Some(mut task) = original else {
            response.not_created.insert(creation, SetError::new(SetErrorKind::NotFound));
            continue;
        };
        task.task_list_id = object.task_list_id.or(task.task_list_id);
        let id = context.user().with(&copy.account_id, |store| store.tasks.create(task));
        response.created.insert(creation, Created::new(id));
    }
    Ok(response)
}

pub(super) async fn query(
    context: Context<Jane>,
    query: QueryTasks,
) -> Result<QueryResponse<Task>, MethodError> {
    found(&context, query.query)
}

pub(super) async fn query_notifications(
    context: Context<Jane>,
    query: QueryArguments<TaskNotification>,
) -> Result<QueryResponse<TaskNotification>, MethodError> {
    found(&context, query)
}

fn found<O: Found>(
    context: &Context<Jane>,
    query: QueryArguments<O>,
) -> Result<QueryResponse<O>, MethodError> {
    context.user().with(&query.account_id, |store| {
        let ids = O::found(store, query.filter.as_ref(), &query.sort)?;
        let state = QueryState::any(O::shelf(store).state().as_str());
        Ok(QueryResponse::new(state, 0, ids))
    })
}
