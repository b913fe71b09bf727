//! Overrides: components with a RECURRENCE-ID, and the patches of `recurrenceOverrides`.

use content_line::Component;
use jscalendar::json_model::{PatchRules, ToJson, pointer};
use jscalendar::{Common, Diagnostic, Json, LocalDateTime, Map, PatchObject, Severity, Version};
use serde_json::{Map as Tree, Value};

use super::{ExportSource, Finished, export_component, import_content, settle_clock};
use crate::draft::{Clock, Context, Draft, Kind, Years};
use crate::hatch::Hint;
use crate::out::{Out, Source};
use crate::property::recurrence::{Occurrences, Override, keep_alone};
use crate::property::time;

/// A series that overrides are compared with.
struct Series {
    kind: Kind,
    /// The members that an occurrence inherits.
    base: Tree<String, Value>,
    clock: Clock,
    duration: Option<jscalendar::Duration>,
    end_time_zone: Option<jscalendar::TimeZoneId>,
    show_without_time: Option<bool>,
}

/// An override that was read.
struct ReadOverride<'a> {
    key: LocalDateTime,
    sequence: u64,
    patch: PatchObject,
    component: &'a Component<'a>,
}

/// Members that a patch of an override does not touch (JSCalendar 2.0, section 4.3.4).
const FORBIDDEN: &[&str] = &[
    "@type",
    "method",
    "organizerCalendarAddress",
    "privacy",
    "prodId",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "recurrenceOverrides",
    "recurrenceRule",
    "sentBy",
    "uid",
    "version",
];

/// Members that no occurrence inherits.
const OF_THE_SERIES: &[&str] = &["recurrenceRule", "recurrenceOverrides", "version"];

/// Properties and hints of a series' hatch that are not those of its occurrences.
fn is_of_the_series(property: &str) -> bool {
    matches!(property, "rrule" | "exrule" | "rdate" | "exdate")
}

impl Series {
    /// What the overrides of `draft` are compared with.
    fn new(draft: &Draft<'_>, cx: &mut Context<'_>) -> Self {
        let mut base = tree(&draft.object(cx));
        OF_THE_SERIES.iter().for_each(|name| drop(base.remove(*name)));
        strip_series_hatch(&mut base);
        Self {
            kind: draft.kind,
            base,
            clock: draft.clock.clone(),
            duration: draft.entry.duration,
            end_time_zone: draft.entry.end_time_zone.clone(),
            show_without_time: draft.entry.show_without_time,
        }
    }

    /// Reads a component with a RECURRENCE-ID as a patch of the series. None if the id cannot be read.
    fn read<'a>(
        &self,
        component: &'a Component<'a>,
        years: Years,
        cx: &mut Context<'_>,
    ) -> Option<ReadOverride<'a>> {
        let mut draft = Draft::new(self.kind);
        time::anchor(&component.lines, years, &mut draft, cx);
        let id = draft.occurrence.as_ref()?.id.clone();
        let key = self.clock.convert(id.local, &id.clock);
        let starts = draft.entry.start.is_some();
        if !starts {
            self.inherit_times(key, &mut draft);
        }
        import_content(component, &mut draft, cx);
        if !starts && !time::has_end(&draft) {
            draft.entry.duration = self.duration;
            draft.entry.end_time_zone.clone_from(&self.end_time_zone);
        }
        let line = draft.occurrence_line?;
        let known = self.clock.zone.as_ref().and_then(|zone| zone.tzid.clone());
        time::hint_recurrence_id(line, key, &self.clock, known.as_deref(), &mut draft);
        if !starts {
            draft.hatch.hint(Hint::new("start", "recurrence-id"));
        }
        draft.occurrence = None;
        draft.complete(cx);
        let sequence = draft.entry.sequence.unwrap_or(0);
        let patch = self.diff(key, &draft.into_object(cx));
        Some(ReadOverride { key, sequence, patch, component })
    }

    fn inherit_times(&self, key: LocalDateTime, draft: &mut Draft<'_>) {
        draft.clock = self.clock.clone();
        draft.entry.start = Some(key);
        draft.entry.time_zone = self.clock.id().cloned();
        draft.entry.show_without_time = self.show_without_time;
    }

    fn diff(&self, key: LocalDateTime, occurrence: &Finished) -> PatchObject {
        let mut occurrence = tree(occurrence);
        let mut base = self.base.clone();
        base.insert("start".to_owned(), Value::from(key.to_string()));
        make_whole(&base, &mut occurrence);
        for name in FORBIDDEN {
            match base.get(*name) {
                Some(value) => drop(occurrence.insert((*name).to_owned(), value.clone())),
                None => drop(occurrence.remove(*name)),
            }
        }
        let occurrence = Value::Object(occurrence);
        let mut patch = PatchObject::diff(&Value::Object(base), &occurrence);
        replace_readdressed(&mut patch, &occurrence);
        patch
    }
}

/// Lets the hatch be compared as a whole: half of it says nothing.
fn make_whole(base: &Tree<String, Value>, occurrence: &mut Tree<String, Value>) {
    const NAME: &str = "iCalendar";
    if let (Some(Value::Object(one)), Some(two)) = (base.get(NAME), occurrence.get_mut(NAME))
        && two.as_object() != Some(one)
    {
        // An array is replaced whole; unwrapped again below.
        *two = Value::Array(vec![two.take()]);
    }
}

/// A participant whose address changes is another one: its member is replaced (JSCalendar 2.0, section 4.3.4).
fn replace_readdressed(patch: &mut PatchObject, occurrence: &Value) {
    if let Some(json) = patch.0.get_mut("iCalendar")
        && let Ok(Value::Array(mut whole)) = json.to_value()
    {
        *json = whole.pop().map(Json::from).unwrap_or_default();
    }
    let readdressed: Vec<String> = patch
        .0
        .keys()
        .filter_map(|path| path.strip_prefix("participants/")?.strip_suffix("/calendarAddress"))
        .filter(|key| !key.contains('/'))
        .map(str::to_owned)
        .collect();
    for key in readdressed {
        let own = format!("participants/{key}/");
        patch.0.retain(|path, _| !path.starts_with(&own));
        let token = pointer::tokens(&key).next().unwrap_or_default().into_owned();
        if let Some(participant) = occurrence.get("participants").and_then(|all| all.get(&token)) {
            patch.set(format!("participants/{key}"), participant.clone());
        }
    }
}

/// Takes out of an object's hatch what is about the series as a whole.
fn strip_series_hatch(object: &mut Tree<String, Value>) {
    let Some(Value::Object(hatch)) = object.get_mut("iCalendar") else { return };
    if let Some(Value::Array(properties)) = hatch.get_mut("properties") {
        properties.retain(|property| {
            !property.get(0).and_then(Value::as_str).is_some_and(is_of_the_series)
        });
        if properties.is_empty() {
            hatch.remove("properties");
        }
    }
    if let Some(Value::Object(hints)) = hatch.get_mut("convertedProperties") {
        hints.retain(|path, _| {
            path != "recurrenceRule" && !path.starts_with("recurrenceOverrides/")
        });
        if hints.is_empty() {
            hatch.remove("convertedProperties");
        }
    }
}

/// Reads the overrides of a series and puts them into its `recurrenceOverrides`: for each key the one with the highest
/// sequence number, then the last.
///
/// An EXDATE for the same instant stands back: the component says that the occurrence takes place. The EXDATE is kept
/// in the hatch.
pub(crate) fn merge<'a>(
    draft: &mut Draft<'a>,
    components: &'a [Component<'a>],
    years: Years,
    cx: &mut Context<'_>,
) {
    let series = Series::new(draft, cx);
    let mut list: Vec<ReadOverride<'a>> = Vec::with_capacity(components.len());
    for component in components {
        match series.read(component, years, cx) {
            Some(read) => list.push(read),
            None => {
                report(
                    component,
                    cx,
                    "invalid-value",
                    "a RECURRENCE-ID that cannot be read; the component is kept",
                );
                draft.hatch.keep_component(component);
            }
        }
    }
    list.sort_by(|a, b| a.key.cmp(&b.key).then(a.sequence.cmp(&b.sequence)));
    let occurrences = Occurrences::new(draft.entry.start, draft.entry.recurrence_rule.as_deref());
    let mut merged = Vec::with_capacity(list.len());
    let mut list = list.into_iter().peekable();
    while let Some(read) = list.next() {
        if list.peek().is_some_and(|next| next.key == read.key) {
            report(
                read.component,
                cx,
                "duplicate",
                "another component for this occurrence counts; this one is kept",
            );
            draft.hatch.keep_component(read.component);
            continue;
        }
        merged.push((read.key, beside_dates(read, &occurrences, draft, cx)));
    }
    draft.entry.recurrence_overrides.extend(merged);
}

/// The patch of an override, seen together with what the series' RDATE or EXDATE says of the same occurrence. Such a
/// line is kept aside, and the override is marked as one that is a component and needs none.
fn beside_dates<'a>(
    mut read: ReadOverride<'a>,
    occurrences: &Occurrences,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) -> PatchObject {
    let date = draft.entry.recurrence_overrides.get(&read.key);
    if let Some(date) = date {
        if date.0.contains_key("excluded") {
            report(
                read.component,
                cx,
                "excluded",
                "an EXDATE excludes this occurrence; the component counts",
            );
        }
        // An RDATE with a length says how long the occurrence is, unless its component does.
        if let Some(length) =
            date.0.get("duration").filter(|_| !read.patch.0.contains_key("duration"))
        {
            read.patch.set("duration", length.clone());
        }
        keep_date(read.key, draft);
    }
    if read.patch.is_empty() || date_was_kept(read.key, draft) || !occurrences.contains(read.key) {
        let path = format!("recurrenceOverrides/{}", read.key);
        draft.hatch.forget_hint(&path);
        draft.hatch.hint(Hint::new(path, "recurrence-id"));
    }
    read.patch
}

fn date_was_kept(key: LocalDateTime, draft: &Draft<'_>) -> bool {
    draft.date_lines.binary_search_by(|(other, ..)| other.cmp(&key)).is_ok()
}

fn keep_date(key: LocalDateTime, draft: &mut Draft<'_>) {
    if let Ok(at) = draft.date_lines.binary_search_by(|(other, ..)| other.cmp(&key)) {
        let (_, line, value) = draft.date_lines[at];
        keep_alone(line, value, draft);
    }
}

fn report(component: &Component<'_>, cx: &mut Context<'_>, code: &'static str, message: &str) {
    let position = component.position;
    cx.diagnostics.push_with(|| {
        Diagnostic::new(code, Severity::Warning, message)
            .property("RECURRENCE-ID")
            .at_line(position.line, position.column)
    });
}

fn tree(object: &Finished) -> Tree<String, Value> {
    let value = match object {
        Finished::Event(event) => serde_json::to_value(event),
        Finished::Task(task) => serde_json::to_value(task),
    };
    match value {
        Ok(Value::Object(members)) => members,
        _ => Tree::new(),
    }
}

/// Writes the overrides that are components of their own.
pub(crate) fn export_overrides<T>(object: &T, source: &Source<'_>, out: &mut Out<'_, '_>)
where
    T: Common + ToJson + serde::de::DeserializeOwned + ExportSource,
{
    let overrides = source.common.recurrence_overrides;
    let mut base: Option<Value> = None;
    for (key, patch) in overrides {
        let Override::Component(patch) = Override::of(*key, patch, source) else { continue };
        let base = base.get_or_insert_with(|| inherited(object));
        match patched::<T>(base, *key, patch) {
            Ok(occurrence) => export_occurrence(&occurrence, *key, source, out),
            Err(message) => {
                out.cx.report(
                    &format!("recurrenceOverrides/{key}"),
                    Severity::Error,
                    "override",
                    message,
                );
            }
        }
    }
}

fn inherited<T: Common + ToJson>(object: &T) -> Value {
    let mut value = serde_json::to_value(object.versioned(Version::V2_0)).unwrap_or_default();
    if let Some(members) = value.as_object_mut() {
        OF_THE_SERIES.iter().for_each(|name| drop(members.remove(*name)));
        strip_series_hatch(members);
    }
    value
}

/// The occurrence at `key`: the series with the patch applied.
fn patched<T: serde::de::DeserializeOwned>(
    base: &Value,
    key: LocalDateTime,
    patch: &PatchObject,
) -> Result<T, String> {
    let mut value = base.clone();
    if let Some(members) = value.as_object_mut() {
        members.insert("start".to_owned(), Value::from(key.to_string()));
    }
    let allowed: Map<String, Json> = patch
        .0
        .iter()
        .filter(|(path, _)| !is_forbidden(path))
        .map(|(path, json)| (path.clone(), json.clone()))
        .collect();
    if allowed.get("start").is_some_and(Json::is_null) {
        return Err("an occurrence without a start".to_owned());
    }
    PatchObject(allowed).apply(&mut value, PatchRules::V2_0).map_err(|error| error.to_string())?;
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn is_forbidden(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    matches!(first, "recurrenceRule" | "recurrenceOverrides")
        || FORBIDDEN.contains(&path)
        || path.strip_prefix("participants/").is_some_and(|rest| rest.ends_with("/calendarAddress"))
}

fn export_occurrence<T: ExportSource>(
    occurrence: &T,
    key: LocalDateTime,
    series: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let mut source = occurrence.source();
    let empty = Map::new();
    source.common.recurrence_overrides = &empty;
    source.common.recurrence_rule = &None;
    settle_clock(&mut source, out);
    let id = Some(key);
    source.common.recurrence_id = &id;
    source.common.recurrence_id_time_zone = &None;
    source.series = series.clock.clone();
    if source.hatch.came_from("start", "recurrence-id") && source.start == Some(key) {
        source.start_is_id = true;
    }
    export_component(&source, out);
}
