//! Lossless conversion between iCalendar (RFC 5545 and its extensions) and JSCalendar (RFC 8984 and JSCalendar 2.0).
//!
//! ```
//! use jscalendar::Entry;
//!
//! let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:e1\r\n\
//!            DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20260301T090000\r\n\
//!            DTEND;TZID=Europe/Berlin:20260301T100000\r\nSUMMARY:Breakfast\r\nX-ROOM;X-FLOOR=2:blue\r\n\
//!            END:VEVENT\r\nEND:VCALENDAR\r\n";
//!
//! let mut group = ical_jscal::from_ical(ics)?.value;
//! let Entry::Event(event) = &mut group.entries[0] else { panic!("not an event") };
//! event.title = Some("Brunch".to_owned());
//!
//! let text = ical_jscal::to_ical(&group)?.value;
//! assert!(text.contains("SUMMARY:Brunch\r\n"));
//! assert!(text.contains("DTEND;TZID=Europe/Berlin:20260301T100000\r\n"), "the end is still DTEND");
//! assert!(text.contains("X-ROOM;X-FLOOR=2:blue\r\n"), "and what JSCalendar has no word for is there");
//! # Ok::<(), ical_jscal::Error>(())
//! ```
//!
//! # Both directions
//!
//! [`from_ical`] and [`to_ical`] do the usual thing. [`FromIcal`] and [`ToIcal`] have options, and more forms: several
//! calendars ([`FromIcal::groups`]), JSON text ([`FromIcal::json`], [`ToIcal::json`]), streams ([`FromIcal::stream`],
//! [`ToIcal::stream`]). A VCALENDAR is a [`Group`](jscalendar::Group), a VEVENT an [`Event`](jscalendar::Event), a VTODO
//! a [`Task`](jscalendar::Task); components with a RECURRENCE-ID are the overrides of their series.
//!
//! # What has no counterpart
//!
//! In [`Mode::Lossless`] it is kept: in the `iCalendar` member one way, as `JSPROP` and `JSID` the other. What is kept of
//! a property that was converted (a parameter, the name of a time zone, that the end was a DTEND) is a hint. A hint
//! counts only while it says what the typed member says: what you edit shows. [`Mode::Clean`] leaves all that out and
//! reports it; in [`Mode::Strict`] any loss or repair is an error.
//!
//! # What was wrong
//!
//! Real calendars are broken. What can be saved is saved, and each repair, each thing put aside and each loss is a
//! [`Diagnostic`](jscalendar::Diagnostic) with a stable code, a severity and a position: line and column of a text, a
//! pointer into JSON.
//!
//! # When something happens, and what an edit means
//!
//! [`CalendarZones`] has the time zones that came with a calendar, for [`Series`](jscalendar::Series), which tells the
//! occurrences. [`FromIcal::changes`] makes patches for stored objects of an old and a new text.
//!
//! # Pure
//!
//! There is no clock and no randomness: the same input gives the same bytes. Keys of maps are made from the values, as
//! the conversion draft recommends.
//!
//! # Features
//!
//! | feature | default | what it does |
//! | --- | --- | --- |
//! | `tz` | yes | compiles in the IANA time zone database |
//!
//! # Standards
//!
//! draft-ietf-calext-jscalendar-icalendar (read in revision 25), RFC 5545, 7529, 7986, 9073, 9074, 9253, RFC 7265 for the
//! hatch. Where they leave a choice, ARCHITECTURE.md of the repository says what was chosen.

mod allowance;
mod calendar;
mod calendar_zones;
mod changes;
mod document;
mod draft;
mod entry;
mod error;
mod from_ical;
mod hatch;
mod jcal;
mod key;
mod mode;
mod out;
mod peek;
mod property;
mod sink;
mod source;
mod time_zone;
mod to_ical;
mod value;

pub use self::calendar_zones::CalendarZones;
pub use self::changes::Change;
pub use self::error::{Converted, Error};
pub use self::from_ical::{FromIcal, from_ical};
pub use self::mode::{InvalidMode, Mode};
pub use self::to_ical::{Exportable, ToIcal, to_ical};

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct WorkspaceReadme;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
