//! The protocol: our responses, requests and exchanges beside those of the crate `jmap-client`, which has the same calls
//! for mailboxes. That data type is not ours: it is defined here, as any stranger would.

mod server;

use std::hint::black_box;
use std::time::Instant;

use jmap_client::core::response::{Response as PeerResponse, TaggedMethodResponse};
use jmap_core::client::Basic;
use jmap_core::object::{Get, Object, Set};
use jmap_core::server::{Dispatcher, Loopback, MemoryBlobs, Service, User};
use jmap_core::{
    Account, Batch, Client, EchoArguments, GetArguments, Id, Json, Map, Response, Responses,
    Session, SetArguments,
};

use self::server::Server;

/// How many objects there are in a response and in a request.
const OBJECTS: usize = 500;

/// A mailbox (RFC 8621, section 2), with what both sides know of it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Mailbox {
    id: Option<Id<Self>>,
    name: Option<String>,
    parent_id: Option<Id<Self>>,
    role: Option<String>,
    sort_order: Option<u64>,
    total_emails: Option<u64>,
    unread_emails: Option<u64>,
    total_threads: Option<u64>,
    unread_threads: Option<u64>,
    my_rights: Option<MailboxRights>,
    is_subscribed: Option<bool>,
    extra: Map<String, Json>,
}

json_model::members! {
    Mailbox: "Mailbox" never {
        "id" => id,
        "name" => name,
        "parentId" => parent_id,
        "role" => role,
        "sortOrder" => sort_order,
        "totalEmails" => total_emails,
        "unreadEmails" => unread_emails,
        "totalThreads" => total_threads,
        "unreadThreads" => unread_threads,
        "myRights" => my_rights,
        "isSubscribed" => is_subscribed,
    }
    extra
}

/// What the user may do in a mailbox.
#[derive(Clone, Debug, Default, PartialEq)]
struct MailboxRights {
    may_read_items: Option<bool>,
    may_add_items: Option<bool>,
    may_remove_items: Option<bool>,
    may_set_seen: Option<bool>,
    may_set_keywords: Option<bool>,
    may_create_child: Option<bool>,
    may_rename: Option<bool>,
    may_delete: Option<bool>,
    may_submit: Option<bool>,
    extra: Map<String, Json>,
}

json_model::members! {
    MailboxRights: "MailboxRights" never {
        "mayReadItems" => may_read_items,
        "mayAddItems" => may_add_items,
        "mayRemoveItems" => may_remove_items,
        "maySetSeen" => may_set_seen,
        "maySetKeywords" => may_set_keywords,
        "mayCreateChild" => may_create_child,
        "mayRename" => may_rename,
        "mayDelete" => may_delete,
        "maySubmit" => may_submit,
    }
    extra
}

impl Object for Mailbox {
    const TYPE: &'static str = "Mailbox";
    const USING: &'static [&'static str] = &["urn:ietf:params:jmap:mail"];
    type Property = String;
}
impl Get for Mailbox {}
impl Set for Mailbox {}

/// How long one thing took on each side, in nanoseconds.
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    pub(crate) ours: f64,
    /// Nothing where the peer has no such thing.
    pub(crate) peer: Option<f64>,
}

/// Measures everything, and checks that both sides do the same work.
pub(crate) fn measure(rounds: usize) -> Result<Vec<Outcome>, String> {
    let text = response(OBJECTS);
    let mut outcomes =
        vec![outcome("decode 500 objects", rounds, &mut || decode(&text), &mut || {
            peer_decode(&text)
        })?];

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let server = Server::start(response(1)).map_err(|error| error.to_string())?;
    let peer = runtime.block_on(server::peer(&server.url))?;
    let session: Session =
        serde_json::from_str(&server::session("")).map_err(|error| error.to_string())?;
    outcomes.push(outcome("encode 500 objects", rounds, &mut || encode(&session), &mut || {
        peer_encode(&peer)
    })?);

    let client =
        Client::builder(format!("{}/session", server.url)).credentials(Basic::new("u", "p"));
    let client = runtime.block_on(client.connect()).map_err(|error| error.to_string())?;
    outcomes.push(outcome(
        "request over a socket",
        rounds,
        &mut || runtime.block_on(fetch(&client)),
        &mut || runtime.block_on(peer_fetch(&peer)),
    )?);

    let client = Client::builder("https://example.com").transport(loopback());
    let client = runtime.block_on(client.connect()).map_err(|error| error.to_string())?;
    let mut echo = || runtime.block_on(echo(&client));
    let ours = (0..rounds).map(|_| time(&mut echo)).fold(f64::MAX, f64::min);
    outcomes.push(Outcome { name: "echo through the loopback", ours: ours * 1e9, peer: None });
    Ok(outcomes)
}

/// Lets both sides work in turn; what they count has to be equal.
fn outcome(
    name: &'static str,
    rounds: usize,
    ours: &mut dyn FnMut() -> usize,
    peer: &mut dyn FnMut() -> usize,
) -> Result<Outcome, String> {
    let (our_count, peer_count) = (ours(), peer());
    if our_count != peer_count {
        return Err(format!("{name}: {our_count} here and {peer_count} there"));
    }
    let (mut our_best, mut peer_best) = (f64::MAX, f64::MAX);
    for _ in 0..rounds {
        our_best = our_best.min(time(ours));
        peer_best = peer_best.min(time(peer));
    }
    Ok(Outcome { name, ours: our_best * 1e9, peer: Some(peer_best * 1e9) })
}

/// The seconds that one run takes, over enough runs.
fn time(work: &mut dyn FnMut() -> usize) -> f64 {
    let mut runs = 0;
    let start = Instant::now();
    while runs < 3 || start.elapsed().as_millis() < 50 {
        black_box(work());
        runs += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(runs)
}

/// A response to `Mailbox/get`.
fn response(count: usize) -> String {
    let mailbox = |number: usize| {
        serde_json::json!({
            "id": format!("M{number:04}"),
            "name": format!("Project {number} \u{2013} \"plans\""),
            "parentId": (number % 7 > 0).then(|| format!("M{:04}", number / 7)),
            "role": null,
            "sortOrder": number % 10,
            "totalEmails": number * 17,
            "unreadEmails": number % 5,
            "totalThreads": number * 11,
            "unreadThreads": number % 3,
            "myRights": {
                "mayReadItems": true, "mayAddItems": true, "mayRemoveItems": true, "maySetSeen": true,
                "maySetKeywords": true, "mayCreateChild": true, "mayRename": number % 2 == 0,
                "mayDelete": number % 2 == 0, "maySubmit": true,
            },
            "isSubscribed": number % 4 > 0,
        })
    };
    let list: Vec<_> = (0..count).map(mailbox).collect();
    let arguments =
        serde_json::json!({"accountId": "a", "state": "s1", "list": list, "notFound": []});
    // The peer calls its calls otherwise.
    let responses = serde_json::json!([["Mailbox/get", arguments, server::CALL_ID]]);
    serde_json::json!({"methodResponses": responses, "sessionState": "0"}).to_string()
}

fn decode(text: &str) -> usize {
    let Ok(parsed) = json_model::from_str::<Response>(text) else { return 0 };
    let mut batch = Batch::new();
    let get = batch.get(GetArguments::<Mailbox>::all());
    let mut response = parsed.value;
    for response in &mut response.method_responses {
        response.call_id = get.call_id();
    }
    let got = Responses::new(response).take(get);
    got.map_or(0, |got| black_box(got).list.len())
}

fn peer_decode(text: &str) -> usize {
    let Ok(response) = serde_json::from_str::<PeerResponse<TaggedMethodResponse>>(text) else {
        return 0;
    };
    let response = response.unwrap_method_responses().pop();
    let got = response.and_then(|response| response.unwrap_get_mailbox().ok());
    got.map_or(0, |mut got| black_box(got.take_list()).len())
}

/// The number of objects that are created by a request of many octets.
fn encode(session: &Session) -> usize {
    let mut batch = Batch::new();
    let mut set = SetArguments::default();
    for number in 0..OBJECTS {
        let mailbox = Mailbox {
            name: Some(format!("Project {number}")),
            parent_id: Some(Id::any("M0001")),
            sort_order: Some(number as u64),
            is_subscribed: Some(true),
            ..Mailbox::default()
        };
        set.create(batch.creation(), mailbox);
    }
    batch.set(set);
    let mut text = String::new();
    let written =
        batch.request(session).map(|request| json_model::write_compact(&request, &mut text));
    written.map_or(0, |_| black_box(text).matches("\"sortOrder\"").count())
}

fn peer_encode(client: &jmap_client::client::Client) -> usize {
    let mut request = client.build();
    let set = request.set_mailbox();
    for number in 0..OBJECTS {
        let mailbox = set.create();
        mailbox.name(format!("Project {number}"));
        mailbox.parent_id(Some("M0001"));
        mailbox.sort_order(u32::try_from(number).unwrap_or(0));
        mailbox.is_subscribed(true);
    }
    let text = serde_json::to_string(&request).unwrap_or_default();
    black_box(text).matches("\"sortOrder\"").count()
}

async fn fetch(client: &Client) -> usize {
    let got = client.get(GetArguments::<Mailbox>::of([Id::any("M0000")])).await;
    got.map_or(0, |got| got.list.len())
}

async fn peer_fetch(client: &jmap_client::client::Client) -> usize {
    let no_properties = None::<Vec<jmap_client::mailbox::Property>>;
    client
        .mailbox_get("M0000", no_properties)
        .await
        .map_or(0, |mailbox| usize::from(mailbox.is_some()))
}

async fn echo(client: &Client) -> usize {
    client.call(EchoArguments::default()).await.map_or(0, |_| 1)
}

/// Somebody without accounts of use.
#[derive(Clone)]
struct Nobody;

impl User for Nobody {
    fn name(&self) -> &str {
        "nobody"
    }

    fn accounts(&self) -> Map<Id<Account>, Account> {
        Map::from([(Id::any("a"), Account::own("nobody"))])
    }
}

fn loopback() -> Loopback<Nobody> {
    let dispatcher = Dispatcher::new().base("https://example.com");
    Loopback::new(Service::new(dispatcher, MemoryBlobs::new()), Nobody)
}
