//! States and numbers: CLASS, PRIORITY, STATUS, TRANSP, PERCENT-COMPLETE, REQUEST-STATUS.

use content_line::Line;
use jscalendar::{EventStatus, FreeBusyStatus, Json, Privacy, Progress};

use crate::draft::{Context, Draft, Kind};
use crate::out::{Out, Outgoing, Source};

/// CLASS (RFC 5545, section 3.8.1.3) to `privacy`. Classes that the standard does not know stay as they are.
pub(crate) fn import_class<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    let privacy = privacy_of(line.value());
    match privacy.filter(|_| draft.entry.privacy.is_none()) {
        None => draft.hatch.keep(line),
        Some(privacy) => {
            draft.entry.privacy = Some(privacy);
            draft.hatch.converted(line, "class", "privacy");
        }
    }
}

/// What a CLASS means.
pub(crate) fn privacy_of(class: &str) -> Option<Privacy> {
    find(CLASSES, class).map(Privacy::from)
}

const CLASSES: &[(&str, &str)] =
    &[("PUBLIC", "public"), ("PRIVATE", "private"), ("CONFIDENTIAL", "secret")];

/// TRANSP (RFC 5545, section 3.8.2.7) to `freeBusyStatus`.
pub(crate) fn import_transp<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    let status = find(TRANSPARENCIES, line.value());
    match status.filter(|_| draft.entry.free_busy_status.is_none()) {
        None => draft.hatch.keep(line),
        Some(status) => {
            draft.entry.free_busy_status = Some(FreeBusyStatus::from(status));
            draft.hatch.converted(line, "transp", "freeBusyStatus");
        }
    }
}

const TRANSPARENCIES: &[(&str, &str)] = &[("OPAQUE", "busy"), ("TRANSPARENT", "free")];

/// STATUS (RFC 5545, section 3.8.1.11) to the `status` of an event or the `progress` of a task.
pub(crate) fn import_status<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    let lower = line.value().to_ascii_lowercase();
    let path = match draft.kind {
        Kind::Event => {
            let status = EventStatus::from(lower.as_str());
            if status.is_other() || draft.entry.status.is_some() {
                draft.hatch.keep(line);
                return;
            }
            draft.entry.status = Some(status);
            "status"
        }
        Kind::Task => {
            let progress = Progress::from(lower.as_str());
            if progress.is_other() || draft.task.progress.is_some() {
                draft.hatch.keep(line);
                return;
            }
            draft.task.progress = Some(progress);
            "progress"
        }
    };
    draft.hatch.converted(line, "status", path);
}

/// PRIORITY (RFC 5545, section 3.8.1.9) to `priority`, if it is from 0 to 9.
pub(crate) fn import_priority<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    match line.value().parse::<i64>() {
        Ok(priority @ 0..=9) if draft.entry.priority.is_none() => {
            draft.entry.priority = Some(priority);
            draft.hatch.converted(line, "priority", "priority");
        }
        Ok(0..=9) => draft.hatch.keep(line),
        _ => draft.refuse(line, cx, "not a priority from 0 to 9"),
    }
}

/// PERCENT-COMPLETE (RFC 5545, section 3.8.1.8) to `percentComplete` of a task, if it is from 0 to 100.
pub(crate) fn import_percent_complete<'a>(
    line: &'a Line<'a>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    match line.value().parse::<u64>() {
        _ if draft.kind == Kind::Event => draft.hatch.keep(line),
        Ok(percent @ 0..=100) if draft.task.percent_complete.is_none() => {
            draft.task.percent_complete = Some(percent);
            draft.hatch.converted(line, "percent-complete", "percentComplete");
        }
        Ok(0..=100) => draft.hatch.keep(line),
        _ => draft.refuse(line, cx, "not a percentage from 0 to 100"),
    }
}

/// REQUEST-STATUS (RFC 5545, section 3.8.8.3) to `requestStatus`, which only 1.0 has.
pub(crate) fn import_request_status<'a>(
    line: &'a Line<'a>,
    draft: &mut Draft<'a>,
    cx: &Context<'_>,
) {
    let legacy = draft.entry.legacy.as_ref();
    if !cx.is_v1()
        || line.has_params()
        || legacy.is_some_and(|legacy| legacy.request_status.is_some())
    {
        draft.hatch.keep(line);
        return;
    }
    draft.entry.legacy.get_or_insert_default().request_status = Some(line.value().to_owned());
}

/// All of this group.
pub(crate) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let common = source.common;
    let privacy = common.privacy.as_ref().map(|privacy| privacy.as_str());
    export_token(source, out, "CLASS", "privacy", privacy, CLASSES);
    let busy = common.free_busy_status.as_ref().map(|status| status.as_str());
    export_token(source, out, "TRANSP", "freeBusyStatus", busy, TRANSPARENCIES);
    if let Some(status) = source.status {
        export_registered(source, out, "status", status.as_str(), status.is_other());
    }
    if let Some(progress) = source.progress {
        export_registered(source, out, "progress", progress.as_str(), progress.is_other());
    }
    if let Some(priority) = *common.priority {
        export_number(source, out, "PRIORITY", "priority", priority, (0..=9).contains(&priority));
    }
    if let Some(percent) = source.percent_complete {
        let percent = i64::try_from(percent).unwrap_or(i64::MAX);
        export_number(source, out, "PERCENT-COMPLETE", "percentComplete", percent, percent <= 100);
    }
    let legacy = common.legacy.as_ref();
    if let Some(status) = legacy.and_then(|legacy| legacy.request_status.as_deref()) {
        out.line(&Outgoing::raw("REQUEST-STATUS", status));
    }
}

fn find(table: &[(&str, &'static str)], token: &str) -> Option<&'static str> {
    table.iter().find(|(name, _)| name.eq_ignore_ascii_case(token)).map(|(_, value)| *value)
}

/// A value that iCalendar has a token for; any other one goes out as `JSPROP`.
fn export_token(
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
    name: &'static str,
    path: &str,
    value: Option<&str>,
    table: &[(&'static str, &str)],
) {
    let Some(value) = value else { return };
    match table.iter().find(|(_, known)| *known == value) {
        Some((token, _)) => {
            out.property(source, &source.hatch, &Outgoing::raw(name, *token), || path.to_owned())
        }
        None => out.jsprop(path, &Json::from(value)),
    }
}

fn export_registered(
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
    path: &str,
    value: &str,
    is_other: bool,
) {
    if is_other {
        out.jsprop(path, &Json::from(value));
        return;
    }
    let property = Outgoing::raw("STATUS", value.to_ascii_uppercase());
    out.property(source, &source.hatch, &property, || path.to_owned());
}

pub(crate) fn export_number(
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
    name: &'static str,
    path: &str,
    number: i64,
    in_range: bool,
) {
    if in_range {
        out.property(source, &source.hatch, &Outgoing::raw(name, number.to_string()), || {
            path.to_owned()
        });
        return;
    }
    out.cx.report(
        path,
        jscalendar::Severity::Warning,
        "out-of-range",
        format!("{number} cannot be a {name}"),
    );
    out.jsprop(path, &Json::from(serde_json::Value::from(number)));
}
