//! [`FromIcal::changes`]: what an edit of an iCalendar text means for the JSCalendar objects.

use std::collections::BTreeMap;

use jscalendar::{Common, Entry, Group, LocalDateTime, PatchObject, Version};

use crate::{Converted, Error, FromIcal};

/// What became of one event or task between two texts; from [`FromIcal::changes`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// It is new.
    Created(Entry),
    /// It was changed.
    Updated {
        /// Its uid.
        uid: String,
        /// Which occurrence it is, if it stands without its series.
        recurrence_id: Option<LocalDateTime>,
        /// What was changed: a patch for the object as it is stored, in the version of the options.
        patch: PatchObject,
    },
    /// It is no longer there.
    Destroyed {
        /// Its uid.
        uid: String,
        /// Which occurrence it was, if it stood without its series.
        recurrence_id: Option<LocalDateTime>,
    },
}

/// What identifies an entry: the number tells those apart that have the same names.
type Key = (String, Option<LocalDateTime>, usize);

impl FromIcal {
    /// What the edit of a text means for the JSCalendar objects that came from the old one: what stayed the same in
    /// the text is not mentioned, so that what else is known of an object stays as it is.
    ///
    /// Entries are the same if they have the same uid. The changes are in the order of the uids.
    ///
    /// ```
    /// use ical_jscal::{Change, FromIcal};
    ///
    /// let old = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:e1\r\n\
    ///            DTSTAMP:20260101T000000Z\r\nDTSTART:20260301T090000\r\nSUMMARY:Tea\r\nEND:VEVENT\r\n\
    ///            END:VCALENDAR\r\n";
    /// let new = old.replace("SUMMARY:Tea", "SUMMARY:Coffee");
    ///
    /// let changes = FromIcal::new().changes(old, &new)?.value;
    /// let [Change::Updated { uid, patch, .. }] = &changes[..] else { panic!("one change") };
    /// assert_eq!((uid.as_str(), serde_json::to_string(patch)?.as_str()), ("e1", r#"{"title":"Coffee"}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no component of iCalendar in one of the texts, or in strict mode if anything of the new one was lost
    /// or repaired.
    pub fn changes(
        &self,
        old: impl AsRef<[u8]>,
        new: impl AsRef<[u8]>,
    ) -> Result<Converted<Vec<Change>>, Error> {
        let lenient = Self { mode: self.mode.without_errors(), ..self.clone() };
        let old = entries(lenient.groups(old)?.value);
        let new = self.groups(new)?.map(entries);
        Ok(new.map(|new| changes(old, new, self.version)))
    }
}

fn entries(groups: Vec<Group>) -> BTreeMap<Key, Entry> {
    let mut entries = BTreeMap::new();
    for entry in groups.into_iter().flat_map(|group| group.entries) {
        let (uid, recurrence_id) = match &entry {
            Entry::Event(event) => names(&**event),
            Entry::Task(task) => names(&**task),
            _ => continue,
        };
        let mut key = (uid, recurrence_id, 0);
        while entries.contains_key(&key) {
            key.2 += 1;
        }
        entries.insert(key, entry);
    }
    entries
}

fn names(entry: &impl Common) -> (String, Option<LocalDateTime>) {
    let common = entry.common();
    (common.uid.clone().unwrap_or_default(), *common.recurrence_id)
}

fn changes(
    mut old: BTreeMap<Key, Entry>,
    new: BTreeMap<Key, Entry>,
    version: Version,
) -> Vec<Change> {
    let mut changes = BTreeMap::new();
    for (key, after) in new {
        let change = match old.remove(&key) {
            None => Some(Change::Created(after)),
            Some(before) => updated(&key, &before, after, version),
        };
        changes.extend(change.map(|change| (key, change)));
    }
    for (uid, recurrence_id, nth) in old.into_keys() {
        let change = Change::Destroyed { uid: uid.clone(), recurrence_id };
        changes.entry((uid, recurrence_id, nth)).or_insert(change);
    }
    changes.into_values().collect()
}

fn updated(key: &Key, before: &Entry, after: Entry, version: Version) -> Option<Change> {
    let patch = match (before, &after) {
        (Entry::Event(before), Entry::Event(after)) => before.patch_to(after, version),
        (Entry::Task(before), Entry::Task(after)) => before.patch_to(after, version),
        // An event that became a task, or the other way round, is another object.
        _ => return Some(Change::Created(after)),
    };
    let (uid, recurrence_id, _) = key.clone();
    (!patch.is_empty()).then_some(Change::Updated { uid, recurrence_id, patch })
}
