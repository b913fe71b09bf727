//! What `query` and `queryChanges` have in common for all data types: which part of the result is wanted, and how it changed.

use std::collections::BTreeSet;

use jmap_core::object::Query;
use jmap_core::{
    AddedItem, Id, MethodError, MethodErrorKind, QueryArguments, QueryChangesArguments,
    QueryChangesResponse, QueryResponse, QueryState,
};

use crate::kept::{self, Kept, Who};
use crate::store::Work;

/// The part of a result that a query wants (RFC 8620, section 5.5).
pub(crate) fn page<O: Query>(
    ids: Vec<Id<O>>,
    query: &QueryArguments<O>,
    state: QueryState<O>,
) -> Result<QueryResponse<O>, MethodError> {
    let total = ids.len();
    let start = start(&ids, query)?;
    let limit = query.limit.map_or(usize::MAX, |it| usize::try_from(it).unwrap_or(usize::MAX));
    let ids = ids.into_iter().skip(start).take(limit);
    let mut response = QueryResponse::new(state, start as u64, ids);
    response.total = query.calculate_total.filter(|it| *it).map(|_| total as u64);
    Ok(response)
}

/// Where the part begins.
fn start<O: Query>(ids: &[Id<O>], query: &QueryArguments<O>) -> Result<usize, MethodError> {
    let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let start = match &query.anchor {
        Some(anchor) => {
            let at = ids.iter().position(|id| id == anchor);
            let at = at.ok_or(MethodErrorKind::AnchorNotFound)?;
            i64::try_from(at).unwrap_or(i64::MAX).saturating_add(query.anchor_offset.unwrap_or(0))
        }
        None => match query.position.unwrap_or(0) {
            position if position < 0 => total.saturating_add(position),
            position => position,
        },
    };
    Ok(usize::try_from(start.max(0)).unwrap_or(usize::MAX))
}

/// How a result changed that is now `ids` (RFC 8620, section 5.6). What changed at all is taken out, and put in again where
/// it is now: the order of all others is what it was.
pub(crate) fn changes<O: Kept + Query>(
    ids: &[Id<O>],
    arguments: &QueryChangesArguments<O>,
    work: &Work<'_>,
    who: &Who,
) -> Result<QueryChangesResponse<O>, MethodError> {
    let since = arguments.since_query_state.clone().ok_or(MethodErrorKind::InvalidArguments)?;
    let unknown = MethodErrorKind::CannotCalculateChanges;
    let known = since.as_str().parse().map_err(|_| unknown.clone())?;
    let changed = work.changes_since(kept::log::<O>(who), known, None)?;
    let changed = changed.ok_or(unknown)?;
    let is_new: BTreeSet<&str> =
        changed.created.iter().chain(&changed.updated).map(String::as_str).collect();
    let added: Vec<_> = (0..)
        .zip(ids)
        .filter(|(_, id)| is_new.contains(id.as_str()))
        .map(|(index, id)| AddedItem::new(id.clone(), index))
        .collect();
    let removed: Vec<_> =
        changed.updated.iter().chain(&changed.destroyed).map(|id| Id::any(id.as_str())).collect();
    let count = (added.len() + removed.len()) as u64;
    if arguments.max_changes.is_some_and(|most| count > most) {
        return Err(MethodErrorKind::TooManyChanges.into());
    }
    let mut response = QueryChangesResponse::default();
    response.old_query_state = Some(since);
    response.new_query_state = Some(QueryState::any(changed.state.to_string()));
    response.total = arguments.calculate_total.filter(|it| *it).map(|_| ids.len() as u64);
    (response.removed, response.added) = (removed, added);
    Ok(response)
}
