//! Blobs in the file (RFC 8620, section 6).

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use jmap_core::server::{BlobStore, StoredBlob, User};
use jmap_core::transport::{Body, BoxFuture};
use jmap_core::{Account, Error, Id};

use crate::account::{Somebody, failed};
use crate::store::{NewBlob, Store, StoreError};

/// Blobs in the file. What no object refers to is for the one alone who brought it.
#[derive(Clone)]
pub(crate) struct Blobs(pub(crate) Store);

impl BlobStore<Somebody> for Blobs {
    fn put<'a>(
        &'a self,
        user: &'a Somebody,
        account: &'a Id<Account>,
        _: &'a str,
        content: Body,
        most: u64,
    ) -> BoxFuture<'a, Result<StoredBlob, Error>> {
        Box::pin(async move {
            let content = content.collect(most).await?;
            let (size, store) = (content.len() as u64, self.0.clone());
            let (account, user) = (account.clone(), user.name().to_owned());
            let put = move || {
                let (account, user) = (account.as_str(), user.as_str());
                let blob = NewBlob { account, user, content: &content, came: seconds() };
                store.write(|work| work.put_blob(&blob))
            };
            let id = self.0.run(false, put).await.flatten().map_err(failed)?;
            Ok(StoredBlob::new(id, size))
        })
    }

    fn get<'a>(
        &'a self,
        user: &'a Somebody,
        account: &'a Id<Account>,
        blob: &'a str,
    ) -> BoxFuture<'a, Option<Body>> {
        let store = self.0.clone();
        let (account, blob, user) = (account.clone(), blob.to_owned(), user.name().to_owned());
        let get = move || store.read(|work| work.blob(account.as_str(), &blob, &user));
        Box::pin(async move {
            let content: Result<_, StoreError> = self.0.run(true, get).await.flatten();
            Some(Body::from(Bytes::from(content.ok()??)))
        })
    }
}

/// The time, in seconds from 1970 on.
pub(crate) fn seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
