//! `CalendarEvent/query` and `queryChanges` (JMAP Calendars, sections 5.10 and 5.11).

mod condition;
mod expand;
mod found;
mod sort;

use jmap_calendars::{CalendarEvent, EventCondition, QueryEvents};
use jmap_core::server::Context;
use jmap_core::{
    Filter, MethodError, MethodErrorKind, QueryChangesArguments, QueryChangesResponse,
    QueryResponse, QueryState,
};
use jscalendar::{Duration, DurationParts, FoundZone};

use self::found::Found;
use crate::account::Somebody;
use crate::kept::{self, Who};
use crate::listing;
use crate::occurrence::view::zone;
use crate::store::Work;

pub(crate) use self::expand::{MOST_DAYS, MOST_OCCURRENCES, too_many};

pub(crate) fn query(
    context: &Context<Somebody>,
    query: QueryEvents,
) -> Result<QueryResponse<CalendarEvent>, MethodError> {
    let who = Who::of(context, query.query.account_id.as_ref());
    let arguments = &query.query;
    check_filter(arguments.filter.as_ref())?;
    let found_zone = zone(query.time_zone.as_deref())?;
    let expands = query.expand_recurrences == Some(true);
    context.user().store.read(|work| {
        let mut found = match expands {
            true => expand::occurrences(arguments.filter.as_ref(), &found_zone, work, &who)?,
            false => events(arguments.filter.as_ref(), &found_zone, work, &who)?,
        };
        sort::sort(&mut found, &arguments.sort)?;
        let ids = found.into_iter().map(|found| found.id).collect();
        let number = work.state(kept::log::<CalendarEvent>(&who))?;
        // `queryChanges` has neither of the two arguments.
        let can_calculate = !expands && query.time_zone.as_deref().is_none_or(is_utc);
        let state = if can_calculate { number.to_string() } else { format!("{number}-only") };
        let mut response = listing::page(ids, arguments, QueryState::any(state))?;
        response.can_calculate_changes = Some(can_calculate);
        Ok(response)
    })
}

fn is_utc(zone: &str) -> bool {
    matches!(zone, "Etc/UTC" | "UTC")
}

/// The longest time between `after` and `before` of a query for occurrences.
pub(crate) fn longest_expansion() -> Option<Duration> {
    Duration::from_parts(DurationParts { days: Some(MOST_DAYS), ..DurationParts::default() })
}

pub(crate) fn query_changes(
    context: &Context<Somebody>,
    arguments: QueryChangesArguments<CalendarEvent>,
) -> Result<QueryChangesResponse<CalendarEvent>, MethodError> {
    let who = Who::of(context, arguments.account_id.as_ref());
    check_filter(arguments.filter.as_ref())?;
    let utc = zone(None)?;
    context.user().store.read(|work| {
        let mut found = events(arguments.filter.as_ref(), &utc, work, &who)?;
        sort::sort(&mut found, &arguments.sort)?;
        let ids: Vec<_> = found.into_iter().map(|found| found.id).collect();
        listing::changes(&ids, &arguments, work, &who)
    })
}

/// The events that a filter matches.
fn events(
    filter: Option<&Filter<EventCondition>>,
    zone: &FoundZone,
    work: &Work<'_>,
    who: &Who,
) -> Result<Vec<Found>, MethodError> {
    let candidates = work.candidates(who, filter, zone)?;
    let mut found = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        // The tables know all of an event, also what somebody else does not see.
        if candidate.is_doubtful || !who.is_owner() {
            let event = kept::seen::<CalendarEvent>(candidate.id.as_str(), work, who)?;
            let matches = |event: &CalendarEvent| {
                filter.is_none_or(|filter| {
                    filter.matches(&mut |it| condition::matches(event, it, zone))
                })
            };
            if !event.as_ref().is_some_and(matches) {
                continue;
            }
        }
        found.push(candidate);
    }
    Ok(found)
}

fn check_filter(filter: Option<&Filter<EventCondition>>) -> Result<(), MethodError> {
    let mut unknown = None;
    if let Some(filter) = filter {
        each(filter, &mut |condition| {
            unknown = unknown.take().or_else(|| condition.extra.keys().next().cloned());
        });
    }
    match unknown {
        Some(name) => Err(MethodError::new(MethodErrorKind::UnsupportedFilter).description(name)),
        None => Ok(()),
    }
}

fn each(filter: &Filter<EventCondition>, visit: &mut impl FnMut(&EventCondition)) {
    match filter {
        Filter::Condition(condition) => visit(condition),
        // The reader bounds how deep filters are.
        Filter::Operator(operator) => {
            operator.conditions.iter().for_each(|filter| each(filter, visit));
        }
    }
}
