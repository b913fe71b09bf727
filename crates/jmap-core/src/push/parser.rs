//! [`EventParser`]: the text of an event stream, read piece by piece (HTML Living Standard, section 9.2.6).

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};

/// How long a line or an event may be, unless somebody else is said, in octets.
const MOST: usize = 1 << 20;

/// Reads an event stream that comes in pieces of any size (HTML Living Standard, section 9.2.6).
///
/// ```
/// use jmap_core::push::EventParser;
///
/// let mut parser = EventParser::new();
/// parser.push(b"event: ping\nda");
/// assert!(parser.next_event().is_none());
/// parser.push(b"ta: {}\n\n");
/// let event = parser.next_event().unwrap()?;
/// assert_eq!((event.name.as_str(), event.data.as_str()), ("ping", "{}"));
/// # Ok::<(), jmap_core::push::EventTooLarge>(())
/// ```
#[derive(Clone, Debug)]
pub struct EventParser {
    most: usize,
    /// What came and is no whole line yet.
    input: BytesMut,
    /// How much of it has no end of a line.
    searched: usize,
    position: Position,
    name: String,
    data: String,
    id: String,
    last_event_id: String,
    retry: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Position {
    /// At the very beginning, where a byte order mark may be.
    Start,
    Line,
    /// Behind a carriage return: a line feed would belong to it.
    AfterReturn,
    /// Behind something too large.
    Lost,
}

/// An event as it is in the stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamEvent {
    /// What kind of event; `message` if the stream does not say.
    pub name: String,
    /// What it says, its lines joined by line feeds.
    pub data: String,
}

/// A line or an event is larger than the reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event is larger than {most} octets")]
#[non_exhaustive]
pub struct EventTooLarge {
    /// What the reader takes, in octets.
    pub most: usize,
}

impl Default for EventParser {
    fn default() -> Self {
        Self::with_limit(MOST)
    }
}

impl EventParser {
    /// A reader at the beginning of a stream; lines and events may have one megabyte.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reader for lines and events of at most so many octets.
    pub fn with_limit(most: usize) -> Self {
        Self {
            most,
            input: BytesMut::new(),
            searched: 0,
            position: Position::Start,
            name: String::new(),
            data: String::new(),
            id: String::new(),
            last_event_id: String::new(),
            retry: None,
        }
    }

    /// Takes the next piece of the stream.
    pub fn push(&mut self, octets: &[u8]) {
        if self.position != Position::Lost {
            self.input.extend_from_slice(octets);
        }
    }

    /// The next event, if all of it is there.
    ///
    /// # Errors
    ///
    /// If a line or an event is too large. There is no going on then.
    pub fn next_event(&mut self) -> Option<Result<StreamEvent, EventTooLarge>> {
        loop {
            let line = match self.next_line()? {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            match self.read(&line) {
                Ok(None) => {}
                Ok(Some(event)) => return Some(Ok(event)),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// The id to ask with for what comes after the last event; it may have come without one.
    pub fn last_event_id(&self) -> Option<&str> {
        Some(self.last_event_id.as_str()).filter(|id| !id.is_empty())
    }

    /// How long the server wants clients to wait before they connect again, if it has said.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Goes to the beginning of another stream, which continues this one. An event that is not whole is forgotten.
    pub fn restart(&mut self) {
        let (last_event_id, retry) = (std::mem::take(&mut self.last_event_id), self.retry);
        let id = last_event_id.clone();
        *self = Self { id, last_event_id, retry, ..Self::with_limit(self.most) };
    }

    fn next_line(&mut self) -> Option<Result<Bytes, EventTooLarge>> {
        if self.position == Position::AfterReturn && !self.input.is_empty() {
            self.position = Position::Line;
            if self.input.starts_with(b"\n") {
                self.input.advance(1);
            }
        }
        let is_end = |octet: &u8| matches!(octet, b'\r' | b'\n');
        let end = self.input.iter().skip(self.searched).position(is_end);
        let Some(end) = end.map(|end| end + self.searched) else {
            self.searched = self.input.len();
            return (self.searched > self.most).then(|| Err(self.lose()));
        };
        if end > self.most {
            return Some(Err(self.lose()));
        }
        let mut line = self.input.split_to(end).freeze();
        if self.position == Position::Start && line.starts_with("\u{feff}".as_bytes()) {
            line.advance("\u{feff}".len());
        }
        let is_return = self.input.get_u8() == b'\r';
        self.position = if is_return { Position::AfterReturn } else { Position::Line };
        self.searched = 0;
        Some(Ok(line))
    }

    fn read(&mut self, line: &[u8]) -> Result<Option<StreamEvent>, EventTooLarge> {
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" if self.data.len() + value.len() >= self.most => return Err(self.lose()),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" => self.retry = milliseconds(value).or(self.retry),
            // A comment, where there is nothing before the colon, or a field of the future.
            _ => {}
        }
        Ok(None)
    }

    fn dispatch(&mut self) -> Option<StreamEvent> {
        self.id.clone_into(&mut self.last_event_id);
        let mut name = std::mem::take(&mut self.name);
        let mut data = std::mem::take(&mut self.data);
        data.pop()?;
        if name.is_empty() {
            "message".clone_into(&mut name);
        }
        Some(StreamEvent { name, data })
    }

    fn lose(&mut self) -> EventTooLarge {
        self.restart();
        self.position = Position::Lost;
        EventTooLarge { most: self.most }
    }
}

fn milliseconds(text: &str) -> Option<Duration> {
    let is_number = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    is_number.then(|| Duration::from_millis(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All events of a stream that comes in pieces of this length.
    fn events(stream: &[u8], length: usize) -> Vec<(String, String)> {
        let mut parser = EventParser::new();
        let mut events = Vec::new();
        for piece in stream.chunks(length) {
            parser.push(piece);
            while let Some(event) = parser.next_event() {
                let event = event.unwrap();
                events.push((event.name, event.data));
            }
        }
        events
    }

    fn check(stream: &str, expected: &[(&str, &str)]) {
        for length in 1..=stream.len().max(1) {
            let events = events(stream.as_bytes(), length);
            let events: Vec<_> = events.iter().map(|(name, data)| (&**name, &**data)).collect();
            assert_eq!(events, expected, "{stream:?} in pieces of {length}");
        }
    }

    #[test]
    fn lines_end_in_three_ways() {
        for end in ["\n", "\r", "\r\n"] {
            let stream = "event: a\ndata: 1\ndata: 2\n\ndata: 3\n\n".replace('\n', end);
            check(&stream, &[("a", "1\n2"), ("message", "3")]);
        }
        check("data: 1\r\r\ndata: 2\n\r\n", &[("message", "1"), ("message", "2")]);
    }

    #[test]
    fn one_mark_of_byte_order() {
        check("\u{feff}data: 1\n\n", &[("message", "1")]);
        check("\u{feff}\u{feff}data: 1\n\n", &[]);
        check("data: 1\n\n\u{feff}data: 2\n\n", &[("message", "1")]);
    }

    #[test]
    fn fields() {
        check("data\n\n", &[("message", "")]);
        check("data\ndata\n\n", &[("message", "\n")]);
        check("data:1\n\ndata:  2\n\n", &[("message", "1"), ("message", " 2")]);
        check("Data: 1\n data: 1\ndata : 1\n\n", &[]);
        check(": data\nevent: a\nevent: b\nx: y\ndata: a: b\n\n", &[("b", "a: b")]);
        // An event without data is none, and its name does not stay.
        check("event: a\n\ndata: 1\n\n", &[("message", "1")]);
        // What is not finished is not said.
        check("data: 1\n\ndata: 2\n", &[("message", "1")]);
    }

    #[test]
    fn what_is_no_utf_8_is_replaced() {
        let events = events(b"data: \xff\xc3\n\n", 1);
        assert_eq!(events, [("message".to_owned(), "\u{fffd}\u{fffd}".to_owned())]);
    }

    #[test]
    fn an_id_counts_when_its_event_is_whole() {
        let mut parser = EventParser::new();
        let mut id = |octets: &str| {
            parser.push(octets.as_bytes());
            while parser.next_event().is_some() {}
            parser.last_event_id().map(str::to_owned)
        };
        assert_eq!(id("id: 1\ndata: x\n"), None);
        assert_eq!(id("\n"), Some("1".to_owned()));
        assert_eq!(id("data: y\n\n"), Some("1".to_owned()));
        assert_eq!(id("id: 2\n\n"), Some("2".to_owned()));
        assert_eq!(id("id: 3\0\n\n"), Some("2".to_owned()));
        assert_eq!(id("id\n\n"), None);
    }

    #[test]
    fn another_stream_continues() {
        let mut parser = EventParser::new();
        parser.push(b"id: 1\nretry: 5\n\nid: 2\ndata: lost\nda");
        assert!(parser.next_event().is_none());
        parser.restart();
        parser.push("\u{feff}data: x\n\n".as_bytes());
        assert_eq!(parser.next_event().unwrap().unwrap().data, "x");
        assert_eq!(parser.last_event_id(), Some("1"));
        assert_eq!(parser.retry(), Some(Duration::from_millis(5)));
    }

    #[test]
    fn retry_is_digits_only() {
        let retry = |text: &str| {
            let mut parser = EventParser::new();
            parser.push(format!("retry: 7\nretry:{text}\n").as_bytes());
            assert!(parser.next_event().is_none());
            parser.retry().unwrap().as_millis()
        };
        assert_eq!(retry("3000"), 3000);
        assert_eq!([retry(""), retry("-1"), retry("1.5"), retry("+1"), retry("  1")], [7; 5]);
        assert_eq!(retry("99999999999999999999999"), u128::from(u64::MAX));
    }

    #[test]
    fn too_much_is_noticed_before_it_is_in_memory() {
        let endless_line = |parser: &mut EventParser| parser.push(b"data: 456789");
        let endless_event = |parser: &mut EventParser| parser.push(b"data: 45\n");
        for endless in [&endless_line as &dyn Fn(&mut EventParser), &endless_event] {
            let mut parser = EventParser::with_limit(20);
            parser.push(b"data: good\n\n");
            let mut events = Vec::new();
            for _ in 0..100 {
                endless(&mut parser);
                events.extend(parser.next_event());
                assert!(parser.input.len() <= 32 && parser.data.len() <= 20);
            }
            insta::allow_duplicates! {
                insta::assert_snapshot!(events[1].clone().unwrap_err(), @"an event is larger than 20 octets");
            }
            assert_eq!(events[0].as_ref().unwrap().data, "good");
            assert_eq!(events.len(), 2);
        }
    }
}
