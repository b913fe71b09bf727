//! [`Occurrence`].

use std::fmt;
use std::sync::Arc;

use json_model::{PatchRules, Version};

use super::timing::Timing;
use super::{Moment, Recurring, Shared};
use crate::kind::{Own, OwnMut};
use crate::whole::{read_whole, whole};
use crate::{FoundZone, Json, LocalDateTime, PatchObject, TimeZoneId, Zone, is_overridable};

/// One time at which an event or task happens; see [`Series`](super::Series).
#[derive(Clone)]
pub struct Occurrence<'a, T> {
    shared: Arc<Shared<'a, T>>,
    /// What identifies it if the object recurs, and its start unless an override says another one: on the clock of the
    /// series' time zone, in seconds from 1970 on.
    id: i64,
    /// The instant of the start, in seconds from 1970-01-01T00:00:00Z on, if it was needed before.
    instant: Option<i64>,
    change: Option<Change<'a>>,
}

/// What an override changes.
#[derive(Clone)]
struct Change<'a> {
    key: LocalDateTime,
    patch: &'a PatchObject,
    /// When it is, if that is changed.
    timing: Option<Arc<Timing>>,
}

impl<'a, T: Recurring> Occurrence<'a, T> {
    /// One that is as the rule gives it.
    pub(super) fn plain(shared: Arc<Shared<'a, T>>, id: i64, instant: Option<i64>) -> Self {
        Self { shared, id, instant, change: None }
    }

    pub(super) fn patched(
        shared: Arc<Shared<'a, T>>,
        key: LocalDateTime,
        patch: &'a PatchObject,
        timing: Option<Arc<Timing>>,
    ) -> Self {
        let change = Some(Change { key, patch, timing });
        Self { shared, id: key.clock_seconds(), instant: None, change }
    }

    /// Which occurrence of the series this is: its start by the rule, on the clock of the series' time zone
    /// (RFC 8984, section 4.3.1). `None` if the object does not recur.
    pub fn recurrence_id(&self) -> Option<LocalDateTime> {
        self.shared.recurs().then(|| self.id())
    }

    /// When it starts. A task without a start starts when it is due.
    pub fn start(&self) -> Moment {
        match self.changed_times() {
            Some(timing) => timing.start_at(timing.start, None),
            None => self.shared.timing.start_at(self.id(), self.instant),
        }
    }

    /// The instant when it starts, in seconds from 1970-01-01T00:00:00Z on. If it floats, it is taken in the time zone
    /// `floating`, that of whoever looks, or in UTC.
    ///
    /// This is quicker than asking [`start`](Self::start).
    pub fn start_seconds(&self, floating: Option<&dyn Zone>) -> i64 {
        match self.instant {
            Some(instant) => instant,
            None => self.start().seconds(floating),
        }
    }

    /// When it ends; for a task, when it is due.
    pub fn end(&self) -> Moment {
        match self.changed_times() {
            Some(timing) => timing.end_of(timing.start),
            None => self.shared.timing.end_of(self.id()),
        }
    }

    pub(super) fn id(&self) -> LocalDateTime {
        self.change.as_ref().map_or_else(|| self.shared.moment(self.id), |change| change.key)
    }

    fn changed_times(&self) -> Option<&Timing> {
        self.change.as_ref()?.timing.as_deref()
    }

    /// Whether an override makes it different, or adds it.
    pub fn is_override(&self) -> bool {
        self.change.is_some()
    }

    /// The object as it is at this time: with its start, its `recurrenceId`, and the override applied. It has no rule
    /// and no overrides.
    ///
    /// What a patch must not change is passed over; a patch that is not valid changes nothing (RFC 8984, sections
    /// 4.3.5 and 1.4.9).
    pub fn object(&self) -> T {
        let change = self.change.as_ref();
        change.and_then(|it| patched(&self.shared, it.key, it.patch)).unwrap_or_else(|| {
            let mut object = self.shared.single().clone();
            if self.shared.recurs() {
                set_time(&mut object, self.id());
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
    let mut object = shared.single().clone();
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
    Timing::new(&read_whole::<T>(&changed)?.value, shared.zone.as_ref(), &shared.zones).ok()
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
