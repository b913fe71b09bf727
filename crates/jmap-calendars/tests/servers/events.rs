//! Single events: added, found, changed, removed.

use jmap_calendars::{CalendarEvent, CalendarsExt, GetEvents, SetEvents};
use jmap_core::{ChangesArguments, Error, Id};
use jscalendar::{Alert, Event, Location, OffsetTrigger, VirtualLocation};

use super::{Place, event, unique};

#[test]
fn added_and_found_by_uid() {
    let Some(place) = Place::take() else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    assert!(tea.diagnostics.is_empty(), "{:?}", tea.diagnostics);
    let found = place.client.events().by_uid(tea.uid.as_deref().unwrap()).wait().unwrap().unwrap();
    assert_eq!((found.id(), found.title.as_deref()), (tea.id(), Some("Tea")));
    assert!(found.calendar_ids.contains(place.id().as_str()));
    assert!(place.client.events().by_uid(&unique()).wait().unwrap().is_none());
}

#[test]
fn everything_that_an_event_says_comes_back() {
    let Some(place) = Place::take() else { return };
    let mut full = event("Planning", "2027-03-01T09:00:00");
    full.description = Some("Agenda:\n1. plan\n2. review".to_owned());
    full.color = Some("#ff8800".to_owned());
    full.priority = Some(3);
    full.keywords.insert("work".to_owned());
    let mut room = Location::default();
    room.name = Some("Room 1".to_owned());
    full.locations.insert("room".into(), room);
    let mut call = VirtualLocation::default();
    call.name = Some("Call".to_owned());
    call.uri = Some("https://meet.example.com/abc".to_owned());
    full.virtual_locations.insert("call".into(), call);
    full.alerts.insert("early".into(), Alert::new(OffsetTrigger::new("-PT15M".parse().unwrap())));
    let stored = place.add(full.clone());
    assert_eq!(stored.description, full.description);
    assert_eq!((&stored.color, stored.priority), (&full.color, full.priority));
    assert_eq!(stored.keywords, full.keywords);
    assert_eq!(stored.locations["room"].name, full.locations["room"].name);
    assert_eq!(stored.virtual_locations["call"].uri, full.virtual_locations["call"].uri);
    assert!(stored.alerts["early"].trigger.is_some());
    assert_eq!((stored.start, &stored.time_zone), (full.start, &full.time_zone));
    assert_eq!(stored.duration, full.duration);
}

#[test]
fn whole_days_and_floating_times() {
    let Some(place) = Place::take() else { return };
    let mut day = event("Holiday", "2027-03-01T00:00:00");
    (day.time_zone, day.duration) = (None, Some("P2D".parse().unwrap()));
    day.show_without_time = Some(true);
    let stored = place.add(day);
    assert_eq!((stored.show_without_time, &stored.time_zone), (Some(true), &None));
    assert_eq!(stored.duration, Some("P2D".parse().unwrap()));

    let mut floating = event("Breakfast", "2027-03-02T08:00:00");
    floating.time_zone = None;
    let stored = place.add(floating);
    assert_eq!(stored.time_zone, None);
    assert_eq!(stored.start, Some("2027-03-02T08:00:00".parse().unwrap()));
}

#[test]
fn changed_by_the_smallest_patch() {
    let Some(place) = Place::take() else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    let edited = tea
        .edit(|event| {
            event.title = Some("Coffee".to_owned());
            event.keywords.insert("drink".to_owned());
        })
        .wait()
        .unwrap();
    assert_eq!(edited.title.as_deref(), Some("Coffee"));
    assert!(edited.keywords.contains("drink"));
    assert_eq!(edited.start, tea.start);
    // Another member of a map that is there, and one that goes.
    let edited = edited
        .edit(|event| {
            event.keywords.insert("hot".to_owned());
            event.keywords.remove("drink");
        })
        .wait()
        .unwrap();
    assert_eq!(edited.keywords.len(), 1);
    // Nothing is sent where nothing changes.
    let same = edited.edit(|_| {}).wait().unwrap();
    assert_eq!(same.state, edited.state);
}

#[test]
fn moved_into_another_calendar() {
    let Some(place) = Place::take() else { return };
    let other = place.beside();
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    let moved = tea.edit(|event| event.calendar_ids = [other.id()].into()).wait().unwrap();
    assert_eq!(moved.calendar_ids, [other.id()].into());
}

#[test]
fn removed() {
    let Some(place) = Place::take() else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    tea.remove().wait().unwrap();
    assert!(tea.reload().wait().unwrap().is_none());
    assert!(tea.remove().wait().unwrap_err().is_not_found());
}

#[test]
fn a_uid_is_taken_once() {
    let Some(place) = Place::take() else { return };
    let tea = event("Tea", "2027-03-01T09:00:00");
    place.add(tea.clone());
    let error = place.client.events().add_to(&place.calendar, tea).wait().unwrap_err();
    let Error::Set { error, .. } = error else { panic!("{error}") };
    assert_eq!(error.properties, ["uid"]);
}

#[test]
fn one_that_changed_meanwhile_is_left_alone() {
    let Some(place) = Place::alone() else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    let careful = tea.clone().if_unchanged();
    tea.edit(|event| event.title = Some("Coffee".to_owned())).wait().unwrap();
    let late = careful.edit(|event| event.title = Some("Milk".to_owned())).wait().unwrap_err();
    assert!(late.is_state_mismatch(), "{late}");
    let fresh = careful.reload().wait().unwrap().unwrap();
    assert_eq!(fresh.title.as_deref(), Some("Coffee"));
}

#[test]
fn many_at_once() {
    let Some(place) = Place::take() else { return };
    let here = |event: Event| {
        let mut event = CalendarEvent::from(event);
        event.calendar_ids = [place.id()].into();
        event
    };
    let mut events: Vec<CalendarEvent> =
        (0..30).map(|n| here(event(&format!("Number {n}"), "2027-03-01T09:00:00"))).collect();
    events.push(events[3].clone());
    let added = place.client.events().add_all(events).wait().unwrap();
    assert_eq!(added.iter().filter(|it| it.is_ok()).count(), 30);
    let ids: Vec<Id<_>> = added.into_iter().filter_map(Result::ok).collect();
    assert_eq!(place.client.events().get_all(ids).wait().unwrap().len(), 30);
}

/// The methods themselves, with their further arguments.
#[test]
fn arguments_of_get_and_set() {
    let Some(place) = Place::alone() else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    let get = GetEvents::of([tea.id()]).reduce_participants().overrides_between(
        "2027-01-01T00:00:00Z".parse().unwrap(),
        "2028-01-01T00:00:00Z".parse().unwrap(),
    );
    assert_eq!(place.client.get(get).wait().unwrap().list.len(), 1);
    let mut set = SetEvents::new();
    set.set.destroy(tea.id());
    let state = place.client.set(set).wait().unwrap().old_state.unwrap();
    let changes = place.client.changes(ChangesArguments::since(state)).wait().unwrap();
    assert!(changes.destroyed.contains(&tea.id()));
}
