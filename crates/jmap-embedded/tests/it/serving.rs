//! What the server does with HTTP.

mod fuzzed;
mod limits;
mod load;
mod login;
mod push;
mod resources;
mod tidying;
