//! Where the resources are (RFC 8620, sections 2, 6 and 7.3), as paths and as templates.

use std::borrow::Cow;

/// The path of the session behind the base.
const SESSION: &str = "/jmap/session";
const API: &str = "/jmap/api";
const UPLOAD: &str = "/jmap/upload/";
const DOWNLOAD: &str = "/jmap/download/";
const EVENTS: &str = "/jmap/events";
/// At the root of the host, whatever the base (RFC 8620, section 2.2).
const WELL_KNOWN: &str = "/.well-known/jmap";

/// What a path leads to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Resource {
    WellKnown,
    Session,
    Api,
    Upload { account: String },
    Download { account: String, blob: String, name: String },
    Events,
}

/// The templates of the session.
#[derive(Clone, Debug, Default)]
pub(super) struct Endpoints {
    /// What stands before the paths: an origin and perhaps a path, without a slash at the end.
    base: String,
}

impl Endpoints {
    pub(super) fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    pub(super) fn session(&self) -> String {
        format!("{}{SESSION}", self.base)
    }

    pub(super) fn api(&self) -> String {
        format!("{}{API}", self.base)
    }

    pub(super) fn upload(&self) -> String {
        format!("{}{UPLOAD}{{accountId}}", self.base)
    }

    pub(super) fn download(&self) -> String {
        format!("{}{DOWNLOAD}{{accountId}}/{{blobId}}/{{name}}?type={{type}}", self.base)
    }

    pub(super) fn events(&self) -> String {
        format!("{}{EVENTS}?types={{types}}&closeafter={{closeafter}}&ping={{ping}}", self.base)
    }

    /// What the path of a request leads to; `None` if to nothing.
    pub(super) fn resource(&self, path: &str) -> Option<Resource> {
        if path == WELL_KNOWN {
            return Some(Resource::WellKnown);
        }
        let path = path.strip_prefix(self.path())?;
        match path {
            SESSION => return Some(Resource::Session),
            API => return Some(Resource::Api),
            EVENTS => return Some(Resource::Events),
            _ => {}
        }
        if let Some(account) = path.strip_prefix(UPLOAD) {
            return Some(Resource::Upload { account: decoded(account)? });
        }
        let mut parts = path.strip_prefix(DOWNLOAD)?.splitn(3, '/').map(decoded);
        let (account, blob, name) = (parts.next()??, parts.next()??, parts.next()??);
        Some(Resource::Download { account, blob, name })
    }

    /// The path of the base, which may have an origin before it.
    fn path(&self) -> &str {
        let behind_scheme = self.base.split_once("://").map(|(_, behind)| behind);
        let Some(behind) = behind_scheme else { return &self.base };
        behind.find('/').map_or("", |slash| &behind[slash..])
    }
}

/// The value of a variable of a query (`type=text%2Fplain`).
pub(super) fn variable(query: Option<&str>, name: &str) -> Option<String> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(found, _)| *found == name).find_map(|(_, value)| decoded(value))
}

/// A text without percent-encoding (RFC 3986, section 2.1); `None` if it is no UTF-8 then.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next()?.bytes());
    for part in parts {
        let code = part.get(..2).filter(|code| code.bytes().all(|it| it.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).ok()
}

/// `text` percent-encoded, as in a template.
pub(super) fn encoded(text: &str) -> Cow<'_, str> {
    let is_plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(crate::wire::expand("{text}", &[("text", text)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_expands_to_leads_back() {
        for base in ["", "https://example.com", "https://example.com/mail/", "/mail"] {
            let endpoints = Endpoints::new(base);
            let variables =
                [("accountId", "a/\u{e4}"), ("blobId", "b%1"), ("name", "x/../y"), ("type", "a/b")];
            let url = crate::wire::expand(&endpoints.download(), &variables);
            let path = url.strip_prefix("https://example.com").unwrap_or(&url);
            let (path, query) = path.split_once('?').unwrap();
            let expected = Resource::Download {
                account: "a/\u{e4}".to_owned(),
                blob: "b%1".to_owned(),
                name: "x/../y".to_owned(),
            };
            assert_eq!(endpoints.resource(path), Some(expected));
            assert_eq!(variable(Some(query), "type").as_deref(), Some("a/b"));
        }
    }

    #[test]
    fn broken_encodings_lead_nowhere() {
        for text in ["%", "%2", "%zz", "%ff", "%+1", "%\u{e4}"] {
            assert_eq!(decoded(text), None, "{text}");
        }
        assert_eq!(Endpoints::new("").resource("/jmap/other"), None);
        assert_eq!(Endpoints::new("/x").resource("/jmap/api"), None);
    }
}
