//! Users and their accounts.

use std::sync::Arc;

use jmap_calendars::capability::{
    Availability, AvailabilityAccount, Calendars, CalendarsAccount, Parse,
};
use jmap_core::capability::{Blob, BlobLimits, Nothing};
use jmap_core::server::User;
use jmap_core::transport::TransportError;
use jmap_core::{Account, Error, Id, Map};
use jmap_sharing::capability::{AccountOwner, Owner, Principals, PrincipalsAccount};
use jmap_tasks::capability::{
    Assignees, AssigneesAccount, Recurrences, RecurrencesAccount, Tasks, TasksAccount,
};
use rusqlite::{OptionalExtension, params};

use crate::store::{Store, StoreError, Work};
use crate::{calendar, calendar_event, participant_identity, principal, task_list};

/// A user who has logged in, and the file.
#[derive(Clone)]
pub struct Somebody {
    pub(crate) store: Store,
    name: Arc<str>,
    /// The id of their account, which stands for them in the tables.
    pub(crate) account: Arc<str>,
    /// The calendar address, a URI.
    pub(crate) address: Arc<str>,
}

impl User for Somebody {
    fn name(&self) -> &str {
        &self.name
    }

    /// The user's own account, and those in which they want to see something (RFC 9670, section 1.4).
    fn accounts(&self) -> Map<Id<Account>, Account> {
        let mut accounts = self.visited(true);
        accounts.insert(Id::any(&*self.account), self.own_account());
        accounts
    }

    fn unlisted_accounts(&self) -> Map<Id<Account>, Account> {
        self.visited(false)
    }
}

impl Somebody {
    pub(crate) fn own_account(&self) -> Account {
        let mut principals = PrincipalsAccount::default();
        principals.current_user_principal_id = Some(principal::id_of(&self.account));
        let mut availability = AvailabilityAccount::default();
        availability.max_availability_duration = Some(crate::availability::LONGEST);
        let mut tasks = TasksAccount::default();
        tasks.may_create_task_list = Some(true);
        tasks.min_date_time = Some("0001-01-01T00:00:00".to_owned());
        tasks.max_date_time = Some("9999-12-31T23:59:59".to_owned());
        let mut recurrences = RecurrencesAccount::default();
        recurrences.max_expanded_query_duration = calendar_event::longest_expansion();
        with_calendars(Account::own(&self.name), &self.account, &self.account, true)
            .with::<Tasks>(&tasks)
            .with::<Recurrences>(&recurrences)
            .with::<Assignees>(&AssigneesAccount::default())
            .with::<Principals>(&principals)
            .with::<Availability>(&availability)
    }

    /// The accounts of others in which the user sees something, and wants to or not.
    fn visited(&self, is_subscribed: bool) -> Map<Id<Account>, Account> {
        let read = |work: &Work<'_>| accounts_of_others(work, &self.account, Some(is_subscribed));
        // An account that cannot be read now is not there now.
        self.store.read(read).unwrap_or_default()
    }
}

/// The accounts of others in which a user sees something: those of which they want to see something, the others, or both.
pub(crate) fn accounts_of_others(
    work: &Work<'_>,
    user: &str,
    subscribed: Option<bool>,
) -> Result<Map<Id<Account>, Account>, StoreError> {
    let mut accounts = Map::new();
    for (account, is_subscribed) in work.visited(user)? {
        if subscribed.is_none_or(|wanted| wanted == is_subscribed) {
            let mut of_other = Account::own(&work.name_of(&account)?);
            of_other.is_personal = Some(false);
            let id = Id::any(account.as_str());
            accounts.insert(id, with_calendars(of_other, &account, user, false));
        }
    }
    Ok(accounts)
}

fn with_calendars(account: Account, owner: &str, user: &str, may_create: bool) -> Account {
    let mut calendars = CalendarsAccount::default();
    calendars.may_create_calendar = Some(may_create);
    calendars.min_date_time = Some("0001-01-01T00:00:00Z".to_owned());
    calendars.max_date_time = Some("9999-12-31T23:59:59Z".to_owned());
    calendars.max_expanded_query_duration = calendar_event::longest_expansion();
    let mut blobs = BlobLimits::default();
    blobs.max_data_sources = Some(64);
    blobs.supported_digest_algorithms = vec!["sha-256".to_owned()];
    let mut of_owner = AccountOwner::default();
    // Everybody finds all principals in their own account.
    of_owner.account_id_for_principal = Some(Id::any(user));
    of_owner.principal_id = Some(principal::id_of(owner));
    account
        .with::<Calendars>(&calendars)
        .with::<Parse>(&Nothing::default())
        .with::<Blob>(&blobs)
        .with::<Owner>(&of_owner)
}

impl std::fmt::Debug for Somebody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Somebody").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Adds a user, unless there is one of this name.
pub(crate) fn add(
    store: &Store,
    work: &Work<'_>,
    name: &str,
    address: &str,
) -> Result<(), StoreError> {
    let account = id_for(name);
    let added = work.transaction.execute(
        "INSERT INTO user (name, account, address) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO NOTHING",
        params![name, account, address],
    )?;
    let Some(somebody) = work.somebody(store, name)?.filter(|_| added > 0) else { return Ok(()) };
    principal::add(work, &somebody)?;
    participant_identity::add_first(work, &somebody)?;
    calendar::add_first(work, &somebody)?;
    task_list::add_first(work, &somebody)
}

/// The id of the account of a user: their name, if it has the form of an id.
fn id_for(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'-' | b'_' => id.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => id.push(char::from(byte)),
            byte => id.push_str(&format!("_{byte:02x}")),
        }
    }
    id
}

pub(crate) fn find(store: &Store, name: &str) -> Result<Option<Somebody>, StoreError> {
    store.read(|work| work.somebody(store, name))
}

impl Work<'_> {
    /// A user, by their name.
    fn somebody(&self, store: &Store, name: &str) -> Result<Option<Somebody>, StoreError> {
        let query = "SELECT name, account, address FROM user WHERE name = ?1";
        self.one_user(store, query, name)
    }

    /// A user, by their account.
    pub(crate) fn owner_of(
        &self,
        store: &Store,
        account: &str,
    ) -> Result<Option<Somebody>, StoreError> {
        let query = "SELECT name, account, address FROM user WHERE account = ?1";
        self.one_user(store, query, account)
    }

    fn one_user(
        &self,
        store: &Store,
        query: &str,
        key: &str,
    ) -> Result<Option<Somebody>, StoreError> {
        let mut query = self.transaction.prepare_cached(query)?;
        let row = query.query_row(params![key], |row| {
            let text = |column| row.get::<_, String>(column).map(Arc::from);
            Ok(Somebody {
                store: store.clone(),
                name: text(0)?,
                account: text(1)?,
                address: text(2)?,
            })
        });
        Ok(row.optional()?)
    }

    pub(crate) fn has_user(&self, account: &str) -> Result<bool, StoreError> {
        let mut query = self.transaction.prepare_cached("SELECT 1 FROM user WHERE account = ?1")?;
        Ok(query.exists(params![account])?)
    }

    pub(crate) fn name_of(&self, account: &str) -> Result<String, StoreError> {
        let mut query =
            self.transaction.prepare_cached("SELECT name FROM user WHERE account = ?1")?;
        let name = query.query_row(params![account], |row| row.get(0)).optional()?;
        Ok(name.unwrap_or_default())
    }

    /// The calendar address of the owner of an account.
    pub(crate) fn address_of(&self, account: &str) -> Result<String, StoreError> {
        let mut query =
            self.transaction.prepare_cached("SELECT address FROM user WHERE account = ?1")?;
        let address = query.query_row(params![account], |row| row.get(0)).optional()?;
        Ok(address.unwrap_or_default())
    }
}

/// What a client is told when the store fails.
pub(crate) fn failed(error: StoreError) -> Error {
    Error::Transport(TransportError::other(error.to_string()))
}
