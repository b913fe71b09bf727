//! The server over HTTP/1.1. Only this file and those below it name hyper and tokio's runtime.

mod address;
mod body;
mod login;

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use jmap_core::Operation;
use jmap_core::transport::Body;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot, watch};

use self::address::Services;
use self::body::{Arriving, Leaving};
use self::login::{Gate, Refused};
use crate::{Embedded, Keep, Reason};

/// How many connections there may be; the next one waits.
const CONNECTIONS: usize = 1024;

/// How long a connection may be silent before a request, and take to send its head. Clients keep connections for a minute
/// or so: it is for them to end one, so that no request is on its way to a connection that is being closed.
const HEAD: Duration = Duration::from_secs(150);

/// How long requests that are under way may still take when the server stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// How often the server looks for what it can forget.
const TIDYING: Duration = Duration::from_secs(3_600);

/// A server that answers over HTTP, on threads of its own. It stops when this is dropped, or with [`stop`](Self::stop).
#[derive(Debug)]
#[must_use = "the server stops when this is dropped"]
pub struct Serving {
    address: SocketAddr,
    url: String,
    stop: watch::Sender<bool>,
    ended: oneshot::Receiver<()>,
}

impl Serving {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a client is given to find it: `http://127.0.0.1:8080`, say, below which everything else is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops: takes no more connections, ends event streams, and waits up to ten seconds for the requests that are under way.
    pub fn stop(self) -> Operation<()> {
        Operation::new(async move {
            self.stop.send_replace(true);
            // It ends without a word if its thread does.
            let _ = self.ended.await;
            Ok(())
        })
    }
}

/// Answers on a listener, until the value that comes back is dropped.
pub(crate) fn serve(
    embedded: &Embedded,
    listener: std::net::TcpListener,
    base: Option<&str>,
) -> Result<Serving, Reason> {
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = Builder::new_multi_thread().enable_all().thread_name("jmap-http").build()?;
    let listener = {
        let _inside = runtime.enter();
        TcpListener::from_std(listener)?
    };
    let url = base.map_or_else(|| format!("http://{address}"), str::to_owned);
    let (stop, stops) = watch::channel(false);
    let server = Server {
        gate: Gate::new(embedded.store.clone())?,
        services: Services::new(embedded.service(), &url, base.is_some()),
        stops,
    };
    let (end, ended) = oneshot::channel();
    let embedded = embedded.clone();
    let work = move || {
        run(&runtime, embedded, server, listener);
        // What still waits for a disk or a client has had its time.
        runtime.shutdown_background();
        let _ = end.send(());
    };
    thread::Builder::new().name("jmap-serve".to_owned()).spawn(work)?;
    Ok(Serving { address, url, stop, ended })
}

fn run(runtime: &Runtime, embedded: Embedded, server: Server, listener: TcpListener) {
    let tidying = runtime.spawn(tidy(embedded));
    runtime.block_on(async {
        let graceful = GracefulShutdown::new();
        let stop = stopped(server.stops.clone());
        until(stop, accept(Arc::new(server), listener, &graceful)).await;
        tidying.abort();
        let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
    });
}

/// Waits until the server is to stop.
async fn stopped(mut stops: watch::Receiver<bool>) {
    // An error says that the other side is gone, which means the same.
    let _ = stops.wait_for(|stop| *stop).await;
}

/// Does something until something else is over.
async fn until(over: impl Future<Output = ()>, work: impl Future<Output = ()>) {
    let (mut over, mut work) = (pin!(over), pin!(work));
    poll_fn(|task| match over.as_mut().poll(task) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => work.as_mut().poll(task),
    })
    .await;
}

async fn tidy(embedded: Embedded) {
    loop {
        let work = {
            let embedded = embedded.clone();
            move || embedded.tidy(&Keep::default())
        };
        // What cannot be forgotten now is at the next time.
        let _ = embedded.store.run(false, work).await;
        tokio::time::sleep(TIDYING).await;
    }
}

async fn accept(server: Arc<Server>, listener: TcpListener, graceful: &GracefulShutdown) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // It is closed by nobody.
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // The other side has gone already, or there are no more handles: others may give some back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let conversation = graceful.watch(conversation(&server, stream));
        tokio::spawn(async move {
            // What breaks a connection is the client's to know.
            let _ = conversation.await;
            drop(permit);
        });
    }
}

/// One connection, from its first request to its last.
fn conversation(
    server: &Arc<Server>,
    stream: TcpStream,
) -> impl GracefulConnection<Error = hyper::Error> + use<> {
    // Without it, small answers would wait for company.
    let _ = stream.set_nodelay(true);
    let server = Arc::clone(server);
    let service = service_fn(move |request| {
        let server = Arc::clone(&server);
        async move { Ok::<_, Infallible>(server.answer(request).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service)
}

/// What all connections share.
struct Server {
    gate: Gate,
    services: Services,
    stops: watch::Receiver<bool>,
}

impl Server {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let user = match self.gate.login(request.headers()).await {
            Ok(user) => user,
            Err(Refused::Unknown) => return unauthorized(),
            Err(Refused::Later) => return plain(StatusCode::SERVICE_UNAVAILABLE),
        };
        let service = self.services.service(request.headers());
        let request = request.map(|octets| Body::new(Arriving::new(octets)));
        let answer = service.respond(user, request).await;
        let stop = stopped(self.stops.clone());
        answer.map(|octets| Body::new(Leaving::new(octets, stop)))
    }
}

fn unauthorized() -> Response<Body> {
    let mut response = plain(StatusCode::UNAUTHORIZED);
    for challenge in ["Basic realm=\"jmap\", charset=\"UTF-8\"", "Bearer realm=\"jmap\""] {
        let challenge = HeaderValue::from_static(challenge);
        response.headers_mut().append(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// A problem that HTTP has a name for (RFC 9457).
fn plain(status: StatusCode) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or_default();
    let problem =
        serde_json::json!({"type": "about:blank", "status": status.as_u16(), "title": title});
    let mut response = Response::new(Body::from(problem.to_string()));
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    response
}
