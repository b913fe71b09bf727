//! `CalendarEvent/query` (JMAP Calendars, section 5.10).

use jmap_calendars::{CalendarEvent, EventCondition, EventSortBy, QueryEvents};
use jmap_core::object::Object;
use jmap_core::server::Context;
use jmap_core::{Comparator, Filter, Id, MethodError, MethodErrorKind, QueryResponse, QueryState};
use jscalendar::{FoundZone, Participant, Role, Series, TimeZoneId, TimeZones, UtcDateTime, Zone};
use rusqlite::params;

use crate::account::Somebody;
use crate::kept::{self, Who};
use crate::store::{StoreError, Work};

pub(crate) async fn query(
    context: Context<Somebody>,
    query: QueryEvents,
) -> Result<QueryResponse<CalendarEvent>, MethodError> {
    if query.expand_recurrences == Some(true) {
        return Err(MethodError::new("cannotCalculateOccurrences")
            .description("occurrences are not there yet"));
    }
    let who = Who::of(&context, query.query.account_id.as_ref());
    let zone = zone(query.time_zone.as_deref())?;
    let arguments = query.query;
    let filter = arguments.filter.as_ref();
    check_filter(filter)?;
    context.user().store.read(|work| {
        let mut found = work.candidates(&who.account, filter)?;
        if let Some(filter) = filter {
            found.retain(|event| filter.matches(&mut |condition| matches(event, condition, &zone)));
        }
        sort(&mut found, &arguments.sort, &zone)?;
        let state = QueryState::any(work.state(&who.account, CalendarEvent::TYPE)?.to_string());
        let ids: Vec<_> = found.into_iter().filter_map(|event| event.id.clone()).collect();
        let total = ids.len();
        let start = start(&ids, &arguments)?;
        let limit =
            arguments.limit.map_or(usize::MAX, |it| usize::try_from(it).unwrap_or(usize::MAX));
        let ids = ids.into_iter().skip(start).take(limit);
        let mut response = QueryResponse::new(state, start as u64, ids);
        response.total = arguments.calculate_total.filter(|it| *it).map(|_| total as u64);
        Ok(response)
    })
}

/// Where the part begins that is wanted (RFC 8620, section 5.5).
fn start(
    ids: &[Id<CalendarEvent>],
    query: &jmap_core::QueryArguments<CalendarEvent>,
) -> Result<usize, MethodError> {
    let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let start = match &query.anchor {
        Some(anchor) => {
            let at = ids.iter().position(|id| id == anchor);
            let at = at.ok_or(MethodErrorKind::AnchorNotFound)?;
            i64::try_from(at).unwrap_or(i64::MAX).saturating_add(query.anchor_offset.unwrap_or(0))
        }
        None => match query.position.unwrap_or(0) {
            position if position < 0 => total.saturating_add(position),
            position => position,
        },
    };
    Ok(usize::try_from(start.max(0)).unwrap_or(usize::MAX))
}

fn zone(name: Option<&str>) -> Result<FoundZone, MethodError> {
    let id = name.map_or_else(|| Some(TimeZoneId::utc()), |name| name.parse().ok());
    id.and_then(|id| TimeZones::new().find(&id)).ok_or_else(|| {
        let mut error = MethodError::new(MethodErrorKind::InvalidArguments);
        error.arguments = vec!["timeZone".to_owned()];
        error
    })
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

impl Work<'_> {
    /// The events that a filter can match, by what the tables know.
    fn candidates(
        &self,
        account: &str,
        filter: Option<&Filter<EventCondition>>,
    ) -> Result<Vec<CalendarEvent>, StoreError> {
        let condition = match filter {
            Some(Filter::Condition(condition)) => condition.clone(),
            _ => EventCondition::default(),
        };
        // A day more: the tables have UTC, and the query a time zone.
        let day = 86_400;
        let seconds = |at: jscalendar::LocalDateTime| {
            TimeZones::new().find(&TimeZoneId::utc()).map(|utc| utc.instant_of(at))
        };
        let after = condition.after.and_then(seconds).map(|after| after - day);
        let before = condition.before.and_then(seconds).map(|before| before + day);
        let mut query = self.transaction.prepare_cached(
            "SELECT object.json FROM event JOIN object
               ON object.account = event.account AND object.type = 'CalendarEvent' AND object.id = event.id
             WHERE event.account = ?1
               AND (?2 IS NULL OR event.uid = ?2)
               AND (?3 IS NULL OR event.ends IS NULL OR event.ends > ?3)
               AND (?4 IS NULL OR event.starts < ?4)
               AND (?5 IS NULL OR EXISTS (SELECT 1 FROM event_in_calendar AS it
                    WHERE it.account = ?1 AND it.calendar = ?5 AND it.event = event.id))
             ORDER BY event.starts, event.uid, event.id",
        )?;
        let calendar = condition.in_calendar.as_ref().map(Id::as_str);
        let rows = query
            .query_map(params![account, condition.uid, after, before, calendar], |row| {
                row.get::<_, String>(0)
            })?;
        let mut events = Vec::new();
        for json in rows {
            let json = jmap_core::Json::parse(&json?).ok();
            events.extend(json.as_ref().and_then(kept::parsed::<CalendarEvent>));
        }
        Ok(events)
    }
}

/// Whether all that a condition says is true of an event, or of some occurrence of it.
fn matches(event: &CalendarEvent, condition: &EventCondition, zone: &FoundZone) -> bool {
    let has = |wanted: &Option<String>, texts: &dyn Fn() -> Vec<String>| {
        wanted.as_deref().is_none_or(|wanted| has_words(&texts(), wanted))
    };
    let people = |of: &dyn Fn(&Participant) -> bool| -> Vec<String> {
        let people = event.participants.values().filter(|participant| of(participant));
        people.flat_map(names).collect()
    };
    let in_calendar =
        condition.in_calendar.as_ref().is_none_or(|id| event.calendar_ids.contains(id.as_str()));
    in_calendar
        && condition.uid.as_ref().is_none_or(|uid| event.uid.as_ref() == Some(uid))
        && is_within(event, condition, zone)
        && has(&condition.title, &|| titles(event))
        && has(&condition.description, &|| descriptions(event))
        && has(&condition.location, &|| places(event))
        && has(&condition.owner, &|| people(&|it| it.roles.contains(&Role::Owner)))
        && has(&condition.attendee, &|| people(&|it| it.calendar_address.is_some()))
        && has(&condition.text, &|| {
            [titles(event), descriptions(event), places(event), people(&|_| true)].concat()
        })
}

fn titles(event: &CalendarEvent) -> Vec<String> {
    let own = event.title.clone().into_iter();
    own.chain(overridden(event, "title")).collect()
}

fn descriptions(event: &CalendarEvent) -> Vec<String> {
    let own = event.description.clone().into_iter();
    own.chain(overridden(event, "description")).collect()
}

/// The values that overrides give a property of text.
fn overridden<'e>(event: &'e CalendarEvent, name: &'e str) -> impl Iterator<Item = String> + 'e {
    let overrides = event.recurrence_overrides.values();
    overrides.filter_map(move |patch| patch.0.get(name)?.to_text())
}

fn places(event: &CalendarEvent) -> Vec<String> {
    let places = event.locations.values().filter_map(|place| place.name.clone());
    let virtual_places = event.virtual_locations.values().filter_map(|place| place.name.clone());
    places.chain(virtual_places).collect()
}

fn names(participant: &Participant) -> impl Iterator<Item = String> {
    let address = participant.calendar_address.clone();
    [participant.name.clone(), participant.email.clone(), address].into_iter().flatten()
}

/// Whether some occurrence ends after the one moment, and some starts before the other one; the same if both are named
/// and one is within.
fn is_within(event: &CalendarEvent, condition: &EventCondition, zone: &FoundZone) -> bool {
    if condition.after.is_none() && condition.before.is_none() {
        return true;
    }
    let instant = |at| UtcDateTime::from_unix_seconds(zone.instant_of(at));
    let Ok(series) = Series::new(&event.event, &TimeZones::new()) else { return false };
    let occurrences = || series.occurrences().floating_in(zone.clone());
    let is_after = condition.after.and_then(instant).is_none_or(|after| {
        let seconds = after.unix_seconds();
        occurrences().after(after).any(|it| it.end().seconds(Some(zone)) > seconds)
    });
    let is_before = condition.before.and_then(instant).is_none_or(|before| {
        occurrences().next().is_some_and(|it| it.start_seconds(Some(zone)) < before.unix_seconds())
    });
    is_after && is_before
}

/// Whether all words, and all phrases in quotation marks, stand in some text; capitals do not matter.
fn has_words(texts: &[String], wanted: &str) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    words(&wanted.to_lowercase()).iter().all(|word| texts.iter().any(|text| text.contains(word)))
}

/// The words of a question, and its phrases in quotation marks, in which a backslash takes its meaning from what follows.
fn words(wanted: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = None;
    let mut characters = wanted.chars();
    while let Some(character) = characters.next() {
        match (character, quoted) {
            ('\\', _) => {
                let next = characters.next();
                if let (Some(word), Some(next)) = (words.last_mut(), next) {
                    word.push(next);
                }
            }
            (mark, Some(open)) if mark == open => {
                quoted = None;
                words.push(String::new());
            }
            ('"' | '\'', None) => {
                quoted = Some(character);
                words.push(String::new());
            }
            (space, None) if space.is_whitespace() => words.push(String::new()),
            (other, _) => {
                if let Some(word) = words.last_mut() {
                    word.push(other);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Sorts by each comparator, the last one first; what is equal stays in the order of starts.
fn sort(
    events: &mut [CalendarEvent],
    sort: &[Comparator<EventSortBy>],
    zone: &FoundZone,
) -> Result<(), MethodError> {
    for comparator in sort.iter().rev() {
        let is_descending = comparator.is_ascending == Some(false);
        match &comparator.property {
            Some(EventSortBy::Start) => by(events, is_descending, |event| starts(event, zone)),
            Some(EventSortBy::Uid) => by(events, is_descending, |event| event.uid.clone()),
            Some(EventSortBy::RecurrenceId) => by(events, is_descending, |it| it.recurrence_id),
            Some(EventSortBy::Created) => by(events, is_descending, |event| event.created),
            Some(EventSortBy::Updated) => by(events, is_descending, |event| event.updated),
            _ => return Err(MethodErrorKind::UnsupportedSort.into()),
        }
    }
    Ok(())
}

fn by<K: Ord>(
    events: &mut [CalendarEvent],
    is_descending: bool,
    key: impl Fn(&CalendarEvent) -> K,
) {
    if is_descending {
        events.sort_by_cached_key(|event| std::cmp::Reverse(key(event)));
    } else {
        events.sort_by_cached_key(key);
    }
}

/// When an event starts, floating ones in the time zone of the query.
fn starts(event: &CalendarEvent, zone: &FoundZone) -> i64 {
    let series = Series::new(&event.event, &TimeZones::new());
    let first = series
        .ok()
        .and_then(|series| series.occurrences().next().map(|it| it.start_seconds(Some(zone))));
    first.unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases() {
        assert_eq!(words("tea  milk"), ["tea", "milk"]);
        assert_eq!(words(r#"tea "with milk" 'and \'cream'"#), ["tea", "with milk", "and 'cream"]);
        assert_eq!(words(r"a\\b"), [r"a\b"]);
        assert!(words("  ").is_empty());
        let texts = ["Tea with Milk".to_owned(), "Berlin".to_owned()];
        assert!(has_words(&texts, "TEA berlin"));
        assert!(has_words(&texts, "\"with milk\""));
        assert!(!has_words(&texts, "\"tea milk\""));
    }
}
