//! CONFERENCE (RFC 7986, section 5.11) and `virtualLocations`.

use std::borrow::Cow;

use content_line::Line;
use jscalendar::json_model::{Part, pointer};
use jscalendar::{Feature, Id, Json, Severity, Version, VirtualLocation};

use crate::draft::{Draft, Keyed, leftovers};
use crate::hatch::Hint;
use crate::out::{Out, Outgoing, Source};
use crate::property::link::{Keys, fits_param, in_order, single, title};
use crate::property::relation::is_token;

/// CONFERENCE: the value is the `uri`, LABEL the `name`, FEATURE the `features`.
pub(crate) fn import_conference<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    let is_uri = line.param("VALUE").is_none_or(|param| param.value().eq_ignore_ascii_case("URI"));
    if !is_uri || line.value().bytes().any(|byte| byte.is_ascii_control()) {
        draft.hatch.keep(line);
        return;
    }
    let mut place = VirtualLocation::new(line.value());
    let mut jsid = None;
    let left = leftovers(line, |param| {
        if param.is("JSID") && jsid.is_none() {
            jsid = single(param);
            return jsid.is_some();
        }
        if param.is("LABEL") && place.name.is_none() {
            place.name = title(param);
            return place.name.is_some() && param.values().count() == 1;
        }
        let features: Vec<String> = if param.is("FEATURE") {
            param.values().map(|value| value.to_ascii_lowercase()).collect()
        } else {
            Vec::new()
        };
        let all_tokens = !features.is_empty() && features.iter().all(|feature| is_token(feature));
        if all_tokens {
            place.features.extend(features.into_iter().map(Feature::from));
        }
        all_tokens
    });
    let mut element = Keyed::of_line(line, jsid, place);
    if !left.is_empty() {
        element.hints.push(Hint::new("uri", "conference").params(left));
    }
    draft.virtual_locations.push(element);
}

pub(super) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let mut keys = Keys::default();
    for (key, place) in in_order(source.common.virtual_locations) {
        export_place(key, place, &mut keys, source, out);
    }
}

fn export_place(
    key: &Id,
    place: &VirtualLocation,
    keys: &mut Keys,
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let path = |end: &str| format!("virtualLocations/{}{end}", pointer::escape(key.as_str()));
    let writable = |uri: &&str| !uri.is_empty() && !uri.bytes().any(|byte| byte.is_ascii_control());
    let Some(uri) = place.uri.as_deref().filter(writable) else {
        let message = "a virtual location without a URI has no property in iCalendar";
        out.cx.report(&path(""), Severity::Warning, "no-uri", message);
        if let Ok(json) = Json::from_serialize(place) {
            out.jsprop(&path(""), &json);
        }
        return;
    };
    let mut aside: Vec<(String, Json)> = Vec::new();
    let mut line = Outgoing::raw("CONFERENCE", uri).param("VALUE", "URI");
    let is_plain = |feature: &&Feature| {
        let text = feature.as_str();
        is_token(text) && !text.bytes().any(|byte| byte.is_ascii_uppercase())
    };
    let (plain, others): (Vec<&Feature>, Vec<&Feature>) = place.features.iter().partition(is_plain);
    let tokens: Vec<Cow<'_, str>> =
        plain.iter().map(|it| Cow::Owned(it.as_str().to_ascii_uppercase())).collect();
    if tokens.is_empty() && !others.is_empty() {
        aside.extend(
            place
                .look_up_member("features", &[], Version::V2_0)
                .map(|json| ("/features".to_owned(), json)),
        );
    } else {
        let one = |it: &&Feature| {
            (format!("/features/{}", pointer::escape(it.as_str())), Json::from(true))
        };
        aside.extend(others.iter().map(one));
    }
    line = line.param_list("FEATURE", tokens);
    match place.name.as_deref() {
        Some(name) if fits_param(name) => line = line.param("LABEL", name),
        name => aside.extend(name.map(|name| ("/name".to_owned(), Json::from(name)))),
    }
    let description = place.legacy.as_ref().and_then(|legacy| legacy.description.as_deref());
    aside.extend(description.map(|text| ("/description".to_owned(), Json::from(text))));

    let made = keys.makes(key, uri);
    if !made || !aside.is_empty() || !place.extra.is_empty() {
        line = line.param("JSID", key.as_str());
    }
    out.property(source, &source.hatch, &line, || path("/uri"));
    for (end, json) in &aside {
        out.jsprop(&path(end), json);
    }
    if !place.extra.is_empty() {
        out.extra(&path(""), &place.extra);
    }
}
