//! [`Upload`] (RFC 8620, section 6.1).

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use http::{HeaderValue, Method};
use http_body::{Frame, SizeHint};

use super::super::exchange::{Io, Outgoing, decode};
use super::super::join::within;
use super::super::retry::Repeat;
use super::super::shared::Loaded;
use super::Client;
use crate::blob::Uploaded;
use crate::transport::{Body, TransportError};
use crate::wire::expand;
use crate::{Account, Error, HttpError, Id};

/// The largest answer to an upload: a few members.
const MAX_ANSWER: u64 = 1 << 20;

/// What is to become a blob.
#[must_use]
pub struct Upload {
    media_type: String,
    source: Source,
    account: Option<Id<Account>>,
    progress: Option<Progress>,
}

type Progress = Box<dyn FnMut(u64) + Send>;

/// Where the octets come from.
enum Source {
    Whole(Bytes),
    /// A stream; nothing is left when it was sent once.
    Stream(Option<Body>),
    Anew(Box<dyn FnMut() -> Result<Body, TransportError> + Send>),
}

impl Upload {
    /// These octets, of this media type: a text, bytes, or a [`Body`] that gives them piece by piece.
    ///
    /// A text or bytes are sent again where that is safe. A stream is gone once it was sent: see
    /// [`from_source`](Self::from_source).
    pub fn new(media_type: impl Into<String>, body: impl Into<Body>) -> Self {
        let body = body.into();
        let source = match body.whole() {
            Some(octets) => Source::Whole(octets.clone()),
            None => Source::Stream(Some(body)),
        };
        Self::of(media_type.into(), source)
    }

    /// The octets of a body that can be made anew, such as a file that is opened once more: `open` is called for each
    /// attempt.
    ///
    /// ```
    /// use jmap_core::client::Upload;
    /// use jmap_core::transport::{Body, TransportError};
    ///
    /// let path = "menu.pdf";
    /// let upload = Upload::from_source("application/pdf", move || {
    ///     // Better a stream, if it is large.
    ///     let octets = std::fs::read(path);
    ///     octets.map(Body::from).map_err(|error| TransportError::other(error.to_string()))
    /// });
    /// # let _ = upload;
    /// ```
    pub fn from_source(
        media_type: impl Into<String>,
        open: impl FnMut() -> Result<Body, TransportError> + Send + 'static,
    ) -> Self {
        Self::of(media_type.into(), Source::Anew(Box::new(open)))
    }

    fn of(media_type: String, source: Source) -> Self {
        Self { media_type, source, account: None, progress: None }
    }

    /// Into this account.
    pub fn account(mut self, account: Id<Account>) -> Self {
        self.account = Some(account);
        self
    }

    /// Calls `progress` with the number of octets sent so far, each time that some are handed over for sending. It begins anew
    /// where all of it is sent again.
    pub fn progress(mut self, progress: impl FnMut(u64) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("media_type", &self.media_type).finish_non_exhaustive()
    }
}

impl Source {
    /// After which failures there may be another attempt.
    fn repeat(&self) -> Repeat {
        match self {
            Self::Stream(_) => Repeat::Never,
            Self::Whole(_) | Self::Anew(_) => Repeat::IfUndone,
        }
    }

    /// The body for the next attempt; `None` if there is no other.
    fn body(&mut self) -> Option<Result<Body, TransportError>> {
        match self {
            Self::Whole(octets) => Some(Ok(octets.clone().into())),
            Self::Stream(body) => body.take().map(Ok),
            Self::Anew(open) => Some(open()),
        }
    }
}

pub(super) async fn send(client: &Client, upload: Upload) -> Result<Uploaded, Error> {
    let loaded = client.shared.current().await?;
    let Upload { media_type, source, account, progress } = upload;
    let account = client.account_of_blobs(account, &loaded)?;
    let io = &client.shared.io;
    let repeat = source.repeat();
    let sending = Sending {
        io,
        outgoing: outgoing(io, &loaded, &account, &media_type)?,
        most: loaded.limits.max_size_upload.unwrap_or(u64::MAX),
        source: Mutex::new(source),
        sent: Arc::default(),
        progress: progress.map(|progress| Arc::new(Mutex::new(progress))),
    };
    io.repeat(repeat, || async {
        let _permit = loaded.uploads.acquire().await;
        sending.attempt().await
    })
    .await
}

/// An upload, and how far it has come.
struct Sending<'a> {
    io: &'a Io,
    outgoing: Outgoing,
    most: u64,
    source: Mutex<Source>,
    /// How many octets were sent in this attempt.
    sent: Arc<AtomicU64>,
    progress: Option<Arc<Mutex<Progress>>>,
}

impl Sending<'_> {
    async fn attempt(&self) -> Result<Uploaded, Error> {
        let mut next_body = || self.next_body();
        let exchange = self.io.head_of(&self.outgoing, &mut next_body);
        let result = while_it_moves(self.io, &self.sent, exchange).await;
        self.check_size(self.sent.load(Ordering::Relaxed))?;
        let response = result?;
        if !response.status().is_success() {
            return Err(Error::Status(HttpError::new(response.status())));
        }
        let timeout = self.io.settings.timeout;
        let answer = response.into_body().collect(MAX_ANSWER);
        let octets = within(self.io.transport.sleep(timeout), answer).await;
        decode("the answer to the upload", &octets.unwrap_or(Err(Error::TimedOut(timeout)))?)
    }

    fn next_body(&self) -> Option<Result<Body, Error>> {
        let body = self.source.lock().unwrap_or_else(PoisonError::into_inner).body()?;
        Some(body.map_err(Error::Transport).and_then(|body| self.counted(body)))
    }

    fn counted(&self, body: Body) -> Result<Body, Error> {
        self.check_size(body.length().unwrap_or(0))?;
        self.sent.store(0, Ordering::Relaxed);
        let (count, progress) = (Arc::clone(&self.sent), self.progress.clone());
        Ok(Body::new(Counted { body, count, most: self.most, progress }))
    }

    fn check_size(&self, size: u64) -> Result<(), Error> {
        let most = self.most;
        if size > most {
            return Err(Error::OverLimit { limit: "maxSizeUpload", size, most });
        }
        Ok(())
    }
}

fn outgoing(
    io: &Io,
    loaded: &Loaded,
    account: &Id<Account>,
    media_type: &str,
) -> Result<Outgoing, Error> {
    let template = loaded.address(io, "uploadUrl", loaded.session.upload_url.as_deref())?;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let unfit =
        |_| Error::Unexpected { expected: "a media type", found: format!("{media_type:?}") };
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(media_type).map_err(unfit)?);
    let url = expand(&template, &[("accountId", account.as_str())]);
    Ok(Outgoing { method: Method::POST, url, headers, body: Bytes::new() })
}

/// What `exchange` gives, unless nothing is sent and nothing comes for too long.
async fn while_it_moves<T>(
    io: &Io,
    sent: &AtomicU64,
    exchange: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    // After the last octet the server may work on it for as long as on a call.
    let timeout = io.settings.timeout;
    let mut exchange = std::pin::pin!(exchange);
    let mut before = 0;
    loop {
        if let Some(result) = within(io.transport.sleep(timeout), exchange.as_mut()).await {
            return result;
        }
        let now = sent.load(Ordering::Relaxed);
        if now == before {
            return Err(Error::TimedOut(timeout));
        }
        before = now;
    }
}

/// A body that counts what is taken of it, and ends with an error when it is too much.
struct Counted {
    body: Body,
    count: Arc<AtomicU64>,
    most: u64,
    /// Shared by the attempts.
    progress: Option<Arc<Mutex<Progress>>>,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let this = self.get_mut();
        let frame = ready!(Pin::new(&mut this.body).poll_frame(context));
        let octets = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len) as u64,
            _ => 0,
        };
        let count = this.count.fetch_add(octets, Ordering::Relaxed) + octets;
        if count > this.most {
            return Poll::Ready(Some(Err(TransportError::other("the upload is too large"))));
        }
        if let Some(progress) = this.progress.as_ref().filter(|_| octets > 0) {
            let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
            progress(count);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
