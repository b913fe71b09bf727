//! [`Event`]: what a server says over an event stream.

use std::time::Duration;

use super::{StateChange, StreamEvent};

/// What a server says over an event stream (RFC 8620, section 7.3).
///
/// ```
/// use std::time::Duration;
/// use jmap_core::push::{Event, EventParser};
///
/// let mut parser = EventParser::new();
/// parser.push(b"event: ping\ndata: {\"interval\": 300}\n\n");
/// let event = Event::from(parser.next_event().unwrap()?);
/// assert_eq!(event, Event::Ping { interval: Some(Duration::from_secs(300)) });
/// # Ok::<(), jmap_core::push::EventTooLarge>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Something changed.
    State(StateChange),
    /// Nothing happened for a while.
    Ping {
        /// How long until the next ping at most, if the server says. The standard has seconds here; one server has
        /// milliseconds, for which a number of 1000 or more is taken.
        interval: Option<Duration>,
    },
    /// Another event, such as `calendarAlert`; or one of the above that says what cannot be read.
    Other {
        /// What kind of event.
        name: String,
        /// What it says, mostly JSON.
        data: String,
    },
}

impl From<StreamEvent> for Event {
    fn from(StreamEvent { name, data }: StreamEvent) -> Self {
        let known = match name.as_str() {
            "state" => json_model::from_str(&data).ok().map(|parsed| Self::State(parsed.value)),
            "ping" => Some(Self::Ping { interval: interval(&data) }),
            _ => None,
        };
        known.unwrap_or(Self::Other { name, data })
    }
}

fn interval(data: &str) -> Option<Duration> {
    #[derive(serde::Deserialize)]
    struct Ping {
        interval: f64,
    }

    let Ping { interval } = serde_json::from_str(data).ok()?;
    let seconds = if interval >= 1000.0 { interval / 1000.0 } else { interval };
    Duration::try_from_secs_f64(seconds).ok().filter(|interval| !interval.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> Event {
        StreamEvent { name: name.to_owned(), data: data.to_owned() }.into()
    }

    #[test]
    fn intervals_in_seconds_and_milliseconds() {
        let seconds = |data: &str| match event("ping", data) {
            Event::Ping { interval } => interval.map(|interval| interval.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(seconds(r#"{"interval":30}"#), Some(30));
        assert_eq!(seconds(r#"{"interval":999}"#), Some(999));
        assert_eq!(seconds(r#"{"interval":30000}"#), Some(30));
        assert_eq!(seconds(r#"{"interval":30.0, "more": []}"#), Some(30));
        for odd in
            ["", "{}", "30", r#"{"interval":null}"#, r#"{"interval":0}"#, r#"{"interval":-5}"#]
        {
            assert_eq!(seconds(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_nobody_knows_is_kept() {
        let Event::State(change) = event("state", r#"{"changed":{"a":{"Note":7}}, "x": 1}"#) else {
            panic!("no state");
        };
        assert_eq!(change.changed["a"]["Note"].as_str(), "7");
        insta::assert_snapshot!(
            serde_json::to_string(&change).unwrap(),
            @r#"{"@type":"StateChange","changed":{"a":{"Note":"7"}},"x":1}"#
        );
        for (name, data) in [("calendarAlert", "{}"), ("state", "oops"), ("message", "")] {
            let expected = Event::Other { name: name.to_owned(), data: data.to_owned() };
            assert_eq!(event(name, data), expected);
        }
    }
}
