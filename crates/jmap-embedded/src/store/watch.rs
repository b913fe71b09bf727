//! Watching the log: what anybody writes, in this process or another one, goes to a [`Feed`].
//!
//! The log alone says what is news. That there may be any says the [`Bell`], which this process rings when it has written,
//! and `data_version`, which SQLite changes when somebody else has.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use jmap_core::push::StateChange;
use jmap_core::server::Feed;
use jmap_core::{Id, Map, State};
use rusqlite::Connection;

use super::{Shared, Store, StoreError, Work};

/// How long it may take until a change by another process is noticed.
const INTERVAL: Duration = Duration::from_millis(250);

/// Rings when this process has written.
#[derive(Default)]
pub(super) struct Bell {
    rung: Mutex<Rung>,
    ringing: Condvar,
}

#[derive(Default)]
struct Rung {
    is_new: bool,
    is_over: bool,
}

/// A type of an account, and the number of its last change, as one user sees it, or everybody.
struct News {
    account: String,
    object: String,
    user: Option<String>,
    number: i64,
}

/// Watches the log as long as the store is there. The feed begins with where everything stands.
pub(super) fn start(store: &Store) -> Result<Arc<Feed>, StoreError> {
    let feed = Arc::new(Feed::new());
    let connection = store.0.connections.reader()?;
    let mut seen = 0;
    for news in store.read(|work| work.news_since(seen))? {
        seen = news.number;
        tell(&feed, &[news]);
    }
    let told = Arc::clone(&feed);
    let (shared, bell) = (Arc::downgrade(&store.0), Arc::clone(&store.0.bell));
    let mut watch = Watch { connection, version: None };
    let watching = move || {
        while bell.wait(watch.interval()) {
            let Some(shared) = shared.upgrade() else { return };
            // What cannot be read now is there at the next look.
            let Ok(news) = watch.look(&shared, seen) else { continue };
            seen = news.last().map_or(seen, |news| news.number);
            tell(&told, &news);
        }
    };
    let thread = thread::Builder::new().name("jmap-watch".to_owned()).spawn(watching);
    thread.map(|_| feed).map_err(|_| StoreError::Thread)
}

struct Watch {
    /// `None` in memory, where nobody else writes.
    connection: Option<Connection>,
    /// What SQLite called the version of the file when it was read last.
    version: Option<i64>,
}

impl Watch {
    fn interval(&self) -> Option<Duration> {
        self.connection.is_some().then_some(INTERVAL)
    }

    /// What is new in the log.
    fn look(&mut self, shared: &Arc<Shared>, seen: i64) -> Result<Vec<News>, StoreError> {
        let Some(connection) = &mut self.connection else {
            return Store(Arc::clone(shared)).read(|work| work.news_since(seen));
        };
        let version = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        if self.version == Some(version) {
            return Ok(Vec::new());
        }
        let news = Work { transaction: connection.transaction()? }.news_since(seen)?;
        self.version = Some(version);
        Ok(news)
    }
}

/// Tells of changes. Those that were found at a time have one number, the greatest, so that a stream tells them in one event.
fn tell(feed: &Feed, news: &[News]) {
    let Some(last) = news.last() else { return };
    let mut changes: BTreeMap<Option<&str>, StateChange> = BTreeMap::new();
    for News { account, object, user, number } in news {
        let change = changes.entry(user.as_deref()).or_default();
        let states = change.changed.get_or_insert_with(Id::any(account.as_str()), Map::default);
        states.insert(object.clone(), State::any(number.to_string()));
    }
    for (user, change) in &changes {
        feed.tell_as(u64::try_from(last.number).unwrap_or_default(), *user, change);
    }
}

impl Work<'_> {
    /// The types that changed after a number, the latest change last. What changed in the directory, which is in nobody's
    /// account, changed in that of everybody who sees it.
    fn news_since(&self, number: i64) -> Result<Vec<News>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT it.account, it.type, user.name, max(it.number) FROM
               (SELECT iif(account = '', user, account) AS account, type, user, number FROM change
                WHERE number > ?1 AND (account <> '' OR user <> '')
                UNION ALL SELECT user.account, type, user.account, number FROM change JOIN user
                WHERE number > ?1 AND change.account = '' AND change.user = ''
                UNION ALL SELECT account, type, '', number FROM horizon WHERE number > ?1) AS it
             LEFT JOIN user ON user.account = it.user
             GROUP BY it.account, it.type, it.user ORDER BY max(it.number)",
        )?;
        let rows = query.query_map([number], |row| {
            let (account, object) = (row.get(0)?, row.get(1)?);
            Ok(News { account, object, user: row.get(2)?, number: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Bell {
    pub(super) fn ring(&self) {
        self.rung().is_new = true;
        self.ringing.notify_all();
    }

    /// Nobody need wait any longer.
    pub(super) fn end(&self) {
        self.rung().is_over = true;
        self.ringing.notify_all();
    }

    /// Waits until it rings, or for this time at most; whether it goes on at all.
    fn wait(&self, most: Option<Duration>) -> bool {
        let rung = self.rung();
        let is_quiet = |rung: &mut Rung| !rung.is_new && !rung.is_over;
        let mut rung = match most {
            Some(most) => {
                let woken = self.ringing.wait_timeout_while(rung, most, is_quiet);
                woken.unwrap_or_else(PoisonError::into_inner).0
            }
            None => {
                let woken = self.ringing.wait_while(rung, is_quiet);
                woken.unwrap_or_else(PoisonError::into_inner)
            }
        };
        rung.is_new = false;
        !rung.is_over
    }

    fn rung(&self) -> MutexGuard<'_, Rung> {
        // A panic elsewhere cannot leave it half-written.
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
