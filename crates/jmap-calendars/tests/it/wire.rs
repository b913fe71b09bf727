//! The wire form of every type: what comes in with all its members goes out as it came.

use jmap_calendars::capability::{
    Availability, AvailabilityAccount, Calendars, CalendarsAccount, Parse, PrincipalCalendars,
};
use jmap_calendars::{
    BusyPeriod, BusyStatus, Calendar, CalendarAlert, CalendarEvent, CalendarEventNotification,
    CalendarPreferences, CalendarRights, EventCondition, EventNotificationCondition,
    EventNotificationSortBy, EventNotificationType, EventProperty, EventSortBy, GetAvailability,
    GetAvailabilityResponse, GetEvents, IncludeInAvailability, ParseEvents, ParseEventsResponse,
    ParticipantIdentity, Person, QueryEvents, SetCalendars, SetEvents, SetIdentities,
};
use jmap_core::capability::Capability;
use jmap_core::json_model::{self, Object, ToJson};
use jmap_core::push::{Event, EventParser};
use jmap_core::{Comparator, CreationId, Filter, Id, QueryArguments};

use crate::samples::standard;

/// Reads an object that has every member of its type, and nothing else; written again it is the same.
fn whole<T: Object + ToJson>(text: &str) -> T {
    let parsed = json_model::from_str::<T>(text).unwrap();
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let object = parsed.value;
    assert!(object.extra().is_empty(), "{:?}", object.extra());
    let missing: Vec<_> =
        T::MEMBERS.iter().map(|it| it.name).filter(|name| !object.is_set(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let again = serde_json::to_value(object.versioned(json_model::Version::V2_0)).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(text).unwrap());
    object
}

fn text(object: &impl ToJson) -> String {
    serde_json::to_string(&object.versioned(json_model::Version::V2_0)).unwrap()
}

/// JMAP Calendars, section 1.5.
#[test]
fn capabilities() {
    let account: CalendarsAccount = whole(
        r#"{"maxCalendarsPerEvent":1,"minDateTime":"1970-01-01T00:00:01Z","maxDateTime":"2038-01-19T03:14:06Z",
            "maxExpandedQueryDuration":"P365D","maxParticipantsPerEvent":20,"mayCreateCalendar":true}"#,
    );
    assert_eq!(account.max_expanded_query_duration.unwrap().to_string(), "P365D");
    whole::<AvailabilityAccount>(r#"{"maxAvailabilityDuration":"P52W1D"}"#);
    let session = standard();
    let account = &session.accounts["a1"];
    assert!(session.capability::<Calendars>().is_some() && session.capability::<Parse>().is_some());
    assert_eq!(account.capability::<Availability>(), Some(AvailabilityAccount::default()));
    assert_eq!(Calendars::URI, "urn:ietf:params:jmap:calendars");
}

/// JMAP Calendars, section 2.
#[test]
fn calendars_of_a_principal() {
    whole::<PrincipalCalendars>(
        r#"{"accountId":"a1","mayGetAvailability":true,"mayShareWith":false,"calendarAddress":"mailto:a@example.com"}"#,
    );
}

/// JMAP Calendars, section 4.
#[test]
fn a_calendar() {
    let calendar: Calendar = whole(
        r##"{"id":"c1","name":"Team","description":"What we do","color":"#f80","sortOrder":3,"isSubscribed":true,
            "isVisible":false,"isDefault":true,"includeInAvailability":"attending",
            "defaultAlertsWithTime":{"a":{"trigger":{"offset":"-PT5M"}}},
            "defaultAlertsWithoutTime":{"b":{"trigger":{"offset":"PT9H"},"action":"email"}},
            "timeZone":"Europe/Paris","shareWith":{"p1":{"mayReadItems":true}},"myRights":{"mayShare":true}}"##,
    );
    assert_eq!(calendar.include_in_availability, Some(IncludeInAvailability::Attending));
    assert_eq!(calendar.default_alerts_with_time.unwrap().len(), 1);
    let mut named: Vec<_> = Calendar::ALL.iter().map(|it| it.as_str()).collect();
    let mut members: Vec<_> =
        <Calendar as json_model::Part>::MEMBERS.iter().map(|it| it.name).collect();
    named.sort_unstable();
    members.sort_unstable();
    assert_eq!(named, members);
    assert_eq!(IncludeInAvailability::REGISTERED, ["all", "attending", "none"]);
}

#[test]
fn rights() {
    whole::<CalendarRights>(
        r#"{"mayReadFreeBusy":true,"mayReadItems":true,"mayWriteAll":false,"mayWriteOwn":true,"mayUpdatePrivate":true,
            "mayRSVP":true,"mayShare":false,"mayDelete":false}"#,
    );
    insta::assert_snapshot!(text(&CalendarRights::free_busy()), @r#"{"mayReadFreeBusy":true}"#);
    insta::assert_snapshot!(text(&CalendarRights::read()), @r#"{"mayReadFreeBusy":true,"mayReadItems":true}"#);
    insta::assert_snapshot!(text(&CalendarRights::write()), @r#"{"mayReadFreeBusy":true,"mayReadItems":true,"mayWriteAll":true,"mayWriteOwn":true,"mayUpdatePrivate":true,"mayRSVP":true}"#);
}

/// JMAP Calendars, section 4.3.
#[test]
fn set_calendars() {
    whole::<SetCalendars>(
        r##"{"onDestroyRemoveEvents":true,"onSuccessSetIsDefault":"#k1","accountId":"a1","ifInState":"s1",
            "create":{"k1":{"name":"Team"}},"update":{"c1":{"name":"T"}},"destroy":["c2"]}"##,
    );
    let mut set = SetCalendars::new();
    set.on_destroy_remove_events = Some(true);
    set.set_default(Id::any("c1")).set.destroy(Id::any("c2"));
    insta::assert_snapshot!(text(&set), @r#"{"onDestroyRemoveEvents":true,"onSuccessSetIsDefault":"c1","destroy":["c2"]}"#);
}

/// What JMAP adds to an event (JMAP Calendars, section 5).
#[test]
fn an_event() {
    let event: CalendarEvent = whole(
        r#"{"@type":"Event","id":"e1-1","baseEventId":"e1","calendarIds":{"c1":true,"c2":true},"isDraft":true,
            "isOrigin":false,"utcStart":"2026-03-01T08:00:00Z","utcEnd":"2026-03-01T09:00:00Z","useDefaultAlerts":true,
            "mayInviteSelf":true,"mayInviteOthers":true,"hideAttendees":true,"uid":"u"}"#,
    );
    assert_eq!(event.base_id(), Some(&Id::any("e1")));
    assert_eq!(event.uid.as_deref(), Some("u"));
}

/// JMAP Calendars, sections 5.6, 5.8 and 5.10.
#[test]
fn arguments_about_events() {
    whole::<GetEvents>(
        r#"{"recurrenceOverridesBefore":"2026-04-01T00:00:00Z","recurrenceOverridesAfter":"2026-03-01T00:00:00Z",
            "reduceParticipants":true,"timeZone":"Europe/Paris","accountId":"a1","ids":["e1"],"properties":["title"]}"#,
    );
    whole::<SetEvents>(r#"{"sendSchedulingMessages":true,"destroy":["e1"]}"#);
    whole::<QueryEvents>(
        r#"{"expandRecurrences":true,"timeZone":"Europe/Paris","filter":{"after":"2026-03-01T00:00:00"},"limit":3}"#,
    );
    let [from, to] = ["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"].map(|it| it.parse().unwrap());
    let get = GetEvents::of([Id::any("e1")])
        .overrides_between(from, to)
        .reduce_participants()
        .time_zone("Europe/Paris")
        .properties([EventProperty::UtcStart, EventProperty::UtcEnd]);
    insta::assert_snapshot!(text(&get), @r#"{"recurrenceOverridesBefore":"2026-04-01T00:00:00Z","recurrenceOverridesAfter":"2026-03-01T00:00:00Z","reduceParticipants":true,"timeZone":"Europe/Paris","ids":["e1"],"properties":["utcStart","utcEnd"]}"#);
    insta::assert_snapshot!(text(&SetEvents::new()), @r#"{"sendSchedulingMessages":false}"#);
}

/// Every condition, and how they are put together (JMAP Calendars, section 5.10.1).
#[test]
fn conditions() {
    let condition = EventCondition::default()
        .in_calendar(Id::any("c1"))
        .after("2026-03-01T00:00:00".parse().unwrap())
        .before("2026-04-01T00:00:00".parse().unwrap())
        .text("tea")
        .title("tea")
        .description("tea")
        .location("kitchen")
        .owner("ann")
        .attendee("bob")
        .uid("u");
    insta::assert_snapshot!(text(&condition), @r#"{"inCalendar":"c1","after":"2026-03-01T00:00:00","before":"2026-04-01T00:00:00","text":"tea","title":"tea","description":"tea","location":"kitchen","owner":"ann","attendee":"bob","uid":"u"}"#);
    assert_eq!(whole::<EventCondition>(&text(&condition)), condition);
    let filter =
        Filter::any([condition.into(), Filter::all([EventCondition::default().uid("v").into()])]);
    assert!(text(&QueryEvents::matching(filter)).contains(r#""operator":"OR""#));
}

/// JMAP Calendars, section 5.10.2.
#[test]
fn sorts() {
    let query = QueryArguments::<CalendarEvent>::all().sort([
        Comparator::ascending(EventSortBy::Start),
        Comparator::descending(EventSortBy::RecurrenceId),
    ]);
    insta::assert_snapshot!(text(&query), @r#"{"sort":[{"property":"start"},{"property":"recurrenceId","isAscending":false}]}"#);
    insta::assert_snapshot!(EventSortBy::REGISTERED.join(" "), @"start uid recurrenceId created updated");
}

/// JMAP Calendars, section 5.13.
#[test]
fn parse() {
    whole::<ParseEvents>(r#"{"accountId":"a1","blobIds":["b1"],"properties":["title"]}"#);
    whole::<ParseEventsResponse>(
        r#"{"accountId":"a1","parsed":{"b1":[{"@type":"Event","uid":"u"},{"@type":"Event","uid":"v"}]},
            "notFound":["b2"],"notParsable":["b3"]}"#,
    );
}

/// JMAP Calendars, section 2.2.
#[test]
fn availability() {
    whole::<GetAvailability>(
        r#"{"accountId":"a1","id":"p1","utcStart":"2026-03-01T00:00:00Z","utcEnd":"2026-03-02T00:00:00Z",
            "showDetails":true,"eventProperties":["title"]}"#,
    );
    let response: GetAvailabilityResponse = whole(
        r#"{"accountId":"a1","list":[{"utcStart":"2026-03-01T00:00:00Z","utcEnd":"2026-03-01T01:00:00Z",
            "busyStatus":"tentative","event":{"@type":"Event","title":"Tea"},"accountId":"a2"}]}"#,
    );
    let [period] = response.list.as_slice() else { panic!("{response:?}") };
    assert_eq!(period.busy_status, Some(BusyStatus::Tentative));
    whole::<BusyPeriod>(&text(period));
    let [from, to] = ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"].map(|it| it.parse().unwrap());
    let ask = GetAvailability::of(Id::any("p1"), from, to).details([EventProperty::Title]);
    insta::assert_snapshot!(text(&ask), @r#"{"id":"p1","utcStart":"2026-03-01T00:00:00Z","utcEnd":"2026-03-02T00:00:00Z","showDetails":true,"eventProperties":["title"]}"#);
    insta::assert_snapshot!(BusyStatus::REGISTERED.join(" "), @"confirmed tentative unavailable");
}

/// JMAP Calendars, section 3.
#[test]
fn identities() {
    whole::<ParticipantIdentity>(
        r#"{"id":"i1","name":"Ann","calendarAddress":"mailto:ann@example.com","isDefault":true}"#,
    );
    whole::<SetIdentities>(
        r#"{"onSuccessSetIsDefault":"i1","accountId":"a1","ifInState":"s","create":{"k1":{"name":"A"}},
            "update":{"i1":{"name":"B"}},"destroy":["i2"]}"#,
    );
    let mut set = SetIdentities::default();
    let ann = CreationId::any("k1");
    set.set.create(ann.clone(), ParticipantIdentity::new("mailto:ann@example.com"));
    set.set_default_created(&ann);
    insta::assert_snapshot!(text(&set), @r##"{"onSuccessSetIsDefault":"#k1","create":{"k1":{"calendarAddress":"mailto:ann@example.com"}}}"##);
}

/// All three kinds (JMAP Calendars, section 6.1).
#[test]
fn notifications() {
    let kinds = [
        r#"{"id":"n1","created":"2026-03-01T09:00:00Z","type":"created","calendarEventId":"e1","isDraft":false,
            "changedBy":{"name":"Bob"},"event":{"@type":"Event","title":"Tea"}}"#,
        r#"{"id":"n3","created":"2026-03-01T09:00:00Z","type":"destroyed","calendarEventId":"e1",
            "changedBy":{"name":"","email":"bob@example.com"},"event":{"@type":"Event","title":"Tea"}}"#,
    ];
    for kind in kinds {
        let read: CalendarEventNotification = serde_json::from_str(kind).unwrap();
        let again = serde_json::to_value(&read).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(kind).unwrap());
    }
    let updated: CalendarEventNotification = whole(
        r#"{"id":"n2","created":"2026-03-01T09:00:00Z","type":"updated","calendarEventId":"e1","isDraft":false,
            "changedBy":{"name":"Bob","email":"bob@example.com","principalId":"p2","calendarAddress":"mailto:bob@example.com"},
            "comment":"later","event":{"@type":"Event","title":"Tea"},"eventPatch":{"start":"2026-03-01T10:00:00"}}"#,
    );
    assert_eq!(updated.notification_type, Some(EventNotificationType::Updated));
    whole::<Person>(&text(&updated.changed_by.unwrap()));
    assert_eq!(EventNotificationType::REGISTERED, ["created", "updated", "destroyed"]);
}

/// JMAP Calendars, section 6.5.
#[test]
fn queries_for_notifications() {
    let condition: EventNotificationCondition = whole(
        r#"{"after":"2026-03-01T00:00:00Z","before":"2026-04-01T00:00:00Z","type":"created","calendarEventIds":["e1"]}"#,
    );
    let query = QueryArguments::<CalendarEventNotification>::matching(condition)
        .sort([Comparator::descending(EventNotificationSortBy::Created)]);
    insta::assert_snapshot!(text(&query), @r#"{"filter":{"after":"2026-03-01T00:00:00Z","before":"2026-04-01T00:00:00Z","type":"created","calendarEventIds":["e1"]},"sort":[{"property":"created","isAscending":false}]}"#);
}

/// JMAP Calendars, section 5.14; as it comes in an event stream.
#[test]
fn alerts() {
    let series = r#"{"@type":"CalendarAlert","accountId":"a1","calendarEventId":"e1","uid":"u","recurrenceId":"2026-03-01T09:00:00","alertId":"k1"}"#;
    let alert: CalendarAlert = whole(series);
    let pushed = |text: &str| {
        let mut parser = EventParser::new();
        parser.push(text.as_bytes());
        CalendarAlert::of(&Event::from(parser.next_event().unwrap().unwrap()))
    };
    assert_eq!(pushed(&format!("event: calendarAlert\ndata: {series}\n\n")), Some(alert));
    let single = r#"{"@type":"CalendarAlert","accountId":"a1","calendarEventId":"e1","uid":"u","recurrenceId":null,"alertId":"k1"}"#;
    let single = pushed(&format!("event: calendarAlert\ndata: {single}\n\n")).unwrap();
    assert_eq!(single.recurrence_id, None);
    assert_eq!(pushed("event: other\ndata: {}\n\n"), None);
    assert_eq!(pushed("event: calendarAlert\ndata: none\n\n"), None);
}

/// The 2023 draft.
#[test]
fn preferences() {
    let preferences: CalendarPreferences =
        whole(r#"{"id":"singleton","defaultCalendarId":"c1","defaultParticipantIdentityId":"i1"}"#);
    assert_eq!(preferences.id, Some(CalendarPreferences::singleton()));
}
