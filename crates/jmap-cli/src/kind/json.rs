//! What kind of JSON it is, by the members of the outermost object; the text may end anywhere.

use super::{Kind, Unknown};

/// Members that tell where there is no `@type`.
const JSCALENDAR: [&[u8]; 7] =
    [b"uid", b"entries", b"start", b"due", b"recurrenceRule", b"recurrenceRules", b"timeZone"];
const JSCONTACT: [&[u8]; 5] = [b"emails", b"phones", b"addresses", b"organizations", b"nicknames"];

pub(super) fn detect(text: &[u8]) -> Result<Kind, Unknown> {
    let mut scan = Scan { text, at: 0 };
    let array = scan.next() == Some(Token::Open(b'['));
    if array {
        match scan.next() {
            Some(Token::Open(b'{')) => {}
            Some(Token::Text(b"vcalendar")) => return Err(Unknown::Arrays("jCal")),
            Some(Token::Text(b"vcard")) => return Err(Unknown::Arrays("jCard")),
            _ => return Err(Unknown::Json),
        }
    }
    members(scan)
}

/// Goes through the members of the object that has just been opened.
fn members(mut scan: Scan<'_>) -> Result<Kind, Unknown> {
    let mut guess = None;
    let mut depth = 1_usize;
    let mut name: &[u8] = b"";
    let mut is_value = false;
    while let Some(token) = scan.next() {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close if depth <= 1 => break,
            Token::Close => depth -= 1,
            _ if depth > 1 => {}
            Token::Comma => is_value = false,
            Token::Colon => is_value = true,
            Token::Text(text) if is_value && name == b"@type" => return by_type(text),
            Token::Text(text) if !is_value => {
                name = text;
                guess = better(guess, by_member(name));
            }
            _ => {}
        }
    }
    guess.ok_or(Unknown::Json)
}

fn by_type(name: &[u8]) -> Result<Kind, Unknown> {
    match name {
        b"Event" | b"Task" | b"Group" => Ok(Kind::Jscal),
        b"Card" | b"CardGroup" => Ok(Kind::Jscontact),
        _ => Err(Unknown::Type(String::from_utf8_lossy(name).into_owned())),
    }
}

fn by_member(name: &[u8]) -> Option<Kind> {
    if JSCONTACT.contains(&name) {
        return Some(Kind::Jscontact);
    }
    JSCALENDAR.contains(&name).then_some(Kind::Jscal)
}

/// Cards have a `uid` as well: what tells cards outweighs what tells calendars.
fn better(guess: Option<Kind>, hint: Option<Kind>) -> Option<Kind> {
    if guess == Some(Kind::Jscontact) { guess } else { hint.or(guess) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Open(u8),
    Close,
    Comma,
    Colon,
    /// A string, as it stands between its quotes.
    Text(&'a [u8]),
    /// A number or a word.
    Other,
}

/// The tokens of a text that may be cut off or no JSON at all.
struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..)?;
        let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let rest = &rest[start..];
        let (token, length) = match rest[0] {
            bracket @ (b'{' | b'[') => (Token::Open(bracket), 1),
            b'}' | b']' => (Token::Close, 1),
            b',' => (Token::Comma, 1),
            b':' => (Token::Colon, 1),
            b'"' => {
                let end = closing_quote(&rest[1..])?;
                (Token::Text(&rest[1..=end]), end + 2)
            }
            _ => {
                let ends = |byte: &u8| b"{}[],:\"".contains(byte) || byte.is_ascii_whitespace();
                (Token::Other, rest.iter().position(ends).unwrap_or(rest.len()))
            }
        };
        self.at += start + length;
        Some(token)
    }
}

fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Result<Kind, Unknown> {
        detect(text.as_bytes())
    }

    #[test]
    fn the_type_of_the_outermost_object_decides() {
        assert_eq!(
            kind(r#"{"a":{"@type":"Card"},"b":[1,"@type","Card"],"@type":"Task"}"#),
            Ok(Kind::Jscal)
        );
        assert_eq!(kind(r#"{"x":"\"@type\":\"Card\"\\","@type" : "Group"}"#), Ok(Kind::Jscal));
        assert_eq!(kind(r#"[{"@type":"Card"}]"#), Ok(Kind::Jscontact));
        assert_eq!(kind(r#"{"uid":"a","@type":"Card"}"#), Ok(Kind::Jscontact));
        assert_eq!(kind(r#"{"@type":"Note"}"#), Err(Unknown::Type("Note".to_owned())));
    }

    #[test]
    fn members_decide_where_there_is_no_type() {
        assert_eq!(kind(r#"{"uid":"a","start":"2026-01-01T00:00:00"}"#), Ok(Kind::Jscal));
        assert_eq!(kind(r#"{"entries":[{"@type":"Event","title":"cut o"#), Ok(Kind::Jscal));
        assert_eq!(kind(r#"{"uid":"a","emails":{},"start":1}"#), Ok(Kind::Jscontact));
        assert_eq!(kind(r#"{"name":"left-pad","version":"1.0.0"}"#), Err(Unknown::Json));
        assert_eq!(kind("{"), Err(Unknown::Json));
        assert_eq!(kind("[]"), Err(Unknown::Json));
    }

    #[test]
    fn jcal_is_named() {
        assert_eq!(kind(r#"["vcalendar",[],[]]"#), Err(Unknown::Arrays("jCal")));
    }
}
