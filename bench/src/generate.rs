//! A calendar as a large account would export it, made up from a size and a seed.
//!
//! Everything in it is invented, every address is at example.com. The same size and seed give the same bytes on every
//! machine; `one_size_and_seed_is_one_text` holds that fast, because figures of different days are only comparable if
//! the input is.

mod event;
mod random;
mod text;
mod words;
mod zone;

use std::io::{self, Write};

use self::event::{Later, component};
use self::random::Random;
use self::text::Text;

/// The seed if nobody gives one.
pub(crate) const SEED: u64 = 5545;

/// About how much text is handed on at a time.
const CHUNK: usize = 64 * 1024;

/// Writes one VCALENDAR of `size` bytes or a little more to `out`.
pub(crate) fn write(size: usize, seed: u64, out: &mut impl Write) -> io::Result<()> {
    let mut random = Random::new(seed);
    let mut text = Text::default();
    let mut waiting: Vec<Later> = Vec::new();
    let mut written = 0;

    begin(&mut text);
    let mut number = 0_u64;
    while written + text.len() < size {
        number += 1;
        component(number, &mut random, &mut text, &mut waiting);
        hand_over_due(&mut waiting, number, &mut text);
        if text.len() >= CHUNK {
            out.write_all(text.as_bytes())?;
            written += text.len();
            text.clear();
        }
    }
    hand_over_due(&mut waiting, u64::MAX, &mut text);
    text.line("END:VCALENDAR");
    out.write_all(text.as_bytes())
}

/// The calendar as a text in memory.
pub(crate) fn text(size: usize, seed: u64) -> String {
    let mut bytes = Vec::with_capacity(size + CHUNK);
    // Writing to memory does not fail, and what is written is a text.
    let _ = write(size, seed, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

fn begin(text: &mut Text) {
    for line in [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example Inc//Example Calendar 70.9054//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Everything of ann@example.com",
        "X-WR-TIMEZONE:Europe/Berlin",
        "X-WR-CALDESC:Meetings\\, birthdays\\, shifts and the rest",
    ] {
        text.line(line);
    }
    zone::all(text);
}

/// Writes the overrides whose turn has come: real exports do not always keep them beside their series.
fn hand_over_due(waiting: &mut Vec<Later>, number: u64, text: &mut Text) {
    waiting.retain(|later| {
        let due = later.after <= number;
        if due {
            text.append(&later.text);
        }
        !due
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_size_and_seed_is_one_text() {
        let sample = text(500_000, SEED);
        assert_eq!(sample, text(500_000, SEED));
        assert_ne!(sample, text(500_000, SEED + 1));
        // FNV-1a. A change of the generator changes this number: then figures before and after cannot be compared.
        let hash = sample.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        assert_eq!((sample.len(), hash), (500_664, 0xc7c2_d8fd_3bbe_fc49));
    }

    #[test]
    fn it_has_the_size_and_what_it_promises() {
        let sample = text(2_000_000, SEED);
        assert!((2_000_000..2_400_000).contains(&sample.len()), "{} bytes", sample.len());
        for part in [
            "BEGIN:VTODO",
            "BEGIN:VALARM",
            "\r\nRECURRENCE-ID",
            "\r\nRRULE:",
            "\r\nEXDATE;",
            "ENCODING=BASE64",
            "TZID=Site North",
            "TZID=W. Europe Standard Time",
            "X-MICROSOFT-CDO-BUSYSTATUS",
            "X-GOOGLE-CONFERENCE",
            "\r\nATTENDEE;",
            "VALUE=DATE:",
        ] {
            assert!(sample.contains(part), "{part}");
        }
        assert!(sample.split("\r\n").all(|line| line.len() <= 75));
        let starting = |word: &str| sample.lines().filter(|line| line.starts_with(word)).count();
        assert_eq!(starting("BEGIN:"), starting("END:"));
    }

    #[test]
    fn it_is_a_calendar_without_a_fault() {
        let sample = text(1_000_000, SEED);
        let parsed = content_line::parse(sample.as_bytes());
        assert_eq!(parsed.components.len(), 1);
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems.first());
    }
}
