//! Rules and moments for tests of laws.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::{Frequency, LocalDateTime, NDay, RecurrenceRule, Skip, Weekday};

fn frequency() -> impl Strategy<Value = Frequency> {
    proptest::sample::select(Frequency::REGISTERED).prop_map(Frequency::from)
}

pub(super) fn weekday() -> impl Strategy<Value = Weekday> {
    proptest::sample::select(Weekday::REGISTERED).prop_map(Weekday::from)
}

pub(super) fn local() -> impl Strategy<Value = LocalDateTime> {
    (0..10_000u16, 1..=12u8, 1..=31u8, 0..24u8, 0..60u8, 0..=60u8).prop_filter_map(
        "no such day",
        |(year, month, day, hour, minute, second)| {
            LocalDateTime::new(year, month, day, hour, minute, second).ok()
        },
    )
}

fn signed() -> impl Strategy<Value = Vec<i64>> {
    let number = prop_oneof![8 => -60..60i64, 2 => -400..400i64, 1 => any::<i64>()];
    vec(number, 0..4)
}

fn unsigned() -> impl Strategy<Value = Vec<u64>> {
    vec(prop_oneof![30 => 0..24u64, 1 => any::<u64>()], 0..3)
}

pub(super) fn moment(text: &str) -> LocalDateTime {
    text.parse().unwrap()
}

pub(super) fn rule(json: &str) -> RecurrenceRule {
    json_model::from_str(json).unwrap().value
}

/// Any rule at all, most of them wrong or empty.
pub(super) fn any_rule() -> impl Strategy<Value = RecurrenceRule> {
    let interval = prop_oneof![Just(None), (0..9u64).prop_map(Some), any::<u64>().prop_map(Some)];
    let month = prop_oneof![9 => (1..=12u8).prop_map(|month| month.to_string()), 1 => ".{0,2}"];
    let day = (weekday(), proptest::option::of(prop_oneof![-6..6i64, any::<i64>()]));
    let skip = proptest::option::of(prop_oneof![
        Just(Skip::Omit),
        Just(Skip::Backward),
        Just(Skip::Forward)
    ]);
    let count = proptest::option::of(prop_oneof![0..50u64, any::<u64>()]);
    (
        (frequency(), interval, skip, proptest::option::of(weekday()), count),
        (vec(month, 0..3), vec(day, 0..3)),
        (signed(), signed(), signed(), signed()),
        (unsigned(), unsigned(), unsigned()),
    )
        .prop_map(|(general, (months, days), lists, times)| {
            let mut rule = RecurrenceRule::new(general.0);
            (rule.interval, rule.skip, rule.first_day_of_week, rule.count) =
                (general.1, general.2, general.3, general.4);
            rule.by_month = months;
            rule.by_day = days
                .into_iter()
                .map(|(day, nth)| NDay { nth_of_period: nth, ..NDay::new(day) })
                .collect();
            (rule.by_month_day, rule.by_year_day, rule.by_week_no, rule.by_set_position) = lists;
            (rule.by_hour, rule.by_minute, rule.by_second) = times;
            rule
        })
}

/// A rule as people write them, which mostly gives something.
pub(super) fn usual_rule() -> impl Strategy<Value = RecurrenceRule> {
    let places = || prop_oneof![1..=31i64, -31..=-1i64];
    let month = (1..=12u8).prop_map(|month| month.to_string());
    let nth = proptest::option::weighted(0.3, prop_oneof![1..=5i64, -5..=-1i64]);
    let skip =
        proptest::option::weighted(0.2, prop_oneof![Just(Skip::Backward), Just(Skip::Forward)]);
    (
        (frequency(), proptest::option::of(1..40u64), skip, proptest::option::of(weekday())),
        (proptest::option::of(1..40u64), vec(month, 0..4), vec((weekday(), nth), 0..4)),
        (vec(places(), 0..4), proptest::option::weighted(0.1, -366..=366i64)),
        (proptest::option::weighted(0.1, 1..=53i64), vec(prop_oneof![1..=4i64, -4..=-1i64], 0..2)),
        (vec(0..24u64, 0..3), vec(0..60u64, 0..3), vec(0..60u64, 0..2)),
    )
        .prop_map(
            |(general, (count, months, days), (month_days, year_day), (week, positions), times)| {
                let mut rule = RecurrenceRule::new(general.0);
                (rule.interval, rule.skip, rule.first_day_of_week) =
                    (general.1, general.2, general.3);
                (rule.count, rule.by_month, rule.by_month_day) = (count, months, month_days);
                let has_places =
                    matches!(rule.frequency, Some(Frequency::Yearly | Frequency::Monthly))
                        && week.is_none();
                rule.by_day = days
                    .into_iter()
                    .map(|(day, nth)| NDay {
                        nth_of_period: nth.filter(|_| has_places),
                        ..NDay::new(day)
                    })
                    .collect();
                rule.by_year_day = year_day.filter(|day| *day != 0).into_iter().collect();
                rule.by_week_no = week.into_iter().collect();
                rule.by_set_position = positions;
                (rule.by_hour, rule.by_minute, rule.by_second) = times;
                rule
            },
        )
}
