//! Which alerts go off in a window.

use std::fmt;

use super::{Moment, Occurrence, Occurrences, Recurring};
use crate::{
    Alert, Id, LocalDateTime, Map, OffsetTrigger, RelativeTo, SignedDuration, Trigger, UtcDateTime,
    Zone,
};

/// An alert that goes off; from [`Occurrences::alerts_between`].
#[derive(Clone)]
#[non_exhaustive]
pub struct DueAlert<'a, T> {
    /// When.
    pub at: UtcDateTime,
    /// Its key among the alerts of the object.
    pub id: Id,
    /// The alert itself.
    pub alert: Alert,
    /// What it is about. An alert at a fixed instant is about the first occurrence.
    pub occurrence: Occurrence<'a, T>,
}

impl<'a, T: Recurring> Occurrences<'a, T> {
    /// The alerts that go off from `from` on and before `to`, in their order, of all occurrences.
    ///
    /// Those that were acknowledged when they went off, or later, are left out (RFC 8984, section 4.5.2). An alert at a
    /// fixed instant goes off once, and not for every occurrence.
    ///
    /// ```
    /// use jscalendar::{Alert, Event, OffsetTrigger};
    ///
    /// let mut event = Event::new("e1", "2026-03-02T09:00:00".parse()?);
    /// event.time_zone = Some("Etc/UTC".parse()?);
    /// event.alerts.insert("a".into(), Alert::new(OffsetTrigger::new("-PT10M".parse()?)));
    ///
    /// let due = event.occurrences()?.alerts_between("2026-03-02T00:00:00Z".parse()?, "2026-03-03T00:00:00Z".parse()?);
    /// assert_eq!(due[0].at, "2026-03-02T08:50:00Z".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn alerts_between(self, from: UtcDateTime, to: UtcDateTime) -> Vec<DueAlert<'a, T>> {
        let mut due = self.fixed(from, to);
        let reach = self.reach();
        let floating = self.floating();
        let seconds = |at: UtcDateTime, moved: i64| {
            let clock = super::occurrences::clamped(at.unix_seconds().saturating_add(moved));
            UtcDateTime::from_utc_clock(clock)
        };
        for occurrence in self.between(seconds(from, -reach), seconds(to, reach)) {
            due.extend(occurrence.due(floating.as_deref().map(|zone| zone as &dyn Zone)));
        }
        due.retain(|due| due.at >= from && due.at < to && !due.is_acknowledged());
        due.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        due
    }

    /// Those at fixed instants.
    fn fixed(&self, from: UtcDateTime, to: UtcDateTime) -> Vec<DueAlert<'a, T>> {
        let alerts = self.entry().common().alerts;
        let fixed = alerts.iter().filter_map(|(id, alert)| match &alert.trigger {
            Some(Trigger::Absolute(trigger)) => Some((id, alert, trigger.when?)),
            _ => None,
        });
        let mut found = fixed.filter(|(_, _, when)| *when >= from && *when < to).peekable();
        if found.peek().is_none() {
            return Vec::new();
        }
        let Some(occurrence) = self.clone().next() else { return Vec::new() };
        let due = |(id, alert, at): (&Id, &Alert, UtcDateTime)| DueAlert {
            at,
            id: id.clone(),
            alert: alert.clone(),
            occurrence: occurrence.clone(),
        };
        found.map(due).collect()
    }

    /// At most how many seconds before or after an occurrence one of its alerts goes off.
    fn reach(&self) -> i64 {
        let common = self.entry().common();
        let offsets = |alerts: &Map<Id, Alert>| alerts.values().filter_map(length).max();
        let own = offsets(common.alerts).unwrap_or(0);
        let of_overrides = self.overridden_alerts().iter().filter_map(offsets).max().unwrap_or(0);
        own.max(of_overrides)
    }
}

impl<'a, T: Recurring> Occurrence<'a, T> {
    /// The alerts with an offset, and when they go off.
    fn due(&self, floating: Option<&dyn Zone>) -> Vec<DueAlert<'a, T>> {
        let object = self.is_override().then(|| self.object());
        let alerts = object.as_ref().unwrap_or_else(|| self.entry()).common().alerts;
        let (start, end) = (self.start(), self.end());
        let due = |(id, alert): (&Id, &Alert)| {
            let Some(Trigger::Offset(trigger)) = &alert.trigger else { return None };
            let from = if is_at_end(trigger) { &end } else { &start };
            let at = self.moved(from, trigger.offset?, floating)?;
            Some(DueAlert { at, id: id.clone(), alert: alert.clone(), occurrence: self.clone() })
        };
        alerts.iter().filter_map(due).collect()
    }

    /// Weeks and days of an offset are those of the calendar in the time zone.
    fn moved(
        &self,
        from: &Moment,
        offset: SignedDuration,
        floating: Option<&dyn Zone>,
    ) -> Option<UtcDateTime> {
        let found = from.zone.as_ref().and_then(|zone| self.find_zone(zone));
        let zone = found.as_ref().map(|zone| zone as &dyn Zone).or(floating);
        let local: LocalDateTime = from.local.checked_add_signed(offset, zone)?;
        match zone {
            Some(zone) => local.to_utc(zone),
            None => Some(UtcDateTime::from_utc_clock(local)),
        }
    }
}

impl<T: Recurring> fmt::Debug for DueAlert<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, id, alert, occurrence } = self;
        f.debug_struct("DueAlert")
            .field("at", at)
            .field("id", id)
            .field("alert", alert)
            .field("occurrence", occurrence)
            .finish()
    }
}

impl<T> DueAlert<'_, T> {
    fn is_acknowledged(&self) -> bool {
        self.alert.acknowledged.is_some_and(|acknowledged| acknowledged >= self.at)
    }
}

fn is_at_end(trigger: &OffsetTrigger) -> bool {
    trigger.relative_to == Some(RelativeTo::End)
}

/// At most how many seconds an offset is long.
fn length(alert: &Alert) -> Option<i64> {
    let Some(Trigger::Offset(trigger)) = &alert.trigger else { return None };
    let length = trigger.offset?.duration();
    let days = i64::try_from(length.nominal_days()).ok()?;
    let seconds = i64::try_from(length.exact_seconds()).ok()?;
    Some((days + 2).saturating_mul(crate::date::civil::DAY).saturating_add(seconds))
}
