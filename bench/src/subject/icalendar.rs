//! icalendar, whose parser wants its input unfolded.

use std::hint::black_box;

use ::icalendar::parser::{read_calendar, unfold};

pub(super) fn parse(text: &str) -> Result<usize, String> {
    let unfolded = unfold(text);
    let calendar = black_box(read_calendar(&unfolded)?);
    Ok(calendar.components.len())
}
