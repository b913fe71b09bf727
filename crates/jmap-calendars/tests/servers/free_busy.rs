//! When somebody is busy.

use jmap_calendars::{
    BusyStatus, CalendarsExt, EventProperty, FreeBusySource, GetAvailability, Who,
};
use jmap_core::Id;
use jscalendar::{EventStatus, FreeBusyStatus};

use super::{Place, Server, event};

#[test]
fn told_by_the_server() {
    let Some(place) = Place::take() else { return };
    place.add(event("Tea", "2031-05-05T09:00:00"));
    let mut maybe = event("Maybe", "2031-05-05T12:00:00");
    maybe.status = Some(EventStatus::Tentative);
    place.add(maybe);
    let mut free = event("Walk", "2031-05-05T15:00:00");
    free.free_busy_status = Some(FreeBusyStatus::Free);
    place.add(free);
    let day = ("2031-05-05T00:00:00Z".parse().unwrap(), "2031-05-06T00:00:00Z".parse().unwrap());
    for who in [Who::Me, Who::from("mailto:user1@example.com"), Id::any("user1").into()] {
        let found = place.client.free_busy(who, day.0, day.1).wait().unwrap();
        assert_eq!(found.source, FreeBusySource::Server);
        let starts: Vec<_> =
            found.periods.iter().map(|it| it.utc_start.unwrap().to_string()).collect();
        assert_eq!(starts, ["2031-05-05T07:00:00Z", "2031-05-05T10:00:00Z"]);
        assert_ne!(found.periods[1].busy_status, Some(BusyStatus::Confirmed));
    }
}

#[test]
fn with_the_events() {
    let Some(place) = Place::take() else { return };
    place.add(event("Tea", "2031-06-05T09:00:00"));
    let ask = GetAvailability::of(
        Id::any("user1"),
        "2031-06-05T00:00:00Z".parse().unwrap(),
        "2031-06-06T00:00:00Z".parse().unwrap(),
    );
    let mut batch = place.client.batch();
    let asked = batch.force().call(ask.details([EventProperty::Title]));
    let found = batch.send().wait().unwrap().take(asked).unwrap().list;
    assert_eq!(found[0].event.as_ref().unwrap().title.as_deref(), Some("Tea"));
}

#[test]
fn nobody_has_that_address() {
    let Some(server) = Server::named() else { return };
    let client = server.client_of(&server.user);
    let day = ("2031-05-05T00:00:00Z".parse().unwrap(), "2031-05-06T00:00:00Z".parse().unwrap());
    let error = client.free_busy("mailto:nobody@example.net", day.0, day.1).wait().unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
