//! [`Mode`]: what happens to what the other format has no word for.

use std::fmt;
use std::str::FromStr;

/// What happens to what the other format has no word for.
///
/// ```
/// use ical_jscal::Mode;
///
/// assert_eq!("clean".parse(), Ok(Mode::Clean));
/// assert_eq!(Mode::default(), Mode::Lossless);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// It is kept: in the `iCalendar` member one way, as `JSPROP` and `JSID` the other.
    #[default]
    Lossless,
    /// It is left out and reported: the result has standard members only.
    Clean,
    /// As [`Lossless`](Self::Lossless), but anything that was lost or had to be repaired is an error, which carries
    /// the diagnostics.
    Strict,
}

impl Mode {
    /// `lossless`, `clean` or `strict`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lossless => "lossless",
            Self::Clean => "clean",
            Self::Strict => "strict",
        }
    }

    /// The mode that keeps as much and takes nothing for an error.
    pub(crate) const fn without_errors(self) -> Self {
        match self {
            Self::Strict => Self::Lossless,
            mode => mode,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = InvalidMode;

    fn from_str(text: &str) -> Result<Self, InvalidMode> {
        let modes = [Self::Lossless, Self::Clean, Self::Strict];
        modes.into_iter().find(|mode| mode.as_str() == text).ok_or(InvalidMode(()))
    }
}

/// A text that is no [`Mode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mode: expected lossless, clean or strict")]
pub struct InvalidMode(());
