//! What the server does with HTTP.

mod limits;
mod load;
mod login;
mod push;
mod resources;
mod tidying;
