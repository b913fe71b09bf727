//! [`HeldQuery`]: the result of a query that follows its changes (RFC 8620, section 5.6).

use std::collections::BTreeSet;

use super::Resync;
use super::changes::says_resync;
use crate::object::{Object, Query};
use crate::{
    Error, Id, QueryArguments, QueryChangesArguments, QueryChangesResponse, QueryResponse,
    QueryState,
};

/// The result of a query, or the first part of it, that is held and follows the changes.
///
/// [`Client::hold`](crate::Client::hold) and [`Client::follow`](crate::Client::follow) do all of this with a server.
///
/// ```
/// # use jmap_core::object::Object;
/// # use jmap_core::{Id, Json, Map};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" never {} extra }
/// # impl Object for Note {
/// #     const TYPE: &'static str = "Note";
/// #     const USING: &'static [&'static str] = &[];
/// #     type Property = String;
/// # }
/// use jmap_core::sync::HeldQuery;
/// use jmap_core::{AddedItem, QueryChangesResponse, QueryState};
///
/// let ids = |text: &str| -> Vec<Id<Note>> { text.chars().map(|id| Id::any(id.to_string())).collect() };
/// let mut held = HeldQuery::new(QueryState::any("1"), ids("abcd"), Some(4));
///
/// let mut changes = QueryChangesResponse::default();
/// changes.old_query_state = Some(QueryState::any("1"));
/// changes.new_query_state = Some(QueryState::any("2"));
/// changes.removed = ids("bx");
/// changes.added = vec![AddedItem::new(Id::any("b"), 0), AddedItem::new(Id::any("e"), 2)];
/// changes.total = Some(5);
/// held.apply(changes)?;
/// assert_eq!(held.ids(), ids("baecd"));
/// # Ok::<(), jmap_core::sync::Resync>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HeldQuery<O: Object> {
    state: QueryState<O>,
    ids: Vec<Id<O>>,
    total: Option<u64>,
    /// How many ids the server gives at most, if that is less than was asked for.
    limit: Option<u64>,
}

/// What the answer to a question about the changes of a held query means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeldStep {
    /// The result that is held is that of the query now.
    Followed,
    /// The server cannot tell, or what it tells does not fit: query again.
    Resync,
}

impl<O: Object> HeldQuery<O> {
    /// The first ids of a result in this state; `total` is the number of all, if it is known.
    pub fn new(state: QueryState<O>, ids: Vec<Id<O>>, total: Option<u64>) -> Self {
        Self { state, ids, total, limit: None }
    }

    /// The result that a query from position 0 gave; `None` if it has no state, or begins elsewhere.
    pub fn of(response: QueryResponse<O>) -> Option<Self> {
        let begins = response.position.unwrap_or(0) == 0;
        let state = response.query_state.filter(|_| begins)?;
        Some(Self { limit: response.limit, ..Self::new(state, response.ids, response.total) })
    }

    /// The ids.
    pub fn ids(&self) -> &[Id<O>] {
        &self.ids
    }

    /// Where the query stands: ask for the changes since then.
    pub fn state(&self) -> &QueryState<O> {
        &self.state
    }

    /// The number of all results, if it is known.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Whether these are all results; `None` if nobody said how many there are.
    pub fn is_complete(&self) -> Option<bool> {
        self.total.map(|total| self.ids.len() as u64 == total)
    }

    /// What to ask for the changes of this result, where `query` was what gave it.
    ///
    /// Where there may be more results than are held, the last of these goes along as `upToId`: what changed behind it may be
    /// left out.
    pub fn arguments(&self, query: QueryArguments<O>) -> QueryChangesArguments<O>
    where
        O: Query,
    {
        let mut arguments = QueryChangesArguments::since(self.state.clone());
        arguments.account_id = query.account_id;
        arguments.filter = query.filter;
        arguments.sort = query.sort;
        arguments.calculate_total = query.calculate_total;
        arguments.extra = query.extra;
        if self.is_cut(query.limit) {
            arguments.up_to_id = self.ids.last().cloned();
        }
        arguments
    }

    /// Takes the answer, and [applies](Self::apply) the changes; no more is held than `query` wants.
    ///
    /// Besides what [`ChangesPages::take`](super::ChangesPages::take) says of failures, it means to query again when the
    /// server does not have `Foo/queryChanges`, or not for this query; and when results from behind have to come in for
    /// others that are gone.
    ///
    /// # Errors
    ///
    /// Any other failure. What was asked can be asked again then.
    pub fn take(
        &mut self,
        query: &QueryArguments<O>,
        result: Result<QueryChangesResponse<O>, Error>,
    ) -> Result<HeldStep, Error>
    where
        O: Query,
    {
        let was_cut = self.is_cut(query.limit);
        match result.map(|changes| self.apply(changes)) {
            Ok(Ok(())) => {}
            Ok(Err(Resync)) => return Ok(HeldStep::Resync),
            Err(error) if says_resync(&error) || error.is_unsupported() => {
                return Ok(HeldStep::Resync);
            }
            Err(error) => return Err(error),
        }
        let most = self.most(query.limit);
        self.ids.truncate(most);
        let lacks_some = was_cut && self.ids.len() < most && self.is_complete() != Some(true);
        Ok(if lacks_some { HeldStep::Resync } else { HeldStep::Followed })
    }

    /// Whether there may be results behind those that are held, where so many were asked for.
    fn is_cut(&self, asked: Option<u64>) -> bool {
        match self.is_complete() {
            Some(is_complete) => !is_complete,
            None => self.ids.len() >= self.most(asked),
        }
    }

    /// How many ids there are at most, where so many were asked for.
    fn most(&self, asked: Option<u64>) -> usize {
        let most = self.limit.or(asked).unwrap_or(u64::MAX);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    /// Applies changes: takes out what was removed, puts in what was added, each at its index.
    ///
    /// Where only the first part of the result is held, what comes behind it is left away.
    ///
    /// # Errors
    ///
    /// If the changes are those since another state, or leave a gap, or bring in what is there already; then nothing is changed.
    pub fn apply(&mut self, changes: QueryChangesResponse<O>) -> Result<(), Resync> {
        let is_since = changes.old_query_state.as_ref().is_none_or(|old| *old == self.state);
        let state = changes.new_query_state.clone().filter(|_| is_since).ok_or(Resync)?;
        let was_complete = self.is_complete() == Some(true);
        let ids = merged(&self.ids, &changes, was_complete)?;
        if was_complete && changes.total.is_some_and(|total| total != ids.len() as u64) {
            return Err(Resync);
        }
        // Of a complete result the number is known without being told.
        self.total = changes.total.or_else(|| was_complete.then_some(ids.len() as u64));
        self.state = state;
        self.ids = ids;
        Ok(())
    }
}

fn merged<O: Object>(
    held: &[Id<O>],
    changes: &QueryChangesResponse<O>,
    is_complete: bool,
) -> Result<Vec<Id<O>>, Resync> {
    let removed: BTreeSet<&Id<O>> = changes.removed.iter().collect();
    let mut kept = held.iter().filter(|id| !removed.contains(*id));
    let mut ids = Vec::with_capacity(held.len() + changes.added.len());
    for item in &changes.added {
        let (Some(id), Some(index)) = (&item.id, item.index) else { return Err(Resync) };
        let index = usize::try_from(index).map_err(|_| Resync)?;
        if index < ids.len() {
            // They have to come by rising index.
            return Err(Resync);
        }
        ids.extend(kept.by_ref().take(index - ids.len()).cloned());
        if ids.len() == index {
            ids.push(id.clone());
        } else if is_complete {
            return Err(Resync);
        } else {
            break;
        }
    }
    ids.extend(kept.cloned());
    let is_twice = ids.iter().collect::<BTreeSet<_>>().len() < ids.len();
    if is_twice { Err(Resync) } else { Ok(ids) }
}
