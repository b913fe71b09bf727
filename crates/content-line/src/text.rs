//! TEXT values: escaping, and splitting lists and structured values (RFC 5545 section 3.3.11, RFC 6350 section 3.4).

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// Decodes `\\`, `\;`, `\,`, `\n` and `\N`. A backslash before anything else stays, and so does what follows it.
///
/// ```
/// assert_eq!(content_line::unescape_text(r"a\, b\nc\x"), "a, b\nc\\x");
/// ```
pub fn unescape_text(value: &str) -> Cow<'_, str> {
    if memchr(b'\\', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let decoded = match rest.as_bytes().get(at + 1) {
            Some(b'n' | b'N') => Some('\n'),
            Some(&byte @ (b'\\' | b';' | b',')) => Some(char::from(byte)),
            _ => None,
        };
        out.push(decoded.unwrap_or('\\'));
        rest = rest.get(at + 1 + usize::from(decoded.is_some())..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Appends `text` as a TEXT value: `\`, `;` and `,` escaped, line breaks (LF, CRLF, CR) as `\n`, other control
/// characters but the tab left out.
///
/// ```
/// let mut value = String::new();
/// content_line::escape_text_into(&mut value, "Room 1, 2\nand\0 3");
/// assert_eq!(value, r"Room 1\, 2\nand 3");
/// ```
pub fn escape_text_into(out: &mut String, text: &str) {
    escape_text(out, text);
}

/// The same; answers whether a character was left out.
pub(crate) fn escape_text(out: &mut String, text: &str) -> bool {
    let mut clean = 0;
    let mut removed = false;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if byte >= b' ' && !matches!(byte, b'\\' | b';' | b',' | 0x7F) || byte == b'\t' {
            continue;
        }
        // All these bytes are ASCII, so both slices are whole characters.
        out.push_str(text.get(clean..at).unwrap_or_default());
        clean = at + 1;
        match byte {
            b'\\' => out.push_str(r"\\"),
            b';' => out.push_str(r"\;"),
            b',' => out.push_str(r"\,"),
            b'\n' => out.push_str(r"\n"),
            b'\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => {}
            b'\r' => out.push_str(r"\n"),
            _ => removed = true,
        }
    }
    out.push_str(text.get(clean..).unwrap_or_default());
    removed
}

/// Splits at every `separator` that no backslash precedes. The parts are still escaped; an empty value is one empty part.
///
/// ```
/// let parts: Vec<_> = content_line::split_unescaped(r"a\,b,c,", ',').collect();
/// assert_eq!(parts, [r"a\,b", "c", ""]);
/// ```
pub fn split_unescaped(value: &str, separator: char) -> Split<'_> {
    Split { rest: Some(value), separator }
}

/// Splits a structured value such as vCard's `N` at its `;` (RFC 6350 section 6.2.2). The same as
/// [`split_unescaped`] with `';'`; the components are still escaped, and may be lists.
///
/// ```
/// let parts: Vec<_> = content_line::split_structured(r"Doe;Jane;A\;B,C;;").collect();
/// assert_eq!(parts, ["Doe", "Jane", r"A\;B,C", "", ""]);
/// ```
pub fn split_structured(value: &str) -> Split<'_> {
    split_unescaped(value, ';')
}

/// The parts of a value. See [`split_unescaped`].
#[derive(Clone, Debug)]
pub struct Split<'a> {
    rest: Option<&'a str>,
    separator: char,
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        match find_unescaped(text, self.separator) {
            Some(at) => {
                self.rest = text.get(at + self.separator.len_utf8()..);
                text.get(..at)
            }
            None => self.rest.take(),
        }
    }
}

fn find_unescaped(text: &str, separator: char) -> Option<usize> {
    let mut first = [0; 4];
    let first = separator.encode_utf8(&mut first).as_bytes().first().copied()?;
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += memchr2(first, b'\\', bytes.get(at..)?)?;
        match text.get(at..) {
            Some(rest) if rest.starts_with(separator) => return Some(at),
            Some(rest) if rest.starts_with('\\') => {
                at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8)
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescape() {
        assert!(matches!(unescape_text("plain"), Cow::Borrowed(_)));
        assert_eq!(unescape_text(r"\\\;\,\n\N\:\ä\"), "\\;,\n\n\\:\\ä\\");
        assert_eq!(unescape_text(r"\\n"), r"\n");
    }

    #[test]
    fn escape() {
        let mut out = String::new();
        escape_text_into(&mut out, "a\\;,\r\nb\rc\nd\te\u{7f}\u{1b}ä\r");
        assert_eq!(out, r"a\\\;\,\nb\nc\nd	eä\n");
    }

    #[test]
    fn split() {
        let parts = |value, separator| split_unescaped(value, separator).collect::<Vec<_>>();
        assert_eq!(parts("", ','), [""]);
        assert_eq!(parts(r"\\,\,,ä", ','), [r"\\", r"\,", "ä"]);
        assert_eq!(parts(r"a\", ','), [r"a\"]);
        assert_eq!(parts(r"aäb\äcöd", 'ä'), ["a", r"b\äcöd"]);
    }
}
