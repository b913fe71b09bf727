//! [`Event`] (RFC 8984, section 2.1): something that happens at a time.

use crate::{Duration, EntryLegacy, LocalDateTime, TimeZoneId};

crate::common::entry! {
    /// Something that happens at a time: a meeting, a holiday, a concert (RFC 8984, section 2.1).
    ///
    /// Every field is optional in memory, so that the same type holds a whole event and the part of one that a server
    /// was asked for; [`validate`](Self::validate) says what a complete event lacks.
    ///
    /// ```
    /// use jscalendar::Event;
    ///
    /// let mut event = Event::new("e1", "2026-03-01T09:00:00".parse()?);
    /// event.title = Some("Breakfast".to_owned());
    /// event.time_zone = Some("Europe/Berlin".parse()?);
    /// event.duration = Some("PT1H".parse()?);
    /// assert_eq!(
    ///     serde_json::to_string(&event)?,
    ///     concat!(
    ///         r#"{"@type":"Event","version":"2.0","uid":"e1","title":"Breakfast","start":"2026-03-01T09:00:00","#,
    ///         r#""duration":"PT1H","timeZone":"Europe/Berlin"}"#,
    ///     ),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Event: "Event", crate::lift::event {
        /// When it starts, in `time_zone` (RFC 8984, section 5.1.1). The standard demands it.
        "start" start: Option<LocalDateTime>,
        /// How long it lasts; no time if absent (RFC 8984, section 5.1.2).
        "duration" duration: Option<Duration>,
        /// The time zone in which its end is shown, if that is not `time_zone` (2.0 only).
        "endTimeZone" (V2_0) end_time_zone: Option<TimeZoneId>,
        /// Whether it takes place; `confirmed` if absent (RFC 8984, section 5.1.3).
        "status" status: Option<EventStatus>,
    }
}

impl Event {
    /// An event of version 2.0 with what the standard demands, except `updated`: this crate reads no clock.
    pub fn new(uid: impl Into<String>, start: LocalDateTime) -> Self {
        Self {
            version: Some(crate::Version::V2_0),
            uid: Some(uid.into()),
            start: Some(start),
            ..Self::default()
        }
    }
}

json_model::text_enum! {
    /// Whether an event takes place (RFC 8984, section 5.1.3).
    pub enum EventStatus {
        /// It does; the default.
        Confirmed = "confirmed",
        /// It was called off.
        Cancelled = "cancelled",
        /// It may.
        Tentative = "tentative",
    }
}
