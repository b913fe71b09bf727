//! [`Service`]: all resources of a server over HTTP (RFC 8620, sections 2, 3.1, 6 and 7.3), without sockets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, LOCATION,
};
use http::{Method as Verb, Request, Response, StatusCode};

use super::blobs::{BlobStore, StoredBlob};
use super::dispatcher::{Dispatcher, User};
use super::endpoints::{Resource, encoded, variable};
use super::events::{EventStream, Feed, Sleep, Wish};
use super::problem::{json, plain, problem};
use crate::push::StateChange;
use crate::transport::{Body, BoxFuture};
use crate::{Account, Error, Id, RequestError};

/// All resources of a server: session, API, uploads, downloads and event streams.
///
/// Whatever accepts connections gives it the requests, after it has checked the credentials. Clones share everything.
///
/// ```
/// # use jmap_core::server::User;
/// # use jmap_core::{Account, Id, Map};
/// # #[derive(Clone)]
/// # struct Jane;
/// # impl User for Jane {
/// #     fn name(&self) -> &str {
/// #         "jane@example.com"
/// #     }
/// #
/// #     fn accounts(&self) -> Map<Id<Account>, Account> {
/// #         Map::default()
/// #     }
/// # }
/// # fn block_on<F: Future>(future: F) -> F::Output {
/// #     let mut task = std::task::Context::from_waker(std::task::Waker::noop());
/// #     let mut future = std::pin::pin!(future);
/// #     loop {
/// #         if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut task) {
/// #             return output;
/// #         }
/// #     }
/// # }
/// use jmap_core::server::{Dispatcher, MemoryBlobs, Service};
/// use jmap_core::transport::Body;
///
/// let service = Service::new(Dispatcher::new(), MemoryBlobs::new());
/// let request = http::Request::get("/.well-known/jmap").body(Body::empty())?;
/// let response = block_on(service.respond(Jane, request));
/// assert_eq!(response.headers()["location"], "/jmap/session");
/// # Ok::<(), http::Error>(())
/// ```
pub struct Service<U> {
    dispatcher: Arc<Dispatcher<U>>,
    blobs: Arc<dyn BlobStore<U>>,
    feed: Arc<Feed>,
    sleep: Option<Sleep>,
    has_push: bool,
    layer: Option<Arc<dyn Layer<U>>>,
}

/// Something around a [`Service`] that sees each request before it and each response behind it: to log them, or to answer
/// otherwise than the standard has it.
///
/// ```
/// use http::{Request, Response};
/// use jmap_core::server::{Layer, Service, User};
/// use jmap_core::transport::{Body, BoxFuture};
///
/// /// Says by which server a response was made.
/// struct Named;
///
/// impl<U: User> Layer<U> for Named {
///     fn respond<'a>(
///         &'a self,
///         service: &'a Service<U>,
///         user: U,
///         request: Request<Body>,
///     ) -> BoxFuture<'a, Response<Body>> {
///         Box::pin(async move {
///             let mut response = service.respond(user, request).await;
///             response.headers_mut().insert("server", http::HeaderValue::from_static("mine"));
///             response
///         })
///     }
/// }
/// ```
pub trait Layer<U>: Send + Sync {
    /// Answers a request. `service` is what is below this layer.
    fn respond<'a>(
        &'a self,
        service: &'a Service<U>,
        user: U,
        request: Request<Body>,
    ) -> BoxFuture<'a, Response<Body>>;
}

impl<U: User> Service<U> {
    /// The resources of this dispatcher, with blobs in this store.
    pub fn new(dispatcher: Dispatcher<U>, blobs: impl BlobStore<U>) -> Self {
        Self {
            dispatcher: Arc::new(dispatcher),
            blobs: Arc::new(blobs),
            feed: Arc::default(),
            sleep: None,
            has_push: true,
            layer: None,
        }
    }

    /// With a layer around it, instead of the one that it had.
    pub fn layer(mut self, layer: impl Layer<U> + 'static) -> Self {
        self.layer = Some(Arc::new(layer));
        self
    }

    /// With a way to wait, which the pings of event streams need: without one there are none. The service has no clock of
    /// its own.
    pub fn sleep(
        mut self,
        sleep: impl Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        self.sleep = Some(Arc::new(sleep));
        self
    }

    /// Without event streams: whoever asks for one is told that there is none (204), and has to ask for changes.
    pub fn without_push(mut self) -> Self {
        self.has_push = false;
        self
    }

    /// With this feed instead of one of its own: for several services whose streams tell the same, and for changes that
    /// come from a log.
    pub fn feed(mut self, feed: Arc<Feed>) -> Self {
        self.feed = feed;
        self
    }

    /// The same resources with another [base](Dispatcher::base) in the URLs of the session, for clients that reach them by
    /// another name. Requests and uploads are counted together.
    pub fn at(&self, base: &str) -> Self {
        let dispatcher = Arc::new(Dispatcher::clone(&self.dispatcher).base(base));
        Self { dispatcher, ..self.clone() }
    }

    /// Tells where types stand now to all users who have the accounts: at once to those who listen, and to others when they
    /// ask for what they missed, as long as this service and its clones live.
    ///
    /// Several changes may become one. Only the newest state of each type in each account is kept. Streams tell pings after
    /// 30 s to 300 s of silence, as the client wishes.
    pub fn push(&self, change: &StateChange) {
        self.feed.tell(change);
    }

    /// The dispatcher.
    pub fn dispatcher(&self) -> &Dispatcher<U> {
        &self.dispatcher
    }

    /// Answers a request of a user. Every answer that means a failure has a problem document (RFC 9457).
    pub async fn respond(&self, user: U, request: Request<Body>) -> Response<Body> {
        let Some(layer) = &self.layer else { return self.answer(user, request).await };
        let below = Self { layer: None, ..self.clone() };
        layer.respond(&below, user, request).await
    }

    async fn answer(&self, user: U, request: Request<Body>) -> Response<Body> {
        let Some(resource) = self.dispatcher.endpoints().resource(request.uri().path()) else {
            return plain(StatusCode::NOT_FOUND).map(Body::from);
        };
        let allowed = match resource {
            Resource::Api | Resource::Upload { .. } => Verb::POST,
            _ => Verb::GET,
        };
        if *request.method() != allowed {
            return not_allowed(&allowed).map(Body::from);
        }
        match resource {
            Resource::WellKnown => self.redirect().map(Body::from),
            Resource::Session => self.session(&user).map(Body::from),
            Resource::Api => self.api(user, request).await.map(Body::from),
            Resource::Upload { account } => {
                self.upload(&user, &Id::any(account), request).await.map(Body::from)
            }
            Resource::Download { account, blob, name } => {
                let media_type = variable(request.uri().query(), "type");
                self.download(&user, &Id::any(account), &blob, &name, media_type).await
            }
            Resource::Events => self.events(user, &request),
        }
    }

    fn redirect(&self) -> Response<Bytes> {
        let Ok(location) = HeaderValue::try_from(self.dispatcher.endpoints().session()) else {
            return plain(StatusCode::NOT_FOUND);
        };
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
        response.headers_mut().insert(LOCATION, location);
        response
    }

    fn session(&self, user: &U) -> Response<Bytes> {
        match serde_json::to_string(&self.dispatcher.session(user)) {
            Ok(text) => json(StatusCode::OK, text),
            Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    async fn api(&self, user: U, request: Request<Body>) -> Response<Bytes> {
        // From here on it takes up memory.
        let permit = match self.dispatcher.request_permit(&user) {
            Ok(permit) => permit,
            Err(error) => return problem(&error),
        };
        let (head, body) = request.into_parts();
        match body.collect(self.dispatcher.max_size_request()).await {
            Ok(body) => {
                let request = Request::from_parts(head, body);
                self.dispatcher.respond_with(permit, user, &request).await
            }
            Err(Error::TooLarge { .. }) => problem(&RequestError::limit("maxSizeRequest")),
            Err(_) => plain(StatusCode::BAD_REQUEST),
        }
    }

    fn events(&self, user: U, request: &Request<Body>) -> Response<Body> {
        if !self.has_push {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            return response;
        }
        let Some(wish) = Wish::read(request.uri().query()) else {
            return plain(StatusCode::BAD_REQUEST).map(Body::from);
        };
        let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
        let (feed, sleep) = (Arc::clone(&self.feed), self.sleep.clone());
        let stream = EventStream::new(feed, user, wish, last, sleep);
        let mut response = Response::new(Body::new(stream));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    async fn upload(
        &self,
        user: &U,
        account: &Id<Account>,
        request: Request<Body>,
    ) -> Response<Bytes> {
        if !has_account(user, account) {
            return plain(StatusCode::NOT_FOUND);
        }
        let _permit = match self.dispatcher.upload_permit(user) {
            Ok(permit) => permit,
            Err(error) => return problem(&error),
        };
        let (head, body) = request.into_parts();
        let media_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or(UNKNOWN_TYPE);
        let most = self.dispatcher.max_size_upload();
        match self.blobs.put(user, account, media_type, body, most).await {
            Ok(blob) => json(StatusCode::CREATED, uploaded(account, media_type, &blob)),
            Err(error) => upload_failed(&error),
        }
    }

    async fn download(
        &self,
        user: &U,
        account: &Id<Account>,
        blob: &str,
        name: &str,
        media_type: Option<String>,
    ) -> Response<Body> {
        let content = if has_account(user, account) {
            self.blobs.get(user, account, blob).await
        } else {
            Ok(None)
        };
        let content = match content {
            Ok(Some(content)) => content,
            Ok(None) => return plain(StatusCode::NOT_FOUND).map(Body::from),
            Err(_) => return plain(StatusCode::INTERNAL_SERVER_ERROR).map(Body::from),
        };
        let mut response = Response::new(content);
        let headers = response.headers_mut();
        let media_type = media_type.and_then(|text| HeaderValue::try_from(text).ok());
        let media_type = media_type.unwrap_or(HeaderValue::from_static(UNKNOWN_TYPE));
        headers.insert(CONTENT_TYPE, media_type);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
        let attachment = format!("attachment; filename*=UTF-8''{}", encoded(name));
        if let Ok(attachment) = HeaderValue::try_from(attachment) {
            headers.insert(CONTENT_DISPOSITION, attachment);
        }
        response
    }
}

/// What stands for a media type that nobody gave.
pub(super) const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The octets of a blob id never change (RFC 8620, section 6.2).
const FOR_EVER: &str = "private, immutable, max-age=31536000";

fn has_account(user: &impl User, account: &Id<Account>) -> bool {
    user.accounts().contains_key(account) || user.unlisted_accounts().contains_key(account)
}

fn uploaded(account: &Id<Account>, media_type: &str, blob: &StoredBlob) -> String {
    serde_json::json!({
        "accountId": account.as_str(),
        "blobId": blob.id,
        "type": media_type,
        "size": blob.size,
    })
    .to_string()
}

fn upload_failed(error: &Error) -> Response<Bytes> {
    match error {
        Error::TooLarge { .. } => {
            let mut error = RequestError::limit("maxSizeUpload");
            error.status = Some(StatusCode::PAYLOAD_TOO_LARGE.as_u16().into());
            problem(&error)
        }
        Error::Transport(_) => plain(StatusCode::BAD_REQUEST),
        _ => plain(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn not_allowed(allowed: &Verb) -> Response<Bytes> {
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED);
    if let Ok(allowed) = HeaderValue::from_str(allowed.as_str()) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

impl<U> Clone for Service<U> {
    fn clone(&self) -> Self {
        Self {
            dispatcher: Arc::clone(&self.dispatcher),
            blobs: Arc::clone(&self.blobs),
            feed: Arc::clone(&self.feed),
            sleep: self.sleep.clone(),
            has_push: self.has_push,
            layer: self.layer.clone(),
        }
    }
}

impl<U> fmt::Debug for Service<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("dispatcher", &self.dispatcher).finish_non_exhaustive()
    }
}
