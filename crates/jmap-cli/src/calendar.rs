//! [`Calendar`]: the events and tasks of an input, to be asked when they happen.

use ical_jscal::CalendarZones;
use jscalendar::{Entry, Event, Group, LocalDateTime, Recurring, SeriesError, Task};

/// A group, or an event or task that stands alone.
pub(crate) struct Calendar {
    group: Group,
    is_alone: bool,
}

impl Calendar {
    /// An entry that is the whole document.
    pub(crate) fn alone(entry: Entry) -> Self {
        let mut group = Group::default();
        group.entries.push(entry);
        Self { group, is_alone: true }
    }

    /// The time zones that came with it.
    pub(crate) fn zones(&self) -> CalendarZones {
        CalendarZones::of(&self.group)
    }

    /// All entries, each with the pointer to it.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (String, &Entry)> {
        let place = |at| if self.is_alone { String::new() } else { format!("entries/{at}") };
        self.group.entries.iter().enumerate().map(move |(at, entry)| (place(at), entry))
    }
}

impl From<Group> for Calendar {
    fn from(group: Group) -> Self {
        Self { group, is_alone: false }
    }
}

/// An event or task, with the moment where its rules begin.
pub(crate) trait Dated: Recurring {
    fn first(&self) -> Option<LocalDateTime>;

    /// Whether there is nothing wrong with it if it has no such moment.
    fn may_have_no_start(&self) -> bool;
}

impl Dated for Event {
    fn first(&self) -> Option<LocalDateTime> {
        self.start
    }

    fn may_have_no_start(&self) -> bool {
        false
    }
}

impl Dated for Task {
    fn first(&self) -> Option<LocalDateTime> {
        self.start.or(self.due)
    }

    fn may_have_no_start(&self) -> bool {
        self.recurrence_rule.is_none()
    }
}

/// What keeps somebody from saying when an object happens.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// The place in the object.
    pub(crate) pointer: String,
    pub(crate) message: String,
}

impl From<&SeriesError> for Obstacle {
    fn from(error: &SeriesError) -> Self {
        let (pointer, message) = match error {
            SeriesError::NoStart => ("start".to_owned(), "there is no start".to_owned()),
            SeriesError::Rule { member, error } => (
                below(member, &error.pointer),
                format!("the rule cannot be followed: expected {}", error.expected),
            ),
            SeriesError::Zone { member, zone } => {
                ((*member).to_owned(), format!("the time zone {zone} is not known"))
            }
            other => (String::new(), other.to_string()),
        };
        Self { pointer, message }
    }
}

/// A pointer inside what another one leads to.
pub(crate) fn below(base: &str, pointer: &str) -> String {
    match (base, pointer) {
        ("", _) => pointer.to_owned(),
        (_, "") => base.to_owned(),
        _ => format!("{base}/{pointer}"),
    }
}
