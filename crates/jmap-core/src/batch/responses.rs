//! [`Responses`]: the results of a batch, taken out by handles.

use json_model::{Json, Map, Object, Parsed};

use super::Handle;
use crate::{Error, Invocation, Method, MethodError, Response, Session, State};

/// The responses to the calls of a [`Batch`](crate::Batch).
///
/// A response belongs to the call whose id it has, and is known by its name; where it stands does not count, for one call
/// may have several.
///
/// ```
/// use jmap_core::{Batch, EchoArguments, Response, Responses};
/// use json_model::Json;
///
/// let mut batch = Batch::new();
/// let echo = batch.call(EchoArguments::default());
/// # let response: Response = serde_json::from_str(r#"{"methodResponses": [["Core/echo", {"n": 1}, "c0"]]}"#)?;
/// let mut responses = Responses::new(response);
/// assert_eq!(responses.take(echo)?.extra["n"], Json::from(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Responses {
    created_ids: Option<Map<String, String>>,
    session_state: Option<State<Session>>,
    responses: Vec<Invocation>,
}

impl Responses {
    /// The responses that a server sent.
    pub fn new(response: Response) -> Self {
        Self {
            created_ids: response.created_ids,
            session_state: response.session_state,
            responses: response.method_responses,
        }
    }

    /// What creation ids stand for, if the batch had [`created_ids`](crate::Batch::created_ids): for further requests.
    pub fn created_ids(&self) -> Option<&Map<String, String>> {
        self.created_ids.as_ref()
    }

    /// The state of the session, as the server told it with these responses.
    pub fn session_state(&self) -> Option<&State<Session>> {
        self.session_state.as_ref()
    }

    /// The result of a call.
    ///
    /// # Errors
    ///
    /// The [`MethodError`] with which the call failed; or that the server gave no response to it, or one that cannot be
    /// read. Taken twice, there is none.
    pub fn take<M: Method>(&mut self, call: Handle<M>) -> Result<M::Response, Error> {
        self.take_as::<M, M::Response>(call)
    }

    /// The result of a call as a type of the caller's: a response of fewer members, or with objects of another type
    /// (`GetResponse<View>`).
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    pub fn take_as<M: Method, R: Object>(&mut self, call: Handle<M>) -> Result<R, Error> {
        self.take_parsed::<M, R>(call).map(|parsed| parsed.value)
    }

    /// The result of a call with what was odd about it: values of the wrong type, which are kept in `extra`.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    pub fn take_parsed<M: Method, R: Object>(
        &mut self,
        call: Handle<M>,
    ) -> Result<Parsed<R>, Error> {
        let arguments = self.take_json(call)?;
        json_model::from_str(arguments.as_str())
            .map_err(|source| Error::Unreadable { what: M::NAME.to_string(), source })
    }

    /// The result of a call as it came.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take), except that everything can be read.
    pub fn take_json<M: Method>(&mut self, call: Handle<M>) -> Result<Json, Error> {
        self.take_named(&call.call_id(), &M::NAME.to_string())
    }

    /// A further response to a call, which is that of another method: the `set` that a `copy` implies.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    pub fn also<M: Method, Other: Method>(
        &mut self,
        call: Handle<M>,
    ) -> Result<Other::Response, Error> {
        let name = Other::NAME.to_string();
        let arguments = self.take_named(&call.call_id(), &name)?;
        json_model::from_str(arguments.as_str())
            .map(|parsed| parsed.value)
            .map_err(|source| Error::Unreadable { what: name, source })
    }

    /// The responses that have not been taken, in the order in which they came: those of calls whose results nobody took,
    /// errors among them, and further responses that were not asked for with [`also`](Self::also).
    pub fn rest(&self) -> impl Iterator<Item = &Invocation> {
        self.responses.iter()
    }

    fn take_named(&mut self, call_id: &str, name: &str) -> Result<Json, Error> {
        let is_it = |response: &Invocation| response.call_id == call_id && response.name == name;
        let failed =
            |response: &Invocation| response.call_id == call_id && response.name == "error";
        let mut found = self.responses.iter().position(is_it);
        if found.is_none() {
            found = self.responses.iter().position(failed);
        }
        let Some(found) = found else {
            return Err(Error::NoResponse { method: name.to_owned() });
        };
        let Invocation { name: found_name, arguments, .. } = self.responses.remove(found);
        if found_name == name {
            return Ok(arguments);
        }
        Err(Error::Method { method: name.to_owned(), error: Box::new(method_error(&arguments)) })
    }
}

/// The error of a response; `serverFail` if it is not even that.
fn method_error(arguments: &Json) -> MethodError {
    json_model::from_str(arguments.as_str()).map(|parsed| parsed.value).unwrap_or_default()
}
