//! `Foo/query` (RFC 8620, section 5.5).

mod filter;

use json_model::{Json, Map, Version};

pub use self::filter::{Filter, FilterOperator, Operator};
use super::{Method, MethodName, empty};
use crate::object::{Object, Query, Value};
use crate::{Account, Id, QueryState, Session};

/// The arguments of `Foo/query` (RFC 8620, section 5.5): finds, sorts and cuts out a part of the ids of objects.
///
/// ```
/// # use jmap_core::object::{Query, Object};
/// # use json_model::{Json, Map};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { id: Option<Id<Note>>, text: Option<String>, extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }
/// # impl Object for Note {
/// #     const TYPE: &'static str = "Note";
/// #     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
/// #     type Property = String;
/// # }
/// use jmap_core::{Comparator, Id, QueryArguments};
///
/// #[derive(Clone, Debug, Default, PartialEq)]
/// struct NoteCondition { text: Option<String>, extra: Map<String, Json> }
///
/// json_model::members! { NoteCondition: "condition" never { "text" => text } extra }
///
/// impl Query for Note {
///     type Condition = NoteCondition;
///     type SortBy = String;
/// }
///
/// let milk = NoteCondition { text: Some("milk".to_owned()), ..NoteCondition::default() };
/// let query = QueryArguments::<Note>::matching(milk).sort([Comparator::descending("text".to_owned())]).limit(10);
/// assert_eq!(
///     serde_json::to_string(&query)?,
///     r#"{"filter":{"text":"milk"},"sort":[{"property":"text","isAscending":false}],"limit":10}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueryArguments<O: Query> {
    /// The account; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// Which objects; all if absent.
    pub filter: Option<Filter<O::Condition>>,
    /// In which order; the server's if there is none.
    pub sort: Vec<Comparator<O::SortBy>>,
    /// The index of the first id that is wanted, counted from 0; from the end if negative.
    pub position: Option<i64>,
    /// The id from which to count instead.
    pub anchor: Option<Id<O>>,
    /// How far behind the anchor the first id is that is wanted.
    pub anchor_offset: Option<i64>,
    /// How many ids at most; servers have limits of their own.
    pub limit: Option<u64>,
    /// Whether the number of all results is wanted, which may be costly.
    pub calculate_total: Option<bool>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! {
    QueryArguments<O: Query> {
        account_id, filter, sort, position, anchor, anchor_offset, limit, calculate_total, extra,
    }
}

json_model::members! {
    impl [O: Query] for QueryArguments<O>: "Foo/query arguments" never {
        "accountId" => account_id,
        "filter" => filter,
        "sort" => sort,
        "position" => position,
        "anchor" => anchor,
        "anchorOffset" => anchor_offset,
        "limit" => limit,
        "calculateTotal" => calculate_total,
    }
    extra
}

impl<O: Query> QueryArguments<O> {
    /// All objects.
    pub fn all() -> Self {
        Self::default()
    }

    /// The objects that `filter` matches: a condition, or several with an operator.
    pub fn matching(filter: impl Into<Filter<O::Condition>>) -> Self {
        Self { filter: Some(filter.into()), ..Self::default() }
    }

    /// In this order.
    pub fn sort(mut self, sort: impl IntoIterator<Item = Comparator<O::SortBy>>) -> Self {
        self.sort = sort.into_iter().collect();
        self
    }

    /// From this index on, counted from 0; from the end if negative.
    pub fn position(mut self, position: i64) -> Self {
        self.position = Some(position);
        self
    }

    /// From this id on, or from as far behind it as `offset` says.
    pub fn anchor(mut self, anchor: Id<O>, offset: i64) -> Self {
        self.anchor = Some(anchor);
        self.anchor_offset = Some(offset).filter(|offset| *offset != 0);
        self
    }

    /// At most so many.
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// With the number of all results.
    pub fn calculate_total(mut self) -> Self {
        self.calculate_total = Some(true);
        self
    }
}

impl<O: Query> Method for QueryArguments<O> {
    const NAME: MethodName = MethodName::new(O::TYPE, "query");
    const USING: &'static [&'static str] = O::USING;
    const ALSO_USING: &'static [&'static str] = O::ALSO_USING;
    const IS_READ_ONLY: bool = true;
    type Response = QueryResponse<O>;

    fn version(session: &Session) -> Version {
        O::version(session)
    }
}

/// What results are sorted by (RFC 8620, section 5.5).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Comparator<P> {
    /// The property.
    pub property: Option<P>,
    /// Whether the least comes first; so it does if absent.
    pub is_ascending: Option<bool>,
    /// How texts are compared: one of `collationAlgorithms` of the session.
    pub collation: Option<String>,
    /// Members that are not in the standard, or belong to this property alone.
    pub extra: Map<String, Json>,
}

impl<P> Default for Comparator<P> {
    fn default() -> Self {
        Self { property: None, is_ascending: None, collation: None, extra: Map::new() }
    }
}

json_model::members! {
    impl [P: Value] for Comparator<P>: "comparator" never {
        "property" => property,
        "isAscending" => is_ascending,
        "collation" => collation,
    }
    extra
}

impl<P> Comparator<P> {
    /// The least first.
    pub fn ascending(property: P) -> Self {
        Self { property: Some(property), ..Self::default() }
    }

    /// The greatest first.
    pub fn descending(property: P) -> Self {
        Self { is_ascending: Some(false), ..Self::ascending(property) }
    }
}

/// The response to `Foo/query` (RFC 8620, section 5.5).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueryResponse<O: Object> {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// Where this query stands.
    pub query_state: Option<QueryState<O>>,
    /// Whether `Foo/queryChanges` is likely to work. Not to be trusted: see the deviations of servers.
    pub can_calculate_changes: Option<bool>,
    /// The index of the first id among all results, counted from 0.
    pub position: Option<u64>,
    /// The ids.
    pub ids: Vec<Id<O>>,
    /// The number of all results, if it was asked for.
    pub total: Option<u64>,
    /// The limit, if it is the server's and not the one asked for.
    pub limit: Option<u64>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! {
    QueryResponse<O: Object> {
        account_id, query_state, can_calculate_changes, position, ids, total, limit, extra,
    }
}

json_model::members! {
    impl [O: Object] for QueryResponse<O>: "Foo/query response" never {
        "accountId" => account_id,
        "queryState" => query_state,
        "canCalculateChanges" => can_calculate_changes,
        "position" => position,
        "ids" => ids,
        "total" => total,
        "limit" => limit,
    }
    demanded: Self::demanded;
    extra
}

impl<O: Object> QueryResponse<O> {
    /// A response with these ids, the first of which is at `position`.
    pub fn new(
        query_state: QueryState<O>,
        position: u64,
        ids: impl IntoIterator<Item = Id<O>>,
    ) -> Self {
        Self {
            query_state: Some(query_state),
            can_calculate_changes: Some(false),
            position: Some(position),
            ids: ids.into_iter().collect(),
            ..Self::default()
        }
    }

    fn demanded(&self) -> &'static [&'static str] {
        &["ids"]
    }
}
