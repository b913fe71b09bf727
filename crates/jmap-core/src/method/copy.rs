//! `Foo/copy` (RFC 8620, section 5.4).

use json_model::{Json, Map, Version};

use super::{Created, Method, MethodName, empty};
use crate::object::{Copy, Object};
use crate::{Account, CreationId, Id, Session, SetError, State};

/// The arguments of `Foo/copy` (RFC 8620, section 5.4): copies objects from one account to another.
///
/// Each value of `create` is an object with the `id` of the original, and the properties that shall differ from it.
///
/// With `on_success_destroy_original` the server answers twice: the second response is that of the implied `Foo/set`. In a
/// batch, the handle of the copy leads to both; see [`Responses::also`](crate::Responses::also).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CopyArguments<O: Object> {
    /// The account to copy from. The standard demands it.
    pub from_account_id: Option<Id<Account>>,
    /// Nothing is done unless all objects of the type in that account stand like this.
    pub if_from_in_state: Option<State<O>>,
    /// The account to copy to; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// Nothing is done unless all objects of the type in the account to copy to stand like this.
    pub if_in_state: Option<State<O>>,
    /// What to copy.
    pub create: Map<CreationId<O>, O>,
    /// Whether the originals are destroyed when they have been copied.
    pub on_success_destroy_original: Option<bool>,
    /// Nothing is destroyed unless all objects in the account to copy from stand like this.
    pub destroy_from_if_in_state: Option<State<O>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! {
    CopyArguments<O: Object> {
        from_account_id, if_from_in_state, account_id, if_in_state, create, on_success_destroy_original,
        destroy_from_if_in_state, extra,
    }
}

json_model::members! {
    impl [O: Object] for CopyArguments<O>: "Foo/copy arguments" never {
        "fromAccountId" => from_account_id,
        "ifFromInState" => if_from_in_state,
        "accountId" => account_id,
        "ifInState" => if_in_state,
        "create" => create,
        "onSuccessDestroyOriginal" => on_success_destroy_original,
        "destroyFromIfInState" => destroy_from_if_in_state,
    }
    extra
}

impl<O: Object> CopyArguments<O> {
    /// Copies from this account.
    pub fn from_account(account: Id<Account>) -> Self {
        Self { from_account_id: Some(account), ..Self::default() }
    }

    /// Copies an object; `object` has the id of the original.
    pub fn create(&mut self, creation: CreationId<O>, object: O) -> &mut Self {
        self.create.insert(creation, object);
        self
    }
}

impl<O: Copy> Method for CopyArguments<O> {
    const NAME: MethodName = MethodName::new(O::TYPE, "copy");
    const USING: &'static [&'static str] = O::USING;
    const ALSO_USING: &'static [&'static str] = O::ALSO_USING;
    const REQUIRED: &'static [&'static str] = &["fromAccountId", "create"];
    type Response = CopyResponse<O>;

    fn version(session: &Session) -> Version {
        O::version(session)
    }
}

/// The response to `Foo/copy` (RFC 8620, section 5.4).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CopyResponse<O: Object> {
    /// The account copied from.
    pub from_account_id: Option<Id<Account>>,
    /// The account copied to.
    pub account_id: Option<Id<Account>>,
    /// The state of the account copied to before, if the server knows it.
    pub old_state: Option<State<O>>,
    /// The state of the account copied to now.
    pub new_state: Option<State<O>>,
    /// What was copied.
    pub created: Map<CreationId<O>, Created<O>>,
    /// What was not copied, and why.
    pub not_created: Map<CreationId<O>, SetError>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! {
    CopyResponse<O: Object> {
        from_account_id, account_id, old_state, new_state, created, not_created, extra,
    }
}

json_model::members! {
    impl [O: Object] for CopyResponse<O>: "Foo/copy response" never {
        "fromAccountId" => from_account_id,
        "accountId" => account_id,
        "oldState" => old_state,
        "newState" => new_state,
        "created" => created,
        "notCreated" => not_created,
    }
    extra
}
