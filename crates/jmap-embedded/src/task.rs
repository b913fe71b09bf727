//! `Task` (JMAP Tasks, section 4): where the draft says nothing, as events are.

mod query;
mod times;

use std::collections::BTreeMap;

use jmap_core::server::{Context, patched, unchanged};
use jmap_core::{
    CopyArguments, CopyResponse, GetResponse, Id, Json, MethodError, PatchObject, SetError,
    SetResponse, Version,
};
use jmap_tasks::{GetTasks, SetTasks, Task, TaskList, TaskProperty};
use jscalendar::{Series, SeriesError, TimeZones, same_address};
use rusqlite::{OptionalExtension, params};

pub(crate) use self::query::{query, query_changes};
use crate::account::Somebody;
use crate::clock::now;
use crate::kept::{self, Kept, Refusal, Who};
use crate::occurrence::view::{View, refuse_utc_and_overrides};
use crate::occurrence::{self, Recurs};
use crate::store::{StoreError, Work};

pub(crate) fn get(
    context: &Context<Somebody>,
    get: GetTasks,
) -> Result<GetResponse<Task>, MethodError> {
    let names = get.get.properties.clone().unwrap_or_default();
    let wants = |property: &TaskProperty| names.contains(property);
    let has_utc = wants(&TaskProperty::UtcStart) || wants(&TaskProperty::UtcDue);
    if has_utc && wants(&TaskProperty::RecurrenceOverrides) {
        return Err(refuse_utc_and_overrides());
    }
    let view = View::of(&get, context.user())?;
    kept::get_shown(context, get.get, |task: &mut Task| {
        if view.has_all {
            task.is_draft.get_or_insert(false);
        }
        if has_utc {
            times::show(task, &view.zone);
        }
        view.cut(&mut task.task);
    })
}

pub(crate) fn set(
    context: &Context<Somebody>,
    set: SetTasks,
) -> Result<SetResponse<Task>, MethodError> {
    let who = Who::of(context, set.set.account_id.as_ref());
    kept::set_as(context, &who, set.set)
}

pub(crate) fn copy(
    context: &Context<Somebody>,
    copy: CopyArguments<Task>,
) -> Result<CopyResponse<Task>, MethodError> {
    let (response, destroy) = kept::copy(context, copy)?;
    if let Some(destroy) = destroy {
        context.also(&SetTasks::from(destroy));
    }
    Ok(response)
}

impl Kept for Task {
    const LETTER: char = 'T';
    const FIXED: &'static [&'static str] = &["id", "baseTaskId", "isOrigin"];
    const OWN: &'static [&'static str] =
        &["keywords", "color", "freeBusyStatus", "useDefaultAlerts", "alerts"];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn has_occurrence(&self, id: &str) -> bool {
        id.parse().is_ok_and(|id| occurrence::is_in_rule(&self.task, id))
    }

    fn kept_id(id: &str) -> &str {
        occurrence::kept_id(id)
    }

    fn part(self, id: &str) -> Option<Self> {
        occurrence::part(self, id)
    }

    fn with_patch(&self, id: &str, patch: &PatchObject) -> Result<Self, Refusal> {
        if let Some((_, recurrence_id)) = occurrence::decoded(id) {
            return occurrence::changed(self, recurrence_id, patch);
        }
        let after = patched(self, patch)?;
        unchanged(self, &after, Self::FIXED)?;
        times::refuse_both(&after, Some(patch))?;
        Ok(after)
    }

    fn without(&self, id: &str) -> Result<Option<Self>, Refusal> {
        occurrence::without(self, id)
    }

    fn twin(&self, work: &Work<'_>, who: &Who) -> Result<Option<String>, StoreError> {
        work.task_by_uid(&who.account, self)
    }

    fn refer(&mut self, _: Option<&Self>, _: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let list = self.task_list_id.as_ref().and_then(|id| who.resolve(id));
        self.task_list_id = list;
        Ok(())
    }

    fn check(&mut self, before: Option<&Self>, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        if before.is_none() {
            times::refuse_both(self, None)?;
        }
        let now = now();
        self.version = Some(Version::V2_0);
        self.created = self.created.or(now);
        if self.uid.is_none() && before.is_none() {
            self.uid = Some(uuid::Uuid::new_v4().to_string());
        }
        let list = self.task_list_id.as_ref().map_or("", Id::as_str);
        let Some(list) = kept::seen::<TaskList>(list, work, who)? else {
            return Err(SetError::invalid_properties(["taskListId"])
                .description("there is no such list")
                .into());
        };
        times::settle(self, list.time_zone.clone())?;
        refuse_wrong(self, before, &list)?;
        let address = work.address_of(&who.account)?;
        let takes_part = self.participants.values().any(|it| it.calendar_address.is_some());
        if takes_part && self.organizer_calendar_address.is_none() {
            self.organizer_calendar_address = Some(address.clone());
        }
        let organizer = self.organizer_calendar_address.as_deref();
        let is_origin = organizer.is_none_or(|it| same_address(it, &address));
        self.is_origin = Some(is_origin);
        if is_origin && before.is_none_or(|before| before != self) {
            count(self, before)?;
            self.updated = now;
            self.created = self.created.min(now);
        }
        Ok(())
    }

    fn index(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        self.unindex(id, work, who)?;
        if work.task_by_uid(&who.account, self)?.is_some() {
            return Err(SetError::invalid_properties(["uid"])
                .description("there is a task with this uid")
                .into());
        }
        Ok(work.index_task(&who.account, id, self)?)
    }

    fn unindex(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        work.transaction
            .prepare_cached("DELETE FROM task WHERE account = ?1 AND id = ?2")?
            .execute(params![who.account, id])?;
        Ok(())
    }
}

impl Recurs for Task {
    type Entry = jscalendar::Task;
    const OF_ALL: &'static [&'static str] = &["baseTaskId", "taskListId"];

    fn entry(&self) -> &jscalendar::Task {
        &self.task
    }

    fn entry_mut(&mut self) -> &mut jscalendar::Task {
        &mut self.task
    }

    fn id(&self) -> Option<&Id<Self>> {
        self.id.as_ref()
    }

    fn ids(&mut self) -> (&mut Option<Id<Self>>, &mut Option<Id<Self>>) {
        (&mut self.id, &mut self.base_task_id)
    }

    fn default_alerts(&mut self) -> &mut Option<bool> {
        &mut self.use_default_alerts
    }

    fn settle(&mut self, patch: &PatchObject) -> Result<(), Refusal> {
        times::refuse_both(self, Some(patch))?;
        times::settle(self, None)
    }
}

/// Says which properties are missing, or must not be what they are.
fn refuse_wrong(task: &Task, before: Option<&Task>, list: &TaskList) -> Result<(), Refusal> {
    let was_draft = before.is_none_or(|before| before.is_draft == Some(true));
    let has_time = task.start.is_some() || task.due.is_some();
    let needs_time = task.time_zone.is_some() || task.show_without_time == Some(true);
    let status = task.workflow_status.as_ref();
    let says_utc = |it: &PatchObject| it.0.contains_key("utcStart") || it.0.contains_key("utcDue");
    let is_wrong = [
        ("uid", before.is_some_and(|before| before.uid != task.uid)),
        ("method", task.method.is_some()),
        ("isDraft", task.is_draft == Some(true) && !was_draft),
        ("start", needs_time && !has_time),
        ("percentComplete", task.percent_complete.is_some_and(|it| it > 100)),
        ("workflowStatus", status.is_some_and(|it| !list.statuses().contains(it))),
        ("progress", status.is_some() && task.progress.is_some()),
        ("recurrenceOverrides", task.recurrence_overrides.values().any(says_utc)),
    ];
    let names: Vec<&str> = is_wrong.iter().filter_map(|(name, it)| it.then_some(*name)).collect();
    if !names.is_empty() {
        return Err(SetError::invalid_properties(names).into());
    }
    if !has_time && task.recurrence_rule.is_none() {
        return Ok(());
    }
    Series::new(&task.task, &TimeZones::new()).map(|_| ()).map_err(|error| {
        let name = match &error {
            SeriesError::NoStart => "start",
            SeriesError::Rule { member, .. } => member,
            SeriesError::Zone { member, .. } => member,
            _ => "recurrenceRule",
        };
        SetError::invalid_properties([name]).description(error.to_string()).into()
    })
}

/// Counts the change in `sequence`, unless the client did, or only what does not count was changed.
fn count(task: &mut Task, before: Option<&Task>) -> Result<(), Refusal> {
    let Some(before) = before else { return Ok(()) };
    let (was, is) = (before.sequence.unwrap_or(0), task.sequence.unwrap_or(0));
    if is > was {
        return Ok(());
    }
    let has_changed = counted(task)? != counted(before)?;
    task.sequence = if has_changed { Some(was + 1) } else { before.sequence };
    Ok(())
}

/// The members whose changes count.
fn counted(task: &Task) -> Result<BTreeMap<String, Json>, Refusal> {
    let mut members: BTreeMap<String, Json> = kept::json_of(task)?.decode().unwrap_or_default();
    members.retain(|name, _| {
        !UNCOUNTED.contains(&name.as_str()) && !Task::OWN.contains(&name.as_str())
    });
    Ok(members)
}

const UNCOUNTED: &[&str] =
    &["taskListId", "isDraft", "isOrigin", "sortOrder", "updated", "sequence", "created"];

impl Work<'_> {
    fn index_task(&self, account: &str, id: &str, task: &Task) -> Result<(), StoreError> {
        let recurrence_id = task.recurrence_id.map(|id| id.to_string()).unwrap_or_default();
        self.transaction
            .prepare_cached(
                "INSERT INTO task (account, id, uid, recurrence_id) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![account, id, task.uid, recurrence_id])?;
        Ok(())
    }

    /// The id of the task with the same uid, and of the same occurrence if it stands alone.
    fn task_by_uid(&self, account: &str, task: &Task) -> Result<Option<String>, StoreError> {
        let recurrence_id = task.recurrence_id.map(|id| id.to_string()).unwrap_or_default();
        let mut query = self.transaction.prepare_cached(
            "SELECT id FROM task WHERE account = ?1 AND uid = ?2 AND recurrence_id = ?3",
        )?;
        let row = query.query_row(params![account, task.uid, recurrence_id], |row| row.get(0));
        Ok(row.optional()?)
    }
}
