//! VEVENT and VTODO, and [`Event`] and [`Task`].

mod overrides;

use content_line::{Component, Line, unescape_text};
use jscalendar::json_model::Part;
use jscalendar::{
    Common, Diagnostic, Diagnostics, Entry, Event, Json, LocalDateTime, Map, Severity, Task,
    Version,
};

pub(crate) use self::overrides::merge as merge_overrides;
use self::overrides::{Base, export_overrides};
use crate::Mode;
use crate::draft::{Clock, Context, Draft, Kind, Span, TaskFields, Zone, collect};
use crate::hatch::Hint;
use crate::out::{Out, Source};
use crate::property::{
    self, alarm, change, extension, link, people, place, recurrence, relation, status, text, time,
};
use crate::value::{Form, Moment, parse_duration};

/// Imports a component that stands for itself: a single object, a series, or an occurrence whose series is not there.
pub(crate) fn import<'a>(
    component: &'a Component<'a>,
    kind: Kind,
    span: Span,
    cx: &mut Context<'_>,
) -> Draft<'a> {
    let mut draft = Draft::new(kind, span);
    time::anchor(&component.lines, &mut draft, cx);
    if let (None, Some(occurrence)) = (draft.entry.start, &draft.occurrence) {
        // Without a start of its own an occurrence starts when its series says.
        draft.entry.start = Some(occurrence.id.local);
        draft.clock = occurrence.id.clock.clone();
        draft.entry.time_zone = draft.clock.id().cloned();
        draft.starts_at_id = true;
    }
    import_content(component, &mut draft, cx);
    draft
}

/// Imports lines and components into a draft whose clock is set.
fn import_content<'a>(component: &'a Component<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    text::prefer_styled(&component.lines, draft);
    for line in &component.lines {
        property::import(line, draft, cx);
    }
    for child in &component.components {
        property::import_component(child, draft, cx);
    }
    time::default_end(draft);
    recurrence::finish(draft);
    relation::finish(draft);
    place::finish(draft, cx);
    people::finish(draft, cx);
    alarm::finish(draft, cx);
    change::note_last_modified(draft);
    let other = if draft.kind == Kind::Event { "progress" } else { "status" };
    let single = SINGLE.iter().filter(|(_, member)| *member != other);
    draft.hatch.note_repeated(&component.lines, single);
    if draft.entry.updated.is_none() {
        draft.entry.updated = cx.now;
    }
}

impl<'a> Draft<'a> {
    /// Fills in what is known only when everything has been read.
    pub(crate) fn complete(&mut self, cx: &mut Context<'_>) {
        self.gather(cx.diagnostics);
        self.entry.method.clone_from(&cx.method);
        self.set_occurrence();
        if cx.is_v1() {
            self.bring_zone(cx);
        }
    }

    /// A zone without IANA name is one that the object brings along in 1.0 (RFC 8984, section 4.7.2).
    fn bring_zone(&mut self, cx: &Context<'_>) {
        let tzid = self
            .clock
            .zone
            .as_ref()
            .filter(|zone| zone.resolved.id.is_none())
            .and_then(|zone| zone.tzid.as_deref());
        if let Some((key, zone)) = tzid.and_then(|tzid| cx.zones.member(tzid)) {
            self.entry.time_zone = Some(key.clone());
            self.entry.legacy.get_or_insert_default().time_zones.insert(key, zone);
        }
    }

    /// The finished object.
    pub(crate) fn into_object(mut self, cx: &mut Context<'_>) -> Finished {
        let lines = std::mem::take(&mut self.jsprops);
        let i_calendar = self.close_hatch(cx);
        make_object(self.kind, self.entry, self.task, i_calendar, &lines, cx)
    }

    /// The object as it stands now.
    fn object(&self, cx: &mut Context<'_>) -> Finished {
        let i_calendar =
            self.hatch.to_json(self.kind.component()).filter(|_| cx.mode != Mode::Clean);
        make_object(self.kind, self.entry.clone(), self.task.clone(), i_calendar, &self.jsprops, cx)
    }

    /// The typed members alone, without what the hatch would say.
    pub(crate) fn into_meaning(mut self, cx: &mut Context<'_>) -> (Event, TaskFields) {
        recurrence::finish(&mut self);
        relation::finish(&mut self);
        place::finish(&mut self, cx);
        people::finish(&mut self, cx);
        self.gather(cx.diagnostics);
        if let Some(occurrence) = &self.occurrence {
            // Where a time falls on the series' clock is what a recurrence id means; a date means the occurrence of its day.
            let id = &occurrence.id;
            let is_its_day = |known: &LocalDateTime| {
                id.clock.form == Some(Form::Date) && known.at_midnight() == id.local
            };
            let known = self.entry.recurrence_id.filter(is_its_day);
            self.entry.recurrence_id =
                Some(known.unwrap_or_else(|| self.clock.convert(id.local, &id.clock)));
        }
        (self.entry, self.task)
    }

    fn gather(&mut self, found: &mut Diagnostics) {
        let hatch = &mut self.hatch;
        self.entry.links = collect(std::mem::take(&mut self.links), "links", hatch, found);
        self.entry.locations =
            collect(std::mem::take(&mut self.locations), "locations", hatch, found);
        self.entry.virtual_locations =
            collect(std::mem::take(&mut self.virtual_locations), "virtualLocations", hatch, found);
        self.entry.participants =
            collect(std::mem::take(&mut self.participants), "participants", hatch, found);
        self.entry.keywords = std::mem::take(&mut self.keywords).into_iter().collect();
        self.entry.categories = std::mem::take(&mut self.categories).into_iter().collect();
        self.entry.recurrence_overrides = Map::from(std::mem::take(&mut self.overrides));
    }

    fn set_occurrence(&mut self) {
        let (Some(occurrence), Some(line)) = (self.occurrence.take(), self.occurrence_line) else {
            return;
        };
        self.entry.recurrence_id = Some(occurrence.id.local);
        self.entry.recurrence_id_time_zone = occurrence.id.clock.id().cloned();
        if self.starts_at_id {
            self.hatch.hint(Hint::new("start", "recurrence-id"));
        }
        let clock = occurrence.id.clock;
        let known = if clock.same_zone(&self.clock) { self.clock.zone.as_ref() } else { None };
        let known = known.and_then(|zone| zone.tzid.as_deref().map(str::to_owned));
        time::hint_recurrence_id(line, occurrence.id.local, &clock, known.as_deref(), self);
    }

    /// The `iCalendar` member; in `clean` mode what would be in it is lost.
    fn close_hatch(&self, cx: &mut Context<'_>) -> Option<Json> {
        if cx.mode == Mode::Clean {
            self.hatch.report_losses(cx.diagnostics);
            return None;
        }
        // The name alone says that there was no LAST-MODIFIED, so that none comes out that never came in.
        let needed = !self.hatch.is_empty() || !self.has_last_modified;
        needed.then(|| self.hatch.to_json(self.kind.component()))?
    }
}

/// An imported entry.
pub(crate) enum Finished {
    Event(Event),
    Task(Task),
}

impl Finished {
    pub(crate) fn into_entry(self) -> Entry {
        match self {
            Self::Event(event) => event.into(),
            Self::Task(task) => task.into(),
        }
    }
}

fn make_object(
    kind: Kind,
    mut entry: Event,
    fields: TaskFields,
    i_calendar: Option<Json>,
    lines: &[&Line<'_>],
    cx: &mut Context<'_>,
) -> Finished {
    entry.i_calendar = i_calendar;
    match kind {
        Kind::Event => Finished::Event(extension::apply(entry, lines, cx)),
        Kind::Task => Finished::Task(extension::apply(into_task(entry, fields), lines, cx)),
    }
}

fn into_task(mut entry: Event, fields: TaskFields) -> Task {
    let mut task = Task::default();
    task.common_mut().swap(&mut entry.common_mut());
    task.start = entry.start;
    task.due = fields.due;
    task.estimated_duration = fields.estimated_duration;
    task.percent_complete = fields.percent_complete;
    task.progress = fields.progress;
    task
}

/// From the first to the last time of a component, as far as its lines show without a time zone.
pub(crate) fn span(lines: &[Line<'_>]) -> Span {
    let mut times = Vec::with_capacity(4);
    let mut start = None;
    let mut duration = None;
    let mut rule = None;
    for line in lines {
        // Most lines are out after their first letter.
        match line.name().as_bytes() {
            [b'D' | b'd', ..] if line.is("DURATION") => {
                duration = parse_duration(line.value()).map(jscalendar::SignedDuration::duration);
            }
            [b'D' | b'd', ..] if line.is("DTSTART") => {
                start = Moment::parse(line.value()).map(|moment| moment.local);
                times.extend(start);
            }
            [b'R' | b'r', ..] if line.is("RRULE") => rule = Some(rule_end(line.value())),
            [b'D' | b'd' | b'R' | b'r', ..]
                if ["DTEND", "DUE", "RECURRENCE-ID", "RDATE"].iter().any(|name| line.is(name)) =>
            {
                let values = line.value().split([',', '/']).filter_map(Moment::parse);
                times.extend(values.map(|moment| moment.local));
            }
            _ => {}
        }
    }
    let end = start.zip(duration).and_then(|(start, duration)| start.checked_add(duration, None));
    Span::of_times(times.into_iter().chain(end), rule)
}

fn rule_end(rule: &str) -> Option<LocalDateTime> {
    let until = rule.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.eq_ignore_ascii_case("UNTIL").then_some(value)
    })?;
    Moment::parse(until).map(|moment| moment.local)
}

fn span_of_source(source: &Source<'_>) -> Span {
    let common = source.common;
    let end = |start: LocalDateTime| start.checked_add(source.duration?, None);
    let times = [source.start, source.start.and_then(end), source.due, *common.recurrence_id];
    let keys =
        common.recurrence_overrides.iter().filter(|(_, patch)| !patch.0.contains_key("excluded"));
    let times = times.into_iter().flatten().chain(keys.map(|(key, _)| *key));
    Span::of_times(times, common.recurrence_rule.as_ref().map(|rule| rule.until))
}

/// Writes an entry with all its occurrences: the component itself, then those that are kept, then those of its overrides.
pub(crate) fn export(entry: &Entry, out: &mut Out<'_, '_>) {
    match entry {
        Entry::Event(event) => export_series(&**event, Source::of_event(event), out),
        Entry::Task(task) => export_series(&**task, Source::of_task(task), out),
        _ => {
            let message = "an entry that is neither an event nor a task has no place in iCalendar";
            out.cx.report("", Severity::Error, "lost", message);
        }
    }
}

fn export_series<T>(object: &T, mut source: Source<'_>, out: &mut Out<'_, '_>)
where
    T: Common + jscalendar::json_model::ToJson + Clone + ExportSource,
{
    settle_clock(&mut source, out);
    let base = Base::new(object, &mut source, out.cx.allowance);
    export_component(&source, out);
    // Of two components for one occurrence the later one counts, and these do not.
    export_kept_occurrences(&source, out);
    export_overrides(object, base, &source, out);
}

/// Writes further components of the series that the hatch keeps: those of occurrences that have another one too, which
/// comes later and so counts.
fn export_kept_occurrences(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let own = source.kind.component();
    if !out.cx.is_lossless() {
        return;
    }
    for component in
        source.hatch.components.iter().filter(|component| component.name.eq_ignore_ascii_case(own))
    {
        let value = |name: &str| {
            component.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name))
        };
        let same_uid = value("uid")
            .is_some_and(|uid| Some(&*unescape_text(&uid.value)) == source.common.uid.as_deref());
        if same_uid && value("recurrence-id").is_some() {
            out.kept_component(component);
        }
    }
}

/// Objects that are written from a [`Source`].
pub(crate) trait ExportSource {
    fn source(&self) -> Source<'_>;
}

impl ExportSource for Event {
    fn source(&self) -> Source<'_> {
        Source::of_event(self)
    }
}

impl ExportSource for Task {
    fn source(&self) -> Source<'_> {
        Source::of_task(self)
    }
}

/// Writes one VEVENT or VTODO. This is the table of the way back: who writes what.
pub(crate) fn export_component(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let component = source.kind.component().to_ascii_uppercase();
    out.writer.begin(&component);
    change::export(source, out);
    time::export(source, out);
    recurrence::export_rule(source, out);
    recurrence::export_dates(source, source.common.recurrence_overrides, out);
    text::export_title(source, out);
    text::export_description(source, out);
    text::export_lists(source, out);
    status::export(source, out);
    relation::export(source, out);
    people::export(source, out);
    let places = place::Plan::of(source, out);
    place::export(&places, source, out);
    link::export_links(source.common.links, "links", source, &source.hatch, out);
    alarm::export(source, out);
    export_rest(source, out);
    extension::export_properties(&source.hatch, &written(source), out);
    place::export_components(&places, source, out);
    people::export_components(source, out);
    alarm::export_components(source, out);
    // Of two components that are one object the first one counts, and these do not.
    extension::export_components(&source.hatch, out);
    out.writer.end(&component);
}

/// The properties that stand once in a component (RFC 5545, sections 3.6.1 and 3.6.2), and their members.
const SINGLE: &[(&str, &str)] = &[
    ("uid", "uid"),
    ("dtstamp", "updated"),
    ("created", "created"),
    ("sequence", "sequence"),
    ("dtstart", "start"),
    ("duration", "duration"),
    ("dtend", "duration"),
    ("due", "due"),
    // A task has DUE or DURATION (RFC 5545, section 3.6.2).
    ("duration", "due"),
    ("recurrence-id", "recurrenceId"),
    ("summary", "title"),
    ("class", "privacy"),
    ("transp", "freeBusyStatus"),
    ("status", "status"),
    ("status", "progress"),
    ("priority", "priority"),
    ("percent-complete", "percentComplete"),
    ("color", "color"),
    // Always in the hatch, and written beside DTSTAMP.
    ("last-modified", "iCalendar"),
];

/// The properties of [`SINGLE`] that the members have written: what the hatch says of them is out of date.
fn written(source: &Source<'_>) -> Vec<&'static str> {
    SINGLE.iter().filter(|(_, member)| says(source, member)).map(|(name, _)| *name).collect()
}

fn says(source: &Source<'_>, member: &str) -> bool {
    let common = source.common;
    match member {
        "uid" => common.uid.is_some(),
        "updated" | "iCalendar" => true,
        "created" => common.created.is_some(),
        "sequence" => common.sequence.is_some(),
        "start" => source.start.is_some() && !source.start_is_id,
        "duration" => source.duration.is_some() || source.end_time_zone.is_some(),
        "due" => source.due.is_some(),
        "recurrenceId" => common.recurrence_id.is_some(),
        "title" => common.title.is_some(),
        "privacy" => common.privacy.as_ref().is_some_and(|privacy| !privacy.is_other()),
        "freeBusyStatus" => {
            common.free_busy_status.as_ref().is_some_and(|status| !status.is_other())
        }
        "status" => source.status.is_some(),
        "progress" => source.progress.is_some(),
        "priority" => common.priority.is_some(),
        "percentComplete" => source.percent_complete.is_some(),
        "color" => common.color.is_some(),
        _ => false,
    }
}

/// What has no property of its own.
fn export_rest(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let common = source.common;
    if let (Some(address), None) = (common.sent_by, common.organizer_calendar_address) {
        out.jsprop("sentBy", &Json::from(address.as_str()));
    }
    if let Some(legacy) = common.legacy {
        for member in <jscalendar::EntryLegacy as Part>::MEMBERS {
            let written =
                ["recurrenceRules", "excludedRecurrenceRules", "requestStatus", "timeZones"];
            let skip = written.contains(&member.name);
            let json = legacy.look_up_member(member.name, &[], Version::V1_0);
            // The default of `useDefaultAlerts`, the only one of them that can be false.
            if let (false, Some(json)) = (skip, json.filter(|json| json.as_str() != "false")) {
                out.jsprop(member.name, &json);
            }
        }
    }
    out.extra("", common.extra);
}

/// Decides on the form and zone of the entry's times, and on the TZID: that of the hint while it means the zone.
pub(crate) fn settle_clock(source: &mut Source<'_>, out: &mut Out<'_, '_>) {
    source.span = span_of_source(source);
    source.clock = plain_clock(source, out);
    adopt_tzid(source, out);
    let came_from_id = source.hatch.came_from("start", "recurrence-id");
    source.start_is_id = came_from_id && source.start == *source.common.recurrence_id;
    source.series = match (source.common.recurrence_id, source.common.recurrence_id_time_zone) {
        (None, _) => source.clock.clone(),
        (Some(_), Some(zone)) if source.common.time_zone.as_ref() == Some(zone) => {
            source.clock.clone()
        }
        (Some(_), None) if source.common.time_zone.is_none() => source.clock.clone(),
        (Some(_), Some(zone)) => zone_clock(zone, zone.as_str() == time::UTC, out),
        (Some(_), None) => Clock { form: Some(Form::Local), zone: None },
    };
}

fn plain_clock(source: &Source<'_>, out: &Out<'_, '_>) -> Clock {
    match source.common.time_zone {
        Some(zone) => {
            zone_clock(zone, zone.as_str() == time::UTC && source.end_time_zone.is_none(), out)
        }
        None if is_dates(source) => Clock { form: Some(Form::Date), zone: None },
        None => Clock { form: Some(Form::Local), zone: None },
    }
}

fn zone_clock(zone: &jscalendar::TimeZoneId, utc: bool, out: &Out<'_, '_>) -> Clock {
    Clock::of_id(zone, if utc { Form::Utc } else { Form::Local }, out.cx.zones)
}

/// Whether the entry is written in dates: it is shown without time, has no zone, and nowhere a time of day.
fn is_dates(source: &Source<'_>) -> bool {
    let common = source.common;
    // A recurrence id in a zone of its own has a form of its own.
    let recurrence_id = common.recurrence_id.filter(|_| common.recurrence_id_time_zone.is_none());
    let midnights = [source.start, source.due, recurrence_id];
    let whole = |duration: jscalendar::Duration| !duration.has_time_part() || duration.is_zero();
    let until = common.recurrence_rule.as_ref().and_then(|rule| rule.until);
    *common.show_without_time == Some(true)
        && !source.hatch.came_from("showWithoutTime", "show-without-time")
        && (source.start.is_some() || source.due.is_some())
        && midnights.into_iter().flatten().chain(until).all(|local| local.is_midnight())
        && source.duration.is_none_or(whole)
        && common.recurrence_overrides.keys().all(|key| key.is_midnight())
}

/// Takes over the TZID of the source where it still names the entry's zone; everything that is in this zone is then
/// written with it.
fn adopt_tzid(source: &mut Source<'_>, out: &mut Out<'_, '_>) {
    let (path, name, local) = match (source.start, source.due) {
        (Some(start), _) => ("start", "DTSTART", start),
        (None, Some(due)) => ("due", "DUE", due),
        (None, None) => return,
    };
    let Some(tzid) = source.hatch.hint(path).and_then(|hint| hint.param("tzid")) else { return };
    if source.clock.form == Some(Form::Date) || out.cx.mode == Mode::Clean {
        return;
    }
    let resolved = out.cx.zones.resolve(tzid, source.span);
    let adopted =
        Clock { form: Some(Form::Local), zone: Some(Zone { tzid: Some(tzid.into()), resolved }) };
    let [plain, hinted] = [&source.clock, &adopted].map(|clock| time::time(name, local, clock));
    if out.mean_the_same(source, &plain, &hinted) {
        source.clock = adopted;
    } else {
        out.cx.stale.insert(tzid.to_owned());
    }
}

impl crate::hatch::Hatch<'_> {
    /// Says what is lost in `clean` mode.
    pub(crate) fn report_losses(&self, diagnostics: &mut Diagnostics) {
        self.each_loss(|property, position, what| {
            diagnostics.push_with(|| {
                let diagnostic = Diagnostic::new(
                    "lost",
                    Severity::Warning,
                    format!("{what} has no counterpart"),
                )
                .property(property.to_ascii_uppercase());
                match position {
                    Some(position) => diagnostic.at_line(position.line, position.column),
                    None => diagnostic,
                }
            });
        });
    }
}
