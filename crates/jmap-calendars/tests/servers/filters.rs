//! Every filter and order that the server has.

use jmap_calendars::{CalendarsExt, EventCondition, EventSortBy, predicate};
use jmap_core::{Comparator, Filter};
use jscalendar::Location;

use super::{Place, event};

#[test]
fn each_condition() {
    let Some(place) = Place::take() else { return };
    let mut tea = event("Tea with Ann", "2027-03-01T09:00:00");
    tea.description = Some("bring biscuits".to_owned());
    tea.keywords.insert("drink".to_owned());
    let mut kitchen = Location::default();
    kitchen.name = Some("Kitchen".to_owned());
    tea.locations.insert("1".into(), kitchen);
    let tea = place.add(tea);
    let lunch = place.add(event("Lunch", "2027-03-05T12:00:00"));
    let search = || place.client.events().search().in_calendar(&place.calendar);
    let titles = |search: jmap_calendars::Search| -> Vec<String> {
        let found = search.find().wait().unwrap();
        found.iter().map(|event| event.title.clone().unwrap_or_default()).collect()
    };
    let (tea_only, lunch_only) = (["Tea with Ann"], ["Lunch"]);
    assert_eq!(titles(search()), ["Tea with Ann", "Lunch"]);
    assert_eq!(titles(search().title("tea")), tea_only);
    assert_eq!(titles(search().description("biscuits")), tea_only);
    assert_eq!(titles(search().location("kitchen")), tea_only);
    assert_eq!(titles(search().text("biscuits")), tea_only);
    assert_eq!(titles(search().after("2027-03-02T00:00:00".parse().unwrap())), lunch_only);
    assert_eq!(titles(search().before("2027-03-02T00:00:00".parse().unwrap())), tea_only);
    assert_eq!(titles(search().uid(lunch.uid.clone().unwrap())), lunch_only);
    assert_eq!(titles(search().having(predicate::keyword("drink"))), tea_only);
    assert_eq!(titles(search().limit(1)), tea_only);
    assert_eq!(search().ids().wait().unwrap(), [tea.id(), lunch.id()]);
    let either = Filter::any([
        EventCondition::default().title("tea").into(),
        EventCondition::default().title("lunch").into(),
    ]);
    assert_eq!(titles(search().matching(either)).len(), 2);
    let not = Filter::not([EventCondition::default().title("tea").into()]);
    assert_eq!(titles(search().matching(not)), lunch_only);
    let backwards = search().sort([Comparator::descending(EventSortBy::Start)]);
    assert_eq!(titles(backwards), ["Lunch", "Tea with Ann"]);
}

#[test]
fn owners_and_attendees() {
    let Some(place) = Place::take() else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    tea.silently().invite(["mailto:guest@example.org"]).wait().unwrap();
    place.add(event("Lunch", "2027-03-05T12:00:00"));
    let search = || place.client.events().search().in_calendar(&place.calendar);
    // Its index of words may be behind by a moment.
    let mut found = 0;
    for _ in 0..50 {
        found = search().attendee("guest@example.org").find().wait().unwrap().len();
        if found > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(found, 1);
    assert_eq!(search().owner("user1@example.com").find().wait().unwrap().len(), 1);
    let of_guest = search().having(predicate::participant("mailto:guest@example.org"));
    assert_eq!(of_guest.find().wait().unwrap().len(), 1);
}

/// What the server does not offer is said by its own answer.
#[test]
fn an_order_that_the_server_lacks() {
    let Some(place) = Place::take() else { return };
    let search = place.client.events().search().in_calendar(&place.calendar);
    let found = search.sort([Comparator::ascending(EventSortBy::Updated)]).find().wait();
    match found {
        Ok(events) => assert!(events.is_empty()),
        Err(error) => assert!(error.is_unsupported(), "{error}"),
    }
}
