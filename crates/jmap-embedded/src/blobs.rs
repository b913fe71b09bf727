//! Blobs in the file (RFC 8620, section 6).

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use jmap_calendars::CalendarEvent;
use jmap_core::object::Object;
use jmap_core::server::{BlobStore, StoredBlob, User};
use jmap_core::transport::{Body, BoxFuture};
use jmap_core::{Account, Error, Id};

use crate::account::{Somebody, failed};
use crate::kept::{self, Who};
use crate::store::{NewBlob, Store, StoreError, Work};

/// Blobs in the file.
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
    ) -> BoxFuture<'a, Result<Option<Body>, Error>> {
        let store = self.0.clone();
        let (blob, user) = (blob.to_owned(), user.clone());
        let account = account.as_str().to_owned();
        let get = move || store.read(|work| read(&blob, work, &Who::new(user, &account)));
        Box::pin(async move {
            let content: Result<_, StoreError> = self.0.run(true, get).await.flatten();
            Ok(content.map_err(failed)?.map(|content| Body::from(Bytes::from(content))))
        })
    }
}

/// The octets of a blob, if the user has brought it, or sees an object that names it (RFC 8620, section 6).
pub(crate) fn read(blob: &str, work: &Work<'_>, who: &Who) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((content, brought_by)) = work.blob(&who.account, blob)? else { return Ok(None) };
    if brought_by == who.user.name() {
        return Ok(Some(content));
    }
    for (object, id) in work.objects_of_blob(&who.account, blob)? {
        if who.is_owner() || names(&object, &id, blob, work, who)? {
            return Ok(Some(content));
        }
    }
    Ok(None)
}

/// Whether a blob is named in what somebody sees of an object.
fn names(
    object: &str,
    id: &str,
    blob: &str,
    work: &Work<'_>,
    who: &Who,
) -> Result<bool, StoreError> {
    if object != CalendarEvent::TYPE {
        return Ok(false);
    }
    let seen = kept::seen::<CalendarEvent>(id, work, who)?;
    let json = seen.and_then(|event| kept::json_of(&event).ok());
    Ok(json.is_some_and(|json| json.as_str().contains(blob)))
}

/// The time, in seconds from 1970 on.
pub(crate) fn seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
