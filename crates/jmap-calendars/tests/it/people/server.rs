//! A small server of events, strict about the names of its version: JSON in, JSON out, and not of our types.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use jmap_core::transport::{Body, BoxFuture, Transport, TransportError};
use jmap_core::{Client, Json, PatchObject, Version};
use serde_json::{Value, json};

/// What the server is, and what it was asked.
#[derive(Clone)]
pub(super) struct Server(Arc<Mutex<Inner>>);

pub(super) struct Inner {
    version: Version,
    /// Beside `urn:ietf:params:jmap:calendars` and `…:principals`.
    capabilities: Vec<&'static str>,
    pub(super) events: BTreeMap<String, Value>,
    state: u64,
    /// All calls, without their ids.
    pub(super) calls: Vec<(String, Value)>,
    /// How many of the next answers get lost.
    pub(super) lost: u32,
    /// What it does not do: `create` or `update`.
    pub(super) refuses: Option<&'static str>,
    /// How long the client waited.
    pub(super) slept: Vec<Duration>,
}

impl Server {
    /// A server that takes this version, and whose session does not tell.
    pub(super) fn of(version: Version) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            version,
            capabilities: Vec::new(),
            events: BTreeMap::new(),
            state: 0,
            calls: Vec::new(),
            lost: 0,
            refuses: None,
            slept: Vec::new(),
        })))
    }

    pub(super) fn client(&self) -> Client {
        Client::builder("https://example.com/session")
            .transport(self.clone())
            .connect()
            .wait()
            .unwrap()
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// Keeps an event, as somebody else's client would do.
    pub(super) fn keep(&self, event: Value) -> String {
        self.inner().insert(event)
    }

    /// One with this capability besides.
    pub(super) fn with(self, capability: &'static str) -> Self {
        self.inner().capabilities.push(capability);
        self
    }

    /// The arguments of the last call of a method.
    pub(super) fn last(&self, method: &str) -> Value {
        let inner = self.inner();
        inner.calls.iter().rev().find(|(name, _)| name == method).unwrap().1.clone()
    }

    /// What the last `CalendarEvent/set` changed.
    pub(super) fn patch(&self) -> String {
        let update = self.last("CalendarEvent/set")["update"].clone();
        serde_json::to_string(update.as_object().unwrap().values().next().unwrap()).unwrap()
    }

    fn answer(&self, path: &str, body: &[u8]) -> Option<Value> {
        let mut inner = self.inner();
        if path == "/session" {
            return Some(inner.session());
        }
        let request: Value = serde_json::from_slice(body).unwrap();
        let mut responses: Vec<Value> = Vec::new();
        for call in request["methodCalls"].as_array().unwrap() {
            let method = call[0].as_str().unwrap();
            let arguments = with_references(&call[1], &responses);
            inner.calls.push((method.to_owned(), arguments.clone()));
            responses.push(match inner.call(method, &arguments) {
                Ok(response) => json!([method, response, call[2]]),
                Err(error) => json!(["error", error, call[2]]),
            });
        }
        if inner.lost > 0 && !responses.is_empty() {
            inner.lost -= 1;
            return None;
        }
        Some(json!({"methodResponses": responses, "sessionState": "s"}))
    }
}

/// `#ids` of a query in the same request.
fn with_references(arguments: &Value, responses: &[Value]) -> Value {
    let mut arguments = arguments.clone();
    if let Some(reference) = arguments.as_object_mut().unwrap().remove("#ids") {
        let of = |response: &&Value| response[2] == reference["resultOf"];
        let ids = responses.iter().find(of).map(|response| response[1]["ids"].clone());
        arguments["ids"] = ids.unwrap_or_else(|| json!([]));
    }
    arguments
}

impl Inner {
    fn session(&self) -> Value {
        let mut uris = vec![
            "urn:ietf:params:jmap:core",
            "urn:ietf:params:jmap:calendars",
            "urn:ietf:params:jmap:principals",
        ];
        uris.extend(&self.capabilities);
        let all: Value = uris.iter().map(|uri| ((*uri).to_owned(), json!({}))).collect();
        let primary: Value = uris.iter().map(|uri| ((*uri).to_owned(), json!("A"))).collect();
        json!({
            "capabilities": all, "primaryAccounts": primary, "state": "s", "apiUrl": "/api",
            "accounts": {"A": {"name": "jane", "isPersonal": true, "accountCapabilities": all}},
        })
    }

    fn insert(&mut self, mut event: Value) -> String {
        self.state += 1;
        let id = format!("E{}", self.state);
        event["id"] = json!(id);
        self.events.insert(id.clone(), event);
        id
    }

    fn call(&mut self, method: &str, arguments: &Value) -> Result<Value, Value> {
        match method {
            "Calendar/get" => Ok(json!({"state": "1", "list": [
                {"id": "C2", "name": "Work", "sortOrder": 2, "includeInAvailability": "none", "timeZone": "Asia/Tokyo", "myRights": {"mayWriteAll": true}},
                {"id": "C1", "name": "Home", "sortOrder": 1, "isDefault": true},
            ]})),
            "ParticipantIdentity/get" => Ok(json!({"state": "1", "list": [self.identity()]})),
            // Whatever contains the address matches.
            "Principal/query" => Ok(json!({"ids": ["P1", "P2"], "position": 0, "queryState": "1"})),
            "Principal/get" => Ok(principals(&arguments["ids"])),
            "CalendarEvent/get" => Ok(self.get(arguments)),
            "CalendarEvent/query" => self.query(arguments),
            "CalendarEvent/set" => self.set(arguments),
            "CalendarEvent/changes" => Err(json!({"type": "cannotCalculateChanges"})),
            _ => Err(json!({"type": "unknownMethod"})),
        }
    }

    fn identity(&self) -> Value {
        if self.version < Version::V2_0 {
            return json!({"id": "I", "name": "Jane", "sendTo": {"imip": "mailto:jane@example.com"}});
        }
        json!({"id": "I", "name": "Jane", "calendarAddress": "mailto:jane@example.com"})
    }

    fn get(&self, arguments: &Value) -> Value {
        let ids: Vec<String> = match arguments["ids"].as_array() {
            Some(ids) => ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect(),
            None => self.events.keys().cloned().collect(),
        };
        let (found, missing): (Vec<_>, Vec<_>) =
            ids.iter().partition(|id| self.events.contains_key(*id));
        let list: Vec<_> = found.iter().map(|id| self.events[*id].clone()).collect();
        json!({"state": self.state.to_string(), "list": list, "notFound": missing})
    }

    fn query(&self, arguments: &Value) -> Result<Value, Value> {
        let other = if self.version < Version::V2_0 { "inCalendar" } else { "inCalendars" };
        let filter = &arguments["filter"];
        if filter.get(other).is_some() {
            let name = format!("filter/{other}");
            return Err(json!({"type": "invalidArguments", "arguments": [name]}));
        }
        let of_uid = |event: &Value| filter["uid"].is_null() || filter["uid"] == event["uid"];
        let calendar = filter.get("inCalendar").or_else(|| filter["inCalendars"].get(0));
        let in_calendar = |event: &Value| {
            calendar.is_none_or(|id| event["calendarIds"].get(id.as_str().unwrap()).is_some())
        };
        let found = self.events.iter().filter(|(_, event)| of_uid(event) && in_calendar(event));
        let ids: Vec<_> = found.map(|(id, _)| id.clone()).collect();
        Ok(json!({"ids": ids, "position": 0, "queryState": self.state.to_string()}))
    }

    fn set(&mut self, arguments: &Value) -> Result<Value, Value> {
        let state = self.state.to_string();
        if arguments.get("ifInState").is_some_and(|expected| *expected != json!(state)) {
            return Err(json!({"type": "stateMismatch"}));
        }
        let members = |name: &str| arguments[name].as_object().cloned().unwrap_or_default();
        let (mut created, mut not_created) = (json!({}), json!({}));
        for (creation, event) in members("create") {
            let is_taken = self.events.values().any(|other| other["uid"] == event["uid"]);
            let is_refused = is_taken || self.refuses == Some("create");
            match self.refused(&event).or_else(|| is_refused.then(|| "uid".to_owned())) {
                Some(name) => {
                    not_created[creation] =
                        json!({"type": "invalidProperties", "properties": [name]});
                }
                None => created[creation] = json!({"id": self.insert(event)}),
            }
        }
        let (mut updated, mut not_updated) = (json!({}), json!({}));
        for (id, patch) in members("update") {
            let error = match self.updated(&id, &patch) {
                Ok(()) => {
                    updated[id] = Value::Null;
                    continue;
                }
                Err(error) => error,
            };
            not_updated[id] = error;
        }
        let mut destroyed = Vec::new();
        for id in arguments["destroy"].as_array().cloned().unwrap_or_default() {
            if self.events.remove(id.as_str().unwrap()).is_some() {
                self.state += 1;
                destroyed.push(id);
            }
        }
        Ok(json!({
            "oldState": state, "newState": self.state.to_string(), "created": created, "notCreated": not_created,
            "updated": updated, "notUpdated": not_updated, "destroyed": destroyed,
        }))
    }

    fn updated(&mut self, id: &str, patch: &Value) -> Result<(), Value> {
        let invalid = |name: String| json!({"type": "invalidProperties", "properties": [name]});
        let event = self.events.get(id).ok_or_else(|| json!({"type": "notFound"}))?;
        let refused = || self.refuses.filter(|it| *it == "update").map(|_| "uid".to_owned());
        if let Some(name) = self.refused(patch).or_else(refused) {
            return Err(invalid(name));
        }
        let changes = patch.as_object().unwrap().clone().into_iter();
        let changes =
            PatchObject(changes.map(|(pointer, value)| (pointer, Json::from(value))).collect());
        let after = changes
            .apply(&Json::from(event.clone()), jmap_core::json_model::PatchRules::V1_0)
            .map_err(|error| json!({"type": "invalidPatch", "description": error.to_string()}))?;
        self.state += 1;
        self.events.insert(id.to_owned(), after.to_value().unwrap());
        Ok(())
    }

    /// The first name that is of the other version; `version` where it is missing.
    fn refused(&self, members: &Value) -> Option<String> {
        const NEW: [&str; 5] = [
            "version",
            "recurrenceRule",
            "organizerCalendarAddress",
            "endTimeZone",
            "mainLocationId",
        ];
        const OLD: [&str; 3] = ["recurrenceRules", "replyTo", "excludedRecurrenceRules"];
        let is_old = self.version < Version::V2_0;
        let is_event = members.get("uid").is_some();
        if !is_old && is_event && members.get("version").is_none() {
            return Some("version".to_owned());
        }
        let wrong = if is_old { NEW.as_slice() } else { OLD.as_slice() };
        let names = members.as_object().unwrap().keys();
        names.into_iter().find(|name| wrong.contains(&name.as_str())).cloned()
    }
}

fn principals(ids: &Value) -> Value {
    let mut list = vec![
        json!({"id": "P1", "email": "joann@example.com"}),
        json!({"id": "P2", "email": "Ann@example.com",
            "capabilities": {"urn:ietf:params:jmap:calendars": {"accountId": "A"}}}),
    ];
    list.retain(|principal| ids.as_array().unwrap().contains(&principal["id"]));
    json!({"state": "1", "list": list})
}

impl Transport for Server {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let path = request.uri().path().to_owned();
            let body = request.into_body().collect(1 << 20).await.unwrap();
            match self.answer(&path, &body) {
                Some(answer) => Ok(http::Response::builder()
                    .header("content-type", "application/json")
                    .body(Body::from(answer.to_string()))
                    .unwrap()),
                None => Err(TransportError::broken("lost", "lost")),
            }
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.inner().slept.push(duration);
        Box::pin(std::future::ready(()))
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }
}
