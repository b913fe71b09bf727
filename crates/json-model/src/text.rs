//! Values that JSON writes as strings: [`text_enum!`](crate::text_enum) and [`text_value!`](crate::text_value).

/// Makes an open enumeration: the values that the specification registers, and any other text.
///
/// The enum gets `as_str`, `From<&str>`, `From<String>`, `Display`, serde and the traits for members. A text that is no
/// registered value is kept in `Other`, letter by letter; names of values are case-sensitive.
///
/// ```
/// json_model::text_enum! {
///     /// How busy one is.
///     pub enum FreeBusyStatus {
///         /// Free.
///         Free = "free",
///         /// Busy; the default.
///         Busy = "busy",
///     }
/// }
///
/// assert_eq!(FreeBusyStatus::from("free"), FreeBusyStatus::Free);
/// assert_eq!(FreeBusyStatus::from("example.com:half").as_str(), "example.com:half");
/// ```
///
/// What version 1.0 calls something else, `was` something else: it is written so for that version.
///
/// ```
/// use json_model::{ToJson, Version};
///
/// json_model::text_enum! {
///     /// Something to sort by.
///     pub enum SortBy {
///         /// The rule.
///         Rule = "recurrenceRule" was "recurrenceRules",
///     }
/// }
///
/// assert_eq!(serde_json::to_string(&SortBy::Rule)?, r#""recurrenceRule""#);
/// assert_eq!(serde_json::to_string(&SortBy::Rule.versioned(Version::V1_0))?, r#""recurrenceRules""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident {
        $($(#[$value_meta:meta])* $value:ident = $text:literal $(was $old:literal)?),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $($(#[$value_meta])* $value,)*
            /// Any other text: a vendor's value, or one registered later. Made by `From`, read by `as_str`.
            #[doc(hidden)]
            Other($crate::OtherText),
        }

        impl $name {
            /// The registered values.
            pub const REGISTERED: &'static [&'static str] = &[$($text),*];

            /// The value as it is written.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$value => $text,)*
                    Self::Other(text) => text.as_str(),
                }
            }

            /// Whether this is none of the registered values.
            pub fn is_other(&self) -> bool {
                matches!(self, Self::Other(_))
            }

            /// The values that version 1.0 calls something else, and what it calls them.
            const OLD: &'static [(&'static str, &'static str)] = &[$($(($text, $old),)?)*];

            fn registered(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$value),)*
                    _ => None,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::registered(text).unwrap_or_else(|| Self::Other($crate::OtherText::new(text)))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::serde::ser::Serialize for $name {
            fn serialize<S: $crate::serde::ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::de::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as $crate::serde::de::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }

        impl $crate::FromJson for $name {
            const EXPECTED: &'static str = "a string";

            fn from_text(text: &str) -> Option<Self> {
                Some(Self::from(text))
            }
        }

        impl $crate::ToJson for $name {
            fn to_json<S: $crate::serde::ser::Serializer>(
                &self,
                serializer: S,
                version: $crate::Version,
            ) -> Result<S::Ok, S::Error> {
                let is_it = |(text, _): &&(&str, &str)| *text == self.as_str();
                let old = Self::OLD.iter().find(is_it).filter(|_| version < $crate::Version::V2_0);
                serializer.serialize_str(old.map_or(self.as_str(), |(_, old)| old))
            }
        }
    };
}

/// A [`text_enum!`](crate::text_enum) of names, whose documentation is the names themselves: for the properties of an
/// object, which its fields explain.
///
/// ```
/// json_model::name_enum! {
///     /// A property of a note.
///     pub enum NoteProperty { Id = "id", Text = "text" }
/// }
///
/// assert_eq!(NoteProperty::Text.as_str(), "text");
/// assert_eq!(NoteProperty::REGISTERED, ["id", "text"]);
/// ```
#[macro_export]
macro_rules! name_enum {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident {
        $($value:ident = $text:literal $(was $old:literal)?),* $(,)?
    }) => {
        $crate::text_enum! {
            $(#[$meta])*
            $visibility enum $name {
                $(#[doc = concat!("`", $text, "`.")] $value = $text $(was $old)?,)*
            }
        }
    };
}

/// Makes a type that has `FromStr` and serde's `Serialize` usable as the value of a member.
///
/// ```
/// # use serde::{Serialize, Serializer};
/// #[derive(Debug, PartialEq)]
/// struct Even(u32);
/// # impl Serialize for Even {
/// #     fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> { serializer.collect_str(&self.0) }
/// # }
/// # impl std::str::FromStr for Even {
/// #     type Err = ();
/// #     fn from_str(text: &str) -> Result<Self, ()> {
/// #         text.parse().ok().filter(|number| number % 2 == 0).map(Self).ok_or(())
/// #     }
/// # }
///
/// json_model::text_value!(Even, "an even number, as a string");
///
/// use json_model::FromJson;
/// assert_eq!(Even::from_text("4"), Some(Even(4)));
/// assert_eq!(Even::from_text("5"), None);
/// ```
#[macro_export]
macro_rules! text_value {
    ($type:ty, $expected:literal) => {
        impl $crate::FromJson for $type {
            const EXPECTED: &'static str = $expected;

            fn from_text(text: &str) -> Option<Self> {
                text.parse().ok()
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

/// The text of an open enumeration's value that is not registered.
///
/// Only `From<&str>` of the enumeration makes one, so a registered value never hides in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OtherText(Box<str>);

impl OtherText {
    #[doc(hidden)]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
