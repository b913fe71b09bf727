//! Sessions of a JMAP server, and the addresses in them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::session(data));
