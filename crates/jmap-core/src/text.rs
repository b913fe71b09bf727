//! Texts that mean nothing to this crate: ids, creation ids, states.

/// Defines a text that is only ever compared, marked with the type it belongs to.
macro_rules! opaque_text {
    ($(#[$meta:meta])* pub struct $name:ident: $expected:literal;) => {
        $(#[$meta])*
        pub struct $name<T: ?Sized> {
            text: Box<str>,
            of: std::marker::PhantomData<fn() -> std::marker::PhantomData<T>>,
        }

        impl<T: ?Sized> $name<T> {
            /// Any text, as a server or an earlier run gave it.
            pub fn any(text: impl Into<Box<str>>) -> Self {
                Self { text: text.into(), of: std::marker::PhantomData }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.text
            }

            /// The same text for another type.
            pub fn cast<U: ?Sized>(self) -> $name<U> {
                $name::any(self.text)
            }
        }

        impl<T: ?Sized> Clone for $name<T> {
            fn clone(&self) -> Self {
                Self::any(self.text.clone())
            }
        }

        impl<T: ?Sized> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl<T: ?Sized> Eq for $name<T> {}

        impl<T: ?Sized> PartialOrd for $name<T> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<T: ?Sized> Ord for $name<T> {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.text.cmp(&other.text)
            }
        }

        impl<T: ?Sized> std::hash::Hash for $name<T> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.text.hash(state);
            }
        }

        impl<T: ?Sized> std::fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.text)
            }
        }

        impl<T: ?Sized> std::fmt::Display for $name<T> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl<T: ?Sized> AsRef<str> for $name<T> {
            fn as_ref(&self) -> &str {
                &self.text
            }
        }

        // Equal texts are equal, ordered and hashed alike, so that a map can be asked with a plain `&str`.
        impl<T: ?Sized> std::borrow::Borrow<str> for $name<T> {
            fn borrow(&self) -> &str {
                &self.text
            }
        }

        impl<T: ?Sized> json_model::FromJson for $name<T> {
            const EXPECTED: &'static str = $expected;

            fn from_text(text: &str) -> Option<Self> {
                Some(Self::any(text))
            }

            fn from_integer(value: i128) -> Option<Self> {
                Some(Self::any(value.to_string()))
            }
        }

        impl<T: ?Sized> json_model::ToJson for $name<T> {
            fn to_json<S: serde::Serializer>(
                &self,
                serializer: S,
                _: json_model::Version,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }

        impl<T: ?Sized> serde::Serialize for $name<T> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }

        impl<'de, T: ?Sized> serde::Deserialize<'de> for $name<T> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::text::deserialize(deserializer, $expected).map(Self::any)
            }
        }
    };
}

pub(crate) use opaque_text;
use serde::de::Error as _;

/// A string, or a number for its digits.
pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<Box<str>, D::Error> {
    struct Text(&'static str);

    impl serde::de::Visitor<'_> for Text {
        type Value = Box<str>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E>(self, text: &str) -> Result<Box<str>, E> {
            Ok(text.into())
        }

        fn visit_u64<E>(self, value: u64) -> Result<Box<str>, E> {
            Ok(value.to_string().into())
        }

        fn visit_i64<E>(self, value: i64) -> Result<Box<str>, E> {
            Ok(value.to_string().into())
        }

        fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Box<str>, E> {
            Err(E::invalid_type(serde::de::Unexpected::Float(value), &self))
        }
    }

    deserializer.deserialize_any(Text(expected)).map_err(D::Error::custom)
}
