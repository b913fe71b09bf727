//! [`Location`] (RFC 8984, section 4.2.5) and [`VirtualLocation`] (section 4.2.6).

use crate::{Id, Json, Link, LocationLegacy, Map, Set, VirtualLocationLegacy};

/// A place (RFC 8984, section 4.2.5).
///
/// ```
/// use jscalendar::{Event, Location};
///
/// let mut event = Event::new("e1", "2026-03-01T09:00:00".parse()?);
/// event.locations.insert("room".into(), Location::new("Room 1"));
/// assert_eq!(event.locations["room"].name.as_deref(), Some("Room 1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Location {
    /// What people call it.
    pub name: Option<String>,
    /// What kinds of place it is, from the registry of RFC 4589.
    pub location_types: Set<String>,
    /// A `geo:` URI (RFC 5870).
    pub coordinates: Option<String>,
    /// Maps, images and the like.
    pub links: Map<Id, Link>,
    /// What a conversion from iCalendar could say nowhere else; see [`Event::i_calendar`](crate::Event::i_calendar).
    pub i_calendar: Option<Json>,
    /// What only version 1.0 has.
    pub legacy: Option<Box<LocationLegacy>>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Location: "Location" in V1_0 {
        "name" => name,
        "locationTypes" => location_types,
        "coordinates" => coordinates,
        "links" => links,
        "iCalendar" => i_calendar,
    }
    legacy: legacy as LocationLegacy
    extra
}

impl Location {
    /// A place of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }
}

/// A place in the net: a conference, a chat room, a telephone number (RFC 8984, section 4.2.6).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct VirtualLocation {
    /// What people call it.
    pub name: Option<String>,
    /// Where it is reached. The standard demands it.
    pub uri: Option<String>,
    /// What it offers.
    pub features: Set<Feature>,
    /// What only version 1.0 has.
    pub legacy: Option<Box<VirtualLocationLegacy>>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    VirtualLocation: "VirtualLocation" in V1_0 {
        "name" => name,
        "uri" => uri,
        "features" => features,
    }
    legacy: legacy as VirtualLocationLegacy
    extra
}

impl VirtualLocation {
    /// A place that is reached at `uri`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: Some(uri.into()), ..Self::default() }
    }
}

json_model::text_enum! {
    /// What a place in the net offers (RFC 8984, section 4.2.6).
    pub enum Feature {
        /// Voices.
        Audio = "audio",
        /// Text messages.
        Chat = "chat",
        /// A feed of posts.
        Feed = "feed",
        /// For moderators only.
        Moderator = "moderator",
        /// By telephone.
        Phone = "phone",
        /// Sharing a screen.
        Screen = "screen",
        /// Pictures.
        Video = "video",
    }
}
