//! The steps that are calls of cargo: formatting, lints, tests, documentation, features, oldest toolchain.

use crate::command::{cargo, cargo_of, root, run, toolchains};
use crate::facade;
use crate::outcome::{Failure, Outcome, StepResult, judge};
use crate::workspace::{all_packages, members};

/// `cargo fmt --check`, for the two packages outside the workspace as well once they are there.
pub(crate) fn fmt() -> StepResult {
    run(&mut cargo(["fmt", "--all", "--check"]))?;
    for package in ["bench", "fuzz"] {
        let manifest = format!("{package}/Cargo.toml");
        if root().join(&manifest).exists() {
            run(&mut cargo(["fmt", "--manifest-path", &manifest, "--check"]))?;
        }
    }
    Ok(Outcome::passed())
}

/// Clippy with warnings denied, under default, no and all features.
pub(crate) fn clippy() -> StepResult {
    for features in [None, Some("--no-default-features"), Some("--all-features")] {
        let mut command = cargo(["clippy", "--workspace", "--all-targets", "--locked"]);
        run(command.args(features).args(["--", "-D", "warnings"]))?;
    }
    Ok(Outcome::passed())
}

/// All tests, as the README says it.
pub(crate) fn test() -> StepResult {
    run(&mut cargo(["test", "--workspace", "--locked"]))?;
    Ok(Outcome::passed())
}

/// The tests of the crates that do more with features than without: what the README's command does not run.
pub(crate) fn test_features() -> StepResult {
    for package in ["jscalendar", "jmap-core", "jmap-calendars", "jmap-tasks"] {
        run(&mut cargo(["test", "--package", package, "--locked", "--all-features"]))?;
    }
    Ok(Outcome::passed())
}

/// The documentation with all features and no warnings.
pub(crate) fn doc() -> StepResult {
    let mut command = cargo(["doc", "--workspace", "--no-deps", "--locked", "--all-features"]);
    run(command.env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(Outcome::passed())
}

/// Each crate by itself, without features and with each one alone; and that the facade can turn on all of them.
///
/// A crate is built by itself because in a build of the whole workspace its features are those that any neighbour
/// asks for.
pub(crate) fn features() -> StepResult {
    let mut built = 0;
    let members = members()?;
    let mut faults = facade::faults(&members);
    for member in members {
        let alone = member.features.keys().map(|feature| vec!["--features", feature]);
        for features in [Vec::new()].into_iter().chain(alone) {
            let mut command = cargo(["check", "--quiet", "--locked", "--package", &member.name]);
            match run(command.arg("--no-default-features").args(features)) {
                Ok(()) => built += 1,
                Err(failure) => faults.push(failure.to_string()),
            }
        }
    }
    judge(&faults, format!("{built} builds"))
}

/// Whether the toolchain of `rust-version` suffices: for the code where it is installed, and by their own word for the
/// dependencies.
pub(crate) fn msrv() -> StepResult {
    let members = members()?;
    let mut versions: Vec<_> =
        members.iter().filter_map(|member| member.rust_version.as_deref()).collect();
    versions.dedup();
    let [version] = versions[..] else {
        return Err(Failure::new(format!(
            "the members need one rust-version between them, not {}",
            versions.len()
        )));
    };

    let newer: Vec<_> = all_packages()?
        .iter()
        .filter_map(|package| {
            let needed = package.rust_version.as_deref()?;
            (numbers(needed) > numbers(version))
                .then(|| format!("{} needs Rust {needed}", package.name))
        })
        .collect();
    judge(&newer, String::new())?;

    let Some(toolchain) = toolchains().into_iter().find(|name| is_version(name, version)) else {
        return Ok(Outcome::NotChecked(format!("Rust {version} is not installed here")));
    };
    run(&mut cargo_of(&toolchain, ["check", "--workspace", "--locked", "--all-features"]))?;
    Ok(Outcome::Passed(toolchain))
}

/// `1.88` is `1.88-x86_64-…` and `1.88.0-x86_64-…`, not `1.88.1-…`: the oldest one is what is promised.
fn is_version(toolchain: &str, version: &str) -> bool {
    let name = toolchain.split('-').next().unwrap_or_default();
    let is_numeric = name.starts_with(|c: char| c.is_ascii_digit());
    is_numeric && name.contains('.') && numbers(name) == numbers(version)
}

/// A version as numbers to compare; what is left out is 0.
fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = [0; 3];
    for (number, text) in numbers.iter_mut().zip(version.split('.')) {
        *number = text.parse().unwrap_or(0);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_oldest_toolchain_only() {
        assert!(is_version("1.88-x86_64-unknown-linux-gnu", "1.88"));
        assert!(is_version("1.88.0-x86_64-unknown-linux-gnu", "1.88"));
        assert!(!is_version("1.88.1-x86_64-unknown-linux-gnu", "1.88"));
        assert!(!is_version("1.8-x86_64-unknown-linux-gnu", "1.88"));
        assert!(!is_version("stable-x86_64-unknown-linux-gnu", "1.88"));
    }

    #[test]
    fn compares_versions_by_number() {
        assert!(numbers("1.100") > numbers("1.88.1"));
        assert_eq!(numbers("1.88"), numbers("1.88.0"));
    }
}
