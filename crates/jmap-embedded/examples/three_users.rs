//! A server for tests: three users with an empty calendar each, in memory, and the quirks of another server if one is named.
//!
//! ```console
//! $ cargo run -p jmap-embedded --example three_users -- 127.0.0.1:8900 cyrus-3.12
//! http://127.0.0.1:8900
//! ```
//!
//! They are `user1`, `user2` and `user3` at example.com, all with the password `x`. It stops when standard input ends.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpListener;

use jmap_embedded::{Embedded, Quirks};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("which address? for example 127.0.0.1:8900")?;
    let mut server = Embedded::in_memory()?;
    if let Some(name) = arguments.next() {
        let known = || format!("there is no {name}, only {}", Quirks::NAMES.join(", "));
        server = server.quirks(Quirks::named(&name).ok_or_else(known)?);
    }
    for name in ["user1", "user2", "user3"] {
        server.add_user_with_address(name, &format!("mailto:{name}@example.com"))?;
        server.set_password(name, "x")?;
    }
    let serving = server.serve(TcpListener::bind(address)?)?;
    writeln!(io::stdout(), "{}", serving.url())?;
    io::stdin().read_to_end(&mut Vec::new())?;
    serving.stop().wait()?;
    Ok(())
}
