//! Writing names one version.

use json_model::{ToJson, Version, look_up};

use crate::types::{Chore, read};

const TEXT: &str = r#"{"onlyNew":"n","onlyOld":"o","excluded":true,"replyTo":{"a":"b"},
    "links":{"l":{"old":"x"}},"grid":{"g":{"h":1}}}"#;

fn write(chore: &Chore, version: Version) -> String {
    serde_json::to_string(&chore.versioned(version)).unwrap()
}

#[test]
fn each_version_writes_its_own_members() {
    let (chore, odd) = read::<Chore>(TEXT);
    assert_eq!(odd, "");
    assert_eq!(
        write(&chore, Version::V2_0),
        r#"{"@type":"Chore","links":{"l":{}},"grid":{"g":{"h":1}},"onlyNew":"n"}"#
    );
    assert_eq!(
        write(&chore, Version::V1_0),
        r#"{"@type":"Chore","links":{"l":{"@type":"Link","old":"x"}},"grid":{"g":{"h":1}},"onlyOld":"o","replyTo":{"a":"b"},"excluded":true}"#
    );
    assert_eq!(serde_json::to_string(&chore).unwrap(), write(&chore, Version::V2_0));
}

#[test]
fn look_up_sees_what_is_written() {
    let (chore, _) = read::<Chore>(TEXT);
    for pointer in ["onlyNew", "onlyOld", "excluded", "replyTo/a", "links/l/old", "links/l/@type"] {
        let is_new = pointer == "onlyNew";
        assert_eq!(look_up(&chore, pointer, Version::V2_0).is_some(), is_new, "{pointer}");
        assert_eq!(look_up(&chore, pointer, Version::V1_0).is_some(), !is_new, "{pointer}");
    }
}

#[test]
fn wrong_values_stay_in_every_version() {
    let (chore, _) = read::<Chore>(r#"{"onlyNew":1,"excluded":2,"replyTo":{"x":3}}"#);
    assert_eq!(chore.legacy, None, "nothing was read into it");
    for version in [Version::V1_0, Version::V2_0] {
        assert_eq!(
            write(&chore, version),
            r#"{"@type":"Chore","excluded":2,"onlyNew":1,"replyTo":{"x":3}}"#
        );
    }
}
