//! VCALENDAR to [`Group`].

use std::collections::{HashMap, HashSet};

use content_line::{
    Block, Component, Decoding, Line, Position, Problem, ProblemKind, unescape_text,
};
use jscalendar::{Diagnostic, Diagnostics, Entry, Group, Method, Severity, Version};

use crate::allowance::Allowance;
use crate::draft::{Context, Draft, Kind, Span, collect, leftovers};
use crate::entry;
use crate::hatch::{Hatch, Hint};
use crate::peek::{Peek, SeriesHash};
use crate::property::{change, extension, link, text};
use crate::source::{Piece, Source};
use crate::time_zone::Zones;
use crate::value::Moment;
use crate::{FromIcal, Mode};

/// Takes the calendars of an input as they are read.
pub(crate) trait Sink {
    /// So many calendars will come.
    fn calendars(&mut self, count: usize) -> std::io::Result<()>;
    /// A calendar begins; the group has everything but its entries.
    fn begin(&mut self, group: Group, diagnostics: &mut Diagnostics) -> std::io::Result<()>;
    /// The next entry of the calendar.
    fn entry(&mut self, entry: Entry, diagnostics: &mut Diagnostics) -> std::io::Result<()>;
    /// The calendar ends.
    fn end(&mut self) -> std::io::Result<()>;
}

/// Reads all calendars of an input. Returns whether there was any component of iCalendar at all.
///
/// There are two passes over its pieces. The first one notes what may come late but is needed early: zones, METHOD, the
/// calendar's own properties, and the overrides. The second one reads one entry after the other. Where there are
/// overrides, a look in between finds out which of them have a series.
pub(crate) fn import<S: Source>(
    source: &mut S,
    options: &FromIcal,
    diagnostics: &mut Diagnostics,
    sink: &mut dyn Sink,
) -> std::io::Result<bool> {
    let outlines = first_pass(source, options, diagnostics)?;
    if outlines.is_empty() {
        return Ok(false);
    }
    source.rewind()?;
    sink.calendars(outlines.len())?;
    let mut allowance = Allowance::new();
    for outline in outlines {
        second_pass(source, outline, options, diagnostics, &mut allowance, sink)?;
    }
    Ok(true)
}

/// What the first pass notes of one calendar.
#[derive(Default)]
struct Outline {
    lines: Vec<Line<'static>>,
    zones: Zones,
    /// Components of the calendar that become no entries, as they come.
    kept: Hatch<'static>,
    /// The overrides of each series, as text: they may stand before or long after the component they belong to.
    overrides: HashMap<SeriesHash, Vec<Text>>,
    has_entries: bool,
}

/// The text of a component, and where it stands.
struct Text {
    bytes: Vec<u8>,
    position: Position,
}

fn first_pass<S: Source>(
    source: &mut S,
    options: &FromIcal,
    diagnostics: &mut Diagnostics,
) -> std::io::Result<Vec<Outline>> {
    let mut outlines: Vec<Outline> = Vec::new();
    let mut open = false;
    while let Some(Piece { block, peek }) = source.next_piece()? {
        match block {
            Block::Begin { name, .. } if name.eq_ignore_ascii_case("VCALENDAR") => {
                outlines.push(Outline::default());
                open = true;
            }
            Block::Line { bytes, position } => {
                note_line(bytes, position, open, outlines.last_mut(), diagnostics)
            }
            Block::Component { bytes, position } => {
                if !open && (outlines.is_empty() || peek.is_none()) {
                    // Entries without a calendar around them get one.
                    if peek.is_none() {
                        lost(diagnostics, position, "a component outside any calendar");
                        continue;
                    }
                    outlines.push(Outline::default());
                }
                if let Some(outline) = outlines.last_mut() {
                    outline.note(bytes, position, peek, options, diagnostics);
                }
            }
            Block::End { closed, position } => {
                if !closed {
                    let message = "the calendar has no END";
                    diagnostics.push_with(|| problem("missing-end", message.to_owned(), position));
                }
                open = false;
            }
            Block::StrayEnd { position, .. } => {
                diagnostics.push_with(|| {
                    problem("stray-end", "an END without a BEGIN".to_owned(), position)
                });
            }
            _ => {}
        }
    }
    find_series(source, &mut outlines)?;
    Ok(outlines)
}

fn note_line(
    bytes: &[u8],
    position: Position,
    open: bool,
    outline: Option<&mut Outline>,
    diagnostics: &mut Diagnostics,
) {
    match (Line::parse(bytes, position), outline.filter(|_| open)) {
        (Ok(line), Some(outline)) => {
            report_decoding(&line, diagnostics);
            outline.lines.push(line.into_owned());
        }
        (Ok(_), None) => lost(diagnostics, position, "a line outside any calendar"),
        (Err(found), _) => report_problem(&found, diagnostics),
    }
}

/// Forgets overrides whose series is not there: they are read as they come, as occurrences that stand alone. Inputs
/// without overrides need no second look for that.
fn find_series<S: Source>(source: &mut S, outlines: &mut [Outline]) -> std::io::Result<()> {
    if outlines.iter().all(|outline| outline.overrides.is_empty()) {
        return Ok(());
    }
    let mut found: Vec<HashSet<SeriesHash>> = outlines.iter().map(|_| HashSet::new()).collect();
    source.rewind()?;
    let mut walk = Walk::default();
    while let Some(piece) = source.next_piece()? {
        let Some(at) = walk.step(&piece) else { continue };
        let Some(outline) = outlines.get(at).filter(|outline| !outline.overrides.is_empty()) else {
            continue;
        };
        if let Some(Peek { series: Some(series), is_override: false, has_start: true, .. }) =
            piece.peek
            && outline.overrides.contains_key(&series)
        {
            found[at].insert(series);
        }
    }
    for (outline, found) in outlines.iter_mut().zip(found) {
        outline.overrides.retain(|series, _| found.contains(series));
    }
    Ok(())
}

/// Follows which outline the blocks of a second look belong to.
#[derive(Default)]
struct Walk {
    begun: usize,
    open: bool,
}

impl Walk {
    /// The outline that a component belongs to.
    fn step(&mut self, piece: &Piece<'_>) -> Option<usize> {
        match &piece.block {
            Block::Begin { name, .. } if name.eq_ignore_ascii_case("VCALENDAR") => {
                self.begun += 1;
                self.open = true;
                None
            }
            Block::End { .. } => {
                self.open = false;
                None
            }
            Block::Component { .. } => {
                if !self.open && self.begun == 0 {
                    piece.peek?;
                    self.begun = 1;
                }
                self.begun.checked_sub(1)
            }
            _ => None,
        }
    }
}

impl Outline {
    fn note(
        &mut self,
        bytes: &[u8],
        position: Position,
        peek: Option<Peek>,
        options: &FromIcal,
        diagnostics: &mut Diagnostics,
    ) {
        match peek {
            Some(Peek { has_start: true, is_override: false, .. }) => self.has_entries = true,
            Some(Peek { is_override: true, series, .. }) => {
                self.has_entries = true;
                if let Some(series) = series {
                    self.overrides
                        .entry(series)
                        .or_default()
                        .push(Text { bytes: bytes.to_vec(), position });
                }
            }
            Some(_) => {
                diagnostics.push_with(|| {
                    problem(
                        "no-start",
                        "an event without DTSTART; kept as it is".to_owned(),
                        position,
                    )
                });
                self.keep(bytes, position, options, diagnostics);
            }
            None => self.keep(bytes, position, options, diagnostics),
        }
    }

    fn keep(
        &mut self,
        bytes: &[u8],
        position: Position,
        options: &FromIcal,
        diagnostics: &mut Diagnostics,
    ) {
        let (component, problems) = Component::parse(bytes, position);
        report_problems(&problems, diagnostics);
        if component.is("VTIMEZONE") {
            self.zones.define(&component);
            if options.version == Version::V1_0 {
                self.zones.define_member(&component);
            }
        }
        if options.mode != Mode::Clean {
            self.kept.keep_component_copy(&component);
        } else if !component.is("VTIMEZONE") {
            lost(diagnostics, position, "a component that JSCalendar has no counterpart for");
        }
    }
}

fn second_pass<S: Source>(
    source: &mut S,
    mut outline: Outline,
    options: &FromIcal,
    diagnostics: &mut Diagnostics,
    allowance: &mut Allowance,
    sink: &mut dyn Sink,
) -> std::io::Result<()> {
    let lines = std::mem::take(&mut outline.lines);
    let kept = std::mem::take(&mut outline.kept);
    let mut cx = options.context(&outline.zones, diagnostics, allowance);
    let (group, method) = import_header(&lines, kept, outline.has_entries, &mut cx);
    cx.method = method;
    sink.begin(group, cx.diagnostics)?;
    let mut nameless = 0_u32;
    let mut begun = false;
    // A series keeps its place here after it took its overrides: further overrides and mains of the same UID see it.
    let mut overrides: HashMap<SeriesHash, Option<Vec<Text>>> =
        outline.overrides.into_iter().map(|(series, texts)| (series, Some(texts))).collect();
    while let Some(Piece { block, peek }) = source.next_piece()? {
        let (bytes, position) = match block {
            Block::Begin { .. } => {
                begun = true;
                continue;
            }
            Block::End { .. } if begun => break,
            Block::Component { bytes, position } => (bytes, position),
            _ => continue,
        };
        let Some(peek) = peek.filter(|peek| peek.has_start || peek.is_override) else {
            continue;
        };
        let own = peek.series.and_then(|series| overrides.get_mut(&series));
        if peek.is_override && own.is_some() {
            continue;
        }
        let own = own.and_then(Option::take).unwrap_or_default();
        if peek.series.is_none() {
            nameless += 1;
        }
        let entry = import_series(bytes, position, &own, peek.kind, nameless, &mut cx);
        sink.entry(entry, cx.diagnostics)?;
    }
    sink.end()
}

/// Reads a main component with its overrides.
fn import_series(
    bytes: &[u8],
    position: Position,
    overrides: &[Text],
    kind: Kind,
    nameless: u32,
    cx: &mut Context<'_>,
) -> Entry {
    let (component, problems) = Component::parse(bytes, position);
    report_problems(&problems, cx.diagnostics);
    let parsed: Vec<Component<'_>> = overrides
        .iter()
        .map(|text| {
            let (component, problems) = Component::parse(&text.bytes, text.position);
            report_problems(&problems, cx.diagnostics);
            component
        })
        .collect();
    let span = parsed
        .iter()
        .fold(entry::span(&component.lines), |span, other| span.union(entry::span(&other.lines)));
    let mut draft = entry::import(&component, kind, span, cx);
    if draft.entry.uid.is_none() {
        cx.diagnostics.push_with(|| {
            problem("no-uid", "no UID; one is made from the content".to_owned(), position)
        });
        draft.entry.uid = Some(crate::key::uuid(&[&nameless.to_be_bytes(), bytes]));
        draft.hatch.hint(Hint::new("uid", "uid"));
    }
    draft.complete(cx);
    if !parsed.is_empty() {
        cx.allowance
            .earn(bytes.len() + overrides.iter().map(|text| text.bytes.len()).sum::<usize>());
        entry::merge_overrides(&mut draft, &parsed, cx);
    }
    draft.into_object(cx).into_entry()
}

/// The calendar's own properties, and its method.
fn import_header<'a>(
    lines: &'a [Line<'a>],
    kept: Hatch<'a>,
    has_entries: bool,
    cx: &mut Context<'_>,
) -> (Group, Option<Method>) {
    let mut draft = Draft::new(Kind::Event, Span::default());
    draft.hatch = kept;
    let mut group = Group::default();
    let mut method = None;
    text::prefer_styled(lines, &mut draft);
    for line in lines {
        import_property(line, has_entries, &mut group, &mut method, &mut draft, cx);
    }
    if group.title.is_none() {
        group.locale = take_language(&mut draft);
    }
    let entry = &mut draft.entry;
    group.version = Some(Version::V2_0);
    group.uid = entry.uid.take();
    group.created = entry.created.take();
    group.description = entry.description.take();
    group.description_content_type = entry.description_content_type.take();
    group.color = entry.color.take();
    group.links =
        collect(std::mem::take(&mut draft.links), "links", &mut draft.hatch, cx.diagnostics);
    group.keywords = std::mem::take(&mut draft.keywords).into_iter().collect();
    group.categories = std::mem::take(&mut draft.categories).into_iter().collect();
    if cx.mode == Mode::Clean {
        draft.hatch.report_losses(cx.diagnostics);
    } else if !draft.hatch.is_empty() {
        group.i_calendar = draft.hatch.to_json("vcalendar");
    }
    (extension::apply(group, &draft.jsprops, cx), method)
}

fn import_property<'a>(
    line: &'a Line<'a>,
    has_entries: bool,
    group: &mut Group,
    method: &mut Option<Method>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    if line.value().is_empty() {
        draft.hatch.keep(line);
        return;
    }
    // The draft that was written for 1.0 (revision 12) knows no other link of a calendar than URL.
    let may_be_link = !cx.is_v1() || line.is("URL");
    if may_be_link && link::import_into(line, &mut draft.links, &mut draft.hatch, cx) {
        return;
    }
    match line.name().to_ascii_uppercase().as_str() {
        "CALSCALE" if line.value().eq_ignore_ascii_case("GREGORIAN") && !line.has_params() => {}
        "CALSCALE" => draft.refuse(line, cx, "a calendar scale other than the Gregorian one"),
        "CATEGORIES" => text::import_categories(line, draft),
        "COLOR" => text::import_color(line, draft, cx),
        "CONCEPT" => text::import_concept(line, draft),
        "CREATED" => change::import_created(line, draft, cx),
        "DESCRIPTION" => text::import_description(line, draft),
        "JSPROP" => extension::import_jsprop(line, draft),
        "LAST-MODIFIED" => import_updated(line, group, draft, cx),
        "METHOD" if has_entries && method.is_none() => {
            *method = Some(Method::from(line.value().to_ascii_lowercase()));
            draft.hatch.converted(line, "method", "method");
        }
        "NAME" => import_name(line, group, draft),
        "PRODID" => import_text(line, &mut group.prod_id, "prodid", "prodId", draft),
        "SOURCE" => import_source(line, group, draft),
        "STYLED-DESCRIPTION" => text::import_styled_description(line, draft),
        "UID" => change::import_uid(line, draft),
        "VERSION" if line.value() == "2.0" && !line.has_params() => {}
        _ => draft.hatch.keep(line),
    }
}

fn import_text<'a>(
    line: &'a Line<'a>,
    member: &mut Option<String>,
    name: &'static str,
    path: &'static str,
    draft: &mut Draft<'a>,
) {
    if member.is_some() {
        draft.hatch.keep(line);
        return;
    }
    *member = Some(unescape_text(line.value()).into_owned());
    draft.hatch.converted(line, name, path);
}

/// NAME (RFC 7986, section 5.1) to `title`, its LANGUAGE to `locale`.
fn import_name<'a>(line: &'a Line<'a>, group: &mut Group, draft: &mut Draft<'a>) {
    if group.title.is_some() {
        draft.hatch.keep(line);
        return;
    }
    group.title = Some(unescape_text(line.value()).into_owned());
    let left = leftovers(line, |param| {
        let language = param.is("LANGUAGE");
        if language {
            group.locale = Some(param.value().into_owned());
        }
        language
    });
    draft.hatch.leftovers("name", left, || "title".to_owned());
}

/// The LANGUAGE of the description, which says what the calendar is in where it has no NAME.
fn take_language(draft: &mut Draft<'_>) -> Option<String> {
    let param = draft.described_by?.param("LANGUAGE")?;
    draft.hatch.forget_param("description", "LANGUAGE");
    Some(param.value().into_owned())
}

/// SOURCE (RFC 7986, section 5.8) to `source`.
fn import_source<'a>(line: &'a Line<'a>, group: &mut Group, draft: &mut Draft<'a>) {
    if group.source.is_some() {
        draft.hatch.keep(line);
        return;
    }
    group.source = Some(line.value().to_owned());
    draft.hatch.converted(line, "source", "source");
}

/// LAST-MODIFIED of a calendar is its `updated`.
fn import_updated<'a>(
    line: &'a Line<'a>,
    group: &mut Group,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    match Moment::parse(line.value()).and_then(Moment::utc) {
        Some(updated) if group.updated.is_none() => {
            group.updated = Some(updated);
            draft.hatch.converted(line, "last-modified", "updated");
        }
        Some(_) => draft.hatch.keep(line),
        None => draft.refuse(line, cx, "not a date-time in UTC"),
    }
}

fn problem(code: &'static str, message: String, position: Position) -> Diagnostic {
    Diagnostic::new(code, Severity::Warning, message).at_line(position.line, position.column)
}

fn lost(diagnostics: &mut Diagnostics, position: Position, what: &str) {
    diagnostics.push_with(|| {
        Diagnostic::new("lost", Severity::Error, format!("{what} is left out"))
            .at_line(position.line, position.column)
    });
}

fn report_problems(problems: &[Problem<'_>], diagnostics: &mut Diagnostics) {
    problems.iter().for_each(|found| report_problem(found, diagnostics));
}

/// What cannot be read as lines and components; the text of a line that is none is lost, and said.
fn report_problem(found: &Problem<'_>, diagnostics: &mut Diagnostics) {
    let (code, severity) = match found.kind {
        ProblemKind::MissingEnd => ("missing-end", Severity::Warning),
        ProblemKind::StrayEnd | ProblemKind::MismatchedEnd => ("stray-end", Severity::Warning),
        ProblemKind::NotUtf8 => ("encoding", Severity::Warning),
        ProblemKind::TooDeep => ("too-deep", Severity::Error),
        _ => ("not-a-line", Severity::Error),
    };
    diagnostics.push_with(|| {
        let text = found.text.chars().take(60).collect::<String>();
        let position = found.position;
        Diagnostic::new(code, severity, format!("{}: {text:?}", found.kind))
            .at_line(position.line, position.column)
    });
}

fn report_decoding(line: &Line<'_>, diagnostics: &mut Diagnostics) {
    if line.decoding() != Decoding::Utf8 {
        let position = line.position();
        diagnostics.push_with(|| {
            problem("encoding", "not UTF-8; read as Windows-1252".to_owned(), position)
        });
    }
}
