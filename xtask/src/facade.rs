//! The facade can turn on whatever the crates can that it brings together.

use crate::workspace::Package;

const FACADE: &str = "jmap-client";

/// The features of crates below the facade that it does not hand on under the same name.
pub(crate) fn faults(members: &[Package]) -> Vec<String> {
    let Some(facade) = members.iter().find(|member| member.name == FACADE) else {
        return Vec::new();
    };
    let is_below = |member: &&Package| {
        facade.dependencies.iter().any(|it| !it.dev && it.local && it.name == member.name)
    };
    let mut faults = Vec::new();
    for member in members.iter().filter(is_below) {
        let features = member.features.keys().filter(|feature| *feature != "default");
        let lost = features.filter(|feature| !hands_on(facade, &member.name, feature));
        faults.extend(lost.map(|feature| {
            format!("feature {feature} of {FACADE} does not turn on that of {}", member.name)
        }));
    }
    faults
}

fn hands_on(facade: &Package, on: &str, feature: &str) -> bool {
    let wanted = [format!("{on}/{feature}"), format!("{on}?/{feature}")];
    facade.features.get(feature).is_some_and(|effects| effects.iter().any(|it| wanted.contains(it)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, features: &[(&str, &[&str])]) -> Package {
        let feature = |(name, effects): &(&str, &[&str])| {
            ((*name).to_owned(), effects.iter().map(|&effect| effect.to_owned()).collect())
        };
        Package {
            name: name.to_owned(),
            features: features.iter().map(feature).collect(),
            ..Package::default()
        }
    }

    #[test]
    fn misses_a_feature_that_is_not_handed_on() {
        let below = package("below", &[("default", &["fast"]), ("fast", &[]), ("slow", &[])]);
        let mut facade = package(FACADE, &[("fast", &["below?/fast"]), ("slow", &["dep:below"])]);
        facade.dependencies.push(Dependency {
            name: "below".to_owned(),
            optional: true,
            dev: false,
            local: true,
        });
        let members = [below, package("beside", &[("fast", &[])]), facade];
        assert_eq!(
            faults(&members),
            ["feature slow of jmap-client does not turn on that of below"]
        );
    }
}
