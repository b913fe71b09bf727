//! Reading and cutting content lines.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::content_line(data));
