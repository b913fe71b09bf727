//! What the fuzz targets do. `bodies.rs` is also compiled into an ordinary test of `ical-jscal`, which runs the same
//! functions on mutated seeds without libFuzzer.

mod bodies;

pub use self::bodies::*;
