//! Recurrence: RRULE, EXRULE, RDATE, EXDATE.

mod rule;

use std::borrow::Cow;

use content_line::{Line, LineWriter};
use jscalendar::{
    Duration, Json, LocalDateTime, Map, Membership, PatchObject, RecurrenceRule, Severity,
    SignedDuration,
};

pub(crate) use self::rule::{parse, write};
use crate::draft::{Clock, Context, Draft, Span, leftovers};
use crate::hatch::Hint;
use crate::out::{Out, Outgoing, Source};
use crate::property::time::{make_time_hint, time, timed};
use crate::value::{Form, Moment, parse_duration, write_duration};

/// The dates of a series that its lines add and take away.
#[derive(Default)]
pub(crate) struct Dates<'a> {
    list: Vec<Date<'a>>,
}

struct Date<'a> {
    key: LocalDateTime,
    kind: DateKind,
    line: &'a Line<'a>,
    /// The value in the line.
    value: &'a str,
    hint: Option<Hint<'a>>,
}

#[derive(Clone, PartialEq)]
enum DateKind {
    Excluded,
    Added,
    Period(Duration),
}

/// RRULE (RFC 5545, section 3.8.5.3) to `recurrenceRule`; further ones stay in the hatch, in 1.0 they are rules too.
pub(crate) fn import_rrule<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    if let Some(message) = cannot_recur(draft) {
        return keep_of_none(line, message, draft, cx);
    }
    let rule = match parse(line.value(), &draft.clock) {
        Ok(rule) => rule,
        Err(message) => return draft.refuse(line, cx, message),
    };
    if draft.entry.recurrence_rule.is_some() {
        if cx.is_v1() && !line.has_params() {
            draft.entry.legacy.get_or_insert_default().recurrence_rules.push(rule);
        } else {
            draft.hatch.keep(line);
        }
        return;
    }
    if rule::has_date_until(line.value()) && draft.clock.form != Some(Form::Date) {
        cx.report(line, Severity::Warning, "until-date", || {
            "UNTIL is a date but the start is a date-time; read as midnight".to_owned()
        });
    }
    let mut hint = Hint::new("recurrenceRule", "rrule").params(leftovers(line, |_| false));
    let plain = write(&rule, &draft.clock);
    if plain.is_none_or(|plain| !rule::same_text(&plain, line.value())) {
        hint = hint.raw(line.value());
    }
    if hint.raw.is_some() || !hint.params.is_empty() {
        draft.hatch.hint(hint);
    }
    draft.entry.recurrence_rule = Some(Box::new(rule));
}

/// EXRULE (RFC 2445, section 4.8.5.2), which only 1.0 has a member for.
pub(crate) fn import_exrule<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &Context<'_>) {
    let rule = parse(line.value(), &draft.clock).ok();
    match rule.filter(|_| cx.is_v1() && !line.has_params() && cannot_recur(draft).is_none()) {
        Some(rule) => {
            draft.entry.legacy.get_or_insert_default().excluded_recurrence_rules.push(rule)
        }
        None => draft.hatch.keep(line),
    }
}

/// Why an entry cannot recur, if so: a task that has no start (JSCalendar 2.0, section 5.2), or an occurrence of a series
/// (section 4.3.1).
fn cannot_recur(draft: &Draft<'_>) -> Option<&'static str> {
    if draft.occurrence.is_some() {
        return Some("an occurrence cannot recur");
    }
    draft.entry.start.is_none().then_some("what has no start cannot recur")
}

/// Keeps a line about the recurrence of something that cannot recur.
fn keep_of_none<'a>(
    line: &'a Line<'a>,
    message: &str,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    cx.report(line, Severity::Warning, "rule", || format!("{message}; kept as it is"));
    draft.hatch.keep(line);
}

/// EXDATE (RFC 5545, section 3.8.5.1) to overrides that exclude.
pub(crate) fn import_exdate<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    import_dates(line, "exdate", draft, cx);
}

/// RDATE (RFC 5545, section 3.8.5.2) to overrides that add.
pub(crate) fn import_rdate<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    import_dates(line, "rdate", draft, cx);
}

fn import_dates<'a>(
    line: &'a Line<'a>,
    name: &'static str,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    if let Some(message) = cannot_recur(draft) {
        return keep_of_none(line, message, draft, cx);
    }
    let tzid = line.param("TZID").map(|param| param.value());
    for value in line.value().split(',').map(str::trim_ascii).filter(|value| !value.is_empty()) {
        match read_date(line, value, tzid.as_deref(), name, draft, cx) {
            Some(date) => draft.dates.list.push(date),
            None => keep_date(line, value, draft, cx),
        }
    }
}

fn read_date<'a>(
    line: &'a Line<'a>,
    value: &'a str,
    tzid: Option<&str>,
    name: &'static str,
    draft: &Draft<'a>,
    cx: &Context<'_>,
) -> Option<Date<'a>> {
    let (start, period) = match value.split_once('/') {
        Some((start, end)) if name == "rdate" => (start, Some(end)),
        _ => (value, None),
    };
    let moment = Moment::parse(start)?;
    let time = timed(moment, tzid, draft.span, cx)?;
    let series = &draft.clock;
    // A date in a series of times says nothing exact; the other way round midnight is a date.
    if moment.form == Form::Date && series.form != Some(Form::Date) {
        return None;
    }
    if moment.form != Form::Date && series.form == Some(Form::Date) && !time.local.is_midnight() {
        return None;
    }
    let key = series.convert(time.local, &time.clock);
    let back = time.clock.convert(key, series);
    if back != time.local && series.rules().is_some() {
        // The second pass of an hour that is repeated: no key stands for it.
        return None;
    }
    let kind = match period {
        None if name == "exdate" => DateKind::Excluded,
        None => DateKind::Added,
        Some(end) => DateKind::Period(period_length(&time, end, tzid, draft.span, cx)?),
    };
    let known = series.zone.as_ref().and_then(|zone| zone.tzid.as_deref());
    let path = || format!("recurrenceOverrides/{key}");
    let mut hint = make_time_hint(line, start, key, series, known, path, name);
    if let DateKind::Period(length) = kind {
        let mut period = hint.unwrap_or_else(|| Hint::new(path(), name)).value_type("period");
        if period.raw.is_some() || period.without_tzid || plain_period(key, length, series) != value
        {
            period = period.raw(value);
        }
        hint = Some(period);
    }
    Some(Date { key, kind, line, value, hint })
}

fn period_length(
    start: &crate::draft::Timed,
    end: &str,
    tzid: Option<&str>,
    span: Span,
    cx: &Context<'_>,
) -> Option<Duration> {
    if let Some(duration) = parse_duration(end) {
        return (!duration.is_negative()).then(|| duration.duration());
    }
    let end = timed(Moment::parse(end)?, tzid, span, cx)?;
    let seconds = match (start.clock.rules(), end.clock.rules()) {
        (Some(here), Some(there)) => there.instant_of(end.local) - here.instant_of(start.local),
        _ => {
            let seconds = |local| jscalendar::UtcDateTime::from_utc_clock(local).unix_seconds();
            seconds(end.local) - seconds(start.local)
        }
    };
    Duration::from_exact_seconds(u64::try_from(seconds).ok()?)
}

fn plain_period(key: LocalDateTime, length: Duration, clock: &Clock) -> String {
    let mut value = time("", key, clock).value.into_owned();
    value.push('/');
    write_duration(SignedDuration::positive(length), &mut value);
    value
}

/// Keeps one value of a list by itself.
fn keep_date<'a>(line: &'a Line<'a>, value: &str, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    cx.report(line, Severity::Warning, "invalid-value", || {
        format!("\"{value}\" is no time that the series can have; kept as it is")
    });
    keep_alone(line, value, draft);
}

/// Keeps one value of a list of dates as a line of its own.
pub(crate) fn keep_alone<'a>(line: &'a Line<'a>, value: &str, draft: &mut Draft<'a>) {
    if line.value() == value {
        draft.hatch.keep(line);
        return;
    }
    let mut writer = LineWriter::new();
    let mut single = writer.name(line.name());
    for param in line.params() {
        single = single.param_values(param.name(), param.values());
    }
    single.value_raw(value);
    if let Ok(single) = Line::parse(writer.as_str().as_bytes(), line.position()) {
        draft.hatch.keep_copy(&single);
    }
}

/// Turns the collected dates into overrides. What one instant is excluded and added by stays excluded (RFC 5545,
/// section 3.8.5.1); the RDATE is kept aside.
pub(crate) fn finish<'a>(draft: &mut Draft<'a>) {
    let mut dates = std::mem::take(&mut draft.dates.list);
    dates.sort_by(|a, b| {
        a.key
            .cmp(&b.key)
            .then_with(|| (b.kind == DateKind::Excluded).cmp(&(a.kind == DateKind::Excluded)))
    });
    let mut last: Option<(LocalDateTime, DateKind)> = None;
    for date in dates {
        match &last {
            Some((key, kind)) if *key == date.key => {
                if *kind != date.kind {
                    keep_alone(date.line, date.value, draft);
                }
                continue;
            }
            _ => {}
        }
        let mut patch = PatchObject::new();
        match &date.kind {
            DateKind::Excluded => drop(patch.set("excluded", true)),
            DateKind::Added => {}
            DateKind::Period(length) => drop(patch.set("duration", length.to_string().as_str())),
        }
        draft.overrides.push((date.key, patch));
        draft.date_lines.push((date.key, date.line, date.value));
        if let Some(hint) = date.hint {
            draft.hatch.hint(hint);
        }
        last = Some((date.key, date.kind));
    }
}

/// RRULE.
pub(crate) fn export_rule(source: &Source<'_>, out: &mut Out<'_, '_>) {
    if let Some(rule) = source.common.recurrence_rule {
        export_one(source, out, rule, "RRULE", || "recurrenceRule".to_owned());
    }
    let Some(legacy) = source.common.legacy else { return };
    for (at, rule) in legacy.recurrence_rules.iter().enumerate() {
        export_one(source, out, rule, "RRULE", || format!("recurrenceRules/{at}"));
    }
    for (at, rule) in legacy.excluded_recurrence_rules.iter().enumerate() {
        export_one(source, out, rule, "EXRULE", || format!("excludedRecurrenceRules/{at}"));
    }
}

fn export_one(
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
    rule: &RecurrenceRule,
    name: &'static str,
    path: impl Fn() -> String,
) {
    let invalid = source.common.recurrence_id.is_some();
    match write(rule, &source.clock).filter(|_| !invalid) {
        Some(value) => out.property(source, &source.hatch, &Outgoing::raw(name, value), path),
        None => {
            let path = path();
            let message = if invalid {
                "an occurrence cannot recur"
            } else {
                "no rule that iCalendar can say"
            };
            out.cx.report(&path, Severity::Warning, "rule", message);
            if let Ok(json) = Json::from_serialize(rule) {
                out.jsprop(&path, &json);
            }
        }
    }
}

/// What the overrides of a series are written as.
pub(crate) enum Override<'e> {
    /// An EXDATE.
    Excluded,
    /// An RDATE, with a length if it is a period.
    Added(Option<Duration>),
    /// A component of its own.
    Component(&'e PatchObject),
    /// What it is in JSCalendar: as a component it would be too much.
    Excessive(&'e PatchObject),
}

impl<'e> Override<'e> {
    pub(crate) fn of(key: LocalDateTime, patch: &'e PatchObject, source: &Source<'_>) -> Self {
        if patch.0.get("excluded").is_some_and(|value| value.as_str() == "true") {
            return Self::Excluded;
        }
        if source.excessive.contains(&key) {
            return Self::Excessive(patch);
        }
        let said = |(name, value): &(&String, &Json)| {
            name.as_str() != "excluded" || value.as_str() != "false"
        };
        let mut members = patch.0.iter().filter(said);
        match (members.next(), members.next()) {
            (None, _)
                if source
                    .hatch
                    .came_from(&format!("recurrenceOverrides/{key}"), "recurrence-id") =>
            {
                Self::Component(patch)
            }
            (None, _) => Self::Added(None),
            (Some((name, value)), None) if name == "duration" => {
                let length = value.to_text().and_then(|text| text.parse().ok());
                match length.filter(|_| is_period(source, key)) {
                    Some(length) => Self::Added(Some(length)),
                    None => Self::Component(patch),
                }
            }
            _ => Self::Component(patch),
        }
    }
}

/// Whether the override at `key` came from a period.
fn is_period(source: &Source<'_>, key: LocalDateTime) -> bool {
    let hint = source.hatch.hint(&format!("recurrenceOverrides/{key}"));
    hint.and_then(|hint| hint.value_type.as_deref()) == Some("period")
}

/// EXDATE and RDATE lines for the overrides that are no components, and RDATEs for components that the rule does not
/// generate.
pub(crate) fn export_dates(
    source: &Source<'_>,
    overrides: &Map<LocalDateTime, PatchObject>,
    out: &mut Out<'_, '_>,
) {
    let mut occurrences: Option<Occurrences> = None;
    for (key, patch) in overrides {
        let path = || format!("recurrenceOverrides/{key}");
        match Override::of(*key, patch, source) {
            Override::Excluded => {
                if patch.0.len() > 1 {
                    out.cx.report(
                        &path(),
                        Severity::Error,
                        "excluded",
                        "an excluded occurrence has no other members",
                    );
                }
                out.property(source, &source.hatch, &time("EXDATE", *key, &source.clock), path);
            }
            Override::Added(None) => {
                let property = time("RDATE", *key, &source.clock);
                // What was a period says nothing about a mere start.
                if is_period(source, *key) {
                    out.line(&property);
                } else {
                    out.property(source, &source.hatch, &property, path);
                }
            }
            Override::Added(Some(length)) => {
                let mut property = time("RDATE", *key, &source.clock);
                property.value = Cow::Owned(plain_period(*key, length, &source.clock));
                property.params.retain(|(name, _)| name != "VALUE");
                let property = property.param("VALUE", "PERIOD");
                out.property(source, &source.hatch, &property, path);
            }
            Override::Excessive(patch) => {
                let message = "the components of this series take too much; other programs do not see this change";
                out.cx.report(&path(), Severity::Warning, "excessive", message);
                if let Ok(json) = Json::from_serialize(patch) {
                    out.jsprop(&path(), &json);
                }
            }
            Override::Component(_) => {
                // An occurrence that is neither generated nor came without an RDATE needs one.
                let came_alone = source.hatch.came_from(&path(), "recurrence-id");
                let occurrences = occurrences.get_or_insert_with(|| {
                    Occurrences::new(source.start, source.common.recurrence_rule.as_deref())
                });
                if !came_alone && !occurrences.contains(*key) {
                    out.property(source, &source.hatch, &time("RDATE", *key, &source.clock), path);
                }
            }
        }
    }
}

/// Which occurrences a series has without its overrides.
pub(crate) struct Occurrences {
    start: Option<LocalDateTime>,
    rule: Option<Membership>,
}

impl Occurrences {
    pub(crate) fn new(start: Option<LocalDateTime>, rule: Option<&RecurrenceRule>) -> Self {
        Self { start, rule: start.and_then(|start| Some(rule?.membership(start))) }
    }

    /// Whether there is one at `key`. Undecided counts as no.
    pub(crate) fn contains(&self, key: LocalDateTime) -> bool {
        self.start == Some(key)
            || self.rule.as_ref().is_some_and(|rule| rule.contains(key) == Some(true))
    }
}
