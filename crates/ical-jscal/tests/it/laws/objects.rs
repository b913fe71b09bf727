//! Whole groups of JSCalendar 2.0 with every typed object, and members of vendors in each of them.
//!
//! The objects keep the rules of the standard and name no default, because neither an absent member nor a broken rule
//! can be told from its repair afterwards. Beyond that, what iCalendar cannot tell apart is made in one way only:
//!
//! * The first of several locations is the main one: LOCATION is always that (RFC 5545, section 3.8.1.7).
//! * The organizer is a participant and an owner: ORGANIZER says so.
//! * `sentBy` of the organizer is that of the entry: both are SENT-BY of ORGANIZER.
//! * An event on a day has a length: a DTSTART with a date lasts that day without one (RFC 5545, section 3.6.1).
//! * `endTimeZone` stands beside an exact length and is not `timeZone`: it is the zone of DTEND, which is an instant.
//! * A group with a `locale` has a title: else it is the LANGUAGE of DESCRIPTION, which is read as that line's alone
//!   (draft-ietf-calext-jscalendar-icalendar-25).
//! * Entries have no `method`: METHOD is that of the whole calendar (RFC 5546, section 1.4).

use jscalendar::json_model::PatchRules;
use jscalendar::{Json, PatchObject};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

type Member = BoxedStrategy<Option<(&'static str, Value)>>;
type Values = BoxedStrategy<Value>;

/// A group with one to three entries.
pub(super) fn group() -> impl Strategy<Value = Value> {
    let mut members = vec![
        always("@type", just(json!("Group"))),
        always("version", just(json!("2.0"))),
        always("uid", just(json!("group"))),
        always("prodId", just(json!("-//laws//EN"))),
        maybe("source", of(&["https://example.com/all.ics"])),
    ];
    members.extend(described());
    (object(members), vec(prop_oneof![event(), task()], 1..4)).prop_map(|(mut group, entries)| {
        let numbered = entries.into_iter().enumerate().map(|(number, mut entry)| {
            entry["uid"] = json!(format!("entry-{number}"));
            entry
        });
        group["entries"] = numbered.collect();
        if group.get("title").is_none() {
            group.as_object_mut().unwrap().remove("locale");
        }
        group
    })
}

/// What groups, events and tasks have in common.
fn described() -> Vec<Member> {
    vec![
        always("updated", of(&["2026-01-01T12:00:00Z"])),
        maybe("created", of(&["2025-01-01T12:00:00Z"])),
        maybe("title", text()),
        maybe("description", text()),
        maybe("links", map("k", link())),
        maybe("locale", of(&["de", "en-GB"])),
        maybe("keywords", set(&["a", "b, c", "ä;\"x\""])),
        maybe("categories", set(&["https://example.com/a", "urn:x"])),
        maybe("color", of(&["turquoise", "#12ab9f"])),
        vendor(),
    ]
}

fn event() -> Values {
    let mut members = vec![
        always("@type", just(json!("Event"))),
        always("start", start()),
        maybe("duration", of(&["PT1H30M", "P1D", "P1DT1H", "PT20S"])),
        maybe("status", of(&["tentative", "cancelled"])),
    ];
    members.extend(common(participant(Vec::new())));
    (object(members), option::of(of(&ZONES)), overrides())
        .prop_map(|(mut event, end_zone, overrides)| {
            let is_exact = event["duration"].as_str().is_some_and(|it| it.starts_with("PT"));
            let zone = end_zone.filter(|zone| is_exact && event["timeZone"] != *zone);
            if let (Some(zone), true) = (zone, event.get("timeZone").is_some()) {
                event["endTimeZone"] = zone;
            }
            let is_day =
                event["start"] == "2026-03-01T00:00:00" && event.get("showWithoutTime").is_some();
            if is_day && event.get("duration").is_none() {
                event["duration"] = json!("P1D");
            }
            settle(event, overrides)
        })
        .boxed()
}

fn task() -> Values {
    let progress = vec![maybe("percentComplete", number(1..101))];
    let mut members = vec![
        always("@type", just(json!("Task"))),
        always("start", start()),
        maybe("due", of(&["2026-03-02T11:00:00", "2026-03-03T00:00:00"])),
        maybe("estimatedDuration", of(&["PT1H", "P2D"])),
        maybe("percentComplete", number(1..101)),
        maybe("progress", of(&["in-process", "completed", "failed", "cancelled"])),
    ];
    members.extend(common(participant(progress)));
    (object(members), overrides()).prop_map(|(task, overrides)| settle(task, overrides)).boxed()
}

fn common(participant: Values) -> Vec<Member> {
    let mut members = described();
    members.extend([
        maybe("descriptionContentType", of(&["text/html"])),
        maybe("sequence", number(1..9)),
        maybe("priority", number(1..10)),
        maybe("timeZone", of(&ZONES)),
        maybe("showWithoutTime", just(json!(true))),
        maybe("freeBusyStatus", of(&["free"])),
        maybe("privacy", of(&["private", "secret"])),
        maybe("sentBy", of(&["sender@example.com"])),
        maybe("relatedTo", map("other", relation(&["first", "next", "child", "parent"]))),
        maybe("locations", map("l", location())),
        maybe("virtualLocations", map("v", virtual_location())),
        maybe("participants", map("p", participant)),
        maybe("alerts", map("a", alert())),
        maybe("recurrenceRule", rule()),
    ]);
    members
}

const ZONES: [&str; 3] = ["Europe/Berlin", "America/New_York", "Asia/Kolkata"];

fn start() -> Values {
    of(&["2026-03-01T09:00:00", "2026-03-01T00:00:00"])
}

fn link() -> Values {
    object(vec![
        always(
            "href",
            of(&["https://example.com/a", "https://example.com/b?c=d,e;f", "data:text/plain,x"]),
        ),
        maybe("contentType", of(&["text/plain", "image/png"])),
        maybe("size", number(1..5000)),
        maybe("rel", of(&["describedby", "alternate"])),
        maybe("title", text()),
        vendor(),
    ])
}

fn location() -> Values {
    object(vec![
        always("name", text()),
        maybe("locationTypes", set(&["hotel", "office"])),
        maybe("coordinates", of(&["geo:48.2,16.3", "geo:1,2,3;u=4"])),
        maybe("links", map("k", link())),
        vendor(),
    ])
}

fn virtual_location() -> Values {
    object(vec![
        always("uri", of(&["https://example.com/room", "tel:+431234"])),
        maybe("name", text()),
        maybe("features", set(&["audio", "video", "example.com:smell"])),
        vendor(),
    ])
}

fn participant(more: Vec<Member>) -> Values {
    let anybody = || {
        vec![
            maybe("name", text()),
            maybe("description", text()),
            maybe("links", map("k", link())),
            vendor(),
        ]
    };
    let mut invited = anybody();
    invited.extend(more);
    invited.extend([
        always("calendarAddress", of(&["mailto:a@example.com", "mailto:b@example.com", "urn:c"])),
        maybe("email", of(&["post@example.com"])),
        maybe("kind", of(&["group", "location", "resource"])),
        maybe("roles", set(&["owner", "optional", "chair", "example.com:cook"])),
        maybe("participationStatus", of(&["accepted", "declined", "tentative", "delegated"])),
        maybe("expectReply", just(json!(true))),
        maybe("sentBy", of(&["sender@example.com"])),
        maybe("delegatedTo", set(&["mailto:d@example.com", "mailto:e@example.com"])),
        maybe("delegatedFrom", set(&["mailto:f@example.com"])),
        maybe("memberOf", set(&["mailto:g@example.com", "mailto:h@example.com"])),
    ]);
    let mut mentioned = anybody();
    mentioned.push(always("name", text()));
    prop_oneof![3 => object(invited), 1 => object(mentioned)].boxed()
}

fn alert() -> Values {
    let offset = object(vec![
        always("offset", of(&["-PT15M", "PT5M", "-P1D"])),
        maybe("relativeTo", of(&["end"])),
        vendor(),
    ]);
    let absolute = object(vec![
        always("@type", just(json!("AbsoluteTrigger"))),
        always("when", of(&["2026-02-28T08:00:00Z"])),
        vendor(),
    ]);
    let unknown = object(vec![always("@type", just(json!("example.com:Smell"))), vendor()]);
    object(vec![
        always("trigger", prop_oneof![4 => offset, 2 => absolute, 1 => unknown].boxed()),
        maybe("acknowledged", of(&["2026-02-28T08:05:00Z"])),
        maybe("action", of(&["email"])),
        vendor(),
    ])
}

fn relation(kinds: &'static [&'static str]) -> Values {
    object(vec![maybe("relation", set(kinds)), vendor()])
}

fn rule() -> Values {
    object(vec![
        always("frequency", just(json!("daily"))),
        maybe("interval", number(2..4)),
        maybe("firstDayOfWeek", of(&["su"])),
        maybe("byMonth", of_values(vec![json!(["3"]), json!(["3", "4"])])),
        maybe("byDay", just(json!([{"day": "su"}, {"day": "mo"}, {"day": "tu"}]))),
        prop_oneof![maybe("count", number(2..9)), maybe("until", of(&["2026-03-20T09:00:00"]))]
            .boxed(),
        vendor(),
    ])
}

/// Patches by the day of March that they are about.
fn overrides() -> impl Strategy<Value = Vec<(String, Value)>> {
    let own = object(vec![
        maybe("title", text()),
        maybe("start", of(&["2026-03-04T15:00:00"])),
        maybe("description", just(Value::Null)),
        maybe("alerts", map("a", alert())),
        maybe("locations/l0/name", text()),
        maybe("participants/p0/participationStatus", of(&["accepted"])),
        maybe("keywords", just(Value::Null)),
        vendor(),
    ]);
    let patch = prop_oneof![1 => just(json!({"excluded": true})), 4 => own];
    btree_map(1..9_u8, patch, 0..3).prop_map(|patches| {
        patches.into_iter().map(|(day, patch)| (format!("2026-03-0{day}"), patch)).collect()
    })
}

/// Makes the parts of an entry fit each other.
fn settle(mut entry: Value, overrides: Vec<(String, Value)>) -> Value {
    let main = first_key(&entry["locations"]);
    let organizer = organize(&mut entry);
    let members = entry.as_object_mut().unwrap();
    if !members.contains_key("description") {
        members.remove("descriptionContentType");
    }
    match organizer {
        Some(address) => drop(members.insert("organizerCalendarAddress".to_owned(), address)),
        None => drop(members.remove("sentBy")),
    }
    members.extend(main.map(|main| ("mainLocationId".to_owned(), json!(main))));
    let time = members["start"].as_str().unwrap()[10..].to_owned();
    if members.contains_key("recurrenceRule") {
        let base = Value::Object(members.clone());
        let mut patches = Map::new();
        for (day, mut patch) in overrides {
            let patch_members = patch.as_object_mut().unwrap();
            patch_members.retain(|path, value| changes(&base, path, value));
            if !patch_members.is_empty() {
                patches.insert(format!("{day}{time}"), patch);
            }
        }
        if !patches.is_empty() {
            members.insert("recurrenceOverrides".to_owned(), Value::Object(patches));
        }
    }
    entry
}

/// The address of the first participant who has one. The organizer is an owner, also where the object does not say it.
fn organize(entry: &mut Value) -> Option<Value> {
    let sent_by = entry.get("sentBy").cloned();
    let mut participants = entry.get_mut("participants")?.as_object_mut()?.values_mut();
    let organizer = participants.find(|it| it.get("calendarAddress").is_some())?;
    if organizer.get("roles").is_none() {
        organizer["roles"] = json!({});
    }
    organizer["roles"]["owner"] = json!(true);
    match sent_by {
        Some(sent_by) => organizer["sentBy"] = sent_by,
        None => drop(organizer.as_object_mut()?.remove("sentBy")),
    }
    organizer.get("calendarAddress").cloned()
}

/// Whether a patch has a place in the object, and says something else than it.
fn changes(base: &Value, path: &str, value: &Value) -> bool {
    let parent = path
        .rsplit_once('/')
        .is_none_or(|(parent, _)| base.pointer(&format!("/{parent}")).is_some());
    parent && base.pointer(&format!("/{path}")).unwrap_or(&Value::Null) != value
}

fn first_key(map: &Value) -> Option<String> {
    map.as_object()?.keys().next().cloned()
}

fn text() -> Values {
    of(&["Tea", "Tea, cake; and\n\"a walk\"", "ä 😀", "a\\nb", "^x: y", " in the middle "])
}

/// A member that no standard knows.
fn vendor() -> Member {
    let values = [
        json!("good"),
        json!(1.5),
        json!(true),
        json!([]),
        json!({"a": [1, {}, null], "b/~c": "\n"}),
    ];
    prop_oneof![4 => Just(None), 1 => select(values.to_vec()).prop_map(|it| Some(("example.com:mood", it)))].boxed()
}

fn set(keys: &'static [&'static str]) -> Values {
    subsequence(keys, 1..=keys.len())
        .prop_map(|keys| keys.into_iter().map(|key| (key.to_owned(), json!(true))).collect())
        .boxed()
}

/// One or two values under keys that begin with `key`.
fn map(key: &'static str, value: Values) -> Values {
    vec(value, 1..3)
        .prop_map(move |values| {
            let numbered = values.into_iter().enumerate();
            numbered.map(|(number, value)| (format!("{key}{number}"), value)).collect()
        })
        .boxed()
}

fn number(range: std::ops::Range<u32>) -> Values {
    range.prop_map(|number| json!(number)).boxed()
}

fn of(texts: &[&'static str]) -> Values {
    select(texts.to_vec()).prop_map(|text| json!(text)).boxed()
}

fn of_values(values: Vec<Value>) -> Values {
    select(values).boxed()
}

fn just(value: Value) -> Values {
    Just(value).boxed()
}

fn always(name: &'static str, value: Values) -> Member {
    value.prop_map(move |value| Some((name, value))).boxed()
}

fn maybe(name: &'static str, value: Values) -> Member {
    prop_oneof![3 => Just(None), 1 => value.prop_map(move |value| Some((name, value)))].boxed()
}

fn object(members: Vec<Member>) -> Values {
    members
        .prop_map(|members| {
            members.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect()
        })
        .boxed()
}

/// What an object says, apart from the hatch and from types that go without saying.
pub(super) fn said(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, value)| name != "iCalendar" && !(name == "@type" && is_implied(value)))
            .map(|(name, value)| (name, said(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(said).collect(),
        other => other,
    }
}

/// A group whose overrides are the occurrences that they make: different patches may say the same.
pub(super) fn with_occurrences(mut group: Value) -> Value {
    for entry in group["entries"].as_array_mut().into_iter().flatten() {
        let Some(overrides) = entry.as_object_mut().and_then(|it| it.remove("recurrenceOverrides"))
        else {
            continue;
        };
        let base = Json::from(entry.clone());
        let patches = overrides.as_object().unwrap().iter();
        entry["recurrenceOverrides"] =
            patches.map(|(key, patch)| (key.clone(), occurrence(&base, patch))).collect();
    }
    group
}

fn occurrence(base: &Json, patch: &Value) -> Value {
    let changes = patch.as_object().unwrap().iter();
    let changes = changes.filter(|(path, _)| !path.split('/').any(|token| token == "iCalendar"));
    let changes = changes.map(|(path, value)| (path.clone(), Json::from(value.clone())));
    let patched = PatchObject(changes.collect()).apply(base, PatchRules::V2_0);
    said(patched.unwrap().to_value().unwrap())
}

fn is_implied(of_type: &Value) -> bool {
    !matches!(
        of_type.as_str(),
        Some("Event" | "Task" | "Group" | "AbsoluteTrigger" | "example.com:Smell")
    )
}
