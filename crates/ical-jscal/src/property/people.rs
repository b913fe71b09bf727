//! ORGANIZER, ATTENDEE and PARTICIPANT (RFC 5545, sections 3.8.4.1 and 3.8.4.3; RFC 9073, section 7.1), and
//! `participants`.
//!
//! All that has one calendar address is one participant. What only one of the lines says, or each in its own words, is
//! kept in hints: for ORGANIZER under `organizerCalendarAddress`, for ATTENDEE under the participant's
//! `calendarAddress`, for PARTICIPANT in the participant's own hatch.

mod address;
mod component;
mod export;
mod said;

use std::borrow::Cow;
use std::collections::HashMap;

use content_line::{Component, Line, Param, unescape_text};
use jscalendar::json_model::pointer;
use jscalendar::{Id, Method, Participant, Role, Set, Severity};

use self::address::{is_nobody, normal};
use self::component::Part;
pub(crate) use self::export::{export, export_components};
use self::said::{Property, Reading, Said};
use crate::draft::{Context, Draft, Keyed, leftovers};
use crate::hatch::Hint;
use crate::jcal::JcalProperty;
use crate::key;
use crate::value::strip_mailto;

/// What was read of people, until all of it is and can be put together.
#[derive(Default)]
pub(crate) struct Seen<'a> {
    organizer: Option<Read<'a>>,
    attendees: Vec<Read<'a>>,
    parts: Vec<Part<'a>>,
    /// What the one who answers has to say. 1.0 only.
    comment: Option<&'a Line<'a>>,
}

/// A line that was read.
struct Read<'a> {
    line: &'a Line<'a>,
    // Boxed as there may be very many of them, and they are moved from list to list.
    said: Box<Said>,
    /// The parameters that a hint keeps.
    left: Vec<Param<'a>>,
}

impl<'a> Read<'a> {
    fn new(line: &'a Line<'a>, property: Property, draft: &Draft<'_>, cx: &Context<'_>) -> Self {
        let (said, left) = Reading { property, kind: draft.kind, is_v1: cx.is_v1() }.line(line);
        Self { line, said: Box::new(said), left }
    }

    fn keep(&mut self, name: &str) {
        if !self.left.iter().any(|param| param.is(name)) {
            self.left.extend(self.line.params().filter(|param| param.is(name)));
        }
    }
}

/// ORGANIZER: the first one. [`finish`] makes a participant of it.
pub(crate) fn import_organizer<'a>(
    line: &'a Line<'a>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    if draft.people.organizer.is_some() {
        cx.report(line, Severity::Warning, "second-organizer", || {
            "there is one already; kept as it is".to_owned()
        });
        draft.hatch.keep(line);
        return;
    }
    let read = Read::new(line, Property::Organizer, draft, cx);
    draft.entry.sent_by.clone_from(&read.said.participant.sent_by);
    draft.entry.organizer_calendar_address = Some(line.value().to_owned());
    draft.people.organizer = Some(read);
}

/// What an ORGANIZER of the hatch says: the address, and that of who sent it.
pub(crate) fn organizer_of(line: Option<&JcalProperty<'_>>) -> (Option<String>, Option<String>) {
    let Some(line) = line else { return (None, None) };
    let sent_by = line.params.iter().find(|(name, _)| name.eq_ignore_ascii_case("SENT-BY"));
    let sent_by = sent_by.and_then(|(_, values)| strip_mailto(values.first()?));
    (Some(line.value.clone()), sent_by.map(str::to_owned))
}

/// ATTENDEE. [`finish`] makes a participant of it.
pub(crate) fn import_attendee<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &Context<'_>) {
    let read = Read::new(line, Property::Attendee, draft, cx);
    draft.people.attendees.push(read);
}

/// PARTICIPANT. [`finish`] makes a participant of it.
pub(crate) fn import_participant<'a>(
    component: &'a Component<'a>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    let part = Part::read(component, draft.kind, cx);
    draft.people.parts.push(part);
}

/// COMMENT (RFC 5545, section 3.8.1.4): in an answer, for 1.0, the words of the one who answers.
pub(crate) fn import_comment<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &Context<'_>) {
    if cx.is_v1() && cx.method.as_ref().is_some_and(is_answer) && draft.people.comment.is_none() {
        draft.people.comment = Some(line);
    } else {
        draft.hatch.keep(line);
    }
}

/// Whether an attendee sends this.
fn is_answer(method: &Method) -> bool {
    matches!(method, Method::Reply | Method::Counter | Method::Refresh)
}

/// The name in a hint for the link that the parameter DIR became (RFC 5545, section 3.2.6).
const DIR: &str = "dir";

/// One participant, from all that has its address.
#[derive(Default)]
struct Person<'a> {
    // Boxed as few have them, and there may be very many people.
    organizer: Option<Box<Read<'a>>>,
    attendee: Option<Read<'a>>,
    part: Option<Box<Part<'a>>>,
    /// Only a parameter of somebody else names this address: for 1.0, where participants are named by their keys.
    mentioned: Option<(&'static str, String)>,
}

impl<'a> Person<'a> {
    fn address(&self) -> Option<&str> {
        let line = match (&self.attendee, &self.organizer, &self.part) {
            (Some(read), ..) => Some(read.line),
            (None, Some(read), _) => Some(read.line),
            (None, None, Some(part)) => part.address,
            _ => None,
        };
        line.map(Line::value)
            .or_else(|| self.mentioned.as_ref().map(|(_, address)| address.as_str()))
    }

    fn jsid(&self) -> Option<&str> {
        let lines = self.organizer.as_deref().into_iter().chain(&self.attendee);
        let lines = lines.filter_map(|read| read.said.jsid.as_deref());
        lines.chain(self.part.as_ref().and_then(|part| part.jsid.as_deref())).next()
    }

    /// The key, and whether it is not the one that is made from the address.
    fn key(&self) -> (Id, bool) {
        let made = || match (self.address(), &self.part) {
            (Some(address), _) => key::from_value(address),
            (None, Some(part)) => part.made_key(),
            (None, None) => key::from_value(""),
        };
        match self.jsid() {
            None => (made(), false),
            Some(jsid) => (Id::from(jsid), made() != *jsid),
        }
    }
}

/// All participants of a component, and who has which address.
#[derive(Default)]
struct People<'a> {
    list: Vec<Person<'a>>,
    by_address: HashMap<Cow<'a, str>, usize>,
    by_jsid: HashMap<String, usize>,
}

impl<'a> People<'a> {
    /// Who has this address: with the same JSID if there are several.
    fn find(&self, address: &str, jsid: Option<&str>) -> Option<usize> {
        if is_nobody(address) {
            return None;
        }
        let address = normal(address);
        let named = jsid.and_then(|jsid| self.by_jsid.get(jsid).copied());
        let same = |at: &usize| {
            self.list
                .get(*at)
                .and_then(Person::address)
                .is_some_and(|other| normal(other) == address)
        };
        named.filter(same).or_else(|| self.by_address.get(&address).copied())
    }

    fn push(&mut self, person: Person<'a>, address: Option<&'a str>) {
        let at = self.list.len();
        if let Some(address) = address.filter(|address| !is_nobody(address)) {
            self.by_address.entry(normal(address)).or_insert(at);
        }
        if let Some(jsid) = person.jsid() {
            self.by_jsid.entry(jsid.to_owned()).or_insert(at);
        }
        self.list.push(person);
    }

    /// Adds an ATTENDEE. A second one for the same address is handed back, unless JSIDs say that they are two.
    fn add_attendee(&mut self, read: Read<'a>) -> Option<&'a Line<'a>> {
        let line = read.line;
        let value = line.value();
        let known = self.find(value, read.said.jsid.as_deref());
        let same = |at: usize| {
            read.said.jsid.is_none() || self.list[at].jsid() == read.said.jsid.as_deref()
        };
        if known.is_some_and(same) {
            return Some(line);
        }
        self.push(Person { attendee: Some(read), ..Person::default() }, Some(value));
        None
    }

    /// Adds a PARTICIPANT. A second one for the same participant is handed back.
    fn add_part(&mut self, part: Part<'a>) -> Option<&'a Component<'a>> {
        let address = part.address.map(Line::value);
        let known = address.and_then(|address| self.find(address, part.jsid.as_deref()));
        let Some(person) = known.and_then(|at| self.list.get_mut(at)) else {
            self.push(Person { part: Some(Box::new(part)), ..Person::default() }, address);
            return None;
        };
        if person.part.is_none() {
            person.part = Some(Box::new(part));
        } else if part.jsid.is_some() && person.jsid() != part.jsid.as_deref() {
            self.push(Person { part: Some(Box::new(part)), ..Person::default() }, address);
        } else {
            return Some(part.component);
        }
        None
    }

    /// For 1.0: makes participants of the addresses that only parameters name.
    fn add_mentioned(&mut self) {
        let mut mentioned: Vec<(&'static str, String)> = Vec::new();
        for read in self.list.iter().filter_map(|person| person.attendee.as_ref()) {
            for (name, set) in address_sets(&read.said.participant) {
                mentioned.extend(set.iter().map(|address| (name, address.clone())));
            }
        }
        for (name, address) in mentioned {
            let normal = normal(&address).into_owned();
            if !self.by_address.contains_key(normal.as_str()) {
                self.by_address.insert(Cow::Owned(normal), self.list.len());
                self.list.push(Person { mentioned: Some((name, address)), ..Person::default() });
            }
        }
        // A participant is named by its key, so that another spelling of the address has to be kept.
        let mut respelled: Vec<(usize, &'static str)> = Vec::new();
        for (at, person) in self.list.iter().enumerate() {
            let Some(read) = &person.attendee else { continue };
            for (name, set) in address_sets(&read.said.participant) {
                let spelled = |address: &String| {
                    let at = self.by_address.get(&normal(address));
                    at.and_then(|at| self.list.get(*at)).and_then(Person::address)
                        == Some(address.as_str())
                };
                if !set.iter().all(spelled) {
                    respelled.push((at, name));
                }
            }
        }
        for (at, name) in respelled {
            if let Some(read) = self.list.get_mut(at).and_then(|person| person.attendee.as_mut()) {
                read.keep(name);
            }
        }
    }
}

fn address_sets(participant: &Participant) -> [(&'static str, &Set<String>); 3] {
    [
        ("delegated-to", &participant.delegated_to),
        ("delegated-from", &participant.delegated_from),
        ("member", &participant.member_of),
    ]
}

/// Puts the participants together, once all lines and components are read.
pub(crate) fn finish<'a>(draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    let seen = std::mem::take(&mut draft.people);
    report_lonely(&seen, cx);
    let others_own =
        seen.attendees.iter().any(|read| read.said.participant.roles.contains(&Role::Owner));
    let mut people = People::default();
    people.list.reserve(seen.attendees.len() + seen.parts.len());
    for read in seen.attendees {
        if let Some(line) = people.add_attendee(read) {
            let message = "another ATTENDEE has the same address; kept as it is";
            cx.report(line, Severity::Note, "same-attendee", || message.to_owned());
            draft.hatch.keep(line);
        }
    }
    if let Some(read) = seen.organizer {
        add_organizer(read, others_own, &mut people, draft);
    }
    for part in seen.parts {
        if let Some(component) = people.add_part(part) {
            draft.hatch.keep_component(component);
        }
    }
    if cx.is_v1() {
        people.add_mentioned();
    }
    let first = draft.participants.len();
    draft.participants.reserve(people.list.len());
    for person in people.list {
        let keyed = build(person, others_own, draft, cx);
        draft.participants.push(keyed);
    }
    answer(seen.comment, first, draft, cx);
}

/// Organizer and attendees come together (JSCalendar 2.0, section 4.4.4); nothing is lost if they do not.
fn report_lonely(seen: &Seen<'_>, cx: &mut Context<'_>) {
    match (&seen.organizer, seen.attendees.first()) {
        (Some(read), None) if seen.parts.is_empty() => {
            cx.report(read.line, Severity::Note, "no-attendee", || {
                "an organizer without attendees".to_owned()
            });
        }
        (None, Some(read)) => {
            cx.report(read.line, Severity::Note, "no-organizer", || {
                "attendees without an organizer".to_owned()
            });
        }
        _ => {}
    }
}

fn add_organizer<'a>(
    read: Read<'a>,
    others_own: bool,
    people: &mut People<'a>,
    draft: &mut Draft<'a>,
) {
    let address = read.line.value();
    let known = people.find(address, read.said.jsid.as_deref());
    if let Some(person) = known.and_then(|at| people.list.get_mut(at)) {
        person.organizer = Some(Box::new(read));
    } else if read.said.is_named || !others_own {
        people.push(Person { organizer: Some(Box::new(read)), ..Person::default() }, Some(address));
    } else {
        let mut read = read;
        read.keep("JSID");
        draft.hatch.leftovers("organizer", read.left, || "organizerCalendarAddress".to_owned());
    }
}

fn build<'a>(
    person: Person<'a>,
    others_own: bool,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) -> Keyed<'a, Participant> {
    let (key, is_explicit) = person.key();
    let address = person.address().map(str::to_owned);
    let Person { organizer, mut attendee, part, mentioned } = person;
    // Nothing else needs what a lone line said, and most participants are one line.
    let is_lone = organizer.is_none() && part.is_none();
    let mut participant =
        say_together(attendee.as_mut(), organizer.as_deref(), is_lone, others_own);
    participant.calendar_address = address;
    let mut keyed = Keyed::new(key, Participant::default());
    if is_explicit {
        let lines = [organizer.as_deref(), attendee.as_ref()].into_iter().flatten();
        keyed.named_by = lines.map(|read| read.line).find(|line| line.param("JSID").is_some());
    }
    keyed.hints.extend(hints_of_links(&participant));
    if let Some((name, _)) = mentioned {
        keyed.hints.push(Hint::new("calendarAddress", name));
    }
    let mut is_marked =
        part.as_ref().is_some_and(|part| part.respells(participant.calendar_address.as_deref()));
    if let Some(part) = part {
        participant = part.finish(participant, [organizer.is_some(), attendee.is_some()], cx);
    }
    let has_both = organizer.is_some() && attendee.is_some();
    if let Some(read) = organizer {
        let hint = read.hint("organizer", &participant, keyed.key.as_str(), is_explicit, has_both);
        if let Some(mut hint) = hint {
            hint.path = "organizerCalendarAddress".into();
            draft.hatch.hint(hint);
        }
        // The line would not come back by itself where ORGANIZER says all of it.
        is_marked |= has_both && export::is_owner_only(&participant, draft.kind);
    }
    if let Some(read) = attendee {
        let hint = if is_lone {
            read.lone_hint(keyed.key.as_str(), is_explicit)
        } else {
            read.hint("attendee", &participant, keyed.key.as_str(), is_explicit, has_both)
        };
        let mark = || is_marked.then(|| Hint::new("calendarAddress", "attendee"));
        keyed.hints.extend(hint.or_else(mark));
    }
    keyed.value = participant;
    keyed
}

/// The participant of whom these lines are. A lone ATTENDEE gives away what it says.
fn say_together(
    attendee: Option<&mut Read<'_>>,
    organizer: Option<&Read<'_>>,
    is_lone: bool,
    others_own: bool,
) -> Participant {
    let said = match attendee {
        Some(read) if is_lone => return std::mem::take(&mut read.said.participant),
        Some(read) => Said::clone(&read.said),
        None => Said::default(),
    };
    match organizer {
        Some(read) => said.and_organizer(&read.said, others_own).participant,
        None => said.participant,
    }
}

/// So far there is no other link than that of DIR, which export has to tell from those of a PARTICIPANT.
fn hints_of_links<'a>(participant: &Participant) -> impl Iterator<Item = Hint<'a>> {
    participant
        .links
        .keys()
        .map(|key| Hint::new(format!("links/{}/href", pointer::escape(key.as_str())), DIR))
}

impl<'a> Read<'a> {
    /// The hint of an ATTENDEE that alone makes its participant.
    fn lone_hint(mut self, key: &str, is_explicit: bool) -> Option<Hint<'a>> {
        self.keep_jsid(key, is_explicit);
        (!self.left.is_empty()).then(|| Hint::new("calendarAddress", "attendee").params(self.left))
    }

    fn keep_jsid(&mut self, key: &str, is_explicit: bool) {
        // The key's own JSID is written where the address does not make the key.
        if self.said.jsid.as_deref().is_some_and(|jsid| !is_explicit || jsid != key) {
            self.keep("JSID");
        }
    }

    /// The hint of a line that shares its participant with another one: what it says otherwise, and what it says not.
    fn hint(
        mut self,
        name: &'static str,
        participant: &Participant,
        key: &str,
        is_explicit: bool,
        has_both: bool,
    ) -> Option<Hint<'a>> {
        self.keep_jsid(key, is_explicit);
        let own = std::mem::take(&mut self.said.participant);
        let is_attendee = name == "attendee";
        let mut absent = Vec::new();
        let mut compare = |param: &'static str, own: &Option<String>, all: &Option<String>| {
            if own != all {
                if own.is_some() { self.keep(param) } else { absent.push(param) }
            }
        };
        compare("CN", &own.name, &participant.name);
        compare("EMAIL", &own.email, &participant.email);
        if is_attendee {
            compare("SENT-BY", &own.sent_by, &participant.sent_by);
        }
        if is_attendee && has_both && own.roles.iter().eq([&Role::Owner]) {
            // ORGANIZER says it already.
            self.keep("ROLE");
        }
        if is_explicit && self.said.jsid.is_none() {
            absent.push("JSID");
        }
        let mut hint = Hint::new("calendarAddress", name).params(self.left);
        hint.absent = absent;
        (!hint.params.is_empty() || !hint.absent.is_empty()).then_some(hint)
    }
}

/// In an answer, for 1.0: when the one attendee answered, and what it said.
fn answer<'a>(
    comment: Option<&'a Line<'a>>,
    first: usize,
    draft: &mut Draft<'a>,
    cx: &Context<'_>,
) {
    if !cx.is_v1() || !cx.method.as_ref().is_some_and(is_answer) {
        return;
    }
    let (updated, sequence) = (draft.entry.updated, draft.entry.sequence);
    let people = draft.participants.get_mut(first..).unwrap_or_default();
    let mut attendees =
        people.iter_mut().filter(|keyed| !export::is_owner_only(&keyed.value, draft.kind));
    let (Some(keyed), None) = (attendees.next(), attendees.next()) else {
        comment.into_iter().for_each(|line| draft.hatch.keep(line));
        return;
    };
    let legacy = keyed.value.legacy.get_or_insert_default();
    legacy.schedule_updated = legacy.schedule_updated.or(updated);
    legacy.schedule_sequence = legacy.schedule_sequence.or(sequence);
    if let Some(line) = comment {
        legacy.participation_comment = Some(unescape_text(line.value()).into_owned());
        let left = leftovers(line, |_| false);
        keyed.hints.push(Hint::new("participationComment", "comment").params(left));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_one_of_very_many_people_is_small() {
        assert!(size_of::<Read<'_>>() <= 48, "{}", size_of::<Read<'_>>());
        assert!(size_of::<Person<'_>>() <= 104, "{}", size_of::<Person<'_>>());
    }
}
