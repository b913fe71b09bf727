//! [`same_address`]: whether two calendar addresses are those of one person.

/// Whether two calendar addresses are the same: equal after the normalisation of their syntax (RFC 3986, section 6.2.2),
/// as JMAP Calendars, section 3, has it.
///
/// Capitals are not minded in the scheme and the host, nor in how a character is escaped; an unreserved character is the
/// same with an escape and without. In addresses without a host, such as `mailto:…` and `urn:uuid:…`, capitals are not
/// minded at all: mail programs do not keep them.
///
/// ```
/// use jscalendar::same_address;
///
/// assert!(same_address("mailto:ann@example.com", "MAILTO:Ann@Example.COM"));
/// assert!(same_address("mailto:ann%2Dlee@example.com", "mailto:ann-lee@example.com"));
/// assert!(same_address("HTTPS://Example.com/ann", "https://example.com/%61nn"));
/// assert!(!same_address("https://example.com/ann", "https://example.com/Ann"));
/// ```
pub fn same_address(one: &str, two: &str) -> bool {
    one == two || normalised(one) == normalised(two)
}

fn normalised(address: &str) -> Vec<u8> {
    let (any_case, rest) = address.split_at(end_of_host(address));
    let mut normalised = unescaped(any_case);
    // An escape that stays has capitals: those of both sides are the same here.
    normalised.make_ascii_lowercase();
    normalised.extend(unescaped(rest));
    normalised
}

/// Where the part is over in which capitals are not minded.
fn end_of_host(address: &str) -> usize {
    let Some((scheme, rest)) = address.split_once(':') else { return address.len() };
    let Some(rest) = rest.strip_prefix("//") else { return address.len() };
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    scheme.len() + "://".len() + host
}

/// Without the escapes of unreserved characters, and with capitals in all others.
fn unescaped(text: &str) -> Vec<u8> {
    let mut unescaped = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        match escape(rest) {
            Some((byte, after)) if is_unreserved(byte) => {
                unescaped.push(byte);
                rest = after;
            }
            Some((byte, after)) => {
                unescaped.extend(format!("%{byte:02X}").into_bytes());
                rest = after;
            }
            None => {
                unescaped.push(*byte);
                rest = after;
            }
        }
    }
    unescaped
}

/// The byte that an escape at the beginning stands for, and what comes after it.
fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    let ([b'%', high, low], after) = text.split_first_chunk()? else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    Some((digit(high)? << 4 | digit(low)?, after))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same() {
        for (one, two) in [
            ("mailto:ann@example.com", "mailto:ann@EXAMPLE.com"),
            ("mailto:%61nn%40x@example.com", "mailto:Ann%40x@example.com"),
            ("mailto:a%2fb@example.com", "mailto:a%2Fb@example.com"),
            ("https://EXAMPLE.com:8443/a%c3%a4", "https://example.com:8443/a%C3%A4"),
            ("urn:uuid:6E8BC430-9C3A", "URN:UUID:6e8bc430-9c3a"),
            ("https://example.com", "HTTPS://EXAMPLE.COM"),
            ("ann@example.com", "Ann@example.com"),
        ] {
            assert!(same_address(one, two), "{one} {two}");
        }
    }

    #[test]
    fn not_the_same() {
        for (one, two) in [
            ("mailto:ann@example.com", "mailto:bob@example.com"),
            ("mailto:a%2Fb@example.com", "mailto:a/b@example.com"),
            ("https://example.com/principals/Ann", "https://example.com/principals/ann"),
            ("https://example.com?a", "https://example.com?A"),
            ("mailto:a%zz@example.com", "mailto:a@example.com"),
            ("mailto:a%", "mailto:a"),
            ("mailto:ann@example.com", "https:ann@example.com"),
        ] {
            assert!(!same_address(one, two), "{one} {two}");
        }
    }
}
