//! The times of day that a rule takes.

/// Sets of bits: every combination of an hour, a minute and a second is a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) hours: u32,
    pub(super) minutes: u64,
    pub(super) seconds: u64,
}

impl Times {
    pub(super) const ALL: Self =
        Self { hours: (1 << 24) - 1, minutes: (1 << 60) - 1, seconds: (1 << 60) - 1 };

    /// The one time so many seconds after midnight.
    pub(super) fn at(second: i64) -> Self {
        let (hour, minute, second) = parts(second);
        Self { hours: 1 << hour, minutes: 1 << minute, seconds: 1 << second }
    }

    /// Whether it is taken, so many seconds after midnight.
    pub(super) fn takes(self, second: i64) -> bool {
        let (hour, minute, second) = parts(second);
        self.hours >> hour & 1 == 1
            && self.minutes >> minute & 1 == 1
            && self.seconds >> second & 1 == 1
    }

    pub(super) fn is_empty(self) -> bool {
        self.hours == 0 || self.minutes == 0 || self.seconds == 0
    }

    /// The time, if there is one alone.
    pub(super) fn only(self) -> Option<i64> {
        let alone = self.hours.is_power_of_two()
            && self.minutes.is_power_of_two()
            && self.seconds.is_power_of_two();
        alone.then(|| self.nth(0)).flatten()
    }

    /// At most 86,400.
    pub(super) fn len(self) -> u64 {
        u64::from(self.hours.count_ones()) * self.per_hour()
    }

    /// The first one from so many seconds after midnight on.
    pub(super) fn next_from(self, second: i64) -> Option<i64> {
        if second >= 86_400 {
            return None;
        }
        let (hour, minute, second) = parts(second);
        let of_minute = from(self.seconds, second);
        if self.hours >> hour & 1 == 1 {
            if self.minutes >> minute & 1 == 1 && of_minute != 0 {
                return Some(time(hour, minute, of_minute.trailing_zeros()));
            }
            let of_hour = from(self.minutes, minute + 1);
            if of_hour != 0 && !self.is_empty() {
                let minute = of_hour.trailing_zeros();
                return Some(time(hour, minute, self.seconds.trailing_zeros()));
            }
        }
        let hours = from(self.hours.into(), hour + 1);
        if hours == 0 || self.is_empty() {
            return None;
        }
        let (minute, second) = (self.minutes.trailing_zeros(), self.seconds.trailing_zeros());
        Some(time(hours.trailing_zeros(), minute, second))
    }

    /// How many there are before so many seconds after midnight.
    pub(super) fn before(self, second: i64) -> u64 {
        let ones = |set: u64| u64::from(set.count_ones());
        let (hour, minute, second) = parts(second);
        let mut before = ones(below(self.hours.into(), hour)) * self.per_hour();
        if self.hours >> hour & 1 == 1 {
            before += ones(below(self.minutes, minute)) * ones(self.seconds);
            if self.minutes >> minute & 1 == 1 {
                before += ones(below(self.seconds, second));
            }
        }
        before
    }

    /// The one that so many are before.
    pub(super) fn nth(self, rank: u64) -> Option<i64> {
        let per_minute = u64::from(self.seconds.count_ones());
        let hour = select(self.hours.into(), rank.checked_div(self.per_hour())?)?;
        let within = rank % self.per_hour();
        let minute = select(self.minutes, within / per_minute)?;
        Some(time(hour, minute, select(self.seconds, within % per_minute)?))
    }

    fn per_hour(self) -> u64 {
        u64::from(self.minutes.count_ones()) * u64::from(self.seconds.count_ones())
    }
}

fn parts(second: i64) -> (u32, u32, u32) {
    let second = second as u32;
    (second / 3_600, second / 60 % 60, second % 60)
}

fn time(hour: u32, minute: u32, second: u32) -> i64 {
    i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second)
}

/// The members of a set that are not smaller than `bit`, which is below 64.
fn from(set: u64, bit: u32) -> u64 {
    set >> bit << bit
}

/// The members of a set that are smaller than `bit`, which is below 64.
fn below(set: u64, bit: u32) -> u64 {
    set & ((1 << bit) - 1)
}

/// The member of a set that so many are smaller than.
fn select(set: u64, rank: u64) -> Option<u32> {
    let mut left = set;
    for _ in 0..rank.min(64) {
        left &= left.checked_sub(1)?;
    }
    (left != 0).then(|| left.trailing_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted() {
        let times = Times { hours: 1 << 9 | 1 << 17, minutes: 1 | 1 << 30, seconds: 1 << 5 };
        let all: Vec<i64> = (0..86_400).filter(|second| times.takes(*second)).collect();
        assert_eq!(all, [32_405, 34_205, 61_205, 63_005]);
        assert_eq!(times.len(), 4);
        let by_rank: Vec<i64> = (0..9).map_while(|rank| times.nth(rank)).collect();
        assert_eq!(by_rank, all);
        for second in 0..86_500 {
            let next = all.iter().find(|time| **time >= second);
            assert_eq!(times.next_from(second), next.copied(), "{second}");
            let before = all.iter().filter(|time| **time < second).count();
            assert_eq!(times.before(second.min(86_399)), before as u64, "{second}");
        }
        assert_eq!(Times::ALL.len(), 86_400);
        let none = Times { seconds: 0, ..Times::ALL };
        assert_eq!((none.len(), none.next_from(0), none.nth(0)), (0, None, None));
    }
}
