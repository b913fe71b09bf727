//! `utcStart` and `utcDue` (JMAP Tasks, section 4): as those of events, but that the one is `start` and the other `due`.

use jmap_core::{PatchObject, SetError};
use jmap_tasks::Task;
use jscalendar::{FoundZone, LocalDateTime, TimeZoneId, TimeZones, UtcDateTime, Zone};

use crate::kept::Refusal;

/// Says when a task starts and is due in UTC; a floating one is taken in the time zone `floating`.
pub(super) fn show(task: &mut Task, floating: &FoundZone) {
    let own = task.time_zone.as_ref().and_then(|id| TimeZones::new().find(id));
    let zone = own.as_ref().unwrap_or(floating);
    let at = |local: LocalDateTime| UtcDateTime::from_unix_seconds(zone.instant_of(local));
    let (start, due) = (task.start.and_then(at), task.due.and_then(at));
    (task.utc_start, task.utc_due) = (start, due);
}

/// Turns `utcStart` and `utcDue` into `start` and `due`; a floating task gets a time zone, that of its list or UTC.
pub(super) fn settle(task: &mut Task, of_list: Option<TimeZoneId>) -> Result<(), Refusal> {
    let (start, due) = (task.utc_start.take(), task.utc_due.take());
    if start.is_none() && due.is_none() {
        return Ok(());
    }
    let zone = task.time_zone.clone().or(of_list).unwrap_or_else(TimeZoneId::utc);
    let Some(found) = TimeZones::new().find(&zone) else {
        return Err(SetError::invalid_properties(["timeZone"]).into());
    };
    task.time_zone = Some(zone);
    if let Some(start) = start {
        task.start = start.to_local(&found);
    }
    if let Some(due) = due {
        task.due = due.to_local(&found);
    }
    Ok(())
}

/// Says if the same is said twice: in a new task, or in a patch that made it what it is.
pub(super) fn refuse_both(task: &Task, patch: Option<&PatchObject>) -> Result<(), Refusal> {
    let says = |name: &str, is_set: bool| match patch {
        Some(patch) => patch.0.get(name).is_some_and(|value| !value.is_null()),
        None => is_set,
    };
    if task.utc_start.is_some() && says("start", task.start.is_some()) {
        return Err(SetError::invalid_properties(["utcStart", "start"]).into());
    }
    if task.utc_due.is_some() && says("due", task.due.is_some()) {
        return Err(SetError::invalid_properties(["utcDue", "due"]).into());
    }
    Ok(())
}
