//! What of an event is the same for all who see it: without what each user has of their own (JMAP Calendars, section 5.3).

use jmap_calendars::CalendarEvent;
use jscalendar::{Event, Series, TimeZones};

use crate::kept::Kept;

/// The event without what is the user's own.
pub(crate) fn shared(event: &CalendarEvent) -> CalendarEvent {
    let mut shared = event.clone();
    shared.use_default_alerts = None;
    let event = &mut shared.event;
    (event.color, event.free_busy_status) = (None, None);
    event.keywords = Default::default();
    event.alerts.clear();
    for (_, changes) in event.recurrence_overrides.iter_mut() {
        changes.0.retain(|pointer, _| !is_own(pointer));
    }
    forget_needless(event);
    shared
}

/// Whether a pointer leads to what every user has of their own.
pub(crate) fn is_own(pointer: &str) -> bool {
    CalendarEvent::OWN.contains(&pointer.split('/').next().unwrap_or(pointer))
}

/// Takes out overrides that say nothing, unless there would be no such occurrence without them.
pub(crate) fn forget_needless(event: &mut Event) {
    if event.recurrence_overrides.values().all(|changes| !changes.is_empty()) {
        return;
    }
    let mut plain = event.clone();
    plain.recurrence_overrides.clear();
    let Ok(series) = Series::new(&plain, &TimeZones::new()) else { return };
    event
        .recurrence_overrides
        .retain(|id, changes| !changes.is_empty() || series.occurrence(*id).is_none());
}
