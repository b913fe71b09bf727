//! A data type that nobody knows, and a server for it that remembers each of its states.

mod query;
mod write;

use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use jmap_core::blob::{CreatedBlob, UploadArguments, UploadResponse};
use jmap_core::capability::{self, BlobLimits, Capability, Nothing};
use jmap_core::object::{Changes, Copy, Get, Object, Query, QueryChanges, Set};
use jmap_core::server::{Context, Dispatcher, User};
use jmap_core::{
    Account, ChangesArguments, ChangesResponse, GetArguments, GetResponse, Id, Json, Map, Method,
    MethodError, MethodErrorKind, MethodName, State,
};
use json_model::Set as JsonSet;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Note {
    pub(crate) id: Option<Id<Self>>,
    pub(crate) text: Option<String>,
    /// Another note that this one belongs to.
    pub(crate) parent_id: Option<Id<Self>>,
    /// Notes that this one speaks of: ids as names.
    pub(crate) about_ids: JsonSet<Id<Self>>,
    /// How long the text is: set by the server.
    pub(crate) length: Option<u64>,
    pub(crate) extra: Map<String, Json>,
}

json_model::members! {
    Note: "Note" never {
        "id" => id, "text" => text, "parentId" => parent_id, "aboutIds" => about_ids, "length" => length,
    }
    extra
}

pub(crate) struct Notes;

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
impl Copy for Note {}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Condition {
    /// A part of the text.
    text: Option<String>,
    extra: Map<String, Json>,
}

json_model::members! { Condition: "condition" never { "text" => text } extra }

impl Query for Note {
    type Condition = Condition;
    type SortBy = String;
}
impl QueryChanges for Note {}

/// `Note/wait`: takes three turns.
#[derive(Clone, Debug, Default, PartialEq)]
struct Wait {
    account_id: Option<Id<Account>>,
    extra: Map<String, Json>,
}

json_model::members! { Wait: "Note/wait arguments" never { "accountId" => account_id } extra }

impl Method for Wait {
    const NAME: MethodName = MethodName::new("Note", "wait");
    const USING: &'static [&'static str] = &[Notes::URI];
    type Response = Self;
}

/// `Note/burn`: panics.
#[derive(Clone, Debug, Default, PartialEq)]
struct Burn {
    account_id: Option<Id<Account>>,
    extra: Map<String, Json>,
}

json_model::members! { Burn: "Note/burn arguments" never { "accountId" => account_id } extra }

impl Method for Burn {
    const NAME: MethodName = MethodName::new("Note", "burn");
    const USING: &'static [&'static str] = &[Notes::URI];
    type Response = Self;
}

/// All that there ever was, by account.
#[derive(Clone, Default)]
pub(crate) struct Store(Arc<Mutex<Map<String, Vec<Snapshot>>>>);

/// The notes of a state; the state is its index.
type Snapshot = Map<String, Note>;

/// A user with accounts of all kinds.
#[derive(Clone)]
pub(crate) struct Jane {
    pub(crate) store: Store,
}

impl User for Jane {
    fn accounts(&self) -> Map<Id<Account>, Account> {
        let own = Account::own("jane@example.com")
            .with::<Notes>(&Nothing::default())
            .with::<capability::Blob>(&BlobLimits::default());
        let mut shared = own.clone();
        shared.is_personal = Some(false);
        let mut read_only = shared.clone();
        read_only.is_read_only = Some(true);
        let other = Account::own("without notes");
        Map::from([
            (Id::any("A1"), own),
            (Id::any("A2"), shared),
            (Id::any("R"), read_only),
            (Id::any("X"), other),
        ])
    }

    fn unlisted_accounts(&self) -> Map<Id<Account>, Account> {
        Map::from([(Id::any("U"), Account::own("unlisted").with::<Notes>(&Nothing::default()))])
    }

    fn name(&self) -> &str {
        "jane@example.com"
    }
}

pub(crate) fn dispatcher() -> Dispatcher<Jane> {
    Dispatcher::new()
        .base("https://example.com")
        .capability::<Notes>(&Nothing::default())
        .register(get)
        .register(changes)
        .register(write::set)
        .register(write::copy)
        .register(query::query)
        .register(query::query_changes)
        .capability::<capability::Blob>(&Nothing::default())
        .register(upload)
        .register(|_, wait: Wait| async move {
            let mut turns = 0;
            std::future::poll_fn(|_| {
                turns += 1;
                if turns > 3 { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            Ok(wait)
        })
        .register(|_, burn: Burn| async move {
            assert!(burn.account_id.is_none(), "no such thing as a burning note");
            Ok(burn)
        })
}

impl Store {
    fn history(&self, account: Option<&Id<Account>>) -> History<'_> {
        let mut accounts = self.0.lock().unwrap();
        let account = account.map_or("", Id::as_str).to_owned();
        accounts.get_or_insert_with(account.clone(), || vec![Snapshot::default()]);
        History { accounts, account }
    }

    /// Notes with these texts; their ids are N1, N2, …
    pub(crate) fn fill(&self, account: &str, texts: &[&str]) {
        let mut history = self.history(Some(&Id::any(account)));
        for text in texts {
            history.step(|notes| {
                insert(notes, Note { text: Some((*text).to_owned()), ..Note::default() });
            });
        }
    }
}

struct History<'a> {
    accounts: MutexGuard<'a, Map<String, Vec<Snapshot>>>,
    account: String,
}

impl History<'_> {
    fn snapshots(&self) -> &[Snapshot] {
        &self.accounts[self.account.as_str()]
    }

    fn now(&self) -> &Snapshot {
        self.snapshots().last().unwrap()
    }

    fn state(&self) -> State<Note> {
        State::any((self.snapshots().len() - 1).to_string())
    }

    fn step(&mut self, change: impl FnOnce(&mut Snapshot)) {
        let mut next = self.now().clone();
        change(&mut next);
        if next != *self.now() {
            self.accounts.get_mut(self.account.as_str()).unwrap().push(next);
        }
    }

    fn index(&self, state: Option<&str>) -> Result<usize, MethodError> {
        let index = state.and_then(|state| state.parse().ok());
        let known = index.filter(|index| *index < self.snapshots().len());
        known.ok_or_else(|| MethodErrorKind::CannotCalculateChanges.into())
    }

    fn expect(&self, state: Option<&State<Note>>) -> Result<(), MethodError> {
        match state.filter(|state| **state != self.state()) {
            Some(_) => Err(MethodErrorKind::StateMismatch.into()),
            None => Ok(()),
        }
    }
}

fn insert(notes: &mut Snapshot, mut note: Note) -> Id<Note> {
    let last = notes.keys().filter_map(|id| id[1..].parse().ok()).max().unwrap_or(0_u64);
    let id = Id::any(format!("N{}", last + 1));
    note.id = Some(id.clone());
    note.length = note.text.as_ref().map(|text| text.chars().count() as u64);
    notes.insert(id.as_str().to_owned(), note);
    id
}

async fn get(
    context: Context<Jane>,
    get: GetArguments<Note>,
) -> Result<GetResponse<Note>, MethodError> {
    let properties = get.properties.unwrap_or_default();
    if let Some(unknown) = properties.iter().find(|name| !PROPERTIES.contains(&name.as_str())) {
        return Err(MethodError::new(MethodErrorKind::InvalidArguments).description(unknown));
    }
    let history = context.user().store.history(get.account_id.as_ref());
    let mut ids: Vec<Id<Note>> =
        get.ids.unwrap_or_else(|| history.now().keys().map(|id| Id::any(id.as_str())).collect());
    ids.sort();
    ids.dedup();
    let (found, missing): (Vec<_>, Vec<_>) =
        ids.into_iter().partition(|id| history.now().contains_key(id.as_str()));
    let notes = found.iter().map(|id| chosen(&history.now()[id.as_str()], &properties));
    let mut response = GetResponse::new(history.state(), notes);
    response.not_found = missing;
    Ok(response)
}

const PROPERTIES: [&str; 5] = ["id", "text", "parentId", "aboutIds", "length"];

fn chosen(note: &Note, properties: &[String]) -> Note {
    let has = |name: &str| properties.is_empty() || properties.iter().any(|it| it == name);
    let Note { id, text, parent_id, about_ids, length, extra } = note.clone();
    Note {
        id,
        text: text.filter(|_| has("text")),
        parent_id: parent_id.filter(|_| has("parentId")),
        about_ids: if has("aboutIds") { about_ids } else { JsonSet::default() },
        length: length.filter(|_| has("length")),
        extra,
    }
}

async fn changes(
    context: Context<Jane>,
    changes: ChangesArguments<Note>,
) -> Result<ChangesResponse<Note>, MethodError> {
    let history = context.user().store.history(changes.account_id.as_ref());
    let since = history.index(changes.since_state.as_ref().map(State::as_str))?;
    let last = history.snapshots().len() - 1;
    let most = changes.max_changes.unwrap_or(u64::MAX);
    // The latest state that is not too far away.
    let fits = |to: &usize| differences(&history, since, *to).0 <= most;
    let to = (since..=last).rev().find(fits).filter(|to| *to > since || since == last);
    let to = to.ok_or_else(|| MethodError::new(MethodErrorKind::CannotCalculateChanges))?;
    let mut response = differences(&history, since, to).1;
    response.has_more_changes = Some(to < last);
    Ok(response)
}

/// What changed between two states, and how many ids that is.
fn differences(history: &History<'_>, from: usize, to: usize) -> (u64, ChangesResponse<Note>) {
    let (old, new) = (&history.snapshots()[from], &history.snapshots()[to]);
    let mut response =
        ChangesResponse::new(State::any(from.to_string()), State::any(to.to_string()));
    for (id, note) in new {
        match old.get(id.as_str()) {
            None => response.created.push(Id::any(id.as_str())),
            Some(before) if before != note => response.updated.push(Id::any(id.as_str())),
            Some(_) => {}
        }
    }
    let gone = old.keys().filter(|id| !new.contains_key(id.as_str()));
    response.destroyed = gone.map(|id| Id::any(id.as_str())).collect();
    let count = response.created.len() + response.updated.len() + response.destroyed.len();
    (count as u64, response)
}

/// Makes blobs and forgets them; each has the id that its client wished.
async fn upload(
    context: Context<Jane>,
    mut upload: UploadArguments,
) -> Result<UploadResponse, MethodError> {
    let mut response = UploadResponse::default();
    response.not_created = context.not_created(&mut upload.create, &mut upload.extra);
    for creation in upload.create.keys() {
        let mut blob = CreatedBlob::default();
        blob.id = Some(Id::any(format!("blob-{creation}")));
        response.created.insert(creation.clone(), blob);
    }
    Ok(response)
}
