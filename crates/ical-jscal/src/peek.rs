//! What has to be known of an entry before it is read: its kind, its UID, whether it is an override.

use std::hash::{DefaultHasher, Hash, Hasher};

use content_line::{Line, Position};
use memchr::memchr2;

use crate::draft::Kind;

/// A look at a VEVENT or VTODO, without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peek {
    pub(crate) kind: Kind,
    /// Stands for the kind and the UID; none without a UID.
    pub(crate) series: Option<SeriesHash>,
    pub(crate) is_override: bool,
    pub(crate) has_start: bool,
}

/// A hash of a kind and a UID, long enough for two of them never to be equal by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SeriesHash(u64, u64);

impl SeriesHash {
    fn of(kind: Kind, uid: &str) -> Self {
        let half = |salt: u8| {
            // Always the same keys, so that the same input gives the same result.
            let mut hasher = DefaultHasher::new();
            (salt, kind, uid).hash(&mut hasher);
            hasher.finish()
        };
        Self(half(0), half(1))
    }
}

/// Looks at a component; none if it is no VEVENT or VTODO.
pub(crate) fn peek(bytes: &[u8]) -> Option<Peek> {
    let kind = kind_of(bytes)?;
    let mut peek = Peek { kind, series: None, is_override: false, has_start: kind == Kind::Task };
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        let line = &bytes[at..];
        match line[0] {
            b'B' | b'b' if starts(line, b"BEGIN:") => depth += 1,
            // An END of something else ends nothing.
            b'E' | b'e' if depth > 1 && starts(line, b"END:") => depth -= 1,
            b'U' | b'u' if depth == 1 && is_property(line, b"UID") && peek.series.is_none() => {
                if let Ok(line) = Line::parse(line, Position::START) {
                    peek.series =
                        (!line.value().is_empty()).then(|| SeriesHash::of(kind, line.value()));
                }
            }
            b'R' | b'r' if depth == 1 && is_property(line, b"RECURRENCE-ID") => {
                peek.is_override = true
            }
            b'D' | b'd' if depth == 1 && is_property(line, b"DTSTART") => peek.has_start = true,
            _ => {}
        }
        at += memchr2(b'\n', b'\r', line).map_or(line.len(), |end| end + 1);
    }
    Some(peek)
}

/// The kind of the component that `bytes` begin with.
fn kind_of(bytes: &[u8]) -> Option<Kind> {
    let line = bytes.trim_ascii_start();
    let name = line.get(6..).filter(|_| starts(line, b"BEGIN:"))?.trim_ascii_start();
    let is = |wanted: &[u8]| {
        starts(name, wanted) && name.get(wanted.len()).is_none_or(u8::is_ascii_whitespace)
    };
    if is(b"VEVENT") {
        Some(Kind::Event)
    } else if is(b"VTODO") {
        Some(Kind::Task)
    } else {
        None
    }
}

fn starts(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// Whether a line has this name; it may be folded right behind it.
fn is_property(line: &[u8], name: &[u8]) -> bool {
    starts(line, name) && matches!(line.get(name.len()), Some(b':' | b';' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_only_the_component_itself() {
        let event = b"BEGIN:VEVENT\r\nBEGIN:VALARM\r\nUID:a\r\nEND:VALARM\r\nuid:u\r\n 1\r\nDTSTART:x\r\nEND:VEVENT\r\n";
        let peek = peek(event).unwrap();
        assert_eq!(peek.series, Some(SeriesHash::of(Kind::Event, "u1")));
        assert!(peek.has_start && !peek.is_override);
    }

    #[test]
    fn other_components_are_none() {
        assert_eq!(peek(b"BEGIN:VTIMEZONE\nEND:VTIMEZONE\n"), None);
        assert_eq!(peek(b"BEGIN:VEVENTS\n"), None);
        assert_eq!(peek(b"").map(|peek| peek.kind), None);
    }
}
