//! Where each result goes, decided before anything is written.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::input::{DASH, EXTENSIONS, Inputs};

use super::Found;
use super::output::{Target, directory_of};

/// Where the results go as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    Stdout,
    File(PathBuf),
    Directory(PathBuf),
}

/// What `-o` means for these inputs; the error says how to put it right.
pub(super) fn place(inputs: &Inputs, output: Option<&Path>) -> Result<Place, String> {
    let several = inputs.has_directory || inputs.named > 1;
    let Some(output) = output else {
        return match (inputs.has_directory, several) {
            (true, _) => {
                Err("a directory is converted into a directory: say where with -o DIR".to_owned())
            }
            (false, true) => {
                Err("several inputs are converted into a directory: say where with -o DIR"
                    .to_owned())
            }
            (false, false) => Ok(Place::Stdout),
        };
    };
    if several && output.exists() && !output.is_dir() {
        let output = output.display();
        return Err(format!(
            "{output} is not a directory, and several inputs or a directory need one: give another -o DIR"
        ));
    }
    if several || output.is_dir() || ends_with_separator(output) {
        return Ok(Place::Directory(output.to_path_buf()));
    }
    if output.as_os_str() == DASH {
        return Ok(Place::Stdout);
    }
    not_an_input(inputs, output)?;
    Ok(Place::File(output.to_path_buf()))
}

/// Where everything goes that comes from all inputs.
pub(super) fn file(inputs: &Inputs, output: Option<&Path>) -> Result<Target, String> {
    let Some(output) = output.filter(|output| output.as_os_str() != DASH) else {
        return Ok(Target::Stdout);
    };
    if output.is_dir() || ends_with_separator(output) {
        let output = output.display();
        return Err(format!(
            "{output} is a directory, and occurrences go to a file: give its name with -o"
        ));
    }
    not_an_input(inputs, output)?;
    Ok(Target::File(output.to_path_buf()))
}

fn not_an_input(inputs: &Inputs, output: &Path) -> Result<(), String> {
    if Taken::new(inputs.paths()).contains(output) {
        let itself = if inputs.list.len() > 1 { "an input" } else { "the input itself" };
        return Err(format!("{} is {itself}: give another name with -o", output.display()));
    }
    Ok(())
}

fn ends_with_separator(path: &Path) -> bool {
    path.as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|last| std::path::is_separator((*last).into()))
}

/// Where the result of each input goes. An input that is known to fail needs no place and gets none of its own.
pub(super) fn targets(place: &Place, found: &[Found]) -> Vec<Target> {
    let directory = match place {
        Place::Stdout => return found.iter().map(|_| Target::Stdout).collect(),
        Place::File(path) => return found.iter().map(|_| Target::File(path.clone())).collect(),
        Place::Directory(directory) => directory,
    };
    let wanted: Vec<Wanted<'_>> = found
        .iter()
        .map(|found| {
            let extension = found.pair.as_ref().ok().map(|pair| pair.to.extension());
            Wanted { relative: &found.input.relative, extension }
        })
        .collect();
    let taken = Taken::new(found.iter().filter_map(|found| found.input.path.as_deref()));
    let names = names(&wanted, |name| taken.contains(&directory.join(name)));
    names.into_iter().map(|name| Target::InDirectory(directory.join(name))).collect()
}

/// What a result would like to be called.
#[derive(Clone, Copy, Debug)]
struct Wanted<'a> {
    /// The place of the input in its tree.
    relative: &'a Path,
    /// The extension of the result, if there will be one.
    extension: Option<&'static str>,
}

/// A different name for every result: `a.json` for the first that wants it, `a.vcs.json` for the next, and numbers
/// where not even that is free. A plain name that one input has a right to is never given to another.
fn names(wanted: &[Wanted<'_>], is_taken: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut given: HashSet<PathBuf> = HashSet::new();
    let mut names: Vec<Option<PathBuf>> = Vec::with_capacity(wanted.len());
    for Wanted { relative, extension } in wanted {
        let plain = extension.map_or(PathBuf::new(), |extension| plain(relative, extension));
        let is_free = extension.is_none() || (!is_taken(&plain) && given.insert(plain.clone()));
        names.push(is_free.then_some(plain));
    }
    let mut all = Vec::with_capacity(names.len());
    for (name, Wanted { relative, extension }) in names.into_iter().zip(wanted) {
        all.push(name.unwrap_or_else(|| {
            let other = (1_usize..)
                .map(|number| with_old_extension(relative, extension.unwrap_or_default(), number));
            // The numbers do not end before the names do.
            other
                .filter(|other| !is_taken(other))
                .find(|other| given.insert(other.clone()))
                .unwrap_or_default()
        }));
    }
    all
}

/// `a.ics` as `a.json`; an extension that is none of ours stays where it is.
fn plain(relative: &Path, extension: &str) -> PathBuf {
    let old = relative.extension().and_then(|old| old.to_str());
    if old.is_some_and(|old| EXTENSIONS.iter().any(|known| old.eq_ignore_ascii_case(known))) {
        relative.with_extension(extension)
    } else {
        with_old_extension(relative, extension, 1)
    }
}

/// `a.vcs` as `a.vcs.json`, then `a.vcs.2.json`.
fn with_old_extension(relative: &Path, extension: &str, number: usize) -> PathBuf {
    let mut name = relative.file_name().map_or_else(OsString::new, OsString::from);
    if number > 1 {
        name.push(format!(".{number}"));
    }
    name.push(".");
    name.push(extension);
    relative.with_file_name(name)
}

/// The files that are inputs, and so must not be written over.
struct Taken<'a> {
    paths: Vec<&'a Path>,
    /// Made when the first output already exists: only then can it be an input.
    real: OnceCell<HashSet<PathBuf>>,
}

impl<'a> Taken<'a> {
    fn new(paths: impl Iterator<Item = &'a Path>) -> Self {
        Self { paths: paths.collect(), real: OnceCell::new() }
    }

    fn contains(&self, output: &Path) -> bool {
        if fs::symlink_metadata(output).is_err() {
            return false;
        }
        let real =
            self.real.get_or_init(|| self.paths.iter().flat_map(|path| both(path)).collect());
        both(output).any(|output| real.contains(&output))
    }
}

/// What a path leads to, and, if it is a link, the link itself: neither may be lost.
fn both(path: &Path) -> impl Iterator<Item = PathBuf> {
    let itself = fs::canonicalize(directory_of(path))
        .ok()
        .zip(path.file_name())
        .map(|(real, name)| real.join(name));
    fs::canonicalize(path).ok().into_iter().chain(itself)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(inputs: &[&str], taken: &[&str]) -> Vec<String> {
        let wanted: Vec<Wanted<'_>> = inputs
            .iter()
            .map(|input| {
                let extension = if input.ends_with(".json") { "ics" } else { "json" };
                Wanted { relative: Path::new(*input), extension: Some(extension) }
            })
            .collect();
        let names = names(&wanted, |name| taken.iter().any(|taken| Path::new(taken) == name));
        names.iter().map(|name| name.to_str().unwrap().replace('\\', "/")).collect()
    }

    #[test]
    fn the_first_gets_the_plain_name_and_the_next_keeps_its_extension() {
        assert_eq!(
            named(&["a.ics", "a.vcs", "b/a.ICS"], &[]),
            ["a.json", "a.vcs.json", "b/a.json"]
        );
        assert_eq!(
            named(&["a.ics", "a.ics", "a.ics"], &[]),
            ["a.json", "a.ics.json", "a.ics.2.json"]
        );
    }

    #[test]
    fn nobody_loses_a_plain_name_to_a_longer_one() {
        assert_eq!(
            named(&["a.ics", "a.vcs", "a.vcs.ics"], &[]),
            ["a.json", "a.vcs.2.json", "a.vcs.json"]
        );
    }

    #[test]
    fn no_input_is_written_over() {
        assert_eq!(named(&["a.ics", "a.json"], &["a.ics", "a.json"]), ["a.ics.json", "a.json.ics"]);
    }

    #[test]
    fn other_extensions_stay() {
        assert_eq!(
            named(&["stdin", "my.calendar", ".ics"], &[]),
            ["stdin.json", "my.calendar.json", ".ics.json"]
        );
    }
}
