//! [`CalendarRights`] (JMAP Calendars, section 4).

use jmap_core::json_model::{self, Reader, Version};
use jmap_core::{Json, Map};

/// What somebody may do with a calendar and its events (JMAP Calendars, section 4).
///
/// ```
/// use jmap_calendars::CalendarRights;
///
/// let rights = CalendarRights::read();
/// assert_eq!(serde_json::to_string(&rights)?, r#"{"mayReadFreeBusy":true,"mayReadItems":true}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CalendarRights {
    /// To know when its events make somebody busy.
    pub may_read_free_busy: Option<bool>,
    /// To fetch its events.
    pub may_read_items: Option<bool>,
    /// To create, change and destroy all of its events. It brings the next three along.
    pub may_write_all: Option<bool>,
    /// To create, change and destroy events that belong to the user, or to nobody.
    pub may_write_own: Option<bool>,
    /// To change what every user has of their own: alerts, keywords and the like.
    pub may_update_private: Option<bool>,
    /// To answer invitations.
    pub may_rsvp: Option<bool>,
    /// To share it; the 2023 draft calls it `mayAdmin`.
    pub may_share: Option<bool>,
    /// To destroy it.
    pub may_delete: Option<bool>,
    /// Rights that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CalendarRights: "CalendarRights" never {
        "mayReadFreeBusy" => may_read_free_busy,
        "mayReadItems" => may_read_items,
        "mayWriteAll" => may_write_all,
        "mayWriteOwn" => may_write_own,
        "mayUpdatePrivate" => may_update_private,
        "mayRSVP" => may_rsvp,
        "mayShare" (V2_0) => may_share,
        "mayDelete" => may_delete,
    }
    read: CalendarRights::lift;
    write: CalendarRights::lowered;
    extra
}

impl CalendarRights {
    /// To know when somebody is busy, and no more.
    pub fn free_busy() -> Self {
        Self { may_read_free_busy: Some(true), ..Self::default() }
    }

    /// To see everything.
    pub fn read() -> Self {
        Self { may_read_items: Some(true), ..Self::free_busy() }
    }

    /// To see and change all events.
    pub fn write() -> Self {
        Self {
            may_write_all: Some(true),
            may_write_own: Some(true),
            may_update_private: Some(true),
            may_rsvp: Some(true),
            ..Self::read()
        }
    }

    /// Everything, as the owner of a calendar may do.
    pub fn owner() -> Self {
        Self { may_share: Some(true), may_delete: Some(true), ..Self::write() }
    }

    fn lift(&mut self, _: &mut Reader) {
        if let Some(may) = self.extra.remove(ADMIN) {
            self.may_share = self.may_share.or_else(|| may.decode().ok());
        }
    }

    fn lowered(&self, version: Version) -> Option<Self> {
        let may = self.may_share.filter(|_| version < Version::V2_0)?;
        let mut lowered = Self { may_share: None, ..self.clone() };
        lowered.extra.insert(ADMIN.to_owned(), Json::from(may));
        Some(lowered)
    }
}

const ADMIN: &str = "mayAdmin";
