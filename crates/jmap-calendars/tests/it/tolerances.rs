//! What older drafts and servers say otherwise, and what the text of the standard contradicts itself about.

use jmap_calendars::capability::{CalendarsAccount, PrincipalCalendars};
use jmap_calendars::{
    BusyPeriod, Calendar, CalendarEvent, CalendarEventNotification, CalendarRights, EventCondition,
    GetAvailabilityResponse, ParseEventsResponse, ParticipantIdentity, Person, errors,
};
use jmap_core::json_model::{self, Object};
use jmap_core::{Id, SetError, SetErrorKind};
use jmap_sharing::Principal;
use jscalendar::{Role, Trigger, Version};

fn read<T: Object>(text: &str) -> T {
    json_model::from_str(text).unwrap().value
}

fn written(event: &CalendarEvent) -> String {
    serde_json::to_string(event).unwrap()
}

// Names of older drafts.

#[test]
fn may_admin() {
    let rights: CalendarRights = read(r#"{"mayAdmin":true}"#);
    assert_eq!((rights.may_share, rights.extra.len()), (Some(true), 0));
    // The standard's own name counts more, and a value that is none is kept aside.
    let rights: CalendarRights = read(r#"{"mayAdmin":true,"mayShare":false}"#);
    assert_eq!(rights.may_share, Some(false));
}

#[test]
fn addresses_of_participants() {
    for member in
        [r#""sendTo":{"imip":"mailto:a@example.com"}"#, r#""scheduleId":"mailto:a@example.com""#]
    {
        let event: CalendarEvent =
            read(&format!(r#"{{"@type":"Event","participants":{{"a":{{{member}}}}}}}"#));
        let ann = &event.participants["a"];
        assert_eq!(ann.calendar_address.as_deref(), Some("mailto:a@example.com"), "{member}");
        assert!(ann.extra.is_empty() && ann.legacy.is_none(), "{member}");
    }
}

#[test]
fn addresses_of_identities_and_principals() {
    for member in
        [r#""sendTo":{"imip":"mailto:a@example.com"}"#, r#""scheduleId":"mailto:a@example.com""#]
    {
        let identity: ParticipantIdentity = read(&format!("{{{member}}}"));
        assert_eq!(identity.calendar_address.as_deref(), Some("mailto:a@example.com"), "{member}");
        assert!(identity.extra.is_empty(), "{member}");
        let calendars: PrincipalCalendars = read(&format!("{{{member}}}"));
        assert_eq!(calendars.calendar_address.as_deref(), Some("mailto:a@example.com"), "{member}");
    }
    let both: ParticipantIdentity = read(
        r#"{"sendTo":{"imip":"mailto:b@example.com"},"calendarAddress":"mailto:a@example.com"}"#,
    );
    assert_eq!(both.calendar_address.as_deref(), Some("mailto:a@example.com"));
    let other: ParticipantIdentity = read(r#"{"sendTo":{"other":"tel:+1"}}"#);
    assert_eq!(other.calendar_address.as_deref(), Some("tel:+1"));
}

#[test]
fn reply_to() {
    let event: CalendarEvent = read(r#"{"replyTo":{"imip":"mailto:a@example.com"}}"#);
    assert_eq!(event.organizer_calendar_address.as_deref(), Some("mailto:a@example.com"));
}

/// The first rule is the rule; what 2.0 cannot say is kept for the way back.
#[test]
fn recurrence_rules() {
    let event: CalendarEvent = read(
        r#"{"@type":"Event","recurrenceRules":[{"frequency":"daily"},{"frequency":"weekly"}],
            "excludedRecurrenceRules":[{"frequency":"monthly"}]}"#,
    );
    assert!(event.recurrence_rule.is_some());
    let legacy = event.legacy.as_ref().unwrap();
    assert_eq!((legacy.recurrence_rules.len(), legacy.excluded_recurrence_rules.len()), (1, 1));
    assert_eq!(written(&event), r#"{"@type":"Event","recurrenceRule":{"frequency":"daily"}}"#);
    let old = serde_json::to_string(&json_model::ToJson::versioned(&event, Version::V1_0)).unwrap();
    assert!(old.contains("weekly") && old.contains("excludedRecurrenceRules"), "{old}");
}

/// One calendar is the calendar; of several ones the first would say something else.
#[test]
fn in_calendars() {
    let condition: EventCondition = read(r#"{"inCalendars":["c1"]}"#);
    assert_eq!(condition.in_calendar, Some(Id::any("c1")));
    let condition: EventCondition = read(r#"{"inCalendars":["c1","c2"]}"#);
    assert_eq!(condition.in_calendar, None);
    assert_eq!(serde_json::to_string(&condition).unwrap(), r#"{"inCalendars":["c1","c2"]}"#);
}

/// A filter that is gone goes through as it is.
#[test]
fn the_filter_by_participation() {
    let text = r#"{"participationStatus":"accepted"}"#;
    let condition: EventCondition = read(text);
    assert_eq!(serde_json::to_string(&condition).unwrap(), text);
}

#[test]
fn limits_of_dates() {
    for limit in ["1901-12-13", "1901-12-13T20:45:53", "1901-12-13T20:45:53Z"] {
        let account: CalendarsAccount = read(&format!(r#"{{"minDateTime":"{limit}"}}"#));
        assert_eq!(account.min_date_time.as_deref(), Some(limit));
    }
}

/// They belong to the draft, and go back to a server that speaks it.
#[test]
fn members_of_scheduling() {
    let event: CalendarEvent = read(
        r#"{"@type":"Event","participants":{"a":{"@type":"Participant","sendTo":{"imip":"mailto:a@example.com"},
            "roles":{"attendee":true},"scheduleAgent":"client","participationComment":"late","scheduleSequence":3}}}"#,
    );
    let ann = &event.participants["a"];
    assert!(ann.roles.is_empty());
    let legacy = ann.legacy.as_ref().unwrap();
    assert_eq!(legacy.participation_comment.as_deref(), Some("late"));
    assert_eq!(legacy.schedule_sequence, Some(3));
    let old = serde_json::to_value(json_model::ToJson::versioned(&event, Version::V1_0)).unwrap();
    assert_eq!(old["participants"]["a"]["scheduleAgent"], "client");
    assert_eq!(old["participants"]["a"]["roles"], serde_json::json!({"attendee": true}));
}

/// RFC 8984, section 4.5.2: the alert that repeats another one is its child; today it is its `snooze`.
#[test]
fn snoozed_alerts() {
    let event: CalendarEvent = read(
        r#"{"@type":"Event","alerts":{
            "a":{"@type":"Alert","trigger":{"@type":"OffsetTrigger","offset":"-PT5M"},"acknowledged":"2026-03-01T08:00:00Z"},
            "b":{"@type":"Alert","trigger":{"@type":"AbsoluteTrigger","when":"2026-03-01T08:05:00Z"},
                 "relatedTo":{"a":{"@type":"Relation","relation":{"parent":true}}}}}}"#,
    );
    let relation = &event.alerts["b"].related_to["a"].relation;
    assert_eq!(serde_json::to_string(relation.iter().next().unwrap()).unwrap(), r#""snooze""#);
}

#[test]
fn periods_without_an_account() {
    let response: GetAvailabilityResponse = read(
        r#"{"list":[{"utcStart":"2026-03-01T08:00:00Z","utcEnd":"2026-03-01T09:00:00Z","event":null}]}"#,
    );
    let [period] = response.list.as_slice() else { panic!("{response:?}") };
    assert_eq!((&period.account_id, &period.event, &period.busy_status), (&None, &None, &None));
    assert!(period.extra.is_empty());
}

/// What iCalendar text was kept in under another name is not lost.
#[test]
fn the_old_name_of_the_hatch() {
    let event: CalendarEvent = read(r#"{"iCalComponent":["vevent",[],[]]}"#);
    assert!(event.i_calendar.is_none() && event.extra.contains_key("iCalComponent"));
}

/// In 2.0 everybody takes part who has an address; a role `attendee` is kept where a server has it.
#[test]
fn the_role_attendee() {
    let event: CalendarEvent = read(
        r#"{"@type":"Event","version":"2.0","participants":{"a":{"calendarAddress":"mailto:a@example.com",
            "roles":{"owner":true,"attendee":true}}}}"#,
    );
    assert!(event.participants["a"].roles.contains(&Role::Attendee));
    assert!(written(&event).contains(r#""attendee":true"#));
}

// Contradictions of the text.

/// `null` at the top means what is absent, and is not written; in an override it says something.
#[test]
fn nulls() {
    let event: CalendarEvent = read(
        r#"{"@type":"Event","start":"2026-03-01T09:00:00","timeZone":null,"participants":null,"isDraft":null,
            "calendarIds":null,"recurrenceOverrides":{"2026-03-02T09:00:00":{"participants/a":null}}}"#,
    );
    assert_eq!((&event.time_zone, event.is_draft), (&None, None));
    assert_eq!(
        written(&event),
        r#"{"@type":"Event","start":"2026-03-01T09:00:00","recurrenceOverrides":{"2026-03-02T09:00:00":{"participants/a":null}}}"#
    );
}

/// An event of somebody else's may have no `updated`.
#[test]
fn what_an_event_may_lack() {
    let parsed = json_model::from_str::<CalendarEvent>(
        r#"{"id":"e1","uid":"u","start":"2026-03-01T09:00:00"}"#,
    )
    .unwrap();
    assert!(parsed.diagnostics.is_empty() && !parsed.value.is_damaged());
}

/// A calendar may have a colour of three digits, and an event must not.
#[test]
fn short_colors() {
    let calendar: Calendar = read(r##"{"color":"#f80"}"##);
    let mut event: CalendarEvent = read(r#"{"@type":"Event"}"#);
    event.color = calendar.color;
    let event = event.event.into_version(Version::V2_0).value;
    assert_eq!(event.color.as_deref(), Some("#ff8800"));
}

/// An example of the text has the relation of a snoozed alert in its trigger. It is kept, and means nothing.
#[test]
fn a_relation_in_a_trigger() {
    let text = r#"{"@type":"Event","alerts":{"b":{"trigger":{"@type":"AbsoluteTrigger","when":"2026-03-01T08:05:00Z","relatedTo":{"a":{}}}}}}"#;
    let event: CalendarEvent = read(text);
    let Some(Trigger::Absolute(trigger)) = &event.alerts["b"].trigger else { panic!() };
    assert!(trigger.extra.contains_key("relatedTo"));
    assert!(event.alerts["b"].related_to.is_empty());
    assert_eq!(written(&event), text);
}

/// An example of the text has a moment without its hyphens: kept aside, and the rest is read.
#[test]
fn a_moment_without_hyphens() {
    let parsed = json_model::from_str::<CalendarEventNotification>(
        r#"{"id":"n1","created":"20221005T20:42:13Z"}"#,
    )
    .unwrap();
    assert_eq!(parsed.value.id, Some(Id::any("n1")));
    assert_eq!(parsed.value.created, None);
    assert!(!parsed.diagnostics.is_empty() && parsed.value.extra.contains_key("created"));
}

/// What is parsed may have a `method`, and nothing that belongs to the account.
#[test]
fn the_method_of_what_is_parsed() {
    let response: ParseEventsResponse = read(
        r#"{"parsed":{"b1":[{"@type":"Event","uid":"u","method":"request","id":null,"calendarIds":null,"isDraft":null}]}}"#,
    );
    let event = &response.parsed["b1"].0[0];
    assert!(event.method.is_some());
    assert_eq!((&event.id, event.calendar_ids.len(), event.is_draft), (&None, 0, None));
}

// Servers.

/// A list, one event, a group; tasks in them are left out, and what is none of all this is kept aside.
#[test]
fn forms_of_what_is_parsed() {
    let event = r#"{"@type":"Event","uid":"u"}"#;
    let group = format!(r#"{{"@type":"Group","entries":[{event},{{"@type":"Task","uid":"t"}}]}}"#);
    for form in [format!("[{event}]"), event.to_owned(), group] {
        let response: ParseEventsResponse = read(&format!(r#"{{"parsed":{{"b1":{form}}}}}"#));
        let [parsed] = response.parsed["b1"].0.as_slice() else { panic!("{form}") };
        assert_eq!(parsed.uid.as_deref(), Some("u"), "{form}");
    }
    let response: ParseEventsResponse =
        read(r#"{"parsed":null,"notFound":null,"notParsable":["b1"]}"#);
    assert_eq!((response.parsed.len(), response.not_parsable.len()), (0, 1));
    let wrong = json_model::from_str::<ParseEventsResponse>(r#"{"parsed":{"b1":7}}"#).unwrap();
    assert!(wrong.value.parsed.is_empty() && !wrong.diagnostics.is_empty());
}

/// The base of a base event is itself.
#[test]
fn base_events() {
    let event: CalendarEvent = read(r#"{"id":"e1","baseEventId":"e1"}"#);
    assert_eq!(event.base_id(), None);
    let event: CalendarEvent = read(r#"{"id":"e1-1","baseEventId":"e1"}"#);
    assert_eq!(event.base_id(), Some(&Id::any("e1")));
}

/// One server gives an override in the place of a series on whole days.
#[test]
fn damaged_events() {
    let damaged = |text| read::<CalendarEvent>(text).is_damaged();
    assert!(damaged(r#"{"id":"e1","uid":"u","title":"Moved","showWithoutTime":true}"#));
    assert!(!damaged(r#"{"id":"e1","uid":"u","utcStart":"2026-03-01T08:00:00Z"}"#));
    assert!(!damaged(r#"{"id":"e1","title":"only what was asked for"}"#));
}

#[test]
fn the_principal_of_who_changed_an_event() {
    let person: Person = read(r#"{"name":"Bob","calendarPrincipalId":"p1"}"#);
    assert_eq!(person.principal_id, Some(Id::any("p1")));
    assert!(person.extra.is_empty());
}

#[test]
fn spellings_of_the_same_error() {
    for kind in ["calendarHasEvent", "calendarHasEvents"] {
        assert!(errors::calendar_has_event(&SetError::new(SetErrorKind::from(kind))));
    }
    assert!(!errors::calendar_has_event(&SetError::new(SetErrorKind::from("forbidden"))));
}

/// In `capabilities`, under an account, or right in the principal: the first place that says something counts.
#[test]
fn where_the_calendars_of_a_principal_stand() {
    let of = |text: &str| PrincipalCalendars::of(&read::<Principal>(text));
    const URI: &str = "urn:ietf:params:jmap:calendars";
    let everywhere = of(&format!(
        r#"{{"capabilities":{{"{URI}":{{"mayShareWith":true}}}},
            "accounts":{{"a1":{{"accountCapabilities":{{"{URI}":{{"mayShareWith":false,"accountId":"a1"}}}}}}}},
            "mayGetAvailability":true,"accountId":"a2","sendTo":{{"imip":"mailto:a@example.com"}}}}"#
    ));
    assert_eq!(everywhere.may_share_with, Some(true));
    assert_eq!(everywhere.account_id, Some(Id::any("a1")));
    assert_eq!(everywhere.may_get_availability, Some(true));
    assert_eq!(everywhere.calendar_address.as_deref(), Some("mailto:a@example.com"));
    assert_eq!(of("{}"), PrincipalCalendars::default());
}

/// Wrong types of single members lose nothing else.
#[test]
fn wrong_types() {
    let calendar: Calendar = read(r#"{"id":"c1","name":7,"sortOrder":"first","myRights":[]}"#);
    assert_eq!((&calendar.id, &calendar.name), (&Some(Id::any("c1")), &None));
    assert_eq!(calendar.extra.len(), 3);
    let period: BusyPeriod = read(r#"{"utcStart":"2026-03-01","event":true}"#);
    assert_eq!((period.utc_start, period.extra.len()), (None, 2));
}
