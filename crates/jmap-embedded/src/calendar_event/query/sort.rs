//! The order of results (JMAP Calendars, section 5.10.2).

use jmap_calendars::EventSortBy;
use jmap_core::{Comparator, MethodError, MethodErrorKind};

use super::found::Found;

/// Sorts by each comparator, the last one first; what is equal is in the order of starts.
pub(super) fn sort(
    found: &mut [Found],
    sort: &[Comparator<EventSortBy>],
) -> Result<(), MethodError> {
    found.sort_by(|one, two| (one.start, &one.uid, &one.id).cmp(&(two.start, &two.uid, &two.id)));
    for comparator in sort.iter().rev() {
        let is_descending = comparator.is_ascending == Some(false);
        match &comparator.property {
            Some(EventSortBy::Start) => by(found, is_descending, |it| it.start),
            Some(EventSortBy::Uid) => by(found, is_descending, |it| it.uid.clone()),
            Some(EventSortBy::RecurrenceId) => {
                by(found, is_descending, |it| it.recurrence_id.clone())
            }
            Some(EventSortBy::Created) => by(found, is_descending, |it| it.created.clone()),
            Some(EventSortBy::Updated) => by(found, is_descending, |it| it.updated.clone()),
            _ => return Err(MethodErrorKind::UnsupportedSort.into()),
        }
    }
    Ok(())
}

fn by<K: Ord>(found: &mut [Found], is_descending: bool, key: impl Fn(&Found) -> K) {
    if is_descending {
        found.sort_by_cached_key(|it| std::cmp::Reverse(key(it)));
    } else {
        found.sort_by_cached_key(key);
    }
}
