//! Objects in the names of the standard, for the laws.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

type Member = BoxedStrategy<Option<(&'static str, Value)>>;
type Values = BoxedStrategy<Value>;

/// Any right may be given, refused or not mentioned; and there is one that nobody knows.
pub(super) fn rights() -> Values {
    let rights = [
        "mayReadFreeBusy",
        "mayReadItems",
        "mayWriteAll",
        "mayWriteOwn",
        "mayUpdatePrivate",
        "mayRSVP",
        "mayShare",
        "mayDelete",
        "mayFly",
    ];
    object(rights.map(|right| maybe(right, flag())).into())
}

pub(super) fn identity() -> Values {
    object(vec![
        maybe("id", of(&["i1"])),
        maybe("name", of(&["", "Ann"])),
        maybe("calendarAddress", of(&ADDRESSES)),
        maybe("isDefault", flag()),
        vendor(),
    ])
}

pub(super) fn condition() -> Values {
    let texts = ["text", "title", "description", "location", "owner", "attendee", "uid"];
    let mut members = vec![
        maybe("inCalendar", of(&["c1", "in/a ~calendar"])),
        maybe("after", of(&["2026-03-01T00:00:00"])),
        maybe("before", of(&["2026-04-01T00:00:00"])),
        vendor(),
    ];
    members.extend(texts.map(|name| maybe(name, of(&["tea", "\"green tea\""]))));
    object(members)
}

/// An event as the standard has it, with what JMAP adds to it.
pub(super) fn event() -> Values {
    let mut members = vec![
        always("@type", just(json!("Event"))),
        always("version", just(json!("2.0"))),
        always("uid", just(json!("e1"))),
        always("start", of(&["2026-03-01T09:00:00", "2026-03-01T00:00:00"])),
    ];
    members.extend(of_jmap());
    members.extend(described());
    members.extend([
        maybe("participants", map("p", participant())),
        maybe("organizerCalendarAddress", of(&ADDRESSES)),
        maybe("alerts", map("a", alert())),
        maybe("recurrenceRule", rule()),
        always("recurrenceOverrides", overrides()),
        vendor(),
    ]);
    object(members).prop_map(settled).boxed()
}

/// JMAP Calendars, section 5.
fn of_jmap() -> Vec<Member> {
    vec![
        maybe("id", of(&["e1"])),
        always("calendarIds", set(&["c1", "c2", "c/3"])),
        maybe("isDraft", flag()),
        maybe("isOrigin", flag()),
        maybe("utcStart", of(&["2026-03-01T08:00:00Z"])),
        maybe("utcEnd", of(&["2026-03-01T09:00:00Z"])),
        maybe("useDefaultAlerts", flag()),
        maybe("mayInviteSelf", flag()),
        maybe("mayInviteOthers", flag()),
        maybe("hideAttendees", flag()),
    ]
}

fn described() -> Vec<Member> {
    vec![
        maybe("created", of(&["2025-01-01T12:00:00Z"])),
        maybe("updated", of(&["2026-01-01T12:00:00Z"])),
        maybe("sequence", numbers(0..9)),
        maybe("prodId", of(&["-//laws//EN"])),
        maybe("title", of(&["Tea", "", "a/b ~c\n"])),
        maybe("description", of(&["Tea, and cake"])),
        maybe("descriptionContentType", of(&["text/html"])),
        maybe("duration", of(&["PT1H30M", "P1D"])),
        maybe("timeZone", of(&["Europe/Berlin", "Etc/UTC"])),
        maybe("endTimeZone", of(&["Asia/Tokyo"])),
        maybe("showWithoutTime", flag()),
        maybe("status", of(&["tentative", "cancelled", "example.com:maybe"])),
        maybe("freeBusyStatus", of(&["free", "busy"])),
        maybe("privacy", of(&["private", "secret", "example.com:none"])),
        maybe("priority", numbers(0..10)),
        maybe("color", of(&["turquoise", "#12ab9f"])),
        maybe("locale", of(&["de", "en-GB"])),
        maybe("keywords", set(&["a", "b/c"])),
        maybe("categories", set(&["https://example.com/a"])),
        maybe("sentBy", of(&["sender@example.com"])),
        maybe("relatedTo", map("other", relation())),
        maybe("links", map("k", link())),
        maybe("locations", map("l", location())),
        maybe("mainLocationId", of(&["l0"])),
        maybe("virtualLocations", map("v", virtual_location())),
    ]
}

const ADDRESSES: [&str; 3] = ["mailto:a@example.com", "mailto:b@example.com", "tel:+1"];

fn participant() -> Values {
    object(vec![
        always("calendarAddress", of(&ADDRESSES)),
        maybe("name", of(&["Ann"])),
        maybe("email", of(&["ann@example.com"])),
        maybe("kind", of(&["group", "location"])),
        maybe("roles", set(&["owner", "optional", "chair", "informational", "required"])),
        maybe("participationStatus", of(&["accepted", "declined", "needs-action"])),
        maybe("expectReply", flag()),
        maybe("sentBy", of(&["sender@example.com"])),
        maybe("links", map("k", link())),
        vendor(),
    ])
}

fn location() -> Values {
    object(vec![
        always("name", of(&["Room", "Hall"])),
        maybe("coordinates", of(&["geo:48.2,16.3"])),
        maybe("locationTypes", set(&["hotel", "office"])),
        maybe("links", map("k", link())),
        vendor(),
    ])
}

fn virtual_location() -> Values {
    object(vec![
        always("uri", of(&["https://example.com/room"])),
        maybe("name", of(&["Room"])),
        maybe("features", set(&["audio", "video"])),
        vendor(),
    ])
}

/// JMAP Calendars, section 5.5: a blob in the place of an address.
fn link() -> Values {
    let target =
        prop_oneof![always("href", of(&["https://example.com/a"])), always("blobId", of(&["G1"])),];
    object(vec![
        target.boxed(),
        maybe("rel", of(&["icon", "describedby"])),
        maybe("display", set(&["badge", "graphic"])),
        maybe("title", of(&["Plan"])),
        vendor(),
    ])
}

fn alert() -> Values {
    let offset = object(vec![
        always("offset", of(&["-PT15M", "PT5M"])),
        maybe("relativeTo", of(&["end"])),
        vendor(),
    ]);
    let absolute = json!({"@type": "AbsoluteTrigger", "when": "2026-02-28T08:00:00Z"});
    object(vec![
        always("trigger", prop_oneof![offset, just(absolute)].boxed()),
        maybe("acknowledged", of(&["2026-02-28T08:05:00Z"])),
        maybe("action", of(&["email", "display"])),
        vendor(),
    ])
}

fn relation() -> Values {
    object(vec![maybe("relation", set(&["first", "next", "parent"])), vendor()])
}

fn rule() -> Values {
    object(vec![
        always("frequency", of(&["daily", "weekly"])),
        maybe("interval", numbers(1..4)),
        maybe("byDay", just(json!([{"day": "su"}, {"day": "mo", "nthOfPeriod": 1}]))),
        prop_oneof![maybe("count", numbers(2..9)), maybe("until", of(&["2026-03-20T09:00:00"]))]
            .boxed(),
        vendor(),
    ])
}

/// Patches by the occurrences that they are about.
fn overrides() -> Values {
    let own = object(vec![
        maybe("title", of(&["Moved"])),
        maybe("start", of(&["2026-03-04T15:00:00"])),
        maybe("duration", of(&["PT10M"])),
        maybe("useDefaultAlerts", flag()),
        maybe("keywords", just(Value::Null)),
        maybe("description", just(Value::Null)),
        maybe("alerts", map("a", alert())),
        maybe("locations/l0/name", of(&["Other room"])),
        maybe("participants/p0/participationStatus", of(&["accepted", "tentative"])),
        maybe("participants/p0/calendarAddress", of(&["mailto:c@example.com"])),
        maybe("participants/p1", just(Value::Null)),
        maybe("participants/new", participant()),
        maybe("endTimeZone", of(&["Asia/Seoul"])),
        vendor(),
    ]);
    let patch = prop_oneof![1 => just(json!({"excluded": true})), 1 => just(json!({})), 4 => own];
    btree_map(1..9_u8, patch, 1..4)
        .prop_map(|patches| {
            let patches = patches.into_iter();
            patches.map(|(day, patch)| (format!("2026-03-0{day}T09:00:00"), patch)).collect()
        })
        .boxed()
}

/// What only the draft has, to be added to an event in its names: members of the event, of whoever takes part, and ways to
/// answer.
pub(super) fn of_the_draft() -> impl Strategy<Value = [Value; 3]> {
    let rule = json!({"@type": "RecurrenceRule", "frequency": "yearly"});
    let event = object(vec![
        maybe("requestStatus", of(&["2.0;Success"])),
        maybe("localizations", just(json!({"de": {"title": "Tee"}}))),
        maybe("excludedRecurrenceRules", just(json!([rule]))),
        maybe(
            "recurrenceRules",
            just(json!([rule, {"@type": "RecurrenceRule", "frequency": "daily"}])),
        ),
    ]);
    let participant = object(vec![
        maybe("scheduleAgent", of(&["client", "none"])),
        maybe("scheduleSequence", numbers(0..3)),
        maybe("scheduleUpdated", of(&["2026-01-01T12:00:00Z"])),
        maybe("scheduleStatus", just(json!(["2.0"]))),
        maybe("participationComment", of(&["late"])),
        maybe("language", of(&["de"])),
    ]);
    let reply = object(vec![maybe("web", of(&["https://example.com/answer"]))]);
    [event, participant, reply]
}

/// Makes the parts of an event fit each other.
fn settled(mut event: Value) -> Value {
    let has = |name: &str| event.get(name).is_some();
    let orphans: Vec<&str> = [
        ("descriptionContentType", "description"),
        ("endTimeZone", "timeZone"),
        ("mainLocationId", "locations"),
        ("recurrenceOverrides", "recurrenceRule"),
    ]
    .into_iter()
    .filter_map(|(name, needs)| (!has(needs)).then_some(name))
    .collect();
    let base = event.clone();
    let members = event.as_object_mut().unwrap();
    members.retain(|name, _| !orphans.contains(&name.as_str()));
    if let Some(Value::Object(overrides)) = members.get_mut("recurrenceOverrides") {
        for patch in overrides.values_mut().filter_map(Value::as_object_mut) {
            patch.retain(|pointer, _| has_parent(&base, pointer));
        }
    }
    event
}

/// Whether there is something in the event that the pointer can lead into.
fn has_parent(event: &Value, pointer: &str) -> bool {
    let needs_zone = pointer == "endTimeZone" && event.get("timeZone").is_none();
    let parent = pointer.rsplit_once('/').map(|(parent, _)| format!("/{parent}"));
    !needs_zone && parent.is_none_or(|parent| event.pointer(&parent).is_some())
}

/// A member that no standard knows.
fn vendor() -> Member {
    let values = [json!("good"), json!(1.5), json!([]), json!({"a": [1, {}], "b/~c": "\n"})];
    let some = select(values.to_vec()).prop_map(|it| Some(("example.com:mood", it)));
    prop_oneof![6 => Just(None), 1 => some].boxed()
}

fn flag() -> Values {
    any::<bool>().prop_map(Value::from).boxed()
}

fn numbers(range: std::ops::Range<u32>) -> Values {
    range.prop_map(Value::from).boxed()
}

fn of(texts: &[&'static str]) -> Values {
    select(texts.to_vec()).prop_map(Value::from).boxed()
}

fn just(value: Value) -> Values {
    Just(value).boxed()
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

fn always(name: &'static str, value: Values) -> Member {
    value.prop_map(move |value| Some((name, value))).boxed()
}

fn maybe(name: &'static str, value: Values) -> Member {
    prop_oneof![2 => Just(None), 1 => value.prop_map(move |value| Some((name, value)))].boxed()
}

fn object(members: Vec<Member>) -> Values {
    members
        .prop_map(|members| {
            let members = members.into_iter().flatten();
            members.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
        })
        .boxed()
}
