//! [`Found`]: what the tables know of the events that a filter can match.

use jmap_calendars::{CalendarEvent, EventCondition};
use jmap_core::{Filter, Id, Operator};
use jscalendar::{FoundZone, LocalDateTime, UtcDateTime, Zone};
use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::condition::questions;
use crate::kept::Who;
use crate::store::{StoreError, Work};
use crate::texts::words::Wanted;

/// An event, or an occurrence, with what results are sorted by.
pub(super) struct Found {
    pub(super) id: Id<CalendarEvent>,
    pub(super) start: i64,
    pub(super) uid: String,
    pub(super) recurrence_id: String,
    pub(super) created: Option<String>,
    pub(super) updated: Option<String>,
    /// Whether the tables cannot tell if the filter matches.
    pub(super) is_doubtful: bool,
}

impl Work<'_> {
    /// All events that a filter matches, and some doubtful ones.
    pub(super) fn candidates(
        &self,
        who: &Who,
        filter: Option<&Filter<EventCondition>>,
        zone: &FoundZone,
    ) -> Result<Vec<Found>, StoreError> {
        let mut question = Question::new(who, zone);
        let filter = match filter {
            Some(filter) => question.filter(filter),
            None => "1".to_owned(),
        };
        // With the plus, no index is taken for its order alone: that would be a look at every event.
        let sql = format!(
            "SELECT id, uid, recurrence_id, starts, floats, is_exact, created, updated
             FROM event WHERE account = ? AND {filter} ORDER BY +starts, uid, id"
        );
        question.values.insert(0, Value::from(who.account.clone()));
        let mut query = self.transaction.prepare_cached(&sql)?;
        let mut rows = query.query(params_from_iter(&question.values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (starts, floats, is_exact): (i64, bool, bool) =
                (row.get(3)?, row.get(4)?, row.get(5)?);
            found.push(Found {
                id: Id::any(row.get::<_, String>(0)?),
                start: if floats { in_zone(starts, zone) } else { starts },
                uid: row.get(1)?,
                recurrence_id: row.get(2)?,
                created: row.get(6)?,
                updated: row.get(7)?,
                is_doubtful: question.negates || question.has_times && (floats || !is_exact),
            });
        }
        Ok(found)
    }
}

/// The instant of a floating time.
fn in_zone(clock: i64, zone: &FoundZone) -> i64 {
    let at = UtcDateTime::from_unix_seconds(clock);
    at.map_or(clock, |at| zone.instant_of(at.to_utc_clock()))
}

/// A filter as a part of SQL, which has nothing in it that came from outside: values are bound.
struct Question<'q> {
    who: &'q Who,
    zone: &'q FoundZone,
    values: Vec<Value>,
    has_times: bool,
    negates: bool,
}

/// As a query of its own, because SQLite would look at all events of the account otherwise.
const BY_UID: &str = "id IN (SELECT id FROM event WHERE account = ? AND uid = ?)";

/// What clocks show differs from UTC by less: in seconds.
const FURTHEST_ZONE: i64 = 15 * 3_600;

impl<'q> Question<'q> {
    fn new(who: &'q Who, zone: &'q FoundZone) -> Self {
        Self { who, zone, values: Vec::new(), has_times: false, negates: false }
    }

    /// What holds wherever the filter matches.
    fn filter(&mut self, filter: &Filter<EventCondition>) -> String {
        match filter {
            Filter::Condition(condition) => self.condition(condition),
            Filter::Operator(operator) if operator.operator == Operator::Not => {
                self.none_of(&operator.conditions)
            }
            Filter::Operator(operator) => {
                let is_any = operator.operator == Operator::Or;
                let parts = self.parts(&operator.conditions);
                if is_any { joined(parts, " OR ", "0") } else { joined(parts, " AND ", "1") }
            }
        }
    }

    // The reader bounds how deep filters are.
    fn parts(&mut self, filters: &[Filter<EventCondition>]) -> Vec<String> {
        filters.iter().map(|filter| self.filter(filter)).collect()
    }

    /// What is known for certain can be negated; not what others do not see, which they would learn by that.
    fn none_of(&mut self, filters: &[Filter<EventCondition>]) -> String {
        let (had_times, known) = (std::mem::take(&mut self.has_times), self.values.len());
        let parts = self.parts(filters);
        if std::mem::replace(&mut self.has_times, had_times) || self.negates || !self.who.is_owner()
        {
            self.negates = true;
            self.values.truncate(known);
            return "1".to_owned();
        }
        format!("NOT {}", joined(parts, " OR ", "0"))
    }

    fn condition(&mut self, condition: &EventCondition) -> String {
        let mut parts = Vec::new();
        if let Some(uid) = &condition.uid {
            let values = [&self.who.account, uid].map(|it| Value::from(it.clone()));
            parts.push(self.with(BY_UID, values));
        }
        if let Some(calendar) = &condition.in_calendar {
            let values =
                [&self.who.account, calendar.as_str()].map(|it| Value::from(it.to_owned()));
            parts.push(self.with(
                "id IN (SELECT event FROM event_in_calendar WHERE account = ? AND calendar = ?)",
                values,
            ));
        }
        if let Some(after) = condition.after {
            let after = self.instant(after);
            parts
                .push(self.with("(ends IS NULL OR ends + floats * ? > ?)", after.map(Value::from)));
        }
        if let Some(before) = condition.before {
            let [slack, before] = self.instant(before);
            // The first part is for the index.
            let values = [before.saturating_add(slack), slack, before].map(Value::from);
            parts.push(self.with("starts < ? AND starts - floats * ? < ?", values));
        }
        let any = condition.text.as_deref();
        let all = [("title description location owner attendee other", any)];
        for (columns, text) in all.into_iter().chain(questions(condition).by_name()) {
            let question = text.and_then(|text| Wanted::of(text).question(columns));
            parts.extend(question.map(|question| self.words(question)));
        }
        joined(parts, " AND ", "1")
    }

    fn words(&mut self, question: String) -> String {
        let values = [Value::from(question), Value::from(self.who.account.clone())];
        self.with(
            "id IN (SELECT event FROM event_words JOIN event_row ON number = event_words.rowid
                    WHERE event_words MATCH ? AND event_row.account = ?)",
            values,
        )
    }

    /// How far a floating time can be away, and a moment in the time zone of the query.
    fn instant(&mut self, at: LocalDateTime) -> [i64; 2] {
        self.has_times = true;
        [FURTHEST_ZONE, self.zone.instant_of(at)]
    }

    fn with(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) -> String {
        self.values.extend(values);
        sql.to_owned()
    }
}

fn joined(parts: Vec<String>, operator: &str, nothing: &str) -> String {
    if parts.is_empty() { nothing.to_owned() } else { format!("({})", parts.join(operator)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn an_event_is_found_by_the_index_of_uids() {
        let store = Store::in_memory().unwrap();
        let explained = |work: &Work<'_>| -> Result<Vec<String>, StoreError> {
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT id FROM event WHERE account = ? AND {BY_UID} ORDER BY +starts"
            );
            let mut query = work.transaction.prepare(&sql)?;
            let steps = query.query_map(["jane", "jane", "u1"], |row| row.get(3))?;
            Ok(steps.collect::<Result<_, _>>()?)
        };
        let plan = store.read(explained).unwrap();
        let by_uid = |step: &String| step.ends_with("event_by_uid (account=? AND uid=?)");
        assert!(plan.iter().any(by_uid), "{plan:?}");
        assert!(!plan.iter().any(|step| step.ends_with("(account=?)")), "{plan:?}");
    }
}
