//! The errors that only calendars have, as questions to what a server says.
//!
//! ```
//! use jmap_calendars::errors;
//! use jmap_core::SetError;
//!
//! let error: SetError = serde_json::from_str(r#"{"type":"calendarHasEvent"}"#)?;
//! assert!(errors::calendar_has_event(&error));
//! # Ok::<(), serde_json::Error>(())
//! ```

use jmap_core::{Error, MethodError, SetError};

/// Whether a calendar was not destroyed because events are in it: `calendarHasEvent` (JMAP Calendars, section 4.3), which
/// Cyrus spells `calendarHasEvents`.
pub fn calendar_has_event(error: &SetError) -> bool {
    matches!(error.kind().as_str(), "calendarHasEvent" | "calendarHasEvents")
}

/// Whether an event was not changed because the server cannot send messages to somebody who takes part:
/// `noSupportedScheduleMethods` (JMAP Calendars, section 5.8).
pub fn no_supported_schedule_methods(error: &SetError) -> bool {
    error.kind().as_str() == "noSupportedScheduleMethods"
}

/// Whether a query for occurrences was about too long a time: `expandDurationTooLarge` (JMAP Calendars, section 5.10).
/// The limit is [`max_expanded_query_duration`](crate::capability::CalendarsAccount::max_expanded_query_duration).
pub fn expand_duration_too_large(error: &MethodError) -> bool {
    error.kind().as_str() == "expandDurationTooLarge"
}

/// Whether the server could not expand a series that a query matches: `cannotCalculateOccurrences`
/// (JMAP Calendars, section 5.10).
pub fn cannot_calculate_occurrences(error: &MethodError) -> bool {
    error.kind().as_str() == "cannotCalculateOccurrences"
}

/// Whether the account has no calendars at all: `accountNotSupportedByMethod` (RFC 8620, section 3.6.2), which Cyrus calls
/// `accountNoCalendars`.
pub fn has_no_calendars(error: &Error) -> bool {
    error.method_error().is_some_and(|error| {
        matches!(error.kind().as_str(), "accountNotSupportedByMethod" | "accountNoCalendars")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_and_as_servers_spell_them() {
        let set = SetError::new;
        assert!(calendar_has_event(&set("calendarHasEvent")));
        assert!(calendar_has_event(&set("calendarHasEvents")));
        assert!(!calendar_has_event(&set("forbidden")));
        assert!(no_supported_schedule_methods(&set("noSupportedScheduleMethods")));
        assert!(expand_duration_too_large(&MethodError::new("expandDurationTooLarge")));
        assert!(cannot_calculate_occurrences(&MethodError::new("cannotCalculateOccurrences")));
        let of_method = |kind: &str| Error::Method {
            method: "Calendar/get".to_owned(),
            error: Box::new(MethodError::new(kind)),
        };
        assert!(has_no_calendars(&of_method("accountNoCalendars")));
        assert!(has_no_calendars(&of_method("accountNotSupportedByMethod")));
        assert!(!has_no_calendars(&of_method("unknownMethod")));
    }
}
