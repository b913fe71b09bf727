//! The rules: one code each.

use crate::Severity;

/// A rule of the standard, or of the standards it refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
}

macro_rules! rules {
    ($($name:ident = $severity:ident $code:literal;)*) => {
        $(pub(super) const $name: Rule = Rule { code: $code, severity: Severity::$severity };)*

        #[cfg(test)]
        pub(super) const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    // Names and types.
    MISSING = Error "missing-member";
    WRONG_VALUE = Error "wrong-value";
    WRONG_TYPE = Error "wrong-type";
    NAME_CASE = Error "name-case";
    VALUE_CASE = Error "value-case";
    UNKNOWN_VALUE = Note "unknown-value";
    INVALID_NAME = Error "invalid-name";
    RESERVED_NAME = Error "reserved-name";
    NOT_HERE = Error "not-here";
    NOT_IN_VERSION = Error "not-in-version";
    UNKNOWN_TYPE = Note "unknown-type";
    // Versions.
    OTHER_VERSION = Error "other-version";
    VERSION_IN_ENTRY = Error "version-in-entry";
    // Values.
    INVALID_ID = Error "invalid-id";
    OUT_OF_RANGE = Error "out-of-range";
    FRACTION = Error "fraction";
    INVALID_URI = Error "invalid-uri";
    INVALID_EMAIL = Error "invalid-email";
    INVALID_COLOR = Error "invalid-color";
    INVALID_LANGUAGE = Error "invalid-language";
    INVALID_MEDIA_TYPE = Error "invalid-media-type";
    UNKNOWN_ZONE = Warning "unknown-zone";
    UNDEFINED_ZONE = Error "undefined-zone";
    INVALID_ZONE = Error "invalid-zone";
    // Members that need or exclude others.
    INSTANCE_RECURS = Error "instance-recurs";
    ID_ZONE_ALONE = Error "recurrence-id-zone-alone";
    COUNT_AND_UNTIL = Error "count-and-until";
    END_ZONE_ALONE = Error "end-zone-alone";
    TASK_WITHOUT_DATE = Error "task-without-date";
    ORGANIZER_ALONE = Error "organizer-without-participant";
    NO_ORGANIZER = Error "participant-without-organizer";
    SENT_BY_ALONE = Error "sent-by-without-organizer";
    MAIN_LOCATION = Error "main-location";
    CONTENT_TYPE_ALONE = Error "content-type-alone";
    // Parts of an object.
    NO_ADDRESS = Error "no-calendar-address";
    UNKNOWN_PARTICIPANT = Error "unknown-participant";
    UNKNOWN_LOCATION = Warning "unknown-location";
    TASKS_ONLY = Error "tasks-only";
    PROGRESS = Error "progress-not-accepted";
    EMPTY_LOCATION = Error "empty-location";
    DISPLAY = Error "display-without-icon";
    UNKNOWN_ALERT = Warning "unknown-alert";
    ALERT_ANCHOR = Error "alert-anchor";
    // Patches.
    PATCH_POINTER = Error "patch-pointer";
    PATCH_ARRAY = Error "patch-array";
    PATCH_PARENT = Error "patch-parent";
    PATCH_OVERLAP = Error "patch-overlap";
    PATCH_IGNORED = Note "patch-ignored";
    EXCLUDED = Error "excluded-with-others";
    NOT_EXCLUDED = Note "excluded-false";
    LOCALIZATION = Error "localization";
    NOT_CHECKED = Note "not-checked";
}
