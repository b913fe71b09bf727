//! [`ParticipantIdentity`] (JMAP Calendars, section 3): as whom the user takes part in events.

use jmap_core::capability::Capability;
use jmap_core::json_model::{self, Reader};
use jmap_core::object::{Changes, Get, Object, Set};
use jmap_core::{CreationId, Id, Json, Map, Session, SetArguments, Version};
use jscalendar::Participant;

use crate::capability::Calendars;
use crate::dialect::{self, Dialect};

/// As whom the user takes part in events (JMAP Calendars, section 3).
///
/// A participant with the same calendar address is the user: see [`is`](Self::is).
///
/// ```
/// use jmap_calendars::ParticipantIdentity;
/// use jscalendar::Participant;
///
/// let text = r#"{"id":"i1","name":"Ann","calendarAddress":"mailto:ann@example.com","isDefault":true}"#;
/// let ann: ParticipantIdentity = serde_json::from_str(text)?;
/// assert!(ann.is(&Participant::new("MAILTO:ann@EXAMPLE.com")));
/// assert!(!ann.is(&Participant::new("mailto:bob@example.com")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ParticipantIdentity {
    /// The id. Set by the server.
    pub id: Option<Id<Self>>,
    /// What people call the user then.
    pub name: Option<String>,
    /// The URI that scheduling messages go to, mostly `mailto:…`. In the 2023 draft it is in the map `sendTo`.
    pub calendar_address: Option<String>,
    /// Whether it is the one to take where nobody says. Set by the server; see [`SetIdentities`].
    pub is_default: Option<bool>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    ParticipantIdentity: "ParticipantIdentity" never {
        "id" => id,
        "name" => name,
        "calendarAddress" (V2_0) => calendar_address,
        "isDefault" => is_default,
    }
    read: ParticipantIdentity::lift;
    write: ParticipantIdentity::lowered;
    extra
}

impl ParticipantIdentity {
    /// An identity with this calendar address, a URI such as `mailto:ann@example.com`.
    pub fn new(calendar_address: impl Into<String>) -> Self {
        Self { calendar_address: Some(calendar_address.into()), ..Self::default() }
    }

    /// Whether this participant is the user under this identity.
    pub fn is(&self, participant: &Participant) -> bool {
        self.calendar_address.as_deref().is_some_and(|address| participant.has_address(address))
    }

    fn lift(&mut self, _: &mut Reader) {
        dialect::lift_address(&mut self.calendar_address, &mut self.extra);
    }

    fn lowered(&self, version: Version) -> Option<Self> {
        if version >= Version::V2_0 || self.calendar_address.is_none() {
            return None;
        }
        let mut lowered = self.clone();
        dialect::lower_address(&mut lowered.calendar_address, &mut lowered.extra);
        Some(lowered)
    }
}

json_model::name_enum! {
    /// A property of a [`ParticipantIdentity`]. A server of the 2023 draft refuses `isDefault`, so it is asked for the `id`
    /// once more in its place.
    pub enum ParticipantIdentityProperty {
        Id = "id",
        Name = "name",
        CalendarAddress = "calendarAddress" was "sendTo",
        IsDefault = "isDefault" was "id",
    }
}

impl Object for ParticipantIdentity {
    const TYPE: &'static str = "ParticipantIdentity";
    const USING: &'static [&'static str] = &[Calendars::URI];
    const ALSO_USING: &'static [&'static str] = &[Dialect::JSCALENDARBIS];
    type Property = ParticipantIdentityProperty;

    fn version(session: &Session) -> Version {
        Dialect::of(session).version()
    }
}

impl Get for ParticipantIdentity {}
impl Changes for ParticipantIdentity {}
impl Set for ParticipantIdentity {}

/// The arguments of `ParticipantIdentity/set` (JMAP Calendars, section 3.3): those of every `set`, and the default one.
///
/// ```
/// use jmap_calendars::{ParticipantIdentity, SetIdentities};
/// use jmap_core::CreationId;
///
/// let mut set = SetIdentities::default();
/// let ann = CreationId::any("ann");
/// set.set.create(ann.clone(), ParticipantIdentity::new("mailto:ann@example.com"));
/// set.set_default_created(&ann);
/// assert_eq!(
///     serde_json::to_string(&set)?,
///     r##"{"onSuccessSetIsDefault":"#ann","create":{"ann":{"calendarAddress":"mailto:ann@example.com"}}}"##,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SetIdentities {
    /// The identity that becomes the default one if all of the call succeeds: its id, or the creation id after `#`. The
    /// server may ignore it; one of the 2023 draft refuses the call.
    pub on_success_set_is_default: Option<Id<ParticipantIdentity>>,
    /// The arguments of every `set`.
    pub set: SetArguments<ParticipantIdentity>,
}

json_model::members! {
    SetIdentities: around set as SetArguments<ParticipantIdentity> {
        "onSuccessSetIsDefault" => on_success_set_is_default,
    }
}

impl SetIdentities {
    /// Makes this identity the default one if all of the call succeeds.
    pub fn set_default(&mut self, id: Id<ParticipantIdentity>) -> &mut Self {
        self.on_success_set_is_default = Some(id);
        self
    }

    /// Makes an identity that the call creates the default one if all of it succeeds.
    pub fn set_default_created(&mut self, creation: &CreationId<ParticipantIdentity>) -> &mut Self {
        self.set_default(Id::any(format!("#{}", creation.as_str())))
    }
}

jmap_sharing::set_method! { SetIdentities: ParticipantIdentity }
