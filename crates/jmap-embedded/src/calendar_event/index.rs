//! What the tables know of events.

use jmap_calendars::CalendarEvent;
use jmap_core::SetError;
use jscalendar::{Event, Series, TimeZones};
use rusqlite::{OptionalExtension, params};

use crate::kept::Refusal;
use crate::store::{StoreError, Work};

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
        if self.id_of(account, uid, &recurrence_id)?.is_some() {
            return Err(SetError::invalid_properties(["uid"])
                .description("there is an event with this uid")
                .into());
        }
        let Times { starts, ends } = times(&event.event);
        let text = |at: Option<jscalendar::UtcDateTime>| at.map(|at| at.to_string());
        self.transaction
            .prepare_cached(
                "INSERT INTO event (account, id, uid, recurrence_id, starts, ends, created, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                account,
                id,
                uid,
                recurrence_id,
                starts,
                ends,
                text(event.created),
                text(event.updated)
            ])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO event_in_calendar (account, calendar, event) VALUES (?1, ?2, ?3)",
        )?;
        for calendar in event.calendar_ids.iter() {
            insert.execute(params![account, calendar.as_str(), id])?;
        }
        Ok(())
    }

    /// Makes the tables forget an event.
    pub(super) fn unindex_event(&self, account: &str, id: &str) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached("DELETE FROM event WHERE account = ?1 AND id = ?2")?
            .execute(params![account, id])?;
        self.transaction
            .prepare_cached("DELETE FROM event_in_calendar WHERE account = ?1 AND event = ?2")?
            .execute(params![account, id])?;
        Ok(())
    }

    fn id_of(
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

/// Seconds from 1970 on that an event is certainly within.
struct Times {
    starts: i64,
    /// None if it has no end, or a far one.
    ends: Option<i64>,
}

/// How many occurrences are looked at to find the end of a series.
const MOST_COUNTED: usize = 1_000;

/// What clocks show differs from UTC by less.
const FURTHEST_ZONE: i64 = 15 * 3_600;

fn times(event: &Event) -> Times {
    let nowhere = Times { starts: i64::MIN, ends: None };
    let Ok(series) = Series::new(event, &TimeZones::new()) else { return nowhere };
    let slack = if event.time_zone.is_none() { FURTHEST_ZONE } else { 0 };
    let mut occurrences = series.occurrences();
    let Some(first) = occurrences.next() else { return nowhere };
    let starts = first.start_seconds(None) - slack;
    let mut ends = first.end().seconds(None);
    for occurrence in occurrences.by_ref().take(MOST_COUNTED) {
        ends = ends.max(occurrence.end().seconds(None));
    }
    let is_all = occurrences.next().is_none();
    Times { starts, ends: is_all.then_some(ends + slack) }
}
