//! Rules for places and links.

use json_model::Part;

use super::check::Check;
use super::rule::{DISPLAY, EMPTY_LOCATION};
use crate::{
    Display, Feature, Link, LinkLegacy, Location, LocationLegacy, VirtualLocation,
    VirtualLocationLegacy,
};

pub(super) fn location(place: &Location, check: &mut Check) {
    check.names(place, LocationLegacy::MEMBERS, &[]);
    if *place == Location::default() {
        check.fails(EMPTY_LOCATION, "", "a location says something");
    }
    check.geo("coordinates", place.coordinates.as_deref());
    check.each("links", &place.links, |check, _, it| link(it, check));
}

pub(super) fn virtual_location(place: &VirtualLocation, check: &mut Check) {
    check.names(place, VirtualLocationLegacy::MEMBERS, &[]);
    check.demand(&place.extra, place.uri.is_some(), "uri");
    check.uri("uri", place.uri.as_deref());
    check.at("features", |check| {
        for feature in place.features.iter() {
            check.value(feature.as_str(), feature.as_str(), Feature::REGISTERED);
        }
    });
}

pub(super) fn link(link: &Link, check: &mut Check) {
    check.names(link, LinkLegacy::MEMBERS, &[]);
    // In JMAP a blob may stand in place of the address.
    check.demand(&link.extra, link.href.is_some() || link.extra.contains_key("blobId"), "href");
    check.uri("href", link.href.as_deref());
    check.media_type("contentType", link.content_type.as_deref());
    check.at("display", |check| {
        for display in link.display.iter() {
            check.value(display.as_str(), display.as_str(), Display::REGISTERED);
        }
    });
    if !link.display.is_empty() && link.rel.as_deref() != Some("icon") {
        check.fails(DISPLAY, "display", "display needs the relation icon");
    }
}
