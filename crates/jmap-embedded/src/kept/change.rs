//! What somebody changes: the one way from an object to the file, and who learns of it.

use std::collections::BTreeSet;

use jmap_core::Json;
use jmap_core::object::Object;

use super::{Kept, Refusal, Who, json_of, parsed, with_only};
use crate::access::Audience;
use crate::own::{self, Names, Parts};
use crate::store::{Kind, Log, StoreError, Work};

/// What happens to a kept object: it is created if it was not there before, and destroyed if it is not there after.
pub(crate) struct Change<O> {
    pub(crate) id: String,
    pub(crate) before: Option<O>,
    pub(crate) after: Option<O>,
}

/// Makes a change that somebody wants, if they may, with all that follows from it.
pub(crate) fn keep<O: Kept>(
    mut change: Change<O>,
    work: &Work<'_>,
    who: &Who,
) -> Result<Change<O>, Refusal> {
    O::permit(change.before.as_ref(), change.after.as_ref(), work, who)?;
    let Change { id, before, after } = &mut change;
    if let Some(after) = after {
        after.check(before.as_ref(), work, who)?;
        if before.as_ref() == Some(&*after) {
            return Ok(change);
        }
        put(id, before.as_ref(), after, work, who)?;
    } else if let Some(before) = before {
        remove(id, before, work, who)?;
    }
    O::follow(&change, work, who)?;
    Ok(change)
}

/// Keeps an object as the server wants it for somebody. What changes for all who see it is noted for each of them, and what
/// changes for the user alone for nobody else.
pub(crate) fn put<O: Kept>(
    id: &str,
    before: Option<&O>,
    after: &O,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let (place, object, user) = (O::place(who), <O as Object>::TYPE, &*who.user.account);
    let known = match before {
        Some(_) => work.stored(place, object, id, user)?.map(Parts::from),
        None => None,
    };
    let parts = split(after, known.as_ref(), who)?;
    let is_own_change = match &known {
        Some(known) => known.own != parts.own,
        None => parts.own != own::nothing(),
    };
    if is_own_change {
        work.put_own(
            place,
            object,
            id,
            user,
            Some(&parts.own).filter(|it| **it != own::nothing()),
        )?;
        after.index_own(id, work, who)?;
    }
    if known.is_none_or(|known| known.shared != parts.shared) {
        let audience = work.audience(place)?;
        work.put(place, object, id, &parts.shared)?;
        if let Some(shared) = parsed::<O>(&parts.shared) {
            shared.index(id, work, who)?;
        }
        note(id, before, Some(after), &audience, work, who)?;
    } else if is_own_change {
        let access = who.access(work)?;
        let saw = before.is_some_and(|before| before.is_visible(access));
        if let Some(kind) = Kind::between(saw, after.is_visible(access)) {
            work.note(Log { account: place, object, user }, id, kind)?;
        }
    }
    Ok(())
}

/// What of an object everybody shares, and what is the user's.
fn split<O: Kept>(object: &O, before: Option<&Parts>, who: &Who) -> Result<Parts, Refusal> {
    let is_kept = |name: &str, _: &mut Json| !O::COMPUTED.contains(&name);
    let kept = (!O::COMPUTED.is_empty()).then(|| with_only(object, is_kept)).flatten();
    let json = json_of(kept.as_ref().unwrap_or(object))?;
    let inherited = if who.is_owner() { &[][..] } else { O::INHERITED };
    let names = Names { own: O::OWN, inherited };
    Ok(own::split(&json, before, names, &|id| object.has_occurrence(id)))
}

/// Takes an object out of the file.
pub(crate) fn remove<O: Kept>(
    id: &str,
    object: &O,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let audience = work.audience(O::place(who))?;
    object.unindex(id, work, who)?;
    work.remove(O::place(who), <O as Object>::TYPE, id)?;
    note(id, Some(object), None, &audience, work, who)?;
    Ok(())
}

/// Tells everybody who saw an object before, by what they were allowed then, and everybody who sees it now.
fn note<O: Kept>(
    id: &str,
    before: Option<&O>,
    after: Option<&O>,
    audience_before: &Audience,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), StoreError> {
    let audience = work.audience(O::place(who))?;
    let users: BTreeSet<&String> = audience_before.keys().chain(audience.keys()).collect();
    let sees = |object: Option<&O>, audience: &Audience, user: &str| {
        object.zip(audience.get(user)).is_some_and(|(object, access)| object.is_visible(access))
    };
    for user in users {
        let (saw, sees) = (sees(before, audience_before, user), sees(after, &audience, user));
        if let Some(kind) = Kind::between(saw, sees) {
            let log = Log { account: O::place(who), object: <O as Object>::TYPE, user };
            work.note(log, id, kind)?;
        }
    }
    Ok(())
}
