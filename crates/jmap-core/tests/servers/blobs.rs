//! Blobs up and down.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;
use jmap_core::blob::Uploaded;
use jmap_core::client::{DownloadOptions, Upload};
use jmap_core::transport::{Body, TransportError};
use jmap_core::{Client, Error, Id};

use super::Server;

/// So many times a piece, whose length is not said beforehand.
struct Pieces(usize, Bytes);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if self.0 == 0 {
            return Poll::Ready(None);
        }
        self.0 -= 1;
        Poll::Ready(Some(Ok(Frame::data(self.1.clone()))))
    }
}

fn download(client: &Client, uploaded: &Uploaded, most: u64) -> Result<Vec<u8>, Error> {
    let options = DownloadOptions {
        media_type: Some("text/plain".to_owned()),
        name: Some("a b/ä.txt".to_owned()),
        ..DownloadOptions::default()
    };
    let id = uploaded.blob_id.clone().unwrap();
    jmap_core::wait(client.download(id, options).wait()?.collect(most))
}

#[test]
fn whole() {
    let Some(server) = Server::named() else { return };
    let client = server.client();
    let uploaded = client.upload(Upload::new("text/plain", "Milk")).wait().unwrap();
    assert_eq!(uploaded.size, Some(4));
    assert_eq!(download(&client, &uploaded, 4).unwrap(), b"Milk");
}

#[test]
fn piece_by_piece() {
    const PIECES: usize = 40;
    let Some(server) = Server::named() else { return };
    let client = server.client();
    let piece = Bytes::from_iter((0..=u8::MAX).cycle().take(50_000));
    let size = (PIECES * piece.len()) as u64;
    let sent = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&sent);
    let body = Body::new(Pieces(PIECES, piece.clone()));
    let upload = Upload::new("application/octet-stream", body)
        .progress(move |octets| seen.store(octets, Ordering::Relaxed));
    let uploaded = client.upload(upload).wait().unwrap();
    assert_eq!(uploaded.size, Some(size));
    assert_eq!(sent.load(Ordering::Relaxed), size);

    let id = uploaded.blob_id.clone().unwrap();
    let mut download = client.download(id, DownloadOptions::default()).wait().unwrap();
    let mut octets = Vec::new();
    while let Some(piece) = jmap_core::wait(download.next()) {
        octets.extend(piece.unwrap());
        assert_eq!(download.received(), octets.len() as u64);
    }
    assert!(octets == piece.repeat(PIECES));
}

#[test]
fn larger_than_wanted() {
    let Some(server) = Server::named() else { return };
    let client = server.client();
    let uploaded = client.upload(Upload::new("text/plain", "a".repeat(9_000))).wait().unwrap();
    let error = download(&client, &uploaded, 8_999).unwrap_err();
    insta::assert_snapshot!(error, @"the answer is larger than 8999 octets");
    // What was given up does not stand in the way of what comes next.
    assert_eq!(download(&client, &uploaded, 9_000).unwrap().len(), 9_000);
}

#[test]
fn unknown() {
    let Some(server) = Server::named() else { return };
    let blob = server.client().download(Id::any("Gnothing"), DownloadOptions::default()).wait();
    let error = blob.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    insta::assert_snapshot!(error, @"the server answered with HTTP status 404 Not Found");
}
