//! How many crates of other people the crates for embedding bring along: a promise to those who embed them.

use crate::outcome::{StepResult, judge};
use crate::workspace::{members, tree};

/// A crate, the features it is measured with, and the most other people's crates it may bring.
const LIMITS: &[(&str, &[&str], usize)] = &[
    ("jscalendar", &[], 16),
    ("ical-jscal", &[], 20),
    ("jmap-core", &["--no-default-features"], 30),
];

/// Counts the normal dependencies on the platform at hand; a crate that does not exist yet is left out.
pub(crate) fn run() -> StepResult {
    let members = members()?;
    let is_ours = |name: &str| members.iter().any(|member| member.name == name);
    let mut counts = Vec::new();
    let mut faults = Vec::new();
    for (name, features, limit) in LIMITS.iter().filter(|(name, ..)| is_ours(name)) {
        let mut foreign = tree(name, features)?;
        foreign.retain(|package| package.split(' ').next().is_some_and(|name| !is_ours(name)));
        let count = foreign.len();
        println!("{name}: {count} of at most {limit}");
        counts.push(format!("{name} {count}/{limit}"));
        if count > *limit {
            let names: Vec<_> = foreign.into_iter().collect();
            faults.push(format!(
                "{name} brings {count} crates, more than {limit}: {}",
                names.join(", ")
            ));
        }
    }
    judge(&faults, counts.join(", "))
}
