//! ORGANIZER, ATTENDEE and PARTICIPANT, both directions.

use ical_jscal::{FromIcal, ToIcal};
use jscalendar::Version;
use serde_json::{Value, json};

const A: &str = "ce92c35a-3241-5d9a-a50c-ba56aaefd2bb";
const B: &str = "b9c13e2b-773e-5cb7-9267-136b443c83a5";

/// Lines that every component of these tests has.
const BASE: &str = "UID:u1\nDTSTAMP:20240101T000000Z\nDTSTART:20240115T100000Z";

struct Case {
    component: &'static str,
    version: Version,
    method: Option<&'static str>,
}

const EVENT: Case = Case { component: "VEVENT", version: Version::V2_0, method: None };
const TASK: Case = Case { component: "VTODO", version: Version::V2_0, method: None };
const OLD: Case = Case { component: "VEVENT", version: Version::V1_0, method: None };

impl Case {
    fn text(&self, lines: &str) -> String {
        let Self { component, method, .. } = self;
        let method = method.map(|method| format!("METHOD:{method}\n")).unwrap_or_default();
        format!(
            "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//t//EN\n{method}BEGIN:{component}\n{BASE}\n{lines}\n\
             END:{component}\nEND:VCALENDAR\n"
        )
        .replace('\n', "\r\n")
    }

    /// The entry that the lines become.
    fn import(&self, lines: &str) -> Value {
        self.import_all(lines).0
    }

    fn import_all(&self, lines: &str) -> (Value, Vec<String>) {
        let mut options = FromIcal::new();
        options.version = self.version;
        let json = options.json(self.text(lines)).unwrap();
        let group: Value = serde_json::from_str(&json.value).unwrap();
        (group["entries"][0].clone(), json.diagnostics.iter().map(ToString::to_string).collect())
    }

    /// Fails unless the lines come back as they are.
    #[track_caller]
    fn same(&self, lines: &str) {
        let mut expected: Vec<&str> = lines.split('\n').collect();
        expected.sort_unstable();
        assert_eq!(export(&self.import(lines)), expected, "{:#}", self.import(lines));
    }

    /// What comes back if the hatch is thrown away.
    fn bare(&self, lines: &str) -> Vec<String> {
        let mut entry = self.import(lines);
        drop_hatches(&mut entry);
        export(&entry)
    }
}

fn drop_hatches(json: &mut Value) {
    if let Value::Object(members) = json {
        members.remove("iCalendar");
        members.values_mut().for_each(drop_hatches);
    }
}

/// The lines that an entry becomes, sorted, without those that all have.
fn export(entry: &Value) -> Vec<String> {
    export_all(entry).0
}

fn export_all(entry: &Value) -> (Vec<String>, Vec<String>) {
    let mut options = ToIcal::new();
    options.now = Some("2024-01-01T00:00:00Z".parse().unwrap());
    let text = options.json(&entry.to_string()).unwrap();
    let unfolded = text.value.replace("\r\n ", "");
    let lines = unfolded.split_terminator("\r\n").map(str::to_owned);
    let common = [
        "BEGIN:V",
        "END:V",
        "VERSION:",
        "PRODID:",
        "METHOD:",
        "DTSTART",
        "DURATION:PT0S",
        "LAST-MOD",
    ];
    let mut lines: Vec<String> = lines
        .filter(|line| {
            !common.iter().any(|start| line.starts_with(start)) && !BASE.contains(line.as_str())
        })
        .collect();
    lines.sort_unstable();
    (lines, text.diagnostics.iter().map(ToString::to_string).collect())
}

fn event(more: Value) -> Value {
    entry("Event", more)
}

fn entry(kind: &str, more: Value) -> Value {
    let mut entry = json!({
        "@type": kind, "version": "2.0", "uid": "u1", "updated": "2024-01-01T00:00:00Z",
        "start": "2024-01-15T10:00:00", "timeZone": "Etc/UTC",
    });
    entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    entry
}

/// An event with one participant `B`, who is somebody's guest.
fn guest(more: Value) -> Value {
    let mut participant = json!({"calendarAddress": "mailto:bob@example.com"});
    participant.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event(json!({"participants": {B: participant}}))
}

fn participants(entry: &Value) -> &Value {
    &entry["participants"]
}

fn hint<'v>(entry: &'v Value, path: &str) -> &'v Value {
    &entry["iCalendar"]["convertedProperties"][path]
}

fn kept(entry: &Value) -> &Value {
    &entry["iCalendar"]["properties"]
}

/// What one ATTENDEE of bob with these parameters becomes, its address aside.
fn attendee(case: &Case, params: &str) -> Value {
    let line = format!("ATTENDEE;{params}:mailto:bob@example.com");
    case.same(&line);
    let mut bob = participants(&case.import(&line))[B].clone();
    let bob_is_there = bob.as_object_mut().unwrap();
    bob_is_there.remove("calendarAddress");
    bob_is_there.remove("@type");
    bob_is_there.remove("sendTo");
    bob
}

#[test]
fn p01_organizer_and_attendee() {
    let lines = "ATTENDEE:mailto:bob@example.com\nORGANIZER:mailto:ann@example.com";
    let entry = EVENT.import(lines);
    assert_eq!(entry["organizerCalendarAddress"], "mailto:ann@example.com");
    let ann = json!({"@type": "Participant", "calendarAddress": "mailto:ann@example.com", "roles": {"owner": true}});
    let bob = json!({"@type": "Participant", "calendarAddress": "mailto:bob@example.com"});
    let mut found = participants(&entry).clone();
    for one in found.as_object_mut().unwrap().values_mut() {
        one.as_object_mut().unwrap().insert("@type".to_owned(), json!("Participant"));
    }
    assert_eq!(found, json!({A: ann, B: bob}));
    assert!(entry["iCalendar"]["convertedProperties"].is_null());
    EVENT.same(lines);
    assert_eq!(EVENT.bare(lines), lines.split('\n').collect::<Vec<_>>());
}

#[test]
fn p02_organizer_who_attends() {
    let lines = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com\nORGANIZER;CN=Ann:mailto:ann@example.com";
    let entry = EVENT.import(lines);
    let ann = &participants(&entry)[A];
    assert_eq!(participants(&entry).as_object().unwrap().len(), 1);
    assert_eq!((&ann["name"], &ann["participationStatus"]), (&json!("Ann"), &json!("accepted")));
    assert_eq!(ann["roles"], json!({"owner": true}));
    EVENT.same(lines);
    let bare = [
        "ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED:mailto:ann@example.com",
        "ORGANIZER;CN=Ann:mailto:ann@example.com",
    ];
    assert_eq!(EVENT.bare(lines), bare);
}

#[test]
fn p03_another_owner() {
    let lines = "ATTENDEE;ROLE=OWNER:mailto:bob@example.com\nORGANIZER:mailto:ann@example.com";
    let entry = EVENT.import(lines);
    assert!(participants(&entry)[A].is_null());
    assert_eq!(participants(&entry)[B]["roles"], json!({"owner": true}));
    EVENT.same(lines);
    EVENT.same(
        "ATTENDEE;ROLE=OWNER:mailto:bob@example.com\nORGANIZER;JSID=o:mailto:ann@example.com",
    );
}

#[test]
fn p04_another_owner_and_a_name() {
    let lines =
        "ATTENDEE;ROLE=OWNER:mailto:bob@example.com\nORGANIZER;CN=Ann:mailto:ann@example.com";
    let entry = EVENT.import(lines);
    assert_eq!(participants(&entry)[A]["roles"], json!({"owner": true}));
    assert_eq!(participants(&entry)[B]["roles"], json!({"owner": true}));
    EVENT.same(lines);
    assert_eq!(EVENT.bare(lines), lines.split('\n').collect::<Vec<_>>());
}

/// By the letter of the draft the organizer is no owner then.
#[test]
fn p05_another_owner_and_the_organizer_attends() {
    let lines = "ATTENDEE:mailto:ann@example.com\nATTENDEE;ROLE=OWNER:mailto:bob@example.com\n\
                 ORGANIZER:mailto:ann@example.com";
    let entry = EVENT.import(lines);
    assert!(participants(&entry)[A].is_object());
    assert!(participants(&entry)[A]["roles"].is_null());
    EVENT.same(lines);
    assert_eq!(EVENT.bare(lines), lines.split('\n').collect::<Vec<_>>());
}

fn organized_by(ann: Value) -> Value {
    event(json!({"organizerCalendarAddress": "mailto:ann@example.com", "participants": {A: ann}}))
}

#[test]
fn p06_organizer_only() {
    let ann = json!({"calendarAddress": "mailto:ann@example.com", "name": "Ann", "roles": {"owner": true}});
    assert_eq!(export(&organized_by(ann)), ["ORGANIZER;CN=Ann:mailto:ann@example.com"]);
}

#[test]
fn p07_organizer_with_an_answer() {
    let ann = json!({
        "calendarAddress": "mailto:ann@example.com", "name": "Ann", "roles": {"owner": true},
        "participationStatus": "accepted",
    });
    assert_eq!(
        export(&organized_by(ann)),
        [
            "ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED:mailto:ann@example.com",
            "ORGANIZER;CN=Ann:mailto:ann@example.com",
        ]
    );
}

#[test]
fn p08_two_spellings() {
    let lines = "ATTENDEE:MAILTO:ann@EXAMPLE.com\nORGANIZER:mailto:Ann@example.com";
    let entry = EVENT.import(lines);
    assert_eq!(participants(&entry).as_object().unwrap().len(), 1);
    EVENT.same(lines);
    EVENT.same("ATTENDEE:HTTP://X.example/Ann\nORGANIZER:http://x.example/Ann");
    let two = EVENT.import("ATTENDEE:http://x.example/ann\nORGANIZER:http://x.example/Ann");
    assert_eq!(participants(&two).as_object().unwrap().len(), 2);
}

#[test]
fn p09_key_of_the_address_as_written() {
    let entry = EVENT.import("ATTENDEE:MAILTO:Ann@Example.COM");
    assert!(participants(&entry)["25c689b6-d413-569b-8564-415cc39d7212"].is_object());
}

#[test]
fn p10_one_address_twice() {
    let lines = "ATTENDEE;CN=Robert:MAILTO:bob@example.com\nATTENDEE;CN=Bob:mailto:bob@example.com\n\
                 ATTENDEE;CN=Bob:mailto:bob@example.com";
    let (entry, diagnostics) = EVENT.import_all(lines);
    assert_eq!(participants(&entry).as_object().unwrap().len(), 1);
    assert_eq!(kept(&entry).as_array().unwrap().len(), 2);
    assert_eq!(
        diagnostics.iter().filter(|it| it.contains("same-attendee")).count(),
        2,
        "{diagnostics:?}"
    );
    EVENT.same(lines);
}

#[test]
fn p11_sent_by() {
    let lines = "ORGANIZER;SENT-BY=\"mailto:sec@example.com\":mailto:ann@example.com";
    let entry = EVENT.import(lines);
    assert_eq!(participants(&entry)[A]["sentBy"], "sec@example.com");
    assert_eq!(entry["sentBy"], "sec@example.com");
    EVENT.same(lines);
    assert_eq!(EVENT.bare(lines), [lines]);
    for sent_by in ["MAILTO:sec@example.com", "Mailto:mailto:x", "mailto:"] {
        EVENT.same(&format!("ORGANIZER;SENT-BY=\"{sent_by}\":mailto:ann@example.com"));
        EVENT.same(&format!("ATTENDEE;SENT-BY=\"{sent_by}\":mailto:ann@example.com"));
    }
    EVENT.same(
        "ATTENDEE;SENT-BY=\"mailto:a@example.com\":mailto:ann@example.com\n\
         ORGANIZER;SENT-BY=\"mailto:o@example.com\":mailto:ann@example.com",
    );
    EVENT.same(
        "ATTENDEE;SENT-BY=\"mailto:a@example.com\":mailto:ann@example.com\n\
         ORGANIZER:mailto:ann@example.com",
    );
}

#[test]
fn p12_sent_by_something_else() {
    let lines = "ORGANIZER;SENT-BY=\"https://x.example/u\":mailto:ann@example.com";
    let entry = EVENT.import(lines);
    assert!(entry["sentBy"].is_null() && participants(&entry)[A]["sentBy"].is_null());
    assert_eq!(
        hint(&entry, "organizerCalendarAddress")["parameters"],
        json!({"sent-by": "https://x.example/u"})
    );
    EVENT.same(lines);
}

#[test]
fn p13_kinds() {
    assert_eq!(attendee(&EVENT, "CUTYPE=ROOM"), json!({"kind": "location"}));
    assert_eq!(attendee(&EVENT, "CUTYPE=INDIVIDUAL"), json!({"kind": "individual"}));
    assert_eq!(attendee(&EVENT, "CUTYPE=GROUP"), json!({"kind": "group"}));
    assert_eq!(attendee(&EVENT, "CUTYPE=RESOURCE"), json!({"kind": "resource"}));
    assert_eq!(attendee(&EVENT, "CUTYPE=UNKNOWN"), json!({}));
    assert_eq!(attendee(&EVENT, "CUTYPE=X-CAR"), json!({}));
}

#[test]
fn p14_kind_without_a_word() {
    let entry = guest(json!({"kind": "example.com:drone"}));
    assert_eq!(
        export(&entry),
        [
            format!("ATTENDEE;JSID={B}:mailto:bob@example.com"),
            format!("JSPROP;JSPTR=\"participants/{B}/kind\":\"example.com:drone\""),
        ]
    );
}

#[test]
fn p15_roles() {
    assert_eq!(attendee(&EVENT, "ROLE=CHAIR"), json!({"roles": {"chair": true}}));
    assert_eq!(attendee(&EVENT, "ROLE=OPT-PARTICIPANT"), json!({"roles": {"optional": true}}));
    assert_eq!(attendee(&EVENT, "ROLE=NON-PARTICIPANT"), json!({"roles": {"informational": true}}));
    assert_eq!(attendee(&EVENT, "ROLE=REQ-PARTICIPANT"), json!({"roles": {"required": true}}));
    assert_eq!(attendee(&EVENT, "ROLE=X-DRIVER"), json!({}));
}

#[test]
fn p16_roles_of_1_0() {
    let roles = |lines: &str| {
        OLD.same(lines);
        participants(&OLD.import(lines))[B]["roles"].clone()
    };
    assert_eq!(roles("ATTENDEE:mailto:bob@example.com"), json!({"attendee": true}));
    assert_eq!(
        roles("ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:bob@example.com"),
        json!({"attendee": true})
    );
    assert_eq!(
        roles("ATTENDEE;ROLE=CHAIR:mailto:bob@example.com"),
        json!({"attendee": true, "chair": true})
    );
    assert_eq!(
        roles("ATTENDEE;ROLE=NON-PARTICIPANT:mailto:bob@example.com"),
        json!({"informational": true})
    );
}

#[test]
fn p17_several_roles() {
    let entry = guest(json!({"roles": {"optional": true, "chair": true, "informational": true}}));
    assert_eq!(
        export(&entry),
        [
            format!("ATTENDEE;ROLE=CHAIR;JSID={B}:mailto:bob@example.com"),
            format!("JSPROP;JSPTR=\"participants/{B}/roles/informational\":true"),
            format!("JSPROP;JSPTR=\"participants/{B}/roles/optional\":true"),
        ]
    );
}

#[test]
fn p18_role_without_a_word() {
    assert_eq!(
        export(&guest(json!({"roles": {"attendee": true}}))),
        [
            format!("ATTENDEE;JSID={B}:mailto:bob@example.com"),
            format!("JSPROP;JSPTR=\"participants/{B}/roles\":{{\"attendee\":true}}"),
        ]
    );
}

#[test]
fn p19_nobody_to_write_to() {
    let entry = event(
        json!({"participants": {"band": {"name": "Band", "kind": "group", "roles": {"chair": true}}}}),
    );
    assert_eq!(
        export(&entry),
        [
            "BEGIN:PARTICIPANT",
            "END:PARTICIPANT",
            "JSPROP;JSPTR=\"kind\":\"group\"",
            "JSPROP;JSPTR=\"roles\":{\"chair\":true}",
            "PARTICIPANT-TYPE:ACTIVE",
            "SUMMARY:Band",
            "UID:band",
        ]
    );
    let back = reimport(&entry);
    assert_eq!(participants(&back)["band"]["name"], "Band");
    assert_eq!(participants(&back)["band"]["kind"], "group");
    assert_eq!(participants(&back)["band"]["roles"], json!({"chair": true}));
}

fn reimport(entry: &Value) -> Value {
    let text = ToIcal::new().json(&entry.to_string()).unwrap().value;
    let json = FromIcal::new().json(text).unwrap().value;
    let group: Value = serde_json::from_str(&json).unwrap();
    group["entries"][0].clone()
}

#[test]
fn p20_attendee_with_more_to_say() {
    let entry = guest(json!({"name": "Bob", "description": "Sings", "x.example:voice": "bass"}));
    let uid = format!("UID:{B}");
    assert_eq!(
        export(&entry),
        [
            "ATTENDEE;CN=Bob:mailto:bob@example.com",
            "BEGIN:PARTICIPANT",
            "CALENDAR-ADDRESS:mailto:bob@example.com",
            "DESCRIPTION:Sings",
            "END:PARTICIPANT",
            "JSPROP;JSPTR=\"x.example:voice\":\"bass\"",
            "PARTICIPANT-TYPE:ACTIVE",
            uid.as_str(),
        ]
    );
    let back = reimport(&entry);
    assert_eq!(participants(&back).as_object().unwrap().len(), 1);
    let bob = &participants(&back)[B];
    assert_eq!((&bob["name"], &bob["description"]), (&json!("Bob"), &json!("Sings")));
    assert_eq!(bob["x.example:voice"], "bass");
    // And so it stays.
    assert_eq!(reimport(&back), back);
}

#[test]
fn p20_links() {
    let entry = guest(json!({"links": {"l": {"href": "https://bob.example/"}}}));
    let lines = export(&entry);
    assert!(lines.contains(&"ATTENDEE:mailto:bob@example.com".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.ends_with(":https://bob.example/")), "{lines:?}");
    assert_eq!(participants(&reimport(&entry))[B]["links"]["l"]["href"], "https://bob.example/");
}

#[test]
fn p21_participant_alone() {
    let lines = "BEGIN:PARTICIPANT\nCALENDAR-ADDRESS:mailto:bob@example.com\nEND:PARTICIPANT\n\
                 PARTICIPANT-TYPE:SPEAKER\nSUMMARY:Bob\nUID:p1\nX-A:1";
    let lines = sorted_participant(lines);
    let entry = EVENT.import(&lines);
    let bob = &participants(&entry)[B];
    assert_eq!(bob["calendarAddress"], "mailto:bob@example.com");
    assert_eq!(bob["name"], "Bob");
    let mark = json!({"@type": "ICalProperty", "name": "calendar-address"});
    assert_eq!(bob["iCalendar"]["convertedProperties"]["calendarAddress"], mark);
    same_sorted(&EVENT, &lines);
}

/// Puts `BEGIN` and `END` around the other lines.
fn sorted_participant(lines: &str) -> String {
    let inner: Vec<&str> =
        lines.split('\n').filter(|line| !line.ends_with(":PARTICIPANT")).collect();
    format!("BEGIN:PARTICIPANT\n{}\nEND:PARTICIPANT", inner.join("\n"))
}

#[track_caller]
fn same_sorted(case: &Case, lines: &str) {
    let mut expected: Vec<&str> = lines.split('\n').collect();
    expected.sort_unstable();
    let entry = case.import(lines);
    assert_eq!(export(&entry), expected, "{entry:#}");
}

#[test]
fn participants_beside_lines() {
    let part = "BEGIN:PARTICIPANT\nUID:p1\nPARTICIPANT-TYPE:ACTIVE\nCALENDAR-ADDRESS:mailto:bob@example.com\n";
    for lines in [
        "ATTENDEE:mailto:bob@example.com\n$END:PARTICIPANT",
        "ATTENDEE;CN=Bob:mailto:bob@example.com\n$END:PARTICIPANT",
        "ATTENDEE;CN=Bob:mailto:bob@example.com\n$SUMMARY:Bob\nEND:PARTICIPANT",
        "ATTENDEE;CN=Bob:mailto:bob@example.com\n$SUMMARY;LANGUAGE=de:Robert\nEND:PARTICIPANT",
        "ATTENDEE:mailto:bob@example.com\n$SUMMARY:Bob\nDESCRIPTION;LANGUAGE=de:Singt\nEND:PARTICIPANT",
        "ATTENDEE;JSID=k:MAILTO:Bob@example.com\n$SUMMARY:Bob\nJSID:k\nEND:PARTICIPANT",
        "ATTENDEE;JSID=k:MAILTO:Bob@example.com\n$SUMMARY:Bob\nJSID:j\nEND:PARTICIPANT",
        "ATTENDEE:mailto:bob@example.com\n$JSID:j\nEND:PARTICIPANT",
        "ORGANIZER:mailto:bob@example.com\n$END:PARTICIPANT",
        "ORGANIZER:mailto:bob@example.com\n$SUMMARY:Bob\nEND:PARTICIPANT",
        "ORGANIZER;CN=Bob:MAILTO:bob@example.com\n$SUMMARY:Bob\nEND:PARTICIPANT",
        "ORGANIZER:mailto:bob@example.com\nATTENDEE;CN=Bobby:mailto:bob@example.com\n$SUMMARY:Bob\nEND:PARTICIPANT",
        "ORGANIZER;CN=O:mailto:bob@example.com\nATTENDEE;RSVP=TRUE:mailto:bob@example.com\n$SUMMARY:P\nEND:PARTICIPANT",
        "ATTENDEE:mailto:bob@example.com\n$STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>x</b>\nDESCRIPTION;DERIVED=TRUE:x\nEND:PARTICIPANT",
        "ATTENDEE:mailto:bob@example.com\n$END:PARTICIPANT\n$SUMMARY:Second\nEND:PARTICIPANT",
    ] {
        same_sorted(&EVENT, &lines.replace('$', part));
    }
    same_sorted(
        &EVENT,
        "BEGIN:PARTICIPANT\nPARTICIPANT-TYPE:ACTIVE\nSUMMARY:Nobody\\, really\nEND:PARTICIPANT",
    );
    same_sorted(&EVENT, "BEGIN:PARTICIPANT\nPARTICIPANT-TYPE:ACTIVE\nEND:PARTICIPANT");
    same_sorted(&EVENT, "BEGIN:PARTICIPANT\nUID:no id@example.com\nEND:PARTICIPANT");
    same_sorted(&EVENT, "BEGIN:PARTICIPANT\nUID:a\nJSID:b\nEND:PARTICIPANT");
    same_sorted(&EVENT, "BEGIN:PARTICIPANT\nUID:a\nPERCENT-COMPLETE:50\nEND:PARTICIPANT");
    same_sorted(&TASK, "BEGIN:PARTICIPANT\nUID:a\nPERCENT-COMPLETE:50\nEND:PARTICIPANT");
    same_sorted(&TASK, "BEGIN:PARTICIPANT\nUID:a\nPERCENT-COMPLETE:150\nEND:PARTICIPANT");
    same_sorted(&EVENT, "BEGIN:PARTICIPANT\nUID:a\nBEGIN:VLOCATION\nUID:l\nNAME:Hall\nEND:VLOCATION\nEND:PARTICIPANT"
        .replace("BEGIN:VLOCATION\n", "").replace("\nEND:VLOCATION", "").as_str());
}

#[test]
fn p22_delegations() {
    let lines = "ATTENDEE;DELEGATED-TO=\"mailto:bob@example.com\",\"mailto:cy@example.com\":mailto:ann@example.com";
    let entry = EVENT.import(lines);
    let both = json!({"mailto:bob@example.com": true, "mailto:cy@example.com": true});
    assert_eq!(participants(&entry)[A]["delegatedTo"], both);
    EVENT.same(lines);

    // 1.0 names participants by their keys: who is none becomes one, and no line comes of it.
    OLD.same(lines);
    let lines = format!("{lines}\nATTENDEE:mailto:bob@example.com");
    OLD.same(&lines.split('\n').rev().collect::<Vec<_>>().join("\n"));
    let entry = OLD.import(&lines);
    let delegated = participants(&entry)[A]["delegatedTo"].as_object().unwrap();
    assert!(delegated.contains_key(B), "{entry:#}");
    assert!(delegated.keys().all(|key| participants(&entry)[key].is_object()), "{entry:#}");
    let respelled = "ATTENDEE;DELEGATED-TO=\"mailto:BOB@example.com\":mailto:ann@example.com\nATTENDEE:mailto:bob@example.com";
    same_sorted(&OLD, respelled);
}

#[test]
fn p23_member() {
    let bob = attendee(&EVENT, "MEMBER=\"mailto:list@example.com\"");
    assert_eq!(bob, json!({"memberOf": {"mailto:list@example.com": true}}));
}

#[test]
fn p24_odd_sets() {
    let expected = ["ATTENDEE;DELEGATED-TO=\"mailto:b@x\":mailto:bob@example.com"];
    assert_eq!(export(&guest(json!({"delegatedTo": "mailto:b@x"}))), expected);
    let lines = export(&guest(json!({"delegatedTo": {"mailto:b@x": false}})));
    assert!(!lines.iter().any(|line| line.contains("DELEGATED-TO")), "{lines:?}");
}

#[test]
fn p25_progress_in_tasks() {
    let bob = attendee(&TASK, "PARTSTAT=IN-PROCESS");
    assert_eq!(bob, json!({"participationStatus": "accepted", "progress": "in-process"}));
    let bob = attendee(&TASK, "PARTSTAT=COMPLETED");
    assert_eq!(bob, json!({"participationStatus": "accepted", "progress": "completed"}));
}

#[test]
fn p26_progress_in_events() {
    assert_eq!(attendee(&EVENT, "PARTSTAT=COMPLETED"), json!({}));
    assert_eq!(attendee(&EVENT, "PARTSTAT=X-MAYBE"), json!({}));
    assert_eq!(
        attendee(&EVENT, "PARTSTAT=NEEDS-ACTION"),
        json!({"participationStatus": "needs-action"})
    );
}

#[test]
fn p27_failed() {
    let bob = json!({"calendarAddress": "mailto:bob@example.com", "participationStatus": "accepted", "progress": "failed"});
    let task = entry("Task", json!({"participants": {B: bob}}));
    assert_eq!(export(&task), ["ATTENDEE;PARTSTAT=FAILED:mailto:bob@example.com"]);
    assert_eq!(participants(&reimport(&task))[B]["progress"], "failed");
}

#[test]
fn p28_answers() {
    assert_eq!(attendee(&EVENT, "RSVP=TRUE"), json!({"expectReply": true}));
    assert_eq!(attendee(&EVENT, "RSVP=FALSE"), json!({"expectReply": false}));
    assert_eq!(attendee(&EVENT, "RSVP=YES"), json!({}));
}

#[test]
fn p29_parameters_without_a_member() {
    let line = "ATTENDEE;DIR=\"ldap://x\";LANGUAGE=de;SCHEDULE-STATUS=2.0;X-NUM-GUESTS=2:mailto:bob@example.com";
    let entry = EVENT.import(line);
    let params =
        json!({"x-num-guests": "2", "schedule-status": "2.0", "language": "de", "dir": "ldap://x"});
    assert_eq!(hint(&entry, &format!("participants/{B}/calendarAddress"))["parameters"], params);
    EVENT.same(line);
}

#[test]
fn p30_scheduling_of_1_0() {
    let bob = attendee(&OLD, "SCHEDULE-AGENT=CLIENT");
    assert_eq!(bob["scheduleAgent"], "client");
    assert_eq!(attendee(&OLD, "SCHEDULE-FORCE-SEND=REQUEST")["scheduleForceSend"], true);
    assert_eq!(attendee(&OLD, "SCHEDULE-FORCE-SEND=REPLY")["scheduleForceSend"], true);
    assert_eq!(
        attendee(&OLD, "SCHEDULE-STATUS=\"1.2,2.0\"")["scheduleStatus"],
        json!(["1.2", "2.0"])
    );
    assert_eq!(attendee(&OLD, "LANGUAGE=de")["language"], "de");
    let line =
        "ATTENDEE;LANGUAGE=de;SCHEDULE-AGENT=CLIENT;SCHEDULE-STATUS=1.2:mailto:bob@example.com";
    assert_eq!(OLD.bare(line), [line]);
}

#[test]
fn p31_lonely() {
    let (_, diagnostics) = EVENT.import_all("ORGANIZER:mailto:ann@example.com");
    assert!(diagnostics.iter().any(|it| it.contains("no-attendee")), "{diagnostics:?}");
    EVENT.same("ORGANIZER:mailto:ann@example.com");
    let (_, diagnostics) = EVENT.import_all("ATTENDEE:mailto:ann@example.com");
    assert!(diagnostics.iter().any(|it| it.contains("no-organizer")), "{diagnostics:?}");
    EVENT.same("ATTENDEE:mailto:ann@example.com");
}

#[test]
fn p32_odd_addresses() {
    EVENT.same("ORGANIZER:/principals/ann/");
    EVENT.same("ATTENDEE;CN=Ann:invalid:nomail\nATTENDEE;CN=Bob:invalid:nomail\nORGANIZER;CN=Cy:invalid:nomail");
    let entry = EVENT.import("ATTENDEE;CN=Ann:invalid:nomail\nATTENDEE;CN=Bob:invalid:nomail");
    assert_eq!(participants(&entry).as_object().unwrap().len(), 2);
    EVENT.import("ATTENDEE:\nORGANIZER:");
    EVENT.same("ATTENDEE;CN=Ann:");
}

#[test]
fn p33_escapes_in_names() {
    let bob = attendee(&EVENT, "CN=\"Müller, ^'Jo^' ^n X\"");
    assert_eq!(bob["name"], "Müller, \"Jo\" \n X");
    // A comma that somebody forgot to quote.
    let entry = EVENT.import("ATTENDEE;CN=Doe, Jo:mailto:bob@example.com");
    assert_eq!(participants(&entry)[B]["name"], "Doe, Jo");
    assert_eq!(export(&entry), ["ATTENDEE;CN=\"Doe, Jo\":mailto:bob@example.com"]);
}

#[test]
fn p34_nothing_breaks_out() {
    let lines = export(&guest(json!({"name": "a\"b\r\nATTENDEE:c\u{7f}\u{0}d"})));
    assert_eq!(lines, ["ATTENDEE;CN=\"a^'b^nATTENDEE:cd\":mailto:bob@example.com"]);
}

#[test]
fn p35_two_jsids() {
    let lines = "ATTENDEE;JSID=a:mailto:ann@example.com\nORGANIZER;JSID=o:mailto:ann@example.com";
    let entry = EVENT.import(lines);
    let keys: Vec<&String> = participants(&entry).as_object().unwrap().keys().collect();
    assert_eq!(keys, ["o"]);
    EVENT.same(lines);
    EVENT.same("ATTENDEE:mailto:ann@example.com\nORGANIZER;JSID=o:mailto:ann@example.com");
    EVENT.same("ATTENDEE;JSID=a:mailto:ann@example.com\nORGANIZER:mailto:ann@example.com");
    EVENT.same(&format!("ATTENDEE;JSID={B}:mailto:bob@example.com"));
    EVENT.same("ATTENDEE;JSID=a/b~c:mailto:bob@example.com");
}

#[test]
fn p36_reply_to_of_1_0() {
    let lines = "ATTENDEE:tel:+1-555-0100\nORGANIZER:mailto:ann@example.com";
    let entry = OLD.import(lines);
    assert_eq!(entry["replyTo"], json!({"imip": "mailto:ann@example.com"}));
    let other = participants(&entry)
        .as_object()
        .unwrap()
        .values()
        .find(|it| it["sendTo"]["other"].is_string());
    assert_eq!(other.unwrap()["sendTo"], json!({"other": "tel:+1-555-0100"}));
    OLD.same(lines);
}

#[test]
fn p37_web_page_to_answer_on() {
    let entry = json!({
        "@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z", "start": "2024-01-15T10:00:00",
        "timeZone": "Etc/UTC", "replyTo": {"web": "https://x.example/", "imip": "mailto:ann@example.com"},
    });
    assert_eq!(
        export(&entry),
        [
            "JSPROP;JSPTR=\"replyTo\":{\"web\":\"https://x.example/\"}",
            "ORGANIZER:mailto:ann@example.com",
        ]
    );
}

#[test]
fn p38_attendee_of_an_alarm() {
    let lines = "BEGIN:VALARM\nACTION:EMAIL\nTRIGGER:-PT5M\nATTENDEE:mailto:bob@example.com\nSUMMARY:x\n\
                 DESCRIPTION:y\nEND:VALARM";
    assert!(participants(&EVENT.import(lines)).is_null());
}

#[test]
fn p39_two_organizers() {
    let lines = "ORGANIZER:mailto:ann@example.com\nORGANIZER:mailto:bob@example.com";
    let entry = EVENT.import(lines);
    assert_eq!(entry["organizerCalendarAddress"], "mailto:ann@example.com");
    assert_eq!(*kept(&entry), json!([["organizer", {}, "cal-address", "mailto:bob@example.com"]]));
    EVENT.same(lines);
}

#[test]
fn p40_organizer_without_participant() {
    let entry = event(json!({"organizerCalendarAddress": "mailto:ann@example.com"}));
    assert_eq!(export(&entry), ["ORGANIZER:mailto:ann@example.com"]);
}

#[test]
fn p41_percentage_in_an_event() {
    let (lines, diagnostics) = export_all(&guest(json!({"percentComplete": 50})));
    assert_eq!(
        lines,
        [
            format!("ATTENDEE;JSID={B}:mailto:bob@example.com"),
            format!("JSPROP;JSPTR=\"participants/{B}/percentComplete\":50"),
        ]
    );
    assert!(diagnostics.iter().any(|it| it.contains("percentComplete")), "{diagnostics:?}");
}

#[test]
fn p42_list_of_roles() {
    let bob = attendee(&EVENT, "ROLE=\"CHAIR,REQ-PARTICIPANT\"");
    assert_eq!(bob["roles"], json!({"chair": true, "required": true}));
}

#[test]
fn meeting_with_a_merged_organizer() {
    let lines = "ATTENDEE;CN=Ann;ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:ann@example.com\n\
                 ATTENDEE;CUTYPE=ROOM;RSVP=TRUE;X-NUM-GUESTS=2:mailto:bob@example.com\n\
                 ORGANIZER;CN=Ann;SENT-BY=\"mailto:sec@example.com\":mailto:ann@example.com";
    let entry = EVENT.import(lines);
    assert_eq!(entry["sentBy"], "sec@example.com");
    let mut found = participants(&entry).clone();
    found
        .as_object_mut()
        .unwrap()
        .values_mut()
        .for_each(|one| drop(one.as_object_mut().unwrap().remove("@type")));
    assert_eq!(
        found,
        json!({
            A: {"calendarAddress": "mailto:ann@example.com", "name": "Ann", "sentBy": "sec@example.com",
                "participationStatus": "accepted", "roles": {"owner": true, "chair": true}},
            B: {"calendarAddress": "mailto:bob@example.com", "kind": "location", "expectReply": true},
        })
    );
    let guests =
        json!({"@type": "ICalProperty", "name": "attendee", "parameters": {"x-num-guests": "2"}});
    assert_eq!(*hint(&entry, &format!("participants/{B}/calendarAddress")), guests);
    EVENT.same(lines);
}

#[test]
fn lines_that_differ_come_back() {
    for lines in [
        "ATTENDEE;CN=Ann:mailto:ann@example.com\nORGANIZER;CN=Ann:mailto:ann@example.com",
        "ATTENDEE;CN=Ann:mailto:ann@example.com\nORGANIZER:mailto:ann@example.com",
        "ATTENDEE:mailto:ann@example.com\nORGANIZER;CN=Ann:mailto:ann@example.com",
        "ATTENDEE:mailto:ann@example.com\nORGANIZER:mailto:ann@example.com",
        "ATTENDEE;CN=A:mailto:ann@example.com\nORGANIZER;CN=B:mailto:ann@example.com",
        "ATTENDEE;CN=A;EMAIL=a@example.com:mailto:ann@example.com\nORGANIZER;EMAIL=b@example.com:mailto:ann@example.com",
        "ATTENDEE;ROLE=OWNER:mailto:ann@example.com\nORGANIZER:mailto:ann@example.com",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:ann@example.com\nORGANIZER:mailto:ann@example.com",
        "ATTENDEE;LANGUAGE=de:mailto:ann@example.com\nORGANIZER;CN=Ann;PARTSTAT=ACCEPTED;ROLE=CHAIR;X-A=1:mailto:ann@example.com",
        "ATTENDEE;CN=Ann;CN=Bob:mailto:ann@example.com",
        "ATTENDEE;CN=:mailto:ann@example.com",
        "ATTENDEE;CUTYPE=:mailto:ann@example.com",
        "ATTENDEE;VALUE=URI:mailto:ann@example.com",
        "ORGANIZER;VALUE=URI:mailto:ann@example.com",
    ] {
        let lines = lines.to_owned();
        let back = export(&EVENT.import(&lines));
        let mut expected: Vec<&str> = lines.split('\n').collect();
        expected.sort_unstable();
        assert_eq!(back, expected, "{:#}", EVENT.import(&lines));
        // What 1.0 has no word for comes from a hint, behind the others.
        let sorted = |line: &str| {
            let (head, value) = line.split_once(':').unwrap();
            let mut parts: Vec<&str> = head.split(';').collect();
            parts.sort_unstable();
            format!("{}:{value}", parts.join(";"))
        };
        let old: Vec<String> =
            export(&OLD.import(&lines)).iter().map(|line| sorted(line)).collect();
        let expected: Vec<String> = expected.iter().map(|line| sorted(line)).collect();
        assert_eq!(old, expected, "{:#}", OLD.import(&lines));
    }
}

#[test]
fn edits_show() {
    let lines = "ATTENDEE;CUTYPE=X-CAR;X-A=1:mailto:ann@example.com\nORGANIZER;CN=Ann:mailto:ann@example.com";
    let mut entry = EVENT.import(lines);
    entry["participants"][A]["name"] = json!("Anna");
    entry["participants"][A]["kind"] = json!("resource");
    assert_eq!(
        export(&entry),
        [
            "ATTENDEE;CN=Anna;CUTYPE=RESOURCE;X-A=1:mailto:ann@example.com",
            "ORGANIZER;CN=Anna:mailto:ann@example.com",
        ]
    );
    // What repeats a description goes with it.
    let styled = "BEGIN:PARTICIPANT\nUID:p\nSTYLED-DESCRIPTION:<b>x</b>\nDESCRIPTION;DERIVED=TRUE:x\nEND:PARTICIPANT";
    let mut entry = EVENT.import(styled);
    assert!(export(&entry).contains(&"DESCRIPTION;DERIVED=TRUE:x".to_owned()));
    entry["participants"]["p"]["description"] = json!("<b>y</b>");
    let lines = export(&entry);
    assert!(!lines.contains(&"DESCRIPTION;DERIVED=TRUE:x".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.ends_with("<b>y</b>")), "{lines:?}");
    // The name that only ORGANIZER had must not come back.
    let mut entry =
        EVENT.import("ATTENDEE:mailto:ann@example.com\nORGANIZER;CN=Ann:mailto:ann@example.com");
    entry["participants"][A].as_object_mut().unwrap().remove("name");
    assert_eq!(
        export(&entry),
        ["ATTENDEE:mailto:ann@example.com", "ORGANIZER:mailto:ann@example.com"]
    );
    // A component that becomes somebody who answers.
    let part =
        "BEGIN:PARTICIPANT\nUID:p1\nCALENDAR-ADDRESS:mailto:bob@example.com\nEND:PARTICIPANT";
    let mut entry = EVENT.import(part);
    entry["participants"][B]["participationStatus"] = json!("declined");
    assert!(
        export(&entry).contains(&"ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com".to_owned())
    );
}

#[test]
fn one_address_for_two_participants() {
    let entry = event(json!({
        "organizerCalendarAddress": "mailto:ann@example.com",
        "participants": {
            "a": {"calendarAddress": "mailto:ann@example.com", "roles": {"owner": true}},
            "b": {"calendarAddress": "mailto:Ann@example.com", "name": "Ann"},
        },
    }));
    let back = reimport(&entry);
    assert_eq!(participants(&back)["a"]["roles"], json!({"owner": true}), "{back:#}");
    assert_eq!(participants(&back)["b"]["name"], "Ann");
    assert!(participants(&back)["a"]["name"].is_null());
}

#[test]
fn one_address_and_one_jsid() {
    let (bob, two) = ("mailto:bob@example.com", "MAILTO:bob@example.com");
    let part = format!("BEGIN:PARTICIPANT\nCALENDAR-ADDRESS:{bob}\nUID:p\n");
    for lines in [
        format!("ATTENDEE:{bob}\nATTENDEE;JSID=x:{bob}"),
        format!("ATTENDEE:{bob}\nATTENDEE;JSID=x:{two}\nATTENDEE;JSID=y:{bob}"),
        format!("ATTENDEE:{bob}\nATTENDEE;JSID=x:{bob}\nORGANIZER:{bob}"),
        format!("ATTENDEE:{bob}\nATTENDEE;JSID=x:{bob}\nORGANIZER;JSID=x:{bob}"),
        format!("ATTENDEE;JSID={B}:{bob}\nATTENDEE;JSID=x:{bob}"),
        format!("ATTENDEE:{bob}\nATTENDEE;JSID=x:{bob}\n{part}END:PARTICIPANT"),
        format!("ATTENDEE:{bob}\nATTENDEE;JSID=x:{bob}\n{part}JSID:x\nEND:PARTICIPANT"),
        format!("ATTENDEE;JSID=x:{bob}\nATTENDEE:{bob}\nATTENDEE;JSID=y:{bob}"),
    ] {
        for case in [EVENT, OLD] {
            same_sorted(&case, &lines);
            let entry = case.import(&lines);
            assert_eq!(participants(&reimport(&entry)), participants(&EVENT.import(&lines)));
        }
    }
}

#[test]
fn answers_of_1_0() {
    let case = Case { component: "VEVENT", version: Version::V1_0, method: Some("REPLY") };
    let lines = "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com\nCOMMENT;LANGUAGE=en:Sorry\n\
                 ORGANIZER:mailto:ann@example.com\nSEQUENCE:3";
    let entry = case.import(lines);
    let bob = &participants(&entry)[B];
    assert_eq!(bob["participationComment"], "Sorry");
    assert_eq!(bob["scheduleUpdated"], "2024-01-01T00:00:00Z");
    assert_eq!(bob["scheduleSequence"], 3);
    case.same(lines);
    EVENT.same("COMMENT:Sorry");
    OLD.same("COMMENT:Sorry");
}

#[test]
fn participants_of_1_0() {
    same_sorted(
        &OLD,
        "BEGIN:PARTICIPANT\nUID:p\nCOMMENT:Sorry\nDTSTAMP:20240102T000000Z\nSEQUENCE:2\nEND:PARTICIPANT",
    );
    let entry = OLD.import("BEGIN:PARTICIPANT\nUID:p\nCOMMENT:Sorry\nEND:PARTICIPANT");
    assert_eq!(participants(&entry)["p"]["participationComment"], "Sorry");
}

#[test]
fn directories_of_1_0() {
    let lines = r#"ATTENDEE;DIR="ldap://example.com/o=B%20C":mailto:bob@example.com"#;
    assert!(participants(&EVENT.import(lines))[B]["links"].is_null());
    EVENT.same(lines);
    OLD.same(lines);
    let entry = OLD.import(lines);
    let (key, link) = participants(&entry)[B]["links"].as_object().unwrap().iter().next().unwrap();
    assert_eq!(*link, json!({"@type": "Link", "href": "ldap://example.com/o=B%20C"}));
    let path = format!("participants/{B}/links/{key}/href");
    assert_eq!(entry["iCalendar"]["convertedProperties"][path]["name"], "dir");
    // The link alone, without a word of where it came from, is one of a PARTICIPANT.
    let bare = OLD.bare(lines);
    assert!(bare.contains(&"ATTACH:ldap://example.com/o=B%20C".to_owned()), "{bare:?}");
    for lines in [
        r#"ATTENDEE;DIR="https://example.com/b","https://example.com/c":mailto:bob@example.com"#,
        "ATTENDEE;DIR=:mailto:bob@example.com",
        r#"ORGANIZER;DIR="https://example.com/b":mailto:bob@example.com"#,
    ] {
        EVENT.same(lines);
        OLD.same(lines);
    }
}

#[test]
fn edited_directories_of_1_0() {
    let lines = r#"ATTENDEE;DIR="https://example.com/b":mailto:bob@example.com"#;
    let entry = OLD.import(lines);
    let key = participants(&entry)[B]["links"].as_object().unwrap().keys().next().unwrap().clone();
    let mut removed = entry.clone();
    removed["participants"][B].as_object_mut().unwrap().remove("links");
    assert_eq!(export(&removed), ["ATTENDEE:mailto:bob@example.com"]);
    // A title has no place in DIR, so the link becomes one of a PARTICIPANT.
    let mut titled = entry.clone();
    titled["participants"][B]["links"][&key]["title"] = json!("Bob");
    let written = export(&titled);
    assert!(written.contains(&"ATTENDEE:mailto:bob@example.com".to_owned()), "{written:?}");
    assert!(
        written.contains(&"ATTACH;FILENAME=Bob:https://example.com/b".to_owned()),
        "{written:?}"
    );
}

#[test]
fn directories_beside_a_component() {
    let lines = "ATTENDEE;DIR=\"https://example.com/b\":mailto:bob@example.com\nBEGIN:PARTICIPANT\nUID:p\n\
                 CALENDAR-ADDRESS:mailto:bob@example.com\nATTACH:https://example.com/b\n\
                 ATTACH:https://example.com/c\nEND:PARTICIPANT";
    let entry = OLD.import(lines);
    assert_eq!(participants(&entry)[B]["links"].as_object().unwrap().len(), 3);
    let written = export(&entry);
    assert!(
        written
            .contains(&r#"ATTENDEE;DIR="https://example.com/b":mailto:bob@example.com"#.to_owned()),
        "{written:?}"
    );
    assert_eq!(written.iter().filter(|line| line.starts_with("ATTACH")).count(), 2, "{written:?}");
}

#[test]
fn types_of_1_0_are_roles() {
    let component = |lines: &str| {
        format!(
            "BEGIN:PARTICIPANT\nUID:p\nCALENDAR-ADDRESS:mailto:bob@example.com\n{lines}\nEND:PARTICIPANT"
        )
    };
    let speaker = component("PARTICIPANT-TYPE:SPEAKER");
    assert!(participants(&EVENT.import(&speaker))[B]["roles"].is_null());
    let entry = OLD.import(&speaker);
    assert_eq!(participants(&entry)[B]["roles"]["speaker"], true);
    for line in [
        "PARTICIPANT-TYPE:SPEAKER",
        "PARTICIPANT-TYPE:Speaker",
        "PARTICIPANT-TYPE;X-A=b:PLANNER-CONTACT",
        "PARTICIPANT-TYPE:SPEAKER\nPARTICIPANT-TYPE:SPONSOR",
        "PARTICIPANT-TYPE:ACTIVE",
        "PARTICIPANT-TYPE:CHAIR",
        "PARTICIPANT-TYPE:X Y",
    ] {
        same_sorted(&EVENT, &component(line));
        same_sorted(&OLD, &component(line));
        let attended = format!("ATTENDEE;ROLE=CHAIR:mailto:bob@example.com\n{}", component(line));
        same_sorted(&EVENT, &attended);
        same_sorted(&OLD, &attended);
    }
    // Beside a type, too, no ROLE means that somebody takes part.
    for role in ["", ";ROLE=REQ-PARTICIPANT"] {
        let attended = format!("ATTENDEE{role}:mailto:bob@example.com\n{speaker}");
        same_sorted(&OLD, &attended);
        let roles = json!({"attendee": true, "speaker": true});
        assert_eq!(participants(&OLD.import(&attended))[B]["roles"], roles);
    }
    let active = OLD.import(&component("PARTICIPANT-TYPE:ACTIVE"));
    assert!(participants(&active)[B]["roles"]["active"].is_null());
    let mut removed = entry.clone();
    removed["participants"][B]["roles"].as_object_mut().unwrap().remove("speaker");
    let written = export(&removed);
    assert!(!written.contains(&"PARTICIPANT-TYPE:SPEAKER".to_owned()), "{written:?}");
}

#[test]
fn many_people_take_no_more_time_each() {
    let lines = |count: usize| {
        let line =
            |at| format!("ATTENDEE;CN=P {at};CUTYPE=X-CAR;JSID=p{at}:mailto:p{at}@example.com");
        (0..count).map(line).collect::<Vec<_>>().join("\n")
    };
    let time = |count: usize| {
        let lines = lines(count);
        let start = std::time::Instant::now();
        let entry = EVENT.import(&lines);
        assert_eq!(export(&entry).len(), count);
        start.elapsed()
    };
    time(100);
    let (few, many) = (time(1_000), time(16_000));
    assert!(many < few * 64, "{few:?} for 1000, {many:?} for 16000");
}

#[test]
fn two_components_of_one_participant_keep_their_places() {
    let part = |uid: u8| {
        format!(
            "BEGIN:PARTICIPANT\nUID:{uid}\nPARTICIPANT-TYPE:ACTIVE\nCALENDAR-ADDRESS:mailto:ann@example.com\n\
             END:PARTICIPANT"
        )
    };
    let lines = format!("{}\n{}", part(1), part(2));
    let json = FromIcal::new().json(EVENT.text(&lines)).unwrap().value;
    let text = ToIcal::new().json(&json).unwrap().value;
    let uids: Vec<&str> = text.lines().filter(|line| line.starts_with("UID")).collect();
    assert_eq!(uids, ["UID:u1", "UID:1", "UID:2"]);
}

#[test]
fn an_organizer_that_only_others_name_gets_no_attendee_in_version_1() {
    OLD.same(
        "ORGANIZER:mailto:ann@example.com\nATTENDEE;ROLE=OWNER:mailto:bob@example.com\n\
         ATTENDEE;DELEGATED-FROM=\"mailto:ann@example.com\":mailto:cyd@example.com",
    );
}
