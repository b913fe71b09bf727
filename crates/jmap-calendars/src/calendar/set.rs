//! `Calendar/set` (JMAP Calendars, section 4.3).

use jmap_core::{CreationId, Id, SetArguments, json_model};

use super::Calendar;

/// The arguments of `Calendar/set` (JMAP Calendars, section 4.3): those of every `set`, and two more.
///
/// ```
/// use jmap_calendars::{Calendar, SetCalendars};
/// use jmap_core::CreationId;
///
/// let mut set = SetCalendars::new();
/// let team = CreationId::any("team");
/// set.set.create(team.clone(), Calendar::new("Team"));
/// set.set_default_created(&team);
/// assert_eq!(
///     serde_json::to_string(&set)?,
///     r##"{"onSuccessSetIsDefault":"#team","create":{"team":{"name":"Team"}}}"##,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SetCalendars {
    /// Whether the events of destroyed calendars are taken out of them, and destroyed where they are in no other one.
    /// Without it a calendar with events is not destroyed: see
    /// [`errors::calendar_has_event`](crate::errors::calendar_has_event). No messages go out.
    pub on_destroy_remove_events: Option<bool>,
    /// The calendar that becomes the default one if all of the call succeeds: its id, or the creation id after `#`.
    /// A server of the 2023 draft refuses the call: [`Calendars::set_default`](crate::Calendars::set_default) knows what
    /// to send there.
    pub on_success_set_is_default: Option<Id<Calendar>>,
    /// The arguments of every `set`.
    pub set: SetArguments<Calendar>,
}

json_model::members! {
    SetCalendars: around set as SetArguments<Calendar> {
        "onDestroyRemoveEvents" => on_destroy_remove_events,
        "onSuccessSetIsDefault" => on_success_set_is_default,
    }
}

impl SetCalendars {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes this calendar the default one if all of the call succeeds.
    pub fn set_default(&mut self, id: Id<Calendar>) -> &mut Self {
        self.on_success_set_is_default = Some(id);
        self
    }

    /// Makes a calendar that the call creates the default one if all of it succeeds.
    pub fn set_default_created(&mut self, creation: &CreationId<Calendar>) -> &mut Self {
        self.set_default(Id::any(format!("#{}", creation.as_str())))
    }
}

jmap_sharing::set_method! { SetCalendars: Calendar }
