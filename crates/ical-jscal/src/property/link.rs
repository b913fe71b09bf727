//! ATTACH, IMAGE, LINK and URL (RFC 5545, sections 3.8.1.1 and 3.8.4.6; RFC 7986, section 5.10; RFC 9253, section 8.2)
//! and `links`, of entries, calendars, places and participants.
//!
//! Which property a link becomes is decided by its relation; the hatch names the property only where the relation alone
//! would choose another one.

mod export;
mod inline;
mod keys;
mod said;

use std::borrow::Cow;

use content_line::{Line, Param};
use jscalendar::{Link, Severity};

pub(crate) use self::export::export_links;
pub(crate) use self::keys::{Keys, in_order};
use self::said::{Form, Said};
use crate::draft::{Context, Draft, Keyed, leftovers};
use crate::hatch::Hatch;
use crate::property::relation::is_token;

/// The properties that are links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Origin {
    #[default]
    Attach,
    Image,
    Link,
    Url,
    /// STRUCTURED-DATA (RFC 9073, section 6.6), which only the conversion to 1.0 takes as a link.
    StructuredData,
}

const ENCLOSURE: &str = "enclosure";
const ICON: &str = "icon";
const DESCRIBED_BY: &str = "describedby";

impl Origin {
    /// The property of this name, in whatever case.
    fn of(name: &str) -> Option<Self> {
        let all = [Self::Attach, Self::Image, Self::Link, Self::Url, Self::StructuredData];
        all.into_iter().find(|origin| origin.name().eq_ignore_ascii_case(name))
    }

    /// The property that a link of this relation becomes.
    fn of_relation(rel: Option<&str>) -> Self {
        match rel {
            None | Some(ENCLOSURE) => Self::Attach,
            Some(ICON) => Self::Image,
            Some(DESCRIBED_BY) => Self::Url,
            Some(_) => Self::Link,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Attach => "ATTACH",
            Self::Image => "IMAGE",
            Self::Link => "LINK",
            Self::Url => "URL",
            Self::StructuredData => "STRUCTURED-DATA",
        }
    }

    fn lower(self) -> &'static str {
        match self {
            Self::Attach => "attach",
            Self::Image => "image",
            Self::Link => "link",
            Self::Url => "url",
            Self::StructuredData => "structured-data",
        }
    }

    /// The relation that the property says without a parameter.
    fn relation(self) -> Option<&'static str> {
        match self {
            Self::Attach => Some(ENCLOSURE),
            Self::Image => Some(ICON),
            Self::Url => Some(DESCRIBED_BY),
            Self::Link | Self::StructuredData => None,
        }
    }

    /// Whether the value may be the content itself.
    fn may_be_inline(self) -> bool {
        matches!(self, Self::Attach | Self::Image)
    }
}

/// Imports a line if it is a link; tells whether it is one. What cannot be converted goes to `hatch`.
pub(crate) fn import_into<'a>(
    line: &'a Line<'a>,
    links: &mut Vec<Keyed<'a, Link>>,
    hatch: &mut Hatch<'a>,
    cx: &mut Context<'_>,
) -> bool {
    match Origin::of(line.name()) {
        None | Some(Origin::StructuredData) => false,
        Some(_) if line.value().is_empty() => {
            hatch.keep(line);
            true
        }
        Some(origin) => {
            import(line, origin, links, hatch, cx);
            true
        }
    }
}

/// ATTACH (RFC 5545, section 3.8.1.1).
pub(crate) fn import_attach<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    import(line, Origin::Attach, &mut draft.links, &mut draft.hatch, cx);
}

/// IMAGE (RFC 7986, section 5.10).
pub(crate) fn import_image<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    import(line, Origin::Image, &mut draft.links, &mut draft.hatch, cx);
}

/// LINK (RFC 9253, section 8.2).
pub(crate) fn import_link<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    import(line, Origin::Link, &mut draft.links, &mut draft.hatch, cx);
}

/// URL (RFC 5545, section 3.8.4.6).
pub(crate) fn import_url<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    import(line, Origin::Url, &mut draft.links, &mut draft.hatch, cx);
}

/// STRUCTURED-DATA of a VLOCATION (RFC 9073, section 6.6), for 1.0.
pub(crate) fn import_structured_data<'a>(
    line: &'a Line<'a>,
    links: &mut Vec<Keyed<'a, Link>>,
    hatch: &mut Hatch<'a>,
    cx: &mut Context<'_>,
) {
    match line.param("VALUE") {
        Some(param) if param.value().eq_ignore_ascii_case("URI") => {
            import(line, Origin::StructuredData, links, hatch, cx);
        }
        _ => hatch.keep(line),
    }
}

fn import<'a>(
    line: &'a Line<'a>,
    origin: Origin,
    links: &mut Vec<Keyed<'a, Link>>,
    hatch: &mut Hatch<'a>,
    cx: &mut Context<'_>,
) {
    let again = origin == Origin::Url && links.first().is_some_and(is_url);
    let form = match Form::of(line, origin) {
        Some(form) if !(again || cx.is_v1() && origin == Origin::Link) => form,
        _ => return hatch.keep(line),
    };
    if !form.suits(line.value()) {
        cx.report(line, Severity::Warning, "invalid-value", || {
            "not a URI and not base64; kept as it is".to_owned()
        });
        return hatch.keep(line);
    }
    if form == Form::UnencodedBinary {
        cx.report(line, Severity::Warning, "no-encoding", || "taken as base64".to_owned());
    }
    let mut said = Said::new(origin, form, cx.is_v1());
    let left = leftovers(line, |param| said.take(param));
    if said.twice {
        return hatch.keep(line);
    }
    let jsid = said.jsid.take();
    let link = said.into_link(line.value());
    let hint = said::hint(&link, origin, form, cx.is_v1(), left);
    let mut element = Keyed::of_line(line, jsid, link);
    element.hints.extend(hint);
    // The URL stands first: so a second one is recognised at once, and keys do not depend on where it stood.
    let at = if origin == Origin::Url { 0 } else { links.len() };
    links.insert(at, element);
}

/// Whether an imported link came from URL.
fn is_url(link: &Keyed<'_, Link>) -> bool {
    let name = link.hints.first().map(|hint| hint.name);
    name.map_or_else(
        || link.value.rel.as_deref() == Some(DESCRIBED_BY),
        |name| name == Origin::Url.lower(),
    )
}

/// Whether a text can be the value of a line as it is.
fn is_writable(value: &str) -> bool {
    !value.is_empty() && !value.bytes().any(|byte| byte.is_ascii_control())
}

/// Whether a text can be the value of a parameter, and come back as what it was.
pub(crate) fn fits_param(text: &str) -> bool {
    !text.is_empty()
        && !text.bytes().any(|byte| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\t'))
}

/// Whether a text can be a relation: a token or a URI (RFC 9253, section 6.1).
fn is_relation(rel: &str) -> bool {
    is_token(rel) || (is_writable(rel) && has_scheme(rel) && !rel.contains([' ', '"']))
}

fn has_scheme(uri: &str) -> bool {
    let Some((scheme, _)) = uri.split_once(':') else { return false };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(allowed)
}

/// The value of a parameter that has one and not several.
pub(crate) fn single<'a>(param: &Param<'a>) -> Option<Cow<'a, str>> {
    let mut values = param.values();
    let value = values.next().filter(|value| !value.is_empty())?;
    values.next().is_none().then_some(value)
}

/// A text for people; a comma in it may be one that somebody forgot to put in quotes.
pub(crate) fn title(param: &Param<'_>) -> Option<String> {
    let title = param.values().collect::<Vec<_>>().join(",");
    fits_param(&title).then_some(title)
}
