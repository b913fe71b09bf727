//! Input made to hurt: time, memory and stack stay in proportion to its size.

use std::time::{Duration, Instant};

use json_model::{
    Before, Diagnostics, Json, MAX_TOKENS, PatchErrorKind, PatchObject, PatchRules, Position,
};
use serde_json::json;

use crate::types::{Chore, Link, read};

const MANY: usize = 100_000;

/// Far above what linear work takes in a debug build, far below what quadratic work takes.
const LIMIT: Duration = Duration::from_secs(5);

fn timed<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    assert!(start.elapsed() < LIMIT, "took {:?}", start.elapsed());
    done
}

fn object(entry: impl Fn(usize) -> String) -> String {
    // Falling order: each entry belongs before all earlier ones.
    let entries: Vec<String> = (0..MANY).rev().map(entry).collect();
    format!("{{{}}}", entries.join(","))
}

#[test]
fn many_unknown_members() {
    timed(|| {
        let (chore, odd) = read::<Chore>(&object(|n| format!(r#""x{n:06}":{n}"#)));
        assert_eq!((chore.extra.len(), odd.as_str()), (MANY, ""));
        assert!(serde_json::to_string(&chore).unwrap().contains(r#""x000007":7"#));
    });
}

#[test]
fn many_entries_right_and_wrong() {
    timed(|| {
        let links = object(|n| format!(r#""l{n:06}":{{"href":"h"}}"#));
        let tags = object(|n| format!(r#""t{n:06}":0"#));
        let grid = object(|n| format!(r#""g{n:06}":{{"a":"b"}}"#));
        let (chore, _) =
            read::<Chore>(&format!(r#"{{"links":{links},"tags":{tags},"grid":{grid}}}"#));
        assert_eq!((chore.links.len(), chore.extra.len()), (MANY, 2 * MANY));
        let written = serde_json::to_string(&chore).unwrap();
        assert!(written.contains(r#""t000007":0"#) && written.contains(r#""g000007":{"a":"b"}"#));
    });
}

#[test]
fn many_equal_names() {
    timed(|| {
        for member in
            [r#""title":5,"title":null"#, r#""x":5,"x":null"#, r#""links":{"a":1},"links":2"#]
        {
            let text = format!(r#"{{"y":1,"tags":{{"a":1}},{}}}"#, vec![member; MANY].join(","));
            assert!(read::<Chore>(&text).0.extra.len() <= 3);
        }
    });
}

#[test]
fn diagnostics_stop_and_count_on() {
    let name = "n".repeat(100_000);
    let wrong = object(|n| format!(r#""l{n}":{{"href":{n}}}"#));
    let parsed = timed(|| {
        let text = format!(r#"{{"links":{wrong},"grid":{{"{name}":{wrong}}}}}"#);
        json_model::from_str::<Chore>(&text).unwrap()
    });
    assert_eq!(parsed.diagnostics.len(), Diagnostics::DEFAULT_LIMIT);
    assert_eq!(parsed.diagnostics.suppressed(), (2 * MANY - Diagnostics::DEFAULT_LIMIT) as u64);
    assert!(parsed.diagnostics.iter().all(|odd| odd.to_string().starts_with("#/links/l")));
}

#[test]
fn a_long_name_is_not_repeated_a_thousand_times() {
    let name = "\u{e4}".repeat(100_000);
    let wrong: Vec<String> = (0..2000).map(|n| format!(r#""{n}":"x""#)).collect();
    let text = format!(r#"{{"grid":{{"{name}":{{{}}}}}}}"#, wrong.join(","));
    let parsed = json_model::from_str::<Chore>(&text).unwrap();
    let length: usize = parsed.diagnostics.iter().map(|odd| odd.to_string().len()).sum();
    assert!(length < 1_000_000, "{length}");
    let Position::Pointer(pointer) = &parsed.diagnostics[0].position else { panic!("no pointer") };
    assert!(pointer.starts_with("grid/\u{e4}") && pointer.ends_with("\u{2026}/0"), "{pointer}");
}

#[test]
fn objects_in_objects_end_at_a_depth() {
    let depth = 20_000;
    for (open, close) in [(r#"{"next":"#, "}"), (r#"{"next":{"x":1e400,"next":"#, "}}")] {
        let text = format!("{}{}{}", open.repeat(depth), r#"{"href":"h"}"#, close.repeat(depth));
        let (mut link, odd) = timed(|| read::<Link>(&text));
        assert!(odd.contains("warning[too-deep]: nested in more than 100 levels"), "{odd}");
        assert_eq!(odd.lines().count(), 1);
        let mut levels = 0;
        while let Some(next) = link.next.take() {
            link = *next;
            levels += 1;
        }
        assert_eq!(levels, 100);
        assert!(link.extra["next"].as_str().contains(r#"{"href":"h"}"#));
    }
    let (link, _) = read::<Link>(&format!("{}{{}}{}", r#"{"next":"#.repeat(99), "}".repeat(99)));
    assert_eq!(serde_json::to_string(&link).unwrap().matches("next").count(), 99);
}

#[test]
fn lists_in_lists_end_too() {
    let deep = "[".repeat(MANY) + &"]".repeat(MANY);
    let (chore, odd) =
        timed(|| read::<Chore>(&format!(r#"{{"days":{deep},"rows":{deep},"title":"t"}}"#)));
    assert_eq!(odd.lines().count(), 2, "{odd}");
    assert_eq!(chore.title.as_deref(), Some("t"));
    assert!(chore.extra["rows"].as_str() == deep);
}

#[test]
fn patches_with_many_or_long_pointers() {
    timed(|| {
        let mut patch = PatchObject::new();
        patch.set("a/".repeat(500_000) + "b", json!(1));
        let refused = patch.apply(&Json::from(json!({"a": {}})), PatchRules::V2_0).unwrap_err();
        assert_eq!(refused.kind, PatchErrorKind::TooDeep);

        let changes =
            (0..MANY).map(|n| (format!("links/{n}/title"), Json::from(json!(n)))).collect();
        let mut before = json!({"links": {}});
        for n in 0..MANY {
            before["links"][n.to_string()] = json!({});
        }
        let before = Json::from(before);
        let patch = PatchObject(changes);
        let after = patch.apply(&before, PatchRules::V2_0).unwrap();
        assert_eq!(PatchObject::diff(&before, &after), patch);
    });
}

#[test]
fn diff_of_deep_objects() {
    let tree = |leaf: u8| format!("{}{leaf}{}", r#"{"a":"#.repeat(MANY), "}".repeat(MANY));
    let (before, after) = (Json::parse(&tree(1)).unwrap(), Json::parse(&tree(2)).unwrap());
    let patch = timed(|| PatchObject::diff(&before, &after));
    assert_eq!(patch.0.first_key_value().unwrap().0.split('/').count(), MAX_TOKENS);
    let patched = timed(|| patch.apply(&before, PatchRules::V2_0)).unwrap();
    assert!(patched.as_str() == after.as_str());
}

#[test]
fn many_comparisons_with_one_large_object() {
    let people = object(|n| format!(r#""p{n}":{{"name":"x"}}"#));
    let list = vec!["1"; MANY].join(",");
    let large = format!(r#"{{"people":{people},"list":[{list}]}}"#);
    let before = Json::parse(&large).unwrap();
    let other = Json::from(json!({"list": [1]}));
    timed(|| {
        let before = Before::new(&before);
        for _ in 0..MANY {
            assert_eq!(before.changes_to(&other).0.len(), 2);
        }
    });
}

#[test]
fn behind_a_long_name_changes_are_not_said_one_by_one() {
    let name = "n".repeat(MANY);
    let inside = |entries: &str| Json::parse(&format!(r#"{{"{name}":{entries}}}"#)).unwrap();
    let before = inside(&object(|n| format!(r#""p{n}":1"#)));
    let after = inside(r#"{"one":1}"#);
    let patch = timed(|| PatchObject::diff(&before, &after));
    assert_eq!(patch.0.len(), 1);
    assert_eq!(patch.apply(&before, PatchRules::V2_0).unwrap(), after);
}
