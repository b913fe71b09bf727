//! [`CalendarEvent`] (JMAP Calendars, section 5): an event as a server keeps it.

mod condition;
mod parse;

use std::ops::{Deref, DerefMut};

use jmap_core::capability::Capability;
use jmap_core::json_model::{self, Reader, Set as KeySet};
use jmap_core::object::{Changes, Copy, Get, Object, Query, QueryChanges, Set};
use jmap_core::{Id, Json, PatchObject, Session, Version};
use jmap_sharing::scheduled::{
    GetScheduled, QueryScheduled, Scheduled, SetScheduled, patch_between,
};
use jscalendar::{Diagnostics, Event, Participant, UtcDateTime};

pub use self::condition::{EventCondition, EventSortBy};
pub use self::parse::{ParseEvents, ParseEventsResponse, ParsedEvents};
use crate::Calendar;
use crate::capability::Calendars;
use crate::dialect::Dialect;

/// An event as a server keeps it (JMAP Calendars, section 5): a JSCalendar [`Event`], and what the server and the account
/// add to it. It can be used like the [`Event`] in it.
///
/// ```
/// use jmap_calendars::CalendarEvent;
/// use jmap_core::Id;
/// use jscalendar::Event;
///
/// let mut event = CalendarEvent::from(Event::new("e1", "2026-03-01T09:00:00".parse()?));
/// event.calendar_ids.insert(Id::any("c1"));
/// event.title = Some("Breakfast".to_owned());
/// assert_eq!(
///     serde_json::to_string(&event)?,
///     concat!(
///         r#"{"@type":"Event","calendarIds":{"c1":true},"version":"2.0","uid":"e1","title":"Breakfast","#,
///         r#""start":"2026-03-01T09:00:00"}"#,
///     ),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Whose members are whose
///
/// | members | who sets them |
/// | --- | --- |
/// | `id`, `baseEventId`, `isOrigin` | the server alone |
/// | `calendarIds` | the client; at least one |
/// | `uid` | the client, once: it never changes. [`Events::add`](crate::Events::add) makes one where there is none |
/// | `created`, `updated` | the server, where they are left away; `updated` is its own on every change of an event that it is the origin of |
/// | `sequence` | the server counts; the client may set a higher one |
/// | `isDraft` | the client, and only when it creates the event |
/// | `organizerCalendarAddress` | the server, when the first participants come |
/// | `version`, `@type` | this crate, as the server wants them |
/// | `utcStart`, `utcEnd` | computed; come only when they are asked for by name |
/// | `iCalendar` | comes only when it is asked for by name |
/// | `method` | nobody: it must not be there |
/// | `keywords`, `color`, `freeBusyStatus`, `useDefaultAlerts`, `alerts` | every user has their own (section 5.3) |
/// | `participants/*/scheduleSequence`, `…/scheduleUpdated` | the server, when an answer comes; in the `legacy` part of a participant |
/// | `links/*/blobId` | the client, in the place of `href`; in `extra` of the link |
///
/// An event of a series that a query with `expandRecurrences` found is an *occurrence*: it has `baseEventId` and
/// `recurrenceId`, and its id is good for a while only.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CalendarEvent {
    /// The id. Set by the server.
    pub id: Option<Id<Self>>,
    /// Of an occurrence: the id of its series. Set by the server. One server has it on every event, equal to `id`:
    /// see [`base_id`](Self::base_id).
    pub base_event_id: Option<Id<Self>>,
    /// The calendars that it is in; at least one.
    pub calendar_ids: KeySet<Id<Calendar>>,
    /// Whether nobody is told of it yet; false if absent. Can be true only from its creation on, and then become false.
    pub is_draft: Option<bool>,
    /// Whether this account is where it comes from, so that changes go out to all who take part. Set by the server.
    pub is_origin: Option<bool>,
    /// When it starts, in UTC. Comes when it is asked for; to set it changes `start` and perhaps `timeZone`.
    pub utc_start: Option<UtcDateTime>,
    /// When it ends, in UTC. Comes when it is asked for; to set it changes `duration`.
    pub utc_end: Option<UtcDateTime>,
    /// Whether the default alerts of its calendars are used in the place of its own; false if absent. Of the user.
    pub use_default_alerts: Option<bool>,
    /// Whether people may add themselves; false if absent.
    pub may_invite_self: Option<bool>,
    /// Whether people who take part may add others; false if absent.
    pub may_invite_others: Option<bool>,
    /// Whether those who take part see only themselves and the owners; false if absent.
    pub hide_attendees: Option<bool>,
    /// The event.
    pub event: Event,
}

json_model::members! {
    CalendarEvent: around event as Event {
        "id" => id,
        "baseEventId" => base_event_id,
        "calendarIds" => calendar_ids,
        "isDraft" => is_draft,
        "isOrigin" => is_origin,
        "utcStart" => utc_start,
        "utcEnd" => utc_end,
        "useDefaultAlerts" => use_default_alerts,
        "mayInviteSelf" => may_invite_self,
        "mayInviteOthers" => may_invite_others,
        "hideAttendees" => hide_attendees,
    }
    read: CalendarEvent::lift;
    write: CalendarEvent::lowered;
}

impl CalendarEvent {
    /// The event of which this one is an occurrence, if it is one.
    pub fn base_id(&self) -> Option<&Id<Self>> {
        self.base_event_id.as_ref().filter(|base| Some(*base) != self.id.as_ref())
    }

    /// Whether it was damaged on the way, so that it must not be written back: it has a `uid` and no start. One server
    /// gives an override in the place of a series on whole days.
    pub fn is_damaged(&self) -> bool {
        self.uid.is_some() && self.start.is_none() && self.utc_start.is_none()
    }

    /// The smallest patch that turns this event into `after`, as every server of a version takes it: an override is sent
    /// whole, and so is `calendarIds`.
    ///
    /// ```
    /// use jmap_calendars::CalendarEvent;
    /// use jmap_core::Version;
    /// use jscalendar::{Event, RecurrenceRule, Frequency};
    ///
    /// let before = CalendarEvent::from(Event::new("e1", "2026-03-01T09:00:00".parse()?));
    /// let mut after = before.clone();
    /// after.recurrence_rule = Some(Box::new(RecurrenceRule::new(Frequency::Daily)));
    ///
    /// let patch = before.patch_to(&after, Version::V2_0);
    /// assert_eq!(serde_json::to_string(&patch)?, r#"{"recurrenceRule":{"frequency":"daily"}}"#);
    /// let patch = before.patch_to(&after, Version::V1_0);
    /// assert_eq!(
    ///     serde_json::to_string(&patch)?,
    ///     r#"{"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"daily"}]}"#,
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn patch_to(&self, after: &Self, version: Version) -> PatchObject {
        let mut patch = patch_between(self, after, version);
        let of_calendars = |pointer: &String| pointer.starts_with("calendarIds/");
        if patch.0.keys().any(of_calendars) {
            patch.0.retain(|pointer, _| !of_calendars(pointer));
            let whole = json_model::look_up(after, "calendarIds", version);
            patch.set("calendarIds", whole.unwrap_or_else(Json::null));
        }
        patch
    }

    /// What of this event a server of a version cannot be told, because its JSCalendar has no words for it: what is written
    /// for such a server leaves that out. Ask before [`SetEvents`] is sent to a server of the 2023 draft, for which
    /// [`Client::version`](jmap_core::Client::version) is 1.0; a [`StoredEvent`](crate::StoredEvent) has the list in its
    /// `diagnostics`.
    ///
    /// ```
    /// use jmap_calendars::CalendarEvent;
    /// use jmap_core::Version;
    /// use jscalendar::Event;
    ///
    /// let mut event = CalendarEvent::from(Event::new("e1", "2026-03-01T09:00:00".parse()?));
    /// event.main_location_id = Some("nowhere".parse()?);
    /// assert!(event.lost_in(Version::V2_0).is_empty());
    /// assert_eq!(event.lost_in(Version::V1_0).iter().next().unwrap().property, "mainLocationId");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lost_in(&self, version: Version) -> Diagnostics {
        self.event.clone().into_version(version).diagnostics
    }

    /// Takes away what the server alone sets: for another event than the one that it gave.
    pub(crate) fn forget_server(&mut self) {
        (self.id, self.base_event_id, self.is_origin) = (None, None, None);
    }

    /// Understands the names of the 2023 draft, as [`Event::from_json`] does.
    fn lift(&mut self, reader: &mut Reader) {
        json_model::Object::finish(&mut self.event, reader);
    }

    /// Says everything in the names of the 2023 draft; or, in 2.0, what JMAP has in addition to it.
    fn lowered(&self, version: Version) -> Option<Self> {
        if version >= Version::V2_0 {
            return self.with_answers();
        }
        let event = self.event.clone().into_version(version).value;
        Some(Self { event, ..self.clone() })
    }
}

impl CalendarEvent {
    /// With the members of JMAP that say when participants answered (section 5.1) where 2.0 has them: 1.0 had them itself.
    /// None if nobody did.
    fn with_answers(&self) -> Option<Self> {
        let answered = |it: &Participant| {
            let legacy = it.legacy.as_ref();
            legacy.is_some_and(|it| it.schedule_sequence.is_some() || it.schedule_updated.is_some())
        };
        if !self.event.participants.values().any(answered) {
            return None;
        }
        let mut with = self.clone();
        for participant in with.event.participants.values_mut() {
            let Some(legacy) = &mut participant.legacy else { continue };
            if let Some(sequence) = legacy.schedule_sequence.take() {
                let json = Json::from_serialize(&sequence).unwrap_or_else(|_| Json::null());
                participant.extra.insert("scheduleSequence".to_owned(), json);
            }
            if let Some(updated) = legacy.schedule_updated.take() {
                let json = Json::from(updated.to_string().as_str());
                participant.extra.insert("scheduleUpdated".to_owned(), json);
            }
        }
        Some(with)
    }
}

impl From<Event> for CalendarEvent {
    fn from(event: Event) -> Self {
        Self { event, ..Self::default() }
    }
}

impl Deref for CalendarEvent {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.event
    }
}

impl DerefMut for CalendarEvent {
    fn deref_mut(&mut self) -> &mut Event {
        &mut self.event
    }
}

jmap_sharing::scheduled_properties! {
    /// A property of a [`CalendarEvent`].
    pub enum EventProperty {
        Id = "id",
        BaseEventId = "baseEventId",
        CalendarIds = "calendarIds",
        IsDraft = "isDraft",
        IsOrigin = "isOrigin",
        UtcStart = "utcStart",
        UtcEnd = "utcEnd",
        UseDefaultAlerts = "useDefaultAlerts",
        MayInviteSelf = "mayInviteSelf",
        MayInviteOthers = "mayInviteOthers",
        HideAttendees = "hideAttendees",
        Duration = "duration",
        EndTimeZone = "endTimeZone" was "locations",
        Status = "status",
    }
}

impl Object for CalendarEvent {
    const TYPE: &'static str = "CalendarEvent";
    const USING: &'static [&'static str] = &[Calendars::URI];
    const ALSO_USING: &'static [&'static str] = &[Dialect::JSCALENDARBIS];
    type Property = EventProperty;

    fn version(session: &Session) -> Version {
        Dialect::of(session).version()
    }
}

impl Get for CalendarEvent {}
impl Changes for CalendarEvent {}
impl Set for CalendarEvent {}
impl Copy for CalendarEvent {}
impl Query for CalendarEvent {
    type Condition = EventCondition;
    type SortBy = EventSortBy;
}
impl QueryChanges for CalendarEvent {}
impl Scheduled for CalendarEvent {}

/// The arguments of `CalendarEvent/get` (JMAP Calendars, section 5.6).
pub type GetEvents = GetScheduled<CalendarEvent>;

/// The arguments of `CalendarEvent/set` (JMAP Calendars, section 5.8).
pub type SetEvents = SetScheduled<CalendarEvent>;

/// The arguments of `CalendarEvent/query` (JMAP Calendars, section 5.10).
pub type QueryEvents = QueryScheduled<CalendarEvent>;

#[cfg(test)]
mod tests {
    use json_model::Part;

    use super::*;

    /// Section 5.1 has two members of participants that JSCalendar 2.0 itself does not have.
    #[test]
    fn when_somebody_answered_is_written() {
        let text = r#"{"@type":"Event","uid":"u1","participants":{"a":{"scheduleSequence":3,"scheduleUpdated":"2026-03-01T09:00:00Z"}}}"#;
        let event: CalendarEvent = serde_json::from_str(text).unwrap();
        assert_eq!(
            event.participants.values().next().unwrap().legacy.as_ref().unwrap().schedule_sequence,
            Some(3)
        );
        assert_eq!(serde_json::to_string(&event).unwrap(), text);
    }

    /// The names of properties are those of the members.
    #[test]
    fn properties_are_members() {
        let known = |name: &&&str| **name == "@type" || CalendarEvent::default().knows(name);
        let unknown: Vec<_> = EventProperty::REGISTERED.iter().filter(|it| !known(it)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        let of =
            |members: &[json_model::Member]| members.iter().map(|it| it.name).collect::<Vec<_>>();
        let members = [of(CalendarEvent::MEMBERS), of(Event::MEMBERS)].concat();
        let unnamed: Vec<_> =
            members.iter().filter(|it| !EventProperty::REGISTERED.contains(it)).collect();
        assert_eq!(unnamed, [&"method"]);
    }
}
