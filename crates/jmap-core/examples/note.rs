//! A data type that JMAP does not know: notes, with a client and a server for them.
//!
//! `cargo run --example note --features blocking,server`

#![allow(clippy::print_stdout, reason = "it shows what it does")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jmap_core::capability::{Capability, Nothing};
use jmap_core::client::ObjectsStep;
use jmap_core::object::{Changes, Get, Object, Query, Set};
use jmap_core::server::{Context, Dispatcher, Loopback, MemoryBlobs, Service, User};
use jmap_core::{
    Account, ChangesArguments, ChangesResponse, Client, Created, CreationId, GetArguments,
    GetResponse, Id, Json, Map, MethodError, MethodErrorKind, QueryArguments, QueryResponse,
    QueryState, SetArguments, SetError, SetErrorKind, SetResponse, State,
};

// The data type: an object, its capability, and which of the standard methods it has. This is all that a client needs.

#[derive(Clone, Debug, Default, PartialEq)]
struct Note {
    id: Option<Id<Self>>,
    text: Option<String>,
    extra: Map<String, Json>,
}

json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }

struct Notes;

impl Capability for Notes {
    const URI: &'static str = "https://example.com/jmap/notes";
    type Session = Nothing;
    type Account = Nothing;
}

impl Object for Note {
    const TYPE: &'static str = "Note";
    const USING: &'static [&'static str] = &[Notes::URI];
    type Property = String;
}
impl Get for Note {}
impl Changes for Note {}
impl Set for Note {}
impl Query for Note {
    type Condition = Containing;
    type SortBy = String;
}

/// The condition of a filter: a part of the text.
#[derive(Clone, Debug, Default, PartialEq)]
struct Containing {
    text: Option<String>,
    extra: Map<String, Json>,
}

json_model::members! { Containing: "condition" never { "text" => text } extra }

// The server: a user, and a function for each method.

/// Somebody with one account, and the notes in it.
#[derive(Clone, Default)]
struct Jane {
    notes: Arc<Mutex<BTreeMap<Id<Note>, Note>>>,
}

impl User for Jane {
    fn name(&self) -> &str {
        "jane@example.com"
    }

    fn accounts(&self) -> Map<Id<Account>, Account> {
        let account = Account::own("jane@example.com").with::<Notes>(&Nothing::default());
        Map::from([(Id::any("a1"), account)])
    }
}

impl Jane {
    fn notes(&self) -> std::sync::MutexGuard<'_, BTreeMap<Id<Note>, Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes are only ever added, and numbered: the state is how many there are.
fn state(notes: &BTreeMap<Id<Note>, Note>) -> State<Note> {
    State::any(notes.len().to_string())
}

async fn get(
    context: Context<Jane>,
    get: GetArguments<Note>,
) -> Result<GetResponse<Note>, MethodError> {
    let notes = context.user().notes();
    let ids = get.ids.unwrap_or_else(|| notes.keys().cloned().collect());
    let (found, missing): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| notes.contains_key(id));
    let list = found.iter().filter_map(|id| notes.get(id)).cloned();
    let mut response = GetResponse::new(state(&notes), list);
    response.not_found = missing;
    Ok(response)
}

async fn changes(
    context: Context<Jane>,
    changes: ChangesArguments<Note>,
) -> Result<ChangesResponse<Note>, MethodError> {
    let notes = context.user().notes();
    let since = changes.since_state.ok_or(MethodErrorKind::InvalidArguments)?;
    let known: usize =
        since.as_str().parse().map_err(|_| MethodErrorKind::CannotCalculateChanges)?;
    let mut response = ChangesResponse::new(since, state(&notes));
    response.created = (known + 1..=notes.len()).map(id).collect();
    Ok(response)
}

async fn set(
    context: Context<Jane>,
    mut set: SetArguments<Note>,
) -> Result<SetResponse<Note>, MethodError> {
    // Objects that could not be read are refused in it already.
    let mut response = context.set_response(&mut set);
    let mut notes = context.user().notes();
    for (creation, mut note) in set.create {
        let id = id(notes.len() + 1);
        note.id = Some(id.clone());
        notes.insert(id.clone(), note);
        response.created.insert(creation, Created::new(id));
    }
    let cannot = SetError::new(SetErrorKind::Forbidden).description("notes are for ever");
    response.not_updated.extend(set.update.into_iter().map(|(id, _)| (id, cannot.clone())));
    response.not_destroyed.extend(set.destroy.into_iter().map(|id| (id, cannot.clone())));
    Ok(response)
}

fn id(number: usize) -> Id<Note> {
    Id::any(format!("n{number:06}"))
}

async fn query(
    context: Context<Jane>,
    query: QueryArguments<Note>,
) -> Result<QueryResponse<Note>, MethodError> {
    let matches = |note: &Note, condition: &Containing| {
        let text = note.text.as_deref().unwrap_or_default();
        condition.text.as_deref().is_none_or(|part| text.contains(part))
    };
    let notes = context.user().notes();
    let found = notes.iter().filter(|(_, note)| {
        query.filter.as_ref().is_none_or(|filter| filter.matches(&mut |it| matches(note, it)))
    });
    let start = usize::try_from(query.position.unwrap_or(0)).unwrap_or(0);
    let ids = found.map(|(id, _)| id.clone()).skip(start);
    Ok(QueryResponse::new(QueryState::any("0"), start as u64, ids))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dispatcher = Dispatcher::new()
        .base("https://notes.example.com")
        .capability::<Notes>(&Nothing::default())
        .register(get)
        .register(changes)
        .register(set)
        .register(query);
    let service = Service::new(dispatcher, MemoryBlobs::new());
    let loopback = Loopback::new(service, Jane::default());

    // The client: the same calls would go to a server at the other end of a network.
    let client =
        Client::builder("https://notes.example.com").transport(loopback).connect().wait()?;
    let mut set = SetArguments::default();
    for (creation, text) in [("k1", "Buy milk"), ("k2", "Call the milkman"), ("k3", "Sleep")] {
        let note = Note { text: Some(text.to_owned()), ..Note::default() };
        set.create(CreationId::any(creation), note);
    }
    let created = client.set(set).wait()?.created;
    println!("created {} notes", created.len());

    // What is found is fetched in the same round trip.
    let milk = Containing { text: Some("milk".to_owned()), ..Containing::default() };
    let mut batch = client.batch();
    let query = batch.query(QueryArguments::<Note>::matching(milk));
    let get = batch.get(query.ids());
    let notes = batch.send().wait()?.take(get)?.list;
    for note in &notes {
        println!("{}", note.text.as_deref().unwrap_or_default());
    }
    assert_eq!((created.len(), notes.len()), (3, 2));

    // Somebody who has seen the first note follows the changes: page by page, objects and all.
    let mut pages = client.objects_since::<Note>(State::any("1"));
    while let Some(page) = pages.wait_next() {
        match page? {
            ObjectsStep::Changed(changed) => println!("{} new ones", changed.objects.len()),
            _ => println!("fetch everything again"),
        }
    }
    Ok(())
}

#[test]
fn it_runs() -> Result<(), Box<dyn std::error::Error>> {
    main()
}
