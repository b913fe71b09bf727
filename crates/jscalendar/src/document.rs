//! What the three types of documents have in common: reading, converting, writing, checking.

use json_model::pointer;

use crate::{Error, Event, Group, Json, Parsed, PatchObject, Task, Version, version};

macro_rules! document {
    ($type:ident, $convert:path, $json:literal) => {
        impl $type {
            /// Reads an object of either version from JSON text, as leniently as the text allows.
            ///
            /// Whatever is no value of the right type or form is kept in `extra` and reported. What version 1.0 says
            /// in another way than 2.0 is in the fields of 2.0 afterwards, also in the patches of
            /// `recurrence_overrides`; what 2.0 cannot say is in `legacy`. `version` stays as it was.
            ///
            /// ```
            #[doc = concat!("use jscalendar::", stringify!($type), ";")]
            ///
            #[doc = concat!("let parsed = ", stringify!($type), "::from_json(r#\"", $json, "\"#)?;")]
            /// assert_eq!(parsed.value.title.as_deref(), Some("Lunch"));
            /// assert!(parsed.value.extra.contains_key("color"));
            /// assert_eq!(
            ///     parsed.diagnostics[0].to_string(),
            ///     "#/color: warning[wrong-value]: expected a string; kept as it is",
            /// );
            /// # Ok::<(), jscalendar::Error>(())
            /// ```
            ///
            /// # Errors
            ///
            /// If `text` is not one JSON object.
            pub fn from_json(text: &str) -> Result<Parsed<Self>, Error> {
                Ok(json_model::from_str(text)?)
            }

            /// Converts the object into the form of exactly one version, and lists what that version cannot say.
            ///
            /// For 2.0 (and anything later) `legacy` is empty afterwards. For 1.0 everything that RFC 8984 writes in
            /// another way has moved into `legacy`; converting back undoes that. Each finding points to what it is
            /// about in the object as it was; those of severity [`Error`](crate::Severity::Error) are losses.
            pub fn into_version(self, version: Version) -> Parsed<Self> {
                $convert(self, version)
            }

            /// The smallest patch that turns this object into `after`, in the words of a version: what is equal is not
            /// mentioned. An override that takes something away is in it whole: a patch cannot set `null` in one.
            ///
            /// ```
            #[doc = concat!("use jscalendar::{", stringify!($type), ", Version};")]
            ///
            #[doc = concat!("let stored = ", stringify!($type), "::from_json(r#\"", $json, "\"#)?.value;")]
            /// let mut edited = stored.clone();
            /// edited.title = Some("Dinner".to_owned());
            /// let patch = stored.patch_to(&edited, Version::V2_0);
            /// assert_eq!(serde_json::to_string(&patch)?, r#"{"title":"Dinner"}"#);
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            pub fn patch_to(&self, after: &Self, version: Version) -> PatchObject {
                let json = |object: &Self| Json::parse(&object.to_json(version).value);
                match (json(self), json(after)) {
                    (Ok(before), Ok(after)) => {
                        with_nulls(PatchObject::diff(&before, &after), &after)
                    }
                    // What this crate writes is JSON.
                    _ => PatchObject::default(),
                }
            }

            /// Writes the object as compact JSON text of exactly one version, and lists what that version cannot say.
            ///
            /// The same object always gives the same text. Serde's `Serialize` writes 2.0 as well, but silently and
            /// as the object stands: it skips `legacy`, and sets no `version`.
            ///
            /// ```
            #[doc = concat!("use jscalendar::{", stringify!($type), ", Version};")]
            ///
            #[doc = concat!("let parsed = ", stringify!($type), "::from_json(r#\"", $json, "\"#)?;")]
            /// let text = parsed.value.to_json(Version::V2_0).value;
            #[doc = concat!("assert!(text.starts_with(r#\"{\"@type\":\"", stringify!($type), "\",\"version\":\"2.0\"\"#));")]
            /// # Ok::<(), jscalendar::Error>(())
            /// ```
            pub fn to_json(&self, version: Version) -> Parsed<String> {
                version::to_text(self.clone().into_version(version), version)
            }
        }
    };
}

document!(Event, version::convert_entry, r#"{"title":"Lunch","color":5}"#);
document!(Task, version::convert_entry, r#"{"title":"Lunch","color":5}"#);
document!(Group, version::convert_group, r#"{"title":"Lunch","color":5}"#);

/// A patch takes away what it sets to `null`, so a `null` that is to be stored comes with the object that it is in.
fn with_nulls(mut patch: PatchObject, after: &Json) -> PatchObject {
    let is_stored = |pointer: &&String| {
        let tokens: Vec<_> = pointer::tokens(pointer).collect();
        after.inside(&tokens).is_some()
    };
    let nulls = patch.0.iter().filter(|(_, value)| value.as_str() == "null");
    let nulls: Vec<String> = nulls.map(|(pointer, _)| pointer).filter(is_stored).cloned().collect();
    for null in nulls {
        let Some((parent, _)) = null.rsplit_once('/') else { continue };
        let tokens: Vec<_> = pointer::tokens(parent).collect();
        let Some(whole) = after.inside(&tokens) else { continue };
        let inside = format!("{parent}/");
        patch.0.retain(|pointer, _| !pointer.starts_with(&inside));
        patch.set(parent, whole);
    }
    patch
}
