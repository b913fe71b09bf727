//! [`Io`]: one HTTP exchange after the other, with credentials, time-outs and further attempts.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tracing::{Instrument, debug, debug_span};

use super::Authenticate;
use super::builder::Settings;
use super::join::within;
use super::retry::Repeat;
use crate::Error;
use crate::transport::{Body, Transport};
use crate::wire::{AddressError, Origin, failure, is_media_type};

/// How much of an answer that means a failure is read.
const MAX_FAILURE: u64 = 64 << 10;

pub(crate) struct Io {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) authenticate: Option<Arc<dyn Authenticate>>,
    pub(super) settings: Settings,
}

/// An answer that is there whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Refuses what is no JSON: by its media type, unless it looks like JSON under another one.
    pub(super) fn check_json(&self, expected: &'static str) -> Result<(), Error> {
        let first = self.body.iter().find(|octet| !octet.is_ascii_whitespace());
        if is_media_type(&self.headers, "application/json") || first == Some(&b'{') {
            return Ok(());
        }
        let found = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let found = found.unwrap_or("something without a media type").to_owned();
        Err(Error::Unexpected { expected, found })
    }
}

/// What is to be sent; can be sent more than once.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Outgoing {
    pub(crate) fn get(url: &str, accept: &'static str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        Self { method: Method::GET, url: url.to_owned(), headers, body: Bytes::new() }
    }

    pub(crate) fn post_json(url: &str, body: String) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self { method: Method::POST, url: url.to_owned(), headers, body: body.into() }
    }
}

impl Io {
    /// Whether credentials may go from one origin to another.
    pub(super) fn check(&self, from: &Origin, to: &Origin) -> Result<(), AddressError> {
        if from == to {
            return Ok(());
        }
        let (from, to) = (from.clone(), to.clone());
        if from.is_encrypted() && !to.is_encrypted() {
            return Err(AddressError::Downgrade { from, to });
        }
        if !self.settings.trusted.contains(&to) {
            return Err(AddressError::Foreign { from, to });
        }
        // To trust a server is not to trust everybody on the way to it.
        self.check_encryption(&to)
    }

    pub(super) fn check_encryption(&self, origin: &Origin) -> Result<(), AddressError> {
        if origin.is_encrypted() || origin.is_loopback() || self.settings.allow_unencrypted {
            return Ok(());
        }
        Err(AddressError::Unencrypted { origin: origin.clone() })
    }

    /// Gets JSON, as often as it takes. Redirects are an answer like any other.
    pub(super) async fn get(&self, url: &str) -> Result<Answer, Error> {
        let outgoing = Outgoing::get(url, "application/json");
        self.repeat(Repeat::Always, || self.whole(&outgoing)).await
    }

    /// Does something until it works, or nothing more is to be hoped for.
    pub(super) async fn repeat<T, F: Future<Output = Result<T, Error>>>(
        &self,
        repeat: Repeat,
        attempt: impl Fn() -> F,
    ) -> Result<T, Error> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match attempt().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let wait = self.wait_before_next(attempts, &error, repeat);
            let Some(wait) = wait else { return Err(error) };
            debug!(attempts, wait_ms = wait.as_millis(), "trying again");
            self.transport.sleep(wait).await;
        }
    }

    /// How long to wait after so many attempts; `None` if there shall be no further one.
    pub(super) fn wait_before_next(
        &self,
        attempts: u32,
        error: &Error,
        repeat: Repeat,
    ) -> Option<Duration> {
        self.settings.retry.wait(attempts, error, repeat, self.spread())
    }

    /// A number from 0 to 1 that nobody can foresee well.
    pub(super) fn spread(&self) -> f64 {
        let now = self.transport.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        f64::from(now.subsec_micros()) / 1e6
    }

    /// One exchange whose answer is read whole, within the time for a call.
    pub(super) async fn whole(&self, outgoing: &Outgoing) -> Result<Answer, Error> {
        let timeout = self.settings.timeout;
        let span = debug_span!(
            "jmap.exchange",
            method = %outgoing.method,
            sent = outgoing.body.len(),
            status = tracing::field::Empty,
            received = tracing::field::Empty,
        );
        let exchange = async {
            let response = self.head(outgoing).await?;
            let (parts, body) = response.into_parts();
            let body = body.collect(self.settings.max_response).await?;
            tracing::Span::current().record("received", body.len());
            Ok(Answer { status: parts.status, headers: parts.headers, body })
        };
        within(self.transport.sleep(timeout), exchange.instrument(span))
            .await
            .unwrap_or(Err(Error::TimedOut(timeout)))
    }

    /// One exchange up to the head of an answer that means success, or redirects.
    pub(super) async fn head(&self, outgoing: &Outgoing) -> Result<http::Response<Body>, Error> {
        self.head_of(outgoing, &mut || Some(Ok(outgoing.body.clone().into()))).await
    }

    /// [`head`](Self::head) with another body; `body` gives one for each attempt, as long as it can.
    pub(super) async fn head_of(
        &self,
        outgoing: &Outgoing,
        body: &mut (dyn FnMut() -> Option<Result<Body, Error>> + Send),
    ) -> Result<http::Response<Body>, Error> {
        let mut is_renewed = false;
        let mut octets = body().transpose()?.unwrap_or_default();
        loop {
            let authorization = self.authorization().await?;
            let request = self.request(outgoing, authorization.as_ref(), octets)?;
            let response = self.transport.send(request).await.map_err(Error::Transport)?;
            tracing::Span::current().record("status", response.status().as_u16());
            let refused = response.status() == StatusCode::UNAUTHORIZED && !is_renewed;
            if refused && self.renew(authorization.as_ref(), response.headers()).await? {
                is_renewed = true;
                // A stream is gone once it was sent: the caller has to begin anew.
                if let Some(next) = body().transpose()? {
                    octets = next;
                    continue;
                }
            }
            return self.successful(response).await;
        }
    }

    async fn authorization(&self) -> Result<Option<HeaderValue>, Error> {
        match &self.authenticate {
            Some(authenticate) => authenticate.authorization().await.map(Some),
            None => Ok(None),
        }
    }

    async fn renew(
        &self,
        rejected: Option<&HeaderValue>,
        headers: &HeaderMap,
    ) -> Result<bool, Error> {
        let challenge = headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
        match (&self.authenticate, rejected) {
            (Some(authenticate), Some(rejected)) => authenticate.renew(rejected, challenge).await,
            _ => Ok(false),
        }
    }

    fn request(
        &self,
        outgoing: &Outgoing,
        authorization: Option<&HeaderValue>,
        body: Body,
    ) -> Result<http::Request<Body>, Error> {
        let mut request = http::Request::builder()
            .method(outgoing.method.clone())
            .uri(&outgoing.url)
            .body(body)
            .map_err(|_| AddressError::Invalid { text: outgoing.url.clone() })?;
        request.headers_mut().clone_from(&outgoing.headers);
        if let Some(languages) = &self.settings.languages {
            request.headers_mut().insert(ACCEPT_LANGUAGE, languages.clone());
        }
        if let Some(authorization) = authorization {
            let mut authorization = authorization.clone();
            authorization.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        Ok(request)
    }

    async fn successful(
        &self,
        response: http::Response<Body>,
    ) -> Result<http::Response<Body>, Error> {
        let status = response.status();
        if status.is_success() || status.is_redirection() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let body = self.beginning(body).await;
        Err(failure(status, &parts.headers, body, self.transport.now()))
    }

    /// The beginning of the body of a failure; nothing that goes wrong there matters more than the failure.
    async fn beginning(&self, mut body: Body) -> Bytes {
        let mut beginning = Vec::new();
        let read = async {
            while let Some(Ok(piece)) = body.next().await {
                beginning.extend_from_slice(&piece);
                if beginning.len() as u64 >= MAX_FAILURE {
                    break;
                }
            }
        };
        within(self.transport.sleep(self.settings.idle_timeout), read).await;
        beginning.into()
    }

    /// The next piece of a body, within the time in which something has to come.
    pub(super) async fn next(&self, body: &mut Body) -> Option<Result<Bytes, Error>> {
        let idle = self.settings.idle_timeout;
        match within(self.transport.sleep(idle), body.next()).await {
            Some(piece) => piece.map(|piece| piece.map_err(Error::Transport)),
            None => Some(Err(Error::TimedOut(idle))),
        }
    }
}

/// Reads an object from the body of an answer.
pub(super) fn decode<T: json_model::Object>(what: &str, body: &Bytes) -> Result<T, Error> {
    let unreadable = |source| Error::Unreadable { what: what.to_owned(), source };
    let Ok(text) = std::str::from_utf8(body) else {
        // serde_json says where the text ends that is UTF-8.
        return Err(unreadable(not_utf_8(body)));
    };
    json_model::from_str(text).map(|parsed| parsed.value).map_err(unreadable)
}

fn not_utf_8(body: &Bytes) -> serde_json::Error {
    match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Err(error) => error,
        Ok(_) => serde::de::Error::custom("the text is not UTF-8"),
    }
}
