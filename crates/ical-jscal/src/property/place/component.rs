//! VLOCATION (RFC 9073, section 7.2), both directions.

use content_line::{Component, Line, split_unescaped, unescape_text};
use jscalendar::json_model::Part;
use jscalendar::{Id, Json, Location};
use jscalendar::{LocationLegacy, Severity, Version};

use super::{Place, geo};
use crate::draft::{Context, Draft, leftovers};
use crate::hatch::{Hatch, Hint, KeptHatch};
use crate::key;
use crate::out::{Out, Outgoing, Source};
use crate::property::text::is_derived;
use crate::property::{extension, link};

/// Makes a place of a VLOCATION. It waits for the lines of the entry that may be about the same place.
pub(crate) fn import_vlocation<'a>(
    component: &'a Component<'a>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    let mut reading = Reading {
        place: Place::new(Id::from(""), false),
        own: Hatch::default(),
        uid: None,
        geo: None,
    };
    for line in &component.lines {
        reading.line(line, cx);
    }
    for child in &component.components {
        reading.own.keep_component(child);
    }
    draft.places.components.push(reading.finish());
}

struct Reading<'a> {
    place: Place<'a>,
    own: Hatch<'a>,
    uid: Option<&'a Line<'a>>,
    geo: Option<&'a Line<'a>>,
}

impl<'a> Reading<'a> {
    fn line(&mut self, line: &'a Line<'a>, cx: &mut Context<'_>) {
        if line.value().is_empty() {
            return self.own.keep(line);
        }
        match line.name().to_ascii_uppercase().as_str() {
            "NAME" => self.name(line),
            "LOCATION-TYPE" => self.types(line),
            "COORDINATES" => self.coordinates(line, cx),
            "GEO" => self.geo(line, cx),
            _ if extension::is_jsid(line) => self.jsid(line, cx),
            "JSPROP" => self.place.jsprops.push(line),
            "UID" => {
                self.uid = self.uid.or(Some(line));
                self.own.keep(line);
            }
            "DESCRIPTION" if cx.is_v1() => self.description(line),
            "STRUCTURED-DATA" if cx.is_v1() => {
                link::import_structured_data(line, &mut self.place.links, &mut self.own, cx);
            }
            _ => {
                if !link::import_into(line, &mut self.place.links, &mut self.own, cx) {
                    self.own.keep(line);
                }
            }
        }
    }

    fn name(&mut self, line: &'a Line<'a>) {
        if self.place.location.name.is_some() || !is_text(line) {
            return self.own.keep(line);
        }
        self.place.location.name = Some(unescape_text(line.value()).into_owned());
        self.own.converted(line, "name", "name");
    }

    fn types(&mut self, line: &'a Line<'a>) {
        if !is_text(line) {
            return self.own.keep(line);
        }
        let values = split_unescaped(line.value(), ',').filter(|value| !value.is_empty());
        self.place
            .location
            .location_types
            .extend(values.map(|value| unescape_text(value).into_owned()));
        self.own.converted(line, "location-type", "locationTypes");
    }

    fn coordinates(&mut self, line: &'a Line<'a>, cx: &mut Context<'_>) {
        let is_uri =
            line.param("VALUE").is_none_or(|param| param.value().eq_ignore_ascii_case("URI"));
        if self.place.location.coordinates.is_some() || !is_uri {
            return self.own.keep(line);
        }
        if !geo::is_uri(line.value()) {
            refuse(line, cx, "not a geo URI");
            return self.own.keep(line);
        }
        self.place.location.coordinates = Some(line.value().to_owned());
        self.own.converted(line, "coordinates", "coordinates");
    }

    fn geo(&mut self, line: &'a Line<'a>, cx: &mut Context<'_>) {
        let is_float =
            line.param("VALUE").is_none_or(|param| param.value().eq_ignore_ascii_case("FLOAT"));
        if self.geo.is_some() || is_derived(line) || !is_float {
            return self.own.keep(line);
        }
        if geo::parse(line.value()).is_none() {
            refuse(line, cx, "not a latitude and a longitude");
            return self.own.keep(line);
        }
        self.geo = Some(line);
    }

    fn jsid(&mut self, line: &'a Line<'a>, cx: &mut Context<'_>) {
        if self.place.is_named || line.has_params() {
            cx.report(line, Severity::Warning, "second-jsid", || {
                "not the key of the place; kept as it is".to_owned()
            });
            return self.own.keep(line);
        }
        self.place.is_named = true;
        self.place.key = extension::jsid(line);
    }

    fn description(&mut self, line: &'a Line<'a>) {
        let legacy = self.place.location.legacy.get_or_insert_default();
        if legacy.description.is_some() || is_derived(line) || !is_text(line) {
            return self.own.keep(line);
        }
        legacy.description = Some(unescape_text(line.value()).into_owned());
        self.own.converted(line, "description", "description");
    }

    fn finish(mut self) -> Place<'a> {
        self.settle_position();
        let location = &mut self.place.location;
        location.legacy.take_if(|legacy| **legacy == LocationLegacy::default());
        if !self.place.is_named {
            self.place.key = made_key(self.uid.map(Line::value), location);
        }
        self.place.own = Some(self.own);
        self.place
    }

    /// COORDINATES goes before GEO, wherever they stand.
    fn settle_position(&mut self) {
        let Some(line) = self.geo else { return };
        let position =
            geo::parse(line.value()).filter(|_| self.place.location.coordinates.is_none());
        let Some(position) = position else { return self.own.keep(line) };
        let mut hint = Hint::new("coordinates", "geo").params(leftovers(line, |_| false));
        if position.value() != line.value() {
            hint = hint.raw(line.value());
        }
        self.place.location.coordinates = Some(position.uri());
        self.own.hint(hint);
    }
}

fn is_text(line: &Line<'_>) -> bool {
    line.param("VALUE").is_none_or(|param| param.value().eq_ignore_ascii_case("TEXT"))
}

fn refuse(line: &Line<'_>, cx: &mut Context<'_>, message: &'static str) {
    cx.report(line, Severity::Warning, "invalid-value", || format!("{message}; kept as it is"));
}

/// The key of a place without JSID: its UID, which RFC 9073 demands, else something that is as lasting as can be.
pub(super) fn made_key(uid: Option<&str>, location: &Location) -> Id {
    match (uid, &location.name, &location.coordinates) {
        (Some(uid), ..) => Id::new(uid).unwrap_or_else(|_| key::from_value(uid)),
        (None, Some(name), _) => key::from_parts(&[b"NAME:", name.as_bytes()]),
        (None, None, Some(coordinates)) => {
            key::from_parts(&[b"COORDINATES:", coordinates.as_bytes()])
        }
        (None, None, None) => key::from_parts(&[b"VLOCATION"]),
    }
}

/// A place on its way out as VLOCATION.
pub(super) struct Writing<'w, 'e> {
    pub(super) key: &'e Id,
    pub(super) location: &'e Location,
    pub(super) own: &'w KeptHatch<'e>,
    /// Whether import makes the key by itself.
    pub(super) is_made: bool,
    /// Whether the name is that of a LOCATION and the VLOCATION has none.
    pub(super) name_elsewhere: bool,
    /// Whether the position is that of a GEO and the VLOCATION has none.
    pub(super) position_elsewhere: bool,
}

impl Writing<'_, '_> {
    pub(super) fn write(&self, source: &Source<'_>, out: &mut Out<'_, '_>) {
        let pointer = out.cx.pointer.len();
        out.cx.pointer.push_str("/locations/");
        out.cx.pointer.push_str(&jscalendar::json_model::pointer::escape(self.key.as_str()));
        out.writer.begin("VLOCATION");
        self.identity(out);
        self.members(source, out);
        link::export_links(&self.location.links, "links", source, self.own, out);
        let location = self.location;
        if let Some(legacy) = &location.legacy {
            for member in
                LocationLegacy::MEMBERS.iter().filter(|member| member.name != "description")
            {
                if let Some(json) = legacy.look_up_member(member.name, &[], Version::V1_0) {
                    out.jsprop(member.name, &json);
                }
            }
        }
        out.extra("", &location.extra);
        extension::export_hatch(self.own, &[], out);
        out.writer.end("VLOCATION");
        out.cx.pointer.truncate(pointer);
    }

    fn identity(&self, out: &mut Out<'_, '_>) {
        if !came_from_component(self.own) {
            out.line(&Outgoing::text("UID", self.key.as_str()));
        }
        // Of several the first one is the key.
        if !self.is_made || self.own.properties.iter().any(extension::is_kept_jsid) {
            out.line(&Outgoing::text("JSID", self.key.as_str()));
        }
    }

    fn members(&self, source: &Source<'_>, out: &mut Out<'_, '_>) {
        let location = self.location;
        match location.name.as_deref().filter(|_| !self.name_elsewhere) {
            Some("") => out.jsprop("name", &Json::from("")),
            Some(name) => self.property(&Outgoing::text("NAME", name), "name", source, out),
            None => {}
        }
        let types: Vec<&str> = location
            .location_types
            .iter()
            .map(String::as_str)
            .filter(|it| !it.is_empty())
            .collect();
        if !types.is_empty() {
            let value = types.iter().map(|it| super::escaped(it)).collect::<Vec<_>>().join(",");
            self.property(&Outgoing::raw("LOCATION-TYPE", value), "locationTypes", source, out);
        }
        if let Some(coordinates) =
            location.coordinates.as_deref().filter(|_| !self.position_elsewhere)
        {
            self.position(coordinates, source, out);
        }
        let legacy = location.legacy.as_ref();
        let description = legacy.and_then(|legacy| legacy.description.as_deref());
        if let Some(description) = description.filter(|_| out.cx.is_v2) {
            // In 2.0 the name is reserved, and DESCRIPTION has no place but the hatch.
            out.jsprop("description", &Json::from(description));
        } else if let Some(description) = description {
            self.property(&Outgoing::text("DESCRIPTION", description), "description", source, out);
        }
    }

    fn position(&self, coordinates: &str, source: &Source<'_>, out: &mut Out<'_, '_>) {
        let hint =
            self.own.hint("coordinates").filter(|hint| hint.name.eq_ignore_ascii_case("geo"));
        if let (Some(hint), Some(position)) = (hint, geo::of_plain_uri(coordinates)) {
            let value = geo_value(hint.raw.as_deref(), position);
            out.property(source, self.own, &Outgoing::raw("GEO", value), || {
                "coordinates".to_owned()
            });
        } else if geo::is_uri(coordinates) {
            let line = Outgoing::raw("COORDINATES", coordinates).param("VALUE", "URI");
            self.property(&line, "coordinates", source, out);
        } else {
            out.jsprop("coordinates", &Json::from(coordinates));
        }
    }

    /// Writes a property that only a VLOCATION has: nobody can tell what the value of a hint would mean, so only its
    /// parameters count.
    fn property(
        &self,
        line: &Outgoing<'_>,
        path: &str,
        source: &Source<'_>,
        out: &mut Out<'_, '_>,
    ) {
        match self.own.hint(path) {
            Some(hint) if hint.raw.is_none() && hint.value_type.is_none() => {
                out.property(source, self.own, line, || path.to_owned());
            }
            _ => out.line(line),
        }
    }
}

/// The value of a GEO at `position`: as it was written, if that is the same.
pub(super) fn geo_value(raw: Option<&str>, position: geo::Position<'_>) -> String {
    match raw.filter(|raw| geo::parse(raw) == Some(position)) {
        Some(raw) => raw.to_owned(),
        None => position.value(),
    }
}

pub(super) fn came_from_component(own: &KeptHatch<'_>) -> bool {
    own.name.eq_ignore_ascii_case("vlocation")
}
