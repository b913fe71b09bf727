//! `alerts` to VALARM (RFC 5545, section 3.6.6; RFC 9074).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use content_line::{Component, Position, unescape_text};
use jscalendar::json_model::pointer;
use jscalendar::{Alert, AlertAction, Id, Json, Map, OffsetTrigger, RelativeTo, Severity, Trigger};

use super::{DISPLAYED, MAILED, key, trigger};
use crate::draft::Kind;
use crate::hatch::KeptHatch;
use crate::out::{Out, Outgoing, Source};
use crate::property::{change, extension, relation};

/// The alerts that no VALARM can stand for, as members of the entry.
pub(crate) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    for (id, alert) in source.common.alerts {
        if can_be_alarm(alert, source, out) {
            continue;
        }
        let path = format!("alerts/{}", pointer::escape(id.as_str()));
        if !matches!(alert.trigger, Some(Trigger::Unknown(_))) {
            out.cx.report(
                &path,
                Severity::Warning,
                "no-trigger",
                "an alert without a time to go off",
            );
        }
        if let Ok(json) = Json::from_serialize(alert) {
            out.jsprop(&path, &json);
        }
    }
}

/// Whether a VALARM says when the alert goes off. A task without the time that its alert is relative to has no place
/// for that alert; where nothing but the VALARM can be written, it is written all the same.
fn can_be_alarm(alert: &Alert, source: &Source<'_>, out: &Out<'_, '_>) -> bool {
    let Some(trigger) =
        alert.trigger.as_ref().filter(|trigger| trigger::outgoing(trigger).is_some())
    else {
        return false;
    };
    let anchored = match trigger {
        Trigger::Offset(OffsetTrigger { relative_to: Some(RelativeTo::End), .. }) => {
            source.due.is_some()
        }
        Trigger::Offset(_) => source.start.is_some(),
        _ => true,
    };
    source.kind == Kind::Event || anchored || !out.cx.is_lossless()
}

/// The VALARMs.
pub(crate) fn export_components(source: &Source<'_>, out: &mut Out<'_, '_>) {
    let alerts = source.common.alerts;
    if alerts.is_empty() {
        return;
    }
    let mut list: Vec<(&Id, &Alert)> =
        alerts.iter().filter(|(_, alert)| can_be_alarm(alert, source, out)).collect();
    if list.len() > 9 {
        // Equal alarms are counted on import: the tenth comes after the second.
        list.sort_by_key(|(id, _)| (id.as_str().len(), *id));
    }
    let mut names = Names::of(source, out);
    let pointer = out.cx.pointer.clone();
    for (id, alert) in list {
        pointer::push(&mut out.cx.pointer, "alerts");
        pointer::push(&mut out.cx.pointer, id.as_str());
        export_alarm(id, alert, &mut names, source, out);
        out.cx.pointer.clone_from(&pointer);
    }
}

/// What alerts are called, in iCalendar and on the way back.
#[derive(Default)]
struct Names<'e> {
    /// The UIDs of those that other ones name.
    uids: BTreeMap<&'e Id, String>,
    /// Those that a JSPTR names.
    pointed: BTreeSet<&'e Id>,
    /// How many alarms with a key have been written so far.
    counts: HashMap<Id, usize>,
}

impl<'e> Names<'e> {
    fn of(source: &Source<'e>, out: &Out<'_, '_>) -> Self {
        let alerts = source.common.alerts;
        let mut names = Self::default();
        for (target, relation) in alerts.values().flat_map(|alert| &alert.related_to) {
            let Some((id, alert)) = alerts.get_key_value(target) else { continue };
            if !names.uids.contains_key(id) && can_be_alarm(alert, source, out) {
                names.uids.extend(name(id, alert, alerts).map(|uid| (id, uid)));
            }
            if relation::needs_jsprop(relation) {
                names.pointed.insert(id);
            }
        }
        names
    }

    /// Whether import gives this key to an alarm for which it makes the key `made`.
    fn is_regained(&mut self, id: &Id, made: Option<Id>) -> bool {
        if let Some(made) = made.filter(|_| !self.pointed.contains(id)) {
            let before = self.counts.get(&made).copied().unwrap_or(0);
            let regained = match before {
                0 => made == *id,
                _ => id.as_str().strip_prefix(made.as_str()) == Some(&format!("-{}", before + 1)),
            };
            if regained {
                *self.counts.entry(made).or_default() += 1;
                return true;
            }
        }
        *self.counts.entry(id.clone()).or_default() += 1;
        false
    }
}

/// The UID by which other alarms name this one; none if it is that of another alarm, which came first.
fn name(id: &Id, alert: &Alert, alerts: &Map<Id, Alert>) -> Option<String> {
    let own = |alert: &Alert| uid(&KeptHatch::read(alert.i_calendar.as_ref()));
    let uid = own(alert).unwrap_or_else(|| id.as_str().to_owned());
    let first = key::of_uid(&uid);
    let taken = first != *id && alerts.get(&first).and_then(own).as_ref() == Some(&uid);
    (!taken).then_some(uid)
}

fn uid(hatch: &KeptHatch<'_>) -> Option<String> {
    let property =
        hatch.properties.iter().find(|property| property.name.eq_ignore_ascii_case("uid"))?;
    Some(unescape_text(&property.value).into_owned())
}

/// One VALARM (RFC 5545, section 3.6.6). The key can be told only when everything that it is made of is written.
fn export_alarm(
    id: &Id,
    alert: &Alert,
    names: &mut Names<'_>,
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let mut hatch = KeptHatch::read(alert.i_calendar.as_ref());
    if !out.cx.is_lossless() {
        // Says what is lost.
        extension::export_hatch(&hatch, &[], out);
        hatch = KeptHatch::default();
    }
    out.writer.begin("VALARM");
    let start = out.writer.as_str().len();
    let mut written = vec!["jsid", "trigger"];
    let uid = uid(&hatch).or_else(|| {
        let uid = names.uids.get(id)?;
        out.line(&Outgoing::text("UID", uid));
        Some(uid.clone())
    });
    export_action(alert, &hatch, &mut written, source, out);
    export_times(alert, &hatch, &mut written, source, out);
    export_related(alert, &hatch, names, source, out);
    export_required(alert, &hatch, &mut written, source, out);
    out.extra("", &alert.extra);
    extension::export_properties(&hatch, &written, out);
    let made = match &uid {
        Some(uid) => Some(key::of_uid(uid)),
        None => crate::key::may_be_made(id).then(|| made_key(out, start)),
    };
    if !names.is_regained(id, made) {
        out.line(&Outgoing::text("JSID", id.as_str()));
    }
    extension::export_components(&hatch, out);
    out.writer.end("VALARM");
}

/// The key that import makes for the alarm whose lines stand behind `start`.
fn made_key(out: &Out<'_, '_>, start: usize) -> Id {
    let text = out.writer.as_str().get(start..).unwrap_or_default();
    // Without a BEGIN it is a component that has just the lines.
    key::of_lines(&Component::parse(text.as_bytes(), Position::START).0.lines)
}

/// ACTION (RFC 5545, section 3.8.6.1). An alarm that came without one, or with one that no alert has, gets none.
fn export_action(
    alert: &Alert,
    hatch: &KeptHatch<'_>,
    written: &mut Vec<&str>,
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let kept = has(hatch, "action");
    let action = match &alert.action {
        None if kept || hatch.came_from("action", "trigger") => return,
        Some(AlertAction::Display) if hatch.came_from("action", "trigger") => return,
        None | Some(AlertAction::Display) => "DISPLAY",
        Some(AlertAction::Email) => "EMAIL",
        Some(other) => {
            out.jsprop("action", &Json::from(other.as_str()));
            "DISPLAY"
        }
    };
    written.push("action");
    out.property(source, hatch, &Outgoing::raw("ACTION", action), || "action".to_owned());
}

/// TRIGGER and ACKNOWLEDGED (RFC 5545, section 3.8.6.3; RFC 9074, section 6.1).
fn export_times(
    alert: &Alert,
    hatch: &KeptHatch<'_>,
    written: &mut Vec<&str>,
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let trigger = alert.trigger.as_ref();
    if let Some(property) = trigger.and_then(trigger::outgoing) {
        out.property(source, hatch, &property, || "trigger".to_owned());
    }
    match trigger {
        Some(Trigger::Offset(trigger)) => {
            if let Some(other) = trigger.relative_to.as_ref().filter(|anchor| anchor.is_other()) {
                out.jsprop("trigger/relativeTo", &Json::from(other.as_str()));
            }
            if trigger.offset.is_some_and(|offset| offset != offset.without_fraction()) {
                report_fraction("trigger/offset", out);
            }
            out.extra("trigger", &trigger.extra);
        }
        Some(Trigger::Absolute(trigger)) => {
            if trigger.when.is_some_and(|when| when != when.truncated()) {
                report_fraction("trigger/when", out);
            }
            out.extra("trigger", &trigger.extra);
        }
        _ => {}
    }
    if let Some(acknowledged) = alert.acknowledged {
        written.push("acknowledged");
        if acknowledged != acknowledged.truncated() {
            report_fraction("acknowledged", out);
        }
        let property = change::utc("ACKNOWLEDGED", acknowledged);
        out.property(source, hatch, &property, || "acknowledged".to_owned());
    }
}

fn report_fraction(path: &str, out: &mut Out<'_, '_>) {
    out.cx.report(
        path,
        Severity::Warning,
        "fraction",
        "iCalendar has no fractions of a second; cut off",
    );
}

/// RELATED-TO (RFC 9074, section 5): other alarms, which iCalendar names by their UIDs.
fn export_related(
    alert: &Alert,
    hatch: &KeptHatch<'_>,
    names: &Names<'_>,
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let mut written = false;
    for (id, relation) in &alert.related_to {
        if let Some(uid) = names.uids.get(id) {
            relation::export_relation(id.as_str(), uid, relation, source, hatch, out);
            written = true;
        }
    }
    let lost: Vec<_> =
        alert.related_to.iter().filter(|(id, _)| !names.uids.contains_key(id)).collect();
    if lost.is_empty() {
        return;
    }
    if !written {
        let all: BTreeMap<&str, _> =
            lost.iter().map(|(id, relation)| (id.as_str(), *relation)).collect();
        out.jsprop("relatedTo", &Json::from_serialize(&all).unwrap_or_default());
        return;
    }
    for (id, relation) in lost {
        let path = format!("relatedTo/{}", pointer::escape(id.as_str()));
        out.jsprop(&path, &Json::from_serialize(relation).unwrap_or_default());
    }
}

/// What RFC 5545 demands of an alarm (section 3.6.6) and the alert does not have: made from the entry for alerts that never were an
/// alarm, and for alarms where it had been made before.
fn export_required(
    alert: &Alert,
    hatch: &KeptHatch<'_>,
    written: &mut Vec<&'static str>,
    source: &Source<'_>,
    out: &mut Out<'_, '_>,
) {
    let was_alarm = hatch.name.eq_ignore_ascii_case("valarm");
    let has_action = has(hatch, "action");
    let required = match &alert.action {
        None if has_action => return,
        Some(AlertAction::Email) => MAILED,
        _ => DISPLAYED,
    };
    let title = source.common.title.as_deref().filter(|title| !title.is_empty());
    let text = title.or(source.common.uid.as_deref()).unwrap_or("Reminder");
    for name in required {
        let mut kept = hatch
            .properties
            .iter()
            .filter(|property| property.name.eq_ignore_ascii_case(name))
            .peekable();
        let makes = match kept.peek() {
            Some(_) => kept.all(|property| is_derived(&property.params)),
            // An alarm that came without stays without, unless it has become another one.
            None => !was_alarm || has_action,
        };
        if !makes {
            continue;
        }
        let property = match (*name, out.cx.email_attendee) {
            ("ATTENDEE", Some(attendee)) => Outgoing::raw("ATTENDEE", attendee),
            ("ATTENDEE", None) => {
                if !has(hatch, name) {
                    let message = "a mail needs somebody to go to, and nobody is given";
                    out.cx.report("action", Severity::Warning, "no-attendee", message);
                }
                continue;
            }
            (name, _) => Outgoing::text(name, text),
        };
        written.push(match *name {
            "ATTENDEE" => "attendee",
            "SUMMARY" => "summary",
            _ => "description",
        });
        out.line(&property.param("DERIVED", "TRUE"));
    }
}

fn has(hatch: &KeptHatch<'_>, name: &str) -> bool {
    hatch.properties.iter().any(|property| property.name.eq_ignore_ascii_case(name))
}

fn is_derived(params: &crate::jcal::Params<'_>) -> bool {
    params.iter().any(|(name, values)| {
        name.eq_ignore_ascii_case("derived")
            && values.iter().any(|value| value.eq_ignore_ascii_case("TRUE"))
    })
}
