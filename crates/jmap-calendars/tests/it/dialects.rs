//! What is sent for the same work to a server as the standard has it, to one of the 2023 draft (Cyrus up to 3.12), and to
//! Cyrus 3.13.

use jmap_calendars::{
    Calendar, CalendarEvent, CalendarPreferences, CalendarProperty, CalendarRights, Dialect,
    EventCondition, EventProperty, GetAvailability, GetEvents, ParseEvents, ParticipantIdentity,
    ParticipantIdentityProperty, QueryEvents, SetCalendars, SetEvents, SetIdentities,
};
use jmap_core::{
    Batch, CreationId, Filter, GetArguments, Id, PatchObject, QueryArguments, Session, SetArguments,
};
use jmap_sharing::SharingExt;
use jscalendar::ParticipationStatus;

use crate::samples::{cyrus, draft, meeting, standard};
use crate::script::Script;

/// The calls as they are sent to a server, one a line.
fn sent(session: &Session, calls: impl FnOnce(&mut Batch)) -> String {
    let request = batch(session, calls).request(session).unwrap();
    let lines =
        request.method_calls.iter().map(|it| format!("{} {}", it.name, it.arguments.as_str()));
    lines.collect::<Vec<_>>().join("\n")
}

/// `using` of a request, less what all have.
fn using(session: &Session, calls: impl FnOnce(&mut Batch)) -> String {
    let request = batch(session, calls).request(session).unwrap();
    let short = |uri: &String| {
        let uri = uri.strip_prefix("urn:ietf:params:jmap:").unwrap_or(uri);
        uri.replace("https://cyrusimap.org/ns/jmap/", "cyrus:")
    };
    let more = request.using.iter().map(short).filter(|uri| uri != "core" && uri != "calendars");
    more.collect::<Vec<_>>().join(" ")
}

fn batch(session: &Session, calls: impl FnOnce(&mut Batch)) -> Batch {
    let dialect = Dialect::of(session);
    let mut batch = Batch::new();
    batch.version(dialect.version());
    if dialect.forces() {
        batch.force();
    }
    calls(&mut batch);
    batch
}

fn team_meeting() -> CalendarEvent {
    let mut event = meeting(Id::any("c1"), "mailto:ann@example.com", "mailto:bob@example.com");
    event.color = Some("orange".to_owned());
    event
}

fn create(batch: &mut Batch) {
    let mut set = SetEvents::new();
    let mut event = team_meeting();
    event.end_time_zone = Some("Asia/Tokyo".parse().unwrap());
    event.use_default_alerts = Some(true);
    event.may_invite_self = Some(true);
    event.is_draft = Some(true);
    set.set.create(CreationId::any("k1"), event);
    set.send_scheduling_messages();
    batch.call(set);
}

#[test]
fn an_event() {
    insta::assert_snapshot!(sent(&standard(), create), @r#"CalendarEvent/set {"accountId":"a1","sendSchedulingMessages":true,"create":{"k1":{"@type":"Event","calendarIds":{"c1":true},"isDraft":true,"useDefaultAlerts":true,"mayInviteSelf":true,"version":"2.0","uid":"recorded-1@example.com","title":"Team meeting","description":"Agenda:\n1. plan\n2. review","start":"2027-03-01T09:00:00","duration":"PT1H30M","endTimeZone":"Asia/Tokyo","status":"confirmed","timeZone":"Europe/Berlin","recurrenceRule":{"frequency":"weekly","count":8,"byDay":[{"day":"mo"},{"day":"we"}]},"recurrenceOverrides":{"2027-03-03T09:00:00":{"duration":"PT1H","start":"2027-03-03T11:00:00","title":"Team meeting (moved)"},"2027-03-08T09:00:00":{"excluded":true},"2027-03-13T10:00:00":{}},"locations":{"room":{"name":"Room 1"}},"virtualLocations":{"call":{"name":"Video call","uri":"https://meet.example.com/abc"}},"keywords":{"work":true},"color":"orange","freeBusyStatus":"busy","organizerCalendarAddress":"mailto:ann@example.com","participants":{"guest":{"name":"Guest","calendarAddress":"mailto:guest@example.org","roles":{"optional":true},"participationStatus":"tentative"},"me":{"name":"Organizer","calendarAddress":"mailto:ann@example.com","roles":{"owner":true},"participationStatus":"accepted"},"them":{"name":"Second User","calendarAddress":"mailto:bob@example.com","participationStatus":"needs-action","expectReply":true}},"alerts":{"abs":{"trigger":{"@type":"AbsoluteTrigger","when":"2027-03-01T07:00:00Z"},"action":"display"},"early":{"trigger":{"offset":"-PT15M"},"action":"display"}}}}}"#);
}

#[test]
fn an_event_in_the_draft() {
    insta::assert_snapshot!(sent(&draft(), create), @r#"CalendarEvent/set {"accountId":"a1","sendSchedulingMessages":true,"create":{"k1":{"@type":"Event","calendarIds":{"c1":true},"isDraft":true,"useDefaultAlerts":true,"mayInviteSelf":true,"uid":"recorded-1@example.com","title":"Team meeting","description":"Agenda:\n1. plan\n2. review","start":"2027-03-01T09:00:00","duration":"PT1H30M","status":"confirmed","timeZone":"Europe/Berlin","recurrenceOverrides":{"2027-03-03T09:00:00":{"duration":"PT1H","start":"2027-03-03T11:00:00","title":"Team meeting (moved)"},"2027-03-08T09:00:00":{"excluded":true},"2027-03-13T10:00:00":{}},"locations":{"end":{"@type":"Location","relativeTo":"end","timeZone":"Asia/Tokyo"},"room":{"@type":"Location","name":"Room 1"}},"virtualLocations":{"call":{"@type":"VirtualLocation","name":"Video call","uri":"https://meet.example.com/abc"}},"keywords":{"work":true},"color":"orange","freeBusyStatus":"busy","participants":{"guest":{"@type":"Participant","name":"Guest","roles":{"attendee":true,"optional":true},"participationStatus":"tentative","sendTo":{"imip":"mailto:guest@example.org"}},"me":{"@type":"Participant","name":"Organizer","roles":{"owner":true,"attendee":true},"participationStatus":"accepted","sendTo":{"imip":"mailto:ann@example.com"}},"them":{"@type":"Participant","name":"Second User","roles":{"attendee":true},"participationStatus":"needs-action","expectReply":true,"sendTo":{"imip":"mailto:bob@example.com"}}},"alerts":{"abs":{"@type":"Alert","trigger":{"@type":"AbsoluteTrigger","when":"2027-03-01T07:00:00Z"},"action":"display"},"early":{"@type":"Alert","trigger":{"@type":"OffsetTrigger","offset":"-PT15M"},"action":"display"}},"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly","count":8,"byDay":[{"@type":"NDay","day":"mo"},{"@type":"NDay","day":"we"}]}],"replyTo":{"imip":"mailto:ann@example.com"}}}}"#);
}

#[test]
fn an_event_on_cyrus_is_that_of_the_standard() {
    assert_eq!(sent(&cyrus(), create), sent(&standard(), create));
}

/// One occurrence is moved further and another one excluded; a third one is no longer excluded; one participant answers,
/// and another one is delegated.
fn edit(version: jmap_core::Version) -> PatchObject {
    let before = team_meeting();
    let mut after = before.clone();
    let overrides = &mut after.recurrence_overrides;
    let moved = overrides.get_mut(&"2027-03-03T09:00:00".parse().unwrap()).unwrap();
    moved.set("start", "2027-03-03T12:00:00").set("participants/guest", jmap_core::Json::null());
    overrides.remove(&"2027-03-08T09:00:00".parse().unwrap());
    let excluded = PatchObject::new().set("excluded", true).clone();
    overrides.insert("2027-03-10T09:00:00".parse().unwrap(), excluded);
    let them = after.participants.get_mut("them").unwrap();
    them.participation_status = Some(ParticipationStatus::Accepted);
    let guest = after.participants.get_mut("guest").unwrap();
    guest.delegated_to.insert("mailto:bob@example.com".to_owned());
    after.recurrence_rule.as_mut().unwrap().count = Some(10);
    after.organizer_calendar_address = Some("mailto:team@example.com".to_owned());
    before.patch_to(&after, version)
}

fn update(session: &Session) -> String {
    let patch = edit(Dialect::of(session).version());
    sent(session, |batch| {
        let mut set = SetEvents::new();
        set.set.update(Id::any("e1"), patch);
        batch.call(set);
    })
}

/// RFC 8620, section 5.3: no pointer leads into an array, so that the rule is sent whole in the draft.
#[test]
fn an_edit() {
    insta::assert_snapshot!(update(&standard()), @r#"CalendarEvent/set {"accountId":"a1","sendSchedulingMessages":false,"update":{"e1":{"organizerCalendarAddress":"mailto:team@example.com","participants/guest/delegatedTo":{"mailto:bob@example.com":true},"participants/them/participationStatus":"accepted","recurrenceOverrides/2027-03-03T09:00:00":{"duration":"PT1H","participants/guest":null,"start":"2027-03-03T12:00:00","title":"Team meeting (moved)"},"recurrenceOverrides/2027-03-08T09:00:00":null,"recurrenceOverrides/2027-03-10T09:00:00":{"excluded":true},"recurrenceRule/count":10}}}"#);
    insta::assert_snapshot!(update(&draft()), @r#"CalendarEvent/set {"accountId":"a1","sendSchedulingMessages":false,"update":{"e1":{"participants/guest/delegatedTo":{"them":true},"participants/them/participationStatus":"accepted","recurrenceOverrides/2027-03-03T09:00:00":{"duration":"PT1H","participants/guest":null,"start":"2027-03-03T12:00:00","title":"Team meeting (moved)"},"recurrenceOverrides/2027-03-08T09:00:00":null,"recurrenceOverrides/2027-03-10T09:00:00":{"excluded":true},"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly","count":10,"byDay":[{"@type":"NDay","day":"mo"},{"@type":"NDay","day":"we"}]}],"replyTo/imip":"mailto:team@example.com"}}}"#);
}

/// The only override needs a parent; and an event is moved by its calendars as a whole, which is what Cyrus takes.
#[test]
fn the_first_override_and_another_calendar() {
    let mut before = team_meeting();
    before.recurrence_overrides.clear();
    let mut after = before.clone();
    let excluded = PatchObject::new().set("excluded", true).clone();
    after.recurrence_overrides.insert("2027-03-10T09:00:00".parse().unwrap(), excluded);
    after.calendar_ids.remove("c1");
    after.calendar_ids.insert(Id::any("c2"));
    for session in [standard(), draft()] {
        let patch = before.patch_to(&after, Dialect::of(&session).version());
        insta::allow_duplicates! { insta::assert_snapshot!(serde_json::to_string(&patch).unwrap(), @r#"{"calendarIds":{"c2":true},"recurrenceOverrides":{"2027-03-10T09:00:00":{"excluded":true}}}"#) }
    }
}

fn find(batch: &mut Batch) {
    let condition = EventCondition::default;
    let filter = Filter::all([
        condition().in_calendar(Id::any("c1")).title("tea").into(),
        Filter::not([Filter::from(condition().in_calendar(Id::any("c2")))]),
    ]);
    batch.call(QueryEvents::matching(filter).time_zone("Europe/Berlin"));
    let march =
        condition().in_calendar(Id::any("c1")).after("2027-03-01T00:00:00".parse().unwrap());
    let march = march.before("2027-04-01T00:00:00".parse().unwrap());
    batch.call(QueryEvents::matching(march).expand_recurrences());
}

#[test]
fn queries() {
    insta::assert_snapshot!(sent(&standard(), find), @r#"
CalendarEvent/query {"accountId":"a1","timeZone":"Europe/Berlin","filter":{"operator":"AND","conditions":[{"inCalendar":"c1","title":"tea"},{"operator":"NOT","conditions":[{"inCalendar":"c2"}]}]}}
CalendarEvent/query {"accountId":"a1","expandRecurrences":true,"filter":{"inCalendar":"c1","after":"2027-03-01T00:00:00","before":"2027-04-01T00:00:00"}}
"#);
    insta::assert_snapshot!(sent(&draft(), find), @r#"
CalendarEvent/query {"accountId":"a1","timeZone":"Europe/Berlin","filter":{"operator":"AND","conditions":[{"title":"tea","inCalendars":["c1"]},{"operator":"NOT","conditions":[{"inCalendars":["c2"]}]}]}}
CalendarEvent/query {"accountId":"a1","expandRecurrences":true,"filter":{"after":"2027-03-01T00:00:00","before":"2027-04-01T00:00:00","inCalendars":["c1"]}}
"#);
}

fn introduce(batch: &mut Batch) {
    let mut set = SetIdentities::default();
    let identity = ParticipantIdentity::new("mailto:ann@example.com");
    set.set.create(CreationId::any("k1"), identity);
    set.set.create(CreationId::any("k2"), ParticipantIdentity::new("tel:+431234"));
    batch.call(set);
}

#[test]
fn identities() {
    insta::assert_snapshot!(sent(&standard(), introduce), @r#"ParticipantIdentity/set {"accountId":"a1","create":{"k1":{"calendarAddress":"mailto:ann@example.com"},"k2":{"calendarAddress":"tel:+431234"}}}"#);
    insta::assert_snapshot!(sent(&draft(), introduce), @r#"ParticipantIdentity/set {"accountId":"a1","create":{"k1":{"sendTo":{"imip":"mailto:ann@example.com"}},"k2":{"sendTo":{"other":"tel:+431234"}}}}"#);
}

fn share_at_once(batch: &mut Batch) {
    let mut set = SetCalendars::new();
    let mut calendar = Calendar::new("Team");
    let mut rights = CalendarRights::write();
    rights.may_share = Some(true);
    calendar.share_with = Some([(Id::any("bob"), rights)].into_iter().collect());
    set.set.create(CreationId::any("k1"), calendar);
    batch.call(set);
}

#[test]
fn a_calendar_that_is_shared() {
    insta::assert_snapshot!(sent(&standard(), share_at_once), @r#"Calendar/set {"accountId":"a1","create":{"k1":{"name":"Team","shareWith":{"bob":{"mayReadFreeBusy":true,"mayReadItems":true,"mayWriteAll":true,"mayWriteOwn":true,"mayUpdatePrivate":true,"mayRSVP":true,"mayShare":true}}}}}"#);
    insta::assert_snapshot!(sent(&draft(), share_at_once), @r#"Calendar/set {"accountId":"a1","create":{"k1":{"name":"Team","shareWith":{"bob":{"mayReadFreeBusy":true,"mayReadItems":true,"mayWriteAll":true,"mayWriteOwn":true,"mayUpdatePrivate":true,"mayRSVP":true,"mayAdmin":true}}}}}"#);
}

/// What a client sends to give rights to somebody, where there is somebody who has some already.
fn share(session: &Session) -> String {
    let script = Script::new(session);
    let client = script.client();
    let mut rights = CalendarRights::read();
    rights.may_share = Some(true);
    let with_bob =
        r#"["Calendar/get",{"list":[{"id":"c1","shareWith":{"bob":{"mayReadItems":true}}}]},"c0"]"#;
    script.respond(with_bob);
    script.respond(r#"["Calendar/set",{"updated":{"c1":null}},"c0"]"#);
    client.share::<Calendar>(Id::any("c1"), Id::any("eve/x"), rights).wait().unwrap();
    script.respond(with_bob);
    script.respond(r#"["Calendar/set",{"updated":{"c1":null}},"c0"]"#);
    client.unshare::<Calendar>(Id::any("c1"), Id::any("bob")).wait().unwrap();
    script.calls()
}

#[test]
fn sharing() {
    insta::assert_snapshot!(share(&standard()), @r#"
[["Calendar/get",{"accountId":"a1","ids":["c1"],"properties":["shareWith"]},"c0"]]
[["Calendar/set",{"accountId":"a1","update":{"c1":{"shareWith/eve~1x":{"mayReadFreeBusy":true,"mayReadItems":true,"mayShare":true}}}},"c0"]]
[["Calendar/get",{"accountId":"a1","ids":["c1"],"properties":["shareWith"]},"c0"]]
[["Calendar/set",{"accountId":"a1","update":{"c1":{"shareWith/bob":null}}},"c0"]]
"#);
    insta::assert_snapshot!(share(&draft()), @r#"
[["Calendar/get",{"accountId":"a1","ids":["c1"],"properties":["shareWith"]},"c0"]]
[["Calendar/set",{"accountId":"a1","update":{"c1":{"shareWith/eve~1x":{"mayReadFreeBusy":true,"mayReadItems":true,"mayAdmin":true}}}},"c0"]]
[["Calendar/get",{"accountId":"a1","ids":["c1"],"properties":["shareWith"]},"c0"]]
[["Calendar/set",{"accountId":"a1","update":{"c1":{"shareWith/bob":null}}},"c0"]]
"#);
}

fn ask(batch: &mut Batch) {
    let [start, end] =
        ["2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z"].map(|it| it.parse().unwrap());
    batch.call(GetAvailability::of(Id::any("bob"), start, end));
}

/// Cyrus refuses the argument `accountId` of this method, in all versions.
#[test]
fn availability() {
    insta::assert_snapshot!(sent(&standard(), ask), @r#"Principal/getAvailability {"accountId":"a1","id":"bob","utcStart":"2027-03-01T00:00:00Z","utcEnd":"2027-03-02T00:00:00Z","showDetails":false}"#);
    insta::assert_snapshot!(sent(&draft(), ask), @r#"Principal/getAvailability {"id":"bob","utcStart":"2027-03-01T00:00:00Z","utcEnd":"2027-03-02T00:00:00Z","showDetails":false}"#);
    assert_eq!(sent(&draft(), ask), sent(&cyrus(), ask));
}

#[test]
fn capabilities() {
    let parse = |batch: &mut Batch| {
        batch.call(ParseEvents::of([Id::any("b1")]));
    };
    let prefer = |batch: &mut Batch| {
        batch.get(GetArguments::of([CalendarPreferences::singleton()]));
    };
    let line = |name: &str, session: Session| {
        let [create, ask, parse] =
            [using(&session, create), using(&session, ask), using(&session, parse)];
        format!("{name}: set {create}; availability {ask}; parse {parse}")
    };
    let lines = [line("standard", standard()), line("draft", draft()), line("cyrus", cyrus())];
    insta::assert_snapshot!(lines.join("\n"), @r#"
standard: set ; availability principals principals:availability; parse calendars:parse
draft: set ; availability principals; parse cyrus:calendars
cyrus: set cyrus:jscalendarbis; availability cyrus:jscalendarbis principals; parse cyrus:calendars cyrus:jscalendarbis
"#);
    assert_eq!(using(&draft(), prefer), "calendars:preferences");
}

/// Whoever does not force a call hears what is missing.
#[test]
fn what_a_server_does_not_announce() {
    let mut batch = Batch::new();
    ask(&mut batch);
    let missing = batch.request(&cyrus()).unwrap_err();
    insta::assert_snapshot!(missing, @"the server does not have the capability urn:ietf:params:jmap:principals:availability");
}

/// Cyrus up to 3.12 refuses the property `isDefault`.
#[test]
fn properties_of_calendars() {
    let ask = |batch: &mut Batch| {
        let named = [CalendarProperty::Name, CalendarProperty::IsDefault];
        batch.get(GetArguments::<Calendar>::all().properties(named));
        let named = [ParticipantIdentityProperty::IsDefault];
        batch.get(GetArguments::<ParticipantIdentity>::all().properties(named));
    };
    insta::assert_snapshot!(sent(&standard(), ask), @r#"
Calendar/get {"accountId":"a1","properties":["name","isDefault"]}
ParticipantIdentity/get {"accountId":"a1","properties":["isDefault"]}
"#);
    assert_eq!(sent(&standard(), ask), sent(&cyrus(), ask));
    insta::assert_snapshot!(sent(&draft(), ask), @r#"
Calendar/get {"accountId":"a1","properties":["name","id"]}
ParticipantIdentity/get {"accountId":"a1","properties":["id"]}
"#);
}

fn name_properties(batch: &mut Batch) {
    let properties = [
        EventProperty::Version,
        EventProperty::Title,
        EventProperty::RecurrenceRule,
        EventProperty::OrganizerCalendarAddress,
        EventProperty::EndTimeZone,
        EventProperty::MainLocationId,
    ];
    batch.call(GetEvents::all().properties(properties.clone()));
    let [start, end] =
        ["2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z"].map(|it| it.parse().unwrap());
    batch.call(
        GetAvailability::of(Id::any("bob"), start, end).details([EventProperty::RecurrenceRule]),
    );
    let address = ParticipantIdentityProperty::CalendarAddress;
    batch.get(GetArguments::<ParticipantIdentity>::all().properties([address]));
}

/// A property of the standard that the draft says by another one is asked for by that.
#[test]
fn names_of_properties() {
    insta::assert_snapshot!(sent(&standard(), name_properties), @r#"
CalendarEvent/get {"accountId":"a1","properties":["version","title","recurrenceRule","organizerCalendarAddress","endTimeZone","mainLocationId"]}
Principal/getAvailability {"accountId":"a1","id":"bob","utcStart":"2027-03-01T00:00:00Z","utcEnd":"2027-03-02T00:00:00Z","showDetails":true,"eventProperties":["recurrenceRule"]}
ParticipantIdentity/get {"accountId":"a1","properties":["calendarAddress"]}
"#);
    insta::assert_snapshot!(sent(&draft(), name_properties), @r#"
CalendarEvent/get {"accountId":"a1","properties":["@type","title","recurrenceRules","replyTo","locations","locations"]}
Principal/getAvailability {"id":"bob","utcStart":"2027-03-01T00:00:00Z","utcEnd":"2027-03-02T00:00:00Z","showDetails":true,"eventProperties":["recurrenceRules"]}
ParticipantIdentity/get {"accountId":"a1","properties":["sendTo"]}
"#);
}

/// What stays as it is.
#[test]
fn the_same_in_all_dialects() {
    let calls = |batch: &mut Batch| {
        batch.query(QueryArguments::<jmap_calendars::CalendarEventNotification>::all());
        let mut set = SetArguments::<Calendar>::default();
        set.update(Id::any("c1"), PatchObject::new().set("name", "Team").clone());
        batch.set(set);
    };
    assert_eq!(sent(&standard(), calls), sent(&draft(), calls));
    assert_eq!(sent(&standard(), calls), sent(&cyrus(), calls));
}
