//! [`Checklist`] (JMAP Tasks, section 4).

use jmap_core::json_model::{self, Reader};
use jmap_core::{Json, Map};
use jscalendar::UtcDateTime;

use super::Person;

/// What to think of in a task (JMAP Tasks, section 4).
///
/// ```
/// use jmap_tasks::{CheckItem, Checklist};
///
/// let mut list = Checklist::default();
/// list.check_items.push(CheckItem::new("Bring a bottle"));
/// assert_eq!(
///     serde_json::to_string(&list)?,
///     r#"{"@type":"Checklist","checkItems":[{"@type":"CheckItem","title":"Bring a bottle","isComplete":false}]}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Checklist {
    /// What it is about.
    pub title: Option<String>,
    /// The items. A list: a patch replaces all of them.
    pub check_items: Vec<CheckItem>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Checklist: "Checklist" always {
        "title" => title,
        "checkItems" => check_items,
    }
    extra
}

/// One thing to think of (JMAP Tasks, section 4).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CheckItem {
    /// What it is.
    pub title: Option<String>,
    /// The lowest comes first; 0 if absent.
    pub sort_order: Option<u64>,
    /// When it was last changed.
    pub updated: Option<UtcDateTime>,
    /// Whether it is done.
    pub is_complete: Option<bool>,
    /// Who is to do it. The draft has a letter more, `assigneee`, which is read too.
    pub assignee: Option<Person>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CheckItem: "CheckItem" always {
        "title" => title,
        "sortOrder" => sort_order,
        "updated" => updated,
        "isComplete" => is_complete,
        "assignee" => assignee,
    }
    read: CheckItem::tolerate;
    extra
}

impl CheckItem {
    /// Something that is not done yet.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), is_complete: Some(false), ..Self::default() }
    }

    fn tolerate(&mut self, _: &mut Reader) {
        jmap_sharing::also_named(&mut self.assignee, &mut self.extra, "assigneee");
    }
}
