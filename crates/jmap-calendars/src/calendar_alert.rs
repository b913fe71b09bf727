//! [`CalendarAlert`] (JMAP Calendars, section 5.14): an alert that a server pushes.

use jmap_core::push::Event;
use jmap_core::{Account, Id, Json, Map, json_model};
use jscalendar::LocalDateTime;

use crate::CalendarEvent;

/// An alert that goes off, as a server tells it over an event stream or another push channel
/// (JMAP Calendars, section 5.14).
///
/// To get them, name the type `CalendarAlert` beside others:
///
/// ```no_run
/// use jmap_calendars::CalendarAlert;
/// use jmap_core::push::EventSourceOptions;
///
/// # async fn example(client: jmap_core::Client) -> Result<(), jmap_core::Error> {
/// let options = EventSourceOptions::of_types(["CalendarEvent", CalendarAlert::TYPE]);
/// let mut events = client.event_source(options);
/// while let Some(event) = events.next().await {
///     if let Some(alert) = CalendarAlert::of(&event?) {
///         println!("{:?}", alert.uid);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CalendarAlert {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// The event; the series, for an occurrence.
    pub calendar_event_id: Option<Id<CalendarEvent>>,
    /// The `uid` of the event.
    pub uid: Option<String>,
    /// The occurrence, if it is one.
    pub recurrence_id: Option<LocalDateTime>,
    /// The key of the alert: of the event's own, or of the default ones of a calendar.
    pub alert_id: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CalendarAlert: "CalendarAlert" always {
        "accountId" => account_id,
        "calendarEventId" => calendar_event_id,
        "uid" => uid,
        "recurrenceId" => recurrence_id,
        "alertId" => alert_id,
    }
    extra
}

impl CalendarAlert {
    /// The name of the type, by which it is subscribed to.
    pub const TYPE: &'static str = "CalendarAlert";

    /// The alert that a push event is, if it is one.
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Other { name, data } if name == "calendarAlert" => {
                json_model::from_str(data).ok().map(|parsed| parsed.value)
            }
            _ => None,
        }
    }
}
