//! Checking an object against the rules of one version.

mod alert;
mod check;
mod entry;
mod group;
mod location;
mod overrides;
mod participant;
mod recurrence;
mod rule;
mod text;
mod time_zone;

use crate::{Diagnostics, Event, Group, Task, Version};

use self::check::Check;

impl Event {
    /// Lists everything in which the event breaks the rules of `version`: RFC 8984 for 1.0, JSCalendar 2.0 otherwise.
    ///
    /// The event is checked as [`to_json`](Self::to_json) writes it, so fields that the version only spells in another
    /// way are right. An event that reading left with members in `extra` is told about them again. Empty sets and
    /// lists count as absent.
    ///
    /// ```
    /// use jscalendar::{Event, Version};
    ///
    /// let mut event = Event::new("e1", "2026-03-01T09:00:00".parse()?);
    /// event.updated = Some("2026-02-01T00:00:00Z".parse()?);
    /// assert!(event.validate(Version::V2_0).is_empty());
    ///
    /// event.priority = Some(10);
    /// event.end_time_zone = Some("Asia/Tokyo".parse()?);
    /// let found: Vec<String> = event.validate(Version::V2_0).iter().map(ToString::to_string).collect();
    /// assert_eq!(found, [
    ///     "#/endTimeZone: error[end-zone-alone]: endTimeZone needs timeZone",
    ///     "#/priority: error[out-of-range]: 10 is not from 0 to 9",
    /// ]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The codes, which are stable. All but those with another severity behind them are errors.
    ///
    /// | code | what is wrong |
    /// | --- | --- |
    /// | `missing-member` | a mandatory member is not there |
    /// | `wrong-value` | the value of a known member has the wrong type or form; it is in `extra` |
    /// | `wrong-type` | `@type` is not that of the object |
    /// | `name-case` | a name differs from a known one in capitals only |
    /// | `value-case` | a value differs from a registered one in capitals only |
    /// | `unknown-value` | (note) a value is neither registered nor a vendor's, whose values have a colon |
    /// | `invalid-name` | an unknown member is named neither with letters and digits nor `domain:name` |
    /// | `reserved-name` | a member has the name that is guaranteed never to be used |
    /// | `not-here` | a known member belongs to another type of object |
    /// | `not-in-version` | a member, or a value, that only the other version has |
    /// | `unknown-type` | (note) an entry or trigger of unknown type, which is kept |
    /// | `other-version` | `version` says another major version than the one asked for |
    /// | `version-in-entry` | an entry of a group has a version of its own (2.0) |
    /// | `invalid-id` | a key that is no `Id` (RFC 8984, section 1.4.1) |
    /// | `out-of-range` | a number, or a member of a list of numbers, is too small or too large |
    /// | `fraction` | a time has a fraction of a second (2.0) |
    /// | `invalid-uri` | a value is no URI, or not one of the scheme that is due |
    /// | `invalid-email` | a value is no mail address (`addr-spec` of RFC 5322) |
    /// | `invalid-color` | neither a name of CSS nor hexadecimal digits; see [`is_color`](crate::is_color) |
    /// | `invalid-language` | not the form of a language tag (RFC 5646) |
    /// | `invalid-media-type` | no media type, or none of text, or another charset than UTF-8, where that is due |
    /// | `unknown-zone` | (warning) no time zone of the database has this name |
    /// | `undefined-zone` | a custom time zone is not defined in `timeZones` (1.0) |
    /// | `invalid-zone` | a definition in `timeZones` is none (1.0) |
    /// | `instance-recurs` | `recurrenceId` together with a rule or with overrides |
    /// | `recurrence-id-zone-alone` | `recurrenceIdTimeZone` without `recurrenceId` |
    /// | `count-and-until` | a rule has both |
    /// | `end-zone-alone` | `endTimeZone` without `timeZone` |
    /// | `task-without-date` | a task with a zone, or without times, has neither `start` nor `due` (2.0) |
    /// | `organizer-without-participant` | an organizer, but no participant with a calendar address (2.0) |
    /// | `participant-without-organizer` | a participant with a calendar address, but no organizer |
    /// | `sent-by-without-organizer` | `sentBy` without `organizerCalendarAddress` (2.0) |
    /// | `main-location` | `mainLocationId` is no key of `locations`, or that of one without a name |
    /// | `content-type-alone` | the media type of a description that is not there |
    /// | `no-calendar-address` | a member that only a participant with a calendar address may have (2.0) |
    /// | `unknown-participant` | a reference to a participant that is not there |
    /// | `unknown-location` | (warning) a reference to a location that is not there |
    /// | `tasks-only` | a participant of an event has progress |
    /// | `progress-not-accepted` | a participant has progress, but did not accept |
    /// | `empty-location` | a location says nothing |
    /// | `display-without-icon` | `display` without the relation `icon` |
    /// | `unknown-alert` | (warning) a reference to an alert that is not there |
    /// | `alert-anchor` | an alert relates to a start or due time that the task does not have |
    /// | `patch-pointer` | a key of a patch is no pointer |
    /// | `patch-array` | a patch leads into an array where it must not |
    /// | `patch-parent` | a patch leads into something that does not exist (in the object before the patch) |
    /// | `patch-overlap` | one pointer of a patch is the beginning of another one |
    /// | `patch-ignored` | (note) a patch leads to what no override may change, and is ignored there |
    /// | `excluded-with-others` | `excluded` beside other changes (2.0) |
    /// | `excluded-false` | (note) `excluded` is false, which says nothing |
    /// | `localization` | a patch of `localizations` leads to something that is no text for people (1.0) |
    /// | `not-checked` | (note) so many overrides of so large an object that the rest was not checked |
    ///
    /// What an override changes is checked as part of the occurrence: the finding has the code of the rule that the
    /// occurrence breaks and points to the change.
    pub fn validate(&self, version: Version) -> Diagnostics {
        Check::run(version, |check| entry::alone(self, check))
    }
}

impl Task {
    /// Lists everything in which the task breaks the rules of `version`; for the codes see [`Event::validate`].
    ///
    /// ```
    /// use jscalendar::{Task, Version};
    ///
    /// let mut task = Task::new("t1");
    /// task.updated = Some("2026-02-01T00:00:00Z".parse()?);
    /// task.time_zone = Some("Europe/Berlin".parse()?);
    /// let found = task.validate(Version::V2_0);
    /// assert_eq!(found[0].code, "task-without-date");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn validate(&self, version: Version) -> Diagnostics {
        Check::run(version, |check| entry::alone(self, check))
    }
}

impl Group {
    /// Lists everything in which the group and its entries break the rules of `version`; for the codes see
    /// [`Event::validate`].
    ///
    /// ```
    /// use jscalendar::{Event, Group, Version};
    ///
    /// let mut group = Group::new("g1");
    /// group.updated = Some("2026-02-01T00:00:00Z".parse()?);
    /// let mut event = Event::new("e1", "2026-03-01T09:00:00".parse()?);
    /// event.updated = group.updated;
    /// group.entries.push(event.into());
    /// let found = group.validate(Version::V2_0);
    /// assert_eq!(found[0].code, "version-in-entry");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn validate(&self, version: Version) -> Diagnostics {
        Check::run(version, |check| group::group(self, check))
    }
}

#[cfg(test)]
mod tests {
    use super::rule::ALL;

    #[test]
    fn the_page_lists_every_code() {
        let page = include_str!("validate.rs");
        for rule in ALL {
            assert!(page.contains(&format!("/// | `{}` |", rule.code)), "{}", rule.code);
        }
        let rows = page.lines().filter(|line| line.trim_start().starts_with("/// | `")).count();
        assert_eq!(rows, ALL.len());
    }
}
