//! The scalar types as values of members.

use crate::{Duration, Id, LocalDateTime, SignedDuration, TimeZoneId, UtcDateTime};

json_model::text_value!(LocalDateTime, "a local date-time such as \"2026-03-01T09:00:00\"");
json_model::text_value!(UtcDateTime, "a date-time in UTC such as \"2026-03-01T09:00:00Z\"");
json_model::text_value!(Duration, "a duration such as \"PT1H30M\"");
json_model::text_value!(SignedDuration, "a duration such as \"-PT15M\"");
json_model::text_value!(TimeZoneId, "the name of a time zone");
json_model::text_value!(Id, "an id");
