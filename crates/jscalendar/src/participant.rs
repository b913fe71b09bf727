//! [`Participant`] (RFC 8984, section 4.4.6).

mod address;
mod helpers;

pub use self::address::same_address;
use crate::{Id, Json, Link, Map, ParticipantLegacy, Progress, Set};

/// A person, group, room or thing that takes part (RFC 8984, section 4.4.6).
///
/// ```
/// use jscalendar::{Participant, ParticipationStatus, Role};
///
/// let mut ann = Participant::new("mailto:ann@example.com");
/// ann.name = Some("Ann".to_owned());
/// ann.roles.insert(Role::Chair);
/// ann.participation_status = Some(ParticipationStatus::Accepted);
/// assert_eq!(
///     serde_json::to_string(&ann)?,
///     concat!(
///         r#"{"name":"Ann","calendarAddress":"mailto:ann@example.com","roles":{"chair":true},"#,
///         r#""participationStatus":"accepted"}"#,
///     ),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Participant {
    /// What people call it.
    pub name: Option<String>,
    /// The mail address to use, if it is not the calendar address.
    pub email: Option<String>,
    /// A longer text.
    pub description: Option<String>,
    /// The media type of `description` (2.0 only).
    pub description_content_type: Option<String>,
    /// The URI that scheduling messages go to (2.0; `sendTo` in 1.0).
    pub calendar_address: Option<String>,
    /// What it is.
    pub kind: Option<ParticipantKind>,
    /// What it does. In 1.0 at least one is demanded; in 2.0 none means an ordinary attendee.
    pub roles: Set<Role>,
    /// Whether it takes part; `needs-action` if absent.
    pub participation_status: Option<ParticipationStatus>,
    /// Whether an answer is wanted; false if absent.
    pub expect_reply: Option<bool>,
    /// The mail address that sent the answer, if it is another one.
    pub sent_by: Option<String>,
    /// To whom it handed its part on: calendar addresses in 2.0, keys of `participants` in 1.0.
    pub delegated_to: Set<String>,
    /// Who handed it the part: calendar addresses in 2.0, keys of `participants` in 1.0.
    pub delegated_from: Set<String>,
    /// The groups through which it was invited: calendar addresses in 2.0, keys of `participants` in 1.0.
    pub member_of: Set<String>,
    /// Pictures, home pages and the like.
    pub links: Map<Id, Link>,
    /// How far it is with the task. In tasks only.
    pub progress: Option<Progress>,
    /// How much of the task it has done, 0 to 100. In tasks only.
    pub percent_complete: Option<u64>,
    /// What a conversion from iCalendar could say nowhere else; see [`Event::i_calendar`](crate::Event::i_calendar).
    pub i_calendar: Option<Json>,
    /// What only version 1.0 has.
    pub legacy: Option<Box<ParticipantLegacy>>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Participant: "Participant" in V1_0 {
        "name" => name,
        "email" => email,
        "description" => description,
        "descriptionContentType" (V2_0) => description_content_type,
        "calendarAddress" (V2_0) => calendar_address,
        "kind" => kind,
        "roles" => roles,
        "participationStatus" => participation_status,
        "expectReply" => expect_reply,
        "sentBy" => sent_by,
        "delegatedTo" => delegated_to,
        "delegatedFrom" => delegated_from,
        "memberOf" => member_of,
        "links" => links,
        "progress" => progress,
        "percentComplete" => percent_complete,
        "iCalendar" => i_calendar,
    }
    legacy: legacy as ParticipantLegacy
    extra
}

impl Participant {
    /// A participant with this calendar address, a URI such as `mailto:ann@example.com`.
    pub fn new(calendar_address: impl Into<String>) -> Self {
        Self { calendar_address: Some(calendar_address.into()), ..Self::default() }
    }
}

json_model::text_enum! {
    /// What a participant is (RFC 8984, section 4.4.6).
    pub enum ParticipantKind {
        /// A person.
        Individual = "individual",
        /// Several persons.
        Group = "group",
        /// A thing, such as a projector.
        Resource = "resource",
        /// A room or another place.
        Location = "location",
    }
}

json_model::text_enum! {
    /// What a participant does (RFC 8984, section 4.4.6; JSCalendar 2.0).
    pub enum Role {
        /// May change the object.
        Owner = "owner",
        /// Takes part (1.0 only; 2.0 has no role for it).
        Attendee = "attendee",
        /// Need not come.
        Optional = "optional",
        /// Is only to know of it.
        Informational = "informational",
        /// Leads it.
        Chair = "chair",
        /// Must come (2.0 only).
        Required = "required",
        /// Gives information about it (1.0 only).
        Contact = "contact",
    }
}

json_model::text_enum! {
    /// Whether a participant takes part (RFC 8984, section 4.4.6).
    pub enum ParticipationStatus {
        /// It has not said; the default.
        NeedsAction = "needs-action",
        /// It does.
        Accepted = "accepted",
        /// It does not.
        Declined = "declined",
        /// It may.
        Tentative = "tentative",
        /// It handed its part on.
        Delegated = "delegated",
    }
}
