//! Texts: SUMMARY, DESCRIPTION, STYLED-DESCRIPTION, CATEGORIES, CONCEPT, COLOR.

use std::borrow::Cow;
use std::collections::BTreeMap;

use content_line::{Line, escape_text_into, split_unescaped, unescape_text};
use jscalendar::json_model::pointer;
use jscalendar::{Json, Set, is_color};

use crate::draft::{Context, Draft, leftovers};
use crate::hatch::{Hint, KeptHatch};
use crate::jcal::Params;
use crate::out::{Out, Outgoing, Source};

/// SUMMARY (RFC 5545, section 3.8.1.12) to `title`, its LANGUAGE to `locale`.
pub(crate) fn import_summary<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    if draft.entry.title.is_some() {
        draft.hatch.keep(line);
        return;
    }
    draft.entry.title = Some(unescape_text(line.value()).into_owned());
    let left = leftovers(line, |param| {
        let language = param.is("LANGUAGE");
        if language {
            draft.entry.locale = Some(param.value().into_owned());
        }
        language
    });
    draft.hatch.leftovers("summary", left, || "title".to_owned());
}

pub(crate) fn export_title(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let (title, locale) = (source.common.title, source.common.locale);
    if let Some(title) = title {
        let property = Outgoing::text("SUMMARY", title).param_opt("LANGUAGE", locale.as_deref());
        out.property(source, &source.hatch, &property, || "title".to_owned());
    } else if let Some(locale) = locale {
        out.jsprop("locale", &Json::from(locale.as_str()));
    }
}

/// DESCRIPTION (RFC 5545, section 3.8.1.5) to `description`, unless it only repeats a STYLED-DESCRIPTION.
pub(crate) fn import_description<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    let is_styled = draft.described_by.is_some_and(|other| other.is("STYLED-DESCRIPTION"));
    if is_derived(line) && is_styled && !draft.hatch.has_hint("description") {
        // Export derives it anew.
        return;
    }
    if is_derived(line) || draft.entry.description.is_some() {
        draft.hatch.keep(line);
        return;
    }
    draft.entry.description = Some(unescape_text(line.value()).into_owned());
    draft.described_by = Some(line);
    draft.hatch.converted(line, "description", "description");
}

/// STYLED-DESCRIPTION (RFC 9073, section 6.5) to `description` and `descriptionContentType`. It goes before
/// DESCRIPTION; the table therefore does it first.
pub(crate) fn import_styled_description<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    if draft.described_by.is_some_and(|styled| std::ptr::eq(styled, line)) {
        return;
    }
    draft.hatch.keep(line);
}

/// Finds the STYLED-DESCRIPTION that becomes the description, before the other lines are imported.
pub(crate) fn prefer_styled<'a>(lines: &'a [Line<'a>], draft: &mut Draft<'a>) {
    let usable = |line: &&&Line<'_>| {
        !is_derived(line) && !line.value().is_empty() && styled_type(line).is_some()
    };
    let styled = lines.iter().filter(|line| line.is("STYLED-DESCRIPTION")).collect::<Vec<_>>();
    let Some(line) = styled.iter().find(usable).copied() else { return };
    draft.entry.description = Some(unescape_text(line.value()).into_owned());
    draft.entry.description_content_type = styled_type(line).flatten();
    draft.described_by = Some(line);
    // With the hint export derives no DESCRIPTION; what there is of them is in the hatch.
    let alone = !lines.iter().any(|line| line.is("DESCRIPTION"));
    let plain = draft.entry.description_content_type.as_deref().is_none_or(is_plain);
    let left = leftovers(line, |param| param.is("FMTTYPE"));
    if alone || plain || !left.is_empty() {
        draft.hatch.hint(Hint::new("description", "styled-description").params(left));
    }
}

/// The media type of a STYLED-DESCRIPTION that can be a description: a text, of any kind of text.
fn styled_type(line: &Line<'_>) -> Option<Option<String>> {
    if line.param("VALUE").is_some_and(|param| !param.value().eq_ignore_ascii_case("TEXT")) {
        return None;
    }
    match line.param("FMTTYPE") {
        None => Some(None),
        Some(param) => {
            let media_type = param.value();
            let is_text =
                media_type.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"));
            is_text.then(|| Some(media_type.into_owned()))
        }
    }
}

pub(crate) fn is_derived(line: &Line<'_>) -> bool {
    line.param("DERIVED").is_some_and(|param| param.value().eq_ignore_ascii_case("TRUE"))
}

pub(crate) fn export_description(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let path = || "description".to_owned();
    let Some(description) = source.common.description else {
        let media_type = source.common.description_content_type.as_deref();
        if let Some(media_type) = media_type.filter(|media_type| *media_type != "text/plain") {
            out.jsprop("descriptionContentType", &Json::from(media_type));
        }
        return;
    };
    let media_type = source.common.description_content_type.as_deref();
    let came_styled = source.hatch.came_from("description", "styled-description");
    if came_styled || !media_type.is_none_or(is_plain) {
        out.property(source, &source.hatch, &styled(description, media_type), path);
        let kept = || source.hatch.properties.iter().any(|property| property.name == "description");
        if out.cx.is_lossless() && (came_styled || kept()) {
            return;
        }
        let plain = plain_text(description, media_type);
        if !plain.is_empty() {
            out.line(&Outgoing::text("DESCRIPTION", &plain).param("DERIVED", "TRUE"));
        }
        return;
    }
    out.property(source, &source.hatch, &Outgoing::text("DESCRIPTION", description), path);
    if let Some(media_type) = media_type.filter(|media_type| *media_type != "text/plain") {
        out.jsprop("descriptionContentType", &Json::from(media_type));
    }
}

/// A STYLED-DESCRIPTION line.
pub(crate) fn styled<'v>(text: &'v str, media_type: Option<&'v str>) -> Outgoing<'v> {
    Outgoing::text("STYLED-DESCRIPTION", text)
        .param("VALUE", "TEXT")
        .param_opt("FMTTYPE", media_type)
}

/// Whether this media type is what DESCRIPTION holds.
pub(crate) fn is_plain(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case("text/plain")
}

/// What a reader without a browser would see: the text without its tags.
fn plain_text<'t>(text: &'t str, media_type: Option<&str>) -> Cow<'t, str> {
    let is_html = media_type
        .is_some_and(|media_type| media_type.to_ascii_lowercase().starts_with("text/html"));
    if !is_html || !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        plain.push_str(before);
        let Some(close) = tag.find('>') else {
            rest = tag;
            break;
        };
        rest = &tag[close + 1..];
    }
    plain.push_str(rest);
    for (entity, character) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&amp;", "&")]
    {
        plain = plain.replace(entity, character);
    }
    Cow::Owned(plain)
}

/// CATEGORIES (RFC 5545, section 3.8.1.2) to `keywords`: all values of all lines.
pub(crate) fn import_categories<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    // All lines become one, and an encoding is that of one line only.
    if line.param("ENCODING").is_some() {
        draft.hatch.keep(line);
        return;
    }
    let left = leftovers(line, |_| false);
    let first = *draft.keyword_line.get_or_insert(line);
    let is_first = std::ptr::eq(first, line);
    let alike = is_first || leftovers(first, |_| false) == left;
    for value in split_unescaped(line.value(), ',').filter(|value| !value.is_empty()) {
        let keyword = unescape_text(value).into_owned();
        if !alike {
            let path = entry_path("keywords", &keyword);
            draft.hatch.hint(Hint::new(path, "categories").params(left.clone()));
        }
        draft.keywords.push(keyword);
    }
    if is_first {
        draft.hatch.leftovers("categories", left, || "keywords".to_owned());
    }
}

/// CATEGORIES: one line, and one for each other set of parameters.
pub(crate) fn export_keywords(
    keywords: &Set<String>,
    source: &Source<'_>,
    hatch: &KeptHatch<'_>,
    out: &mut Out<'_, '_>,
) {
    let apart = hatch.hints.iter().any(|hint| hint.path.starts_with("keywords/"));
    let mut lines: BTreeMap<Option<&Params<'_>>, (String, String)> = BTreeMap::new();
    for keyword in keywords.iter().filter(|keyword| !keyword.is_empty()) {
        let own = apart.then(|| entry_path("keywords", keyword));
        let hint = own.as_deref().and_then(|path| hatch.hint(path));
        let (_, value) = lines.entry(hint.map(|hint| &hint.params)).or_insert_with(|| {
            let path = own.filter(|_| hint.is_some());
            (path.unwrap_or_else(|| "keywords".to_owned()), String::new())
        });
        if !value.is_empty() {
            value.push(',');
        }
        escape_text_into(value, keyword);
    }
    for (path, value) in lines.into_values() {
        out.property(source, hatch, &Outgoing::raw("CATEGORIES", value), || path);
    }
}

/// The pointer to an entry of a set.
fn entry_path(set: &str, key: &str) -> String {
    format!("{set}/{}", pointer::escape(key))
}

/// CONCEPT (RFC 9253, section 8.1) to `categories`, which are URIs.
pub(crate) fn import_concept<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    let uri = line.value();
    draft.categories.push(uri.to_owned());
    draft.hatch.leftovers("concept", leftovers(line, |_| false), || entry_path("categories", uri));
}

/// CONCEPT.
pub(crate) fn export_categories(
    categories: &Set<String>,
    source: &Source<'_>,
    hatch: &KeptHatch<'_>,
    out: &mut Out<'_, '_>,
) {
    for uri in categories.iter() {
        out.property(source, hatch, &Outgoing::raw("CONCEPT", uri.as_str()), || {
            entry_path("categories", uri)
        });
    }
}

/// COLOR (RFC 7986, section 5.9) to `color`, as written.
pub(crate) fn import_color<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    if draft.entry.color.is_some() {
        draft.hatch.keep(line);
    } else if !is_color(line.value(), cx.version) {
        draft.refuse(line, cx, "not a CSS3 colour name and not #rrggbb");
    } else {
        draft.entry.color = Some(line.value().to_owned());
        draft.hatch.converted(line, "color", "color");
    }
}

/// The shared single texts and lists of a component.
pub(crate) fn export_lists(source: &Source<'_>, out: &mut Out<'_, '_>) {
    export_keywords(source.common.keywords, source, &source.hatch, out);
    export_categories(source.common.categories, source, &source.hatch, out);
    if let Some(color) = source.common.color {
        out.property(source, &source.hatch, &Outgoing::text("COLOR", color), || "color".to_owned());
    }
}
