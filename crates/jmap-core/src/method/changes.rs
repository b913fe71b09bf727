//! `Foo/changes` (RFC 8620, section 5.2).

use json_model::{Json, Map, Version};

use super::{Method, MethodName, empty};
use crate::object::{Changes, Object};
use crate::{Account, Id, Session, State};

/// The arguments of `Foo/changes` (RFC 8620, section 5.2): which objects changed since a state.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChangesArguments<O: Object> {
    /// The account; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// The state that is known. The standard demands it.
    pub since_state: Option<State<O>>,
    /// How many ids the response may have at most; at least 1.
    pub max_changes: Option<u64>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! { ChangesArguments<O: Object> { account_id, since_state, max_changes, extra } }

json_model::members! {
    impl [O: Object] for ChangesArguments<O>: "Foo/changes arguments" never {
        "accountId" => account_id,
        "sinceState" => since_state,
        "maxChanges" => max_changes,
    }
    extra
}

impl<O: Object> ChangesArguments<O> {
    /// All that changed since `state`.
    pub fn since(state: State<O>) -> Self {
        Self { since_state: Some(state), ..Self::default() }
    }

    /// At most so many ids; there may be more, then.
    pub fn max_changes(mut self, most: u64) -> Self {
        self.max_changes = Some(most);
        self
    }
}

impl<O: Changes> Method for ChangesArguments<O> {
    const NAME: MethodName = MethodName::new(O::TYPE, "changes");
    const USING: &'static [&'static str] = O::USING;
    const ALSO_USING: &'static [&'static str] = O::ALSO_USING;
    const IS_READ_ONLY: bool = true;
    const REQUIRED: &'static [&'static str] = &["sinceState"];
    type Response = ChangesResponse<O>;

    fn version(session: &Session) -> Version {
        O::version(session)
    }
}

/// The response to `Foo/changes` (RFC 8620, section 5.2).
///
/// An id may be in more than one list; then [`destroyed`](Self::destroyed) counts.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChangesResponse<O: Object> {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// The state that was asked about.
    pub old_state: Option<State<O>>,
    /// The state after these changes, from which to ask on.
    pub new_state: Option<State<O>>,
    /// Whether there are more changes, after `new_state`.
    pub has_more_changes: Option<bool>,
    /// Objects that are new.
    pub created: Vec<Id<O>>,
    /// Objects that were changed.
    pub updated: Vec<Id<O>>,
    /// Objects that are gone.
    pub destroyed: Vec<Id<O>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! {
    ChangesResponse<O: Object> {
        account_id, old_state, new_state, has_more_changes, created, updated, destroyed, extra,
    }
}

json_model::members! {
    impl [O: Object] for ChangesResponse<O>: "Foo/changes response" never {
        "accountId" => account_id,
        "oldState" => old_state,
        "newState" => new_state,
        "hasMoreChanges" => has_more_changes,
        "created" => created,
        "updated" => updated,
        "destroyed" => destroyed,
    }
    demanded: Self::demanded;
    extra
}

impl<O: Object> ChangesResponse<O> {
    /// A response that leads from one state to another and says that nothing changed.
    pub fn new(old_state: State<O>, new_state: State<O>) -> Self {
        Self {
            old_state: Some(old_state),
            new_state: Some(new_state),
            has_more_changes: Some(false),
            ..Self::default()
        }
    }

    /// Whether there are more changes.
    pub fn has_more(&self) -> bool {
        self.has_more_changes == Some(true)
    }

    fn demanded(&self) -> &'static [&'static str] {
        &["created", "updated", "destroyed"]
    }
}
