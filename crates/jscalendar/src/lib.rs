//! The JSCalendar data model (RFC 8984 and JSCalendar 2.0): events, tasks and groups.

mod alert;
mod color;
mod common;
mod custom_zone;
mod date;
mod document;
mod duration;
mod enums;
mod error;
mod event;
mod group;
mod id;
mod kind;
mod legacy;
mod lift;
mod link;
mod location;
mod participant;
mod recurrence;
mod relation;
mod report;
mod task;
mod time_zone;
mod time_zone_id;
mod validate;
mod values;
mod version;
mod whole;

pub use json_model::{
    self, Diagnostic, Diagnostics, Json, Map, Object, Parsed, PatchObject, Position, Set, Severity,
    Version,
};

pub use self::alert::{AbsoluteTrigger, Alert, AlertAction, OffsetTrigger, RelativeTo, Trigger};
pub use self::color::is_color;
pub use self::common::{Common, CommonMut, CommonRef};
pub use self::custom_zone::{
    CustomZone, CustomZoneError, Observance, RuleDay, RuleEnd, Transition, YearlyRule,
};
pub use self::date::{LocalDateTime, ParseError, UtcDateTime, Zone};
pub use self::duration::{Duration, DurationParts, SignedDuration};
pub use self::enums::{FreeBusyStatus, Method, Privacy};
pub use self::error::Error;
pub use self::event::{Event, EventStatus};
pub use self::group::{Entry, Group};
pub use self::id::{Id, IdError};
pub use self::legacy::{
    EntryLegacy, GroupLegacy, LinkLegacy, LocationLegacy, ParticipantLegacy, ScheduleAgent,
    VirtualLocationLegacy,
};
pub use self::link::{Display, Link};
pub use self::location::{Feature, Location, VirtualLocation};
pub use self::participant::{Participant, ParticipantKind, ParticipationStatus, Role};
pub use self::recurrence::{Frequency, Membership, NDay, RecurrenceRule, Skip, Weekday};
pub use self::relation::{Relation, RelationType};
pub use self::task::{Progress, Task};
pub use self::time_zone::{TimeZone, TimeZoneRule};
pub use self::time_zone_id::TimeZoneId;
pub use self::version::detect_version;
