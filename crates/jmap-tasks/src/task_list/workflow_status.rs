//! [`WorkflowStatus`] (JMAP Tasks, section 3).

use jmap_core::json_model;

json_model::text_enum! {
    /// Where a task stands in the way of working of its list (JMAP Tasks, section 3). A list may have other words:
    /// [`meaning`](Self::meaning) knows common ones.
    ///
    /// It is not the [`Progress`](jscalendar::Progress) of JSCalendar: of the two, a task has one.
    pub enum WorkflowStatus {
        /// Done.
        Completed = "completed",
        /// It could not be done.
        Failed = "failed",
        /// Begun.
        InProcess = "in-process",
        /// Not begun.
        NeedsAction = "needs-action",
        /// Called off.
        Cancelled = "cancelled",
        /// It waits for something.
        Pending = "pending",
    }
}

impl WorkflowStatus {
    /// What tasks of a list can be that says nothing.
    pub const DEFAULT: &'static [Self] = &[
        Self::Completed,
        Self::Failed,
        Self::InProcess,
        Self::NeedsAction,
        Self::Cancelled,
        Self::Pending,
    ];

    /// Which of the draft's statuses a product's own word stands for, as the draft advises; `None` if it does not know the
    /// word. Case does not matter.
    ///
    /// ```
    /// use jmap_tasks::WorkflowStatus;
    ///
    /// assert_eq!(WorkflowStatus::from("On-Hold").meaning(), Some(WorkflowStatus::Pending));
    /// assert_eq!(WorkflowStatus::from("in review").meaning(), None);
    /// ```
    pub fn meaning(&self) -> Option<Self> {
        let word = self.as_str().to_ascii_lowercase();
        match word.as_str() {
            "done" | "closed" | "verified" => Some(Self::Completed),
            "in-progress" | "active" | "assigned" => Some(Self::InProcess),
            "not-done" | "not-started" | "new" => Some(Self::NeedsAction),
            "waiting" | "deferred" | "on-hold" | "paused" => Some(Self::Pending),
            other => Some(Self::from(other)).filter(|status| !status.is_other()),
        }
    }
}
