//! `SignedDuration` of RFC 8984, section 1.4.7.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::Duration;
use crate::date::ParseError;
use crate::date::scalar::scalar;
use crate::date::text::Text;

const EXPECTED: &str = "a signed duration such as -PT15M";

/// A length of time that may run backwards: `SignedDuration` of RFC 8984, section 1.4.7.
///
/// A written sign is kept, but `-PT0S`, `+PT0S` and `PT0S` are equal.
///
/// ```
/// use jscalendar::{Duration, SignedDuration};
///
/// let offset: SignedDuration = "-PT15M".parse()?;
/// assert!(offset.is_negative());
/// assert_eq!(offset.duration(), Duration::new(0, 900));
/// assert_eq!(offset.to_string(), "-PT15M");
/// assert!(offset < SignedDuration::ZERO);
/// # Ok::<(), jscalendar::ParseError>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct SignedDuration {
    sign: Sign,
    duration: Duration,
}

#[derive(Clone, Copy, Default)]
enum Sign {
    #[default]
    None,
    Plus,
    Minus,
}

impl SignedDuration {
    /// `PT0S`.
    pub const ZERO: Self = Self::positive(Duration::ZERO);

    /// A duration that runs forwards; no sign is written.
    pub const fn positive(duration: Duration) -> Self {
        Self { sign: Sign::None, duration }
    }

    /// A duration that runs backwards.
    pub const fn negative(duration: Duration) -> Self {
        Self { sign: Sign::Minus, duration }
    }

    /// Whether a minus is written, be it before zero.
    pub const fn is_negative(self) -> bool {
        matches!(self.sign, Sign::Minus)
    }

    /// Whether no time passes.
    pub const fn is_zero(self) -> bool {
        self.duration.is_zero()
    }

    /// The length without the sign.
    pub const fn duration(self) -> Duration {
        self.duration
    }

    /// The same value without its fraction of a second, as version 2.0 wants it.
    #[must_use]
    pub const fn without_fraction(self) -> Self {
        Self { duration: self.duration.without_fraction(), ..self }
    }

    /// What is compared; the sign does not count before zero.
    fn runs_backwards(self) -> bool {
        self.is_negative() && !self.is_zero()
    }

    fn text(&self) -> Text<80> {
        let mut text = Text::new();
        match self.sign {
            Sign::None => {}
            Sign::Plus => text.push(b'+'),
            Sign::Minus => text.push(b'-'),
        }
        self.duration.write(&mut text);
        text
    }

    fn from_ascii(text: &[u8]) -> Option<Self> {
        let (sign, rest) = match text.split_first()? {
            (b'+', rest) => (Sign::Plus, rest),
            (b'-', rest) => (Sign::Minus, rest),
            _ => (Sign::None, text),
        };
        Some(Self { sign, duration: Duration::from_ascii(rest)? })
    }
}

impl From<Duration> for SignedDuration {
    fn from(duration: Duration) -> Self {
        Self::positive(duration)
    }
}

impl std::ops::Neg for SignedDuration {
    type Output = Self;

    fn neg(self) -> Self {
        if self.is_negative() {
            Self::positive(self.duration)
        } else {
            Self::negative(self.duration)
        }
    }
}

impl PartialEq for SignedDuration {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for SignedDuration {}

impl PartialOrd for SignedDuration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SignedDuration {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.runs_backwards(), other.runs_backwards()) {
            (false, false) => self.duration.cmp(&other.duration),
            (true, true) => other.duration.cmp(&self.duration),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl Hash for SignedDuration {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.runs_backwards().hash(state);
        self.duration.hash(state);
    }
}

impl FromStr for SignedDuration {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::from_ascii(text.as_bytes()).ok_or_else(|| ParseError::new(EXPECTED, text))
    }
}

impl fmt::Debug for SignedDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SignedDuration({self})")
    }
}

scalar!(SignedDuration, EXPECTED);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::any_duration;
    use super::*;

    fn signed(text: &str) -> SignedDuration {
        text.parse().unwrap()
    }

    #[test]
    fn keeps_the_sign_but_zero_is_zero() {
        for text in ["-PT0S", "+PT0S", "PT0S", "-P1W2DT3H4M5.5S", "+PT5M"] {
            assert_eq!(signed(text).to_string(), text);
        }
        assert_eq!(signed("-PT0S"), signed("PT0S"));
        assert_eq!(signed("+PT0S"), signed("PT0S"));
        assert_eq!(signed("+PT60S"), signed("PT1M"));
        assert_ne!(signed("-PT60S"), signed("PT1M"));
    }

    #[test]
    fn refuses_what_the_grammar_refuses() {
        for wrong in ["", "-", "+", "--PT1S", "+-PT1S", "−PT1S", "P-1D", "- PT1S"] {
            assert!(wrong.parse::<SignedDuration>().is_err(), "{wrong}");
        }
        insta::assert_snapshot!("-15M".parse::<SignedDuration>().unwrap_err(), @r#"expected a signed duration such as -PT15M, found "-15M""#);
    }

    #[test]
    fn the_other_direction() {
        assert_eq!((-signed("PT5M")).to_string(), "-PT5M");
        assert_eq!((-signed("-PT5M")).to_string(), "PT5M");
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(length in any_duration(), sign in "[+-]?") {
            let text = format!("{sign}{length}");
            prop_assert_eq!(signed(&text).to_string(), text);
        }

        #[test]
        fn turning_round_turns_the_order(one in any_duration(), two in any_duration()) {
            let (one, two) = (SignedDuration::positive(one), SignedDuration::negative(two));
            prop_assert_eq!(one.cmp(&two), (-two).cmp(&-one));
        }
    }
}
