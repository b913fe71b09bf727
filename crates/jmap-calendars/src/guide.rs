//! Pages for reading.

#[doc = include_str!("../docs/dialects.md")]
pub mod dialects {}

#[doc = include_str!("../docs/editing.md")]
pub mod editing {}

#[doc = include_str!("../docs/roadmap.md")]
pub mod roadmap {}
