//! One request: its calls as the standard wants them, and the responses as the client gets them.

use http::{Request, Response, StatusCode, request::Parts};
use jmap_core::Session;
use jmap_core::server::Service;
use jmap_core::transport::Body;
use serde_json::{Map, Value, json};

use super::layer::{problem, rewritten};
use super::{Quirks, calls, draft, responses, session};
use crate::account::Somebody;

/// A call of a request.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: Map<String, Value>,
    pub(super) id: Value,
}

impl Call {
    fn read(call: &Value) -> Option<Self> {
        let (name, arguments) = (call[0].as_str()?.to_owned(), call[1].as_object()?.clone());
        Some(Self { name, arguments, id: call[2].clone() })
    }

    fn written(&self) -> Value {
        json!([self.name, self.arguments, self.id])
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The objects of an argument of `set`, by their ids.
    pub(super) fn objects(&mut self, argument: &str) -> Option<&mut Map<String, Value>> {
        self.arguments.get_mut(argument)?.as_object_mut()
    }

    pub(super) fn account(&self) -> Value {
        self.arguments.get("accountId").cloned().unwrap_or_default()
    }
}

/// A call on its way.
pub(super) struct Step {
    /// What the client asked.
    pub(super) asked: Call,
    /// What the server is asked.
    pub(super) call: Call,
    /// What the client is answered without the server.
    pub(super) error: Option<Value>,
    /// The objects that go no further, and why: `notCreated` and `notUpdated`.
    pub(super) refused: Map<String, Value>,
}

impl Step {
    /// Takes an object out of an argument.
    pub(super) fn refuse(&mut self, argument: &str, id: &str, error: Value) {
        let list = match argument {
            "create" => "notCreated",
            "update" => "notUpdated",
            _ => "notDestroyed",
        };
        match self.call.arguments.get_mut(argument) {
            Some(Value::Object(objects)) => _ = objects.remove(id),
            Some(Value::Array(ids)) => ids.retain(|it| it != id),
            _ => {}
        }
        let refused = self.refused.entry(list).or_insert_with(|| json!({}));
        refused[id] = error;
    }
}

/// A request that is answered.
pub(super) struct Exchange<'a> {
    pub(super) quirks: &'a Quirks,
    service: &'a Service<Somebody>,
    user: Somebody,
    using: Vec<Value>,
    steps: Vec<Step>,
    rest: Map<String, Value>,
}

impl<'a> Exchange<'a> {
    /// `None` if it is no request: the server says what is wrong with it.
    pub(super) fn read(
        quirks: &'a Quirks,
        service: &'a Service<Somebody>,
        user: Somebody,
        request: &Value,
    ) -> Option<Self> {
        let mut rest = request.as_object()?.clone();
        let calls: Option<Vec<Call>> =
            rest.remove("methodCalls")?.as_array()?.iter().map(Call::read).collect();
        let step =
            |call: Call| Step { asked: call.clone(), call, error: None, refused: Map::new() };
        let steps = calls?.into_iter().map(step).collect();
        let using = rest.remove("using")?.as_array()?.clone();
        let using = known(quirks, using, &service.dispatcher().session(&user));
        Some(Self { quirks, service, user, using, steps, rest })
    }

    pub(super) async fn run(mut self, head: &Parts) -> Response<Body> {
        if self.quirks.too_many_ids_refuse_request && self.has_too_many_ids() {
            let limit = Some("maxObjectsInGet");
            return problem("urn:ietf:params:jmap:error:limit", limit, "too many ids");
        }
        let own = self.user.account.clone();
        let mut steps = std::mem::take(&mut self.steps);
        for step in &mut steps {
            step.error = match calls::adjust(self.quirks, step, &own) {
                Ok(()) => draft::adjust(&self, step).await.err(),
                Err(error) => Some(error),
            };
            if step.error.is_none() && self.quirks.read_only_occurrences {
                self.refuse_occurrences(step).await;
            }
        }
        let sent = steps.iter().filter(|step| step.error.is_none());
        let calls: Vec<Value> = sent.map(|step| step.call.written()).collect();
        let response = self.respond(head, calls).await;
        if response.status() != StatusCode::OK {
            return response;
        }
        rewritten(response, |response| self.put_together(&steps, response)).await
    }

    /// The answers of the server, and those that it was not asked for.
    fn put_together(&self, steps: &[Step], response: &mut Value) {
        let answers = response["methodResponses"].take();
        let mut answers: Vec<Value> = answers.as_array().cloned().unwrap_or_default();
        answers.reverse();
        let mut all = Vec::new();
        for step in steps {
            if let Some(error) = &step.error {
                all.push(json!(["error", error, step.asked.id]));
                continue;
            }
            // Another call may come with the answer, under the same id.
            let mut is_first = true;
            while answers
                .last()
                .is_some_and(|it| it[2] == step.asked.id && (is_first || is_implied(step, it)))
            {
                let Some(mut answer) = answers.pop() else { break };
                draft::speak(self.quirks, step, &mut answer);
                responses::adjust(self.quirks, step, &mut answer, is_first);
                all.push(answer);
                is_first = false;
            }
        }
        response["methodResponses"] = Value::Array(all);
        if self.quirks.session_state_zero {
            response["sessionState"] = json!("0");
        }
    }

    /// What the server itself answers to a call of this layer.
    pub(super) async fn ask(&self, name: &str, arguments: Value) -> Option<Value> {
        let request = json!({"using": self.using, "methodCalls": [[name, arguments, "q"]]});
        let request = serde_json::from_value(request).ok()?;
        let response = self.service.dispatcher().run(self.user.clone(), request).await.ok()?;
        let answer = response.method_responses.into_iter().next()?;
        if answer.name == "error" { None } else { answer.arguments.to_value().ok() }
    }

    async fn respond(&self, head: &Parts, calls: Vec<Value>) -> Response<Body> {
        let mut request = self.rest.clone();
        request.insert("using".to_owned(), Value::Array(self.using.clone()));
        request.insert("methodCalls".to_owned(), Value::Array(calls));
        let mut sent =
            Request::new(Body::from(bytes::Bytes::from(Value::Object(request).to_string())));
        *sent.method_mut() = head.method.clone();
        *sent.uri_mut() = head.uri.clone();
        if let Some(media_type) = head.headers.get("content-type") {
            sent.headers_mut().insert("content-type", media_type.clone());
        }
        self.service.respond(self.user.clone(), sent).await
    }

    fn has_too_many_ids(&self) -> bool {
        let session = self.service.dispatcher().session(&self.user);
        let most = session.limits().max_objects_in_get.unwrap_or(u64::MAX);
        let count = |step: &Step| step.call.arguments.get("ids")?.as_array().map(Vec::len);
        let is_get = |step: &&Step| step.call.name.ends_with("/get");
        self.steps.iter().filter(is_get).filter_map(count).any(|count| count as u64 > most)
    }

    /// Stalwart changes nothing by the id of an occurrence.
    async fn refuse_occurrences(&self, step: &mut Step) {
        if !step.call.is("CalendarEvent/set") {
            return;
        }
        let updated = step.call.objects("update").into_iter().flat_map(|it| it.keys());
        let mut ids: Vec<Value> = updated.map(|id| json!(id)).collect();
        let destroyed = step.call.arguments.get("destroy").and_then(Value::as_array);
        let destroyed = destroyed.cloned().unwrap_or_default();
        ids.extend_from_slice(&destroyed);
        let get =
            json!({"accountId": step.call.account(), "ids": ids, "properties": ["baseEventId"]});
        let Some(found) = self.ask("CalendarEvent/get", get).await else { return };
        for event in found["list"].as_array().into_iter().flatten() {
            if let (Some(id), true) = (event["id"].as_str(), event["baseEventId"].is_string()) {
                let error = json!({
                    "type": "invalidProperties", "properties": ["id"],
                    "description": "Updating synthetic ids is not yet supported.",
                });
                let is_destroyed = destroyed.contains(&json!(id));
                step.refuse(if is_destroyed { "destroy" } else { "update" }, id, error);
            }
        }
    }
}

/// Whether an answer is to a call that the server added to one.
fn is_implied(step: &Step, answer: &Value) -> bool {
    let object = step.asked.name.split('/').next().unwrap_or_default();
    step.asked.name.ends_with("/copy") && answer[0].as_str() == Some(&format!("{object}/set"))
}

/// What is used, of what the server itself knows.
fn known(quirks: &Quirks, using: Vec<Value>, session: &Session) -> Vec<Value> {
    let is_known = |uri: &Value| uri.as_str().is_none_or(|uri| !session::is_shown_only(uri));
    let mut known: Vec<Value> = using.into_iter().filter(is_known).collect();
    if quirks.unannounced_extensions {
        for (uri, of) in session::UNANNOUNCED {
            if known.contains(&json!(of)) && session.has(uri) && !known.contains(&json!(uri)) {
                known.push(json!(uri));
            }
        }
    }
    known
}
