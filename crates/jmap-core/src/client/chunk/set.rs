//! `Foo/set` of any number of objects.

use std::collections::VecDeque;
use std::mem::take;

use json_model::{Json, Map, ToJson};

use super::is_too_large;
use crate::client::Client;
use crate::client::join::join;
use crate::object::Set;
use crate::transport::BoxFuture;
use crate::{Error, Method, SetArguments, SetError, SetErrorKind, SetResponse};

pub(in crate::client) async fn set<O, M>(
    client: &Client,
    mut arguments: M,
) -> Result<SetResponse<O>, Error>
where
    O: Set,
    M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>> + Clone,
{
    let most = client.shared.loaded().limits.max_objects_in_set.unwrap_or(u64::MAX);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let is_chain = arguments.as_mut().len() > most && depends_on_order(arguments.as_mut());
    let pieces = cut(arguments, most);
    if is_chain || pieces.len() == 1 {
        return send(client, pieces).await.done();
    }
    let each =
        |piece| -> BoxFuture<'_, Merged<O>> { Box::pin(send(client, VecDeque::from([piece]))) };
    let mut all = Merged::default();
    for merged in join(pieces.into_iter().map(each).collect()).await {
        all.add(merged);
    }
    all.done()
}

/// Whether the pieces have to come one after the other: each demands the state after the one before, or objects refer to
/// others that are created here.
fn depends_on_order<O: Set>(set: &SetArguments<O>) -> bool {
    let created: Vec<String> = set.create.keys().map(|id| format!("\"#{id}\"")).collect();
    let refers = |text: &str| created.iter().any(|reference| text.contains(reference));
    let texts: Vec<bool> = set.create.values().map(|object| refers(&text_of(object))).collect();
    set.if_in_state.is_some()
        || texts.contains(&true)
        || (!created.is_empty() && set.update.values().any(|patch| refers(&text_of(patch))))
}

fn text_of<T: ToJson>(value: &T) -> String {
    let json = Json::from_serialize(&value.versioned(json_model::Version::V2_0));
    json.map(|json| json.as_str().to_owned()).unwrap_or_default()
}

fn cut<O, M>(mut arguments: M, most: usize) -> VecDeque<M>
where
    O: Set,
    M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>> + Clone,
{
    let mut pieces = VecDeque::new();
    while arguments.as_mut().len() > most {
        let rest = split_off(&mut arguments, most);
        pieces.push_back(std::mem::replace(&mut arguments, rest));
    }
    pieces.push_back(arguments);
    pieces
}

/// Takes everything but the first `at` changes out of a call: a call with the same arguments otherwise.
fn split_off<O, M>(call: &mut M, at: usize) -> M
where
    O: Set,
    M: AsMut<SetArguments<O>> + Clone,
{
    let set = call.as_mut();
    let mut create: Vec<_> = take(&mut set.create).into_iter().collect();
    let mut update: Vec<_> = take(&mut set.update).into_iter().collect();
    let mut destroy = take(&mut set.destroy);
    let mut rest = call.clone();
    let other = rest.as_mut();
    other.create = create.split_off(at.min(create.len())).into_iter().collect();
    let at = at - create.len();
    other.update = update.split_off(at.min(update.len())).into_iter().collect();
    let at = at - update.len();
    other.destroy = destroy.split_off(at.min(destroy.len()));

    let set = call.as_mut();
    set.create = create.into_iter().collect();
    set.update = update.into_iter().collect();
    set.destroy = destroy;
    rest
}

/// Sends calls one after the other: each in the state that the one before led to, if a state is demanded, and with what was
/// created before. A call that the server finds too large is halved.
async fn send<O, M>(client: &Client, mut calls: VecDeque<M>) -> Merged<O>
where
    O: Set,
    M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>> + Clone,
{
    let mut merged = Merged::default();
    let mut created = (calls.len() > 1).then(Map::new);
    while let Some(mut call) = calls.pop_front() {
        let set = call.as_mut();
        if merged.is_begun && set.if_in_state.is_some() {
            set.if_in_state.clone_from(&merged.response.new_state);
        }
        let size = set.len();
        let mut batch = client.batch();
        batch.created_ids(created.take());
        let handle = batch.call_by_reference(&call);
        let result = async {
            let mut responses = batch.send().await?;
            created = responses.created_ids().cloned();
            responses.take(handle)
        };
        match result.await {
            Ok(response) => merged.take(response),
            Err(error) if is_too_large(&error) && size > 1 => {
                let rest = split_off(&mut call, size / 2);
                calls.push_front(rest);
                calls.push_front(call);
                created.get_or_insert_default();
            }
            Err(error) => {
                merged.lose(call, &error);
                calls.drain(..).for_each(|call| merged.lose(call, &error));
                merged.error.get_or_insert(error);
            }
        }
    }
    merged
}

/// What came of the pieces so far.
struct Merged<O: Set> {
    response: SetResponse<O>,
    /// Whether any piece was answered.
    is_begun: bool,
    error: Option<Error>,
}

impl<O: Set> Default for Merged<O> {
    fn default() -> Self {
        Self { response: SetResponse::default(), is_begun: false, error: None }
    }
}

impl<O: Set> Merged<O> {
    /// Adds what came next.
    fn take(&mut self, response: SetResponse<O>) {
        if !std::mem::replace(&mut self.is_begun, true) {
            self.response.account_id = response.account_id.clone();
            self.response.old_state = response.old_state.clone();
        }
        self.response.new_state = response.new_state.clone();
        self.extend(response);
    }

    /// Adds what came at the same time: nobody knows which state came before the other.
    fn add(&mut self, other: Self) {
        if other.is_begun {
            self.is_begun = true;
            self.response.account_id = other.response.account_id.clone();
        }
        self.extend(other.response);
        self.error = self.error.take().or(other.error);
    }

    fn extend(&mut self, other: SetResponse<O>) {
        let all = &mut self.response;
        all.created.extend(other.created);
        all.updated.extend(other.updated);
        all.destroyed.extend(other.destroyed);
        all.not_created.extend(other.not_created);
        all.not_updated.extend(other.not_updated);
        all.not_destroyed.extend(other.not_destroyed);
        all.extra.extend(other.extra);
    }

    /// The changes of a call that failed, or that was not sent after one failed.
    fn lose(&mut self, mut call: impl AsMut<SetArguments<O>>, error: &Error) {
        let kind = match error.method_error() {
            Some(error) => SetErrorKind::from(error.kind().as_str()),
            None => SetErrorKind::ServerFail,
        };
        let reason = SetError::new(kind).description(error.to_string());
        let set = take(call.as_mut());
        let all = &mut self.response;
        all.not_created.extend(set.create.into_iter().map(|(id, _)| (id, reason.clone())));
        all.not_updated.extend(set.update.into_iter().map(|(id, _)| (id, reason.clone())));
        all.not_destroyed.extend(set.destroy.into_iter().map(|id| (id, reason.clone())));
    }

    /// An error only if nothing was answered at all.
    fn done(self) -> Result<SetResponse<O>, Error> {
        match self.error {
            Some(error) if !self.is_begun => Err(error),
            _ => Ok(self.response),
        }
    }
}
