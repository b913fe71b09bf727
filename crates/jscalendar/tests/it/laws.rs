//! Laws of the conversion between the versions.

use jscalendar::{Event, Position, Version};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Members of the outermost object that a finding points into.
fn reported(diagnostics: &jscalendar::Diagnostics) -> Vec<String> {
    diagnostics
        .iter()
        .filter_map(|diagnostic| match &diagnostic.position {
            Position::Pointer(pointer) => pointer.split('/').next().map(str::to_owned),
            _ => None,
        })
        .collect()
}

/// `after` is `before` but for the members that were reported.
fn assert_equal_but_for(before: &Value, after: &Value, but_for: &[String]) {
    let names =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let mut all = names(before);
    all.extend(names(after));
    for name in all.iter().filter(|name| !but_for.contains(*name) && *name != "version") {
        assert_eq!(before.get(name), after.get(name), "{name}\nbefore {before}\nafter {after}");
    }
}

fn roles() -> impl Strategy<Value = Value> {
    prop::collection::btree_set(
        prop::sample::select(vec![
            "owner",
            "chair",
            "optional",
            "informational",
            "required",
            "x:y",
        ]),
        0..3,
    )
    .prop_map(|roles| {
        roles
            .into_iter()
            .map(|role| (role.to_owned(), json!(true)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    })
}

fn addresses() -> impl Strategy<Value = Value> {
    prop::collection::btree_set(0..4_usize, 0..3).prop_map(|them| {
        let entries = them.into_iter().map(|n| (format!("mailto:p{n}@example.com"), json!(true)));
        Value::Object(entries.collect())
    })
}

fn participants(count: usize) -> impl Strategy<Value = Value> {
    prop::collection::vec(
        (
            roles(),
            prop::option::of(prop::sample::select(vec!["accepted", "needs-action"])),
            addresses(),
            addresses(),
            any::<bool>(),
        ),
        0..count,
    )
    .prop_map(|list| {
        let entries = list.into_iter().enumerate().map(|(n, (roles, status, to, of, reply))| {
            let mut it = json!({"calendarAddress": format!("mailto:p{n}@example.com")});
            let mut put = |name: &str, value: Value| {
                if value != json!({}) {
                    it[name] = value;
                }
            };
            put("roles", roles);
            put("delegatedTo", to);
            put("memberOf", of);
            if let Some(status) = status {
                put("participationStatus", json!(status));
            }
            if reply {
                put("expectReply", json!(true));
            }
            (format!("k{n}"), it)
        });
        Value::Object(entries.collect())
    })
}

fn patch() -> impl Strategy<Value = Value> {
    prop::collection::vec(
        prop::sample::select(vec![
            ("title", json!("Moved")),
            ("participants/k0/participationStatus", json!("declined")),
            ("participants/k0/roles", json!({"optional": true})),
            ("participants/k0/roles", json!({"owner": true})),
            ("participants/k0/delegatedTo", json!({"mailto:p1@example.com": true})),
            ("participants/new", json!({"calendarAddress": "tel:+1"})),
            ("participants", Value::Null),
            ("endTimeZone", json!("Asia/Seoul")),
            ("locations", json!({"room": {"name": "Room"}})),
            ("locations/hall/name", json!("Other hall")),
            ("mainLocationId", json!("hall")),
            ("links/icon/display", json!({"graphic": true})),
            ("alerts/later/relatedTo/first/relation", json!({"snooze": true})),
            ("excluded", json!(true)),
        ]),
        0..4,
    )
    .prop_map(|changes| {
        Value::Object(
            changes.into_iter().map(|(pointer, value)| (pointer.to_owned(), value)).collect(),
        )
    })
}

prop_compose! {
    fn an_event()(
        participants in participants(4),
        organizer in prop::option::of(prop::sample::select(vec!["mailto:p0@example.com", "tel:+1"])),
        rule in any::<bool>(),
        end_zone in any::<bool>(),
        hall in any::<bool>(),
        main in any::<bool>(),
        display in prop::sample::subsequence(vec!["badge", "graphic", "thumbnail"], 0..3),
        relation in prop::option::of(prop::sample::select(vec!["snooze", "parent"])),
        acknowledged in any::<bool>(),
        patches in prop::collection::vec(patch(), 0..4),
    ) -> Value {
        let mut event = json!({"@type": "Event", "version": "2.0", "uid": "e1",
            "updated": "2026-02-01T00:00:00Z", "start": "2026-03-01T09:00:00",
            "timeZone": "Europe/Berlin", "example.com:x": {"a": 1}});
        let mut put = |name: &str, value: Value| {
            if value != json!({}) {
                event[name] = value;
            }
        };
        put("participants", participants);
        if let Some(organizer) = organizer {
            put("organizerCalendarAddress", json!(organizer));
        }
        if rule {
            put("recurrenceRule", json!({"frequency": "daily", "byDay": [{"day": "mo", "nthOfPeriod": 1}]}));
        }
        if end_zone {
            put("endTimeZone", json!("Asia/Tokyo"));
        }
        if hall {
            put("locations", json!({"hall": {"name": "Hall"}}));
        }
        if main {
            put("mainLocationId", json!("hall"));
        }
        if !display.is_empty() {
            let set: serde_json::Map<_, _> = display.iter().map(|it| ((*it).to_owned(), json!(true))).collect();
            put("links", json!({"icon": {"href": "https://x/y", "rel": "icon", "display": set}}));
        }
        let mut first = json!({"trigger": {"offset": "-PT5M"}});
        if acknowledged {
            first["acknowledged"] = json!("2026-03-01T07:00:00Z");
        }
        let mut alerts = json!({"first": first});
        if let Some(relation) = relation {
            alerts["later"] = json!({"trigger": {"offset": "PT5M"}, "relatedTo": {"first": {"relation": {relation: true}}}});
        }
        put("alerts", alerts);
        let overrides: serde_json::Map<String, Value> = patches.into_iter().enumerate()
            .map(|(day, patch)| (format!("2026-03-{:02}T09:00:00", day + 2), patch)).collect();
        put("recurrenceOverrides", Value::Object(overrides));
        event
    }
}

/// The occurrences that the overrides make, as plain JSON, in the members of 2.0.
fn occurrences(event: &Value) -> Vec<(String, Value)> {
    let mut base = event.clone();
    let overrides = base.as_object_mut().unwrap().remove("recurrenceOverrides");
    let overrides = overrides.and_then(|it| it.as_object().cloned()).unwrap_or_default();
    let apply = |patch: Value| {
        let patch: jscalendar::PatchObject = serde_json::from_value(patch).unwrap();
        let base = jscalendar::Json::from(base.clone());
        patch.apply(&base, json_model::PatchRules::V2_0).ok()?.to_value().ok()
    };
    overrides.into_iter().filter_map(|(start, patch)| Some((start, apply(patch)?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn to_1_0_and_back(before in an_event()) {
        let read = Event::from_json(&before.to_string()).unwrap();
        prop_assert!(read.diagnostics.is_empty());
        prop_assert_eq!(&serde_json::from_str::<Value>(&serde_json::to_string(&read.value).unwrap()).unwrap(), &before);

        let old = read.value.to_json(Version::V1_0);
        let back = Event::from_json(&old.value).unwrap();
        let new = back.value.to_json(Version::V2_0);
        let after: Value = serde_json::from_str(&new.value).unwrap();
        let mut but_for = reported(&old.diagnostics);
        but_for.extend(reported(&back.diagnostics));
        but_for.extend(reported(&new.diagnostics));

        // Patches may be written in another way if they make the same occurrences.
        let mut but_for_members = but_for.clone();
        but_for_members.push("recurrenceOverrides".to_owned());
        assert_equal_but_for(&before, &after, &but_for_members);
        if but_for.is_empty() {
            prop_assert_eq!(occurrences(&before), occurrences(&after), "old: {}", old.value);
        }
    }

    #[test]
    fn to_2_0_and_back(event in an_event()) {
        // Any text of 1.0 that we write is one that somebody else could have written.
        let lowered = Event::from_json(&event.to_string()).unwrap().value.to_json(Version::V1_0).value;
        let before: Value = serde_json::from_str(&lowered).unwrap();
        let read = Event::from_json(&lowered).unwrap();
        let old = read.value.to_json(Version::V1_0);
        let after: Value = serde_json::from_str(&old.value).unwrap();
        let mut but_for = reported(&read.diagnostics);
        but_for.extend(reported(&old.diagnostics));
        let all = but_for.is_empty();
        but_for.push("recurrenceOverrides".to_owned());
        assert_equal_but_for(&before, &after, &but_for);
        if all {
            prop_assert_eq!(occurrences(&before), occurrences(&after));
        }

        let new = read.value.to_json(Version::V2_0);
        if !read.diagnostics.contains("invalid-patch") {
            prop_assert!(!new.value.contains("sendTo") && !new.value.contains("recurrenceRules"));
        }
    }

    #[test]
    fn converting_twice_changes_nothing(event in an_event()) {
        let read = Event::from_json(&event.to_string()).unwrap().value;
        for version in [Version::V1_0, Version::V2_0] {
            let once = read.to_json(version).value;
            let read = Event::from_json(&once).unwrap();
            if read.diagnostics.is_empty() {
                // Patches may be written in another way if they make the same occurrences.
                let [once, twice] = [&once, &read.value.to_json(version).value]
                    .map(|text| serde_json::from_str::<Value>(text).unwrap());
                assert_equal_but_for(&once, &twice, &["recurrenceOverrides".to_owned()]);
                prop_assert_eq!(occurrences(&once), occurrences(&twice));
            }
            let read = &read.value;
            let converted = read.clone().into_version(version).value;
            prop_assert_eq!(converted.into_version(version).value, read.clone().into_version(version).value);
        }
    }
}
