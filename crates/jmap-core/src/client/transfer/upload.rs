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
    body: Body,
    account: Option<Id<Account>>,
    progress: Option<Progress>,
}

type Progress = Box<dyn FnMut(u64) + Send>;

impl Upload {
    /// These octets, of this media type: a text, bytes, or a [`Body`] that gives them piece by piece.
    pub fn new(media_type: impl Into<String>, body: impl Into<Body>) -> Self {
        Self { media_type: media_type.into(), body: body.into(), account: None, progress: None }
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
        f.debug_struct("Upload")
            .field("media_type", &self.media_type)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

pub(super) async fn send(client: &Client, upload: Upload) -> Result<Uploaded, Error> {
    let loaded = client.shared.current().await?;
    let Upload { media_type, body, account, progress } = upload;
    let most = loaded.limits.max_size_upload.unwrap_or(u64::MAX);
    if let Some(size) = body.length().filter(|size| *size > most) {
        return Err(Error::OverLimit { limit: "maxSizeUpload", size, most });
    }
    let account = client.account_of_blobs(account, &loaded)?;
    let io = &client.shared.io;
    let outgoing = outgoing(io, &loaded, &account, &media_type)?;
    let sent = Arc::new(AtomicU64::new(0));
    let (whole, mut stream) = match body.whole() {
        Some(octets) => (Some(octets.clone()), None),
        None => (None, Some(body)),
    };
    let progress = progress.map(|progress| Arc::new(Mutex::new(progress)));
    let mut next_body = || {
        let body = stream.take().or_else(|| whole.clone().map(Body::from))?;
        let count = Arc::clone(&sent);
        count.store(0, Ordering::Relaxed);
        Some(Body::new(Counted { body, count, most, progress: progress.clone() }))
    };

    let _permit = loaded.uploads.acquire().await;
    let exchange = io.head_of(&outgoing, &mut next_body);
    let result = while_it_moves(io, &sent, exchange).await;
    let size = sent.load(Ordering::Relaxed);
    if size > most {
        return Err(Error::OverLimit { limit: "maxSizeUpload", size, most });
    }
    let response = result?;
    if !response.status().is_success() {
        return Err(Error::Status(HttpError::new(response.status())));
    }
    let answer = response.into_body();
    let octets = within(io.transport.sleep(io.settings.timeout), answer.collect(MAX_ANSWER)).await;
    decode(
        "the answer to the upload",
        &octets.unwrap_or(Err(Error::TimedOut(io.settings.timeout)))?,
    )
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
