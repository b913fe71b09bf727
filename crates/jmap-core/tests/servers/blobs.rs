//! Blobs up and down, and by the methods of RFC 9404 where the server has them.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;
use jmap_core::blob::{
    self, Blob, BlobProperty, DataSource, UploadArguments, UploadObject, Uploaded,
};
use jmap_core::capability::{self, BlobLimits, Capability as _};
use jmap_core::client::{DownloadOptions, Upload};
use jmap_core::transport::{Body, TransportError};
use jmap_core::{Client, CreationId, Error, Id, SetErrorKind};

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

/// A client of the server, and what its account can do with blobs; `None` if that is nothing.
fn with_methods() -> Option<(Client, BlobLimits)> {
    let client = Server::named()?.client();
    let session = client.session();
    let account = session.primary_account(capability::Blob::URI);
    let account = account.and_then(|id| session.account(id));
    let limits = account.filter(|_| session.has(capability::Blob::URI));
    let Some(limits) = limits.and_then(|account| account.capability::<capability::Blob>()) else {
        println!("not run: the server does not have {}", capability::Blob::URI);
        return None;
    };
    Some((client, limits))
}

/// Makes a blob and reads it in the same request: on Cyrus 3.12 a blob that `Blob/upload` makes is gone after it.
fn made(client: &Client, blob: UploadObject, get: blob::GetArguments) -> Blob {
    let mut batch = client.batch();
    let creation = batch.creation::<Blob>();
    let mut upload = UploadArguments::default();
    upload.create(creation.clone(), blob);
    let upload = batch.call(upload);
    let mut get = get;
    get.get.ids = Some(vec![creation.id()]);
    let get = batch.call(get);
    let mut responses = batch.send().wait().unwrap();
    let response = responses.take(upload).unwrap();
    assert!(response.not_created.is_empty(), "{response:?}");
    let blob = responses.take(get).unwrap().list.objects.remove(0);
    assert_eq!(blob.id, response.created[&creation].id);
    blob
}

#[test]
fn made_of_pieces() {
    let Some((client, _)) = with_methods() else { return };
    let cheese = client.upload(Upload::new("text/plain", "Cheese")).wait().unwrap();
    let pieces = [
        DataSource::text("Milk \u{e4} "),
        DataSource::octets(vec![0xc3, 0xa4]),
        DataSource::range(cheese.blob_id.unwrap(), 2, 3),
    ];
    let pieces = UploadObject::new(pieces).media_type("text/plain");
    let blob = made(&client, pieces, blob::GetArguments::of([]));
    assert_eq!(blob.as_text.as_deref(), Some("Milk \u{e4} \u{e4}ees"));
    assert_eq!(blob.size, Some(13));
}

#[test]
fn read_in_parts() {
    let Some((client, _)) = with_methods() else { return };
    let part = |offset, length, property| {
        let octets = UploadObject::new([DataSource::octets(b"-Milk\xff".to_vec())]);
        let get = blob::GetArguments::of([]).range(offset, length);
        made(&client, octets, get.properties([property, BlobProperty::Size]))
    };
    let text = part(1, 4, BlobProperty::Data);
    assert_eq!((text.as_text.as_deref(), text.size), (Some("Milk"), Some(6)));
    assert!(!text.is_encoding_problem() && !text.is_truncated());
    let octets = part(4, 2, BlobProperty::AsBase64);
    assert_eq!(*octets.octets().unwrap(), *b"k\xff");
    let no_text = part(4, 2, BlobProperty::Data);
    assert!(no_text.is_encoding_problem());
    assert_eq!(*no_text.octets().unwrap(), *b"k\xff");
}

/// Digests of "Milk", by those algorithms that the account has.
#[test]
fn with_digests() {
    const DIGESTS: [(&str, [u8; 4]); 2] =
        [("sha", [0xf2, 0xf4, 0xde, 0xcd]), ("sha-256", [0x81, 0x89, 0xb8, 0x40])];
    let Some((client, limits)) = with_methods() else { return };
    for (algorithm, start) in DIGESTS {
        if !limits.supported_digest_algorithms.iter().any(|name| name == algorithm) {
            println!("not run: the server does not have the digest {algorithm}");
            continue;
        }
        let get = blob::GetArguments::of([]).properties([BlobProperty::digest(algorithm)]);
        let blob = made(&client, UploadObject::new([DataSource::text("Milk")]), get);
        assert_eq!(blob.digest(algorithm).unwrap()[..4], start, "{algorithm}");
        assert!(blob.as_text.is_none() && blob.as_base64.is_none());
    }
}

#[test]
fn made_and_read_in_one_request() {
    let Some((client, _)) = with_methods() else { return };
    let mut batch = client.batch();
    let creation = batch.creation::<Blob>();
    let mut upload = UploadArguments::default();
    upload.create(creation.clone(), UploadObject::new([DataSource::text("Milk")]));
    let made = batch.call(upload);
    let read = batch.call(blob::GetArguments::of([creation.id()]));
    let mut responses = batch.send().wait().unwrap();
    let made = responses.take(made).unwrap();
    let read = responses.take(read).unwrap();
    assert_eq!(read.list.objects[0].id, made.created[&creation].id);
    assert_eq!(*read.list.objects[0].octets().unwrap(), *b"Milk");
}

#[test]
fn of_pieces_that_are_not_there() {
    let Some((client, _)) = with_methods() else { return };
    let mut upload = UploadArguments::default();
    let nothing = DataSource::blob(Id::any("Gnothing"));
    upload.create(CreationId::any("k"), UploadObject::new([nothing]));
    let response = client.call(upload).wait().unwrap();
    assert_eq!(response.not_created["k"].kind(), SetErrorKind::BlobNotFound);
    let get = client.get(blob::GetArguments::of([Id::any("Gnothing")])).wait().unwrap();
    assert_eq!((get.list.len(), get.not_found), (0, vec![Id::any("Gnothing")]));
}
