//! `CalendarEvent/copy` (JMAP Calendars, section 5.12).

use jmap_calendars::{CalendarEvent, SetEvents};
use jmap_core::server::Context;
use jmap_core::{CopyArguments, CopyResponse, MethodError};

use crate::account::Somebody;
use crate::kept::copy as kept_copy;

pub(crate) fn copy(
    context: &Context<Somebody>,
    copy: CopyArguments<CalendarEvent>,
) -> Result<CopyResponse<CalendarEvent>, MethodError> {
    let (response, destroy) = kept_copy(context, copy)?;
    if let Some(destroy) = destroy {
        // Nobody is told: there is no argument that says so.
        context.also(&SetEvents::from(destroy));
    }
    Ok(response)
}
