//! Event streams of a JMAP server.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::event_stream(data));
