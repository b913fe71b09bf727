//! `Foo/copy` (RFC 8620, section 5.4).

use std::collections::BTreeMap;

use jmap_core::object::Copy;
use jmap_core::server::Context;
use jmap_core::{
    CopyArguments, CopyResponse, Created, Id, Json, MethodError, MethodErrorKind, SetArguments,
    SetError, SetErrorKind,
};

use super::{
    Change, Kept, Refusal, Who, beside, json_of, keep, new_id, not_found, one, parsed, seen, state,
};
use crate::account::Somebody;
use crate::store::Work;

/// Copies objects, and says what is to be destroyed then, if that is wanted.
pub(crate) fn copy<O: Kept + Copy>(
    context: &Context<Somebody>,
    mut copy: CopyArguments<O>,
) -> Result<(CopyResponse<O>, Option<SetArguments<O>>), MethodError> {
    let from = Who::of(context, copy.from_account_id.as_ref());
    let to = Who::of(context, copy.account_id.as_ref());
    context.user().store.write(|work| {
        let (from_state, before) = (state::<O>(work, &from)?, state::<O>(work, &to)?);
        let is_other = copy.if_from_in_state.as_ref().is_some_and(|it| *it != from_state)
            || copy.if_in_state.as_ref().is_some_and(|it| *it != before);
        if is_other {
            return Err(MethodErrorKind::StateMismatch.into());
        }
        let mut response = context.copy_response(&mut copy);
        response.old_state = Some(before);
        let mut originals = Vec::new();
        for (creation, object) in std::mem::take(&mut copy.create) {
            match one(work, |work| copied(context, object, work, &from, &to))? {
                Ok((original, created)) => {
                    context.record(&creation, &created.id);
                    originals.push(original);
                    response.created.insert(creation, created);
                }
                Err(error) => _ = response.not_created.insert(creation, *error),
            }
        }
        response.new_state = Some(state(work, &to)?);
        let destroys = copy.on_success_destroy_original == Some(true) && !originals.is_empty();
        let destroy = destroys.then(|| {
            let mut set = SetArguments::default();
            set.account_id = copy.from_account_id.clone();
            set.if_in_state = copy.destroy_from_if_in_state.clone();
            set.destroy = originals;
            set
        });
        Ok((response, destroy))
    })
}

/// One object, with the id of the original.
fn copied<O: Kept>(
    context: &Context<Somebody>,
    wanted: O,
    work: &Work<'_>,
    from: &Who,
    to: &Who,
) -> Result<(Id<O>, Created<O>), Refusal> {
    let changes: BTreeMap<String, Json> = members(&wanted)?;
    let id = changes.get("id").and_then(Json::to_text).map(Id::<O>::any);
    let id = id.and_then(|id| context.resolve(&id)).ok_or_else(not_found)?;
    let original = seen::<O>(id.as_str(), work, from)?.ok_or_else(not_found)?;
    let mut copy = members(&original)?;
    for fixed in O::FIXED {
        copy.remove(*fixed);
    }
    copy.extend(changes.into_iter().filter(|(name, _)| !O::FIXED.contains(&name.as_str())));
    let sent = Json::from_serialize(&copy).unwrap_or_else(|_| Json::null());
    let mut copy = parsed::<O>(&sent).ok_or_else(not_found)?;
    copy.refer(None, work, to)?;
    if let Some(twin) = copy.twin(work, to)? {
        let mut error = SetError::new(SetErrorKind::AlreadyExists);
        error.existing_id = Some(Id::any(twin));
        return Err(error.into());
    }
    let new = new_id::<O>();
    copy.set_id(Id::any(new.as_str()));
    let change = keep(Change { id: new, before: None, after: Some(copy) }, work, to)?;
    let mut created = Created::new(Id::any(change.id));
    if let Some(object) = change.after {
        created.json = beside(&sent, &json_of(&object.seen_by(work, to)?)?);
    }
    Ok((id, created))
}

fn members<O: Kept>(object: &O) -> Result<BTreeMap<String, Json>, Refusal> {
    Ok(json_of(object)?.decode().unwrap_or_default())
}
