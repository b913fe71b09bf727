//! [`Walk`]: the files in and below a directory that count as inputs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How the names of files end that count, in lower case.
pub(crate) const EXTENSIONS: [&str; 6] = ["ics", "ical", "ifb", "icalendar", "vcs", "json"];

/// Goes through a directory and all below it, sorted by name; gives the files that count.
///
/// Links to files are read like files. Links to directories are not followed, so there is no loop to fall into, and
/// every file comes once.
pub(super) struct Walk<'w> {
    /// What is still to be looked at, the next one last.
    waiting: Vec<(PathBuf, Node)>,
    without: Option<&'w Path>,
    /// Files whose names end in something else.
    pub(super) skipped: usize,
    /// Links to directories.
    pub(super) links: usize,
    pub(super) unreadable: Vec<(PathBuf, io::Error)>,
}

#[derive(Clone, Copy)]
enum Node {
    File,
    Directory,
}

impl<'w> Walk<'w> {
    /// `without` is a canonical path: a directory below the root that is left out.
    pub(super) fn new(root: &Path, without: Option<&'w Path>) -> Self {
        let mut walk =
            Self { waiting: Vec::new(), without, skipped: 0, links: 0, unreadable: Vec::new() };
        walk.enter(root.to_path_buf());
        walk
    }

    fn enter(&mut self, directory: PathBuf) {
        let mut found = match entries(&directory) {
            Ok(found) => found,
            Err(error) => return self.unreadable.push((directory, error)),
        };
        found.sort_unstable_by(|(a, _), (b, _)| b.file_name().cmp(&a.file_name()));
        for (path, file_type) in found {
            self.note(path, file_type);
        }
    }

    fn note(&mut self, path: PathBuf, file_type: fs::FileType) {
        if file_type.is_dir() {
            return self.waiting.push((path, Node::Directory));
        }
        // A link without a target, and one that leads to itself, has no metadata: reading it will say so.
        let target = if file_type.is_symlink() { fs::metadata(&path).ok() } else { None };
        let file_type = target.map_or(file_type, |target| target.file_type());
        if file_type.is_dir() {
            self.links += 1;
        } else if counts(&path) && !is_special(file_type) {
            self.waiting.push((path, Node::File));
        } else {
            self.skipped += 1;
        }
    }

    fn is_left_out(&self, directory: &Path) -> bool {
        self.without
            .is_some_and(|without| fs::canonicalize(directory).is_ok_and(|path| path == without))
    }
}

impl Iterator for Walk<'_> {
    type Item = PathBuf;

    fn next(&mut self) -> Option<PathBuf> {
        loop {
            match self.waiting.pop()? {
                (path, Node::File) => return Some(path),
                (path, Node::Directory) if self.is_left_out(&path) => {}
                (path, Node::Directory) => self.enter(path),
            }
        }
    }
}

fn entries(directory: &Path) -> io::Result<Vec<(PathBuf, fs::FileType)>> {
    fs::read_dir(directory)?
        .map(|entry| {
            let entry = entry?;
            Ok((entry.path(), entry.file_type()?))
        })
        .collect()
}

fn counts(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Neither file nor link: opening a pipe would wait for somebody to write into it.
fn is_special(file_type: fs::FileType) -> bool {
    !file_type.is_file() && !file_type.is_symlink()
}
