//! iCalendar to JSCalendar.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::from_ical(data));
