//! Finding out which version a server takes, where its session does not tell.

use jmap_core::{Client, Error, MethodErrorKind, Operation, SetError, SetErrorKind, Version};

use crate::CalendarEvent;

/// Does something, and once more in the other version if the server refused the names of this one.
pub(crate) fn settling<T: Send + 'static>(
    client: &Client,
    attempt: impl Fn(&Client) -> Operation<T> + Send + Sync + 'static,
) -> Operation<T> {
    let client = client.clone();
    Operation::new(async move {
        let version = client.version::<CalendarEvent>();
        let error = match attempt(&client).await {
            Err(error) if is_other_dialect(&error, version) => error,
            result => return result,
        };
        client.set_version::<CalendarEvent>(other(version));
        let result = attempt(&client).await;
        if result.as_ref().is_err_and(|error| is_other_dialect(error, other(version))) {
            // It is something else that the server does not like.
            client.set_version::<CalendarEvent>(version);
            return Err(error);
        }
        result
    })
}

/// Takes note of the version of an event that the server gave.
pub(crate) fn saw(client: &Client, event: &CalendarEvent) {
    let is_new = event.version.is_some_and(|version| version >= Version::V2_0);
    if is_new && client.version::<CalendarEvent>() < Version::V2_0 {
        client.set_version::<CalendarEvent>(Version::V2_0);
    }
}

pub(crate) fn other(version: Version) -> Version {
    if version < Version::V2_0 { Version::V2_0 } else { Version::V1_0 }
}

/// Whether the server refused names, or missed some, that one version has and the other one has not.
pub(crate) fn is_other_dialect(error: &Error, version: Version) -> bool {
    match error {
        Error::Set { error, .. } => refuses(error, version),
        Error::Method { error, .. } if error.kind() == MethodErrorKind::InvalidArguments => {
            error.arguments.iter().any(|argument| is_of(argument, version))
        }
        _ => false,
    }
}

/// Whether an object was refused for its version.
fn refuses(error: &SetError, version: Version) -> bool {
    error.kind() == SetErrorKind::InvalidProperties
        && error.properties.iter().any(|pointer| is_of(pointer, version))
}

/// Whether the last name of a pointer is that of a member which only this version has; `version` is demanded by one, and
/// unknown to the other.
fn is_of(pointer: &str, version: Version) -> bool {
    const NEW: &[&str] = &[
        "recurrenceRule",
        "organizerCalendarAddress",
        "calendarAddress",
        "endTimeZone",
        "mainLocationId",
        "inCalendar",
        "mayShare",
        "isDefault",
    ];
    const OLD: &[&str] = &["recurrenceRules", "replyTo", "sendTo", "inCalendars", "mayAdmin"];
    // Cyrus says `properties[2:isDefault]` of a name in a list.
    let name = pointer.rsplit(['/', ':']).next().unwrap_or(pointer).trim_end_matches(']');
    let names = if version < Version::V2_0 { OLD } else { NEW };
    name == "version" || names.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals() {
        let error = |property: &str| SetError::invalid_properties([property]);
        assert!(refuses(&error("version"), Version::V2_0));
        assert!(refuses(&error("version"), Version::V1_0));
        assert!(refuses(&error("participants/a/calendarAddress"), Version::V2_0));
        assert!(!refuses(&error("participants/a/calendarAddress"), Version::V1_0));
        assert!(refuses(&error("replyTo"), Version::V1_0));
        assert!(refuses(&error("properties[2:isDefault]"), Version::V2_0));
        assert!(!refuses(&error("uid"), Version::V2_0));
        assert!(!refuses(&SetError::new(SetErrorKind::Forbidden), Version::V2_0));
    }
}
