//! Keys of maps that iCalendar has no word for: made from the value, so that the same text gives the same key.

use jscalendar::Id;
use sha1_smol::Sha1;

/// The namespace that the conversion draft gives for version 5 UUIDs made from property values.
const NAMESPACE: [u8; 16] = [
    0x7f, 0x1e, 0x19, 0x65, 0xae, 0x73, 0x44, 0x54, 0xb0, 0x88, 0x23, 0x2c, 0x90, 0x73, 0x0c, 0xe2,
];

/// The key for an element whose property has this value, letter by letter as it stands in the content line.
pub(crate) fn from_value(value: &str) -> Id {
    Id::from(uuid(&[value.as_bytes()]))
}

/// A key for anything, from several parts.
pub(crate) fn from_parts(parts: &[&[u8]]) -> Id {
    Id::from(uuid(parts))
}

/// A version 5 UUID (RFC 9562, section 5.5).
pub(crate) fn uuid(parts: &[&[u8]]) -> String {
    let mut hash = Sha1::new();
    hash.update(&NAMESPACE);
    for part in parts {
        hash.update(part);
    }
    let digest = hash.digest().bytes();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    hyphenated(bytes)
}

fn hyphenated(bytes: [u8; 16]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
    out
}

/// Makes keys unique, in the order of the elements: the second one with a key gets `-2` behind it, and so on.
pub(crate) fn make_unique<T>(elements: &mut [(Id, T)]) {
    // A new key may be one that another element was given; each round makes such keys longer, so this ends.
    while number_duplicates(elements) {}
}

fn number_duplicates<T>(elements: &mut [(Id, T)]) -> bool {
    if elements.len() < 2 {
        return false;
    }
    let mut order: Vec<usize> = (0..elements.len()).collect();
    order.sort_by(|a, b| elements[*a].0.cmp(&elements[*b].0).then(a.cmp(b)));
    let mut renamed: Vec<(usize, Id)> = Vec::new();
    for group in order.chunk_by(|a, b| elements[*a].0 == elements[*b].0) {
        for (nth, at) in group.iter().enumerate().skip(1) {
            renamed.push((*at, Id::from(format!("{}-{}", elements[*at].0, nth + 1))));
        }
    }
    let any = !renamed.is_empty();
    for (at, id) in renamed {
        elements[at].0 = id;
    }
    any
}

/// Whether a key looks like one that was made: a UUID of version 5, perhaps with a number behind it.
pub(crate) fn may_be_made(key: &Id) -> bool {
    let bytes = key.as_str().as_bytes();
    bytes.len() >= 36 && [8, 13, 18, 23].iter().all(|at| bytes[*at] == b'-') && bytes[14] == b'5'
}

/// Whether `key` is what [`from_value`] and [`make_unique`] make for an element with this value, so that it need not
/// be written.
pub(crate) fn is_made_from(key: &Id, value: &str) -> bool {
    if !may_be_made(key) {
        return false;
    }
    let made = from_value(value);
    let Some(rest) = key.as_str().strip_prefix(made.as_str()) else { return false };
    rest.is_empty()
        || rest.strip_prefix('-').is_some_and(|number| {
            !number.starts_with('0')
                && number != "1"
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_draft() {
        // Check values of the conversion draft's rule (UUIDv5 over the value as written).
        for (value, key) in [
            ("mailto:ann@example.com", "ce92c35a-3241-5d9a-a50c-ba56aaefd2bb"),
            ("https://example.com/a.pdf", "04d936e1-6c58-5815-9337-86884d5e6bf0"),
            ("Room 1\\, North", "10570482-3253-5ca6-bd21-b505bad852dd"),
        ] {
            assert_eq!(from_value(value).as_str(), key);
            assert!(may_be_made(&from_value(value)));
        }
        assert!(!may_be_made(&Id::from("k1")));
    }

    #[test]
    fn equal_keys_get_numbers() {
        let mut elements =
            [("a", 0), ("b", 1), ("a", 2), ("a", 3)].map(|(key, at)| (Id::from(key), at));
        make_unique(&mut elements);
        assert_eq!(
            elements.map(|(key, at)| (key.into_string(), at)).to_vec(),
            [
                ("a".to_owned(), 0),
                ("b".to_owned(), 1),
                ("a-2".to_owned(), 2),
                ("a-3".to_owned(), 3)
            ]
        );
    }
}
