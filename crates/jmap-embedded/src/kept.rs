//! What all data types have in common: getting, changes, and the frame of setting.

use jmap_core::json_model::{self, FromJson};
use jmap_core::object::{Changes, Get, Object, Set};
use jmap_core::server::{Context, patched, unchanged};
use jmap_core::{
    Account, ChangesArguments, ChangesResponse, Created, GetArguments, GetResponse, Id, Json,
    MethodError, MethodErrorKind, SetArguments, SetError, SetErrorKind, SetResponse, State,
    Updated, Version,
};

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
}

/// Who does something, and in which account.
pub(crate) struct Who {
    pub(crate) account: String,
    pub(crate) user: Somebody,
    /// Whether events go with their calendar.
    pub(crate) removes_events: bool,
}

impl Who {
    pub(crate) fn of(context: &Context<Somebody>, account: Option<&Id<Account>>) -> Self {
        Self {
            account: account.map_or("", Id::as_str).to_owned(),
            user: context.user().clone(),
            removes_events: false,
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
    let who = Who::of(context, get.account_id.as_ref());
    check_properties::<O>(get.properties.as_deref())?;
    context.user().store.read(|work| {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        match get.ids {
            None => found = work.objects(&who.account, <O as Object>::TYPE)?,
            Some(ids) => {
                for id in ids {
                    let known = context.resolve(&id);
                    let object = match &known {
                        Some(id) => work.object(&who.account, <O as Object>::TYPE, id.as_str())?,
                        None => None,
                    };
                    match object {
                        Some(json) if !found.contains(&json) => found.push(json),
                        Some(_) => {}
                        None => missing.push(id),
                    }
                }
            }
        }
        let list = found.iter().filter_map(|json| picked(json, get.properties.as_deref()));
        let mut response = GetResponse::new(state(work, &who.account)?, list);
        response.not_found = missing;
        Ok(response)
    })
}

/// Says which properties there are not.
fn check_properties<O: Kept>(properties: Option<&[O::Property]>) -> Result<(), MethodError> {
    let known = O::default();
    let is_unknown = |name: &&String| !known.knows(name) && name.as_str() != "@type";
    let names: Vec<String> = properties.unwrap_or_default().iter().map(name_of::<O>).collect();
    let Some(unknown) = names.iter().find(is_unknown) else { return Ok(()) };
    let mut error = MethodError::new(MethodErrorKind::InvalidArguments);
    error.arguments = vec![format!("properties/{unknown}")];
    Err(error)
}

fn name_of<O: Kept>(property: &O::Property) -> String {
    let json = Json::from_serialize(&json_model::ToJson::versioned(property, Version::V2_0));
    json.ok().and_then(|json| json.to_text()).unwrap_or_default()
}

/// An object with these properties alone, and its id; all of it if none are named.
fn picked<O: Kept>(json: &Json, properties: Option<&[O::Property]>) -> Option<O> {
    let Some(properties) = properties else { return parsed(json) };
    let mut names: Vec<String> = properties.iter().map(name_of::<O>).collect();
    names.push("id".to_owned());
    let Ok(serde_json::Value::Object(mut members)) = json.to_value() else { return None };
    members.retain(|name, _| names.contains(name));
    parsed(&Json::from(serde_json::Value::Object(members)))
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
    object.check(None, work, who)?;
    let id = format!("{}{}", O::LETTER, uuid::Uuid::new_v4().simple());
    object.set_id(Id::any(id.as_str()));
    let json = json_of(&object)?;
    work.put(&who.account, <O as Object>::TYPE, &id, &json, Kind::Created)?;
    object.index(&id, work, who)?;
    let mut created = Created::new(Id::any(id));
    created.json = beside(&sent, &json);
    Ok(created)
}

fn updated<O: Kept>(
    id: Option<Id<O>>,
    patch: &jmap_core::PatchObject,
    work: &Work<'_>,
    who: &Who,
) -> Result<Updated, Refusal> {
    let (id, before) = existing::<O>(id, work, who)?;
    let mut after = patched(&before, patch)?;
    unchanged(&before, &after, O::FIXED)?;
    let wanted = json_of(&after)?;
    after.check(Some(&before), work, who)?;
    let json = json_of(&after)?;
    if after != before {
        work.put(&who.account, <O as Object>::TYPE, id.as_str(), &json, Kind::Updated)?;
        after.index(id.as_str(), work, who)?;
    }
    let mut updated = Updated::default();
    let beside = beside(&wanted, &json);
    updated.json = (beside.as_str() != "{}").then_some(beside);
    Ok(updated)
}

fn destroyed<O: Kept>(id: Option<Id<O>>, work: &Work<'_>, who: &Who) -> Result<Id<O>, Refusal> {
    let (id, object) = existing::<O>(id, work, who)?;
    object.unindex(id.as_str(), work, who)?;
    work.remove(&who.account, <O as Object>::TYPE, id.as_str())?;
    Ok(id)
}

fn existing<O: Kept>(id: Option<Id<O>>, work: &Work<'_>, who: &Who) -> Result<(Id<O>, O), Refusal> {
    let not_found = || SetError::new(SetErrorKind::NotFound);
    let id = id.ok_or_else(not_found)?;
    let json = work.object(&who.account, <O as Object>::TYPE, id.as_str())?;
    let object = json.as_ref().and_then(parsed).ok_or_else(not_found)?;
    Ok((id, object))
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
