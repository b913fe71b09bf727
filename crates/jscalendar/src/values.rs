//! The scalar types as values of members.

use json_model::{FromJson, ToJson};
use serde::ser::{Serialize, Serializer};

use crate::{Duration, Id, LocalDateTime, SignedDuration, TimeZoneId, UtcDateTime, Version};

json_model::text_value!(LocalDateTime, "a local date-time such as \"2026-03-01T09:00:00\"");
json_model::text_value!(UtcDateTime, "a date-time in UTC such as \"2026-03-01T09:00:00Z\"");
json_model::text_value!(Duration, "a duration such as \"PT1H30M\"");
json_model::text_value!(SignedDuration, "a duration such as \"-PT15M\"");
json_model::text_value!(TimeZoneId, "the name of a time zone");

/// Any text is read: data that others wrote has all kinds of keys. `validate` names those that are no ids.
impl FromJson for Id {
    const EXPECTED: &'static str = "a string";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self::from(text))
    }
}

impl ToJson for Id {
    fn to_json<S: Serializer>(&self, serializer: S, _: Version) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}
