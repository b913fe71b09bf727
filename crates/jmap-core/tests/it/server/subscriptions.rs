//! `PushSubscription/get` and `PushSubscription/set` (RFC 8620, section 7.2): methods without account and state, through
//! the dispatcher.

use std::sync::{Arc, Mutex};

use jmap_core::push::{PushSubscription, SubscriptionGetArguments, SubscriptionSetArguments};
use jmap_core::server::{Context, Dispatcher, Loopback, MemoryBlobs, Service, User, patched};
use jmap_core::{
    Account, Created, GetResponse, Id, Json, Map, MethodError, MethodErrorKind, PatchObject,
    SetError, SetErrorKind, SetResponse, Updated,
};

use super::support::answers;

/// Somebody who logged in, and the subscriptions made with these credentials.
#[derive(Clone, Default)]
struct Login(Arc<Mutex<Map<Id<PushSubscription>, PushSubscription>>>);

impl User for Login {
    fn name(&self) -> &str {
        "jane"
    }

    fn accounts(&self) -> Map<Id<Account>, Account> {
        Map::new()
    }
}

const SECRETS: [&str; 2] = ["url", "keys"];

async fn get(
    context: Context<Login>,
    get: SubscriptionGetArguments,
) -> Result<GetResponse<PushSubscription>, MethodError> {
    let wanted = get.properties.unwrap_or_default();
    if wanted.iter().any(|name| SECRETS.contains(&name.as_str())) {
        return Err(MethodErrorKind::Forbidden.into());
    }
    let all = context.user().0.lock().unwrap();
    let ids = get.ids.unwrap_or_else(|| all.keys().cloned().collect());
    let mut response = GetResponse::default();
    for id in ids {
        match all.get(&id) {
            Some(found) => response.list.objects.push(shown(found)),
            None => response.not_found.push(id),
        }
    }
    Ok(response)
}

/// Without what the server never gives back.
fn shown(subscription: &PushSubscription) -> PushSubscription {
    let mut shown = subscription.clone();
    (shown.url, shown.keys) = (None, None);
    shown.extra.remove("code");
    shown
}

async fn set(
    context: Context<Login>,
    mut set: SubscriptionSetArguments,
) -> Result<SetResponse<PushSubscription>, MethodError> {
    let mut response = SetResponse::default();
    response.not_created = context.not_created(&mut set.create, &mut set.extra);
    let mut all = context.user().0.lock().unwrap();
    for (creation, mut subscription) in set.create {
        let id = Id::any(format!("p{}", all.len() + 1));
        let mut created = Created::new(id.clone());
        subscription.id = Some(id.clone());
        // Not for ever.
        subscription.expires = "2026-12-01T00:00:00Z".parse().ok();
        created.json =
            Json::from(serde_json::json!({"id": id.as_str(), "expires": "2026-12-01T00:00:00Z"}));
        all.insert(id, subscription);
        response.created.insert(creation, created);
    }
    for (id, patch) in set.update {
        match context
            .resolve(&id)
            .ok_or_else(not_found)
            .and_then(|id| updated(&mut all, id, &patch))
        {
            Ok(id) => _ = response.updated.insert(id, Updated::default()),
            Err(error) => _ = response.not_updated.insert(id, *error),
        }
    }
    for id in set.destroy {
        match all.remove(&id) {
            Some(_) => response.destroyed.push(id),
            None => _ = response.not_destroyed.insert(id, *not_found()),
        }
    }
    Ok(response)
}

fn updated(
    all: &mut Map<Id<PushSubscription>, PushSubscription>,
    id: Id<PushSubscription>,
    patch: &PatchObject,
) -> Result<Id<PushSubscription>, Box<SetError>> {
    let before = all.get(&id).ok_or_else(not_found)?;
    let after = patched(before, patch)?;
    if after.verification_code.as_deref().is_some_and(|code| code != "b210") {
        return Err(Box::new(SetError::invalid_properties(["verificationCode"])));
    }
    all.insert(id.clone(), after);
    Ok(id)
}

fn not_found() -> Box<SetError> {
    Box::new(SetError::new(SetErrorKind::NotFound))
}

/// The answers to calls, of a server without subscriptions.
fn calls(calls: &str) -> String {
    let dispatcher = Dispatcher::new().register(get).register(set);
    let loopback = Loopback::new(Service::new(dispatcher, MemoryBlobs::new()), Login::default());
    answers(&loopback, &["urn:ietf:params:jmap:core"], calls)
}

const CREATE: &str = r#"["PushSubscription/set",{"create":{"k1":{"deviceClientId":"a889-ffea",
    "url":"https://push.example.com/?device=X","keys":{"p256dh":"BP4z","auth":"AMsI"},"types":null}}},"0"]"#;

#[test]
fn section_7_2_the_life_of_a_subscription() {
    insta::assert_snapshot!(calls(&format!(
        r##"{CREATE},
           ["PushSubscription/set",{{"update":{{"#k1":{{"verificationCode":"wrong"}}}}}},"1"],
           ["PushSubscription/set",{{"update":{{"p1":{{"verificationCode":"b210","types":["Note"]}}}}}},"2"],
           ["PushSubscription/get",{{"ids":["p1","p2"]}},"3"],
           ["PushSubscription/set",{{"destroy":["p1","p1"]}},"4"],
           ["PushSubscription/get",{{}},"5"]"##
    )), @r#"
    ["PushSubscription/set",{"created":{"k1":{"expires":"2026-12-01T00:00:00Z","id":"p1"}}},"0"]
    ["PushSubscription/set",{"notUpdated":{"p1":{"properties":["verificationCode"],"type":"invalidProperties"}}},"1"]
    ["PushSubscription/set",{"updated":{"p1":null}},"2"]
    ["PushSubscription/get",{"list":[{"deviceClientId":"a889-ffea","expires":"2026-12-01T00:00:00Z","id":"p1","types":["Note"],"verificationCode":"b210"}],"notFound":["p2"]},"3"]
    ["PushSubscription/set",{"destroyed":["p1"],"notDestroyed":{"p1":{"type":"notFound"}}},"4"]
    ["PushSubscription/get",{"list":[],"notFound":[]},"5"]
    "#);
}

#[test]
fn section_7_2_1_what_is_never_given_back() {
    insta::assert_snapshot!(calls(&format!(
        r#"{CREATE},
           ["PushSubscription/get",{{"properties":["id","url"]}},"1"],
           ["PushSubscription/get",{{"properties":["keys"]}},"2"]"#
    )), @r#"
    ["PushSubscription/set",{"created":{"k1":{"expires":"2026-12-01T00:00:00Z","id":"p1"}}},"0"]
    ["error",{"type":"forbidden"},"1"]
    ["error",{"type":"forbidden"},"2"]
    "#);
}

/// There is neither account nor state, and there are no changes.
#[test]
fn section_7_2_what_these_methods_do_not_have() {
    insta::assert_snapshot!(calls(
        r#"["PushSubscription/get",{"accountId":"A1"},"0"],
           ["PushSubscription/set",{"ifInState":"1"},"1"],
           ["PushSubscription/changes",{"sinceState":"1"},"2"],
           ["PushSubscription/set",{"create":{"k1":{"expires":"tomorrow","types":"all"}}},"3"]"#,
    ), @r##"
    ["error",{"arguments":["accountId"],"description":"not an argument of this method","type":"invalidArguments"},"0"]
    ["error",{"arguments":["ifInState"],"description":"not an argument of this method","type":"invalidArguments"},"1"]
    ["error",{"type":"unknownMethod"},"2"]
    ["PushSubscription/set",{"notCreated":{"k1":{"description":"#/create/k1/expires: expected a date and time in UTC","properties":["expires","types"],"type":"invalidProperties"}}},"3"]
    "##);
}
