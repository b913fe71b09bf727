//! Overrides: components with a RECURRENCE-ID, and the patches of `recurrenceOverrides`.

mod inherit;

use content_line::Component;
use jscalendar::json_model::{Before, ToJson, pointer};
use jscalendar::{
    Common, Diagnostic, EntryLegacy, Event, Id, Json, LocalDateTime, Map, Participant, PatchObject,
    Severity, Version, is_overridable, whole,
};

pub(crate) use self::inherit::Base;
use self::inherit::size;
use super::{ExportSource, Finished, export_component, import_content, settle_clock};
use crate::draft::{Clock, Context, Draft, Kind, Span, Timed};
use crate::hatch::{Hint, KeptHatch};
use crate::jcal::JcalProperty;
use crate::out::{Out, Source};
use crate::property::recurrence::{Occurrences, Override, keep_alone};
use crate::property::{people, status, time};
use crate::value::Form;

/// A series that overrides are compared with.
struct Series<'s> {
    kind: Kind,
    span: Span,
    /// The members that an occurrence inherits and its patch may change, apart from the start and the hatch.
    members: Before<'s>,
    /// The hatch that an occurrence inherits.
    hatch: Option<Json>,
    clock: Clock,
    start: Option<LocalDateTime>,
    occurrences: Occurrences,
    /// What no patch may change, and a component says all the same: ORGANIZER and CLASS.
    fixed: [[Option<String>; 2]; 2],
    duration: Option<jscalendar::Duration>,
    end_time_zone: Option<jscalendar::TimeZoneId>,
}

/// An override that was read.
struct ReadOverride<'a> {
    key: LocalDateTime,
    sequence: u64,
    patch: PatchObject,
    component: &'a Component<'a>,
}

impl<'s> Series<'s> {
    /// What the overrides of `draft` are compared with: the object that it is so far.
    fn new(draft: &Draft<'_>, hatch: Option<Json>, members: &'s Json) -> Self {
        Self {
            kind: draft.kind,
            span: draft.span,
            members: Before::new(members),
            hatch,
            clock: draft.clock.clone(),
            start: draft.entry.start,
            occurrences: Occurrences::new(
                draft.entry.start,
                draft.entry.recurrence_rule.as_deref(),
            ),
            fixed: [ORGANIZER, CLASS]
                .map(|of_one| (of_one.said)(&draft.entry).map(|said| said.map(str::to_owned))),
            duration: draft.entry.duration,
            end_time_zone: draft.entry.end_time_zone.clone(),
        }
    }

    /// Reads a component with a RECURRENCE-ID as a patch of the series. None if the id cannot be read.
    fn read<'a>(
        &self,
        component: &'a Component<'a>,
        cx: &mut Context<'_>,
    ) -> Option<ReadOverride<'a>> {
        let mut draft = Draft::new(self.kind, self.span);
        time::anchor(&component.lines, &mut draft, cx);
        let id = draft.occurrence.as_ref()?.id.clone();
        let key = self.key(&id);
        if id.clock.form == Some(Form::Date) && self.clock.form != Some(Form::Date) {
            let message = "a date for an occurrence that has a time; taken as the one of that day";
            report(component, cx, "id-date", message);
        }
        let starts = draft.entry.start.is_some();
        if !starts {
            self.inherit_times(key, &mut draft);
        }
        import_content(component, &mut draft, cx);
        if !starts && !time::has_end(&draft) {
            self.inherit_end(&mut draft);
        }
        let line = draft.occurrence_line?;
        let known = self.clock.zone.as_ref().and_then(|zone| zone.tzid.clone());
        time::hint_recurrence_id(line, key, &self.clock, known.as_deref(), &mut draft);
        if !starts {
            draft.hatch.hint(Hint::new("start", "recurrence-id"));
        }
        draft.occurrence = None;
        self.keep_forbidden(component, &mut draft, cx);
        draft.complete(cx);
        let sequence = draft.entry.sequence.unwrap_or(0);
        let patch = self.diff(key, draft.into_object(cx), cx);
        Some(ReadOverride { key, sequence, patch, component })
    }

    /// The start of the occurrence that an id names, on the clock of the series. An id must have the form of DTSTART
    /// (RFC 5545, section 3.8.4.4); where it is a date all the same, the occurrence of that day is meant.
    fn key(&self, id: &Timed) -> LocalDateTime {
        let day = id.local;
        let dated = self.start.filter(|_| id.clock.form == Some(Form::Date));
        let on_day = dated.and_then(|start| {
            let [hour, minute, second] = [start.hour(), start.minute(), start.second()];
            LocalDateTime::new(day.year(), day.month(), day.day(), hour, minute, second).ok()
        });
        on_day
            .filter(|key| self.occurrences.contains(*key))
            .unwrap_or_else(|| self.clock.convert(id.local, &id.clock))
    }

    fn inherit_times(&self, key: LocalDateTime, draft: &mut Draft<'_>) {
        draft.clock = self.clock.clone();
        draft.entry.start = Some(key);
        draft.entry.time_zone = self.clock.id().cloned();
        draft.entry.show_without_time = (self.clock.form == Some(Form::Date)).then_some(true);
    }

    /// Keeps what the component says in another way than its series although no patch may say it.
    fn keep_forbidden<'a>(
        &self,
        component: &'a Component<'a>,
        draft: &mut Draft<'a>,
        cx: &mut Context<'_>,
    ) {
        for (of_one, inherited) in [ORGANIZER, CLASS].into_iter().zip(&self.fixed) {
            let own = (of_one.said)(&draft.entry);
            if own.iter().zip(inherited).any(|(own, inherited)| *own != inherited.as_deref()) {
                of_one.keep(component, draft, cx);
            }
        }
    }

    fn inherit_end(&self, draft: &mut Draft<'_>) {
        draft.entry.duration = self.duration;
        draft.entry.end_time_zone.clone_from(&self.end_time_zone);
        if self.duration.is_some() {
            draft.hatch.hint(Hint::new("duration", "recurrence-id"));
        }
    }

    fn diff(&self, key: LocalDateTime, mut occurrence: Finished, cx: &Context<'_>) -> PatchObject {
        let start = occurrence.start();
        let hatch = take_hatch(&mut occurrence);
        let mut patch = self.members.changes_to(&occurrence.changeable(cx));
        replace_readdressed(&mut patch, occurrence.participants());
        if start != Some(key) {
            patch.set(
                "start",
                start.map_or_else(Json::null, |start| Json::from(&*start.to_string())),
            );
        }
        // Half a hatch says nothing, so it is replaced whole. Both are written the same way, so the texts tell.
        if hatch.as_ref().map(Json::as_str) != self.hatch.as_ref().map(Json::as_str) {
            patch.set("iCalendar", hatch.unwrap_or_default());
        }
        patch
    }
}

/// A property of an occurrence that no patch may change (JSCalendar 2.0, section 4.3.4).
///
/// Where it differs from that of the series, its line is kept, with a hint that it is the component's own one; where
/// there is none, the hint alone says so.
struct OfOne {
    property: &'static str,
    member: &'static str,
    /// What an entry says of the member, and of another one that the property is about.
    said: fn(&Event) -> [Option<&str>; 2],
}

const ORGANIZER: OfOne = OfOne {
    property: "organizer",
    member: "organizerCalendarAddress",
    said: |entry| [entry.organizer_calendar_address.as_deref(), entry.sent_by.as_deref()],
};
const CLASS: OfOne = OfOne {
    property: "class",
    member: "privacy",
    said: |entry| [entry.privacy.as_ref().map(|privacy| privacy.as_str()), None],
};

impl OfOne {
    fn keep<'a>(&self, component: &'a Component<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
        let [own, _] = (self.said)(&draft.entry);
        let is_said = own.is_some();
        let line = draft.hatch.counted(&component.lines, self.property).filter(|_| is_said);
        let Some(line) = line else {
            draft.hatch.hint(Hint::new(self.member, "recurrence-id"));
            return;
        };
        cx.report(line, Severity::Warning, "not-patchable", || {
            "an occurrence has no other one than its series; kept as it is".to_owned()
        });
        draft.hatch.hint(Hint::new(self.member, self.property).raw(line.value()));
        draft.hatch.keep(line);
    }

    /// Takes the line out of the hatch of an occurrence. None if the occurrence has what its series has, and none inside
    /// if it has nothing.
    fn take<'e>(&self, hatch: &mut KeptHatch<'e>) -> Option<Option<JcalProperty<'e>>> {
        if hatch.came_from(self.member, "recurrence-id") {
            return Some(None);
        }
        let raw = hatch.hint(self.member)?.raw.as_deref()?;
        let is_own = |kept: &JcalProperty<'_>| kept.name == self.property && kept.value == raw;
        let at = hatch.properties.iter().position(is_own)?;
        Some(Some(hatch.properties.remove(at)))
    }
}

impl Finished {
    /// The members that a patch of an override may change (JSCalendar 2.0, section 4.3.4), apart from the start and
    /// the hatch; in 1.0 with those that only it has.
    fn changeable(&mut self, cx: &Context<'_>) -> Json {
        let json = match self {
            Self::Event(event) => {
                event.start = None;
                clear_fixed(event);
                if cx.is_v1() { whole(event) } else { Json::from_serialize(event).ok() }
            }
            Self::Task(task) => {
                task.start = None;
                clear_fixed(task);
                if cx.is_v1() { whole(task) } else { Json::from_serialize(task).ok() }
            }
        };
        json.unwrap_or_default()
    }

    fn start(&self) -> Option<LocalDateTime> {
        match self {
            Self::Event(event) => event.start,
            Self::Task(task) => task.start,
        }
    }

    fn participants(&self) -> &Map<Id, Participant> {
        match self {
            Self::Event(event) => &event.participants,
            Self::Task(task) => &task.participants,
        }
    }
}

fn take_hatch(object: &mut Finished) -> Option<Json> {
    match object {
        Finished::Event(event) => event.i_calendar.take(),
        Finished::Task(task) => task.i_calendar.take(),
    }
}

/// Removes what a patch does not touch, and what no occurrence inherits.
fn clear_fixed<T: Common>(object: &mut T) {
    let common = object.common_mut();
    *common.method = None;
    *common.organizer_calendar_address = None;
    *common.privacy = None;
    *common.prod_id = None;
    *common.recurrence_id = None;
    *common.recurrence_id_time_zone = None;
    *common.recurrence_rule = None;
    common.recurrence_overrides.clear();
    *common.sent_by = None;
    *common.uid = None;
    *common.version = None;
    if let Some(legacy) = common.legacy {
        legacy.reply_to.clear();
        legacy.time_zones.clear();
    }
    clear_rules(common.legacy);
    if !common.extra.is_empty() {
        common.extra.retain(|name, _| !is_forbidden(name));
    }
}

/// Removes the rules that only 1.0 has.
fn clear_rules(legacy: &mut Option<Box<EntryLegacy>>) {
    if let Some(legacy) = legacy {
        legacy.recurrence_rules.clear();
        legacy.excluded_recurrence_rules.clear();
    }
}

/// A participant whose address changes is another one: its member is replaced (JSCalendar 2.0, section 4.3.4).
fn replace_readdressed(patch: &mut PatchObject, participants: &Map<Id, Participant>) {
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
        let token = pointer::tokens(&key).next().unwrap_or_default();
        if let Some(participant) = participants.get(&Id::from(&*token)) {
            let participant = participant.versioned(Version::V2_0);
            patch.0.extend(
                Json::from_serialize(&participant)
                    .map(|participant| (format!("participants/{key}"), participant)),
            );
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
    cx: &mut Context<'_>,
) {
    let mut object = draft.object(cx);
    let hatch = take_hatch(&mut object)
        .and_then(|_| draft.hatch.to_json_of_occurrence(draft.kind.component()));
    let members = object.changeable(cx);
    let series = Series::new(draft, hatch, &members);
    let mut list: Vec<ReadOverride<'a>> = Vec::with_capacity(components.len());
    for component in components {
        if cx.allowance.is_spent() {
            keep_excessive(component, draft, cx);
            continue;
        }
        match series.read(component, cx) {
            Some(read) if cx.allowance.spend(size(&read.patch)) => list.push(read),
            Some(_) => keep_excessive(component, draft, cx),
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
        merged.push((read.key, beside_dates(read, &series.occurrences, draft, cx)));
    }
    draft.entry.recurrence_overrides.extend(merged);
}

/// Keeps a component whose patch would take more than the occurrences of a document may.
fn keep_excessive<'a>(component: &'a Component<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    let message = "the changes to this series take too much; from here on its components are kept";
    report(component, cx, "excessive", message);
    draft.hatch.keep_component(component);
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

/// Writes the overrides that are components of their own.
pub(crate) fn export_overrides<T: Common + ToJson + Clone + ExportSource>(
    object: &T,
    base: Option<Base>,
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let Some(mut base) = base else { return };
    for (key, patch) in source.common.recurrence_overrides {
        let Override::Component(patch) = Override::of(*key, patch, source) else { continue };
        report_forbidden(*key, patch, out);
        let path = format!("recurrenceOverrides/{key}");
        match base.patched(object, *key, patch) {
            Ok(occurrence) => {
                out.cx.occurrence = Some(out.cx.place(&path));
                export_occurrence(&occurrence, *key, source, out);
                out.cx.occurrence = None;
            }
            Err(message) => out.cx.report(&path, Severity::Error, "override", message),
        }
    }
}

/// Says which parts of a patch are ignored.
fn report_forbidden(key: LocalDateTime, patch: &PatchObject, out: &mut Out<'_, '_>) {
    for path in patch.0.keys().filter(|path| is_forbidden(path)) {
        let place = format!("recurrenceOverrides/{key}/{}", pointer::escape(path));
        let message = "a member that no override changes; ignored";
        out.cx.report(&place, Severity::Warning, "forbidden-patch", message);
    }
}

/// Whether an override does not change this member: the standard says so, or it is that of the whole document.
fn is_forbidden(path: &str) -> bool {
    path == "version" || !is_overridable(path, Version::V2_0)
}

fn export_occurrence<T: ExportSource>(
    occurrence: &T,
    key: LocalDateTime,
    series: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let mut source = occurrence.source();
    let organizer = ORGANIZER.take(&mut source.hatch);
    let own = organizer.as_ref().map(|line| people::organizer_of(line.as_ref()));
    if let Some((address, sent_by)) = &own {
        source.common.organizer_calendar_address = address;
        source.common.sent_by = sent_by;
    }
    let privacy = CLASS
        .take(&mut source.hatch)
        .map(|line| line.and_then(|line| status::privacy_of(&line.value)));
    if let Some(privacy) = &privacy {
        source.common.privacy = privacy;
    }
    let empty = Map::new();
    source.common.recurrence_overrides = &empty;
    source.common.recurrence_rule = &None;
    settle_clock(&mut source, out);
    let id = Some(key);
    source.common.recurrence_id = &id;
    source.common.recurrence_id_time_zone = &None;
    source.is_override = true;
    source.series = series.clock.clone();
    if source.hatch.came_from("start", "recurrence-id") && source.start == Some(key) {
        source.start_is_id = true;
        source.end_is_inherited = source.hatch.came_from("duration", "recurrence-id")
            && source.duration == series.duration
            && source.end_time_zone == series.end_time_zone;
    }
    export_component(&source, out);
}
