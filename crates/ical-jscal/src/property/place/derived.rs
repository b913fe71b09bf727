//! LOCATION and GEO with DERIVED=TRUE (RFC 9073, section 5.3): they repeat what a VLOCATION says.
//!
//! They are no places. A hint says that they were there and how they looked, so that they come back as long as the
//! place says the same.

use content_line::{Line, unescape_text};

use super::{Place, geo, jsid};
use crate::draft::{Context, leftovers};
use crate::hatch::{Hint, KeptHatch, KeptHint};

/// The place that a derived LOCATION names.
pub(super) fn location_of(line: &Line<'_>, places: &[Place<'_>]) -> Option<usize> {
    if let Some(jsid) = jsid(line) {
        return position(places, |place| place.key.as_str() == jsid);
    }
    let text = unescape_text(line.value());
    position(places, |place| place.location.name.as_deref() == Some(&text))
        .or_else(|| {
            position(places, |place| {
                place.location.name.as_deref().is_some_and(|name| alike(name, &text))
            })
        })
        .or_else(|| only(places))
}

/// The place that a derived GEO is the position of.
pub(super) fn geo_of(line: &Line<'_>, places: &[Place<'_>]) -> Option<usize> {
    let here = geo::parse(line.value())?;
    let jsid = jsid(line);
    position(places, |place| {
        let named = jsid.as_ref().is_none_or(|jsid| place.key.as_str() == jsid);
        let there = place.location.coordinates.as_deref().and_then(geo::of_uri);
        named && there.is_some_and(|there| there.is_at(here))
    })
}

fn position(places: &[Place<'_>], mut is_it: impl FnMut(&Place<'_>) -> bool) -> Option<usize> {
    places.iter().position(|place| place.own.is_some() && is_it(place))
}

/// The only VLOCATION there is.
fn only(places: &[Place<'_>]) -> Option<usize> {
    let at = position(places, |_| true)?;
    let another = places[at + 1..].iter().any(|place| place.own.is_some());
    (!another).then_some(at)
}

/// Notes a derived LOCATION, unless export writes just such a line by itself.
pub(super) fn note_location<'a>(
    line: &'a Line<'a>,
    places: &mut [Place<'a>],
    at: usize,
    cx: &Context<'_>,
) {
    let is_main = places.len() > 1 && !cx.is_v1();
    let Some(place) = places.get_mut(at) else { return };
    let text = unescape_text(line.value());
    let name = place.location.name.as_deref();
    let same = name == Some(&text);
    if is_main && same && says_jsid_only(line, place) {
        return;
    }
    let mut hint = Hint::new("name", "location").params(leftovers(line, |_| false));
    if !same {
        hint = hint.raw(line.value());
        let name = name.filter(|name| !alike(name, &text)).map(str::to_owned);
        if let (Some(name), Some(own)) = (name, &mut place.own) {
            // The text is not the name, so it holds only while the name is what it was.
            own.hint(Hint::new("name", "name").raw(super::escaped(&name).into_owned()));
        }
    }
    place.hints.push(hint);
}

/// Whether the line has DERIVED and the key of the place, and nothing else.
fn says_jsid_only(line: &Line<'_>, place: &Place<'_>) -> bool {
    let has_jsid = jsid(line).is_some_and(|jsid| jsid == place.key.as_str());
    has_jsid && leftovers(line, |param| param.is("DERIVED") || param.is("JSID")).is_empty()
}

/// Notes a derived GEO.
pub(super) fn note_geo<'a>(line: &'a Line<'a>, place: &mut Place<'a>) {
    let mut hint = Hint::new("coordinates", "geo").params(leftovers(line, |_| false));
    let plain =
        place.location.coordinates.as_deref().and_then(geo::of_uri).map(geo::Position::value);
    if plain.as_deref() != Some(line.value()) {
        hint = hint.raw(line.value());
    }
    place.hints.push(hint);
}

/// Whether a text of a derived LOCATION still goes with a place of this name.
pub(super) fn still_holds(raw: &str, name: Option<&str>, own: &KeptHatch<'_>) -> bool {
    let was = own.hint("name").and_then(|hint| hint.raw.as_deref()).map(unescape_text);
    match (name, was) {
        (Some(name), Some(was)) => name == was,
        (Some(name), None) => alike(name, &unescape_text(raw)),
        (None, was) => was.is_none(),
    }
}

/// Whether a hint is about a derived line.
pub(super) fn is_about(hint: &KeptHint<'_>) -> bool {
    let is_true = |values: &[std::borrow::Cow<'_, str>]| {
        values.first().is_some_and(|it| it.eq_ignore_ascii_case("TRUE"))
    };
    hint.params.iter().any(|(name, values)| name.eq_ignore_ascii_case("derived") && is_true(values))
}

fn alike(one: &str, two: &str) -> bool {
    one.eq_ignore_ascii_case(two) || one.to_lowercase() == two.to_lowercase()
}
