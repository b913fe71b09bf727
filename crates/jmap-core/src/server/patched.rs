//! [`patched`]: what an update makes of an object (RFC 8620, section 5.3).

use json_model::{Diagnostic, Json, PatchObject, PatchRules, Version};

use super::arguments::{fault, is_wrong, tokens};
use crate::object::Object;
use crate::{SetError, SetErrorKind};

/// `current` with the changes of an `update` (RFC 8620, section 5.3).
///
/// # Errors
///
/// - `invalidPatch`, with the pointer and what is wrong with it in the description: it leads into an array or into
///   something that does not exist, or is the beginning of another one.
/// - `invalidProperties`, with their names: the values are of the wrong type.
///
/// What a property may be beyond its type is for the caller to check; which must not change, [`unchanged`] does. Creation
/// ids inside of the object stay as they are.
///
/// ```
/// # use jmap_core::object::Object;
/// # use jmap_core::{Id, Map};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { id: Option<Id<Note>>, text: Option<String>, extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }
/// # impl Object for Note {
/// #     const TYPE: &'static str = "Note";
/// #     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
/// #     type Property = String;
/// # }
/// use jmap_core::server::{patched, unchanged};
/// use jmap_core::{Json, PatchObject};
///
/// let note = Note { text: Some("Milk".to_owned()), ..Note::default() };
/// let bread = patched(&note, PatchObject::new().set("text", "Bread"))?;
/// unchanged(&note, &bread, &["id"])?;
/// assert_eq!(bread.text.as_deref(), Some("Bread"));
///
/// let error = patched(&note, PatchObject::new().set("text", Json::from(serde_json::json!(5)))).unwrap_err();
/// assert_eq!(error.to_string(), "invalidProperties (text): #/text: expected a string");
/// # Ok::<(), jmap_core::SetError>(())
/// ```
pub fn patched<O: Object + json_model::Object>(
    current: &O,
    patch: &PatchObject,
) -> Result<O, SetError> {
    let after = patch.apply(&json_of(current)?, PatchRules::V1_0).map_err(|error| {
        SetError::new(SetErrorKind::InvalidPatch).description(error.to_string())
    })?;
    let parsed = json_model::from_str::<O>(after.as_str()).map_err(|error| {
        SetError::new(SetErrorKind::InvalidProperties).description(error.to_string())
    })?;
    let touched: Vec<String> = patch.0.keys().filter_map(|pointer| first_token(pointer)).collect();
    // What was odd before is no fault of the patch.
    let is_fault = |it: &&Diagnostic| {
        is_wrong(it) && tokens(it).next().is_some_and(|it| touched.contains(&it))
    };
    let faults: Vec<&Diagnostic> = parsed.diagnostics.iter().filter(is_fault).collect();
    let Some(first) = faults.first() else { return Ok(parsed.value) };
    let mut properties: Vec<String> = faults.iter().filter_map(|it| tokens(it).next()).collect();
    properties.dedup();
    Err(SetError::invalid_properties(properties).description(fault(first)))
}

/// Says that an update leaves these properties as they are: those that the server sets and those that never change. To
/// name one with the value that it has is allowed (RFC 8620, section 5.3).
///
/// # Errors
///
/// `invalidProperties`, with the names of those that differ.
pub fn unchanged<O: Object>(before: &O, after: &O, properties: &[&str]) -> Result<(), SetError> {
    let (before, after) = (json_of(before)?, json_of(after)?);
    let differs = |name: &&str| {
        let member = |json: &Json| json.inside(&[(*name).into()]).and_then(|it| it.to_value().ok());
        member(&before) != member(&after)
    };
    let changed: Vec<&str> = properties.iter().copied().filter(differs).collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(SetError::invalid_properties(changed)
        .description("the server sets these, or they never change"))
}

fn json_of<O: Object>(object: &O) -> Result<Json, SetError> {
    Json::from_serialize(&object.versioned(Version::V2_0))
        .map_err(|error| SetError::new(SetErrorKind::ServerFail).description(error.to_string()))
}

fn first_token(pointer: &str) -> Option<String> {
    json_model::pointer::tokens(pointer).next().map(std::borrow::Cow::into_owned)
}
