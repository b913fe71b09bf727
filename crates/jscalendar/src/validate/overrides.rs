//! Rules for patches: those of overrides (RFC 8984, section 4.3.5) and of localizations (section 4.6.1).

use json_model::{PatchErrorKind, PatchRules};

use super::check::Check;
use super::rule::{
    EXCLUDED, FRACTION, LOCALIZATION, NOT_CHECKED, NOT_EXCLUDED, PATCH_ARRAY, PATCH_IGNORED,
    PATCH_OVERLAP, PATCH_PARENT, PATCH_POINTER, Rule, WRONG_VALUE,
};
use crate::kind::Timed;
use crate::version::cause;
use crate::whole::{read_whole, whole};
use crate::{Diagnostics, Json, Map, Parsed, PatchObject, is_overridable};

/// How many bytes of occurrences are checked for one object; each is a copy of the object.
const WORK: usize = 4 << 20;

/// Checks all overrides of `entry`; `rules` are those for the occurrences that they make.
pub(super) fn check<T: Timed>(entry: &T, rules: impl Fn(&T, &mut Check), check: &mut Check) {
    let overrides = entry.common().recurrence_overrides;
    if overrides.is_empty() {
        return;
    }
    let mut base = entry.clone();
    base.common_mut().recurrence_overrides.clear();
    let whole = whole(&base);
    let known = check.apart(|check| rules(&base, check));
    let size = whole.as_ref().map_or(0, |whole| whole.as_str().len());
    let occurrence = Occurrence { whole, known, rules };
    let mut work = 0;
    check.at("recurrenceOverrides", |check| {
        for (start, patch) in overrides {
            let key = start.to_string();
            if start.subsec_nanosecond() != 0 && !check.old() {
                check.fails(FRACTION, &key, "version 2.0 has no fractions of a second");
            }
            work += size;
            if work > WORK {
                return check.fails(NOT_CHECKED, &key, "from here on overrides were not checked");
            }
            check.at(&key, |check| occurrence.check(patch, check));
        }
    });
}

struct Occurrence<R> {
    /// The object that the patches apply to, unless it holds JSON that makes no tree.
    whole: Option<Json>,
    /// What is wrong with that object itself.
    known: Diagnostics,
    rules: R,
}

impl<R> Occurrence<R> {
    fn check<T: Timed>(&self, patch: &PatchObject, check: &mut Check)
    where
        R: Fn(&T, &mut Check),
    {
        let mut changes = Vec::new();
        for (pointer, json) in &patch.0 {
            if pointer == "excluded" {
                excluded(json, patch.0.len(), check);
            } else if !is_overridable(pointer, check.version()) {
                check.fails(PATCH_IGNORED, pointer, "no override changes this; it is ignored");
            } else {
                changes.push((pointer.clone(), json.clone()));
            }
        }
        let changes = PatchObject(changes.into());
        let Some(whole) = self.whole.as_ref().filter(|_| !changes.is_empty()) else { return };
        let rules = if check.old() { PatchRules::V1_0 } else { PatchRules::V2_0 };
        let patched = match changes.apply(whole, rules) {
            Ok(patched) => patched,
            Err(error) => {
                let message = format!("the whole patch is invalid: it {}", error.kind);
                return check.fails(rule_of(&error.kind), &error.pointer, message);
            }
        };
        let Some(Parsed { value: occurrence, .. }) = read_whole::<T>(&patched) else { return };
        let found = check.apart(|check| (self.rules)(&occurrence, check));
        for finding in found {
            if let Some(cause) = cause(&changes, &finding, &self.known) {
                check.pass_on(finding, &cause);
            }
        }
    }
}

fn rule_of(kind: &PatchErrorKind) -> Rule {
    match kind {
        PatchErrorKind::InsideArray => PATCH_ARRAY,
        PatchErrorKind::NoParent | PatchErrorKind::TooDeep => PATCH_PARENT,
        PatchErrorKind::Overlap(_) => PATCH_OVERLAP,
        _ => PATCH_POINTER,
    }
}

fn excluded(json: &Json, changes: usize, check: &mut Check) {
    match json.as_str() {
        "true" if changes > 1 && !check.old() => {
            check.fails(EXCLUDED, "excluded", "what is excluded is not changed as well");
        }
        "true" => {}
        "false" => check.fails(NOT_EXCLUDED, "excluded", "this says nothing"),
        _ => check.fails(WRONG_VALUE, "excluded", "neither true nor false"),
    }
}

/// Translations: every pointer leads to a text for people.
pub(super) fn localizations(localizations: &Map<String, PatchObject>, check: &mut Check) {
    check.at("localizations", |check| {
        for (language, patch) in localizations {
            check.language(language, Some(language));
            check.at(language, |check| {
                for (pointer, _) in &patch.0 {
                    let last = pointer.rsplit('/').next().unwrap_or_default();
                    let is_text = matches!(last, "title" | "description" | "name");
                    if !is_text || pointer.starts_with("recurrenceOverrides") {
                        let message = "leads to no title, description or name";
                        check.fails(LOCALIZATION, pointer, message);
                    }
                }
            });
        }
    });
}
