//! [`EventSource`]: all decisions about an event stream, without IO and without a clock (RFC 8620, section 7.3).

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::{Event, EventParser};
use crate::object::Object;
use crate::wire::{expand, is_media_type};
use crate::{Error, HttpError};

/// The least ping interval that every server takes (RFC 8620, section 7.3): it may make a shorter one as long.
const SHORTEST_PING: Duration = Duration::from_secs(30);
/// How long to wait before the first new attempt, and the most that it becomes by doubling.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The most that a server can make a client wait.
const MOST_PATIENCE: Duration = Duration::from_secs(3600);

/// What is wanted of an event stream (RFC 8620, section 7.3).
///
/// ```
/// use jmap_core::push::EventSourceOptions;
///
/// let options = EventSourceOptions::of_types(["Note", "Folder"]);
/// let url = options.url("/events?types={types}&closeafter={closeafter}&ping={ping}");
/// assert_eq!(url, "/events?types=Note%2CFolder&closeafter=no&ping=60");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventSourceOptions {
    /// The names of the types that are wanted; all if there is none. One server refuses names that it does not know.
    pub types: Vec<String>,
    /// Whether the server ends the stream after each change: for networks that hold back what is not finished.
    pub close_after_state: bool,
    /// How long there may be silence before the server says something, in whole seconds; 60 s by default. Servers may
    /// choose another one, but take 30 s to 300 s. Without pings, a connection that is dead is not noticed.
    pub ping: Option<Duration>,
}

impl Default for EventSourceOptions {
    fn default() -> Self {
        Self { types: Vec::new(), close_after_state: false, ping: Some(Duration::from_secs(60)) }
    }
}

impl EventSourceOptions {
    /// Changes of these types.
    pub fn of_types<T: Into<String>>(types: impl IntoIterator<Item = T>) -> Self {
        Self { types: types.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Changes of type `O`, too.
    pub fn with<O: Object>(mut self) -> Self {
        self.types.push(O::TYPE.to_owned());
        self
    }

    /// The `eventSourceUrl` of a session, with these options in it.
    pub fn url(&self, template: &str) -> String {
        let types = if self.types.is_empty() { "*".to_owned() } else { self.types.join(",") };
        let ping = self.ping.map_or(0, |ping| ping.as_secs().max(1)).to_string();
        let close_after = if self.close_after_state { "state" } else { "no" };
        expand(template, &[("types", &types), ("closeafter", close_after), ("ping", &ping)])
    }
}

/// What the answer to a request for an event stream means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventSourceAnswer {
    /// Its body is the stream.
    Stream,
    /// There is no push here, although the session has a URL for it (one server does that): ask from time to time.
    NoPush,
}

/// An event stream that is taken up again whenever it breaks: what to send, what came, when the connection is dead, and
/// how long to wait before the next one (RFC 8620, section 7.3).
///
/// It does nothing by itself: whoever uses it sends, reads and waits. [`Client::event_source`](crate::Client::event_source) does.
///
/// ```
/// use std::time::Duration;
/// use jmap_core::push::{EventSourceAnswer, Event, EventSource, EventSourceOptions};
///
/// let mut source = EventSource::new(EventSourceOptions::default());
/// let mut headers = http::HeaderMap::new();
/// headers.insert("content-type", "text/event-stream".parse().unwrap());
/// assert_eq!(source.answered(http::StatusCode::OK, &headers)?, EventSourceAnswer::Stream);
///
/// source.received(b"id: 7\nevent: state\ndata: {\"changed\":{}}\n\n");
/// assert!(matches!(source.next_event(), Some(Ok(Event::State(_)))));
/// assert_eq!(source.silence(), Some(Duration::from_secs(120)));
///
/// // The connection breaks; half of a second later, another one asks for what came after event 7.
/// assert_eq!(source.lost(None, 0.0)?, Duration::from_millis(500));
/// assert_eq!(source.last_event_id(), Some("7"));
/// # Ok::<(), jmap_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EventSource {
    options: EventSourceOptions,
    parser: EventParser,
    /// The ping interval that the server told.
    told: Option<Duration>,
    /// How many connections broke since the last event.
    failures: u32,
}

impl EventSource {
    /// A stream before its first connection.
    pub fn new(options: EventSourceOptions) -> Self {
        Self { options, parser: EventParser::new(), told: None, failures: 0 }
    }

    /// What is wanted.
    pub fn options(&self) -> &EventSourceOptions {
        &self.options
    }

    /// What to send as `Last-Event-ID`, so that the server tells what was missed.
    pub fn last_event_id(&self) -> Option<&str> {
        self.parser.last_event_id()
    }

    /// Takes the head of an answer.
    ///
    /// # Errors
    ///
    /// If it is neither an event stream nor says that there is none. [`lost`](Self::lost) knows whether to try again.
    pub fn answered(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<EventSourceAnswer, Error> {
        self.parser.restart();
        match status {
            StatusCode::NO_CONTENT => Ok(EventSourceAnswer::NoPush),
            StatusCode::OK if is_media_type(headers, EVENT_STREAM) => Ok(EventSourceAnswer::Stream),
            StatusCode::OK => {
                let found = headers.get(http::header::CONTENT_TYPE);
                let found = found.map(|value| String::from_utf8_lossy(value.as_bytes()));
                let found = found.unwrap_or_else(|| "no content type".into()).into_owned();
                Err(Error::Unexpected { expected: EVENT_STREAM, found })
            }
            status => Err(Error::Status(HttpError::new(status))),
        }
    }

    /// Takes a piece of the stream.
    pub fn received(&mut self, octets: &[u8]) {
        self.parser.push(octets);
    }

    /// The next event, if all of it is there.
    ///
    /// # Errors
    ///
    /// If it is too large. There is no going on then.
    pub fn next_event(&mut self) -> Option<Result<Event, Error>> {
        let event = match self.parser.next_event()? {
            Ok(event) => Event::from(event),
            Err(error) => return Some(Err(Error::TooLarge { most: error.most as u64 })),
        };
        self.failures = 0;
        if let Event::Ping { interval: Some(interval) } = event {
            self.told = Some(interval);
        }
        Some(Ok(event))
    }

    /// How long nothing at all may come before the connection counts as dead: twice the ping interval. `None` if there
    /// are no pings.
    pub fn silence(&self) -> Option<Duration> {
        let wanted = self.options.ping.map(|wanted| wanted.max(SHORTEST_PING));
        self.told.or(wanted).map(|interval| interval.saturating_mul(2))
    }

    /// Notes that there is no connection any longer: it failed with this error, or there was silence, or the server
    /// closed it. Returns how long to wait before the next one.
    ///
    /// The waits double as long as no event comes, and are spread by `jitter`, a number from 0 to 1 that nobody can
    /// foresee well. They are never shorter than the server wants.
    ///
    /// # Errors
    ///
    /// The error, if another connection would not mend it.
    pub fn lost(&mut self, error: Option<Error>, jitter: f64) -> Result<Duration, Error> {
        let demanded = match error {
            Some(error) if !is_passing(&error) => return Err(error),
            error => error.and_then(|error| error.retry_after()).max(self.parser.retry()),
        };
        self.parser.restart();
        let doubled = FIRST_WAIT.saturating_mul(1 << self.failures.min(16)).min(LONGEST_WAIT);
        self.failures = self.failures.saturating_add(1);
        let jitter = Some(jitter).filter(|jitter| (0.0..=1.0).contains(jitter)).unwrap_or(1.0);
        let spread = doubled.mul_f64(0.5 + jitter / 2.0);
        Ok(spread.max(demanded.unwrap_or_default().min(MOST_PATIENCE)))
    }
}

const EVENT_STREAM: &str = "text/event-stream";

/// Whether another connection may fare better. A stream is kept for days, and a server that is being mended answers with
/// any error of its own.
fn is_passing(error: &Error) -> bool {
    error.is_retryable() || error.status().is_some_and(|status| status.is_server_error())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::TransportError;

    fn source() -> EventSource {
        EventSource::new(EventSourceOptions::default())
    }

    fn status(code: u16) -> Error {
        Error::Status(HttpError::new(StatusCode::from_u16(code).unwrap()))
    }

    fn waits(source: &mut EventSource, count: usize, jitter: f64) -> Vec<u128> {
        (0..count).map(|_| source.lost(None, jitter).unwrap().as_millis()).collect()
    }

    #[test]
    fn urls() {
        let template = "/e?t={types}&c={closeafter}&p={ping}";
        let mut options = EventSourceOptions::default();
        assert_eq!(options.url(template), "/e?t=%2A&c=no&p=60");
        options.close_after_state = true;
        options.ping = None;
        options.types = vec!["A".to_owned(), "B".to_owned()];
        assert_eq!(options.url(template), "/e?t=A%2CB&c=state&p=0");
        // Less than a second is not none.
        options.ping = Some(Duration::from_millis(5));
        assert_eq!(options.url("{ping}"), "1");
    }

    #[test]
    fn answers() {
        let answer = |code: u16, content_type: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", content_type.parse().unwrap());
            source().answered(StatusCode::from_u16(code).unwrap(), &headers)
        };
        assert_eq!(answer(200, "text/event-stream").unwrap(), EventSourceAnswer::Stream);
        assert_eq!(
            answer(200, "Text/Event-Stream; charset=utf-8").unwrap(),
            EventSourceAnswer::Stream
        );
        assert_eq!(answer(204, "text/plain").unwrap(), EventSourceAnswer::NoPush);
        insta::assert_snapshot!(
            answer(200, "text/html").unwrap_err(),
            @"expected text/event-stream, found text/html"
        );
        insta::assert_snapshot!(
            source().answered(StatusCode::OK, &HeaderMap::new()).unwrap_err(),
            @"expected text/event-stream, found no content type"
        );
        insta::assert_snapshot!(
            answer(301, "text/event-stream").unwrap_err(),
            @"the server answered with HTTP status 301 Moved Permanently"
        );
    }

    #[test]
    fn silence_is_twice_the_interval() {
        let mut source = source();
        assert_eq!(source.silence(), Some(Duration::from_secs(120)));
        source.received(b"event: ping\ndata: {\"interval\": 30000}\n\n");
        source.next_event().unwrap().unwrap();
        assert_eq!(source.silence(), Some(Duration::from_secs(60)));

        let silence = |ping| {
            let options = EventSourceOptions { ping, ..EventSourceOptions::default() };
            EventSource::new(options).silence()
        };
        // A server may make it 30 s without telling before the first ping.
        assert_eq!(silence(Some(Duration::from_secs(3))), Some(Duration::from_secs(60)));
        assert_eq!(silence(None), None);
    }

    #[test]
    fn waits_double_until_an_event_comes() {
        let mut source = source();
        assert_eq!(waits(&mut source, 4, 1.0), [1000, 2000, 4000, 8000]);
        assert_eq!(waits(&mut source, 2, 0.0), [8000, 16_000]);
        assert_eq!(waits(&mut source, 40, 1.0).last(), Some(&300_000));
        source.received(b": nothing\n\n");
        assert!(source.next_event().is_none());
        assert_eq!(waits(&mut source, 1, 1.0), [300_000]);
        source.received(b"event: ping\ndata: {}\n\n");
        source.next_event().unwrap().unwrap();
        assert_eq!(waits(&mut source, 2, 1.0), [1000, 2000]);
        assert_eq!(waits(&mut source, 1, f64::NAN), [4000]);
    }

    #[test]
    fn the_server_may_want_longer_waits() {
        let mut source = source();
        source.received(b"retry: 3000\ndata: x\n\n");
        source.next_event().unwrap().unwrap();
        assert_eq!(waits(&mut source, 4, 1.0), [3000, 3000, 4000, 8000]);
        let mut busy = HttpError::new(StatusCode::TOO_MANY_REQUESTS);
        busy.retry_after = Some(Duration::from_secs(60));
        assert_eq!(source.lost(Some(Error::Status(busy)), 1.0).unwrap(), Duration::from_secs(60));
        // But not any longer.
        source.received(b"retry: 99999999999999\n");
        assert!(source.next_event().is_none());
        assert_eq!(waits(&mut source, 1, 1.0), [3_600_000]);
    }

    #[test]
    fn what_another_connection_mends() {
        let lost = |error| source().lost(Some(error), 0.5).is_ok();
        assert!(lost(Error::Transport(TransportError::broken("reset", "reset"))));
        assert!(lost(Error::Transport(TransportError::connect("refused", "refused"))));
        assert!(lost(Error::TimedOut(Duration::from_secs(30))));
        assert!(lost(status(429)) && lost(status(500)) && lost(status(503)));
        assert!(!lost(status(400)) && !lost(status(401)) && !lost(status(404)));
        assert!(!lost(Error::Transport(TransportError::other("no roots"))));
        assert!(!lost(Error::TooLarge { most: 1 }));
    }

    #[test]
    fn half_an_event_is_not_continued_by_the_next_connection() {
        let mut source = source();
        source.received(b"id: 1\ndata: x\n\nid: 2\ndata: y\n");
        source.next_event().unwrap().unwrap();
        assert!(source.next_event().is_none());
        source.lost(None, 0.0).unwrap();
        source.received(b"\n\n");
        assert!(source.next_event().is_none());
        assert_eq!(source.last_event_id(), Some("1"));
    }
}
