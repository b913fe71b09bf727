//! [`Loopback`]: a transport into the same process.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use http::{Request, Response, StatusCode};

use super::clock::Clock;
use super::dispatcher::User;
use super::problem::plain;
use super::service::Service;
use crate::transport::{Body, BoxFuture, Transport, TransportError};

/// A [`Transport`] to a [`Service`] in the same process: for tests of clients, and for servers that one program alone uses.
///
/// The host of a request does not matter. Time is that of a [`Clock`], which tests move; by default waiting moves it.
/// That suits functions that are done at once: while one awaits something from outside, every time-out of the client runs
/// out. With a clock that stands still ([`Clock::new`]) none does, and what is tried again waits until it is moved.
pub struct Loopback<U> {
    service: Service<U>,
    login: Arc<Login<U>>,
    clock: Clock,
}

type Login<U> = dyn Fn(&HeaderMap) -> Option<U> + Send + Sync;

impl<U: User> Loopback<U> {
    /// Everybody is this user, whatever the credentials.
    pub fn new(service: Service<U>, user: U) -> Self {
        Self::with_login(service, move |_| Some(user.clone()))
    }

    /// Who asks is found by the headers; `None` answers 401 (Unauthorized).
    pub fn with_login(
        service: Service<U>,
        login: impl Fn(&HeaderMap) -> Option<U> + Send + Sync + 'static,
    ) -> Self {
        let clock = Clock::impatient();
        let service = waiting(service, &clock);
        Self { service, login: Arc::new(login), clock }
    }

    /// With this clock, which the pings of event streams go by as well.
    pub fn clock(self, clock: Clock) -> Self {
        Self { service: waiting(self.service, &clock), clock, ..self }
    }

    /// The service.
    pub fn service(&self) -> &Service<U> {
        &self.service
    }
}

impl<U: User> Transport for Loopback<U> {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        Box::pin(async move {
            let Some(user) = (self.login)(request.headers()) else { return Ok(unauthorized()) };
            Ok(self.service.respond(user, request).await)
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(self.clock.sleep(duration))
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }
}

fn waiting<U: User>(service: Service<U>, clock: &Clock) -> Service<U> {
    let clock = clock.clone();
    service.sleep(move |duration| Box::pin(clock.sleep(duration)))
}

fn unauthorized() -> Response<Body> {
    let mut response = plain(StatusCode::UNAUTHORIZED).map(Body::from);
    let challenge = HeaderValue::from_static("Basic realm=\"jmap\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

impl<U> Clone for Loopback<U> {
    fn clone(&self) -> Self {
        Self {
            service: self.service.clone(),
            login: Arc::clone(&self.login),
            clock: self.clock.clone(),
        }
    }
}

impl<U> fmt::Debug for Loopback<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loopback").field("service", &self.service).finish_non_exhaustive()
    }
}
