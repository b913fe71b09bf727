//! What only JSCalendar 1.0 (RFC 8984) has: the boxed `legacy` part of each type.

use crate::{
    Display, Id, Map, PatchObject, RecurrenceRule, RelativeTo, TimeZone, TimeZoneId, UtcDateTime,
};

/// The members of [`Event`](crate::Event) and [`Task`](crate::Task) that only 1.0 has.
///
/// What 2.0 says in another way is not here after reading: a single recurrence rule, a `replyTo` with one method
/// that is no `web`. See [`Event::into_version`](crate::Event::into_version).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EntryLegacy {
    /// The rules of a series with more than one (RFC 8984, section 4.3.3). The first one is in `recurrence_rule`;
    /// here are the others.
    pub recurrence_rules: Vec<RecurrenceRule>,
    /// Rules for what is not an occurrence (RFC 8984, section 4.3.4).
    pub excluded_recurrence_rules: Vec<RecurrenceRule>,
    /// Whether the occurrence does not take place (RFC 8984, section 4.3.6).
    pub excluded: Option<bool>,
    /// How to answer, by method (RFC 8984, section 4.4.4).
    pub reply_to: Map<String, String>,
    /// The status of a scheduling request (RFC 8984, section 4.4.7).
    pub request_status: Option<String>,
    /// Whether the user's default alerts are used (RFC 8984, section 4.5.1).
    pub use_default_alerts: Option<bool>,
    /// Translations, by language tag (RFC 8984, section 4.6.1).
    pub localizations: Map<String, PatchObject>,
    /// Time zones that the object brings along; their names begin with a slash (RFC 8984, section 4.7.2).
    pub time_zones: Map<TimeZoneId, TimeZone>,
    /// When `progress` last changed (RFC 8984, section 5.2.6). Tasks only.
    pub progress_updated: Option<UtcDateTime>,
}

json_model::members! {
    EntryLegacy: part {
        "recurrenceRules" => recurrence_rules,
        "excludedRecurrenceRules" => excluded_recurrence_rules,
        "excluded" => excluded,
        "replyTo" => reply_to,
        "requestStatus" => request_status,
        "useDefaultAlerts" => use_default_alerts,
        "localizations" => localizations,
        "timeZones" => time_zones,
        "progressUpdated" => progress_updated,
    }
}

/// The members of [`Group`](crate::Group) that only 1.0 has.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GroupLegacy {
    /// Time zones that the group brings along; their names begin with a slash (RFC 8984, section 4.7.2).
    pub time_zones: Map<TimeZoneId, TimeZone>,
}

json_model::members! {
    GroupLegacy: part { "timeZones" => time_zones }
}

/// The members of [`Link`](crate::Link) that only 1.0 has (RFC 8984, section 1.4.11).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LinkLegacy {
    /// What an image is made for: one value, where 2.0 has a set.
    pub display: Option<Display>,
    /// The content id by which an HTML description refers to it.
    pub cid: Option<String>,
}

json_model::members! {
    LinkLegacy: part {
        "display" => display,
        "cid" => cid,
    }
}

/// The members of [`Location`](crate::Location) that only 1.0 has (RFC 8984, section 4.2.5).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LocationLegacy {
    /// A longer text.
    pub description: Option<String>,
    /// Whether it is the place of the start or of the end.
    pub relative_to: Option<RelativeTo>,
    /// The time zone of the place.
    pub time_zone: Option<TimeZoneId>,
}

json_model::members! {
    LocationLegacy: part {
        "description" => description,
        "relativeTo" => relative_to,
        "timeZone" => time_zone,
    }
}

/// The members of [`VirtualLocation`](crate::VirtualLocation) that only 1.0 has (RFC 8984, section 4.2.6).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct VirtualLocationLegacy {
    /// A longer text.
    pub description: Option<String>,
}

json_model::members! {
    VirtualLocationLegacy: part { "description" => description }
}

/// The members of [`Participant`](crate::Participant) that only 1.0 has (RFC 8984, section 4.4.6).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ParticipantLegacy {
    /// How to reach it, by method (`imip` or `other`); 2.0 has `calendarAddress`.
    pub send_to: Map<String, String>,
    /// What it said when it answered.
    pub participation_comment: Option<String>,
    /// Who sends the scheduling messages; `server` if absent.
    pub schedule_agent: Option<ScheduleAgent>,
    /// Whether the server must send a message even if nothing important changed.
    pub schedule_force_send: Option<bool>,
    /// The sequence number of its last answer.
    pub schedule_sequence: Option<u64>,
    /// The status codes of the last message to it.
    pub schedule_status: Vec<String>,
    /// The time of its last answer.
    pub schedule_updated: Option<UtcDateTime>,
    /// The participant that invited it.
    pub invited_by: Option<Id>,
    /// The location where it takes part.
    pub location_id: Option<Id>,
    /// The language it prefers.
    pub language: Option<String>,
    /// When its `progress` last changed.
    pub progress_updated: Option<UtcDateTime>,
}

json_model::members! {
    ParticipantLegacy: part {
        "sendTo" => send_to,
        "participationComment" => participation_comment,
        "scheduleAgent" => schedule_agent,
        "scheduleForceSend" => schedule_force_send,
        "scheduleSequence" => schedule_sequence,
        "scheduleStatus" => schedule_status,
        "scheduleUpdated" => schedule_updated,
        "invitedBy" => invited_by,
        "locationId" => location_id,
        "language" => language,
        "progressUpdated" => progress_updated,
    }
}

json_model::text_enum! {
    /// Who sends the scheduling messages to a participant (RFC 8984, section 4.4.6). 1.0 only.
    pub enum ScheduleAgent {
        /// The server; the default.
        Server = "server",
        /// The program that the user runs.
        Client = "client",
        /// Nobody.
        None = "none",
    }
}
