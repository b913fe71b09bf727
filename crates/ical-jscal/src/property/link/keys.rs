//! Which keys import would make again by itself, so that they need not be written.

use std::collections::HashMap;

use jscalendar::{Id, Map};

use crate::key;

/// The keys of one map that have been written without saying them.
#[derive(Default)]
pub(crate) struct Keys(HashMap<Id, usize>);

impl Keys {
    /// Whether import will give this key to an element whose property has `value`, after those before it.
    pub(crate) fn makes(&mut self, key: &Id, value: &str) -> bool {
        // Hashing a long value for nothing is what the first question spares.
        key::may_be_made(key) && self.numbers(key, key::from_value(value))
    }

    /// Whether import will give `key` to an element that would be called `made` if it were the only one.
    pub(crate) fn numbers(&mut self, key: &Id, made: Id) -> bool {
        if !key.as_str().starts_with(made.as_str()) {
            return false;
        }
        let number = self.0.get(&made).map_or(1, |before| before + 1);
        let same = match number {
            1 => *key == made,
            _ => key.as_str() == format!("{made}-{number}"),
        };
        if same {
            self.0.insert(made, number);
        }
        same
    }
}

/// The elements in the order they are written in: shorter keys first, so that `k-2` comes before `k-10`, and import
/// numbers those with one value as they were.
pub(crate) fn in_order<V>(map: &Map<Id, V>) -> Vec<(&Id, &V)> {
    let mut elements: Vec<(&Id, &V)> = map.iter().collect();
    elements.sort_by_key(|(key, _)| key.as_str().len());
    elements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_import_would_number_again() {
        let made = key::from_value("a");
        let key = |number: usize| Id::from(format!("{made}-{number}"));
        let mut keys = Keys::default();
        assert!(!keys.makes(&key(2), "a"));
        assert!(keys.makes(&made, "a"));
        assert!(keys.makes(&key(2), "a"));
        assert!(!keys.makes(&key(4), "a"));
        assert!(!keys.makes(&Id::from("a"), "a"));
        assert!(keys.makes(&key(3), "a"));
        assert!(!keys.makes(&key(4), "b"));
    }
}
