//! Users, their accounts, and the blobs in these.

use std::sync::Arc;

use bytes::Bytes;
use jmap_calendars::capability::{Calendars, CalendarsAccount, Parse};
use jmap_core::capability::Nothing;
use jmap_core::server::{BlobStore, StoredBlob, User};
use jmap_core::transport::{Body, BoxFuture, TransportError};
use jmap_core::{Account, Error, Id, Map};
use rusqlite::{OptionalExtension, params};

use crate::store::{Store, StoreError, Work};
use crate::{calendar, calendar_event};

/// A user who has logged in, and the file.
#[derive(Clone)]
pub struct Somebody {
    pub(crate) store: Store,
    name: Arc<str>,
    /// The calendar address, a URI.
    pub(crate) address: Arc<str>,
}

impl User for Somebody {
    fn name(&self) -> &str {
        &self.name
    }

    fn accounts(&self) -> Map<Id<Account>, Account> {
        let mut calendars = CalendarsAccount::default();
        calendars.may_create_calendar = Some(true);
        calendars.min_date_time = Some("0001-01-01T00:00:00Z".to_owned());
        calendars.max_date_time = Some("9999-12-31T23:59:59Z".to_owned());
        calendars.max_expanded_query_duration = calendar_event::longest_expansion();
        let own = Account::own(&self.name)
            .with::<Calendars>(&calendars)
            .with::<Parse>(&Nothing::default());
        Map::from([(Id::any(&*self.name), own)])
    }
}

impl std::fmt::Debug for Somebody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Somebody").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Adds a user, unless there is one of this name.
pub(crate) fn add(work: &Work<'_>, name: &str) -> Result<(), StoreError> {
    let mail = if name.contains('@') { name.to_owned() } else { format!("{name}@localhost") };
    let added = work.transaction.execute(
        "INSERT OR IGNORE INTO user (name, address) VALUES (?1, ?2)",
        params![name, format!("mailto:{mail}")],
    )?;
    if added > 0 {
        calendar::add_first(work, name)?;
    }
    Ok(())
}

pub(crate) fn find(store: &Store, name: &str) -> Result<Option<Somebody>, StoreError> {
    let address = store.read(|work| {
        let query = "SELECT address FROM user WHERE name = ?1";
        let row = work.transaction.query_row(query, params![name], |row| row.get::<_, String>(0));
        row.optional().map_err(StoreError::from)
    })?;
    Ok(address.map(|address| Somebody {
        store: store.clone(),
        name: name.into(),
        address: address.into(),
    }))
}

/// What a client is told when the store fails.
pub(crate) fn failed(error: StoreError) -> Error {
    Error::Transport(TransportError::other(error.to_string()))
}

/// Blobs in the file.
pub(crate) struct Blobs(pub(crate) Store);

impl BlobStore<Somebody> for Blobs {
    fn put<'a>(
        &'a self,
        _: &'a Somebody,
        account: &'a Id<Account>,
        _: &'a str,
        content: Body,
        most: u64,
    ) -> BoxFuture<'a, Result<StoredBlob, Error>> {
        Box::pin(async move {
            let content = content.collect(most).await?;
            let id = format!("B{}", uuid::Uuid::new_v4().simple());
            let put = self.0.write(|work| work.put_blob(account.as_str(), &id, &content));
            put.map_err(failed)?;
            Ok(StoredBlob::new(id, content.len() as u64))
        })
    }

    fn get<'a>(
        &'a self,
        _: &'a Somebody,
        account: &'a Id<Account>,
        blob: &'a str,
    ) -> BoxFuture<'a, Option<Body>> {
        Box::pin(async move {
            let content = self.0.read(|work| work.blob(account.as_str(), blob)).ok()??;
            Some(Body::from(Bytes::from(content)))
        })
    }
}
