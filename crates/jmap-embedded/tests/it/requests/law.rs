//! The law of changes: who follows them has what there is to see, whatever happens to rights, privacy and calendars.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::house::{Guest, House, rights, tea_with};

/// Something that Jane does to one of her calendars or events, by their place.
#[derive(Clone, Debug)]
enum Deed {
    Create {
        calendars: [bool; 2],
    },
    Move {
        event: usize,
        calendars: [bool; 2],
    },
    Privacy {
        event: usize,
        privacy: usize,
    },
    Title {
        event: usize,
    },
    Destroy {
        event: usize,
    },
    Share {
        calendar: usize,
        rights: usize,
    },
    /// Bob changes what is his own.
    Own {
        event: usize,
        color: usize,
    },
    /// Bob looks what is new, so many objects at a time.
    Follow {
        most: u8,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    let event = 0..6_usize;
    let calendars = any::<[bool; 2]>();
    prop_oneof![
        3 => calendars.prop_map(|calendars| Deed::Create { calendars }),
        2 => (event.clone(), calendars).prop_map(|(event, calendars)| Deed::Move { event, calendars }),
        2 => (event.clone(), 0..3_usize).prop_map(|(event, privacy)| Deed::Privacy { event, privacy }),
        1 => event.clone().prop_map(|event| Deed::Title { event }),
        1 => event.clone().prop_map(|event| Deed::Destroy { event }),
        3 => (0..2_usize, 0..4_usize).prop_map(|(calendar, rights)| Deed::Share { calendar, rights }),
        1 => (event, 0..3_usize).prop_map(|(event, color)| Deed::Own { event, color }),
        2 => (1..4_u8).prop_map(|most| Deed::Follow { most }),
    ]
}

const PRIVACY: [&str; 3] = ["public", "private", "secret"];
const COLORS: [&str; 3] = ["red", "green", "blue"];
const RIGHTS: [&[&str]; 4] = [
    &[],
    &["mayReadFreeBusy"],
    &["mayReadItems", "mayUpdatePrivate"],
    &["mayReadItems", "mayWriteAll"],
];

/// What somebody has of an account who follows its changes.
struct Replica {
    state: String,
    /// Those that were told of; what is gone by the time it is fetched is not among the events.
    known: BTreeSet<String>,
    events: BTreeMap<String, Value>,
}

impl Replica {
    fn of(guest: &Guest) -> Self {
        let response = guest.call("jane", "CalendarEvent/get", json!({}));
        let (state, events) = (response["state"].as_str().unwrap(), listed(&response));
        Self { state: state.to_owned(), known: events.keys().cloned().collect(), events }
    }

    fn follow(&mut self, guest: &Guest, most: u64) {
        loop {
            let since = json!({"sinceState": self.state, "maxChanges": most});
            let response = guest.call("jane", "CalendarEvent/changes", since);
            let ids = |name: &str| -> Vec<String> {
                let ids = response[name].as_array().unwrap();
                ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
            };
            for id in ids("destroyed") {
                assert!(self.known.remove(&id), "{id} was never seen: {response}");
                self.events.remove(&id);
            }
            for id in ids("created") {
                assert!(self.known.insert(id), "{response}");
            }
            assert!(ids("updated").iter().all(|id| self.known.contains(id)), "{response}");
            let fetched = [ids("created"), ids("updated")].concat();
            let list = guest.call("jane", "CalendarEvent/get", json!({"ids": fetched}));
            self.events.extend(listed(&list));
            self.state = response["newState"].as_str().unwrap().to_owned();
            if response["hasMoreChanges"] != true {
                return;
            }
        }
    }
}

fn listed(response: &Value) -> BTreeMap<String, Value> {
    let list = response["list"].as_array().unwrap_or_else(|| panic!("{response}"));
    list.iter().map(|event| (event["id"].as_str().unwrap().to_owned(), event.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn who_follows_has_all(deeds in proptest::collection::vec(deed(), 1..30)) {
        let house = House::of(&["jane", "bob"]);
        let (jane, bob) = (house.user("jane"), house.user("bob"));
        // One calendar is always visible, so that the account is there.
        jane.share("C1", "bob", &["mayReadItems"]);
        let calendars = [(); 2].map(|()| {
            let response = jane.own("Calendar/set", json!({"create": {"k": {"name": "Team"}}}));
            response["created"]["k"]["id"].as_str().unwrap().to_owned()
        });
        let within = |which: [bool; 2]| -> Value {
            let ids = calendars.iter().zip(which).filter(|(_, is_in)| *is_in).map(|(id, _)| id);
            let ids: Vec<&String> = ids.collect();
            let ids = if ids.is_empty() { vec![&calendars[0]] } else { ids };
            ids.into_iter().map(|id| (id.clone(), json!(true))).collect::<serde_json::Map<_, _>>().into()
        };
        let (mut events, mut replica) = (Vec::new(), Replica::of(&bob));
        for (number, deed) in deeds.into_iter().enumerate() {
            let at = |event: usize| events.get(event).cloned().unwrap_or_else(|| "E0".to_owned());
            let change = |event: usize, patch: Value| {
                _ = jane.change("jane", "CalendarEvent", &at(event), patch);
            };
            match deed {
                Deed::Create { calendars } => {
                    let event = json!({"uid": format!("u{number}"), "calendarIds": within(calendars)});
                    events.push(jane.make("jane", tea_with(event)));
                }
                Deed::Move { event, calendars } => change(event, json!({"calendarIds": within(calendars)})),
                Deed::Privacy { event, privacy } => change(event, json!({"privacy": PRIVACY[privacy]})),
                Deed::Title { event } => change(event, json!({"title": format!("Tea {number}")})),
                Deed::Destroy { event } => {
                    _ = jane.own("CalendarEvent/set", json!({"destroy": [at(event)]}));
                }
                Deed::Share { calendar, rights: which } => {
                    let with = json!({"bob": rights(RIGHTS[which])});
                    let patch = json!({"update": {&calendars[calendar]: {"shareWith": with}}});
                    jane.own("Calendar/set", patch);
                }
                Deed::Own { event, color } => {
                    let patch = json!({"color": COLORS[color]});
                    _ = bob.change("jane", "CalendarEvent", &at(event), patch);
                }
                Deed::Follow { most } => replica.follow(&bob, most.into()),
            }
        }
        replica.follow(&bob, 2);
        prop_assert_eq!(replica.events, Replica::of(&bob).events);
    }
}

/// Something that Bob sends about an event: pointers into it, sensible or not, with values.
fn patch() -> impl Strategy<Value = Value> {
    let pointer = prop_oneof![
        Just("title"),
        Just("color"),
        Just("keywords"),
        Just("alerts"),
        Just("freeBusyStatus"),
        Just("start"),
        Just("calendarIds"),
        Just("calendarIds/C1"),
        Just("privacy"),
        Just("hideAttendees"),
        Just("mayInviteSelf"),
        Just("organizerCalendarAddress"),
        Just("participants"),
        Just("participants/b"),
        Just("participants/e"),
        Just("participants/b/participationStatus"),
        Just("participants/e/participationStatus"),
        Just("participants/b/roles"),
        Just("participants/b/calendarAddress"),
        Just("sequence"),
        Just("updated"),
        Just("recurrenceRule"),
        Just("recurrenceOverrides"),
        Just("recurrenceOverrides/2027-03-02T09:00:00"),
        Just("recurrenceOverrides/2027-03-02T09:00:00/color"),
        Just("recurrenceOverrides/2027-03-02T09:30:00"),
        Just("recurrenceOverrides/2027-03-03T09:00:00"),
        Just("uid"),
        Just("isDraft"),
        Just("utcStart"),
    ];
    let value = prop_oneof![
        Just(Value::Null),
        Just(json!({})),
        Just(json!("red")),
        Just(json!(true)),
        Just(json!(7)),
        Just(json!("2027-03-01T11:00:00")),
        Just(json!("2027-03-01T11:00:00Z")),
        Just(json!({"C1": true})),
        Just(json!("accepted")),
        Just(json!({"owner": true})),
        Just(json!("secret")),
        Just(json!("free")),
        Just(json!({"color": "red"})),
        Just(json!({"title": "Mine", "color": "red"})),
        Just(json!({"excluded": true})),
        Just(json!({"participants/b/participationStatus": "accepted"})),
        Just(json!({"2027-03-04T09:00:00": {"color": "red"}})),
        Just(json!({"b": {"calendarAddress": "mailto:bob@localhost"}})),
        Just(json!({"calendarAddress": "mailto:bob@localhost", "participationStatus": "accepted"})),
    ];
    let members = proptest::collection::btree_map(pointer, value, 1..4);
    members.prop_map(|members| {
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<serde_json::Map<_, _>>()
            .into()
    })
}

/// An event without what those may change who answer: about Bob, in the event and in its overrides.
fn without_answers(mut event: Value) -> Value {
    let answers = ["participationStatus", "expectReply", "scheduleSequence", "scheduleUpdated"];
    for name in answers {
        if let Some(own) = event["participants"]["b"].as_object_mut() {
            own.remove(name);
        }
        for (_, changes) in event["recurrenceOverrides"].as_object_mut().into_iter().flatten() {
            changes.as_object_mut().unwrap().remove(&format!("participants/b/{name}"));
        }
    }
    if let Some(overrides) = event["recurrenceOverrides"].as_object_mut() {
        overrides.retain(|_, changes| *changes != json!({}));
    }
    for counted in ["updated", "sequence"] {
        event.as_object_mut().unwrap().remove(counted);
    }
    event
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever somebody sends, others see nothing of it that their rights do not allow.
    #[test]
    fn rights_hold(patches in proptest::collection::vec(patch(), 1..12), answers in any::<bool>(), hides in any::<bool>()) {
        let house = House::of(&["jane", "bob"]);
        let (jane, bob) = (house.user("jane"), house.user("bob"));
        let right = if answers { "mayRSVP" } else { "mayUpdatePrivate" };
        jane.share("C1", "bob", &["mayReadItems", right]);
        let id = jane.make("jane", tea_with(json!({
            "hideAttendees": hides,
            "participants": {
                "j": {"calendarAddress": "mailto:jane@localhost", "roles": {"owner": true}},
                "b": {"calendarAddress": "mailto:bob@localhost"},
                "e": {"calendarAddress": "mailto:eve@example.com"},
            },
            "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "daily", "count": 5},
            "recurrenceOverrides": {"2027-03-02T09:00:00": {
                "title": "Milk", "participants/e/participationStatus": "declined",
            }},
        })));
        let before = jane.event("jane", &id);
        for patch in patches {
            let state = jane.state("jane", "CalendarEvent");
            let bobs = bob.event("jane", &id);
            let error = bob.change("jane", "CalendarEvent", &id, patch.clone());
            let after = jane.event("jane", &id);
            if answers {
                prop_assert_eq!(without_answers(after), without_answers(before.clone()), "{}", patch);
            } else {
                prop_assert_eq!(&after, &before, "{}", patch);
                prop_assert_eq!(jane.state("jane", "CalendarEvent"), state, "{}", patch);
            }
            if !error.is_null() {
                prop_assert_eq!(bob.event("jane", &id), bobs, "{}: {}", patch, error);
            }
        }
    }
}
