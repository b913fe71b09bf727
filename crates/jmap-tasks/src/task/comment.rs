//! [`Comment`] and [`Person`] (JMAP Tasks, sections 4 and 5).

use jmap_core::{Id, Json, Map, json_model};
use jmap_sharing::Principal;
use jscalendar::UtcDateTime;

/// What somebody says about a task (JMAP Tasks, section 4).
///
/// ```
/// use jmap_tasks::{Comment, Person};
///
/// let mut comment = Comment::new("Oat milk?");
/// comment.author = Some(Person::new("mailto:ann@example.com"));
/// assert_eq!(
///     serde_json::to_string(&comment)?,
///     concat!(
///         r#"{"@type":"Comment","message":"Oat milk?","#,
///         r#""author":{"@type":"Person","uri":"mailto:ann@example.com"}}"#,
///     ),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Comment {
    /// What is said.
    pub message: Option<String>,
    /// When it was said.
    pub created: Option<UtcDateTime>,
    /// When it was last changed.
    pub updated: Option<UtcDateTime>,
    /// Who says it.
    pub author: Option<Person>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Comment: "Comment" always {
        "message" => message,
        "created" => created,
        "updated" => updated,
        "author" => author,
    }
    extra
}

impl Comment {
    /// A comment of nobody yet.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..Self::default() }
    }
}

/// Somebody who said or did something, or is to do it (JMAP Tasks, section 4): at least one of `uri` and `principal_id` is
/// there.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Person {
    /// The name, for people.
    pub name: Option<String>,
    /// The address under which the person takes part in tasks, such as `mailto:ann@example.com`.
    pub uri: Option<String>,
    /// The principal, if there is one.
    pub principal_id: Option<Id<Principal>>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Person: "Person" always {
        "name" => name,
        "uri" => uri,
        "principalId" => principal_id,
    }
    extra
}

impl Person {
    /// Somebody with this address, a URI such as `mailto:ann@example.com`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: Some(uri.into()), ..Self::default() }
    }
}
