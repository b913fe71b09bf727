//! iCalendar to JSCalendar and back, until it comes out the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::round_trip(data));
