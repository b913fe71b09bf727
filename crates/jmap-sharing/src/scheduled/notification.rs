//! What notifications about events and about tasks have in common (JMAP Calendars, section 6).

use jmap_core::json_model;

json_model::text_enum! {
    /// What was done to an event or a task (JMAP Calendars, section 6.1).
    pub enum NotificationType {
        /// It was created, or the user was invited.
        Created = "created",
        /// It was changed.
        Updated = "updated",
        /// It was destroyed, or called off.
        Destroyed = "destroyed",
    }
}

json_model::name_enum! {
    /// What notifications can be sorted by (JMAP Calendars, section 6.5.2).
    pub enum NotificationSortBy {
        Created = "created",
    }
}
