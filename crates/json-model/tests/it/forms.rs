//! Objects that are read and written in another form than their fields have: `read:` and `write:` of the table.

use json_model::{Json, Map, Reader, ToJson, Version};

#[derive(Clone, Debug, Default, PartialEq)]
struct Rights {
    may_share: Option<bool>,
    extra: Map<String, Json>,
}

json_model::members! {
    Rights: "Rights" never { "mayShare" (V2_0) => may_share }
    read: Rights::lift;
    write: Rights::lowered;
    extra
}

impl Rights {
    fn lift(&mut self, _: &mut Reader) {
        if let Some(may) = self.extra.remove("mayAdmin") {
            self.may_share = self.may_share.or_else(|| may.decode().ok());
        }
    }

    fn lowered(&self, version: Version) -> Option<Self> {
        let may = (version == Version::V1_0).then_some(self.may_share?)?;
        let extra = [("mayAdmin".to_owned(), Json::from(may))].into();
        Some(Self { may_share: None, extra })
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Shared {
    rights: Map<String, Rights>,
    extra: Map<String, Json>,
}

json_model::members! { Shared: "Shared" never { "rights" => rights } extra }

const OLD: &str = r#"{"rights":{"jane":{"mayAdmin":true}}}"#;
const NEW: &str = r#"{"rights":{"jane":{"mayShare":true}}}"#;

#[test]
fn read_inside_of_other_objects_and_written_for_a_version() {
    let shared: Shared = serde_json::from_str(OLD).unwrap();
    assert_eq!(shared.rights["jane"].may_share, Some(true));
    assert_eq!(shared, serde_json::from_str(NEW).unwrap());
    let written = |version| serde_json::to_string(&shared.versioned(version)).unwrap();
    assert_eq!(written(Version::V1_0), OLD);
    assert_eq!(written(Version::V2_0), NEW);
}

#[test]
fn pointers_lead_into_what_is_written() {
    let shared: Shared = serde_json::from_str(NEW).unwrap();
    let at = |pointer, version| json_model::look_up(&shared, pointer, version);
    assert_eq!(at("rights/jane/mayAdmin", Version::V1_0), Some(Json::from(true)));
    assert_eq!(at("rights/jane/mayShare", Version::V1_0), None);
    assert_eq!(at("rights/jane/mayShare", Version::V2_0), Some(Json::from(true)));
}
