//! JMAP Calendars, section 5.9: messages between the accounts of a server, to the outside and from there.

use std::rc::Rc;

use jmap_embedded::Embedded;
use serde_json::{Value, json};

use super::Outsider;
use crate::wire::Server;

/// A server with Ann, who organizes, and Bob, who is invited. Cid is elsewhere.
pub(super) struct Town {
    server: Embedded,
    pub(super) ann: Person,
    pub(super) bob: Person,
}

pub(super) struct Person(Outsider, &'static str);

impl Town {
    pub(super) fn new() -> Self {
        let server = Rc::new(Server::new(&["ann", "bob"]));
        let [ann, bob] = ["ann", "bob"].map(|name| Person(Outsider::at(&server, name), name));
        Self { server: server.embedded.clone(), ann, bob }
    }

    pub(super) fn principal_of_bob(&self) -> String {
        let response = self.ann.call("Principal/query", json!({"filter": {"name": "bob"}}));
        response["ids"][0].as_str().unwrap_or_else(|| panic!("{response}")).to_owned()
    }

    /// What is in the outbox, which is emptied: method, recipient and text.
    fn outbox(&self) -> Vec<(String, String, String)> {
        let messages = self.server.outbox().unwrap();
        messages.iter().for_each(|message| self.server.sent(message.number).unwrap());
        messages.into_iter().map(|it| (it.method, it.to, it.text)).collect()
    }

    /// Method and recipient of what is in the outbox.
    fn envelopes(&self) -> Vec<String> {
        self.outbox()
            .into_iter()
            .map(|(method, to, text)| {
                let one = if text.contains("RECURRENCE-ID") && !text.contains("FREQ=DAILY") {
                    " one"
                } else {
                    ""
                };
                format!(
                    "{method}{one} {}",
                    to.trim_start_matches("mailto:").split('@').next().unwrap()
                )
            })
            .collect()
    }
}

impl Person {
    pub(super) fn call(&self, method: &str, mut arguments: Value) -> Value {
        arguments["accountId"] = json!(self.1);
        self.0.call(method, arguments)
    }

    /// A call in an account that the arguments name.
    pub(super) fn raw(&self, method: &str, arguments: Value) -> Value {
        self.0.call(method, arguments)
    }

    /// All that comes back for a call in an account that the arguments name.
    pub(super) fn all(&self, method: &str, arguments: Value) -> Value {
        self.0.calls(method, arguments)
    }

    fn set(&self, mut arguments: Value) -> Value {
        arguments["sendSchedulingMessages"] = json!(true);
        self.call("CalendarEvent/set", arguments)
    }

    pub(super) fn create(&self, event: Value) -> String {
        let response = self.set(json!({"create": {"k": event}}));
        response["created"]["k"]["id"].as_str().unwrap_or_else(|| panic!("{response}")).to_owned()
    }

    pub(super) fn update(&self, id: &str, patch: Value) {
        let response = self.set(json!({"update": {id: patch}}));
        assert!(response["updated"].get(id).is_some(), "{response}");
    }

    /// The events that they have.
    pub(super) fn events(&self) -> Vec<Value> {
        self.call("CalendarEvent/get", json!({"ids": null}))["list"].as_array().unwrap().clone()
    }

    pub(super) fn event(&self) -> Value {
        let events = self.events();
        let [event] = &events[..] else { panic!("{events:?}") };
        event.clone()
    }
}

pub(super) fn id(event: &Value) -> &str {
    event["id"].as_str().unwrap()
}

fn person(name: &str) -> Value {
    let host = if ["ann", "bob"].contains(&name) { "localhost" } else { "example.com" };
    json!({"calendarAddress": format!("mailto:{name}@{host}"), "name": name})
}

/// Daily for five days, with Ann, Bob and Cid.
pub(super) fn standup() -> Value {
    let mut ann = person("ann");
    ann["roles"] = json!({"owner": true});
    ann["participationStatus"] = json!("accepted");
    json!({
        "@type": "Event", "uid": "u1", "calendarIds": {"C1": true}, "title": "Standup", "start": "2027-03-01T09:00:00",
        "timeZone": "Europe/Berlin", "duration": "PT1H", "keywords": {"work": true},
        "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
        "participants": {"a": ann, "b": person("bob"), "c": person("cid")},
        "alerts": {"1": {"trigger": {"@type": "OffsetTrigger", "offset": "-PT5M"}}},
    })
}

#[test]
fn an_invitation() {
    let town = Town::new();
    town.ann.create(standup());
    let invited = town.bob.event();
    assert_eq!((&invited["title"], &invited["uid"]), (&json!("Standup"), &json!("u1")));
    assert_eq!(invited["organizerCalendarAddress"], "mailto:ann@localhost");
    assert_eq!((&invited["isOrigin"], &invited["isDraft"]), (&json!(false), &json!(false)));
    assert_eq!(invited["useDefaultAlerts"], true);
    for own in ["alerts", "keywords", "method"] {
        assert!(invited.get(own).is_none(), "{own}: {invited}");
    }
    let outbox = town.outbox();
    let [(method, to, text)] = &outbox[..] else { panic!("{outbox:?}") };
    assert_eq!((method.as_str(), to.as_str()), ("REQUEST", "mailto:cid@example.com"));
    for line in ["METHOD:REQUEST", "UID:u1", "SUMMARY:Standup", "RRULE:FREQ=DAILY;COUNT=5"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("VALARM"), "{text}");
}

/// The table of section 20 of the sheet: who gets what.
#[test]
fn changes_and_messages() {
    let town = Town::new();
    let id = town.ann.create(standup());
    assert_eq!(town.envelopes(), ["REQUEST cid"]);
    let one = |day: u8| format!("recurrenceOverrides/2027-03-0{day}T09:00:00");
    for (patch, messages) in [
        (json!({"title": "Talk"}), vec!["REQUEST cid"]),
        (json!({"keywords": {"play": true}}), vec![]),
        (json!({"alerts": null}), vec![]),
        (json!({"participants/d": person("dan")}), vec!["REQUEST cid", "REQUEST dan"]),
        (json!({"participants/d": null}), vec!["REQUEST cid", "CANCEL dan"]),
        (
            json!({"recurrenceOverrides": {"2027-03-02T09:00:00": {"excluded": true}}}),
            vec!["CANCEL one cid"],
        ),
        (
            json!({one(3): {"excluded": true}, "title": "Chat"}),
            vec!["CANCEL one cid", "REQUEST cid"],
        ),
        (json!({one(4): {"participants/c": null}}), vec!["CANCEL one cid"]),
        (json!({one(9): {"title": "Extra"}}), vec!["REQUEST cid"]),
        (json!({one(9): null}), vec!["CANCEL one cid"]),
        (
            json!({one(5): {"participants/d": person("dan")}}),
            vec!["REQUEST cid", "REQUEST one dan"],
        ),
        (json!({one(5): null}), vec!["REQUEST cid", "CANCEL one dan"]),
    ] {
        town.ann.update(&id, patch.clone());
        assert_eq!(town.envelopes(), messages, "{patch}");
    }
    town.ann.set(json!({"destroy": [id]}));
    assert_eq!(town.envelopes(), ["CANCEL cid"]);
    assert_eq!(town.bob.event()["status"], "cancelled");
}

/// What Bob has is what Ann made of it.
#[test]
fn updates_arrive() {
    let town = Town::new();
    let at_anns = town.ann.create(standup());
    let at_bobs = id(&town.bob.event()).to_owned();
    town.bob.update(&at_bobs, json!({"color": "red", "alerts": {"1": {"trigger": {"@type": "OffsetTrigger", "offset": "PT0S"}}}}));
    town.ann.update(&at_anns, json!({
        "title": "Talk", "recurrenceOverrides": {"2027-03-02T09:00:00": {"start": "2027-03-02T11:00:00"}},
    }));
    let event = town.bob.event();
    assert_eq!(id(&event), at_bobs);
    assert_eq!((&event["title"], &event["sequence"]), (&json!("Talk"), &json!(1)));
    assert_eq!(
        event["recurrenceOverrides"],
        json!({"2027-03-02T09:00:00": {"start": "2027-03-02T11:00:00"}})
    );
    assert_eq!((&event["color"], event["alerts"].as_object().unwrap().len()), (&json!("red"), 1));
    // One occurrence is called off.
    let patch = json!({"recurrenceOverrides/2027-03-03T09:00:00": {"excluded": true}});
    town.ann.update(&at_anns, patch);
    assert_eq!(
        town.bob.event()["recurrenceOverrides"]["2027-03-03T09:00:00"],
        json!({"excluded": true})
    );
    // Bob is not wanted at one, and then at none.
    let patch = json!({"recurrenceOverrides/2027-03-04T09:00:00": {"participants/b": null}});
    town.ann.update(&at_anns, patch);
    assert_eq!(
        town.bob.event()["recurrenceOverrides"]["2027-03-04T09:00:00"],
        json!({"excluded": true})
    );
    town.ann.update(
        &at_anns,
        json!({"participants/b": null, "recurrenceOverrides/2027-03-04T09:00:00": null}),
    );
    assert_eq!(town.bob.event()["status"], "cancelled");
}

#[test]
fn invited_to_one_occurrence() {
    let town = Town::new();
    let mut event = standup();
    event["participants"].as_object_mut().unwrap().remove("b");
    event["recurrenceOverrides"] =
        json!({"2027-03-02T09:00:00": {"participants/b": person("bob"), "title": "With Bob"}});
    town.ann.create(event);
    let one = town.bob.event();
    assert_eq!(
        (&one["recurrenceId"], &one["title"]),
        (&json!("2027-03-02T09:00:00"), &json!("With Bob"))
    );
    assert!(one.get("recurrenceRule").is_none());
    // Bob answers for this one.
    let b = one["participants"].as_object().unwrap().keys().any(|key| key == "b");
    assert!(b, "{one}");
    town.bob.update(id(&one), json!({"participants/b/participationStatus": "accepted"}));
    let changes = town.ann.event()["recurrenceOverrides"]["2027-03-02T09:00:00"].clone();
    assert_eq!(changes["participants/b"]["participationStatus"], "accepted", "{changes}");
}

#[test]
fn answers() {
    let town = Town::new();
    town.ann.create(standup());
    town.outbox();
    let before = town.ann.event();
    let at_bobs = id(&town.bob.event()).to_owned();
    town.bob.update(&at_bobs, json!({"participants/b/participationStatus": "accepted"}));
    let event = town.ann.event();
    assert_eq!(event["participants"]["b"]["participationStatus"], "accepted");
    assert_eq!(event["participants"]["b"]["scheduleSequence"], 0);
    assert!(event["participants"]["b"]["scheduleUpdated"].is_string(), "{event}");
    assert_eq!(event["sequence"], before["sequence"], "an answer is no revision");
    assert!(town.outbox().is_empty(), "nobody else is told");

    let one = json!({"recurrenceOverrides": {"2027-03-03T09:00:00": {"participants/b/participationStatus": "declined"}}});
    town.bob.update(&at_bobs, one);
    let event = town.ann.event();
    assert_eq!(event["participants"]["b"]["participationStatus"], "accepted");
    let changes = &event["recurrenceOverrides"]["2027-03-03T09:00:00"];
    assert_eq!(changes["participants/b/participationStatus"], "declined", "{event}");

    // Who does not want it any more declines.
    town.bob.set(json!({"destroy": [at_bobs]}));
    assert_eq!(town.ann.event()["participants"]["b"]["participationStatus"], "declined");
}

#[test]
fn nobody_is_told() {
    let town = Town::new();
    let mut draft = standup();
    draft["isDraft"] = json!(true);
    let id = town.ann.create(draft);
    assert!(town.bob.events().is_empty() && town.outbox().is_empty());
    town.ann.update(&id, json!({"isDraft": false}));
    assert_eq!((town.bob.events().len(), town.envelopes()), (1, vec!["REQUEST cid".to_owned()]));
    // Without the argument there are no messages.
    town.ann.call("CalendarEvent/set", json!({"update": {id: {"title": "Talk"}}}));
    assert!(town.outbox().is_empty());
    assert_eq!(town.bob.event()["title"], "Standup");
}

#[test]
fn addresses_that_nobody_can_reach() {
    let town = Town::new();
    let mut event = standup();
    event["participants"]["d"] = json!({"calendarAddress": "tel:+49555"});
    let response = town.ann.set(json!({"create": {"k": event}}));
    assert_eq!(response["notCreated"]["k"]["type"], "noSupportedScheduleMethods", "{response}");
    assert!(
        town.ann.events().is_empty() && town.bob.events().is_empty() && town.outbox().is_empty()
    );
}

#[test]
fn hidden_attendees() {
    let town = Town::new();
    let mut event = standup();
    event["hideAttendees"] = json!(true);
    let at_anns = town.ann.create(event);
    let people: Vec<_> =
        town.bob.event()["participants"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(people, ["b"]);
    assert!(!town.outbox()[0].2.contains("bob@"), "Cid sees Bob");
    // Who comes or goes is nobody's business.
    town.ann.update(&at_anns, json!({"participants/d": person("dan")}));
    assert_eq!(town.envelopes(), ["REQUEST dan"]);
}

const INVITED: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nMETHOD:REQUEST\r\n\
    BEGIN:VEVENT\r\nUID:o1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20270301T090000\r\n\
    DURATION:PT1H\r\nSUMMARY:Breakfast\r\nORGANIZER:mailto:cid@example.com\r\n\
    ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@localhost\r\nSEQUENCE:2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn from_outside() {
    let town = Town::new();
    let receive = |text: &str| town.server.receive("bob", "mailto:cid@example.com", text).unwrap();
    assert_eq!(receive(INVITED), 1);
    let event = town.bob.event();
    assert_eq!((&event["title"], &event["isOrigin"]), (&json!("Breakfast"), &json!(false)));
    assert_eq!(event["updated"], "2026-01-01T00:00:00Z");
    assert_eq!(receive(INVITED), 0, "the same says nothing new");
    assert_eq!(
        receive(&INVITED.replace("SEQUENCE:2", "SEQUENCE:1").replace("Breakfast", "Old")),
        0
    );
    let later = INVITED.replace("SEQUENCE:2", "SEQUENCE:3").replace("Breakfast", "Brunch");
    assert_eq!(receive(&later), 1);
    assert_eq!(town.bob.event()["title"], "Brunch");
    assert_eq!(
        receive(&later.replace("cid@", "eve@").replace("Brunch", "Trap")),
        0,
        "it is not Eve's"
    );
    for text in ["", "Dear Bob", &INVITED.replace("METHOD:REQUEST", "METHOD:PUBLISH")] {
        assert_eq!(receive(text), 0, "{text}");
    }
    assert_eq!(town.server.receive("nobody", "mailto:cid@example.com", INVITED).unwrap(), 0);

    // Bob's answer goes where the invitation came from.
    let (at_bobs, key) = {
        let event = town.bob.event();
        let key = event["participants"]
            .as_object()
            .unwrap()
            .iter()
            .find(|(_, it)| it["calendarAddress"] == "mailto:bob@localhost")
            .unwrap()
            .0
            .clone();
        (id(&event).to_owned(), key)
    };
    let patch = json!({format!("participants/{key}/participationStatus"): "tentative"});
    town.bob.update(&at_bobs, patch);
    let outbox = town.outbox();
    let [(method, to, text)] = &outbox[..] else { panic!("{outbox:?}") };
    assert_eq!((method.as_str(), to.as_str()), ("REPLY", "mailto:cid@example.com"));
    for part in ["METHOD:REPLY", "PARTSTAT=TENTATIVE", "mailto:bob@localhost", "ORGANIZER"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(receive(&later.replace("REQUEST", "CANCEL").replace("SEQUENCE:3", "SEQUENCE:4")), 1);
    assert_eq!(town.bob.event()["status"], "cancelled");
    // Nobody waits for an answer to that.
    town.bob.set(json!({"destroy": [at_bobs]}));
    assert!(town.outbox().is_empty());
}

/// A reply that is late is discarded (JMAP Calendars, section 5.1: scheduleSequence, scheduleUpdated).
#[test]
fn answers_from_outside() {
    let town = Town::new();
    town.ann.create(standup());
    let answer = |status: &str, stamp: &str, more: &str| {
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:u1\r\n\
             DTSTAMP:{stamp}\r\n{more}DTSTART;TZID=Europe/Berlin:20270301T090000\r\n\
             ORGANIZER:mailto:ann@localhost\r\nATTENDEE;PARTSTAT={status}:mailto:Cid@example.com\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        town.server.receive("ann", "mailto:cid@example.com", &text).unwrap()
    };
    let status = || town.ann.event()["participants"]["c"]["participationStatus"].clone();
    assert_eq!(answer("ACCEPTED", "20270102T000000Z", ""), 1);
    assert_eq!(status(), "accepted");
    assert_eq!(answer("DECLINED", "20270101T000000Z", ""), 0);
    assert_eq!(status(), "accepted");
    let text =
        town.server.receive("ann", "mailto:eve@example.com", &INVITED.replace("REQUEST", "REPLY"));
    assert_eq!(text.unwrap(), 0, "Eve answers for nobody");
    let one = "RECURRENCE-ID;TZID=Europe/Berlin:20270302T090000\r\n";
    assert_eq!(answer("DECLINED", "20270103T000000Z", one), 1);
    let overrides = &town.ann.event()["recurrenceOverrides"];
    let changes = &overrides["2027-03-02T09:00:00"];
    assert_eq!(changes["participants/c/participationStatus"], "declined", "{overrides}");
    assert_eq!(status(), "accepted");
}
