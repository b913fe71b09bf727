//! What the parameters of ORGANIZER and ATTENDEE say of a participant, and how the two lines make one.

use std::borrow::Cow;

use content_line::{Line, Param};
use jscalendar::{
    Id, Link, Map, Participant, ParticipantKind, ParticipationStatus, Progress, Role,
    ScheduleAgent, Set,
};

use super::address::normal;
use crate::draft::Kind;
use crate::key;
use crate::out::Outgoing;
use crate::property::relation::is_token;
use crate::value::strip_mailto;

/// What a line, or several for one participant, say. The address is not among it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Said {
    pub(super) jsid: Option<String>,
    pub(super) participant: Participant,
    /// An ORGANIZER that tells more than the address, and so makes a participant.
    pub(super) is_named: bool,
}

/// What became of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// The participant says it, and export gives it back.
    Whole,
    /// The participant says what it means, not how it is written.
    Meaning,
    /// Nothing.
    Not,
}

/// How to read parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) property: Property,
    pub(super) kind: Kind,
    /// Whether JSCalendar 1.0 is what they become.
    pub(super) is_v1: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Organizer,
    Attendee,
}

/// The parameters that say something of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Cn,
    CuType,
    DelegatedFrom,
    DelegatedTo,
    Dir,
    Email,
    JsId,
    Language,
    Member,
    PartStat,
    Role,
    Rsvp,
    ScheduleAgent,
    ScheduleForceSend,
    ScheduleStatus,
    SentBy,
}

const WORDS: &[(&str, Word)] = &[
    ("CN", Word::Cn),
    ("PARTSTAT", Word::PartStat),
    ("RSVP", Word::Rsvp),
    ("EMAIL", Word::Email),
    ("ROLE", Word::Role),
    ("CUTYPE", Word::CuType),
    ("DELEGATED-FROM", Word::DelegatedFrom),
    ("DELEGATED-TO", Word::DelegatedTo),
    ("DIR", Word::Dir),
    ("JSID", Word::JsId),
    ("LANGUAGE", Word::Language),
    ("MEMBER", Word::Member),
    ("SCHEDULE-AGENT", Word::ScheduleAgent),
    ("SCHEDULE-FORCE-SEND", Word::ScheduleForceSend),
    ("SCHEDULE-STATUS", Word::ScheduleStatus),
    ("SENT-BY", Word::SentBy),
];

impl Reading {
    /// Whether the parameter `name` may say something on this property.
    pub(super) fn knows(self, name: &str) -> bool {
        self.word(name).is_some()
    }

    fn word(self, name: &str) -> Option<Word> {
        let (_, word) = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let applies = match word {
            Word::Cn | Word::Email | Word::SentBy | Word::JsId => true,
            Word::Dir
            | Word::Language
            | Word::ScheduleAgent
            | Word::ScheduleForceSend
            | Word::ScheduleStatus => self.is_v1 && self.property == Property::Attendee,
            _ => self.property == Property::Attendee,
        };
        applies.then_some(*word)
    }

    /// Reads a line; second are the parameters that have to be kept for it to come back as it is.
    pub(super) fn line<'a>(self, line: &'a Line<'a>) -> (Said, Vec<Param<'a>>) {
        let mut said = Said::default();
        let mut left: Vec<Param<'a>> = Vec::new();
        let mut repeated = false;
        for param in line.params() {
            if param.is("VALUE") {
                left.extend((!param.value().eq_ignore_ascii_case("CAL-ADDRESS")).then_some(param));
                continue;
            }
            if said.take(param.name(), param.values(), self) != Taken::Whole {
                repeated |= self.knows(param.name());
                left.push(param);
            }
        }
        if repeated {
            keep_repeated(line, &mut left);
        }
        (said, left)
    }

    /// Reads a property that is about to be written.
    pub(super) fn outgoing(self, property: &Outgoing<'_>) -> Said {
        let mut said = Said::default();
        for (name, values) in property.params.iter().filter(|(_, values)| !values.is_empty()) {
            said.take(name, values.iter().map(|value| Cow::Borrowed(value.as_ref())), self);
        }
        said
    }
}

/// A parameter that stands there twice is kept whole: what a hint says of it takes the place of all of it.
fn keep_repeated<'a>(line: &'a Line<'a>, left: &mut Vec<Param<'a>>) {
    let mut whole = Vec::with_capacity(left.len() + 1);
    for (name, _) in WORDS {
        if left.iter().any(|param| param.is(name)) {
            whole.extend(line.params().filter(|param| param.is(name)));
        }
    }
    left.retain(|param| !WORDS.iter().any(|(name, _)| param.is(name)));
    left.extend(whole);
}

impl Said {
    fn take<'v, V>(&mut self, name: &str, values: V, reading: Reading) -> Taken
    where
        V: Iterator<Item = Cow<'v, str>> + Clone,
    {
        let Some(word) = reading.word(name) else { return Taken::Not };
        let participant = &mut self.participant;
        match word {
            Word::Cn => {
                self.is_named = true;
                set_text(&mut participant.name, values)
            }
            Word::Email => {
                self.is_named = true;
                set_text(&mut participant.email, values)
            }
            Word::SentBy => {
                self.is_named = true;
                set_mailbox(&mut participant.sent_by, values)
            }
            Word::JsId if one(values.clone()).is_none_or(|id| id.is_empty()) => Taken::Not,
            Word::JsId => set_text(&mut self.jsid, values),
            Word::CuType => set_token(&mut participant.kind, KINDS, values),
            // 1.0 has no role for it, but everybody who has none takes part there.
            Word::Role if reading.is_v1 && is_required(values.clone()) => Taken::Meaning,
            Word::Role => take_roles(&mut participant.roles, values),
            Word::PartStat => take_status(participant, values, reading.kind),
            Word::Rsvp => set_token(&mut participant.expect_reply, ANSWERS, values),
            Word::DelegatedFrom => add_addresses(&mut participant.delegated_from, values),
            Word::DelegatedTo => add_addresses(&mut participant.delegated_to, values),
            Word::Member => add_addresses(&mut participant.member_of, values),
            Word::Dir => add_directory(&mut participant.links, values),
            _ => take_legacy(word, participant, values),
        }
    }

    /// What this ATTENDEE and an ORGANIZER with the same address say together.
    ///
    /// The ORGANIZER makes its participant an owner if it says more than the address, or if no ATTENDEE of the
    /// component is an owner.
    pub(super) fn and_organizer(mut self, organizer: &Self, others_own: bool) -> Self {
        let participant = &mut self.participant;
        if organizer.is_named || !others_own {
            participant.roles.insert(Role::Owner);
        }
        let more = &organizer.participant;
        for (text, other) in [
            (&mut participant.name, &more.name),
            (&mut participant.email, &more.email),
            (&mut participant.sent_by, &more.sent_by),
        ] {
            if text.is_none() {
                text.clone_from(other);
            }
        }
        if organizer.jsid.is_some() {
            self.jsid.clone_from(&organizer.jsid);
        }
        self
    }

    /// Whether `hinted`, the same with hints, says the same of `participant`, whose key would be `made`.
    ///
    /// Roles may be more than one line can say: then the hint may say more of them. `required` is what everybody is
    /// who has no role, and 1.0 cannot say it.
    pub(super) fn allows(&self, hinted: &Self, participant: &Participant, made: &str) -> bool {
        let key = |said: &Self| said.jsid.as_deref().unwrap_or(made).to_owned();
        if key(self) != key(hinted) {
            return false;
        }
        let (mut plain, mut other) = (self.participant.clone(), hinted.participant.clone());
        let (roles, more) = (std::mem::take(&mut plain.roles), std::mem::take(&mut other.roles));
        let known = |role: &Role| *role == Role::Required || participant.roles.contains(role);
        // A role that only the plain lines say is none that the participant has.
        let kept = |role: &Role| more.contains(role) || !participant.roles.contains(role);
        if !more.iter().all(known) || !roles.iter().all(kept) {
            return false;
        }
        let sets = |said: &mut Participant| {
            for set in [&mut said.delegated_from, &mut said.delegated_to, &mut said.member_of] {
                *set = std::mem::take(set)
                    .into_iter()
                    .map(|address| normal(&address).into_owned())
                    .collect();
            }
        };
        sets(&mut plain);
        sets(&mut other);
        plain == other
    }
}

const KINDS: &[(&str, ParticipantKind)] = &[
    ("INDIVIDUAL", ParticipantKind::Individual),
    ("GROUP", ParticipantKind::Group),
    ("RESOURCE", ParticipantKind::Resource),
    ("ROOM", ParticipantKind::Location),
];

/// The CUTYPE of a kind.
pub(super) fn cutype(kind: &ParticipantKind) -> Option<&'static str> {
    word_of(KINDS, kind)
}

/// The best role first, as only one can be written.
const ROLES: &[(&str, Role)] = &[
    ("CHAIR", Role::Chair),
    ("REQ-PARTICIPANT", Role::Required),
    ("OPT-PARTICIPANT", Role::Optional),
    ("NON-PARTICIPANT", Role::Informational),
    ("OWNER", Role::Owner),
];

/// The ROLE of a participant. An owner who is the organizer is so by ORGANIZER.
pub(super) fn role(roles: &Set<Role>, is_organizer: bool) -> Option<&'static (&'static str, Role)> {
    let says = |role: &Role| roles.contains(role) && !(is_organizer && *role == Role::Owner);
    ROLES.iter().find(|(_, role)| says(role))
}

/// Whether a PARTICIPANT-TYPE may be this role: a token that is no ROLE.
pub(super) fn is_type(role: &Role) -> bool {
    is_token(role.as_str()) && !ROLES.iter().any(|(_, known)| known == role)
}

/// The PARTICIPANT-TYPE of a role.
pub(super) fn type_of(role: &Role) -> String {
    role.as_str().to_ascii_uppercase()
}

const STATUSES: &[(&str, ParticipationStatus)] = &[
    ("NEEDS-ACTION", ParticipationStatus::NeedsAction),
    ("ACCEPTED", ParticipationStatus::Accepted),
    ("DECLINED", ParticipationStatus::Declined),
    ("TENTATIVE", ParticipationStatus::Tentative),
    ("DELEGATED", ParticipationStatus::Delegated),
];

/// What a participant of a task may answer besides.
const STEPS: &[(&str, Progress)] = &[
    ("COMPLETED", Progress::Completed),
    ("IN-PROCESS", Progress::InProcess),
    ("FAILED", Progress::Failed),
];

/// The PARTSTAT of a participant. In tasks the progress goes first.
pub(super) fn partstat(participant: &Participant, kind: Kind) -> Option<&'static str> {
    let progress = participant.progress.as_ref().filter(|_| kind == Kind::Task);
    let step = progress.and_then(|progress| word_of(STEPS, progress));
    step.or_else(|| word_of(STATUSES, participant.participation_status.as_ref()?))
}

/// Whether PARTSTAT can say this progress.
pub(super) fn is_step(progress: &Progress) -> bool {
    word_of(STEPS, progress).is_some()
}

const ANSWERS: &[(&str, bool)] = &[("TRUE", true), ("FALSE", false)];

const AGENTS: &[(&str, ScheduleAgent)] = &[
    ("SERVER", ScheduleAgent::Server),
    ("CLIENT", ScheduleAgent::Client),
    ("NONE", ScheduleAgent::None),
];

/// The SCHEDULE-AGENT of 1.0's member.
pub(super) fn schedule_agent(agent: &ScheduleAgent) -> Option<&'static str> {
    word_of(AGENTS, agent)
}

fn word_of<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> Option<&'static str> {
    table.iter().find(|(_, known)| known == value).map(|(word, _)| *word)
}

fn meaning_of<'t, T>(table: &'t [(&str, T)], word: &str) -> Option<&'t T> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, value)| value)
}

fn one<'v>(mut values: impl Iterator<Item = Cow<'v, str>>) -> Option<Cow<'v, str>> {
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// A parameter with one value: a comma that somebody forgot to quote is part of it.
fn set_text<'v>(
    slot: &mut Option<String>,
    mut values: impl Iterator<Item = Cow<'v, str>>,
) -> Taken {
    if slot.is_some() {
        return Taken::Not;
    }
    let mut text = values.next().unwrap_or_default().into_owned();
    for value in values {
        text.push(',');
        text.push_str(&value);
    }
    *slot = Some(text);
    Taken::Whole
}

/// The mail address in a `mailto:` URI.
fn set_mailbox<'v>(slot: &mut Option<String>, values: impl Iterator<Item = Cow<'v, str>>) -> Taken {
    let Some(uri) = one(values).filter(|_| slot.is_none()) else { return Taken::Not };
    match strip_mailto(&uri)
        .filter(|mailbox| !mailbox.is_empty() && strip_mailto(mailbox).is_none())
    {
        None => Taken::Not,
        Some(mailbox) => {
            *slot = Some(mailbox.to_owned());
            if uri.starts_with("mailto:") { Taken::Whole } else { Taken::Meaning }
        }
    }
}

fn set_token<'v, T: Clone>(
    slot: &mut Option<T>,
    table: &[(&str, T)],
    values: impl Iterator<Item = Cow<'v, str>>,
) -> Taken {
    let value = one(values).filter(|_| slot.is_none());
    match value.and_then(|value| meaning_of(table, &value)) {
        None => Taken::Not,
        Some(meaning) => {
            *slot = Some(meaning.clone());
            Taken::Whole
        }
    }
}

fn is_required<'v>(values: impl Iterator<Item = Cow<'v, str>>) -> bool {
    one(values).is_some_and(|value| value.eq_ignore_ascii_case("REQ-PARTICIPANT"))
}

/// One role; a list of them is no legal value, but there are some.
fn take_roles<'v>(
    roles: &mut Set<Role>,
    values: impl Iterator<Item = Cow<'v, str>> + Clone,
) -> Taken {
    if !roles.is_empty() {
        return Taken::Not;
    }
    if let Some(role) = one(values.clone()).and_then(|value| meaning_of(ROLES, &value)) {
        roles.insert(role.clone());
        return Taken::Whole;
    }
    for value in values {
        for role in value.split(',').filter_map(|word| meaning_of(ROLES, word.trim_ascii())) {
            roles.insert(role.clone());
        }
    }
    if roles.is_empty() { Taken::Not } else { Taken::Meaning }
}

fn take_status<'v>(
    participant: &mut Participant,
    values: impl Iterator<Item = Cow<'v, str>>,
    kind: Kind,
) -> Taken {
    let free = participant.participation_status.is_none();
    let Some(word) = one(values).filter(|_| free) else { return Taken::Not };
    if let Some(status) = meaning_of(STATUSES, &word) {
        participant.participation_status = Some(status.clone());
        return Taken::Whole;
    }
    match meaning_of(STEPS, &word).filter(|_| kind == Kind::Task) {
        None => Taken::Not,
        Some(progress) => {
            participant.participation_status = Some(ParticipationStatus::Accepted);
            participant.progress = Some(progress.clone());
            Taken::Whole
        }
    }
}

fn add_addresses<'v>(set: &mut Set<String>, values: impl Iterator<Item = Cow<'v, str>>) -> Taken {
    let mut any_empty = false;
    let before = set.len();
    set.extend(values.map(Cow::into_owned).filter(|address| {
        any_empty |= address.is_empty();
        !address.is_empty()
    }));
    match (set.len() > before, any_empty) {
        (true, false) => Taken::Whole,
        (true, true) => Taken::Meaning,
        (false, _) => Taken::Not,
    }
}

/// The entry in a directory (RFC 5545, section 3.2.6), which in 1.0 is a link.
fn add_directory<'v>(
    links: &mut Map<Id, Link>,
    mut values: impl Iterator<Item = Cow<'v, str>>,
) -> Taken {
    let uri = values.next().filter(|uri| links.is_empty() && !uri.is_empty());
    let Some(uri) = uri else { return Taken::Not };
    links.insert(key::from_value(&uri), Link::new(uri.as_ref()));
    if values.next().is_none() { Taken::Whole } else { Taken::Meaning }
}

/// What only 1.0 has members for (RFC 8984, section 4.4.6).
fn take_legacy<'v, V>(word: Word, participant: &mut Participant, values: V) -> Taken
where
    V: Iterator<Item = Cow<'v, str>> + Clone,
{
    let mut legacy = participant.legacy.take().unwrap_or_default();
    let taken = match word {
        Word::Language => set_text(&mut legacy.language, values),
        Word::ScheduleAgent => set_token(&mut legacy.schedule_agent, AGENTS, values),
        Word::ScheduleForceSend => {
            let is_reply =
                one(values.clone()).is_some_and(|value| value.eq_ignore_ascii_case("REPLY"));
            match set_token(
                &mut legacy.schedule_force_send,
                &[("REQUEST", true), ("REPLY", true)],
                values,
            ) {
                Taken::Whole if is_reply => Taken::Meaning,
                taken => taken,
            }
        }
        Word::ScheduleStatus if legacy.schedule_status.is_empty() => match one(values) {
            Some(list) if !list.is_empty() => {
                legacy.schedule_status = list.split(',').map(str::to_owned).collect();
                Taken::Whole
            }
            _ => Taken::Not,
        },
        _ => Taken::Not,
    };
    participant.legacy = Some(legacy).filter(|legacy| **legacy != Default::default());
    taken
}
