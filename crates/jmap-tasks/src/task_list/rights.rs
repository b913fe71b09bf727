//! [`TaskRights`] (JMAP Tasks, section 3).

use jmap_core::{Json, Map, json_model};

/// What somebody may do with a task list and its tasks (JMAP Tasks, section 3).
///
/// ```
/// use jmap_tasks::TaskRights;
///
/// let rights = TaskRights::read();
/// assert_eq!(serde_json::to_string(&rights)?, r#"{"mayReadItems":true}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The right to share has two names, and a server knows one of them: see [`sharing`](Self::sharing).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TaskRights {
    /// To fetch its tasks.
    pub may_read_items: Option<bool>,
    /// To create, change and destroy all of its tasks. It brings the next three along.
    pub may_write_all: Option<bool>,
    /// To create, change and destroy tasks that belong to the user, or to nobody.
    pub may_write_own: Option<bool>,
    /// To change what every user has of their own: alerts, keywords and the like.
    pub may_update_private: Option<bool>,
    /// To answer when tasks are assigned, and to take part where people may add themselves or others.
    pub may_rsvp: Option<bool>,
    /// To share it.
    pub may_admin: Option<bool>,
    /// To share it, in the word of RFC 9670 and JMAP Calendars. The draft does not have it.
    pub may_share: Option<bool>,
    /// To destroy it.
    pub may_delete: Option<bool>,
    /// Rights that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    TaskRights: "TaskRights" never {
        "mayReadItems" => may_read_items,
        "mayWriteAll" => may_write_all,
        "mayWriteOwn" => may_write_own,
        "mayUpdatePrivate" => may_update_private,
        "mayRSVP" => may_rsvp,
        "mayAdmin" => may_admin,
        "mayShare" => may_share,
        "mayDelete" => may_delete,
    }
    extra
}

impl TaskRights {
    /// To see everything.
    pub fn read() -> Self {
        Self { may_read_items: Some(true), ..Self::default() }
    }

    /// To see and change all tasks.
    pub fn write() -> Self {
        Self {
            may_write_all: Some(true),
            may_write_own: Some(true),
            may_update_private: Some(true),
            may_rsvp: Some(true),
            ..Self::read()
        }
    }

    /// Whether the list can be shared, in whatever word.
    pub fn can_share(&self) -> bool {
        self.may_admin.or(self.may_share).unwrap_or_default()
    }

    /// With the right to share, in the word that the server has in the rights of the user: `mayAdmin`, unless there is only
    /// `mayShare`.
    ///
    /// ```
    /// use jmap_tasks::TaskRights;
    ///
    /// let mine: TaskRights = serde_json::from_str(r#"{"mayReadItems":true,"mayShare":true}"#)?;
    /// let theirs = TaskRights::read().sharing(&mine);
    /// assert_eq!(serde_json::to_string(&theirs)?, r#"{"mayReadItems":true,"mayShare":true}"#);
    ///
    /// let theirs = TaskRights::read().sharing(&TaskRights::default());
    /// assert_eq!(serde_json::to_string(&theirs)?, r#"{"mayReadItems":true,"mayAdmin":true}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn sharing(mut self, mine: &Self) -> Self {
        let word = match (mine.may_admin, mine.may_share) {
            (None, Some(_)) => &mut self.may_share,
            _ => &mut self.may_admin,
        };
        *word = Some(true);
        self
    }
}
