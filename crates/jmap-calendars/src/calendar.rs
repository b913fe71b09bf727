//! [`Calendar`] (JMAP Calendars, section 4): a collection of events, and what each user sees of it.

mod rights;
mod set;

use jmap_core::capability::Capability;
use jmap_core::object::{Changes, Get, Object, Set};
use jmap_core::{Id, Json, Map, Session, Version, json_model};
use jmap_sharing::{Principal, Shareable};
use jscalendar::{Alert, TimeZoneId};

pub use self::rights::CalendarRights;
pub use self::set::SetCalendars;
use crate::capability::Calendars;
use crate::dialect::Dialect;

/// A collection of events (JMAP Calendars, section 4).
///
/// ```
/// use jmap_calendars::Calendar;
///
/// let calendar = Calendar::new("Team");
/// assert_eq!(serde_json::to_string(&calendar)?, r#"{"name":"Team"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Servers differ in what they give where no properties are named: [`Calendar::ALL`] are those to name.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Calendar {
    /// The id. Set by the server.
    pub id: Option<Id<Self>>,
    /// The name, 1 to 255 octets. Every user may have another one.
    pub name: Option<String>,
    /// A longer text.
    pub description: Option<String>,
    /// A CSS colour name, `#rgb` or `#rrggbb`. Every user may have another one.
    pub color: Option<String>,
    /// The lowest comes first, then by name; 0 if absent. Of the user.
    pub sort_order: Option<u64>,
    /// Whether the user wants to see it at all. Of the user.
    pub is_subscribed: Option<bool>,
    /// Whether its events are shown. Of the user.
    pub is_visible: Option<bool>,
    /// Whether events go here when nobody says where. Set by the server; see [`SetCalendars`].
    pub is_default: Option<bool>,
    /// Which of its events make the user busy. Of the user.
    pub include_in_availability: Option<IncludeInAvailability>,
    /// The alerts of events with a time that use the default ones. Of the user.
    pub default_alerts_with_time: Option<Map<jscalendar::Id, Alert>>,
    /// The alerts of events on whole days that use the default ones. Of the user.
    pub default_alerts_without_time: Option<Map<jscalendar::Id, Alert>>,
    /// The time zone of floating events where one is needed; that of the owner if absent. Every user may have another one.
    pub time_zone: Option<TimeZoneId>,
    /// With whom it is shared, and what they may do; absent if with nobody.
    pub share_with: Option<Map<Id<Principal>, CalendarRights>>,
    /// What the user may do. Set by the server.
    pub my_rights: Option<CalendarRights>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Calendar: "Calendar" never {
        "id" => id,
        "name" => name,
        "description" => description,
        "color" => color,
        "sortOrder" => sort_order,
        "isSubscribed" => is_subscribed,
        "isVisible" => is_visible,
        "isDefault" => is_default,
        "includeInAvailability" => include_in_availability,
        "defaultAlertsWithTime" => default_alerts_with_time,
        "defaultAlertsWithoutTime" => default_alerts_without_time,
        "timeZone" => time_zone,
        "shareWith" => share_with,
        "myRights" => my_rights,
    }
    extra
}

impl Calendar {
    /// The properties to ask for: all that the standard has.
    pub const ALL: &'static [CalendarProperty] = &[
        CalendarProperty::Id,
        CalendarProperty::Name,
        CalendarProperty::Description,
        CalendarProperty::Color,
        CalendarProperty::SortOrder,
        CalendarProperty::IsSubscribed,
        CalendarProperty::IsVisible,
        CalendarProperty::IsDefault,
        CalendarProperty::IncludeInAvailability,
        CalendarProperty::DefaultAlertsWithTime,
        CalendarProperty::DefaultAlertsWithoutTime,
        CalendarProperty::TimeZone,
        CalendarProperty::ShareWith,
        CalendarProperty::MyRights,
    ];

    /// A calendar of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }
}

json_model::text_enum! {
    /// Which events of a calendar make its user busy (JMAP Calendars, section 4).
    pub enum IncludeInAvailability {
        /// All of them.
        All = "all",
        /// Those that the user attends, or may.
        Attending = "attending",
        /// None.
        None = "none",
    }
}

json_model::name_enum! {
    /// A property of a [`Calendar`]. A server of the 2023 draft refuses `isDefault`, so it is asked for the `id` once more
    /// in its place.
    pub enum CalendarProperty {
        Id = "id",
        Name = "name",
        Description = "description",
        Color = "color",
        SortOrder = "sortOrder",
        IsSubscribed = "isSubscribed",
        IsVisible = "isVisible",
        IsDefault = "isDefault" was "id",
        IncludeInAvailability = "includeInAvailability",
        DefaultAlertsWithTime = "defaultAlertsWithTime",
        DefaultAlertsWithoutTime = "defaultAlertsWithoutTime",
        TimeZone = "timeZone",
        ShareWith = "shareWith",
        MyRights = "myRights",
    }
}

impl Object for Calendar {
    const TYPE: &'static str = "Calendar";
    const USING: &'static [&'static str] = &[Calendars::URI];
    const ALSO_USING: &'static [&'static str] = &[Dialect::JSCALENDARBIS];
    type Property = CalendarProperty;

    fn version(session: &Session) -> Version {
        Dialect::of(session).version()
    }
}

impl Get for Calendar {}
impl Changes for Calendar {}
impl Set for Calendar {}

impl Shareable for Calendar {
    type Rights = CalendarRights;
    const SHARE_WITH: CalendarProperty = CalendarProperty::ShareWith;

    fn share_with(&self) -> Option<&Map<Id<Principal>, CalendarRights>> {
        self.share_with.as_ref()
    }

    fn my_rights(&self) -> Option<&CalendarRights> {
        self.my_rights.as_ref()
    }
}
