//! Blobs, up and down and by the methods of RFC 9404.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;
use jmap_core::blob::{
    self, Blob, BlobProperty, CopyArguments, DataSource, UploadArguments, UploadObject, Uploaded,
};
use jmap_core::capability::Core;
use jmap_core::client::{DownloadOptions, Upload};
use jmap_core::server::{Dispatcher, Loopback, MemoryBlobs, Service};
use jmap_core::transport::{Body, TransportError};
use jmap_core::{Client, CreationId, Error, Id, SetErrorKind};

use crate::server::blob_methods::Joe;
use crate::server::support::block_on;

/// A client of a server with these limits.
fn client(limits: &str) -> Client {
    let limits: Core = serde_json::from_str(limits).unwrap();
    let blobs = MemoryBlobs::new();
    let dispatcher = Dispatcher::new().blobs(blobs.clone()).limits(limits).base("/x");
    let loopback = Loopback::new(Service::new(dispatcher, blobs), Joe);
    let connect = Client::builder("https://example.com/x/jmap/session").transport(loopback);
    block_on(connect.connect()).unwrap().with_account(Id::any("A1"))
}

fn upload(client: &Client, body: impl Into<Body>) -> Result<Uploaded, Error> {
    block_on(client.upload(Upload::new("text/plain", body)))
}

/// Octets of which nobody knows beforehand how many there are.
struct Pieces(Vec<&'static [u8]>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let piece = self.0.pop();
        Poll::Ready(piece.map(|piece| Ok(Frame::data(Bytes::from_static(piece)))))
    }
}

#[test]
fn section_6_up_and_down() {
    let client = client("{}");
    let uploaded = upload(&client, "Milk").unwrap();
    assert_eq!((uploaded.size, uploaded.media_type.as_deref()), (Some(4), Some("text/plain")));
    assert_eq!(uploaded.account_id, Some(Id::any("A1")));
    let options = DownloadOptions {
        media_type: Some("text/x; a=\"b/c\"".to_owned()),
        name: Some("a/b \u{e4}?.txt".to_owned()),
        ..DownloadOptions::default()
    };
    let mut download = block_on(client.download(uploaded.blob_id.unwrap(), options)).unwrap();
    assert_eq!(download.media_type(), Some("text/x; a=\"b/c\""));
    assert_eq!(block_on(download.next()).unwrap().unwrap(), "Milk");
    assert_eq!(download.received(), 4);
    assert!(block_on(download.next()).is_none());
}

#[test]
fn section_6_pieces_are_counted() {
    let client = client(r#"{"maxSizeUpload":5}"#);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let progress = Arc::clone(&seen);
    let body = Body::new(Pieces(vec![b"lk", b"", b"Mi"]));
    let upload_of_pieces = Upload::new("text/plain", body)
        .progress(move |octets| progress.lock().unwrap().push(octets));
    assert_eq!(block_on(client.upload(upload_of_pieces)).unwrap().size, Some(4));
    assert_eq!(*seen.lock().unwrap(), [2, 4]);

    // Too many are noticed before they are sent, or when they come.
    let too_large = |error: Error| {
        assert!(matches!(error, Error::OverLimit { limit: "maxSizeUpload", .. }), "{error:?}");
    };
    too_large(upload(&client, "Cheese").unwrap_err());
    too_large(upload(&client, Body::new(Pieces(vec![b"ese", b"Che"]))).unwrap_err());
}

#[test]
fn section_6_2_what_is_not_there() {
    let client = client("{}");
    let error = block_on(client.download(Id::any("b9"), DownloadOptions::default())).unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    let elsewhere = client.with_account(Id::any("A9"));
    let error = block_on(elsewhere.upload(Upload::new("a/b", "c"))).unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    // More octets than are wanted.
    let id = upload(&client, "Milk").unwrap().blob_id.unwrap();
    let download = block_on(client.download(id, DownloadOptions::default())).unwrap();
    assert!(matches!(block_on(download.collect(3)), Err(Error::TooLarge { most: 3 })));
}

/// One request makes a blob of pieces and reads a part of it.
#[test]
fn rfc_9404_4_made_and_read_in_one_round_trip() {
    let client = client("{}");
    let cheese = upload(&client, "Cheese").unwrap().blob_id.unwrap();
    let mut batch = client.batch();
    let creation = batch.creation::<Blob>();
    let pieces = [DataSource::text("Milk, "), DataSource::range(cheese, 0, 3)];
    let mut make = UploadArguments::default();
    make.create(creation.clone(), UploadObject::new(pieces).media_type("text/plain"));
    make.create(
        CreationId::any("lost"),
        UploadObject::new([DataSource::blob(Id::any("b9")), DataSource::octets(vec![255])]),
    );
    let made = batch.call(make);
    let part = blob::GetArguments::of([creation.id()]).range(6, 9);
    let read = batch.call(part.properties([BlobProperty::Data, BlobProperty::digest("sha")]));
    let mut responses = block_on(batch.send()).unwrap();

    let made = responses.take(made).unwrap();
    assert_eq!(made.created[&creation].size, Some(9));
    let error = &made.not_created["lost"];
    assert_eq!(error.kind(), SetErrorKind::BlobNotFound);
    assert_eq!(error.not_found, [Id::any("b9")]);
    let read = responses.take(read).unwrap().list;
    let blob = &read.objects[0];
    assert_eq!(*blob.octets().unwrap(), *b"Che");
    assert!(blob.is_truncated() && !blob.is_encoding_problem());
    assert_eq!(blob.digest("sha").unwrap().len(), 20);
    assert_eq!(blob.size, None);
}

/// `Blob/get` is a get like any other: cut by `maxObjectsInGet`.
#[test]
fn rfc_9404_4_2_a_get_of_many_blobs_is_cut() {
    let client = client(r#"{"maxObjectsInGet":2}"#);
    let texts = ["a", "b", "c", "d", "e"];
    let ids = texts.map(|text| upload(&client, text).unwrap().blob_id.unwrap());
    let get = blob::GetArguments::of(ids.into_iter().chain([Id::any("b9")]));
    let response = block_on(client.get(get)).unwrap();
    let found: Vec<&str> =
        response.list.iter().filter_map(|blob| blob.as_text.as_deref()).collect();
    assert_eq!(found, texts);
    assert_eq!(response.not_found, [Id::any("b9")]);
}

#[test]
fn section_6_3_copied_to_another_account() {
    let client = client("{}");
    let milk = upload(&client, "Milk").unwrap().blob_id.unwrap();
    let gone = Id::<Blob>::any("b9");
    let copy = |from: &str, to: &str| {
        let blobs = [milk.clone(), gone.clone()];
        block_on(client.call(CopyArguments::new(Id::any(from), Id::any(to), blobs)))
    };
    let response = copy("A1", "A2").unwrap();
    assert!(response.not_copied[&gone].is_not_found());
    let there = client.with_account(Id::any("A2"));
    let got =
        block_on(there.get(blob::GetArguments::of([response.copied[&milk].clone()]))).unwrap();
    assert_eq!(*got.list.objects[0].octets().unwrap(), *b"Milk");
    assert!(copy("A9", "A2").unwrap_err().is_not_found());
}
