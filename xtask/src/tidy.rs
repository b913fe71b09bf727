//! Conventions that no other tool checks.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::root;
use crate::manifest::Manifest;
use crate::outcome::{Failure, StepResult, judge};
use crate::workspace::{Package, members};

/// The longest source file of a crate; past that it is time to split it.
const MAX_LINES: usize = 1000;

/// Checks the manifest and the sources of every member, and the sources of the packages outside the workspace.
pub(crate) fn run() -> StepResult {
    let mut faults = Vec::new();
    let mut sources = Vec::new();
    for member in members()? {
        faults.extend(member_faults(&member)?);
        rust_files(&member.dir, &mut sources)?;
    }
    for package in ["bench", "fuzz"] {
        let dir = root().join(package);
        if dir.is_dir() {
            rust_files(&dir, &mut sources)?;
        }
    }
    for path in &sources {
        let name = path.strip_prefix(root()).unwrap_or(path);
        faults.extend(source_faults(name, &read(path)?));
    }
    judge(&faults, format!("{} source files", sources.len()))
}

fn member_faults(member: &Package) -> Result<Vec<String>, Failure> {
    let name = &member.name;
    let manifest = Manifest::parse(&read(&member.dir.join("Cargo.toml"))?);
    let mut faults = Vec::new();
    // `unsafe_code = "forbid"` comes with the lints of the workspace, so no crate needs the attribute.
    if !manifest.inherits_lints() {
        faults.push(format!("{name}: the manifest lacks `[lints] workspace = true`"));
    }
    for dependency in manifest.own_dependencies() {
        faults.push(format!("{name}: {dependency} must come from workspace.dependencies"));
    }
    if member.published {
        let missing = ["README.md", "CHANGELOG.md"]
            .into_iter()
            .filter(|file| !member.dir.join(file).is_file());
        faults.extend(missing.map(|file| format!("{name}: a published crate needs a {file}")));
    }
    Ok(faults)
}

fn source_faults(path: &Path, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let first = text.lines().find(|line| !line.trim().is_empty());
    if !first.is_some_and(|line| line.starts_with("//!")) {
        faults.push(format!("{}: a module opens with `//!`", path.display()));
    }
    let is_library =
        path.starts_with("crates") && path.components().any(|part| part.as_os_str() == "src");
    let lines = text.lines().count();
    if is_library && lines > MAX_LINES {
        faults.push(format!("{}: {lines} lines, more than {MAX_LINES}", path.display()));
    }
    faults
}

/// Adds the Rust files in and below `dir`, build folders left out, in a stable order.
fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error| Failure::new(format!("cannot list {}: {error}", dir.display()));
    let entries: Result<Vec<_>, _> = fs::read_dir(dir).map_err(unreadable)?.collect();
    let mut paths: Vec<_> =
        entries.map_err(unreadable)?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                rust_files(&path, found)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wants_a_module_to_say_what_it_is() {
        let path = Path::new("crates/a/src/b.rs");
        assert_eq!(source_faults(path, "\n//! What it is.\nfn f() {}\n"), [""; 0]);
        assert_eq!(
            source_faults(path, "// What it is.\n"),
            ["crates/a/src/b.rs: a module opens with `//!`"]
        );
        assert_eq!(source_faults(path, "").len(), 1);
    }

    #[test]
    fn wants_long_files_of_crates_split() {
        let text = format!("//! Long.\n{}", "\n".repeat(MAX_LINES));
        assert_eq!(
            source_faults(Path::new("crates/a/src/b.rs"), &text),
            ["crates/a/src/b.rs: 1001 lines, more than 1000"]
        );
        assert_eq!(source_faults(Path::new("crates/a/tests/it/b.rs"), &text), [""; 0]);
    }
}
