//! One request: reading it, its checks (RFC 8620, sections 3.3 and 3.6.1), its calls in their order.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use json_model::{Json, Map, ToJson, Version};

use super::arguments::{self, members};
use super::context::{Context, Implied, Shared};
use super::creations::Creations;
use super::dispatcher::{Dispatcher, User};
use super::{i_json, references};
use crate::capability::Core;
use crate::wire::is_media_type;
use crate::{Invocation, MethodError, MethodErrorKind, Request, RequestError, Response};

/// The request in a body, if it is one: as strictly as the standard has it.
pub(super) fn read(request: &http::Request<Bytes>, most: u64) -> Result<Request, RequestError> {
    if !is_media_type(request.headers(), "application/json") {
        return Err(RequestError::new(RequestError::NOT_JSON)
            .detail("the content type is not application/json"));
    }
    if request.body().len() as u64 > most {
        return Err(RequestError::limit("maxSizeRequest"));
    }
    let not_json = |error: String| RequestError::new(RequestError::NOT_JSON).detail(error);
    let text = std::str::from_utf8(request.body()).map_err(|error| not_json(error.to_string()))?;
    i_json::check(text).map_err(|error| not_json(error.to_string()))?;
    read_request(text)
        .map_err(|error| RequestError::new(RequestError::NOT_REQUEST).detail(error.to_string()))
}

/// Unlike the reader of the type itself, this one forgives nothing.
fn read_request(text: &str) -> Result<Request, serde_json::Error> {
    #[derive(serde::Deserialize)]
    #[serde(rename = "Request", rename_all = "camelCase")]
    struct Strict {
        using: Vec<String>,
        method_calls: Vec<(String, Json, String)>,
        created_ids: Option<BTreeMap<String, String>>,
    }

    // serde takes an array for a struct as well.
    if !text.trim_start().starts_with('{') {
        return Err(serde::de::Error::custom("expected an object"));
    }
    let Strict { using, method_calls, created_ids } = serde_json::from_str(text)?;
    if let Some((name, ..)) = method_calls.iter().find(|(_, arguments, _)| !arguments.is_object()) {
        let message = format!("the arguments of {name} are no object");
        return Err(serde::de::Error::custom(message));
    }
    let calls =
        method_calls.into_iter().map(|(name, arguments, id)| Invocation::new(name, arguments, id));
    let mut request = Request::new(using, calls);
    request.created_ids = created_ids.map(|ids| ids.into_iter().collect());
    Ok(request)
}

/// What must hold before the first call is done.
pub(super) fn check(
    request: &Request,
    capabilities: &Map<String, Json>,
    limits: &Core,
) -> Result<(), RequestError> {
    if let Some(uri) = request.using.iter().find(|uri| !capabilities.contains_key(*uri)) {
        return Err(RequestError::new(RequestError::UNKNOWN_CAPABILITY).detail(uri));
    }
    let most = limits.max_calls_in_request.unwrap_or(u64::MAX);
    if request.method_calls.len() as u64 > most {
        return Err(RequestError::limit("maxCallsInRequest"));
    }
    Ok(())
}

/// A request that is being answered.
pub(super) struct Exchange<'a, U> {
    dispatcher: &'a Dispatcher<U>,
    user: U,
    shared: Arc<Shared>,
    calls: VecDeque<Invocation>,
    responses: Vec<Invocation>,
}

impl<'a, U: User> Exchange<'a, U> {
    pub(super) fn new(dispatcher: &'a Dispatcher<U>, user: U, request: Request) -> Self {
        let shared = Shared {
            using: request.using.into_iter().collect(),
            session: dispatcher.session(&user),
            unlisted: user.unlisted_accounts(),
            limits: dispatcher.core().clone(),
            tells_created: request.created_ids.is_some(),
            creations: Creations::new(request.created_ids.unwrap_or_default()),
        };
        Self {
            dispatcher,
            user,
            shared: Arc::new(shared),
            calls: request.method_calls.into(),
            responses: Vec::new(),
        }
    }

    /// Does the calls one after the other.
    pub(super) async fn run(mut self) -> Response {
        while let Some(call) = self.calls.pop_front() {
            self.call(call).await;
        }
        Response {
            method_responses: self.responses,
            created_ids: self.shared.tells_created.then(|| self.shared.creations.all()),
            session_state: self.shared.session.state.clone(),
            ..Response::default()
        }
    }

    async fn call(&mut self, call: Invocation) {
        let Invocation { name, arguments, call_id } = call;
        let context = Context::new(self.user.clone(), Arc::clone(&self.shared));
        let result = self.result(&name, arguments, context.clone()).await;
        let (name, arguments) = match result {
            Ok(response) => {
                self.imply(context.take_implied(), &call_id);
                (name, response)
            }
            Err(error) => ("error".to_owned(), written(&error)),
        };
        self.responses.push(Invocation::new(name, arguments, call_id));
    }

    /// Puts calls before those that are left.
    fn imply(&mut self, calls: Vec<Implied>, call_id: &str) {
        for Implied { name, arguments } in calls.into_iter().rev() {
            self.calls.push_front(Invocation::new(name, arguments, call_id));
        }
    }

    async fn result(
        &self,
        name: &str,
        arguments: Json,
        context: Context<U>,
    ) -> Result<Json, MethodError> {
        let shared = &self.shared;
        let method = self.dispatcher.method(name).filter(|method| method.is_open_to(shared));
        let method = method.ok_or_else(|| MethodError::new(MethodErrorKind::UnknownMethod))?;
        let most = usize::try_from(self.dispatcher.max_size_request()).unwrap_or(usize::MAX);
        let arguments = references::resolved(arguments, &self.responses, most)?;
        method.check(&members(&arguments)?, shared)?;
        let arguments = arguments::with_ids(arguments, &shared.creations)?;
        let response = method.call(context, arguments, &shared.limits).await?;
        if !method.is_read_only() {
            shared.creations.take_in(&response);
        }
        Ok(response)
    }
}

fn written(error: &MethodError) -> Json {
    // Writing strings cannot fail; the other branch only exists in the signature.
    Json::from_serialize(&error.versioned(Version::V2_0))
        .unwrap_or_else(|_| Json::from(serde_json::json!({ "type": "serverFail" })))
}
