//! [`CalendarPreferences`] (the 2023 draft, gone from the standard since): defaults of the user.

use jmap_core::capability::Capability;
use jmap_core::object::{Changes, Get, Object, Set};
use jmap_core::{Id, Json, Map, Session, Version, json_model};

use crate::capability::{Calendars, Preferences};
use crate::dialect::Dialect;
use crate::{Calendar, ParticipantIdentity};

/// What is taken where nobody says: the only object of its type, with the id `singleton`.
///
/// It is from the 2023 draft, which servers up to Cyrus 3.12 speak. The standard has
/// [`SetCalendars::on_success_set_is_default`](crate::SetCalendars) in its place;
/// [`Calendars::set_default`](crate::Calendars::set_default) knows both.
///
/// ```
/// use jmap_calendars::CalendarPreferences;
///
/// let text = r#"{"id":"singleton","defaultCalendarId":"c1","defaultParticipantIdentityId":null}"#;
/// let preferences: CalendarPreferences = serde_json::from_str(text)?;
/// assert_eq!(preferences.id, Some(CalendarPreferences::singleton()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CalendarPreferences {
    /// The id, always `singleton`.
    pub id: Option<Id<Self>>,
    /// The calendar to which events go.
    pub default_calendar_id: Option<Id<Calendar>>,
    /// As whom the user takes part.
    pub default_participant_identity_id: Option<Id<ParticipantIdentity>>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CalendarPreferences: "CalendarPreferences" never {
        "id" => id,
        "defaultCalendarId" => default_calendar_id,
        "defaultParticipantIdentityId" => default_participant_identity_id,
    }
    extra
}

impl CalendarPreferences {
    /// The id of the only object.
    pub fn singleton() -> Id<Self> {
        Id::any("singleton")
    }
}

json_model::name_enum! {
    /// A property of [`CalendarPreferences`].
    pub enum CalendarPreferencesProperty {
        Id = "id",
        DefaultCalendarId = "defaultCalendarId",
        DefaultParticipantIdentityId = "defaultParticipantIdentityId",
    }
}

impl Object for CalendarPreferences {
    const TYPE: &'static str = "CalendarPreferences";
    const USING: &'static [&'static str] = &[Calendars::URI, Preferences::URI];
    type Property = CalendarPreferencesProperty;

    fn version(session: &Session) -> Version {
        Dialect::of(session).version()
    }
}

impl Get for CalendarPreferences {}
impl Changes for CalendarPreferences {}
impl Set for CalendarPreferences {}
