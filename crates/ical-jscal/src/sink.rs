//! Where an import goes to: groups in memory, or JSON text.

use std::io::{self, Write};

use jscalendar::json_model::{ToJson, write_compact};
use jscalendar::{Diagnostics, Entry, Group, Version};

use crate::calendar::Sink;

/// Collects groups.
pub(crate) struct Groups {
    pub(crate) list: Vec<Group>,
    pub(crate) version: Version,
}

impl Sink for Groups {
    fn calendars(&mut self, count: usize) -> io::Result<()> {
        self.list.reserve_exact(count);
        Ok(())
    }

    fn begin(&mut self, group: Group, diagnostics: &mut Diagnostics) -> io::Result<()> {
        self.list.push(group_in(group, self.version, diagnostics));
        Ok(())
    }

    fn entry(&mut self, entry: Entry, diagnostics: &mut Diagnostics) -> io::Result<()> {
        if let Some(group) = self.list.last_mut() {
            group.entries.push(entry_in(entry, self.version, diagnostics));
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes compact JSON: one group as an object, several as an array.
pub(crate) struct Json<W: Write> {
    /// None if the text stays in memory.
    out: Option<W>,
    version: Version,
    /// Of so many groups; those that were begun; the entries of the current one.
    count: usize,
    begun: usize,
    entries: usize,
    buffer: String,
}

/// How much is collected before it is written.
const CHUNK: usize = 64 * 1024;

impl Json<io::Sink> {
    /// Keeps the text, which will have about so many bytes.
    pub(crate) fn in_memory(capacity: usize, version: Version) -> Self {
        Self::with(None, capacity, version)
    }

    pub(crate) fn into_text(self) -> String {
        self.buffer
    }
}

impl<W: Write> Json<W> {
    pub(crate) fn new(out: W, version: Version) -> Self {
        Self::with(Some(out), CHUNK, version)
    }

    fn with(out: Option<W>, capacity: usize, version: Version) -> Self {
        let buffer = String::with_capacity(capacity);
        Self { out, version, count: 0, begun: 0, entries: 0, buffer }
    }

    fn flush_beyond(&mut self, limit: usize) -> io::Result<()> {
        if let Some(out) = self.out.as_mut().filter(|_| self.buffer.len() > limit) {
            out.write_all(self.buffer.as_bytes())?;
            self.buffer.clear();
        }
        Ok(())
    }
}

/// How every group begins.
const TYPE: &str = r#"{"@type":"Group""#;

impl<W: Write> Sink for Json<W> {
    fn calendars(&mut self, count: usize) -> io::Result<()> {
        self.count = count;
        if count > 1 {
            self.buffer.push('[');
        }
        Ok(())
    }

    fn begin(&mut self, group: Group, diagnostics: &mut Diagnostics) -> io::Result<()> {
        if self.begun > 0 {
            self.buffer.push(',');
        }
        self.begun += 1;
        self.entries = 0;
        let mut group = group_in(group, self.version, diagnostics);
        // Without its version it is a group without entries, whose end is where they go.
        let version = group.version.take();
        self.buffer.push_str(TYPE);
        if let Some(version) = version.filter(|version| *version == self.version) {
            self.buffer.push_str(&format!(",\"version\":\"{version}\""));
        }
        let mut text = String::with_capacity(1024);
        write_compact(&group.versioned(self.version), &mut text)?;
        text.pop();
        self.buffer.push_str(text.strip_prefix(TYPE).unwrap_or_default());
        self.buffer.push_str(",\"entries\":[");
        Ok(())
    }

    fn entry(&mut self, entry: Entry, diagnostics: &mut Diagnostics) -> io::Result<()> {
        if self.entries > 0 {
            self.buffer.push(',');
        }
        self.entries += 1;
        let entry = entry_in(entry, self.version, diagnostics);
        write_compact(&entry.versioned(self.version), &mut self.buffer)?;
        self.flush_beyond(CHUNK)
    }

    fn end(&mut self) -> io::Result<()> {
        self.buffer.push_str("]}");
        if self.count > 1 && self.begun == self.count {
            self.buffer.push(']');
        }
        self.flush_beyond(0)
    }
}

fn group_in(group: Group, version: Version, diagnostics: &mut Diagnostics) -> Group {
    if version == Version::V2_0 {
        return group;
    }
    let parsed = group.into_version(version);
    diagnostics.append(parsed.diagnostics);
    parsed.value
}

fn entry_in(entry: Entry, version: Version, diagnostics: &mut Diagnostics) -> Entry {
    if version == Version::V2_0 {
        return entry;
    }
    let (entry, found) = match entry {
        Entry::Event(event) => {
            let parsed = event.into_version(version);
            (Entry::from(parsed.value), parsed.diagnostics)
        }
        Entry::Task(task) => {
            let parsed = task.into_version(version);
            (Entry::from(parsed.value), parsed.diagnostics)
        }
        other => return other,
    };
    diagnostics.append(found);
    entry
}
