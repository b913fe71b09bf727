//! What servers say about principals (RFC 9670, sections 1.5.1 and 1.5.2).

use jmap_core::capability::{Capability, Nothing};
use jmap_core::{Account, Id, Json, Map, json_model};

use crate::Principal;

/// `urn:ietf:params:jmap:principals`: the account has [`Principal`]s and share notifications.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Principals;

impl Capability for Principals {
    const URI: &'static str = "urn:ietf:params:jmap:principals";
    type Session = Nothing;
    type Account = PrincipalsAccount;
}

/// What an account says of its principals.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PrincipalsAccount {
    /// The principal of the account that stands for the user who is logged in, if there is one.
    pub current_user_principal_id: Option<Id<Principal>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    PrincipalsAccount: "principals capability" never {
        "currentUserPrincipalId" => current_user_principal_id,
    }
    extra
}

/// `urn:ietf:params:jmap:principals:owner`: which principal owns the account. It stands in accounts only, never in the
/// session's own list.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Owner;

impl Capability for Owner {
    const URI: &'static str = "urn:ietf:params:jmap:principals:owner";
    type Session = Nothing;
    type Account = AccountOwner;
}

/// The owner of an account.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AccountOwner {
    /// The account with the principal.
    pub account_id_for_principal: Option<Id<Account>>,
    /// The principal.
    pub principal_id: Option<Id<Principal>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    AccountOwner: "owner capability" never {
        "accountIdForPrincipal" => account_id_for_principal,
        "principalId" => principal_id,
    }
    extra
}
