//! What the client sends for the work that the servers did, beside what was sent when it was recorded.

use std::collections::BTreeSet;

use jmap_calendars::{
    Calendar, CalendarEvent, Dialect, EventCondition, EventProperty, EventSortBy, GetAvailability,
    ParseEvents, QueryEvents, SetEvents,
};
use jmap_core::{
    Batch, ChangesArguments, Comparator, CreationId, GetArguments, Id, Json, PatchObject, Request,
    State,
};
use jmap_sharing::scheduled::GetScheduled;

use super::difference::difference;
use super::exchange::{Exchange, each, exchanges};
use super::{CYRUS, STALWART};
use crate::samples::meeting;

/// The request that the client makes of these calls for the server of the exchange.
fn request(exchange: &Exchange, calls: impl FnOnce(&mut Batch)) -> Request {
    let session = exchange.session();
    let dialect = Dialect::of(&session);
    let mut batch = Batch::new();
    batch.version(dialect.version());
    if dialect.forces() {
        batch.force();
    }
    calls(&mut batch);
    batch.request(&session).unwrap()
}

/// How the request differs from the recorded one, which the server took.
fn differences(exchange: &Exchange, calls: impl FnOnce(&mut Batch)) -> String {
    let sent = request(exchange, calls);
    let recorded = exchange.calls().0;
    let set = |request: &Request| request.using.iter().cloned().collect::<BTreeSet<_>>();
    let (ours, theirs) = (set(&sent), set(&recorded));
    let mut lines: Vec<String> =
        ours.difference(&theirs).map(|uri| format!("using {uri}")).collect();
    lines.extend(theirs.difference(&ours).map(|uri| format!("not using {uri}")));
    for (ours, theirs) in sent.method_calls.iter().zip(&recorded.method_calls) {
        assert_eq!((&ours.name, &ours.call_id), (&theirs.name, &theirs.call_id));
        let found = difference(&theirs.arguments, &ours.arguments, exchange.version());
        lines.extend(found.into_iter().map(|line| format!("{} {line}", ours.call_id)));
    }
    assert_eq!(sent.method_calls.len(), recorded.method_calls.len());
    lines.join("\n")
}

/// An argument of a recorded call, by a JSON pointer.
fn recorded(exchange: &Exchange, call: usize, pointer: &str) -> serde_json::Value {
    let arguments = exchange.calls().0.method_calls[call].arguments.to_value().unwrap();
    arguments.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}")).clone()
}

fn text(exchange: &Exchange, call: usize, pointer: &str) -> String {
    recorded(exchange, call, pointer).as_str().unwrap().to_owned()
}

fn first_key(exchange: &Exchange, call: usize, pointer: &str) -> String {
    recorded(exchange, call, pointer).as_object().unwrap().keys().next().unwrap().clone()
}

#[test]
fn all_calendars() {
    for exchange in each("02-calendar-get") {
        assert_same(&exchange, |batch| {
            batch.get(GetArguments::<Calendar>::all());
        });
    }
}

fn create(exchange: &Exchange) -> String {
    let calendar = Id::any(first_key(exchange, 0, "/create/new/calendarIds"));
    let (me, them) = match exchange.server.as_str() {
        STALWART => ("mailto:carol@example.com", "mailto:bob@example.com"),
        _ => ("mailto:user1@example.com", "mailto:user2@example.com"),
    };
    differences(exchange, |batch| {
        let mut set = SetEvents::new();
        set.set.create(CreationId::any("new"), meeting(calendar, me, them));
        batch.call(set);
    })
}

/// RFC 8984 demands the role `attendee` of whoever takes part (section 4.4.6).
#[test]
fn create_in_the_draft() {
    for exchange in CYRUS[..2].iter().filter_map(|it| Exchange::find(it, "03-event-set-create")) {
        insta::allow_duplicates! { insta::assert_snapshot!(create(&exchange), @"c0 /create/new/participants/guest/roles/attendee true") }
    }
}

/// JSCalendar 2.0 has no role `attendee`.
#[test]
fn create_on_cyrus() {
    let Some(exchange) = Exchange::find(CYRUS[2], "03-event-set-create") else { return };
    insta::assert_snapshot!(create(&exchange), @r#"
using https://cyrusimap.org/ns/jmap/jscalendarbis
c0 /create/new/participants/me/roles/attendee null
c0 /create/new/participants/them/roles null
"#);
}

/// And the version is always said.
#[test]
fn create_on_stalwart() {
    let Some(exchange) = Exchange::find(STALWART, "03-event-set-create") else { return };
    insta::assert_snapshot!(create(&exchange), @r#"
c0 /create/new/participants/me/roles/attendee null
c0 /create/new/participants/them/roles null
c0 /create/new/version "2.0"
"#);
}

/// What is the same on all servers, but for the capability that one of them wants.
fn assert_same(exchange: &Exchange, calls: impl FnOnce(&mut Batch)) {
    let bis = "using https://cyrusimap.org/ns/jmap/jscalendarbis";
    let expected = if exchange.server == CYRUS[2] { bis } else { "" };
    assert_eq!(differences(exchange, calls), expected, "{}", exchange.server);
}

#[test]
fn events_by_id() {
    for exchange in each("04-event-get") {
        let id = Id::any(text(&exchange, 0, "/ids/0"));
        assert_same(&exchange, |batch| {
            batch.call(GetScheduled::<CalendarEvent>::of([id, Id::any("nosuchid")]));
        });
    }
}

/// `inCalendar`, and `inCalendars` in the draft.
#[test]
fn occurrences() {
    for exchange in each("05-query-expanded") {
        let is_old = CYRUS[..2].contains(&exchange.server.as_str());
        let calendar =
            text(&exchange, 0, if is_old { "/filter/inCalendars/0" } else { "/filter/inCalendar" });
        let condition = EventCondition::default()
            .in_calendar(Id::any(calendar))
            .after("2027-03-01T00:00:00".parse().unwrap())
            .before("2027-03-16T00:00:00".parse().unwrap());
        assert_same(&exchange, |batch| {
            let mut query =
                QueryEvents::matching(condition).expand_recurrences().time_zone("Europe/Berlin");
            query.query = query.query.sort([Comparator::ascending(EventSortBy::Start)]);
            let found = batch.call(query);
            let properties = [
                EventProperty::Title,
                EventProperty::Start,
                EventProperty::Duration,
                EventProperty::TimeZone,
                EventProperty::UtcStart,
                EventProperty::UtcEnd,
                EventProperty::RecurrenceId,
                EventProperty::BaseEventId,
            ];
            let get = GetScheduled::<CalendarEvent>::all().properties(properties);
            batch.call(jmap_core::Call::new(get).with("ids", found.ids()));
        });
    }
}

#[test]
fn update_and_changes() {
    for exchange in each("06-update-changes") {
        let id = Id::<CalendarEvent>::any(first_key(&exchange, 0, "/update"));
        let since = |call| text(&exchange, call, "/sinceState");
        assert_same(&exchange, |batch| {
            let mut set = SetEvents::new();
            set.set.update(id, PatchObject::new().set("title", "Team meeting 2").clone());
            batch.call(set);
            let mut events = ChangesArguments::<CalendarEvent>::since(State::any(since(1)));
            events.max_changes = Some(50);
            batch.changes(events);
            batch.changes(ChangesArguments::<Calendar>::since(State::any(since(2))));
        });
    }
}

/// `showDetails` is always sent. The account is not named where that is refused; the recording tried it first.
#[test]
fn availability() {
    for exchange in each("11-availability") {
        let id = text(&exchange, 0, "/id");
        let properties = recorded(&exchange, 1, "/eventProperties");
        let properties: Vec<EventProperty> = Json::from(properties)
            .decode::<Vec<String>>()
            .unwrap()
            .into_iter()
            .map(EventProperty::from)
            .collect();
        let differences = differences(&exchange, |batch| {
            let ask = || {
                let time = |day: &str| format!("2027-03-{day}T00:00:00Z").parse().unwrap();
                GetAvailability::of(Id::any(id.clone()), time("01"), time("05"))
            };
            batch.call(ask());
            batch.call(ask().details(properties));
        });
        let expected = match exchange.server.as_str() {
            STALWART => "c0 /showDetails false\nc1 /accountId \"d\"",
            "cyrus-3.13" => {
                "using https://cyrusimap.org/ns/jmap/jscalendarbis\nc0 /accountId null\nc0 /showDetails false"
            }
            _ => "c0 /accountId null\nc0 /showDetails false",
        };
        assert_eq!(differences, expected, "{}", exchange.server);
    }
}

#[test]
fn parse() {
    for exchange in each("13-parse") {
        let blobs = [0, 1].map(|index| Id::any(text(&exchange, 0, &format!("/blobIds/{index}"))));
        assert_same(&exchange, |batch| {
            batch.call(ParseEvents::of(blobs));
        });
    }
}

/// There is something to compare with, wherever there are recordings at all.
#[test]
fn every_server_is_compared() {
    let servers: BTreeSet<String> = exchanges().map(|exchange| exchange.server).collect();
    assert!(servers.is_empty() || servers.len() == 4, "{servers:?}");
}
