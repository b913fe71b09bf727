//! Where the recordings are, and what one holds.

use std::fs;
use std::path::Path;

use jmap_core::{Request, Response};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/servers/recorded");

/// A request and what a server answered to it.
pub(super) struct Exchange {
    pub(super) server: String,
    pub(super) name: String,
    pub(super) status: String,
    pub(super) content_type: String,
    /// The body of the request, if it is JSON.
    pub(super) request: Option<String>,
    pub(super) response: String,
}

impl Exchange {
    /// One exchange; `None` if nothing is recorded here.
    pub(super) fn find(server: &str, name: &str) -> Option<Self> {
        let found = exchanges().find(|it| it.server == server && it.name == name);
        assert!(found.is_some() || !Path::new(RECORDED).exists(), "no {name} of {server}");
        found
    }

    /// Both bodies, if this is about method calls; each is what it was when it is written again.
    pub(super) fn calls(&self) -> Option<(Request, Response)> {
        let request = self.request.as_ref().filter(|_| self.status == "200")?;
        Some((super::read(request), super::read(&self.response)))
    }
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
    let rows = index.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    let exchanges: Vec<Exchange> = rows
        .map(|row| Exchange {
            server: server.file_name().unwrap().to_string_lossy().into_owned(),
            name: row[0].to_owned(),
            status: row[3].to_owned(),
            content_type: row[4].to_owned(),
            request: fs::read_to_string(server.join(format!("{}.request.json", row[0]))).ok(),
            response: fs::read_to_string(server.join(format!("{}.response.json", row[0]))).unwrap(),
        })
        .collect();
    assert!(exchanges.len() > 10, "{}", server.display());
    exchanges
}
