//! `Foo/set` of any number of objects.

use std::collections::{BTreeSet, VecDeque};
use std::mem::take;

use json_model::{Json, Map, ToJson};

use super::findable::{self, Find};
use super::is_too_large;
use crate::client::Client;
use crate::client::join::join;
use crate::client::retry::Repeat;
use crate::client::send::send_in_turn;
use crate::object::Set;
use crate::transport::BoxFuture;
use crate::{
    Created, CreationId, Error, Id, Method, PatchObject, SetArguments, SetError, SetErrorKind,
    SetResponse,
};

/// `find` looks for what was created when an answer got lost.
pub(in crate::client) async fn set<O, M>(
    client: &Client,
    mut arguments: M,
    find: Option<&Find<O>>,
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
        return send(client, pieces, find).await.done();
    }
    let each = |piece| -> BoxFuture<'_, Merged<O>> {
        Box::pin(send(client, VecDeque::from([piece]), find))
    };
    let mut all = Merged::default();
    for merged in join(pieces.into_iter().map(each).collect()).await {
        all.add(merged);
    }
    all.done()
}

/// Whether the pieces have to come one after the other: each demands the state after the one before, or objects refer to
/// others that are created here.
fn depends_on_order<O: Set>(set: &SetArguments<O>) -> bool {
    let is_created = |name: &str| set.create.contains_key(name);
    let refers = |text: &str| references(text).any(is_created);
    let is_reference = |id: &Id<O>| id.as_str().strip_prefix('#').is_some_and(is_created);
    set.if_in_state.is_some()
        || set.update.keys().chain(&set.destroy).any(is_reference)
        || set.create.values().any(|object| refers(&text_of(object)))
        || (!set.create.is_empty() && set.update.values().any(|patch| refers(&text_of(patch))))
}

/// What may be references to created objects in a text of JSON: whole strings, or parts of a pointer.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split('#').skip(1).filter_map(|behind| behind.split(['"', '/']).next())
}

fn text_of<T: ToJson>(value: &T) -> String {
    let json = Json::from_serialize(&value.versioned(json_model::Version::V2_0));
    json.map(|json| json.as_str().to_owned()).unwrap_or_default()
}

/// One change of a call.
enum Change<O: Set> {
    Create(CreationId<O>, O),
    Update(Id<O>, PatchObject),
    Destroy(Id<O>),
}

/// Calls of at most so many changes, with the same arguments otherwise.
fn cut<O, M>(mut arguments: M, most: usize) -> VecDeque<M>
where
    O: Set,
    M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>> + Clone,
{
    if arguments.as_mut().len() <= most {
        return VecDeque::from([arguments]);
    }
    let set = arguments.as_mut();
    let create = referred_first(take(&mut set.create)).into_iter();
    let update = take(&mut set.update).into_iter();
    let destroy = take(&mut set.destroy).into_iter();
    let create = create.map(|(id, object)| Change::Create(id, object));
    let update = update.map(|(id, patch)| Change::Update(id, patch));
    let mut changes = create.chain(update).chain(destroy.map(Change::Destroy)).peekable();
    let mut pieces = VecDeque::new();
    while changes.peek().is_some() {
        let mut piece = arguments.clone();
        for change in changes.by_ref().take(most) {
            match change {
                Change::Create(id, object) => piece.as_mut().create(id, object),
                Change::Update(id, patch) => piece.as_mut().update(id, patch),
                Change::Destroy(id) => piece.as_mut().destroy(id),
            };
        }
        pieces.push_back(piece);
    }
    pieces
}

/// Objects in such an order that those to which others refer come before these. What refers to itself in a circle, the
/// server shall refuse.
fn referred_first<O: Set>(create: Map<CreationId<O>, O>) -> Vec<(CreationId<O>, O)> {
    let needs = |object: &O| -> Vec<String> {
        let text = text_of(object);
        references(&text).filter(|name| create.contains_key(*name)).map(str::to_owned).collect()
    };
    let needs: Vec<Vec<String>> = create.values().map(needs).collect();
    let mut left: Vec<_> = create.into_iter().zip(needs).collect();
    let mut names = BTreeSet::new();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_ready = |needs: &[String]| needs.iter().all(|name| names.contains(name.as_str()));
        let (mut ready, rest): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|(_, needs)| is_ready(needs));
        left = rest;
        if ready.is_empty() {
            ready.append(&mut left);
        }
        names.extend(ready.iter().map(|((id, _), _)| id.as_str().to_owned()));
        ordered.extend(ready.into_iter().map(|(entry, _)| entry));
    }
    ordered
}

/// Sends calls one after the other: each in the state that the one before led to, if a state is demanded, and with what was
/// created before. A call that the server finds too large is halved.
async fn send<O, M>(client: &Client, mut calls: VecDeque<M>, find: Option<&Find<O>>) -> Merged<O>
where
    O: Set,
    M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>> + Clone,
{
    let mut merged = Merged::default();
    if calls.len() > 1 {
        merged.created_ids = Some(Map::new());
    }
    while let Some(mut call) = calls.pop_front() {
        let set = call.as_mut();
        if merged.is_begun && set.if_in_state.is_some() {
            set.if_in_state.clone_from(&merged.response.new_state);
            // Without a state there would be no condition any more.
            if set.if_in_state.is_none() {
                let found = "no newState".to_owned();
                merged.give_up(call, calls, &Error::Unexpected { expected: "a newState", found });
                return merged;
            }
        }
        let result = match find {
            Some(find) => findable::send(client, &mut call, find, &mut merged).await,
            None => {
                let repeat = Repeat::when_safe(set.if_in_state.is_some());
                merged.exchange(client, &call, repeat).await
            }
        };
        let size = call.as_mut().len();
        match result {
            Ok(response) => merged.take(response),
            Err(error) if is_too_large(&error) && size > 1 => {
                let halves = cut(call, size.div_ceil(2));
                halves.into_iter().rev().for_each(|half| calls.push_front(half));
                merged.created_ids.get_or_insert_default();
            }
            Err(error) => {
                let rest = take(&mut calls);
                if error.is_outcome_unknown() {
                    merged.lose(call, &reason(&error).outcome_unknown());
                    merged.give_up_all(rest, &error);
                } else {
                    merged.give_up(call, rest, &error);
                }
                merged.error.get_or_insert(error);
            }
        }
    }
    merged
}

/// What came of the pieces so far.
pub(super) struct Merged<O: Set> {
    response: SetResponse<O>,
    /// What was created, where later pieces may refer to it.
    created_ids: Option<Map<String, String>>,
    /// Whether anything is known to be done.
    is_begun: bool,
    error: Option<Error>,
}

impl<O: Set> Default for Merged<O> {
    fn default() -> Self {
        Self { response: SetResponse::default(), created_ids: None, is_begun: false, error: None }
    }
}

impl<O: Set> Merged<O> {
    /// Sends one call, with what was created before.
    pub(super) async fn exchange<M>(
        &mut self,
        client: &Client,
        call: &M,
        repeat: Repeat,
    ) -> Result<SetResponse<O>, Error>
    where
        M: Method<Response = SetResponse<O>>,
    {
        let mut batch = client.batch();
        batch.created_ids(self.created_ids.clone());
        let handle = batch.call_by_reference(call);
        let mut responses = send_in_turn(batch, repeat).await?;
        if let Some(created) = responses.created_ids() {
            self.created_ids = Some(created.clone());
        }
        responses.take(handle)
    }

    /// Adds what came next.
    fn take(&mut self, response: SetResponse<O>) {
        if !std::mem::replace(&mut self.is_begun, true) {
            self.response.old_state = response.old_state.clone();
        }
        self.response.account_id = response.account_id.clone();
        self.response.new_state = response.new_state.clone();
        self.extend(response);
    }

    /// Adds what was created without an answer that said so.
    pub(super) fn found(&mut self, creation: CreationId<O>, id: Id<O>) {
        self.is_begun = true;
        let created_ids = self.created_ids.get_or_insert_default();
        created_ids.insert(creation.as_str().to_owned(), id.as_str().to_owned());
        self.response.created.insert(creation, Created::new(id));
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

    /// A call that failed, and those that are not sent after it.
    fn give_up<M: AsMut<SetArguments<O>>>(&mut self, call: M, rest: VecDeque<M>, error: &Error) {
        self.lose(call, &reason(error));
        self.give_up_all(rest, error);
    }

    fn give_up_all<M: AsMut<SetArguments<O>>>(&mut self, calls: VecDeque<M>, error: &Error) {
        calls.into_iter().for_each(|call| self.lose(call, &reason(error)));
    }

    /// Says of all changes of a call why they were not made.
    pub(super) fn lose(&mut self, mut call: impl AsMut<SetArguments<O>>, reason: &SetError) {
        let set = take(call.as_mut());
        self.lose_created(set.create, reason);
        let all = &mut self.response;
        all.not_updated.extend(set.update.into_iter().map(|(id, _)| (id, reason.clone())));
        all.not_destroyed.extend(set.destroy.into_iter().map(|id| (id, reason.clone())));
    }

    /// Says of objects why they were not created.
    pub(super) fn lose_created(&mut self, create: Map<CreationId<O>, O>, reason: &SetError) {
        let lost = create.into_iter().map(|(id, _)| (id, reason.clone()));
        self.response.not_created.extend(lost);
    }

    /// An error only if nothing was answered at all.
    fn done(self) -> Result<SetResponse<O>, Error> {
        match self.error {
            Some(error) if !self.is_begun => Err(error),
            _ => Ok(self.response),
        }
    }
}

/// Why the objects of a call were not changed that failed as a whole.
pub(super) fn reason(error: &Error) -> SetError {
    let kind = match error.method_error() {
        Some(error) => SetErrorKind::from(error.kind().as_str()),
        None => SetErrorKind::ServerFail,
    };
    SetError::new(kind).description(error.to_string())
}
