//! The lines that everything else is relative to, and the clock that they make.

use content_line::Line;

use super::read;
use crate::draft::{Context, Draft, Kind, Occurrence};
use crate::value::Form;

/// The lines that decide about an entry's times: of each property the first one that can be read.
#[derive(Default)]
pub(crate) struct Lines<'a> {
    pub(super) start: Option<&'a Line<'a>>,
    pub(super) due: Option<&'a Line<'a>>,
    pub(super) end: Option<&'a Line<'a>>,
    /// Whether there are both DTEND and DURATION, against the rule.
    pub(super) both_ends: bool,
    pub(super) recurrence_id: Option<&'a Line<'a>>,
}

/// Reads the lines that everything else is relative to: the start, or for a task without one what is due, or for an
/// occurrence without one its recurrence id.
pub(crate) fn anchor<'a>(lines: &'a [Line<'a>], draft: &mut Draft<'a>, cx: &Context<'_>) {
    for line in lines {
        let Some(kind) = AnchorKind::of(line) else { continue };
        set_anchor(kind, line, draft, cx);
    }
    settle_clock(draft);
}

/// [`anchor`] for a line by itself, to an object whose clock is known.
pub(crate) fn alone<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &Context<'_>) {
    let Some(kind) = AnchorKind::of(line) else { return };
    let clock = std::mem::take(&mut draft.clock);
    set_anchor(kind, line, draft, cx);
    match kind {
        AnchorKind::Start => settle_clock(draft),
        AnchorKind::Due if draft.entry.start.is_none() => settle_clock(draft),
        AnchorKind::Due | AnchorKind::End | AnchorKind::RecurrenceId => draft.clock = clock,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AnchorKind {
    Start,
    Due,
    End,
    RecurrenceId,
}

impl AnchorKind {
    fn of(line: &Line<'_>) -> Option<Self> {
        match line.name().as_bytes() {
            [b'd' | b'D', ..] if line.is("DTSTART") => Some(Self::Start),
            [b'd' | b'D', ..] if line.is("DUE") => Some(Self::Due),
            [b'd' | b'D', ..] if line.is("DTEND") || line.is("DURATION") => Some(Self::End),
            [b'r' | b'R', ..] if line.is("RECURRENCE-ID") => Some(Self::RecurrenceId),
            _ => None,
        }
    }
}

fn set_anchor<'a>(kind: AnchorKind, line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &Context<'_>) {
    if kind == AnchorKind::End {
        draft.times.both_ends |= draft.times.end.is_some();
        // DTEND says more than DURATION, so it goes first where somebody wrote both.
        if draft.times.end.is_none_or(|end| end.is("DURATION") && line.is("DTEND"))
            && !line.value().is_empty()
        {
            draft.times.end = Some(line);
        }
        return;
    }
    let Some(time) = read(line, draft.span, cx) else { return };
    match kind {
        AnchorKind::Start if draft.times.start.is_none() => {
            draft.times.start = Some(line);
            draft.entry.start = Some(time.local);
            draft.clock = time.clock;
        }
        AnchorKind::Due if draft.kind == Kind::Task && draft.times.due.is_none() => {
            draft.times.due = Some(line);
            draft.task.due = Some(time.local);
            if draft.clock.form.is_none() && draft.times.start.is_none() {
                draft.clock = time.clock;
            }
        }
        AnchorKind::RecurrenceId if draft.times.recurrence_id.is_none() => {
            draft.times.recurrence_id = Some(line);
            draft.occurrence = Some(Occurrence { id: time });
        }
        _ => {}
    }
}

/// Sets what follows from the clock: `timeZone`, and `showWithoutTime` of dates.
fn settle_clock(draft: &mut Draft<'_>) {
    if draft.clock.form.is_none() {
        return;
    }
    draft.entry.time_zone = draft.clock.id().cloned();
    if draft.clock.form == Some(Form::Date) {
        draft.entry.show_without_time = Some(true);
    }
}

/// Whether the component says when the entry ends.
pub(crate) fn has_end(draft: &Draft<'_>) -> bool {
    draft.times.end.is_some()
}
