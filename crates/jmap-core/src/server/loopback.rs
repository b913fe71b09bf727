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
use super::timer;
use crate::transport::{Body, BoxFuture, Transport, TransportError};

/// A [`Transport`] to a [`Service`] in the same process: for tests of clients, and for servers that one program alone uses.
///
/// The host of a request does not matter.
///
/// Time is real: functions of the server may await whatever they need, time-outs of the client run out when they are over,
/// and event streams tell their pings. Nothing takes longer by that unless somebody waits. Tests of waiting give it a
/// [`Clock`]: with [`Clock::impatient`] waiting takes no time, with [`Clock::new`] the test says how much.
pub struct Loopback<U> {
    service: Service<U>,
    login: Arc<Login<U>>,
    /// Instead of the real time.
    clock: Option<Clock>,
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
        let service = service.sleep(|duration| Box::pin(timer::sleep(duration)));
        Self { service, login: Arc::new(login), clock: None }
    }

    /// With this clock instead of the real time, which the pings of event streams go by as well.
    pub fn clock(self, clock: Clock) -> Self {
        let of_service = clock.clone();
        let service = self.service.sleep(move |duration| Box::pin(of_service.sleep(duration)));
        Self { service, clock: Some(clock), ..self }
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
            let _hold = self.clock.as_ref().map(Clock::hold);
            Ok(self.service.respond(user, request).await)
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match &self.clock {
            Some(clock) => Box::pin(clock.sleep(duration)),
            None => Box::pin(timer::sleep(duration)),
        }
    }

    fn now(&self) -> SystemTime {
        self.clock.as_ref().map_or_else(SystemTime::now, Clock::now)
    }
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
