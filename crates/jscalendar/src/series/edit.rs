//! Changing a series: one occurrence, one and all that follow, or all.

use std::collections::BTreeSet;

use super::occurrence::set_time;
use super::{Recurring, Series};
use crate::kind::OwnMut;
use crate::{
    Json, LocalDateTime, Map, PatchObject, RecurrenceRule, Relation, RelationType, Version,
    is_overridable,
};

/// What a change of an occurrence and all that follow makes of a series; from [`Series::edit_following`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Split<T> {
    /// What changes about the object that was there.
    pub patch: PatchObject,
    /// The object for what follows; none if the change was about the whole series.
    pub following: Option<T>,
}

/// Why a series cannot be changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// There is no such occurrence.
    #[error("the series has no occurrence {0}")]
    NoOccurrence(LocalDateTime),
    /// The change is about something that is the same for all occurrences (RFC 8984, section 4.3.5).
    #[error("{0}: it is the same for all occurrences")]
    NotOverridable(String),
    /// The rules would mean something else from another start on: there are several of them (1.0), or days that do not
    /// exist are moved and periods left out.
    #[error("the rules of the series cannot go on from another start")]
    Rules,
}

impl<T: Recurring> Series<'_, T> {
    /// Changes one occurrence: the patch for the object as it is stored, with its override.
    ///
    /// The patch has just what `change` changes. An occurrence that is changed back loses its override.
    ///
    /// # Errors
    ///
    /// There must be such an occurrence, and the change be one that an override can say.
    ///
    /// ```
    /// use jscalendar::{Event, Frequency, RecurrenceRule, Series, TimeZones};
    ///
    /// let mut event = Event::new("e1", "2026-03-02T09:00:00".parse()?);
    /// event.recurrence_rule = Some(Box::new(RecurrenceRule::new(Frequency::Daily)));
    ///
    /// let series = Series::new(&event, &TimeZones::new())?;
    /// let patch = series.edit_occurrence("2026-03-05T09:00:00".parse()?, |event| {
    ///     event.title = Some("Late".into());
    /// })?;
    /// assert_eq!(
    ///     serde_json::to_string(&patch)?,
    ///     r#"{"recurrenceOverrides":{"2026-03-05T09:00:00":{"title":"Late"}}}"#,
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn edit_occurrence(
        &self,
        recurrence_id: LocalDateTime,
        change: impl FnOnce(&mut T),
    ) -> Result<PatchObject, EditError> {
        let occurrence =
            self.occurrence(recurrence_id).ok_or(EditError::NoOccurrence(recurrence_id))?;
        let mut object = occurrence.object();
        change(&mut object);
        let changes = self.override_for(self.shared.single(), &object, recurrence_id)?;
        Ok(self.with_overrides(|overrides| self.put(overrides, recurrence_id, changes)))
    }

    /// Takes one occurrence out: the patch for the object as it is stored.
    ///
    /// # Errors
    ///
    /// There must be such an occurrence.
    pub fn delete_occurrence(
        &self,
        recurrence_id: LocalDateTime,
    ) -> Result<PatchObject, EditError> {
        self.occurrence(recurrence_id).ok_or(EditError::NoOccurrence(recurrence_id))?;
        Ok(self.with_overrides(|overrides| {
            overrides.remove(&recurrence_id);
            if self.generates(recurrence_id) {
                let mut excluded = PatchObject::default();
                excluded.set("excluded", Json::from(true));
                overrides.insert(recurrence_id, excluded);
            }
        }))
    }

    /// Changes all occurrences: the patch for the object as it is stored.
    ///
    /// If the start moves, the overrides and the end of the rule move with it, unless `change` sets them itself. A rule
    /// that names days of the week goes on naming them.
    pub fn edit_all(&self, change: impl FnOnce(&mut T)) -> PatchObject {
        let mut after = self.entry().clone();
        change(&mut after);
        move_with_start(self.entry(), &mut after);
        self.entry().patch(&after, self.version())
    }

    /// Changes an occurrence and all that follow. The series ends before it, and a new one with this uid goes on; each
    /// names the other one (RFC 8984, section 4.1.3: `next` and `first`). Later overrides are then in the new one.
    ///
    /// From the first occurrence on, there is nothing to split: then it is [`edit_all`](Self::edit_all).
    ///
    /// # Errors
    ///
    /// There must be such an occurrence, and no more than one rule, which can go on from another start.
    pub fn edit_following(
        &self,
        recurrence_id: LocalDateTime,
        uid: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<Split<T>, EditError> {
        self.occurrence(recurrence_id).ok_or(EditError::NoOccurrence(recurrence_id))?;
        if self.is_first(recurrence_id) {
            return Ok(Split { patch: self.edit_all(change), following: None });
        }
        if !self.can_go_on() {
            return Err(EditError::Rules);
        }
        let mut before = self.up_to(recurrence_id);
        let mut following = self.following(recurrence_id);
        relate(&mut before, &mut following, uid);
        let unchanged = following.clone();
        change(&mut following);
        move_with_start(&unchanged, &mut following);
        let patch = self.entry().patch(&before, self.version());
        Ok(Split { patch, following: Some(following) })
    }

    /// Makes the object into `after`, and overrides that let all occurrences before one stay what they were: the patch for
    /// the object as it is stored. The series stays one, which those want who were invited to it (JMAP Calendars, section
    /// 5.8.2).
    ///
    /// None if no overrides can do that: more than `most` occurrences come before, the start, the time zone, the rules or
    /// the overrides change, or something that is the same for all occurrences.
    ///
    /// ```
    /// use jscalendar::{Event, Frequency, RecurrenceRule, Series, TimeZones};
    ///
    /// let mut event = Event::new("e1", "2026-03-02T09:00:00".parse()?);
    /// event.recurrence_rule = Some(Box::new(RecurrenceRule::new(Frequency::Daily)));
    /// let mut after = event.clone();
    /// after.priority = Some(1);
    ///
    /// let series = Series::new(&event, &TimeZones::new())?;
    /// let patch = series.keep_before("2026-03-03T09:00:00".parse()?, after, 100).unwrap();
    /// assert_eq!(
    ///     serde_json::to_string(&patch)?,
    ///     r#"{"priority":1,"recurrenceOverrides":{"2026-03-02T09:00:00":{"priority":null}}}"#,
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn keep_before(
        &self,
        recurrence_id: LocalDateTime,
        mut after: T,
        most: usize,
    ) -> Option<PatchObject> {
        if is_other_series(self.entry(), &after) {
            return None;
        }
        let added = self.entry().common().recurrence_overrides.keys().copied();
        let given = self.ids().take_while(|id| *id < recurrence_id).take(most + 1);
        let earlier: BTreeSet<_> =
            given.chain(added.take_while(|id| *id < recurrence_id)).collect();
        if earlier.len() > most {
            return None;
        }
        let plain = super::single(&after);
        for occurrence in earlier.into_iter().filter_map(|id| self.occurrence(id)) {
            let id = occurrence.id();
            let changes = self.override_for(&plain, &occurrence.object(), id).ok()?;
            self.put(after.common_mut().recurrence_overrides, id, changes);
        }
        Some(self.entry().patch(&after, self.version()))
    }

    /// Takes an occurrence and all that follow out: the patch for the object as it is stored; none if nothing would be
    /// left of it.
    ///
    /// # Errors
    ///
    /// There must be such an occurrence.
    pub fn delete_following(
        &self,
        recurrence_id: LocalDateTime,
    ) -> Result<Option<PatchObject>, EditError> {
        self.occurrence(recurrence_id).ok_or(EditError::NoOccurrence(recurrence_id))?;
        if self.is_first(recurrence_id) {
            return Ok(None);
        }
        let before = self.up_to(recurrence_id);
        Ok(Some(self.entry().patch(&before, self.version())))
    }

    fn version(&self) -> Version {
        let common = self.entry().common();
        let unsaid = if common.legacy.is_some() { Version::V1_0 } else { Version::V2_0 };
        common.version.unwrap_or(unsaid)
    }

    /// The override that makes an occurrence of `plain`, which has no rules and overrides, into `object`.
    fn override_for(
        &self,
        plain: &T,
        object: &T,
        id: LocalDateTime,
    ) -> Result<PatchObject, EditError> {
        let mut plain = plain.clone();
        set_time(&mut plain, id);
        let mut changes = plain.patch(object, Version::V2_0);
        let is_fixed = |pointer: &&String| !is_overridable(pointer, Version::V2_0);
        if let Some(pointer) = changes.0.keys().find(is_fixed) {
            return Err(EditError::NotOverridable(pointer.clone()));
        }
        let before = self.entry().common().recurrence_overrides.get(&id);
        // What an override says without effect is not ours to remove.
        let idle = before.into_iter().flat_map(|it| &it.0).filter(|(pointer, _)| is_fixed(pointer));
        for (pointer, json) in idle {
            changes.set(pointer.as_str(), json.clone());
        }
        Ok(changes)
    }

    /// An occurrence that is as all others has no override.
    fn put(
        &self,
        overrides: &mut Map<LocalDateTime, PatchObject>,
        id: LocalDateTime,
        changes: PatchObject,
    ) {
        if changes.is_empty() && self.generates(id) {
            overrides.remove(&id);
        } else {
            overrides.insert(id, changes);
        }
    }

    fn with_overrides(
        &self,
        change: impl FnOnce(&mut Map<LocalDateTime, PatchObject>),
    ) -> PatchObject {
        let mut after = self.entry().clone();
        change(after.common_mut().recurrence_overrides);
        self.entry().patch(&after, self.version())
    }

    /// Whether no occurrence has an earlier id.
    fn is_first(&self, id: LocalDateTime) -> bool {
        let overrides = self.entry().common().recurrence_overrides;
        let earlier = overrides.iter().take_while(|(key, _)| **key < id);
        let added = earlier.clone().any(|(_, patch)| !super::is_excluded(patch));
        let is_excluded = |at: &LocalDateTime| overrides.get(at).is_some_and(super::is_excluded);
        !added && self.ids().find(|at| !is_excluded(at)).is_none_or(|first| first >= id)
    }

    /// Whether the rules mean the same from another start on.
    ///
    /// Each takes its first period, and what it leaves out, from the start: with several of them, one start cannot say
    /// both. A day that was moved into the next month would begin the count of months there.
    fn can_go_on(&self) -> bool {
        let rules = super::rules(self.entry());
        let leaves_out = |rule: &RecurrenceRule| rule.interval.is_some_and(|interval| interval > 1);
        let is_moved = |rule: &RecurrenceRule| {
            rule.skip.as_ref().is_some_and(|skip| *skip != crate::Skip::Omit)
        };
        rules.len() + self.shared.excluded_rules.len() <= 1
            && !rules.iter().any(|(_, rule)| leaves_out(rule) && is_moved(rule))
    }

    /// The part of the series before an occurrence.
    fn up_to(&self, id: LocalDateTime) -> T {
        let mut before = self.entry().clone();
        let common = before.common_mut();
        common.recurrence_overrides.retain(|key, _| *key < id);
        let first_added = common.recurrence_overrides.keys().next().copied();
        each_rule(&mut before, |place, rule| {
            let last = self.last_before(place, id);
            match &mut rule.count {
                Some(count) => *count = (*count).min(self.given_before(place, id)),
                None => rule.until = last,
            }
            last.is_some()
        });
        // All that is left can be before the start, added by overrides.
        if let Some(start) = first_added.filter(|_| self.shared.timing.start >= id) {
            move_to(&mut before, start);
        }
        before
    }

    /// The part of the series from an occurrence on, with the same uid.
    fn following(&self, id: LocalDateTime) -> T {
        let mut following = self.entry().clone();
        following.common_mut().recurrence_overrides.retain(|key, _| *key >= id);
        // What an override adds is not where the rules go on.
        let start = self.ids_from(id).next();
        each_rule(&mut following, |place, rule| {
            rule.made_explicit(self.shared.timing.start);
            if let Some(count) = &mut rule.count {
                *count = count.saturating_sub(self.given_before(place, start.unwrap_or(id)));
            }
            start.is_some() && rule.count != Some(0)
        });
        move_to(&mut following, start.unwrap_or(id));
        following
    }

    /// How many instances a rule has before an occurrence.
    fn given_before(&self, place: Place, id: LocalDateTime) -> u64 {
        self.expansion(place).map_or(0, |rule| rule.given_before(id))
    }

    /// The last instance of a rule before an occurrence.
    fn last_before(&self, place: Place, id: LocalDateTime) -> Option<LocalDateTime> {
        self.expansion(place)?.last_before(id)
    }

    fn expansion(&self, place: Place) -> Option<&crate::recurrence::Expansion> {
        match place {
            Place::Rule(index) => self.shared.rules.get(index),
            Place::Excluded(index) => self.shared.excluded_rules.get(index),
        }
    }
}

/// Which of the rules of both versions.
#[derive(Clone, Copy, Debug)]
enum Place {
    Rule(usize),
    Excluded(usize),
}

/// Changes all rules, and drops those that `change` does not want.
fn each_rule<T: Recurring>(
    entry: &mut T,
    mut change: impl FnMut(Place, &mut RecurrenceRule) -> bool,
) {
    let common = entry.common_mut();
    let mut index = 0;
    let mut next = || {
        index += 1;
        Place::Rule(index - 1)
    };
    if let Some(rule) = common.recurrence_rule
        && !change(next(), rule)
    {
        *common.recurrence_rule = None;
    }
    let Some(legacy) = common.legacy else { return };
    legacy.recurrence_rules.retain_mut(|rule| change(next(), rule));
    let mut excluded = 0;
    legacy.excluded_recurrence_rules.retain_mut(|rule| {
        excluded += 1;
        change(Place::Excluded(excluded - 1), rule)
    });
}

/// Whether two objects have occurrences of their own.
fn is_other_series<T: Recurring>(one: &T, other: &T) -> bool {
    let times = |entry: &T| (entry.own().start, entry.own().due);
    let (before, after) = (one.common(), other.common());
    times(one) != times(other)
        || before.time_zone != after.time_zone
        || before.recurrence_overrides != after.recurrence_overrides
        || super::rules(one) != super::rules(other)
        || super::excluded_rules(one) != super::excluded_rules(other)
}

/// Moves the start, and with it when a task is due.
fn move_to<T: Recurring>(entry: &mut T, to: LocalDateTime) {
    let OwnMut { start, due, .. } = entry.own_mut();
    let from = start.or(due.as_deref().copied().flatten());
    let moved = from.map_or(0, |from| to.clock_seconds() - from.clock_seconds());
    if let Some(due) = due {
        *due = due.and_then(|due| LocalDateTime::from_clock_seconds(due.clock_seconds() + moved));
        if start.is_none() {
            return;
        }
    }
    *start = Some(to);
}

/// Makes the overrides and the ends of rules follow a start that has moved.
fn move_with_start<T: Recurring>(before: &T, after: &mut T) {
    let start = |entry: &T| Some(entry.own().start.or_else(|| entry.own().due)?.clock_seconds());
    let Some((from, to)) = start(before).zip(start(after)) else { return };
    if from == to {
        return;
    }
    let moved = |at: LocalDateTime| {
        let there = LocalDateTime::from_clock_seconds(at.clock_seconds() + to - from)?;
        there.with_subsec_nanosecond(at.subsec_nanosecond())
    };
    if after.common().recurrence_overrides == before.common().recurrence_overrides {
        let overrides = std::mem::take(after.common_mut().recurrence_overrides);
        *after.common_mut().recurrence_overrides =
            overrides.into_iter().map(|(key, patch)| (moved(key).unwrap_or(key), patch)).collect();
    }
    let untils: Vec<_> = super::rules(before).into_iter().map(|(_, rule)| rule.until).collect();
    each_rule(after, |place, rule| {
        if let Place::Rule(index) = place
            && untils.get(index) == Some(&rule.until)
        {
            rule.until = rule.until.and_then(moved).or(rule.until);
        }
        true
    });
}

/// Makes two parts of a series know each other.
fn relate<T: Recurring>(before: &mut T, following: &mut T, uid: &str) {
    let old = before.common().uid.clone().unwrap_or_default();
    let is = |relation: &Relation, kind: &RelationType| relation.relation.contains(kind);
    let first = before
        .common()
        .related_to
        .iter()
        .find(|(_, relation)| is(relation, &RelationType::First))
        .map_or(old, |(uid, _)| uid.clone());
    *following.common_mut().uid = Some(uid.to_owned());
    relation(following, first, RelationType::First);
    // What came next comes after the new one now.
    before.common_mut().related_to.retain(|_, relation| !is(relation, &RelationType::Next));
    relation(before, uid.to_owned(), RelationType::Next);
}

fn relation<T: Recurring>(entry: &mut T, uid: String, kind: RelationType) {
    let related = entry.common_mut().related_to;
    related.get_or_insert_with(uid, Relation::default).relation.insert(kind);
}
