//! [`Reporter`]: says what was noticed, a line each, for people or as JSON for programs.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Seek, SeekFrom, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use jscalendar::{Diagnostic, Diagnostics, Position, Severity};
use serde::Serialize;

/// From so many inputs on it is worth showing how far the work is.
const MANY: usize = 50;

/// Writes findings.
pub(crate) struct Reporter {
    json: bool,
    findings: Stream,
    bar: ProgressBar,
}

/// Where findings go. Failures of the command itself always go to standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Output,
    Error,
}

/// Why an input gave nothing.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// What was noticed before it failed.
    pub(crate) diagnostics: Diagnostics,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), diagnostics: Diagnostics::new() }
    }

    /// An input that cannot be read, with what to do about it.
    pub(crate) fn unreadable(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::IsADirectory => {
                Self::new("unreadable", "a directory stands where a file was expected")
            }
            io::ErrorKind::NotFound => Self::new(
                "not-found",
                "there is no such file; check the spelling and the directory",
            ),
            io::ErrorKind::PermissionDenied => Self::new("unreadable", "no permission to read it"),
            _ => Self::new("unreadable", format!("cannot be read: {error}")),
        }
    }

    /// A temporary file that cannot be used.
    pub(crate) fn temporary(error: &io::Error) -> Self {
        let message = format!(
            "cannot use a temporary file ({error}); set TMPDIR to a directory with enough room"
        );
        Self::new("unwritable", message)
    }

    /// What was noticed before.
    pub(crate) fn after(mut self, mut diagnostics: Diagnostics) -> Self {
        diagnostics.append(std::mem::take(&mut self.diagnostics));
        self.diagnostics = diagnostics;
        self
    }
}

impl Reporter {
    /// A reporter for people, or for programs if `json`.
    pub(crate) fn new(json: bool, findings: Stream) -> Self {
        Self { json, findings, bar: ProgressBar::hidden() }
    }

    /// Shows how far the work on `count` inputs is, if they are many and somebody looks on.
    pub(crate) fn expect(&mut self, count: usize) {
        if count < MANY || !io::stderr().is_terminal() {
            return;
        }
        self.bar = bar(count as u64, "{bar:32} {pos}/{len} {wide_msg}");
    }

    /// Shows how far a long file is read, if somebody looks on and sees nothing else move.
    pub(crate) fn watch(&self, name: &str, file: File) -> Watched {
        let is_seen = io::stderr().is_terminal() && !io::stdout().is_terminal();
        if !self.bar.is_hidden() || !is_seen {
            return Watched { file, bar: ProgressBar::hidden() };
        }
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        let bar = bar(length, "{bar:32} {bytes}/{total_bytes} {wide_msg}");
        bar.set_message(printable(name));
        // It goes away with the file, before anything is said about what was in it.
        Watched { file, bar: bar.with_finish(ProgressFinish::AndClear) }
    }

    /// Says that the work on the input `name` begins.
    pub(crate) fn begin(&self, name: &str) {
        if !self.bar.is_hidden() {
            self.bar.set_message(printable(name));
        }
    }

    /// Says that the work on an input has ended.
    pub(crate) fn advance(&self) {
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Everything that was noticed about `file`, from top to bottom.
    pub(crate) fn diagnostics(&self, file: &str, diagnostics: &Diagnostics) {
        let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| match diagnostic.position {
            Position::Text { line, column, .. } => (0, line, column),
            // Pointers come as the objects were walked, and names of members have no order worth restoring.
            _ => (1, 0, 0),
        });
        for diagnostic in sorted {
            self.write(self.findings, &Line::of(file, diagnostic));
        }
        if diagnostics.suppressed() > 0 {
            let message = format!("{} more findings are not listed", diagnostics.suppressed());
            self.note(file, "not-listed", &message);
        }
    }

    /// An input that gave nothing.
    pub(crate) fn failure(&self, file: &str, failure: &Failure) {
        self.diagnostics(file, &failure.diagnostics);
        self.write(
            Stream::Error,
            &Line::plain(file, Severity::Error, failure.code, &failure.message),
        );
    }

    /// Something worth knowing that is no finding.
    pub(crate) fn note(&self, file: &str, code: &str, message: &str) {
        self.write(Stream::Error, &Line::plain(file, Severity::Note, code, message));
    }

    /// The last line: `text` for people, `object` for programs.
    pub(crate) fn summary(&self, text: &str, object: &impl Serialize) {
        let line = if self.json {
            serde_json::to_string(object).unwrap_or_default()
        } else {
            text.to_owned()
        };
        self.put(Stream::Error, line);
    }

    fn write(&self, stream: Stream, line: &Line<'_>) {
        let text =
            if self.json { serde_json::to_string(line).unwrap_or_default() } else { line.text() };
        self.put(stream, text);
    }

    /// Nobody can be told that telling failed, so errors end here; a reader who has left is no error at all.
    fn put(&self, stream: Stream, mut line: String) {
        line.push('\n');
        self.bar.suspend(|| {
            let _ = match stream {
                Stream::Output => io::stdout().lock().write_all(line.as_bytes()),
                Stream::Error => io::stderr().lock().write_all(line.as_bytes()),
            };
        });
    }
}

fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A file that moves a bar while it is read. Whoever reads it a second time sees the bar begin again.
pub(crate) struct Watched {
    file: File,
    bar: ProgressBar,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bar.inc(count as u64);
        Ok(count)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = self.file.seek(to)?;
        self.bar.set_position(position);
        Ok(position)
    }
}

/// One line, in the order of its JSON form.
#[derive(Debug, Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// With its leading slash, unlike in the library; empty for the whole document (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    severity: &'static str,
    code: &'a str,
    property: &'a str,
    message: &'a str,
}

impl<'a> Line<'a> {
    fn plain(file: &'a str, severity: Severity, code: &'a str, message: &'a str) -> Self {
        let severity = severity.as_str();
        Self {
            file,
            line: None,
            column: None,
            pointer: None,
            severity,
            code,
            property: "",
            message,
        }
    }

    fn of(file: &'a str, diagnostic: &'a Diagnostic) -> Self {
        let plain = Self::plain(file, diagnostic.severity, diagnostic.code, &diagnostic.message);
        let line = Self { property: &diagnostic.property, ..plain };
        match &diagnostic.position {
            Position::Text { line: row, column, .. } => {
                Self { line: Some(*row), column: Some(*column), ..line }
            }
            Position::Pointer(pointer) if pointer.is_empty() => {
                Self { pointer: Some(String::new()), ..line }
            }
            Position::Pointer(pointer) => Self { pointer: Some(format!("/{pointer}")), ..line },
            _ => line,
        }
    }

    fn text(&self) -> String {
        let mut text = printable(self.file);
        if let (Some(line), Some(column)) = (self.line, self.column) {
            let _ = write!(text, ":{line}:{column}");
        }
        if let Some(pointer) = &self.pointer {
            text.push('#');
            text.push_str(&printable(if pointer.is_empty() { "/" } else { pointer }));
        }
        let _ = write!(text, ": {}[{}]: {}", self.severity, self.code, printable(self.message));
        text
    }
}

/// Without control characters: a file name or a value must not steer the terminal, nor begin a line of its own.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_where_and_what() {
        let line = |diagnostic: Diagnostic| Line::of("a.ics", &diagnostic).text();
        let found = || Diagnostic::new("lost", Severity::Warning, "gone").property("X-A");
        assert_eq!(line(found()), "a.ics: warning[lost]: gone");
        assert_eq!(line(found().at_line(3, 1)), "a.ics:3:1: warning[lost]: gone");
        assert_eq!(line(found().at_pointer("entries/0")), "a.ics#/entries/0: warning[lost]: gone");
        assert_eq!(line(found().at_pointer("")), "a.ics#/: warning[lost]: gone");
    }

    #[test]
    fn a_watched_file_is_read_as_it_is_and_again() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"BEGIN:VCALENDAR").unwrap();
        file.rewind().unwrap();
        let mut watched = Reporter::new(false, Stream::Error).watch("a.ics", file);
        for _ in 0..2 {
            watched.rewind().unwrap();
            assert_eq!(watched.bar.position(), 0);
            let mut text = String::new();
            watched.read_to_string(&mut text).unwrap();
            assert_eq!(text, "BEGIN:VCALENDAR");
            assert_eq!(watched.bar.position(), 15);
        }
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let diagnostic = Diagnostic::new("x", Severity::Note, "a\x1b[2Jb\nc é");
        assert_eq!(
            Line::of("\u{7}.ics", &diagnostic).text(),
            "\\u{7}.ics: note[x]: a\\u{1b}[2Jb\\nc é"
        );
    }
}
