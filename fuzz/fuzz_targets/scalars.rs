//! Dates, durations, ids and the names of zones.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::scalars(data));
