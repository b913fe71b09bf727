//! [`Client`]: calls to a server, with its session, its limits and its failures looked after.

mod auth;
mod builder;
mod chunk;
mod discover;
mod events;
mod exchange;
mod held;
mod join;
mod pages;
mod permits;
mod retry;
mod send;
mod shared;
mod trace;
mod transfer;

use std::sync::Arc;
use std::time::Duration;

use json_model::Version;

pub use self::auth::{Authenticate, Basic, Bearer, Secret, TokenSource};
pub use self::builder::ClientBuilder;
pub use self::events::Events;
pub use self::pages::{ChangedObjects, ObjectsStep, Pages};
use self::retry::Repeat;
pub use self::retry::Retry;
use self::shared::Shared;
pub use self::transfer::{Download, DownloadOptions, Upload};
use crate::batch::Versions;
use crate::capability::Core;
use crate::object::{Changes, Copy, Get, Object, Query, QueryChanges, Set};
use crate::transport::Transport;
use crate::{
    Account, Batch, Call, ChangesArguments, ChangesResponse, CopyArguments, CopyResponse, Created,
    CreationId, Error, GetArguments, GetResponse, Id, Map, Method, Operation, PatchObject,
    QueryArguments, QueryChangesArguments, QueryChangesResponse, QueryResponse, Request, Response,
    Session, SetArguments, SetResponse, Updated,
};

/// A user's access to a server.
///
/// Clones share the connections, the session and the limits of the server on how much may be done at a time. What is
/// returned is an [`Operation`]: awaited, or waited for.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    account: Option<Id<Account>>,
}

impl Client {
    /// A client of the server at `address`: a URL, a host name, or a mail address.
    pub fn builder(address: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(address.into())
    }

    /// The session as it was when it was last fetched.
    ///
    /// It is fetched again before the next call after a response has told that it moved. As long as it cannot be had for now
    /// (what [`Error::is_retryable`] says), calls go on with the one that is held, and try it again half a minute later. One
    /// server never tells: [`refresh`](Self::refresh) is for that.
    ///
    /// When there is nothing any longer (404 or 410) where the session or the API was, the server is looked for anew, as in
    /// the beginning.
    pub fn session(&self) -> Arc<Session> {
        Arc::clone(&self.shared.loaded().session)
    }

    /// Fetches the session again.
    pub fn refresh(&self) -> Operation<Arc<Session>> {
        let client = self.clone();
        Operation::new(async move {
            let loaded = client.shared.refresh().await?;
            Ok(Arc::clone(&loaded.session))
        })
    }

    /// The account that this client uses wherever none is named, if one was chosen.
    pub fn account(&self) -> Option<&Id<Account>> {
        self.account.as_ref()
    }

    /// The account that a call takes that needs the capability of this URI and names no account: the one that this client
    /// was given, else the [primary one](Session::primary_account).
    ///
    /// # Errors
    ///
    /// [`Error::NoAccount`] if there is none.
    pub fn account_for(&self, uri: &str) -> Result<Id<Account>, Error> {
        self.account_in(&self.session(), uri)
    }

    fn account_in(&self, session: &Session, uri: &str) -> Result<Id<Account>, Error> {
        let account = self.account.as_ref().or_else(|| session.primary_account(uri));
        account.cloned().ok_or_else(|| Error::NoAccount { uri: uri.to_owned() })
    }

    /// How long to wait before something is tried again that failed like this, and does no harm when it is done twice, after
    /// so many attempts in all; `None` if it is not to be tried again. It is [`Retry`] that says so.
    ///
    /// ```
    /// # use jmap_core::{Client, EchoArguments, Error};
    /// async fn echo(client: &Client) -> Result<EchoArguments, Error> {
    ///     let mut attempts = 0;
    ///     loop {
    ///         let mut batch = client.batch();
    ///         let echo = batch.call(EchoArguments::default());
    ///         attempts += 1;
    ///         let error = match batch.send_once().await {
    ///             Ok(mut responses) => return responses.take(echo),
    ///             Err(error) => error,
    ///         };
    ///         let Some(wait) = client.wait_before_next(attempts, &error) else { return Err(error) };
    ///         client.transport().sleep(wait).await;
    ///     }
    /// }
    /// ```
    pub fn wait_before_next(&self, attempts: u32, error: &Error) -> Option<Duration> {
        self.shared.io.wait_before_next(attempts, error, Repeat::Always)
    }

    /// How the client gets to the server, and what time it is there: for methods of your own that have to wait.
    pub fn transport(&self) -> &dyn Transport {
        self.shared.io.transport.as_ref()
    }

    /// The limits that this client keeps to: the server's, and where it names none, those that the standard suggests.
    pub fn limits(&self) -> Core {
        self.shared.loaded().limits.clone()
    }

    /// A client that uses this account wherever none is named, instead of the primary one.
    pub fn with_account(&self, account: Id<Account>) -> Self {
        Self { account: Some(account), ..self.clone() }
    }

    /// The version of its specification in which objects of this type are written, in the account of this client or else
    /// the primary one: as [`set_version`](Self::set_version) has it, or as the type itself judges by the session.
    pub fn version<O: Object>(&self) -> Version {
        let found = O::USING.first().and_then(|uri| self.versions().found(uri, self.account()));
        found.unwrap_or_else(|| O::version(&self.session()))
    }

    /// Writes objects of this type, and others of the same capability, in this version from now on, in the account of this
    /// client or else the primary one; its clones do as well. For servers whose session does not tell what they take.
    pub fn set_version<O: Object>(&self, version: Version) {
        let session = self.session();
        let Some(uri) = O::USING.first() else { return };
        if let Some(account) = self.account().or_else(|| session.primary_account(uri)) {
            self.shared.versions.set(account, uri, version);
        }
    }

    fn versions(&self) -> Versions {
        Versions { session: self.session(), found: self.shared.versions.clone() }
    }

    /// Calls that are sent together.
    pub fn batch(&self) -> Batch<Self> {
        let mut batch = Batch::with_client(self.clone(), self.versions());
        if let Some(account) = &self.account {
            batch.account(account.clone());
        }
        batch
    }

    /// Calls one method.
    ///
    /// # Errors
    ///
    /// Those of [`Batch::send`] and of [`Responses::take`](crate::Responses::take).
    pub fn call<M: Method>(&self, call: impl Into<Call<M>>) -> Operation<M::Response> {
        let mut batch = self.batch();
        let handle = batch.call(call.into());
        let sent = batch.send();
        Operation::new(async move { sent.await?.take(handle) })
    }

    /// Sends a request that is written by hand, once. The untyped twin of [`batch`](Self::batch).
    ///
    /// # Errors
    ///
    /// If it is larger than `maxSizeRequest`, and all that can go wrong on the way.
    pub fn request(&self, request: Request) -> Operation<Response> {
        let client = self.clone();
        Operation::new(async move {
            let mut loaded = client.shared.current().await?;
            send::request_once(&client.shared, &mut loaded, &request, Repeat::IfUndone).await
        })
    }

    /// `Foo/get` of any number of ids: cut by `maxObjectsInGet`, fetched at the same time, and put together.
    ///
    /// When objects change while the pieces are fetched, the state is that of the first piece: everything that changed
    /// since is in the changes since that state. Ids that are asked for twice come once.
    pub fn get<O, M>(&self, arguments: M) -> Operation<GetResponse<O>>
    where
        O: Get,
        M: Method<Response = GetResponse<O>> + AsMut<GetArguments<O>> + Clone,
    {
        let client = self.clone();
        Operation::new(async move { chunk::get(&client, arguments).await })
    }

    /// `Foo/set` of any number of objects: cut by `maxObjectsInSet` and `maxSizeRequest`, and put together.
    ///
    /// With `ifInState`, the second piece demands the state that the first one led to, and so on. Where objects refer to
    /// each other by their creation ids, the pieces are sent one after the other; otherwise at the same time. If a
    /// piece fails, what the others did is done: the objects of the piece are in the response as not done, with the
    /// reason. Only when nothing at all was done there is an error. Of pieces that are sent at the same time nobody knows
    /// which came first: there is no `oldState` and no `newState` then.
    pub fn set<O, M>(&self, arguments: M) -> Operation<SetResponse<O>>
    where
        O: Set,
        M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>> + Clone,
    {
        let client = self.clone();
        Operation::new(async move { chunk::set(&client, arguments, None).await })
    }

    /// Creates one object.
    ///
    /// # Errors
    ///
    /// Those of [`set`](Self::set), and [`Error::Set`] if the server refuses.
    pub fn create<O: Set>(&self, object: O) -> Operation<Created<O>> {
        let creation = CreationId::any("k1");
        let mut set = SetArguments::default();
        set.create(creation.clone(), object);
        let sent = self.call(set);
        Operation::new(async move { sent.await?.take_created(&creation) })
    }

    /// Changes one object.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create).
    pub fn update<O: Set>(&self, id: Id<O>, patch: PatchObject) -> Operation<Updated> {
        let mut set = SetArguments::default();
        set.update(id.clone(), patch);
        let sent = self.call(set);
        Operation::new(async move { sent.await?.take_updated(&id) })
    }

    /// Destroys one object.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create).
    pub fn destroy<O: Set>(&self, id: Id<O>) -> Operation<()> {
        let mut set = SetArguments::default();
        set.destroy(id.clone());
        let sent = self.call(set);
        Operation::new(async move { sent.await?.take_destroyed(&id) })
    }

    /// [`set`](Self::set) that is sent again when its answer got lost, because what it creates can be found: objects have a
    /// `uid`, or something like it, that the client chose.
    ///
    /// `find` looks which of the objects are there already, and what their ids are; only the others are sent again. To
    /// change or destroy the same objects twice does no harm: the second time they are as they should be, or not found.
    /// Each piece is sent as often as [`Retry`] says, whatever it fails with; what its last answer would have told is
    /// looked for too.
    ///
    /// # Errors
    ///
    /// Those of [`set`](Self::set). Where `find` fails, nobody knows whether the objects of the piece were created
    /// ([`SetError::is_outcome_unknown`](crate::SetError::is_outcome_unknown)); if nothing else was done, it is its error.
    pub fn set_findable<O, M, F>(&self, arguments: M, find: F) -> Operation<SetResponse<O>>
    where
        O: Set,
        M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>> + Clone,
        F: Fn(&Self, &Map<CreationId<O>, O>) -> Operation<Map<CreationId<O>, Id<O>>>
            + Send
            + Sync
            + 'static,
    {
        let client = self.clone();
        Operation::new(async move { chunk::set(&client, arguments, Some(&find)).await })
    }

    /// `Foo/changes`, one page. For all of them see [`sync`](crate::sync).
    pub fn changes<O: Changes>(
        &self,
        arguments: ChangesArguments<O>,
    ) -> Operation<ChangesResponse<O>> {
        self.call(arguments)
    }

    /// `Foo/copy`.
    pub fn copy<O: Copy>(&self, arguments: CopyArguments<O>) -> Operation<CopyResponse<O>> {
        self.call(arguments)
    }

    /// `Foo/query`, one page. For all of them see [`sync`](crate::sync).
    pub fn query<O: Query>(&self, arguments: QueryArguments<O>) -> Operation<QueryResponse<O>> {
        self.call(arguments)
    }

    /// `Foo/queryChanges`. To keep a list fresh see [`follow`](Self::follow).
    pub fn query_changes<O: QueryChanges>(
        &self,
        arguments: QueryChangesArguments<O>,
    ) -> Operation<QueryChangesResponse<O>> {
        self.call(arguments)
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared), account: None }
    }
}

impl Batch<Client> {
    /// Sends the calls, in as many requests as `maxCallsInRequest` makes necessary. References to calls of an earlier
    /// request are then resolved here, as the server would have done.
    ///
    /// # Errors
    ///
    /// What can be said beforehand, as [`request`](Self::request) does, and what keeps the server from answering. That a
    /// call failed is known when its result is taken.
    pub fn send(self) -> Operation<crate::Responses> {
        Operation::new(async move { send::send(self).await })
    }

    /// [`send`](Self::send) that tries nothing again: for methods of your own that look first what was done, as
    /// [`Client::set_findable`] does. [`Client::wait_before_next`] says whether and when to go on.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    pub fn send_once(self) -> Operation<crate::Responses> {
        Operation::new(async move { send::send_in_turn(self, Repeat::Never).await })
    }
}

impl std::fmt::Debug for Client {
    /// Without credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.shared.loaded().url)
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
