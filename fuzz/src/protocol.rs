//! The bodies of the fuzz targets of `jmap-core`: each takes any bytes, and panics if a law is broken.

use std::time::Duration;

use jmap_core::push::{
    Event, EventParser, EventSource, EventSourceOptions, EventTooLarge, StreamEvent,
};

/// An event stream means the same in whatever pieces it comes, is refused where it is too large, and gives no reason to
/// wait for ever.
pub fn event_stream(data: &[u8]) {
    let lengths =
        [data.len().max(1), 1, 2, 3, 7, usize::from(data.first().copied().unwrap_or(1)).max(1)];
    let limits = [8, 64, usize::MAX];
    for most in limits {
        let whole = read(data, lengths[0], most);
        for length in lengths {
            assert_eq!(read(data, length, most), whole, "in pieces of {length}, at most {most}");
        }
    }

    let mut source = EventSource::new(EventSourceOptions::default());
    source.received(data);
    while let Some(event) = source.next_event() {
        if let Ok(Event::Ping { interval: Some(interval) }) = event {
            assert!(!interval.is_zero());
        }
    }
    let id = source.last_event_id().map(str::to_owned);
    let wait = source.lost(None, 1.0).expect("an end is nothing to give up for");
    assert!(wait >= Duration::from_secs(1) && wait <= Duration::from_secs(3600), "{wait:?}");
    assert_eq!(source.last_event_id().map(str::to_owned), id);
}

type Outcome = (Vec<Result<StreamEvent, EventTooLarge>>, Option<String>, Option<Duration>);

fn read(data: &[u8], length: usize, most: usize) -> Outcome {
    let mut parser = EventParser::with_limit(most);
    let mut events = Vec::new();
    for piece in data.chunks(length) {
        parser.push(piece);
        events.extend(std::iter::from_fn(|| parser.next_event()));
    }
    (events, parser.last_event_id().map(str::to_owned), parser.retry())
}
