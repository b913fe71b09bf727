//! ORGANIZER, ATTENDEE and PARTICIPANT from `participants`.

use std::borrow::Cow;
use std::collections::HashMap;

use jscalendar::json_model::{Part as _, pointer};
use jscalendar::{
    Id, Json, Method, Participant, ParticipantLegacy, ParticipationStatus, Role, Set, Severity, Version,
};

use super::address::{is_nobody, normal};
use super::component::{Writing, is_owner};
use super::said::{self, Property, Reading, Said};
use super::is_answer;
use crate::draft::Kind;
use crate::hatch::{KeptHatch, KeptHint};
use crate::key;
use crate::out::{Out, Outgoing, Source};
use crate::property::text;
use crate::value::strip_mailto;

/// ORGANIZER and ATTENDEE lines, and what of the participants has no other place than JSPROP.
pub(crate) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let people = People::new(source, out);
    if let Some(address) = organizer(source) {
        let plan = people.organizer.map(|at| people.plan(at, source, out));
        export_one(Some(address), plan.as_ref(), &people, source, out);
    }
    for at in (0..people.list.len()).filter(|at| Some(*at) != people.organizer) {
        let plan = people.plan(at, source, out);
        export_one(None, Some(&plan), &people, source, out);
    }
}

/// PARTICIPANT components.
pub(crate) fn export_components(source: &Source<'_>, out: &mut Out<'_, '_>) {
    if !source.common.participants.values().any(|participant| may_be_component(participant, source.kind)) {
        return;
    }
    let people = People::new(source, out);
    for (at, one) in people.list.iter().enumerate() {
        if !may_be_component(one.participant, source.kind) {
            continue;
        }
        let plan = people.plan(at, source, out);
        if plan.is_component {
            export_component(&plan, source, out);
        }
    }
}

/// Whether ORGANIZER says all of this participant that a line can say.
pub(super) fn is_owner_only(participant: &Participant, kind: Kind) -> bool {
    is_owner(participant) && !is_more_than_owner(participant, kind)
}

fn organizer<'e>(source: &Source<'e>) -> Option<&'e str> {
    source.common.organizer_calendar_address.as_deref().filter(|address| !address.is_empty())
}

fn address(participant: &Participant) -> Option<&str> {
    participant.calendar_address.as_deref().filter(|address| !address.is_empty())
}

/// Whether there is something that only ATTENDEE can say.
fn is_more_than_owner(participant: &Participant, kind: Kind) -> bool {
    participant.kind.is_some()
        || participant.participation_status.is_some()
        || participant.expect_reply.is_some()
        || (kind == Kind::Task && participant.progress.is_some())
        || ADDRESS_SETS.iter().any(|(_, member, set)| !set(participant).is_empty() || participant.extra.contains_key(*member))
        || participant.legacy.as_deref().is_some_and(|legacy| {
            legacy.schedule_agent.is_some()
                || legacy.schedule_force_send.is_some()
                || !legacy.schedule_status.is_empty()
                || legacy.language.is_some()
        })
}

/// Whether there is something that only PARTICIPANT can say, so far as this is to be seen without its hatch.
fn may_be_component(participant: &Participant, kind: Kind) -> bool {
    address(participant).is_none()
        || participant.i_calendar.is_some()
        || participant.description.is_some()
        || !participant.links.is_empty()
        || (kind == Kind::Task && participant.percent_complete.is_some())
        || participant.legacy.as_deref().is_some_and(|legacy| legacy.participation_comment.is_some())
}

type OneSet = fn(&Participant) -> &Set<String>;

/// The parameters that list addresses, and their members.
const ADDRESS_SETS: [(&str, &str, OneSet); 3] = [
    ("MEMBER", "memberOf", |participant| &participant.member_of),
    ("DELEGATED-FROM", "delegatedFrom", |participant| &participant.delegated_from),
    ("DELEGATED-TO", "delegatedTo", |participant| &participant.delegated_to),
];

/// The participants in the order in which they are written.
struct People<'e> {
    list: Vec<One<'e>>,
    /// Which one the organizer is.
    organizer: Option<usize>,
    /// Whether another one has to be called an owner.
    others_own: bool,
    /// The only one who can have answered, in an answer.
    answering: Option<usize>,
}

struct One<'e> {
    key: &'e Id,
    participant: &'e Participant,
    /// Whether another one has the same address.
    is_shared: bool,
}

impl<'e> People<'e> {
    fn new(source: &Source<'e>, out: &Out<'_, '_>) -> Self {
        let all = source.common.participants.iter();
        let mut list: Vec<One<'e>> =
            all.map(|(key, participant)| One { key, participant, is_shared: false }).collect();
        // Numbers behind equal keys are not padded: shorter ones go first.
        list.sort_by_key(|one| one.key.as_str().len());
        mark_shared(&mut list);
        let organizer = find_organizer(&list, source);
        let owns = |one: &One<'_>| {
            address(one.participant).is_some()
                && said::role(&one.participant.roles, false).is_some_and(|(_, role)| *role == Role::Owner)
        };
        let others_own = organizer.is_some()
            && list.iter().enumerate().any(|(at, one)| Some(at) != organizer && owns(one));
        let mut people = Self { list, organizer, others_own, answering: None };
        if source.common.method.as_ref().is_some_and(|method: &Method| is_answer(method)) {
            let attends = |at: &usize| people.plan(*at, source, out).attends;
            let mut attending = (0..people.list.len()).filter(attends);
            people.answering = match (attending.next(), attending.next()) {
                (Some(at), None) => Some(at),
                _ => None,
            };
        }
        people
    }

    /// What becomes of a participant.
    fn plan(&self, at: usize, source: &Source<'e>, out: &Out<'_, '_>) -> Plan<'e> {
        let One { key, participant, is_shared } = self.list[at];
        let lossless = out.cx.is_lossless();
        let json = participant.i_calendar.as_ref().filter(|_| lossless);
        let own = json.map_or_else(KeptHatch::default, |json| KeptHatch::read(Some(json)));
        let hint = Some(&source.hatch).filter(|hatch| lossless && !hatch.hints.is_empty());
        let hint = hint.and_then(|hatch| hatch.hint(&format!("{}/calendarAddress", path_of(key))).cloned());
        let is_organizer = self.organizer == Some(at);
        let names = participant.name.is_some() || participant.email.is_some() || source.common.sent_by.is_some();
        let mut plan = Plan {
            key,
            participant,
            own,
            hint,
            is_organizer,
            // ORGANIZER makes an owner unless somebody else is one and it says nothing but the address.
            is_owner: is_organizer && (names || participant.sent_by.is_some() || !self.others_own),
            is_shared,
            attends: false,
            is_component: false,
            is_mentioned: false,
            is_answering: self.answering == Some(at),
        };
        plan.decide(source);
        plan
    }
}

fn path_of(key: &Id) -> String {
    format!("participants/{}", pointer::escape(key.as_str()))
}

fn mark_shared(list: &mut [One<'_>]) {
    if list.len() < 2 {
        return;
    }
    let mut seen: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(list.len());
    let mut shared = Vec::new();
    for (at, one) in list.iter().enumerate() {
        let Some(address) = address(one.participant).filter(|address| !is_nobody(address)) else { continue };
        if let Some(other) = seen.insert(normal(address), at) {
            shared.extend([other, at]);
        }
    }
    drop(seen);
    shared.into_iter().for_each(|at| list[at].is_shared = true);
}

/// Who has the organizer's address; an owner rather than somebody else.
fn find_organizer(list: &[One<'_>], source: &Source<'_>) -> Option<usize> {
    let organizer = normal(organizer(source)?);
    let is_it = |one: &One<'_>| address(one.participant).is_some_and(|address| normal(address) == organizer);
    let mut found = list.iter().enumerate().filter(|(_, one)| is_it(one));
    let (first, one) = found.next()?;
    if one.participant.roles.contains(&Role::Owner) {
        return Some(first);
    }
    let owner = found.find(|(_, one)| one.participant.roles.contains(&Role::Owner));
    Some(owner.map_or(first, |(at, _)| at))
}

/// How one participant is to be written.
struct Plan<'e> {
    key: &'e Id,
    participant: &'e Participant,
    own: KeptHatch<'e>,
    hint: Option<KeptHint<'e>>,
    is_organizer: bool,
    is_owner: bool,
    is_shared: bool,
    attends: bool,
    is_component: bool,
    is_mentioned: bool,
    is_answering: bool,
}

impl<'e> Plan<'e> {
    fn decide(&mut self, source: &Source<'_>) {
        let participant = self.participant;
        let Some(_) = address(participant) else {
            self.is_component = true;
            return;
        };
        let came_from = |name: &str| self.hint.as_ref().is_some_and(|hint| hint.name.eq_ignore_ascii_case(name));
        let says_more = is_more_than_owner(participant, source.kind);
        let is_bare = !says_more && participant.roles.is_empty() && participant.email.is_none() && participant.sent_by.is_none();
        self.is_mentioned = is_bare
            && participant.name.is_none()
            && !self.is_organizer
            && ADDRESS_SETS.iter().any(|(name, ..)| came_from(name));
        let by_organizer = self.is_owner && is_owner(participant) && !says_more && self.same_sender(source);
        let by_component = (is_bare || by_organizer) && self.own.came_from("calendarAddress", "calendar-address");
        self.attends = (came_from("attendee") && !self.is_mentioned)
            || self.is_shared
            || !(by_organizer || by_component || self.is_mentioned);
        let comment = participant.legacy.as_deref().is_some_and(|legacy| legacy.participation_comment.is_some());
        let came_from_component = self.own.name == "participant";
        self.is_component = by_component
            || came_from_component
            || !self.own.properties.is_empty()
            || !self.own.components.is_empty()
            || participant.description.is_some()
            || !participant.links.is_empty()
            || says_percent(participant, source.kind)
            || (comment && !self.is_answering);
    }

    /// Whether the SENT-BY of ORGANIZER is that of the participant as well.
    fn same_sender(&self, source: &Source<'_>) -> bool {
        let (one, all) = (&self.participant.sent_by, source.common.sent_by);
        one.is_none() || all.is_none() || one == all
    }

    fn has_line(&self) -> bool {
        self.attends || self.is_organizer
    }

    fn path(&self) -> String {
        path_of(self.key)
    }

    fn made_key(&self) -> Id {
        key::from_value(address(self.participant).unwrap_or_default())
    }

    /// The JSID of the lines, if they need one.
    fn jsid(&self) -> Option<&'e str> {
        let address = address(self.participant)?;
        let is_made = if is_nobody(address) {
            key::is_made_from(self.key, address)
        } else {
            *self.key == self.made_key()
        };
        (!is_made || self.is_shared).then(|| self.key.as_str())
    }

    fn attendee(&self, jsid: Option<&'e str>, kind: Kind) -> Outgoing<'e> {
        let participant = self.participant;
        let mut line = Outgoing::raw("ATTENDEE", address(participant).unwrap_or_default())
            .param_opt("CN", participant.name.as_deref())
            .param_opt("CUTYPE", participant.kind.as_ref().and_then(said::cutype))
            .param_opt("ROLE", said::role(&participant.roles, self.is_owner).map(|(word, _)| *word))
            .param_opt("PARTSTAT", said::partstat(participant, kind))
            .param_opt("RSVP", participant.expect_reply.map(|reply| if reply { "TRUE" } else { "FALSE" }))
            .param_opt("EMAIL", participant.email.as_deref());
        for (name, member, set) in ADDRESS_SETS {
            let set = set(participant);
            let mut values: Vec<Cow<'e, str>> = set.iter().map(|address| Cow::Borrowed(address.as_str())).collect();
            // Some write a text where there should be a set.
            let text = participant.extra.get(member).filter(|_| values.is_empty()).and_then(Json::to_text);
            values.extend(text.map(Cow::Owned));
            line = line.param_list(name, values);
        }
        line = line.param_opt("SENT-BY", participant.sent_by.as_deref().map(mailto));
        if let Some(legacy) = &participant.legacy {
            line = line
                .param_opt("LANGUAGE", legacy.language.as_deref())
                .param_opt("SCHEDULE-AGENT", legacy.schedule_agent.as_ref().and_then(said::schedule_agent))
                .param_opt("SCHEDULE-FORCE-SEND", (legacy.schedule_force_send == Some(true)).then_some("REQUEST"));
            if !legacy.schedule_status.is_empty() {
                line = line.param("SCHEDULE-STATUS", legacy.schedule_status.join(","));
            }
        }
        line.param_opt("JSID", jsid)
    }

    /// The members that neither the lines nor the component say.
    fn unsaid(&self, said: &Set<Role>, source: &Source<'_>, out: &mut Out<'_, '_>) -> Vec<(String, Json)> {
        let participant = self.participant;
        let mut list = Unsaid(Vec::new());
        let (attends, has_line, kind) = (self.attends, self.has_line(), source.kind);
        list.add_if(!has_line, "email", participant.email.as_deref());
        list.add_if(!has_line, "sentBy", participant.sent_by.as_deref());
        let known = participant.kind.as_ref().and_then(said::cutype).is_some();
        list.add_if(!(attends && known), "kind", participant.kind.as_ref().map(|kind| kind.as_str()));
        list.add_roles(&participant.roles, said);
        self.unsaid_status(&mut list, kind, out);
        if let Some(reply) = participant.expect_reply.filter(|_| !attends) {
            list.add("expectReply", Json::from(reply));
        }
        for (_, member, set) in ADDRESS_SETS {
            let set = set(participant);
            if !attends && !set.is_empty() {
                list.add_json(member, set);
            }
        }
        if let Some(percent) = participant.percent_complete.filter(|_| !says_percent(participant, kind)) {
            let path = format!("{}/percentComplete", self.path());
            out.cx.report(&path, Severity::Warning, "out-of-range", "PERCENT-COMPLETE is for tasks, from 0 to 100");
            list.add_json("percentComplete", &percent);
        }
        let plain = |media_type: &&str| participant.description.is_none() || (text::is_plain(media_type) && *media_type != "text/plain");
        let media_type = participant.description_content_type.as_deref().filter(plain);
        list.add_if(true, "descriptionContentType", media_type);
        list.add_if(participant.calendar_address.as_deref() == Some(""), "calendarAddress", Some(""));
        if let Some(legacy) = participant.legacy.as_deref() {
            self.unsaid_legacy(legacy, &mut list, source);
        }
        list.0
    }

    fn unsaid_status(&self, list: &mut Unsaid, kind: Kind, out: &mut Out<'_, '_>) {
        let participant = self.participant;
        let step = participant.progress.as_ref().filter(|progress| kind == Kind::Task && said::is_step(progress));
        let status = participant.participation_status.as_ref();
        if let (true, Some(_), Some(status)) = (self.attends, step, status) {
            if *status != ParticipationStatus::Accepted {
                let path = format!("{}/participationStatus", self.path());
                let message = format!("{status} cannot be said beside the progress");
                out.cx.report(&path, Severity::Warning, "lost", message);
            }
        } else {
            let is_said = self.attends && said::partstat(participant, kind).is_some();
            list.add_if(!is_said, "participationStatus", status.map(|status| status.as_str()));
        }
        let progress = participant.progress.as_ref().filter(|_| !(self.attends && step.is_some()));
        list.add_if(true, "progress", progress.map(|progress| progress.as_str()));
    }

    fn unsaid_legacy(&self, legacy: &ParticipantLegacy, list: &mut Unsaid, source: &Source<'_>) {
        let answers = |same: bool| self.is_component || (self.is_answering && same);
        for member in ParticipantLegacy::MEMBERS {
            let is_said = match member.name {
                "participationComment" => true,
                "language" => self.attends,
                "scheduleAgent" => self.attends && legacy.schedule_agent.as_ref().and_then(said::schedule_agent).is_some(),
                "scheduleForceSend" => self.attends && legacy.schedule_force_send == Some(true),
                "scheduleStatus" => self.attends,
                "scheduleUpdated" => answers(legacy.schedule_updated == *source.common.updated),
                "scheduleSequence" => answers(legacy.schedule_sequence == *source.common.sequence),
                _ => false,
            };
            if let (false, Some(json)) = (is_said, legacy.look_up_member(member.name, &[], Version::V1_0)) {
                list.add(member.name, json);
            }
        }
    }

    /// The unknown members, without those that are said after all.
    fn each_extra(&self, mut write: impl FnMut(&str, &Json)) {
        for (name, json) in &self.participant.extra {
            let is_said = self.attends
                && ADDRESS_SETS.iter().any(|(_, member, set)| member == name && set(self.participant).is_empty())
                && json.to_text().is_some();
            if !is_said {
                // An entry that was kept aside has its own pointer as its name already.
                let name = if name.contains('/') { Cow::Borrowed(name.as_str()) } else { pointer::escape(name) };
                write(&name, json);
            }
        }
    }
}

fn says_percent(participant: &Participant, kind: Kind) -> bool {
    kind == Kind::Task && participant.percent_complete.is_some_and(|percent| percent <= 100)
}

fn mailto(mailbox: &str) -> Cow<'_, str> {
    match strip_mailto(mailbox) {
        Some(_) => Cow::Borrowed(mailbox),
        None => Cow::Owned(format!("mailto:{mailbox}")),
    }
}

/// Members that become JSPROP, by their pointers relative to the participant.
struct Unsaid(Vec<(String, Json)>);

impl Unsaid {
    fn add(&mut self, path: &str, json: Json) {
        self.0.push((path.to_owned(), json));
    }

    fn add_json<T: jscalendar::json_model::ToJson>(&mut self, path: &str, value: &T) {
        if let Ok(json) = Json::from_serialize(&value.versioned(Version::V2_0)) {
            self.add(path, json);
        }
    }

    fn add_if(&mut self, condition: bool, path: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|_| condition) {
            self.add(path, Json::from(text));
        }
    }

    fn add_roles(&mut self, roles: &Set<Role>, said: &Set<Role>) {
        let rest: Set<Role> = roles.iter().filter(|role| !said.contains(role)).cloned().collect();
        if rest.is_empty() {
        } else if said.is_empty() {
            self.add_json("roles", &rest);
        } else {
            for role in rest.iter() {
                self.add(&format!("roles/{}", pointer::escape(role.as_str())), Json::from(true));
            }
        }
    }
}

/// Writes the lines of one participant, with what their hints say if that still holds for all of them together.
///
/// Here the lines are judged together and not one by one as everywhere else (see [`Out::property`]): what one line
/// does not say, the other one may.
fn export_one(
    organizer: Option<&str>,
    plan: Option<&Plan<'_>>,
    people: &People<'_>,
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let (mut lines, more) = Lines::new(organizer, plan, source).hinted(plan, people, source, out);
    // Inside its own component a participant needs no key.
    let Some(plan) = plan.filter(|plan| !plan.is_component && !plan.is_mentioned) else {
        lines.put(out);
        return;
    };
    let mut said = plan.plainly_said();
    said.extend(more);
    let unsaid = plan.unsaid(&said, source, out);
    if out.cx.is_lossless() && !(unsaid.is_empty() && plan.participant.extra.is_empty()) {
        lines.point(plan.key);
    }
    lines.put(out);
    let base = if unsaid.is_empty() && plan.participant.extra.is_empty() { String::new() } else { plan.path() };
    for (path, json) in &unsaid {
        out.jsprop(&format!("{base}/{path}"), json);
    }
    plan.each_extra(|name, json| out.jsprop(&format!("{base}/{name}"), json));
    if let Some(comment) = plan.comment() {
        let property = Outgoing::text("COMMENT", comment);
        let path = || format!("{}/participationComment", plan.path());
        out.property(source, &source.hatch, &property, path);
    }
}

impl<'e> Plan<'e> {
    /// The comment that is a property of the entry.
    fn comment(&self) -> Option<&'e str> {
        let legacy = self.participant.legacy.as_deref().filter(|_| self.is_answering)?;
        legacy.participation_comment.as_deref()
    }

    /// The roles that the lines say without hints.
    fn plainly_said(&self) -> Set<Role> {
        let mut roles = Set::new();
        if self.attends {
            roles.extend(said::role(&self.participant.roles, self.is_owner).map(|(_, role)| role.clone()));
        }
        if self.is_owner {
            roles.insert(Role::Owner);
        }
        roles
    }
}

/// The lines of one participant.
struct Lines<'e> {
    organizer: Option<Outgoing<'e>>,
    attendee: Option<Outgoing<'e>>,
}

impl<'e> Lines<'e> {
    fn new(organizer: Option<&'e str>, plan: Option<&Plan<'e>>, source: &Source<'e>) -> Self {
        let jsid = plan.and_then(Plan::jsid);
        let attendee = plan.filter(|plan| plan.attends).map(|plan| plan.attendee(jsid, source.kind));
        let organizer = organizer.map(|address| {
            let participant = plan.map(|plan| plan.participant);
            let own_sender = participant.filter(|_| attendee.is_none()).and_then(|it| it.sent_by.as_deref());
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
    fn hinted(
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
        let attendee = of("attendee", plan.and_then(|plan| plan.hint.as_ref()).filter(|_| self.attendee.is_some()));
        if organizer.is_none() && attendee.is_none() {
            return (self, Vec::new());
        }
        let judge = Judge { plan, others_own: people.others_own, source };
        let hinted = self.with(organizer.as_ref(), attendee.as_ref());
        if let Some(more) = judge.allows(&self, &hinted) {
            return (hinted, more);
        }
        let path = if self.attendee.is_some() { "participants" } else { "organizerCalendarAddress" };
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
        let (organizer, attendee) = (rest(organizer, Property::Organizer), rest(attendee, Property::Attendee));
        (self.with(organizer.as_ref(), attendee.as_ref()), Vec::new())
    }

    /// Makes sure that the participant has this key, as a JSPROP is going to name it.
    fn point(&mut self, key: &'e Id) {
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
            (Some(line), Some(hint)) => Some(line.with_hint(&KeptHint { raw: None, ..hint.clone() })),
            (line, _) => line.clone(),
        };
        Self { organizer: hinted(&self.organizer, organizer), attendee: hinted(&self.attendee, attendee) }
    }

    fn put(self, out: &mut Out<'_, '_>) {
        self.organizer.iter().chain(&self.attendee).for_each(|line| out.line(line));
    }
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
                // Without a participant there is no key.
                plain.jsid = None;
                hinted.jsid = None;
                (&nobody, String::new())
            }
        };
        if sender != plain_sender || !plain.allows(&hinted, participant, &made) {
            return None;
        }
        let more = hinted.participant.roles.iter().filter(|role| !plain.participant.roles.contains(role));
        Some(more.cloned().collect())
    }

    /// What the lines and the component say of the participant, and who sends for the organizer.
    fn said(&self, lines: &Lines<'_>) -> (Said, Option<String>) {
        let attendee = lines.attendee.as_ref().map(|line| self.reading(Property::Attendee).outgoing(line));
        let mut said = attendee.unwrap_or_default();
        let mut sender = None;
        if let Some(line) = &lines.organizer {
            let organizer = self.reading(Property::Organizer).outgoing(line);
            said = said.and_organizer(&organizer, self.others_own);
            sender = organizer.participant.sent_by;
        }
        if let Some(plan) = self.plan.filter(|plan| plan.is_component && plan.own.came_from("name", "summary")) {
            if said.participant.name.is_none() {
                said.participant.name.clone_from(&plan.participant.name);
            }
        }
        (said, sender)
    }
}

fn export_component(plan: &Plan<'_>, source: &Source<'_>, out: &mut Out<'_, '_>) {
    let said = plan.plainly_said();
    let is_commented = !plan.is_answering;
    let legacy = plan.participant.legacy.as_deref().filter(|_| is_commented);
    let writing = Writing {
        key: plan.key,
        participant: plan.participant,
        own: &plan.own,
        name: plan.participant.name.as_deref().filter(|_| plan.has_line() && plan.says_name(source)),
        has_line: plan.has_line() && !plan.is_shared,
        comment: legacy.and_then(|legacy| legacy.participation_comment.as_deref()),
    };
    writing.start(source, out);
    for (path, json) in plan.unsaid(&said, source, out) {
        out.jsprop(&path, &json);
    }
    plan.each_extra(|name, json| out.jsprop(name, json));
    writing.end(source, out);
}

impl Plan<'_> {
    /// Whether one of the lines has the name, so far as hints do not take it away.
    fn says_name(&self, source: &Source<'_>) -> bool {
        let lacks = |hint: Option<&KeptHint<'_>>| {
            let mut params = hint.into_iter().flat_map(|hint| &hint.params);
            params.any(|(name, values)| name.eq_ignore_ascii_case("CN") && values.is_empty())
        };
        (self.attends && !lacks(self.hint.as_ref()))
            || (self.is_organizer && !lacks(source.hatch.hint("organizerCalendarAddress")))
    }
}
