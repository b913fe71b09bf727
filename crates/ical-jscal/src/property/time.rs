//! When: DTSTART, DTEND, DURATION, DUE, ESTIMATED-DURATION, RECURRENCE-ID, SHOW-WITHOUT-TIME.

mod anchor;
mod hint;

use content_line::Line;
use jscalendar::{Duration, Json, LocalDateTime, Severity, SignedDuration, TimeZoneId};

pub(crate) use self::anchor::{Lines, alone, anchor, has_end};
pub(crate) use self::hint::make_time_hint;
use self::hint::{duration_hint, hint_utc_start, time_hint};
use crate::draft::{Clock, Context, Draft, Kind, Span, Timed, clock_of, leftovers};
use crate::hatch::Hint;
use crate::out::{Out, Outgoing, Source};
use crate::value::{Form, Moment, parse_duration, write_duration};

pub(crate) const UTC: &str = "Etc/UTC";

/// The date or date-time of a line, with the clock it is on.
pub(crate) fn read(line: &Line<'_>, span: Span, cx: &Context<'_>) -> Option<Timed> {
    let tzid = line.param("TZID").map(|param| param.value());
    timed(Moment::parse(line.value())?, tzid.as_deref(), span, cx)
}

/// The same for one value of a list.
pub(crate) fn timed(
    moment: Moment,
    tzid: Option<&str>,
    span: Span,
    cx: &Context<'_>,
) -> Option<Timed> {
    let mut clock = clock_of(moment, tzid.filter(|tzid| !tzid.is_empty()), span, cx.zones);
    let mut local = moment.local;
    if moment.form == Form::Utc && tzid.is_some() {
        // An instant, whatever the zone beside it: shown on that zone's clock.
        let utc = clock_of(moment, None, span, cx.zones);
        local = clock.convert(local, &utc);
        clock.form = Some(Form::Local);
    }
    Some(Timed { local, clock })
}

/// DTSTART (RFC 5545, section 3.8.2.4) to `start` and `timeZone`.
pub(crate) fn import_start<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    if !is_same(draft.times.start, line) {
        return keep_second(line, draft.times.start.is_some(), draft, cx);
    }
    let Some(start) = draft.entry.start else { return };
    report_zone(line, &draft.clock, cx);
    let clock = draft.clock.clone();
    time_hint(line, line.value(), start, &clock, None, "start", "dtstart", draft);
}

/// RECURRENCE-ID (RFC 5545, section 3.8.4.4): the key of an override, or `recurrenceId`.
pub(crate) fn import_recurrence_id<'a>(
    line: &'a Line<'a>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    if !is_same(draft.times.recurrence_id, line) {
        return keep_second(line, draft.times.recurrence_id.is_some(), draft, cx);
    }
    if line.param("RANGE").is_some() {
        cx.report(line, Severity::Warning, "range", || {
            "RANGE is kept but not applied: later occurrences are not changed".to_owned()
        });
    }
    draft.occurrence_line = Some(line);
}

/// Makes the hint for a RECURRENCE-ID, once it is known what the series' clock shows.
pub(crate) fn hint_recurrence_id<'a>(
    line: &'a Line<'a>,
    local: LocalDateTime,
    series: &Clock,
    known: Option<&str>,
    draft: &mut Draft<'a>,
) {
    time_hint(line, line.value(), local, series, known, "recurrenceId", "recurrence-id", draft);
}

/// DTEND (RFC 5545, section 3.8.2.2) and DURATION (section 3.8.2.5) of an event, to `duration` and `endTimeZone`.
pub(crate) fn import_end<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    if draft.kind == Kind::Task || !is_same(draft.times.end, line) {
        draft.hatch.keep(line);
    } else if line.is("DTEND") {
        import_dtend(line, draft, cx);
    } else {
        import_duration(line, draft, cx);
    }
}

fn import_dtend<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    let Some(start) = draft.entry.start else {
        draft.hatch.keep(line);
        return;
    };
    let Some(end) = read(line, draft.span, cx) else {
        return draft.refuse(line, cx, "not a date or date-time");
    };
    let dates = (draft.clock.form == Some(Form::Date), end.clock.form == Some(Form::Date));
    if dates.0 != dates.1 {
        return draft.refuse(line, cx, "a date beside a date-time");
    }
    let Some(duration) = length(start, &draft.clock, &end) else {
        return draft.refuse(line, cx, "the end is before the start");
    };
    draft.entry.duration = Some(duration);
    let same_zone = draft.clock.same_zone(&end.clock);
    if !same_zone && draft.clock.id().is_some() {
        draft.entry.end_time_zone = end.clock.id().cloned();
    }
    report_zone(line, &end.clock, cx);
    if draft.clock.zone.is_none() && end.clock.zone.is_some() {
        cx.report(line, Severity::Warning, "mixed-zones", || {
            "the start has no time zone but the end has one; the length is that between the clock times".to_owned()
        });
    }
    // What export writes the end with: its own zone, else that of the start.
    let own_zone = draft.entry.end_time_zone.is_some();
    let tzid = draft.clock.zone.as_ref().filter(|_| !own_zone);
    let tzid = tzid.and_then(|zone| zone.tzid.as_deref().map(str::to_owned));
    let clock = if own_zone { end.clock } else { draft.clock.clone() };
    let plain = plain_end(start, duration, &draft.clock, &clock);
    if own_zone && draft.clock.form == Some(Form::Utc) {
        hint_utc_start(draft);
    }
    match plain {
        Some(plain) if draft.entry.end_time_zone.is_some() => {
            time_hint(
                line,
                line.value(),
                plain,
                &clock,
                tzid.as_deref(),
                "duration",
                "dtend",
                draft,
            );
        }
        // The hint is due in any case: it says that the end came as DTEND.
        plain => {
            let plain = plain.unwrap_or(start);
            let hint = make_time_hint(
                line,
                line.value(),
                plain,
                &clock,
                tzid.as_deref(),
                || "duration".to_owned(),
                "dtend",
            );
            let hint = hint.unwrap_or_else(|| Hint::new("duration", "dtend"));
            draft.hatch.hint(if draft.times.both_ends { hint.raw(line.value()) } else { hint });
        }
    }
}

/// How long it is from `start` to `end`: whole days between dates, else the time that passes. None if it is negative.
fn length(start: LocalDateTime, clock: &Clock, end: &Timed) -> Option<Duration> {
    if clock.form == Some(Form::Date) {
        let days =
            u32::try_from((end.local.to_civil().date() - start.to_civil().date()).get_days())
                .ok()?;
        // Some programs end a day at its own date; a day is what they mean.
        return Some(Duration::new(days.max(1), 0));
    }
    let seconds = match (clock.rules(), end.clock.rules()) {
        (Some(here), Some(there)) if !clock.same_zone(&end.clock) || clock.rules().is_some() => {
            there.instant_of(end.local) - here.instant_of(start)
        }
        _ => clock_seconds(end.local) - clock_seconds(start),
    };
    Duration::from_exact_seconds(u64::try_from(seconds).ok()?)
}

fn clock_seconds(local: LocalDateTime) -> i64 {
    jscalendar::UtcDateTime::from_utc_clock(local).unix_seconds()
}

/// What the end clock shows after `duration`: what export writes.
fn plain_end(
    start: LocalDateTime,
    duration: Duration,
    clock: &Clock,
    end: &Clock,
) -> Option<LocalDateTime> {
    let local = start.checked_add(duration, clock.rules())?;
    Some(end.convert(local, clock))
}

fn import_duration<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    let Some(duration) = parse_duration(line.value()) else {
        return draft.refuse(line, cx, "not a duration");
    };
    if duration.is_negative() && !duration.is_zero() {
        return draft.refuse(line, cx, "a negative duration");
    }
    let mut duration = duration.duration();
    if draft.clock.form == Some(Form::Date) && duration.has_time_part() {
        if duration.exact_seconds() > 0 {
            return draft.refuse(line, cx, "a length with a time of day, beside a date");
        }
        // `P10DT0H` are days too; without its idle part the event stays one of dates.
        duration = Duration::new(u32::try_from(duration.nominal_days()).unwrap_or(u32::MAX), 0);
    }
    draft.entry.duration = Some(duration);
    duration_hint(line, duration, "duration", "duration", draft);
}

/// An event on dates without an end lasts one day (RFC 5545, section 3.6.1), which JSCalendar has to be told.
pub(crate) fn default_end(draft: &mut Draft<'_>) {
    let dates = draft.clock.form == Some(Form::Date) && draft.times.start.is_some();
    if draft.kind == Kind::Event
        && dates
        && draft.times.end.is_none()
        && draft.entry.duration.is_none()
    {
        draft.entry.duration = Some(Duration::new(1, 0));
        draft.hatch.hint(Hint::new("duration", "dtstart"));
    }
}

/// DUE (RFC 5545, section 3.8.2.3) to `due`, on the clock of the start if there is one.
pub(crate) fn import_due<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    if draft.kind == Kind::Event {
        draft.hatch.keep(line);
        return;
    }
    if !is_same(draft.times.due, line) {
        return keep_second(line, draft.times.due.is_some(), draft, cx);
    }
    let Some(due) = read(line, draft.span, cx) else { return };
    if draft.entry.start.is_some()
        && (draft.clock.form == Some(Form::Date)) != (due.clock.form == Some(Form::Date))
    {
        draft.task.due = None;
        return draft.refuse(line, cx, "a date beside a date-time");
    }
    report_zone(line, &due.clock, cx);
    let local = draft.clock.convert(due.local, &due.clock);
    draft.task.due = Some(local);
    let clock = draft.clock.clone();
    let tzid = draft
        .entry
        .start
        .and(clock.zone.as_ref())
        .and_then(|zone| zone.tzid.as_deref().map(str::to_owned));
    time_hint(line, line.value(), local, &clock, tzid.as_deref(), "due", "due", draft);
}

/// ESTIMATED-DURATION (iCalendar tasks) to `estimatedDuration`.
pub(crate) fn import_estimated_duration<'a>(
    line: &'a Line<'a>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    if draft.kind == Kind::Event || draft.task.estimated_duration.is_some() {
        draft.hatch.keep(line);
        return;
    }
    match parse_duration(line.value()).filter(|duration| !duration.is_negative()) {
        None => draft.refuse(line, cx, "not a positive duration"),
        Some(duration) => {
            draft.task.estimated_duration = Some(duration.duration());
            duration_hint(
                line,
                duration.duration(),
                "estimatedDuration",
                "estimated-duration",
                draft,
            );
        }
    }
}

/// SHOW-WITHOUT-TIME (iCalendar extensions for JSCalendar) to `showWithoutTime`: only TRUE beside a time of day says
/// anything.
pub(crate) fn import_show_without_time<'a>(
    line: &'a Line<'a>,
    draft: &mut Draft<'a>,
    _: &Context<'_>,
) {
    let timed = matches!(draft.clock.form, Some(Form::Local | Form::Utc));
    if timed && line.value().eq_ignore_ascii_case("TRUE") {
        draft.entry.show_without_time = Some(true);
        // A midnight that floats would be taken for a date otherwise.
        let left = leftovers(line, |_| false);
        if !left.is_empty() || draft.clock.zone.is_none() {
            draft.hatch.hint(Hint::new("showWithoutTime", "show-without-time").params(left));
        }
    }
}

fn is_same<'a>(first: Option<&'a Line<'a>>, line: &'a Line<'a>) -> bool {
    first.is_some_and(|first| std::ptr::eq(first, line))
}

fn keep_second<'a>(
    line: &'a Line<'a>,
    readable: bool,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    if readable {
        draft.hatch.keep(line);
    } else {
        draft.refuse(line, cx, "not a date or date-time");
    }
}

/// Says that a zone has no IANA name: JSCalendar 2.0 has no other.
fn report_zone(line: &Line<'_>, clock: &Clock, cx: &mut Context<'_>) {
    let Some(zone) = &clock.zone else { return };
    let tzid = zone.tzid.as_deref().unwrap_or_default();
    if let (Some(id), false, true) = (&zone.resolved.id, zone.resolved.verbatim, line.is("DTSTART"))
        && zone.tzid.is_some()
    {
        cx.report(line, Severity::Note, "time-zone-name", || {
            format!("the time zone \"{tzid}\" is taken as {id}")
        });
    }
    if zone.resolved.id.is_some() || (cx.is_v1() && cx.zones.member(tzid).is_some()) {
        return;
    }
    cx.report(line, Severity::Warning, "time-zone", || {
        let known = if zone.resolved.rules.is_some() {
            "has rules that no IANA zone has"
        } else {
            "is unknown"
        };
        format!("the time zone \"{tzid}\" {known}; the time floats, its zone is kept as it is")
    });
}

/// DTSTART, DTEND or DURATION, DUE, ESTIMATED-DURATION, RECURRENCE-ID and SHOW-WITHOUT-TIME.
pub(crate) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let clock = &source.clock;
    report_fractions(source, out);
    export_recurrence_id(source, out);
    if let Some(start) = source.start.filter(|_| !source.start_is_id) {
        // The hint has been judged when the clock was made; what it says of the zone is in the clock.
        out.property(source, &source.hatch, &time("DTSTART", start, clock), || "start".to_owned());
    }
    match source.kind {
        Kind::Event if source.end_is_inherited => {}
        Kind::Event => export_end(source, out),
        Kind::Task => export_due(source, out),
    }
    if *source.common.show_without_time == Some(true) && clock.form != Some(Form::Date) {
        if source.start.is_some() || source.due.is_some() {
            let property = Outgoing::raw("SHOW-WITHOUT-TIME", "TRUE").param("VALUE", "BOOLEAN");
            out.property(source, &source.hatch, &property, || "showWithoutTime".to_owned());
        } else {
            out.jsprop("showWithoutTime", &Json::from(true));
        }
    }
    if let (Some(zone), None, None) = (source.common.time_zone, source.start, source.due) {
        out.cx.report(
            "timeZone",
            Severity::Warning,
            "zone-without-time",
            "a time zone without a time",
        );
        out.jsprop("timeZone", &Json::from(zone.as_str()));
    }
}

/// Says which times and lengths lose their fractions of seconds: only 1.0 has them.
fn report_fractions(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let times = [
        ("start", source.start),
        ("due", source.due),
        ("recurrenceId", *source.common.recurrence_id),
    ];
    let lengths = [("duration", source.duration), ("estimatedDuration", source.estimated_duration)];
    let times = times
        .into_iter()
        .map(|(path, time)| (path, time.is_some_and(|time| time.subsec_nanosecond() > 0)));
    let lengths = lengths
        .into_iter()
        .map(|(path, length)| (path, length.is_some_and(|length| length.subsec_nanosecond() > 0)));
    for (path, _) in times.chain(lengths).filter(|(_, fractional)| *fractional) {
        out.cx.report(path, Severity::Warning, "fraction", "the fraction of a second is left out");
    }
}

/// A time on a clock, as export writes it without a hint.
pub(crate) fn time<'v>(name: &'v str, local: LocalDateTime, clock: &'v Clock) -> Outgoing<'v> {
    let mut value = String::with_capacity(16);
    let tzid = clock.zone.as_ref().and_then(|zone| zone.tzid.as_deref());
    let form = match (clock.form, tzid) {
        (Some(Form::Date), _) => Form::Date,
        (Some(Form::Utc), None) => Form::Utc,
        _ => Form::Local,
    };
    Moment { local: local.truncated(), form }.write(&mut value);
    let property = Outgoing::raw(name, value);
    match form {
        Form::Date => property.param("VALUE", "DATE"),
        _ => property.param_opt("TZID", tzid),
    }
}

fn export_recurrence_id(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let Some(id) = source.common.recurrence_id else {
        if let Some(zone) = source.common.recurrence_id_time_zone {
            let message = "a time zone for a recurrence id that is not there";
            out.cx.report("recurrenceIdTimeZone", Severity::Warning, "zone-without-time", message);
            out.jsprop("recurrenceIdTimeZone", &Json::from(zone.as_str()));
        }
        return;
    };
    let property = time("RECURRENCE-ID", *id, &source.series);
    out.property(source, &source.hatch, &property, || "recurrenceId".to_owned());
}

fn export_end(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let path = || "duration".to_owned();
    if let (Some(zone), None) = (source.end_time_zone, source.common.time_zone) {
        let message = "an end time zone without a time zone";
        out.cx.report("endTimeZone", Severity::Warning, "zone-without-time", message);
        out.jsprop("endTimeZone", &Json::from(zone.as_str()));
    } else if let (Some(zone), Some(start)) = (source.end_time_zone, source.start) {
        let end = end_clock(zone, out);
        let duration = source.duration.unwrap_or(Duration::ZERO);
        if let Some(local) = plain_end(start, duration, &source.clock, &end) {
            return out.property(source, &source.hatch, &time("DTEND", local, &end), path);
        }
        // The end lies beyond the year 9999.
        out.jsprop("endTimeZone", &Json::from(zone.as_str()));
    }
    let Some(duration) = source.duration else { return };
    let a_day = Duration::new(1, 0);
    let dates = source.clock.form == Some(Form::Date);
    if dates && duration == a_day && source.hatch.came_from("duration", "dtstart") {
        return;
    }
    if source.hatch.came_from("duration", "dtend") {
        let end = source.start.and_then(|start| start.checked_add(duration, source.clock.rules()));
        if let Some(end) = end.filter(|end| !dates || end.is_midnight()) {
            let property = time("DTEND", end, &source.clock);
            let unchanged = source.hatch.hint("duration").and_then(|hint| hint.raw.as_deref())
                == Some(&*property.value);
            out.property(source, &source.hatch, &property, path);
            if unchanged {
                // Somebody wrote both, and the end is still what it was.
                out.cx.unchanged.push("DURATION".to_owned());
            }
            return;
        }
    }
    let mut value = String::new();
    write_duration(SignedDuration::positive(duration), &mut value);
    out.property(source, &source.hatch, &Outgoing::raw("DURATION", value), path);
}

fn end_clock(zone: &TimeZoneId, out: &Out<'_, '_>) -> Clock {
    let form = if zone.as_str() == UTC { Form::Utc } else { Form::Local };
    Clock::of_id(zone, form, out.cx.zones)
}

fn export_due(source: &Source<'_>, out: &mut Out<'_, '_>) {
    if let Some(due) = source.due {
        if source.start.is_some_and(|start| due < start) {
            let message = "what is due before it starts";
            out.cx.report("due", Severity::Warning, "due-before-start", message);
        }
        out.property(source, &source.hatch, &time("DUE", due, &source.clock), || "due".to_owned());
    }
    if let Some(duration) = source.estimated_duration {
        let mut value = String::new();
        write_duration(SignedDuration::positive(duration), &mut value);
        let property = Outgoing::raw("ESTIMATED-DURATION", value);
        out.property(source, &source.hatch, &property, || "estimatedDuration".to_owned());
    }
}
