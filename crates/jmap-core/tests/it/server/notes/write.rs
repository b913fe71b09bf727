//! `Note/set` and `Note/copy`.

use jmap_core::server::{Context, patched, unchanged};
use jmap_core::{
    CopyArguments, CopyResponse, Created, CreationId, Id, Json, Map, MethodError, PatchObject,
    SetArguments, SetError, SetErrorKind, SetResponse, Updated,
};

use super::{Jane, Note, Snapshot, insert};

pub(super) async fn set(
    context: Context<Jane>,
    mut set: SetArguments<Note>,
) -> Result<SetResponse<Note>, MethodError> {
    let mut history = context.user().store.history(set.account_id.as_ref());
    history.expect(set.if_in_state.as_ref())?;
    let mut response = context.set_response(&mut set);
    response.old_state = Some(history.state());
    history.step(|notes| {
        create(&context, notes, set.create, &mut response);
        for (id, patch) in set.update {
            let result = updated(&context, notes, &id, &patch, &set.destroy);
            match result {
                Ok((id, updated)) => _ = response.updated.insert(id, updated),
                Err(error) => _ = response.not_updated.insert(id, *error),
            }
        }
        for id in set.destroy {
            match context.resolve(&id).and_then(|id| notes.remove(id.as_str())) {
                Some(note) => response.destroyed.extend(note.id),
                None => {
                    let error = SetError::new(SetErrorKind::NotFound);
                    response.not_destroyed.insert(id, error);
                }
            }
        }
    });
    response.new_state = Some(history.state());
    Ok(response)
}

/// Creates notes, those first that others refer to.
fn create(
    context: &Context<Jane>,
    notes: &mut Snapshot,
    create: Map<CreationId<Note>, Note>,
    response: &mut SetResponse<Note>,
) {
    let mut waiting: Vec<_> = create.into_iter().collect();
    loop {
        let before = waiting.len();
        waiting.retain(|(creation, note)| {
            let Ok(note) = with_ids(context, note) else { return true };
            match created(notes, note) {
                Ok(created) => {
                    context.record(creation, &created.id);
                    response.created.insert(creation.clone(), created);
                }
                Err(error) => _ = response.not_created.insert(creation.clone(), *error),
            }
            false
        });
        if waiting.len() == before {
            break;
        }
    }
    for (creation, note) in waiting {
        let unresolved = with_ids(context, &note).err().unwrap_or_default();
        response.not_created.insert(creation, SetError::invalid_properties(unresolved));
    }
}

fn created(notes: &mut Snapshot, note: Note) -> Result<Created<Note>, Box<SetError>> {
    if note.length.is_some() {
        return Err(Box::new(SetError::invalid_properties(["length"])));
    }
    let id = insert(notes, note);
    let mut created = Created::new(id.clone());
    let length = notes[id.as_str()].length;
    created.json = Json::from(serde_json::json!({ "id": id.as_str(), "length": length }));
    Ok(created)
}

/// The note with ids in the place of creation ids; the properties with one that is not known yet.
fn with_ids(context: &Context<Jane>, note: &Note) -> Result<Note, Vec<&'static str>> {
    let parent = note.parent_id.as_ref().map(|id| context.resolve(id));
    let about: Option<_> = note.about_ids.iter().map(|id| context.resolve(id)).collect();
    let unresolved = [("parentId", parent == Some(None)), ("aboutIds", about.is_none())];
    let unresolved: Vec<_> =
        unresolved.into_iter().filter_map(|(name, is_it)| is_it.then_some(name)).collect();
    if !unresolved.is_empty() {
        return Err(unresolved);
    }
    let about_ids = about.unwrap_or_default();
    Ok(Note { parent_id: parent.flatten(), about_ids, ..note.clone() })
}

fn updated(
    context: &Context<Jane>,
    notes: &mut Snapshot,
    id: &Id<Note>,
    patch: &PatchObject,
    destroy: &[Id<Note>],
) -> Result<(Id<Note>, Updated), Box<SetError>> {
    if destroy.contains(id) {
        return Err(Box::new(SetError::new(SetErrorKind::WillDestroy)));
    }
    let id = context.resolve(id).ok_or_else(not_found)?;
    let note = notes.get(id.as_str()).ok_or_else(not_found)?;
    let after = patched(note, patch)?;
    unchanged(note, &after, &["id", "length"])?;
    if !after.extra.is_empty() {
        return Err(Box::new(SetError::invalid_properties(after.extra.keys().cloned())));
    }
    let mut after = with_ids(context, &after)
        .map_err(|unresolved| Box::new(SetError::invalid_properties(unresolved)))?;
    after.length = after.text.as_ref().map(|text| text.chars().count() as u64);
    let mut updated = Updated::default();
    let has_changed = after.length != note.length;
    updated.json = has_changed.then(|| Json::from(serde_json::json!({ "length": after.length })));
    notes.insert(id.as_str().to_owned(), after);
    Ok((id, updated))
}

fn not_found() -> Box<SetError> {
    Box::new(SetError::new(SetErrorKind::NotFound))
}

pub(super) async fn copy(
    context: Context<Jane>,
    mut copy: CopyArguments<Note>,
) -> Result<CopyResponse<Note>, MethodError> {
    let store = &context.user().store;
    let originals = {
        let from = store.history(copy.from_account_id.as_ref());
        from.expect(copy.if_from_in_state.as_ref())?;
        from.now().clone()
    };
    let mut history = store.history(copy.account_id.as_ref());
    history.expect(copy.if_in_state.as_ref())?;
    let mut response = context.copy_response(&mut copy);
    response.old_state = Some(history.state());
    let mut copied = Vec::new();
    history.step(|notes| {
        for (creation, note) in std::mem::take(&mut copy.create) {
            let id = note.id.as_ref().map_or("", Id::as_str);
            let Some(original) = originals.get(id) else {
                response.not_created.insert(creation, SetError::new(SetErrorKind::NotFound));
                continue;
            };
            let text = note.text.clone().or_else(|| original.text.clone());
            if let Some((id, _)) = notes.iter().find(|(_, other)| other.text == text) {
                let mut error = SetError::new(SetErrorKind::AlreadyExists);
                error.existing_id = Some(Id::any(id.as_str()));
                response.not_created.insert(creation, error);
                continue;
            }
            copied.push(Id::any(id));
            let id = insert(notes, Note { text, ..original.clone() });
            response.created.insert(creation, Created::new(id));
        }
    });
    response.new_state = Some(history.state());
    if copy.on_success_destroy_original == Some(true) {
        let mut set = SetArguments::<Note>::default();
        set.account_id = copy.from_account_id;
        set.if_in_state = copy.destroy_from_if_in_state;
        set.destroy = copied;
        context.also(&set);
    }
    Ok(response)
}
