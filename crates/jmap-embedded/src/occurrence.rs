//! Occurrences as objects of their own, of events and tasks alike: how they are seen, changed and taken out of their series
//! (JMAP Calendars, sections 5.6 and 5.8.2).

pub(crate) mod people;
mod synthetic;
pub(crate) mod view;

use jmap_core::server::{patched, unchanged};
use jmap_core::{Id, Json, PatchObject, SetError};
use jscalendar::{
    Common, EditError, LocalDateTime, Occurrence, Recurring, Series, TimeZones, UtcDateTime,
};

pub(crate) use self::synthetic::decoded;
use crate::kept::{self, Kept, Refusal};

/// A data type whose objects can recur.
pub(crate) trait Recurs: Kept {
    /// The JSCalendar object in it.
    type Entry: Recurring;

    /// What is the same for all occurrences, so that a change of one must leave it alone; besides what JSCalendar says.
    const OF_ALL: &'static [&'static str];

    fn entry(&self) -> &Self::Entry;
    fn entry_mut(&mut self) -> &mut Self::Entry;

    fn id(&self) -> Option<&Id<Self>>;
    /// The id, and that of the series.
    fn ids(&mut self) -> (&mut Option<Id<Self>>, &mut Option<Id<Self>>);

    /// Whether the default alerts are used: of the user, and possibly another one for each occurrence.
    fn default_alerts(&mut self) -> &mut Option<bool>;

    /// Turns times in UTC that a patch has set into local ones.
    fn settle(&mut self, patch: &PatchObject) -> Result<(), Refusal>;

    /// Whether a member is one of JMAP's, and not of the JSCalendar object.
    fn is_outer(name: &str) -> bool {
        Self::MEMBERS.iter().any(|member| member.name == name)
    }
}

/// The id of the kept object behind an id.
pub(crate) fn kept_id(id: &str) -> &str {
    decoded(id).map_or(id, |(base, _)| base)
}

/// What an id stands for, of the kept object behind it.
pub(crate) fn part<O: Recurs>(object: O, id: &str) -> Option<O> {
    match decoded(id) {
        Some((_, recurrence_id)) => of(&object, recurrence_id),
        None => Some(object),
    }
}

/// What is left of an object when what an id stands for is destroyed.
pub(crate) fn without<O: Recurs>(object: &O, id: &str) -> Result<Option<O>, Refusal> {
    match decoded(id) {
        Some((_, recurrence_id)) => removed(object, recurrence_id).map(Some),
        None => Ok(None),
    }
}

/// The occurrence of a series, with its own id. It has no rule and no overrides.
pub(crate) fn of<O: Recurs>(base: &O, recurrence_id: LocalDateTime) -> Option<O> {
    let series = Series::new(base.entry(), &TimeZones::new()).ok()?;
    let occurrence = series.occurrence(recurrence_id)?;
    // What happens once has an id already.
    occurrence.recurrence_id()?;
    Some(seen(base, &occurrence))
}

/// An object as it is in one occurrence, with the id of that.
pub(crate) fn seen<O: Recurs>(base: &O, occurrence: &Occurrence<'_, O::Entry>) -> O {
    let mut entry = occurrence.object();
    let common = entry.common_mut();
    let own_alerts = common.legacy.as_mut().and_then(|legacy| legacy.use_default_alerts.take());
    // What an override says about the members of JMAP changes nothing.
    common.extra.retain(|name, _| !O::is_outer(name));
    let mut seen = base.clone();
    if let Some(recurrence_id) = occurrence.recurrence_id() {
        let (id, base_id) = seen.ids();
        *base_id = id.replace(identified(base, recurrence_id));
    }
    let alerts = seen.default_alerts();
    *alerts = own_alerts.or(*alerts);
    *seen.entry_mut() = entry;
    seen
}

/// The id of an occurrence.
pub(crate) fn identified<O: Recurs>(base: &O, recurrence_id: LocalDateTime) -> Id<O> {
    Id::any(synthetic::encoded(base.id().map_or("", Id::as_str), recurrence_id))
}

/// A series with a change of one of its occurrences.
pub(crate) fn changed<O: Recurs>(
    base: &O,
    recurrence_id: LocalDateTime,
    patch: &PatchObject,
) -> Result<O, Refusal> {
    let mut before = of(base, recurrence_id).ok_or_else(kept::not_found)?;
    let mut instance = patched(&before, patch)?;
    unchanged(&before, &instance, OF_ALL)?;
    unchanged(&before, &instance, O::OF_ALL)?;
    instance.settle(patch)?;
    let sequence = keep_stamps(before.entry(), instance.entry_mut());

    let series = Series::new(base.entry(), &TimeZones::new()).map_err(|_| kept::not_found())?;
    let entry = std::mem::take(instance.entry_mut());
    let change = series.edit_occurrence(recurrence_id, |it| *it = entry).map_err(refused)?;
    let mut after = patched(base, &change)?;
    if sequence > *before.entry().common().sequence {
        *after.entry_mut().common_mut().sequence = sequence;
    }
    let (was, is) = (*before.default_alerts(), *instance.default_alerts());
    if was != is || overrides_alerts(base, recurrence_id) {
        let of_all = *after.default_alerts();
        set_default_alerts(&mut after, recurrence_id, is.filter(|_| is != of_all));
    }
    Ok(after)
}

/// What is about the object as a whole is not changed for one occurrence; says which `sequence` was wanted.
fn keep_stamps<E: Common>(before: &E, instance: &mut E) -> Option<u64> {
    let known: (Option<UtcDateTime>, Option<UtcDateTime>) =
        (*before.common().created, *before.common().updated);
    let common = instance.common_mut();
    (*common.created, *common.updated) = known;
    std::mem::replace(common.sequence, *before.common().sequence)
}

/// A series without one of its occurrences.
pub(crate) fn removed<O: Recurs>(base: &O, recurrence_id: LocalDateTime) -> Result<O, Refusal> {
    of(base, recurrence_id).ok_or_else(kept::not_found)?;
    let series = Series::new(base.entry(), &TimeZones::new()).map_err(|_| kept::not_found())?;
    let change = series.delete_occurrence(recurrence_id).map_err(refused)?;
    Ok(patched(base, &change)?)
}

/// What is the same for all occurrences of both types (JSCalendar 2.0, section 4.3.4).
const OF_ALL: &[&str] = &[
    "id",
    "isDraft",
    "isOrigin",
    "mayInviteSelf",
    "mayInviteOthers",
    "hideAttendees",
    "uid",
    "method",
    "organizerCalendarAddress",
    "privacy",
    "prodId",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "recurrenceRule",
    "recurrenceOverrides",
    "sentBy",
];

fn refused(error: EditError) -> Refusal {
    let name = match &error {
        EditError::NotOverridable(pointer) => {
            pointer.split('/').next().unwrap_or_default().to_owned()
        }
        _ => "recurrenceId".to_owned(),
    };
    SetError::invalid_properties([name]).description(error.to_string()).into()
}

fn overrides_alerts<O: Recurs>(base: &O, id: LocalDateTime) -> bool {
    let overrides = base.entry().common().recurrence_overrides;
    overrides.get(&id).is_some_and(|it| it.0.contains_key(DEFAULT_ALERTS))
}

/// An override may say whether the default alerts are used, which is no member of the JSCalendar object.
fn set_default_alerts<O: Recurs>(object: &mut O, id: LocalDateTime, own: Option<bool>) {
    let overrides = object.entry_mut().common_mut().recurrence_overrides;
    match own {
        Some(own) => {
            let changes = overrides.get_or_insert_with(id, PatchObject::new);
            changes.set(DEFAULT_ALERTS, Json::from(own));
        }
        None => {
            if let Some(changes) = overrides.get_mut(&id) {
                changes.0.remove(DEFAULT_ALERTS);
            }
        }
    }
}

const DEFAULT_ALERTS: &str = "useDefaultAlerts";

/// Whether a series has an occurrence even where no override says so.
pub(crate) fn is_in_rule<E: Recurring>(entry: &E, id: LocalDateTime) -> bool {
    let mut plain = entry.clone();
    plain.common_mut().recurrence_overrides.clear();
    let series = Series::new(&plain, &TimeZones::new());
    series.is_ok_and(|series| series.occurrence(id).is_some())
}
