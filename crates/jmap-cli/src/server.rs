//! Which server is meant, and a client of it.

use std::env::VarError;
use std::fmt;
use std::io::{self, Write};

use jmap_core::Client;
use jmap_core::client::{Basic, Bearer};

use crate::End;
use crate::report::printable;

/// Why there is no client.
#[derive(Debug)]
pub(crate) enum NoClient {
    /// Nothing says which server.
    NoServer,
    /// A variable is there, and no text.
    NotText(&'static str),
    /// There is a user and no password.
    NoPassword,
    /// The server, or the way to it.
    Failed { address: String, error: Box<jmap_core::Error> },
}

/// A client of the server that the environment names: `JMAP_URL`, with `JMAP_TOKEN`, or with `JMAP_USER` and
/// `JMAP_PASSWORD`.
pub(crate) fn connect() -> Result<Client, NoClient> {
    let address = variable("JMAP_URL")?.ok_or(NoClient::NoServer)?;
    let mut builder = Client::builder(address.as_str());
    if let Some(token) = variable("JMAP_TOKEN")? {
        builder = builder.credentials(Bearer::new(token));
    } else if let Some(user) = variable("JMAP_USER")? {
        let password = variable("JMAP_PASSWORD")?.ok_or(NoClient::NoPassword)?;
        builder = builder.credentials(Basic::new(user, password));
    }
    builder.connect().wait().map_err(|error| NoClient::Failed { address, error: Box::new(error) })
}

/// Says on standard error why a command gave nothing.
pub(crate) fn failed(command: &str, why: &dyn fmt::Display) -> End {
    // Nobody is left to tell if that cannot be written.
    writeln!(io::stderr(), "jmapctl {command}: {}", printable(&why.to_string())).ok();
    End::Failed
}

fn variable(name: &'static str) -> Result<Option<String>, NoClient> {
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(NoClient::NotText(name)),
    }
}

impl fmt::Display for NoClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoServer => f.write_str(
                "which server? Set JMAP_URL to its URL, its host name or your mail address there",
            ),
            Self::NotText(name) => write!(f, "the variable {name} is not UTF-8"),
            Self::NoPassword => f.write_str("JMAP_USER is set: set JMAP_PASSWORD too"),
            Self::Failed { address, error } => {
                write!(f, "{}: {error}", shown(address))?;
                if error.is_auth() {
                    f.write_str(
                        "; set JMAP_USER and JMAP_PASSWORD, or JMAP_TOKEN, to valid credentials",
                    )?;
                }
                Ok(())
            }
        }
    }
}

/// An address without anything secret that somebody put into it.
fn shown(address: &str) -> &str {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let address = &address[..end];
    match (address.split_once("://"), address.rsplit_once('@')) {
        // Not `user:password@host`.
        (Some(_), Some((_, host))) => host,
        _ => address,
    }
}
