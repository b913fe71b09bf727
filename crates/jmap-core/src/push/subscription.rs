//! [`PushSubscription`] (RFC 8620, section 7.2), and its methods, which have no account and no state.

use std::fmt;

use json_model::{Json, Map, PatchObject};

use crate::object::Object;
use crate::{CreationId, GetResponse, Id, Method, MethodName, SetResponse, UtcDate};

/// Where the server is to send [`StateChange`](super::StateChange)s (RFC 8620, section 7.2).
///
/// It belongs to the credentials with which it was made, and to no account. After its creation the server sends a
/// [`PushVerification`] there and nothing else, until the client sets [`verification_code`](Self::verification_code).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PushSubscription {
    /// The id; the server gives it.
    pub id: Option<Id<Self>>,
    /// Which device and program it is, always the same; something that says nothing of the device.
    pub device_client_id: Option<String>,
    /// Where to send to; `https`. The server never gives it back.
    pub url: Option<String>,
    /// The keys to encrypt with. The server never gives them back.
    pub keys: Option<PushKeys>,
    /// What a [`PushVerification`] said; absent at creation.
    pub verification_code: Option<String>,
    /// When it ends, if nobody moves this; the server may choose an earlier time, or one where there is none.
    pub expires: Option<UtcDate>,
    /// The types that are wanted; all if absent.
    pub types: Option<Vec<String>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    PushSubscription: "PushSubscription" never {
        "id" => id,
        "deviceClientId" => device_client_id,
        "url" => url,
        "keys" => keys,
        "verificationCode" => verification_code,
        "expires" => expires,
        "types" => types,
    }
    extra
}

impl Object for PushSubscription {
    const TYPE: &'static str = "PushSubscription";
    const USING: &'static [&'static str] = &[];
    type Property = String;
}

impl PushSubscription {
    /// A subscription of this device and program, to be sent to `url`.
    pub fn new(device_client_id: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            device_client_id: Some(device_client_id.into()),
            url: Some(url.into()),
            ..Self::default()
        }
    }
}

/// The keys with which a server encrypts what it sends (RFC 8620, section 7.2; RFC 8291). `Debug` hides them.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct PushKeys {
    /// A public key of curve P-256, in base64url.
    pub p256dh: Option<String>,
    /// The authentication secret, in base64url.
    pub auth: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! { PushKeys: "push keys" never { "p256dh" => p256dh, "auth" => auth } extra }

impl PushKeys {
    /// These keys, in base64url.
    pub fn new(p256dh: impl Into<String>, auth: impl Into<String>) -> Self {
        Self { p256dh: Some(p256dh.into()), auth: Some(auth.into()), ..Self::default() }
    }
}

impl fmt::Debug for PushKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushKeys").finish_non_exhaustive()
    }
}

/// What a server sends to a new subscription (RFC 8620, section 7.2.2).
///
/// It may be there before the response to the creation is.
///
/// ```
/// use jmap_core::push::PushVerification;
///
/// let text = r#"{"@type":"PushVerification","pushSubscriptionId":"p1","verificationCode":"c"}"#;
/// let verification: PushVerification = serde_json::from_str(text)?;
/// assert_eq!(verification.verification_code.as_deref(), Some("c"));
/// assert_eq!(serde_json::to_string(&verification)?, text);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PushVerification {
    /// The subscription.
    pub push_subscription_id: Option<Id<PushSubscription>>,
    /// What has to be set in it.
    pub verification_code: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    PushVerification: "PushVerification" always {
        "pushSubscriptionId" => push_subscription_id,
        "verificationCode" => verification_code,
    }
    extra
}

impl PushVerification {
    /// A code for a subscription.
    pub fn new(subscription: Id<PushSubscription>, code: impl Into<String>) -> Self {
        Self {
            push_subscription_id: Some(subscription),
            verification_code: Some(code.into()),
            ..Self::default()
        }
    }
}

/// The arguments of `PushSubscription/get` (RFC 8620, section 7.2.1). The response has no account and no state.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SubscriptionGetArguments {
    /// The subscriptions; all that were made with the same credentials if absent.
    pub ids: Option<Vec<Id<PushSubscription>>>,
    /// The properties that are wanted; all but `url` and `keys` if absent. These two are `forbidden`.
    pub properties: Option<Vec<String>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    SubscriptionGetArguments: "PushSubscription/get arguments" never {
        "ids" => ids,
        "properties" => properties,
    }
    extra
}

impl SubscriptionGetArguments {
    /// These subscriptions.
    pub fn of(ids: impl IntoIterator<Item = Id<PushSubscription>>) -> Self {
        Self { ids: Some(ids.into_iter().collect()), ..Self::default() }
    }

    /// All subscriptions that were made with the same credentials.
    pub fn all() -> Self {
        Self::default()
    }
}

impl Method for SubscriptionGetArguments {
    const NAME: MethodName = MethodName::new(PushSubscription::TYPE, "get");
    const USING: &'static [&'static str] = PushSubscription::USING;
    const IS_READ_ONLY: bool = true;
    type Response = GetResponse<PushSubscription>;
}

/// The arguments of `PushSubscription/set` (RFC 8620, section 7.2.2). The response has no account and no state.
///
/// ```
/// use jmap_core::push::{PushSubscription, SubscriptionSetArguments};
/// use jmap_core::{CreationId, Id};
///
/// let mut set = SubscriptionSetArguments::default();
/// let subscription = PushSubscription::new("a889-ffea", "https://example.com/push/?device=X");
/// set.create(CreationId::any("k1"), subscription).verify(Id::any("p1"), "b210");
/// assert_eq!(
///     serde_json::to_string(&set)?,
///     r#"{"create":{"k1":{"deviceClientId":"a889-ffea","url":"https://example.com/push/?device=X"}},"update":{"p1":{"verificationCode":"b210"}}}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SubscriptionSetArguments {
    /// Subscriptions to create.
    pub create: Map<CreationId<PushSubscription>, PushSubscription>,
    /// Changes to subscriptions: of `verificationCode`, `expires` and `types`.
    pub update: Map<Id<PushSubscription>, PatchObject>,
    /// Subscriptions to end.
    pub destroy: Vec<Id<PushSubscription>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    SubscriptionSetArguments: "PushSubscription/set arguments" never {
        "create" => create,
        "update" => update,
        "destroy" => destroy,
    }
    extra
}

impl SubscriptionSetArguments {
    /// Creates a subscription; `creation` is its name until the server has given it an id.
    pub fn create(
        &mut self,
        creation: CreationId<PushSubscription>,
        subscription: PushSubscription,
    ) -> &mut Self {
        self.create.insert(creation, subscription);
        self
    }

    /// Changes a subscription.
    pub fn update(&mut self, id: Id<PushSubscription>, patch: PatchObject) -> &mut Self {
        self.update.insert(id, patch);
        self
    }

    /// Answers a [`PushVerification`], so that the server begins to send.
    pub fn verify(&mut self, id: Id<PushSubscription>, code: &str) -> &mut Self {
        self.update(id, PatchObject::new().set("verificationCode", code).clone())
    }

    /// Ends a subscription.
    pub fn destroy(&mut self, id: Id<PushSubscription>) -> &mut Self {
        self.destroy.push(id);
        self
    }
}

impl Method for SubscriptionSetArguments {
    const NAME: MethodName = MethodName::new(PushSubscription::TYPE, "set");
    const USING: &'static [&'static str] = PushSubscription::USING;
    type Response = SetResponse<PushSubscription>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, Response, Responses, SetErrorKind};

    fn session() -> crate::Session {
        serde_json::from_str(r#"{"capabilities":{"urn:ietf:params:jmap:core":{}}}"#).unwrap()
    }

    #[test]
    fn calls_have_no_account() {
        let mut batch = Batch::new();
        batch.call(SubscriptionGetArguments::all());
        let mut set = SubscriptionSetArguments::default();
        let mut subscription = PushSubscription::new("d", "https://example.com/push");
        subscription.keys = Some(PushKeys::new("BP4z", "AMsI"));
        subscription.expires = Some("2026-12-01T00:00:00Z".parse().unwrap());
        subscription.types = Some(vec!["Note".to_owned()]);
        set.create(CreationId::any("k1"), subscription).destroy(Id::any("p2"));
        batch.call(set);
        let request = batch.request(&session()).unwrap();
        insta::assert_snapshot!(serde_json::to_string(&request).unwrap(), @r#"{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["PushSubscription/get",{},"c0"],["PushSubscription/set",{"create":{"k1":{"deviceClientId":"d","url":"https://example.com/push","keys":{"p256dh":"BP4z","auth":"AMsI"},"expires":"2026-12-01T00:00:00Z","types":["Note"]}},"destroy":["p2"]},"c1"]]}"#);
    }

    #[test]
    fn responses_have_no_state() {
        let mut batch = Batch::new();
        let get = batch.call(SubscriptionGetArguments::of([Id::any("p1")]));
        let set = batch.call(SubscriptionSetArguments::default());
        // As in RFC 8620, section 7.2.3, with a failure.
        let response: Response = serde_json::from_str(
            r#"{"methodResponses": [
                ["PushSubscription/get", {"list": [{"id": "p1", "deviceClientId": "b37f", "verificationCode": "b210",
                    "expires": "2018-07-31T00:13:21Z", "types": ["Todo"]}], "notFound": []}, "c0"],
                ["PushSubscription/set", {"created": {"4f29": {"id": "P43dcfa4", "expires": "2018-08-07T00:13:21Z"}},
                    "notUpdated": {"p1": {"type": "invalidProperties", "properties": ["verificationCode"]}}}, "c1"]
            ]}"#,
        )
        .unwrap();
        let mut responses = Responses::new(response);
        let got = responses.take(get).unwrap();
        let subscription = &got.list.objects[0];
        assert_eq!(subscription.expires.unwrap().to_string(), "2018-07-31T00:13:21Z");
        assert_eq!((got.state, got.account_id), (None, None));
        let done = responses.take(set).unwrap();
        assert_eq!(done.created["4f29"].id.as_str(), "P43dcfa4");
        assert_eq!(done.not_updated["p1"].kind(), SetErrorKind::InvalidProperties);
    }

    #[test]
    fn keys_are_not_shown() {
        let mut subscription = PushSubscription::new("d", "https://example.com/push");
        subscription.keys = Some(PushKeys::new("BP4z", "AMsI"));
        let shown = format!("{subscription:?}");
        assert!(!shown.contains("AMsI") && !shown.contains("BP4z"), "{shown}");
    }
}
