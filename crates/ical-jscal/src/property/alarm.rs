//! VALARM (RFC 5545, section 3.6.6; RFC 9074) and `alerts`.

mod export;
mod key;
mod trigger;

use std::borrow::Cow;
use std::collections::HashMap;

use content_line::{Component, Line, unescape_text};
use jscalendar::{Alert, AlertAction, Diagnostic, Id, RelativeTo, Severity, Trigger};

pub(crate) use self::export::{export, export_components};
pub(crate) use self::trigger::alone;
use crate::Mode;
use crate::draft::{Clock, Context, Draft, Kind, leftovers};
use crate::hatch::{Hatch, Hint};
use crate::property::extension;
use crate::property::relation::Relations;
use crate::property::text::is_derived;
use crate::value::{Form, Moment};

/// The alarms of a draft. What they say of each other can be read only when all of them are known.
#[derive(Default)]
pub(crate) struct Seen<'a>(Vec<Alarm<'a>>);

/// A VALARM that becomes an alert.
struct Alarm<'a> {
    component: &'a Component<'a>,
    key: Id,
    /// Whether the key is given by a JSID.
    has_jsid: bool,
    uid: Option<&'a Line<'a>>,
    alert: Alert,
    hatch: Hatch<'a>,
    required: &'static [&'static str],
    /// Texts that stand there only because RFC 5545 demands them.
    derived: Vec<&'a Line<'a>>,
    related: Vec<&'a Line<'a>>,
    jsprops: Vec<&'a Line<'a>>,
}

/// VALARM to an alert. One that no alert can stand for stays in the hatch whole.
pub(crate) fn import_valarm<'a>(
    component: &'a Component<'a>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    match Alarm::read(component, &draft.clock, cx) {
        Ok(alarm) => draft.alarms.0.push(alarm),
        Err(reason) => {
            draft.hatch.keep_component(component);
            if let Reason::Wrong(message) = reason {
                report_kept(component, message, cx);
            }
        }
    }
}

/// Why there is no alert for a VALARM.
enum Reason {
    /// It is a placeholder: nothing is to go off.
    Silent,
    Wrong(&'static str),
}

fn report_kept(component: &Component<'_>, message: &'static str, cx: &mut Context<'_>) {
    cx.diagnostics.push_with(|| {
        Diagnostic::new(
            "alarm-kept",
            Severity::Warning,
            format!("{message}; the alarm is kept as it is"),
        )
        .property("VALARM")
        .at_line(component.position.line, component.position.column)
    });
}

/// Makes the member, once all alarms are read and the times of the entry are known.
pub(crate) fn finish<'a>(draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    let mut alarms = std::mem::take(&mut draft.alarms.0);
    if alarms.is_empty() {
        return;
    }
    if draft.kind == Kind::Task {
        keep_adrift(&mut alarms, draft, cx);
    }
    // A key that is given stays; those that are made give way.
    alarms.sort_by_key(|alarm| !alarm.has_jsid);
    let mut alarms: Vec<(Id, Alarm<'a>)> =
        alarms.into_iter().map(|alarm| (alarm.key.clone(), alarm)).collect();
    crate::key::make_unique(&mut alarms);
    report_new_keys(&alarms, cx);
    let keys = keys_by_uid(&alarms);
    draft.entry.alerts =
        alarms.into_iter().map(|(key, alarm)| (key, alarm.finish(&keys, cx))).collect();
}

/// Keeps the alarms of a task that are relative to a time which the task does not have: a DTSTART and a DURATION make no
/// `due`.
fn keep_adrift<'a>(alarms: &mut Vec<Alarm<'a>>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    let (has_start, has_end) = (draft.entry.start.is_some(), draft.task.due.is_some());
    alarms.retain(|alarm| {
        let is_anchored = alarm.is_anchored(has_start, has_end);
        if !is_anchored {
            let message = "the task has no time that the alarm could be relative to";
            draft.hatch.keep_component(alarm.component);
            report_kept(alarm.component, message, cx);
        }
        is_anchored
    });
}

/// Says which alarms have another key than their JSID, because another alarm has that.
fn report_new_keys(alarms: &[(Id, Alarm<'_>)], cx: &mut Context<'_>) {
    for (key, alarm) in alarms.iter().filter(|(key, alarm)| alarm.has_jsid && alarm.key != *key) {
        let message = || format!("another alarm has this JSID; this one is {:?} now", key.as_str());
        let position = alarm.component.position;
        cx.diagnostics.push_with(|| {
            Diagnostic::new("duplicate-jsid", Severity::Warning, message())
                .property("JSID")
                .at_line(position.line, position.column)
        });
    }
}

/// The keys of the alarms that a RELATED-TO can name; nothing if there is none.
fn keys_by_uid<'a>(alarms: &[(Id, Alarm<'a>)]) -> HashMap<Cow<'a, str>, String> {
    let mut keys = HashMap::new();
    if alarms.iter().all(|(_, alarm)| alarm.related.is_empty()) {
        return keys;
    }
    for (key, alarm) in alarms {
        if let Some(uid) = alarm.uid {
            keys.entry(unescape_text(uid.value())).or_insert_with(|| key.as_str().to_owned());
        }
    }
    keys
}

/// Which of the properties that a VALARM may have once (RFC 5545, section 3.6.6; RFC 9074) have been read.
#[derive(Default)]
struct Once {
    trigger: bool,
    action: bool,
    acknowledged: bool,
    uid: bool,
}

/// Notes a property that may come once.
fn once(seen: &mut bool) -> Result<(), Reason> {
    if std::mem::replace(seen, true) {
        return Err(Reason::Wrong("a property that may come once comes twice"));
    }
    Ok(())
}

impl<'a> Alarm<'a> {
    fn new(component: &'a Component<'a>) -> Self {
        Self {
            component,
            key: Id::from(""),
            has_jsid: false,
            uid: None,
            alert: Alert::default(),
            hatch: Hatch::default(),
            required: DISPLAYED,
            derived: Vec::new(),
            related: Vec::new(),
            jsprops: Vec::new(),
        }
    }

    fn read(
        component: &'a Component<'a>,
        clock: &Clock,
        cx: &mut Context<'_>,
    ) -> Result<Self, Reason> {
        let mut alarm = Self::new(component);
        let mut seen = Once::default();
        for line in &component.lines {
            alarm.line(line, &mut seen, clock, cx)?;
        }
        if !seen.trigger {
            return Err(Reason::Wrong("no trigger"));
        }
        if !seen.action {
            // So that none comes out that never came in.
            alarm.hatch.hint(Hint::new("action", "trigger"));
        }
        component.components.iter().for_each(|child| alarm.hatch.keep_component(child));
        if !alarm.has_jsid {
            alarm.key = match alarm.uid {
                Some(uid) => key::of_uid(&unescape_text(uid.value())),
                None => key::of_lines(&component.lines),
            };
        }
        Ok(alarm)
    }

    fn line(
        &mut self,
        line: &'a Line<'a>,
        seen: &mut Once,
        clock: &Clock,
        cx: &mut Context<'_>,
    ) -> Result<(), Reason> {
        let mut name = [0_u8; super::LONGEST];
        match super::upper(line.name(), &mut name) {
            _ if line.value().is_empty() => {
                seen.action |= line.is("ACTION");
                self.hatch.keep(line);
            }
            b"TRIGGER" => {
                once(&mut seen.trigger)?;
                self.read_trigger(line, clock, cx)?;
            }
            b"ACTION" => {
                once(&mut seen.action)?;
                self.read_action(line)?;
            }
            b"ACKNOWLEDGED" => {
                once(&mut seen.acknowledged)?;
                self.read_acknowledged(line, cx);
            }
            b"UID" => {
                once(&mut seen.uid)?;
                self.uid = Some(line);
                self.hatch.keep(line);
            }
            b"RELATED-TO" => self.related.push(line),
            b"JSPROP" => self.jsprops.push(line),
            b"JSID" | b"JSCAL-ID" => {
                once(&mut self.has_jsid)?;
                self.key = extension::jsid(line);
            }
            b"DESCRIPTION" | b"SUMMARY" | b"ATTENDEE" if is_derived(line) => {
                self.derived.push(line)
            }
            _ => self.hatch.keep(line),
        }
        Ok(())
    }

    /// TRIGGER (RFC 5545, section 3.8.6.3) to `trigger`.
    fn read_trigger(
        &mut self,
        line: &'a Line<'a>,
        clock: &Clock,
        cx: &mut Context<'_>,
    ) -> Result<(), Reason> {
        let read = trigger::read(line, clock).ok_or(Reason::Wrong("not a trigger"))?;
        if trigger::is_placeholder(&read) {
            return Err(Reason::Silent);
        }
        if trigger::is_local(line) {
            let message = || {
                "an alarm must go off at a time in UTC; taken in the time zone of the entry"
                    .to_owned()
            };
            cx.report(line, Severity::Warning, "local-trigger", message);
        }
        if let Some(hint) = trigger::hint(line, &read) {
            self.hatch.hint(hint);
        }
        self.alert.trigger = Some(read);
        Ok(())
    }

    /// ACTION (RFC 5545, section 3.8.6.1) to `action`. Sounds and whatever else there is stay in the hatch.
    fn read_action(&mut self, line: &'a Line<'a>) -> Result<(), Reason> {
        let action = line.value();
        if action.eq_ignore_ascii_case("NONE") {
            return Err(Reason::Silent);
        }
        if action.eq_ignore_ascii_case("EMAIL") {
            self.alert.action = Some(AlertAction::Email);
            self.required = MAILED;
        } else if !action.eq_ignore_ascii_case("DISPLAY") {
            self.required = &[];
            self.hatch.keep(line);
            return Ok(());
        }
        self.hatch.leftovers("action", leftovers(line, |_| false), || "action".to_owned());
        Ok(())
    }

    /// ACKNOWLEDGED (RFC 9074, section 6.1) to `acknowledged`.
    fn read_acknowledged(&mut self, line: &'a Line<'a>, cx: &mut Context<'_>) {
        match Moment::parse(line.value())
            .filter(|moment| moment.form == Form::Utc)
            .and_then(Moment::utc)
        {
            Some(acknowledged) => {
                self.alert.acknowledged = Some(acknowledged);
                self.hatch.leftovers("acknowledged", leftovers(line, |_| false), || {
                    "acknowledged".to_owned()
                });
            }
            None => {
                let message = || "not a date-time in UTC; kept as it is".to_owned();
                cx.report(line, Severity::Warning, "invalid-value", message);
                self.hatch.keep(line);
            }
        }
    }

    /// Whether the entry has the time that the alarm is relative to.
    fn is_anchored(&self, has_start: bool, has_end: bool) -> bool {
        match &self.alert.trigger {
            Some(Trigger::Offset(offset)) if offset.relative_to == Some(RelativeTo::End) => has_end,
            Some(Trigger::Offset(_)) => has_start,
            _ => true,
        }
    }

    /// The finished alert.
    fn finish(mut self, keys: &HashMap<Cow<'a, str>, String>, cx: &mut Context<'_>) -> Alert {
        let mut relations = Relations::default();
        for line in std::mem::take(&mut self.related) {
            match keys.get(&unescape_text(line.value())) {
                Some(key) => relations.add(line, Cow::Owned(key.clone()), &mut self.hatch),
                None => self.hatch.keep(line),
            }
        }
        let relations = relations.into_relations();
        self.alert.related_to =
            relations.map(|(key, relation)| (Id::from(key), relation)).collect();
        if !self.jsprops.is_empty() {
            let (alert, left) =
                extension::apply_some(std::mem::take(&mut self.alert), &self.jsprops, cx);
            self.alert = alert;
            left.into_iter().for_each(|line| self.hatch.keep(line));
        }
        if cx.mode == Mode::Clean {
            self.hatch.report_losses(cx.diagnostics);
            return self.alert;
        }
        // Export makes the texts that an alarm must have only for alerts without a hatch. So what such an alarm has of
        // its own, and what it lacks, needs one.
        if !self.hatch.is_empty() || !self.has_derived_all() {
            let derived = std::mem::take(&mut self.derived);
            derived.into_iter().for_each(|line| self.hatch.keep(line));
            self.alert.i_calendar = self.hatch.to_json("valarm");
        }
        self.alert
    }

    /// Whether the derived texts are just those that export makes.
    fn has_derived_all(&self) -> bool {
        let has = |name: &&&str| self.derived.iter().any(|line| line.is(name));
        let expected = |line: &&Line<'_>| self.required.iter().any(|name| line.is(name));
        // Who gets the mail is known only to whoever exports.
        self.required.iter().filter(|name| **name != "ATTENDEE").all(|name| has(&name))
            && self.derived.iter().all(expected)
            && self.derived.len() <= self.required.len()
    }
}

/// What RFC 5545 demands of an alarm that is shown (section 3.6.6).
const DISPLAYED: &[&str] = &["DESCRIPTION"];

/// What RFC 5545 demands of an alarm that is mailed.
const MAILED: &[&str] = &["DESCRIPTION", "SUMMARY", "ATTENDEE"];
