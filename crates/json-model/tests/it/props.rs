//! Laws.

use std::collections::BTreeMap;

use json_model::{
    Diagnostic, Diagnostics, Json, Map, PatchObject, PatchRules, Severity, Version, look_up,
    pointer,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::types::StoredChore;

/// Names that collide often, some of which pointers have to escape.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-c]",
        "[a-c]/[a-c]",
        "[~/]{1,2}",
        prop::sample::select(vec![
            "title", "links", "tags", "grid", "rows", "replyTo", "title/x", "@type"
        ])
        .prop_map(str::to_owned),
    ]
}

/// Any JSON value, with `null` inside arrays only: as a member, `null` means "absent" to a patch.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Fractions that binary has: serde_json without `float_roundtrip` may round others in the last digit.
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        "\\PC{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(prop_oneof![9 => inner.clone(), 1 => Just(Value::Null)], 0..4)
                .prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    prop::collection::btree_map(name(), value(), 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// What a pointer leads to, by another way than the crate goes.
fn at<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    value.pointer(&format!("/{pointer}"))
}

proptest! {
    #[test]
    fn diff_then_apply_is_identity(before in object(), after in object()) {
        let patch = PatchObject::diff(&Json::from(before.clone()), &Json::from(after.clone()));
        let patched = patch.apply(&Json::from(before.clone()), PatchRules::V1_0).unwrap();
        prop_assert_eq!(&patched.to_value().unwrap(), &after);
        prop_assert_eq!(patch.is_empty(), before == after);
        for (pointer, json) in &patch.0 {
            let new = at(&after, pointer);
            prop_assert_ne!(at(&before, pointer), new, "{} is equal", pointer);
            prop_assert_eq!(json.to_value().unwrap(), new.cloned().unwrap_or(Value::Null));
        }
        let text = serde_json::to_string(&patch).unwrap();
        prop_assert_eq!(serde_json::from_str::<PatchObject>(&text).unwrap(), patch);
    }

    #[test]
    fn a_patch_is_applied_whole_or_not_at_all(
        target in object(),
        changes in prop::collection::vec(
            (prop::collection::vec(prop_oneof![name(), "[0-2]"], 1..4), prop_oneof![4 => value(), 1 => Just(Value::Null)]),
            0..5,
        ),
        inside_arrays in any::<bool>(),
    ) {
        let pointer_of = |tokens: &[String]| {
            tokens.iter().map(|token| pointer::escape(token).into_owned()).collect::<Vec<_>>().join("/")
        };
        let patch = PatchObject(
            changes.iter().map(|(tokens, value)| (pointer_of(tokens), Json::from(value.clone()))).collect(),
        );
        let rules = if inside_arrays { PatchRules::V2_0 } else { PatchRules::V1_0 };
        match patch.apply(&Json::from(target), rules) {
            Err(error) => prop_assert!(patch.0.contains_key(&error.pointer)),
            Ok(patched) => {
                let patched = patched.to_value().unwrap();
                for (pointer, json) in &patch.0 {
                    let expected = (!json.is_null()).then(|| json.to_value().unwrap());
                    prop_assert_eq!(at(&patched, pointer).cloned(), expected);
                }
            }
        }
    }

    #[test]
    fn map_behaves_as_btree_map(operations in prop::collection::vec((0..6, 0..12u8, any::<u16>()), 0..60)) {
        let mut map: Map<u8, u16> = Map::new();
        let mut model: BTreeMap<u8, u16> = BTreeMap::new();
        for (operation, key, value) in operations {
            match operation {
                0 | 1 => prop_assert_eq!(map.insert(key, value), model.insert(key, value)),
                2 => prop_assert_eq!(map.remove(&key), model.remove(&key)),
                3 => prop_assert_eq!(*map.get_or_insert_with(key, || value), *model.entry(key).or_insert(value)),
                4 => {
                    let more = [(key, value), (key ^ 5, value), (key, value ^ 1)];
                    map.extend(more);
                    model.extend(more);
                }
                _ => {
                    map.retain(|_, kept| *kept % 3 != value % 3);
                    model.retain(|_, kept| *kept % 3 != value % 3);
                }
            }
            prop_assert!(map.iter().eq(model.iter()));
            prop_assert!(map.iter().rev().eq(model.iter().rev()));
            prop_assert!(map.range_from(&key).eq(model.range(key..)));
            prop_assert_eq!(map.get(&key), model.get(&key));
            prop_assert_eq!(map.contains_key(&key), model.contains_key(&key));
            prop_assert_eq!(map.len(), model.len());
            prop_assert_eq!(map.first_key_value(), model.first_key_value());
            prop_assert_eq!(map.last_key_value(), model.last_key_value());
            prop_assert_eq!(&model.clone().into_iter().collect::<Map<_, _>>(), &map);
        }
    }

    #[test]
    fn minified_text_means_the_same(value in value()) {
        let json = Json::parse(&serde_json::to_string_pretty(&value).unwrap()).unwrap();
        prop_assert_eq!(json.as_str(), serde_json::to_string(&value).unwrap());
        prop_assert_eq!(json.to_value().unwrap(), value);
    }

    #[test]
    fn diagnostics_never_pass_their_limit(limit in 0..5usize, lists in prop::collection::vec(0..6usize, 0..4)) {
        let mut all = Diagnostics::with_limit(limit);
        for count in &lists {
            let mut list = Diagnostics::with_limit(3);
            for _ in 0..*count {
                list.push(Diagnostic::new("x", Severity::Note, "y"));
            }
            all.append(list);
            prop_assert!(all.len() <= limit);
        }
        prop_assert_eq!(all.len() as u64 + all.suppressed(), lists.iter().sum::<usize>() as u64);
    }

    #[test]
    fn whatever_is_read_is_written_and_found(mut value in object()) {
        let text = value.to_string();
        let stored = json_model::from_str::<StoredChore>(&text).unwrap().value;
        value["@type"] = json!("Chore");
        let written = serde_json::to_value(&stored).unwrap();
        let again = json_model::from_str::<StoredChore>(&written.to_string()).unwrap().value;
        prop_assert_eq!(serde_json::to_value(&again).unwrap(), written.clone());
        for (name, member) in written.as_object().unwrap() {
            let found = look_up(&stored, &pointer::escape(name), Version::V2_0);
            prop_assert_eq!(found, Some(Json::from(member.clone())), "{}", name);
        }
        // Empty collections are absent, and sets take some other forms; everything else comes back as it was.
        for (name, member) in value.as_object().unwrap() {
            if ["tags", "replyTo"].contains(&name.as_str()) || contains_empty(member) {
                continue;
            }
            prop_assert_eq!(written.get(name), Some(member), "{}", name);
        }
    }
}

/// Whether an empty array or object, or a `null`, is somewhere inside: those may be read as absent.
fn contains_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty() || list.iter().any(contains_empty),
        Value::Object(members) => members.is_empty() || members.values().any(contains_empty),
        _ => false,
    }
}
