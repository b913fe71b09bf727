//! What people do with calendars, on a small server that is strict about names.

mod server;

use std::time::Duration;

use jmap_calendars::{
    CalendarEvent, CalendarsExt, EventCondition, Followed, FreeBusySource, Who, Window,
};
use jmap_core::{Error, Filter, Id, Version};
use jscalendar::{
    Event, Frequency, LocalDateTime, Participant, ParticipationStatus, RecurrenceRule,
};
use serde_json::{Value, json};

use self::server::Server;

fn at(text: &str) -> LocalDateTime {
    text.parse().unwrap()
}

/// A daily event of ten occurrences, as a server of 2.0 keeps it.
fn standup() -> Value {
    json!({
        "@type": "Event", "version": "2.0", "uid": "u1", "calendarIds": {"C1": true}, "title": "Standup",
        "start": "2027-03-01T09:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H",
        "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 10},
    })
}

/// With two who take part, one of whom is the user.
fn meeting() -> Value {
    let mut meeting = standup();
    meeting["organizerCalendarAddress"] = json!("mailto:ann@example.com");
    meeting["participants"] = json!({
        "a": {"calendarAddress": "mailto:ann@example.com", "roles": {"owner": true}},
        "j": {"calendarAddress": "mailto:Jane@example.com", "participationStatus": "needs-action"},
    });
    meeting
}

fn with(event: Value) -> (Server, jmap_calendars::StoredEvent) {
    let server = Server::of(Version::V2_0);
    let id = server.keep(event);
    let client = server.client();
    let stored = client.events().get(Id::<CalendarEvent>::any(id)).wait().unwrap().unwrap();
    (server, stored)
}

#[test]
fn an_event_gets_what_it_lacks() {
    let server = Server::of(Version::V2_0);
    let mut tea = Event::default();
    tea.start = Some(at("2027-03-01T09:00:00"));
    let stored = server.client().events().add(tea).wait().unwrap();
    assert_eq!(stored.calendar_ids, [Id::any("C1")].into());
    assert_eq!(stored.uid.as_ref().map(String::len), Some(36));
    assert_eq!(stored.version, Some(Version::V2_0));
    // Servers disagree on what it means where it is absent.
    assert_eq!(server.last("CalendarEvent/set")["sendSchedulingMessages"], false);
}

#[test]
fn what_makes_an_event_meaningless_is_said_before_it_is_sent() {
    let server = Server::of(Version::V2_0);
    let error = server.client().events().add(Event::default()).wait().unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of CalendarEvent/set: #/start: error[missing-member]: start is mandatory");
    assert!(server.inner().events.is_empty());
}

/// The session does not tell that the server speaks the 2023 draft: the first refusal does.
#[test]
fn the_first_refusal_tells_the_dialect() {
    let server = Server::of(Version::V1_0);
    let client = server.client();
    assert_eq!(client.version::<CalendarEvent>(), Version::V2_0);
    let mut event = Event::new("u1", at("2027-03-01T09:00:00"));
    event.recurrence_rule = Some(Box::new(RecurrenceRule::new(Frequency::Daily)));
    let stored = client.events().add(event).wait().unwrap();
    assert_eq!(client.version::<CalendarEvent>(), Version::V1_0);
    assert!(stored.recurrence_rule.is_some());
    let kept = server.inner().events.values().next().unwrap().clone();
    assert!(kept.get("version").is_none() && kept["recurrenceRules"].is_array());
    // From now on without another attempt.
    let before = server.inner().calls.len();
    stored.edit(|event| event.title = Some("Tea".to_owned())).wait().unwrap();
    assert_eq!(server.inner().calls.len(), before + 2);
    let found = client.events().search().in_calendar(Id::any("C1")).find().wait().unwrap();
    assert_eq!(found.len(), 1);
}

#[test]
fn a_filter_tells_the_dialect_as_well() {
    let server = Server::of(Version::V1_0);
    let client = server.client();
    let found = client.events().search().in_calendar(Id::any("C1")).find().wait().unwrap();
    assert!(found.is_empty());
    assert_eq!(server.last("CalendarEvent/query")["filter"], json!({"inCalendars": ["C1"]}));
    assert_eq!(client.version::<CalendarEvent>(), Version::V1_0);
}

#[test]
fn a_refusal_for_another_reason_changes_nothing() {
    let server = Server::of(Version::V2_0);
    let client = server.client();
    server.keep(standup());
    let error =
        client.events().add(Event::new("u1", at("2027-03-01T09:00:00"))).wait().unwrap_err();
    assert!(matches!(error, Error::Set { .. }), "{error}");
    assert_eq!(client.version::<CalendarEvent>(), Version::V2_0);
}

/// The answer to the creation is lost: it is looked for, and not made twice.
#[test]
fn a_lost_answer_makes_no_second_event() {
    let server = Server::of(Version::V2_0);
    let client = server.client();
    let mut event = CalendarEvent::from(Event::new("u1", at("2027-03-01T09:00:00")));
    event.calendar_ids = [Id::any("C1")].into();
    server.inner().lost = 1;
    let stored = client.events().add(event).wait().unwrap();
    assert_eq!(stored.uid.as_deref(), Some("u1"));
    assert_eq!(server.inner().events.len(), 1);
}

#[test]
fn edits_are_small() {
    let (server, stored) = with(standup());
    let edited = stored
        .edit(|event| {
            event.title = Some("Stand".to_owned());
            event.calendar_ids = [Id::any("C2")].into();
            event.use_default_alerts = Some(true);
        })
        .wait()
        .unwrap();
    assert_eq!(edited.title.as_deref(), Some("Stand"));
    insta::assert_snapshot!(server.patch(), @r#"{"calendarIds":{"C2":true},"title":"Stand","useDefaultAlerts":true}"#);
    assert_eq!(server.last("CalendarEvent/set")["sendSchedulingMessages"], true);
}

#[test]
fn occurrences_are_changed_by_whole_overrides() {
    let (server, stored) = with(standup());
    let id = at("2027-03-03T09:00:00");
    let stored =
        stored.edit_occurrence(id, |it| it.title = Some("Late".to_owned())).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides":{"2027-03-03T09:00:00":{"title":"Late"}}}"#);
    // With a start comes a duration, and what the override said already.
    let stored =
        stored.edit_occurrence(id, |it| it.start = Some(at("2027-03-03T11:00:00"))).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides/2027-03-03T09:00:00":{"duration":"PT1H","start":"2027-03-03T11:00:00","title":"Late"}}"#);
    let stored = stored.remove_occurrence(at("2027-03-04T09:00:00")).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides/2027-03-04T09:00:00":{"excluded":true}}"#);
    let error = stored.remove_occurrence(at("2027-03-04T09:00:00")).wait().unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of CalendarEvent/set: the series has no occurrence 2027-03-04T09:00:00");
    // What an occurrence lacks is null in its override, also beside what it had already.
    let stored = stored.edit_occurrence(id, |it| it.title = None).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides/2027-03-03T09:00:00":{"duration":"PT1H","start":"2027-03-03T11:00:00","title":null}}"#);
    let error = stored.edit_occurrence(id, |it| it.uid = None).wait().unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of CalendarEvent/set: uid: it is the same for all occurrences");
}

#[test]
fn the_rest_of_a_series_becomes_another_event() {
    let (server, stored) = with(standup());
    let later = stored
        .edit_following(at("2027-03-05T09:00:00"), |it| it.title = Some("Later".to_owned()))
        .wait()
        .unwrap();
    assert_ne!(later.id(), stored.id());
    assert_eq!(later.recurrence_rule.as_ref().unwrap().count, Some(6));
    assert_eq!(later.calendar_ids, stored.calendar_ids);
    let before = server.inner().events["E1"].clone();
    assert_eq!(before["recurrenceRule"]["count"], 4);
    assert!(before["relatedTo"][later.uid.as_deref().unwrap()]["relation"]["next"] == true);
}

/// JMAP Calendars, section 5.8.2: people who were invited to one event stay invited to one.
#[test]
fn a_series_with_people_stays_one() {
    let (server, stored) = with(meeting());
    let later = stored
        .edit_following(at("2027-03-03T09:00:00"), |it| it.title = Some("Later".to_owned()))
        .wait()
        .unwrap();
    assert_eq!(later.id(), stored.id());
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides":{"2027-03-01T09:00:00":{"title":"Standup"},"2027-03-02T09:00:00":{"title":"Standup"}},"title":"Later"}"#);
    // A rule cannot be restored by overrides.
    let split = later
        .edit_following(at("2027-03-05T09:00:00"), |it| {
            it.start = Some(at("2027-03-05T10:00:00"));
        })
        .wait()
        .unwrap();
    assert_ne!(split.id(), stored.id());
    assert_eq!(split.start, Some(at("2027-03-05T10:00:00")));
    assert_eq!(split.participants.len(), 2);
}

/// The closure gets the event as it goes on from there.
#[test]
fn what_follows_is_moved_by_what_it_was() {
    let (_, stored) = with(meeting());
    let split = stored
        .edit_following(at("2027-03-05T09:00:00"), |it| {
            assert_eq!(it.start, Some(at("2027-03-05T09:00:00")));
            it.time_zone = "America/New_York".parse().ok();
        })
        .wait()
        .unwrap();
    assert_eq!(
        split.time_zone.as_ref().map(ToString::to_string).as_deref(),
        Some("America/New_York")
    );
}

/// What a server sets goes to no other event: one says the base of every event.
#[test]
fn another_event_has_nothing_of_the_server() {
    let (server, stored) = with(standup());
    let id = stored.id();
    {
        let mut inner = server.inner();
        let kept = inner.events.get_mut(id.as_str()).unwrap();
        kept["baseEventId"] = json!(id.as_str());
        kept["isOrigin"] = json!(true);
        kept["updated"] = json!("2027-01-01T00:00:00Z");
    }
    let stored = stored.reload().wait().unwrap().unwrap();
    stored.edit_following(at("2027-03-05T09:00:00"), |_| ()).wait().unwrap();
    let mut copy = stored.event.clone();
    copy.uid = None;
    server.client().events().add(copy).wait().unwrap();
    let calls = server.inner().calls.clone();
    let created = calls.iter().filter_map(|(_, arguments)| arguments["create"].as_object());
    let created: Vec<_> = created.flat_map(|it| it.values()).collect();
    assert_eq!(created.len(), 2);
    for event in created {
        for name in ["id", "baseEventId", "isOrigin"] {
            assert!(event.get(name).is_none(), "{name}");
        }
    }
}

/// What follows is there before what was is cut off: a refusal of either loses nothing.
#[test]
fn a_split_that_is_refused_changes_nothing() {
    let (server, stored) = with(standup());
    let before = server.inner().events.clone();
    let from = at("2027-03-05T09:00:00");
    for refused in ["create", "update"] {
        server.inner().refuses = Some(refused);
        let error = stored.edit_following(from, |_| ()).wait().unwrap_err();
        assert!(matches!(error, Error::Set { .. }), "{error}");
        assert_eq!(server.inner().events, before);
    }
    server.inner().refuses = None;
    // Another one's change in between is minded as well.
    stored.clone().if_unchanged().edit_following(from, |_| ()).wait().unwrap_err();
    let fresh = stored.reload().wait().unwrap().unwrap();
    fresh.if_unchanged().edit_following(from, |_| ()).wait().unwrap();
    assert_eq!(server.inner().events.len(), 2);
}

/// Somebody who was invited to one occurrence only.
#[test]
fn a_guest_of_one_occurrence_answers() {
    let mut meeting = meeting();
    let jane = meeting["participants"].as_object_mut().unwrap().remove("j").unwrap();
    meeting["recurrenceOverrides"] = json!({"2027-03-03T09:00:00": {"participants/j": jane}});
    let (server, stored) = with(meeting);
    let third = at("2027-03-03T09:00:00");
    stored.respond_occurrence(third, ParticipationStatus::Accepted).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides/2027-03-03T09:00:00":{"participants/j":{"calendarAddress":"mailto:Jane@example.com","participationStatus":"accepted"}}}"#);
}

/// One server takes an answer to an occurrence only if the override names the organizer, and tells nobody of what the
/// organizer changes unless it names everybody.
#[test]
fn overrides_name_people_where_it_matters() {
    let third = at("2027-03-03T09:00:00");
    let change = |is_origin: bool| {
        let server = Server::of(Version::V2_0).with("urn:stalwart:jmap");
        let mut meeting = meeting();
        meeting["isOrigin"] = json!(is_origin);
        let id = server.keep(meeting);
        let stored = server.client().events().get(Id::<CalendarEvent>::any(id)).wait().unwrap();
        (server, stored.unwrap())
    };
    let (server, stored) = change(false);
    stored.respond_occurrence(third, ParticipationStatus::Declined).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides":{"2027-03-03T09:00:00":{"organizerCalendarAddress":"mailto:ann@example.com","participants/j/participationStatus":"declined"}}}"#);
    let (server, stored) = change(false);
    stored.edit_occurrence(third, |it| it.color = Some("red".parse().unwrap())).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides":{"2027-03-03T09:00:00":{"color":"red"}}}"#);
    let (server, stored) = change(true);
    let stored = stored.edit_occurrence(third, |it| it.title = None).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides":{"2027-03-03T09:00:00":{"organizerCalendarAddress":"mailto:ann@example.com","participants":{"a":{"calendarAddress":"mailto:ann@example.com","roles":{"owner":true}},"j":{"calendarAddress":"mailto:Jane@example.com","participationStatus":"needs-action"}},"title":null}}}"#);
    stored.remove_occurrence(at("2027-03-04T09:00:00")).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides/2027-03-04T09:00:00":{"excluded":true}}"#);
}

/// The duration that stands beside the start of a moved occurrence for the sake of a server is no difference of its own.
#[test]
fn a_moved_occurrence_is_as_long_as_all_are() {
    let (server, stored) = with(standup());
    let moved = |it: &mut Event| it.start = Some(at("2027-03-03T11:00:00"));
    let stored = stored.edit_occurrence(at("2027-03-03T09:00:00"), moved).wait().unwrap();
    let longer = |it: &mut CalendarEvent| it.duration = "PT2H".parse().ok();
    stored.edit(longer).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"duration":"PT2H","recurrenceOverrides/2027-03-03T09:00:00":{"duration":"PT2H","start":"2027-03-03T11:00:00"}}"#);
}

/// An old server has no word for it: whoever asks is told.
#[test]
fn what_an_old_server_cannot_be_told_is_listed() {
    let server = Server::of(Version::V1_0);
    let client = server.client();
    client.set_version::<CalendarEvent>(Version::V1_0);
    let stored = client.events().add(Event::new("u1", at("2027-03-01T09:00:00"))).wait().unwrap();
    assert!(stored.diagnostics.is_empty());
    let edited =
        stored.edit(|event| event.main_location_id = "nowhere".parse().ok()).wait().unwrap();
    assert_eq!(edited.diagnostics.iter().next().unwrap().property, "mainLocationId");
}

#[test]
fn an_invitation_is_answered_as_the_participant_that_the_user_is() {
    let (server, stored) = with(meeting());
    stored.respond(ParticipationStatus::Accepted).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"participants/j/participationStatus":"accepted"}"#);
    assert_eq!(server.last("CalendarEvent/set")["sendSchedulingMessages"], true);
    let third = at("2027-03-03T09:00:00");
    stored.respond_occurrence(third, ParticipationStatus::Declined).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"recurrenceOverrides":{"2027-03-03T09:00:00":{"participants/j/participationStatus":"declined"}}}"#);
    let (_, alone) = with(standup());
    let error = alone.respond(ParticipationStatus::Accepted).wait().unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of CalendarEvent/set: none of the participants is the user");
}

#[test]
fn whoever_invites_is_the_organizer() {
    let (server, stored) = with(standup());
    let stored = stored.silently().invite(["mailto:bob@example.com"]).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"organizerCalendarAddress":"mailto:jane@example.com","participants":{"1":{"calendarAddress":"mailto:jane@example.com","name":"Jane","participationStatus":"accepted","roles":{"owner":true}},"2":{"calendarAddress":"mailto:bob@example.com","expectReply":true}}}"#);
    assert_eq!(server.last("CalendarEvent/set")["sendSchedulingMessages"], false);
    stored.invite(["mailto:bob@example.com", "mailto:eve@example.com"]).wait().unwrap();
    insta::assert_snapshot!(server.patch(), @r#"{"participants/3":{"calendarAddress":"mailto:eve@example.com","expectReply":true}}"#);
}

#[test]
fn whoever_minds_changes_is_told() {
    let (server, stored) = with(standup());
    let careful = stored.clone().if_unchanged();
    stored.edit(|it| it.title = Some("One".to_owned())).wait().unwrap();
    let error = careful.edit(|it| it.title = Some("Two".to_owned())).wait().unwrap_err();
    assert!(error.is_state_mismatch());
    let fresh = careful.reload().wait().unwrap().unwrap();
    fresh.edit(|it| it.title = Some("Two".to_owned())).wait().unwrap();
    assert_eq!(server.inner().events["E1"]["title"], "Two");
}

/// One server gives an override in the place of a series: to write that back would destroy it.
#[test]
fn what_is_damaged_is_not_written_back() {
    let (server, stored) = with(json!({"uid": "u1", "calendarIds": {"C1": true}, "title": "Late"}));
    let error = stored.edit(|it| it.title = None).wait().unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of CalendarEvent/set: it has no start: the server damaged it");
    assert!(server.inner().calls.iter().all(|(method, _)| method != "CalendarEvent/set"));
}

#[test]
fn a_search_puts_conditions_together() {
    let server = Server::of(Version::V2_0);
    let client = server.client();
    let search = client
        .events()
        .search()
        .after(at("2027-03-01T00:00:00"))
        .text("tea")
        .matching(Filter::not([EventCondition::default().title("milk").into()]))
        .time_zone("Europe/Berlin".parse().unwrap())
        .limit(5);
    search.find().wait().unwrap();
    insta::assert_snapshot!(server.last("CalendarEvent/query"), @r#"{"accountId":"A","filter":{"conditions":[{"after":"2027-03-01T00:00:00","text":"tea"},{"conditions":[{"title":"milk"}],"operator":"NOT"}],"operator":"AND"},"limit":5,"sort":[{"property":"start"}],"timeZone":"Europe/Berlin"}"#);
    client.events().search().find().wait().unwrap();
    insta::assert_snapshot!(server.last("CalendarEvent/query"), @r#"{"accountId":"A","sort":[{"property":"start"}]}"#);
}

#[test]
fn occurrences_in_a_window() {
    let (server, _) = with(standup());
    server.keep(json!({
        "@type": "Event", "version": "2.0", "uid": "u2", "calendarIds": {"C1": true}, "title": "Breakfast",
        "start": "2027-03-02T08:00:00", "duration": "PT30M",
    }));
    server.keep(json!({
        "@type": "Event", "version": "2.0", "uid": "u3", "calendarIds": {"C1": true}, "title": "Nowhere",
        "start": "2027-03-02T08:00:00", "timeZone": "Moon/Base",
    }));
    let zone = "America/New_York".parse().unwrap();
    let window = Window::new(at("2027-03-02T00:00:00"), at("2027-03-04T00:00:00"), zone);
    let found = server.client().events().occurrences(window).wait().unwrap();
    let list: Vec<String> = found
        .list
        .iter()
        .map(|it| format!("{} {}", it.start.local, it.event.title.as_deref().unwrap()))
        .collect();
    // Nine o'clock in Berlin is three in New York, where breakfast is at eight.
    assert_eq!(
        list,
        [
            "2027-03-02T09:00:00 Standup",
            "2027-03-02T08:00:00 Breakfast",
            "2027-03-03T09:00:00 Standup"
        ],
    );
    assert_eq!(found.failed.len(), 1);
    let moon = "Moon/Base".parse().unwrap();
    let window = Window::new(at("2027-03-02T00:00:00"), at("2027-03-04T00:00:00"), moon);
    let error = server.client().events().occurrences(window).wait().unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of CalendarEvent/query: timeZone: Moon/Base is not known");
}

/// Without `Principal/getAvailability`, the events that can be seen tell.
#[test]
fn free_and_busy_by_the_events() {
    let (server, _) = with(standup());
    let day = ("2027-03-02T00:00:00Z".parse().unwrap(), "2027-03-03T00:00:00Z".parse().unwrap());
    let found = server.client().free_busy(Who::Me, day.0, day.1).wait().unwrap();
    assert_eq!(found.source, FreeBusySource::Events);
    let times: Vec<_> = found.periods.iter().map(|it| it.utc_start.unwrap().to_string()).collect();
    assert_eq!(times, ["2027-03-02T08:00:00Z"]);
    // The user wants nothing of this calendar to count. Whether its owner does, nobody knows.
    let mut tea = standup();
    tea["uid"] = json!("u2");
    tea["calendarIds"] = json!({"C2": true});
    tea["start"] = json!("2027-03-01T16:00:00");
    server.keep(tea);
    let busy = |who: &str| server.client().free_busy(who, day.0, day.1).wait();
    assert_eq!(busy("MAILTO:jane@EXAMPLE.com").unwrap().periods.len(), 1);
    assert_eq!(busy("mailto:ann@example.com").unwrap().periods.len(), 2);
    // Nobody else whose address only contains it.
    assert!(busy("mailto:oann@example.com").unwrap_err().is_not_found());
    let error = server.client().free_busy("tel:1", day.0, day.1).wait().unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

/// JMAP Calendars, section 2.2: how sure it is, which events count, and in which time zone.
#[test]
fn busy_by_the_rules() {
    let server = Server::of(Version::V2_0);
    let keep = |uid: &str, start: &str, more: Value| {
        let mut event = json!({
            "@type": "Event", "version": "2.0", "uid": uid, "calendarIds": {"C1": true},
            "start": format!("2027-03-02T{start}:00"), "timeZone": "Etc/UTC", "duration": "PT1H",
        });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.keep(event);
    };
    let answered = |status: &str| {
        json!({"participants": {
            "j": {"calendarAddress": "mailto:jane@example.com", "participationStatus": status},
        }})
    };
    keep("alone", "01:00", json!({}));
    keep("accepted", "02:00", answered("accepted"));
    keep("open", "03:00", answered("needs-action"));
    keep("perhaps", "04:00", answered("tentative"));
    keep("not sure", "05:00", json!({"status": "tentative"}));
    keep("cancelled", "06:00", json!({"status": "cancelled"}));
    keep("free", "06:00", json!({"freeBusyStatus": "free"}));
    keep("secret", "06:00", json!({"privacy": "secret"}));
    keep("floating", "16:00", json!({"timeZone": null, "calendarIds": {"C2": true}}));
    let day = ("2027-03-02T00:00:00Z".parse().unwrap(), "2027-03-03T00:00:00Z".parse().unwrap());
    let busy = |who: Who| {
        let found = server.client().free_busy(who, day.0, day.1).wait().unwrap();
        let line = |it: &jmap_calendars::BusyPeriod| {
            format!("{} {}", it.utc_start.unwrap(), it.busy_status.as_ref().unwrap().as_str())
        };
        found.periods.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(busy(Who::Me), @r#"
2027-03-02T01:00:00Z unavailable
2027-03-02T02:00:00Z confirmed
2027-03-02T03:00:00Z unavailable
2027-03-02T04:00:00Z tentative
"#);
    // Ann's are the same, of which she answered none; and which of her calendars count, only she knows. The floating one is
    // in Tokyo, like its calendar.
    insta::assert_snapshot!(busy(Who::from("mailto:ann@example.com")), @r#"
2027-03-02T01:00:00Z unavailable
2027-03-02T05:00:00Z tentative
2027-03-02T07:00:00Z unavailable
"#);
}

#[test]
fn a_list_without_push_is_asked_for_again() {
    let (server, _) = with(standup());
    let client = server.client();
    let mut list = client.events().search().in_calendar(Id::any("C1")).follow();
    list = list.interval(Duration::from_secs(1));
    let mut next = || jmap_core::wait(list.next()).unwrap();
    assert!(matches!(next(), Followed::All(events) if events.len() == 1));
    let other = server
        .keep(json!({"uid": "u2", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00"}));
    assert!(
        matches!(next(), Followed::Changed { changed, gone } if changed.len() == 1 && gone.is_empty())
    );
    server.inner().events.remove(&other);
    assert!(
        matches!(next(), Followed::Changed { changed, gone } if changed.is_empty() && gone.len() == 1)
    );
}

/// What was pushed, or waited for, is not forgotten where the question about it fails.
#[test]
fn a_list_goes_on_where_it_was() {
    let (server, _) = with(standup());
    let client = server.client();
    let hour = Duration::from_secs(3600);
    let mut list = client.events().search().in_calendar(Id::any("C1")).follow().interval(hour);
    let mut next = || jmap_core::wait(list.next());
    assert!(matches!(next(), Ok(Followed::All(_))));
    server.keep(json!({"uid": "u2", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00"}));
    server.inner().lost = u32::MAX;
    assert!(next().is_err());
    server.inner().lost = 0;
    assert!(matches!(next(), Ok(Followed::Changed { changed, .. }) if changed.len() == 1));
    assert!(!server.inner().slept.contains(&hour), "it waited for another change");
}

#[test]
fn participants_are_kept_in_both_dialects() {
    for version in [Version::V2_0, Version::V1_0] {
        let server = Server::of(version);
        let mut event = Event::new("u1", at("2027-03-01T09:00:00"));
        event.add_participant(Participant::new("mailto:jane@example.com"));
        event.organizer_calendar_address = Some("mailto:jane@example.com".to_owned());
        let stored = server.client().events().add(event).wait().unwrap();
        assert!(stored.participant("mailto:jane@example.com").is_some(), "{version}");
        assert_eq!(stored.organizer_calendar_address.as_deref(), Some("mailto:jane@example.com"));
    }
}

#[cfg(feature = "ical")]
#[test]
fn icalendar_in_and_out() {
    const TEXT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nPRODID:-//t//EN\r\nX-WR-CALNAME:Team\r\n\
        BEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20270101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20270301T090000\r\n\
        SUMMARY:Tea\r\nX-FOO:bar\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let server = Server::of(Version::V2_0);
    let added = server.client().events().add_ical(TEXT).wait().unwrap();
    let kept = server.inner().events["E1"].clone();
    assert!(kept.get("iCalendar").is_none() && kept.get("method").is_none());
    assert!(added.diagnostics.iter().any(|it| it.code == "lost"), "{:?}", added.diagnostics);
    assert!(added.events[0].to_ical().value.contains("SUMMARY:Tea\r\n"));
    let error = server.client().events().add_ical("nothing").wait().unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of CalendarEvent/set: not iCalendar: no VCALENDAR, VEVENT or VTODO in it");
}

/// Many at once: one that is meaningless is said so, and does not keep the others from being added.
#[test]
fn of_many_events_the_good_ones_are_added() {
    let server = Server::of(Version::V2_0);
    let events = [Event::new("u1", at("2027-03-01T09:00:00")), Event::default()];
    let added = server.client().events().add_all(events).wait().unwrap();
    assert!(added[0].is_ok());
    let error = added[1].as_ref().unwrap_err();
    assert!(error.to_string().contains("start is mandatory"), "{error}");
    assert_eq!(server.inner().events.len(), 1);
    let none = server.client().events().add_all([Event::default()]).wait().unwrap();
    assert!(none[0].is_err());
}
