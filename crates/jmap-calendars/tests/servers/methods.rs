//! Every method that the standard has, through the typed client. What a server does not offer is shown by its own answer.

use jmap_calendars::{
    Calendar, CalendarEvent, CalendarEventNotification, CalendarPreferences, CalendarRights,
    CalendarsExt, EventNotificationCondition, EventProperty, GetEvents, ParticipantIdentity,
};
use jmap_core::object::{Changes, Get, QueryChanges};
use jmap_core::{
    ChangesArguments, Client, CopyArguments, CreationId, Error, GetArguments, Id, Map,
    QueryArguments, QueryChangesArguments, QueryState, State, Version,
};
use jmap_sharing::{Principal, PrincipalCondition, ShareNotification};

use super::{Place, Server, event};

/// `get`, and `changes` since then.
fn state_and_changes<O: Get + Changes>(client: &Client) -> Result<(), Error> {
    let state = client.get(GetArguments::<O>::of([])).wait().unwrap().state;
    let Some(state) = state else {
        assert_eq!(O::TYPE, "ParticipantIdentity");
        println!("{}/get: no state", O::TYPE);
        return Ok(());
    };
    let changes = client.changes(ChangesArguments::since(state.clone())).wait()?;
    assert_eq!(changes.old_state, Some(state));
    Ok(())
}

/// A server that cannot tell changes of a type says so; Cyrus of some.
fn told_or_refused(method: &str, result: Result<(), Error>) {
    if let Err(error) = result {
        assert!(error.needs_resync() || error.is_unsupported(), "{error}");
        println!("{method}: not offered: {error}");
    }
}

#[test]
fn changes_of_each_type() {
    let Some(place) = Place::alone() else { return };
    let client = &place.client;
    state_and_changes::<Calendar>(client).unwrap();
    state_and_changes::<CalendarEvent>(client).unwrap();
    state_and_changes::<CalendarEventNotification>(client).unwrap();
    state_and_changes::<ShareNotification>(client).unwrap();
    let identities = state_and_changes::<ParticipantIdentity>(client);
    told_or_refused("ParticipantIdentity/changes", identities);
}

#[test]
fn query_changes_of_each_type() {
    fn of<O: QueryChanges>(client: &Client) -> Result<(), Error> {
        let state = client.query(QueryArguments::<O>::all()).wait().unwrap().query_state;
        let state = state.unwrap_or_else(|| QueryState::any("0"));
        client.query_changes(QueryChangesArguments::since(state)).wait().map(|_| ())
    }

    let Some(place) = Place::take() else { return };
    let client = &place.client;
    told_or_refused("CalendarEvent/queryChanges", of::<CalendarEvent>(client));
    let notifications = of::<CalendarEventNotification>(client);
    told_or_refused("CalendarEventNotification/queryChanges", notifications);
    told_or_refused("Principal/queryChanges", of::<Principal>(client));
    told_or_refused("ShareNotification/queryChanges", of::<ShareNotification>(client));
}

/// A state of which nobody knows.
#[test]
fn history_that_is_lost() {
    let Some(place) = Place::take() else { return };
    let since = ChangesArguments::<CalendarEvent>::since(State::any("long ago"));
    let error = place.client.changes(since).wait().unwrap_err();
    assert!(error.needs_resync(), "{error}");
}

#[test]
fn principals() {
    let Some(server) = Server::named() else { return };
    let client = server.client_of(&server.user);
    let get = GetArguments::of([Id::<Principal>::any(server.user.as_str())]);
    let own = client.get(get).wait().unwrap().list.into_iter().next().unwrap();
    assert_eq!(own.email.as_deref(), Some("user1@example.com"));
    let calendars = jmap_calendars::capability::PrincipalCalendars::of(&own);
    assert_eq!(calendars.may_get_availability, Some(true));
    let named = PrincipalCondition::default().email("user1@example.com");
    let found = client.query(QueryArguments::<Principal>::matching(named)).wait().unwrap();
    assert_eq!(found.ids, [Id::any("user1")]);
    // The name may be one's own to change, and need not (RFC 9670, section 2.3): Cyrus refuses it.
    let mut patch = jmap_core::PatchObject::new();
    patch.set("name", "Somebody");
    match (client.update::<Principal>(Id::any("user1"), patch).wait(), &server.embedded) {
        (Ok(_), Some(_)) => {}
        (Err(error @ Error::Set { .. }), None) => {
            println!("Principal/set of a name: not offered: {error}");
        }
        (result, _) => panic!("{result:?}"),
    }
    let mut patch = jmap_core::PatchObject::new();
    patch.set("timeZone", "Europe/Berlin");
    client.update::<Principal>(Id::any("user1"), patch).wait().unwrap();
}

#[test]
fn identities() {
    let Some(server) = Server::named() else { return };
    let client = server.client_of(&server.user);
    let identities = client.participant_identities().wait().unwrap();
    let [own] = identities.as_slice() else { panic!("{identities:?}") };
    assert_eq!(own.calendar_address.as_deref(), Some("mailto:user1@example.com"));
    let other = ParticipantIdentity::new("mailto:other@example.com");
    let error = client.create(other).wait().unwrap_err();
    assert!(error.to_string().contains("forbidden"), "{error}");
}

#[test]
fn preferences() {
    let Some(server) = Server::named() else { return };
    let client = server.client_of(&server.user);
    let get = GetArguments::of([CalendarPreferences::singleton()]);
    let found = client.get(get).wait();
    if client.version::<CalendarEvent>() < Version::V2_0 {
        let preferences = found.unwrap().list.into_iter().next().unwrap();
        assert_eq!(preferences.id, Some(CalendarPreferences::singleton()));
    } else {
        // They are gone from the standard.
        let error = found.unwrap_err();
        assert!(error.is_unsupported(), "{error}");
        println!("CalendarPreferences/get: not offered: {error}");
    }
}

/// From one account into another: the calendars are those of the target.
#[test]
fn copied_into_another_account() {
    let (Some(server), Some(place)) = (Server::named(), Place::take()) else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    let share = CalendarRights::read();
    place.client.calendars().share(&place.calendar, Id::any("user2"), share).wait().unwrap();
    let second = server.client_of("user2");
    let target = Place::new(second.clone(), None);
    let mut copy = CalendarEvent::default();
    copy.id = Some(tea.id());
    copy.calendar_ids = [target.id()].into();
    let mut arguments = CopyArguments::<CalendarEvent>::default();
    arguments.account_id = Some(Id::any("user2"));
    arguments.from_account_id = Some(Id::any(server.user.as_str()));
    arguments.create = Map::from([(CreationId::any("k"), copy)]);
    let response = second.copy(arguments).wait().unwrap();
    let copied = response.created["k"].id.clone();
    let found = second.events().get(copied).wait().unwrap().unwrap();
    assert_eq!((&found.title, &found.uid), (&tea.title, &tea.uid));
    assert_eq!(found.calendar_ids, [target.id()].into());
}

#[test]
fn moments_in_utc_come_when_they_are_asked_for() {
    let Some(place) = Place::take() else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    assert_eq!(tea.utc_start, None);
    let get =
        GetEvents::of([tea.id()]).properties([EventProperty::UtcStart, EventProperty::UtcEnd]);
    let found = place.client.get(get).wait().unwrap().list.into_iter().next().unwrap();
    assert_eq!(found.utc_start, Some("2027-03-01T08:00:00Z".parse().unwrap()));
    assert_eq!(found.utc_end, Some("2027-03-01T09:00:00Z".parse().unwrap()));
}

#[test]
fn drafts() {
    let Some(place) = Place::take() else { return };
    let mut draft = CalendarEvent::from(event("Tea", "2027-03-01T09:00:00"));
    draft.is_draft = Some(true);
    let draft = place.add(draft);
    assert_eq!(draft.is_draft, Some(true));
    let sent = draft.edit(|event| event.is_draft = Some(false)).wait().unwrap();
    assert_ne!(sent.is_draft, Some(true));
}

#[test]
fn notifications_by_event() {
    let Some(place) = Place::take() else { return };
    let tea = place.add(event("Tea", "2027-03-01T09:00:00"));
    let condition = EventNotificationCondition::default().calendar_event_ids([tea.id()]);
    let query = QueryArguments::<CalendarEventNotification>::matching(condition);
    // One's own changes make none.
    assert!(place.client.query(query).wait().unwrap().ids.is_empty());
    let error = place.client.create(CalendarEventNotification::default()).wait().unwrap_err();
    assert!(error.to_string().contains("forbidden"), "{error}");
}
