//! [`QueryPages`]: the result of a query, page by page (RFC 8620, section 5.5).

use std::collections::BTreeSet;

use crate::object::Query;
use crate::{Error, Id, MethodErrorKind, QueryArguments, QueryResponse, QueryState};

/// Goes through the result of a query, page by page: from the last id of one page to the next.
///
/// Pages that begin behind an id stay together when the result changes meanwhile; still, what moves to where the pages
/// have been already is not seen. [`Page::has_moved`] tells that.
#[derive(Clone, Debug)]
pub struct QueryPages<O: Query> {
    arguments: Option<QueryArguments<O>>,
    seen: BTreeSet<Id<O>>,
    /// The index of the first id of the first page.
    begin: u64,
    state: Option<QueryState<O>>,
}

/// Some ids of the result of a query.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<O> {
    /// The ids, none of which was in an earlier page.
    pub ids: Vec<Id<O>>,
    /// The number of all results, if it was asked for.
    pub total: Option<u64>,
    /// Where the query stood.
    pub state: Option<QueryState<O>>,
    /// Whether the result changed since the first page, as far as the server tells where it stands. Query again where every
    /// id counts.
    pub has_moved: bool,
}

impl<O: Query> QueryPages<O> {
    /// The result of this query; its `limit` is the size of a page, if the server allows it.
    pub fn new(arguments: QueryArguments<O>) -> Self {
        Self { arguments: Some(arguments), seen: BTreeSet::new(), begin: 0, state: None }
    }

    /// What to ask next; `None` at the end.
    pub fn arguments(&self) -> Option<&QueryArguments<O>> {
        self.arguments.as_ref()
    }

    /// Takes the answer. `None` if the last id is gone, so that the same has to be asked by position:
    /// [`arguments`](Self::arguments) does so now.
    ///
    /// # Errors
    ///
    /// Any failure. What was asked can be asked again then.
    pub fn take(
        &mut self,
        result: Result<QueryResponse<O>, Error>,
    ) -> Result<Option<Page<O>>, Error> {
        match result {
            Ok(response) => Ok(Some(self.page(response))),
            Err(error) if self.lost_anchor(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether it is the anchor of a later page that is lost; then the number of ids seen takes its place.
    fn lost_anchor(&mut self, error: &Error) -> bool {
        let is_lost =
            error.method_error().is_some_and(|it| it.kind() == MethodErrorKind::AnchorNotFound);
        let is_later = is_lost && !self.seen.is_empty() && self.has_anchor();
        if is_later {
            self.go_on_by_position();
        }
        is_later
    }

    fn page(&mut self, response: QueryResponse<O>) -> Page<O> {
        let asked = self.arguments.as_ref().and_then(|arguments| arguments.limit);
        let limit = response.limit.or(asked);
        let count = response.ids.len() as u64;
        // A server may give less than was asked for without saying so; the number of all tells.
        let end = response.position.map(|position| position.saturating_add(count));
        let is_short = end.zip(response.total).is_some_and(|(end, total)| end < total);
        let is_full = limit.is_some_and(|limit| limit > 0 && count >= limit) || is_short;
        let is_first = self.seen.is_empty();
        if is_first {
            self.begin = response.position.unwrap_or(0);
            self.state.clone_from(&response.query_state);
        }
        // A server that does not know the anchor may give everything from the start.
        let seen = &mut self.seen;
        let ids: Vec<Id<O>> =
            response.ids.into_iter().filter(|id| seen.insert(id.clone())).collect();
        let states = self.state.as_ref().zip(response.query_state.as_ref());
        let has_moved = states.is_some_and(|(first, now)| first != now);
        match ids.last().filter(|_| is_full) {
            Some(last) => self.go_on_behind(last.clone()),
            // A server may pass over an anchor that is gone, and give the first page again.
            None if is_full && !is_first && self.has_anchor() => self.go_on_by_position(),
            None => self.arguments = None,
        }
        Page { ids, total: response.total, state: response.query_state, has_moved }
    }

    fn go_on_behind(&mut self, last: Id<O>) {
        if let Some(arguments) = &mut self.arguments {
            arguments.position = None;
            arguments.anchor = Some(last);
            arguments.anchor_offset = Some(1);
        }
    }

    fn has_anchor(&self) -> bool {
        self.arguments.as_ref().is_some_and(|arguments| arguments.anchor.is_some())
    }

    /// From the last one seen on, if all before it are still there; what comes twice is left out.
    fn go_on_by_position(&mut self) {
        let behind = self.begin.saturating_add(self.seen.len() as u64);
        let behind = i64::try_from(behind).unwrap_or(i64::MAX);
        if let Some(arguments) = &mut self.arguments {
            arguments.anchor = None;
            arguments.anchor_offset = None;
            arguments.position = Some(behind.saturating_sub(1));
        }
    }
}
