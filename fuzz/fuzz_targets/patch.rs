//! Patches: the first line of the input is a JSON object, the rest a patch or another object.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jmap_fuzz::patch(data));
