//! Cutting bytes into logical lines: the one place that knows line ends and folding.
//!
//! A line ends with CRLF, LF or CR; any run of CR before an LF counts as one line end, since some gateways double the CR.
//! A physical line that starts with a space or tab continues the line before it (RFC 5545 section 3.1), even across
//! blank lines, which broken generators put there. In vCard 2.1 a quoted-printable value also goes on after a `=` at
//! the end of a physical line.
//!
//! Everything works on a window of the input. `eof` says that nothing follows the window; without it, a function that
//! would have to look further answers `None`.

use memchr::{memchr, memchr2};

/// One logical line that begins where the caller said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Logical {
    /// End of its text, without the last line end.
    pub(crate) end: usize,
    /// Start of the next logical line; blank lines are skipped.
    pub(crate) next: usize,
    /// Physical lines from the start to `next`.
    pub(crate) physical: u32,
    /// Whether it has more than one physical line.
    pub(crate) folded: bool,
}

/// The logical line at `start`, which must not be blank.
#[inline]
pub(crate) fn logical(window: &[u8], start: usize, eof: bool) -> Option<Logical> {
    plain(window, start).map_or_else(|| any(window, start, eof), Some)
}

/// Nearly every line: one physical line that ends with LF or CRLF, and a visible character after it.
#[inline]
fn plain(window: &[u8], start: usize) -> Option<Logical> {
    let end = start + memchr2(b'\r', b'\n', window.get(start..)?)?;
    let next = end + if window[end] == b'\n' { 1 } else { 2 };
    let ends = window[end] == b'\n' || window.get(end + 1) == Some(&b'\n');
    let alone = *window.get(next)? > b' ' && end > start && window[end - 1] != b'=';
    (ends && alone).then_some(Logical { end, next, physical: 1, folded: false })
}

#[inline(never)]
fn any(window: &[u8], start: usize, eof: bool) -> Option<Logical> {
    let mut at = start;
    let mut physical = 0u32;
    let mut folded = false;
    let mut quoted_printable = None;
    loop {
        let Some(end) = memchr2(b'\r', b'\n', &window[at..]).map(|i| at + i) else {
            return eof.then_some(Logical {
                end: window.len(),
                next: window.len(),
                physical,
                folded,
            });
        };
        let (mut next, lines) = line_end(window, end, eof)?;
        physical = physical.saturating_add(lines);
        let mut blank = false;
        if let Some(b'\r' | b'\n') = window.get(next) {
            let (after, lines) = skip_blank(window, next, eof)?;
            next = after;
            physical = physical.saturating_add(lines);
            blank = true;
        }
        let continues = match window.get(next) {
            None if eof => false,
            None => return None,
            Some(b' ' | b'\t') => true,
            Some(_) if blank || end == start || window[end - 1] != b'=' => false,
            Some(_) => {
                *quoted_printable.get_or_insert_with(|| is_quoted_printable(&window[start..]))
                    && !is_delimiter(window, next, eof)?
            }
        };
        if !continues {
            return Some(Logical { end, next, physical, folded });
        }
        folded = true;
        at = next;
    }
}

/// Skips lines that are empty or only white space. Answers the start of the first other line and the lines skipped.
#[inline]
pub(crate) fn skip_blank(window: &[u8], start: usize, eof: bool) -> Option<(usize, u32)> {
    match window.get(start) {
        Some(&byte) if byte > b' ' => Some((start, 0)),
        _ => skip_blank_lines(window, start, eof),
    }
}

#[inline(never)]
fn skip_blank_lines(window: &[u8], start: usize, eof: bool) -> Option<(usize, u32)> {
    let mut line = start;
    let mut skipped = 0u32;
    loop {
        let mut at = line;
        while let Some(b' ' | b'\t') = window.get(at) {
            at += 1;
        }
        match window.get(at) {
            Some(b'\r' | b'\n') => {
                let (next, lines) = line_end(window, at, eof)?;
                skipped = skipped.saturating_add(lines);
                line = next;
            }
            Some(_) => return Some((line, skipped)),
            None if eof => return Some((at, skipped)),
            None => return None,
        }
    }
}

/// Joins the physical lines of `raw`, the bytes of one folded logical line.
pub(crate) fn unfold(raw: &[u8]) -> Vec<u8> {
    let mut quoted_printable = None;
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(end) = memchr2(b'\r', b'\n', &raw[at..]).map(|i| at + i) {
        out.extend_from_slice(&raw[at..end]);
        let (mut next, _) = line_end(raw, end, true).unwrap_or((raw.len(), 0));
        if let Some(b'\r' | b'\n') = raw.get(next) {
            next = skip_blank(raw, next, true).map_or(raw.len(), |(after, _)| after);
        }
        let indented = matches!(raw.get(next), Some(b' ' | b'\t'));
        let start = next + usize::from(indented);
        if out.last() == Some(&b'=')
            && *quoted_printable.get_or_insert_with(|| is_quoted_printable(raw))
            && !(indented && is_hex_pair(&raw[start..]))
        {
            out.pop();
        }
        at = start;
    }
    out.extend_from_slice(&raw[at..]);
    out
}

/// The end of the line end at `at`, and how many lines it ends.
fn line_end(window: &[u8], at: usize, eof: bool) -> Option<(usize, u32)> {
    if window.get(at) == Some(&b'\n') {
        return Some((at + 1, 1));
    }
    // The whole run of CR is taken at once, as looking for its LF from every CR in it would be quadratic.
    let run = window[at..].iter().position(|&byte| byte != b'\r');
    match run {
        Some(run) if window.get(at + run) == Some(&b'\n') => Some((at + run + 1, 1)),
        Some(run) => Some((at + run, u32::try_from(run).unwrap_or(u32::MAX))),
        None if eof => Some((window.len(), u32::try_from(window.len() - at).unwrap_or(u32::MAX))),
        None => None,
    }
}

/// Whether the first physical line says that its value is quoted-printable (vCard 2.1 and vCalendar 1.0 only).
fn is_quoted_printable(raw: &[u8]) -> bool {
    const NAME: &[u8] = b"QUOTED-PRINTABLE";
    let line = memchr2(b'\r', b'\n', raw).map_or(raw, |end| &raw[..end]);
    let head = memchr(b':', line).map_or(line, |end| &line[..end]);
    head.windows(NAME.len()).any(|part| part.eq_ignore_ascii_case(NAME))
}

/// Whether a component begins or ends here, so that a stray `=` before it cannot swallow the line.
fn is_delimiter(window: &[u8], at: usize, eof: bool) -> Option<bool> {
    let rest = &window[at..];
    if rest.len() < 6 && !eof {
        return None;
    }
    let starts =
        |word: &[u8]| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    Some(starts(b"BEGIN:") || starts(b"END:"))
}

/// Tells `=` `C3` that folding cut apart from a soft line break before indented text.
fn is_hex_pair(bytes: &[u8]) -> bool {
    matches!(bytes, [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(input: &[u8]) -> Vec<String> {
        let mut out = Vec::new();
        let (mut at, _) = skip_blank(input, 0, true).unwrap();
        while at < input.len() {
            let line = logical(input, at, true).unwrap();
            out.push(String::from_utf8(unfold(&input[at..line.end])).unwrap());
            at = line.next;
        }
        out
    }

    #[test]
    fn line_ends() {
        assert_eq!(cut(b"A\r\nB\nC\rD\r\r\nE\n\r\r\n\nF"), ["A", "B", "C", "D", "E", "F"]);
        assert_eq!(cut(b"A\r\r\n b\n c\r\td\n"), ["Abcd"]);
    }

    #[test]
    fn folds() {
        assert_eq!(cut(b"A\r\n  b\r\n\t\tc\r\nD"), ["A b\tc", "D"]);
        assert_eq!(cut(b"A\n\n b\n\n   \n\nC"), ["Ab", "C"]);
        assert_eq!(cut(b" A\n b"), [" Ab"]);
    }

    #[test]
    fn quoted_printable() {
        assert_eq!(
            cut(b"N;ENCODING=QUOTED-PRINTABLE:=C3=\r\n=A4\r\nB"),
            ["N;ENCODING=QUOTED-PRINTABLE:=C3=A4", "B"]
        );
        assert_eq!(
            cut(b"N;quoted-printable:a =\n  b=\n 3D=\nEND:X"),
            ["N;quoted-printable:a  b=3D=", "END:X"]
        );
        assert_eq!(cut(b"PHOTO:abc=\nEND"), ["PHOTO:abc=", "END"]);
        assert_eq!(cut(b"N;QUOTED-PRINTABLE:a=\n\nB"), ["N;QUOTED-PRINTABLE:a=", "B"]);
    }

    #[test]
    fn a_window_is_enough_or_says_so() {
        let whole = b"A;QUOTED-PRINTABLE:1=\r\n2\r\n 3\r\n\r\nB";
        for len in 0..whole.len() {
            assert!(logical(&whole[..len], 0, false).is_none(), "{len}");
        }
        assert_eq!(logical(whole, 0, false).unwrap().next, whole.len() - 1);
        assert_eq!(logical(whole, 0, false).unwrap().physical, 4);
    }
}
