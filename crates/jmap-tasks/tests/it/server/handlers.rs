//! A function for each method. What all types do is done once.

use jmap_core::server::{Context, Dispatcher, patched, unchanged};
use jmap_core::{
    AddedItem, ChangesArguments, ChangesResponse, Created, GetArguments, GetResponse, Id,
    MethodError, PatchObject, QueryChangesArguments, QueryChangesResponse, QueryState,
    SetArguments, SetError, SetErrorKind, SetResponse, State,
};
use jmap_tasks::{GetTasks, SetTaskLists, Task, TaskList, TaskNotification};

use super::tasks::{self, Found};
use super::{Jane, Kept, Shelf, Step, Store, with_capabilities};

pub(super) fn register(dispatcher: Dispatcher<Jane>) -> Dispatcher<Jane> {
    with_capabilities(dispatcher)
        .register(get::<TaskList>)
        .register(changes::<TaskList>)
        .register(set_lists)
        .register(|context, arguments: GetTasks| get(context, arguments.get))
        .register(changes::<Task>)
        .register(tasks::set)
        .register(tasks::copy)
        .register(tasks::query)
        .register(query_changes::<Task>)
        .register(get::<TaskNotification>)
        .register(changes::<TaskNotification>)
        .register(set_notifications)
        .register(tasks::query_notifications)
        .register(query_changes::<TaskNotification>)
}

async fn get<O: Kept>(
    context: Context<Jane>,
    get: GetArguments<O>,
) -> Result<GetResponse<O>, MethodError> {
    context.user().with(&get.account_id, |store| {
        let shelf = O::shelf(store);
        let ids = get.ids.unwrap_or_else(|| shelf.objects.keys().cloned().collect());
        let (found, missing): (Vec<_>, Vec<_>) =
            ids.into_iter().partition(|id| shelf.objects.contains_key(id.as_str()));
        let list = found.iter().filter_map(|id| shelf.objects.get(id.as_str())).cloned();
        let mut response = GetResponse::new(shelf.state(), list);
        response.not_found = missing;
        Ok(response)
    })
}

async fn changes<O: Kept>(
    context: Context<Jane>,
    changes: ChangesArguments<O>,
) -> Result<ChangesResponse<O>, MethodError> {
    context.user().with(&changes.account_id, |store| {
        let shelf = O::shelf(store);
        let since = changes.since_state.unwrap_or_else(|| State::any(""));
        let steps = shelf.since(Some(since.as_str()))?;
        let of = |step: Step| {
            let ids = steps.iter().filter(move |(_, it)| *it == step).map(|(id, _)| id.clone());
            ids.collect::<Vec<_>>()
        };
        let mut response = ChangesResponse::new(since, shelf.state());
        response.created = of(Step::Created);
        response.updated = of(Step::Updated);
        response.destroyed = of(Step::Destroyed);
        Ok(response)
    })
}

async fn query_changes<O: Found>(
    context: Context<Jane>,
    query: QueryChangesArguments<O>,
) -> Result<QueryChangesResponse<O>, MethodError> {
    context.user().with(&query.account_id, |store| {
        let ids = O::found(store, query.filter.as_ref(), &query.sort)?;
        let shelf = O::shelf(store);
        let since = query.since_query_state.as_ref();
        let touched: Vec<_> = shelf.since(since.map(QueryState::as_str))?.to_vec();
        let is_touched = |id: &Id<O>| touched.iter().any(|(it, _)| it == id);
        let added = (0..).zip(ids).filter(|(_, id)| is_touched(id));
        let mut response = QueryChangesResponse::default();
        response.added = added.map(|(index, id)| AddedItem::new(id, index)).collect();
        response.old_query_state = query.since_query_state;
        response.new_query_state = Some(QueryState::any(shelf.state().as_str()));
        response.removed = touched.iter().map(|(id, _)| id.clone()).collect();
        Ok(response)
    })
}

/// Does what all types do in a `set`; `refuse` says why an object is not created.
pub(super) fn set<O: Kept>(
    context: &Context<Jane>,
    mut set: SetArguments<O>,
    refuse: impl Fn(&Store, &O) -> Option<SetError>,
) -> SetResponse<O> {
    let mut response = context.set_response(&mut set);
    context.user().with(&set.account_id, |store| {
        for (creation, object) in set.create {
            if let Some(error) = refuse(store, &object) {
                response.not_created.insert(creation, error);
                continue;
            }
            let id = O::shelf(store).create(object);
            response.created.insert(creation, Created::new(id));
        }
        let shelf = O::shelf(store);
        for (id, patch) in set.update {
            match update(shelf, &id, &patch) {
                None => drop(response.updated.insert(id, Default::default())),
                Some(error) => drop(response.not_updated.insert(id, error)),
            }
        }
        for id in set.destroy {
            match shelf.destroy(&id) {
                Some(_) => response.destroyed.push(id),
                None => {
                    drop(response.not_destroyed.insert(id, SetError::new(SetErrorKind::NotFound)))
                }
            }
        }
        response.new_state = Some(shelf.state());
    });
    response
}

/// Changes an object, or says why not.
fn update<O: Kept>(shelf: &mut Shelf<O>, id: &Id<O>, patch: &PatchObject) -> Option<SetError> {
    let Some(before) = shelf.objects.get(id.as_str()) else {
        return Some(SetError::new(SetErrorKind::NotFound));
    };
    let after = match patched(before, patch) {
        Ok(after) => after,
        Err(error) => return Some(error),
    };
    if let Err(error) = unchanged(before, &after, &["id"]) {
        return Some(error);
    }
    shelf.put(id.clone(), after, Step::Updated);
    None
}

async fn set_lists(
    context: Context<Jane>,
    mut lists: SetTaskLists,
) -> Result<SetResponse<TaskList>, MethodError> {
    let (destroy, account) = (std::mem::take(&mut lists.set.destroy), lists.set.account_id.clone());
    let mut kept = Vec::new();
    context.user().with(&account, |store| {
        for list in destroy {
            let tasks: Vec<_> = tasks::in_list(store, &list);
            if !tasks.is_empty() && lists.on_destroy_remove_tasks != Some(true) {
                kept.push(list);
                continue;
            }
            for task in tasks {
                store.tasks.destroy(&task);
            }
            lists.set.destroy.push(list);
        }
    });
    let mut response = set(&context, lists.set, |_, list| match &list.name {
        Some(_) => None,
        None => Some(SetError::invalid_properties(["name"])),
    });
    // In one of the two spellings of the draft.
    let error = SetError::new("TaskListHasTask");
    response.not_destroyed.extend(kept.into_iter().map(|list| (list, error.clone())));
    Ok(response)
}

async fn set_notifications(
    context: Context<Jane>,
    mut notifications: SetArguments<TaskNotification>,
) -> Result<SetResponse<TaskNotification>, MethodError> {
    let forbidden = || SetError::new(SetErrorKind::Forbidden);
    let update = std::mem::take(&mut notifications.update);
    let mut response = set(&context, notifications, |_, _| Some(forbidden()));
    response.not_updated.extend(update.into_iter().map(|(id, _)| (id, forbidden())));
    Ok(response)
}
