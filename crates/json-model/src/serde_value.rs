//! Values that serde alone reads and writes.

/// Lets a value that serde reads and writes stand in typed objects: implements [`FromJson`](crate::FromJson) and
/// [`ToJson`](crate::ToJson) by its `Deserialize` and `Serialize`.
///
/// Such a value is right or wrong as a whole: serde's derives know nothing of diagnostics and `extra`. For objects of a
/// standard, which others extend, prefer [`members!`](crate::members).
///
/// ```
/// use json_model::{Json, Map};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
/// struct Size(u32, u32);
///
/// json_model::serde_value! { Size, "two numbers" }
///
/// #[derive(Debug, Default)]
/// struct Picture {
///     size: Option<Size>,
///     extra: Map<String, Json>,
/// }
///
/// json_model::members! { Picture: "Picture" never { "size" => size } extra }
///
/// let picture = json_model::from_str::<Picture>(r#"{"size": [4, 3]}"#)?.value;
/// assert_eq!(picture.size, Some(Size(4, 3)));
///
/// let odd = json_model::from_str::<Picture>(r#"{"size": "large"}"#)?;
/// assert_eq!(odd.diagnostics[0].to_string(), "#/size: warning[wrong-value]: expected two numbers; kept as it is");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! serde_value {
    ($type:ty, $expected:literal) => {
        impl $crate::FromJson for $type {
            const EXPECTED: &'static str = $expected;

            fn read<'de, D: $crate::serde::de::Deserializer<'de>>(
                value: D,
                _: &mut $crate::Reader,
            ) -> Result<$crate::Read<Self>, D::Error> {
                let json: $crate::Json = $crate::serde::de::Deserialize::deserialize(value)?;
                if json.is_null() {
                    return Ok($crate::Read::Null);
                }
                Ok(match json.decode() {
                    Ok(value) => $crate::Read::Value(value),
                    Err(_) => $crate::Read::Wrong(json),
                })
            }
        }

        impl $crate::ToJson for $type {
            fn to_json<S: $crate::serde::ser::Serializer>(
                &self,
                serializer: S,
                _: $crate::Version,
            ) -> Result<S::Ok, S::Error> {
                $crate::serde::ser::Serialize::serialize(self, serializer)
            }
        }
    };
}
