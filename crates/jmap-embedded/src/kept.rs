//! What all data types have in common: getting, changes, and the frame of setting.

mod copy;

use std::collections::{BTreeMap, BTreeSet};

use jmap_core::json_model::{self, FromJson};
use jmap_core::object::{Changes, Get, Object, Set};
use jmap_core::server::{Context, patched, unchanged};
use jmap_core::{
    Account, ChangesArguments, ChangesResponse, Created, GetArguments, GetResponse, Id, Json,
    MethodError, MethodErrorKind, PatchObject, SetArguments, SetError, SetErrorKind, SetResponse,
    State, Updated, Version,
};

pub(crate) use self::copy::copy;
use crate::account::Somebody;
use crate::store::{Kind, StoreError, Work};

/// A data type that is kept in the file, and what is particular about it.
pub(crate) trait Kept: Get + Set + Changes + json_model::Object + PartialEq {
    /// The first letter of its ids.
    const LETTER: char;

    /// The properties that only the server sets, or that never change.
    const FIXED: &'static [&'static str];

    /// Gives an object its id.
    fn set_id(&mut self, id: Id<Self>);

    /// Completes an object that somebody creates or has changed, and says what is wrong with it. `before` is what it was.
    fn check(&mut self, before: Option<&Self>, work: &Work<'_>, who: &Who) -> Result<(), Refusal>;

    /// Makes the tables follow an object that was put into the file.
    fn index(&self, _id: &str, _work: &Work<'_>, _who: &Who) -> Result<(), Refusal> {
        Ok(())
    }

    /// Makes the tables forget an object; says what keeps it from being destroyed.
    fn unindex(&self, _id: &str, _work: &Work<'_>, _who: &Who) -> Result<(), Refusal> {
        Ok(())
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

    /// Does what follows from a change, such as telling people.
    fn follow(_change: &Change<Self>, _work: &Work<'_>, _who: &Who) -> Result<(), Refusal> {
        Ok(())
    }
}

/// What happens to a kept object: it is created if it was not there before, and destroyed if it is not there after.
pub(crate) struct Change<O> {
    pub(crate) id: String,
    pub(crate) before: Option<O>,
    pub(crate) after: Option<O>,
}

/// Who does something, and in which account.
pub(crate) struct Who {
    pub(crate) account: String,
    pub(crate) user: Somebody,
    /// Whether events go with their calendar.
    pub(crate) removes_events: bool,
    /// Whether those who take part get messages.
    pub(crate) sends_messages: bool,
}

impl Who {
    pub(crate) fn of(context: &Context<Somebody>, account: Option<&Id<Account>>) -> Self {
        Self {
            account: account.map_or("", Id::as_str).to_owned(),
            user: context.user().clone(),
            removes_events: false,
            sends_messages: false,
        }
    }
}

/// Why an object is not changed, or why nothing can be.
pub(crate) enum Refusal {
    Object(Box<SetError>),
    Store(StoreError),
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
        let (mut list, mut missing) = (Vec::new(), Vec::new());
        match get.ids {
            None => {
                let all = work.objects(&who.account, <O as Object>::TYPE)?;
                list.extend(all.iter().filter_map(parsed).filter_map(shown));
            }
            Some(ids) => {
                let mut known = BTreeSet::new();
                for id in ids.into_iter().filter(|id| known.insert(id.clone())) {
                    let known = context.resolve(&id);
                    let found = match &known {
                        Some(id) => existing::<O>(O::kept_id(id.as_str()), work, &who)?,
                        None => None,
                    };
                    let part = known.as_ref().zip(found).and_then(|(id, it)| it.part(id.as_str()));
                    match part {
                        Some(object) => list.extend(shown(object)),
                        None => missing.push(id),
                    }
                }
            }
        }
        let mut response = GetResponse::new(state(work, &who.account)?, list);
        response.not_found = missing;
        Ok(response)
    })
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
    let json = json_of(&object).ok()?;
    let mut members: BTreeMap<String, Json> = json.decode().ok()?;
    members.retain(|name, _| name == "id" || names.contains(name));
    parsed(&Json::from_serialize(&members).ok()?)
}

pub(crate) fn parsed<O: Kept + FromJson>(json: &Json) -> Option<O> {
    json_model::from_str(json.as_str()).ok().map(|parsed| parsed.value)
}

pub(crate) fn state<O: Kept>(work: &Work<'_>, account: &str) -> Result<State<O>, StoreError> {
    Ok(State::any(work.state(account, <O as Object>::TYPE)?.to_string()))
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
    let object = <O as Object>::TYPE;
    let found = context
        .user()
        .store
        .read(|work| work.changes_since(&who.account, object, known, changes.max_changes))?;
    let changed = found.ok_or(MethodErrorKind::CannotCalculateChanges)?;
    let mut response = ChangesResponse::new(since, State::any(changed.state.to_string()));
    response.has_more_changes = Some(changed.has_more);
    response.created = changed.created.into_iter().map(Id::any).collect();
    response.updated = changed.updated.into_iter().map(Id::any).collect();
    response.destroyed = changed.destroyed.into_iter().map(Id::any).collect();
    Ok(response)
}

/// `Foo/set`: all that the call does is one transaction, in which each object is changed or not.
pub(crate) fn set<O: Kept>(
    context: &Context<Somebody>,
    who: &Who,
    mut set: SetArguments<O>,
) -> Result<SetResponse<O>, MethodError> {
    context.user().store.write(|work| {
        let before = state::<O>(work, &who.account)?;
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
                let known = context.resolve(&id);
                one(work, |work| updated(known, &patch, work, who))?
            };
            match result {
                Ok(updated) => _ = response.updated.insert(id, updated),
                Err(error) => _ = response.not_updated.insert(id, *error),
            }
        }
        for id in set.destroy {
            let known = context.resolve(&id);
            match one(work, |work| destroyed::<O>(known, work, who))? {
                Ok(id) => response.destroyed.push(id),
                Err(error) => _ = response.not_destroyed.insert(id, *error),
            }
        }
        response.new_state = Some(state(work, &who.account)?);
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
    let id = new_id::<O>();
    object.set_id(Id::any(id.as_str()));
    let change = Change { id, before: None, after: Some(object) };
    let change = keep(change, work, who)?;
    let mut created = Created::new(Id::any(change.id));
    if let Some(object) = &change.after {
        created.json = beside(&sent, &json_of(object)?);
    }
    Ok(created)
}

/// An id that no object has.
pub(crate) fn new_id<O: Kept>() -> String {
    format!("{}{}", O::LETTER, uuid::Uuid::new_v4().simple())
}

fn updated<O: Kept>(
    id: Option<Id<O>>,
    patch: &PatchObject,
    work: &Work<'_>,
    who: &Who,
) -> Result<Updated, Refusal> {
    let id = id.ok_or_else(not_found)?;
    let (kept_id, before) = behind(&id, work, who)?;
    let after = before.with_patch(id.as_str(), patch)?;
    let change = Change { id: kept_id, before: Some(before), after: Some(after) };
    let wanted = change.after.as_ref().map(json_of).transpose()?;
    let change = keep(change, work, who)?;
    let mut updated = Updated::default();
    if let (Some(wanted), Some(after)) = (wanted, &change.after) {
        let beside = beside(&wanted, &json_of(after)?);
        updated.json = (beside.as_str() != "{}").then_some(beside);
    }
    Ok(updated)
}

fn destroyed<O: Kept>(id: Option<Id<O>>, work: &Work<'_>, who: &Who) -> Result<Id<O>, Refusal> {
    let id = id.ok_or_else(not_found)?;
    let (kept_id, before) = behind(&id, work, who)?;
    let after = before.without(id.as_str())?;
    keep(Change { id: kept_id, before: Some(before), after }, work, who)?;
    Ok(id)
}

/// The kept object behind an id.
fn behind<O: Kept>(id: &Id<O>, work: &Work<'_>, who: &Who) -> Result<(String, O), Refusal> {
    let kept_id = O::kept_id(id.as_str());
    let object = existing(kept_id, work, who)?.ok_or_else(not_found)?;
    Ok((kept_id.to_owned(), object))
}

/// Makes a change in the file, with all that follows from it.
pub(crate) fn keep<O: Kept>(
    mut change: Change<O>,
    work: &Work<'_>,
    who: &Who,
) -> Result<Change<O>, Refusal> {
    let Change { id, before, after } = &mut change;
    let object = <O as Object>::TYPE;
    match after {
        Some(after) => {
            after.check(before.as_ref(), work, who)?;
            if before.as_ref() == Some(&*after) {
                return Ok(change);
            }
            let kind = if before.is_some() { Kind::Updated } else { Kind::Created };
            work.put(&who.account, object, id, &json_of(after)?, kind)?;
            after.index(id, work, who)?;
        }
        None => {
            if let Some(before) = before {
                before.unindex(id, work, who)?;
            }
            work.remove(&who.account, object, id)?;
        }
    }
    O::follow(&change, work, who)?;
    Ok(change)
}

/// The kept object with an id.
pub(crate) fn existing<O: Kept>(
    id: &str,
    work: &Work<'_>,
    who: &Who,
) -> Result<Option<O>, StoreError> {
    let json = work.object(&who.account, <O as Object>::TYPE, id)?;
    Ok(json.as_ref().and_then(parsed))
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

/// The members of `now` that are not in `sent`, or have another value: what the client does not know.
fn beside(sent: &Json, now: &Json) -> Json {
    let members = |json: &Json| match json.to_value() {
        Ok(serde_json::Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    let sent = members(sent);
    let mut now = members(now);
    now.retain(|name, value| sent.get(name) != Some(value));
    Json::from(serde_json::Value::Object(now))
}
