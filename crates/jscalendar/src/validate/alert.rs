//! Rules for alerts.

use super::check::Check;
use super::rule::{ALERT_ANCHOR, UNKNOWN_ALERT, UNKNOWN_TYPE};
use crate::kind::{Own, Timed};
use crate::{Alert, AlertAction, OffsetTrigger, RelationType, RelativeTo, Trigger};

pub(super) fn alert<T: Timed>(alert: &Alert, entry: &T, in_task: bool, check: &mut Check) {
    check.names(alert, &[], &[]);
    check.demand(&alert.extra, alert.trigger.is_some(), "trigger");
    check.whole_second("acknowledged", alert.acknowledged);
    if let Some(action) = &alert.action {
        check.value("action", action.as_str(), AlertAction::REGISTERED);
    }
    check.at("trigger", |check| match &alert.trigger {
        Some(Trigger::Offset(trigger)) => offset(trigger, entry, in_task, check),
        Some(Trigger::Absolute(trigger)) => {
            check.names(trigger, &[], &[]);
            check.demand(&trigger.extra, trigger.when.is_some(), "when");
            check.whole_second("when", trigger.when);
        }
        Some(Trigger::Unknown(_)) => check.fails(UNKNOWN_TYPE, "", "never goes off"),
        None => {}
    });
    check.each("relatedTo", &alert.related_to, |check, id, relation| {
        check.names(relation, &[], &[]);
        if !entry.common().alerts.contains_key(id) {
            check.fails(UNKNOWN_ALERT, "", "there is no alert with this key");
        }
        check.at("relation", |check| {
            for kind in relation.relation.iter() {
                check.value(kind.as_str(), kind.as_str(), RelationType::REGISTERED);
            }
        });
    });
}

fn offset<T: Timed>(trigger: &OffsetTrigger, entry: &T, in_task: bool, check: &mut Check) {
    check.names(trigger, &[], &[]);
    check.demand(&trigger.extra, trigger.offset.is_some(), "offset");
    check.whole_second("offset", trigger.offset);
    if let Some(relative_to) = &trigger.relative_to {
        check.value("relativeTo", relative_to.as_str(), RelativeTo::REGISTERED);
    }
    if !in_task {
        return;
    }
    let Own { start, due, .. } = entry.own();
    let (anchor, there) = match &trigger.relative_to {
        None | Some(RelativeTo::Start) => ("start", start.is_some()),
        Some(RelativeTo::End) => ("due", due.is_some()),
        Some(RelativeTo::Other(_)) => return,
    };
    if !there {
        let message = format!("the task has no {anchor} that the alert could relate to");
        check.fails(ALERT_ANCHOR, "relativeTo", message);
    }
}
