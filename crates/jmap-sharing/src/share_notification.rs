//! [`ShareNotification`] (RFC 9670, section 3): what others shared with the user, or no longer share.

use jmap_core::capability::Capability;
use jmap_core::object::{Changes, Get, Object, Query, QueryChanges, Set};
use jmap_core::{Account, Id, Json, Map, UtcDate, json_model};

use crate::Principal;
use crate::capability::Principals;

/// Somebody changed what the user may do with an object (RFC 9670, section 3). It stands in the account of the principals.
///
/// The server makes it, and the user can only destroy it.
///
/// ```
/// use jmap_sharing::ShareNotification;
///
/// let text = r#"{
///     "id": "n1", "created": "2026-03-01T09:00:00Z", "changedBy": {"name": "Jane", "principalId": "p1"},
///     "objectType": "Calendar", "objectAccountId": "a2", "objectId": "c1",
///     "oldRights": null, "newRights": {"mayReadItems": true}, "name": "Team"
/// }"#;
/// let notification: ShareNotification = serde_json::from_str(text)?;
/// assert_eq!(notification.object_type.as_deref(), Some("Calendar"));
/// assert_eq!(notification.new_rights.unwrap()["mayReadItems"], true);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ShareNotification {
    /// The id.
    pub id: Option<Id<Self>>,
    /// When it was made.
    pub created: Option<UtcDate>,
    /// Who changed it.
    pub changed_by: Option<Entity>,
    /// The data type of the object, such as `Calendar`.
    pub object_type: Option<String>,
    /// The account of the object.
    pub object_account_id: Option<Id<Account>>,
    /// The object; an id of the type that `object_type` names.
    pub object_id: Option<Id<()>>,
    /// What the user could do with it before; absent if it was not shared.
    pub old_rights: Option<Map<String, bool>>,
    /// What the user can do with it now; absent if it is shared no longer.
    pub new_rights: Option<Map<String, bool>>,
    /// The name that the object had then. One server leaves it out.
    pub name: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    ShareNotification: "ShareNotification" never {
        "id" => id,
        "created" => created,
        "changedBy" => changed_by,
        "objectType" => object_type,
        "objectAccountId" => object_account_id,
        "objectId" => object_id,
        "oldRights" => old_rights,
        "newRights" => new_rights,
        "name" => name,
    }
    extra
}

/// Who did something (RFC 9670, section 3.1).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Entity {
    /// The name, for people.
    pub name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The principal, if there is one.
    pub principal_id: Option<Id<Principal>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Entity: "Entity" never {
        "name" => name,
        "email" => email,
        "principalId" => principal_id,
    }
    extra
}

json_model::name_enum! {
    /// A property of a [`ShareNotification`].
    pub enum ShareNotificationProperty {
        Id = "id",
        Created = "created",
        ChangedBy = "changedBy",
        ObjectType = "objectType",
        ObjectAccountId = "objectAccountId",
        ObjectId = "objectId",
        OldRights = "oldRights",
        NewRights = "newRights",
        Name = "name",
    }
}

/// Which notifications: all that is said must hold (RFC 9670, section 3.6.1).
///
/// ```
/// use jmap_core::QueryArguments;
/// use jmap_sharing::{ShareNotification, ShareNotificationCondition};
///
/// let condition = ShareNotificationCondition::default().object_type("Calendar");
/// let query = QueryArguments::<ShareNotification>::matching(condition);
/// assert_eq!(serde_json::to_string(&query)?, r#"{"filter":{"objectType":"Calendar"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ShareNotificationCondition {
    /// Made at this moment or later.
    pub after: Option<UtcDate>,
    /// Made before this moment.
    pub before: Option<UtcDate>,
    /// About objects of this data type.
    pub object_type: Option<String>,
    /// About objects of this account.
    pub object_account_id: Option<Id<Account>>,
    /// Conditions that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    ShareNotificationCondition: "ShareNotification condition" never {
        "after" => after,
        "before" => before,
        "objectType" => object_type,
        "objectAccountId" => object_account_id,
    }
    extra
}

crate::conditions! {
    ShareNotificationCondition {
        /// Made at this moment or later.
        after: UtcDate,
        /// Made before this moment.
        before: UtcDate,
        /// About an object of this type.
        object_type: impl Into<String>,
        /// About an object of this account.
        object_account_id: Id<Account>,
    }
}

json_model::name_enum! {
    /// What notifications can be sorted by (RFC 9670, section 3.6.2).
    pub enum ShareNotificationSortBy {
        Created = "created",
    }
}

impl Object for ShareNotification {
    const TYPE: &'static str = "ShareNotification";
    const USING: &'static [&'static str] = &[Principals::URI];
    type Property = ShareNotificationProperty;
}

impl Get for ShareNotification {}
impl Changes for ShareNotification {}
impl Set for ShareNotification {}
impl Query for ShareNotification {
    type Condition = ShareNotificationCondition;
    type SortBy = ShareNotificationSortBy;
}
impl QueryChanges for ShareNotification {}
