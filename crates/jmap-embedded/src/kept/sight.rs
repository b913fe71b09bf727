//! What somebody sees: the one way from the file to an object.

use jmap_core::object::Object;

use super::{Kept, Who, parsed};
use crate::own;
use crate::store::{StoreError, Stored, Work};

/// What somebody sees of an object; `None` if that is nothing, or it is not there.
pub(crate) fn seen<O: Kept>(id: &str, work: &Work<'_>, who: &Who) -> Result<Option<O>, StoreError> {
    existing::<O>(id, work, who)?.map(|whole| whole.seen_by(work, who)).transpose()
}

/// All that somebody sees, by id.
pub(crate) fn all_seen<O: Kept>(work: &Work<'_>, who: &Who) -> Result<Vec<O>, StoreError> {
    let all = work.all_stored(O::place(who), <O as Object>::TYPE, &who.user.account)?;
    all.iter().filter_map(|stored| opened(stored, work, who).transpose()).collect()
}

/// What somebody sees of an object that the file has.
fn opened<O: Kept>(stored: &Stored, work: &Work<'_>, who: &Who) -> Result<Option<O>, StoreError> {
    visible::<O>(stored, work, who)?.map(|whole| whole.seen_by(work, who)).transpose()
}

/// All of an object of which somebody sees something, with what the user has of their own: for those who change it, and
/// not to be shown to anybody.
pub(crate) fn existing<O: Kept>(
    id: &str,
    work: &Work<'_>,
    who: &Who,
) -> Result<Option<O>, StoreError> {
    let stored = work.stored(O::place(who), <O as Object>::TYPE, id, &who.user.account)?;
    stored.map_or(Ok(None), |stored| visible(&stored, work, who))
}

/// All of an object, for what the server does by itself.
pub(crate) fn whole<O: Kept>(
    id: &str,
    work: &Work<'_>,
    who: &Who,
) -> Result<Option<O>, StoreError> {
    let stored = work.stored(O::place(who), <O as Object>::TYPE, id, &who.user.account)?;
    Ok(stored.and_then(|stored| parsed(&stored.shared)))
}

fn visible<O: Kept>(stored: &Stored, work: &Work<'_>, who: &Who) -> Result<Option<O>, StoreError> {
    let has_occurrence =
        |id: &str| parsed::<O>(&stored.shared).is_some_and(|shared| shared.has_occurrence(id));
    let json = own::joined(&stored.shared, stored.own.as_ref(), &has_occurrence);
    let whole: Option<O> = parsed(&json);
    let place = O::place(who);
    if place == who.account {
        let access = who.access(work)?;
        return Ok(whole.filter(|whole| whole.is_visible(access)));
    }
    let access = work.access(place, &who.user.account)?;
    Ok(whole.filter(|whole| whole.is_visible(&access)))
}
