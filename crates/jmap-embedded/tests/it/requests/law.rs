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
