//! [`Occurrences`], and the overrides among them.

use std::iter::{FusedIterator, Peekable};
use std::sync::Arc;

use super::clock::Clock;
use super::occurrence::{Occurrence, patched, patched_times};
use super::timing::Timing;
use super::{Recurring, Shared, is_excluded};
use crate::recurrence::Expansion;
use crate::{Alert, Id, LocalDateTime, Map, PatchObject, UtcDateTime, Zone};

/// The occurrences of an event or task, in the order of their starts; from
/// [`Event::occurrences`](crate::Event::occurrences) or [`Series::occurrences`](super::Series::occurrences).
///
/// It works as far as it is asked, so it may well have no end. The order is that of clocks in the series' time zone.
///
/// ```
/// # if cfg!(not(feature = "tz")) {
/// #     return Ok(());
/// # }
/// use jscalendar::{Event, Frequency, RecurrenceRule};
///
/// let mut event = Event::new("e1", "2026-01-05T18:00:00".parse()?);
/// event.time_zone = Some("Europe/Berlin".parse()?);
/// event.duration = Some("PT2H".parse()?);
/// event.recurrence_rule = Some(Box::new(RecurrenceRule::new(Frequency::Weekly)));
///
/// // The week in which summer begins, sixty years on.
/// let week = event.occurrences()?.between("2086-06-21T00:00:00Z".parse()?, "2086-06-28T00:00:00Z".parse()?);
/// let ends: Vec<String> = week.map(|occurrence| occurrence.end().local.to_string()).collect();
/// assert_eq!(ends, ["2086-06-24T20:00:00"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Occurrences<'a, T> {
    shared: Arc<Shared<'a, T>>,
    /// What the rules give; made when it is asked for, for it may be about a window.
    generated: Option<Peekable<Generated>>,
    /// How many of the altered ones are done.
    done: usize,
    window: Option<Window>,
    floating: Option<Arc<dyn Zone + Send + Sync>>,
    clock: Clock,
}

/// What is asked for, in seconds from 1970-01-01T00:00:00Z on.
#[derive(Clone, Copy, Debug)]
struct Window {
    from: i64,
    to: i64,
}

/// An occurrence with an override that is more than an exclusion.
#[derive(Clone, Debug)]
pub(super) struct Altered {
    pub(super) key: LocalDateTime,
    /// The start on the clock of the series' time zone, in seconds from 1970 on.
    start: i64,
    /// If the override changes it: when it is.
    timing: Option<Arc<Timing>>,
}

impl<'a, T: Recurring> Occurrences<'a, T> {
    pub(super) fn new(shared: Arc<Shared<'a, T>>) -> Self {
        Self {
            shared,
            generated: None,
            done: 0,
            window: None,
            floating: None,
            clock: Clock::default(),
        }
    }

    /// Only those that are, at least in part, from `from` on and before `to`. What takes no time counts with its start.
    ///
    /// What this costs does not depend on how far from the start it is, except as
    /// [`Expansion::starting_at`] says.
    #[must_use]
    pub fn between(self, from: UtcDateTime, to: UtcDateTime) -> Self {
        self.within(from.unix_seconds(), to.unix_seconds())
    }

    /// Only those that are not over at `from`.
    #[must_use]
    pub fn after(self, from: UtcDateTime) -> Self {
        self.within(from.unix_seconds(), i64::MAX)
    }

    /// Takes floating times in this time zone, that of whoever looks, to compare them with instants. Otherwise they are
    /// taken in UTC.
    #[must_use]
    pub fn floating_in(mut self, zone: impl Zone + Send + Sync + 'static) -> Self {
        self.floating = Some(Arc::new(zone));
        match self.window {
            Some(Window { from, to }) => self.within(from, to),
            None => self,
        }
    }

    /// The object itself.
    pub(super) fn entry(&self) -> &'a T {
        self.shared.entry
    }

    pub(super) fn floating(&self) -> Option<Arc<dyn Zone + Send + Sync>> {
        self.floating.clone()
    }

    /// The alerts of the occurrences that have their own.
    pub(super) fn overridden_alerts(&self) -> Vec<Map<Id, Alert>> {
        let is_alert = |pointer: &String| pointer.starts_with("alerts");
        let overrides = self.shared.entry.common().recurrence_overrides.iter();
        overrides
            .filter(|(_, patch)| patch.0.keys().any(is_alert))
            .filter_map(|(key, patch)| patched(&self.shared, *key, patch))
            .map(|mut object| std::mem::take(object.common_mut().alerts))
            .collect()
    }

    fn within(mut self, from: i64, to: i64) -> Self {
        let timing = &self.shared.timing;
        let earliest = clamped(from.saturating_sub(timing.longest()));
        let latest = clamped(to.saturating_add(timing.longest()));
        let near = |rule: Expansion| rule.starting_at(earliest).ending_at(latest);
        self.generated = Some(Generated::new(&self.shared, near).peekable());
        (self.done, self.clock) = (0, Clock::default());
        self.window = Some(Window { from, to });
        self
    }

    fn next_any(&mut self) -> Option<Occurrence<'a, T>> {
        let shared = &self.shared;
        let generated =
            self.generated.get_or_insert_with(|| Generated::new(shared, |rule| rule).peekable());
        loop {
            if let Some(altered) = shared.altered.get(self.done)
                && generated.peek().is_none_or(|plain| altered.start <= *plain)
            {
                self.done += 1;
                return Some(altered.occurrence(shared));
            }
            let id = generated.next()?;
            let overrides = shared.entry.common().recurrence_overrides;
            if overrides.is_empty() || !overrides.contains_key(&shared.moment(id)) {
                let zone = shared.timing.found_zone();
                let instant = zone.map(|zone| self.clock.instant_of(id, zone));
                return Some(Occurrence::plain(Arc::clone(shared), id, instant));
            }
        }
    }
}

impl<'a, T: Recurring> Iterator for Occurrences<'a, T> {
    type Item = Occurrence<'a, T>;

    fn next(&mut self) -> Option<Occurrence<'a, T>> {
        loop {
            let occurrence = self.next_any()?;
            let Some(window) = self.window else { return Some(occurrence) };
            let floating = self.floating.as_deref().map(|zone| zone as &dyn Zone);
            if window.has(&occurrence, floating) {
                return Some(occurrence);
            }
        }
    }
}

impl<T: Recurring> FusedIterator for Occurrences<'_, T> {}

impl<T> std::fmt::Debug for Occurrences<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Occurrences").field("window", &self.window).finish_non_exhaustive()
    }
}

/// So many seconds after 1970-01-01T00:00:00 on the clock, as far as it can be written.
pub(super) fn clamped(seconds: i64) -> LocalDateTime {
    LocalDateTime::from_clock_seconds(seconds).unwrap_or(match seconds < 0 {
        true => LocalDateTime::MIN,
        false => LocalDateTime::MAX,
    })
}

impl Window {
    fn has<T: Recurring>(
        self,
        occurrence: &Occurrence<'_, T>,
        floating: Option<&dyn Zone>,
    ) -> bool {
        let start = occurrence.start_seconds(floating);
        if start >= self.to {
            return false;
        }
        start >= self.from || occurrence.end().seconds(floating) > self.from
    }
}

impl Altered {
    /// All of a series, in the order of their starts.
    pub(super) fn all<T: Recurring>(shared: &Shared<'_, T>) -> Vec<Self> {
        let overrides = shared.entry.common().recurrence_overrides.iter();
        let altered = |(key, patch): (&LocalDateTime, &PatchObject)| {
            let timing = patched_times(shared, *key, patch).map(Arc::new);
            let start = timing.as_ref().map(|timing| timing.start_at(timing.start, None));
            let start = start.map_or(*key, |start| shared.timing.local(&start));
            Self { key: *key, start: start.clock_seconds(), timing }
        };
        let mut all: Vec<Self> =
            overrides.filter(|(_, patch)| !is_excluded(patch)).map(altered).collect();
        all.sort_by_key(|altered| (altered.start, altered.key));
        all
    }

    pub(super) fn occurrence<'a, T: Recurring>(
        &self,
        shared: &Arc<Shared<'a, T>>,
    ) -> Occurrence<'a, T> {
        let shared = Arc::clone(shared);
        match shared.entry.common().recurrence_overrides.get(&self.key) {
            Some(patch) => Occurrence::patched(shared, self.key, patch, self.timing.clone()),
            None => Occurrence::plain(shared, self.key.clock_seconds(), None),
        }
    }
}

/// What the rules give, less what the excluded rules give; in seconds from 1970 on.
#[derive(Clone, Debug)]
pub(super) struct Generated {
    /// The start of a series without a rule.
    start: Option<i64>,
    rules: Vec<Peekable<Seconds>>,
    excluded: Vec<Peekable<Seconds>>,
}

#[derive(Clone, Debug)]
struct Seconds(Expansion);

impl Iterator for Seconds {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        self.0.next_until()
    }
}

impl Generated {
    pub(super) fn new<T: Recurring>(
        shared: &Shared<'_, T>,
        part: impl Fn(Expansion) -> Expansion,
    ) -> Self {
        let part = |rule: &Expansion| Seconds(part(rule.clone())).peekable();
        let parts = |rules: &[Expansion]| rules.iter().map(part).collect();
        let start = shared.timing.start.clock_seconds();
        Self {
            start: shared.rules.is_empty().then_some(start),
            rules: parts(&shared.rules),
            excluded: parts(&shared.excluded_rules),
        }
    }

    fn next_of_rules(&mut self) -> Option<i64> {
        if let [only] = self.rules.as_mut_slice() {
            return only.next();
        }
        if let Some(start) = self.start.take() {
            return Some(start);
        }
        let next = self.rules.iter_mut().filter_map(|rule| rule.peek().copied()).min()?;
        for rule in &mut self.rules {
            rule.next_if_eq(&next);
        }
        Some(next)
    }

    fn is_excluded(&mut self, at: i64) -> bool {
        self.excluded.iter_mut().any(|rule| {
            while rule.next_if(|other| *other < at).is_some() {}
            rule.peek() == Some(&at)
        })
    }
}

impl Iterator for Generated {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        loop {
            let next = self.next_of_rules()?;
            if !self.is_excluded(next) {
                return Some(next);
            }
        }
    }
}
