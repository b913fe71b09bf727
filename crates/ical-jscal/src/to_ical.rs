//! JSCalendar to iCalendar: [`to_ical`] and [`ToIcal`].

use std::io::{Read, Seek, Write};

use jscalendar::{Diagnostics, Entry, Event, Group, Task, UtcDateTime};

use crate::allowance::Allowance;
use crate::calendar::{self, Place};
use crate::{Converted, Error, Mode, document};

/// Converts a group, an event or a task to an iCalendar text.
///
/// ```
/// use jscalendar::Event;
///
/// let mut event = Event::new("e1", "2026-03-01T09:00:00".parse()?);
/// event.title = Some("Breakfast".to_owned());
/// event.updated = Some("2026-01-01T00:00:00Z".parse()?);
/// let text = ical_jscal::to_ical(&event)?.value;
/// assert!(text.contains("DTSTART:20260301T090000\r\n"));
/// assert!(text.contains("SUMMARY:Breakfast\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// None in the default mode; in strict mode ([`ToIcal::mode`]) if anything was lost.
pub fn to_ical(object: &(impl Exportable + ?Sized)) -> Result<Converted<String>, Error> {
    ToIcal::new().text(object)
}

/// How JSCalendar is converted to iCalendar.
///
/// ```
/// use ical_jscal::{Mode, ToIcal};
///
/// let mut options = ToIcal::new();
/// options.mode = Mode::Clean;
/// options.now = Some("2026-01-01T00:00:00Z".parse()?);
/// let event = r#"{"@type":"Event","uid":"e1","start":"2026-03-01T09:00:00","example.com:mood":"good"}"#;
/// let converted = options.json(event)?;
/// assert!(converted.value.contains("DTSTAMP:20260101T000000Z\r\n"));
/// assert_eq!(
///     converted.diagnostics[0].to_string(),
///     "#/example.com:mood: error[lost]: iCalendar has no counterpart for it",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ToIcal {
    /// What happens to what iCalendar has no word for; [`Mode::Lossless`] by default.
    pub mode: Mode,
    /// The DTSTAMP of objects without `updated`. The clock is never read: without this it is `created`, else the
    /// beginning of 1970, and that is reported.
    pub now: Option<UtcDateTime>,
    /// The PRODID where the object has none.
    pub prod_id: String,
    /// The calendar address that reminders by mail go to, where the object does not say it.
    pub email_attendee: Option<String>,
    /// Whether zones that are named get a VTIMEZONE, as RFC 5545 demands; true by default.
    pub time_zones: bool,
    /// How many diagnostics are kept at most.
    pub max_diagnostics: usize,
}

impl ToIcal {
    /// The defaults: lossless, with time zones.
    pub fn new() -> Self {
        Self {
            mode: Mode::Lossless,
            now: None,
            prod_id: "-//ical-jscal//EN".to_owned(),
            email_attendee: None,
            time_zones: true,
            max_diagnostics: Diagnostics::DEFAULT_LIMIT,
        }
    }

    /// Converts a group, an event or a task.
    ///
    /// # Errors
    ///
    /// In strict mode if anything was lost.
    pub fn text(&self, object: &(impl Exportable + ?Sized)) -> Result<Converted<String>, Error> {
        let mut text = String::new();
        let mut diagnostics = Diagnostics::with_limit(self.max_diagnostics);
        object.export(self, &mut diagnostics, &mut text);
        Converted::judged(text, diagnostics, self.mode)
    }

    /// Converts JSON text: a group, an event or a task, of either version of JSCalendar, or an array of them.
    ///
    /// ```
    /// let json = r#"{"@type":"Event","uid":"e1","start":"2026-03-01T09:00:00","title":5}"#;
    /// let converted = ical_jscal::ToIcal::new().json(json)?;
    /// assert!(converted.value.contains("UID:e1\r\n"));
    /// assert_eq!(
    ///     converted.diagnostics[0].to_string(),
    ///     "#/title: warning[wrong-value]: expected a string; kept as it is",
    /// );
    /// # Ok::<(), ical_jscal::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is no such JSON, and in strict mode if anything was lost.
    pub fn json(&self, json: &str) -> Result<Converted<String>, Error> {
        let mut text = String::with_capacity(json.len());
        let mut diagnostics = Diagnostics::with_limit(self.max_diagnostics);
        document::read(json, &mut Run::new(self, &mut diagnostics), |group, place, run| {
            calendar::export(&group, place, run, &mut text);
        })?;
        Converted::judged(text, diagnostics, self.mode)
    }

    /// Converts a stream of JSON text to what [`json`](Self::json) gives for it.
    ///
    /// The JSON text is held in memory while it is converted; of the iCalendar text, one calendar is.
    ///
    /// # Errors
    ///
    /// If reading or writing fails, if the input is no such JSON or no UTF-8 (which is an error of reading), and in
    /// strict mode if anything was lost. What was written until then must not be used.
    pub fn stream(
        &self,
        input: impl Read + Seek,
        output: impl Write,
    ) -> Result<Diagnostics, Error> {
        let mut diagnostics = Diagnostics::with_limit(self.max_diagnostics);
        document::stream(input, output, &mut Run::new(self, &mut diagnostics))?;
        Ok(Converted::judged((), diagnostics, self.mode)?.diagnostics)
    }
}

impl Default for ToIcal {
    fn default() -> Self {
        Self::new()
    }
}

/// The conversion of one document.
pub(crate) struct Run<'r> {
    pub(crate) options: &'r ToIcal,
    pub(crate) diagnostics: &'r mut Diagnostics,
    pub(crate) allowance: Allowance,
}

impl<'r> Run<'r> {
    fn new(options: &'r ToIcal, diagnostics: &'r mut Diagnostics) -> Self {
        Self { options, diagnostics, allowance: Allowance::new() }
    }
}

/// What can be converted to iCalendar: a [`Group`], an [`Event`], a [`Task`], an [`Entry`], or several groups.
pub trait Exportable: sealed::Sealed {
    #[doc(hidden)]
    fn export(&self, options: &ToIcal, diagnostics: &mut Diagnostics, text: &mut String);
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else is to implement it")]
    pub trait Sealed {}

    impl Sealed for jscalendar::Group {}
    impl Sealed for jscalendar::Event {}
    impl Sealed for jscalendar::Task {}
    impl Sealed for jscalendar::Entry {}
    impl Sealed for [jscalendar::Group] {}
}

impl Exportable for Group {
    fn export(&self, options: &ToIcal, diagnostics: &mut Diagnostics, text: &mut String) {
        calendar::export(self, Place::Group(""), &mut Run::new(options, diagnostics), text);
    }
}

impl Exportable for [Group] {
    fn export(&self, options: &ToIcal, diagnostics: &mut Diagnostics, text: &mut String) {
        let mut run = Run::new(options, diagnostics);
        for (at, group) in self.iter().enumerate() {
            calendar::export(group, Place::Group(&at.to_string()), &mut run, text);
        }
    }
}

impl Exportable for Entry {
    /// An entry without a group is written as a calendar that has nothing else.
    fn export(&self, options: &ToIcal, diagnostics: &mut Diagnostics, text: &mut String) {
        let group = document::alone(self.clone());
        calendar::export(&group, Place::Entry(""), &mut Run::new(options, diagnostics), text);
    }
}

impl Exportable for Event {
    fn export(&self, options: &ToIcal, diagnostics: &mut Diagnostics, text: &mut String) {
        Entry::from(self.clone()).export(options, diagnostics, text);
    }
}

impl Exportable for Task {
    fn export(&self, options: &ToIcal, diagnostics: &mut Diagnostics, text: &mut String) {
        Entry::from(self.clone()).export(options, diagnostics, text);
    }
}
