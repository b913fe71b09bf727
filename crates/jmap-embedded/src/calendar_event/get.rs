//! `CalendarEvent/get` (JMAP Calendars, section 5.6).

use jmap_calendars::{CalendarEvent, EventProperty, GetEvents};
use jmap_core::server::Context;
use jmap_core::{GetResponse, Json, MethodError, MethodErrorKind, UtcDate};
use jscalendar::{FoundZone, TimeZones, UtcDateTime, Zone};

use super::people::reduce_participants;
use super::{synthetic, utc, zone};
use crate::account::Somebody;
use crate::kept;

pub(crate) async fn get(
    context: Context<Somebody>,
    get: GetEvents,
) -> Result<GetResponse<CalendarEvent>, MethodError> {
    let view = View::of(&context, &get)?;
    let mut response = kept::get_shown(&context, get.get, |event| view.show(event))?;
    for event in &mut response.list.objects {
        // Of an occurrence these are null, which is said when they are asked for.
        if event.id.as_ref().is_some_and(|id| synthetic::decoded(id.as_str()).is_some()) {
            let nulls = view.of_series.iter().map(|name| ((*name).to_owned(), Json::null()));
            event.event.extra.extend(nulls);
        }
    }
    Ok(response)
}

/// What is wanted of each event.
struct View {
    zone: FoundZone,
    overrides_after: Option<i64>,
    overrides_before: Option<i64>,
    /// The user's address, if nobody else is wanted but the owners.
    only: Option<String>,
    /// Whether all properties are wanted that are not only given by name.
    has_all: bool,
    has_utc: bool,
    /// What a series has, and its occurrences do not.
    of_series: Vec<&'static str>,
}

impl View {
    fn of(context: &Context<Somebody>, get: &GetEvents) -> Result<Self, MethodError> {
        let names = get.get.properties.as_deref();
        let wants = |property: &EventProperty| names.is_some_and(|names| names.contains(property));
        let has_utc = wants(&EventProperty::UtcStart) || wants(&EventProperty::UtcEnd);
        if has_utc && wants(&EventProperty::RecurrenceOverrides) {
            let mut error = MethodError::new(MethodErrorKind::InvalidArguments)
                .description("utcStart and utcEnd do not go with recurrenceOverrides");
            error.arguments = vec!["properties".to_owned()];
            return Err(error);
        }
        let of_series = [
            ("recurrenceRule", EventProperty::RecurrenceRule),
            ("recurrenceOverrides", EventProperty::RecurrenceOverrides),
        ];
        let reduces = get.reduce_participants == Some(true);
        Ok(Self {
            zone: zone(get.time_zone.as_deref())?,
            overrides_after: get.recurrence_overrides_after.and_then(seconds),
            overrides_before: get.recurrence_overrides_before.and_then(seconds),
            only: reduces.then(|| context.user().address.to_string()),
            has_all: names.is_none(),
            has_utc,
            of_series: of_series
                .into_iter()
                .filter(|(_, it)| wants(it))
                .map(|(name, _)| name)
                .collect(),
        })
    }

    fn show(&self, event: &mut CalendarEvent) {
        if self.has_all {
            event.event.i_calendar = None;
            event.is_draft.get_or_insert(false);
        }
        if self.has_utc {
            utc::show(event, &self.zone);
        }
        self.cut_overrides(event);
        if let Some(address) = &self.only {
            reduce_participants(&mut event.event, &[address.as_str()]);
        }
    }

    fn cut_overrides(&self, event: &mut CalendarEvent) {
        let found = event.time_zone.as_ref().and_then(|id| TimeZones::new().find(id));
        let zone = found.as_ref().unwrap_or(&self.zone);
        event.event.recurrence_overrides.retain(|id, _| {
            let at = zone.instant_of(*id);
            self.overrides_after.is_none_or(|after| at >= after)
                && self.overrides_before.is_none_or(|before| at < before)
        });
    }
}

fn seconds(date: UtcDate) -> Option<i64> {
    date.to_string().parse().ok().map(UtcDateTime::unix_seconds)
}
