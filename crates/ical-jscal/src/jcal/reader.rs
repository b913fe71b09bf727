//! Reading compact JSON that is known to be JSON, in one go and without a tree.

use std::borrow::Cow;

use jscalendar::Json;
use memchr::{memchr2, memchr3};

/// Stands in the text of a [`Json`]. What is not there is none, and leaves the reader where it was.
#[derive(Clone, Debug)]
pub(crate) struct JsonReader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> JsonReader<'a> {
    pub(crate) fn new(json: &'a Json) -> Self {
        Self { text: json.as_str(), at: 0 }
    }

    /// The first byte of what comes next.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes into an array or object that begins with `open`.
    pub(crate) fn enter(&mut self, open: u8) -> Option<()> {
        (self.peek()? == open).then(|| self.at += 1)
    }

    /// Whether there is another element or member; otherwise the array or object is left.
    pub(crate) fn has_next(&mut self) -> bool {
        match self.peek() {
            Some(b']' | b'}') | None => {
                self.at += 1;
                false
            }
            Some(b',') => {
                self.at += 1;
                true
            }
            Some(_) => true,
        }
    }

    /// The next element, if there is one and `read` can read it.
    pub(crate) fn next<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.has_next() { read(self) } else { None }
    }

    /// The name of the member that comes next. None if it is no Unicode text.
    pub(crate) fn name(&mut self) -> Option<Cow<'a, str>> {
        let name = self.string()?;
        self.at += 1;
        Some(name)
    }

    /// A string. None also if it is no Unicode text.
    pub(crate) fn string(&mut self) -> Option<Cow<'a, str>> {
        if self.peek()? != b'"' {
            return None;
        }
        let (end, escaped) = self.string_end();
        let whole = self.text.get(self.at..end)?;
        let string = if escaped {
            Cow::Owned(serde_json::from_str(whole).ok()?)
        } else {
            Cow::Borrowed(whole.get(1..whole.len() - 1)?)
        };
        self.at = end;
        Some(string)
    }

    /// Goes behind the value that comes next, whatever it is.
    pub(crate) fn skip(&mut self) -> &'a str {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => self.at = self.string_end().0,
                Some(b'[' | b'{') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b']' | b'}') => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                Some(b',' | b':') => self.at += 1,
                Some(_) => {
                    let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                    self.at += memchr3(b',', b']', b'}', rest).unwrap_or(rest.len());
                }
                None => depth = 0,
            }
            if depth == 0 {
                return self.text.get(start..self.at).unwrap_or_default();
            }
        }
    }

    /// Reads the value that comes next, or goes behind it if `read` cannot.
    pub(crate) fn read_or_skip<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let start = self.at;
        let value = read(self);
        if value.is_none() {
            self.at = start;
            self.skip();
        }
        value
    }

    /// The end of the string that begins here, and whether there are escapes in it.
    fn string_end(&self) -> (usize, bool) {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        let mut escaped = false;
        while let Some(found) = memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
            at += found;
            if bytes[at] == b'"' {
                return (at + 1, escaped);
            }
            escaped = true;
            at += 2;
        }
        (bytes.len(), escaped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_or_skipped() {
        let json = Json::parse(r#"{"a":[1,"b]\"\\",{"c":[]}],"d\n":-1.5,"e":"x"}"#).unwrap();
        let mut reader = JsonReader::new(&json);
        assert_eq!(reader.clone().skip(), json.as_str());
        reader.enter(b'{').unwrap();
        assert!(reader.has_next());
        assert_eq!(reader.name().as_deref(), Some("a"));
        assert_eq!(reader.clone().skip(), r#"[1,"b]\"\\",{"c":[]}]"#);
        reader.enter(b'[').unwrap();
        assert_eq!(reader.next(JsonReader::string), None);
        assert_eq!(reader.skip(), "1");
        assert_eq!(reader.next(JsonReader::string).as_deref(), Some(r#"b]"\"#));
        assert_eq!(reader.next(|reader| reader.read_or_skip(JsonReader::string)), None);
        assert!(!reader.has_next());
        assert!(reader.has_next());
        assert_eq!(reader.name().as_deref(), Some("d\n"));
        assert_eq!(reader.skip(), "-1.5");
        assert!(reader.has_next());
        assert_eq!((reader.name().as_deref(), reader.skip()), (Some("e"), r#""x""#));
        assert!(!reader.has_next());
    }

    #[test]
    fn half_a_surrogate_is_no_text() {
        let json = Json::parse(r#"["\ud800",1]"#).unwrap();
        let mut reader = JsonReader::new(&json);
        reader.enter(b'[').unwrap();
        assert_eq!(reader.next(|reader| reader.read_or_skip(JsonReader::string)), None);
        assert!(reader.has_next());
        assert_eq!(reader.skip(), "1");
    }
}
