//! [`Target`]: where a result is written, whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use jscalendar::Diagnostics;

use crate::report::Failure;

use super::Stop;
use super::pretty::Pretty;

/// Where one result goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Stdout,
    File(PathBuf),
    /// A file in a tree whose directories are made as they are needed.
    InDirectory(PathBuf),
}

/// How a result is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) json: bool,
    pub(super) pretty: bool,
}

impl Target {
    /// Writes a result that is complete.
    pub(super) fn put(&self, form: Form, text: &str) -> Result<(), Stop> {
        let write = |out: &mut dyn Write| form.write(text, out);
        match self.prepare()? {
            None => write(&mut io::stdout().lock()).map_err(lost_reader),
            Some(path) if is_special(path) => open_special(path)
                .and_then(|mut file| write(&mut file))
                .map_err(|error| unwritable(path, &error)),
            Some(path) => {
                replace(path, |file| write(file)).map_err(|error| unwritable(path, &error))
            }
        }
    }

    /// Writes a result as `fill` makes it. Files get it in the end, when nothing can fail any more; so does standard
    /// output if `exact`, where even a complete result may have to be thrown away.
    pub(super) fn stream(
        &self,
        form: Form,
        exact: bool,
        fill: impl FnOnce(&mut dyn Write) -> Result<Diagnostics, Failure>,
    ) -> Result<Diagnostics, Stop> {
        match self.prepare()? {
            None if !exact => pass(io::stdout().lock(), form, fill, lost_reader),
            None => {
                let temporary = tempfile::tempfile().map_err(|error| Failure::temporary(&error))?;
                let (diagnostics, mut file) =
                    keep(temporary, form, fill, |error| Failure::temporary(&error).into())?;
                let mut out = io::stdout().lock();
                io::copy(&mut file, &mut out).and_then(|_| out.flush()).map_err(lost_reader)?;
                Ok(diagnostics)
            }
            Some(path) if is_special(path) => {
                let file = open_special(path).map_err(|error| unwritable(path, &error))?;
                pass(file, form, fill, |error| unwritable(path, &error))
            }
            Some(path) => {
                // Without a name until it is complete: whatever interrupts the program, nothing of it is left.
                let temporary = tempfile::tempfile_in(directory_of(&resolve(path)))
                    .map_err(|error| unwritable(path, &error))?;
                let (diagnostics, mut file) =
                    keep(temporary, form, fill, |error| unwritable(path, &error))?;
                replace(path, |named| io::copy(&mut file, named).map(drop))
                    .map_err(|error| unwritable(path, &error))?;
                Ok(diagnostics)
            }
        }
    }

    /// The path, with the directories above it if they are ours to make; `None` for standard output.
    fn prepare(&self) -> Result<Option<&Path>, Stop> {
        match self {
            Self::Stdout => Ok(None),
            Self::File(path) => Ok(Some(path)),
            Self::InDirectory(path) => {
                fs::create_dir_all(directory_of(path)).map_err(|error| unwritable(path, &error))?;
                Ok(Some(path))
            }
        }
    }
}

impl Form {
    /// Lines, which all have their end.
    pub(super) const LINES: Self = Self { json: false, pretty: false };

    fn write(self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut formatted = Formatted::new(out, self);
        formatted.write_all(text.as_bytes())?;
        formatted.finish()
    }
}

/// Lets a stream through to `out`.
fn pass<W: Write>(
    out: W,
    form: Form,
    fill: impl FnOnce(&mut dyn Write) -> Result<Diagnostics, Failure>,
    failed: impl FnOnce(io::Error) -> Stop,
) -> Result<Diagnostics, Stop> {
    let mut formatted = Formatted::new(BufWriter::new(out), form);
    let filled = fill(&mut formatted);
    // What the library calls a failed conversion is a failed output if writing failed.
    if let Some(error) = formatted.error.take() {
        return Err(failed(error));
    }
    let diagnostics = filled?;
    formatted.finish().map_err(failed)?;
    Ok(diagnostics)
}

/// Lets a stream through to a file and goes back to its beginning.
fn keep(
    mut file: File,
    form: Form,
    fill: impl FnOnce(&mut dyn Write) -> Result<Diagnostics, Failure>,
    failed: impl Fn(io::Error) -> Stop,
) -> Result<(Diagnostics, File), Stop> {
    let diagnostics = pass(&mut file, form, fill, &failed)?;
    file.rewind().map_err(failed)?;
    Ok((diagnostics, file))
}

/// Indents JSON if that is wanted, and ends its line.
struct Formatted<W: Write> {
    out: W,
    json: bool,
    pretty: Option<Pretty>,
    buffer: Vec<u8>,
    /// Why writing failed.
    error: Option<io::Error>,
}

impl<W: Write> Formatted<W> {
    fn new(out: W, form: Form) -> Self {
        let pretty = (form.json && form.pretty).then(Pretty::default);
        Self { out, json: form.json, pretty, buffer: Vec::new(), error: None }
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.json {
            self.out.write_all(b"\n")?;
        }
        self.out.flush()
    }

    fn pass_on(&mut self, piece: &[u8]) -> io::Result<()> {
        let Some(pretty) = &mut self.pretty else { return self.out.write_all(piece) };
        for piece in piece.chunks(1 << 16) {
            self.buffer.clear();
            pretty.feed(piece, &mut self.buffer);
            self.out.write_all(&self.buffer)?;
        }
        Ok(())
    }

    fn noted(&mut self, result: io::Result<()>) -> io::Result<()> {
        result.map_err(|error| {
            let copy = error.kind().into();
            self.error.get_or_insert(error);
            copy
        })
    }
}

impl<W: Write> Write for Formatted<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let result = self.pass_on(piece);
        self.noted(result)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.out.flush();
        self.noted(result)
    }
}

/// Writes a file under another name in the same directory and gives it its name when it is complete.
fn replace(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    // A link stays a link: what it leads to is replaced.
    let path = resolve(path);
    let old = fs::metadata(&path).ok();
    if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jmapctl-").suffix(".tmp");
    // The mode of any new file; the process takes away from it what its user does not want (umask).
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut temporary = builder.tempfile_in(directory_of(&path))?;
    fill(temporary.as_file_mut())?;
    if let Some(old) = old {
        temporary.as_file().set_permissions(old.permissions())?;
    }
    temporary.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

fn resolve(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The directory that a file is in.
pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// A device or a pipe, such as /dev/null, which is written into and never replaced.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

fn open_special(path: &Path) -> io::Result<File> {
    fs::OpenOptions::new().write(true).open(path)
}

fn lost_reader(error: io::Error) -> Stop {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Stop::Gone;
    }
    Failure::new("unwritable", format!("cannot write to standard output: {error}")).into()
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    let directory = directory_of(path);
    let why = if error.kind() == io::ErrorKind::NotFound && !directory.exists() {
        format!("there is no directory {}; make it first", directory.display())
    } else {
        error.to_string()
    };
    Failure::new("unwritable", format!("cannot write {}: {why}", path.display())).into()
}
