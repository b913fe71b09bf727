//! What the servers answered.

use jmap_calendars::capability::{Availability, Calendars, PrincipalCalendars};
use jmap_calendars::{
    BusyStatus, CalendarEvent, CalendarRights, Dialect, IncludeInAvailability, SetCalendars,
    errors, merge,
};
use jmap_core::capability::Capability;
use jmap_core::json_model::{Object, Version};
use jmap_core::{Error, Id, Json, Map, MethodErrorKind};
use jmap_sharing::capability::Principals;
use jscalendar::{EventStatus, Frequency, Role, Trigger, Weekday};

use super::exchange::{Exchange, each};
use super::{
    CYRUS, EventChanges, GetAvailability, GetCalendars, GetEvents, ParseEvents, QueryEvents,
    STALWART, SetEvents,
};

/// Members that no type knows, anywhere in an event.
fn strangers(event: &CalendarEvent) -> Vec<&str> {
    let mut extras: Vec<&Map<String, Json>> = vec![&event.event.extra];
    extras.extend(event.participants.values().map(|it| &it.extra));
    extras.extend(event.locations.values().map(|it| &it.extra));
    extras.extend(event.virtual_locations.values().map(|it| &it.extra));
    extras.extend(event.links.values().map(|it| &it.extra));
    extras.extend(event.alerts.values().map(|it| &it.extra));
    if let Some(rule) = &event.recurrence_rule {
        extras.push(&rule.extra);
        extras.extend(rule.by_day.iter().map(|it| &it.extra));
    }
    extras.iter().flat_map(|extra| extra.keys()).map(String::as_str).collect()
}

/// JMAP Calendars, section 1.5; Cyrus announces neither availability nor parse.
#[test]
fn capabilities() {
    for exchange in each("01-session") {
        let session = exchange.session();
        let is_cyrus = exchange.server != STALWART;
        let account = session.account(session.primary_account(Calendars::URI).unwrap()).unwrap();
        let calendars = account.capability::<Calendars>().unwrap();
        assert_eq!(calendars.max_calendars_per_event, is_cyrus.then_some(1));
        assert_eq!(calendars.may_create_calendar, Some(true));
        let longest = calendars.max_expanded_query_duration.unwrap();
        assert_eq!(longest.to_string(), if is_cyrus { "P365D" } else { "P52W1D" });
        assert!(calendars.max_date_time.unwrap().ends_with('Z'));
        assert_eq!(account.capability::<Availability>().is_some(), !is_cyrus);
        let principals = account.capability::<Principals>().unwrap();
        assert!(principals.current_user_principal_id.is_some());

        let dialect = Dialect::of(&session);
        let is_old = CYRUS[..2].contains(&exchange.server.as_str());
        assert_eq!(dialect.version() < Version::V2_0, is_old, "{}", exchange.server);
        assert_eq!(dialect.names_account_in_availability(), !is_cyrus);
        assert_eq!(dialect.forces(), is_cyrus);
    }
}

/// What Cyrus says of the user's principal, in the account: the address is in `sendTo` of the draft.
#[test]
fn the_address_of_a_principal() {
    for exchange in each("01-session").filter(|exchange| exchange.server != STALWART) {
        let session = exchange.session();
        let account = session.account(session.primary_account(Calendars::URI).unwrap()).unwrap();
        let principals = account.capability::<Principals>().unwrap();
        let json = &principals.extra[Calendars::URI];
        let said =
            jmap_core::json_model::from_str::<PrincipalCalendars>(json.as_str()).unwrap().value;
        assert_eq!(said.calendar_address.as_deref(), Some("mailto:user1@example.com"));
        assert_eq!(said.may_get_availability, Some(true));
        assert_eq!(said.account_id, Some(Id::any("user1")));
    }
}

#[test]
fn calendars() {
    for exchange in each("02-calendar-get") {
        let get = exchange.take::<GetCalendars>(0).unwrap();
        assert!(get.list.unreadable.is_empty() && get.extra.is_empty());
        let [calendar] = get.list.objects.as_slice() else { panic!("{:?}", get.list) };
        assert!(calendar.extra.is_empty(), "{:?}", calendar.extra);
        assert_eq!(calendar.sort_order, Some(0));
        assert_eq!(calendar.is_subscribed, Some(true));
        // `mayAdmin` of the draft is `mayShare`; Cyrus 3.13 lets nobody destroy the default calendar.
        let mut all = CalendarRights::write();
        all.may_share = Some(true);
        all.may_delete = Some(exchange.server != "cyrus-3.13");
        assert_eq!(calendar.my_rights, Some(all));
        let is_cyrus = exchange.server != STALWART;
        assert_eq!(
            calendar.include_in_availability,
            is_cyrus.then_some(IncludeInAvailability::All)
        );
        let is_old = CYRUS[..2].contains(&exchange.server.as_str());
        assert_eq!(calendar.is_default, (!is_old).then_some(true));
        assert_eq!(
            (&calendar.share_with, &calendar.color, &calendar.time_zone),
            (&None, &None, &None)
        );
    }
}

/// The event that all servers were given, in two dialects, reads as the same one.
#[test]
fn an_event() {
    for exchange in each("04-event-get") {
        let get = exchange.take::<GetEvents>(0).unwrap();
        assert!(get.list.unreadable.is_empty() && get.extra.is_empty());
        assert_eq!(get.not_found, [Id::any("nosuchid")]);
        let [event] = get.list.objects.as_slice() else { panic!("{:?}", get.list) };
        assert_eq!(strangers(event), [""; 0]);
        assert_eq!(event.id.as_ref(), exchange.created_id().as_ref());
        assert_eq!((event.base_id(), event.is_damaged()), (None, false));
        assert_eq!((event.is_draft, event.is_origin), (Some(false), Some(true)));
        assert_eq!(event.calendar_ids.len(), 1);

        assert_eq!(event.uid.as_deref(), Some("recorded-1@example.com"));
        assert_eq!(event.title.as_deref(), Some("Team meeting"));
        assert_eq!(event.description.as_deref(), Some("Agenda:\n1. plan\n2. review"));
        assert_eq!(event.start.unwrap().to_string(), "2027-03-01T09:00:00");
        assert_eq!(event.duration.unwrap().to_string(), "PT1H30M");
        assert_eq!(event.time_zone.as_ref().unwrap().as_str(), "Europe/Berlin");
        assert_eq!(event.updated.unwrap().to_string().get(..11), Some("2026-11-21T"));
        assert_eq!(event.status, Some(EventStatus::Confirmed));
        assert_eq!(event.color.as_deref(), Some("#ff8800"));
        assert!(event.keywords.contains("work"));
        assert_eq!(event.locations["room"].name.as_deref(), Some("Room 1"));
        let call = event.virtual_locations["call"].uri.as_deref();
        assert_eq!(call, Some("https://meet.example.com/abc"));

        people(event, exchange.server == STALWART);
        series(event);
        let early = event.alerts["early"].trigger.as_ref();
        let Some(Trigger::Offset(early)) = early else { panic!("{early:?}") };
        assert_eq!(early.offset.unwrap().to_string(), "-PT15M");
        let absolute = event.alerts["abs"].trigger.as_ref();
        let Some(Trigger::Absolute(absolute)) = absolute else { panic!("{absolute:?}") };
        assert_eq!(absolute.when.unwrap().to_string(), "2027-03-01T07:00:00Z");
    }
}

/// Addresses come from `calendarAddress` and `organizerCalendarAddress`, or from `sendTo` and `replyTo`.
fn people(event: &CalendarEvent, is_stalwart: bool) {
    let (me, them) = match is_stalwart {
        true => ("mailto:carol@example.com", "mailto:bob@example.com"),
        false => ("mailto:user1@example.com", "mailto:user2@example.com"),
    };
    assert_eq!(event.organizer_calendar_address.as_deref(), Some(me));
    let who = |key: &str| {
        let it = &event.participants[key];
        let status = it.participation_status.as_ref().unwrap().as_str();
        (it.calendar_address.as_deref().unwrap(), it.name.as_deref().unwrap(), status)
    };
    assert_eq!(who("me"), (me, "Organizer", "accepted"));
    assert_eq!(who("them"), (them, "Second User", "needs-action"));
    assert_eq!(who("guest"), ("mailto:guest@example.org", "Guest", "tentative"));
    assert!(event.participants["me"].roles.contains(&Role::Owner));
    assert!(event.participants["them"].roles.is_empty());
    assert_eq!(event.participants["them"].expect_reply, Some(true));
    assert!(event.participants["guest"].roles.iter().eq([&Role::Optional]));
    assert!(event.participants.values().all(|it| it.legacy.is_none()));
}

/// One rule, and three overrides: moved, excluded, added.
fn series(event: &CalendarEvent) {
    let rule = event.recurrence_rule.as_ref().unwrap();
    assert_eq!((&rule.frequency, rule.count), (&Some(Frequency::Weekly), Some(8)));
    let days: Vec<_> = rule.by_day.iter().filter_map(|it| it.day.as_ref()).collect();
    assert_eq!(days, [&Weekday::Monday, &Weekday::Wednesday]);
    assert!(event.legacy.is_none());
    let patch = |id: &str| {
        let id = id.parse().unwrap();
        let mut patch = event.recurrence_overrides[&id].clone();
        // One server says when it was changed.
        patch.0.remove("updated");
        serde_json::to_string(&patch).unwrap()
    };
    assert_eq!(event.recurrence_overrides.len(), 3);
    assert_eq!(
        patch("2027-03-03T09:00:00"),
        r#"{"duration":"PT1H","start":"2027-03-03T11:00:00","title":"Team meeting (moved)"}"#
    );
    assert_eq!(patch("2027-03-08T09:00:00"), r#"{"excluded":true}"#);
    assert_eq!(patch("2027-03-13T10:00:00"), "{}");
}

impl Exchange {
    /// The id that the server gave to the event.
    fn created_id(&self) -> Option<Id<CalendarEvent>> {
        let create = Self::find(&self.server, "03-event-set-create")?;
        let set = create.take::<SetEvents>(0).unwrap();
        Some(set.created["new"].id.clone())
    }
}

/// One server tells the id alone.
#[test]
fn what_was_created_and_changed() {
    for exchange in each("03-event-set-create") {
        let set = exchange.take::<SetEvents>(0).unwrap();
        assert_eq!(set.first_error(), None);
        let created = set.created["new"].object().unwrap();
        let is_cyrus = exchange.server != STALWART;
        let names: Vec<_> = created.extra().keys().map(String::as_str).collect();
        assert_eq!(names, if is_cyrus { vec!["x-href"] } else { vec![] });
        assert_eq!(created.updated.is_some() && created.created.is_some(), is_cyrus);
    }
    for exchange in each("06-update-changes") {
        let set = exchange.take::<SetEvents>(0).unwrap();
        let id = exchange.created_id().unwrap();
        let sequence = set.updated[&id].json.as_ref().map(|json| json.inside(&["sequence".into()]));
        let is_cyrus = exchange.server != STALWART;
        assert_eq!(sequence, is_cyrus.then(|| Some(Json::from(1))));
        let changes = exchange.take::<EventChanges>(1).unwrap();
        assert_eq!((changes.created, changes.updated), (vec![id], vec![]));
    }
}

/// Five occurrences: the excluded one is missing, one is moved, and one is added.
#[test]
fn occurrences() {
    for exchange in each("05-query-expanded") {
        let query = exchange.take::<QueryEvents>(0).unwrap();
        let get = exchange.take::<GetEvents>(1).unwrap();
        assert!(get.list.unreadable.is_empty());
        assert!(get.list.iter().filter_map(|it| it.id.as_ref()).eq(&query.ids));
        let base = exchange.created_id();
        assert!(get.list.iter().all(|it| it.base_id() == base.as_ref() && !it.is_damaged()));
        assert!(get.list.iter().all(|it| strangers(it).is_empty()));
        let of = |it: &CalendarEvent| {
            let times = [it.utc_start.unwrap().to_string(), it.utc_end.unwrap().to_string()];
            format!("{} {}", times.join(" "), it.title.as_deref().unwrap())
        };
        insta::allow_duplicates! {
            insta::assert_snapshot!(get.list.iter().map(of).collect::<Vec<_>>().join("\n"), @r#"
2027-03-01T08:00:00Z 2027-03-01T09:30:00Z Team meeting
2027-03-03T10:00:00Z 2027-03-03T11:00:00Z Team meeting (moved)
2027-03-10T08:00:00Z 2027-03-10T09:30:00Z Team meeting
2027-03-13T09:00:00Z 2027-03-13T10:30:00Z Team meeting
2027-03-15T08:00:00Z 2027-03-15T09:30:00Z Team meeting
"#)
        }
        let ids: Vec<String> =
            get.list.iter().map(|it| it.recurrence_id.unwrap().to_string()).collect();
        // Stalwart gives the new start of a moved occurrence for its id.
        let moved = if exchange.server == STALWART { "11:00:00" } else { "09:00:00" };
        assert_eq!(ids[1], format!("2027-03-03T{moved}"));
        assert_eq!(
            (ids[0].as_str(), ids[3].as_str()),
            ("2027-03-01T09:00:00", "2027-03-13T10:00:00")
        );
    }
}

/// Cyrus refuses the account, and the answer says so by name; without it there are periods and events.
#[test]
fn availability() {
    for exchange in each("11-availability") {
        let with_account = exchange.take::<GetAvailability>(0);
        let is_cyrus = exchange.server != STALWART;
        match with_account {
            Err(Error::Method { error, .. }) if is_cyrus => {
                assert_eq!(error.kind(), MethodErrorKind::InvalidArguments);
                assert_eq!(error.arguments, ["accountId"]);
            }
            Ok(found) if !is_cyrus => assert!(found.list.iter().all(|it| it.event.is_none())),
            other => panic!("{other:?}"),
        }
        let found = exchange.take::<GetAvailability>(1).unwrap();
        let times: Vec<_> = found
            .list
            .iter()
            .map(|it| (it.utc_start.unwrap().to_string(), it.utc_end.unwrap().to_string()))
            .collect();
        let time = |day: &str, from: &str, to: &str| {
            (format!("2027-03-{day}T{from}:00Z"), format!("2027-03-{day}T{to}:00Z"))
        };
        assert_eq!(times, [time("01", "08:00", "09:30"), time("03", "10:00", "11:00")]);
        assert!(found.list.iter().all(|it| it.busy_status == Some(BusyStatus::Confirmed)));
        let titles: Vec<_> =
            found.list.iter().map(|it| it.event.as_ref().unwrap().title.as_deref()).collect();
        let said = [Some("Team meeting 2"), Some("Team meeting (moved)")];
        assert_eq!(titles, if is_cyrus { said } else { [None, None] });
        assert_eq!(merge(found.list.clone()), found.list);
    }
}

/// A list, or the event itself.
#[test]
fn parsed_blobs() {
    for exchange in each("13-parse") {
        let response = exchange.take::<ParseEvents>(0).unwrap();
        assert!(response.not_parsable.is_empty() && response.extra.is_empty());
        assert_eq!(response.not_found.len(), usize::from(exchange.server != STALWART));
        let [events] = response.parsed.values().collect::<Vec<_>>()[..] else { panic!() };
        let [event] = events.0.as_slice() else { panic!("{events:?}") };
        assert_eq!((&event.id, event.calendar_ids.len()), (&None, 0));
        assert_eq!(strangers(event), [""; 0]);
        assert_eq!(event.title.as_deref(), Some("From iCalendar"));
        assert_eq!(event.start.unwrap().to_string(), "2027-07-01T08:00:00");
        assert_eq!(event.recurrence_rule.as_ref().unwrap().count, Some(3));
        assert_eq!(event.organizer_calendar_address.as_deref(), Some("mailto:first@example.org"));
        let mut people: Vec<_> =
            event.participants.values().filter_map(|it| it.calendar_address.as_deref()).collect();
        people.sort_unstable();
        assert_eq!(people, ["mailto:first@example.org", "mailto:second@example.org"]);
    }
}

/// `calendarHasEvent`, however it is spelled.
#[test]
fn a_calendar_with_events_is_not_destroyed() {
    for exchange in each("08-errors-set") {
        let set = exchange.take::<SetCalendars>(1).unwrap();
        let [error] = set.not_destroyed.values().collect::<Vec<_>>()[..] else { panic!() };
        assert!(errors::calendar_has_event(error), "{error}");
        assert!(!set.not_created.values().any(errors::calendar_has_event));
    }
}
