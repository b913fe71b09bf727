//! Which crate may know which: the arrows of the design, compared with the manifests.

use crate::outcome::{Failure, StepResult, judge};
use crate::workspace::{Package, members, tree};

/// What a crate depends on within this repository.
enum Arrow {
    /// Always on this crate.
    To(&'static str),
    /// On this crate, with this feature of its own.
    With { feature: &'static str, on: &'static str },
    /// On any of these crates, as it likes.
    AnyOf(&'static [&'static str]),
    /// On any crate that stands above it in the table, as it likes.
    AnyAbove,
}
use Arrow::{AnyAbove, AnyOf, To, With};

/// The whole graph, lowest layer first. Crates that do not exist yet have their place already.
const CRATES: &[(&str, &[Arrow])] = &[
    ("content-line", &[]),
    ("json-model", &[]),
    ("jscalendar", &[To("json-model")]),
    ("jscontact", &[To("json-model")]),
    ("ical-jscal", &[To("content-line"), To("jscalendar")]),
    ("vcard-jscontact", &[To("content-line"), To("jscontact")]),
    ("jmap-core", &[To("json-model")]),
    ("jmap-sharing", &[To("jmap-core")]),
    (
        "jmap-calendars",
        &[
            To("jmap-core"),
            To("jmap-sharing"),
            To("jscalendar"),
            With { feature: "ical", on: "ical-jscal" },
        ],
    ),
    (
        "jmap-tasks",
        // Its feature `ical` comes with the import of tasks.
        &[To("jmap-core"), To("jmap-sharing"), To("jscalendar")],
    ),
    (
        "jmap-contacts",
        &[
            To("jmap-core"),
            To("jmap-sharing"),
            To("jscontact"),
            With { feature: "vcard", on: "vcard-jscontact" },
        ],
    ),
    ("jmap-files", &[To("jmap-core"), To("jmap-sharing")]),
    ("jmap-client", &[AnyAbove]),
    ("jmap-sync", &[AnyOf(METHOD_CRATES)]),
    ("jmap-embedded", &[AnyOf(METHOD_CRATES), AnyOf(BELOW_METHODS), AnyOf(CONVERTERS)]),
    ("jmap-cli", &[AnyAbove]),
    ("xtask", &[]),
];

const METHOD_CRATES: &[&str] = &["jmap-calendars", "jmap-tasks", "jmap-contacts", "jmap-files"];
/// What those stand on, and hand on: whoever answers their calls names it too.
const BELOW_METHODS: &[&str] = &["jmap-core", "jmap-sharing", "jscalendar", "jscontact"];
const CONVERTERS: &[&str] = &["ical-jscal", "vcard-jscontact"];

/// Crates that work on data alone, so that a program without any runtime can use them.
const PURE: &[&str] =
    &["content-line", "json-model", "jscalendar", "jscontact", "ical-jscal", "vcard-jscontact"];

/// What no pure crate may bring along under any feature, on any platform.
const RUNTIMES: &[&str] = &[
    "async-executor",
    "async-io",
    "async-std",
    "futures-executor",
    "h2",
    "http",
    "hyper",
    "hyper-util",
    "mio",
    "reqwest",
    "smol",
    "tokio",
    "ureq",
];

/// Compares the table with the manifests in both directions, then looks for runtimes below the pure crates.
pub(crate) fn run() -> StepResult {
    let members = members()?;
    let mut faults = faults(&members);
    for name in PURE.iter().filter(|name| members.iter().any(|member| member.name == **name)) {
        faults.extend(runtimes(name)?);
    }
    let crates = CRATES.len() - members.len().min(CRATES.len());
    judge(&faults, format!("{} crates there, {crates} to come", members.len()))
}

/// Everything in which the manifests and the table differ. Dependencies of tests are free: nobody inherits them.
fn faults(members: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    for member in members {
        match CRATES.iter().position(|(name, _)| *name == member.name) {
            Some(row) => {
                faults.extend(member_faults(member, row, members));
            }
            None => faults.push(format!("{} is not in the table of layers", member.name)),
        }
    }
    faults
}

fn member_faults(member: &Package, row: usize, members: &[Package]) -> Vec<String> {
    let (above, _) = CRATES.split_at(row);
    let arrows = CRATES.get(row).map_or(&[][..], |(_, arrows)| arrows);
    let allows = |name: &str| {
        arrows.iter().any(|arrow| match arrow {
            To(on) | With { on, .. } => *on == name,
            AnyOf(group) => group.contains(&name),
            AnyAbove => above.iter().any(|(other, _)| *other == name),
        })
    };

    let mut faults = Vec::new();
    for dependency in
        member.dependencies.iter().filter(|dependency| dependency.local && !dependency.dev)
    {
        if !allows(&dependency.name) {
            faults.push(format!("{} must not depend on {}", member.name, dependency.name));
        }
    }
    for arrow in arrows {
        let (on, feature) = match arrow {
            To(on) => (*on, None),
            With { feature, on } => (*on, Some(*feature)),
            AnyOf(_) | AnyAbove => continue,
        };
        // An arrow to a crate that does not exist yet cannot be there.
        if members.iter().any(|other| other.name == on) {
            faults.extend(missing(member, on, feature));
        }
    }
    faults
}

/// What is wrong with an arrow that must be there: always, or with a feature and only with that.
fn missing(member: &Package, on: &str, feature: Option<&str>) -> Option<String> {
    let mut normal =
        member.dependencies.iter().filter(|dependency| dependency.name == on && !dependency.dev);
    let name = &member.name;
    let Some(dependency) = normal.next() else {
        return Some(format!("{name} does not depend on {on}, as the table of layers says"));
    };
    match feature {
        None if dependency.optional => {
            Some(format!("{name} must depend on {on} without any feature"))
        }
        Some(feature) if !dependency.optional => {
            Some(format!("{name} may depend on {on} with feature {feature} only"))
        }
        Some(feature) if !turns_on(member, feature, on) => {
            Some(format!("feature {feature} of {name} does not turn on {on}"))
        }
        _ => None,
    }
}

fn turns_on(member: &Package, feature: &str, on: &str) -> bool {
    let effects = member.features.get(feature).into_iter().flatten();
    let mut names = effects.map(|effect| effect.strip_prefix("dep:").unwrap_or(effect));
    names.any(|name| name == on || name.strip_prefix(on).is_some_and(|rest| rest.starts_with('/')))
}

/// The runtimes in the tree of a pure crate.
fn runtimes(name: &str) -> Result<Vec<String>, Failure> {
    let tree = tree(name, &["--all-features", "--target", "all"])?;
    let found = tree
        .iter()
        .filter(|package| RUNTIMES.contains(&package.split(' ').next().unwrap_or_default()));
    Ok(found.map(|package| format!("{name} must not bring along {package}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, dependencies: &[&str]) -> Package {
        let on = |name: &&str| Dependency {
            name: (*name).to_owned(),
            optional: false,
            dev: false,
            local: true,
        };
        Package {
            name: name.to_owned(),
            dependencies: dependencies.iter().map(on).collect(),
            ..Package::default()
        }
    }

    fn lowest() -> Vec<Package> {
        vec![
            package("content-line", &[]),
            package("json-model", &[]),
            package("jscalendar", &["json-model"]),
        ]
    }

    #[test]
    fn accepts_the_design() {
        let mut members = lowest();
        members.push(package("ical-jscal", &["content-line", "jscalendar"]));
        members.push(package("jmap-cli", &["ical-jscal", "jscalendar"]));
        members.push(package("xtask", &[]));
        assert_eq!(faults(&members), [""; 0]);
    }

    #[test]
    fn refuses_an_arrow_that_is_not_drawn() {
        let mut members = lowest();
        members.push(package("ical-jscal", &["content-line", "jscalendar", "json-model"]));
        assert_eq!(faults(&members), ["ical-jscal must not depend on json-model"]);
        members[0] = package("content-line", &["jmap-cli"]);
        assert_eq!(faults(&members)[0], "content-line must not depend on jmap-cli");
    }

    #[test]
    fn misses_an_arrow_that_is_drawn() {
        let mut members = lowest();
        members[2] = package("jscalendar", &[]);
        assert_eq!(
            faults(&members),
            ["jscalendar does not depend on json-model, as the table of layers says"]
        );
    }

    #[test]
    fn knows_every_member() {
        assert_eq!(
            faults(&[package("jmap-mail", &[])]),
            ["jmap-mail is not in the table of layers"]
        );
    }

    #[test]
    fn leaves_tests_free() {
        let mut members = lowest();
        members[1] = package("json-model", &["jscalendar"]);
        members[1].dependencies[0].dev = true;
        assert_eq!(faults(&members), [""; 0]);
    }

    #[test]
    fn wants_the_converter_behind_its_feature() {
        let mut members = lowest();
        members.push(package("ical-jscal", &["content-line", "jscalendar"]));
        members.push(package("jmap-core", &["json-model"]));
        members.push(package("jmap-sharing", &["jmap-core"]));
        members.push(package(
            "jmap-calendars",
            &["jmap-core", "jmap-sharing", "jscalendar", "ical-jscal"],
        ));
        assert_eq!(
            faults(&members),
            ["jmap-calendars may depend on ical-jscal with feature ical only"]
        );

        members[6].dependencies[3].optional = true;
        assert_eq!(
            faults(&members),
            ["feature ical of jmap-calendars does not turn on ical-jscal"]
        );

        members[6].features.insert("ical".to_owned(), vec!["dep:ical-jscal".to_owned()]);
        assert_eq!(faults(&members), [""; 0]);
    }
}
