//! Calendars: created, renamed, made the default one, destroyed.

use jmap_calendars::{Calendar, CalendarsExt, errors};
use jmap_core::Error;

use super::{Place, event};

#[test]
fn created_renamed_and_listed() {
    let Some(place) = Place::take() else { return };
    let calendars = place.client.calendars();
    assert!(place.calendar.my_rights.as_ref().unwrap().may_write_all == Some(true));
    calendars.rename(&place.calendar, "Other name").wait().unwrap();
    let edited = calendars
        .edit(&place.calendar, |calendar| {
            calendar.color = Some("#ff8800".to_owned());
            calendar.sort_order = Some(7);
        })
        .wait()
        .unwrap();
    assert_eq!(edited.name.as_deref(), Some("Other name"));
    let listed = calendars.list().wait().unwrap();
    let it = listed.iter().find(|it| it.id == place.calendar.id).unwrap();
    assert_eq!((it.color.as_deref(), it.sort_order), (Some("#ff8800"), Some(7)));
    let it = calendars.by_name("Other name").wait().unwrap().unwrap();
    assert_eq!(it.id, place.calendar.id);
}

#[test]
fn a_calendar_with_events_is_not_destroyed_by_mistake() {
    let Some(place) = Place::take() else { return };
    place.add(event("Tea", "2027-03-01T09:00:00"));
    let error = place.client.calendars().delete(&place.calendar).wait().unwrap_err();
    let Error::Set { error, .. } = error else { panic!("{error}") };
    assert!(errors::calendar_has_event(&error), "{error}");
}

#[test]
fn default_calendar() {
    let Some(place) = Place::alone() else { return };
    let calendars = place.client.calendars();
    let before = calendars.default().wait().unwrap().unwrap();
    calendars.set_default(&place.calendar).wait().unwrap();
    let now = calendars.default().wait().unwrap().unwrap();
    calendars.set_default(&before).wait().unwrap();
    assert_eq!(now.id, place.calendar.id);
}

#[test]
fn a_name_is_demanded() {
    let Some(place) = Place::take() else { return };
    let error = place.client.calendars().create(Calendar::default()).wait().unwrap_err();
    let Error::Set { error, .. } = error else { panic!("{error}") };
    assert_eq!(error.properties, ["name"]);
}
