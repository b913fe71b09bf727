//! What differs between events and tasks for code that treats both alike. Public only as the bound of a public trait that
//! nobody else implements.

use json_model::ToJson;

use crate::{Common, Duration, Event, LocalDateTime, PatchObject, Task, TimeZoneId, Version};

/// An [`Event`] or a [`Task`]; those of their own fields that have to do with time.
#[allow(unnameable_types, reason = "it seals `Recurring`")]
pub trait Timed: Common + ToJson + Clone + Default {
    fn own(&self) -> Own<'_>;
    fn own_mut(&mut self) -> OwnMut<'_>;
    /// `patch_to`.
    fn patch(&self, after: &Self, version: Version) -> PatchObject;
}

/// The fields of [`Timed`], to read.
#[allow(unnameable_types, reason = "it seals `Recurring`")]
pub struct Own<'a> {
    pub start: Option<LocalDateTime>,
    /// Tasks only.
    pub due: Option<LocalDateTime>,
    pub length: Option<Duration>,
    /// Events only.
    pub end_zone: Option<&'a TimeZoneId>,
}

/// The fields of [`Timed`], to change.
#[allow(unnameable_types, reason = "it seals `Recurring`")]
pub struct OwnMut<'a> {
    pub start: &'a mut Option<LocalDateTime>,
    /// Tasks only.
    pub due: Option<&'a mut Option<LocalDateTime>>,
    pub length: &'a mut Option<Duration>,
    pub length_name: &'static str,
    /// Events only.
    pub end_zone: Option<&'a mut Option<TimeZoneId>>,
}

impl Timed for Event {
    fn patch(&self, after: &Self, version: Version) -> PatchObject {
        self.patch_to(after, version)
    }

    fn own(&self) -> Own<'_> {
        Own {
            start: self.start,
            due: None,
            length: self.duration,
            end_zone: self.end_time_zone.as_ref(),
        }
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
    fn patch(&self, after: &Self, version: Version) -> PatchObject {
        self.patch_to(after, version)
    }

    fn own(&self) -> Own<'_> {
        Own { start: self.start, due: self.due, length: self.estimated_duration, end_zone: None }
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
