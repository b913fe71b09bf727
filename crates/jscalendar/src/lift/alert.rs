//! Alerts of 1.0: a snoozed alert says `parent` where 2.0 says `snooze`.

use crate::report::Report;
use crate::{Alert, Id, Map, Relation, RelationType, Trigger};

pub(super) fn lift(alerts: &mut Map<Id, Alert>, report: &mut Report) {
    if alerts.values().all(|alert| alert.related_to.is_empty()) {
        return;
    }
    let snoozed: Vec<(Id, Id)> = parents(alerts)
        .filter(|(id, other)| is_snooze(alerts, id, other))
        .map(|(id, other)| (id.clone(), other.clone()))
        .collect();
    for (id, other) in snoozed {
        let relation = alerts.get_mut(&id).and_then(|alert| alert.related_to.get_mut(&other));
        if let Some(Relation { relation, .. }) = relation {
            relation.remove(&RelationType::Parent);
            if !relation.insert(RelationType::Snooze) {
                report.note("snooze-and-parent", "alerts", "snooze and parent are the same");
            }
        }
    }
}

/// The alerts that name another one as their parent.
fn parents(alerts: &Map<Id, Alert>) -> impl Iterator<Item = (&Id, &Id)> {
    alerts.iter().flat_map(|(id, alert)| {
        let parents = alert.related_to.iter();
        parents
            .filter(|(_, relation)| relation.relation.contains(&RelationType::Parent))
            .map(move |(other, _)| (id, other))
    })
}

/// Whether alert `id`, whose parent `other` is, is a later repetition of it: somebody took note of that one, or this
/// one goes off at an instant, as 1.0 has it (RFC 8984, section 4.5.2).
pub(crate) fn is_snooze(alerts: &Map<Id, Alert>, id: &Id, other: &Id) -> bool {
    let Some(original) = alerts.get(other) else { return false };
    let absolute = matches!(
        alerts.get(id).and_then(|alert| alert.trigger.as_ref()),
        Some(Trigger::Absolute(_))
    );
    original.acknowledged.is_some() || absolute
}

/// Writes `snooze` as `parent`; reports what would be read back as something else.
pub(crate) fn old_relations(alerts: &mut Map<Id, Alert>, report: &mut Report) {
    let mut changes = Vec::new();
    for (id, alert) in alerts.iter() {
        for (other, relation) in &alert.related_to {
            let snooze = relation.relation.contains(&RelationType::Snooze);
            let parent = relation.relation.contains(&RelationType::Parent);
            if (snooze || parent) && (snooze && parent || snooze != is_snooze(alerts, id, other)) {
                report.at("alerts", |report| {
                    report.at(id.as_str(), |report| {
                        report.at("relatedTo", |report| {
                            let message = "1.0 has one relation for parent and snooze";
                            report.warning("snooze-and-parent", other.as_str(), message);
                        });
                    });
                });
            }
            if snooze {
                changes.push((id.clone(), other.clone()));
            }
        }
    }
    for (id, other) in changes {
        if let Some(relation) =
            alerts.get_mut(&id).and_then(|alert| alert.related_to.get_mut(&other))
        {
            relation.relation.remove(&RelationType::Snooze);
            relation.relation.insert(RelationType::Parent);
        }
    }
}
