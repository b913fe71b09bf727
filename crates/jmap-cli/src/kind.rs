//! [`Kind`]: what a content is, which its first bytes show and its file name does not.

mod json;

use std::fmt;

use content_line::{Lines, decode_input};

/// How much of an input is looked at.
pub(crate) const HEAD: usize = 64 * 1024;

/// A format that `jmapctl` knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ical,
    Jscal,
    Vcard,
    Jscontact,
}

impl Kind {
    /// Looks at the beginning of a content, [`HEAD`] bytes of it or all.
    pub(crate) fn detect(head: &[u8]) -> Result<Self, Unknown> {
        let text = decode_input(head);
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => Err(Unknown::Empty),
            Some(b'{' | b'[') => json::detect(text),
            Some(_) => lines(text),
        }
    }

    /// The other format of the pair.
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Ical => Self::Jscal,
            Self::Jscal => Self::Ical,
            Self::Vcard => Self::Jscontact,
            Self::Jscontact => Self::Vcard,
        }
    }

    pub(crate) const fn is_json(self) -> bool {
        matches!(self, Self::Jscal | Self::Jscontact)
    }

    pub(crate) const fn is_contact(self) -> bool {
        matches!(self, Self::Vcard | Self::Jscontact)
    }

    /// What a file of this kind is called at its end.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Ical => "ics",
            Self::Jscal | Self::Jscontact => "json",
            Self::Vcard => "vcf",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ical => "iCalendar",
            Self::Jscal => "JSCalendar",
            Self::Vcard => "vCard",
            Self::Jscontact => "JSContact",
        })
    }
}

/// Why the kind of a content is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Empty,
    /// JSON, with this `@type`.
    Type(String),
    /// JSON that says nothing of itself.
    Json,
    /// jCal or jCard (RFC 7265, RFC 7095).
    Arrays(&'static str),
    /// Neither JSON nor content lines with a `BEGIN`.
    Other,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is nothing in it"),
            Self::Type(name) => {
                write!(f, "its @type is {name:?}; JSCalendar has Event, Task and Group")
            }
            Self::Json => f.write_str(
                "JSON, but neither Event nor Task nor Group of JSCalendar: it has no @type",
            ),
            Self::Arrays(name) => {
                write!(f, "this is {name}, which is not supported; convert it to text first")
            }
            Self::Other => {
                f.write_str("neither iCalendar (no BEGIN:VCALENDAR in it) nor JSCalendar (no JSON)")
            }
        }
    }
}

/// What the first BEGIN begins. Lines before it are no reason to give up: mails and web servers leave some.
fn lines(text: &[u8]) -> Result<Kind, Unknown> {
    let begins =
        Lines::new(text).flatten().filter(|line| line.name().eq_ignore_ascii_case("BEGIN"));
    for line in begins {
        let name = line.value().trim();
        if name.eq_ignore_ascii_case("VCARD") {
            return Ok(Kind::Vcard);
        }
        if COMPONENTS.iter().any(|component| name.eq_ignore_ascii_case(component)) {
            return Ok(Kind::Ical);
        }
    }
    Err(Unknown::Other)
}

/// What may begin in iCalendar; an entry without a calendar around it is read as well.
const COMPONENTS: [&str; 8] = [
    "VCALENDAR",
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VTIMEZONE",
    "VALARM",
    "VAVAILABILITY",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_says_what_it_is() {
        let kind = |text: &str| Kind::detect(text.as_bytes());
        assert_eq!(kind("BEGIN:VCALENDAR\r\n"), Ok(Kind::Ical));
        assert_eq!(kind("\u{FEFF}\nbegin:vevent\n"), Ok(Kind::Ical));
        assert_eq!(kind("BEGIN:VCAL\r\n ENDAR\r\n"), Ok(Kind::Ical));
        assert_eq!(kind("X: y\n\nBEGIN:VCARD\n"), Ok(Kind::Vcard));
        assert_eq!(kind("BEGIN:MAIL\nBEGIN:VTODO\n"), Ok(Kind::Ical));
        assert_eq!(kind(" \n{\"@type\": \"Event\"}"), Ok(Kind::Jscal));
        assert_eq!(kind(" \r\n\t"), Err(Unknown::Empty));
        assert_eq!(kind("hello"), Err(Unknown::Other));
    }

    #[test]
    fn utf_16_is_looked_into() {
        let wide: Vec<u8> =
            "BEGIN:VCALENDAR\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(Kind::detect(&wide), Ok(Kind::Ical));
    }
}
