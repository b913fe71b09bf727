//! [`Principal`] (RFC 9670, section 2): somebody, or something, that data can be shared with.

use jmap_core::capability::Capability;
use jmap_core::json_model::{self, Reader};
use jmap_core::object::{Changes, Get, Object, Query, QueryChanges, Set};
use jmap_core::{Account, Id, Json, Map};

use crate::capability::Principals;

/// A person, group, room or thing that data can be shared with (RFC 9670, section 2).
///
/// ```
/// use jmap_sharing::{Principal, PrincipalType};
///
/// let text = r#"{"id":"p1","type":"individual","name":"Jane","email":"jane@example.com","timeZone":"Europe/Paris"}"#;
/// let principal: Principal = serde_json::from_str(text)?;
/// assert_eq!(principal.principal_type, Some(PrincipalType::Individual));
/// assert_eq!(principal.time_zone.as_deref(), Some("Europe/Paris"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Principal {
    /// The id. Set by the server.
    pub id: Option<Id<Self>>,
    /// What it is: the property `type`.
    pub principal_type: Option<PrincipalType>,
    /// The name, for people.
    pub name: Option<String>,
    /// A longer text.
    pub description: Option<String>,
    /// The mail address, without a name.
    pub email: Option<String>,
    /// The time zone, by its IANA name. One server spells it `timezone`.
    pub time_zone: Option<String>,
    /// What can be done with it, by the URI of a capability. Set by the server.
    pub capabilities: Map<String, Json>,
    /// The accounts of this principal with data that the user may reach, as they would stand in the session. Set by the
    /// server.
    pub accounts: Map<Id<Account>, Account>,
    /// Members that are not in the standard. One server has here what belongs into `capabilities`.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Principal: "Principal" never {
        "id" => id,
        "type" => principal_type,
        "name" => name,
        "description" => description,
        "email" => email,
        "timeZone" => time_zone,
        "capabilities" => capabilities,
        "accounts" => accounts,
    }
    read: Principal::tolerate;
    extra
}

impl Principal {
    /// Takes the time zone from where one server has it.
    fn tolerate(&mut self, _: &mut Reader) {
        crate::also_named(&mut self.time_zone, &mut self.extra, "timezone");
    }

    /// What can be done with it under the capability of this URI, read as an object; `None` if there is nothing, or
    /// something else.
    pub fn capability<C: json_model::Object>(&self, uri: &str) -> Option<C> {
        let json = self.capabilities.get(uri)?;
        json_model::from_str(json.as_str()).ok().map(|parsed| parsed.value)
    }
}

json_model::text_enum! {
    /// What a principal is (RFC 9670, section 2).
    pub enum PrincipalType {
        /// A person.
        Individual = "individual",
        /// Several persons.
        Group = "group",
        /// A thing, such as a projector.
        Resource = "resource",
        /// A room or another place.
        Location = "location",
        /// Something else.
        Unspecified = "other",
    }
}

json_model::name_enum! {
    /// A property of a [`Principal`].
    pub enum PrincipalProperty {
        Id = "id",
        Type = "type",
        Name = "name",
        Description = "description",
        Email = "email",
        TimeZone = "timeZone",
        Capabilities = "capabilities",
        Accounts = "accounts",
    }
}

/// Which principals: all that is said must hold (RFC 9670, section 2.4.1).
///
/// ```
/// use jmap_core::QueryArguments;
/// use jmap_sharing::{Principal, PrincipalCondition};
///
/// let jane = PrincipalCondition::default().email("jane@example.com");
/// let query = QueryArguments::<Principal>::matching(jane);
/// assert_eq!(serde_json::to_string(&query)?, r#"{"filter":{"email":"jane@example.com"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PrincipalCondition {
    /// One of the principal's accounts is one of these.
    pub account_ids: Vec<Id<Account>>,
    /// The mail address contains this.
    pub email: Option<String>,
    /// The name contains this.
    pub name: Option<String>,
    /// Some text of the principal contains this.
    pub text: Option<String>,
    /// It is one of this type: the condition `type`.
    pub principal_type: Option<PrincipalType>,
    /// This is its time zone.
    pub time_zone: Option<String>,
    /// This calendar address belongs to it. Needs `urn:ietf:params:jmap:principals:availability`
    /// (JMAP Calendars, section 2.1).
    pub calendar_address: Option<String>,
    /// Conditions that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    PrincipalCondition: "Principal condition" never {
        "accountIds" => account_ids,
        "email" => email,
        "name" => name,
        "text" => text,
        "type" => principal_type,
        "timeZone" => time_zone,
        "calendarAddress" => calendar_address,
    }
    extra
}

crate::conditions! {
    PrincipalCondition {
        /// The mail address contains this.
        email: impl Into<String>,
        /// The name contains this.
        name: impl Into<String>,
        /// Some text of the principal contains this.
        text: impl Into<String>,
        /// It is of this type.
        principal_type: PrincipalType,
        /// This is its time zone.
        time_zone: impl Into<String>,
        /// This is its calendar address.
        calendar_address: impl Into<String>,
    }
}

impl Object for Principal {
    const TYPE: &'static str = "Principal";
    const USING: &'static [&'static str] = &[Principals::URI];
    type Property = PrincipalProperty;
}

impl Get for Principal {}
impl Changes for Principal {}
impl Set for Principal {}
impl Query for Principal {
    type Condition = PrincipalCondition;
    /// No sort is demanded of servers.
    type SortBy = String;
}
impl QueryChanges for Principal {}
