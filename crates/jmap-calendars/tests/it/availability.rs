//! Putting busy periods together (JMAP Calendars, section 2.2).

use jmap_calendars::{BusyPeriod, BusyStatus, CalendarEvent, merge};
use jscalendar::UtcDateTime;
use proptest::prelude::*;

const STATUSES: [BusyStatus; 3] =
    [BusyStatus::Tentative, BusyStatus::Unavailable, BusyStatus::Confirmed];

fn at(minute: u32) -> UtcDateTime {
    format!("2026-12-01T{:02}:{:02}:00Z", minute / 60, minute % 60).parse().unwrap()
}

fn period(start: u32, end: u32, status: impl Into<Option<BusyStatus>>) -> BusyPeriod {
    let mut period = BusyPeriod::default();
    period.utc_start = Some(at(start));
    period.utc_end = Some(at(end));
    period.busy_status = status.into();
    period
}

fn with_event(mut period: BusyPeriod) -> BusyPeriod {
    period.event = Some(CalendarEvent::default());
    period
}

/// `09:00-10:00 tentative`, one a line.
fn told(periods: &[BusyPeriod]) -> String {
    let line = |it: &BusyPeriod| {
        let time = |it: UtcDateTime| it.to_string().get(11..16).unwrap().to_owned();
        let [start, end] = [it.utc_start.unwrap(), it.utc_end.unwrap()].map(time);
        let status = it.busy_status.as_ref().map_or("nothing", BusyStatus::as_str);
        let event = if it.event.is_some() { ", an event" } else { "" };
        format!("{start}-{end} {status}{event}")
    };
    periods.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// An event that may take place, one that does and was accepted; a third one does not count, because the principal does
/// not attend it.
#[test]
fn what_is_sure_counts_more() {
    let merged = merge([
        period(9 * 60, 10 * 60, BusyStatus::Tentative),
        period(9 * 60 + 30, 11 * 60, BusyStatus::Confirmed),
    ]);
    insta::assert_snapshot!(told(&merged), @r#"
09:00-09:30 tentative
09:30-11:00 confirmed
"#);
}

/// Confirmed before unavailable before tentative; what touches and is equal becomes one.
#[test]
fn all_three() {
    let merged = merge([
        period(540, 720, BusyStatus::Tentative),
        period(570, 660, BusyStatus::Unavailable),
        period(600, 630, BusyStatus::Confirmed),
        period(720, 730, BusyStatus::Tentative),
        period(740, 750, BusyStatus::Tentative),
    ]);
    insta::assert_snapshot!(told(&merged), @r#"
09:00-09:30 tentative
09:30-10:00 unavailable
10:00-10:30 confirmed
10:30-11:00 unavailable
11:00-12:10 tentative
12:20-12:30 tentative
"#);
}

/// Periods with an event may overlap anything, and stay apart from each other.
#[test]
fn with_details() {
    let merged = merge([
        with_event(period(540, 600, BusyStatus::Confirmed)),
        period(540, 570, BusyStatus::Tentative),
        with_event(period(540, 600, BusyStatus::Confirmed)),
        period(550, 580, BusyStatus::Tentative),
    ]);
    insta::assert_snapshot!(told(&merged), @r#"
09:00-09:40 tentative
09:00-10:00 confirmed, an event
09:00-10:00 confirmed, an event
"#);
}

/// No status is `unavailable`, its default; a status that nobody knows may mean anything, and counts as that. A period
/// that ends before it starts is none.
#[test]
fn odd_periods() {
    let merged = merge([
        period(540, 600, None),
        period(600, 630, BusyStatus::from("example.com:asleep")),
        period(700, 700, BusyStatus::Confirmed),
        period(800, 700, BusyStatus::Confirmed),
        BusyPeriod::default(),
    ]);
    insta::assert_snapshot!(told(&merged), @"09:00-10:30 unavailable");
    assert_eq!(merge([]), []);
}

fn periods() -> impl Strategy<Value = Vec<BusyPeriod>> {
    let one = (0..60_u32, 0..12_u32, 0..3_usize, prop::bool::weighted(0.2)).prop_map(
        |(start, length, status, has_event)| {
            let bare = period(start, start + length, STATUSES[status].clone());
            if has_event { with_event(bare) } else { bare }
        },
    );
    prop::collection::vec(one, 0..12)
}

/// What counts most of all periods without an event around a minute.
fn status_at(periods: &[BusyPeriod], minute: u32) -> Option<usize> {
    let around = |it: &&BusyPeriod| {
        it.event.is_none() && it.utc_start <= Some(at(minute)) && it.utc_end > Some(at(minute))
    };
    let rank = |it: &BusyPeriod| {
        STATUSES.iter().position(|status| Some(status) == it.busy_status.as_ref())
    };
    periods.iter().filter(around).filter_map(rank).max()
}

proptest! {
    #[test]
    fn every_minute_is_what_it_was(periods in periods()) {
        let merged = merge(periods.clone());
        for minute in 0..80 {
            prop_assert_eq!(status_at(&periods, minute), status_at(&merged, minute), "{}", minute);
        }
    }

    /// They are in order, and what touches differs.
    #[test]
    fn nothing_overlaps(periods in periods()) {
        let merged = merge(periods.clone());
        let (bare, detailed): (Vec<_>, Vec<_>) = merged.iter().partition(|it| it.event.is_none());
        for pair in bare.windows(2) {
            prop_assert!(pair[0].utc_end <= pair[1].utc_start);
            prop_assert!(pair[0].utc_end < pair[1].utc_start || pair[0].busy_status != pair[1].busy_status);
        }
        let events: Vec<_> = periods.iter().filter(|it| it.event.is_some()).collect();
        prop_assert_eq!(detailed, events);
    }

    #[test]
    fn the_order_does_not_count(periods in periods(), seed in any::<u64>()) {
        let mut other: Vec<_> = periods.iter().filter(|it| it.event.is_none()).cloned().collect();
        let merged = merge(other.clone());
        if !other.is_empty() {
            let middle = usize::try_from(seed % 97).unwrap() % other.len();
            other.rotate_left(middle);
            other.reverse();
        }
        prop_assert_eq!(merge(other), merged.clone());
        prop_assert_eq!(merge(merged.clone()), merged);
    }
}
