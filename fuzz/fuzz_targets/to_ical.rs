//! JSCalendar to iCalendar; the input is JSON text.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::to_ical(data));
