//! [`Request`] and [`Response`] (RFC 8620, sections 3.3 and 3.4): what goes over the wire.

use json_model::{FromJson, Json, Map, Read, Reader, ToJson, Version};
use serde::Serializer;
use serde::de::SeqAccess;
use serde::ser::SerializeTuple;

use crate::{Session, State};

/// What is sent to the `apiUrl` (RFC 8620, section 3.3).
///
/// [`Batch`](crate::Batch) makes one from typed calls; it can be written by hand as well.
///
/// ```
/// use jmap_core::{Invocation, Request};
/// use json_model::Json;
///
/// let echo = Invocation::new("Core/echo", Json::parse(r#"{"n":1}"#)?, "e");
/// let request = Request::new(["urn:ietf:params:jmap:core"], [echo]);
/// assert_eq!(
///     serde_json::to_string(&request)?,
///     r#"{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{"n":1},"e"]]}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Request {
    /// The URIs of the capabilities that the calls need.
    pub using: Vec<String>,
    /// The calls, done in this order.
    pub method_calls: Vec<Invocation>,
    /// What creation ids of earlier requests stand for. The response has this member only if the request has it.
    pub created_ids: Option<Map<String, String>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Request: "Request" never {
        "using" => using,
        "methodCalls" => method_calls,
        "createdIds" => created_ids,
    }
    demanded: Self::demanded;
    extra
}

impl Request {
    /// A request of these calls.
    pub fn new<U: Into<String>>(
        using: impl IntoIterator<Item = U>,
        method_calls: impl IntoIterator<Item = Invocation>,
    ) -> Self {
        Self {
            using: using.into_iter().map(Into::into).collect(),
            method_calls: method_calls.into_iter().collect(),
            ..Self::default()
        }
    }

    fn demanded(&self) -> &'static [&'static str] {
        &["using", "methodCalls"]
    }
}

/// What comes back (RFC 8620, section 3.4).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The responses, in the order of the calls. One call may have several, and a failed one has an `error`.
    pub method_responses: Vec<Invocation>,
    /// What creation ids stand for, if the request had this member.
    pub created_ids: Option<Map<String, String>>,
    /// The state of the session; fetch it again when it moves.
    pub session_state: Option<State<Session>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Response: "Response" never {
        "methodResponses" => method_responses,
        "createdIds" => created_ids,
        "sessionState" => session_state,
    }
    demanded: Self::demanded;
    extra
}

impl Response {
    fn demanded(&self) -> &'static [&'static str] {
        &["methodResponses"]
    }
}

/// One call, or one response to a call (RFC 8620, section 3.2): in JSON an array of three.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Invocation {
    /// The name of the method, or `error`.
    pub name: String,
    /// The arguments, an object.
    pub arguments: Json,
    /// What the client calls this call.
    pub call_id: String,
}

impl Invocation {
    /// A call or a response.
    pub fn new(name: impl Into<String>, arguments: Json, call_id: impl Into<String>) -> Self {
        Self { name: name.into(), arguments, call_id: call_id.into() }
    }
}

impl FromJson for Invocation {
    const EXPECTED: &'static str = "an array of a name, an object and a call id";

    fn from_array<'de, A: SeqAccess<'de>>(
        mut elements: A,
        _: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let mut parts: Vec<Json> = Vec::with_capacity(3);
        while let Some(json) = elements.next_element()? {
            parts.push(json);
        }
        Ok(Self::of(parts))
    }
}

impl Invocation {
    fn of(parts: Vec<Json>) -> Read<Self> {
        let texts = match &parts[..] {
            [name, arguments, call_id] if arguments.is_object() => {
                name.to_text().zip(call_id.to_text())
            }
            _ => None,
        };
        let Some((name, call_id)) = texts else {
            return Read::Wrong(Json::from_serialize(&parts).unwrap_or_else(|_| Json::null()));
        };
        let arguments = parts.into_iter().nth(1).unwrap_or_else(Json::null);
        Read::Value(Self { name, arguments, call_id })
    }
}

impl ToJson for Invocation {
    fn to_json<S: Serializer>(&self, serializer: S, _: Version) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_tuple(3)?;
        parts.serialize_element(&self.name)?;
        parts.serialize_element(&self.arguments)?;
        parts.serialize_element(&self.call_id)?;
        parts.end()
    }
}
