//! Rules for values that are texts of a certain form.

use super::check::Check;
use super::rule::{
    FRACTION, INVALID_COLOR, INVALID_EMAIL, INVALID_LANGUAGE, INVALID_MEDIA_TYPE, INVALID_URI,
};
use crate::{Duration, LocalDateTime, SignedDuration, UtcDateTime, is_color};

impl Check {
    pub(super) fn color(&mut self, color: Option<&str>) {
        if color.is_some_and(|color| !is_color(color, self.version())) {
            self.fails(INVALID_COLOR, "color", "neither a colour name of CSS nor #rrggbb");
        }
    }

    pub(super) fn uri(&mut self, name: &str, uri: Option<&str>) {
        if uri.is_some_and(|uri| !is_uri(uri)) {
            self.fails(INVALID_URI, name, "not a URI: it begins with no scheme, or has spaces");
        }
    }

    pub(super) fn geo(&mut self, name: &str, uri: Option<&str>) {
        let is_geo = |uri: &str| {
            uri.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("geo:")) && is_uri(uri)
        };
        if uri.is_some_and(|uri| !is_geo(uri)) {
            self.fails(INVALID_URI, name, "not a geo: URI (RFC 5870)");
        }
    }

    pub(super) fn email(&mut self, name: &str, address: Option<&str>) {
        if address.is_some_and(|address| !is_email(address)) {
            self.fails(INVALID_EMAIL, name, "not a mail address such as ann@example.com");
        }
    }

    pub(super) fn language(&mut self, name: &str, tag: Option<&str>) {
        if tag.is_some_and(|tag| !is_language(tag)) {
            self.fails(INVALID_LANGUAGE, name, "not a language tag (RFC 5646)");
        }
    }

    /// The media type of a resource.
    pub(super) fn media_type(&mut self, name: &str, media_type: Option<&str>) {
        if media_type.is_some_and(|media_type| split_media_type(media_type).is_none()) {
            self.fails(INVALID_MEDIA_TYPE, name, "not a media type such as text/plain");
        }
    }

    /// The media type of a description: some text, in UTF-8.
    pub(super) fn text_type(&mut self, media_type: Option<&str>) {
        let Some(media_type) = media_type else { return };
        let is_text = match split_media_type(media_type) {
            Some((main, parameters)) => {
                main.eq_ignore_ascii_case("text") && parameters.split(';').all(is_utf8)
            }
            None => false,
        };
        if !is_text {
            let message = "not a media type of texts, in UTF-8";
            self.fails(INVALID_MEDIA_TYPE, "descriptionContentType", message);
        }
    }

    /// Version 2.0 has no fractions of a second.
    pub(super) fn whole_second<T: Time>(&mut self, name: &str, time: Option<T>) {
        if !self.old() && time.is_some_and(Time::has_fraction) {
            self.fails(FRACTION, name, "version 2.0 has no fractions of a second");
        }
    }
}

/// A value that may have a fraction of a second.
pub(super) trait Time {
    fn has_fraction(self) -> bool;
}

impl Time for LocalDateTime {
    fn has_fraction(self) -> bool {
        self.subsec_nanosecond() != 0
    }
}

impl Time for UtcDateTime {
    fn has_fraction(self) -> bool {
        self.subsec_nanosecond() != 0
    }
}

impl Time for Duration {
    fn has_fraction(self) -> bool {
        self.subsec_nanosecond() != 0
    }
}

impl Time for SignedDuration {
    fn has_fraction(self) -> bool {
        self.duration().subsec_nanosecond() != 0
    }
}

/// Whether it starts with a scheme and has none of the characters that no URI has (RFC 3986, section 2). Letters
/// beyond ASCII are let through: many programs write them.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let outside = |c: char| c.is_control() || matches!(c, ' ' | '"' | '<' | '>' | '\\' | '^' | '`');
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(inside)
        && !rest.is_empty()
        && !rest.contains(outside)
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    let outside = |c: char| c.is_control() || matches!(c, ' ' | '<' | '>' | ',' | ';' | ':' | '"');
    !local.is_empty()
        && (quoted || !local.contains(outside))
        && !domain.is_empty()
        && (domain.starts_with('[') || !domain.contains(outside))
}

fn is_language(tag: &str) -> bool {
    let is_subtag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    tag.split('-').all(is_subtag) && tag.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// The main type and what follows the subtype.
fn split_media_type(text: &str) -> Option<(&str, &str)> {
    let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
    let (main, sub) = name.trim().split_once('/')?;
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    (is_token(main) && is_token(sub)).then_some((main, parameters))
}

/// Whether this parameter is no charset, or UTF-8.
fn is_utf8(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    !name.trim().eq_ignore_ascii_case("charset")
        || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
}
