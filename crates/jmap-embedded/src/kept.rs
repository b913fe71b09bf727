//! What all data types have in common: getting, changes, and the frame of setting.
//!
//! Everything that is read goes through [`sight`], and everything that is written through [`change`]: what a user must not
//! see or do is decided there, once for all methods.

mod change;
mod copy;
mod default;
mod search;
mod sight;

use std::collections::{BTreeMap, BTreeSet};

use jmap_core::json_model::{self, FromJson};
use jmap_core::object::{Changes, Get, Object, Set};
use jmap_core::server::{Context, patched, unchanged};
use jmap_core::{
    ChangesArguments, ChangesResponse, Created, GetArguments, GetResponse, Id, Json, MethodError,
    MethodErrorKind, PatchObject, SetArguments, SetError, SetErrorKind, SetResponse, State,
    Updated, Version,
};

pub(crate) use self::change::{Change, keep, put, remove};
pub(crate) use self::copy::copy;
pub(crate) use self::default::{Defaultable, set_with_default};
pub(crate) use self::search::{Searched, query, query_changes};
pub(crate) use self::sight::{all_seen, existing, seen, whole};
use crate::access::Access;
use crate::account::Somebody;
use crate::store::{Log, StoreError, Work};
pub(crate) use crate::who::Who;

/// A data type that is kept in the file, and what is particular about it.
pub(crate) trait Kept: Get + Set + Changes + json_model::Object + PartialEq {
    /// The first letter of its ids.
    const LETTER: char;

    /// The properties that only the server sets, or that never change.
    const FIXED: &'static [&'static str];

    /// The properties of which every user has their own.
    const OWN: &'static [&'static str] = &[];

    /// The properties of which every user may have their own, and has those of the owner until then.
    const INHERITED: &'static [&'static str] = &[];

    /// The properties that are worked out for whoever looks, and not kept.
    const COMPUTED: &'static [&'static str] = &[];

    /// The properties that are sets of ids of other objects.
    const REFERRING: &'static [&'static str] = &[];

    /// Gives an object its id.
    fn set_id(&mut self, id: Id<Self>);

    /// The account that has the objects.
    fn place(who: &Who) -> &str {
        &who.account
    }

    /// Whether somebody sees that an object is there.
    fn is_visible(&self, access: &Access) -> bool {
        access.is_owner()
    }

    /// What somebody sees of an object; it is one that they see at all.
    fn seen_by(self, _work: &Work<'_>, _who: &Who) -> Result<Self, StoreError> {
        Ok(self)
    }

    /// Puts back what somebody did not see, and so cannot have meant to take away.
    fn keep_hidden(&mut self, _whole: &Self, _seen: &Self) {}

    /// Whether a series has an occurrence even where no override says so.
    fn has_occurrence(&self, _id: &str) -> bool {
        false
    }

    /// The id of the kept object behind an id: the same, unless the type also has ids for parts of objects.
    fn kept_id(id: &str) -> &str {
        id
    }

    /// What an id stands for, of the kept object behind it.
    fn part(self, _id: &str) -> Option<Self> {
        Some(self)
    }

    /// The kept object with a patch of what an id stands for.
    fn with_patch(&self, _id: &str, patch: &PatchObject) -> Result<Self, Refusal> {
        let after = patched(self, patch)?;
        unchanged(self, &after, Self::FIXED)?;
        Ok(after)
    }

    /// What is left of the kept object when what an id stands for is destroyed.
    fn without(&self, _id: &str) -> Result<Option<Self>, Refusal> {
        Ok(None)
    }

    /// The id of the object in an account that there cannot be two of.
    fn twin(&self, _work: &Work<'_>, _who: &Who) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// Puts ids in the place of creation ids inside of an object, and says which ids there are not for the user. Those that
    /// were in it before may stay.
    fn refer(
        &mut self,
        _before: Option<&Self>,
        _work: &Work<'_>,
        _who: &Who,
    ) -> Result<(), Refusal> {
        Ok(())
    }

    /// Says why somebody must not make `after` of `before`; without one of them the object is created or destroyed.
    fn permit(
        _before: Option<&Self>,
        _after: Option<&Self>,
        _work: &Work<'_>,
        _who: &Who,
    ) -> Result<(), Refusal> {
        Ok(())
    }

    /// Completes an object that somebody creates or has changed, and says what is wrong with it. `before` is what it was.
    fn check(
        &mut self,
        _before: Option<&Self>,
        _work: &Work<'_>,
        _who: &Who,
    ) -> Result<(), Refusal> {
        Ok(())
    }

    /// Makes the tables follow what everybody shares of an object that was put into the file.
    fn index(&self, _id: &str, _work: &Work<'_>, _who: &Who) -> Result<(), Refusal> {
        Ok(())
    }

    /// Makes the tables follow an object of which somebody changed what is their own.
    fn index_own(&self, _id: &str, _work: &Work<'_>, _who: &Who) -> Result<(), Refusal> {
        Ok(())
    }

    /// Makes the tables forget an object; says what keeps it from being destroyed.
    fn unindex(&self, _id: &str, _work: &Work<'_>, _who: &Who) -> Result<(), Refusal> {
        Ok(())
    }

    /// Does what follows from a change, such as telling people.
    fn follow(_change: &Change<Self>, _work: &Work<'_>, _who: &Who) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Why an object is not changed, or why nothing can be.
pub(crate) enum Refusal {
    Object(Box<SetError>),
    Store(StoreError),
}

impl Refusal {
    /// The failure of the store, where an object cannot be refused.
    pub(crate) fn only_store(self) -> Result<(), StoreError> {
        match self {
            Self::Object(_) => Ok(()),
            Self::Store(error) => Err(error),
        }
    }
}

impl From<SetError> for Refusal {
    fn from(error: SetError) -> Self {
        Self::Object(Box::new(error))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What the method says when the store fails.
impl From<StoreError> for MethodError {
    fn from(error: StoreError) -> Self {
        Self::new(MethodErrorKind::ServerFail).description(error.to_string())
    }
}

/// `Foo/get`.
pub(crate) fn get<O: Kept>(
    context: &Context<Somebody>,
    get: GetArguments<O>,
) -> Result<GetResponse<O>, MethodError> {
    get_shown(context, get, |_| {})
}

/// `Foo/get` of objects that are not shown as they are kept.
pub(crate) fn get_shown<O: Kept>(
    context: &Context<Somebody>,
    get: GetArguments<O>,
    show: impl Fn(&mut O),
) -> Result<GetResponse<O>, MethodError> {
    let who = Who::of(context, get.account_id.as_ref());
    check_properties::<O>(get.properties.as_deref())?;
    let names = get.properties.as_deref().map(names_of::<O>);
    let shown = |mut object: O| {
        show(&mut object);
        picked(object, names.as_deref())
    };
    context.user().store.read(|work| {
        let mut missing = Vec::new();
        let found = match get.ids {
            None => all_seen(work, &who)?,
            Some(ids) => some(ids, &mut missing, work, &who)?,
        };
        let list = found.into_iter().filter_map(shown);
        let mut response = GetResponse::new(state(work, &who)?, list);
        response.not_found = missing;
        Ok(response)
    })
}

/// What these ids stand for, each once.
fn some<O: Kept>(
    ids: Vec<Id<O>>,
    missing: &mut Vec<Id<O>>,
    work: &Work<'_>,
    who: &Who,
) -> Result<Vec<O>, StoreError> {
    let (mut list, mut known) = (Vec::new(), BTreeSet::new());
    for id in ids.into_iter().filter(|id| known.insert(id.clone())) {
        let found = match who.resolve(&id) {
            Some(id) => part(id.as_str(), work, who)?,
            None => None,
        };
        match found {
            Some(object) => list.push(object),
            None => missing.push(id),
        }
    }
    Ok(list)
}

/// What an id stands for, as somebody sees it.
fn part<O: Kept>(id: &str, work: &Work<'_>, who: &Who) -> Result<Option<O>, StoreError> {
    let seen: Option<O> = seen(O::kept_id(id), work, who)?;
    Ok(seen.and_then(|object| object.part(id)))
}

/// Why a notification is neither made nor changed by a client.
pub(crate) fn only_destroyed() -> Refusal {
    SetError::new(SetErrorKind::Forbidden).description("notifications can only be destroyed").into()
}

/// Says which properties there are not.
pub(crate) fn check_properties<O: Kept>(
    properties: Option<&[O::Property]>,
) -> Result<(), MethodError> {
    let known = O::default();
    let is_unknown = |name: &&String| !known.knows(name) && name.as_str() != "@type";
    let names = names_of::<O>(properties.unwrap_or_default());
    let Some(unknown) = names.iter().find(is_unknown) else { return Ok(()) };
    let mut error = MethodError::new(MethodErrorKind::InvalidArguments);
    error.arguments = vec![format!("properties/{unknown}")];
    Err(error)
}

pub(crate) fn names_of<O: Kept>(properties: &[O::Property]) -> Vec<String> {
    let name = |property: &O::Property| {
        Json::from_serialize(&json_model::ToJson::versioned(property, Version::V2_0))
            .ok()?
            .to_text()
    };
    properties.iter().filter_map(name).collect()
}

/// An object with these members alone, and its id; all of it if none are named.
pub(crate) fn picked<O: Kept>(object: O, names: Option<&[String]>) -> Option<O> {
    let Some(names) = names else { return Some(object) };
    with_only(&object, |name, _| name == "id" || names.iter().any(|it| it == name))
}

/// An object without the members that are not wanted, which come as JSON and may be changed.
pub(crate) fn with_only<O: Kept>(
    object: &O,
    mut is_wanted: impl FnMut(&str, &mut Json) -> bool,
) -> Option<O> {
    let mut members: BTreeMap<String, Json> = json_of(object).ok()?.decode().ok()?;
    members.retain(|name, value| is_wanted(name, value));
    parsed(&Json::from_serialize(&members).ok()?)
}

pub(crate) fn id_of<O: Kept>(object: &O) -> Option<Id<O>> {
    object.look_up_member("id", &[], Version::V2_0)?.to_text().map(Id::any)
}

pub(crate) fn parsed<O: Kept + FromJson>(json: &Json) -> Option<O> {
    json_model::from_str(json.as_str()).ok().map(|parsed| parsed.value)
}

/// Where the objects stand that somebody sees.
pub(crate) fn state<O: Kept>(work: &Work<'_>, who: &Who) -> Result<State<O>, StoreError> {
    Ok(State::any(work.state(log::<O>(who))?.to_string()))
}

/// The changes that somebody sees.
pub(crate) fn log<O: Kept>(who: &Who) -> Log<'_> {
    Log { account: O::place(who), object: <O as Object>::TYPE, user: &who.user.account }
}

/// `Foo/changes`.
pub(crate) fn changes<O: Kept>(
    context: &Context<Somebody>,
    changes: ChangesArguments<O>,
) -> Result<ChangesResponse<O>, MethodError> {
    let who = Who::of(context, changes.account_id.as_ref());
    let since = changes.since_state.ok_or(MethodErrorKind::InvalidArguments)?;
    // A state of another server, or none at all.
    let known = since.as_str().parse().map_err(|_| MethodErrorKind::CannotCalculateChanges)?;
    let read = |work: &Work<'_>| work.changes_since(log::<O>(&who), known, changes.max_changes);
    let found = context.user().store.read(read)?;
    let changed = found.ok_or(MethodErrorKind::CannotCalculateChanges)?;
    let mut response = ChangesResponse::new(since, State::any(changed.state.to_string()));
    response.has_more_changes = Some(changed.has_more);
    response.created = changed.created.into_iter().map(Id::any).collect();
    response.updated = changed.updated.into_iter().map(Id::any).collect();
    response.destroyed = changed.destroyed.into_iter().map(Id::any).collect();
    Ok(response)
}

/// `Foo/set`, as the user.
pub(crate) fn set<O: Kept>(
    context: &Context<Somebody>,
    set: SetArguments<O>,
) -> Result<SetResponse<O>, MethodError> {
    let who = Who::of(context, set.account_id.as_ref());
    set_as(context, &who, set)
}

/// `Foo/set`: all that the call does is one transaction, in which each object is changed or not.
pub(crate) fn set_as<O: Kept>(
    context: &Context<Somebody>,
    who: &Who,
    set: SetArguments<O>,
) -> Result<SetResponse<O>, MethodError> {
    set_and(context, who, set, |_, _| Ok(()))
}

/// `Foo/set`, and what has to be done at its end.
pub(crate) fn set_and<O: Kept>(
    context: &Context<Somebody>,
    who: &Who,
    mut set: SetArguments<O>,
    finish: impl FnOnce(&mut SetResponse<O>, &Work<'_>) -> Result<(), StoreError>,
) -> Result<SetResponse<O>, MethodError> {
    context.user().store.write(|work| {
        let before = state::<O>(work, who)?;
        if set.if_in_state.as_ref().is_some_and(|expected| *expected != before) {
            return Err(MethodErrorKind::StateMismatch.into());
        }
        let mut response = context.set_response(&mut set);
        response.old_state = Some(before);
        for (creation, object) in set.create {
            match one(work, |work| created(object, work, who))? {
                Ok(created) => {
                    context.record(&creation, &created.id);
                    response.created.insert(creation, created);
                }
                Err(error) => _ = response.not_created.insert(creation, *error),
            }
        }
        for (id, patch) in set.update {
            let result = if set.destroy.contains(&id) {
                Err(Box::new(SetError::new(SetErrorKind::WillDestroy)))
            } else {
                one(work, |work| updated(&id, &patch, work, who))?
            };
            match result {
                Ok(updated) => _ = response.updated.insert(id, updated),
                Err(error) => _ = response.not_updated.insert(id, *error),
            }
        }
        for id in set.destroy {
            match one(work, |work| destroyed(&id, work, who))? {
                Ok(id) => response.destroyed.push(id),
                Err(error) => _ = response.not_destroyed.insert(id, *error),
            }
        }
        response.new_state = Some(state(work, who)?);
        finish(&mut response, work)?;
        Ok(response)
    })
}

/// Changes one object, or nothing: what a refusal leaves behind is undone.
fn one<T>(
    work: &Work<'_>,
    change: impl FnOnce(&Work<'_>) -> Result<T, Refusal>,
) -> Result<Result<T, Box<SetError>>, StoreError> {
    work.transaction.execute_batch("SAVEPOINT one")?;
    let (result, end) = match change(work) {
        Ok(done) => (Ok(done), "RELEASE one"),
        Err(Refusal::Object(error)) => (Err(error), "ROLLBACK TO one; RELEASE one"),
        Err(Refusal::Store(error)) => return Err(error),
    };
    work.transaction.execute_batch(end)?;
    Ok(result)
}

fn created<O: Kept>(mut object: O, work: &Work<'_>, who: &Who) -> Result<Created<O>, Refusal> {
    let sent = json_of(&object)?;
    let fixed = O::FIXED.iter().filter(|name| object.is_set(name));
    let fixed: Vec<&str> = fixed.copied().collect();
    if !fixed.is_empty() {
        return Err(SetError::invalid_properties(fixed)
            .description("the server sets these")
            .into());
    }
    object.refer(None, work, who)?;
    let id = new_id::<O>();
    object.set_id(Id::any(id.as_str()));
    let change = Change { id, before: None, after: Some(object) };
    let change = keep(change, work, who)?;
    let mut created = Created::new(Id::any(change.id));
    if let Some(object) = change.after {
        created.json = beside(&sent, &json_of(&object.seen_by(work, who)?)?);
    }
    Ok(created)
}

/// An id that no object has.
pub(crate) fn new_id<O: Kept>() -> String {
    format!("{}{}", O::LETTER, uuid::Uuid::new_v4().simple())
}

/// A patch is about what the user sees; the rest stays as it is.
fn updated<O: Kept>(
    id: &Id<O>,
    patch: &PatchObject,
    work: &Work<'_>,
    who: &Who,
) -> Result<Updated, Refusal> {
    let (id, kept_id, before) = behind(id, work, who)?;
    let seen = before.clone().seen_by(work, who)?;
    let patch = &referring::<O>(patch, who);
    let mut wanted = seen.with_patch(id.as_str(), patch)?;
    wanted.refer(Some(&seen), work, who)?;
    let mut after = wanted.clone();
    if seen != before {
        after = before.with_patch(id.as_str(), patch)?;
        after.refer(Some(&before), work, who)?;
        after.keep_hidden(&before, &seen);
    }
    let change = Change { id: kept_id, before: Some(before), after: Some(after) };
    let change = keep(change, work, who)?;
    let mut updated = Updated::default();
    if let Some(after) = change.after {
        let beside = beside(&json_of(&wanted)?, &json_of(&after.seen_by(work, who)?)?);
        updated.json = (beside.as_str() != "{}").then_some(beside);
    }
    Ok(updated)
}

/// A patch with ids in the place of the creation ids in its pointers.
fn referring<O: Kept>(patch: &PatchObject, who: &Who) -> PatchObject {
    let meant = |pointer: &String| {
        let (name, id) = pointer.split_once('/').filter(|(name, _)| O::REFERRING.contains(name))?;
        Some(format!("{name}/{}", who.resolve(&Id::<()>::any(id))?.as_str()))
    };
    let pointers = patch
        .0
        .iter()
        .map(|(pointer, json)| (meant(pointer).unwrap_or_else(|| pointer.clone()), json.clone()));
    PatchObject(pointers.collect())
}

fn destroyed<O: Kept>(id: &Id<O>, work: &Work<'_>, who: &Who) -> Result<Id<O>, Refusal> {
    let (id, kept_id, before) = behind(id, work, who)?;
    let after = before.without(id.as_str())?;
    keep(Change { id: kept_id, before: Some(before), after }, work, who)?;
    Ok(id)
}

/// The id that is meant, and the kept object behind it.
fn behind<O: Kept>(id: &Id<O>, work: &Work<'_>, who: &Who) -> Result<(Id<O>, String, O), Refusal> {
    let id = who.resolve(id).ok_or_else(not_found)?;
    let kept_id = O::kept_id(id.as_str()).to_owned();
    let object = existing(&kept_id, work, who)?.ok_or_else(not_found)?;
    Ok((id, kept_id, object))
}

pub(crate) fn not_found() -> SetError {
    SetError::new(SetErrorKind::NotFound)
}

pub(crate) fn json_of<O: Kept>(object: &O) -> Result<Json, Refusal> {
    let failed = |error: serde_json::Error| {
        SetError::new(SetErrorKind::ServerFail).description(error.to_string()).into()
    };
    Json::from_serialize(&json_model::ToJson::versioned(object, Version::V2_0)).map_err(failed)
}

/// The members of `now` that are not in `sent`, or have another value: what the client does not know. What was sent and is
/// gone is null.
fn beside(sent: &Json, now: &Json) -> Json {
    let members = |json: &Json| match json.to_value() {
        Ok(serde_json::Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    let sent = members(sent);
    let mut now = members(now);
    let gone: Vec<String> = sent.keys().filter(|name| !now.contains_key(*name)).cloned().collect();
    now.retain(|name, value| sent.get(name) != Some(value));
    now.extend(gone.into_iter().map(|name| (name, serde_json::Value::Null)));
    Json::from(serde_json::Value::Object(now))
}
