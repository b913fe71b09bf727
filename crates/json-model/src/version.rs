//! [`Version`]: which version of its specification an object follows.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::{FromJson, ToJson};

/// The version of a specification that an object follows, as its `version` member says.
///
/// Versions compare numerically, the major number first (JSCalendar 2.0, section 4.1.2).
///
/// ```
/// use json_model::Version;
///
/// let version: Version = "2.0".parse()?;
/// assert_eq!(version, Version::V2_0);
/// assert!(Version::V1_0 < version && version < Version::new(10, 0));
/// # Ok::<(), json_model::InvalidVersion>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
}

impl Version {
    /// Version 1.0: RFC 8984 for JSCalendar, RFC 9553 for JSContact.
    pub const V1_0: Self = Self::new(1, 0);
    /// Version 2.0.
    pub const V2_0: Self = Self::new(2, 0);

    /// The version `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// The major number: another one may mean anything.
    pub const fn major(self) -> u16 {
        self.major
    }

    /// The minor number: a higher one adds only what older readers may ignore.
    pub const fn minor(self) -> u16 {
        self.minor
    }
}

impl Default for Version {
    /// The newest: 2.0.
    fn default() -> Self {
        Self::V2_0
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let parsed =
            text.split_once('.').and_then(|(major, minor)| Some((number(major)?, number(minor)?)));
        let (major, minor) = parsed.ok_or(InvalidVersion(()))?;
        Ok(Self { major, minor })
    }
}

fn number(digits: &str) -> Option<u16> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromJson for Version {
    const EXPECTED: &'static str = "a version such as \"2.0\"";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl ToJson for Version {
    fn to_json<S: Serializer>(&self, serializer: S, _: Version) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

/// A text that is no version: not two numbers with a dot between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a version: expected two numbers with a dot between them, such as \"2.0\"")]
pub struct InvalidVersion(());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_digits_dot_digits_only() {
        assert_eq!("10.12".parse(), Ok(Version::new(10, 12)));
        for text in ["", "2", "2.", ".0", "+2.0", "2.0.0", "2.x", " 2.0", "99999.0"] {
            assert!(text.parse::<Version>().is_err(), "{text:?}");
        }
    }
}
