//! Words that tasks have beyond those of JSCalendar (JMAP Tasks, section 4).

use jmap_core::json_model;
use jscalendar::{RelationType, Role};

json_model::text_enum! {
    /// What another task, in `relatedTo`, is to this one, beyond what JSCalendar knows (JMAP Tasks, section 4).
    ///
    /// ```
    /// use jmap_tasks::TaskRelation;
    /// use jscalendar::Relation;
    ///
    /// let mut relation = Relation::default();
    /// relation.relation.insert(TaskRelation::DependsOn.into());
    /// assert_eq!(serde_json::to_string(&relation)?, r#"{"relation":{"depends-on":true}}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub enum TaskRelation {
        /// This one cannot be done before it.
        DependsOn = "depends-on",
        /// It was made as a copy of this one.
        Clone = "clone",
        /// It is the same as this one.
        Duplicate = "duplicate",
        /// It is why there is this one.
        Cause = "cause",
    }
}

impl From<TaskRelation> for RelationType {
    fn from(relation: TaskRelation) -> Self {
        Self::from(relation.as_str())
    }
}

json_model::text_enum! {
    /// What a participant does, beyond what JSCalendar knows (JMAP Tasks, section 4).
    pub enum TaskRole {
        /// Is to do the task.
        Assignee = "assignee",
    }
}

impl From<TaskRole> for Role {
    fn from(role: TaskRole) -> Self {
        Self::from(role.as_str())
    }
}
