//! Which components are open: the rules of `BEGIN` and `END` that the tree and the splitter share.

/// How deep components may be nested inside a calendar, or inside a component that stands alone. A `VCALENDAR` around
/// them does not count. What RFC 5545 and its extensions define needs three.
pub const MAX_DEPTH: usize = 32;

/// The one component that holds others and is never held: its `BEGIN` closes whatever is open, so that a truncated
/// calendar does not swallow the one that was appended to it.
pub(crate) const OUTER: &str = "VCALENDAR";

/// What is open. The names are with the user, who has them anyway.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    depth: usize,
    in_calendar: bool,
    /// Components open beyond [`MAX_DEPTH`], known by number only.
    beyond: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// Another component is open now.
    Opened,
    /// Everything open has to be closed first.
    ClosesAll,
    /// The first component beyond the limit.
    TooDeep,
    /// Inside one that is beyond the limit.
    Skipped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// So many components are closed by it; all but the last lack their own `END`.
    Closed(usize),
    /// The outermost block beyond the limit is complete.
    DeepClosed,
    /// Inside a block beyond the limit.
    Skipped,
    /// Nothing is open.
    Stray,
    /// None of the open components has that name.
    Mismatched,
}

impl Nesting {
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    pub(crate) fn in_calendar(&self) -> bool {
        self.in_calendar
    }

    /// Looks at a `BEGIN`, with white space around its name removed. After [`Begun::Opened`] the name counts as open.
    pub(crate) fn begin(&mut self, name: &str) -> Begun {
        let outer = name.eq_ignore_ascii_case(OUTER);
        if outer && self.depth > 0 {
            return Begun::ClosesAll;
        }
        if self.depth - usize::from(self.in_calendar) == MAX_DEPTH {
            self.beyond += 1;
            return if self.beyond == 1 { Begun::TooDeep } else { Begun::Skipped };
        }
        self.in_calendar |= outer;
        self.depth += 1;
        Begun::Opened
    }

    /// Looks at an `END`, given the names that are open, innermost first. After [`Ended::Closed`] the user calls
    /// [`Self::close`].
    pub(crate) fn end<'n>(&mut self, name: &str, open: impl Iterator<Item = &'n str>) -> Ended {
        if self.in_calendar && name.eq_ignore_ascii_case(OUTER) {
            return Ended::Closed(self.depth);
        }
        if self.beyond > 0 {
            self.beyond -= 1;
            return if self.beyond == 0 { Ended::DeepClosed } else { Ended::Skipped };
        }
        match open.take(self.depth).position(|open| open.eq_ignore_ascii_case(name)) {
            Some(closed) => Ended::Closed(closed + 1),
            None if self.depth == 0 => Ended::Stray,
            None => Ended::Mismatched,
        }
    }

    /// Closes the innermost `count` components.
    pub(crate) fn close(&mut self, count: usize) {
        self.depth = self.depth.saturating_sub(count);
        self.in_calendar &= self.depth > 0;
        self.beyond = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_closes_what_it_names() {
        let mut open = Nesting::default();
        let names = || ["VALARM", "VEVENT", "vcalendar"].into_iter();
        assert_eq!(open.end("A", std::iter::empty()), Ended::Stray);
        for name in names().rev() {
            assert_eq!(open.begin(name), Begun::Opened);
        }
        assert_eq!(open.end("VTODO", names()), Ended::Mismatched);
        assert_eq!(open.end("vevent", names()), Ended::Closed(2));
        open.close(2);
        assert_eq!(open.begin("VCALENDAR"), Begun::ClosesAll);
        assert_eq!(open.end("VCALENDAR", names().skip(2)), Ended::Closed(1));
        open.close(1);
        assert_eq!((open.depth(), open.in_calendar()), (0, false));
    }

    #[test]
    fn the_limit() {
        let mut open = Nesting::default();
        open.begin("VCALENDAR");
        for _ in 0..MAX_DEPTH {
            assert_eq!(open.begin("X"), Begun::Opened);
        }
        assert_eq!(open.begin("X"), Begun::TooDeep);
        assert_eq!(open.begin("Y"), Begun::Skipped);
        let names = || std::iter::repeat("X");
        assert_eq!(open.end("?", names()), Ended::Skipped);
        assert_eq!(open.end("?", names()), Ended::DeepClosed);
        assert_eq!(open.end("X", names()), Ended::Closed(1));
    }
}
