//! The bodies of the fuzz targets of `jmap-core`: each takes any bytes, and panics if a law is broken.

use std::time::Duration;

use jmap_core::capability::{Blob, Capability as _, Quota};
use jmap_core::object::{Changes, Copy, Get, Object, Query, QueryChanges, Set};
use jmap_core::push::{
    Event, EventParser, EventSource, EventSourceOptions, EventTooLarge, StreamEvent,
};
use jmap_core::sync::HeldQuery;
use jmap_core::wire::{Origin, expand, resolve};
use jmap_core::{
    Batch, ChangesArguments, CopyArguments, GetArguments, Handle, Id, Json, Map, Method,
    QueryArguments, QueryChangesArguments, QueryState, Response, Responses, Session, SetArguments,
    State,
};
use json_model::ToJson;

/// Whatever a server says of itself can be read again as it was, and no address leaves the form of one.
pub fn session(data: &[u8]) {
    let Some(session) = read_object::<Session>(data) else { return };
    assert_eq!(written_and_read(&session), session);

    let _ = (session.limits().or_suggested(), session.capability::<Blob>());
    for account in session.accounts.values() {
        let _ = (account.capability::<Blob>(), account.capability::<Quota>());
    }
    for uri in session.capabilities.keys().map(String::as_str).chain([Blob::URI, "x"]) {
        if let Some(id) = session.primary_account(uri) {
            let _ = session.account(id);
        }
        assert!(session.accounts_with(uri).all(|(_, account)| account.has(uri)));
    }
    let urls =
        [&session.api_url, &session.download_url, &session.upload_url, &session.event_source_url];
    for url in urls.into_iter().flatten() {
        address(url);
    }
}

/// Resolving ends in a URL that stays what it is, and what is filled into a template adds no parts to it.
fn address(template: &str) {
    const BASE: &str = "https://jmap.example.com/a/session?b#c";
    const HOSTILE: &str = "/../{name}?#&=%@ \u{e9}";
    if let Some(url) = resolve(BASE, template) {
        assert!(Origin::of(&url).is_some(), "{url:?}");
        assert_eq!(resolve(BASE, &url).as_ref(), Some(&url));
    }
    let names = ["accountId", "blobId", "name", "type", "types", "closeafter", "ping", ""];
    let full = expand(template, &names.map(|name| (name, HOSTILE)));
    for delimiter in ["/", "?", "#", "&", "=", "@", " ", "{"] {
        let count = |text: &str| text.matches(delimiter).count();
        assert!(count(&full) <= count(template), "{delimiter:?} in {full:?}");
    }
    let url = EventSourceOptions::of_types(["Note"]).url(template);
    let _ = (resolve(BASE, &url), Origin::of(&url));
}

/// Whatever a server answers can be read again as it was. A result that is in it loses at most the objects that could not
/// be read, and a held query is changed whole or not at all.
pub fn response(data: &[u8]) {
    let Some(response) = read_object::<Response>(data) else { return };
    assert_eq!(written_and_read(&response), response);

    let mut batch = Batch::new();
    let get = batch.get(GetArguments::<Note>::all());
    let changes = batch.changes(ChangesArguments::<Note>::since(State::any("1")));
    let set = batch.set(SetArguments::<Note>::default());
    let copy = batch.copy(CopyArguments::<Note>::default());
    let query = batch.query(QueryArguments::<Note>::all());
    let more = batch.query_changes(QueryChangesArguments::<Note>::default());
    let mut responses = Responses::new(response);
    take(&mut responses, get);
    take(&mut responses, changes);
    take(&mut responses, set);
    take(&mut responses, copy);
    let ids = ["a", "b", "c"].map(Id::any).to_vec();
    let mut held = HeldQuery::new(QueryState::any("1"), ids, Some(3));
    held = take(&mut responses, query).and_then(HeldQuery::of).unwrap_or(held);
    if let Some(changes) = take(&mut responses, more) {
        let before = held.clone();
        if held.apply(changes).is_err() {
            assert_eq!(held, before);
        }
    }
}

/// The result of a call, if there is one; what is wrong with it can be said in any case.
fn take<M: Method>(responses: &mut Responses, call: Handle<M>) -> Option<M::Response> {
    match responses.take(call) {
        Ok(result) => {
            written_and_read(&result);
            Some(result)
        }
        Err(error) => {
            let _ = (error.to_string(), error.is_retryable(), error.needs_resync());
            None
        }
    }
}

fn read_object<T: json_model::Object>(data: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(data).ok()?;
    json_model::from_str(text).ok().map(|parsed| parsed.value)
}

/// What an object is read as that was read and written. It is written the same from then on.
fn written_and_read<T: json_model::Object + ToJson>(object: &T) -> T {
    let write = |object: &T| Json::from_serialize(&object.versioned(json_model::Version::V2_0));
    let written = write(object).expect("what was read can be written");
    let again: T = read_object(written.as_str().as_bytes()).expect("what is written can be read");
    let twice = write(&again).expect("what was read can be written");
    assert_eq!(twice.as_str(), written.as_str());
    again
}

/// A data type that no server has: one of everything that members are.
#[derive(Clone, Debug, Default, PartialEq)]
struct Note {
    id: Option<Id<Self>>,
    text: Option<String>,
    size: Option<u64>,
    done: Option<bool>,
    labels: Map<String, bool>,
    extra: Map<String, Json>,
}

json_model::members! {
    Note: "Note" never {
        "id" => id,
        "text" => text,
        "size" => size,
        "done" => done,
        "labels" => labels,
    }
    extra
}

impl Object for Note {
    const TYPE: &'static str = "Note";
    const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
    type Property = String;
}
impl Get for Note {}
impl Changes for Note {}
impl Set for Note {}
impl Copy for Note {}
impl Query for Note {
    type Condition = Json;
    type SortBy = String;
}
impl QueryChanges for Note {}

/// An event stream means the same in whatever pieces it comes, is refused where it is too large, and gives no reason to
/// wait for ever.
pub fn event_stream(data: &[u8]) {
    let lengths =
        [data.len().max(1), 1, 2, 3, 7, usize::from(data.first().copied().unwrap_or(1)).max(1)];
    let limits = [8, 64, usize::MAX];
    for most in limits {
        let whole = read(data, lengths[0], most);
        for length in lengths {
            assert_eq!(read(data, length, most), whole, "in pieces of {length}, at most {most}");
        }
    }

    let mut source = EventSource::new(EventSourceOptions::default());
    source.received(data);
    while let Some(event) = source.next_event() {
        if let Ok(Event::Ping { interval: Some(interval) }) = event {
            assert!(!interval.is_zero());
        }
    }
    let id = source.last_event_id().map(str::to_owned);
    let wait = source.lost(None, 1.0).expect("an end is nothing to give up for");
    assert!(wait >= Duration::from_secs(1) && wait <= Duration::from_secs(3600), "{wait:?}");
    assert_eq!(source.last_event_id().map(str::to_owned), id);
}

type Outcome = (Vec<Result<StreamEvent, EventTooLarge>>, Option<String>, Option<Duration>);

fn read(data: &[u8], length: usize, most: usize) -> Outcome {
    let mut parser = EventParser::with_limit(most);
    let mut events = Vec::new();
    for piece in data.chunks(length) {
        parser.push(piece);
        events.extend(std::iter::from_fn(|| parser.next_event()));
    }
    (events, parser.last_event_id().map(str::to_owned), parser.retry())
}
