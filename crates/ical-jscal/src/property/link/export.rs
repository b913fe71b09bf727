//! ATTACH, IMAGE, LINK and URL from `links`.

use std::borrow::Cow;

use jscalendar::json_model::{Part, pointer};
use jscalendar::{Display, Id, Json, Link, Map, Severity, Version};

use super::inline::Inline;
use super::{Keys, Origin, fits_param, in_order, is_relation, is_writable};
use crate::hatch::{KeptHatch, KeptHint};
use crate::out::{Out, Outgoing, Source};
use crate::property::relation::is_token;

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
        let mut line = value(href, inline, origin, hint);
        line = relation(line, origin, link, hint, &mut aside);
        line = media_type(line, link, inline, &mut aside);
        line = title(line, origin, link, hint, &mut aside);
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

/// The property with its value, and with the parameters that say what kind of value it is.
fn value<'v>(
    href: &'v str,
    inline: Option<Inline<'v>>,
    origin: Origin,
    hint: Option<&KeptHint<'_>>,
) -> Outgoing<'v> {
    let line = Outgoing::raw(origin.name(), inline.map_or(href, |inline| inline.base64));
    let undeclared =
        hint.is_some_and(|hint| hint.value_type.is_none() && param(hint, "encoding").is_some());
    match inline {
        Some(_) if undeclared => line.param("ENCODING", "BASE64"),
        Some(_) => line.param("VALUE", "BINARY").param("ENCODING", "BASE64"),
        None if matches!(origin, Origin::Attach | Origin::Url) => line,
        None => line.param("VALUE", "URI"),
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

/// Adds FMTTYPE: the media type of the link, else that in its `data:` URI, which BINARY does not have.
fn media_type<'v>(
    line: Outgoing<'v>,
    link: &'v Link,
    inline: Option<Inline<'v>>,
    aside: &mut Vec<(&'static str, Json)>,
) -> Outgoing<'v> {
    let own = link.content_type.as_deref();
    let media_type = own.or_else(|| inline.map(|inline| inline.media_type));
    match media_type.filter(|it| !it.is_empty()) {
        Some(it) if !it.bytes().any(|byte| byte.is_ascii_control()) => line.param("FMTTYPE", it),
        _ => {
            aside.extend(own.map(|it| ("contentType", Json::from(it))));
            line
        }
    }
}

/// Adds the title where it can be a parameter.
fn title<'v>(
    line: Outgoing<'v>,
    origin: Origin,
    link: &'v Link,
    hint: Option<&KeptHint<'_>>,
    aside: &mut Vec<(&'static str, Json)>,
) -> Outgoing<'v> {
    match link.title.as_deref() {
        Some(title) if fits_param(title) => line.param(title_param(origin, title, hint), title),
        title => {
            aside.extend(title.map(|title| ("title", Json::from(title))));
            line
        }
    }
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
