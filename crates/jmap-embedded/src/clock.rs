//! The time.

use std::time::{SystemTime, UNIX_EPOCH};

use jscalendar::UtcDateTime;

/// The time, unless the clock of the machine is beyond the year 9999.
pub(crate) fn now() -> Option<UtcDateTime> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UtcDateTime::from_unix_seconds(i64::try_from(since.as_secs()).ok()?)
}
