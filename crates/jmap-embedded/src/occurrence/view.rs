//! What `get` shows of objects that can recur (JMAP Calendars, section 5.6).

use jmap_core::{MethodError, MethodErrorKind, UtcDate};
use jmap_sharing::scheduled::{GetScheduled, Scheduled};
use jscalendar::{Common, FoundZone, TimeZoneId, TimeZones, UtcDateTime, Zone};

use super::people::reduce_participants;
use crate::account::Somebody;

/// What part of objects is wanted.
pub(crate) struct View {
    /// That of floating objects.
    pub(crate) zone: FoundZone,
    /// Whether all properties are wanted that are not only given by name.
    pub(crate) has_all: bool,
    overrides_after: Option<i64>,
    overrides_before: Option<i64>,
    /// The user's address, if nobody else is wanted but the owners.
    only: Option<String>,
}

impl View {
    pub(crate) fn of<O: Scheduled>(
        get: &GetScheduled<O>,
        user: &Somebody,
    ) -> Result<Self, MethodError> {
        let reduces = get.reduce_participants == Some(true);
        Ok(Self {
            zone: zone(get.time_zone.as_deref())?,
            has_all: get.get.properties.is_none(),
            overrides_after: get.recurrence_overrides_after.and_then(seconds),
            overrides_before: get.recurrence_overrides_before.and_then(seconds),
            only: reduces.then(|| user.address.to_string()),
        })
    }

    pub(crate) fn cut(&self, entry: &mut impl Common) {
        if self.has_all {
            *entry.common_mut().i_calendar = None;
        }
        self.cut_overrides(entry);
        if let Some(address) = &self.only {
            reduce_participants(entry, &[address.as_str()]);
        }
    }

    fn cut_overrides(&self, entry: &mut impl Common) {
        if self.overrides_after.is_none() && self.overrides_before.is_none() {
            return;
        }
        let found = entry.common().time_zone.as_ref().and_then(|id| TimeZones::new().find(id));
        let zone = found.as_ref().unwrap_or(&self.zone);
        entry.common_mut().recurrence_overrides.retain(|id, _| {
            let at = zone.instant_of(*id);
            self.overrides_after.is_none_or(|after| at >= after)
                && self.overrides_before.is_none_or(|before| at < before)
        });
    }
}

fn seconds(date: UtcDate) -> Option<i64> {
    date.to_string().parse().ok().map(UtcDateTime::unix_seconds)
}

/// The error where times in UTC are wanted beside overrides, which have none.
pub(crate) fn refuse_utc_and_overrides() -> MethodError {
    let mut error = MethodError::new(MethodErrorKind::InvalidArguments)
        .description("times in UTC do not go with recurrenceOverrides");
    error.arguments = vec!["properties".to_owned()];
    error
}

/// The time zone of this name, or UTC.
pub(crate) fn zone(name: Option<&str>) -> Result<FoundZone, MethodError> {
    let id = name.map_or_else(|| Some(TimeZoneId::utc()), |name| name.parse().ok());
    id.and_then(|id| TimeZones::new().find(&id)).ok_or_else(|| {
        let mut error = MethodError::new(MethodErrorKind::InvalidArguments);
        error.arguments = vec!["timeZone".to_owned()];
        error
    })
}
