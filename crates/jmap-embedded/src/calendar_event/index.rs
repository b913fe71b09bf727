//! What the tables know of events.

use jmap_calendars::CalendarEvent;
use jmap_core::SetError;
use jscalendar::{Event, Series, TimeZones};
use rusqlite::{OptionalExtension, params};

use crate::kept::Refusal;
use crate::store::{StoreError, Work};
use crate::texts::Texts;
use crate::texts::words::words;

impl Work<'_> {
    /// Makes the tables follow an event.
    pub(super) fn index_event(
        &self,
        account: &str,
        id: &str,
        event: &CalendarEvent,
    ) -> Result<(), Refusal> {
        self.unindex_event(account, id)?;
        let uid = event.uid.as_deref().unwrap_or_default();
        let recurrence_id = event.recurrence_id.map(|id| id.to_string()).unwrap_or_default();
        if self.event_by_uid(account, uid, &recurrence_id)?.is_some() {
            return Err(SetError::invalid_properties(["uid"])
                .description("there is an event with this uid")
                .into());
        }
        let Times { starts, ends, is_exact } = times(&event.event);
        let text = |at: Option<jscalendar::UtcDateTime>| at.map(|at| at.to_string());
        self.transaction
            .prepare_cached(
                "INSERT INTO event
                     (account, id, uid, recurrence_id, starts, ends, floats, is_exact, created, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                account,
                id,
                uid,
                recurrence_id,
                starts,
                ends,
                event.time_zone.is_none(),
                is_exact,
                text(event.created),
                text(event.updated)
            ])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO event_in_calendar (account, calendar, event) VALUES (?1, ?2, ?3)",
        )?;
        for calendar in event.calendar_ids.iter() {
            insert.execute(params![account, calendar.as_str(), id])?;
        }
        Ok(self.index_words(account, id, event)?)
    }

    fn index_words(
        &self,
        account: &str,
        id: &str,
        event: &CalendarEvent,
    ) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached("INSERT INTO event_row (account, event) VALUES (?1, ?2)")?
            .execute(params![account, id])?;
        let number = self.transaction.last_insert_rowid();
        // A word between two texts that no question has: no phrase begins in one and ends in the other.
        let joined = |texts: &[String]| {
            let texts: Vec<String> = texts.iter().map(|text| words(text).join(" ")).collect();
            texts.join(" \u{e000} ")
        };
        let texts = Texts::of_series(&event.event);
        self.transaction
            .prepare_cached(
                "INSERT INTO event_words
                     (rowid, title, description, location, owner, attendee, other)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                number,
                joined(&texts.title),
                joined(&texts.description),
                joined(&texts.location),
                joined(&texts.owner),
                joined(&texts.attendee),
                joined(&texts.other),
            ])?;
        Ok(())
    }

    /// Makes the tables forget an event.
    pub(super) fn unindex_event(&self, account: &str, id: &str) -> Result<(), StoreError> {
        for delete in [
            "DELETE FROM event WHERE account = ?1 AND id = ?2",
            "DELETE FROM event_in_calendar WHERE account = ?1 AND event = ?2",
            "DELETE FROM event_words WHERE rowid IN
                 (SELECT number FROM event_row WHERE account = ?1 AND event = ?2)",
            "DELETE FROM event_row WHERE account = ?1 AND event = ?2",
        ] {
            self.transaction.prepare_cached(delete)?.execute(params![account, id])?;
        }
        Ok(())
    }

    /// The id of the event with this uid, and of this occurrence if it stands alone.
    pub(crate) fn event_by_uid(
        &self,
        account: &str,
        uid: &str,
        recurrence_id: &str,
    ) -> Result<Option<String>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT id FROM event WHERE account = ?1 AND uid = ?2 AND recurrence_id = ?3",
        )?;
        let row = query.query_row(params![account, uid, recurrence_id], |row| row.get(0));
        Ok(row.optional()?)
    }
}

/// The first start and the last end, in seconds from 1970 on, floating times as if they were in UTC.
struct Times {
    starts: i64,
    /// None if it has no end, or a far one.
    ends: Option<i64>,
    /// Whether it is known that there is no end where there is none.
    is_exact: bool,
}

/// How many occurrences are looked at to find the end of a series.
const MOST_COUNTED: usize = 1_000;

fn times(event: &Event) -> Times {
    let nowhere = Times { starts: i64::MIN, ends: None, is_exact: false };
    let Ok(series) = Series::new(event, &TimeZones::new()) else { return nowhere };
    let has_end = |rule: &jscalendar::RecurrenceRule| rule.until.is_some() || rule.count.is_some();
    let is_endless = event.recurrence_rule.as_deref().is_some_and(|rule| !has_end(rule));
    let most = if is_endless { 0 } else { MOST_COUNTED };
    let mut occurrences = series.occurrences();
    // All of them can be excluded.
    let Some(first) = occurrences.next() else { return nowhere };
    let mut ends = first.end().seconds(None);
    for occurrence in occurrences.by_ref().take(most) {
        ends = ends.max(occurrence.end().seconds(None));
    }
    let is_all = !is_endless && occurrences.next().is_none();
    Times {
        starts: first.start_seconds(None),
        ends: is_all.then_some(ends),
        is_exact: is_all || is_endless,
    }
}
