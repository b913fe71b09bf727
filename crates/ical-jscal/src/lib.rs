//! Lossless conversion between iCalendar and JSCalendar.

mod calendar;
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

pub use self::error::{Converted, Error};
pub use self::from_ical::{FromIcal, from_ical};
pub use self::mode::{InvalidMode, Mode};
pub use self::to_ical::{Exportable, ToIcal, to_ical};
