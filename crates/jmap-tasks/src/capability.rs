//! What servers say about tasks (JMAP Tasks, sections 1.4 and 2).

use jmap_core::capability::{Capability, Nothing};
use jmap_core::{Account, Id, Json, Map, json_model};
use jmap_sharing::Principal;
use jscalendar::Duration;

/// `urn:ietf:params:jmap:tasks`: the account has task lists. The others extend it.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Tasks;

impl Capability for Tasks {
    const URI: &'static str = "urn:ietf:params:jmap:tasks";
    type Session = Nothing;
    type Account = TasksAccount;
}

/// The limits of the tasks of an account.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TasksAccount {
    /// The earliest time that the server takes anywhere in a task. A local time in the draft and a moment in UTC in JMAP
    /// Calendars, so it stays text.
    pub min_date_time: Option<String>,
    /// The latest one.
    pub max_date_time: Option<String>,
    /// Whether the user may create task lists.
    pub may_create_task_list: Option<bool>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    TasksAccount: "tasks capability" never {
        "minDateTime" => min_date_time,
        "maxDateTime" => max_date_time,
        "mayCreateTaskList" => may_create_task_list,
    }
    extra
}

/// `urn:ietf:params:jmap:tasks:recurrences`: tasks recur, and queries can be for occurrences.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Recurrences;

impl Capability for Recurrences {
    const URI: &'static str = "urn:ietf:params:jmap:tasks:recurrences";
    type Session = Nothing;
    type Account = RecurrencesAccount;
}

/// The limit of queries for occurrences.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RecurrencesAccount {
    /// How far `after` and `before` may be apart in a query for occurrences.
    pub max_expanded_query_duration: Option<Duration>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    RecurrencesAccount: "recurrences capability" never {
        "maxExpandedQueryDuration" => max_expanded_query_duration,
    }
    extra
}

/// `urn:ietf:params:jmap:tasks:assignees`: people take part in tasks, and are told of them.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Assignees;

impl Capability for Assignees {
    const URI: &'static str = "urn:ietf:params:jmap:tasks:assignees";
    type Session = Nothing;
    type Account = AssigneesAccount;
}

/// The limit of people.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AssigneesAccount {
    /// How many people can take part in a task; any number if absent.
    pub max_participants_per_task: Option<u64>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    AssigneesAccount: "assignees capability" never {
        "maxParticipantsPerTask" => max_participants_per_task,
    }
    extra
}

/// `urn:ietf:params:jmap:tasks:alerts`: tasks have alerts, and task lists default ones.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Alerts;

impl Capability for Alerts {
    const URI: &'static str = "urn:ietf:params:jmap:tasks:alerts";
    type Session = Nothing;
    type Account = Nothing;
}

/// `urn:ietf:params:jmap:tasks:multilingual`: texts in several languages, which JSCalendar 2.0 no longer has. It is never
/// named in a request.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Multilingual;

impl Capability for Multilingual {
    const URI: &'static str = "urn:ietf:params:jmap:tasks:multilingual";
    type Session = Nothing;
    type Account = Nothing;
}

/// `urn:ietf:params:jmap:tasks:customtimezones`: time zones by their own rules, which JSCalendar 2.0 no longer has. It is
/// never named in a request.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct CustomTimeZones;

impl Capability for CustomTimeZones {
    const URI: &'static str = "urn:ietf:params:jmap:tasks:customtimezones";
    type Session = Nothing;
    type Account = Nothing;
}

/// The extensions that a request for tasks names where the server has them.
pub(crate) const EXTENSIONS: &[&str] = &[Recurrences::URI, Assignees::URI, Alerts::URI];

/// What can be done about the tasks of a [`Principal`] (JMAP Tasks, section 2).
///
/// ```
/// use jmap_sharing::Principal;
/// use jmap_tasks::capability::PrincipalTasks;
///
/// let text = r#"{"id":"p1","capabilities":{"urn:ietf:params:jmap:tasks":{
///     "accountId":"a1","mayShareWith":true,"sendTo":{"imip":"mailto:a@example.com"}
/// }}}"#;
/// let principal: Principal = serde_json::from_str(text)?;
/// let tasks = PrincipalTasks::of(&principal);
/// assert_eq!(tasks.may_share_with, Some(true));
/// assert_eq!(tasks.address(), Some("mailto:a@example.com"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PrincipalTasks {
    /// The account with the tasks of the principal, if the user may see anything of it.
    pub account_id: Option<Id<Account>>,
    /// Whether task lists can be shared with the principal.
    pub may_share_with: Option<bool>,
    /// The URIs under which tasks are assigned to the principal, by the method of scheduling.
    pub send_to: Map<String, String>,
    /// The URI that JMAP Calendars has in the place of `send_to`.
    pub calendar_address: Option<String>,
    /// Members that are not in the draft.
    pub extra: Map<String, Json>,
}

json_model::members! {
    PrincipalTasks: "tasks of a principal" never {
        "accountId" => account_id,
        "mayShareWith" => may_share_with,
        "sendTo" => send_to,
        "calendarAddress" => calendar_address,
    }
    extra
}

impl PrincipalTasks {
    /// What a principal says of its tasks; nothing, if it says nothing.
    pub fn of(principal: &Principal) -> Self {
        principal.capability(Tasks::URI).unwrap_or_default()
    }

    /// The URI under which tasks are assigned to the principal: the calendar address, else that for mail, else any.
    pub fn address(&self) -> Option<&str> {
        let of_method = || self.send_to.get("imip").or_else(|| self.send_to.values().next());
        self.calendar_address.as_ref().or_else(of_method).map(String::as_str)
    }
}
