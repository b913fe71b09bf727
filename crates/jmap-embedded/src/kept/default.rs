//! The one object of an account that is taken where nobody says which (`onSuccessSetIsDefault`).

use std::collections::BTreeMap;

use jmap_core::server::Context;
use jmap_core::{Id, Json, MethodError, SetArguments, SetResponse, Updated};

use super::{Kept, Refusal, Who, all_seen, existing, id_of, put, seen, set_and, state};
use crate::account::Somebody;
use crate::store::{StoreError, Work};

/// A data type of which one object is the default one.
pub(crate) trait Defaultable: Kept {
    /// Its `isDefault`.
    fn is_default(&mut self) -> &mut Option<bool>;
}

/// `Foo/set`, after which an object becomes the default one if everything else succeeded. An id that does not exist, and
/// one of an account of somebody else, changes nothing.
pub(crate) fn set_with_default<O: Defaultable>(
    context: &Context<Somebody>,
    who: &Who,
    set: SetArguments<O>,
    default: Option<Id<O>>,
) -> Result<SetResponse<O>, MethodError> {
    set_and(context, who, set, |response, work| {
        let is_success = response.not_created.is_empty()
            && response.not_updated.is_empty()
            && response.not_destroyed.is_empty();
        let default = default.filter(|_| is_success).and_then(|id| who.resolve(&id));
        match default {
            Some(id) if O::place(who) == &*who.user.account => {
                make_default(&id, response, work, who)
            }
            _ => Ok(()),
        }
    })
}

fn make_default<O: Defaultable>(
    id: &Id<O>,
    response: &mut SetResponse<O>,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), StoreError> {
    if seen::<O>(id.as_str(), work, who)?.is_none() {
        return Ok(());
    }
    for mut other in all_seen::<O>(work, who)? {
        let Some(other_id) = id_of(&other) else { continue };
        let is_default = other_id == *id;
        if *other.is_default() == Some(is_default) {
            continue;
        }
        let Some(before) = existing::<O>(other_id.as_str(), work, who)? else { continue };
        let mut after = before.clone();
        *after.is_default() = Some(is_default);
        put(other_id.as_str(), Some(&before), &after, work, who).or_else(Refusal::only_store)?;
        tell(response, other_id, is_default);
    }
    response.new_state = Some(state(work, who)?);
    Ok(())
}

/// Says in the response what became of `isDefault`.
fn tell<O: Kept>(response: &mut SetResponse<O>, id: Id<O>, is_default: bool) {
    let created = response.created.values_mut().find(|created| created.id == id);
    let json = match created {
        Some(created) => &mut created.json,
        None => {
            let updated = response.updated.get_or_insert_with(id, Updated::default);
            updated.json.get_or_insert_with(|| Json::from(serde_json::json!({})))
        }
    };
    let mut members: BTreeMap<String, Json> = json.decode().unwrap_or_default();
    members.insert("isDefault".to_owned(), Json::from(is_default));
    *json = Json::from_serialize(&members).unwrap_or_else(|_| Json::null());
}
