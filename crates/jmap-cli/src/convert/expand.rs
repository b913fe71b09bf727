//! `jmapctl convert --expand`: when things happen, an occurrence a line.

use std::io::Write;
use std::path::Path;

use clap::error::ErrorKind;
use ical_jscal::{CalendarZones, Error, FromIcal, Mode};
use jscalendar::{
    Diagnostic, Diagnostics, Entry, Moment, Occurrence, Recurring, Series, SeriesError, Severity,
    TimeZoneId,
};
use serde::Serialize;

use super::output::Form;
use super::{Stop, plan};
use crate::End;
use crate::args::{ConvertArgs, usage_error};
use crate::calendar::{Calendar, Dated, Obstacle, below};
use crate::document::{self, Document};
use crate::engine;
use crate::input::{Input, Inputs};
use crate::kind::Kind;
use crate::report::{Failure, Reporter, Stream};
use crate::window::Window;

/// So many lines of one input are put in order in memory.
const MOST: usize = 1_000_000;

/// Writes the occurrences in `window` of everything that was named.
pub(super) fn run(args: &ConvertArgs, window: Window) -> Result<End, clap::Error> {
    let inputs = Inputs::find(&args.inputs, None);
    let target = inputs
        .check()
        .and_then(|()| plan::file(&inputs, args.output.as_deref()))
        .map_err(|message| usage_error("convert", ErrorKind::InvalidValue, message))?;
    let mut reporter = Reporter::new(args.json, Stream::Error);
    let unreadable = inputs.report(&reporter);
    let count = inputs.list.len();
    reporter.expect(count);
    let is_strict = Mode::from(args.mode) == Mode::Strict;
    let work = Work { window, is_strict, reporter: &reporter };
    let mut failed = 0;
    let written = target.stream(Form::LINES, false, |out| {
        failed = work.all(&inputs.list, out)?;
        // If every input failed, a file that is there stays as it is.
        if failed > 0 && failed == count { Err(aborted()) } else { Ok(Diagnostics::new()) }
    });
    reporter.finish();
    if let Err(Stop::Failed(failure)) = written
        && !(failed > 0 && failed == count)
    {
        let output = args.output.as_deref().map(Path::to_string_lossy);
        reporter.failure(&output.unwrap_or_else(|| "<stdout>".into()), &failure);
        return Ok(End::Failed);
    }
    if failed > 0 && count > 1 && !args.json {
        reporter.summary(&format!("{failed} of {count} inputs failed"), &());
    }
    Ok(End::failed_if(failed + unreadable > 0))
}

/// What ends the writing where everything there is to say is said elsewhere.
fn aborted() -> Failure {
    Failure::new("unwritable", "nothing was written")
}

struct Work<'r> {
    window: Window,
    is_strict: bool,
    reporter: &'r Reporter,
}

impl Work<'_> {
    /// Writes the lines of all inputs, and says how many inputs failed.
    fn all(&self, inputs: &[Input], out: &mut dyn Write) -> Result<usize, Failure> {
        let mut failed = 0;
        for input in inputs {
            let name = input.name();
            self.reporter.begin(&name);
            match self.one(input) {
                Ok((lines, diagnostics)) => {
                    self.reporter.diagnostics(&name, &diagnostics);
                    lines
                        .iter()
                        .try_for_each(|line| out.write_all(line.as_bytes()))
                        .map_err(|_| aborted())?;
                }
                Err(failure) => {
                    failed += 1;
                    self.reporter.failure(&name, &failure);
                }
            }
            self.reporter.advance();
        }
        Ok(failed)
    }

    /// The lines of one input in their order, and what is odd about it.
    fn one(&self, input: &Input) -> Result<(Vec<String>, Diagnostics), Failure> {
        let (kind, bytes) = engine::load(input)?;
        let (calendars, mut diagnostics) = calendars(kind, &bytes)?;
        let mut lines = Lines { window: self.window, list: Vec::new() };
        for (base, calendar) in &calendars {
            diagnostics.append(document::below(base, lines.add(calendar)?));
        }
        let is_exact =
            diagnostics.worst() < Some(Severity::Warning) && diagnostics.suppressed() == 0;
        if self.is_strict && !is_exact {
            return Err(Error::Strict(diagnostics).into());
        }
        Ok((lines.sorted(), diagnostics))
    }
}

/// The calendars of an input, each with the pointer to it.
fn calendars(kind: Kind, bytes: &[u8]) -> Result<(Vec<(String, Calendar)>, Diagnostics), Failure> {
    if kind.is_json() {
        let mut diagnostics = Diagnostics::new();
        let documents = Document::read(engine::text(bytes)?)?.into_iter();
        return Ok((documents.map(|it| it.into_calendar(&mut diagnostics)).collect(), diagnostics));
    }
    let converted = FromIcal::new().groups(bytes)?;
    let several = converted.value.len() > 1;
    let base = |at: usize| if several { at.to_string() } else { String::new() };
    let groups = converted.value.into_iter().enumerate();
    Ok((groups.map(|(at, group)| (base(at), group.into())).collect(), converted.diagnostics))
}

/// What happens in a window.
struct Lines<'c> {
    window: Window,
    list: Vec<Line<'c>>,
}

struct Line<'c> {
    /// In seconds from 1970-01-01T00:00:00Z on; what floats is taken in UTC.
    start: i64,
    uid: &'c str,
    text: String,
}

impl<'c> Lines<'c> {
    /// Adds what a calendar has, and says what could not be expanded.
    fn add(&mut self, calendar: &'c Calendar) -> Result<Diagnostics, Failure> {
        let mut diagnostics = Diagnostics::new();
        let zones = calendar.zones();
        for (place, entry) in calendar.entries() {
            let skipped = match entry {
                Entry::Event(event) => self.series(&**event, &zones)?,
                Entry::Task(task) => self.series(&**task, &zones)?,
                _ => None,
            };
            if let Some(Obstacle { pointer, message }) = skipped {
                let message = format!("not expanded: {message}");
                let found = Diagnostic::new("not-expanded", Severity::Warning, message);
                diagnostics.push(found.at_pointer(below(&place, &pointer)));
            }
        }
        Ok(diagnostics)
    }

    fn series<T: Dated>(
        &mut self,
        entry: &'c T,
        zones: &CalendarZones,
    ) -> Result<Option<Obstacle>, Failure> {
        let zone = zones.zone_of(entry);
        let series = match Series::with_zone(entry, zones.time_zones(), zone.as_ref()) {
            Ok(series) => series,
            // A task without a date is to be done at no time; there is nothing wrong with that.
            Err(SeriesError::NoStart) if entry.may_have_no_start() => return Ok(None),
            Err(error) => return Ok(Some((&error).into())),
        };
        let Window { from, to } = self.window;
        for occurrence in series.occurrences().between(from, to) {
            if self.list.len() == MOST {
                let message = format!("more than {MOST} occurrences; ask for a shorter time");
                return Err(Failure::new("too-many-occurrences", message));
            }
            self.list.push(Line::new(&occurrence));
        }
        Ok(None)
    }

    /// The texts by their starts, then by their uids.
    fn sorted(mut self) -> Vec<String> {
        self.list.sort_by(|a, b| (a.start, a.uid).cmp(&(b.start, b.uid)));
        self.list.into_iter().map(|line| line.text).collect()
    }
}

impl<'c> Line<'c> {
    fn new<T: Recurring>(occurrence: &Occurrence<'c, T>) -> Self {
        let common = occurrence.entry().common();
        let uid = common.uid.as_deref();
        let changed = occurrence.is_override().then(|| occurrence.object());
        let title = changed.as_ref().map_or(common, |object| object.common()).title;
        // What is one occurrence of a series that is not here has an id of its own.
        let id = occurrence.recurrence_id().or(*common.recurrence_id);
        let (start, end) = (occurrence.start(), occurrence.end());
        let shown = Shown {
            uid,
            recurrence_id: id.map(|id| id.to_string()),
            start: clock(&start),
            end: clock(&end),
            zone: start.zone.as_ref().map(TimeZoneId::as_str),
            end_zone: end.zone.as_ref().filter(|_| end.zone != start.zone).map(TimeZoneId::as_str),
            title: title.as_deref(),
        };
        let mut text = serde_json::to_string(&shown).unwrap_or_default();
        text.push('\n');
        Self { start: start.seconds(None), uid: uid.unwrap_or_default(), text }
    }
}

/// One line, in the order of its members.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recurrence_id: Option<String>,
    start: String,
    end: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_zone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
}

/// What the clock or, if only that counts, the calendar shows.
fn clock(moment: &Moment) -> String {
    let mut text = moment.local.to_string();
    if moment.is_date {
        text.truncate("2026-03-01".len());
    }
    text
}
