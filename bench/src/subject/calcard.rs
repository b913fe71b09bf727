//! calcard, by its default options.

use std::hint::black_box;

use ::calcard::icalendar::ICalendar;
use ::calcard::jscalendar::JSCalendar;
use ::calcard::{Entry, Parser};

pub(super) fn parse(text: &str) -> Result<usize, String> {
    Ok(black_box(calendars(text)?).len())
}

pub(super) fn to_json(text: &str) -> Result<usize, String> {
    let mut length = 0;
    for calendar in calendars(text)? {
        length += black_box(convert(calendar)?).len();
    }
    Ok(length)
}

pub(super) fn json(text: &str) -> Result<Vec<String>, String> {
    calendars(text)?.into_iter().map(convert).collect()
}

pub(super) fn to_ical(json: &str) -> Result<usize, String> {
    let object = JSCalendar::<String, String>::parse(json)?;
    let calendar = object.into_icalendar().ok_or("no calendar came out")?;
    Ok(black_box(calendar.to_string()).len())
}

/// Every calendar of a text.
fn calendars(text: &str) -> Result<Vec<ICalendar>, String> {
    let mut parser = Parser::new(text);
    let mut calendars = Vec::new();
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => calendars.push(calendar),
            Entry::Eof if calendars.is_empty() => return Err("no calendar".to_owned()),
            Entry::Eof => return Ok(calendars),
            Entry::InvalidLine(_) => {}
            other => return Err(format!("{other:?}")),
        }
    }
}

fn convert(calendar: ICalendar) -> Result<String, String> {
    let object = calendar.into_jscalendar::<String, String>();
    serde_json::to_string(&object.into_inner()).map_err(|error| error.to_string())
}
