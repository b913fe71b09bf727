//! Pure functions between values and HTTP: URLs and templates, requests, answers. No socket, no clock.

mod address;
mod answer;
mod template;

pub use self::address::{AddressError, Origin, resolve};
pub use self::answer::{failure, is_media_type, retry_after};
pub use self::template::expand;
