//! `CalendarEvent/get` (JMAP Calendars, section 5.6).

use jmap_calendars::{CalendarEvent, EventProperty, GetEvents};
use jmap_core::server::Context;
use jmap_core::{GetResponse, Json, MethodError};

use super::utc;
use crate::account::Somebody;
use crate::kept;
use crate::occurrence::decoded;
use crate::occurrence::view::{View, refuse_utc_and_overrides};

pub(crate) fn get(
    context: &Context<Somebody>,
    get: GetEvents,
) -> Result<GetResponse<CalendarEvent>, MethodError> {
    let names = get.get.properties.clone().unwrap_or_default();
    let wants = |property: &EventProperty| names.contains(property);
    let has_utc = wants(&EventProperty::UtcStart) || wants(&EventProperty::UtcEnd);
    if has_utc && wants(&EventProperty::RecurrenceOverrides) {
        return Err(refuse_utc_and_overrides());
    }
    let view = View::of(&get, context.user())?;
    let show = |event: &mut CalendarEvent| {
        if view.has_all {
            event.is_draft.get_or_insert(false);
        }
        if has_utc {
            utc::show(event, &view.zone);
        }
        view.cut(&mut event.event);
    };
    let mut response = kept::get_shown(context, get.get, show)?;
    let of_series = [
        ("recurrenceRule", EventProperty::RecurrenceRule),
        ("recurrenceOverrides", EventProperty::RecurrenceOverrides),
    ];
    for event in &mut response.list.objects {
        // Of an occurrence these are null, which is said when they are asked for.
        if event.id.as_ref().is_some_and(|id| decoded(id.as_str()).is_some()) {
            let wanted = of_series.iter().filter(|(_, property)| wants(property));
            let nulls = wanted.map(|(name, _)| ((*name).to_owned(), Json::null()));
            event.event.extra.extend(nulls);
        }
    }
    Ok(response)
}
