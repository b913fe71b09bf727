//! `Task/query` and `queryChanges` (JMAP Tasks, sections 4.13 and 4.14), with the conditions and sorts that `jmap-tasks`
//! lists. An account has few tasks: all are looked at.

use std::cmp::Ordering;

use jmap_core::server::Context;
use jmap_core::{
    Comparator, Filter, MethodError, MethodErrorKind, QueryChangesArguments, QueryChangesResponse,
    QueryResponse, QueryState,
};
use jmap_tasks::{QueryTasks, Task, TaskCondition, TaskSortBy};
use jscalendar::{FoundZone, LocalDateTime, Progress, Series, TimeZones, UtcDateTime, Zone};

use crate::account::Somebody;
use crate::calendar_event::{MOST_DAYS, MOST_OCCURRENCES, too_many};
use crate::kept::{self, Who};
use crate::listing;
use crate::occurrence;
use crate::occurrence::view::zone;
use crate::store::Work;
use crate::texts::{Questions, Texts};

pub(crate) fn query(
    context: &Context<Somebody>,
    query: QueryTasks,
) -> Result<QueryResponse<Task>, MethodError> {
    let arguments = &query.query;
    let who = Who::of(context, arguments.account_id.as_ref());
    let search = Search::of(
        arguments.filter.as_ref(),
        &arguments.sort,
        zone(query.time_zone.as_deref())?,
        query.expand_recurrences == Some(true),
    )?;
    context.user().store.read(|work| {
        let number = kept::state::<Task>(work, &who)?;
        let can_calculate = search.window.is_none() && query.time_zone.is_none();
        let state = if can_calculate { number.to_string() } else { format!("{number}-only") };
        let ids = search.run(work, &who)?.into_iter().filter_map(|task| task.id).collect();
        let mut response = listing::page(ids, arguments, QueryState::any(state))?;
        response.can_calculate_changes = Some(can_calculate);
        Ok(response)
    })
}

pub(crate) fn query_changes(
    context: &Context<Somebody>,
    arguments: QueryChangesArguments<Task>,
) -> Result<QueryChangesResponse<Task>, MethodError> {
    let who = Who::of(context, arguments.account_id.as_ref());
    let search = Search::of(arguments.filter.as_ref(), &arguments.sort, zone(None)?, false)?;
    context.user().store.read(|work| {
        let found = search.run(work, &who)?;
        let ids: Vec<_> = found.into_iter().filter_map(|task| task.id).collect();
        listing::changes(&ids, &arguments, work, &who)
    })
}

/// What somebody looks for.
struct Search<'q> {
    filter: Option<&'q Filter<TaskCondition>>,
    sort: &'q [Comparator<TaskSortBy>],
    zone: FoundZone,
    /// If occurrences are wanted: from when to when.
    window: Option<(UtcDateTime, UtcDateTime)>,
}

impl<'q> Search<'q> {
    fn of(
        filter: Option<&'q Filter<TaskCondition>>,
        sort: &'q [Comparator<TaskSortBy>],
        zone: FoundZone,
        expands: bool,
    ) -> Result<Self, MethodError> {
        if let Some(name) = filter.and_then(unknown) {
            return Err(MethodError::new(MethodErrorKind::UnsupportedFilter).description(name));
        }
        let is_known =
            |it: &Comparator<TaskSortBy>| !matches!(it.property, None | Some(TaskSortBy::Other(_)));
        if !sort.iter().all(is_known) {
            return Err(MethodErrorKind::UnsupportedSort.into());
        }
        let window = if expands { Some(window(filter, &zone)?) } else { None };
        Ok(Self { filter, sort, zone, window })
    }

    fn run(&self, work: &Work<'_>, who: &Who) -> Result<Vec<Task>, MethodError> {
        let all = kept::all_seen::<Task>(work, who)?;
        let mut found = Vec::new();
        match self.window {
            Some(window) => {
                for task in &all {
                    self.add_occurrences(task, window, &mut found)?;
                }
            }
            None => found.extend(all.into_iter().filter(|task| self.matches(task))),
        }
        found.sort_by(|one, two| self.order(one, two));
        Ok(found)
    }

    fn add_occurrences(
        &self,
        task: &Task,
        (after, before): (UtcDateTime, UtcDateTime),
        found: &mut Vec<Task>,
    ) -> Result<(), MethodError> {
        let Some(series) = series(task) else { return Ok(()) };
        let occurrences = series.occurrences().floating_in(self.zone.clone());
        for (number, occurrence) in occurrences.between(after, before).enumerate() {
            if number.max(found.len()) >= MOST_OCCURRENCES {
                return Err(too_many());
            }
            found.extend(Some(occurrence::seen(task, &occurrence)).filter(|it| self.matches(it)));
        }
        Ok(())
    }

    fn matches(&self, task: &Task) -> bool {
        let matches = |filter: &Filter<TaskCondition>| {
            filter.matches(&mut |condition| matches(task, condition, &self.zone))
        };
        self.filter.is_none_or(matches)
    }

    fn order(&self, one: &Task, two: &Task) -> Ordering {
        let by = |comparator: &Comparator<TaskSortBy>| {
            let is_descending = comparator.is_ascending == Some(false);
            let property = comparator.property.as_ref();
            compare(&self.key(one, property), &self.key(two, property), is_descending)
        };
        let wanted = self.sort.iter().map(by).find(|order| order.is_ne());
        // By what lists are shown in, and then by what is never equal.
        let usual =
            |task: &Task| (task.sort_order.unwrap_or(0), task.title.clone(), task.id.clone());
        wanted.unwrap_or_else(|| usual(one).cmp(&usual(two)))
    }

    fn key(&self, task: &Task, by: Option<&TaskSortBy>) -> Option<Key> {
        let own = || task.time_zone.as_ref().and_then(|id| TimeZones::new().find(id));
        let at = |local: LocalDateTime| {
            Key::Number(own().as_ref().unwrap_or(&self.zone).instant_of(local))
        };
        let number = |number: u64| Key::Number(i64::try_from(number).unwrap_or(i64::MAX));
        match by? {
            TaskSortBy::Start => task.start.map(at),
            TaskSortBy::Due => task.due.map(at),
            TaskSortBy::Uid => task.uid.clone().map(Key::Text),
            TaskSortBy::RecurrenceId => task.recurrence_id.map(|id| Key::Text(id.to_string())),
            TaskSortBy::SortOrder => Some(number(task.sort_order.unwrap_or(0))),
            // 0 is none.
            TaskSortBy::Priority => task.priority.filter(|it| *it > 0).map(Key::Number),
            TaskSortBy::Created => task.created.map(|it| Key::Text(it.to_string())),
            TaskSortBy::Updated => task.updated.map(|it| Key::Text(it.to_string())),
            _ => None,
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(String),
}

/// What is missing comes last, whichever way the rest is sorted.
fn compare(one: &Option<Key>, two: &Option<Key>, is_descending: bool) -> Ordering {
    match (one, two) {
        (Some(one), Some(two)) if is_descending => two.cmp(one),
        (Some(one), Some(two)) => one.cmp(two),
        (one, two) => two.is_some().cmp(&one.is_some()),
    }
}

/// The name of a condition that there is not.
fn unknown(filter: &Filter<TaskCondition>) -> Option<String> {
    match filter {
        Filter::Condition(condition) => condition.extra.keys().next().cloned(),
        // The reader bounds how deep filters are.
        Filter::Operator(operator) => operator.conditions.iter().find_map(unknown),
    }
}

fn window(
    filter: Option<&Filter<TaskCondition>>,
    zone: &FoundZone,
) -> Result<(UtcDateTime, UtcDateTime), MethodError> {
    let instant = |at| UtcDateTime::from_unix_seconds(zone.instant_of(at));
    let bounds = match filter {
        Some(Filter::Condition(it)) => it.after.and_then(instant).zip(it.before.and_then(instant)),
        _ => None,
    };
    let Some((after, before)) = bounds else {
        let mut error = MethodError::new(MethodErrorKind::InvalidArguments)
            .description("the filter must be one condition with after and before");
        error.arguments = vec!["filter".to_owned()];
        return Err(error);
    };
    if before.unix_seconds() - after.unix_seconds() > i64::from(MOST_DAYS) * 86_400 {
        return Err(MethodError::new("expandDurationTooLarge"));
    }
    Ok((after, before))
}

/// When a task is, if it is at any time at all.
fn series(task: &Task) -> Option<Series<'_, jscalendar::Task>> {
    if task.start.is_none() && task.due.is_none() {
        return None;
    }
    Series::new(&task.task, &TimeZones::new()).ok()
}

fn matches(task: &Task, condition: &TaskCondition, zone: &FoundZone) -> bool {
    let questions = Questions {
        any: condition.text.as_deref(),
        title: condition.title.as_deref(),
        description: condition.description.as_deref(),
        location: condition.location.as_deref(),
        owner: condition.owner.as_deref(),
        attendee: condition.attendee.as_deref(),
    };
    let list = condition.in_task_list.as_ref();
    let status = condition.workflow_status.as_ref();
    list.is_none_or(|list| task.task_list_id.as_ref() == Some(list))
        && condition.uid.as_ref().is_none_or(|uid| task.uid.as_ref() == Some(uid))
        && status.is_none_or(|status| task.workflow_status.as_ref() == Some(status))
        && condition.progress.as_ref().is_none_or(|it| *it == progress(task))
        && is_within(task, condition, zone)
        && questions.hold(|| Texts::of_series(&task.task))
}

/// Whether some occurrence is due after the one moment, and some starts before the other one.
fn is_within(task: &Task, condition: &TaskCondition, zone: &FoundZone) -> bool {
    if condition.after.is_none() && condition.before.is_none() {
        return true;
    }
    let Some(series) = series(task) else { return false };
    let instant = |at| UtcDateTime::from_unix_seconds(zone.instant_of(at));
    let occurrences = || series.occurrences().floating_in(zone.clone());
    let is_after = condition.after.and_then(instant).is_none_or(|after| {
        let seconds = after.unix_seconds();
        occurrences().after(after).any(|it| it.end().seconds(Some(zone)) > seconds)
    });
    is_after
        && condition.before.and_then(instant).is_none_or(|before| {
            let first = occurrences().next();
            first.is_some_and(|it| it.start_seconds(Some(zone)) < before.unix_seconds())
        })
}

/// How far a task is: what it says, or what those who take part have done (JSCalendar 2.0, section 5.2.5).
fn progress(task: &Task) -> Progress {
    if let Some(progress) = &task.progress {
        return progress.clone();
    }
    let people: Vec<_> = task.participants.values().map(|it| it.progress.as_ref()).collect();
    if !people.is_empty() && people.iter().all(|it| *it == Some(&Progress::Completed)) {
        return Progress::Completed;
    }
    let later = [Progress::Failed, Progress::InProcess];
    let found = later.into_iter().find(|wanted| people.contains(&Some(wanted)));
    found.unwrap_or(Progress::NeedsAction)
}
