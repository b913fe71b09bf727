//! [`Engine`]: one content in, the other format out; the libraries with their errors in the words of this program.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use ical_jscal::{Converted, Error, FromIcal, Mode, ToIcal};
use jscalendar::{Diagnostics, Severity, UtcDateTime, Version};

use crate::document;
use crate::input::Input;
use crate::kind::Kind;
use crate::report::Failure;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Converts contents, always in the same way.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    from_ical: FromIcal,
    to_ical: ToIcal,
}

/// The formats on both sides of a conversion; neither is one of contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) from: Kind,
    pub(crate) to: Kind,
}

impl Engine {
    pub(crate) fn new(mode: Mode, version: Version, now: Option<UtcDateTime>) -> Self {
        let (mut from_ical, mut to_ical) = (FromIcal::new(), ToIcal::new());
        (from_ical.mode, to_ical.mode) = (mode, mode);
        (from_ical.now, to_ical.now) = (now, now);
        from_ical.version = version;
        Self { from_ical, to_ical }
    }

    /// Whether a conversion may fail after all of it was written.
    pub(crate) fn is_strict(&self) -> bool {
        self.from_ical.mode == Mode::Strict
    }

    /// Converts a content in memory.
    pub(crate) fn convert(
        &self,
        pair: Pair,
        input: &[u8],
    ) -> Result<(String, Diagnostics), Failure> {
        match (pair.from.is_json(), pair.to.is_json()) {
            (false, true) => parts(self.from_ical.json(input)),
            (true, false) => parts(self.to_ical.json(text(input)?)),
            (true, true) => self.rewrite(text(input)?),
            (false, false) => {
                let (json, diagnostics) = parts(self.through().json(input))?;
                let (ical, more) = parts(self.to_ical.json(&json))
                    .map_err(|failure| failure.after(diagnostics.clone()))?;
                Ok((ical, joined(diagnostics, more)))
            }
        }
    }

    /// Converts a large file. JSON is held in memory while it is read, iCalendar is not.
    pub(crate) fn stream(
        &self,
        pair: Pair,
        mut input: impl Read + Seek,
        output: &mut dyn Write,
    ) -> Result<Diagnostics, Failure> {
        match (pair.from.is_json(), pair.to.is_json()) {
            (false, true) => {
                self.from_ical.stream(BufReader::new(input), output).map_err(Failure::from)
            }
            (true, false) => self.stream_to_ical(input, output),
            (true, true) => {
                let mut bytes = Vec::new();
                input.read_to_end(&mut bytes).map_err(|error| Failure::unreadable(&error))?;
                let (json, diagnostics) = self.rewrite(text(&bytes)?)?;
                output
                    .write_all(json.as_bytes())
                    .map_err(|error| Failure::from(Error::Io(error)))?;
                Ok(diagnostics)
            }
            (false, false) => {
                let mut between =
                    tempfile::tempfile().map_err(|error| Failure::temporary(&error))?;
                let writer = BufWriter::new(&mut between);
                let diagnostics = self.through().stream(BufReader::new(input), writer)?;
                between.rewind().map_err(|error| Failure::temporary(&error))?;
                let more = self
                    .stream_to_ical(between, output)
                    .map_err(|failure| failure.after(diagnostics.clone()))?;
                Ok(joined(diagnostics, more))
            }
        }
    }

    fn stream_to_ical(
        &self,
        mut input: impl Read + Seek,
        output: &mut dyn Write,
    ) -> Result<Diagnostics, Failure> {
        skip_bom(&mut input).map_err(|error| Failure::unreadable(&error))?;
        self.to_ical.stream(BufReader::new(input), output).map_err(Failure::from)
    }

    /// From iCalendar to iCalendar leads through 2.0, whatever version was asked for: it says more.
    fn through(&self) -> FromIcal {
        let mut through = self.from_ical.clone();
        through.version = Version::V2_0;
        through
    }

    /// JSCalendar in the other version, or in the same one in its regular form.
    fn rewrite(&self, json: &str) -> Result<(String, Diagnostics), Failure> {
        let (written, diagnostics) = document::rewrite(json, self.from_ical.version)?;
        let worst = diagnostics.worst();
        if self.is_strict() && (worst >= Some(Severity::Warning) || diagnostics.suppressed() > 0) {
            return Err(Error::Strict(diagnostics).into());
        }
        Ok((written, diagnostics))
    }
}

fn parts(converted: Result<Converted<String>, Error>) -> Result<(String, Diagnostics), Failure> {
    let converted = converted?;
    Ok((converted.value, converted.diagnostics))
}

fn joined(mut first: Diagnostics, second: Diagnostics) -> Diagnostics {
    first.append(second);
    first
}

/// What a content is that begins so: iCalendar or JSCalendar.
pub(crate) fn kind(head: &[u8]) -> Result<Kind, Failure> {
    let kind =
        Kind::detect(head).map_err(|unknown| Failure::new("unknown-kind", unknown.to_string()))?;
    if kind.is_contact() {
        let message =
            format!("this is {kind}, which is not supported yet; iCalendar and JSCalendar are");
        return Err(Failure::new("unsupported-kind", message));
    }
    Ok(kind)
}

/// All of an input, and what it is.
pub(crate) fn load(input: &Input) -> Result<(Kind, Vec<u8>), Failure> {
    let mut content = input.open().map_err(|error| Failure::unreadable(&error))?;
    let head = content.head().map_err(|error| Failure::unreadable(&error))?;
    let kind = kind(&head)?;
    Ok((kind, content.into_bytes().map_err(|error| Failure::unreadable(&error))?))
}

/// JSON text, which has to be UTF-8 (RFC 8259, section 8.1).
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Failure> {
    std::str::from_utf8(bytes.strip_prefix(BOM).unwrap_or(bytes)).map_err(|error| {
        let line =
            bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        Failure::new(
            "not-utf-8",
            format!(
                "JSON has to be UTF-8, and this is not (line {line}); convert the encoding first"
            ),
        )
    })
}

fn skip_bom(file: &mut (impl Read + Seek)) -> io::Result<()> {
    let mut start = [0; 3];
    let is_bom = file.read_exact(&mut start).is_ok() && start == BOM;
    file.seek(SeekFrom::Start(if is_bom { 3 } else { 0 }))?;
    Ok(())
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotICalendar => Self::new("not-icalendar", error.to_string()),
            Error::NotJSCalendar(_) => Self::new("not-jscalendar", error.to_string()),
            Error::Strict(diagnostics) => {
                let message =
                    "something was lost or had to be repaired, which strict mode does not allow";
                Self::new("not-exact", message).after(diagnostics)
            }
            Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => Self::new(
                "not-utf-8",
                "JSON has to be UTF-8, and this is not; convert the encoding first",
            ),
            Error::Io(error) => Self::unreadable(&error),
            error => Self::new("failed", error.to_string()),
        }
    }
}
