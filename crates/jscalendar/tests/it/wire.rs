//! The wire forms of one full event, task and group in both versions.

use insta::assert_snapshot;
use jscalendar::Version;
use serde_json::Value;

use crate::samples::{EVENT_2, GROUP_1, TASK_1, event, group, parse, task};

fn pretty(text: &str) -> String {
    serde_json::to_string_pretty::<Value>(&parse(text)).unwrap()
}

#[test]
fn an_event() {
    let event = event(EVENT_2).value;
    assert_eq!(parse(&event.to_json(Version::V2_0).value), parse(EVENT_2));
    assert_snapshot!(event.to_json(Version::V2_0).value);
    assert_snapshot!(pretty(&event.to_json(Version::V1_0).value));
}

#[test]
fn a_task() {
    let task = task(TASK_1).value;
    assert_snapshot!(task.to_json(Version::V1_0).value);
    assert_snapshot!(pretty(&task.to_json(Version::V2_0).value));
}

#[test]
fn a_group() {
    let group = group(GROUP_1).value;
    assert_eq!(parse(&group.to_json(Version::V1_0).value), parse(GROUP_1));
    assert_snapshot!(group.to_json(Version::V1_0).value);
    assert_snapshot!(pretty(&group.to_json(Version::V2_0).value));
}
