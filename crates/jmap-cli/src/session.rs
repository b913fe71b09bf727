//! `jmapctl session`: what a server offers.

use std::io::{self, Write};

use comfy_table::{Table, presets};
use jmap_core::capability::Core;
use jmap_core::{Account, Id, Session};

use crate::End;
use crate::args::SessionArgs;
use crate::report::printable;
use crate::server;

/// Shows the session of the server that the environment names.
pub(crate) fn run(args: &SessionArgs) -> End {
    let client = match server::connect() {
        Ok(client) => client,
        Err(error) => return server::failed("session", &error),
    };
    let session = client.session();
    let text = if args.json { as_json(&session) } else { for_people(&session) };
    // A pipe that somebody closed is no failure of ours.
    writeln!(io::stdout(), "{text}").ok();
    End::Good
}

fn as_json(session: &Session) -> String {
    serde_json::to_string(session).unwrap_or_default()
}

fn for_people(session: &Session) -> String {
    let user = session.username.as_deref().filter(|name| !name.is_empty()).unwrap_or("nobody");
    let mut parts = vec![format!("Logged in as {}.", printable(user))];
    parts.push(accounts(session).trim_fmt());
    parts.push(limits(&session.limits()).trim_fmt());
    parts.push(capabilities(session).trim_fmt());
    parts.join("\n\n")
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(head);
    table
}

fn accounts(session: &Session) -> Table {
    let mut table = table(&["ACCOUNT", "NAME", "WHOSE", "RIGHTS", "PRIMARY FOR"]);
    for (id, account) in &session.accounts {
        let whose = if account.is_own() { "own" } else { "shared" };
        let rights = if account.is_read_only() { "read" } else { "read and write" };
        let name = account.name.as_deref().unwrap_or_default();
        table.add_row([
            printable(id.as_str()),
            printable(name),
            whose.to_owned(),
            rights.to_owned(),
            primary_for(session, id),
        ]);
    }
    table
}

/// The capabilities that the account is primary for, in short.
fn primary_for(session: &Session, id: &Id<Account>) -> String {
    let is_it = |entry: &(&String, &Id<Account>)| entry.1 == id;
    let uris = session.primary_accounts.iter().filter(is_it).map(|(uri, _)| short(uri));
    let uris: Vec<String> = uris.filter(|uri| !uri.contains("://")).map(printable).collect();
    uris.join(", ")
}

fn limits(core: &Core) -> Table {
    let rows = [
        ("octets in an upload", core.max_size_upload),
        ("uploads at a time", core.max_concurrent_upload),
        ("octets in a request", core.max_size_request),
        ("requests at a time", core.max_concurrent_requests),
        ("calls in a request", core.max_calls_in_request),
        ("objects in a get", core.max_objects_in_get),
        ("objects in a set", core.max_objects_in_set),
    ];
    let mut table = table(&["LIMIT", "AT MOST"]);
    for (name, most) in rows {
        let most = most.map_or_else(|| "not said".to_owned(), |most| most.to_string());
        table.add_row([name.to_owned(), most]);
    }
    table
}

fn capabilities(session: &Session) -> Table {
    let mut table = table(&["CAPABILITY", "ACCOUNTS"]);
    for uri in session.capabilities.keys() {
        let accounts: Vec<String> =
            session.accounts_with(uri).map(|(id, _)| printable(id.as_str())).collect();
        table.add_row([printable(short(uri)), accounts.join(", ")]);
    }
    table
}

/// A registered capability by its name alone; others as they are.
fn short(uri: &str) -> &str {
    uri.strip_prefix("urn:ietf:params:jmap:").unwrap_or(uri)
}
