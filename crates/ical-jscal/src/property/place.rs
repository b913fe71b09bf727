//! Places: LOCATION and GEO (RFC 5545, sections 3.8.1.7 and 3.8.1.6), VLOCATION (RFC 9073, section 7.2) and CONFERENCE
//! (RFC 7986, section 5.11), to `locations`, `mainLocationId` and `virtualLocations`.
//!
//! One place may stand in up to three of them: LOCATION has its name, GEO its position, VLOCATION everything. What is
//! what can be said only when all have been read, so the lines are noted first and made places by [`finish`].

mod component;
mod conference;
mod derived;
mod geo;
mod plan;

use std::borrow::Cow;

use content_line::{Line, unescape_text};
use jscalendar::{Diagnostic, Id, Link, Location, Severity};

pub(crate) use self::component::import_vlocation;
pub(crate) use self::conference::import_conference;
pub(crate) use self::plan::Plan;
use crate::draft::{Context, Draft, Keyed, collect, leftovers};
use crate::hatch::{Hatch, Hint};
use crate::key;
use crate::out::{Out, Source};
use crate::property::link::single;
use crate::property::text::is_derived;

/// What has been read of an entry's places.
#[derive(Default)]
pub(crate) struct Seen<'a> {
    location: Option<&'a Line<'a>>,
    geo: Option<&'a Line<'a>>,
    derived_location: Option<&'a Line<'a>>,
    derived_geo: Option<&'a Line<'a>>,
    components: Vec<Place<'a>>,
}

impl Seen<'_> {
    fn is_empty(&self) -> bool {
        let lines = [self.location, self.geo, self.derived_location, self.derived_geo];
        lines.iter().all(Option::is_none) && self.components.is_empty()
    }
}

/// A place that is being made.
struct Place<'a> {
    key: Id,
    /// Whether JSID says the key.
    is_named: bool,
    location: Location,
    links: Vec<Keyed<'a, Link>>,
    /// What the entry's hatch has to say of it, without `locations/key/`.
    hints: Vec<Hint<'a>>,
    /// Its own hatch, if it comes from a VLOCATION.
    own: Option<Hatch<'a>>,
    jsprops: Vec<&'a Line<'a>>,
}

impl<'a> Place<'a> {
    fn new(key: Id, is_named: bool) -> Self {
        let location = Location::default();
        Self {
            key,
            is_named,
            location,
            links: Vec::new(),
            hints: Vec::new(),
            own: None,
            jsprops: Vec::new(),
        }
    }

    /// A place for a line, with the key that the line has.
    fn of_line(line: &Line<'_>) -> Self {
        match jsid(line) {
            Some(jsid) => Self::new(Id::from(jsid.into_owned()), true),
            None => Self::new(key::from_value(line.value()), false),
        }
    }
}

/// LOCATION (RFC 5545, section 3.8.1.7): the first one is the place, or the name of one that is derived.
pub(crate) fn import_location<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    let is_text =
        line.param("VALUE").is_none_or(|param| param.value().eq_ignore_ascii_case("TEXT"));
    let seen = &mut draft.places;
    let slot = if is_derived(line) { &mut seen.derived_location } else { &mut seen.location };
    if slot.is_some() || !is_text {
        draft.hatch.keep(line);
        return;
    }
    *slot = Some(line);
}

/// GEO (RFC 5545, section 3.8.1.6): the position of the place that LOCATION names, or of one without a name.
pub(crate) fn import_geo<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    if line.param("VALUE").is_some_and(|param| !param.value().eq_ignore_ascii_case("FLOAT")) {
        draft.hatch.keep(line);
        return;
    }
    if geo::parse(line.value()).is_none() {
        draft.refuse(line, cx, "not a latitude and a longitude");
        return;
    }
    let seen = &mut draft.places;
    let slot = if is_derived(line) { &mut seen.derived_geo } else { &mut seen.geo };
    if slot.is_some() {
        draft.hatch.keep(line);
        return;
    }
    *slot = Some(line);
}

/// Makes the places, once all lines and components are read.
pub(crate) fn finish<'a>(draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    let seen = std::mem::take(&mut draft.places);
    if seen.is_empty() {
        return;
    }
    let mut places: Vec<Place<'a>> = Vec::new();
    if let Some(line) = seen.location {
        places.push(place_of_location(line));
    }
    if let Some(line) = seen.geo {
        place_geo(line, &mut places);
    }
    let lines = places.len();
    for component in seen.components {
        let twin = places[..lines].iter().position(|place| is_same(place, &component));
        match twin {
            Some(at) if can_merge(&places[at], &component) => merge(&mut places[at], component),
            _ => places.push(component),
        }
    }
    make_keys_unique(&mut places, cx);
    let mut main = seen.location.and_then(|_| places.first()).map(|place| place.key.clone());
    if let Some(line) = seen.derived_location {
        // Beside a LOCATION that speaks for itself it is an oddity.
        let target = if main.is_none() { derived::location_of(line, &places) } else { None };
        match target {
            Some(at) => {
                derived::note_location(line, &mut places, at, cx);
                main = places.get(at).map(|place| place.key.clone());
            }
            None => draft.hatch.keep(line),
        }
    }
    if let Some(line) = seen.derived_geo {
        match derived::geo_of(line, &places) {
            Some(at) if seen.geo.is_none() => derived::note_geo(line, &mut places[at]),
            _ => draft.hatch.keep(line),
        }
    }
    if places.len() > 1 && cx.is_v1() {
        // 1.0 cannot say which one is the main place.
        mark_main(&mut places, seen.location.is_some());
    } else if places.len() > 1 {
        draft.entry.main_location_id = main;
    }
    draft.locations.extend(places.into_iter().map(|place| into_location(place, cx)));
}

fn place_of_location<'a>(line: &'a Line<'a>) -> Place<'a> {
    let mut place = Place::of_line(line);
    let name = unescape_text(line.value());
    let left = leftovers(line, |param| place.is_named && param.is("JSID"));
    let mut hint = Hint::new("name", "location").params(left);
    if !place.is_named && spelling(&name, |value| value == line.value()).is_none() {
        // The key is made of these very letters.
        hint = hint.raw(line.value());
    }
    if !hint.params.is_empty() || hint.raw.is_some() {
        place.hints.push(hint);
    }
    place.location.name = Some(name.into_owned());
    place
}

/// How a name was spelled in the line that it came from: with its commas and semicolons escaped, as it should be, or
/// bare, as they often are. `is_right` knows it when it sees it.
fn spelling<'n>(name: &'n str, mut is_right: impl FnMut(&str) -> bool) -> Option<Cow<'n, str>> {
    let proper = escaped(name);
    if is_right(&proper) {
        return Some(proper);
    }
    for bare in [&[',', ';'][..], &[','], &[';']] {
        if !name.contains(bare) {
            continue;
        }
        let mut spelled = String::with_capacity(proper.len());
        let mut rest = name;
        while let Some(at) = rest.find(bare) {
            let (before, after) = rest.split_at(at);
            content_line::escape_text_into(&mut spelled, before);
            spelled.push_str(&after[..1]);
            rest = &after[1..];
        }
        content_line::escape_text_into(&mut spelled, rest);
        if is_right(&spelled) {
            return Some(Cow::Owned(spelled));
        }
    }
    None
}

fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', ';', ',', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut value = String::with_capacity(text.len() + 8);
    content_line::escape_text_into(&mut value, text);
    Cow::Owned(value)
}

/// GEO joins the LOCATION, unless a JSID says that it is something else.
fn place_geo<'a>(line: &'a Line<'a>, places: &mut Vec<Place<'a>>) {
    let jsid = jsid(line);
    let joins = |place: &Place<'_>| jsid.as_ref().is_none_or(|jsid| *jsid == place.key.as_str());
    if !places.last().is_some_and(joins) {
        places.push(Place::of_line(line));
    }
    let Some(place) = places.last_mut() else { return };
    let Some(position) = geo::parse(line.value()) else { return };
    // Its own place says the key of it.
    let left = leftovers(line, |param| {
        place.is_named && place.location.name.is_none() && param.is("JSID")
    });
    let mut hint = Hint::new("coordinates", "geo").params(left);
    if position.value() != line.value() {
        hint = hint.raw(line.value());
    }
    place.location.coordinates = Some(position.uri());
    place.hints.push(hint);
}

fn jsid<'a>(line: &'a Line<'_>) -> Option<Cow<'a, str>> {
    single(&line.param("JSID")?)
}

/// Whether a place from lines and one from a VLOCATION say that they are the same.
fn is_same(place: &Place<'_>, component: &Place<'_>) -> bool {
    place.is_named && component.is_named && place.key == component.key && place.own.is_none()
}

/// Whether what both say of the same place agrees, so that one place can hold it all.
fn can_merge(place: &Place<'_>, component: &Place<'_>) -> bool {
    let agree =
        |one: &Option<String>, two: &Option<String>| one.is_none() || two.is_none() || one == two;
    let (one, two) = (&place.location, &component.location);
    agree(&one.name, &two.name) && agree(&one.coordinates, &two.coordinates)
}

/// Makes one place of two that are the same; the hatches tell what stood where.
fn merge<'a>(place: &mut Place<'a>, component: Place<'a>) {
    let from_line = std::mem::replace(place, component);
    place.is_named = true;
    let own = place.own.get_or_insert_default();
    let (name, coordinates) = (from_line.location.name, from_line.location.coordinates);
    if name.is_some() {
        if place.location.name.is_some() {
            own.hint(Hint::new("name", "name"));
        }
        place.location.name = name;
        let noted = from_line.hints.iter().any(|hint| hint.path == "name");
        if !noted {
            place.hints.push(Hint::new("name", "location"));
        }
    }
    if coordinates.is_some() {
        if place.location.coordinates.is_some() {
            own.hint(Hint::new("coordinates", "coordinates"));
        }
        place.location.coordinates = coordinates;
    }
    place.hints.extend(from_line.hints);
}

fn make_keys_unique(places: &mut [Place<'_>], cx: &mut Context<'_>) {
    let mut keys: Vec<(Id, bool)> =
        places.iter().map(|place| (place.key.clone(), place.is_named)).collect();
    key::make_unique(&mut keys);
    for (place, (key, _)) in places.iter_mut().zip(keys) {
        if place.is_named && place.key != key {
            cx.diagnostics.push_with(|| {
                let message = format!(
                    "two places have the JSID {:?}; this one is {:?} now",
                    place.key.as_str(),
                    key.as_str()
                );
                Diagnostic::new("duplicate-jsid", Severity::Warning, message).property("JSID")
            });
        }
        place.key = key;
    }
}

/// Notes that the first place came from LOCATION.
fn mark_main(places: &mut [Place<'_>], has_location: bool) {
    let Some(first) = places.first_mut().filter(|_| has_location) else { return };
    if !first.hints.iter().any(|hint| hint.path == "name") {
        first.hints.push(Hint::new("name", "location"));
    }
}

fn into_location<'a>(place: Place<'a>, cx: &mut Context<'_>) -> Keyed<'a, Location> {
    let mut location = place.location;
    if let Some(mut own) = place.own {
        location.links = collect(place.links, "links", &mut own, cx.diagnostics);
        location.i_calendar = own.to_json("vlocation");
    }
    let mut element =
        Keyed::new(place.key, crate::property::extension::apply(location, &place.jsprops, cx));
    element.hints = place.hints;
    element
}

/// LOCATION, GEO and CONFERENCE, and what belongs to them.
pub(crate) fn export(plan: &Plan<'_>, source: &Source<'_>, out: &mut Out<'_, '_>) {
    plan.lines(source, out);
    conference::export(source, out);
}

/// VLOCATION.
pub(crate) fn export_components(plan: &Plan<'_>, source: &Source<'_>, out: &mut Out<'_, '_>) {
    plan.components(source, out);
}
