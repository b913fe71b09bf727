//! Where a server is: URLs, resolved and compared (RFC 3986, section 5; RFC 6454, section 4).

use std::borrow::Cow;
use std::fmt;

/// Why an address is no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It is no URL, no host name and no mail address.
    #[error("no address of a server: {text:?} (give a URL, a host name or a mail address)")]
    Invalid {
        /// What was given.
        text: String,
    },
    /// It holds a user name or a password, which would be seen where addresses are seen.
    #[error("the address holds credentials: give them apart")]
    HoldsCredentials,
    /// It would be unencrypted, and is not on this machine.
    #[error("{origin} is not encrypted: use https, or allow it")]
    Unencrypted {
        /// Where it leads.
        origin: Origin,
    },
    /// From an encrypted address it leads to an unencrypted one.
    #[error("{from} leads to {to}, which is not encrypted")]
    Downgrade {
        /// Where it was said.
        from: Origin,
        /// Where it leads.
        to: Origin,
    },
    /// It leads to another server, to which the credentials must not go unless the caller trusts it.
    #[error(
        "{from} leads to {to}, which is another server: trust it, and the credentials go there"
    )]
    Foreign {
        /// Where it was said.
        from: Origin,
        /// Where it leads.
        to: Origin,
    },
    /// One redirect after the other.
    #[error("more than {most} redirects")]
    TooManyRedirects {
        /// How many were followed.
        most: usize,
    },
    /// The session does not say where.
    #[error("the session has no {member}")]
    Missing {
        /// The member.
        member: &'static str,
    },
}

/// The scheme, host and port of a URL: to whom credentials go (RFC 6454, section 4).
///
/// ```
/// use jmap_core::wire::Origin;
///
/// assert_eq!(Origin::of("https://Example.com/jmap"), Origin::of("https://example.com:443"));
/// assert_ne!(Origin::of("https://example.com"), Origin::of("http://example.com"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an absolute URL; `None` for anything else, and for URLs that hold credentials.
    pub fn of(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        let (host, port) = split_port(authority)?;
        if host.is_empty()
            || host.contains(|c: char| c == '@' || c.is_whitespace() || c.is_control())
        {
            return None;
        }
        let port = match port {
            Some(port) => port,
            None => default_port(&scheme)?,
        };
        Some(Self { scheme, host: host.to_ascii_lowercase(), port })
    }

    /// Whether what goes there is encrypted.
    pub fn is_encrypted(&self) -> bool {
        matches!(self.scheme.as_str(), "https" | "wss")
    }

    /// Whether it is this very machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = |address: std::net::IpAddr| address.is_loopback();
        host == "localhost" || host.ends_with(".localhost") || host.parse().is_ok_and(is_loopback)
    }

    /// The host, in lower case.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if default_port(&self.scheme) != Some(self.port) {
            write!(f, ":{}", self.port)?;
        }
        Ok(())
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" | "wss" => Some(443),
        "http" | "ws" => Some(80),
        _ => None,
    }
}

/// A host, in brackets if it is an IPv6 address, and a port if there is one; `None` for a port that is no number.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let end_of_address = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[end_of_address..].rfind(':') {
        None => Some((authority, None)),
        Some(at) => {
            let (host, port) = authority.split_at(end_of_address + at);
            let port = &port[1..];
            if port.is_empty() {
                return Some((host, None));
            }
            port.parse().ok().map(|port| (host, Some(port)))
        }
    }
}

/// What `reference` means where it stands at `base`, an absolute URL (RFC 3986, section 5.2).
///
/// Braces are left as they are, so that templates can be resolved too.
///
/// ```
/// use jmap_core::wire::resolve;
///
/// let base = "https://example.com/jmap/session";
/// assert_eq!(resolve(base, "/up/{accountId}/").unwrap(), "https://example.com/up/{accountId}/");
/// assert_eq!(resolve(base, "api?x").unwrap(), "https://example.com/jmap/api?x");
/// assert_eq!(resolve(base, "https://other.example/a").unwrap(), "https://other.example/a");
/// ```
pub fn resolve(base: &str, reference: &str) -> Option<String> {
    Origin::of(base)?;
    if reference.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    if scheme_of(reference).is_some() {
        return Origin::of(reference).map(|_| reference.to_owned());
    }
    let (scheme, rest) = base.split_once("://")?;
    if reference.starts_with("//") {
        let url = format!("{scheme}:{reference}");
        return Origin::of(&url).map(|_| url);
    }
    let rest = &rest[..rest.find('#').unwrap_or(rest.len())];
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let target: Cow<'_, str> = match reference.chars().next() {
        None => Cow::Owned(format!("{path}{query}")),
        Some('#') => Cow::Owned(format!("{path}{query}")),
        Some('?') => Cow::Owned(format!("{path}{reference}")),
        Some('/') => Cow::Borrowed(reference),
        Some(_) => {
            let folder = &path[..path.rfind('/').map_or(0, |at| at + 1)];
            Cow::Owned(format!("{}{reference}", if folder.is_empty() { "/" } else { folder }))
        }
    };
    Some(format!("{scheme}://{authority}{}", without_dots(&target)))
}

fn scheme_of(reference: &str) -> Option<&str> {
    let (scheme, _) = reference.split_once(':')?;
    let mut characters = scheme.chars();
    let begins = characters.next()?.is_ascii_alphabetic();
    let goes_on = characters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    (begins && goes_on).then_some(scheme)
}

/// A path without the segments `.` and `..` (RFC 3986, section 5.2.4); a query stays.
fn without_dots(target: &str) -> String {
    let target = &target[..target.find('#').unwrap_or(target.len())];
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let mut segments: Vec<&str> = Vec::new();
    let mut parts = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    segments.pop();
                }
                if is_last {
                    segments.push("");
                }
            }
            _ => segments.push(part),
        }
    }
    format!("/{}{query}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_rfc_3986_section_5_4() {
        let base = "http://a/b/c/d;p?q";
        for (reference, url) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../../../g", "http://a/g"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("g#s/../x", "http://a/b/c/g"),
        ] {
            assert_eq!(resolve(base, reference).as_deref(), Some(url), "{reference}");
        }
        assert_eq!(resolve("https://a", "b").as_deref(), Some("https://a/b"));
        assert_eq!(resolve("https://a?q", "?r").as_deref(), Some("https://a/?r"));
    }

    #[test]
    fn what_is_no_url() {
        for text in [
            "",
            "mailto:a@b",
            "https://",
            "https://u:p@h/",
            "https://h:x/",
            "ftp://h/",
            "//h/",
            "https://h y/",
        ] {
            assert_eq!(Origin::of(text), None, "{text}");
        }
        assert_eq!(resolve("https://a/", "b c"), None);
        assert_eq!(resolve("https://a/", "javascript:x"), None);
    }

    #[test]
    fn this_machine() {
        for url in
            ["http://localhost:80/", "http://127.0.0.1", "http://[::1]:9/", "http://x.localhost"]
        {
            assert!(Origin::of(url).unwrap().is_loopback(), "{url}");
        }
        assert!(!Origin::of("http://localhost.example.com").unwrap().is_loopback());
        assert_eq!(Origin::of("http://[::1]:9/").unwrap().to_string(), "http://[::1]:9");
    }
}
