//! What the fuzz targets do. `bodies.rs` is also compiled into an ordinary test of `ical-jscal`, and `protocol.rs` into
//! one of `jmap-core`, which run the same functions without libFuzzer.

mod bodies;
mod protocol;

pub use self::bodies::*;
pub use self::protocol::*;
