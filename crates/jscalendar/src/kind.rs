//! What differs between events and tasks for code that treats both alike.

use json_model::ToJson;

use crate::{Common, Duration, Event, LocalDateTime, Task, TimeZoneId};

/// An [`Event`] or a [`Task`]; those of their own fields that have to do with time.
pub(crate) trait Timed: Common + ToJson + Clone {
    fn own(&self) -> Own<'_>;
    fn own_mut(&mut self) -> OwnMut<'_>;
}

/// The fields of [`Timed`], to read.
pub(crate) struct Own<'a> {
    pub(crate) start: Option<LocalDateTime>,
    /// Tasks only.
    pub(crate) due: Option<LocalDateTime>,
    /// Events only.
    pub(crate) end_zone: Option<&'a TimeZoneId>,
}

/// The fields of [`Timed`], to change.
pub(crate) struct OwnMut<'a> {
    pub(crate) start: &'a mut Option<LocalDateTime>,
    /// Tasks only.
    pub(crate) due: Option<&'a mut Option<LocalDateTime>>,
    pub(crate) length: &'a mut Option<Duration>,
    pub(crate) length_name: &'static str,
    /// Events only.
    pub(crate) end_zone: Option<&'a mut Option<TimeZoneId>>,
}

impl Timed for Event {
    fn own(&self) -> Own<'_> {
        Own { start: self.start, due: None, end_zone: self.end_time_zone.as_ref() }
    }

    fn own_mut(&mut self) -> OwnMut<'_> {
        OwnMut {
            start: &mut self.start,
            due: None,
            length: &mut self.duration,
            length_name: "duration",
            end_zone: Some(&mut self.end_time_zone),
        }
    }
}

impl Timed for Task {
    fn own(&self) -> Own<'_> {
        Own { start: self.start, due: self.due, end_zone: None }
    }

    fn own_mut(&mut self) -> OwnMut<'_> {
        OwnMut {
            start: &mut self.start,
            due: Some(&mut self.due),
            length: &mut self.estimated_duration,
            length_name: "estimatedDuration",
            end_zone: None,
        }
    }
}
