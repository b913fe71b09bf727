//! Queries. The standard gives calendars none, so it is their events that are looked for.

use jmap_core::object::{Get, Object, Query, Set};
use jmap_core::sync::HeldQuery;
use jmap_core::{
    Client, Comparator, CreationId, GetArguments, Id, Json, Map, PatchObject, QueryArguments,
    SetArguments,
};

use super::calendars::Account;
use super::{Calendar, Server};

/// An event, as far as these tests need it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Event {
    id: Option<Id<Self>>,
    title: Option<String>,
    extra: Map<String, Json>,
}

json_model::members! { Event: "Event" never { "id" => id, "title" => title } extra }

impl Object for Event {
    const TYPE: &'static str = "CalendarEvent";
    const USING: &'static [&'static str] = &["urn:ietf:params:jmap:calendars"];
    type Property = String;
}
impl Get for Event {}
impl Set for Event {}
impl Query for Event {
    type Condition = Json;
    type SortBy = String;
}

const COUNT: usize = 5;

/// Makes events with the titles `name 0`, `name 1` and so on, an hour apart.
fn fill(client: &Client, calendar: &Id<Calendar>, name: &str) -> Vec<Id<Event>> {
    let mut set = SetArguments::default();
    for number in 0..COUNT {
        let text = format!(
            r#"{{"@type":"Event","uid":"{name}-{number}","title":"{name} {number}","start":"2026-03-01T1{number}:00:00",
            "timeZone":"Etc/UTC","duration":"PT1H","calendarIds":{{"{calendar}":true}}}}"#
        );
        let event: Event = serde_json::from_str(&text).unwrap();
        set.create(CreationId::any(format!("k{number}")), event);
    }
    let response = client.set(set).wait().unwrap();
    assert!(response.not_created.is_empty(), "{response:?}");
    response.created.into_iter().map(|(_, event)| event.id).collect()
}

/// The events of the calendar, by time.
fn of(calendar: &Id<Calendar>) -> QueryArguments<Event> {
    // Servers of the older dialect want a list.
    let filter = Json::from(serde_json::json!({ "inCalendars": [calendar.as_str()] }));
    QueryArguments::matching(filter).sort([Comparator::ascending("start".to_owned())])
}

fn remove(client: &Client, events: &[Id<Event>]) {
    let mut set = SetArguments::default();
    set.destroy = events.to_vec();
    assert!(client.set(set).wait().unwrap().not_destroyed.is_empty());
}

#[test]
fn found_fetched_changed_and_gone() {
    let Some(mut account) = Account::take() else { return };
    let calendar = account.create("Queries");
    let client = Server::named().unwrap().client();
    let events = fill(&client, &calendar, "query");

    // Found and fetched in one round trip.
    let mut batch = client.batch();
    let query = batch.query(of(&calendar));
    let get = batch.get(query.ids());
    let mut responses = batch.send().wait().unwrap();
    assert_eq!(responses.take(query).unwrap().ids, events);
    let titles: Vec<String> =
        responses.take(get).unwrap().list.into_iter().map(|event| event.title.unwrap()).collect();
    assert_eq!(titles.len(), COUNT);
    assert!(titles.contains(&"query 3".to_owned()), "{titles:?}");

    // Page by page.
    let mut pages = client.query_pages(of(&calendar).limit(2));
    let mut paged = Vec::new();
    while let Some(page) = pages.wait_next() {
        paged.extend(page.unwrap().ids);
    }
    assert_eq!(paged, events);

    // Another state once something has changed.
    let held = HeldQuery::of(client.query(of(&calendar)).wait().unwrap()).unwrap();
    let mut set = SetArguments::<Event>::default();
    let later = PatchObject::new().set("start", "2026-03-01T23:00:00").clone();
    set.update(events[0].clone(), later);
    assert_eq!(client.set(set).wait().unwrap().updated.len(), 1);
    let now = client.query(of(&calendar)).wait().unwrap();
    assert_eq!(now.ids.last(), Some(&events[0]));
    assert_ne!(now.query_state.as_ref(), Some(held.state()));

    remove(&client, &events);
    assert_eq!(client.query(of(&calendar)).wait().unwrap().ids, []);
    let gone = client.get(GetArguments::of(events.clone())).wait().unwrap();
    assert_eq!(gone.not_found.len(), COUNT);
}
