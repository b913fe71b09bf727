//! Sharing between two users.

use jmap_calendars::{
    Calendar, CalendarEventNotification, CalendarRights, CalendarsExt, EventNotificationType,
};
use jmap_core::{Client, GetArguments, Id, QueryArguments};
use jmap_sharing::{ShareNotification, ShareNotificationCondition};

use super::{Place, Server, event};

/// The client of another user, in the account of `user`.
fn visiting(server: &Server, visitor: &str) -> Client {
    server.client_of(visitor).with_account(Id::any(server.user.as_str()))
}

#[test]
fn what_is_shared_is_seen_and_what_is_not_cannot_be_changed() {
    let (Some(server), Some(place)) = (Server::named(), Place::take()) else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    let calendars = place.client.calendars();
    calendars.share(&place.calendar, Id::any("user2"), CalendarRights::read()).wait().unwrap();
    let shared = calendars.get(&place.calendar).wait().unwrap().unwrap();
    let rights = &shared.share_with.as_ref().unwrap()[&Id::any("user2")];
    assert_eq!((rights.may_read_items, rights.may_write_all.unwrap_or(false)), (Some(true), false));

    // Accounts stand in the session once somebody wants to see something of them (RFC 9670, section 1.4).
    visiting(&server, "user2").calendars().subscribe(&place.calendar, true).wait().unwrap();
    let visitor = visiting(&server, "user2");
    let session = visitor.session();
    let account = session.account(visitor.account().unwrap()).unwrap();
    assert!(!account.is_own());
    let seen = visitor.calendars().get(&place.calendar).wait().unwrap().unwrap();
    let mine = seen.my_rights.unwrap();
    assert_eq!((mine.may_read_items, mine.may_write_all), (Some(true), Some(false)));
    let copy = visitor.events().get(&tea).wait().unwrap().unwrap();
    let refused = copy.edit(|event| event.title = Some("Mine".to_owned())).wait().unwrap_err();
    assert!(refused.to_string().contains("forbidden"), "{refused}");

    // A second one, with more rights: into the map that is there.
    calendars.share(&place.calendar, Id::any("user3"), CalendarRights::write()).wait().unwrap();
    let writer = visiting(&server, "user3");
    let copy = writer.events().get(&tea).wait().unwrap().unwrap();
    let edited = copy.edit(|event| event.title = Some("Ours".to_owned())).wait().unwrap();
    assert_eq!(edited.title.as_deref(), Some("Ours"));
    // The owner hears of it.
    let notified = place.client.query(QueryArguments::<CalendarEventNotification>::all());
    let ids = notified.wait().unwrap().ids;
    let all = place.client.get(GetArguments::of(ids)).wait().unwrap().list;
    let it = all.iter().find(|it| it.calendar_event_id.as_ref() == Some(&tea.id())).unwrap();
    assert_eq!(it.notification_type, Some(EventNotificationType::Updated));
    assert!(it.event.is_some());
    place.client.destroy(it.id.clone().unwrap()).wait().unwrap();

    calendars.unshare(&place.calendar, Id::any("user2")).wait().unwrap();
    let shared = calendars.get(&place.calendar).wait().unwrap().unwrap();
    assert_eq!(shared.share_with.map(|with| with.len()), Some(1));
    calendars.unshare(&place.calendar, Id::any("user2")).wait().unwrap();
}

#[test]
fn who_is_given_rights_is_told() {
    let (Some(server), Some(place)) = (Server::named(), Place::take()) else { return };
    place
        .client
        .calendars()
        .share(&place.calendar, Id::any("user2"), CalendarRights::read())
        .wait()
        .unwrap();
    let visitor = server.client_of("user2");
    let mut condition = ShareNotificationCondition::default();
    condition.object_type = Some("Calendar".to_owned());
    let found = visitor.query(QueryArguments::<ShareNotification>::matching(condition));
    let ids = found.wait().unwrap().ids;
    let all = visitor.get(GetArguments::of(ids)).wait().unwrap().list;
    let of_place = |it: &&ShareNotification| {
        it.object_id.as_ref().map(Id::as_str) == place.calendar.id.as_ref().map(Id::as_str)
    };
    let it = all.iter().find(of_place).unwrap();
    assert_eq!(it.new_rights.as_ref().unwrap().get("mayReadItems"), Some(&true));
    visitor.destroy(it.id.clone().unwrap()).wait().unwrap();
}

#[test]
fn a_sharee_subscribes_and_has_a_colour_of_their_own() {
    let (Some(server), Some(place)) = (Server::named(), Place::take()) else { return };
    let calendars = place.client.calendars();
    calendars.share(&place.calendar, Id::any("user2"), CalendarRights::read()).wait().unwrap();
    let visitor = visiting(&server, "user2");
    visitor.calendars().subscribe(&place.calendar, true).wait().unwrap();
    let colour = |calendar: &mut Calendar| calendar.color = Some("#112233".to_owned());
    visitor.calendars().edit(&place.calendar, colour).wait().unwrap();
    let theirs = visitor.calendars().get(&place.calendar).wait().unwrap().unwrap();
    assert_eq!(theirs.color.as_deref(), Some("#112233"));
    let own = calendars.get(&place.calendar).wait().unwrap().unwrap();
    assert_ne!(own.color.as_deref(), Some("#112233"));
}
