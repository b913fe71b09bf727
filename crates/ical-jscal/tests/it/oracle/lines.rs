//! Bytes to a tree of components with lines, as simple as it can be.

/// Deeper nesting than any calendar has is read as lines, so that nothing here recurses without a bound.
const MAX_DEPTH: usize = 32;

/// A parameter; several of one name on a line are one with all their values.
#[derive(Clone, Debug)]
pub(super) struct Param {
    /// Upper case.
    pub(super) name: String,
    /// Without quotes, RFC 6868 decoded.
    pub(super) values: Vec<String>,
}

/// A content line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The line as it stands, unfolded.
    pub(super) raw: String,
    /// Upper case; empty if the line has no colon.
    pub(super) name: String,
    pub(super) params: Vec<Param>,
    /// As it stands, with its escapes; the whole line if it has no colon.
    pub(super) value: String,
}

impl Line {
    pub(super) fn param(&self, name: &str) -> Option<String> {
        self.params.iter().find(|p| p.name == name).map(|p| p.values.join(","))
    }
}

/// What stands between `BEGIN` and `END`; the root has no name.
#[derive(Clone, Debug, Default)]
pub(super) struct Component {
    /// Upper case.
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    pub(super) children: Vec<Self>,
}

impl Component {
    pub(super) fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|l| l.name == name)
    }
}

/// Reads a stream. A component without `END` ends with its parent; a stray `END` is kept as a line.
pub(super) fn parse(bytes: &[u8]) -> Component {
    let mut open = vec![Component::default()];
    for raw in unfold(bytes) {
        let line = read(&raw);
        let value = line.value.trim().to_ascii_uppercase();
        if line.name == "BEGIN" && open.len() < MAX_DEPTH {
            open.push(Component { name: value, ..Component::default() });
        } else if line.name == "END" && open.len() > 1 && open.iter().any(|c| c.name == value) {
            while close(&mut open) != value {}
        } else if let Some(current) = open.last_mut() {
            current.lines.push(line);
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap_or_default()
}

/// Hangs the innermost component into its parent and gives its name.
fn close(open: &mut Vec<Component>) -> String {
    let Some(done) = open.pop() else { return String::new() };
    let name = done.name.clone();
    match open.last_mut() {
        Some(parent) => parent.children.push(done),
        None => open.push(done),
    }
    name
}

/// The logical lines of a text; CRLF, LF and CR all end a line, blank lines do not count.
pub(super) fn unfold(bytes: &[u8]) -> Vec<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for physical in bytes.split(|b| matches!(b, b'\r' | b'\n')) {
        match (physical, lines.last_mut()) {
            ([], _) => {}
            ([b' ' | b'\t', rest @ ..], Some(line)) => line.extend_from_slice(rest),
            _ => lines.push(physical.to_vec()),
        }
    }
    // Decoded only now: a fold may stand inside a character.
    lines.iter().map(|l| String::from_utf8_lossy(l).into_owned()).collect()
}

/// Takes a logical line apart.
pub(super) fn read(raw: &str) -> Line {
    // A lone quote is no reason to lose the value: without a colon outside quotes, quotes mean nothing.
    let parts = split_at_colon(raw, true).or_else(|| split_at_colon(raw, false));
    let Some((head, value)) = parts else {
        return Line {
            raw: raw.to_owned(),
            name: String::new(),
            params: Vec::new(),
            value: raw.to_owned(),
        };
    };
    let mut pieces = split_outside_quotes(head, ';').into_iter();
    let name = pieces.next().unwrap_or_default().trim().to_ascii_uppercase();
    let mut params: Vec<Param> = Vec::new();
    for piece in pieces {
        let (name, values) = param(piece);
        match params.iter_mut().find(|p| p.name == name) {
            Some(known) => known.values.extend(values),
            None => params.push(Param { name, values }),
        }
    }
    Line { raw: raw.to_owned(), name, params, value: value.to_owned() }
}

fn split_at_colon(raw: &str, quotes: bool) -> Option<(&str, &str)> {
    let mut inside = false;
    for (i, c) in raw.char_indices() {
        match c {
            '"' if quotes => inside = !inside,
            ':' if !inside => return Some((&raw[..i], &raw[i + 1..])),
            _ => {}
        }
    }
    None
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let mut inside = false;
    text.split(|c| {
        inside ^= c == '"';
        c == separator && !inside
    })
    .collect()
}

fn param(piece: &str) -> (String, Vec<String>) {
    let Some((name, values)) = piece.split_once('=') else {
        return (piece.trim().to_ascii_uppercase(), Vec::new());
    };
    let values =
        split_outside_quotes(values, ',').into_iter().map(|v| caret_decode(&v.replace('"', "")));
    (name.trim().to_ascii_uppercase(), values.collect())
}

/// RFC 6868.
fn caret_decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let decoded = match (c, chars.peek()) {
            ('^', Some('n')) => '\n',
            ('^', Some('\'')) => '"',
            ('^', Some('^')) => '^',
            _ => {
                out.push(c);
                continue;
            }
        };
        chars.next();
        out.push(decoded);
    }
    out
}
