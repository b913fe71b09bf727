//! What was recorded on real servers, asked again of the profile of each: the answers have the same shape.
//!
//! What is compared are names, types of JSON, and types of errors; not the values. What differs stands in `snapshots`.

mod shape;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jmap_core::client::Upload;
use jmap_core::{Client, Error, Request};
use jmap_embedded::{Embedded, Quirks};
use serde_json::{Value, json};

use self::shape::differences;

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/servers/recorded");

/// What differs stands in a snapshot.
fn compare(name: &str) {
    if let Some(differences) = replay(name) {
        insta::assert_snapshot!(name, differences);
    }
}

/// Asks a profile what its server was asked, and compares.
fn replay(name: &str) -> Option<String> {
    let folder = Path::new(RECORDED).join(name);
    let Ok(index) = fs::read_to_string(folder.join("INDEX.tsv")) else {
        println!("not run: recordings not found");
        return None;
    };
    let mut profile = Profile::new(name, &folder);
    let exchanges: Vec<&str> =
        index.lines().skip(1).filter_map(|row| row.split('\t').next()).collect();
    assert!(exchanges.len() > 10, "{exchanges:?}");
    // Contacts are none of its business.
    let exchanges = exchanges.into_iter().filter(|name| !name.contains("contact"));
    let mut lines = Vec::new();
    for exchange in exchanges {
        let found = profile.replay(exchange).into_iter().filter(|it| is_its_business(it));
        lines.extend(
            found.map(|difference| format!("{exchange}: {}", profile.anonymous(&difference))),
        );
    }
    Some(lines.join("\n"))
}

#[test]
fn cyrus_3_12() {
    compare("cyrus-3.12");
}

#[test]
fn cyrus_3_13() {
    compare("cyrus-3.13");
}

#[test]
fn stalwart_0_16() {
    compare("stalwart-0.16");
}

/// Whether a difference is not about mail, contacts, or whatever else such servers have.
fn is_its_business(difference: &str) -> bool {
    let (_, uri) = difference.split_once("apabilities/").unwrap_or_default();
    let (_, primary) = difference.split_once("primaryAccounts/").unwrap_or_default();
    let of_calendars = |uri: &str| uri.contains("calendars") || uri.contains("principals");
    let is_backend = uri.contains("backendInfo/");
    [uri, primary].iter().all(|uri| uri.is_empty() || of_calendars(uri)) && !is_backend
}

/// A profile that is asked the same as its server.
struct Profile {
    folder: PathBuf,
    client: Client,
    /// What is called otherwise here: ids and states.
    names: BTreeMap<String, String>,
}

impl Profile {
    fn new(name: &str, folder: &Path) -> Self {
        let server = Embedded::in_memory().unwrap().quirks(Quirks::named(name).unwrap());
        server.add_user("user1@example.com").unwrap();
        let client = server.client("user1@example.com").wait().unwrap();
        let mut profile = Self { folder: folder.to_owned(), client, names: BTreeMap::new() };
        // The account, and the calendar into which the events went.
        let request = profile.read("03-event-set-create.request.json").unwrap();
        let call = &request["methodCalls"][0][1];
        profile.call(text(&call["accountId"]), "user1_40example_2ecom");
        let calendars = call["create"]["new"]["calendarIds"].as_object().unwrap();
        let calendar = calendars.keys().next().unwrap().clone();
        profile.call(&calendar, "C1");
        profile
    }

    fn call(&mut self, there: &str, here: &str) {
        self.names.insert(there.to_owned(), here.to_owned());
    }

    fn read(&self, name: &str) -> Option<Value> {
        serde_json::from_str(&fs::read_to_string(self.folder.join(name)).ok()?).ok()
    }

    /// How the answer to a request differs from the one that was recorded.
    fn replay(&mut self, exchange: &str) -> Vec<String> {
        let recorded = self.read(&format!("{exchange}.response.json")).unwrap();
        let answer = match self.read(&format!("{exchange}.request.json")) {
            _ if exchange.ends_with("session") => session(&self.client),
            Some(request) => self.ask(&request),
            None => self.upload(&format!("{exchange}.request.ics")),
        };
        self.learn(&recorded, &answer);
        differences(&self.translated(&recorded), &answer)
    }

    fn ask(&self, request: &Value) -> Value {
        let request: Request = serde_json::from_value(self.translated(request)).unwrap();
        match self.client.request(request).wait() {
            Ok(response) => serde_json::to_value(&response).unwrap(),
            Err(Error::Request { error, .. }) => serde_json::to_value(&error).unwrap(),
            Err(error) => panic!("{error}"),
        }
    }

    fn upload(&self, name: &str) -> Value {
        let content = fs::read(self.folder.join(name)).unwrap();
        let upload = Upload::new("text/calendar", bytes::Bytes::from(content));
        serde_json::to_value(self.client.upload(upload).wait().unwrap()).unwrap()
    }

    /// Notes what is called otherwise here: what has the same place in both answers.
    fn learn(&mut self, recorded: &Value, answer: &Value) {
        const NAMES: [&str; 6] = ["id", "blobId", "state", "oldState", "newState", "queryState"];
        let mut pending = vec![(recorded, answer)];
        while let Some((there, here)) = pending.pop() {
            let elements = there.as_array().zip(here.as_array());
            pending.extend(elements.into_iter().flat_map(|(there, here)| there.iter().zip(here)));
            for (name, there) in there.as_object().into_iter().flatten() {
                let here = &here[name];
                match (there.as_str(), here.as_str()) {
                    (Some(there), Some(here)) if NAMES.contains(&name.as_str()) => {
                        self.names.entry(there.to_owned()).or_insert_with(|| here.to_owned());
                    }
                    _ => pending.push((there, here)),
                }
            }
        }
    }

    /// Without ids, which are others each time.
    fn anonymous(&self, difference: &str) -> String {
        let is_number = |part: &str| part.chars().all(|it| it.is_ascii_digit());
        let is_id = |part: &&str| !is_number(part) && self.names.values().any(|name| name == part);
        let parts = difference.split('/').map(|part| if is_id(&part) { "ID" } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    fn translated(&self, value: &Value) -> Value {
        let name = |text: &str| self.names.get(text).map_or(text, String::as_str).to_owned();
        match value {
            Value::String(text) => json!(name(text)),
            Value::Array(elements) => elements.iter().map(|it| self.translated(it)).collect(),
            Value::Object(members) => {
                let members = members.iter().map(|(it, value)| match self.translated(value) {
                    Value::Object(ids) if BY_ID.contains(&it.as_str()) => {
                        let ids = ids.into_iter().map(|(id, value)| (name(&id), value));
                        (it.clone(), Value::Object(ids.collect()))
                    }
                    value => (it.clone(), value),
                });
                Value::Object(members.collect())
            }
            other => other.clone(),
        }
    }
}

/// The members that are maps by id.
const BY_ID: [&str; 8] = [
    "accounts",
    "calendarIds",
    "update",
    "updated",
    "notUpdated",
    "notDestroyed",
    "parsed",
    "changed",
];

fn session(client: &Client) -> Value {
    serde_json::to_value(&*client.session()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
