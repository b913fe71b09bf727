//! [`Quota`] (RFC 9425): how much of something may be there, and how much is.

use json_model::{Json, Map};

use crate::capability::{self, Capability};
use crate::object::{Changes, Get, Object, Query, QueryChanges};
use crate::{Handle, Id, Method, Reference};

/// A limit on what an account, a domain or a server holds (RFC 9425, section 4). Only the server makes and changes them.
///
/// A quota counts data types, and shows only to requests whose `using` has a capability of one of them: name the
/// capabilities whose quotas are wanted ([`Batch::using`](crate::Batch::using)).
///
/// ```
/// use jmap_core::quota::{Quota, ResourceType};
///
/// let text = r#"{"id":"q1","resourceType":"octets","used":900,"hardLimit":1000,"warnLimit":800,"scope":"account"}"#;
/// let quota: Quota = serde_json::from_str(text)?;
/// assert_eq!(quota.resource_type, Some(ResourceType::Octets));
/// assert_eq!(quota.remaining(), Some(100));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// The id.
    pub id: Option<Id<Self>>,
    /// What is counted.
    pub resource_type: Option<ResourceType>,
    /// How much there is, in the unit of `resource_type`.
    pub used: Option<u64>,
    /// How much there may be: beyond it nothing can be created.
    pub hard_limit: Option<u64>,
    /// Whose things are counted.
    pub scope: Option<Scope>,
    /// The name, for people.
    pub name: Option<String>,
    /// The data types whose objects are counted.
    pub types: Vec<String>,
    /// From here on the user should be told; less than `soft_limit`.
    pub warn_limit: Option<u64>,
    /// From here on some things may not work any more; less than `hard_limit`.
    pub soft_limit: Option<u64>,
    /// A text for people.
    pub description: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Quota: "Quota" never {
        "id" => id,
        "resourceType" => resource_type,
        "used" => used,
        "hardLimit" => hard_limit,
        "scope" => scope,
        "name" => name,
        "types" => types,
        "warnLimit" => warn_limit,
        "softLimit" => soft_limit,
        "description" => description,
    }
    extra
}

json_model::text_enum! {
    /// What a quota counts (RFC 9425, section 3.2).
    pub enum ResourceType {
        /// Objects.
        Count = "count",
        /// Octets.
        Octets = "octets",
    }
}

json_model::text_enum! {
    /// Whose things a quota counts (RFC 9425, section 3.1).
    pub enum Scope {
        /// Those of the account.
        Account = "account",
        /// Those of all accounts that share a domain, or another part of the server.
        Domain = "domain",
        /// Those of all accounts of the server.
        Global = "global",
    }
}

json_model::text_enum! {
    /// A property of a [`Quota`].
    pub enum QuotaProperty {
        /// The id.
        Id = "id",
        /// What is counted.
        ResourceType = "resourceType",
        /// How much there is.
        Used = "used",
        /// How much there may be.
        HardLimit = "hardLimit",
        /// Whose things are counted.
        Scope = "scope",
        /// The name.
        Name = "name",
        /// The data types.
        Types = "types",
        /// From where on the user should be told.
        WarnLimit = "warnLimit",
        /// From where on some things may not work.
        SoftLimit = "softLimit",
        /// A text for people.
        Description = "description",
    }
}

json_model::text_enum! {
    /// What quotas can be sorted by (RFC 9425, section 4.4).
    pub enum QuotaSortBy {
        /// The name.
        Name = "name",
        /// How much there is.
        Used = "used",
    }
}

impl Quota {
    /// How much can still come, in the unit of `resource_type`; `None` if the server does not say.
    pub fn remaining(&self) -> Option<u64> {
        Some(self.hard_limit?.saturating_sub(self.used?))
    }
}

impl Object for Quota {
    const TYPE: &'static str = "Quota";
    const USING: &'static [&'static str] = &[capability::Quota::URI];
    type Property = QuotaProperty;
}

impl Get for Quota {}

impl Changes for Quota {}

impl Query for Quota {
    type Condition = QuotaCondition;
    type SortBy = QuotaSortBy;
}

impl QueryChanges for Quota {}

/// Which quotas match (RFC 9425, section 4.4): those for which everything that is set is true.
///
/// ```
/// use jmap_core::QueryArguments;
/// use jmap_core::quota::{Quota, QuotaCondition};
///
/// let mut condition = QuotaCondition::default();
/// condition.data_type = Some("CalendarEvent".to_owned());
/// let query = QueryArguments::<Quota>::matching(condition);
/// assert_eq!(serde_json::to_string(&query)?, r#"{"filter":{"type":"CalendarEvent"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct QuotaCondition {
    /// The name contains this.
    pub name: Option<String>,
    /// The scope is this.
    pub scope: Option<Scope>,
    /// What is counted is this.
    pub resource_type: Option<ResourceType>,
    /// This is one of the data types.
    pub data_type: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    QuotaCondition: "Quota condition" never {
        "name" => name,
        "scope" => scope,
        "resourceType" => resource_type,
        "type" => data_type,
    }
    extra
}

/// The response to `Quota/changes` with the member that only quotas have (RFC 9425, section 4.3).
///
/// [`Responses::take_as`](crate::Responses::take_as) gives it, where `take` gives the ordinary response:
///
/// ```
/// use jmap_core::quota::{ChangesResponse, Quota, QuotaProperty};
/// use jmap_core::{Batch, Call, ChangesArguments, GetArguments, Response, Responses, State};
///
/// let mut batch = Batch::new();
/// let changes = batch.changes(ChangesArguments::<Quota>::since(State::any("1")));
/// // Only what changed; all properties if the server does not say.
/// let changed = Call::from(changes.updated()).with("properties", changes.updated_properties());
/// let updated = batch.get::<Quota>(changed);
///
/// # let text = r#"{"methodResponses":[["Quota/changes",{"oldState":"1","newState":"2","updated":["q1"],"updatedProperties":["used"]},"c0"]]}"#;
/// # let response: Response = serde_json::from_str(text)?;
/// let mut responses = Responses::new(response);
/// let changes: ChangesResponse = responses.take_as(changes)?;
/// assert_eq!(changes.changes.updated.len(), 1);
/// assert_eq!(changes.updated_properties, Some(vec![QuotaProperty::Used]));
/// # let _ = updated;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ChangesResponse {
    /// If only these properties of the updated quotas changed: these. `None` if it may be any.
    pub updated_properties: Option<Vec<QuotaProperty>>,
    /// What every response to `changes` has.
    pub changes: crate::ChangesResponse<Quota>,
}

json_model::members! {
    ChangesResponse: around changes as crate::ChangesResponse<Quota> { "updatedProperties" => updated_properties }
}

impl ChangesResponse {
    /// A server's response. Where it may be any properties that changed there is `null`, and not nothing: clients refer
    /// to it (RFC 9425, section 4.3).
    ///
    /// ```
    /// use jmap_core::quota::ChangesResponse;
    /// use jmap_core::State;
    ///
    /// let changes = jmap_core::ChangesResponse::new(State::any("1"), State::any("2"));
    /// let response = serde_json::to_value(ChangesResponse::new(changes, None))?;
    /// assert!(response["updatedProperties"].is_null() && response.get("updatedProperties").is_some());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn new(
        mut changes: crate::ChangesResponse<Quota>,
        updated_properties: Option<Vec<QuotaProperty>>,
    ) -> Self {
        // A field that has a value wins.
        changes.extra.insert("updatedProperties".to_owned(), Json::null());
        Self { updated_properties, changes }
    }
}

impl<M: Method<Response = crate::ChangesResponse<Quota>>> Handle<M> {
    /// The properties of quotas that changed, or `null` if it may be any.
    pub fn updated_properties(&self) -> Reference<Vec<QuotaProperty>> {
        self.result("/updatedProperties")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, Call, ChangesArguments, Comparator, QueryArguments, Session, State};

    #[test]
    fn wire_form() {
        let text = r#"{"id":"q1","resourceType":"messages","used":1,"hardLimit":2,"scope":"domain","name":"n","types":["Mail"],"warnLimit":0,"softLimit":1,"description":"d","x":1}"#;
        let quota: Quota = json_model::from_str(text).unwrap().value;
        assert_eq!(quota.resource_type.as_ref().unwrap().as_str(), "messages");
        assert_eq!(serde_json::to_string(&quota).unwrap(), text);
    }

    #[test]
    fn a_quota_that_is_passed_leaves_nothing() {
        let quota: Quota =
            serde_json::from_str(r#"{"used":3,"hardLimit":2,"warnLimit":null}"#).unwrap();
        assert_eq!(quota.remaining(), Some(0));
        assert_eq!(Quota::default().remaining(), None);
    }

    #[test]
    fn changes_and_what_changed() {
        let text = r#"{"updatedProperties":["used"],"oldState":"1","newState":"2","created":["p"],"updated":["q"],"destroyed":["r"]}"#;
        let response: ChangesResponse = json_model::from_str(text).unwrap().value;
        assert_eq!(serde_json::to_string(&response).unwrap(), text);
        let null: ChangesResponse = serde_json::from_str(r#"{"updatedProperties":null}"#).unwrap();
        assert_eq!(null.updated_properties, None);
    }

    #[test]
    fn requests() {
        let session = r#"{"capabilities":{"urn:ietf:params:jmap:quota":{}},"primaryAccounts":{"urn:ietf:params:jmap:quota":"a"}}"#;
        let session: Session = serde_json::from_str(session).unwrap();
        let mut batch = Batch::new();
        let changes = batch.changes(ChangesArguments::<Quota>::since(State::any("1")));
        batch.get::<Quota>(
            Call::from(changes.updated()).with("properties", changes.updated_properties()),
        );
        batch.query(
            QueryArguments::<Quota>::all().sort([Comparator::descending(QuotaSortBy::Used)]),
        );
        let calls: Vec<String> = batch
            .request(&session)
            .unwrap()
            .method_calls
            .iter()
            .map(|call| format!("{} {}", call.name, call.arguments.as_str()))
            .collect();
        insta::assert_snapshot!(calls.join("\n"), @r##"
        Quota/changes {"accountId":"a","sinceState":"1"}
        Quota/get {"accountId":"a","#ids":{"name":"Quota/changes","path":"/updated","resultOf":"c0"},"#properties":{"name":"Quota/changes","path":"/updatedProperties","resultOf":"c0"}}
        Quota/query {"accountId":"a","sort":[{"property":"used","isAscending":false}]}
        "##);
    }
}
