//! [`ChangesPages`]: changes until there are no more (RFC 8620, section 5.2).

use std::collections::BTreeSet;

use crate::object::Changes;
use crate::{ChangesArguments, ChangesResponse, Error, Id, MethodErrorKind, State};

/// Asks for changes until there are no more.
///
/// ```
/// # use jmap_core::object::{Changes, Object};
/// # use jmap_core::{Id, Json, Map};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { id: Option<Id<Note>>, extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" never { "id" => id } extra }
/// # impl Object for Note {
/// #     const TYPE: &'static str = "Note";
/// #     const USING: &'static [&'static str] = &[];
/// #     type Property = String;
/// # }
/// # impl Changes for Note {}
/// use jmap_core::sync::{ChangesPages, ChangesStep};
/// use jmap_core::{ChangesResponse, State};
///
/// let mut pages = ChangesPages::<Note>::since(State::any("1"), Some(100));
/// let arguments = pages.arguments().unwrap();
/// # assert_eq!(arguments.since_state, Some(State::any("1")));
/// // … send them, and give the answer back:
/// let mut response = ChangesResponse::new(State::any("1"), State::any("3"));
/// response.created = vec![Id::any("n1"), Id::any("n2")];
/// response.destroyed = vec![Id::any("n1")];
/// match pages.take(Ok(response))? {
///     ChangesStep::Changed(ids) => {
///         assert_eq!(ids.created, [Id::any("n2")]);
///         assert_eq!(ids.state, State::any("3"));
///     }
///     _ => unreachable!(),
/// }
/// assert!(pages.arguments().is_none());
/// # Ok::<(), jmap_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChangesPages<O: Changes> {
    since: Option<State<O>>,
    max_changes: Option<u64>,
}

/// What one answer means.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ChangesStep<O> {
    /// These objects changed.
    Changed(ChangedIds<O>),
    /// The server cannot tell: everything has to be fetched again. There is no further page.
    Resync,
}

/// Which objects changed up to a state; each id in one list only.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChangedIds<O> {
    /// The state after these changes. Keep it once they are dealt with.
    pub state: State<O>,
    /// Objects that are new.
    pub created: Vec<Id<O>>,
    /// Objects that were changed.
    pub updated: Vec<Id<O>>,
    /// Objects that are gone.
    pub destroyed: Vec<Id<O>>,
    /// Whether there are more changes, after `state`.
    pub has_more: bool,
    /// Whether the server had ids in several lists, or twice in one. What was fetched by references to these lists has
    /// objects twice then: better fetch them by the lists that are here.
    pub was_mixed: bool,
}

impl<O> ChangedIds<O> {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.updated.is_empty() && self.destroyed.is_empty()
    }
}

impl<O: Changes> ChangesPages<O> {
    /// What changed since `state`, at most `max_changes` ids at a time.
    pub fn since(state: State<O>, max_changes: Option<u64>) -> Self {
        Self { since: Some(state), max_changes }
    }

    /// What to ask next; `None` at the end.
    pub fn arguments(&self) -> Option<ChangesArguments<O>> {
        let mut arguments = ChangesArguments::since(self.since.clone()?);
        arguments.max_changes = self.max_changes;
        Some(arguments)
    }

    /// Takes the answer.
    ///
    /// Besides `cannotCalculateChanges` it means to fetch everything again when the server says `invalidArguments`, as
    /// some do of a state that they cannot read; when it answers about another state than was asked about; and when it
    /// says that there is more but does not move.
    ///
    /// # Errors
    ///
    /// Any other failure. What was asked can be asked again then.
    pub fn take(
        &mut self,
        result: Result<ChangesResponse<O>, Error>,
    ) -> Result<ChangesStep<O>, Error> {
        let response = match result {
            Ok(response) => response,
            Err(error) if says_resync(&error) => return Ok(self.resync()),
            Err(error) => return Err(error),
        };
        let since = self.since.take();
        let is_answer = response.old_state.is_none() || response.old_state == since;
        let has_more = response.has_more();
        let Some(state) = response.new_state.clone().filter(|_| is_answer) else {
            return Ok(self.resync());
        };
        if has_more {
            if Some(&state) == since.as_ref() {
                return Ok(self.resync());
            }
            self.since = Some(state.clone());
        }
        Ok(ChangesStep::Changed(sorted_out(response, state, has_more)))
    }

    fn resync(&mut self) -> ChangesStep<O> {
        self.since = None;
        ChangesStep::Resync
    }
}

/// Whether a question about changes failed with this because of what it asked about.
pub(super) fn says_resync(error: &Error) -> bool {
    error.needs_resync()
        || error
            .method_error()
            .is_some_and(|error| error.kind() == MethodErrorKind::InvalidArguments)
}

/// An id may stand in several lists: what is gone is gone, and what is new is not also changed.
fn sorted_out<O: Changes>(
    response: ChangesResponse<O>,
    state: State<O>,
    has_more: bool,
) -> ChangedIds<O> {
    let ChangesResponse { created, updated, destroyed, .. } = response;
    let said = created.len() + updated.len() + destroyed.len();
    let mut seen = BTreeSet::new();
    let mut new = |ids: Vec<Id<O>>| -> Vec<Id<O>> {
        ids.into_iter().filter(|id| seen.insert(id.clone())).collect()
    };
    let destroyed = new(destroyed);
    let created = new(created);
    let updated = new(updated);
    let was_mixed = created.len() + updated.len() + destroyed.len() < said;
    ChangedIds { state, created, updated, destroyed, has_more, was_mixed }
}
