//! [`Occurrence`].

use std::fmt;
use std::sync::Arc;

use json_model::{PatchRules, Version};

use super::timing::Timing;
use super::{Moment, Recurring, Shared, single};
use crate::kind::{Own, OwnMut};
use crate::whole::{read_whole, whole};
use crate::{FoundZone, Json, LocalDateTime, PatchObject, TimeZoneId, is_overridable};

/// One time at which an event or task happens; see [`Series`](super::Series).
#[derive(Clone)]
pub struct Occurrence<'a, T> {
    shared: Arc<Shared<'a, T>>,
    /// What identifies it, if the object recurs.
    id: LocalDateTime,
    start: LocalDateTime,
    patch: Option<&'a PatchObject>,
    /// For an override that changes them: when it is.
    timing: Option<Arc<Timing>>,
}

impl<'a, T: Recurring> Occurrence<'a, T> {
    /// One that is as the rule gives it.
    pub(super) fn plain(shared: Arc<Shared<'a, T>>, id: LocalDateTime) -> Self {
        Self { shared, id, start: id, patch: None, timing: None }
    }

    pub(super) fn patched(
        shared: Arc<Shared<'a, T>>,
        id: LocalDateTime,
        patch: &'a PatchObject,
        timing: Option<Arc<Timing>>,
    ) -> Self {
        let start = timing.as_ref().map_or(id, |timing| timing.start);
        Self { shared, id, start, patch: Some(patch), timing }
    }

    /// Which occurrence of the series this is: its start by the rule, on the clock of the series' time zone
    /// (RFC 8984, section 4.3.1). `None` if the object does not recur.
    pub fn recurrence_id(&self) -> Option<LocalDateTime> {
        self.shared.recurs().then_some(self.id)
    }

    /// When it starts. A task without a start starts when it is due.
    pub fn start(&self) -> Moment {
        self.timing().start_at(self.start)
    }

    /// When it ends; for a task, when it is due.
    pub fn end(&self) -> Moment {
        self.timing().end_of(self.start)
    }

    /// Whether an override makes it different, or adds it.
    pub fn is_override(&self) -> bool {
        self.patch.is_some()
    }

    /// The object as it is at this time: with its start, its `recurrenceId`, and the override applied. It has no rule
    /// and no overrides.
    ///
    /// What a patch must not change is passed over; a patch that is not valid changes nothing (RFC 8984, sections
    /// 4.3.5 and 1.4.9).
    pub fn object(&self) -> T {
        self.patch.and_then(|patch| patched(&self.shared, self.id, patch)).unwrap_or_else(|| {
            let mut object = single(self.shared.entry);
            if self.shared.recurs() {
                set_time(&mut object, self.id);
            }
            object
        })
    }

    /// The object of the whole series.
    pub fn entry(&self) -> &'a T {
        self.shared.entry
    }

    pub(super) fn find_zone(&self, id: &TimeZoneId) -> Option<FoundZone> {
        self.shared.zones.find(id)
    }

    fn timing(&self) -> &Timing {
        self.timing.as_deref().unwrap_or(&self.shared.timing)
    }
}

impl<T: Recurring> fmt::Debug for Occurrence<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Occurrence")
            .field("recurrence_id", &self.recurrence_id())
            .field("start", &self.start())
            .field("end", &self.end())
            .field("is_override", &self.is_override())
            .finish_non_exhaustive()
    }
}

/// The object with a patch applied; `None` if the patch is not valid.
pub(super) fn patched<T: Recurring>(
    shared: &Shared<'_, T>,
    id: LocalDateTime,
    patch: &PatchObject,
) -> Option<T> {
    let mut object = single(shared.entry);
    set_time(&mut object, id);
    let mut changes: PatchObject = times(&object);
    let version = shared.entry.common().version.unwrap_or(Version::V2_0);
    for (pointer, json) in &patch.0 {
        if pointer != "excluded" && is_overridable(pointer, version) {
            changes.set(pointer.as_str(), json.clone());
        }
    }
    let patched = changes.apply(shared.base()?, PatchRules::V2_0).ok()?;
    read_whole::<T>(&patched).map(|parsed| parsed.value)
}

/// When an occurrence is whose override changes that; `None` if it does not, or is not valid.
pub(super) fn patched_times<T: Recurring>(
    shared: &Shared<'_, T>,
    id: LocalDateTime,
    patch: &PatchObject,
) -> Option<Timing> {
    let mut changes = PatchObject::default();
    for name in TIMES {
        if let Some(json) = patch.0.get(*name) {
            changes.set(*name, json.clone());
        }
    }
    if changes.is_empty() {
        return None;
    }
    let mut object = T::default();
    copy_times(shared.entry, &mut object);
    set_time(&mut object, id);
    let changed = changes.apply(&whole(&object)?, PatchRules::V2_0).ok()?;
    Timing::new(&read_whole::<T>(&changed)?.value, &shared.zones).ok()
}

/// The members that say when an object is.
const TIMES: &[&str] = &[
    "start",
    "duration",
    "due",
    "estimatedDuration",
    "timeZone",
    "endTimeZone",
    "showWithoutTime",
];

fn copy_times<T: Recurring>(from: &T, to: &mut T) {
    let Own { start, due, length, end_zone } = from.own();
    *to.common_mut().time_zone = from.common().time_zone.clone();
    *to.common_mut().show_without_time = *from.common().show_without_time;
    let own = to.own_mut();
    (*own.start, *own.length) = (start, length);
    if let Some(to) = own.due {
        *to = due;
    }
    if let Some(to) = own.end_zone {
        *to = end_zone.cloned();
    }
}

/// What is different about an occurrence without an override, as a patch.
fn times<T: Recurring>(object: &T) -> PatchObject {
    let own = object.own();
    let common = object.common();
    let mut patch = PatchObject::default();
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            patch.set(name, Json::from(value.as_str()));
        }
    };
    set("start", own.start.map(|start| start.to_string()));
    set("due", own.due.map(|due| due.to_string()));
    set("recurrenceId", common.recurrence_id.map(|id| id.to_string()));
    set("recurrenceIdTimeZone", common.recurrence_id_time_zone.as_ref().map(ToString::to_string));
    patch
}

/// Moves an object to the occurrence of that id.
pub(super) fn set_time<T: Recurring>(object: &mut T, id: LocalDateTime) {
    let common = object.common_mut();
    *common.recurrence_id = Some(id);
    *common.recurrence_id_time_zone = common.time_zone.clone();
    let OwnMut { start, due, .. } = object.own_mut();
    let Some(due) = due else { return *start = Some(id) };
    let moved = start.or(*due).map_or(0, |from| id.clock_seconds() - from.clock_seconds());
    *due = due.and_then(|due| LocalDateTime::from_clock_seconds(due.clock_seconds() + moved));
    if start.is_some() {
        *start = Some(id);
    }
}
