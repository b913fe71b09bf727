//! [`Relation`] (RFC 8984, section 1.4.10).

use crate::{Json, Map, Set};

/// How another object, or another alert, relates to this one (RFC 8984, section 1.4.10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Relation {
    /// What the other one is to this one. Empty means `parent` in 2.0, something unsaid in 1.0.
    pub relation: Set<RelationType>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Relation: "Relation" in V1_0 { "relation" => relation } extra
}

json_model::text_enum! {
    /// What another object is to the one that names it (RFC 8984, section 1.4.10).
    pub enum RelationType {
        /// It is the first of a series that this one was split from.
        First = "first",
        /// It comes next in a series that was split.
        Next = "next",
        /// It is a part of this one.
        Child = "child",
        /// This one is a part of it.
        Parent = "parent",
        /// It is the alert that this one repeats later (2.0; alerts only).
        Snooze = "snooze",
    }
}
