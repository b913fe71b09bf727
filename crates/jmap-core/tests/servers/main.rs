//! The client and a real server: the one that `JMAP_TEST_URL`, `JMAP_TEST_USER` and `JMAP_TEST_PASSWORD` name.
//! `cargo xtask servers` brings one up and runs this with it; without the variables nothing is run, and that is said.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says when it was not run"
)]

mod blobs;
mod calendars;
mod events;
mod failures;
mod queries;
mod session;

use std::env;

use jmap_core::client::Basic;
use jmap_core::object::{Changes, Get, Object, Set};
use jmap_core::{Client, Id, Json, Map};

/// How to get at the server.
struct Server {
    url: String,
    user: String,
    password: String,
}

impl Server {
    /// The server that the environment names.
    fn named() -> Option<Self> {
        let Ok(url) = env::var("JMAP_TEST_URL") else {
            println!("not run: JMAP_TEST_URL is not set");
            return None;
        };
        let [user, password] =
            ["JMAP_TEST_USER", "JMAP_TEST_PASSWORD"].map(|name| env::var(name).unwrap());
        Some(Self { url, user, password })
    }

    fn client(&self) -> Client {
        self.client_at(&self.url)
    }

    fn client_at(&self, address: &str) -> Client {
        Client::builder(address).credentials(self.credentials()).connect().wait().unwrap()
    }

    fn credentials(&self) -> Basic {
        Basic::new(self.user.as_str(), self.password.as_str())
    }
}

/// A calendar, as far as these tests need it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Calendar {
    id: Option<Id<Self>>,
    name: Option<String>,
    color: Option<String>,
    extra: Map<String, Json>,
}

json_model::members! {
    Calendar: "Calendar" never { "id" => id, "name" => name, "color" => color }
    extra
}

impl Object for Calendar {
    const TYPE: &'static str = "Calendar";
    const USING: &'static [&'static str] = &["urn:ietf:params:jmap:calendars"];
    type Property = String;
}

impl Get for Calendar {}
impl Changes for Calendar {}
impl Set for Calendar {}

impl Calendar {
    fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }
}
