//! The times of day that a rule takes.

use crate::LocalDateTime;

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

    pub(super) fn takes(self, at: LocalDateTime) -> bool {
        self.hours >> at.hour() & 1 == 1
            && self.minutes >> at.minute() & 1 == 1
            && self.seconds >> at.second() & 1 == 1
    }

    /// At most 86,400.
    pub(super) fn len(self) -> u64 {
        u64::from(self.hours.count_ones()) * self.per_hour()
    }

    /// How many there are before the time of day of `at`.
    pub(super) fn before(self, at: LocalDateTime) -> u64 {
        let ones = |set: u64| u64::from(set.count_ones());
        let mut before = ones(below(self.hours.into(), at.hour())) * self.per_hour();
        if self.hours >> at.hour() & 1 == 1 {
            before += ones(below(self.minutes, at.minute())) * ones(self.seconds);
            if self.minutes >> at.minute() & 1 == 1 {
                before += ones(below(self.seconds, at.second()));
            }
        }
        before
    }

    fn per_hour(self) -> u64 {
        u64::from(self.minutes.count_ones()) * u64::from(self.seconds.count_ones())
    }
}

/// The members of a set that are smaller than `bit`, which is below 64.
fn below(set: u64, bit: u8) -> u64 {
    set & ((1 << bit) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted() {
        let times = Times { hours: 1 << 9 | 1 << 17, minutes: 1 | 1 << 30, seconds: 1 << 5 };
        let at = |hour, minute, second| {
            let at = LocalDateTime::new(2024, 1, 1, hour, minute, second).unwrap();
            (times.takes(at), times.before(at))
        };
        assert_eq!(times.len(), 4);
        assert_eq!(at(0, 0, 0), (false, 0));
        assert_eq!(at(9, 0, 5), (true, 0));
        assert_eq!(at(9, 0, 6), (false, 1));
        assert_eq!(at(9, 30, 5), (true, 1));
        assert_eq!(at(12, 0, 0), (false, 2));
        assert_eq!(at(17, 30, 5), (true, 3));
        assert_eq!(at(23, 59, 59), (false, 4));
        assert_eq!(Times::ALL.len(), 86_400);
    }
}
