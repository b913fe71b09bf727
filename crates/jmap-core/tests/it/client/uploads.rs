//! What is uploaded once more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jmap_core::blob::Uploaded;
use jmap_core::capability::Core;
use jmap_core::client::{DownloadOptions, Upload};
use jmap_core::transport::{Body, TransportError};
use jmap_core::{Error, Id};

use super::{Fault, Setup};
use crate::server::support::block_on;

/// How often it was sent, and what came of it.
fn upload(
    faults: impl IntoIterator<Item = Fault>,
    upload: Upload,
) -> (usize, Result<Uploaded, Error>, Setup) {
    let setup = Setup::new(Core::default());
    setup.fail(faults);
    let result = block_on(setup.client.upload(upload.account(Id::any("A1"))));
    let attempts = std::mem::take(&mut *setup.wire.log.lock().unwrap()).len();
    (attempts, result, setup)
}

/// A source that can be opened so often, and how often it was.
fn source(most: usize) -> (Upload, Arc<AtomicUsize>) {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let source = Upload::from_source("text/plain", move || {
        if count.fetch_add(1, Ordering::SeqCst) == most {
            return Err(TransportError::other("the file is gone"));
        }
        Ok(Body::new(Body::from("Milk")))
    });
    (source, opened)
}

const BUSY: Fault = Fault::Status(429, Some(1));

#[test]
fn what_can_be_had_again_is_sent_again() {
    for faults in [[BUSY, Fault::Refused], [Fault::Refused, BUSY]] {
        let (attempts, result, setup) = upload(faults.clone(), Upload::new("text/plain", "Milk"));
        let blob = result.unwrap().blob_id.unwrap();
        assert_eq!(attempts, 3);
        let options =
            DownloadOptions { account: Some(Id::any("A1")), ..DownloadOptions::default() };
        let octets = block_on(async {
            setup.client.download(blob, options).await.unwrap().collect(9).await.unwrap()
        });
        assert_eq!(octets, b"Milk");

        let (source, opened) = source(9);
        let (attempts, result, _) = upload(faults, source);
        assert_eq!(result.unwrap().size, Some(4));
        assert_eq!((attempts, opened.load(Ordering::SeqCst)), (3, 3));
    }
}

#[test]
fn not_more_often_than_anything_else() {
    let (attempts, result, _) = upload(vec![BUSY; 9], Upload::new("text/plain", "Milk"));
    assert!(result.unwrap_err().is_rate_limited());
    assert_eq!(attempts, 3);
}

#[test]
fn a_stream_is_gone_once_it_was_sent() {
    for fault in [BUSY, Fault::Refused] {
        let stream = Upload::new("text/plain", Body::new(Body::from("Milk")));
        let (attempts, result, _) = upload([fault], stream);
        assert!(result.unwrap_err().is_retryable());
        assert_eq!(attempts, 1);
    }
}

#[test]
fn what_may_have_been_done_is_not_sent_again() {
    for fault in [Fault::Lost, Fault::Status(503, None)] {
        let (source, opened) = source(9);
        let (attempts, result, _) = upload([fault], source);
        assert!(result.unwrap_err().is_outcome_unknown());
        assert_eq!((attempts, opened.load(Ordering::SeqCst)), (1, 1));
    }
}

#[test]
fn a_source_that_cannot_be_opened_again() {
    let (source, _) = source(1);
    let (attempts, result, _) = upload([BUSY], source);
    let error = result.unwrap_err();
    insta::assert_snapshot!(error, @"the file is gone");
    assert!(!error.is_retryable());
    assert_eq!(attempts, 1);
}

#[test]
fn a_source_is_measured_before_it_is_sent() {
    let mut limits = Core::default();
    limits.max_size_upload = Some(3);
    let setup = Setup::new(limits);
    let upload = Upload::from_source("text/plain", || Ok(Body::from("Milk")));
    let error = block_on(setup.client.upload(upload.account(Id::any("A1")))).unwrap_err();
    insta::assert_snapshot!(error, @"4 is more than the server's maxSizeUpload of 3");
    assert!(setup.wire.log.lock().unwrap().is_empty());
}
