//! Content lines of [RFC 5545] (iCalendar) and [RFC 6350] (vCard): parse, unfold, escape, write.
//!
//! This crate knows what a line, a parameter and a component is, and nothing of what they mean: no properties, no
//! dates, no JSON. It reads whatever real programs write, tells what was wrong with it, and writes only what the
//! standards allow.
//!
//! # Tour
//!
//! ```
//! use content_line::{LineWriter, parse, unescape_text};
//!
//! let parsed = parse(
//!     b"BEGIN:VCALENDAR\r\n\
//!       BEGIN:VEVENT\r\n\
//!       SUMMARY;LANGUAGE=en:Tea\\, cake and \r\n\
//!       \x20a walk\r\n\
//!       ATTENDEE;CN=\"Doe, Jo\";MEMBER=\"mailto:a@example.com\",\"mailto:b@example.com\":mailto:jo@example.com\r\n\
//!       this is no content line\r\n\
//!       END:VEVENT\r\n\
//!       END:VCALENDAR\r\n",
//! );
//! let event = &parsed.components[0].components[0];
//!
//! // Values stay as written; what they mean is the caller's business.
//! let summary = event.line("summary").unwrap();
//! assert_eq!(summary.value(), r"Tea\, cake and a walk");
//! assert_eq!(unescape_text(summary.value()), "Tea, cake and a walk");
//!
//! // Parameters are found while iterating; values come without quotes.
//! let attendee = event.line("ATTENDEE").unwrap();
//! assert_eq!(attendee.param("cn").unwrap().value(), "Doe, Jo");
//! assert_eq!(attendee.param("MEMBER").unwrap().values().count(), 2);
//!
//! // What is wrong is said and kept, and stops nothing.
//! assert_eq!(parsed.problems[0].to_string(), "line 6: not a content line: `this is no content line`");
//!
//! // Writing quotes, escapes and folds.
//! let mut writer = LineWriter::new();
//! writer.name("ATTENDEE").param("CN", "Doe, \"Jo\"").value_raw("mailto:jo@example.com");
//! writer.name("SUMMARY").value_text("Tea, cake\nand a walk");
//! assert_eq!(
//!     writer.as_str(),
//!     "ATTENDEE;CN=\"Doe, ^'Jo^'\":mailto:jo@example.com\r\nSUMMARY:Tea\\, cake\\nand a walk\r\n",
//! );
//! ```
//!
//! # Which one to take
//!
//! | for | take |
//! | --- | --- |
//! | a whole input as a tree | [`parse`], or [`Components`] for one top-level component at a time |
//! | a flat list of lines | [`Lines`] |
//! | a large calendar, one event at a time | [`BlockReader`] over a stream, [`Blocks`] over bytes, then [`Component::parse`] |
//! | TEXT values, lists, structured values | [`unescape_text`], [`split_unescaped`], [`split_structured`] |
//! | writing | [`LineWriter`]; [`fold_into`] and [`escape_text_into`] are its parts |
//!
//! # What is accepted
//!
//! * **Line ends**: CRLF, LF, CR, mixed; CRCRLF counts as one. Blank lines are skipped, and do not break a fold.
//! * **Folding** anywhere, inside a character too: bytes are joined first and decoded then. In vCard 2.1 and vCalendar
//!   1.0 a quoted-printable value also goes on after a `=` at the end of a line; the value itself stays encoded.
//! * **Encodings**: UTF-8 with or without a byte order mark, UTF-16, and Windows-1252 for the bytes that are not UTF-8
//!   ([`Line::decoding`] tells, and [`ProblemKind::NotUtf8`]).
//! * **Names**: everything before the first `;` or `:`. A group is what stands before the first `.`.
//! * **Parameters** without a name (vCard 2.1), doubled `;`, quotes that are never closed, quotes inside a value.
//! * **Components** without `END`, stray and wrong `END`s, several `VCALENDAR`s, lines outside any component.
//! * **Control characters** stay in the values that are read. They are never written.
//!
//! Time and memory are in proportion to the input, whatever it is. Components are nested at most [`MAX_DEPTH`] deep;
//! what is deeper is kept as text.
//!
//! [RFC 5545]: https://www.rfc-editor.org/rfc/rfc5545#section-3.1
//! [RFC 6350]: https://www.rfc-editor.org/rfc/rfc6350#section-3.2

mod blocks;
mod component;
mod decode;
mod line;
mod logical;
mod nesting;
mod param;
mod position;
mod problem;
mod text;
mod write;

pub use crate::{
    blocks::{Block, BlockReader, Blocks},
    component::{Component, Components, Item, Parsed, parse},
    decode::{Decoding, decode_input},
    line::{Line, Lines},
    nesting::MAX_DEPTH,
    param::{Param, ParamValues, Params},
    position::Position,
    problem::{Problem, ProblemKind},
    text::{Split, escape_text_into, split_structured, split_unescaped, unescape_text},
    write::{LineBuilder, LineWriter, Written, fold_into},
};
