//! The inputs of a command: files, what directories hold, standard input.

mod content;
mod walk;

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use self::content::Content;
pub(crate) use self::walk::EXTENSIONS;

use self::walk::Walk;
use crate::report::{Failure, Reporter};

/// What stands for standard input among paths, and for standard output behind `-o`.
pub(crate) const DASH: &str = "-";

/// One thing to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// Where it is; `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    /// Its place in a mirrored tree: its name, or the path to it inside the directory that was named.
    pub(crate) relative: PathBuf,
}

impl Input {
    fn stdin() -> Self {
        Self { path: None, relative: PathBuf::from("stdin") }
    }

    fn file(path: PathBuf) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str());
        Self { relative: PathBuf::from(name), path: Some(path) }
    }

    /// What diagnostics call it.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        self.path.as_deref().map_or(Cow::Borrowed("<stdin>"), Path::to_string_lossy)
    }

    /// The content. Standard input can be read once.
    pub(crate) fn open(&self) -> io::Result<Content> {
        match &self.path {
            Some(path) => Content::of_file(path),
            None => Content::of_stdin(),
        }
    }

    /// The first bytes of the content, and the content itself if it cannot be read a second time.
    pub(crate) fn peek(&self) -> io::Result<(Vec<u8>, Option<Content>)> {
        if let Some(head) =
            self.path.as_deref().map(content::head_of_regular_file).transpose()?.flatten()
        {
            return Ok((head, None));
        }
        let mut content = self.open()?;
        Ok((content.head()?, Some(content)))
    }
}

/// All inputs that were named, in order; what directories hold is sorted by name.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) list: Vec<Input>,
    /// How many things were named; nothing counts as standard input.
    pub(crate) named: usize,
    /// Whether a directory was among what was named.
    pub(crate) has_directory: bool,
    /// Whether standard input was named more than once.
    pub(crate) stdin_twice: bool,
    /// What people should know about the directories.
    pub(crate) notes: Vec<Note>,
    /// Directories that could not be read.
    pub(crate) unreadable: Vec<(PathBuf, io::Error)>,
}

/// Something about a directory that is no failure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) directory: PathBuf,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Inputs {
    /// Finds the inputs. What lies in `without` is left out: a command does not read its own output.
    pub(crate) fn find(named: &[PathBuf], without: Option<&Path>) -> Self {
        if named.is_empty() {
            return Self { list: vec![Input::stdin()], named: 1, ..Self::default() };
        }
        let without = without.and_then(|path| fs::canonicalize(path).ok());
        let mut inputs = Self { named: named.len(), ..Self::default() };
        let mut stdin = 0;
        for path in named {
            if path.as_os_str() == DASH {
                stdin += 1;
                inputs.list.push(Input::stdin());
            } else if path.is_dir() {
                inputs.has_directory = true;
                inputs.directory(path, without.as_deref());
            } else {
                inputs.list.push(Input::file(path.clone()));
            }
        }
        inputs.stdin_twice = stdin > 1;
        inputs
    }

    /// What is wrong with what was named, whatever the command.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.stdin_twice {
            return Err("standard input (-) can be read only once".to_owned());
        }
        Ok(())
    }

    /// Says what there is to say before the work begins, and how many directories could not be read.
    pub(crate) fn report(&self, reporter: &Reporter) -> usize {
        for note in &self.notes {
            reporter.note(&note.directory.to_string_lossy(), note.code, &note.message);
        }
        for (directory, error) in &self.unreadable {
            reporter.failure(&directory.to_string_lossy(), &Failure::unreadable(error));
        }
        self.unreadable.len()
    }

    /// The files among the inputs.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.list.iter().filter_map(|input| input.path.as_deref())
    }

    fn directory(&mut self, root: &Path, without: Option<&Path>) {
        let before = self.list.len();
        let mut walk = Walk::new(root, without);
        for path in &mut walk {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
            self.list.push(Input { path: Some(path), relative });
        }
        let mut note =
            |code, message| self.notes.push(Note { directory: root.to_path_buf(), code, message });
        if walk.skipped > 0 {
            let (files, were) = if walk.skipped == 1 { ("file", "was") } else { ("files", "were") };
            note(
                "skipped-files",
                format!(
                    "{} {files} {were} skipped: only .ics, .ical, .ifb, .icalendar, .vcs and .json count",
                    walk.skipped
                ),
            );
        }
        if walk.links > 0 {
            let links = if walk.links == 1 {
                "link to a directory was"
            } else {
                "links to directories were"
            };
            note(
                "skipped-links",
                format!(
                    "{} {links} not followed; name the directory itself to include it",
                    walk.links
                ),
            );
        }
        if self.list.len() == before && walk.skipped == 0 && walk.unreadable.is_empty() {
            note("empty", "there is no file in it".to_owned());
        }
        self.unreadable.append(&mut walk.unreadable);
    }
}
