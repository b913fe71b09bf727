//! `Foo/query` and `Foo/queryChanges` (RFC 8620, sections 5.5 and 5.6) of types of which an account has few objects: all of
//! them are looked at.

use std::cmp::Ordering;

use jmap_core::object::Query;
use jmap_core::server::Context;
use jmap_core::{
    Account, Comparator, Filter, Id, MethodError, MethodErrorKind, QueryArguments,
    QueryChangesArguments, QueryChangesResponse, QueryResponse, QueryState,
};

use super::{Kept, Who, all_seen, log};
use crate::account::Somebody;
use crate::listing;
use crate::store::{StoreError, Work};

/// A data type whose objects are few.
pub(crate) trait Searched: Kept + Query {
    /// Says which member of a condition there is not.
    fn check_condition(
        condition: &Self::Condition,
        context: &Context<Somebody>,
    ) -> Result<(), String>;

    fn matches(&self, condition: &Self::Condition) -> bool;

    /// What objects are sorted by, each with the next; `None` if they cannot be. Without a name it is the usual order.
    fn key(&self, by: Option<&Self::SortBy>) -> Option<String>;
}

/// `Foo/query`.
pub(crate) fn query<O: Searched>(
    context: &Context<Somebody>,
    query: QueryArguments<O>,
) -> Result<QueryResponse<O>, MethodError> {
    let search = Search::of(context, query.account_id.as_ref(), &query.filter, &query.sort)?;
    context.user().store.read(|work| {
        let state = QueryState::any(work.state(log::<O>(&search.who))?.to_string());
        let mut response = listing::page(search.run(work)?, &query, state)?;
        response.can_calculate_changes = Some(true);
        Ok(response)
    })
}

/// `Foo/queryChanges`.
pub(crate) fn query_changes<O: Searched>(
    context: &Context<Somebody>,
    query: QueryChangesArguments<O>,
) -> Result<QueryChangesResponse<O>, MethodError> {
    let search = Search::of(context, query.account_id.as_ref(), &query.filter, &query.sort)?;
    let read = |work: &Work<'_>| listing::changes(&search.run(work)?, &query, work, &search.who);
    context.user().store.read(read)
}

/// What somebody looks for.
struct Search<'q, O: Searched> {
    who: Who,
    filter: &'q Option<Filter<O::Condition>>,
    sort: &'q [Comparator<O::SortBy>],
}

impl<'q, O: Searched> Search<'q, O> {
    fn of(
        context: &Context<Somebody>,
        account: Option<&Id<Account>>,
        filter: &'q Option<Filter<O::Condition>>,
        sort: &'q [Comparator<O::SortBy>],
    ) -> Result<Self, MethodError> {
        if let Some(filter) = filter {
            let check = &mut |condition: &_| O::check_condition(condition, context);
            each(filter, check).map_err(|name| {
                MethodError::new(MethodErrorKind::UnsupportedFilter).description(name)
            })?;
        }
        let known = O::default();
        let can = |it: &Comparator<O::SortBy>| known.key(Some(it.property.as_ref()?)).map(|_| ());
        if !sort.iter().all(|comparator| can(comparator).is_some()) {
            return Err(MethodErrorKind::UnsupportedSort.into());
        }
        Ok(Self { who: Who::of(context, account), filter, sort })
    }

    /// The ids of what is found, in their order.
    fn run(&self, work: &Work<'_>) -> Result<Vec<Id<O>>, StoreError> {
        let mut found = all_seen::<O>(work, &self.who)?;
        if let Some(filter) = self.filter {
            found.retain(|object| filter.matches(&mut |condition| object.matches(condition)));
        }
        found.sort_by(|one, two| self.order(one, two));
        Ok(found.iter().filter_map(super::id_of).collect())
    }

    fn order(&self, one: &O, two: &O) -> Ordering {
        let by = |comparator: &Comparator<O::SortBy>| {
            let by = comparator.property.as_ref();
            let order = one.key(by).cmp(&two.key(by));
            if comparator.is_ascending == Some(false) { order.reverse() } else { order }
        };
        let wanted = self.sort.iter().map(by).find(|order| order.is_ne());
        wanted.unwrap_or_else(|| one.key(None).cmp(&two.key(None)))
    }
}

fn each<C>(
    filter: &Filter<C>,
    check: &mut impl FnMut(&C) -> Result<(), String>,
) -> Result<(), String> {
    match filter {
        Filter::Condition(condition) => check(condition),
        // The reader bounds how deep filters are.
        Filter::Operator(operator) => {
            operator.conditions.iter().try_for_each(|filter| each(filter, check))
        }
    }
}
