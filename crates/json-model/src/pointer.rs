//! JSON pointers (RFC 6901) as JSCalendar and JMAP write them in patches: without the leading slash.

use std::borrow::Cow;

use memchr::memchr2;

/// The tokens of a pointer without its leading slash, unescaped.
///
/// ```
/// use json_model::pointer;
///
/// assert!(pointer::tokens("links/a~1b/title").eq(["links", "a/b", "title"]));
/// ```
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').map(unescape)
}

/// Whether `pointer` is well-formed: every `~` is followed by `0` or `1`.
pub fn is_valid(pointer: &str) -> bool {
    let mut bytes = pointer.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'~' && !matches!(bytes.next(), Some(b'0' | b'1')) {
            return false;
        }
    }
    true
}

/// Appends `token` to `pointer`, escaped, with a slash between them where one is due.
///
/// An empty pointer is taken as one without tokens. (On its own it leads to the member whose name is empty.)
///
/// ```
/// let mut pointer = "links".to_owned();
/// json_model::pointer::push(&mut pointer, "a/b");
/// assert_eq!(pointer, "links/a~1b");
/// ```
pub fn push(pointer: &mut String, token: &str) {
    if !pointer.is_empty() {
        pointer.push('/');
    }
    pointer.push_str(&escape(token));
}

/// `token` with `~` and `/` escaped.
pub fn escape(token: &str) -> Cow<'_, str> {
    if memchr2(b'~', b'/', token.as_bytes()).is_none() {
        return Cow::Borrowed(token);
    }
    Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
}

/// `token` with `~0` and `~1` read as what they stand for.
pub(crate) fn unescape(token: &str) -> Cow<'_, str> {
    if !token.contains('~') {
        return Cow::Borrowed(token);
    }
    Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
}

/// An index of RFC 6901: digits without a leading zero.
pub(crate) fn index(token: &str) -> Option<usize> {
    let canonical = token == "0"
        || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    canonical.then(|| token.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_both_ways() {
        for token in ["", "a", "a/b", "c~d", "~1", "~0", "~01"] {
            assert_eq!(unescape(&escape(token)), token);
        }
        assert!(is_valid("a~0b/c~1"));
        assert!(!is_valid("a~2") && !is_valid("a~"));
    }
}
