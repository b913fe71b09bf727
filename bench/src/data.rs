//! What is measured on: the corpus, and the generated calendar.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::generate;

/// The corpus lies beside the project and is no part of it.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus");

/// Flags of the corpus' index that make a file not well-formed, or no iCalendar.
const LEFT_OUT: [&str; 3] = ["BAD_", "FRAGMENT", "VCAL1"];

/// Texts under one name, all of them in memory.
pub(crate) struct DataSet {
    pub(crate) name: &'static str,
    pub(crate) texts: Vec<String>,
    /// Files that are no UTF-8, which the peers cannot be given.
    pub(crate) not_utf8: usize,
}

impl DataSet {
    /// The well-formed iCalendar files of the corpus; `None` if it is not there.
    pub(crate) fn corpus() -> Result<Option<Self>, String> {
        let root = Path::new(CORPUS);
        let Ok(index) = fs::read_to_string(root.join("INDEX.tsv")) else { return Ok(None) };
        let mut set = Self { name: "corpus", texts: Vec::new(), not_utf8: 0 };
        for row in index.lines().skip(1) {
            let mut columns = row.split('\t');
            let (Some(path), Some(flags)) = (columns.next(), columns.nth(4)) else { continue };
            if !path.starts_with("ical/") || LEFT_OUT.iter().any(|flag| flags.contains(flag)) {
                continue;
            }
            let bytes = fs::read(root.join(path))
                .map_err(|error| format!("cannot read {path}: {error}"))?;
            match String::from_utf8(bytes) {
                Ok(text) => set.texts.push(text),
                Err(_) => set.not_utf8 += 1,
            }
        }
        Ok(Some(set))
    }

    /// One generated calendar.
    pub(crate) fn stream(bytes: usize, seed: u64) -> Self {
        Self { name: "stream", texts: vec![generate::text(bytes, seed)], not_utf8: 0 }
    }
}

/// Writes the generated calendar to a file.
pub(crate) fn write(path: &Path, bytes: usize, seed: u64) -> Result<(), String> {
    let write = || {
        let mut file = BufWriter::new(File::create(path)?);
        generate::write(bytes, seed, &mut file)?;
        file.flush()
    };
    write().map_err(|error| format!("cannot write {}: {error}", path.display()))
}
