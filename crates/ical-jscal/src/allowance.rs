//! How much the occurrences of a document may take.

/// What may still be spent on occurrences, in bytes.
///
/// An occurrence is a whole component in iCalendar and a patch in JSCalendar. So a patch of a few bytes stands for all
/// that its series says, and a component of a few lines for a patch that undoes all of it. A document whose size
/// multiplies itself in this way is no calendar of anybody: what goes beyond the allowance is kept as it is.
pub(crate) struct Allowance(usize);

impl Allowance {
    /// What every document has: enough for each week of two years of a meeting with a long text.
    const START: usize = 2 << 20;
    /// How many times the bytes of the series themselves their occurrences may take besides.
    const FACTOR: usize = 8;

    pub(crate) const fn new() -> Self {
        Self(Self::START)
    }

    /// Adds what a series of so many bytes may spend.
    pub(crate) const fn earn(&mut self, bytes: usize) {
        self.0 = self.0.saturating_add(bytes.saturating_mul(Self::FACTOR));
    }

    /// Takes so many bytes; false, with nothing left, if there are not as many.
    pub(crate) const fn spend(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = match left {
            Some(left) => left,
            None => 0,
        };
        left.is_some()
    }

    pub(crate) const fn is_spent(&self) -> bool {
        self.0 == 0
    }
}
