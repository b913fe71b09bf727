//! Answers that come compressed (RFC 9110, section 8.4.1.3), decompressed while they come.

use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use flate2::write::MultiGzDecoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue};
use http_body::Frame;

use super::{Body, TransportError};

/// Asks for a compressed answer, unless the caller has said what may come. Whether it was asked.
pub(super) fn ask(headers: &mut HeaderMap) -> bool {
    let is_ours = !headers.contains_key(ACCEPT_ENCODING);
    if is_ours {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    is_ours
}

/// An answer with its body as it was before it was compressed.
pub(super) fn decode(
    mut answer: http::Response<Body>,
) -> Result<http::Response<Body>, TransportError> {
    if !is_compressed(answer.headers())? {
        return Ok(answer);
    }
    answer.headers_mut().remove(CONTENT_ENCODING);
    answer.headers_mut().remove(CONTENT_LENGTH);
    Ok(answer.map(|body| Body::new(Gunzip::new(body))))
}

fn is_compressed(headers: &HeaderMap) -> Result<bool, TransportError> {
    let mut is_compressed = false;
    for value in headers.get_all(CONTENT_ENCODING) {
        let coding = String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase();
        match coding.as_str() {
            "" | "identity" => {}
            "gzip" | "x-gzip" if !is_compressed => is_compressed = true,
            _ => {
                let message =
                    format!("the answer is encoded as {coding:?}, which nobody asked for");
                return Err(TransportError::other(message));
            }
        }
    }
    Ok(is_compressed)
}

/// A body that is decompressed in steps of at most some ten kilobytes, so that a small one that means a huge one is as
/// harmless as the huge one would be: whoever reads it stops where it gets too large.
struct Gunzip {
    body: Body,
    /// What came and is not decompressed yet.
    input: Bytes,
    decoder: MultiGzDecoder<Vec<u8>>,
    stage: Stage,
}

#[derive(PartialEq)]
enum Stage {
    /// Nothing came yet. An answer without a body may have the header too.
    Fresh,
    Begun,
    Ended,
}

impl Gunzip {
    fn new(body: Body) -> Self {
        let decoder = MultiGzDecoder::new(Vec::new());
        Self { body, input: Bytes::new(), decoder, stage: Stage::Fresh }
    }

    /// Decompresses a part of what came; what comes out may be nothing.
    fn step(&mut self) -> Result<Bytes, TransportError> {
        let taken = self.decoder.write(&self.input).and_then(|taken| {
            // All that can be said so far is said at once: an event must not wait for the next one.
            if taken == self.input.len() { self.decoder.flush() } else { Ok(()) }.map(|()| taken)
        });
        match taken {
            Ok(taken) if taken > 0 => self.input.advance(taken),
            Ok(_) => return Err(self.broken("it stands still")),
            Err(error) => return Err(self.broken(error)),
        }
        Ok(self.output())
    }

    /// The rest, when everything came.
    fn finish(&mut self) -> Result<Bytes, TransportError> {
        self.stage = Stage::Ended;
        match self.decoder.try_finish() {
            Ok(()) => Ok(self.output()),
            Err(error) => Err(TransportError::broken("the compressed answer is not whole", error)),
        }
    }

    fn output(&mut self) -> Bytes {
        std::mem::take(self.decoder.get_mut()).into()
    }

    fn broken(&mut self, error: impl std::fmt::Display) -> TransportError {
        self.stage = Stage::Ended;
        TransportError::other(format!("the answer is no gzip: {error}"))
    }
}

impl http_body::Body for Gunzip {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        while self.stage != Stage::Ended {
            let output = if self.input.is_empty() {
                match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                    Some(Ok(frame)) => {
                        self.input = frame.into_data().unwrap_or_default();
                        if !self.input.is_empty() {
                            self.stage = Stage::Begun;
                        }
                        continue;
                    }
                    Some(Err(error)) => {
                        self.stage = Stage::Ended;
                        Err(error)
                    }
                    None if self.stage == Stage::Fresh => break,
                    None => self.finish(),
                }
            } else {
                self.step()
            };
            match output {
                Ok(output) if output.is_empty() => {}
                output => return Poll::Ready(Some(output.map(Frame::data))),
            }
        }
        Poll::Ready(None)
    }
}
