//! What an export works on: the object that is written, and the lines that come of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use content_line::{Line, LineWriter, Position, Written, escape_text_into};
use jscalendar::json_model::pointer;
use jscalendar::{
    CommonRef, Diagnostic, Diagnostics, Duration, Event, EventStatus, Json, LocalDateTime, Map,
    Progress, Severity, Task, TimeZoneId,
};

use crate::Mode;
use crate::allowance::Allowance;
use crate::draft::{Clock, Kind, Span};
use crate::hatch::{KeptHatch, KeptHint};
use crate::jcal::{JcalComponent, JcalProperty, ValueType};
use crate::time_zone::Zones;
use crate::value::Moment;

/// What all entries of one calendar share during an export.
pub(crate) struct ExportContext<'c> {
    pub(crate) mode: Mode,
    /// Whether the object says that it follows version 2.0, which reserves names that 1.0 gives a meaning.
    pub(crate) is_v2: bool,
    pub(crate) now: Option<jscalendar::UtcDateTime>,
    /// The calendar address that mail reminders go to.
    pub(crate) email_attendee: Option<&'c str>,
    pub(crate) zones: &'c Zones,
    pub(crate) diagnostics: &'c mut Diagnostics,
    /// What may still be spent on occurrences.
    pub(crate) allowance: &'c mut Allowance,
    /// The zones that the lines name, with the times they are used at.
    pub(crate) used: BTreeMap<String, (Option<TimeZoneId>, Span)>,
    /// The zones that hints name which no longer hold.
    pub(crate) stale: BTreeSet<String>,
    /// The properties of the component at hand whose text is what it was when it came from iCalendar.
    pub(crate) unchanged: Vec<String>,
    /// Where the object that is being written stands in the document.
    pub(crate) pointer: String,
    /// Where the override stands whose occurrence is being written.
    pub(crate) occurrence: Option<String>,
}

impl ExportContext<'_> {
    pub(crate) fn is_lossless(&self) -> bool {
        self.mode != Mode::Clean
    }

    /// Reports something about the member at `path`, relative to the entry that is being written.
    pub(crate) fn report(
        &mut self,
        path: &str,
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
    ) {
        // The document has no pointer to what an occurrence inherits.
        let (base, occurrence) = (&self.pointer, &self.occurrence);
        let place = || occurrence.clone().unwrap_or_else(|| place(base, path));
        self.diagnostics.push_with(|| {
            let member = pointer::tokens(path).next().unwrap_or_default().into_owned();
            Diagnostic::new(code, severity, message).property(member).at_pointer(place())
        });
    }

    /// The pointer to the member at `path`, relative to the object that is being written.
    pub(crate) fn place(&self, path: &str) -> String {
        place(&self.pointer, path)
    }

    /// Notes that a line names a zone.
    pub(crate) fn uses_zone(&mut self, tzid: &str, id: Option<&TimeZoneId>, span: Span) {
        match self.used.get_mut(tzid) {
            Some((_, used)) => *used = used.union(span),
            None => drop(self.used.insert(tzid.to_owned(), (id.cloned(), span))),
        }
    }
}

fn place(base: &str, path: &str) -> String {
    let separator = if base.is_empty() || path.is_empty() { "" } else { "/" };
    format!("{base}{separator}{path}")
}

/// An entry to be written: the fields of an event or a task.
pub(crate) struct Source<'e> {
    pub(crate) kind: Kind,
    pub(crate) common: CommonRef<'e>,
    pub(crate) start: Option<LocalDateTime>,
    pub(crate) duration: Option<Duration>,
    pub(crate) end_time_zone: Option<&'e TimeZoneId>,
    pub(crate) status: Option<&'e EventStatus>,
    pub(crate) due: Option<LocalDateTime>,
    pub(crate) estimated_duration: Option<Duration>,
    pub(crate) percent_complete: Option<u64>,
    pub(crate) progress: Option<&'e Progress>,
    pub(crate) hatch: KeptHatch<'e>,
    /// The form and zone that the entry's own times are written in.
    pub(crate) clock: Clock,
    /// The form and zone of the series, for recurrence ids; the same as `clock` except in overrides.
    pub(crate) series: Clock,
    /// From the first to the last time of the entry.
    pub(crate) span: Span,
    /// Whether it is an occurrence beside its series, whose zone is then that of the recurrence id.
    pub(crate) is_override: bool,
    /// Whether the start is that of the recurrence id and came from it, so that it is not written.
    pub(crate) start_is_id: bool,
    /// Whether the end is that of the series and came from it, so that it is not written.
    pub(crate) end_is_inherited: bool,
    /// The overrides that are too much to be written as components.
    pub(crate) excessive: BTreeSet<LocalDateTime>,
}

impl<'e> Source<'e> {
    pub(crate) fn of_event(event: &'e Event) -> Self {
        use jscalendar::Common;
        Self {
            start: event.start,
            duration: event.duration,
            end_time_zone: event.end_time_zone.as_ref(),
            status: event.status.as_ref(),
            ..Self::new(Kind::Event, event.common())
        }
    }

    pub(crate) fn of_task(task: &'e Task) -> Self {
        use jscalendar::Common;
        Self {
            start: task.start,
            due: task.due,
            estimated_duration: task.estimated_duration,
            percent_complete: task.percent_complete,
            progress: task.progress.as_ref(),
            ..Self::new(Kind::Task, task.common())
        }
    }

    fn new(kind: Kind, common: CommonRef<'e>) -> Self {
        Self {
            kind,
            common,
            start: None,
            duration: None,
            end_time_zone: None,
            status: None,
            due: None,
            estimated_duration: None,
            percent_complete: None,
            progress: None,
            hatch: KeptHatch::read(common.i_calendar.as_ref()),
            clock: Clock::default(),
            series: Clock::default(),
            span: Span::default(),
            is_override: false,
            start_is_id: false,
            end_is_inherited: false,
            excessive: BTreeSet::new(),
        }
    }
}

/// A property on its way out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing<'v> {
    pub(crate) name: Cow<'v, str>,
    pub(crate) params: Vec<(Cow<'v, str>, Vec<Cow<'v, str>>)>,
    /// The value as it stands in the line, escaped already if it is a text.
    pub(crate) value: Cow<'v, str>,
}

impl<'v> Outgoing<'v> {
    /// A property with a value that is written as it is.
    pub(crate) fn raw(name: &'v str, value: impl Into<Cow<'v, str>>) -> Self {
        Self { name: Cow::Borrowed(name), params: Vec::new(), value: value.into() }
    }

    /// A property with a TEXT value.
    pub(crate) fn text(name: &'v str, text: &'v str) -> Self {
        if !text.contains(['\\', ';', ',', '\n', '\r']) {
            return Self::raw(name, text);
        }
        let mut value = String::with_capacity(text.len() + 8);
        escape_text_into(&mut value, text);
        Self::raw(name, value)
    }

    pub(crate) fn param(mut self, name: &'v str, value: impl Into<Cow<'v, str>>) -> Self {
        self.params.push((Cow::Borrowed(name), vec![value.into()]));
        self
    }

    pub(crate) fn param_opt(self, name: &'v str, value: Option<impl Into<Cow<'v, str>>>) -> Self {
        match value {
            Some(value) => self.param(name, value),
            None => self,
        }
    }

    pub(crate) fn param_list(mut self, name: &'v str, values: Vec<Cow<'v, str>>) -> Self {
        if !values.is_empty() {
            self.params.push((Cow::Borrowed(name), values));
        }
        self
    }

    /// What the property looks like with all that `hint` says.
    pub(crate) fn with_hint(&self, hint: &KeptHint<'v>) -> Self {
        let mut hinted = self.clone();
        if let Some(raw) = &hint.raw {
            hinted.value = raw.clone();
        }
        if let Some(value_type) = &hint.value_type {
            let date_time = Some(ValueType::DateTime);
            if date_time == ValueType::parse(value_type)
                && date_time == Some(ValueType::default_of(&self.name))
            {
                // Where there is a choice between dates and times, times are what is meant without a word.
                hinted.params.retain(|(name, _)| !name.eq_ignore_ascii_case("VALUE"));
            } else {
                let all = hinted.params.len();
                hinted.set(all, "VALUE", vec![Cow::Owned(value_type.to_ascii_uppercase())]);
            }
        }
        let own = hinted.params.len();
        for (name, values) in &hint.params {
            hinted.set(own, &name.to_ascii_uppercase(), values.clone());
        }
        hinted
    }

    /// Sets a parameter; only the first `own` ones can be there already.
    fn set(&mut self, own: usize, name: &str, values: Vec<Cow<'v, str>>) {
        let known = &mut self.params[..own];
        match known.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
            Some((_, old)) => *old = values,
            None => self.params.push((Cow::Owned(name.to_owned()), values)),
        }
    }

    pub(crate) fn write(&self, writer: &mut LineWriter) -> Written {
        // jCal keeps the group of a line as a parameter (RFC 7095, section 3.3.1.2).
        let group = self
            .params
            .iter()
            .find(|(name, _)| name == GROUP)
            .and_then(|(_, values)| values.first());
        let mut line = match group {
            Some(group) => writer.grouped(group, &self.name),
            None => writer.name(&self.name),
        };
        for (name, values) in self.params.iter().filter(|(name, _)| name != GROUP) {
            line = match values.as_slice() {
                // The conversion draft wants its pointers quoted always.
                [value] if name.eq_ignore_ascii_case("JSPTR") => line.param_quoted(name, value),
                [value] => line.param(name, value),
                values => line.param_values(name, values),
            };
        }
        line.value_raw(&self.value)
    }
}

const GROUP: &str = "GROUP";

/// Parameters that a mapped property gives a meaning to: a hint that has one of them has to prove itself.
const MEANINGFUL: &[&str] = &[
    "TZID",
    "VALUE",
    "LANGUAGE",
    "RELTYPE",
    "CN",
    "CUTYPE",
    "DELEGATED-FROM",
    "DELEGATED-TO",
    "EMAIL",
    "MEMBER",
    "PARTSTAT",
    "ROLE",
    "RSVP",
    "SENT-BY",
    "DISPLAY",
    "FMTTYPE",
    "FILENAME",
    "LABEL",
    "SIZE",
    "LINKREL",
    "FEATURE",
    "RELATED",
    "DERIVED",
    "JSID",
    "ENCODING",
    "SCHEDULE-AGENT",
    "SCHEDULE-FORCE-SEND",
    "SCHEDULE-STATUS",
];

/// Properties whose LANGUAGE no member says.
const WITHOUT_LANGUAGE: &[&str] = &["CATEGORIES", "DESCRIPTION", "LOCATION"];

/// The lines of one component, and how to write more of them.
pub(crate) struct Out<'o, 'c> {
    pub(crate) writer: &'o mut LineWriter,
    pub(crate) cx: &'o mut ExportContext<'c>,
}

impl Out<'_, '_> {
    /// Writes a property for the member `path`, with what the hint for it says if that still holds.
    ///
    /// This is the one place that decides about hints: one counts only if importing the line alone gives, with it and
    /// without it, the same. So what somebody edited shows, whatever the hatch says. Of a hint that no longer holds,
    /// those parameters are used that do.
    pub(crate) fn property(
        &mut self,
        source: &Source<'_>,
        hatch: &KeptHatch<'_>,
        plain: &Outgoing<'_>,
        path: impl FnOnce() -> String,
    ) {
        if hatch.hints.is_empty() || self.cx.mode == Mode::Clean {
            self.line(plain);
            return;
        }
        let path = path();
        let Some(hint) = hatch.hint(&path).filter(|hint| hint.is_about(&plain.name)) else {
            self.line(plain);
            return;
        };
        let hinted = plain.with_hint(hint);
        if is_harmless(hint, &plain.name)
            || hinted == *plain
            || self.mean_the_same(source, plain, &hinted)
        {
            self.line(&hinted);
            self.cx.unchanged.extend(hint.raw.is_some().then(|| hinted.name.into_owned()));
            return;
        }
        self.cx.stale.extend(hint.param("tzid").map(str::to_owned));
        self.cx.report(
            &path,
            Severity::Note,
            "stale-hint",
            "what iCalendar said of it no longer holds; not used",
        );
        let property = self.with_true_params(source, plain, hint);
        self.line(&property);
    }

    /// The property with those parameters of a hint that still hold, each judged by itself.
    fn with_true_params<'v>(
        &self,
        source: &Source<'_>,
        plain: &Outgoing<'v>,
        hint: &KeptHint<'v>,
    ) -> Outgoing<'v> {
        let of = |params: Vec<_>| KeptHint { params, ..KeptHint::default() };
        // Only these need a judgement, and a name counts once: there may be very many others.
        let mut judged = plain.clone();
        let mut refused = Vec::new();
        for name in MEANINGFUL {
            let is_it = |(other, values): &&(Cow<'_, str>, Vec<_>)| {
                other.eq_ignore_ascii_case(name) && !values.is_empty()
            };
            let Some(param) = hint.params.iter().rfind(is_it) else { continue };
            let alone = of(vec![param.clone()]);
            let hinted = judged.with_hint(&alone);
            if is_harmless(&alone, &plain.name) || self.mean_the_same(source, plain, &hinted) {
                judged = hinted;
            } else {
                refused.push(*name);
            }
        }
        // That a parameter was absent is about the value as it was.
        let holds = |(name, values): &&(Cow<'_, str>, Vec<_>)| {
            !values.is_empty() && !refused.iter().any(|other| other.eq_ignore_ascii_case(name))
        };
        plain.with_hint(&of(hint.params.iter().filter(holds).cloned().collect()))
    }

    /// Writes a line that no hint is about.
    pub(crate) fn line(&mut self, property: &Outgoing<'_>) {
        if let Some((_, values)) =
            property.params.iter().find(|(name, _)| name.eq_ignore_ascii_case("TZID"))
        {
            let tzid = values.first().map_or("", |tzid| tzid.as_ref());
            let span = span_of(&property.value);
            let id = self.cx.zones.resolve(tzid, span).id;
            self.cx.uses_zone(tzid, id.as_ref(), span);
        }
        property.write(self.writer);
    }

    pub(crate) fn mean_the_same(
        &self,
        source: &Source<'_>,
        plain: &Outgoing<'_>,
        hinted: &Outgoing<'_>,
    ) -> bool {
        let mut texts = [plain, hinted].map(|property| {
            let mut writer = LineWriter::new();
            property.write(&mut writer);
            writer.into_string()
        });
        let [plain, hinted] = &mut texts;
        let (Ok(plain), Ok(hinted)) = (
            Line::parse(plain.as_bytes(), Position::START),
            Line::parse(hinted.as_bytes(), Position::START),
        ) else {
            return false;
        };
        crate::property::meaning(&plain, source, self.cx.zones)
            == crate::property::meaning(&hinted, source, self.cx.zones)
    }

    /// Writes a property of the hatch as it is.
    pub(crate) fn kept(&mut self, property: &JcalProperty<'_>) {
        if !is_name(&property.name) {
            let message =
                "a property with a name that no content line has, or that bounds a component";
            self.cx.report("iCalendar", Severity::Warning, "bad-hatch", message);
            return;
        }
        let mut outgoing = Outgoing::raw(&property.name, Cow::Borrowed(property.value.as_str()));
        outgoing.name = Cow::Owned(property.name.to_ascii_uppercase());
        for (name, values) in &property.params {
            outgoing.params.push((Cow::Owned(name.to_ascii_uppercase()), values.clone()));
        }
        if let Some(value_type) = &property.value_type {
            outgoing
                .params
                .push((Cow::Borrowed("VALUE"), vec![Cow::Owned(value_type.to_ascii_uppercase())]));
        }
        self.line(&outgoing);
    }

    /// Writes a component of the hatch as it is.
    pub(crate) fn kept_component(&mut self, component: &JcalComponent<'_>) {
        let name = component.name.to_ascii_uppercase();
        self.writer.begin(&name);
        for property in &component.properties {
            self.kept(property);
        }
        for child in &component.components {
            self.kept_component(child);
        }
        self.writer.end(&name);
    }

    /// Writes a member that iCalendar has no word for, as `JSPROP`; in `clean` mode it is lost and reported.
    pub(crate) fn jsprop(&mut self, path: &str, json: &Json) {
        if json.is_null() {
            return;
        }
        if !self.cx.is_lossless() {
            self.cx.report(path, Severity::Error, "lost", "iCalendar has no counterpart for it");
            return;
        }
        // A parameter has an escape for the line feed, and for no other control character.
        if path.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            self.cx.report(path, Severity::Error, "lost", "a name that no content line can hold");
            return;
        }
        let line = self.writer.name("JSPROP").param_quoted("JSPTR", path);
        // JSON escapes all control characters but this one, which has no place in a content line.
        match json.as_str().contains('\x7f') {
            true => line.value_text(&json.as_str().replace('\x7f', "\\u007f")),
            false => line.value_text(json.as_str()),
        };
    }

    /// Writes the unknown members of an object, whose pointer (relative to the component) is `base`.
    pub(crate) fn extra(&mut self, base: &str, extra: &Map<String, Json>) {
        for (name, json) in extra {
            // An entry that was kept aside has its own pointer as its name already.
            let mut path = base.to_owned();
            if is_entry(name) {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(name);
            } else {
                pointer::push(&mut path, name);
            }
            self.jsprop(&path, json);
        }
    }
}

/// Whether a property can have this name. The writer leaves out letters that no name has; what is left must not mean
/// something that it did not mean before.
fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_extension = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    let is_bound = ["begin", "end"].iter().any(|bound| bound.eq_ignore_ascii_case(name));
    is_extension || (!is_bound && name.bytes().all(letter))
}

/// Whether a name in `extra` is a pointer to an entry of a map, or stands for a name that only looks like one.
fn is_entry(name: &str) -> bool {
    name.split_once(['/', '~'])
        .is_some_and(|(map, _)| crate::property::extension::MAPS.contains(&map))
}

/// Whether a hint for this property has only parameters that nobody reads.
fn is_harmless(hint: &KeptHint<'_>, property: &str) -> bool {
    let says_language = !WITHOUT_LANGUAGE.contains(&property);
    let meaningful = |name: &str| {
        MEANINGFUL.iter().any(|other| other.eq_ignore_ascii_case(name))
            && (says_language || !name.eq_ignore_ascii_case("LANGUAGE"))
    };
    hint.raw.is_none()
        && hint.value_type.is_none()
        && !hint.params.iter().any(|(name, _)| meaningful(name))
}

/// From the first to the last of the times in a value.
fn span_of(value: &str) -> Span {
    let times = value.split([',', '/']).filter_map(Moment::parse);
    Span::of_times(times.map(|moment| moment.local), None)
}
