//! [`EventCondition`] and [`EventSortBy`] (JMAP Calendars, section 5.10).

use jmap_core::json_model::{self, Reader, Version};
use jmap_core::{Id, Json, Map};
use jscalendar::LocalDateTime;

use crate::Calendar;

/// Which events: all that is said must hold (JMAP Calendars, section 5.10.1).
///
/// Conditions are put together with [`Filter::all`](jmap_core::Filter::all), `any` and `not`.
///
/// ```
/// use jmap_calendars::EventCondition;
///
/// let march = EventCondition::default()
///     .after("2026-03-01T00:00:00".parse()?)
///     .before("2026-04-01T00:00:00".parse()?)
///     .title("standup");
/// assert_eq!(
///     serde_json::to_string(&march)?,
///     r#"{"after":"2026-03-01T00:00:00","before":"2026-04-01T00:00:00","title":"standup"}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EventCondition {
    /// It is in this calendar. (In the 2023 draft: `inCalendars`, a list.)
    pub in_calendar: Option<Id<Calendar>>,
    /// It, or one of its occurrences, ends after this moment, in the time zone of the query.
    pub after: Option<LocalDateTime>,
    /// It, or one of its occurrences, starts before this moment, in the time zone of the query.
    pub before: Option<LocalDateTime>,
    /// Some text of it has these words: title, description, places, people.
    pub text: Option<String>,
    /// The title has these words.
    pub title: Option<String>,
    /// The description has these words.
    pub description: Option<String>,
    /// A place has these words.
    pub location: Option<String>,
    /// The name or address of an owner has these words.
    pub owner: Option<String>,
    /// The name or address of somebody who takes part has these words.
    pub attendee: Option<String>,
    /// This is its `uid`.
    pub uid: Option<String>,
    /// Conditions that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    EventCondition: "CalendarEvent condition" never {
        "inCalendar" (V2_0) => in_calendar,
        "after" => after,
        "before" => before,
        "text" => text,
        "title" => title,
        "description" => description,
        "location" => location,
        "owner" => owner,
        "attendee" => attendee,
        "uid" => uid,
    }
    read: EventCondition::lift;
    write: EventCondition::lowered;
    extra
}

jmap_sharing::conditions! {
    EventCondition {
        /// It is in this calendar.
        in_calendar: Id<Calendar>,
        /// It, or one of its occurrences, ends after this moment.
        after: LocalDateTime,
        /// It, or one of its occurrences, starts before this moment.
        before: LocalDateTime,
        /// Some text of it has these words.
        text: impl Into<String>,
        /// The title has these words.
        title: impl Into<String>,
        /// The description has these words.
        description: impl Into<String>,
        /// A place has these words.
        location: impl Into<String>,
        /// The name or address of an owner has these words.
        owner: impl Into<String>,
        /// The name or address of somebody who takes part has these words.
        attendee: impl Into<String>,
        /// This is its `uid`.
        uid: impl Into<String>,
    }
}

impl EventCondition {
    fn lift(&mut self, _: &mut Reader) {
        let calendars =
            self.extra.get(IN_CALENDARS).and_then(|json| json.decode::<Vec<Id<_>>>().ok());
        // Of several ones the first would say something else.
        if let (None, Some([only])) = (&self.in_calendar, calendars.as_deref()) {
            self.in_calendar = Some(only.clone());
            self.extra.remove(IN_CALENDARS);
        }
    }

    fn lowered(&self, version: Version) -> Option<Self> {
        let calendar = self.in_calendar.as_ref().filter(|_| version < Version::V2_0)?;
        let mut lowered = Self { in_calendar: None, ..self.clone() };
        let list = Json::from_serialize(&[calendar]).ok()?;
        lowered.extra.insert(IN_CALENDARS.to_owned(), list);
        Some(lowered)
    }
}

const IN_CALENDARS: &str = "inCalendars";

json_model::text_enum! {
    /// What events can be sorted by (JMAP Calendars, section 5.10.2).
    pub enum EventSortBy {
        /// When they start.
        Start = "start",
        /// Their `uid`.
        Uid = "uid",
        /// Which occurrence they are.
        RecurrenceId = "recurrenceId",
        /// When they were created; servers need not have it.
        Created = "created",
        /// When they were last changed; servers need not have it.
        Updated = "updated",
    }
}
