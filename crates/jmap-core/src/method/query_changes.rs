//! `Foo/queryChanges` (RFC 8620, section 5.6).

use json_model::{Json, Map, Version};

use super::{Comparator, Filter, Method, MethodName, empty};
use crate::object::{Object, Query, QueryChanges};
use crate::{Account, Id, QueryState, Session};

/// The arguments of `Foo/queryChanges` (RFC 8620, section 5.6): how the result of a query changed since a state of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueryChangesArguments<O: Query> {
    /// The account; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// The filter of the query.
    pub filter: Option<Filter<O::Condition>>,
    /// The order of the query.
    pub sort: Vec<Comparator<O::SortBy>>,
    /// The state that is known. The standard demands it.
    pub since_query_state: Option<QueryState<O>>,
    /// How many changes the response may have at most.
    pub max_changes: Option<u64>,
    /// The last id that is held: what changed behind it may be left out, where nothing that filter and order look at can
    /// change.
    pub up_to_id: Option<Id<O>>,
    /// Whether the number of all results is wanted.
    pub calculate_total: Option<bool>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! {
    QueryChangesArguments<O: Query> {
        account_id, filter, sort, since_query_state, max_changes, up_to_id, calculate_total, extra,
    }
}

json_model::members! {
    impl [O: Query] for QueryChangesArguments<O>: "Foo/queryChanges arguments" never {
        "accountId" => account_id,
        "filter" => filter,
        "sort" => sort,
        "sinceQueryState" => since_query_state,
        "maxChanges" => max_changes,
        "upToId" => up_to_id,
        "calculateTotal" => calculate_total,
    }
    extra
}

impl<O: Query> QueryChangesArguments<O> {
    /// All that changed in the result of a query of all objects, in the server's order.
    pub fn since(state: QueryState<O>) -> Self {
        Self { since_query_state: Some(state), ..Self::default() }
    }
}

impl<O: QueryChanges> Method for QueryChangesArguments<O> {
    const NAME: MethodName = MethodName::new(O::TYPE, "queryChanges");
    const USING: &'static [&'static str] = O::USING;
    const ALSO_USING: &'static [&'static str] = O::ALSO_USING;
    const IS_READ_ONLY: bool = true;
    const REQUIRED: &'static [&'static str] = &["sinceQueryState"];
    type Response = QueryChangesResponse<O>;

    fn version(session: &Session) -> Version {
        O::version(session)
    }
}

/// The response to `Foo/queryChanges` (RFC 8620, section 5.6).
///
/// First everything in `removed` goes, then everything in `added` comes, in its order: [`HeldQuery`](crate::sync::HeldQuery)
/// does that.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueryChangesResponse<O: Object> {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// The state that was asked about.
    pub old_query_state: Option<QueryState<O>>,
    /// The state after these changes.
    pub new_query_state: Option<QueryState<O>>,
    /// The number of all results, if it was asked for.
    pub total: Option<u64>,
    /// Ids that are to be taken out; some may not be there, and some come again in `added`.
    pub removed: Vec<Id<O>>,
    /// Ids that are to be put in, by rising index.
    pub added: Vec<AddedItem<O>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! {
    QueryChangesResponse<O: Object> {
        account_id, old_query_state, new_query_state, total, removed, added, extra,
    }
}

json_model::members! {
    impl [O: Object] for QueryChangesResponse<O>: "Foo/queryChanges response" never {
        "accountId" => account_id,
        "oldQueryState" => old_query_state,
        "newQueryState" => new_query_state,
        "total" => total,
        "removed" => removed,
        "added" => added,
    }
    demanded: Self::demanded;
    extra
}

impl<O: Object> QueryChangesResponse<O> {
    fn demanded(&self) -> &'static [&'static str] {
        &["removed", "added"]
    }
}

/// An id and where it goes (RFC 8620, section 5.6).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AddedItem<O: Object> {
    /// The id.
    pub id: Option<Id<O>>,
    /// Its index among all results, counted from 0.
    pub index: Option<u64>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! { AddedItem<O: Object> { id, index, extra } }

json_model::members! {
    impl [O: Object] for AddedItem<O>: "AddedItem" never { "id" => id, "index" => index } extra
}

impl<O: Object> AddedItem<O> {
    /// An id that goes to `index`.
    pub fn new(id: Id<O>, index: u64) -> Self {
        Self { id: Some(id), index: Some(index), ..Self::default() }
    }
}
