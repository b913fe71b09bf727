//! [`CalendarEventNotification`] (JMAP Calendars, section 6): what others did to the user's events.

use jmap_core::capability::Capability;
use jmap_core::json_model::{self, Reader};
use jmap_core::object::{Changes, Get, Object, Query, QueryChanges, Set};
use jmap_core::{Id, Json, Map, PatchObject, Session, UtcDate, Version};
pub use jmap_sharing::scheduled::{
    NotificationSortBy as EventNotificationSortBy, NotificationType as EventNotificationType,
};
use jmap_sharing::{Principal, also_named};

use crate::CalendarEvent;
use crate::capability::Calendars;
use crate::dialect::Dialect;

/// Somebody else changed an event of the user (JMAP Calendars, section 6), or a message that came in did.
///
/// The server makes it, and the user can only destroy it.
///
/// ```
/// use jmap_calendars::{CalendarEventNotification, EventNotificationType};
///
/// let text = r#"{
///     "id": "n1", "created": "2026-03-01T09:00:00Z", "type": "updated", "calendarEventId": "e1", "isDraft": false,
///     "changedBy": {"name": "Bob", "calendarAddress": "mailto:bob@example.com"},
///     "event": {"@type": "Event", "version": "2.0", "uid": "u1", "title": "Tea"}, "eventPatch": {"title": "Coffee"}
/// }"#;
/// let notification: CalendarEventNotification = serde_json::from_str(text)?;
/// assert_eq!(notification.notification_type, Some(EventNotificationType::Updated));
/// assert_eq!(notification.event.unwrap().title.as_deref(), Some("Tea"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CalendarEventNotification {
    /// The id.
    pub id: Option<Id<Self>>,
    /// When it was made.
    pub created: Option<UtcDate>,
    /// Who did it.
    pub changed_by: Option<Person>,
    /// What that person had to say: the comment of a scheduling message.
    pub comment: Option<String>,
    /// What was done: the property `type`.
    pub notification_type: Option<EventNotificationType>,
    /// The event; the series, when it was about an occurrence.
    pub calendar_event_id: Option<Id<CalendarEvent>>,
    /// Whether it is a draft. Not when it was destroyed.
    pub is_draft: Option<bool>,
    /// The event before the change, and after it when it was created.
    pub event: Option<CalendarEvent>,
    /// What was changed about `event`.
    pub event_patch: Option<PatchObject>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CalendarEventNotification: "CalendarEventNotification" never {
        "id" => id,
        "created" => created,
        "changedBy" => changed_by,
        "comment" => comment,
        "type" => notification_type,
        "calendarEventId" => calendar_event_id,
        "isDraft" => is_draft,
        "event" => event,
        "eventPatch" => event_patch,
    }
    extra
}

/// Who changed an event (JMAP Calendars, section 6.1).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Person {
    /// The name, for people; may be empty.
    pub name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The principal, if there is one. One server calls it `calendarPrincipalId`.
    pub principal_id: Option<Id<Principal>>,
    /// The calendar address, a URI.
    pub calendar_address: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Person: "Person" never {
        "name" => name,
        "email" => email,
        "principalId" => principal_id,
        "calendarAddress" => calendar_address,
    }
    read: Person::tolerate;
    extra
}

impl Person {
    fn tolerate(&mut self, _: &mut Reader) {
        also_named(&mut self.principal_id, &mut self.extra, "calendarPrincipalId");
    }
}

json_model::name_enum! {
    /// A property of a [`CalendarEventNotification`].
    pub enum EventNotificationProperty {
        Id = "id",
        Created = "created",
        ChangedBy = "changedBy",
        Comment = "comment",
        Type = "type",
        CalendarEventId = "calendarEventId",
        IsDraft = "isDraft",
        Event = "event",
        EventPatch = "eventPatch",
    }
}

/// Which notifications: all that is said must hold (JMAP Calendars, section 6.5.1).
///
/// ```
/// use jmap_calendars::{CalendarEventNotification, EventNotificationCondition, EventNotificationType};
/// use jmap_core::QueryArguments;
///
/// let condition =
///     EventNotificationCondition::default().notification_type(EventNotificationType::Destroyed);
/// let query = QueryArguments::<CalendarEventNotification>::matching(condition);
/// assert_eq!(serde_json::to_string(&query)?, r#"{"filter":{"type":"destroyed"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EventNotificationCondition {
    /// Made at this moment or later.
    pub after: Option<UtcDate>,
    /// Made before this moment.
    pub before: Option<UtcDate>,
    /// This was done: the condition `type`.
    pub notification_type: Option<EventNotificationType>,
    /// About one of these events.
    pub calendar_event_ids: Option<Vec<Id<CalendarEvent>>>,
    /// Conditions that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    EventNotificationCondition: "CalendarEventNotification condition" never {
        "after" => after,
        "before" => before,
        "type" => notification_type,
        "calendarEventIds" => calendar_event_ids,
    }
    extra
}

jmap_sharing::conditions! {
    EventNotificationCondition {
        /// Made at this moment or later.
        after: UtcDate,
        /// Made before this moment.
        before: UtcDate,
        /// Of this type.
        notification_type: EventNotificationType,
        /// About one of these events.
        calendar_event_ids: impl Into<Vec<Id<CalendarEvent>>>,
    }
}

impl Object for CalendarEventNotification {
    const TYPE: &'static str = "CalendarEventNotification";
    const USING: &'static [&'static str] = &[Calendars::URI];
    const ALSO_USING: &'static [&'static str] = &[Dialect::JSCALENDARBIS];
    type Property = EventNotificationProperty;

    fn version(session: &Session) -> Version {
        Dialect::of(session).version()
    }
}

impl Get for CalendarEventNotification {}
impl Changes for CalendarEventNotification {}
impl Set for CalendarEventNotification {}
impl Query for CalendarEventNotification {
    type Condition = EventNotificationCondition;
    type SortBy = EventNotificationSortBy;
}
impl QueryChanges for CalendarEventNotification {}
