//! The texts of events and tasks that can be searched.

pub(crate) mod words;

use std::collections::BTreeMap;

use jmap_core::Json;
use jmap_core::json_model::pointer;
use jmap_core::json_model::serde::de::DeserializeOwned;
use jscalendar::{Common, Location, Participant, Role, VirtualLocation};

use self::words::Wanted;

/// The texts of an object, by what questions can be about.
#[derive(Default)]
pub(crate) struct Texts {
    pub(crate) title: Vec<String>,
    pub(crate) description: Vec<String>,
    pub(crate) location: Vec<String>,
    pub(crate) owner: Vec<String>,
    pub(crate) attendee: Vec<String>,
    pub(crate) other: Vec<String>,
}

impl Texts {
    /// Those of an object as it stands.
    pub(crate) fn of(entry: &impl Common) -> Self {
        let event = entry.common();
        let mut texts = Self::default();
        texts.title.extend(event.title.clone());
        texts.description.extend(event.description.clone());
        event.locations.values().for_each(|place| texts.add_place(place));
        event.virtual_locations.values().for_each(|place| texts.add_virtual(place));
        event.participants.values().for_each(|person| texts.add_person(person));
        // Keywords are of each user, and the index is of all.
        texts.other.extend(event.categories.iter().cloned());
        texts
    }

    /// Those of an object, and of all its occurrences.
    pub(crate) fn of_series(entry: &impl Common) -> Self {
        let mut texts = Self::of(entry);
        for changes in entry.common().recurrence_overrides.values() {
            changes.0.iter().for_each(|(pointer, json)| texts.add_change(pointer, json));
        }
        texts
    }

    /// All of them, for questions about any text.
    pub(crate) fn all(&self) -> Vec<String> {
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

/// What is asked about texts: all of it must hold.
pub(crate) struct Questions<'q> {
    /// About any text.
    pub(crate) any: Option<&'q str>,
    pub(crate) title: Option<&'q str>,
    pub(crate) description: Option<&'q str>,
    pub(crate) location: Option<&'q str>,
    pub(crate) owner: Option<&'q str>,
    pub(crate) attendee: Option<&'q str>,
}

impl<'q> Questions<'q> {
    /// The questions that are about one kind of text, with its name.
    pub(crate) fn by_name(&self) -> [(&'static str, Option<&'q str>); 5] {
        [
            ("title", self.title),
            ("description", self.description),
            ("location", self.location),
            ("owner", self.owner),
            ("attendee", self.attendee),
        ]
    }

    /// Whether these texts have all that is asked for; they are not looked at if nothing is.
    pub(crate) fn hold(&self, texts: impl FnOnce() -> Texts) -> bool {
        if self.any.is_none() && self.by_name().iter().all(|(_, question)| question.is_none()) {
            return true;
        }
        let texts = texts();
        let of = |name: &str| match name {
            "title" => &texts.title,
            "description" => &texts.description,
            "location" => &texts.location,
            "owner" => &texts.owner,
            _ => &texts.attendee,
        };
        let is_in = |question: Option<&str>, texts: &[String]| {
            question.is_none_or(|question| Wanted::of(question).is_in(texts))
        };
        is_in(self.any, &texts.all())
            && self.by_name().iter().all(|(name, question)| is_in(*question, of(name)))
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
