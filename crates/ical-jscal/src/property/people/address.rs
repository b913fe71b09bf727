//! When two calendar addresses are the same.

use std::borrow::Cow;

/// The spelling by which addresses are compared: `mailto:` without regard to letter case, other URIs with scheme and
/// host in lower case (RFC 3986, section 6.2.2.1).
pub(super) fn normal(address: &str) -> Cow<'_, str> {
    let address = address.trim_ascii();
    let end = if is_mailto(address) { address.len() } else { end_of_host(address) };
    match address.get(..end) {
        Some(part) if part.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            let mut normal = address.to_owned();
            if let Some(part) = normal.get_mut(..end) {
                part.make_ascii_lowercase();
            }
            Cow::Owned(normal)
        }
        _ => Cow::Borrowed(address),
    }
}

/// Whether several people can have this address, as it is nobody's: Apple's calendar writes it for whoever has none.
pub(super) fn is_nobody(address: &str) -> bool {
    let address = address.trim_ascii();
    address.eq_ignore_ascii_case("invalid:nomail") || address.eq_ignore_ascii_case("mailto:")
}

fn is_mailto(address: &str) -> bool {
    address.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
}

fn end_of_host(address: &str) -> usize {
    let Some(colon) = address.find(':') else { return 0 };
    let scheme = &address.as_bytes()[..colon];
    if !scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    {
        return 0;
    }
    match address[colon + 1..].strip_prefix("//") {
        None => colon,
        Some(rest) => colon + 3 + rest.find(['/', '?', '#']).unwrap_or(rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_and_not_the_same() {
        assert_eq!(normal("MAILTO:Ann@Example.COM"), "mailto:ann@example.com");
        assert_eq!(normal("HTTPS://Example.COM/Ann?Q"), "https://example.com/Ann?Q");
        assert_eq!(normal("URN:uuid:AB"), "urn:uuid:AB");
        assert_eq!(normal("/Principals/Ann:x/"), "/Principals/Ann:x/");
        assert!(matches!(normal("mailto:ann@example.com"), Cow::Borrowed(_)));
        assert_eq!(normal("é:É"), "é:É");
    }
}
