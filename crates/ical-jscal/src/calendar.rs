//! VCALENDAR and [`Group`](jscalendar::Group), both directions.

mod export;
mod import;

pub(crate) use self::export::{Place, export, write_component};
pub(crate) use self::import::{Sink, import};
