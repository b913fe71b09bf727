//! Keeping up with a server: changes with paging, and lists that stay fresh.

use std::time::Duration;

use jmap_calendars::{CalendarsExt, Followed, GetEvents, ParseEvents, SetEvents};
use jmap_core::client::{ObjectsStep, Upload};
use jmap_core::{ChangesArguments, CreationId};

use super::{Place, event};

#[test]
fn changes_come_page_by_page() {
    let Some(place) = Place::alone() else { return };
    let state = place.client.get(GetEvents::of([])).wait().unwrap().state.unwrap();
    let added: Vec<_> =
        (1..=5).map(|n| place.add(event(&format!("{n}"), "2027-03-01T09:00:00")).id()).collect();
    let mut first = ChangesArguments::since(state.clone());
    first.max_changes = Some(2);
    let page = place.client.changes(first).wait().unwrap();
    assert_eq!(page.has_more_changes, Some(true));
    let mut pages = place.client.objects_since(state);
    let mut seen = Vec::new();
    while let Some(step) = pages.wait_next() {
        let ObjectsStep::Changed(page) = step.unwrap() else { panic!("history is lost") };
        seen.extend(page.objects.iter().filter_map(|event| event.id.clone()));
    }
    assert!(added.iter().all(|id| seen.contains(id)));
}

#[test]
fn a_list_stays_fresh() {
    let Some(place) = Place::take() else { return };
    let search = place.client.events().search().in_calendar(&place.calendar);
    let mut list = search.follow().interval(Duration::from_millis(200));
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    let Followed::All(all) = jmap_core::wait(list.next()).unwrap() else { panic!("not all") };
    assert_eq!(all.len(), 1);
    let tea = tea.edit(|event| event.title = Some("Coffee".to_owned())).wait().unwrap();
    let step = jmap_core::wait(list.next()).unwrap();
    let Followed::Changed { changed, gone } = step else { panic!("not a change") };
    assert_eq!((changed.len(), gone.len()), (1, 0));
    assert_eq!(changed[0].title.as_deref(), Some("Coffee"));
    tea.remove().wait().unwrap();
    let step = jmap_core::wait(list.next()).unwrap();
    let Followed::Changed { gone, .. } = step else { panic!("not a change") };
    assert_eq!(gone, [tea.id()]);
}

#[test]
fn everything_stays_fresh() {
    let Some(place) = Place::take() else { return };
    let mut list = place.client.events().follow().interval(Duration::from_millis(200));
    let Followed::All(_) = jmap_core::wait(list.next()).unwrap() else { panic!("not all") };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    for _ in 0..50 {
        // Other tests change other events, and destroy calendars, after which this server knows no history.
        let events = match jmap_core::wait(list.next()).unwrap() {
            Followed::Changed { changed, .. } => changed,
            Followed::All(events) => events,
            other => panic!("{other:?}"),
        };
        if events.iter().any(|event| event.id() == tea.id()) {
            return;
        }
    }
    panic!("the new event did not come");
}

#[test]
fn parsed_by_the_server() {
    const TEXT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:p1\r\n\
        DTSTAMP:20270101T000000Z\r\nDTSTART:20270301T090000Z\r\nSUMMARY:Parsed\r\n\
        RRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let Some(place) = Place::take() else { return };
    let blob = place.client.upload(Upload::new("text/calendar", TEXT)).wait().unwrap();
    let blob = blob.blob_id.unwrap();
    let mut batch = place.client.batch();
    let parse = batch.force().call(ParseEvents::of([blob.clone()]));
    let parsed = batch.send().wait().unwrap().take(parse).unwrap().parsed;
    let [event] = parsed[&blob].0.as_slice() else { panic!("{parsed:?}") };
    assert_eq!(event.title.as_deref(), Some("Parsed"));
    assert_eq!(event.recurrence_rule.as_ref().unwrap().count, Some(3));
}

#[cfg(feature = "ical")]
#[test]
fn added_as_icalendar_and_back() {
    const TEXT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\n\
        UID:%1\r\nDTSTAMP:20270101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20270301T090000\r\n\
        DURATION:PT1H\r\nSUMMARY:Tea\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n\
        UID:%1\r\nDTSTAMP:20270101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270308T090000\r\n\
        DTSTART;TZID=Europe/Berlin:20270308T110000\r\nDURATION:PT1H\r\nSUMMARY:Late tea\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";
    let Some(place) = Place::take() else { return };
    let text = TEXT.replace("%1", &super::unique());
    let added = place.client.events().add_ical(&text).wait().unwrap();
    let [tea] = added.events.as_slice() else { panic!("{added:?}") };
    assert_eq!(tea.recurrence_overrides.len(), 1);
    let back = tea.to_ical().value;
    for line in ["SUMMARY:Tea", "SUMMARY:Late tea", "DTSTART;TZID=Europe/Berlin:20270308T110000"] {
        assert!(back.contains(line), "{line} is not in {back}");
    }
    tea.remove().wait().unwrap();
}

/// The conditions under which a change is made: all or nothing.
#[test]
fn if_in_state() {
    let Some(place) = Place::take() else { return };
    let state = place.client.get(GetEvents::of([])).wait().unwrap().state.unwrap();
    place.add(event("Tea", "2027-03-01T09:00:00"));
    let mut late = SetEvents::new();
    late.set.if_in_state(state);
    let mut lunch = jmap_calendars::CalendarEvent::from(event("Lunch", "2027-03-01T12:00:00"));
    lunch.calendar_ids = [place.id()].into();
    late.set.create(CreationId::any("k1"), lunch);
    let error = place.client.set(late).wait().unwrap_err();
    assert!(error.is_state_mismatch(), "{error}");
}
