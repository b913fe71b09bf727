//! The bodies of the fuzz targets, on inputs that proptest makes: quick enough for every run. `cargo xtask fuzz` looks
//! further.

#[path = "../../../../fuzz/src/protocol.rs"]
#[allow(unreachable_pub, reason = "the fuzz targets need them public")]
mod bodies;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What event streams are made of, so that pieces put together at random often mean something.
const WORDS: &[&[u8]] = &[
    b"\n",
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"data",
    b"data:",
    b"data: x",
    b"event: state",
    b"event:ping",
    b": ",
    b"id: 7",
    b"id",
    b"id: \0",
    b"retry: 10",
    b"retry:x",
    b"\xef\xbb\xbf",
    b"\xef\xbb",
    b"\xff",
    b"{\"interval\":",
    b"{\"changed\":{}}",
    b"1000}",
    b"0}",
    b" ",
    b":",
];

proptest! {
    #[test]
    fn event_streams_of_any_octets(octets in vec(any::<u8>(), 0..200)) {
        bodies::event_stream(&octets);
    }

    #[test]
    fn event_streams_of_what_they_are_made_of(words in vec(select(WORDS), 0..40)) {
        bodies::event_stream(&words.concat());
    }
}
