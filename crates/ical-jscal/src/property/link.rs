//! ATTACH, IMAGE, LINK and URL (RFC 5545, sections 3.8.1.1 and 3.8.4.6; RFC 7986, section 5.10; RFC 9253, section 8.2)
//! and `links`, of entries, calendars, places and participants.
//!
//! Which property a link becomes is decided by its relation; the hatch names the property only where the relation alone
//! would choose another one.

mod inline;
mod keys;

use std::borrow::Cow;

use content_line::{Line, Param};
use jscalendar::json_model::{Part, pointer};
use jscalendar::{Display, Id, Json, Link, Map, Set, Severity, Version};

use self::inline::Inline;
pub(crate) use self::keys::{Keys, in_order};
use crate::draft::{Context, Draft, Keyed, leftovers};
use crate::hatch::{Hatch, Hint, KeptHatch, KeptHint};
use crate::out::{Out, Outgoing, Source};
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
    let mut said = Said { origin, form, v1: cx.is_v1(), ..Said::default() };
    let left = leftovers(line, |param| said.take(param));
    if said.twice {
        return hatch.keep(line);
    }
    let jsid = said.jsid.take();
    let link = said.into_link(line.value());
    let hint = hint(&link, origin, form, cx.is_v1(), left);
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

/// How the value of a line is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Uri,
    /// `VALUE=BINARY;ENCODING=BASE64`.
    Binary,
    /// `ENCODING=BASE64` alone.
    UndeclaredBinary,
}

impl Form {
    fn of(line: &Line<'_>, origin: Origin) -> Option<Self> {
        if !line.has_params() {
            return Some(Self::Uri);
        }
        let value = line.param("VALUE").map(|param| param.value());
        let encoding = line.param("ENCODING").map(|param| param.value());
        let is = |text: &Option<Cow<'_, str>>, word: &str| {
            text.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(word))
        };
        let base64 = origin.may_be_inline() && is(&encoding, "BASE64");
        match (&value, &encoding) {
            (Some(_), Some(_)) if base64 && is(&value, "BINARY") => Some(Self::Binary),
            (None, Some(_)) if base64 => Some(Self::UndeclaredBinary),
            (None, None) => Some(Self::Uri),
            (Some(_), None) if is(&value, "URI") => Some(Self::Uri),
            (_, Some(_)) if is(&encoding, "8BIT") && (value.is_none() || is(&value, "URI")) => {
                Some(Self::Uri)
            }
            _ => None,
        }
    }

    fn is_binary(self) -> bool {
        self != Self::Uri
    }

    /// Whether the value can be what the parameters say, and come back unchanged.
    fn suits(self, value: &str) -> bool {
        if self.is_binary() { inline::is_base64(value) } else { is_writable(value) }
    }
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

/// What the parameters of a line say.
#[derive(Default)]
struct Said<'a> {
    origin: Origin,
    form: Form,
    v1: bool,
    jsid: Option<Cow<'a, str>>,
    media_type: Option<Cow<'a, str>>,
    filename: Option<String>,
    label: Option<String>,
    size: Option<u64>,
    rel: Option<Cow<'a, str>>,
    display: Set<Display>,
    /// A parameter stands there twice, so that no one value is the right one.
    twice: bool,
}

impl<'a> Said<'a> {
    /// Takes a parameter; tells whether export will write it by itself.
    fn take(&mut self, param: &Param<'a>) -> bool {
        if param.is("JSID") {
            let single = single(param);
            return put(&mut self.jsid, single, &mut self.twice);
        }
        if param.is("FMTTYPE") {
            let media_type =
                single(param).filter(|it| !it.bytes().any(|byte| byte.is_ascii_control()));
            return put(&mut self.media_type, media_type, &mut self.twice);
        }
        if param.is("FILENAME") && self.origin.may_be_inline() {
            return put(&mut self.filename, title(param), &mut self.twice)
                && param.values().count() == 1;
        }
        if param.is("LABEL") {
            // The name of an attachment in earlier revisions of the draft; there export has to be told of it.
            let taken = put(&mut self.label, title(param), &mut self.twice);
            return taken && !self.origin.may_be_inline() && param.values().count() == 1;
        }
        if param.is("SIZE") {
            let size = single(param).and_then(|text| {
                let size = text.parse().ok()?;
                (u64::to_string(&size) == text).then_some(size)
            });
            return put(&mut self.size, size, &mut self.twice);
        }
        if param.is("LINKREL") {
            return self.take_relation(param);
        }
        if param.is("DISPLAY") && self.origin == Origin::Image {
            return self.take_display(param);
        }
        param.is("ENCODING") && self.form == Form::Binary
    }

    fn take_relation(&mut self, param: &Param<'a>) -> bool {
        let rel = single(param)
            .filter(|rel| is_relation(rel) && Some(rel.as_ref()) != self.origin.relation());
        match self.origin {
            Origin::Link => put(&mut self.rel, rel, &mut self.twice),
            // Export writes it only if the hint says so, for other links have a property of their own.
            Origin::Attach | Origin::Image if self.form.is_binary() || self.v1 => {
                put(&mut self.rel, rel, &mut self.twice);
                false
            }
            _ => false,
        }
    }

    fn take_display(&mut self, param: &Param<'a>) -> bool {
        let values: Vec<String> = param.values().map(|value| value.to_ascii_lowercase()).collect();
        if !values.iter().all(|value| is_token(value)) {
            return false;
        }
        self.twice |= !self.display.is_empty();
        // 1.0 has room for one.
        let room = if self.v1 { 1 } else { values.len() };
        let all = room == values.len();
        self.display.extend(values.into_iter().take(room).map(Display::from));
        all
    }

    fn into_link(self, value: &str) -> Link {
        let mut link = Link::default();
        link.rel = match (self.rel, self.origin) {
            (Some(rel), _) => Some(rel.into_owned()),
            (None, Origin::Image)
                if !self.v1 || self.form.is_binary() || !self.display.is_empty() =>
            {
                Some(ICON.to_owned())
            }
            (None, Origin::Url) if !self.v1 => Some(DESCRIBED_BY.to_owned()),
            _ => None,
        };
        link.href = Some(match self.form {
            Form::Uri => value.to_owned(),
            _ => inline::href(self.media_type.as_deref(), value),
        });
        link.content_type = self.media_type.map(Cow::into_owned);
        link.size = self.size;
        link.display = self.display;
        link.title = self.filename.or(self.label);
        link
    }
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

fn put<T>(slot: &mut Option<T>, value: Option<T>, twice: &mut bool) -> bool {
    let taken = value.is_some();
    *twice |= taken && slot.is_some();
    *slot = value.or_else(|| slot.take());
    taken
}

/// What the link itself does not say: its property, where the relation would choose another one, the form of the value
/// and other parameters.
fn hint<'a>(
    link: &Link,
    origin: Origin,
    form: Form,
    v1: bool,
    left: Vec<Param<'a>>,
) -> Option<Hint<'a>> {
    let by_relation = Origin::of_relation(link.rel.as_deref()) == origin;
    let value_type = match form {
        Form::Binary => Some("binary"),
        Form::UndeclaredBinary => None,
        Form::Uri if origin.may_be_inline() && Inline::of(link).is_some() => Some("uri"),
        // In 1.0 the relation does not tell; this is how export knows.
        Form::Uri if v1 && !by_relation => Some("uri"),
        Form::Uri => None,
    };
    if by_relation && value_type.is_none() && left.is_empty() {
        return None;
    }
    let mut hint = Hint::new("href", origin.lower()).params(left);
    hint.value_type = value_type;
    Some(hint)
}

/// Writes links, one line each.
///
/// `base` leads to them from the object that has `hatch`, and so from the component that is being written.
pub(crate) fn export_links(
    links: &Map<Id, Link>,
    base: &str,
    source: &Source<'_>,
    hatch: &KeptHatch<'_>,
    out: &mut Out<'_, '_>,
) {
    if links.is_empty() {
        return;
    }
    let nothing = KeptHatch::default();
    let hatch = if out.cx.is_lossless() { hatch } else { &nothing };
    let mut order: Vec<(&Id, &Link, Option<&KeptHint<'_>>)> = in_order(links)
        .into_iter()
        .map(|(key, link)| (key, link, hatch.hint_of(base, key)))
        .collect();
    let url = url_of(&order);
    if let Some(at) = url {
        // As import has it: the URL counts as the first link.
        order[..=at].rotate_right(1);
    }
    let mut writing = Writing { base, source, hatch, keys: Keys::default() };
    for (at, (key, link, hint)) in order.into_iter().enumerate() {
        writing.link(key, link, hint, at == 0 && url.is_some(), out);
    }
}

impl<'a> KeptHatch<'a> {
    /// The hint for the link `key`.
    fn hint_of(&self, base: &str, key: &Id) -> Option<&KeptHint<'a>> {
        if self.hints.is_empty() { None } else { self.hint(&path(base, key, "/href")) }
    }
}

fn path(base: &str, key: &Id, end: &str) -> String {
    format!("{base}/{}{end}", pointer::escape(key.as_str()))
}

/// The link that becomes the URL, of which a component has at most one: the one that was it, else the first that could.
fn url_of(order: &[(&Id, &Link, Option<&KeptHint<'_>>)]) -> Option<usize> {
    let could = |link: &Link, hint: Option<&KeptHint<'_>>| {
        link.href.as_deref().is_some_and(is_writable) && choose(link, hint) == Origin::Url
    };
    let was = |hint: Option<&KeptHint<'_>>| {
        hint.is_some_and(|hint| Origin::of(&hint.name) == Some(Origin::Url))
    };
    order
        .iter()
        .position(|(_, link, hint)| was(*hint) && could(link, *hint))
        .or_else(|| order.iter().position(|(_, link, hint)| could(link, *hint)))
}

/// The property for a link: the one it came from if that still says what the link says, else by its relation.
fn choose(link: &Link, hint: Option<&KeptHint<'_>>) -> Origin {
    let rel = link.rel.as_deref();
    let by_relation = match Origin::of_relation(rel) {
        Origin::Link if !rel.is_some_and(is_relation) => Origin::Attach,
        origin => origin,
    };
    let Some(hint) = hint else { return by_relation };
    match Origin::of(&hint.name) {
        Some(Origin::Link) if rel.is_none_or(is_relation) => Origin::Link,
        Some(origin @ (Origin::Attach | Origin::Image))
            if rel.is_some() && param(hint, "linkrel") == rel =>
        {
            origin
        }
        Some(origin)
            if rel.is_none() && is_value_type(hint, "uri") && Inline::of(link).is_none() =>
        {
            origin
        }
        _ => by_relation,
    }
}

fn param<'h>(hint: &'h KeptHint<'_>, name: &str) -> Option<&'h str> {
    let (_, values) = hint.params.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
    values.first().map(AsRef::as_ref)
}

fn is_value_type(hint: &KeptHint<'_>, value_type: &str) -> bool {
    hint.value_type.as_ref().is_some_and(|other| other.eq_ignore_ascii_case(value_type))
}

/// Some links on their way out.
struct Writing<'w, 'h> {
    base: &'w str,
    source: &'w Source<'h>,
    hatch: &'w KeptHatch<'h>,
    keys: Keys,
}

impl Writing<'_, '_> {
    fn link(
        &mut self,
        key: &Id,
        link: &Link,
        hint: Option<&KeptHint<'_>>,
        is_url: bool,
        out: &mut Out<'_, '_>,
    ) {
        let Some(href) = link.href.as_deref().filter(|href| is_writable(href)) else {
            return self.whole(key, link, out);
        };
        let origin = match choose(link, hint) {
            Origin::Url if !is_url => Origin::Link,
            origin => origin,
        };
        let inline = Inline::of(link)
            .filter(|inline| origin.may_be_inline() && inline.is_wanted(link, hint));
        let mut aside: Vec<(&'static str, Json)> = Vec::new();
        let mut line = Outgoing::raw(origin.name(), inline.map_or(href, |inline| inline.base64));
        let undeclared =
            hint.is_some_and(|hint| hint.value_type.is_none() && param(hint, "encoding").is_some());
        line = match inline {
            Some(_) if undeclared => line.param("ENCODING", "BASE64"),
            Some(_) => line.param("VALUE", "BINARY").param("ENCODING", "BASE64"),
            None if matches!(origin, Origin::Attach | Origin::Url) => line,
            None => line.param("VALUE", "URI"),
        };
        line = relation(line, origin, link, hint, &mut aside);
        let media_type =
            link.content_type.as_deref().or_else(|| inline.map(|inline| inline.media_type));
        match media_type.filter(|it| !it.is_empty()) {
            Some(it) if !it.bytes().any(|byte| byte.is_ascii_control()) => {
                line = line.param("FMTTYPE", it)
            }
            _ => {
                aside.extend(link.content_type.as_deref().map(|it| ("contentType", Json::from(it))))
            }
        }
        match link.title.as_deref() {
            Some(title) if fits_param(title) => {
                line = line.param(title_param(origin, title, hint), title)
            }
            title => aside.extend(title.map(|title| ("title", Json::from(title)))),
        }
        line = line.param_opt("SIZE", link.size.map(|size| size.to_string()));
        line = display(line, origin, link, hint, &mut aside);
        let cid = link.legacy.as_ref().and_then(|legacy| legacy.cid.as_deref());
        aside.extend(cid.map(|cid| ("cid", Json::from(cid))));

        let made = self.keys.makes(key, &line.value);
        if !made || !aside.is_empty() || !link.extra.is_empty() {
            line = line.param("JSID", key.as_str());
        }
        // A hint about the form of the value is heeded above; checking it again would copy the content.
        match hint {
            Some(hint) if !hint.params.is_empty() || hint.raw.is_some() => {
                out.property(self.source, self.hatch, &line, || path(self.base, key, "/href"));
            }
            _ => out.line(&line),
        }
        for (member, json) in &aside {
            out.jsprop(&path(self.base, key, &format!("/{member}")), json);
        }
        if !link.extra.is_empty() {
            out.extra(&path(self.base, key, ""), &link.extra);
        }
    }

    /// A link that no property can be made of.
    fn whole(&self, key: &Id, link: &Link, out: &mut Out<'_, '_>) {
        let path = path(self.base, key, "");
        out.cx.report(
            &path,
            Severity::Warning,
            "no-href",
            "a link without a URI has no property in iCalendar",
        );
        if let Ok(json) = Json::from_serialize(link) {
            out.jsprop(&path, &json);
        }
    }
}

/// Adds LINKREL where the property itself does not say the relation.
fn relation<'v>(
    line: Outgoing<'v>,
    origin: Origin,
    link: &'v Link,
    hint: Option<&KeptHint<'_>>,
    aside: &mut Vec<(&'static str, Json)>,
) -> Outgoing<'v> {
    let Some(rel) = link.rel.as_deref().filter(|rel| origin.relation() != Some(*rel)) else {
        return line;
    };
    let linked =
        origin == Origin::Link || hint.is_some_and(|hint| param(hint, "linkrel") == Some(rel));
    if linked && is_relation(rel) {
        return line.param("LINKREL", rel);
    }
    aside.push(("rel", Json::from(rel)));
    line
}

/// The parameter for the title: FILENAME of what is attached, LABEL of what is linked to.
fn title_param(origin: Origin, title: &str, hint: Option<&KeptHint<'_>>) -> &'static str {
    let labelled = |hint: &KeptHint<'_>| {
        param(hint, "label") == Some(title) && param(hint, "filename").is_none()
    };
    if origin.may_be_inline() && !hint.is_some_and(labelled) { "FILENAME" } else { "LABEL" }
}

/// Adds DISPLAY to an image. The parameter has tokens without regard to case; other values are put aside.
fn display<'v>(
    line: Outgoing<'v>,
    origin: Origin,
    link: &'v Link,
    hint: Option<&KeptHint<'_>>,
    aside: &mut Vec<(&'static str, Json)>,
) -> Outgoing<'v> {
    let old = link.legacy.as_ref().and_then(|legacy| legacy.display.as_ref());
    let values: Vec<&str> = link.display.iter().chain(old).map(Display::as_str).collect();
    if values.is_empty() {
        return line;
    }
    let is_plain =
        |value: &&str| is_token(value) && !value.bytes().any(|byte| byte.is_ascii_uppercase());
    if origin != Origin::Image || !values.iter().all(is_plain) {
        match old {
            Some(old) => aside.push(("display", Json::from(old.as_str()))),
            None => aside.extend(
                link.look_up_member("display", &[], Version::V2_0).map(|json| ("display", json)),
            ),
        }
        return line;
    }
    // 1.0 has room for one value; the hint has all there were.
    let kept = hint
        .and_then(|hint| hint.params.iter().find(|(name, _)| name.eq_ignore_ascii_case("display")));
    let all = match (kept, values.as_slice()) {
        (Some((_, all)), [one])
            if all.first().is_some_and(|first| first.eq_ignore_ascii_case(one)) =>
        {
            all.iter().map(|value| Cow::Owned(value.to_ascii_uppercase())).collect()
        }
        _ => values.into_iter().map(|value| Cow::Owned(value.to_ascii_uppercase())).collect(),
    };
    line.param_list("DISPLAY", all)
}
