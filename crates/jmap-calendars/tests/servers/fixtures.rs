//! The events of `fixtures/` go up, and come back as JSCalendar over JMAP and as iCalendar over CalDAV.
//!
//! What a server does to them stands in [`KNOWN`], with the reason; anything else is a failure, and so is what no longer
//! happens. The list is that of Cyrus 3.10 and 3.12; [`embedded`] has the others.
//! Only Cyrus has CalDAV.

mod embedded;

use std::collections::BTreeSet;
use std::fs;

use ical_jscal::{FromIcal, Mode};
use jmap_calendars::{CalendarEvent, CalendarsExt, Dialect, EventProperty, GetEvents, StoredEvent};
use jmap_core::Error;
use jmap_core::client::{Authenticate, Basic};
use jmap_core::transport::Body;
use jscalendar::{Entry, Event, LocalDateTime, Series, TimeZones, Version};
use serde_json::{Value, json};

use super::{Place, Server, unique};

/// Where something shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// It is not taken at all.
    Refused,
    /// The client says that it cannot tell the server: the code of the diagnostic.
    Untold,
    /// It is different when it is fetched.
    Jmap,
    /// It is different when it is fetched as iCalendar.
    Dav,
}
use Way::{Dav, Jmap, Refused, Untold};

/// Which versions do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Versions {
    All,
    Cyrus310,
    Cyrus312,
}
use Versions::{All, Cyrus310, Cyrus312};

/// In which file (`*` is any), how, and where; which versions do it; why.
type Known = (&'static str, Way, &'static str, Versions, &'static str);

const KNOWN: &[Known] = &[
    ("*", Jmap, "/created", All, "the server's, where it is absent"),
    ("*", Dav, "/created", All, "the server's, where it is absent"),
    ("*", Jmap, "/updated", All, "the server's, where nobody else is the organizer"),
    ("*", Dav, "/updated", All, "the server's, where nobody else is the organizer"),
    ("*", Jmap, "/prodId", All, "the server's, where it is absent"),
    ("*", Dav, "/prodId", All, "of the VCALENDAR, and so of the group, not of the event"),
    // What it refuses.
    ("broken.ics", Refused, "#/start: error[missing-member]: start is mandatory", All, NO_START),
    ("event.json", Refused, "example.com:coffee", All, "members that the server does not know"),
    ("legacy-event.json", Refused, "participants/ben/participationStatus", All, "delegated"),
    // What the 2023 draft has no words for.
    ("event.json", Untold, "not-in-version", All, "mainLocationId"),
    ("meeting.ics", Untold, "required-role", All, "a role of 2.0 only"),
    ("meeting.ics", Untold, "participant-added", All, "delegatedFrom names participants only"),
    // What it loses.
    ("event.json", Jmap, "/virtualLocations/stream/features", Cyrus310, "several of one place"),
    (
        "event.json",
        Dav,
        "/virtualLocations/https://example.com/live/harbour-walk/features",
        Cyrus310,
        "as above",
    ),
    ("legacy-event.json", Jmap, "/localizations", All, "ignored without a word"),
    ("legacy-event.json", Jmap, "/locations/island", Cyrus312, NAMELESS_END),
    ("legacy-event.json", Jmap, "/locations/end", Cyrus312, NAMELESS_END),
    // What it says in properties of its own, which other programs do not know.
    ("event.json", Dav, "/links/https://example.com/maps/harbour.pdf/rel", All, "X-JMAP-REL"),
    ("event.json", Dav, "/locations/The old crane", All, SECOND_PLACE),
    ("event.json", Dav, "2026-05-21T17:30:00/locations/Pilot station", All, SECOND_PLACE),
    ("legacy-event.json", Dav, "/locations/Island landing", All, SECOND_PLACE),
    ("legacy-event.json", Dav, "/locations/Pier 4/coordinates", All, "X-JMAP-GEO"),
    ("legacy-event.json", Dav, "/links/https://example.com/icons/ferry.png/rel", All, "X-JMAP-REL"),
    (
        "legacy-event.json",
        Dav,
        "/links/https://example.com/icons/ferry.png/display",
        All,
        "X-JMAP-DISPLAY",
    ),
    (
        "legacy-event.json",
        Dav,
        r#"/alerts/{"when":"2024-05-03T04:40:00Z"}/relatedTo"#,
        All,
        "RELATED-TO names an X-JMAP-ID, not the UID of an alarm",
    ),
];

const NO_START: &str = "the text is too broken to say when it is: nothing is sent";
const NAMELESS_END: &str = "a place at the end loses its name, and is nothing but endTimeZone then";
const SECOND_PLACE: &str = "X-JMAP-LOCATION for all places but the first";

#[test]
fn go_up_and_come_back() {
    let (Some(server), Some(place)) = (Server::named(), Place::take()) else { return };
    let mut found = BTreeSet::new();
    for (file, event) in fixtures() {
        let changes = changes(&server, &place, event);
        found.extend(changes.into_iter().map(|(way, at)| (file, way, at)));
    }
    let known = match &server.embedded {
        Some(name) => embedded::known(name),
        None => of_cyrus(&place),
    };
    let is = |(file, way, at): &(&str, Way, String), known: &(&str, Way, &str)| {
        (known.0 == "*" || known.0 == *file) && known.1 == *way && known.2 == at
    };
    let new: Vec<_> = found.iter().filter(|it| !known.iter().any(|known| is(it, known))).collect();
    assert!(new.is_empty(), "what the server does besides: {new:#?}");
    let gone: Vec<_> = known.iter().filter(|known| !found.iter().any(|it| is(it, known))).collect();
    assert!(gone.is_empty(), "what the server no longer does: {gone:#?}");
}

fn of_cyrus(place: &Place) -> Vec<(&'static str, Way, &'static str)> {
    // Only newer ones say who they are.
    let is_new = place.client.session().has("urn:ietf:params:jmap:core:backendInfo");
    let does = |known: &&Known| known.3 == All || (known.3 == Cyrus312) == is_new;
    KNOWN.iter().filter(does).map(|known| (known.0, known.1, known.2)).collect()
}

/// What becomes of an event on its way up and back.
fn changes(server: &Server, place: &Place, mut event: Event) -> Vec<(Way, String)> {
    event.uid = Some(unique());
    let mut found = Vec::new();
    let Some(stored) = added(place, &mut event, &mut found) else { return found };
    found.extend(stored.diagnostics.iter().map(|it| (Untold, it.code.to_owned())));
    if stored.is_damaged() {
        found.push((Jmap, "damaged".to_owned()));
        return found;
    }

    // What it is in the server's version; what that version cannot say is among the diagnostics.
    let version = place.client.version::<CalendarEvent>();
    let sent = Event::from_json(&event.to_json(version).value).unwrap().value;
    let fetched = differences(&sent, &stored, |event| plain(event, version));
    found.extend(fetched.into_iter().map(|at| (Jmap, at)));

    if server.embedded.is_some() {
        return found;
    }
    let text = over_dav(server, place, &stored);
    let [back] = &events_of(&text)[..] else { panic!("not one event: {text}") };
    let fetched = differences(&sent, back, |event| keyed(plain(event, Version::V2_0)));
    found.extend(fetched.into_iter().map(|at| (Dav, at)));
    found
}

/// Adds the event; what the server refuses is taken out of it. `None` if nothing is left to be tried.
fn added(place: &Place, event: &mut Event, found: &mut Vec<(Way, String)>) -> Option<StoredEvent> {
    loop {
        match place.client.events().add_to(&place.calendar, event.clone()).wait() {
            Ok(stored) => return Some(stored),
            Err(Error::Set { error, .. }) if !error.properties.is_empty() => {
                *event = without(event, &error.properties);
                found.extend(error.properties.into_iter().map(|at| (Refused, at)));
            }
            Err(Error::Unwritable { message, .. }) => {
                found.push((Refused, message));
                return None;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// The event less the members at these pointers.
fn without(event: &Event, pointers: &[String]) -> Event {
    let text = event.to_json(event.version.unwrap_or(Version::V1_0)).value;
    let mut value: Value = serde_json::from_str(&text).unwrap();
    for pointer in pointers {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        let parent = if parent.is_empty() { String::new() } else { format!("/{parent}") };
        let parent = value.pointer_mut(&parent).and_then(Value::as_object_mut);
        assert!(parent.is_some_and(|it| it.remove(name).is_some()), "{pointer} is not there");
    }
    Event::from_json(&value.to_string()).unwrap().value
}

/// What CalDAV clients get.
fn over_dav(server: &Server, place: &Place, stored: &StoredEvent) -> String {
    let mut batch = place.client.batch();
    batch.using(Dialect::VENDOR);
    let href = EventProperty::from("x-href");
    let get = batch.call(GetEvents::of([stored.id()]).properties([href.clone()]));
    let event = batch.send().wait().unwrap().take(get).unwrap().list.into_iter().next().unwrap();
    let path: String = event.event.extra[href.as_str()].decode().unwrap();
    let origin: Vec<_> = server.url.splitn(4, '/').take(3).collect();

    let credentials = Basic::new(server.user.as_str(), server.password.as_str());
    let request = http::Request::get(format!("{}{path}", origin.join("/")))
        .header("authorization", jmap_core::wait(credentials.authorization()).unwrap())
        .body(Body::empty())
        .unwrap();
    let response = jmap_core::wait(place.client.transport().send(request)).unwrap();
    assert_eq!(response.status(), 200);
    let octets = jmap_core::wait(response.into_body().collect(1 << 20)).unwrap();
    String::from_utf8(octets.to_vec()).unwrap()
}

/// Where two events differ; then where their occurrences do that one of them has something to say about, less what is
/// different about all.
fn differences(up: &Event, back: &Event, value: impl Fn(&Event) -> Value) -> Vec<String> {
    let without_overrides = |mut event: Event| {
        event.recurrence_overrides.clear();
        value(&event)
    };
    let mut found = Vec::new();
    let [whole_up, whole_back] = [up, back].map(|event| without_overrides(event.clone()));
    compare("", &whole_up, &whole_back, &mut found);
    let of_all = found.clone();
    let overrides = up.recurrence_overrides.keys().chain(back.recurrence_overrides.keys());
    for id in overrides.copied().collect::<BTreeSet<LocalDateTime>>() {
        let occurrence = |event: &Event| {
            let series = Series::new(event, &TimeZones::new()).unwrap();
            series.occurrence(id).map_or(Value::Null, |it| without_overrides(it.object()))
        };
        let mut of_one = Vec::new();
        compare("", &occurrence(up), &occurrence(back), &mut of_one);
        of_one.retain(|at| !of_all.contains(at));
        found.extend(of_one.into_iter().map(|at| format!("{id}{at}")));
    }
    found
}

fn compare(at: &str, up: &Value, back: &Value, found: &mut Vec<String>) {
    let (Value::Object(up), Value::Object(back)) = (up, back) else {
        if up != back {
            found.push(at.to_owned());
        }
        return;
    };
    for name in up.keys().chain(back.keys()).collect::<BTreeSet<_>>() {
        let [up, back] = [up, back].map(|it| it.get(name).unwrap_or(&Value::Null));
        compare(&format!("{at}/{name}"), up, back, found);
    }
}

/// The event as JSON, without what goes without saying.
fn plain(event: &Event, version: Version) -> Value {
    let mut value = serde_json::from_str(&event.to_json(version).value).unwrap();
    strip(&mut value, &defaults());
    value
}

/// Defaults; no other members have these names.
fn defaults() -> Value {
    json!({
        "action": "display",
        "descriptionContentType": "text/plain",
        "duration": "PT0S",
        "expectReply": false,
        "firstDayOfWeek": "mo",
        "freeBusyStatus": "busy",
        "interval": 1,
        "participationStatus": "needs-action",
        "priority": 0,
        "privacy": "public",
        "relativeTo": "start",
        "rscale": "gregorian",
        "scheduleAgent": "server",
        "sequence": 0,
        "showWithoutTime": false,
        "skip": "omit",
        "status": "confirmed",
        "useDefaultAlerts": false,
    })
}

fn strip(value: &mut Value, defaults: &Value) {
    match value {
        Value::Object(members) => members.retain(|name, value| {
            strip(value, defaults);
            let is_empty = value.is_null() || *value == json!({}) || *value == json!([]);
            name != "@type" && !is_empty && defaults.get(name) != Some(value)
        }),
        Value::Array(values) => values.iter_mut().for_each(|value| strip(value, defaults)),
        _ => {}
    }
}

/// With keys made of what the values are about: iCalendar has none, or others.
fn keyed(mut event: Value) -> Value {
    for name in ["alerts", "links", "locations", "participants", "virtualLocations"] {
        if let Some(members) = event.get_mut(name).and_then(Value::as_object_mut) {
            *members = std::mem::take(members).into_values().map(|it| (key(&it), it)).collect();
        }
    }
    event
}

fn key(value: &Value) -> String {
    let names = ["calendarAddress", "href", "uri", "name"];
    let said = names.iter().find_map(|name| value[*name].as_str());
    said.map_or_else(|| value["trigger"].to_string(), str::to_owned)
}

/// The events of all fixtures, each with the name of its file.
fn fixtures() -> Vec<(&'static str, Event)> {
    let mut events = Vec::new();
    for file in ["broken.ics", "custom-zone.ics", "holidays.ics", "meeting.ics"] {
        events.extend(events_of(fixture(file)).into_iter().map(|event| (file, event)));
    }
    for file in ["event.json", "legacy-event.json"] {
        let text = String::from_utf8(fixture(file)).unwrap();
        events.push((file, Event::from_json(&text).unwrap().value));
    }
    events
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// In words that every server knows.
fn events_of(text: impl AsRef<[u8]>) -> Vec<Event> {
    let mut options = FromIcal::new();
    options.mode = Mode::Clean;
    let groups = options.groups(text).unwrap().value;
    let entries = groups.into_iter().flat_map(|group| group.entries);
    let event = |entry| if let Entry::Event(event) = entry { Some(*event) } else { None };
    entries.filter_map(event).collect()
}
