//! What an occurrence inherits of its series, and how much that may be in all.

use std::collections::{BTreeMap, BTreeSet};

use jscalendar::json_model::{PatchRules, ToJson};
use jscalendar::{Common, Json, LocalDateTime, Map, PatchObject, read_whole, whole};
use serde_json::value::RawValue;

use super::{clear_rules, is_forbidden};
use crate::allowance::Allowance;
use crate::hatch::{hint_of_series, property_of_series};
use crate::out::Source;
use crate::property::recurrence::Override;

/// What the occurrences of a series that have a component start from.
pub(crate) struct Base {
    /// The series without what is about it as a whole.
    usual: Json,
    /// The same with all of its hatch, once it is needed: for patches that lead into it.
    with_hatch: Option<Json>,
}

impl Base {
    /// None if no occurrence has a component. Notes in `source` which of them are more than may be spent.
    pub(crate) fn new<T: Common + ToJson + Clone>(
        object: &T,
        source: &mut Source<'_>,
        allowance: &mut Allowance,
    ) -> Option<Self> {
        let overrides = source.common.recurrence_overrides;
        let components: Vec<(LocalDateTime, &PatchObject)> = overrides
            .iter()
            .filter_map(|(key, patch)| match Override::of(*key, patch, source) {
                Override::Component(patch) => Some((*key, patch)),
                _ => None,
            })
            .collect();
        if components.is_empty() {
            return None;
        }
        let usual = inherited(object, false);
        let weights = Weights::new(&usual, object.common().i_calendar.as_ref());
        allowance.earn(usual.as_str().len() + overrides.values().map(size).sum::<usize>());
        let is_excessive = |patch: &PatchObject| !allowance.spend(weights.of(patch));
        source.excessive = excess(&components, is_excessive);
        Some(Self { usual, with_hatch: None })
    }

    /// The occurrence at `key`: the series with the patch applied.
    pub(super) fn patched<T: Common + ToJson + Clone>(
        &mut self,
        object: &T,
        key: LocalDateTime,
        patch: &PatchObject,
    ) -> Result<T, String> {
        if !leads_into_hatch(patch) {
            return patched(&self.usual, key, patch);
        }
        let base = self.with_hatch.get_or_insert_with(|| inherited(object, true));
        let mut occurrence: T = patched(base, key, patch)?;
        let hatch = occurrence.common_mut().i_calendar;
        *hatch = hatch.take().map(without_series);
        Ok(occurrence)
    }
}

fn excess(
    components: &[(LocalDateTime, &PatchObject)],
    mut is_excessive: impl FnMut(&PatchObject) -> bool,
) -> BTreeSet<LocalDateTime> {
    let excessive = components.iter().filter(|(_, patch)| is_excessive(patch));
    excessive.map(|(key, _)| *key).collect()
}

/// How many bytes a patch has.
pub(super) fn size(patch: &PatchObject) -> usize {
    patch.0.iter().map(|(path, json)| path.len() + json.as_str().len()).sum()
}

/// What the occurrences of one series cost.
struct Weights<'b> {
    base: usize,
    members: BTreeMap<String, &'b RawValue>,
    hatch: usize,
}

impl<'b> Weights<'b> {
    /// What is only passed over is cheaper than what is written by so many times.
    const READING: usize = 16;

    fn new(base: &'b Json, hatch: Option<&Json>) -> Self {
        Self {
            base: base.as_str().len(),
            members: base.decode().unwrap_or_default(),
            hatch: hatch.map_or(0, |hatch| hatch.as_str().len()),
        }
    }

    /// All that the occurrence says in the end, as far as it shows without applying the patch.
    fn of(&self, patch: &PatchObject) -> usize {
        let replaced = patch.0.keys().filter_map(|path| self.members.get(path));
        let replaced: usize = replaced.map(|json| json.get().len()).sum();
        let hatch = if leads_into_hatch(patch) { self.hatch } else { 0 };
        (self.base.saturating_sub(replaced) + size(patch))
            .saturating_add(hatch)
            .saturating_add(self.base / Self::READING)
    }
}

/// A pointer into the hatch leads to what the series has there; mostly the hatch is left alone or replaced.
fn leads_into_hatch(patch: &PatchObject) -> bool {
    patch.0.keys().any(|path| path.starts_with("iCalendar/"))
}

/// What an occurrence inherits of its series.
fn inherited<T: Common + ToJson + Clone>(object: &T, with_whole_hatch: bool) -> Json {
    let mut object = object.clone();
    let common = object.common_mut();
    *common.recurrence_rule = None;
    common.recurrence_overrides.clear();
    *common.version = None;
    clear_rules(common.legacy);
    if !with_whole_hatch {
        *common.i_calendar = common.i_calendar.take().map(without_series);
    }
    whole(&object).unwrap_or_default()
}

/// What an occurrence inherits, with the patch applied.
fn patched<T: Common>(base: &Json, key: LocalDateTime, patch: &PatchObject) -> Result<T, String> {
    let mut changes: Map<String, Json> = patch
        .0
        .iter()
        .filter(|(path, _)| !is_forbidden(path))
        .map(|(path, json)| (path.clone(), json.clone()))
        .collect();
    let start = changes.get_or_insert_with("start".to_owned(), || Json::from(&*key.to_string()));
    if start.is_null() {
        return Err("an occurrence without a start".to_owned());
    }
    let patched =
        PatchObject(changes).apply(base, PatchRules::V2_0).map_err(|error| error.to_string())?;
    let occurrence = read_whole(&patched).ok_or("an occurrence that cannot be read")?;
    Ok(occurrence.value)
}

/// A hatch without what is about the series as a whole, and without the other components of the series.
fn without_series(hatch: Json) -> Json {
    let Ok(mut members) = hatch.decode::<BTreeMap<String, Json>>() else { return hatch };
    retain(&mut members, "properties", |elements: &mut Vec<Json>| {
        elements.retain(|property| !name_of(property, property_of_series));
        elements.is_empty()
    });
    retain(&mut members, "components", |elements: &mut Vec<Json>| {
        let is_entry = |name: &str| matches!(name, "vevent" | "vtodo");
        elements.retain(|component| !name_of(component, is_entry));
        elements.is_empty()
    });
    retain(&mut members, "convertedProperties", |hints: &mut BTreeMap<String, Json>| {
        hints.retain(|path, _| !hint_of_series(path));
        hints.is_empty()
    });
    Json::from_serialize(&members).unwrap_or(hatch)
}

/// Changes a member by `change`, which says whether nothing is left of it.
fn retain<C: serde::de::DeserializeOwned + serde::Serialize>(
    members: &mut BTreeMap<String, Json>,
    name: &str,
    change: impl FnOnce(&mut C) -> bool,
) {
    let Some(mut value) = members.get(name).and_then(|json| json.decode::<C>().ok()) else {
        return;
    };
    if change(&mut value) {
        members.remove(name);
    } else if let Ok(json) = Json::from_serialize(&value) {
        members.insert(name.to_owned(), json);
    }
}

/// Whether the name of a property or component, which stands first, is such a one.
fn name_of(jcal: &Json, is_such: impl FnOnce(&str) -> bool) -> bool {
    let parts: Vec<&RawValue> = jcal.decode().unwrap_or_default();
    let name = parts.first().and_then(|name| serde_json::from_str::<String>(name.get()).ok());
    name.is_some_and(|name| is_such(&name))
}
