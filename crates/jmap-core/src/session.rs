//! [`Session`] (RFC 8620, section 2): what the server offers, and to which accounts.

use json_model::{Json, Map, ToJson, Version};

use crate::capability::Capability;
use crate::{Id, State};

/// What a server offers to a user (RFC 8620, section 2).
///
/// ```
/// use jmap_core::capability::Core;
/// use jmap_core::Session;
///
/// let session: Session = serde_json::from_str(r#"{
///     "capabilities": {"urn:ietf:params:jmap:core": {"maxObjectsInGet": 100}},
///     "accounts": {"a1": {"name": "jane@example.com", "isPersonal": true, "accountCapabilities": {}}},
///     "apiUrl": "/jmap/",
///     "state": "0"
/// }"#)?;
/// assert_eq!(session.limits().max_objects_in_get, Some(100));
/// assert_eq!(session.capability::<Core>().unwrap().max_objects_in_get, Some(100));
/// assert_eq!(session.account_by_name("jane@example.com").unwrap().0.as_str(), "a1");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Session {
    /// What the server can do, by URI; the values say more. All are kept, also those that nobody here knows.
    pub capabilities: Map<String, Json>,
    /// The accounts that the user has or shares.
    pub accounts: Map<Id<Account>, Account>,
    /// The account to take where none is named, by the URI of a capability.
    pub primary_accounts: Map<String, Id<Account>>,
    /// The name that the user logged in with; may be empty.
    pub username: Option<String>,
    /// Where requests go. May be relative; see [`wire`](crate::wire).
    pub api_url: Option<String>,
    /// Where blobs come from: a template with `accountId`, `blobId`, `type` and `name`.
    pub download_url: Option<String>,
    /// Where blobs go: a template with `accountId`.
    pub upload_url: Option<String>,
    /// Where events come from: a template with `types`, `closeafter` and `ping`.
    pub event_source_url: Option<String>,
    /// Where the session itself stands; responses tell it too. One server's never moves.
    pub state: Option<State<Self>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Session: "Session" never {
        "capabilities" => capabilities,
        "accounts" => accounts,
        "primaryAccounts" => primary_accounts,
        "username" => username,
        "apiUrl" => api_url,
        "downloadUrl" => download_url,
        "uploadUrl" => upload_url,
        "eventSourceUrl" => event_source_url,
        "state" => state,
    }
    extra
}

/// An account of a session (RFC 8620, section 2).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Account {
    /// The name, for people: often a mail address.
    pub name: Option<String>,
    /// Whether it is the user's own, and not shared by somebody.
    pub is_personal: Option<bool>,
    /// Whether nothing at all can be changed in it. Where this is false, the rights of single objects may still forbid it.
    pub is_read_only: Option<bool>,
    /// What can be done in it, by URI; the values say more.
    pub account_capabilities: Map<String, Json>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Account: "Account" never {
        "name" => name,
        "isPersonal" => is_personal,
        "isReadOnly" => is_read_only,
        "accountCapabilities" => account_capabilities,
    }
    extra
}

impl Session {
    /// Whether the server has the capability of this URI.
    pub fn has(&self, uri: &str) -> bool {
        self.capabilities.contains_key(uri)
    }

    /// What the server says of a capability; `None` if it does not have it, or says what nobody understands.
    pub fn capability<C: Capability>(&self) -> Option<C::Session> {
        read(self.capabilities.get(C::URI)?)
    }

    /// The limits of the server. Those that it does not name are absent: [`Core::or_suggested`] has values for them.
    ///
    /// [`Core::or_suggested`]: crate::capability::Core::or_suggested
    pub fn limits(&self) -> crate::capability::Core {
        self.capability::<crate::capability::Core>().unwrap_or_default()
    }

    /// The account of this id.
    pub fn account(&self, id: &Id<Account>) -> Option<&Account> {
        self.accounts.get(id.as_str())
    }

    /// The first account of this name, whatever the case of its letters.
    pub fn account_by_name(&self, name: &str) -> Option<(&Id<Account>, &Account)> {
        let is_it = |account: &Account| {
            account.name.as_deref().is_some_and(|other| other.eq_ignore_ascii_case(name))
        };
        self.accounts.iter().find(|(_, account)| is_it(account))
    }

    /// All accounts that have the capability of this URI.
    pub fn accounts_with<'a>(
        &'a self,
        uri: &str,
    ) -> impl Iterator<Item = (&'a Id<Account>, &'a Account)> + use<'a> {
        let uri = uri.to_owned();
        self.accounts.iter().filter(move |(_, account)| account.has(&uri))
    }

    /// The account to take where none is named: the primary one for the capability; else the user's own one that has it,
    /// if there is exactly one; else the only account that has it.
    pub fn primary_account(&self, uri: &str) -> Option<&Id<Account>> {
        let with = |(_, account): &(&Id<Account>, &Account)| account.has(uri);
        let own = |(_, account): &(&Id<Account>, &Account)| account.has(uri) && account.is_own();
        self.primary_accounts
            .get(uri)
            .or_else(|| only(self.accounts.iter().filter(own)))
            .or_else(|| only(self.accounts.iter().filter(with)))
    }
}

impl Account {
    /// A user's own account, in which everything can be done that its capabilities are for: a server's side of it.
    ///
    /// ```
    /// use jmap_core::Account;
    /// use jmap_core::capability::{Blob, BlobLimits, Capability};
    ///
    /// let account = Account::own("jane@example.com").with::<Blob>(&BlobLimits::default());
    /// assert!(account.is_own() && !account.is_read_only() && account.has(Blob::URI));
    /// ```
    pub fn own(name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            is_personal: Some(true),
            is_read_only: Some(false),
            ..Self::default()
        }
    }

    /// With a capability, and what the account says of it.
    pub fn with<C: Capability>(mut self, value: &C::Account) -> Self
    where
        C::Account: ToJson,
    {
        // A value that cannot be written says nothing; our own types can be.
        let json = Json::from_serialize(&value.versioned(Version::V2_0))
            .unwrap_or_else(|_| Json::from(serde_json::json!({})));
        self.account_capabilities.insert(C::URI.to_owned(), json);
        self
    }

    /// Whether it has the capability of this URI.
    pub fn has(&self, uri: &str) -> bool {
        self.account_capabilities.contains_key(uri)
    }

    /// What it says of a capability; `None` if it does not have it, or says what nobody understands.
    pub fn capability<C: Capability>(&self) -> Option<C::Account> {
        read(self.account_capabilities.get(C::URI)?)
    }

    /// Whether it is the user's own.
    pub fn is_own(&self) -> bool {
        self.is_personal == Some(true)
    }

    /// Whether nothing at all can be changed in it.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only == Some(true)
    }
}

fn only<'a>(
    mut accounts: impl Iterator<Item = (&'a Id<Account>, &'a Account)>,
) -> Option<&'a Id<Account>> {
    let (id, _) = accounts.next()?;
    accounts.next().is_none().then_some(id)
}

fn read<T: json_model::Object>(json: &Json) -> Option<T> {
    json_model::from_str(json.as_str()).ok().map(|parsed| parsed.value)
}
