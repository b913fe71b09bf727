//! From bytes to UTF-8: UTF-16 inputs, and lines in Windows-1252.

use std::borrow::Cow;

pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// How the bytes of a line were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Decoding {
    /// As UTF-8, which is what both standards ask for.
    Utf8,
    /// Bytes that are no part of a valid UTF-8 sequence were read as Windows-1252 (of which ISO 8859-1 text is a part).
    Windows1252,
}

/// Turns UTF-16 into UTF-8 and leaves every other input alone.
///
/// UTF-16 is known by its byte order mark, or by the NUL that half of every ASCII character is. Unpaired surrogates
/// become U+FFFD. [`Lines`](crate::Lines), [`Components`](crate::Components) and
/// [`BlockReader`](crate::BlockReader) call this themselves; [`Blocks`](crate::Blocks) borrows and cannot.
///
/// ```
/// assert_eq!(*content_line::decode_input(b"\xFF\xFEA\0:\x001\0"), *b"A:1");
/// assert_eq!(*content_line::decode_input(b"A:1"), *b"A:1");
/// ```
pub fn decode_input(input: &[u8]) -> Cow<'_, [u8]> {
    let Some(mut decoder) = Utf16::detect(input) else {
        return Cow::Borrowed(input);
    };
    let mut out = Vec::with_capacity(input.len());
    decoder.feed(input, true, &mut out);
    Cow::Owned(out)
}

/// A UTF-16 decoder that takes its input in pieces.
#[derive(Debug)]
pub(crate) struct Utf16 {
    big_endian: bool,
    /// What a piece ended with: half a code unit, or the first of two surrogates.
    carry: Vec<u8>,
    started: bool,
}

impl Utf16 {
    /// Looks at the first bytes of an input. Four are enough.
    pub(crate) fn detect(start: &[u8]) -> Option<Self> {
        let big_endian = match *start {
            [0xFF, 0xFE, ..] => false,
            [0xFE, 0xFF, ..] => true,
            [a, 0, b, 0, ..] if a != 0 && b != 0 => false,
            [0, a, 0, b, ..] if a != 0 && b != 0 => true,
            _ => return None,
        };
        Some(Self { big_endian, carry: Vec::new(), started: false })
    }

    pub(crate) fn feed(&mut self, piece: &[u8], last: bool, out: &mut Vec<u8>) {
        let mut bytes = std::mem::take(&mut self.carry);
        bytes.extend_from_slice(piece);
        let mut units = bytes.chunks_exact(2).map(|unit| match (unit, self.big_endian) {
            ([a, b], true) => u16::from_be_bytes([*a, *b]),
            ([a, b], false) => u16::from_le_bytes([*a, *b]),
            _ => 0xFFFD,
        });
        let mut used = bytes.len() & !1;
        if !last && units.clone().next_back().is_some_and(|unit| (0xD800..0xDC00).contains(&unit)) {
            units.next_back();
            used -= 2;
        }
        let mut utf8 = [0; 4];
        for decoded in char::decode_utf16(units) {
            let character = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
            if self.started || character != '\u{FEFF}' {
                out.extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
            }
            self.started = true;
        }
        if last && used < bytes.len() {
            out.extend_from_slice("\u{FFFD}".as_bytes());
        } else {
            self.carry = bytes.split_off(used);
        }
    }
}

/// Reads bytes as UTF-8, and as Windows-1252 where they are not.
///
/// Only the bytes outside valid sequences are taken for Windows-1252: a line that one program cut inside a character
/// must not lose all its other characters, and Latin text practically never looks like UTF-8 by chance.
pub(crate) fn decode_line(bytes: &[u8]) -> (Cow<'_, str>, Decoding) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Decoding::Utf8),
        Err(_) => (Cow::Owned(decode_mixed(bytes)), Decoding::Windows1252),
    }
}

pub(crate) fn decode_owned(bytes: Vec<u8>) -> (String, Decoding) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, Decoding::Utf8),
        Err(error) => (decode_mixed(error.as_bytes()), Decoding::Windows1252),
    }
}

fn decode_mixed(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|&byte| windows_1252(byte)));
    }
    out
}

fn windows_1252(byte: u8) -> char {
    /// 0x80 to 0x9F. The five holes stay C1 control characters, as in WHATWG's table.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
        '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => {
            HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big_endian: bool, bom: bool) -> Vec<u8> {
        let bom = bom.then_some(0xFEFF);
        bom.into_iter()
            .chain(text.encode_utf16())
            .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn utf16_in_every_form() {
        let text = "BEGIN:VCALENDAR\r\nX:ä€😀\r\n";
        for big_endian in [false, true] {
            for bom in [false, true] {
                assert_eq!(*decode_input(&utf16(text, big_endian, bom)), *text.as_bytes());
            }
        }
    }

    #[test]
    fn utf16_in_pieces() {
        let bytes = utf16("A:😀\u{FEFF}b", true, true);
        for cut in 0..bytes.len() {
            let mut decoder = Utf16::detect(&bytes).unwrap();
            let mut out = Vec::new();
            decoder.feed(&bytes[..cut], false, &mut out);
            decoder.feed(&bytes[cut..], true, &mut out);
            assert_eq!(out, "A:😀\u{FEFF}b".as_bytes(), "cut at {cut}");
        }
    }

    #[test]
    fn broken_utf16() {
        assert_eq!(*decode_input(b"A\0B\0\x00\xD8x"), *"AB\u{FFFD}\u{FFFD}".as_bytes());
    }

    #[test]
    fn windows_1252_where_it_is_not_utf8() {
        let (text, decoding) = decode_line(b"\x80 M\xFCller \xC3\xA4 \x99\xFF");
        assert_eq!((&*text, decoding), ("€ Müller ä ™ÿ", Decoding::Windows1252));
    }
}
