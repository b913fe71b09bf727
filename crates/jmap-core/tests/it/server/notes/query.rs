//! `Note/query` and `Note/queryChanges`.

use jmap_core::server::Context;
use jmap_core::{
    AddedItem, Comparator, Filter, Id, MethodError, MethodErrorKind, QueryArguments,
    QueryChangesArguments, QueryChangesResponse, QueryResponse, QueryState,
};

use super::{Condition, Jane, Note, Snapshot};

pub(super) async fn query(
    context: Context<Jane>,
    query: QueryArguments<Note>,
) -> Result<QueryResponse<Note>, MethodError> {
    let history = context.user().store.history(query.account_id.as_ref());
    let all = results(history.now(), query.filter.as_ref(), &query.sort)?;
    let total = all.len() as i64;
    let start = match &query.anchor {
        Some(anchor) => {
            let index = all.iter().position(|id| id == anchor);
            let index = index.ok_or_else(|| MethodError::new(MethodErrorKind::AnchorNotFound))?;
            index as i64 + query.anchor_offset.unwrap_or(0)
        }
        None => query.position.map_or(0, |it| if it < 0 { total + it } else { it }),
    };
    let start = start.max(0) as usize;
    let asked = query.limit.unwrap_or(u64::MAX);
    let limit = asked.min(LIMIT);
    let ids = all.into_iter().skip(start).take(limit as usize);
    let state = QueryState::any(history.state().as_str());
    let mut response = QueryResponse::new(state, start as u64, ids);
    response.can_calculate_changes = Some(true);
    response.total = query.calculate_total.filter(|it| *it).map(|_| total as u64);
    response.limit = (asked > limit && query.limit.is_some()).then_some(limit);
    Ok(response)
}

/// How many ids a query gives at most.
const LIMIT: u64 = 100;

fn results(
    notes: &Snapshot,
    filter: Option<&Filter<Condition>>,
    sort: &[Comparator<String>],
) -> Result<Vec<Id<Note>>, MethodError> {
    let mut is_unknown = false;
    let mut found: Vec<&Note> = notes
        .values()
        .filter(|note| {
            filter.is_none_or(|filter| {
                filter.matches(&mut |condition: &Condition| {
                    is_unknown |= !condition.extra.is_empty();
                    let text = note.text.as_deref().unwrap_or_default();
                    condition.text.as_deref().is_none_or(|part| text.contains(part))
                })
            })
        })
        .collect();
    if is_unknown {
        return Err(MethodErrorKind::UnsupportedFilter.into());
    }
    for comparator in sort.iter().rev() {
        match comparator.property.as_deref() {
            Some("text") => found.sort_by(|one, two| one.text.cmp(&two.text)),
            _ => return Err(MethodErrorKind::UnsupportedSort.into()),
        }
        if comparator.is_ascending == Some(false) {
            found.reverse();
        }
    }
    Ok(found.into_iter().filter_map(|note| note.id.clone()).collect())
}

pub(super) async fn query_changes(
    context: Context<Jane>,
    query: QueryChangesArguments<Note>,
) -> Result<QueryChangesResponse<Note>, MethodError> {
    let history = context.user().store.history(query.account_id.as_ref());
    let since = query.since_query_state.as_ref().map(QueryState::as_str);
    let since = history.index(since)?;
    let old = results(&history.snapshots()[since], query.filter.as_ref(), &query.sort)?;
    let new = results(history.now(), query.filter.as_ref(), &query.sort)?;
    // Filter and order look at the text, which can change: whatever did is taken out and put in again.
    let changed = |id: &Id<Note>| {
        history.snapshots()[since].get(id.as_str()) != history.now().get(id.as_str())
    };
    let mut response = QueryChangesResponse::default();
    response.removed = old.into_iter().filter(changed).collect();
    let added = new.iter().enumerate().filter(|(_, id)| changed(id));
    response.added = added.map(|(index, id)| AddedItem::new(id.clone(), index as u64)).collect();
    let count = (response.removed.len() + response.added.len()) as u64;
    if query.max_changes.is_some_and(|most| count > most) {
        return Err(MethodErrorKind::TooManyChanges.into());
    }
    response.old_query_state = query.since_query_state;
    response.new_query_state = Some(QueryState::any(history.state().as_str()));
    response.total = query.calculate_total.filter(|it| *it).map(|_| new.len() as u64);
    Ok(response)
}
