//! iCalendar to JSCalendar: [`from_ical`] and [`FromIcal`].

use std::io::{Read, Seek, Write};

use jscalendar::{Diagnostics, Group, UtcDateTime, Version};

use crate::allowance::Allowance;
use crate::calendar::{self, Sink};
use crate::draft::Context;
use crate::sink::{Groups, Json};
use crate::source::{Stream, Text};
use crate::time_zone::Zones;
use crate::{Converted, Error, Mode};

/// Converts an iCalendar text to JSCalendar 2.0, losing nothing.
///
/// The result is one group; of several VCALENDARs it is the first ([`FromIcal::groups`] gives all of them).
///
/// ```
/// let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:e1\r\n\
///            DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20260301T090000\r\nDURATION:PT1H\r\n\
///            SUMMARY:Breakfast\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/// let converted = ical_jscal::from_ical(ics)?;
/// let jscalendar::Entry::Event(event) = &converted.value.entries[0] else { panic!("not an event") };
/// assert_eq!(event.title.as_deref(), Some("Breakfast"));
/// assert_eq!(event.time_zone.as_ref().map(|zone| zone.as_str()), Some("Europe/Berlin"));
/// assert!(converted.diagnostics.is_empty());
/// # Ok::<(), ical_jscal::Error>(())
/// ```
///
/// # Errors
///
/// If there is no component of iCalendar in the input.
pub fn from_ical(input: impl AsRef<[u8]>) -> Result<Converted<Group>, Error> {
    FromIcal::new().group(input)
}

/// How iCalendar is converted to JSCalendar.
///
/// ```
/// use ical_jscal::{FromIcal, Mode};
///
/// let mut options = FromIcal::new();
/// options.mode = Mode::Clean;
/// let json = options.json("BEGIN:VCALENDAR\nVERSION:2.0\nX-A:1\nNAME:Team\nEND:VCALENDAR\n")?;
/// assert_eq!(json.value, r#"{"@type":"Group","version":"2.0","title":"Team","entries":[]}"#);
/// assert_eq!(json.diagnostics[0].to_string(), "3:1: warning[lost]: the property has no counterpart");
/// # Ok::<(), ical_jscal::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FromIcal {
    /// What happens to what JSCalendar has no word for; [`Mode::Lossless`] by default.
    pub mode: Mode,
    /// The version of JSCalendar to convert to; 2.0 by default.
    pub version: Version,
    /// The `updated` of entries without a DTSTAMP. The clock is never read: without this they have none.
    pub now: Option<UtcDateTime>,
    /// How many diagnostics are kept at most.
    pub max_diagnostics: usize,
}

impl FromIcal {
    /// The defaults: lossless, to version 2.0.
    pub fn new() -> Self {
        Self {
            mode: Mode::Lossless,
            version: Version::V2_0,
            now: None,
            max_diagnostics: Diagnostics::DEFAULT_LIMIT,
        }
    }

    /// Converts the first VCALENDAR.
    ///
    /// # Errors
    ///
    /// If there is no component of iCalendar in the input, or in strict mode if anything was lost or repaired.
    pub fn group(&self, input: impl AsRef<[u8]>) -> Result<Converted<Group>, Error> {
        let groups = self.groups(input)?;
        match groups.value.into_iter().next() {
            Some(value) => Ok(Converted { value, diagnostics: groups.diagnostics }),
            None => Err(Error::NotICalendar),
        }
    }

    /// Converts every VCALENDAR.
    ///
    /// # Errors
    ///
    /// If there is no component of iCalendar in the input, or in strict mode if anything was lost or repaired.
    pub fn groups(&self, input: impl AsRef<[u8]>) -> Result<Converted<Vec<Group>>, Error> {
        let mut groups = Groups { list: Vec::new(), version: self.version };
        let diagnostics = self.read(input.as_ref(), &mut groups)?;
        Converted::judged(groups.list, diagnostics, self.mode)
    }

    /// Converts to compact JSON text: one VCALENDAR to a group, several to an array of groups.
    ///
    /// # Errors
    ///
    /// If there is no component of iCalendar in the input, or in strict mode if anything was lost or repaired.
    pub fn json(&self, input: impl AsRef<[u8]>) -> Result<Converted<String>, Error> {
        let mut sink = Json::in_memory(input.as_ref().len(), self.version);
        let diagnostics = self.read(input.as_ref(), &mut sink)?;
        Converted::judged(sink.into_text(), diagnostics, self.mode)
    }

    /// Converts a stream of any length to what [`json`](Self::json) gives for it, in little memory: one entry at a
    /// time, with the overrides of all series and the time zones.
    ///
    /// The input is read two or three times, from where it stands.
    ///
    /// # Errors
    ///
    /// If reading or writing fails, if there is no component of iCalendar in the input, or in strict mode if anything
    /// was lost or repaired. What was written until then is no complete JSON text, or must not be used.
    pub fn stream(
        &self,
        input: impl Read + Seek,
        output: impl Write,
    ) -> Result<Diagnostics, Error> {
        let mut diagnostics = Diagnostics::with_limit(self.max_diagnostics);
        let mut sink = Json::new(output, self.version);
        let any = calendar::import(&mut Stream::new(input)?, self, &mut diagnostics, &mut sink)?;
        if !any {
            return Err(Error::NotICalendar);
        }
        Ok(Converted::judged((), diagnostics, self.mode)?.diagnostics)
    }

    fn read(&self, input: &[u8], sink: &mut dyn Sink) -> Result<Diagnostics, Error> {
        let input = content_line::decode_input(input);
        let mut diagnostics = Diagnostics::with_limit(self.max_diagnostics);
        let any = calendar::import(&mut Text::new(&input), self, &mut diagnostics, sink)?;
        if any { Ok(diagnostics) } else { Err(Error::NotICalendar) }
    }

    pub(crate) fn context<'c>(
        &self,
        zones: &'c Zones,
        diagnostics: &'c mut Diagnostics,
        allowance: &'c mut Allowance,
    ) -> Context<'c> {
        Context {
            version: self.version,
            mode: self.mode,
            now: self.now,
            zones,
            method: None,
            diagnostics,
            allowance,
        }
    }
}

impl Default for FromIcal {
    fn default() -> Self {
        Self::new()
    }
}
