//! ORGANIZER and ATTENDEE of one participant, and whether their hints still hold.

use std::borrow::Cow;

use content_line::unescape_text;
use jscalendar::{Id, Participant, Role, Set, Severity};

use super::People;
use super::plan::{Plan, mailto};
use crate::hatch::KeptHint;
use crate::out::{Out, Outgoing, Source};
use crate::property::people::said::{Property, Reading, Said};

/// The lines of one participant.
pub(super) struct Lines<'e> {
    organizer: Option<Outgoing<'e>>,
    attendee: Option<Outgoing<'e>>,
}

impl<'e> Lines<'e> {
    pub(super) fn new(
        organizer: Option<&'e str>,
        plan: Option<&Plan<'e>>,
        source: &Source<'e>,
    ) -> Self {
        let jsid = plan.and_then(Plan::jsid);
        let attendee =
            plan.filter(|plan| plan.attends).map(|plan| plan.attendee(jsid, source.kind));
        let organizer = organizer.map(|address| {
            let participant = plan.map(|plan| plan.participant);
            let own_sender =
                participant.filter(|_| attendee.is_none()).and_then(|it| it.sent_by.as_deref());
            let sender = source.common.sent_by.as_deref().or(own_sender);
            Outgoing::raw("ORGANIZER", address)
                .param_opt("CN", participant.and_then(|it| it.name.as_deref()))
                .param_opt("EMAIL", participant.and_then(|it| it.email.as_deref()))
                .param_opt("SENT-BY", sender.map(mailto))
                .param_opt("JSID", jsid)
        });
        Self { organizer, attendee }
    }

    /// The lines with their hints, and the roles that they say besides then.
    pub(super) fn hinted(
        self,
        plan: Option<&Plan<'e>>,
        people: &People<'_>,
        source: &Source<'e>,
        out: &mut Out<'_, '_>,
    ) -> (Self, Vec<Role>) {
        let lossless = out.cx.is_lossless();
        let of = |name: &str, hint: Option<&KeptHint<'e>>| {
            hint.filter(|hint| lossless && hint.name.eq_ignore_ascii_case(name)).cloned()
        };
        let organizer = source.hatch.hint("organizerCalendarAddress");
        let organizer = of("organizer", organizer.filter(|_| self.organizer.is_some()));
        let attendee = of(
            "attendee",
            plan.and_then(|plan| plan.hint.as_ref()).filter(|_| self.attendee.is_some()),
        );
        if organizer.is_none() && attendee.is_none() {
            return (self, Vec::new());
        }
        let judge = Judge { plan, others_own: people.others_own, source };
        let hinted = self.with(organizer.as_ref(), attendee.as_ref());
        if let Some(more) = judge.allows(&self, &hinted) {
            return (hinted, more);
        }
        let path =
            if self.attendee.is_some() { "participants" } else { "organizerCalendarAddress" };
        let message = "what iCalendar said of it no longer holds; not used";
        out.cx.report(path, Severity::Note, "stale-hint", message);
        // What a participant has no word for still holds.
        let rest = |hint: Option<KeptHint<'e>>, property: Property| {
            let reading = judge.reading(property);
            hint.map(|mut hint| {
                hint.params.retain(|(name, _)| !reading.knows(name));
                hint
            })
        };
        let (organizer, attendee) =
            (rest(organizer, Property::Organizer), rest(attendee, Property::Attendee));
        (self.with(organizer.as_ref(), attendee.as_ref()), Vec::new())
    }

    /// Makes sure that the participant has this key, as a JSPROP is going to name it.
    pub(super) fn point(&mut self, key: &'e Id) {
        let jsid = |(name, values): &(Cow<'_, str>, Vec<Cow<'_, str>>)| {
            name.eq_ignore_ascii_case("JSID") && values.iter().any(|value| value == key.as_str())
        };
        let mut lines = self.attendee.iter().chain(&self.organizer);
        if lines.any(|line| line.params.iter().any(jsid)) {
            return;
        }
        if let Some(line) = self.attendee.as_mut().or(self.organizer.as_mut()) {
            line.params.retain(|(name, _)| !name.eq_ignore_ascii_case("JSID"));
            line.params.push((Cow::Borrowed("JSID"), vec![Cow::Borrowed(key.as_str())]));
        }
    }

    fn with(&self, organizer: Option<&KeptHint<'e>>, attendee: Option<&KeptHint<'e>>) -> Self {
        let hinted = |line: &Option<Outgoing<'e>>, hint: Option<&KeptHint<'e>>| match (line, hint) {
            (Some(line), Some(hint)) => {
                Some(singly(line.with_hint(&KeptHint { raw: None, ..hint.clone() })))
            }
            (line, _) => line.clone(),
        };
        Self {
            organizer: hinted(&self.organizer, organizer),
            attendee: hinted(&self.attendee, attendee),
        }
    }

    pub(super) fn put(self, out: &mut Out<'_, '_>) {
        self.organizer.iter().chain(&self.attendee).for_each(|line| out.line(line));
    }
}

/// A parameter with one value that has more in its hint stood there several times.
fn singly(mut line: Outgoing<'_>) -> Outgoing<'_> {
    const SINGLE: &[&str] = &["CN", "EMAIL", "SENT-BY", "JSID"];
    let is_repeated = |name: &str, values: &[Cow<'_, str>]| {
        values.len() > 1 && SINGLE.iter().any(|single| single.eq_ignore_ascii_case(name))
    };
    if line.params.iter().any(|(name, values)| is_repeated(name, values)) {
        let params = std::mem::take(&mut line.params);
        for (name, values) in params {
            if is_repeated(&name, &values) {
                line.params.extend(values.into_iter().map(|value| (name.clone(), vec![value])));
            } else {
                line.params.push((name, values));
            }
        }
    }
    line
}

/// Decides whether hints may be used.
struct Judge<'j, 'e> {
    plan: Option<&'j Plan<'e>>,
    others_own: bool,
    source: &'j Source<'e>,
}

impl Judge<'_, '_> {
    fn reading(&self, property: Property) -> Reading {
        let is_v1 = self.plan.is_some_and(|plan| plan.participant.legacy.is_some());
        Reading { property, kind: self.source.kind, is_v1 }
    }

    /// The roles that the lines say besides with hints, if they say the same otherwise.
    fn allows(&self, plain: &Lines<'_>, hinted: &Lines<'_>) -> Option<Vec<Role>> {
        let (mut plain, plain_sender) = self.said(plain);
        let (mut hinted, sender) = self.said(hinted);
        let nobody = Participant::default();
        let (participant, made) = match self.plan {
            Some(plan) => (plan.participant, plan.made_key().into_string()),
            None => {
                // Without a participant there is no key, and no role.
                for said in [&mut plain, &mut hinted] {
                    said.jsid = None;
                    said.participant.roles = Set::new();
                }
                (&nobody, String::new())
            }
        };
        if sender != plain_sender || !plain.allows(&hinted, participant, &made) {
            return None;
        }
        let more =
            hinted.participant.roles.iter().filter(|role| !plain.participant.roles.contains(role));
        Some(more.cloned().collect())
    }

    /// What the lines and the component say of the participant, and who sends for the organizer.
    fn said(&self, lines: &Lines<'_>) -> (Said, Option<String>) {
        let attendee =
            lines.attendee.as_ref().map(|line| self.reading(Property::Attendee).outgoing(line));
        let mut said = attendee.unwrap_or_default();
        let mut sender = None;
        if let Some(line) = &lines.organizer {
            let organizer = self.reading(Property::Organizer).outgoing(line);
            said = said.and_organizer(&organizer, self.others_own);
            sender = organizer.participant.sent_by;
        }
        if let Some(plan) = self.plan.filter(|plan| plan.is_component) {
            if said.participant.name.is_none() && plan.own.came_from("name", "summary") {
                said.participant.name.clone_from(&plan.participant.name);
            }
            if said.jsid.is_none() {
                let jsid = plan.own.properties.iter().find(|property| property.name == "jsid");
                said.jsid = jsid.map(|jsid| unescape_text(&jsid.value).into_owned());
            }
        }
        (said, sender)
    }
}
