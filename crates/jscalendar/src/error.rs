//! [`Error`]: why a text is no JSCalendar object at all.

/// Why a text cannot be read as a JSCalendar object.
///
/// Only a text that is no JSON object is refused. Whatever is odd inside an object is kept, and listed in
/// [`Parsed::diagnostics`](crate::Parsed).
///
/// ```
/// use jscalendar::Event;
///
/// let error = Event::from_json("[1, 2]").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "not a JSON object: invalid type: sequence, expected an object of type Event at line 1 column 0",
/// );
/// assert_eq!((error.line(), error.column()), (1, 0));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no JSON at all, or it is another value than an object. The message ends with line and column.
    #[error("not a JSON object: {0}")]
    NotAnObject(serde_json::Error),
}

impl Error {
    /// The line of the text at which reading stopped, counted from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::NotAnObject(error) => error.line(),
        }
    }

    /// The column at which reading stopped, in bytes, counted from 1; 0 for the place before the first one.
    pub fn column(&self) -> usize {
        match self {
            Self::NotAnObject(error) => error.column(),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::NotAnObject(error)
    }
}
