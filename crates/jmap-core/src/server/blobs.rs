//! [`BlobStore`]: where uploads go and downloads come from (RFC 8620, section 6).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::transport::{Body, BoxFuture};
use crate::{Account, Error, Id};

/// Where the blobs of a server are.
///
/// The service has checked that the user may use the account. Who may see which blob is for the store to know: a blob that
/// no object refers to is for the one alone who uploaded it.
pub trait BlobStore<U>: Send + Sync + 'static {
    /// Keeps a blob of at most `most` octets.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] if there are more, which [`Body::collect`] says as soon as it is known; that the connection
    /// broke; that the store failed.
    fn put<'a>(
        &'a self,
        user: &'a U,
        account: &'a Id<Account>,
        media_type: &'a str,
        content: Body,
        most: u64,
    ) -> BoxFuture<'a, Result<StoredBlob, Error>>;

    /// The octets of a blob, or `None` if there is none that the user may see.
    ///
    /// # Errors
    ///
    /// That the store failed: then nobody knows whether there is one.
    fn get<'a>(
        &'a self,
        user: &'a U,
        account: &'a Id<Account>,
        blob: &'a str,
    ) -> BoxFuture<'a, Result<Option<Body>, Error>>;
}

impl<U: Sync, S: BlobStore<U>> BlobStore<U> for Arc<S> {
    fn put<'a>(
        &'a self,
        user: &'a U,
        account: &'a Id<Account>,
        media_type: &'a str,
        content: Body,
        most: u64,
    ) -> BoxFuture<'a, Result<StoredBlob, Error>> {
        (**self).put(user, account, media_type, content, most)
    }

    fn get<'a>(
        &'a self,
        user: &'a U,
        account: &'a Id<Account>,
        blob: &'a str,
    ) -> BoxFuture<'a, Result<Option<Body>, Error>> {
        (**self).get(user, account, blob)
    }
}

/// What a store says of a blob that it has taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredBlob {
    /// The id.
    pub id: String,
    /// How many octets it has.
    pub size: u64,
}

impl StoredBlob {
    /// A blob of this id and size.
    pub fn new(id: impl Into<String>, size: u64) -> Self {
        Self { id: id.into(), size }
    }
}

/// Blobs in memory, for tests and as an example. Clones share them.
///
/// It keeps everything for ever, and shows a blob to everybody who may use its account.
#[derive(Clone, Default)]
pub struct MemoryBlobs(Arc<Mutex<Blobs>>);

/// The blobs, by account and id.
type Blobs = BTreeMap<(Id<Account>, String), Bytes>;

impl MemoryBlobs {
    /// No blobs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps octets, and gives their id: for methods that make blobs.
    pub fn keep(&self, account: &Id<Account>, content: Bytes) -> String {
        let mut blobs = self.blobs();
        let id = format!("b{}", blobs.len() + 1);
        blobs.insert((account.clone(), id.clone()), content);
        id
    }

    /// The octets of a blob.
    pub fn content(&self, account: &Id<Account>, blob: &str) -> Option<Bytes> {
        self.blobs().get(&(account.clone(), blob.to_owned())).cloned()
    }

    fn blobs(&self) -> MutexGuard<'_, Blobs> {
        // A panic elsewhere cannot leave a blob half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryBlobs {
    /// Without the octets, which may be anybody's secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MemoryBlobs").field(&self.blobs().len()).finish()
    }
}

impl<U: Send + Sync + 'static> BlobStore<U> for MemoryBlobs {
    fn put<'a>(
        &'a self,
        _: &'a U,
        account: &'a Id<Account>,
        _: &'a str,
        content: Body,
        most: u64,
    ) -> BoxFuture<'a, Result<StoredBlob, Error>> {
        Box::pin(async move {
            let content = content.collect(most).await?;
            let size = content.len() as u64;
            Ok(StoredBlob::new(self.keep(account, content), size))
        })
    }

    fn get<'a>(
        &'a self,
        _: &'a U,
        account: &'a Id<Account>,
        blob: &'a str,
    ) -> BoxFuture<'a, Result<Option<Body>, Error>> {
        Box::pin(async move { Ok(self.content(account, blob).map(Body::from)) })
    }
}
