//! ORGANIZER, ATTENDEE and PARTICIPANT from `participants`.

mod lines;
mod plan;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jscalendar::json_model::pointer;
use jscalendar::{Id, Method, Participant, Role, Set};

use self::lines::Lines;
use self::plan::Plan;
use super::address::{is_nobody, normal};
use super::component::{Writing, is_owner};
use super::{is_answer, said};
use crate::draft::Kind;
use crate::hatch::KeptHatch;
use crate::key;
use crate::out::{Out, Outgoing, Source};

/// ORGANIZER and ATTENDEE lines, and what of the participants has no other place than JSPROP.
pub(crate) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let people = People::new(source, out);
    let organizer = organizer(source);
    if people.organizer.is_none() && organizer.is_some() {
        export_one(organizer, None, &people, source, out);
    }
    for at in 0..people.list.len() {
        let plan = people.plan(at, source, out);
        export_one(organizer.filter(|_| plan.is_organizer), Some(&plan), &people, source, out);
    }
}

/// PARTICIPANT components.
pub(crate) fn export_components(source: &Source<'_>, out: &mut Out<'_, '_>) {
    if !source
        .common
        .participants
        .values()
        .any(|participant| may_be_component(participant, source.kind))
    {
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
    let own = KeptHatch::read(participant.i_calendar.as_ref());
    is_owner(participant, &own) && !is_more_than_owner(participant, kind)
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
        || ADDRESS_SETS.iter().any(|(_, member, set)| {
            !set(participant).is_empty() || participant.extra.contains_key(*member)
        })
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
        || participant
            .legacy
            .as_deref()
            .is_some_and(|legacy| legacy.participation_comment.is_some())
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
    /// Whether that other one is written before.
    is_later: bool,
}

impl<'e> People<'e> {
    fn new(source: &Source<'e>, out: &Out<'_, '_>) -> Self {
        let all = source.common.participants.iter();
        let one = |(key, participant)| One { key, participant, is_shared: false, is_later: false };
        let mut list: Vec<One<'e>> = all.map(one).collect();
        arrange(&mut list);
        let organizer = find_organizer(&list, source).map(|at| to_front(&mut list, at));
        let owns = |one: &One<'_>| {
            address(one.participant).is_some()
                && said::role(&one.participant.roles, false)
                    .is_some_and(|(_, role)| *role == Role::Owner)
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
        let One { key, participant, is_shared, is_later } = self.list[at];
        let lossless = out.cx.is_lossless();
        let json = participant.i_calendar.as_ref().filter(|_| lossless);
        let own = json.map_or_else(KeptHatch::default, |json| KeptHatch::read(Some(json)));
        let hint = Some(&source.hatch).filter(|hatch| lossless && !hatch.hints.is_empty());
        let hint = hint
            .and_then(|hatch| hatch.hint(&format!("{}/calendarAddress", path_of(key))).cloned());
        let is_organizer = self.organizer == Some(at);
        let names = participant.name.is_some()
            || participant.email.is_some()
            || source.common.sent_by.is_some();
        let mut plan = Plan {
            key,
            participant,
            own,
            hint,
            is_organizer,
            // ORGANIZER makes an owner unless somebody else is one and it says nothing but the address.
            is_owner: is_organizer && (names || participant.sent_by.is_some() || !self.others_own),
            is_shared,
            is_later,
            attends: false,
            is_component: false,
            is_mentioned: false,
            is_answering: self.answering == Some(at),
            directory: None,
        };
        plan.decide(source);
        plan
    }
}

fn path_of(key: &Id) -> String {
    format!("participants/{}", pointer::escape(key.as_str()))
}

/// Puts the participants in order. Of those with one address the one whose key is made from it goes first, for then
/// it needs no JSID.
fn arrange(list: &mut [One<'_>]) {
    // Numbers behind equal keys are not padded: shorter ones go first.
    list.sort_by_key(|one| one.key.as_str().len());
    mark_shared(list);
    let is_made = |one: &One<'_>| {
        address(one.participant).is_some_and(|address| *one.key == key::from_value(address))
    };
    if list.iter().any(|one| one.is_shared) {
        list.sort_by_cached_key(|one| !(one.is_shared && is_made(one)));
        mark_later(list);
    }
}

/// The organizer is written first, unless that takes the place of another one with its address.
fn to_front(list: &mut [One<'_>], organizer: usize) -> usize {
    match list.get_mut(..=organizer) {
        Some(start) if start.last().is_some_and(|one| !one.is_shared) => {
            start.rotate_right(1);
            0
        }
        _ => organizer,
    }
}

fn mark_shared(list: &mut [One<'_>]) {
    if list.len() < 2 {
        return;
    }
    let mut seen: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(list.len());
    let mut shared = Vec::new();
    for (at, one) in list.iter().enumerate() {
        let Some(address) = address(one.participant).filter(|address| !is_nobody(address)) else {
            continue;
        };
        if let Some(other) = seen.insert(normal(address), at) {
            shared.extend([other, at]);
        }
    }
    drop(seen);
    shared.into_iter().for_each(|at| list[at].is_shared = true);
}

fn mark_later(list: &mut [One<'_>]) {
    let mut seen = HashSet::new();
    for one in list.iter_mut().filter(|one| one.is_shared) {
        one.is_later =
            address(one.participant).is_some_and(|address| !seen.insert(normal(address)));
    }
}

/// Who has the organizer's address; an owner rather than somebody else.
fn find_organizer(list: &[One<'_>], source: &Source<'_>) -> Option<usize> {
    let organizer = normal(organizer(source)?);
    let is_it = |one: &One<'_>| {
        address(one.participant).is_some_and(|address| normal(address) == organizer)
    };
    let mut found = list.iter().enumerate().filter(|(_, one)| is_it(one));
    let (first, one) = found.next()?;
    if one.participant.roles.contains(&Role::Owner) {
        return Some(first);
    }
    let owner = found.find(|(_, one)| one.participant.roles.contains(&Role::Owner));
    Some(owner.map_or(first, |(at, _)| at))
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
    let base = if unsaid.is_empty() && plan.participant.extra.is_empty() {
        String::new()
    } else {
        plan.path()
    };
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

fn export_component(plan: &Plan<'_>, source: &Source<'_>, out: &mut Out<'_, '_>) {
    let said = plan.plainly_said();
    let is_commented = !plan.is_answering;
    let legacy = plan.participant.legacy.as_deref().filter(|_| is_commented);
    let writing = Writing {
        key: plan.key,
        participant: plan.participant,
        own: &plan.own,
        name: plan
            .participant
            .name
            .as_deref()
            .filter(|_| plan.has_line() && plan.says_name(source)),
        links: plan.links(),
        has_line: plan.has_line() && !plan.is_later,
        comment: legacy.and_then(|legacy| legacy.participation_comment.as_deref()),
    };
    writing.start(source, out);
    for (path, json) in plan.unsaid(&said, source, out) {
        out.jsprop(&path, &json);
    }
    plan.each_extra(|name, json| out.jsprop(name, json));
    writing.end(source, out);
}
