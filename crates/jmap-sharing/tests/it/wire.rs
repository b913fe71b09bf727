//! The wire forms of principals and share notifications (RFC 9670).

use jmap_core::{Batch, QueryArguments, Session};
use jmap_sharing::capability::{Owner, Principals};
use jmap_sharing::{
    Principal, PrincipalCondition, PrincipalType, ShareNotification, ShareNotificationCondition,
};

/// RFC 9670, sections 1.5.1 and 1.5.2.
#[test]
fn capabilities() {
    let session: Session = serde_json::from_str(
        r#"{
            "capabilities": {"urn:ietf:params:jmap:principals": {}},
            "accounts": {"a1": {"accountCapabilities": {
                "urn:ietf:params:jmap:principals": {"currentUserPrincipalId": "p1"},
                "urn:ietf:params:jmap:principals:owner": {"accountIdForPrincipal": "a1", "principalId": "p1"}
            }}}
        }"#,
    )
    .unwrap();
    let account = &session.accounts["a1"];
    let current = account.capability::<Principals>().unwrap().current_user_principal_id;
    let owner = account.capability::<Owner>().unwrap();
    assert_eq!(current, owner.principal_id);
    assert_eq!(owner.account_id_for_principal.unwrap().as_str(), "a1");
}

/// RFC 9670, section 2.4.1, and JMAP Calendars, section 2.1.
#[test]
fn conditions() {
    let mut condition = PrincipalCondition::default();
    condition.account_ids.push(jmap_core::Id::any("a1"));
    condition.principal_type = Some(PrincipalType::Location);
    condition.time_zone = Some("Europe/Paris".to_owned());
    condition.calendar_address = Some("mailto:room@example.com".to_owned());
    insta::assert_snapshot!(
        serde_json::to_string(&condition).unwrap(),
        @r#"{"accountIds":["a1"],"type":"location","timeZone":"Europe/Paris","calendarAddress":"mailto:room@example.com"}"#
    );
    let mut condition = ShareNotificationCondition::default();
    condition.after = Some("2026-03-01T09:00:00Z".parse().unwrap());
    condition.before = Some("2026-04-01T09:00:00Z".parse().unwrap());
    condition.object_type = Some("Calendar".to_owned());
    insta::assert_snapshot!(
        serde_json::to_string(&condition).unwrap(),
        @r#"{"after":"2026-03-01T09:00:00Z","before":"2026-04-01T09:00:00Z","objectType":"Calendar"}"#
    );
}

/// One server spells the time zone in lower case, and another one has no `capabilities`.
#[test]
fn deviations() {
    let text = r#"{"id":"p1","type":"individual","timezone":"Europe/Paris","accountId":"a1","accounts":null}"#;
    let principal: Principal = serde_json::from_str(text).unwrap();
    assert_eq!(principal.time_zone.as_deref(), Some("Europe/Paris"));
    assert!(principal.extra.contains_key("accountId") && principal.accounts.is_empty());

    let text = r#"{"id":"n1","oldRights":null,"newRights":{"mayAdmin":true}}"#;
    let notification: ShareNotification = serde_json::from_str(text).unwrap();
    assert_eq!((notification.old_rights, notification.name), (None, None));
}

#[test]
fn using() {
    let mut batch = Batch::new();
    batch.query(QueryArguments::<Principal>::all());
    batch.query(QueryArguments::<ShareNotification>::all());
    let session: Session = serde_json::from_str(
        r#"{
            "capabilities": {"urn:ietf:params:jmap:principals": {}, "urn:ietf:params:jmap:mail": {}},
            "primaryAccounts": {"urn:ietf:params:jmap:principals": "a1"}
        }"#,
    )
    .unwrap();
    let request = batch.request(&session).unwrap();
    assert_eq!(request.using, ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:principals"]);
}
