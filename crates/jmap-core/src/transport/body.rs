//! [`Body`]: what a request or an answer carries.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes, BytesMut};
use http_body::{Frame, SizeHint};

use super::TransportError;
use crate::Error;

/// The octets of a request or an answer: all at once, or piece by piece as they come.
///
/// It is an [`http_body::Body`], and can be made of any other.
///
/// ```
/// use jmap_core::transport::Body;
///
/// let body = Body::from("{}");
/// assert_eq!(body.length(), Some(2));
/// ```
pub struct Body(Inner);

enum Inner {
    Whole(Bytes),
    Pieces(Pin<Box<dyn http_body::Body<Data = Bytes, Error = TransportError> + Send>>),
}

impl Body {
    /// No octets.
    pub fn empty() -> Self {
        Self(Inner::Whole(Bytes::new()))
    }

    /// The pieces of another body.
    pub fn new(
        body: impl http_body::Body<Data = Bytes, Error = TransportError> + Send + 'static,
    ) -> Self {
        Self(Inner::Pieces(Box::pin(body)))
    }

    /// How many octets, if that is known beforehand.
    pub fn length(&self) -> Option<u64> {
        http_body::Body::size_hint(self).exact()
    }

    /// All octets, if they are there already: a body that can be sent twice.
    pub fn whole(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Whole(bytes) => Some(bytes),
            Inner::Pieces(_) => None,
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// If the connection breaks.
    pub async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        loop {
            let frame =
                poll_fn(|context| http_body::Body::poll_frame(Pin::new(self), context)).await?;
            match frame.map(Frame::into_data) {
                // Trailers say nothing here.
                Ok(Err(_)) => {}
                Ok(Ok(bytes)) if bytes.is_empty() => {}
                Ok(Ok(bytes)) => return Some(Ok(bytes)),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// All octets, in one piece.
    ///
    /// # Errors
    ///
    /// If there are more than `most`, which is noticed before they are in memory; or the connection breaks.
    pub async fn collect(mut self, most: u64) -> Result<Bytes, Error> {
        if http_body::Body::size_hint(&self).lower() > most {
            return Err(Error::TooLarge { most });
        }
        let mut first = Bytes::new();
        let mut rest = BytesMut::new();
        while let Some(piece) = self.next().await {
            let piece = piece.map_err(Error::Transport)?;
            if (first.len() + rest.len()) as u64 + piece.len() as u64 > most {
                return Err(Error::TooLarge { most });
            }
            if first.is_empty() && rest.is_empty() {
                first = piece;
                continue;
            }
            rest.extend_from_slice(&std::mem::take(&mut first));
            rest.extend_from_slice(&piece);
        }
        if rest.is_empty() { Ok(first) } else { Ok(rest.freeze()) }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Inner::Whole(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl fmt::Debug for Body {
    /// Without the octets, which may be anybody's secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("length", &self.length()).finish_non_exhaustive()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        match &mut self.0 {
            Inner::Whole(bytes) if bytes.has_remaining() => {
                Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes)))))
            }
            Inner::Whole(_) => Poll::Ready(None),
            Inner::Pieces(body) => body.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Whole(bytes) => bytes.is_empty(),
            Inner::Pieces(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Inner::Pieces(body) => body.size_hint(),
        }
    }
}
