//! A small text built on the stack: every scalar is printed through it, so that writing allocates
//! nothing.

/// Up to `N` ASCII bytes. What does not fit is left out; every user chooses `N` for its longest
/// form.
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// The digits of a number.
    pub(crate) fn of(number: impl Into<u64>) -> Self {
        let mut text = Self::new();
        text.number(number.into());
        text
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    /// Appends one ASCII character.
    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    /// Appends several ASCII characters, or none if there is no room for all.
    #[inline]
    pub(crate) fn append(&mut self, text: &[u8]) {
        let end = self.len + text.len();
        if let Some(place) = self.bytes.get_mut(self.len..end) {
            place.copy_from_slice(text);
            self.len = end;
        }
    }

    /// Appends a number without leading zeros.
    pub(crate) fn number(&mut self, mut number: u64) {
        let mut digits = [0; 20];
        let mut used = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
            used += 1;
            if number == 0 {
                break;
            }
        }
        digits.iter().skip(digits.len() - used).for_each(|digit| self.push(*digit));
    }

    /// Appends `.` and the fraction without trailing zeros; nothing for a zero fraction.
    pub(crate) fn fraction(&mut self, mut nanosecond: u32) {
        if nanosecond == 0 {
            return;
        }
        self.push(b'.');
        let mut unit = 100_000_000;
        while nanosecond > 0 && unit > 0 {
            self.push(b'0' + (nanosecond / unit % 10) as u8);
            nanosecond %= unit;
            unit /= 10;
        }
    }
}

/// Reads the digits after the point of a fraction, as nanoseconds.
///
/// The standard wants a fraction that is not zero and has no trailing zeros (RFC 8984, section
/// 1.4.4); more than nine digits cannot be kept and are refused rather than rounded.
pub(crate) fn parse_fraction(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 || digits.last() == Some(&b'0') {
        return None;
    }
    let mut nanosecond = 0;
    let mut unit = 100_000_000;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        nanosecond += u32::from(digit - b'0') * unit;
        unit /= 10;
    }
    Some(nanosecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_fractions() {
        let mut text = Text::<64>::new();
        text.number(0);
        text.push(b' ');
        text.number(u64::MAX);
        text.push(b' ');
        text.append(b"07");
        text.append(&[b'x'; 64]);
        text.fraction(120_000_001);
        text.fraction(500_000_000);
        text.fraction(0);
        assert_eq!(text.as_str(), "0 18446744073709551615 07.120000001.5");
    }

    #[test]
    fn fractions_are_canonical_or_refused() {
        assert_eq!(parse_fraction(b"5"), Some(500_000_000));
        assert_eq!(parse_fraction(b"000000001"), Some(1));
        for wrong in ["", "0", "50", "000", "1234567891", "1a", "-1"] {
            assert_eq!(parse_fraction(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_full_buffer_stays_whole() {
        let mut text = Text::<2>::new();
        text.number(123);
        assert_eq!(text.as_str(), "12");
    }
}
