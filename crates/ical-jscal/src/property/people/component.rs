//! PARTICIPANT (RFC 9073, section 7.1), both directions.

use std::borrow::Cow;

use content_line::{Component, Line, unescape_text};
use jscalendar::json_model::pointer;
use jscalendar::{Id, Link, Map, Participant, Role};

use super::address::normal;
use super::said;
use crate::Mode;
use crate::draft::{Context, Keyed, Kind, collect, leftovers};
use crate::hatch::{Hatch, Hint, KeptHatch};
use crate::key;
use crate::out::{Out, Outgoing, Source};
use crate::property::{change, extension, link, text};
use crate::value::Moment;

/// The name in a hint for the role that a PARTICIPANT-TYPE became.
const TYPE: &str = "participant-type";

/// A PARTICIPANT that was read.
pub(super) struct Part<'a> {
    pub(super) component: &'a Component<'a>,
    pub(super) jsid: Option<String>,
    pub(super) address: Option<&'a Line<'a>>,
    jsprops: Vec<&'a Line<'a>>,
    uid: Option<&'a Line<'a>>,
    summary: Option<&'a Line<'a>>,
    described_by: Option<&'a Line<'a>>,
    links: Vec<Keyed<'a, Link>>,
    participant: Participant,
    hatch: Hatch<'a>,
}

impl<'a> Part<'a> {
    pub(super) fn read(component: &'a Component<'a>, kind: Kind, cx: &mut Context<'_>) -> Self {
        let described_by = text_lines(component, "STYLED-DESCRIPTION").find(|line| is_text(line));
        let mut part = Self {
            component,
            jsid: None,
            address: None,
            jsprops: Vec::new(),
            uid: None,
            summary: None,
            described_by: described_by.or_else(|| text_lines(component, "DESCRIPTION").next()),
            links: Vec::new(),
            participant: Participant::default(),
            hatch: Hatch::default(),
        };
        for line in &component.lines {
            if line.value().is_empty() || !part.take(line, kind, cx) {
                part.hatch.keep(line);
            }
        }
        for child in &component.components {
            part.hatch.keep_component(child);
        }
        part
    }

    /// Takes what a line says. False: it has to be kept.
    fn take(&mut self, line: &'a Line<'a>, kind: Kind, cx: &mut Context<'_>) -> bool {
        let is_first = |slot: &mut Option<&'a Line<'a>>| {
            let free = slot.is_none();
            slot.get_or_insert(line);
            free
        };
        if self.described_by.is_some_and(|described_by| std::ptr::eq(described_by, line)) {
            self.describe(line);
            return true;
        }
        match line.name().to_ascii_uppercase().as_str() {
            "CALENDAR-ADDRESS" => is_first(&mut self.address),
            "SUMMARY" => is_first(&mut self.summary),
            "UID" => {
                is_first(&mut self.uid);
                false
            }
            "JSID" => {
                // It may not be the one that counts, and the component had one.
                self.jsid.get_or_insert_with(|| unescape_text(line.value()).into_owned());
                false
            }
            "JSPROP" => {
                self.jsprops.push(line);
                true
            }
            "PERCENT-COMPLETE"
                if kind == Kind::Task && self.participant.percent_complete.is_none() =>
            {
                self.participant.percent_complete =
                    line.value().parse().ok().filter(|percent| *percent <= 100);
                let taken = self.participant.percent_complete.is_some();
                if taken {
                    self.hatch.converted(line, "percent-complete", "percentComplete");
                }
                taken
            }
            "PARTICIPANT-TYPE" => cx.is_v1() && self.take_type(line),
            "COMMENT" | "DTSTAMP" | "SEQUENCE" => {
                cx.is_v1() && !line.has_params() && self.take_legacy(line)
            }
            _ => link::import_into(line, &mut self.links, &mut self.hatch, cx),
        }
    }

    fn describe(&mut self, line: &'a Line<'a>) {
        self.participant.description = Some(unescape_text(line.value()).into_owned());
        let is_styled = line.is("STYLED-DESCRIPTION");
        let media_type = line.param("FMTTYPE").filter(|_| is_styled);
        self.participant.description_content_type =
            media_type.map(|param| param.value().into_owned());
        let left = leftovers(line, |param| is_styled && param.is("FMTTYPE"));
        let name = if is_styled { "styled-description" } else { "description" };
        let mut hint = Hint::new("description", name).params(left);
        let mut others = self.component.lines.iter().filter(|line| line.is("DESCRIPTION"));
        if is_styled && others.any(text::is_derived) {
            // What is derived goes when this changes.
            hint = hint.raw(line.value());
        }
        if is_styled || !hint.params.is_empty() {
            self.hatch.hint(hint);
        }
    }

    /// PARTICIPANT-TYPE (RFC 9073, section 6.2), in 1.0 a role. Those that ROLE can say are left to it; and ACTIVE is none,
    /// for RFC 9073 demands a type, and this is what export makes up.
    fn take_type(&mut self, line: &'a Line<'a>) -> bool {
        let role = Role::from(line.value().to_ascii_lowercase());
        let is_role = said::is_type(&role) && role.as_str() != "active";
        if !is_role || !self.participant.roles.is_empty() {
            return false;
        }
        let path = format!("roles/{}", pointer::escape(role.as_str()));
        let mut hint = Hint::new(path, TYPE).params(leftovers(line, |_| false));
        if said::type_of(&role) != line.value() {
            hint = hint.raw(line.value());
        }
        self.hatch.hint(hint);
        self.participant.roles.insert(role);
        true
    }

    /// What 1.0 has members for.
    fn take_legacy(&mut self, line: &Line<'_>) -> bool {
        let mut legacy = self.participant.legacy.take().unwrap_or_default();
        let updated =
            Moment::parse(line.value()).and_then(Moment::utc).filter(|_| line.is("DTSTAMP"));
        let sequence = line.value().parse().ok().filter(|_| line.is("SEQUENCE"));
        let taken = match (updated, sequence) {
            (Some(_), _) if legacy.schedule_updated.is_none() => {
                legacy.schedule_updated = updated;
                true
            }
            (None, Some(_)) if legacy.schedule_sequence.is_none() => {
                legacy.schedule_sequence = sequence;
                true
            }
            (None, None) if line.is("COMMENT") && legacy.participation_comment.is_none() => {
                legacy.participation_comment = Some(unescape_text(line.value()).into_owned());
                true
            }
            _ => false,
        };
        self.participant.legacy = Some(legacy).filter(|legacy| **legacy != Default::default());
        taken
    }

    /// The key that neither a JSID nor an address gives.
    pub(super) fn made_key(&self) -> Id {
        match (self.uid, self.summary) {
            (Some(uid), _) => key_of_uid(uid.value()),
            (None, Some(summary)) => key_of_name(&unescape_text(summary.value())),
            (None, None) => key_of_name(""),
        }
    }

    /// Whether its CALENDAR-ADDRESS needs a hint beside another line with `address`.
    pub(super) fn respells(&self, address: Option<&str>) -> bool {
        let Some(line) = self.address else { return false };
        Some(line.value()) != address || !leftovers(line, |_| false).is_empty()
    }

    /// Adds what the component says to what the lines for the same address do.
    fn join(&mut self, participant: &mut Participant, has_line: bool, has_attendee: bool) {
        let own = std::mem::take(&mut self.participant);
        if let Some(line) = self.address {
            let respelled = self.respells(participant.calendar_address.as_deref());
            let mut hint =
                Hint::new("calendarAddress", "calendar-address").params(leftovers(line, |_| false));
            if participant.calendar_address.as_deref() != Some(line.value()) {
                hint = hint.raw(line.value());
            }
            if respelled || !has_attendee {
                self.hatch.hint(hint);
            }
        }
        if let Some(line) = self.summary {
            let name = unescape_text(line.value());
            let mut hint = Hint::new("name", "summary").params(leftovers(line, |_| false));
            match participant.name.as_deref() {
                Some(other) if other != name => hint = hint.raw(line.value()),
                Some(_) => {}
                None => participant.name = Some(name.into_owned()),
            }
            if has_line || !hint.params.is_empty() {
                self.hatch.hint(hint);
            }
        }
        participant.description = own.description;
        participant.description_content_type = own.description_content_type;
        participant.percent_complete = own.percent_complete;
        if has_attendee && participant.roles.is_empty() && !own.roles.is_empty() {
            // What no ROLE means would be lost beside the type, which only 1.0 takes for a role.
            participant.roles.insert(Role::Attendee);
        }
        participant.roles.extend(own.roles.iter().cloned());
        if let Some(own) = own.legacy {
            let legacy = participant.legacy.get_or_insert_default();
            legacy.participation_comment = own.participation_comment;
            legacy.schedule_updated = own.schedule_updated;
            legacy.schedule_sequence = own.schedule_sequence;
        }
    }

    /// The participant of these lines, organizer's and attendee's if there are, with what the component says.
    pub(super) fn finish(
        mut self,
        mut participant: Participant,
        [organizes, attends]: [bool; 2],
        cx: &mut Context<'_>,
    ) -> Participant {
        self.join(&mut participant, organizes || attends, attends);
        let lines = std::mem::take(&mut self.jsprops);
        self.close(&mut participant, cx);
        extension::apply(participant, &lines, cx)
    }

    /// Gives the participant what is left.
    fn close(mut self, participant: &mut Participant, cx: &mut Context<'_>) {
        // Those that the participant has by other lines go first: of equal keys, theirs stays.
        let before = std::mem::take(&mut participant.links);
        let before = before.into_iter().map(|(key, link)| Keyed::new(key, link));
        let links = before.chain(self.links).collect();
        participant.links = collect(links, "links", &mut self.hatch, cx.diagnostics);
        if cx.mode == Mode::Clean {
            self.hatch.report_losses(cx.diagnostics);
        } else {
            participant.i_calendar = self.hatch.to_json("participant");
        }
    }
}

fn text_lines<'a>(
    component: &'a Component<'a>,
    name: &'static str,
) -> impl Iterator<Item = &'a Line<'a>> {
    component
        .lines
        .iter()
        .filter(move |line| line.is(name) && !line.value().is_empty() && !text::is_derived(line))
}

/// Whether this STYLED-DESCRIPTION can be a description: a text, of any kind of text.
fn is_text(line: &Line<'_>) -> bool {
    let value = line.param("VALUE");
    let media_type = line.param("FMTTYPE");
    value.is_none_or(|param| param.value().eq_ignore_ascii_case("TEXT"))
        && media_type.is_none_or(|param| {
            param.value().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"))
        })
}

/// The key from a UID, which need not have the form of a key.
fn key_of_uid(uid: &str) -> Id {
    Id::new(uid).unwrap_or_else(|_| key::from_value(uid))
}

/// The key for a name, however its escapes are spelt.
fn key_of_name(name: &str) -> Id {
    key::from_value(&Outgoing::text("SUMMARY", name).value)
}

/// How the component of a participant is to be written.
pub(super) struct Writing<'w, 'e> {
    pub(super) key: &'e Id,
    pub(super) participant: &'e Participant,
    pub(super) own: &'w KeptHatch<'e>,
    /// The name that ORGANIZER or ATTENDEE say.
    pub(super) name: Option<&'w str>,
    /// The links that no line says.
    pub(super) links: Cow<'w, Map<Id, Link>>,
    /// Whether ORGANIZER or ATTENDEE say who it is, so that no JSID is needed.
    pub(super) has_line: bool,
    pub(super) comment: Option<&'e str>,
}

impl Writing<'_, '_> {
    /// Writes all but the end of the component.
    pub(super) fn start(&self, source: &Source<'_>, out: &mut Out<'_, '_>) {
        let participant = self.participant;
        out.writer.begin("PARTICIPANT");
        self.write_identity(out);
        if let Some(name) = participant
            .name
            .as_deref()
            .filter(|name| self.name != Some(*name) || self.own.came_from("name", "summary"))
        {
            // Beside a line that says the name, the component may call it otherwise.
            let fits = |raw: &str| self.name == Some(name) || unescape_text(raw) == name;
            self.write(Outgoing::text("SUMMARY", name), "name", fits, out);
        }
        self.write_description(out);
        if let Some(percent) =
            participant.percent_complete.filter(|_| self.says_percent(source.kind))
        {
            let property = Outgoing::raw("PERCENT-COMPLETE", percent.to_string());
            self.write(property, "percentComplete", |_| false, out);
        }
        if let Some(comment) = self.comment {
            out.line(&Outgoing::text("COMMENT", comment));
        }
        if let Some(legacy) = &participant.legacy {
            if let Some(updated) = legacy.schedule_updated {
                out.line(&change::utc("DTSTAMP", updated.truncated()));
            }
            if let Some(sequence) = legacy.schedule_sequence {
                out.line(&Outgoing::raw("SEQUENCE", sequence.to_string()));
            }
        }
        link::export_links(&self.links, "links", source, self.own, out);
    }

    /// What the hatch holds, and the end.
    pub(super) fn end(&self, source: &Source<'_>, out: &mut Out<'_, '_>) {
        let mut written = Vec::new();
        let described_by = self.own.hint("description").and_then(|hint| hint.raw.as_deref());
        let description = self.participant.description.as_deref();
        let is_stale =
            described_by.is_some_and(|raw| Some(unescape_text(raw).as_ref()) != description);
        written.extend(is_stale.then_some("description"));
        written.extend((!self.keeps_jsid()).then_some("jsid"));
        written.extend(self.says_percent(source.kind).then_some("percent-complete"));
        extension::export_hatch(self.own, &written, out);
        out.writer.end("PARTICIPANT");
    }

    pub(super) fn says_percent(&self, kind: Kind) -> bool {
        kind == Kind::Task
            && self.participant.percent_complete.is_some_and(|percent| percent <= 100)
    }

    fn write_identity(&self, out: &mut Out<'_, '_>) {
        let kept = |name: &str| self.own.properties.iter().find(|property| property.name == name);
        // A component that came from iCalendar gets nothing that it had not.
        let is_new = self.own.name != "participant";
        let key = self.key.as_str();
        let mut uid = kept("uid").map(|uid| uid.value.as_str());
        if is_new && uid.is_none() {
            out.line(&Outgoing::text("UID", key));
            uid = Some(key);
        }
        if !self.keeps_jsid() && !self.has_line && !self.is_made(uid) {
            out.line(&Outgoing::text("JSID", key));
        }
        if let Some(address) =
            self.participant.calendar_address.as_deref().filter(|address| !address.is_empty())
        {
            let fits = |raw: &str| normal(raw) == normal(address);
            self.write(Outgoing::raw("CALENDAR-ADDRESS", address), "calendarAddress", fits, out);
        }
        if let Some(role) = typed(self.participant, self.own) {
            let path = format!("roles/{}", pointer::escape(role.as_str()));
            let property = Outgoing::raw("PARTICIPANT-TYPE", said::type_of(role));
            self.write(property, &path, |raw| raw.eq_ignore_ascii_case(role.as_str()), out);
        } else if is_new && kept("participant-type").is_none() {
            out.line(&Outgoing::raw("PARTICIPANT-TYPE", "ACTIVE"));
        }
    }

    /// Whether a JSID in the hatch may come back: it is the key, or does not count beside those of the lines.
    fn keeps_jsid(&self) -> bool {
        let jsid = self.own.properties.iter().find(|property| property.name == "jsid");
        jsid.is_some_and(|jsid| self.has_line || unescape_text(&jsid.value) == self.key.as_str())
    }

    /// Whether import makes the key.
    fn is_made(&self, uid: Option<&str>) -> bool {
        let participant = self.participant;
        match (participant.calendar_address.as_deref().filter(|address| !address.is_empty()), uid) {
            (Some(address), _) => key::is_made_from(self.key, address),
            (None, Some(uid)) => *self.key == key_of_uid(uid) || key::is_made_from(self.key, uid),
            (None, None) => {
                let name = participant.name.as_deref().unwrap_or_default();
                key::is_made_from(self.key, &Outgoing::text("SUMMARY", name).value)
            }
        }
    }

    fn write_description(&self, out: &mut Out<'_, '_>) {
        let Some(description) = self.participant.description.as_deref() else { return };
        let media_type = self.participant.description_content_type.as_deref();
        let is_styled = !media_type.is_none_or(text::is_plain)
            || self.own.came_from("description", "styled-description");
        let property = if is_styled {
            text::styled(description, media_type)
        } else {
            Outgoing::text("DESCRIPTION", description)
        };
        self.write(property, "description", |_| false, out);
    }

    /// Writes a property with what the hint says of it, as far as that changes nothing.
    ///
    /// In this component no parameter but FMTTYPE and DERIVED has a meaning, so there is nothing to compare.
    fn write(
        &self,
        plain: Outgoing<'_>,
        path: &str,
        fits: impl Fn(&str) -> bool,
        out: &mut Out<'_, '_>,
    ) {
        let Some(hint) =
            self.own.hint(path).filter(|hint| hint.name.eq_ignore_ascii_case(&plain.name))
        else {
            out.line(&plain);
            return;
        };
        let mut hint = hint.clone();
        hint.raw = hint.raw.filter(|raw| fits(raw));
        hint.value_type = None;
        hint.params.retain(|(name, _)| {
            !["fmttype", "derived", "value"].contains(&&*name.to_ascii_lowercase())
        });
        out.line(&plain.with_hint(&hint));
    }
}

/// The role that PARTICIPANT-TYPE says, because it came from there.
pub(super) fn typed<'p>(participant: &'p Participant, own: &KeptHatch<'_>) -> Option<&'p Role> {
    participant.roles.iter().find(|role| {
        said::is_type(role)
            && own.came_from(&format!("roles/{}", pointer::escape(role.as_str())), TYPE)
    })
}

/// The roles that are left to ROLE and ORGANIZER.
pub(super) fn untyped<'p>(
    participant: &'p Participant,
    own: &KeptHatch<'_>,
) -> impl Iterator<Item = &'p Role> {
    let typed = typed(participant, own);
    participant.roles.iter().filter(move |role| Some(*role) != typed)
}

/// Whether the roles are those of an organizer.
pub(super) fn is_owner(participant: &Participant, own: &KeptHatch<'_>) -> bool {
    untyped(participant, own).eq([&Role::Owner])
}
