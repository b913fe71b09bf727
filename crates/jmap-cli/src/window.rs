//! [`Window`]: from when to when somebody wants to know what happens.

use jscalendar::UtcDateTime;

const EXPECTED: &str = "expected FROM..TO, each a date such as 2026-03-01, a date-time such as 2026-03-01T09:00:00, or \
    an instant such as 2026-03-01T09:00:00Z; what has no Z is in UTC";

/// A time from an instant on and up to another one, which is later and no longer part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: UtcDateTime,
    pub(crate) to: UtcDateTime,
}

impl Window {
    /// The value of `--expand`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once("..").ok_or(EXPECTED)?;
        let (from, to) = (instant(from)?, instant(to)?);
        if from >= to {
            return Err(format!("nothing is between {from} and {to}: FROM has to be before TO"));
        }
        Ok(Self { from, to })
    }
}

fn instant(text: &str) -> Result<UtcDateTime, String> {
    if text.is_empty() {
        return Err(format!("both ends are needed; {EXPECTED}"));
    }
    let found =
        ["", "Z", "T00:00:00Z"].iter().find_map(|rest| format!("{text}{rest}").parse().ok());
    found.ok_or_else(|| format!("'{text}' is no date; {EXPECTED}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        match Window::parse(text) {
            Ok(Window { from, to }) => format!("{from} {to}"),
            Err(error) => error,
        }
    }

    #[test]
    fn the_ends_are_dates_or_times() {
        assert_eq!(parsed("2026-03-01..2026-04-01"), "2026-03-01T00:00:00Z 2026-04-01T00:00:00Z");
        assert_eq!(
            parsed("2026-03-01T09:00:00..2026-03-01T09:00:01Z"),
            "2026-03-01T09:00:00Z 2026-03-01T09:00:01Z"
        );
    }

    #[test]
    fn what_is_no_window_is_told_how_to_become_one() {
        for text in
            ["", "2026-03-01", "..", "..2026-03-01", "2026-03-01..", "2026-02-30..2026-03-01"]
        {
            assert!(parsed(text).contains("expected FROM..TO"), "{text}");
        }
        assert!(parsed("2026-03..2026-04").starts_with("'2026-03' is no date"));
        for text in ["2026-04-01..2026-03-01", "2026-04-01..2026-04-01"] {
            assert!(parsed(text).ends_with("FROM has to be before TO"), "{text}");
        }
    }
}
