//! Parameters of a content line.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// The parameters of a line, in order, found while iterating. See [`Line::params`](crate::Line::params).
#[derive(Clone, Debug)]
pub struct Params<'a> {
    rest: &'a str,
}

impl<'a> Params<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }
}

impl<'a> Iterator for Params<'a> {
    type Item = Param<'a>;

    fn next(&mut self) -> Option<Param<'a>> {
        while !self.rest.is_empty() {
            let end = param_end(self.rest.as_bytes(), 0, false).unwrap_or(self.rest.len());
            let (text, rest) = cut(self.rest, end);
            self.rest = rest;
            // A doubled `;` is a common slip and says nothing.
            if !text.trim_ascii().is_empty() {
                return Some(Param::new(text));
            }
        }
        None
    }
}

/// One parameter of a content line: `NAME=value`, or in vCard 2.1 the bare value (RFC 5545 section 3.2).
///
/// ```
/// use content_line::{Line, Position};
///
/// let line = Line::parse(b"ATTENDEE;MEMBER=\"mailto:a@x\",\"mailto:b@x\";CN=J^^o:mailto:c@x", Position::START).unwrap();
/// let member = line.param("member").unwrap();
/// assert_eq!(member.values().collect::<Vec<_>>(), ["mailto:a@x", "mailto:b@x"]);
/// assert_eq!(line.param("CN").unwrap().value(), "J^o");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param<'a> {
    name: &'a str,
    raw: &'a str,
    bare: bool,
}

impl<'a> Param<'a> {
    fn new(text: &'a str) -> Self {
        match memchr2(b'=', b'"', text.as_bytes()) {
            Some(at) if text.as_bytes().get(at) == Some(&b'=') => {
                let (name, raw) = cut(text, at);
                Self { name: name.trim_ascii(), raw, bare: false }
            }
            _ => Self { name: "", raw: text, bare: true },
        }
    }

    /// The name as written. Empty for a bare vCard 2.1 value.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Whether this is the parameter `name`, in whatever case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The text after the `=` as written, with quotes and `^` escapes.
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    /// Whether there is a value without a name, as in vCard 2.1's `TEL;HOME:`.
    pub fn is_bare(&self) -> bool {
        self.bare
    }

    /// The values of the comma-separated list, without their quotes and with the escapes of RFC 6868 decoded.
    ///
    /// There is at least one, maybe an empty one.
    pub fn values(&self) -> ParamValues<'a> {
        ParamValues { rest: Some(self.raw) }
    }

    /// The first of [`values`](Self::values).
    pub fn value(&self) -> Cow<'a, str> {
        self.values().next().unwrap_or_default()
    }
}

/// The values of one parameter. See [`Param::values`].
#[derive(Clone, Debug)]
pub struct ParamValues<'a> {
    rest: Option<&'a str>,
}

impl<'a> Iterator for ParamValues<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Cow<'a, str>> {
        let text = self.rest?;
        let quoted = quoted_end(text.as_bytes(), 0);
        let from = quoted.unwrap_or(0);
        let comma = memchr(b',', text.as_bytes().get(from..)?).map(|i| from + i);
        let value = match comma {
            Some(comma) => {
                let (value, rest) = cut(text, comma);
                self.rest = Some(rest);
                value
            }
            None => {
                self.rest = None;
                text
            }
        };
        Some(match quoted {
            None => decode_caret(value),
            Some(end) => {
                let inner = value.get(1..end - 1).unwrap_or_default();
                match value.get(end..).unwrap_or_default() {
                    "" => decode_caret(inner),
                    // `"a"b`: wrong, but both parts were meant.
                    tail => Cow::Owned(decode_caret(&format!("{inner}{tail}")).into_owned()),
                }
            }
        })
    }
}

/// The end of the parameter that starts at `from`: the next `;`, and `:` if that ends it too, outside quotes.
///
/// A quote counts only at the start of a value and only if it is closed. Inside a value (`CN=5" disk`) and when
/// nothing closes it, it is an ordinary character.
pub(crate) fn param_end(text: &[u8], from: usize, colon: bool) -> Option<usize> {
    let mut at = from;
    loop {
        match *text.get(at)? {
            b';' => return Some(at),
            b':' if colon => return Some(at),
            b'=' | b',' => at = quoted_end(text, at + 1).unwrap_or(at + 1),
            b'"' if at == from => at = quoted_end(text, at).unwrap_or(at + 1),
            _ => at += 1,
        }
    }
}

/// The index after the closing quote, if a quoted string starts at `at`.
fn quoted_end(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'"') {
        return None;
    }
    memchr(b'"', text.get(at + 1..)?).map(|i| at + i + 2)
}

/// Splits at the one-byte separator at `at`, which may also be the end.
fn cut(text: &str, at: usize) -> (&str, &str) {
    (text.get(..at).unwrap_or(text), text.get(at + 1..).unwrap_or_default())
}

/// RFC 6868 section 3.2. A `^` before any other character stays.
fn decode_caret(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'^', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let (clean, escaped) = text.split_at(first);
    let mut out = String::with_capacity(text.len());
    out.push_str(clean);
    let mut rest = escaped;
    while let Some(at) = memchr(b'^', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let decoded = match rest.as_bytes().get(at + 1) {
            Some(b'n') => Some('\n'),
            Some(b'\'') => Some('"'),
            Some(b'^') => Some('^'),
            _ => None,
        };
        out.push(decoded.unwrap_or('^'));
        rest = rest.get(at + 1 + usize::from(decoded.is_some())..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(&str, Vec<String>)> {
        Params::new(text).map(|p| (p.name(), p.values().map(Cow::into_owned).collect())).collect()
    }

    #[test]
    fn lists_quotes_and_carets() {
        insta::assert_debug_snapshot!(all(r#"CN="a;b,c:d",e,"";X=^n^'^^^x^;;HOME; Y = 1 ;"q=";Z="#), @r#"
        [
            (
                "CN",
                [
                    "a;b,c:d",
                    "e",
                    "",
                ],
            ),
            (
                "X",
                [
                    "\n\"^^x^",
                ],
            ),
            (
                "",
                [
                    "HOME",
                ],
            ),
            (
                "Y",
                [
                    " 1 ",
                ],
            ),
            (
                "",
                [
                    "q=",
                ],
            ),
            (
                "Z",
                [
                    "",
                ],
            ),
        ]
        "#);
    }

    #[test]
    fn broken_quotes() {
        assert_eq!(all(r#"CN="abc"#), [("CN", vec![r#""abc"#.to_owned()])]);
        assert_eq!(all(r#"CN=5" disk;A=1"#)[0].1, [r#"5" disk"#]);
        assert_eq!(all(r#"CN="a"b,c"#)[0].1, ["ab", "c"]);
        assert_eq!(all(r#"CN=""#)[0].1, ["\""]);
    }
}
