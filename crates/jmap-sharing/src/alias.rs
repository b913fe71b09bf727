//! [`also_named`]: members that some servers, or other texts of a standard, call something else.

use jmap_core::json_model::serde::Deserialize;
use jmap_core::{Json, Map};

/// Takes the value of a member from another name that it may have: from `extra`, where what nobody knows is kept. It stays
/// there if the member is there under its own name, or if the value is none for it.
///
/// ```
/// use jmap_core::{Json, Map};
/// use jmap_sharing::also_named;
///
/// let mut extra = Map::from([("timezone".to_owned(), Json::from("Europe/Paris"))]);
/// let mut time_zone: Option<String> = None;
/// also_named(&mut time_zone, &mut extra, "timezone");
/// assert_eq!(time_zone.as_deref(), Some("Europe/Paris"));
/// assert!(extra.is_empty());
/// ```
pub fn also_named<T: for<'de> Deserialize<'de>>(
    field: &mut Option<T>,
    extra: &mut Map<String, Json>,
    name: &str,
) {
    if field.is_some() {
        return;
    }
    if let Some(Ok(value)) = extra.get(name).map(Json::decode::<Option<T>>) {
        *field = value;
        extra.remove(name);
    }
}
