//! [`Dispatcher`]: the methods and capabilities of a server, and what it answers.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use json_model::{Json, Map, ToJson, Version};

use super::call::Registered;
use super::context::Context;
use super::endpoints::Endpoints;
use super::exchange::Exchange;
use super::permits::{Permit, Permits};
use super::{exchange, problem};
use crate::capability::{Capability, Core};
use crate::{Account, Id, Method, MethodError, Request, RequestError, Response, Session, State};

/// Who asks: whatever an application knows of the user after it has checked the credentials.
///
/// Each request has its own clone, which goes to the functions of the methods: the place for a handle to the store.
pub trait User: Clone + Send + Sync + 'static {
    /// The accounts that the user may use, each with its capabilities. A call that names another one is refused before it
    /// gets to its function, and so is one that needs a capability which the account does not have, or would change one
    /// that is read-only.
    fn accounts(&self) -> Map<Id<Account>, Account>;

    /// The accounts that the user may use as well, although the session does not show them: those in which they have not
    /// subscribed to anything (RFC 9670, section 2).
    fn unlisted_accounts(&self) -> Map<Id<Account>, Account> {
        Map::new()
    }

    /// The name that the user logged in with: what the session shows, and by which concurrent requests and uploads are
    /// counted.
    fn name(&self) -> &str;
}

/// The methods and capabilities of a server (RFC 8620, sections 2 and 3).
///
/// See [`server`](super) for an example and for what it does of the standard.
pub struct Dispatcher<U> {
    methods: BTreeMap<String, Registered<U>>,
    capabilities: Map<String, Json>,
    limits: Core,
    endpoints: Endpoints,
    requests: Permits,
    uploads: Permits,
}

impl<U: User> Dispatcher<U> {
    /// A server with `Core/echo`, the limits that the standard suggests, and URLs without an origin.
    pub fn new() -> Self {
        let dispatcher = Self {
            methods: BTreeMap::from([("Core/echo".to_owned(), Registered::echo())]),
            capabilities: Map::default(),
            limits: Core::default(),
            endpoints: Endpoints::default(),
            requests: Permits::default(),
            uploads: Permits::default(),
        };
        dispatcher.limits(Core::suggested())
    }

    /// The limits. Those that are missing are the ones that the standard suggests.
    pub fn limits(mut self, limits: Core) -> Self {
        self.limits = limits.or_suggested();
        let limits = self.limits.clone();
        self.capability::<Core>(&limits)
    }

    /// What stands before the paths in the URLs of the session: `https://example.com`, or a path as well. Clients are
    /// promised whole URLs.
    pub fn base(mut self, base: &str) -> Self {
        self.endpoints = Endpoints::new(base);
        self
    }

    /// A capability, and what the session says of it.
    pub fn capability<C: Capability>(mut self, value: &C::Session) -> Self
    where
        C::Session: ToJson,
    {
        // A value that cannot be written says nothing; our own types can be.
        let json = Json::from_serialize(&value.versioned(Version::V2_0))
            .unwrap_or_else(|_| Json::from(serde_json::json!({})));
        self.capabilities.insert(C::URI.to_owned(), json);
        self
    }

    /// The function of a method, which the type of its arguments names.
    ///
    /// Its response need not repeat `accountId`. What it answers is a response or an error; which objects were not changed,
    /// and why, is part of a response.
    pub fn register<M, F, A>(mut self, function: F) -> Self
    where
        M: Method,
        F: Fn(Context<U>, M) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Result<M::Response, MethodError>> + Send,
    {
        self.methods.insert(M::NAME.to_string(), Registered::new(function));
        self
    }

    /// What the server offers to a user (RFC 8620, section 2). The state is made from all the rest, so it moves when
    /// anything else does.
    pub fn session(&self, user: &U) -> Session {
        let mut session = Session {
            capabilities: self.capabilities.clone(),
            accounts: user.accounts(),
            username: Some(user.name().to_owned()),
            api_url: Some(self.endpoints.api()),
            download_url: Some(self.endpoints.download()),
            upload_url: Some(self.endpoints.upload()),
            event_source_url: Some(self.endpoints.events()),
            ..Session::default()
        };
        session.primary_accounts = self.primary_accounts(&session);
        fill_in(&mut session);
        session.state = Some(state_of(&session));
        session
    }

    fn primary_accounts(&self, session: &Session) -> Map<String, Id<Account>> {
        let uris = self.capabilities.keys().filter(|uri| *uri != Core::URI);
        uris.filter_map(|uri| Some((uri.clone(), session.primary_account(uri)?.clone()))).collect()
    }

    /// Answers a request over HTTP to the `apiUrl`: the octets of a request in, the octets of a response or of a problem
    /// document out.
    ///
    /// Method, path and credentials are the caller's business. A body that is larger than `maxSizeRequest` is refused here,
    /// but a caller that reads it from a socket should stop before ([`max_size_request`](Self::max_size_request)).
    pub async fn respond(&self, user: U, request: http::Request<Bytes>) -> http::Response<Bytes> {
        match self.request_permit(&user) {
            Ok(permit) => self.respond_with(permit, user, &request).await,
            Err(error) => problem::problem(&error),
        }
    }

    /// The same for a request that counts already, because its body took a while to come.
    pub(super) async fn respond_with(
        &self,
        _permit: Permit,
        user: U,
        request: &http::Request<Bytes>,
    ) -> http::Response<Bytes> {
        match self.answer(user, request).await {
            Ok(text) => problem::json(StatusCode::OK, text),
            Err(error) => problem::problem(&error),
        }
    }

    async fn answer(
        &self,
        user: U,
        request: &http::Request<Bytes>,
    ) -> Result<String, RequestError> {
        let request = exchange::read(request, self.max_size_request())?;
        let response = self.run(user, request).await?;
        let mut text = String::with_capacity(1024);
        json_model::write_compact(&response.versioned(Version::V2_0), &mut text)
            .map_err(|error| RequestError::new("about:blank").detail(error.to_string()))?;
        Ok(text)
    }

    /// Answers a request that was read already, as one that came by another way than HTTP.
    ///
    /// # Errors
    ///
    /// A capability in `using` that the server does not have; more calls than `maxCallsInRequest`.
    pub async fn run(&self, user: U, request: Request) -> Result<Response, RequestError> {
        exchange::check(&request, &self.capabilities, &self.limits)?;
        Ok(Exchange::new(self, user, request).run().await)
    }

    /// The limit for the body of a request, in octets.
    pub fn max_size_request(&self) -> u64 {
        self.limits.max_size_request.unwrap_or(u64::MAX)
    }

    /// The limit for the body of an upload, in octets.
    pub fn max_size_upload(&self) -> u64 {
        self.limits.max_size_upload.unwrap_or(u64::MAX)
    }

    pub(super) fn request_permit(&self, user: &U) -> Result<Permit, RequestError> {
        let most = self.limits.max_concurrent_requests.unwrap_or(u64::MAX);
        let permit = self.requests.take(user.name(), most);
        permit.ok_or_else(|| RequestError::limit("maxConcurrentRequests"))
    }

    pub(super) fn upload_permit(&self, user: &U) -> Result<Permit, RequestError> {
        let most = self.limits.max_concurrent_upload.unwrap_or(u64::MAX);
        let permit = self.uploads.take(user.name(), most);
        permit.ok_or_else(|| RequestError::limit("maxConcurrentUpload"))
    }

    pub(super) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    pub(super) fn core(&self) -> &Core {
        &self.limits
    }

    pub(super) fn method(&self, name: &str) -> Option<&Registered<U>> {
        self.methods.get(name)
    }
}

impl<U> Clone for Dispatcher<U> {
    /// The same methods. Concurrent requests and uploads are counted together.
    fn clone(&self) -> Self {
        Self {
            methods: self.methods.clone(),
            capabilities: self.capabilities.clone(),
            limits: self.limits.clone(),
            endpoints: self.endpoints.clone(),
            requests: self.requests.clone(),
            uploads: self.uploads.clone(),
        }
    }
}

impl<U: User> Default for Dispatcher<U> {
    fn default() -> Self {
        Self::new()
    }
}

impl<U> fmt::Debug for Dispatcher<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher")
            .field("methods", &self.methods.keys())
            .field("capabilities", &self.capabilities)
            .finish_non_exhaustive()
    }
}

/// Members that the standard demands even where there is nothing in them.
fn fill_in(session: &mut Session) {
    let nothing = || Json::from(serde_json::json!({}));
    for account in session.accounts.values_mut() {
        if account.account_capabilities.is_empty() {
            account.extra.insert("accountCapabilities".to_owned(), nothing());
        }
    }
    // A field that has a value wins.
    for name in ["accounts", "primaryAccounts"] {
        session.extra.insert(name.to_owned(), nothing());
    }
}

/// A state that is another one for another session: FNV-1a of its text, which nobody has reason to forge.
fn state_of(session: &Session) -> State<Session> {
    let text = serde_json::to_string(session).unwrap_or_default();
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3)
    });
    State::any(format!("{hash:016x}"))
}
