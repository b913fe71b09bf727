//! Pointers lead through typed members, what was put aside, and outer and inner objects.

use json_model::{Version, look_up};

use crate::types::{StoredChore, read};

#[test]
fn pointers_lead_everywhere() {
    let (stored, _) = read::<StoredChore>(
        r#"{"@type":"Chore","id":"c1","folderIds":{"f":true},"title":"t","days":["mo","tu"],
        "links":{"a/b":{"href":"x","next":{"rels":{"r":true}}},"bad":7},"rows":[{"a":1}],
        "x":{"y":[1e400,{"z":2}],"deep":"\ud800"},"size":"no","title/x":1,"grid":{"g":{"h":1}},
        "anything":{"k":[true]},"names":{"de":5}}"#,
    );
    for (pointer, expected) in [
        ("@type", r#""Chore""#),
        ("id", r#""c1""#),
        ("folderIds", r#"{"f":true}"#),
        ("folderIds/f", "true"),
        ("title", r#""t""#),
        ("days/1", r#""tu""#),
        ("days", r#"["mo","tu"]"#),
        ("links/a~1b/href", r#""x""#),
        ("links/a~1b/next/rels/r", "true"),
        ("links/bad", "7"),
        ("links", r#"{"a/b":{"href":"x","next":{"rels":{"r":true}}},"bad":7}"#),
        ("names", r#"{"de":5}"#),
        ("names/de", "5"),
        ("rows/0/a", "1"),
        ("grid/g/h", "1"),
        ("x/y/1/z", "2"),
        ("x/y/0", "1e400"),
        ("x/deep", r#""\ud800""#),
        ("size", r#""no""#),
        ("title~1x", "1"),
        ("anything/k/0", "true"),
    ] {
        let found = look_up(&stored, pointer, Version::V2_0);
        assert_eq!(found.as_ref().map(|json| json.as_str()), Some(expected), "{pointer}");
    }
    for pointer in [
        "",
        "@type/x",
        "title/x",
        "days/2",
        "days/01",
        "days/+1",
        "days/-",
        "links/c",
        "x/z",
        "shift",
        "folderIds/g",
        "id/x",
        "size/0",
        "x/y/00",
    ] {
        assert_eq!(look_up(&stored, pointer, Version::V2_0), None, "{pointer}");
    }
}

#[test]
fn a_value_hides_what_was_put_aside() {
    let (mut stored, _) = read::<StoredChore>(r#"{"title":{"x":1}}"#);
    assert!(look_up(&stored, "title/x", Version::V2_0).is_some());
    stored.chore.title = Some("t".to_owned());
    assert_eq!(look_up(&stored, "title/x", Version::V2_0), None);
}
