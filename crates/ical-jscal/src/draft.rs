//! What an import works on: the object that is being made, and what it needs to know.

use std::borrow::Cow;

use content_line::{Line, Param};
use jscalendar::{
    Diagnostic, Diagnostics, Duration, Event, Id, Link, LocalDateTime, Location, Method,
    Participant, PatchObject, Progress, Severity, TimeZoneId, Version, VirtualLocation,
};

use crate::Mode;
use crate::allowance::Allowance;
use crate::hatch::Hatch;
use crate::jcal::ValueType;
use crate::time_zone::{Resolved, Zones};
use crate::value::{Form, Moment};

/// What all entries of one calendar share during an import.
pub(crate) struct Context<'c> {
    pub(crate) version: Version,
    pub(crate) mode: Mode,
    pub(crate) now: Option<jscalendar::UtcDateTime>,
    pub(crate) zones: &'c Zones,
    pub(crate) method: Option<Method>,
    pub(crate) diagnostics: &'c mut Diagnostics,
    /// What may still be spent on occurrences.
    pub(crate) allowance: &'c mut Allowance,
}

impl Context<'_> {
    /// Whether the target is JSCalendar 1.0.
    pub(crate) fn is_v1(&self) -> bool {
        self.version == Version::V1_0
    }

    pub(crate) fn report(
        &mut self,
        line: &Line<'_>,
        severity: Severity,
        code: &'static str,
        message: impl FnOnce() -> String,
    ) {
        self.diagnostics.push_with(|| {
            let position = line.position();
            Diagnostic::new(code, severity, message())
                .property(line.name().to_ascii_uppercase())
                .at_line(position.line, position.column)
        });
    }
}

/// Which kind of component an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Event,
    Task,
}

impl Kind {
    /// The component, in lower case.
    pub(crate) fn component(self) -> &'static str {
        match self {
            Self::Event => "vevent",
            Self::Task => "vtodo",
        }
    }
}

/// An entry that is being made from a component.
///
/// Tasks are made in the fields of an event as well and moved at the end: what the two share is almost everything.
pub(crate) struct Draft<'a> {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    pub(crate) entry: Event,
    pub(crate) task: TaskFields,
    /// The form and zone that the entry's times have.
    pub(crate) clock: Clock,
    /// The recurrence id: the start of the occurrence in the zone of the series.
    pub(crate) occurrence: Option<Occurrence>,
    pub(crate) hatch: Hatch<'a>,
    // Maps are collected first and sorted once at the end.
    pub(crate) links: Vec<Keyed<'a, Link>>,
    pub(crate) locations: Vec<Keyed<'a, Location>>,
    pub(crate) virtual_locations: Vec<Keyed<'a, VirtualLocation>>,
    pub(crate) participants: Vec<Keyed<'a, Participant>>,
    pub(crate) alarms: crate::property::alarm::Seen<'a>,
    pub(crate) overrides: Vec<(LocalDateTime, PatchObject)>,
    pub(crate) keywords: Vec<String>,
    /// The first line of them: what its parameters say holds for all that do not say something else.
    pub(crate) keyword_line: Option<&'a Line<'a>>,
    pub(crate) categories: Vec<String>,
    pub(crate) related_to: crate::property::relation::Relations<'a>,
    // What can be said only when all lines are read.
    pub(crate) times: crate::property::time::Lines<'a>,
    /// Whether the start was taken from the recurrence id, as the component has none.
    pub(crate) starts_at_id: bool,
    pub(crate) occurrence_line: Option<&'a Line<'a>>,
    pub(crate) dates: crate::property::recurrence::Dates<'a>,
    /// The lines and values that `overrides` came from, in the order of their keys.
    pub(crate) date_lines: Vec<(LocalDateTime, &'a Line<'a>, &'a str)>,
    pub(crate) described_by: Option<&'a Line<'a>>,
    pub(crate) places: crate::property::place::Seen<'a>,
    pub(crate) people: crate::property::people::Seen<'a>,
    pub(crate) jsprops: Vec<&'a Line<'a>>,
    pub(crate) has_last_modified: bool,
}

/// What only tasks have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TaskFields {
    pub(crate) due: Option<LocalDateTime>,
    pub(crate) estimated_duration: Option<Duration>,
    pub(crate) percent_complete: Option<u64>,
    pub(crate) progress: Option<Progress>,
}

/// An element of a map before the keys are known to be different, with the hints that will name its key.
pub(crate) struct Keyed<'a, T> {
    pub(crate) key: Id,
    pub(crate) value: T,
    /// Hints whose path lacks the `map/key/` at its beginning.
    pub(crate) hints: Vec<crate::hatch::Hint<'a>>,
    /// The line whose JSID is the key; none if the key was made.
    pub(crate) named_by: Option<&'a Line<'a>>,
}

impl<'a, T> Keyed<'a, T> {
    pub(crate) fn new(key: Id, value: T) -> Self {
        Self { key, value, hints: Vec::new(), named_by: None }
    }

    /// An element of `line`, which has the key `jsid` or one that is made of its value.
    pub(crate) fn of_line(line: &'a Line<'a>, jsid: Option<Cow<'_, str>>, value: T) -> Self {
        match jsid {
            Some(jsid) => {
                Self { named_by: Some(line), ..Self::new(Id::from(jsid.into_owned()), value) }
            }
            None => Self::new(crate::key::from_value(line.value()), value),
        }
    }
}

/// What a [`Keyed`] has beside its key.
type Rest<'a, T> = (T, Vec<crate::hatch::Hint<'a>>, Option<&'a Line<'a>>);

/// Sorts elements into a map, with keys that are all different; their hints go to `hatch` under their final paths.
pub(crate) fn collect<'a, T>(
    elements: Vec<Keyed<'a, T>>,
    member: &str,
    hatch: &mut Hatch<'a>,
    diagnostics: &mut Diagnostics,
) -> jscalendar::Map<Id, T> {
    if elements.is_empty() {
        return jscalendar::Map::new();
    }
    let mut elements: Vec<(Id, Rest<'a, T>)> = elements
        .into_iter()
        .map(|element| (element.key, (element.value, element.hints, element.named_by)))
        .collect();
    crate::key::make_unique(&mut elements);
    elements
        .into_iter()
        .map(|(key, (value, hints, named_by))| {
            if let Some(line) = named_by {
                report_new_key(line, &key, diagnostics);
            }
            for mut hint in hints {
                let escaped = jscalendar::json_model::pointer::escape(key.as_str());
                hint.path = format!("{member}/{escaped}/{}", hint.path).into();
                hatch.hint(hint);
            }
            (key, value)
        })
        .collect()
}

/// Says so if the key of an element is not the JSID of its line, because another element has that.
fn report_new_key(line: &Line<'_>, key: &Id, diagnostics: &mut Diagnostics) {
    let Some(jsid) = line.param("JSID") else { return };
    let jsid = jsid.value();
    if jsid == key.as_str() {
        return;
    }
    diagnostics.push_with(|| {
        let message = format!("there is another JSID {jsid:?}; this one is {:?} now", key.as_str());
        let position = line.position();
        Diagnostic::new("duplicate-jsid", Severity::Warning, message)
            .property(line.name().to_ascii_uppercase())
            .at_line(position.line, position.column)
    });
}

/// The form of an entry's times, and the zone they are in.
#[derive(Clone, Default)]
pub(crate) struct Clock {
    pub(crate) form: Option<Form>,
    pub(crate) zone: Option<Zone>,
}

/// A zone that a `TZID` names, or UTC.
#[derive(Clone)]
pub(crate) struct Zone {
    /// The `TZID` as written; none for times that end in `Z`.
    pub(crate) tzid: Option<Box<str>>,
    pub(crate) resolved: Resolved,
}

impl Clock {
    /// The clock of an IANA zone, as export writes it: UTC times end in `Z` where `form` is [`Form::Utc`].
    pub(crate) fn of_id(id: &TimeZoneId, form: Form, zones: &Zones) -> Self {
        if form == Form::Utc {
            return Self {
                form: Some(form),
                zone: Some(Zone { tzid: None, resolved: Resolved::utc() }),
            };
        }
        // The names of zones that an object of 1.0 brings along begin with a slash, which is no part of the TZID.
        let tzid = if id.is_custom() { id.as_str().trim_start_matches('/') } else { id.as_str() };
        let mut resolved = zones.resolve(tzid, Span::wide());
        resolved.id = Some(id.clone());
        Self { form: Some(form), zone: Some(Zone { tzid: Some(tzid.into()), resolved }) }
    }

    /// The member `timeZone`.
    pub(crate) fn id(&self) -> Option<&TimeZoneId> {
        self.zone.as_ref()?.resolved.id.as_ref()
    }

    /// The rules for arithmetic; none for floating times and zones that nobody knows.
    pub(crate) fn rules(&self) -> Option<&dyn jscalendar::Zone> {
        let rules = self.zone.as_ref()?.resolved.rules.as_ref()?;
        Some(rules)
    }

    /// Whether the two clocks are in the same zone, as far as text and resolution say.
    pub(crate) fn same_zone(&self, other: &Self) -> bool {
        match (&self.zone, &other.zone) {
            (None, None) => true,
            (Some(one), Some(two)) => {
                one.tzid == two.tzid
                    || (one.resolved.id.is_some() && one.resolved.id == two.resolved.id)
            }
            _ => false,
        }
    }

    /// What this clock shows when `other` shows `local`. Where one of them floats, it is the same.
    pub(crate) fn convert(&self, local: LocalDateTime, other: &Self) -> LocalDateTime {
        if self.same_zone(other) {
            return local;
        }
        match (self.rules(), other.rules()) {
            (Some(here), Some(there)) => here.local_at(there.instant_of(local)).unwrap_or(local),
            _ => local,
        }
    }
}

/// A time with the clock it was read from.
#[derive(Clone)]
pub(crate) struct Timed {
    pub(crate) local: LocalDateTime,
    pub(crate) clock: Clock,
}

/// Which occurrence an override or a stand-alone instance is for.
#[derive(Clone)]
pub(crate) struct Occurrence {
    pub(crate) id: Timed,
}

/// From the first to the last time that an object uses, for the check of guessed zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: LocalDateTime,
    pub(crate) to: LocalDateTime,
}

impl Span {
    /// How many years a rule without an end is looked at: zones that agree for so long will go on to.
    const AHEAD: u16 = 10;
    /// How many years a rule is looked at in any case.
    const FARTHEST: u16 = 40;

    /// One moment.
    pub(crate) fn at(local: LocalDateTime) -> Self {
        Self { from: local, to: local }
    }

    /// The years that calendars mostly speak of.
    pub(crate) fn wide() -> Self {
        Self { to: years_after(Self::default().to, 67), ..Self::default() }
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    /// The span of some times, and of a rule that begins with the first of them and has an end or none.
    pub(crate) fn of_times(
        times: impl Iterator<Item = LocalDateTime>,
        rule: Option<Option<LocalDateTime>>,
    ) -> Self {
        let times = times.map(Self::at).reduce(Self::union).unwrap_or_default();
        let Some(until) = rule else { return times };
        let end = until.unwrap_or_else(|| years_after(times.from, Self::AHEAD));
        let farthest = times.to.max(years_after(times.from, Self::FARTHEST));
        Self { from: times.from, to: end.clamp(times.to, farthest) }
    }

    /// The first and the last year.
    pub(crate) fn years(self) -> (i16, i16) {
        let year = |local: LocalDateTime| i16::try_from(local.year()).unwrap_or(i16::MAX);
        (year(self.from), year(self.to))
    }
}

impl Default for Span {
    fn default() -> Self {
        Self::at(LocalDateTime::new(1970, 1, 1, 0, 0, 0).unwrap_or(LocalDateTime::MIN))
    }
}

fn years_after(local: LocalDateTime, years: u16) -> LocalDateTime {
    let year = local.year().saturating_add(years).min(9999);
    LocalDateTime::new(year, 12, 31, 23, 59, 59).unwrap_or(local)
}

/// The parameters of `line` that `take` does not take: they are left for a hint. A `VALUE` that names a type is always
/// taken; whoever needs it says so.
pub(crate) fn leftovers<'a>(
    line: &'a Line<'_>,
    mut take: impl FnMut(&Param<'a>) -> bool,
) -> Vec<Param<'a>> {
    if !line.has_params() {
        return Vec::new();
    }
    let said = |param: &Param<'_>| param.is("VALUE") && ValueType::parse(&param.value()).is_some();
    line.params().filter(|param| !said(param) && !take(param)).collect()
}

impl<'a> Draft<'a> {
    pub(crate) fn new(kind: Kind, span: Span) -> Self {
        Self {
            kind,
            span,
            entry: Event::default(),
            task: TaskFields::default(),
            clock: Clock::default(),
            occurrence: None,
            hatch: Hatch::default(),
            links: Vec::new(),
            locations: Vec::new(),
            virtual_locations: Vec::new(),
            participants: Vec::new(),
            alarms: Default::default(),
            overrides: Vec::new(),
            keywords: Vec::new(),
            keyword_line: None,
            categories: Vec::new(),
            related_to: Default::default(),
            times: Default::default(),
            starts_at_id: false,
            occurrence_line: None,
            dates: Default::default(),
            date_lines: Vec::new(),
            described_by: None,
            places: Default::default(),
            people: Default::default(),
            jsprops: Vec::new(),
            has_last_modified: false,
        }
    }

    /// Keeps a property whose value cannot be read, and says so.
    pub(crate) fn refuse(
        &mut self,
        line: &'a Line<'a>,
        cx: &mut Context<'_>,
        message: &'static str,
    ) {
        cx.report(line, Severity::Warning, "invalid-value", || format!("{message}; kept as it is"));
        self.hatch.keep(line);
    }
}

/// The clock that a moment is read from, given its `TZID` parameter.
pub(crate) fn clock_of(moment: Moment, tzid: Option<&str>, span: Span, zones: &Zones) -> Clock {
    match (moment.form, tzid) {
        (Form::Date, _) => Clock { form: Some(Form::Date), zone: None },
        (Form::Utc, None) => Clock {
            form: Some(Form::Utc),
            zone: Some(Zone { tzid: None, resolved: Resolved::utc() }),
        },
        (form, Some(tzid)) => {
            let resolved = zones.resolve(tzid, span);
            Clock { form: Some(form), zone: Some(Zone { tzid: Some(tzid.into()), resolved }) }
        }
        (form, None) => Clock { form: Some(form), zone: None },
    }
}
