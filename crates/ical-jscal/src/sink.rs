//! Where an import goes to: groups in memory, or JSON text.

use std::io::{self, Write};

use jscalendar::json_model::ToJson;
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
    out: W,
    version: Version,
    /// Of so many groups; those that were begun; the entries of the current one.
    count: usize,
    begun: usize,
    entries: usize,
    buffer: Vec<u8>,
}

/// How much is collected before it is written.
const CHUNK: usize = 64 * 1024;

impl<W: Write> Json<W> {
    pub(crate) fn new(out: W, version: Version) -> Self {
        Self { out, version, count: 0, begun: 0, entries: 0, buffer: Vec::with_capacity(CHUNK) }
    }

    fn flush_beyond(&mut self, limit: usize) -> io::Result<()> {
        if self.buffer.len() > limit {
            self.out.write_all(&self.buffer)?;
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
            self.buffer.push(b'[');
        }
        Ok(())
    }

    fn begin(&mut self, group: Group, diagnostics: &mut Diagnostics) -> io::Result<()> {
        if self.begun > 0 {
            self.buffer.push(b',');
        }
        self.begun += 1;
        self.entries = 0;
        let mut group = group_in(group, self.version, diagnostics);
        // Without its version it is a group without entries, whose end is where they go.
        let version = group.version.take();
        let mut text = serde_json::to_string(&group.versioned(self.version))?;
        text.pop();
        let members = text.strip_prefix(TYPE).unwrap_or_default();
        self.buffer.extend_from_slice(TYPE.as_bytes());
        if let Some(version) = version.filter(|version| *version == self.version) {
            write!(self.buffer, ",\"version\":\"{version}\"")?;
        }
        self.buffer.extend_from_slice(members.as_bytes());
        self.buffer.extend_from_slice(b",\"entries\":[");
        Ok(())
    }

    fn entry(&mut self, entry: Entry, diagnostics: &mut Diagnostics) -> io::Result<()> {
        if self.entries > 0 {
            self.buffer.push(b',');
        }
        self.entries += 1;
        let entry = entry_in(entry, self.version, diagnostics);
        serde_json::to_writer(&mut self.buffer, &entry.versioned(self.version))?;
        self.flush_beyond(CHUNK)
    }

    fn end(&mut self) -> io::Result<()> {
        self.buffer.extend_from_slice(b"]}");
        if self.count > 1 && self.begun == self.count {
            self.buffer.push(b']');
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
