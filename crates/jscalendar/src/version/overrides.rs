//! The patches of overrides: they are converted by applying them, converting what comes out, and comparing.

use std::borrow::Cow;

use json_model::{PatchRules, pointer};

use crate::kind::Timed;
use crate::report::Report;
use crate::whole::{read_whole, whole};
use crate::{Diagnostic, Diagnostics, Json, LocalDateTime, Map, Parsed, PatchObject, Position};

/// How many bytes of objects are converted for the patches of one of them.
///
/// Each patch makes a copy of the object it belongs to, so many patches of a large object would take time quadratic
/// in the size of the input.
const WORK: usize = 2 << 20;

/// One way to convert an entry.
pub(crate) struct Conversion<T> {
    /// The JSON of a converted entry.
    pub(crate) write: fn(&T) -> Option<Json>,
    /// Whether it can change what this entry of a patch says.
    pub(crate) affects: fn(&str, &Json) -> bool,
}

impl<T: Timed> Conversion<T> {
    /// Converts an entry by `fields`, and the patches of its overrides accordingly.
    pub(crate) fn run(
        &self,
        entry: &mut T,
        fields: impl Fn(&mut T, &mut Report),
        report: &mut Report,
    ) {
        let overrides = std::mem::take(entry.common_mut().recurrence_overrides);
        // Patches apply to the entry as it is now, so that is noted before anything moves.
        let source = self.any_affected(&overrides).then(|| whole(entry));
        let mut own = Report::default();
        fields(entry, &mut own);
        let converted = match source {
            None => overrides,
            Some(source) => {
                let (Some(source), Some(target)) = (source, (self.write)(entry)) else {
                    report.warning("unreadable-json", "recurrenceOverrides", UNREADABLE);
                    return self.end(entry, overrides, own, report);
                };
                let known = &own.diagnostics;
                Patches { conversion: self, source, target, known, fields }
                    .convert(overrides, report)
            }
        };
        self.end(entry, converted, own, report);
    }

    fn end(
        &self,
        entry: &mut T,
        overrides: Map<LocalDateTime, PatchObject>,
        own: Report,
        report: &mut Report,
    ) {
        *entry.common_mut().recurrence_overrides = overrides;
        report.append(own.diagnostics);
    }

    fn any_affected(&self, overrides: &Map<LocalDateTime, PatchObject>) -> bool {
        overrides.values().any(|patch| self.affects_patch(patch))
    }

    fn affects_patch(&self, patch: &PatchObject) -> bool {
        patch.0.iter().any(|(pointer, json)| (self.affects)(pointer, json))
    }
}

const UNREADABLE: &str =
    "the object holds JSON that is nested too deeply, or too large a number; kept as they are";

/// Whether a patch entry leads through, or its value holds, a member of one of these names.
pub(crate) fn names_any(names: &[&str], pointer: &str, json: &Json) -> bool {
    let text = json.as_str();
    let quoted = |name: &str, at: usize| {
        text[..at].ends_with('"') && text[at + name.len()..].starts_with('"')
    };
    let in_value = |name: &str| text.match_indices(name).any(|(at, _)| quoted(name, at));
    pointer.split('/').any(|token| names.contains(&token))
        || (json.is_object() && names.iter().any(|name| in_value(name)))
}

/// The patches of one entry, on their way through a conversion.
struct Patches<'a, T, F> {
    conversion: &'a Conversion<T>,
    /// The entry as its patches see it.
    source: Json,
    /// The entry as it was converted.
    target: Json,
    /// What was reported when the entry itself was converted.
    known: &'a Diagnostics,
    fields: F,
}

impl<T: Timed, F: Fn(&mut T, &mut Report)> Patches<'_, T, F> {
    /// Converts all patches, and reports what they lose. What cannot be applied stays as it is.
    fn convert(
        &self,
        mut overrides: Map<LocalDateTime, PatchObject>,
        report: &mut Report,
    ) -> Map<LocalDateTime, PatchObject> {
        let size = self.source.as_str().len();
        let mut work = 0;
        report.at("recurrenceOverrides", |report| {
            for (start, patch) in overrides.iter_mut() {
                if !self.conversion.affects_patch(patch) {
                    continue;
                }
                work += size;
                if work > WORK {
                    let message = "too many changes of too large an object; kept as they are";
                    report.warning("too-many-overrides", "", message);
                    return;
                }
                report.at(&start.to_string(), |report| {
                    if let Some(converted) = self.patch(patch, report) {
                        *patch = converted;
                    }
                });
            }
        });
        overrides
    }

    fn patch(&self, patch: &PatchObject, report: &mut Report) -> Option<PatchObject> {
        // Only what the conversion can change goes through it: the rest keeps the form its author gave it.
        let affects = self.conversion.affects;
        let (affected, kept): (Vec<_>, Vec<_>) =
            patch.0.clone().into_iter().partition(|(pointer, json)| affects(pointer, json));
        let affected = PatchObject(affected.into());
        if let Err(error) = patch.apply(&self.source, PatchRules::V2_0) {
            let message =
                format!("the whole patch is invalid and stays as it is: it {}", error.kind);
            report.warning("invalid-patch", &error.pointer, message);
            return None;
        }
        let Parsed { value: converted, diagnostics, .. } = self.occurrence(&affected)?;
        let joined = match self.same_form(&affected, &converted) {
            true => patch.clone(),
            false => {
                let changes = PatchObject::diff(&self.target, &converted);
                let joined: Map<String, Json> = kept.into_iter().chain(changes.0).collect();
                if overlaps(&joined) {
                    PatchObject::diff(&self.target, &self.occurrence(patch)?.value)
                } else {
                    PatchObject(joined)
                }
            }
        };
        for diagnostic in diagnostics {
            if let Some(place) = cause(&affected, &diagnostic, self.known) {
                report.push(diagnostic.code, diagnostic.severity, &place, diagnostic.message);
            }
        }
        Some(joined)
    }

    /// Whether the patch says the same about the converted object as it stands.
    fn same_form(&self, patch: &PatchObject, converted: &Json) -> bool {
        patch.apply(&self.target, PatchRules::V2_0).is_ok_and(|patched| patched == *converted)
    }

    /// The object that the patch makes, converted.
    fn occurrence(&self, patch: &PatchObject) -> Option<Parsed<Json>> {
        let patched = patch.apply(&self.source, PatchRules::V2_0).ok()?;
        let mut object = read_whole::<T>(&patched)?.value;
        let mut report = Report::default();
        (self.fields)(&mut object, &mut report);
        Some(Parsed::new((self.conversion.write)(&object)?, report.diagnostics))
    }
}

/// Whether one pointer is the beginning of another one.
fn overlaps(patch: &Map<String, Json>) -> bool {
    patch
        .keys()
        .any(|pointer| pointer.match_indices('/').any(|(at, _)| patch.contains_key(&pointer[..at])))
}

/// The entry of the patch that a finding about the patched object comes from; empty if it is none alone.
///
/// `None` if the object had the finding before, and nothing that the patch puts in its place has it again.
pub(crate) fn cause(
    patch: &PatchObject,
    finding: &Diagnostic,
    known: &Diagnostics,
) -> Option<String> {
    let was_there =
        known.iter().any(|known| known.code == finding.code && known.position == finding.position);
    let Position::Pointer(place) = &finding.position else {
        return (!was_there).then(String::new);
    };
    let place: Vec<Cow<'_, str>> = pointer::tokens(place).collect();
    let leads_there = |pointer: &&String| {
        let around = pointer::tokens(pointer).count() <= place.len();
        (around || !was_there)
            && pointer::tokens(pointer).zip(&place).all(|(token, other)| token == *other)
    };
    let pointer = patch.0.keys().find(leads_there).cloned();
    pointer.or_else(|| (!was_there).then(String::new))
}
