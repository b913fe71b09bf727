//! VCALENDAR and [`Group`](jscalendar::Group), both directions.

mod export;
mod import;

pub(crate) use self::export::{Place, export};
pub(crate) use self::import::{Sink, import};
