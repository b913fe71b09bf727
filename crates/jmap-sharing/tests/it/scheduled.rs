//! Patches that every server takes.

use jmap_core::Json;
use jmap_sharing::scheduled::patch;

fn changes(before: &str, after: &str) -> String {
    let json = |text| Json::parse(text).unwrap();
    serde_json::to_string(&patch(&json(before), &json(after))).unwrap()
}

/// JMAP Calendars, section 5.8.2: an override that is not there has no parent to patch.
#[test]
fn an_override_is_sent_whole() {
    let base = r#"{"title":"Tea"}"#;
    let first = r#"{"title":"Tea","recurrenceOverrides":{"2026-03-05T09:00:00":{"title":"Milk"}}}"#;
    let second = r#"{"title":"Tea","recurrenceOverrides":{
        "2026-03-05T09:00:00":{"title":"Milk","participants/a":null},"2026-03-06T09:00:00":{"excluded":true}}}"#;
    insta::assert_snapshot!(
        changes(base, first),
        @r#"{"recurrenceOverrides":{"2026-03-05T09:00:00":{"title":"Milk"}}}"#
    );
    insta::assert_snapshot!(
        changes(first, second),
        @r#"{"recurrenceOverrides/2026-03-05T09:00:00":{"title":"Milk","participants/a":null},"recurrenceOverrides/2026-03-06T09:00:00":{"excluded":true}}"#
    );
    insta::assert_snapshot!(
        changes(second, first),
        @r#"{"recurrenceOverrides/2026-03-05T09:00:00":{"title":"Milk"},"recurrenceOverrides/2026-03-06T09:00:00":null}"#
    );
    insta::assert_snapshot!(changes(first, base), @r#"{"recurrenceOverrides":null}"#);
}

#[test]
fn everything_else_is_as_small_as_can_be() {
    let before = r#"{"participants":{"a":{"name":"Ann","participationStatus":"needs-action"}},"title":"Tea"}"#;
    let after =
        r#"{"participants":{"a":{"name":"Ann","participationStatus":"accepted"}},"title":"Tea"}"#;
    assert_eq!(changes(before, after), r#"{"participants/a/participationStatus":"accepted"}"#);
    assert_eq!(changes(before, before), "{}");
}
