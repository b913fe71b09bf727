//! The texts of an event that can be searched.

use std::collections::BTreeMap;

use jmap_calendars::CalendarEvent;
use jmap_core::Json;
use jmap_core::json_model::pointer;
use jmap_core::json_model::serde::de::DeserializeOwned;
use jscalendar::{Event, Location, Participant, Role, VirtualLocation};

/// The texts of an event, by what questions can be about.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) title: Vec<String>,
    pub(super) description: Vec<String>,
    pub(super) location: Vec<String>,
    pub(super) owner: Vec<String>,
    pub(super) attendee: Vec<String>,
    pub(super) other: Vec<String>,
}

impl Texts {
    /// Those of an event as it stands.
    pub(super) fn of(event: &Event) -> Self {
        let mut texts = Self::default();
        texts.title.extend(event.title.clone());
        texts.description.extend(event.description.clone());
        event.locations.values().for_each(|place| texts.add_place(place));
        event.virtual_locations.values().for_each(|place| texts.add_virtual(place));
        event.participants.values().for_each(|person| texts.add_person(person));
        texts.other.extend(event.keywords.iter().cloned());
        texts.other.extend(event.categories.iter().cloned());
        texts
    }

    /// Those of an event, and of all its occurrences.
    pub(super) fn of_series(event: &CalendarEvent) -> Self {
        let mut texts = Self::of(&event.event);
        for changes in event.recurrence_overrides.values() {
            changes.0.iter().for_each(|(pointer, json)| texts.add_change(pointer, json));
        }
        texts
    }

    /// All of them, for questions about any text.
    pub(super) fn all(&self) -> Vec<String> {
        let parts = [
            &self.title,
            &self.description,
            &self.location,
            &self.owner,
            &self.attendee,
            &self.other,
        ];
        parts.into_iter().flatten().cloned().collect()
    }

    fn add_place(&mut self, place: &Location) {
        let description = place.legacy.as_ref().and_then(|it| it.description.clone());
        self.location.extend([place.name.clone(), description].into_iter().flatten());
    }

    fn add_virtual(&mut self, place: &VirtualLocation) {
        let description = place.legacy.as_ref().and_then(|it| it.description.clone());
        self.location.extend([place.name.clone(), description].into_iter().flatten());
    }

    fn add_person(&mut self, person: &Participant) {
        let address = person.calendar_address.as_deref();
        let address = address.map(|it| it.strip_prefix("mailto:").unwrap_or(it).to_owned());
        let names =
            || [person.name.clone(), person.email.clone(), address.clone()].into_iter().flatten();
        if person.roles.contains(&Role::Owner) {
            self.owner.extend(names());
        }
        if address.is_some() {
            self.attendee.extend(names());
        } else {
            self.other.extend(names());
        }
    }

    /// What an override says of a text.
    fn add_change(&mut self, pointer: &str, json: &Json) {
        let tokens: Vec<_> = pointer::tokens(pointer).collect();
        let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
        match tokens.as_slice() {
            ["title"] => self.title.extend(json.to_text()),
            ["description"] => self.description.extend(json.to_text()),
            ["locations" | "virtualLocations", _, "name" | "description"] => {
                self.location.extend(json.to_text());
            }
            ["locations" | "virtualLocations", _] => each(json, |place| self.add_place(place)),
            ["locations" | "virtualLocations"] => {
                each_in(json, |place| self.add_place(place));
            }
            ["participants", _, "name" | "email"] => {
                // Whose it is, only the occurrence says.
                for texts in [&mut self.owner, &mut self.attendee, &mut self.other] {
                    texts.extend(json.to_text());
                }
            }
            ["participants", _] => each(json, |person| self.add_person(person)),
            ["participants"] => each_in(json, |person| self.add_person(person)),
            _ => {}
        }
    }
}

fn each<T: DeserializeOwned>(json: &Json, add: impl FnOnce(&T)) {
    if let Ok(value) = json.decode() {
        add(&value);
    }
}

fn each_in<T: DeserializeOwned>(json: &Json, add: impl FnMut(&T)) {
    let values: BTreeMap<String, T> = json.decode().unwrap_or_default();
    values.values().for_each(add);
}
