//! [`Pretty`]: indents JSON text while it passes, without reading it as values: no number and no order changes.

/// How deep the indentation follows; past it lines would only get longer.
const DEEPEST: usize = 40;

/// The state between two pieces of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Pretty {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Whether an object or array was just opened, which may be empty.
    opened: bool,
}

impl Pretty {
    /// Adds the next piece to `out`.
    pub(super) fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for &byte in piece {
            self.step(byte, out);
        }
    }

    fn step(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.in_string {
            out.push(byte);
            self.in_string = self.escaped || byte != b'"';
            self.escaped = byte == b'\\' && !self.escaped;
            return;
        }
        if byte.is_ascii_whitespace() {
            return;
        }
        let closes = matches!(byte, b'}' | b']');
        if closes {
            self.depth = self.depth.saturating_sub(1);
        }
        if self.opened != closes {
            self.line(out);
        }
        self.opened = matches!(byte, b'{' | b'[');
        out.push(byte);
        match byte {
            b'{' | b'[' => self.depth += 1,
            b'"' => self.in_string = true,
            b',' => self.line(out),
            b':' => out.push(b' '),
            _ => {}
        }
    }

    fn line(&self, out: &mut Vec<u8>) {
        out.push(b'\n');
        out.resize(out.len() + 2 * self.depth.min(DEEPEST), b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pretty(text: &str, piece: usize) -> String {
        let (mut pretty, mut out) = (Pretty::default(), Vec::new());
        for piece in text.as_bytes().chunks(piece) {
            pretty.feed(piece, &mut out);
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_looks_like_what_serde_json_makes() {
        let texts = [
            r#"{"a":1,"b":[true,null,{"c":"x,{}[]: \"\\"}],"d":{},"e":[],"f":[[1],[]]}"#,
            r#"[{"@type":"Event","t":"é\\\""},{}]"#,
            "[]",
            "\"a\"",
        ];
        for text in texts {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            let expected = serde_json::to_string_pretty(&value).unwrap();
            for piece in [1, 3, 1000] {
                assert_eq!(pretty(text, piece), expected);
            }
        }
    }

    #[test]
    fn numbers_and_blanks_are_left_alone() {
        assert_eq!(
            pretty(r#"{ "b" : 1.50e400 , "a b" : 1 }"#, 2),
            "{\n  \"b\": 1.50e400,\n  \"a b\": 1\n}"
        );
    }
}
