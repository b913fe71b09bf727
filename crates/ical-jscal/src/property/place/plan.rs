//! Which place goes out as what.
//!
//! A place that has a name and nothing else is a LOCATION, of which an entry has at most one; any other one needs a
//! VLOCATION. So that calendars without RFC 9073 see the main place all the same, a LOCATION and a GEO with
//! DERIVED=TRUE repeat its name and position. Where the hatch tells how the places came, they go back the same way.

use std::borrow::Cow;

use content_line::unescape_text;
use jscalendar::json_model::{Part, pointer};
use jscalendar::{Id, Json, Location, LocationLegacy, Severity, Version};

use super::component::{Writing, came_from_component, geo_value, made_key};
use super::{derived, escaped, geo, spelling};
use crate::hatch::{KeptHatch, KeptHint};
use crate::key;
use crate::out::{Out, Outgoing, Source};
use crate::property::link::{Keys, in_order};

/// What becomes of an entry's places.
#[derive(Default)]
pub(crate) struct Plan<'e> {
    places: Vec<Place<'e>>,
    /// The place that is a LOCATION.
    location: Option<usize>,
    /// The place whose position is a GEO.
    geo: Option<usize>,
    /// The place that a LOCATION with DERIVED=TRUE repeats.
    derived_location: Option<usize>,
    /// The place that a GEO with DERIVED=TRUE repeats.
    derived_geo: Option<usize>,
    /// The place that the entry calls its main one.
    main: Option<usize>,
}

struct Place<'e> {
    key: &'e Id,
    location: &'e Location,
    own: KeptHatch<'e>,
    /// How its name came, if the hatch tells.
    named_by: Option<By>,
    /// How its position came, if the hatch tells.
    placed_by: Option<By>,
    /// The value of its LOCATION, spelled as it came.
    value: Cow<'e, str>,
    /// Whether import makes the key by itself.
    is_made: bool,
}

/// A line of the entry that said something of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// For itself.
    Line,
    /// As a repetition of a VLOCATION.
    Derived,
}

impl<'e> Plan<'e> {
    pub(crate) fn of(source: &Source<'e>, out: &Out<'_, '_>) -> Self {
        let locations = source.common.locations;
        if locations.is_empty() {
            return Self::default();
        }
        let lossless = out.cx.is_lossless();
        let places = in_order(locations)
            .into_iter()
            .map(|(key, location)| Place::new(key, location, source, lossless));
        let mut plan = Self { places: places.collect(), ..Self::default() };
        let main = source.common.main_location_id.as_ref();
        plan.main = main.and_then(|main| plan.find(|place| place.key == main));
        plan.choose();
        plan.name(source, lossless);
        plan
    }

    fn find(&self, is_it: impl Fn(&Place<'_>) -> bool) -> Option<usize> {
        self.places.iter().position(is_it)
    }

    fn choose(&mut self) {
        let by_geo = self.find(|place| place.placed_by == Some(By::Line) && place.can_be_geo());
        let can = |at: usize, place: &Place<'_>| place.can_be_location(by_geo == Some(at));
        let first = |is_it: &dyn Fn(&Place<'_>) -> bool| {
            self.places.iter().enumerate().position(|(at, place)| is_it(place) && can(at, place))
        };
        let repeated =
            self.find(|place| place.named_by == Some(By::Derived) && place.has_derived_text());
        let location = match self.main {
            Some(at) => self.places.get(at).filter(|place| can(at, place)).map(|_| at),
            None => first(&|place| place.named_by == Some(By::Line)).or_else(|| match repeated {
                Some(_) => None,
                None => first(&|_| true),
            }),
        };
        let repeats = match (location, self.main) {
            (Some(_), _) => None,
            (None, Some(at)) => {
                self.places.get(at).filter(|place| place.has_derived_text()).map(|_| at)
            }
            (None, None) => repeated
                .or_else(|| self.find(|place| !place.is_component() && place.has_derived_text())),
        };
        self.location = location;
        self.derived_location = repeats;
        let stands_alone =
            |place: &Place<'_>| place.location.name.is_none() || place.is_component();
        self.geo = by_geo
            .filter(|at| location == Some(*at) || self.places.get(*at).is_some_and(stands_alone));
        if self.geo.is_none() {
            self.derived_geo = self.choose_derived_geo();
        }
    }

    fn choose_derived_geo(&self) -> Option<usize> {
        let has_position = |place: &Place<'_>| place.position().is_some();
        let hinted = self.places.iter().enumerate().position(|(at, place)| {
            place.placed_by == Some(By::Derived)
                && has_position(place)
                && self.main.is_none_or(|main| main == at)
        });
        hinted.or_else(|| {
            let main = self.main.or(self.location).or(self.derived_location);
            let main =
                main.or_else(|| self.find(|place| !place.is_component() && has_position(place)))?;
            self.places
                .get(main)
                .filter(|place| !place.is_component() && has_position(place))
                .map(|_| main)
        })
    }

    /// Finds out which keys import makes by itself, in its order.
    fn name(&mut self, source: &Source<'e>, lossless: bool) {
        let mut keys = Keys::default();
        if let Some(place) = self.location.and_then(|at| self.places.get_mut(at)) {
            let hint = name_hint(source, place.key, lossless);
            place.spell(hint.and_then(|hint| hint.raw.as_deref()), &mut keys);
        }
        if let Some(at) = self.geo.filter(|at| self.location != Some(*at)) {
            let value = self.geo_value(at, source, lossless);
            if let (Some(place), Some(value)) = (self.places.get_mut(at), value) {
                place.is_made = keys.makes(place.key, &value);
            }
        }
        for at in 0..self.places.len() {
            if self.needs_component(at)
                && self.location != Some(at)
                && self.geo != Some(at)
                && let Some(place) = self.places.get_mut(at)
            {
                place.is_made = keys.numbers(place.key, place.made_key());
            }
        }
    }

    fn geo_value(&self, at: usize, source: &Source<'_>, lossless: bool) -> Option<String> {
        let place = self.places.get(at)?;
        let raw = position_hint(source, place.key, lossless).and_then(|hint| hint.raw.as_deref());
        let position = place.position()?;
        if raw.is_none() {
            let spelled =
                position.spellings().into_iter().find(|value| key::from_value(value) == *place.key);
            return Some(spelled.unwrap_or_else(|| position.value()));
        }
        Some(geo_value(raw, position))
    }

    fn needs_component(&self, at: usize) -> bool {
        let Some(place) = self.places.get(at) else { return false };
        let (is_location, is_geo) = (self.location == Some(at), self.geo == Some(at));
        let name_said = place.location.name.is_none() || is_location;
        let position_said = place.location.coordinates.is_none() || is_geo;
        !(place.is_bare() && name_said && position_said && (is_location || is_geo))
    }

    /// Writes the lines, and what belongs to the places that are lines only.
    pub(super) fn lines(&self, source: &Source<'_>, out: &mut Out<'_, '_>) {
        let lossless = out.cx.is_lossless();
        if let Some((at, place)) = self.at(self.location) {
            let mut line = Outgoing::raw("LOCATION", place.value.as_ref());
            if !place.is_made || self.needs_component(at) || place.has_more() {
                line = line.param("JSID", place.key.as_str());
            }
            out.property(source, &source.hatch, &line, || path(place.key, "/name"));
        }
        if let Some((at, place)) = self.at(self.derived_location) {
            place.derived_location(self.main == Some(at), source, lossless, out);
        }
        if let Some((at, place)) = self.at(self.geo) {
            let hint = position_hint(source, place.key, lossless);
            let value = self.geo_value(at, source, lossless).unwrap_or_default();
            let mut line = Outgoing::raw("GEO", value);
            let joins = self.location == Some(at);
            let said = hint.and_then(|hint| hint.param("jsid")) == Some(place.key.as_str());
            let alone = !joins && (!place.is_made || self.location.is_some() || place.has_more());
            if alone || said {
                line = line.param("JSID", place.key.as_str());
            }
            out.property(source, &source.hatch, &line, || path(place.key, "/coordinates"));
        }
        if let Some((_, place)) = self.at(self.derived_geo) {
            place.derived_geo(source, lossless, out);
        }
        for (_, place) in
            self.places.iter().enumerate().filter(|(at, _)| !self.needs_component(*at))
        {
            place.more(out);
        }
        self.main(source, out);
    }

    fn at(&self, at: Option<usize>) -> Option<(usize, &Place<'e>)> {
        let at = at?;
        Some((at, self.places.get(at)?))
    }

    /// What is the main place shows by LOCATION, if there is more than one place.
    fn main(&self, source: &Source<'_>, out: &mut Out<'_, '_>) {
        let Some(main) = source.common.main_location_id else { return };
        if self.main.is_none() {
            let message = "there is no such location; left out";
            out.cx.report("mainLocationId", Severity::Warning, "dangling-main-location", message);
        } else if self.places.len() < 2
            || (self.main != self.location && self.main != self.derived_location)
        {
            out.jsprop("mainLocationId", &Json::from(main.as_str()));
        }
    }

    pub(super) fn components(&self, source: &Source<'_>, out: &mut Out<'_, '_>) {
        for (at, place) in
            self.places.iter().enumerate().filter(|(at, _)| self.needs_component(*at))
        {
            let merged =
                |by: Option<usize>, path: &str| by == Some(at) && place.own.hint(path).is_none();
            let writing = Writing {
                key: place.key,
                location: place.location,
                own: &place.own,
                is_made: place.is_made,
                name_elsewhere: merged(self.location, "name"),
                position_elsewhere: merged(self.geo, "coordinates"),
            };
            writing.write(source, out);
        }
    }
}

impl<'e> Place<'e> {
    fn new(key: &'e Id, location: &'e Location, source: &Source<'_>, lossless: bool) -> Self {
        let own = if lossless {
            KeptHatch::read(location.i_calendar.as_ref())
        } else {
            KeptHatch::default()
        };
        let by = |hint: &KeptHint<'_>| if derived::is_about(hint) { By::Derived } else { By::Line };
        let named_by = name_hint(source, key, lossless).map(by);
        let placed_by = position_hint(source, key, lossless).map(by);
        let of_lines = !came_from_component(&own) && is_key_of_lines(key, location);
        let placed_by = placed_by.or_else(|| of_lines.then_some(By::Line));
        Self { key, location, own, named_by, placed_by, value: Cow::Borrowed(""), is_made: false }
    }

    /// Whether it came from a VLOCATION.
    fn is_component(&self) -> bool {
        came_from_component(&self.own)
    }

    /// Whether there is nothing to it that only a VLOCATION could say, its name and position aside.
    fn is_bare(&self) -> bool {
        let Location { location_types, links, legacy, .. } = self.location;
        let described = legacy.as_ref().is_some_and(|legacy| legacy.description.is_some());
        let kept = !self.own.properties.is_empty()
            || !self.own.components.is_empty()
            || !self.own.hints.is_empty();
        !self.is_component() && !kept && location_types.is_empty() && links.is_empty() && !described
    }

    fn position(&self) -> Option<geo::Position<'e>> {
        self.location.coordinates.as_deref().and_then(geo::of_uri)
    }

    fn can_be_geo(&self) -> bool {
        let plain = self.location.coordinates.as_deref().and_then(geo::of_plain_uri).is_some();
        plain && (self.is_bare() || self.is_component())
    }

    fn can_be_location(&self, is_geo: bool) -> bool {
        let plain = self.is_bare() && (self.location.coordinates.is_none() || is_geo);
        let named = self.location.name.as_deref().is_some_and(|name| !name.is_empty());
        named && (plain || (self.is_component() && self.named_by == Some(By::Line)))
    }

    fn has_derived_text(&self) -> bool {
        self.named_by == Some(By::Derived)
            || self.location.name.as_deref().is_some_and(|name| !name.is_empty())
    }

    fn made_key(&self) -> Id {
        if !self.is_component() {
            return Id::new(self.key.as_str())
                .unwrap_or_else(|_| made_key(Some(self.key.as_str()), self.location));
        }
        let uid = self.own.properties.iter().find(|property| property.name == "uid");
        made_key(uid.map(|uid| uid.value.as_str()), self.location)
    }

    /// Spells the name as it was when the key was made of it.
    fn spell(&mut self, raw: Option<&'_ str>, keys: &mut Keys) {
        let name = self.location.name.as_deref().unwrap_or_default();
        if let Some(raw) = raw.filter(|raw| unescape_text(raw) == name) {
            self.value = Cow::Owned(raw.to_owned());
            self.is_made = keys.makes(self.key, raw);
            return;
        }
        let spelled = spelling(name, |value| keys.makes(self.key, value));
        self.is_made = spelled.is_some();
        self.value = spelled.unwrap_or_else(|| escaped(name));
    }

    fn derived_location(
        &self,
        is_main: bool,
        source: &Source<'_>,
        lossless: bool,
        out: &mut Out<'_, '_>,
    ) {
        let hint = name_hint(source, self.key, lossless);
        let name = self.location.name.as_deref();
        let raw = hint.filter(|hint| derived::is_about(hint)).and_then(|hint| hint.raw.as_deref());
        let value = match (raw.filter(|raw| derived::still_holds(raw, name, &self.own)), name) {
            (Some(raw), _) => Cow::Owned(raw.to_owned()),
            (None, Some(name)) => escaped(name),
            (None, None) => {
                if is_main {
                    out.jsprop("mainLocationId", &Json::from(self.key.as_str()));
                }
                return;
            }
        };
        out.line(&self.with_params(Outgoing::raw("LOCATION", value), hint));
    }

    fn derived_geo(&self, source: &Source<'_>, lossless: bool, out: &mut Out<'_, '_>) {
        let Some(position) = self.position() else { return };
        let hint = position_hint(source, self.key, lossless);
        let raw = hint.and_then(|hint| hint.raw.as_deref());
        let holds = |raw: &&str| geo::parse(raw).is_some_and(|there| there.is_at(position));
        let value = raw.filter(holds).map_or_else(|| position.value(), str::to_owned);
        out.line(&self.with_params(Outgoing::raw("GEO", value), hint));
    }

    /// A derived line with the parameters that it had; one that is new says which place it is about.
    fn with_params<'v>(
        &'v self,
        line: Outgoing<'v>,
        hint: Option<&'v KeptHint<'_>>,
    ) -> Outgoing<'v> {
        let mut line = line.param("DERIVED", "TRUE");
        for (name, values) in hint.into_iter().flat_map(|hint| &hint.params) {
            if !["derived", "jsid", "value"].iter().any(|other| name.eq_ignore_ascii_case(other)) {
                let values = values.iter().map(|value| Cow::Borrowed(value.as_ref())).collect();
                line.params.push((Cow::Owned(name.to_ascii_uppercase()), values));
            }
        }
        let was_derived = hint.filter(|hint| derived::is_about(hint));
        if was_derived.is_none_or(|hint| hint.param("jsid").is_some()) {
            line.param("JSID", self.key.as_str())
        } else {
            line
        }
    }

    /// Whether there are members that have to be said by the key.
    fn has_more(&self) -> bool {
        !self.location.extra.is_empty() || self.location.legacy.is_some()
    }

    /// Writes what a place that is a line says besides.
    fn more(&self, out: &mut Out<'_, '_>) {
        if let Some(legacy) = &self.location.legacy {
            for member in LocationLegacy::MEMBERS {
                if let Some(json) = legacy.look_up_member(member.name, &[], Version::V1_0) {
                    out.jsprop(&path(self.key, &format!("/{}", member.name)), &json);
                }
            }
        }
        if !self.location.extra.is_empty() {
            out.extra(&path(self.key, ""), &self.location.extra);
        }
    }
}

/// Whether the key is what import makes of a LOCATION or a GEO, so that the position must have been a GEO even if no
/// hatch says so.
fn is_key_of_lines(key: &Id, location: &Location) -> bool {
    let Some(position) = location.coordinates.as_deref().and_then(geo::of_plain_uri) else {
        return false;
    };
    let made = |value: &str| key::from_value(value) == *key;
    match location.name.as_deref() {
        Some(name) => spelling(name, made).is_some(),
        None => position.spellings().iter().any(|value| made(value)),
    }
}

fn path(key: &Id, end: &str) -> String {
    format!("locations/{}{end}", pointer::escape(key.as_str()))
}

fn name_hint<'s, 'e>(source: &'s Source<'e>, key: &Id, lossless: bool) -> Option<&'s KeptHint<'e>> {
    hint(source, key, "/name", "location", lossless)
}

fn position_hint<'s, 'e>(
    source: &'s Source<'e>,
    key: &Id,
    lossless: bool,
) -> Option<&'s KeptHint<'e>> {
    hint(source, key, "/coordinates", "geo", lossless)
}

fn hint<'s, 'e>(
    source: &'s Source<'e>,
    key: &Id,
    end: &str,
    name: &str,
    lossless: bool,
) -> Option<&'s KeptHint<'e>> {
    if !lossless || source.hatch.hints.is_empty() {
        return None;
    }
    source.hatch.hint(&path(key, end)).filter(|hint| hint.name.eq_ignore_ascii_case(name))
}
