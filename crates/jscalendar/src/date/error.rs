//! The error of a scalar that does not have its form.

/// A text that is not the date, duration or name it should be.
///
/// The message names what was expected and at most 40 characters of what was found.
///
/// ```
/// use jscalendar::LocalDateTime;
///
/// let error = "2024-02-30T10:00:00".parse::<LocalDateTime>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "expected a local date-time such as 2024-01-15T10:00:00, found \"2024-02-30T10:00:00\"",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {text:?}")]
#[non_exhaustive]
pub struct ParseError {
    /// What was expected, with an example of it.
    pub expected: &'static str,
    /// The beginning of what was found.
    pub text: Box<str>,
}

impl ParseError {
    /// An error that says what was expected instead of `text`.
    pub fn new(expected: &'static str, text: &str) -> Self {
        Self { expected, text: shortened(text) }
    }
}

/// At most this many characters of a text are repeated in a message.
const SHOWN: usize = 40;

pub(crate) fn shortened(text: &str) -> Box<str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let error = ParseError::new("a date", &"ä".repeat(50));
        insta::assert_snapshot!(error, @r#"expected a date, found "ääääääääääääääääääääääääääääääääääääääää…""#);
    }

    #[test]
    fn control_characters_are_escaped() {
        insta::assert_snapshot!(ParseError::new("a date", "1\r\n2"), @r#"expected a date, found "1\r\n2""#);
    }
}
