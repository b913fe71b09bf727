//! [`Batch`]: typed calls that are sent together, and [`Responses`], from which their results are taken.

mod handle;
mod responses;
mod versions;

use std::collections::BTreeSet;
use std::ops::Range;

use json_model::{Json, Map, Version};

pub use self::handle::{Call, Handle};
pub use self::responses::Responses;
pub(crate) use self::versions::{Found, Versions};
use crate::capability::Core;
use crate::object::{Changes, Copy, Get, Object, Query, QueryChanges, Set};
use crate::reference::ResultReference;
use crate::{
    Account, ChangesArguments, CopyArguments, CreationId, Error, GetArguments, Id, Invocation,
    Method, MethodError, MethodErrorKind, MethodName, QueryArguments, QueryChangesArguments,
    Request, Session, SetArguments,
};

/// Calls that are sent together (RFC 8620, section 3.3).
///
/// Each call gives a [`Handle`], which takes its result out of the [`Responses`], and from which other calls of the batch
/// take their arguments: one round trip finds objects and fetches them. The capabilities and accounts are filled in.
///
/// `Batch<Client>` comes from a client and is sent by it. A `Batch` alone makes a [`Request`], for transports of your own.
///
/// ```
/// # use jmap_core::object::{Get, Object, Query};
/// # use jmap_core::Id;
/// # use json_model::{Json, Map};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { id: Option<Id<Note>>, text: Option<String>, extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }
/// # impl Object for Note {
/// #     const TYPE: &'static str = "Note";
/// #     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
/// #     type Property = String;
/// # }
/// # impl Get for Note {}
/// # impl Query for Note { type Condition = Json; type SortBy = String; }
/// use jmap_core::{Batch, QueryArguments, Response, Session};
///
/// let mut batch = Batch::new();
/// let query = batch.query(QueryArguments::<Note>::all().limit(2));
/// let get = batch.get(query.ids());
///
/// # let session: Session = serde_json::from_str(r#"{
/// #     "capabilities": {"urn:ietf:params:jmap:core": {}, "https://example.com/jmap/notes": {}},
/// #     "accounts": {"a": {"accountCapabilities": {"https://example.com/jmap/notes": {}}}},
/// #     "primaryAccounts": {"https://example.com/jmap/notes": "a"}
/// # }"#)?;
/// let request = batch.request(&session)?;
/// assert_eq!(
///     request.method_calls[1].arguments.as_str(),
///     r##"{"accountId":"a","#ids":{"name":"Note/query","path":"/ids","resultOf":"c0"}}"##,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Batch<C = ()> {
    pub(crate) client: C,
    calls: Vec<Prepared>,
    account: Option<Id<Account>>,
    using: BTreeSet<&'static str>,
    force: bool,
    version: Option<Version>,
    versions: Option<Versions>,
    creations: usize,
    created_ids: Option<Map<String, String>>,
}

/// A call as text, before the session is known.
#[derive(Clone, Debug)]
struct Prepared {
    name: MethodName,
    using: &'static [&'static str],
    also_using: &'static [&'static str],
    is_safe: bool,
    /// Whether an account must be filled in.
    lacks_account: bool,
    names_account: fn(&Session) -> bool,
    arguments: Result<Json, String>,
    references: Vec<(&'static str, ResultReference)>,
}

impl Batch {
    /// A batch without calls.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<C> Batch<C> {
    pub(crate) fn with_client(client: C, versions: Versions) -> Self {
        Self {
            client,
            versions: Some(versions),
            calls: Vec::new(),
            account: None,
            using: BTreeSet::new(),
            force: false,
            version: None,
            creations: 0,
            created_ids: None,
        }
    }

    /// The account of all calls that name none. Otherwise it is the primary one for what the call needs.
    pub fn account(&mut self, account: Id<Account>) -> &mut Self {
        self.account = Some(account);
        self
    }

    /// Writes the objects of all calls that follow in this version of their standard. Otherwise it is the one that the
    /// server takes, as far as the client knows it, and the newest without a client.
    pub fn version(&mut self, version: Version) -> &mut Self {
        self.version = Some(version);
        self
    }

    /// Adds a capability to those that the calls need: for properties that another capability defines.
    pub fn using(&mut self, uri: &'static str) -> &mut Self {
        self.using.insert(uri);
        self
    }

    /// Sends calls even if the session does not have their capability, which is left out then. Some servers have methods
    /// that they do not announce.
    pub fn force(&mut self) -> &mut Self {
        self.force = true;
        self
    }

    /// A creation id that this batch has not given out yet. It sorts behind those before, so that the map of a
    /// [`SetArguments`] takes it at its end.
    pub fn creation<O: Object>(&mut self) -> CreationId<O> {
        self.creations += 1;
        CreationId::any(format!("k{:06}", self.creations))
    }

    /// What the creation ids of earlier requests stand for; [`Responses::created_ids`] has them then.
    pub fn created_ids(&mut self, created: Option<Map<String, String>>) -> &mut Self {
        self.created_ids = created;
        self
    }

    /// How many calls there are.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether there is no call.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Any method.
    pub fn call<M: Method>(&mut self, call: impl Into<Call<M>>) -> Handle<M> {
        let Call { arguments, references } = call.into();
        self.push(&arguments, references)
    }

    /// [`call`](Self::call) for whoever needs the arguments afterwards.
    pub(crate) fn call_by_reference<M: Method>(&mut self, arguments: &M) -> Handle<M> {
        self.push(arguments, Vec::new())
    }

    fn push<M: Method>(
        &mut self,
        arguments: &M,
        references: Vec<(&'static str, ResultReference)>,
    ) -> Handle<M> {
        let handle = Handle::new(self.calls.len());
        let version = self.version.unwrap_or_else(|| self.version_of(arguments));
        self.calls.push(Prepared::new(arguments, references, version));
        handle
    }

    fn version_of<M: Method>(&self, arguments: &M) -> Version {
        let known = self.versions.as_ref();
        known.map_or_else(Version::default, |it| it.of_call(arguments, self.account.as_ref()))
    }

    /// `Foo/get`: of ids, or of the result of another call.
    pub fn get<O: Get>(
        &mut self,
        call: impl Into<Call<GetArguments<O>>>,
    ) -> Handle<GetArguments<O>> {
        self.call(call.into())
    }

    /// `Foo/changes`.
    pub fn changes<O: Changes>(
        &mut self,
        call: impl Into<Call<ChangesArguments<O>>>,
    ) -> Handle<ChangesArguments<O>> {
        self.call(call.into())
    }

    /// `Foo/set`.
    pub fn set<O: Set>(
        &mut self,
        call: impl Into<Call<SetArguments<O>>>,
    ) -> Handle<SetArguments<O>> {
        self.call(call.into())
    }

    /// `Foo/copy`.
    pub fn copy<O: Copy>(
        &mut self,
        call: impl Into<Call<CopyArguments<O>>>,
    ) -> Handle<CopyArguments<O>> {
        self.call(call.into())
    }

    /// `Foo/query`.
    pub fn query<O: Query>(
        &mut self,
        call: impl Into<Call<QueryArguments<O>>>,
    ) -> Handle<QueryArguments<O>> {
        self.call(call.into())
    }

    /// `Foo/queryChanges`.
    pub fn query_changes<O: QueryChanges>(
        &mut self,
        call: impl Into<Call<QueryChangesArguments<O>>>,
    ) -> Handle<QueryChangesArguments<O>> {
        self.call(call.into())
    }

    /// The request for a server with this session.
    ///
    /// # Errors
    ///
    /// What would fail at the server: a capability or an account that it does not have, arguments that cannot be written.
    pub fn request(&self, session: &Session) -> Result<Request, Error> {
        self.piece(0..self.calls.len(), session, &mut Vec::new())
    }

    /// The request for some of the calls, when those before have been answered: references to these are resolved, and a
    /// call whose reference leads nowhere gets the response that the server would have given, and is not sent.
    pub(crate) fn piece(
        &self,
        calls: Range<usize>,
        session: &Session,
        answered: &mut Vec<Invocation>,
    ) -> Result<Request, Error> {
        let mut request = Request {
            using: self.capabilities(session)?,
            created_ids: self.created_ids.clone(),
            ..Request::default()
        };
        let first = calls.start;
        for (index, call) in self.calls.iter().enumerate().take(calls.end).skip(first) {
            let call_id = handle::call_id(index);
            let name = call.name.to_string();
            match call.arguments(first, answered, self.account.as_ref(), session)? {
                Some(arguments) => {
                    request.method_calls.push(Invocation::new(name, arguments, call_id));
                }
                None => answered.push(Invocation::new("error", invalid_reference(), call_id)),
            }
        }
        Ok(request)
    }

    /// Whether all of it may be sent again when an answer got lost: calls that change nothing, and such as name the state
    /// that they change.
    pub fn is_safe_to_repeat(&self) -> bool {
        self.calls.iter().all(|call| call.is_safe)
    }

    /// `using`: what the calls need, of what the session has.
    fn capabilities(&self, session: &Session) -> Result<Vec<String>, Error> {
        let mut needed: BTreeSet<&str> = BTreeSet::from([Core::URI]);
        needed.extend(&self.using);
        needed.extend(self.calls.iter().flat_map(|call| call.using));
        let missing = |uri: &&&str| !session.has(uri) && **uri != Core::URI;
        if let Some(uri) = needed.iter().find(missing).filter(|_| !self.force) {
            return Err(Error::MissingCapability { uri: (*uri).to_owned() });
        }
        needed.extend(self.calls.iter().flat_map(|call| call.also_using));
        Ok(needed
            .into_iter()
            .filter(|uri| session.has(uri) || *uri == Core::URI)
            .map(str::to_owned)
            .collect())
    }
}

impl Prepared {
    fn new<M: Method>(
        arguments: &M,
        references: Vec<(&'static str, ResultReference)>,
        version: Version,
    ) -> Self {
        Self {
            name: M::NAME,
            using: M::USING,
            also_using: M::ALSO_USING,
            is_safe: M::IS_READ_ONLY || arguments.is_set("ifInState"),
            lacks_account: arguments.knows("accountId") && !arguments.is_set("accountId"),
            names_account: M::names_account,
            arguments: written(arguments, &references, version),
            references,
        }
    }

    /// The arguments as they are sent; `None` if a reference to a call before `first` leads nowhere.
    fn arguments(
        &self,
        first: usize,
        answered: &[Invocation],
        account: Option<&Id<Account>>,
        session: &Session,
    ) -> Result<Option<Json>, Error> {
        let Ok(arguments) = &self.arguments else { return Err(self.unwritable()) };
        let mut added: Vec<(String, Json)> = Vec::new();
        if self.lacks_account && (self.names_account)(session) {
            let account = match account {
                Some(account) => account,
                None => self.primary_account(session)?,
            };
            added.push(("accountId".to_owned(), Json::from(account.as_str())));
        }
        for (argument, reference) in &self.references {
            if handle::index(&reference.result_of).is_none_or(|index| index >= first) {
                added.push((format!("#{argument}"), Json::from(reference)));
                continue;
            }
            let response = answered.iter().find(|response| response.call_id == reference.result_of);
            let value = response.and_then(|it| reference.resolve(&it.name, &it.arguments));
            let Some(value) = value else { return Ok(None) };
            added.push(((*argument).to_owned(), value));
        }
        Ok(Some(arguments.with_members(&added)))
    }

    fn unwritable(&self) -> Error {
        let message = self.arguments.as_ref().err().cloned().unwrap_or_default();
        Error::Unwritable { method: self.name, message }
    }

    fn primary_account<'s>(&self, session: &'s Session) -> Result<&'s Id<Account>, Error> {
        let uri = self.using.first().copied().unwrap_or(Core::URI);
        session.primary_account(uri).ok_or_else(|| Error::NoAccount { uri: uri.to_owned() })
    }
}

/// The arguments as text, unless one is missing that the standard demands, or has a value and a reference.
fn written<M: Method>(
    arguments: &M,
    references: &[(&'static str, ResultReference)],
    version: Version,
) -> Result<Json, String> {
    // What is written even when it is empty is always there.
    let is_there = |name: &str| {
        arguments.is_set(name)
            || arguments.demanded().contains(&name)
            || references.iter().any(|(it, _)| *it == name)
    };
    // The account is filled in later.
    let missing = M::REQUIRED.iter().find(|name| **name != "accountId" && !is_there(name));
    if let Some(name) = missing {
        return Err(format!("{name} is missing"));
    }
    let mut referred = BTreeSet::new();
    let twice =
        references.iter().find(|(name, _)| arguments.is_set(name) || !referred.insert(*name));
    if let Some((name, _)) = twice {
        return Err(format!("{name} has a value and a reference, or two references"));
    }
    Json::from_serialize(&arguments.versioned(version)).map_err(|error| error.to_string())
}

/// What a server answers to a call whose reference leads nowhere (RFC 8620, section 3.7).
fn invalid_reference() -> Json {
    let error = MethodError::new(MethodErrorKind::InvalidResultReference);
    Json::from_serialize(&error).unwrap_or_else(|_| Json::null())
}
