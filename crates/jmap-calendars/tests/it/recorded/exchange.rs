//! Where the recordings are, and what one holds.

use std::fs;
use std::path::Path;

use jmap_calendars::Dialect;
use jmap_core::{Request, Response, Session, Version};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/servers/recorded");

/// A request and what a server answered to it.
pub(super) struct Exchange {
    pub(super) server: String,
    pub(super) name: String,
    request: String,
    response: String,
}

impl Exchange {
    /// One exchange; `None` if nothing is recorded here.
    pub(super) fn find(server: &str, name: &str) -> Option<Self> {
        let found = exchanges().find(|it| it.server == server && it.name == name);
        assert!(found.is_some() || !Path::new(RECORDED).exists(), "no {name} of {server}");
        found
    }

    /// Both bodies, of calls of methods.
    pub(super) fn calls(&self) -> (Request, Response) {
        (
            serde_json::from_str(&self.request).unwrap(),
            serde_json::from_str(&self.response).unwrap(),
        )
    }

    /// The session of the server that answered.
    pub(super) fn session(&self) -> Session {
        let session = Self::find(&self.server, "01-session").unwrap();
        serde_json::from_str(&session.response).unwrap()
    }

    /// In which names that server speaks.
    pub(super) fn version(&self) -> Version {
        Dialect::of(&self.session()).version()
    }
}

/// The exchange of this name on every server.
pub(super) fn each(name: &str) -> impl Iterator<Item = Exchange> {
    exchanges().filter(move |exchange| exchange.name == name)
}

/// All exchanges of all servers; none, and a word about it, where there are no recordings.
pub(super) fn exchanges() -> impl Iterator<Item = Exchange> {
    let mut servers: Vec<_> = match fs::read_dir(RECORDED) {
        Ok(servers) => servers.map(|server| server.unwrap().path()).collect(),
        Err(_) => {
            println!("not run: recordings not found");
            Vec::new()
        }
    };
    servers.sort();
    servers.into_iter().flat_map(|server| exchanges_of(&server))
}

fn exchanges_of(server: &Path) -> Vec<Exchange> {
    let index = fs::read_to_string(server.join("INDEX.tsv")).unwrap();
    let names = index.lines().skip(1).filter_map(|row| row.split('\t').next());
    let read =
        |name: &str, kind: &str| fs::read_to_string(server.join(format!("{name}.{kind}.json")));
    let exchanges: Vec<Exchange> = names
        .map(|name| Exchange {
            server: server.file_name().unwrap().to_string_lossy().into_owned(),
            name: name.to_owned(),
            request: read(name, "request").unwrap_or_default(),
            response: read(name, "response").unwrap(),
        })
        .collect();
    assert!(exchanges.len() > 10, "{}", server.display());
    exchanges
}
