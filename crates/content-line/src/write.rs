//! Writing content lines: quoting, escaping, folding, and never a character that could start another line.

use crate::text::escape_text;

/// Longest physical line in octets, without its line end (RFC 5545 section 3.1, RFC 6350 section 3.2).
const WIDTH: usize = 75;

/// Appends `line` with CRLF after it, folded to 75 octets between characters. CR and LF inside are left out.
///
/// ```
/// let mut out = String::new();
/// content_line::fold_into(&mut out, &format!("NOTE:{}", "ä".repeat(40)));
/// assert_eq!(out, format!("NOTE:{}\r\n {}\r\n", "ä".repeat(35), "ä".repeat(5)));
/// ```
pub fn fold_into(out: &mut String, line: &str) {
    if memchr::memchr2(b'\r', b'\n', line.as_bytes()).is_some() {
        let line: String = line.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        return fold_clean(out, &line);
    }
    fold_clean(out, line);
}

fn fold_clean(out: &mut String, line: &str) {
    let mut rest = line;
    let mut width = WIDTH;
    while rest.len() > width {
        let (piece, after) = rest.split_at(fold_point(rest, width));
        out.push_str(piece);
        out.push_str("\r\n ");
        rest = after;
        width = WIDTH - 1;
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

/// The last place to fold at within `width` octets.
fn fold_point(text: &str, width: usize) -> usize {
    let mut at = width;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    // A `=` at the end of a physical line looks like a soft line break in a quoted-printable value.
    let latest = at;
    while at > 2 && latest - at < 4 && text.as_bytes().get(at - 1) == Some(&b'=') {
        at -= 1;
    }
    at
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Written {
    /// It was written, and reading it gives back what was asked for.
    AsGiven,
    /// It was written without some characters that have no place in a name, a parameter or a value.
    Altered,
    /// It was not written, as nothing was left of its name.
    Nothing,
}

/// Writes content lines into one growing text.
///
/// Nothing that is passed to it can break out of its line: in names only `A`–`Z`, `a`–`z`, `0`–`9`, `-` and `_`
/// pass; control characters except the tab are left out of parameters and values; line breaks become `^n` in
/// parameters (RFC 6868) and `\n` in texts, and are left out of raw values. Each line tells whether that happened
/// ([`Written`]). Long lines are folded.
///
/// ```
/// use content_line::{LineWriter, Written};
///
/// let mut writer = LineWriter::new();
/// writer.begin("VEVENT");
/// writer.name("SUMMARY").param("LANGUAGE", "en").value_text("Tea, then \"talk\"");
/// writer.name("ATTENDEE").param("CN", "Jo \"J\" D").param_values("MEMBER", ["mailto:a@x", "b"]).value_raw("mailto:c@x");
/// assert_eq!(writer.name("X-\r\nEVIL:").value_raw("a\r\nb"), Written::Altered);
/// writer.end("VEVENT");
/// assert_eq!(
///     writer.as_str(),
///     "BEGIN:VEVENT\r\n\
///      SUMMARY;LANGUAGE=en:Tea\\, then \"talk\"\r\n\
///      ATTENDEE;CN=Jo ^'J^' D;MEMBER=\"mailto:a@x\",b:mailto:c@x\r\n\
///      X-EVIL:ab\r\n\
///      END:VEVENT\r\n"
/// );
/// ```
#[derive(Clone, Debug, Default)]
pub struct LineWriter {
    out: String,
    /// The line that is being built; kept for its allocation.
    line: String,
}

impl LineWriter {
    /// Starts with an empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends to `out`.
    pub fn with(out: String) -> Self {
        Self { out, line: String::new() }
    }

    /// Starts a line. Nothing is written before the builder gets its value.
    pub fn name(&mut self, name: &str) -> LineBuilder<'_> {
        self.start(None, name)
    }

    /// Starts a line with a group, as vCard has them (RFC 6350 section 3.3). An empty group is none.
    pub fn grouped(&mut self, group: &str, name: &str) -> LineBuilder<'_> {
        self.start((!group.is_empty()).then_some(group), name)
    }

    /// Writes `BEGIN:name`.
    pub fn begin(&mut self, name: &str) -> Written {
        self.delimiter("BEGIN:", name)
    }

    /// Writes `END:name`.
    pub fn end(&mut self, name: &str) -> Written {
        self.delimiter("END:", name)
    }

    /// Writes a whole unfolded line as it is, but for control characters and white space at its start.
    ///
    /// It may be any line, even one that is no content line, a `BEGIN` or an `END`: the caller answers for that.
    pub fn line(&mut self, line: &str) -> Written {
        self.line.clear();
        let start = line.trim_start_matches(|c: char| c.is_ascii_control() || c == ' ');
        let removed = push_clean(&mut self.line, start);
        self.finish(removed || start.len() < line.len())
    }

    /// What is written so far.
    pub fn as_str(&self) -> &str {
        &self.out
    }

    /// Forgets what is written and keeps the allocation.
    pub fn clear(&mut self) {
        self.out.clear();
    }

    /// What is written.
    pub fn into_string(self) -> String {
        self.out
    }

    fn start(&mut self, group: Option<&str>, name: &str) -> LineBuilder<'_> {
        self.line.clear();
        let mut altered = false;
        if let Some(group) = group {
            altered |= push_name(&mut self.line, group);
            if !self.line.is_empty() {
                self.line.push('.');
            }
        }
        let start = self.line.len();
        altered |= push_name(&mut self.line, name);
        let nameless = self.line.len() == start;
        LineBuilder { writer: self, altered, nameless }
    }

    fn delimiter(&mut self, word: &str, name: &str) -> Written {
        self.line.clear();
        self.line.push_str(word);
        let altered = push_name(&mut self.line, name);
        if self.line.len() == word.len() {
            return Written::Nothing;
        }
        self.finish(altered)
    }

    fn finish(&mut self, altered: bool) -> Written {
        if self.line.is_empty() {
            return Written::Nothing;
        }
        fold_clean(&mut self.out, &self.line);
        if altered { Written::Altered } else { Written::AsGiven }
    }
}

/// A line that waits for its parameters and its value. See [`LineWriter::name`].
#[derive(Debug)]
#[must_use = "a line is written when it gets its value"]
pub struct LineBuilder<'w> {
    writer: &'w mut LineWriter,
    altered: bool,
    nameless: bool,
}

impl LineBuilder<'_> {
    /// Adds a parameter with one value, quoted if it holds `:`, `;` or `,`. `"`, `^` and line breaks are encoded as
    /// RFC 6868 says. Without a name it is a bare vCard 2.1 value.
    pub fn param(self, name: &str, value: &str) -> Self {
        self.list(name, [value], false)
    }

    /// Adds a parameter whose value is quoted in any case, as some definitions demand.
    pub fn param_quoted(self, name: &str, value: &str) -> Self {
        self.list(name, [value], true)
    }

    /// Adds a parameter with a list of values. Without values there is no parameter.
    pub fn param_values<V: AsRef<str>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.list(name, values, false)
    }

    fn list<V: AsRef<str>>(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = V>,
        quoted: bool,
    ) -> Self {
        let line = &mut self.writer.line;
        let start = line.len();
        line.push(';');
        self.altered |= push_name(line, name);
        if line.len() == start + 1 && !name.is_empty() {
            line.truncate(start);
            return self;
        }
        let bare = name.is_empty();
        if !bare {
            line.push('=');
        }
        let mut empty = true;
        for value in values {
            if !empty {
                line.push(',');
            }
            empty = false;
            let value = value.as_ref();
            self.altered |= push_param(line, value, quoted || bare && value.contains('='));
        }
        if empty {
            line.truncate(start);
        }
        self
    }

    /// Ends the line with a TEXT value, which is escaped (RFC 5545 section 3.3.11).
    pub fn value_text(mut self, text: &str) -> Written {
        self.writer.line.push(':');
        self.altered |= escape_text(&mut self.writer.line, text);
        self.finish()
    }

    /// Ends the line with several TEXT values, each escaped, with `separator` between them: `,` for a list, `;` for a
    /// structured value.
    pub fn value_texts<V: AsRef<str>>(
        mut self,
        separator: char,
        texts: impl IntoIterator<Item = V>,
    ) -> Written {
        let line = &mut self.writer.line;
        line.push(':');
        for (i, text) in texts.into_iter().enumerate() {
            if i > 0 {
                line.push(separator);
            }
            self.altered |= escape_text(line, text.as_ref());
        }
        self.finish()
    }

    /// Ends the line with a value as it is: a date, a URI, or a text that is escaped already. Control characters are
    /// left out, line breaks among them.
    pub fn value_raw(mut self, value: &str) -> Written {
        self.writer.line.push(':');
        self.altered |= push_clean(&mut self.writer.line, value);
        self.finish()
    }

    fn finish(self) -> Written {
        if self.nameless {
            return Written::Nothing;
        }
        self.writer.finish(self.altered)
    }
}

/// Answers whether characters were left out, as do the functions below.
fn push_name(out: &mut String, name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.bytes().all(allowed) {
        out.push_str(name);
        return false;
    }
    out.extend(name.bytes().filter(|&byte| allowed(byte)).map(char::from));
    true
}

fn push_clean(out: &mut String, text: &str) -> bool {
    let forbidden = |byte: u8| (byte < b' ' && byte != b'\t') || byte == 0x7F;
    // Nearly no text has one, so all bytes are looked at, which is quicker than stopping at the first.
    if !text.bytes().fold(false, |found, byte| found | forbidden(byte)) {
        out.push_str(text);
        return false;
    }
    out.extend(text.chars().filter(|&c| !u8::try_from(c).is_ok_and(forbidden)));
    true
}

fn push_param(out: &mut String, value: &str, quoted: bool) -> bool {
    let special = |byte: u8| byte < b' ' || matches!(byte, b'"' | b'^' | b':' | b';' | b',' | 0x7F);
    if !quoted && !value.bytes().any(special) {
        out.push_str(value);
        return false;
    }
    let quoted = quoted || value.bytes().any(|byte| matches!(byte, b':' | b';' | b','));
    let mut removed = false;
    if quoted {
        out.push('"');
    }
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '^' => out.push_str("^^"),
            '"' => out.push_str("^'"),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\n' => out.push_str("^n"),
            '\t' => out.push('\t'),
            _ if character.is_ascii_control() => removed = true,
            _ => out.push(character),
        }
    }
    if quoted {
        out.push('"');
    }
    removed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_between_characters_and_not_after_an_equals_sign() {
        let mut out = String::new();
        fold_into(&mut out, &format!("X:{}=C3=A4{}", "a".repeat(72), "😀".repeat(40)));
        for line in out.split_terminator("\r\n") {
            assert!(line.len() <= 75 && !line.ends_with('='), "{line:?}");
        }
        let mut out = String::new();
        fold_into(&mut out, &"=".repeat(200));
        assert_eq!(out.replace("\r\n ", ""), format!("{}\r\n", "=".repeat(200)));
        let mut out = String::new();
        fold_into(&mut out, "a\r\nb");
        assert_eq!(out, "ab\r\n");
    }

    #[test]
    fn params() {
        let mut writer = LineWriter::new();
        assert_eq!(writer.name("A").param("P", "a\r\nb\rc^\"\td").value_raw(""), Written::AsGiven);
        assert_eq!(writer.name("A").param("P", "\0a\u{7f};").value_raw(""), Written::Altered);
        assert_eq!(
            writer.name("A").param_quoted("P", "a").param("Q", "").value_raw(""),
            Written::AsGiven
        );
        assert_eq!(
            writer.name("A").param("", "HOME").param("", "a=b").value_raw(""),
            Written::AsGiven
        );
        assert_eq!(
            writer.name("A").param(";:", "x").param_values("P", [""; 0]).value_raw(""),
            Written::Altered
        );
        insta::assert_snapshot!(writer.as_str().replace("\r\n", "\n"), @r#"
        A;P=a^nb^nc^^^'	d:
        A;P="a;":
        A;P="a";Q=:
        A;HOME;"a=b":
        A:
        "#);
    }

    #[test]
    fn names_and_values() {
        let mut writer = LineWriter::with("V:1\r\n".to_owned());
        assert_eq!(writer.name(":;\r\n").value_raw("x"), Written::Nothing);
        assert_eq!(writer.begin("\n"), Written::Nothing);
        assert_eq!(writer.line(""), Written::Nothing);
        assert_eq!(writer.grouped("item1", "TEL").value_raw("1"), Written::AsGiven);
        assert_eq!(writer.grouped("é", "TEL").value_raw("1"), Written::Altered);
        assert_eq!(writer.grouped("", "TEL").value_texts(';', ["a;b", "", "c"]), Written::AsGiven);
        assert_eq!(writer.line(" \r\n A:b\nC"), Written::Altered);
        let _ = writer.name("NEVER").param("A", "b");
        assert_eq!(writer.name("N").value_text("ä\n\u{85}\0"), Written::Altered);
        insta::assert_snapshot!(writer.as_str().replace("\r\n", "\n"), @r"
        V:1
        item1.TEL:1
        TEL:1
        TEL:a\;b;;c
        A:bC
        N:ä\n
        ");
    }
}
