//! [`Hyper`]: the transport over the network. The only file that names hyper, rustls or tokio.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Uri;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinHandle};
use tower_service::Service;

use super::{Body, BoxFuture, Transport, TransportError, gzip};
use crate::wire::Origin;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The transport over the network (feature `hyper`): HTTP/1.1, or HTTP/2 where the server offers it over TLS.
///
/// Connections are kept and used again. Those to `https` are encrypted by rustls with ring and trust whom the platform
/// trusts; the environment variables `SSL_CERT_FILE` and `SSL_CERT_DIR` name other certificates, and
/// [`HyperOptions::certificates`] has those of a private authority. Answers may come compressed (gzip) and are decompressed
/// here, unless the request has an `Accept-Encoding` of its own. The head of an answer may have some hundred kilobytes and
/// 100 headers over HTTP/1.1, and 16 kilobytes over HTTP/2: one that is larger is an error.
///
/// What a request needs runs on the tokio runtime inside which the transport was made, which must have its IO and time
/// drivers (`enable_all`) and be driven. Its futures can be awaited anywhere, by any executor.
///
/// ```no_run
/// use jmap_core::transport::{Body, Hyper, Transport};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let transport = Hyper::new()?;
/// let request = http::Request::get("https://example.com/.well-known/jmap").body(Body::empty())?;
/// let answer = transport.send(request).await?;
/// let octets = answer.into_body().collect(1_000_000).await?;
/// # Ok(())
/// # }
/// ```
pub struct Hyper {
    client: Client<Connector, Body>,
    runtime: Runtime,
    /// Why nobody's certificate can be trusted, if so. Only those who want encryption need to know.
    distrust: Option<String>,
}

/// How a [`Hyper`] connects.
///
/// ```
/// use std::time::Duration;
/// use jmap_core::transport::HyperOptions;
///
/// let mut options = HyperOptions::default();
/// options.connect_timeout = Duration::from_secs(3);
/// # fn read(path: &str) -> Vec<u8> { Vec::new() }
/// // The authority of one's own network, and no other.
/// options.certificates = read("authority.pem");
/// options.trusts_platform = false;
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HyperOptions {
    /// How long it may take until there is a connection, TLS included; 10 s by default.
    pub connect_timeout: Duration,
    /// How long a connection that nobody uses is kept; 60 s by default.
    pub idle_timeout: Duration,
    /// How many connections that nobody uses are kept to one server; 8 by default.
    pub idle_connections: usize,
    /// Certificates of authorities to trust, or of servers themselves: PEM (RFC 7468), one after the other. None by default.
    pub certificates: Vec<u8>,
    /// Whether those are trusted whom the platform trusts; they are by default.
    pub trusts_platform: bool,
}

impl Default for HyperOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            idle_connections: 8,
            certificates: Vec::new(),
            trusts_platform: true,
        }
    }
}

impl Hyper {
    /// A transport on the tokio runtime that is running. With feature `blocking`, and none running, it has one of its own,
    /// on one thread that ends with it.
    ///
    /// # Errors
    ///
    /// If there is no runtime and none can be had.
    pub fn new() -> Result<Self, TransportError> {
        Self::with(&HyperOptions::default())
    }

    /// [`new`](Self::new), with other options.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); and if there is no certificate in `certificates`, or one that cannot be read.
    pub fn with(options: &HyperOptions) -> Result<Self, TransportError> {
        let runtime = Runtime::find()?;
        let (tls, distrust) = tls(options)?;
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(options.idle_timeout)
            .pool_max_idle_per_host(options.idle_connections)
            // Many requests share one HTTP/2 connection: that it is dead must not be left to each of them to find out.
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(10))
            .http2_adaptive_window(true)
            .build(Connector::new(tls, options.connect_timeout));
        Ok(Self { client, runtime, distrust })
    }

    /// To whom a request goes, if it can go there.
    fn server(&self, url: &Uri) -> Result<Origin, TransportError> {
        let server = Origin::of(&url.to_string());
        let scheme = url.scheme_str().unwrap_or_default();
        match (server, scheme, &self.distrust) {
            (Some(_), "https", Some(reason)) => Err(TransportError::other(reason.as_str())),
            (Some(server), "https" | "http", _) => Ok(server),
            _ => Err(TransportError::other(
                "a request needs a URL of http or https, without credentials",
            )),
        }
    }
}

impl Transport for Hyper {
    fn send(
        &self,
        mut request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let server = self.server(request.uri())?;
            let is_ours = gzip::ask(request.headers_mut());
            let exchange = self.runtime.spawn(self.client.request(request)).await;
            let answer = exchange
                .map_err(|error| TransportError::other(format!("the runtime gave up: {error}")))?
                .map_err(|error| failure(&server, error))?;
            let answer = answer
                .map(|octets| Body::new(Octets { octets, server, _runtime: self.runtime.clone() }));
            if is_ours { gzip::decode(answer) } else { Ok(answer) }
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let runtime = self.runtime.clone();
        Box::pin(async move {
            // It fails when the runtime shuts down; then there is nothing left to wait for.
            let _ = runtime.spawn(async move { tokio::time::sleep(duration).await }).await;
        })
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

impl fmt::Debug for Hyper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hyper").finish_non_exhaustive()
    }
}

/// The octets of an answer.
///
/// When it is dropped before its end, hyper closes the connection, or gives up this one exchange of HTTP/2.
struct Octets {
    octets: Incoming,
    server: Origin,
    /// The connection is driven there, whether the transport still exists or not.
    _runtime: Runtime,
}

impl http_body::Body for Octets {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = ready!(Pin::new(&mut self.octets).poll_frame(context));
        Poll::Ready(frame.map(|frame| frame.map_err(|error| broken(&self.server, error))))
    }

    fn is_end_stream(&self) -> bool {
        self.octets.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.octets.size_hint()
    }
}

fn failure(server: &Origin, error: legacy::Error) -> TransportError {
    if let Some(tls) = causes(&error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        let message = format!("cannot connect to {server} with encryption: {tls}");
        return TransportError::other(message);
    }
    if causes(&error).any(|cause| cause.is::<TransportError>()) {
        let message = format!("cannot read what is to be sent to {server}: {}", root(&error));
        return TransportError::other(message);
    }
    if !error.is_connect() {
        return broken(server, error);
    }
    TransportError::connect(format!("cannot connect to {server}: {}", root(&error)), error)
}

fn broken(
    server: &Origin,
    error: impl std::error::Error + Send + Sync + 'static,
) -> TransportError {
    TransportError::broken(format!("the connection to {server} broke: {}", root(&error)), error)
}

/// What went wrong in the end: hyper's own words say only where.
fn root<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    causes(error).last().unwrap_or(error)
}

/// An error and what caused it, and so on. An [`io::Error`] does not give away all of it as `source`.
fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inside.map(|inside| inside as &(dyn std::error::Error + 'static)).or_else(|| error.source())
    })
}

/// How to encrypt, and why nobody can be trusted if so.
fn tls(options: &HyperOptions) -> Result<(ClientConfig, Option<String>), TransportError> {
    let mut roots = own_roots(&options.certificates)?;
    let mut distrust = "no certificate is trusted".to_owned();
    if options.trusts_platform {
        add_platform_roots(&mut roots, &mut distrust);
    }
    let distrust = roots.is_empty().then_some(distrust);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError::other(format!("no encryption: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((config, distrust))
}

fn own_roots(certificates: &[u8]) -> Result<RootCertStore, TransportError> {
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(certificates).enumerate() {
        let added = certificate.ok().and_then(|certificate| roots.add(certificate).ok());
        added.ok_or_else(|| {
            TransportError::other(format!("cannot read certificate {} to trust", index + 1))
        })?;
    }
    if roots.is_empty() && !certificates.is_empty() {
        return Err(TransportError::other("there is no PEM in the certificates to trust"));
    }
    Ok(roots)
}

/// Adds the platform's certificates, and says why there are none, if there are none.
///
/// They are loaded from where the platform has them, which takes few crates. Asking the platform's own verifier instead
/// would do the same here and bring a Java binding for Android along.
fn add_platform_roots(roots: &mut RootCertStore, distrust: &mut String) {
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let reason = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
    *distrust = format!("no certificate to trust was found on this platform{reason}");
}

/// Makes connections, and gives up after a while: TCP and TLS together.
#[derive(Clone)]
struct Connector {
    https: HttpsConnector<HttpConnector>,
    most: Duration,
}

impl Connector {
    fn new(tls: ClientConfig, most: Duration) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        // Shared among the addresses of a host, so that one that swallows everything does not use up the time.
        http.set_connect_timeout(Some(most));
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(http);
        Self { https, most }
    }
}

impl Service<Uri> for Connector {
    type Response = <HttpsConnector<HttpConnector> as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let most = self.most;
        let connecting = tokio::time::timeout(most, self.https.call(url));
        Box::pin(async move {
            let message = || format!("it took longer than {} s", most.as_secs_f64());
            connecting.await.map_err(|_| io::Error::new(io::ErrorKind::TimedOut, message()))?
        })
    }
}

/// Where the work is done.
#[derive(Clone)]
struct Runtime {
    handle: Handle,
    /// Keeps a runtime of our own going; it ends with the last of these.
    #[cfg(feature = "blocking")]
    _own: Option<Arc<tokio::sync::oneshot::Sender<()>>>,
}

impl Runtime {
    /// The runtime that is running, or else one of our own.
    #[cfg(feature = "blocking")]
    fn find() -> Result<Self, TransportError> {
        match Handle::try_current() {
            Ok(handle) => Ok(Self { handle, _own: None }),
            Err(_) => Self::start().map_err(|error| {
                TransportError::other(format!("cannot start the transport's thread: {error}"))
            }),
        }
    }

    #[cfg(not(feature = "blocking"))]
    fn find() -> Result<Self, TransportError> {
        let none = "no tokio runtime is running here: make the transport inside one, or enable feature `blocking`";
        let handle = Handle::try_current().map_err(|_| TransportError::other(none))?;
        Ok(Self { handle })
    }

    #[cfg(feature = "blocking")]
    fn start() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (own, end) = tokio::sync::oneshot::channel();
        let drive = move || drop(runtime.block_on(end));
        std::thread::Builder::new().name("jmap-transport".to_owned()).spawn(drive)?;
        Ok(Self { handle, _own: Some(Arc::new(own)) })
    }

    fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Task<T> {
        Task(self.handle.spawn(work))
    }
}

/// Work on the runtime that is given up when nobody waits for it any longer.
struct Task<T>(JoinHandle<T>);

impl<T> Future for Task<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
