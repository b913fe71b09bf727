//! What several tests work with.

use jmap_calendars::{Calendar, CalendarEvent};
use jmap_core::{Id, PatchObject, Session};
use jscalendar::{
    AbsoluteTrigger, Alert, AlertAction, Event, EventStatus, FreeBusyStatus, Frequency, Location,
    NDay, OffsetTrigger, Participant, ParticipationStatus, RecurrenceRule, Role, VirtualLocation,
    Weekday,
};

/// A series with people, places, alerts and three overrides: moved, excluded, added.
pub(crate) fn meeting(calendar: Id<Calendar>, me: &str, them: &str) -> CalendarEvent {
    let start = "2027-03-01T09:00:00".parse().unwrap();
    let mut event = CalendarEvent::from(Event::new("recorded-1@example.com", start));
    event.calendar_ids.insert(calendar);
    event.title = Some("Team meeting".to_owned());
    event.description = Some("Agenda:\n1. plan\n2. review".to_owned());
    event.time_zone = Some("Europe/Berlin".parse().unwrap());
    event.duration = Some("PT1H30M".parse().unwrap());
    event.status = Some(EventStatus::Confirmed);
    event.free_busy_status = Some(FreeBusyStatus::Busy);
    event.color = Some("#ff8800".to_owned());
    event.keywords.insert("work".to_owned());
    add_places(&mut event);
    add_people(&mut event, me, them);
    add_alerts(&mut event);
    add_series(&mut event);
    event
}

fn add_places(event: &mut Event) {
    let mut room = Location::default();
    room.name = Some("Room 1".to_owned());
    event.locations.insert("room".into(), room);
    let mut call = VirtualLocation::default();
    call.name = Some("Video call".to_owned());
    call.uri = Some("https://meet.example.com/abc".to_owned());
    event.virtual_locations.insert("call".into(), call);
}

fn add_people(event: &mut Event, me: &str, them: &str) {
    let somebody = |address: &str, name: &str, status| {
        let mut it = Participant::new(address);
        it.name = Some(name.to_owned());
        it.participation_status = Some(status);
        it
    };
    let mut organizer = somebody(me, "Organizer", ParticipationStatus::Accepted);
    organizer.roles.insert(Role::Owner);
    let mut second = somebody(them, "Second User", ParticipationStatus::NeedsAction);
    second.expect_reply = Some(true);
    let mut guest = somebody("mailto:guest@example.org", "Guest", ParticipationStatus::Tentative);
    guest.roles.insert(Role::Optional);
    event.organizer_calendar_address = Some(me.to_owned());
    event.participants.insert("me".into(), organizer);
    event.participants.insert("them".into(), second);
    event.participants.insert("guest".into(), guest);
}

fn add_alerts(event: &mut Event) {
    let early = Alert::new(OffsetTrigger::new("-PT15M".parse().unwrap()));
    let absolute = Alert::new(AbsoluteTrigger::new("2027-03-01T07:00:00Z".parse().unwrap()));
    for (id, mut alert) in [("early", early), ("abs", absolute)] {
        alert.action = Some(AlertAction::Display);
        event.alerts.insert(id.into(), alert);
    }
}

fn add_series(event: &mut Event) {
    let mut rule = RecurrenceRule::new(Frequency::Weekly);
    rule.by_day = vec![NDay::new(Weekday::Monday), NDay::new(Weekday::Wednesday)];
    rule.count = Some(8);
    event.recurrence_rule = Some(Box::new(rule));
    let mut moved = PatchObject::new();
    moved.set("title", "Team meeting (moved)").set("start", "2027-03-03T11:00:00");
    moved.set("duration", "PT1H");
    let overrides = &mut event.recurrence_overrides;
    overrides.insert("2027-03-03T09:00:00".parse().unwrap(), moved);
    let excluded = PatchObject::new().set("excluded", true).clone();
    overrides.insert("2027-03-08T09:00:00".parse().unwrap(), excluded);
    overrides.insert("2027-03-13T10:00:00".parse().unwrap(), PatchObject::new());
}

/// A server of one account, by the capabilities of the session; those of the account are the same.
pub(crate) fn session(capabilities: &str) -> Session {
    let capabilities: serde_json::Value = serde_json::from_str(capabilities).unwrap();
    let primary: serde_json::Map<_, _> =
        capabilities.as_object().unwrap().keys().map(|uri| (uri.clone(), "a1".into())).collect();
    let session = serde_json::json!({
        "capabilities": capabilities,
        "accounts": {"a1": {"name": "ann", "accountCapabilities": capabilities}},
        "primaryAccounts": primary,
    });
    serde_json::from_value(session).unwrap()
}

/// A server as the standard has it.
pub(crate) fn standard() -> Session {
    session(
        r#"{"urn:ietf:params:jmap:core": {}, "urn:ietf:params:jmap:calendars": {},
            "urn:ietf:params:jmap:calendars:parse": {}, "urn:ietf:params:jmap:principals": {},
            "urn:ietf:params:jmap:principals:availability": {}}"#,
    )
}

/// A server of the 2023 draft: Cyrus 3.12.
pub(crate) fn draft() -> Session {
    session(
        r#"{"urn:ietf:params:jmap:core": {}, "urn:ietf:params:jmap:calendars": {},
            "urn:ietf:params:jmap:principals": {}, "urn:ietf:params:jmap:calendars:preferences": {},
            "https://cyrusimap.org/ns/jmap/calendars": {"isRFC": true},
            "urn:ietf:params:jmap:core:backendInfo": {"product": {"name": "Cyrus JMAP", "version": "3.12.4"}}}"#,
    )
}

/// Cyrus 3.13, which has the names of the standard and quirks of its own.
pub(crate) fn cyrus() -> Session {
    session(
        r#"{"urn:ietf:params:jmap:core": {}, "urn:ietf:params:jmap:calendars": {},
            "urn:ietf:params:jmap:principals": {}, "https://cyrusimap.org/ns/jmap/calendars": {"isRFC": true},
            "https://cyrusimap.org/ns/jmap/jscalendarbis": {},
            "urn:ietf:params:jmap:core:backendInfo": {"product": {"name": "Cyrus JMAP", "version": "3.13.7"}}}"#,
    )
}
