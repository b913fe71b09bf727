//! [`Task`] (RFC 8984, section 2.2): something to be done.

use crate::{Duration, EntryLegacy, LocalDateTime};

crate::common::entry! {
    /// Something to be done, perhaps by a certain time (RFC 8984, section 2.2).
    ///
    /// ```
    /// use jscalendar::{Progress, Task};
    ///
    /// let mut task = Task::new("t1");
    /// task.title = Some("Buy milk".to_owned());
    /// task.due = Some("2026-03-01T18:00:00".parse()?);
    /// task.progress = Some(Progress::InProcess);
    /// assert_eq!(
    ///     serde_json::to_string(&task)?,
    ///     concat!(
    ///         r#"{"@type":"Task","version":"2.0","uid":"t1","title":"Buy milk","#,
    ///         r#""due":"2026-03-01T18:00:00","progress":"in-process"}"#,
    ///     ),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Task: "Task", crate::lift::task {
        /// When it should start, in `time_zone` (RFC 8984, section 5.2.2).
        "start" start: Option<LocalDateTime>,
        /// When it must be done, in `time_zone` (RFC 8984, section 5.2.1).
        "due" due: Option<LocalDateTime>,
        /// How long the work is thought to take (RFC 8984, section 5.2.3).
        "estimatedDuration" estimated_duration: Option<Duration>,
        /// How much is done, 0 to 100 (RFC 8984, section 5.2.4).
        "percentComplete" percent_complete: Option<u64>,
        /// How far it is; if absent, what the participants' progress adds up to (RFC 8984, section 5.2.5).
        "progress" progress: Option<Progress>,
    }
}

impl Task {
    /// A task of version 2.0 with what the standard demands, except `updated`: this crate reads no clock.
    pub fn new(uid: impl Into<String>) -> Self {
        Self { version: Some(crate::Version::V2_0), uid: Some(uid.into()), ..Self::default() }
    }
}

json_model::text_enum! {
    /// How far a task is, for the whole task or one participant (RFC 8984, section 5.2.5).
    pub enum Progress {
        /// Not begun; the default.
        NeedsAction = "needs-action",
        /// Begun.
        InProcess = "in-process",
        /// Done.
        Completed = "completed",
        /// It could not be done.
        Failed = "failed",
        /// Called off. Not for participants in 2.0.
        Cancelled = "cancelled",
    }
}
