//! Responses of a JMAP server, and the results in them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::response(data));
