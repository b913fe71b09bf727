//! The members of the workspace, as `cargo metadata` knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use crate::command::{capture, cargo};
use crate::outcome::Failure;

/// One member of the workspace.
#[derive(Debug, Default)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// The directory of its manifest.
    pub(crate) dir: PathBuf,
    /// Whether it may be published at all.
    pub(crate) published: bool,
    /// `rust-version`, if it states one.
    pub(crate) rust_version: Option<String>,
    /// Its features and what each turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// All its dependencies of all kinds and targets.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One dependency of a member, as its manifest declares it.
#[derive(Debug)]
pub(crate) struct Dependency {
    /// The name of the package it depends on.
    pub(crate) name: String,
    /// Whether it needs a feature.
    pub(crate) optional: bool,
    /// Whether only tests, examples and benchmarks need it.
    pub(crate) dev: bool,
    /// Whether it lies in this repository.
    pub(crate) local: bool,
}

/// All members, sorted by name.
pub(crate) fn members() -> Result<Vec<Package>, Failure> {
    let json = capture(&mut cargo(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let mut members = packages(&json)?;
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}

/// Every package of the lock file, ours and other people's.
pub(crate) fn all_packages() -> Result<Vec<Package>, Failure> {
    packages(&capture(&mut cargo([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--all-features",
    ]))?)
}

/// The packages that `package` brings along, itself not counted, as `name version`.
///
/// `flags` are further arguments of `cargo tree`: features, or `--target all` for more than the platform at hand.
pub(crate) fn tree(package: &str, flags: &[&str]) -> Result<BTreeSet<String>, Failure> {
    let mut command =
        cargo(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    let text = capture(command.args(["--package", package]).args(flags))?;
    // The first line is the package itself. Lines read `name v1.2.3 (…)`; a package that stands there again is
    // marked, so only the first two words count.
    let lines = text.lines().skip(1).filter_map(|line| {
        let mut words = line.split_whitespace();
        Some(format!("{} {}", words.next()?, words.next()?))
    });
    Ok(lines.collect())
}

fn packages(json: &str) -> Result<Vec<Package>, Failure> {
    let metadata: Value = serde_json::from_str(json)
        .map_err(|error| Failure::new(format!("cargo metadata is no JSON: {error}")))?;
    items(&metadata["packages"])
        .map(|value| {
            package(value).ok_or_else(|| {
                Failure::new("cargo metadata has a package without name or manifest")
            })
        })
        .collect()
}

fn package(value: &Value) -> Option<Package> {
    let manifest = PathBuf::from(value["manifest_path"].as_str()?);
    let features = value["features"].as_object()?.iter().map(|(name, on)| {
        let on = items(on).filter_map(Value::as_str).map(str::to_owned);
        (name.clone(), on.collect())
    });
    Some(Package {
        name: value["name"].as_str()?.to_owned(),
        dir: manifest.parent()?.to_owned(),
        // `publish = false` is an empty list of registries, no statement is null.
        published: value["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
        rust_version: value["rust_version"].as_str().map(str::to_owned),
        features: features.collect(),
        dependencies: items(&value["dependencies"]).filter_map(dependency).collect(),
    })
}

fn dependency(value: &Value) -> Option<Dependency> {
    Some(Dependency {
        name: value["name"].as_str()?.to_owned(),
        optional: value["optional"].as_bool()?,
        dev: value["kind"] == "dev",
        local: value["path"].is_string(),
    })
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_cargo_says() {
        let json = r#"{"packages": [{
            "name": "a", "manifest_path": "/w/crates/a/Cargo.toml", "publish": null, "rust_version": "1.88",
            "features": {"default": ["tz"], "tz": ["b/tz"]},
            "dependencies": [
                {"name": "b", "optional": false, "kind": null, "path": "/w/crates/b"},
                {"name": "c", "optional": true, "kind": "dev"}
            ]
        }, {
            "name": "x", "manifest_path": "/w/x/Cargo.toml", "publish": [], "rust_version": null,
            "features": {}, "dependencies": []
        }]}"#;
        let found = packages(json).unwrap();
        assert_eq!(found.len(), 2);
        let (a, x) = (&found[0], &found[1]);
        assert!(a.published && !x.published);
        assert_eq!(a.dir, PathBuf::from("/w/crates/a"));
        assert_eq!(a.rust_version.as_deref(), Some("1.88"));
        assert_eq!(a.features["tz"], ["b/tz"]);
        assert!(a.dependencies[0].local && !a.dependencies[0].dev);
        assert!(a.dependencies[1].optional && a.dependencies[1].dev && !a.dependencies[1].local);
    }

    #[test]
    fn refuses_a_package_without_a_name() {
        assert!(
            packages(r#"{"packages": [{"manifest_path": "/w/Cargo.toml", "features": {}}]}"#)
                .is_err()
        );
    }
}
