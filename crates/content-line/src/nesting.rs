//! Which components are open: the rules of `BEGIN` and `END` that the tree and the splitter share.

/// How deep components may be nested inside a calendar, or inside a component that stands alone. A `VCALENDAR` around
/// them does not count. What RFC 5545 and its extensions define needs three.
pub const MAX_DEPTH: usize = 32;

/// The one component that holds others and is never held: its `BEGIN` closes whatever is open, so that a truncated
/// calendar does not swallow the one that was appended to it.
pub(crate) const OUTER: &str = "VCALENDAR";

/// The stack of open components' names.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    /// All names, one after the other: no allocation a component.
    names: String,
    /// Where each name starts.
    starts: Vec<usize>,
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
        self.starts.len()
    }

    pub(crate) fn in_calendar(&self) -> bool {
        self.in_calendar
    }

    pub(crate) fn begin(&mut self, name: &str) -> Begun {
        let name = name.trim_ascii();
        let outer = name.eq_ignore_ascii_case(OUTER);
        if outer && self.depth() > 0 {
            return Begun::ClosesAll;
        }
        if self.depth() - usize::from(self.in_calendar) == MAX_DEPTH {
            self.beyond += 1;
            return if self.beyond == 1 { Begun::TooDeep } else { Begun::Skipped };
        }
        self.in_calendar |= outer;
        self.starts.push(self.names.len());
        self.names.push_str(name);
        Begun::Opened
    }

    /// Looks at an `END` and does what it says, except for [`Ended::Closed`], where the caller calls [`Self::close`].
    pub(crate) fn end(&mut self, name: &str) -> Ended {
        let name = name.trim_ascii();
        let closes_calendar = self.in_calendar && name.eq_ignore_ascii_case(OUTER);
        if closes_calendar {
            return Ended::Closed(self.depth());
        }
        if self.beyond > 0 {
            self.beyond -= 1;
            return if self.beyond == 0 { Ended::DeepClosed } else { Ended::Skipped };
        }
        let mut stop = self.names.len();
        for (closed, &start) in self.starts.iter().rev().enumerate() {
            if self.names.get(start..stop).is_some_and(|open| open.eq_ignore_ascii_case(name)) {
                return Ended::Closed(closed + 1);
            }
            stop = start;
        }
        if self.depth() == 0 { Ended::Stray } else { Ended::Mismatched }
    }

    /// Closes the innermost `count` components.
    pub(crate) fn close(&mut self, count: usize) {
        let left = self.depth().saturating_sub(count);
        self.names.truncate(self.starts.get(left).copied().unwrap_or(self.names.len()));
        self.starts.truncate(left);
        self.in_calendar &= left > 0;
        self.beyond = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_closes_what_it_names() {
        let mut open = Nesting::default();
        assert_eq!(open.end("A"), Ended::Stray);
        for name in ["vcalendar", "VEVENT", "VALARM"] {
            assert_eq!(open.begin(name), Begun::Opened);
        }
        assert_eq!(open.end("VTODO"), Ended::Mismatched);
        assert_eq!(open.end("vevent "), Ended::Closed(2));
        open.close(2);
        assert_eq!(open.begin("VCALENDAR"), Begun::ClosesAll);
        assert_eq!(open.end("VCALENDAR"), Ended::Closed(1));
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
        assert_eq!(open.end("?"), Ended::Skipped);
        assert_eq!(open.end("?"), Ended::DeepClosed);
        assert_eq!(open.end("X"), Ended::Closed(1));
    }
}
