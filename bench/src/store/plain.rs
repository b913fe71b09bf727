//! The same rows in SQLite, and nothing else: no patches, no rules, no JSON that is looked at.

use std::path::Path;

use rusqlite::{Connection, params};
use serde_json::Value;

/// A file with a table of events, one of their words, and one of what was done.
pub(super) struct Plain(Connection);

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE event (id INTEGER PRIMARY KEY, uid TEXT UNIQUE, starts TEXT, ends TEXT, json TEXT);
    CREATE INDEX event_starts ON event (starts, ends);
    CREATE VIRTUAL TABLE words USING fts5 (title, description);
    CREATE TABLE log (number INTEGER PRIMARY KEY, id INTEGER);
";

impl Plain {
    pub(super) fn new(path: &Path) -> Result<Self, String> {
        let connection = Connection::open(path).map_err(failed)?;
        connection.execute_batch(SCHEMA).map_err(failed)?;
        Ok(Self(connection))
    }

    pub(super) fn create(&mut self, events: &[Value]) -> Result<(), String> {
        let transaction = self.0.transaction().map_err(failed)?;
        for event in events {
            let text = |name: &str| event[name].as_str().unwrap_or_default();
            let insert = "INSERT INTO event (uid, starts, ends, json) VALUES (?1, ?2, ?3, ?4)";
            let mut insert = transaction.prepare_cached(insert).map_err(failed)?;
            // A series goes on for some months.
            let ends = if event["recurrenceRule"].is_null() { text("start") } else { "2031-01-01" };
            let row = params![text("uid"), text("start"), ends, event.to_string()];
            let id = insert.insert(row).map_err(failed)?;
            let words = "INSERT INTO words (rowid, title, description) VALUES (?1, ?2, ?3)";
            let mut words = transaction.prepare_cached(words).map_err(failed)?;
            words.execute(params![id, text("title"), text("description")]).map_err(failed)?;
            let mut log =
                transaction.prepare_cached("INSERT INTO log (id) VALUES (?1)").map_err(failed)?;
            log.execute([id]).map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }

    /// The rows whose time touches another one.
    pub(super) fn within(&self, (after, before): (&str, &str)) -> Result<usize, String> {
        self.count("SELECT id FROM event WHERE starts < ?2 AND ends > ?1", &[after, before])
    }

    pub(super) fn by_uid(&self, uid: &str) -> Result<usize, String> {
        self.count("SELECT json FROM event WHERE uid = ?1", &[uid])
    }

    pub(super) fn edited(&mut self, uid: &str) -> Result<usize, String> {
        let transaction = self.0.transaction().map_err(failed)?;
        let last: i64 = transaction
            .query_row("SELECT max(number) FROM log", [], |row| row.get(0))
            .map_err(failed)?;
        let update = "UPDATE event SET json = json || ' ' WHERE uid = ?1 RETURNING id";
        let id: i64 = transaction.query_row(update, [uid], |row| row.get(0)).map_err(failed)?;
        transaction.execute("INSERT INTO log (id) VALUES (?1)", [id]).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.count("SELECT id FROM log WHERE number > ?1", &[&last.to_string()])
    }

    pub(super) fn found(&self, text: &str) -> Result<usize, String> {
        self.count("SELECT rowid FROM words WHERE words MATCH ?1", &[text])
    }

    /// How many rows there are; all are read.
    fn count(&self, query: &str, arguments: &[&str]) -> Result<usize, String> {
        let mut query = self.0.prepare_cached(query).map_err(failed)?;
        let mut rows = query.query(rusqlite::params_from_iter(arguments)).map_err(failed)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            std::hint::black_box(row.get_ref(0).map_err(failed)?);
            count += 1;
        }
        Ok(count)
    }
}

fn failed(error: rusqlite::Error) -> String {
    error.to_string()
}
