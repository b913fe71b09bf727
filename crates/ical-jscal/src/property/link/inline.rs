//! Content inside a link: `data:` URIs (RFC 2397) and BINARY values (RFC 5545, section 3.3.1).
//!
//! The base64 text is the same in both and is never decoded, so it comes back as it was.

use std::borrow::Cow;

use jscalendar::Link;

use crate::hatch::KeptHint;

/// The parts of a `data:` URI that can be a BINARY value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inline<'a> {
    /// Empty if the URI has none.
    pub(super) media_type: &'a str,
    pub(super) base64: &'a str,
}

impl<'a> Inline<'a> {
    /// The content of a link; none if it is elsewhere, or not in base64.
    pub(super) fn of(link: &'a Link) -> Option<Self> {
        let (head, base64) = link.href.as_deref()?.strip_prefix("data:")?.split_once(',')?;
        let media_type = head.strip_suffix(";base64")?;
        is_base64(base64).then_some(Self { media_type, base64 })
    }

    /// Whether it should be written as BINARY: if it was, and otherwise if that says all that the URI says.
    pub(super) fn is_wanted(self, link: &Link, hint: Option<&KeptHint<'_>>) -> bool {
        let value_type = hint.and_then(|hint| hint.value_type.as_deref());
        if value_type.is_some_and(|value_type| value_type.eq_ignore_ascii_case("uri")) {
            return false;
        }
        match link.content_type.as_deref() {
            Some(media_type) => in_uri(media_type) == self.media_type,
            None => self.media_type.is_empty() || value_type.is_some(),
        }
    }
}

/// Whether this is base64 (RFC 4648, section 4), with or without its padding.
pub(super) fn is_base64(text: &str) -> bool {
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// The URI for content of this media type.
pub(super) fn href(media_type: Option<&str>, base64: &str) -> String {
    let media_type = media_type.map(in_uri).unwrap_or_default();
    let mut href = String::with_capacity("data:;base64,".len() + media_type.len() + base64.len());
    href.extend(["data:", &media_type, ";base64,", base64]);
    href
}

/// A media type as it stands in a `data:` URI: without spaces; left out if it has what no URI may have there.
fn in_uri(media_type: &str) -> Cow<'_, str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+/;=* ".contains(&byte);
    if !media_type.bytes().all(allowed) {
        return Cow::Borrowed("");
    }
    if media_type.contains(' ') {
        Cow::Owned(media_type.replace(' ', ""))
    } else {
        Cow::Borrowed(media_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_uris() {
        let parts = |href: &str| {
            let link = Link::new(href);
            Inline::of(&link).map(|inline| (inline.media_type.to_owned(), inline.base64.to_owned()))
        };
        let pair =
            |media_type: &str, base64: &str| Some((media_type.to_owned(), base64.to_owned()));
        assert_eq!(parts("data:text/plain;base64,aGk="), pair("text/plain", "aGk="));
        assert_eq!(parts("data:;base64,aGk"), pair("", "aGk"));
        for other in [
            "data:text/plain,hi",
            "data:text/plain;base64,@@@",
            "data:;base64,",
            "data:;base64,a===",
            "data:",
            "x",
        ] {
            assert_eq!(parts(other), None, "{other}");
        }
    }

    #[test]
    fn media_types_in_uris() {
        assert_eq!(
            href(Some("text/plain; charset=utf-8"), "aGk="),
            "data:text/plain;charset=utf-8;base64,aGk="
        );
        assert_eq!(href(Some("a,b"), "aGk="), "data:;base64,aGk=");
        assert_eq!(href(None, "aGk="), "data:;base64,aGk=");
    }
}
