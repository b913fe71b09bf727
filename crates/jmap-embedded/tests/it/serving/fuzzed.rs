//! Requests that nobody would send: none of them panics, and none gets to SQL as text.

use serde_json::{Value, json};

use crate::wire::{Server, Wire};

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

const METHODS: &[&str] = &[
    "Calendar/get",
    "Calendar/set",
    "Calendar/changes",
    "CalendarEvent/get",
    "CalendarEvent/set",
    "CalendarEvent/query",
    "CalendarEvent/queryChanges",
    "CalendarEvent/changes",
    "CalendarEvent/copy",
    "CalendarEvent/parse",
    "CalendarEventNotification/query",
    "ParticipantIdentity/get",
    "ParticipantIdentity/set",
    "Principal/query",
    "Principal/getAvailability",
    "ShareNotification/query",
    "Core/echo",
    "Nothing/get",
];

const NAMES: &[&str] = &[
    "accountId",
    "ids",
    "properties",
    "create",
    "update",
    "destroy",
    "filter",
    "sort",
    "position",
    "limit",
    "anchor",
    "sinceState",
    "maxChanges",
    "sinceQueryState",
    "ifInState",
    "calendarIds",
    "start",
    "timeZone",
    "duration",
    "recurrenceRule",
    "recurrenceOverrides",
    "participants",
    "uid",
    "text",
    "after",
    "before",
    "expandRecurrences",
    "blobIds",
    "id",
    "utcStart",
    "utcEnd",
    "#ids",
    "name",
    "operator",
    "conditions",
];

fn scalars() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5e300),
        json!(u64::MAX),
        json!(""),
        json!("jane"),
        json!("C1"),
        json!("#k"),
        json!("'; DROP TABLE object; --"),
        json!("\" OR 1=1 --"),
        json!("%_*\\"),
        json!("\u{0}\u{1}"),
        json!("\u{10ffff}"),
        json!("2027-03-01T09:00:00"),
        json!("9999-12-31T23:59:59"),
        json!("Europe/Berlin"),
        json!("P1D"),
        json!("PT99999999999999H"),
        json!("x".repeat(3_000)),
        json!("NEAR(a b, 10) AND title:\"x"),
        json!("daily"),
        json!("AND"),
    ]
}

fn value(random: &mut Random, scalars: &[Value], depth: usize) -> Value {
    match random.below(if depth == 0 { 1 } else { 4 }) {
        0 => random.of(scalars).clone(),
        1 => (0..random.below(4)).map(|_| value(random, scalars, depth - 1)).collect(),
        _ => object(random, scalars, depth - 1),
    }
}

fn object(random: &mut Random, scalars: &[Value], depth: usize) -> Value {
    let members = (0..random.below(5)).map(|_| {
        let name = match random.below(6) {
            0 => scalars.iter().find_map(Value::as_str).unwrap_or_default(),
            1 => "'; DROP TABLE event; --",
            _ => random.of(NAMES),
        };
        (name.to_owned(), value(random, scalars, depth))
    });
    Value::Object(members.collect())
}

/// A request that could be one, with a member here and there that could not.
fn request(random: &mut Random, scalars: &[Value]) -> Value {
    let calls = (0..=random.below(3)).map(|_| {
        let mut arguments = object(random, scalars, 4);
        if random.below(5) > 0 {
            arguments["accountId"] = json!("jane");
        }
        json!([random.of(METHODS), arguments, "c"])
    });
    let methods: Vec<Value> = calls.collect();
    json!({"using": USING, "methodCalls": methods})
}

const USING: [&str; 5] = [
    "urn:ietf:params:jmap:core",
    "urn:ietf:params:jmap:calendars",
    "urn:ietf:params:jmap:principals",
    "urn:ietf:params:jmap:principals:availability",
    "urn:ietf:params:jmap:calendars:parse",
];

#[track_caller]
fn assert_no_fault(sent: &str, answer: &crate::wire::Answer) {
    let text = String::from_utf8_lossy(&answer.body);
    assert!(matches!(answer.status, 200 | 400 | 404), "{}: {text}\n{sent}", answer.status);
    for fault in ["serverFail", "panicked", "the store failed", "syntax error"] {
        assert!(!text.contains(fault), "{text}\n{sent}");
    }
}

fn is_all_right(wire: &mut Wire) {
    let get = crate::wire::call("jane", "Calendar/get", json!({"ids": ["C1"]}));
    assert_eq!(wire.api(&get).json()["methodResponses"][0][1]["list"][0]["id"], "C1");
}

#[test]
fn calls_with_arguments_of_all_kinds() {
    let server = Server::new(&["jane", "bob"]);
    let mut wire = server.connect("jane");
    let (mut random, scalars) = (Random(0x6a6d_6170_0001), scalars());
    let mut answered = 0;
    for _ in 0..600 {
        let request = request(&mut random, &scalars);
        let answer = wire.api(&request);
        assert_no_fault(&request.to_string(), &answer);
        answered += usize::from(answer.status == 200);
    }
    // Most are requests, so what is tried is the methods.
    assert!(answered > 300, "{answered}");
    is_all_right(&mut wire);
}

/// Calls that are right but for one value.
#[test]
fn calls_with_one_value_of_another_kind() {
    let server = Server::new(&["jane"]);
    let mut wire = server.connect("jane");
    let event = json!({"@type": "Event", "uid": "u1", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00",
        "timeZone": "Europe/Berlin", "duration": "PT1H", "title": "Tea", "keywords": {"hot": true},
        "recurrenceRule": {"frequency": "daily", "count": 3, "byDay": [{"day": "mo"}]},
        "recurrenceOverrides": {"2027-03-02T09:00:00": {"title": "Late"}},
        "participants": {"a": {"calendarAddress": "mailto:bob@example.com", "roles": {"attendee": true}}},
        "alerts": {"1": {"trigger": {"@type": "OffsetTrigger", "offset": "-PT5M"}}}});
    let window = json!({"after": "2027-03-01T00:00:00", "before": "2027-03-08T00:00:00", "text": "tea", "inCalendar": "C1"});
    let whole = [
        json!(["CalendarEvent/set", {"accountId": "jane", "create": {"k": event}}, "0"]),
        json!(["CalendarEvent/set", {"accountId": "jane", "update": {"E1": {"title": "x", "calendarIds/C1": true}}}, "0"]),
        json!(["CalendarEvent/query", {"accountId": "jane", "filter": {"operator": "AND", "conditions": [window]},
            "sort": [{"property": "start", "isAscending": true}], "expandRecurrences": false, "limit": 3}, "0"]),
        json!(["CalendarEvent/query", {"accountId": "jane", "filter": window, "expandRecurrences": true, "timeZone": "Asia/Tokyo"}, "0"]),
        json!(["CalendarEvent/get", {"accountId": "jane", "ids": null, "properties": ["title", "utcStart"], "reduceParticipants": true}, "0"]),
        json!(["Calendar/set", {"accountId": "jane", "create": {"k": {"name": "Team", "color": "red", "shareWith": {"bob": {"mayReadItems": true}}}}}, "0"]),
        json!(["CalendarEvent/changes", {"accountId": "jane", "sinceState": "3", "maxChanges": 5}, "0"]),
        json!(["Principal/getAvailability", {"accountId": "jane", "id": "jane", "utcStart": "2027-03-01T00:00:00Z", "utcEnd": "2027-03-02T00:00:00Z"}, "0"]),
    ];
    let (mut random, scalars) = (Random(0x6a6d_6170_0004), scalars());
    for _ in 0..800 {
        let mut call = random.of(&whole).clone();
        let places = places(&call[1]);
        let place = random.of(&places).clone();
        let replaced = call[1].pointer_mut(&place).unwrap();
        *replaced = value(&mut random, &scalars, 2);
        let request = json!({"using": USING, "methodCalls": [call]});
        assert_no_fault(&request.to_string(), &wire.api(&request));
    }
    is_all_right(&mut wire);
}

/// All places in a value, as pointers.
fn places(value: &Value) -> Vec<String> {
    let (mut places, mut waiting) = (Vec::new(), vec![(String::new(), value)]);
    while let Some((at, value)) = waiting.pop() {
        match value {
            Value::Object(members) => waiting.extend(members.iter().map(|(name, value)| {
                (format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), value)
            })),
            Value::Array(items) => {
                waiting.extend(
                    items.iter().enumerate().map(|(index, value)| (format!("{at}/{index}"), value)),
                );
            }
            _ => {}
        }
        if !at.is_empty() {
            places.push(at);
        }
    }
    places
}

#[test]
fn requests_with_octets_that_have_changed() {
    let server = Server::new(&["jane"]);
    let mut wire = server.connect("jane");
    let event = json!({"@type": "Event", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00",
        "timeZone": "Europe/Berlin", "recurrenceRule": {"frequency": "daily", "count": 3}});
    let whole = json!({"using": USING, "methodCalls": [
        ["CalendarEvent/set", {"accountId": "jane", "create": {"k": event}}, "0"],
        ["CalendarEvent/query", {"accountId": "jane", "filter": {"text": "\"a b\" c"}}, "1"],
        ["CalendarEvent/get", {"accountId": "jane", "#ids": {"resultOf": "1", "name": "CalendarEvent/query", "path": "/ids"}}, "2"],
    ]})
    .to_string();
    let mut random = Random(0x6a6d_6170_0002);
    for _ in 0..600 {
        let mut octets = whole.clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(octets.len());
            match random.below(3) {
                0 => octets[at] = *random.of(b"{}[]\",:0\\'\x00\xff%"),
                1 => _ = octets.remove(at),
                _ => octets.truncate(at.max(1)),
            }
        }
        let answer = wire.post("/jmap/api", "application/json", &octets);
        assert_no_fault(&String::from_utf8_lossy(&octets), &answer);
    }
    is_all_right(&mut wire);
}

/// What is no HTTP ends its connection at most.
#[test]
fn octets_that_are_no_requests() {
    let server = Server::new(&["jane"]);
    let token = server.embedded.add_token("jane").unwrap();
    let whole = format!(
        "GET /jmap/download/jane/B0/x?type=a%2Fb HTTP/1.1\r\nhost: localhost\r\n\
         authorization: Bearer {}\r\nlast-event-id: 1\r\ncontent-length: 0\r\n\r\n",
        token.expose()
    );
    let mut random = Random(0x6a6d_6170_0003);
    for _ in 0..200 {
        let mut octets = whole.clone().into_bytes();
        for _ in 0..=random.below(4) {
            let at = random.below(octets.len());
            octets[at] = *random.of(b"%/?: \r\n\x00\xff{'");
        }
        octets.extend(b"\r\n\r\n");
        let mut wire = server.connect_as_nobody();
        wire.patience(std::time::Duration::from_millis(20));
        wire.write(&octets);
        if let Some(answer) = wire.head() {
            assert!((300..500).contains(&answer.status), "{}", answer.head);
        }
    }
    is_all_right(&mut server.connect("jane"));
}
