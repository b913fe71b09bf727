//! [`Series`]: an event or task with all its occurrences.

mod alerts;
mod clock;
mod edit;
mod moment;
mod occurrence;
mod occurrences;
mod timing;

use std::sync::{Arc, OnceLock};

pub use self::alerts::DueAlert;
pub use self::edit::{EditError, Split};
pub use self::moment::Moment;
pub use self::occurrence::Occurrence;
use self::occurrence::patched_times;
pub use self::occurrences::Occurrences;
use self::occurrences::{Altered, Generated};
use self::timing::Timing;
use crate::kind::Timed;
use crate::recurrence::Expansion;
use crate::whole::{whole, written};
use crate::{
    Common, Event, Json, LocalDateTime, PatchObject, Reading, RecurrenceRule, RuleError, Task,
    TimeZoneId, TimeZones, Version,
};

/// An [`Event`] or [`Task`], made ready for the question when it happens.
///
/// What recurs has an occurrence at its start, at every other moment that its rule gives, and wherever an override adds
/// one; less those that are excluded (RFC 8984, sections 4.3.3 to 4.3.5). What does not recur has one. Rules and
/// excluded rules of version 1.0 are followed too.
///
/// ```
/// # if cfg!(not(feature = "tz")) {
/// #     return Ok(());
/// # }
/// use jscalendar::{Event, Series, TimeZones};
///
/// let event = Event::from_json(r#"{
///     "@type": "Event", "uid": "e1", "title": "Standup",
///     "start": "2026-03-27T09:00:00", "timeZone": "Europe/Berlin", "duration": "PT15M",
///     "recurrenceRule": {"frequency": "daily"},
///     "recurrenceOverrides": {"2026-03-28T09:00:00": {"excluded": true}, "2026-03-29T09:00:00": {"title": "Brunch"}}
/// }"#)?.value;
///
/// let series = Series::new(&event, &TimeZones::new())?;
/// let starts: Vec<String> =
///     series.occurrences().take(3).map(|it| it.start().instant.unwrap().to_string()).collect();
/// // Summer time begins on the 29th.
/// assert_eq!(starts, ["2026-03-27T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"]);
///
/// let brunch = series.occurrence("2026-03-29T09:00:00".parse()?).unwrap();
/// assert_eq!(brunch.object().title.as_deref(), Some("Brunch"));
/// assert!(series.occurrence("2026-03-28T09:00:00".parse()?).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Series<'a, T> {
    shared: Arc<Shared<'a, T>>,
}

/// What all occurrences of a series have in common.
#[derive(Debug)]
struct Shared<'a, T> {
    entry: &'a T,
    zones: TimeZones,
    /// The time zone of what names none.
    zone: Option<TimeZoneId>,
    timing: Timing,
    rules: Vec<Expansion>,
    excluded_rules: Vec<Expansion>,
    /// The occurrences with an override that is more than an exclusion, by their start.
    altered: Vec<Altered>,
    /// The object without what makes it a series, once it was asked for.
    single: OnceLock<T>,
    /// The same with all members that a patch can change.
    base: OnceLock<Option<Json>>,
}

/// Why the occurrences of an object cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeriesError {
    /// An event without a start, or a recurring task without one.
    #[error("start: there is none")]
    NoStart,
    /// A rule that cannot be followed.
    #[error("{member}/{error}")]
    Rule {
        /// Which one, as a JSON pointer into the object without the first slash.
        member: String,
        /// What is wrong with it.
        error: RuleError,
    },
    /// A time zone that is not known.
    #[error("{member}: the time zone {zone} is not known")]
    Zone {
        /// Where it is named: `timeZone` or `endTimeZone`.
        member: &'static str,
        /// Its name.
        zone: TimeZoneId,
    },
}

impl<'a, T: Recurring> Series<'a, T> {
    /// The series of `entry`, which finds its time zones in `zones`, or defines them itself (1.0).
    ///
    /// # Errors
    ///
    /// There must be a start, the time zones must be known, and the rules right.
    pub fn new(entry: &'a T, zones: &TimeZones) -> Result<Self, SeriesError> {
        Self::with_zone(entry, zones, None)
    }

    /// The series of `entry`, whose times are those of `zone` where it does not name a time zone itself: version 2.0 has
    /// no name for zones that came with a calendar.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn with_zone(
        entry: &'a T,
        zones: &TimeZones,
        zone: Option<&TimeZoneId>,
    ) -> Result<Self, SeriesError> {
        let zones = zones.within(entry.common().legacy.as_deref());
        let timing = Timing::new(entry, zone, &zones)?;
        let mut shared = Shared {
            rules: expansions(rules(entry), timing.start, Reading::Standard)?,
            excluded_rules: expansions(excluded_rules(entry), timing.start, Reading::Rrule)?,
            entry,
            zones,
            zone: zone.cloned(),
            timing,
            altered: Vec::new(),
            single: OnceLock::new(),
            base: OnceLock::new(),
        };
        shared.altered = Altered::all(&shared);
        Ok(Self { shared: Arc::new(shared) })
    }

    /// All occurrences, in the order of their starts.
    pub fn occurrences(&self) -> Occurrences<'a, T> {
        Occurrences::new(Arc::clone(&self.shared))
    }

    /// The occurrence of that id: its start by the rule, or by the override that adds it, on the clock of the series'
    /// time zone.
    pub fn occurrence(&self, recurrence_id: LocalDateTime) -> Option<Occurrence<'a, T>> {
        let shared = &self.shared;
        if let Some(patch) = shared.entry.common().recurrence_overrides.get(&recurrence_id) {
            if is_excluded(patch) {
                return None;
            }
            let timing = patched_times(shared, recurrence_id, patch).map(Arc::new);
            return Some(Occurrence::patched(Arc::clone(shared), recurrence_id, patch, timing));
        }
        let generated = self.generates(recurrence_id);
        generated
            .then(|| Occurrence::plain(Arc::clone(shared), recurrence_id.clock_seconds(), None))
    }

    /// The ids that the rules give, in their order, whatever overrides make of them.
    fn ids(&self) -> impl Iterator<Item = LocalDateTime> {
        Generated::new(&self.shared, |rule| rule).map(|at| self.shared.moment(at))
    }

    /// Those from `id` on.
    fn ids_from(&self, id: LocalDateTime) -> impl Iterator<Item = LocalDateTime> {
        let later = Generated::new(&self.shared, |rule| rule.starting_at(id));
        later.map(|at| self.shared.moment(at)).skip_while(move |at| *at < id)
    }

    /// Whether the rules give an occurrence with this id.
    fn generates(&self, id: LocalDateTime) -> bool {
        let only = |rule: Expansion| rule.starting_at(id).ending_at(id);
        Generated::new(&self.shared, only).next().map(|at| self.shared.moment(at)) == Some(id)
    }

    /// The object itself.
    pub fn entry(&self) -> &'a T {
        self.shared.entry
    }
}

impl<T: Recurring> Shared<'_, T> {
    /// Whether there can be more than one occurrence.
    fn recurs(&self) -> bool {
        !self.rules.is_empty() || !self.entry.common().recurrence_overrides.is_empty()
    }

    /// The moment that a rule gives, from seconds from 1970 on.
    fn moment(&self, seconds: i64) -> LocalDateTime {
        let moment = occurrences::clamped(seconds);
        let nanosecond = self.timing.start.subsec_nanosecond();
        moment.with_subsec_nanosecond(nanosecond).unwrap_or(moment)
    }

    /// The object without what makes it a series. To clone it costs the same however many overrides there are.
    fn single(&self) -> &T {
        self.single.get_or_init(|| single(self.entry))
    }

    /// The same as JSON, with all members that a patch can change.
    fn base(&self) -> Option<&Json> {
        // What makes no tree with the members of both versions is patched in those of 2.0.
        let base = || whole(self.single()).or_else(|| written(self.single(), Version::V2_0));
        self.base.get_or_init(base).as_ref()
    }
}

/// The types that have occurrences: [`Event`] and [`Task`], and no others.
pub trait Recurring: Timed {}

impl Recurring for Event {}

impl Recurring for Task {}

macro_rules! occurrences {
    ($name:ident) => {
        impl $name {
            /// When it happens, with time zones of the IANA database and those that the object itself defines; see
            /// [`Series`] for other ones.
            ///
            /// # Errors
            ///
            /// There must be a start, the time zones must be known, and the rules right.
            pub fn occurrences(&self) -> Result<Occurrences<'_, Self>, SeriesError> {
                Ok(Series::new(self, &TimeZones::new())?.occurrences())
            }
        }
    };
}

occurrences!(Event);
occurrences!(Task);

/// The rules of both versions, with where they are.
fn rules<T: Common>(entry: &T) -> Vec<(String, &RecurrenceRule)> {
    let common = entry.common();
    let new = common.recurrence_rule.as_deref().map(|rule| ("recurrenceRule".to_owned(), rule));
    let old = common.legacy.iter().flat_map(|legacy| &legacy.recurrence_rules);
    new.into_iter().chain(numbered("recurrenceRules", old)).collect()
}

fn excluded_rules<T: Common>(entry: &T) -> Vec<(String, &RecurrenceRule)> {
    let old = entry.common().legacy.iter().flat_map(|legacy| &legacy.excluded_recurrence_rules);
    numbered("excludedRecurrenceRules", old).collect()
}

fn numbered<'r>(
    member: &str,
    rules: impl Iterator<Item = &'r RecurrenceRule>,
) -> impl Iterator<Item = (String, &'r RecurrenceRule)> {
    rules.enumerate().map(move |(index, rule)| (format!("{member}/{index}"), rule))
}

fn expansions(
    rules: Vec<(String, &RecurrenceRule)>,
    start: LocalDateTime,
    reading: Reading,
) -> Result<Vec<Expansion>, SeriesError> {
    let expansion = |(member, rule): (String, &RecurrenceRule)| {
        Expansion::with_reading(rule, start, reading)
            .map_err(|error| SeriesError::Rule { member, error })
    };
    rules.into_iter().map(expansion).collect()
}

/// The object as it is without rules and overrides.
fn single<T: Timed>(entry: &T) -> T {
    let mut single = entry.clone();
    let common = single.common_mut();
    *common.recurrence_rule = None;
    common.recurrence_overrides.clear();
    if let Some(legacy) = common.legacy {
        legacy.recurrence_rules.clear();
        legacy.excluded_recurrence_rules.clear();
        legacy.excluded = None;
    }
    single
}

fn is_excluded(patch: &PatchObject) -> bool {
    patch.0.get("excluded").is_some_and(|excluded| excluded.as_str() == "true")
}
