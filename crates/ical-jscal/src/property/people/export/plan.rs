//! How one participant is to be written, and what of it only JSPROP can say.

use std::borrow::Cow;

use jscalendar::json_model::{Part as _, ToJson, pointer};
use jscalendar::{
    Id, Json, Link, Map, Participant, ParticipantLegacy, ParticipationStatus, Role, Set, Severity,
    Version,
};

use super::{ADDRESS_SETS, address, is_more_than_owner, path_of};
use crate::draft::Kind;
use crate::hatch::{KeptHatch, KeptHint};
use crate::key;
use crate::out::{Out, Outgoing, Source};
use crate::property::link::fits_param;
use crate::property::people::address::is_nobody;
use crate::property::people::component::{is_owner, typed, untyped};
use crate::property::people::{DIR, said};
use crate::property::text;
use crate::value::strip_mailto;

/// How one participant is to be written.
pub(super) struct Plan<'e> {
    pub(super) key: &'e Id,
    pub(super) participant: &'e Participant,
    pub(super) own: KeptHatch<'e>,
    pub(super) hint: Option<KeptHint<'e>>,
    pub(super) is_organizer: bool,
    pub(super) is_owner: bool,
    pub(super) is_shared: bool,
    pub(super) is_later: bool,
    pub(super) attends: bool,
    pub(super) is_component: bool,
    pub(super) is_mentioned: bool,
    pub(super) is_answering: bool,
    /// The link that ATTENDEE says in its parameter DIR.
    pub(super) directory: Option<&'e Id>,
}

impl<'e> Plan<'e> {
    pub(super) fn decide(&mut self, source: &Source<'_>) {
        let participant = self.participant;
        let Some(_) = address(participant) else {
            self.is_component = true;
            return;
        };
        let came_from = |name: &str| {
            self.hint.as_ref().is_some_and(|hint| hint.name.eq_ignore_ascii_case(name))
        };
        let says_more = is_more_than_owner(participant, source.kind);
        let is_bare = !says_more
            && untyped(participant, &self.own).next().is_none()
            && participant.email.is_none()
            && participant.sent_by.is_none();
        self.is_mentioned = is_bare
            && participant.name.is_none()
            && !self.is_owner
            && ADDRESS_SETS.iter().any(|(name, ..)| came_from(name));
        let by_organizer = self.is_owner
            && is_owner(participant, &self.own)
            && !says_more
            && self.same_sender(source);
        let by_component =
            (is_bare || by_organizer) && self.own.came_from("calendarAddress", "calendar-address");
        self.attends = (came_from("attendee") && !self.is_mentioned)
            || self.is_shared
            || !(by_organizer || by_component || self.is_mentioned);
        self.directory = self.find_directory(source);
        let comment = participant
            .legacy
            .as_deref()
            .is_some_and(|legacy| legacy.participation_comment.is_some());
        let came_from_component = self.own.name == "participant";
        self.is_component = by_component
            || came_from_component
            || !self.own.properties.is_empty()
            || !self.own.components.is_empty()
            || participant.description.is_some()
            || participant.links.keys().any(|key| Some(key) != self.directory)
            || says_percent(participant, source.kind)
            || (comment && !self.is_answering);
    }

    /// The link that came from DIR, as long as its URI is all it says.
    fn find_directory(&self, source: &Source<'_>) -> Option<&'e Id> {
        let is_directory = |key: &Id, link: &Link| {
            let path = format!("{}/links/{}/href", self.path(), pointer::escape(key.as_str()));
            let href = link.href.as_deref().filter(|href| fits_param(href));
            href.is_some_and(|href| *link == Link::new(href) && *key == key::from_value(href))
                && source.hatch.came_from(&path, DIR)
        };
        if !self.attends || source.hatch.hints.is_empty() {
            return None;
        }
        let mut links = self.participant.links.iter();
        links.find(|(key, link)| is_directory(key, link)).map(|(key, _)| key)
    }

    /// The links that need a PARTICIPANT.
    pub(super) fn links(&self) -> Cow<'e, Map<Id, Link>> {
        let mut links = Cow::Borrowed(&self.participant.links);
        if let Some(key) = self.directory {
            links.to_mut().remove(key);
        }
        links
    }

    /// Whether the SENT-BY of ORGANIZER is that of the participant as well.
    fn same_sender(&self, source: &Source<'_>) -> bool {
        let (one, all) = (&self.participant.sent_by, source.common.sent_by);
        one.is_none() || all.is_none() || one == all
    }

    pub(super) fn has_line(&self) -> bool {
        self.attends || self.is_organizer
    }

    pub(super) fn path(&self) -> String {
        path_of(self.key)
    }

    pub(super) fn made_key(&self) -> Id {
        key::from_value(address(self.participant).unwrap_or_default())
    }

    /// The JSID of the lines, if they need one.
    pub(super) fn jsid(&self) -> Option<&'e str> {
        let address = address(self.participant)?;
        let is_made = if is_nobody(address) {
            key::is_made_from(self.key, address)
        } else {
            *self.key == self.made_key()
        };
        (!is_made || self.is_later).then(|| self.key.as_str())
    }

    pub(super) fn attendee(&self, jsid: Option<&'e str>, kind: Kind) -> Outgoing<'e> {
        let participant = self.participant;
        let mut line = Outgoing::raw("ATTENDEE", address(participant).unwrap_or_default())
            .param_opt("CN", participant.name.as_deref())
            .param_opt("CUTYPE", participant.kind.as_ref().and_then(said::cutype))
            .param_opt("ROLE", said::role(&participant.roles, self.is_owner).map(|(word, _)| *word))
            .param_opt("PARTSTAT", said::partstat(participant, kind))
            .param_opt(
                "RSVP",
                participant.expect_reply.map(|reply| if reply { "TRUE" } else { "FALSE" }),
            )
            .param_opt("EMAIL", participant.email.as_deref());
        for (name, member, set) in ADDRESS_SETS {
            let set = set(participant);
            let mut values: Vec<Cow<'e, str>> =
                set.iter().map(|address| Cow::Borrowed(address.as_str())).collect();
            // Some write a text where there should be a set.
            let text =
                participant.extra.get(member).filter(|_| values.is_empty()).and_then(Json::to_text);
            values.extend(text.map(Cow::Owned));
            line = line.param_list(name, values);
        }
        let directory = self.directory.and_then(|key| participant.links.get(key));
        line = line.param_opt("DIR", directory.and_then(|link| link.href.as_deref()));
        line = line.param_opt("SENT-BY", participant.sent_by.as_deref().map(mailto));
        if let Some(legacy) = &participant.legacy {
            line = line
                .param_opt("LANGUAGE", legacy.language.as_deref())
                .param_opt(
                    "SCHEDULE-AGENT",
                    legacy.schedule_agent.as_ref().and_then(said::schedule_agent),
                )
                .param_opt(
                    "SCHEDULE-FORCE-SEND",
                    (legacy.schedule_force_send == Some(true)).then_some("REQUEST"),
                );
            if !legacy.schedule_status.is_empty() {
                line = line.param("SCHEDULE-STATUS", legacy.schedule_status.join(","));
            }
        }
        line.param_opt("JSID", jsid)
    }

    /// The members that neither the lines nor the component say.
    pub(super) fn unsaid(
        &self,
        said: &Set<Role>,
        source: &Source<'_>,
        out: &mut Out<'_, '_>,
    ) -> Vec<(String, Json)> {
        let participant = self.participant;
        let mut list = Unsaid(Vec::new());
        let (attends, has_line, kind) = (self.attends, self.has_line(), source.kind);
        list.add_if(!has_line, "email", participant.email.as_deref());
        list.add_if(!has_line, "sentBy", participant.sent_by.as_deref());
        let known = participant.kind.as_ref().and_then(said::cutype).is_some();
        list.add_if(
            !(attends && known),
            "kind",
            participant.kind.as_ref().map(|kind| kind.as_str()),
        );
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
        if let Some(percent) =
            participant.percent_complete.filter(|_| !says_percent(participant, kind))
        {
            let path = format!("{}/percentComplete", self.path());
            out.cx.report(
                &path,
                Severity::Warning,
                "out-of-range",
                "PERCENT-COMPLETE is for tasks, from 0 to 100",
            );
            list.add_json("percentComplete", &percent);
        }
        let plain = |media_type: &&str| {
            participant.description.is_none()
                || (text::is_plain(media_type) && *media_type != "text/plain")
        };
        let media_type = participant.description_content_type.as_deref().filter(plain);
        list.add_if(true, "descriptionContentType", media_type);
        list.add_if(
            participant.calendar_address.as_deref() == Some(""),
            "calendarAddress",
            Some(""),
        );
        if let Some(legacy) = participant.legacy.as_deref() {
            self.unsaid_legacy(legacy, &mut list, source);
        }
        list.0
    }

    fn unsaid_status(&self, list: &mut Unsaid, kind: Kind, out: &mut Out<'_, '_>) {
        let participant = self.participant;
        let step = participant
            .progress
            .as_ref()
            .filter(|progress| kind == Kind::Task && said::is_step(progress));
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
                "scheduleAgent" => {
                    self.attends
                        && legacy.schedule_agent.as_ref().and_then(said::schedule_agent).is_some()
                }
                "scheduleForceSend" => self.attends && legacy.schedule_force_send == Some(true),
                "scheduleStatus" => self.attends,
                "scheduleUpdated" => answers(legacy.schedule_updated == *source.common.updated),
                "scheduleSequence" => answers(legacy.schedule_sequence == *source.common.sequence),
                _ => false,
            };
            if let (false, Some(json)) =
                (is_said, legacy.look_up_member(member.name, &[], Version::V1_0))
            {
                list.add(member.name, json);
            }
        }
    }

    /// The unknown members, without those that are said after all.
    pub(super) fn each_extra(&self, mut write: impl FnMut(&str, &Json)) {
        for (name, json) in &self.participant.extra {
            let is_said = self.attends
                && ADDRESS_SETS
                    .iter()
                    .any(|(_, member, set)| member == name && set(self.participant).is_empty())
                && json.to_text().is_some();
            if !is_said {
                // An entry that was kept aside has its own pointer as its name already.
                let name = if name.contains('/') {
                    Cow::Borrowed(name.as_str())
                } else {
                    pointer::escape(name)
                };
                write(&name, json);
            }
        }
    }

    /// The comment that is a property of the entry.
    pub(super) fn comment(&self) -> Option<&'e str> {
        let legacy = self.participant.legacy.as_deref().filter(|_| self.is_answering)?;
        legacy.participation_comment.as_deref()
    }

    /// The roles that the lines say without hints, and the type of the component.
    pub(super) fn plainly_said(&self) -> Set<Role> {
        let mut roles = Set::new();
        if self.attends {
            roles.extend(
                said::role(&self.participant.roles, self.is_owner).map(|(_, role)| role.clone()),
            );
        }
        if self.is_owner {
            roles.insert(Role::Owner);
        }
        if self.is_component {
            roles.extend(typed(self.participant, &self.own).cloned());
        }
        roles
    }

    /// Whether one of the lines has the name, so far as hints do not take it away.
    pub(super) fn says_name(&self, source: &Source<'_>) -> bool {
        let lacks = |hint: Option<&KeptHint<'_>>| {
            let mut params = hint.into_iter().flat_map(|hint| &hint.params);
            params.any(|(name, values)| name.eq_ignore_ascii_case("CN") && values.is_empty())
        };
        (self.attends && !lacks(self.hint.as_ref()))
            || (self.is_organizer && !lacks(source.hatch.hint("organizerCalendarAddress")))
    }
}

fn says_percent(participant: &Participant, kind: Kind) -> bool {
    kind == Kind::Task && participant.percent_complete.is_some_and(|percent| percent <= 100)
}

pub(super) fn mailto(mailbox: &str) -> Cow<'_, str> {
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

    fn add_json<T: ToJson>(&mut self, path: &str, value: &T) {
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
