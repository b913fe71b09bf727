//! Ids of occurrences: that of the series, a hyphen, and the recurrence id in its short form.
//!
//! Ids that the server makes for kept objects have no hyphen, so none is taken for the other.

use jscalendar::LocalDateTime;

/// The id of an occurrence.
pub(super) fn encoded(base: &str, recurrence_id: LocalDateTime) -> String {
    let short = |character: &char| !matches!(character, '-' | ':');
    let text: String = recurrence_id.to_string().chars().filter(short).collect();
    format!("{base}-{}", text.replace('.', "_"))
}

/// The id of the series, and which occurrence it is; `None` if the id is not that of an occurrence.
pub(crate) fn decoded(id: &str) -> Option<(&str, LocalDateTime)> {
    let (base, short) = id.split_once('-')?;
    let part = |from: usize, to: usize| short.get(from..to);
    let (date, time) = (part(0, 8)?, part(8, 15)?);
    let text = format!(
        "{}-{}-{}{}:{}:{}{}",
        date.get(0..4)?,
        date.get(4..6)?,
        date.get(6..8)?,
        time.get(0..3)?,
        time.get(3..5)?,
        time.get(5..7)?,
        short.get(15..)?.replace('_', "."),
    );
    let recurrence_id = text.parse().ok()?;
    // One id an occurrence.
    (encoded(base, recurrence_id) == id).then_some((base, recurrence_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for text in ["2027-03-01T09:00:00", "0001-12-31T23:59:59", "2027-03-01T09:00:00.25"] {
            let id = encoded("E1", text.parse().unwrap());
            assert!(jmap_core::Id::<()>::new(&id).is_ok(), "{id}");
            assert_eq!(decoded(&id), Some(("E1", text.parse().unwrap())), "{id}");
        }
        assert_eq!(encoded("E1", "2027-03-01T09:00:00".parse().unwrap()), "E1-20270301T090000");
    }

    #[test]
    fn what_is_none() {
        for id in [
            "",
            "E1",
            "E1-",
            "E1-x",
            "E1-20270301T09000",
            "E1-20270231T090000",
            "-ä",
            "E1-2027030ä",
        ] {
            assert_eq!(decoded(id), None, "{id}");
        }
        for id in [
            "E1-20270301T090000x",
            "E1-20270301T090000_",
            "E1-20270301T090000_50",
            "E1-2027-301T090000",
        ] {
            assert_eq!(decoded(id), None, "{id}");
        }
    }
}
