//! Identity and changes: UID, DTSTAMP, CREATED, LAST-MODIFIED, SEQUENCE.

use content_line::{Line, unescape_text};
use jscalendar::{Severity, UtcDateTime};

use crate::draft::{Context, Draft};
use crate::hatch::Hint;
use crate::out::{Out, Outgoing, Source};
use crate::property::status::export_number;
use crate::value::{Form, Moment};

/// UID (RFC 5545, section 3.8.4.7) to `uid`.
pub(crate) fn import_uid<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    if draft.entry.uid.is_some() {
        draft.hatch.keep(line);
        return;
    }
    draft.entry.uid = Some(unescape_text(line.value()).into_owned());
    draft.hatch.converted(line, "uid", "uid");
}

/// DTSTAMP (RFC 5545, section 3.8.7.2) to `updated`.
pub(crate) fn import_dtstamp<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    match Moment::parse(line.value()).and_then(Moment::utc) {
        Some(updated) if draft.entry.updated.is_none() => {
            draft.entry.updated = Some(updated);
            draft.hatch.converted(line, "dtstamp", "updated");
        }
        Some(_) => draft.hatch.keep(line),
        None => draft.refuse(line, cx, "not a date-time in UTC"),
    }
}

/// CREATED (RFC 5545, section 3.8.7.1) to `created`.
pub(crate) fn import_created<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    match Moment::parse(line.value()).and_then(Moment::utc) {
        Some(created) if draft.entry.created.is_none() => {
            draft.entry.created = Some(created);
            draft.hatch.converted(line, "created", "created");
        }
        Some(_) => draft.hatch.keep(line),
        None => draft.refuse(line, cx, "not a date-time in UTC"),
    }
}

/// LAST-MODIFIED (RFC 5545, section 3.8.7.3) of an entry stays in the hatch: `updated` is its DTSTAMP.
pub(crate) fn import_last_modified<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, _: &Context<'_>) {
    draft.has_last_modified = true;
    draft.hatch.keep(line);
}

/// SEQUENCE (RFC 5545, section 3.8.7.4) to `sequence`.
pub(crate) fn import_sequence<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    match line.value().parse::<u64>() {
        Ok(sequence) if sequence < 1 << 31 && draft.entry.sequence.is_none() => {
            draft.entry.sequence = Some(sequence);
            draft.hatch.converted(line, "sequence", "sequence");
        }
        Ok(_) => draft.hatch.keep(line),
        Err(_) => draft.refuse(line, cx, "not a number that a sequence can be"),
    }
}

/// What LAST-MODIFIED in the hatch needs to be true for: the DTSTAMP beside it. When `updated` changes, both go.
pub(crate) fn note_last_modified(draft: &mut Draft<'_>) {
    let Some(updated) = draft.entry.updated.filter(|_| draft.has_last_modified) else { return };
    let mut raw = String::new();
    write_utc(updated, &mut raw);
    draft.hatch.hint(Hint::new("updated", "dtstamp").raw(raw));
}

/// UID, DTSTAMP, CREATED, LAST-MODIFIED and SEQUENCE.
pub(crate) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let common = source.common;
    if let Some(uid) = common.uid {
        out.property(source, &source.hatch, &Outgoing::text("UID", uid), || "uid".to_owned());
    }
    let kept = source.hatch.properties.iter().find(|property| property.name == "dtstamp");
    let stamp = match (common.updated, kept) {
        // One that could not be read is better than one that is made up.
        (None, Some(kept)) if out.cx.is_lossless() => {
            out.kept(kept);
            UtcDateTime::UNIX_EPOCH
        }
        _ => {
            let stamp = stamp(source, out);
            out.property(source, &source.hatch, &utc("DTSTAMP", stamp), || "updated".to_owned());
            stamp
        }
    };
    if let Some(created) = common.created {
        out.property(source, &source.hatch, &utc("CREATED", *created), || "created".to_owned());
    }
    export_last_modified(source, stamp, out);
    if let Some(sequence) = common.sequence {
        let sequence = i64::try_from(*sequence).unwrap_or(i64::MAX);
        export_number(source, out, "SEQUENCE", "sequence", sequence, sequence < 1 << 31);
    }
}

/// The LAST-MODIFIED of the hatch while `updated` is what it was beside it. One that is equal to DTSTAMP when `updated`
/// has changed, and for an object that did not come from iCalendar.
fn export_last_modified(source: &Source<'_>, stamp: UtcDateTime, out: &mut Out<'_, '_>) {
    let hint = source.hatch.hint("updated");
    let noted = hint.and_then(|hint| hint.raw.as_deref()).and_then(Moment::parse);
    let holds = noted.is_none_or(|noted| noted.utc() == *source.common.updated);
    if holds && out.cx.is_lossless() && !source.hatch.name.is_empty() {
        let kept = source.hatch.properties.iter();
        kept.filter(|kept| kept.name == "last-modified").for_each(|kept| out.kept(kept));
    } else if source.common.updated.is_some() {
        out.line(&utc("LAST-MODIFIED", stamp));
    }
}

/// The DTSTAMP, which iCalendar demands: `updated`, else what is nearest to it. The clock is never read.
fn stamp(source: &Source<'_>, out: &mut Out<'_, '_>) -> UtcDateTime {
    if let Some(updated) = source.common.updated {
        return updated.truncated();
    }
    if let Some(now) = out.cx.now {
        return now;
    }
    let stamp = source.common.created.unwrap_or(UtcDateTime::UNIX_EPOCH);
    out.cx.report(
        "updated",
        Severity::Warning,
        "no-updated",
        "no time of the last change; DTSTAMP is made up",
    );
    stamp
}

pub(crate) fn utc(name: &'static str, time: UtcDateTime) -> Outgoing<'static> {
    let mut value = String::with_capacity(16);
    write_utc(time, &mut value);
    Outgoing::raw(name, value)
}

pub(crate) fn write_utc(time: UtcDateTime, out: &mut String) {
    Moment { local: time.to_utc_clock(), form: Form::Utc }.write(out);
}
