//! The life of calendars: created, fetched, changed, noticed, destroyed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jmap_core::client::ObjectsStep;
use jmap_core::{
    ChangesArguments, Client, CreationId, GetArguments, Id, PatchObject, SetArguments,
    SetErrorKind, State,
};

use super::{Calendar, Server};

/// The account while one test has it for itself, for the state is that of all calendars. What was made in it goes when the
/// test ends, however it ends.
pub(crate) struct Account {
    client: Client,
    made: Vec<Id<Calendar>>,
    _only: MutexGuard<'static, ()>,
}

impl Account {
    pub(crate) fn take() -> Option<Self> {
        static ACCOUNT: Mutex<()> = Mutex::new(());
        let client = Server::named()?.client();
        let only = ACCOUNT.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Self { client, made: Vec::new(), _only: only })
    }

    pub(crate) fn create(&mut self, name: &str) -> Id<Calendar> {
        let mut set = SetArguments::default();
        set.create(CreationId::any("k"), Calendar::named(name));
        let response = self.client.set(set).wait().unwrap();
        let id = response.created["k"].id.clone();
        self.made.push(id.clone());
        id
    }

    fn fetch(&self, id: &Id<Calendar>) -> Option<Calendar> {
        let get = GetArguments::of([id.clone()]);
        let mut response = self.client.get(get).wait().unwrap();
        assert_eq!(response.list.len() + response.not_found.len(), 1);
        response.list.objects.pop()
    }

    pub(crate) fn state(&self) -> State<Calendar> {
        let get = GetArguments::<Calendar>::of([]);
        self.client.get(get).wait().unwrap().state.unwrap()
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let mut set = SetArguments::<Calendar>::default();
        set.destroy = std::mem::take(&mut self.made);
        let done = self.client.set(set).wait();
        let is_clean = done.is_ok_and(|response| response.not_destroyed.is_empty());
        assert!(is_clean || std::thread::panicking());
    }
}

fn update(id: &Id<Calendar>, property: &str, value: &str) -> SetArguments<Calendar> {
    let mut set = SetArguments::default();
    set.update(id.clone(), PatchObject::new().set(property, value).clone());
    set
}

#[test]
fn from_the_first_to_the_last_day() {
    let Some(mut account) = Account::take() else { return };
    let id = account.create("Kitchen");
    let calendar = account.fetch(&id).unwrap();
    assert_eq!(calendar.name.as_deref(), Some("Kitchen"));
    assert_eq!(calendar.id.as_ref(), Some(&id));

    let mut set = update(&id, "name", "Küche");
    set.update.get_mut(&id).unwrap().set("color", "#ff8800");
    let response = account.client.set(set).wait().unwrap();
    assert!(response.updated.contains_key(&id), "{response:?}");
    assert_ne!(response.old_state, response.new_state);
    let calendar = account.fetch(&id).unwrap();
    assert_eq!(calendar.name.as_deref(), Some("Küche"));
    assert_eq!(calendar.color.as_deref(), Some("#ff8800"));

    let mut set = SetArguments::default();
    set.destroy(id.clone());
    let response = account.client.set(set).wait().unwrap();
    assert_eq!(response.destroyed, account.made);
    account.made.clear();
    assert_eq!(account.fetch(&id), None);
}

#[test]
fn what_is_refused_has_its_reason() {
    let Some(account) = Account::take() else { return };
    let gone = Id::any("not-there");
    let mut set = update(&gone, "name", "Nowhere");
    set.create(CreationId::any("k"), Calendar::default());
    set.destroy(Id::any("not-there-either"));
    let response = account.client.set(set).wait().unwrap();
    assert_eq!(response.not_updated[&gone].kind(), SetErrorKind::NotFound);
    assert!(response.not_destroyed["not-there-either"].is_not_found());
    let error = &response.not_created["k"];
    assert_eq!(error.kind(), SetErrorKind::InvalidProperties);
    assert_eq!(error.properties, ["name"]);
}

#[test]
fn one_batch_creates_and_fetches() {
    let Some(mut account) = Account::take() else { return };
    let mut batch = account.client.batch();
    let creation = batch.creation::<Calendar>();
    let mut arguments = SetArguments::default();
    arguments.create(creation.clone(), Calendar::named("Batch"));
    let set = batch.set(arguments);
    let get = batch.get([creation.id()]);
    let mut responses = batch.send().wait().unwrap();
    let id = responses.take(set).unwrap().created[&creation].id.clone();
    account.made.push(id.clone());
    let got = responses.take(get).unwrap();
    assert_eq!(got.list.objects[0].id.as_ref(), Some(&id));
    assert_eq!(got.list.objects[0].name.as_deref(), Some("Batch"));
}

#[test]
fn one_batch_asks_for_changes_and_fetches_them() {
    let Some(mut account) = Account::take() else { return };
    let before = account.state();
    let id = account.create("Changed");
    let mut batch = account.client.batch();
    let changes = batch.changes(ChangesArguments::since(before.clone()));
    let get = batch.get(changes.created());
    let mut responses = batch.send().wait().unwrap();
    let changes = responses.take(changes).unwrap();
    assert_eq!(changes.old_state, Some(before));
    assert_eq!(changes.created, [id]);
    let got = responses.take(get).unwrap();
    assert_eq!(got.list.objects[0].name.as_deref(), Some("Changed"));
    assert_eq!(got.state, changes.new_state);
}

#[test]
fn a_held_copy_follows() {
    let Some(mut account) = Account::take() else { return };
    let before = account.state();
    let mut pages = account.client.objects_since::<Calendar>(before.clone());
    let ObjectsStep::Changed(nothing) = pages.wait_next().unwrap().unwrap() else { panic!() };
    assert!(nothing.objects.is_empty() && nothing.destroyed.is_empty(), "{nothing:?}");
    assert_eq!(nothing.state, before);
    assert!(pages.wait_next().is_none());

    let [kept, gone] = ["Kept", "Gone"].map(|name| account.create(name));
    let middle = account.state();
    account.client.set(update(&kept, "name", "Kept on")).wait().unwrap();
    let mut set = SetArguments::default();
    set.destroy(gone.clone());
    account.client.set(set).wait().unwrap();

    let mut pages = account.client.objects_since::<Calendar>(middle);
    let (mut objects, mut destroyed) = (Vec::new(), Vec::new());
    let mut state = None;
    while let Some(step) = pages.wait_next() {
        let ObjectsStep::Changed(changed) = step.unwrap() else { panic!("resync") };
        assert!(!changed.has_more);
        objects.extend(changed.objects);
        destroyed.extend(changed.destroyed);
        state = Some(changed.state);
    }
    assert_eq!(objects.len(), 1);
    assert_eq!(objects[0].id.as_ref(), Some(&kept));
    assert_eq!(objects[0].name.as_deref(), Some("Kept on"));
    assert_eq!(destroyed, std::slice::from_ref(&gone));
    assert_eq!(state, Some(account.state()));
    account.made.retain(|id| *id != gone);
}

#[test]
fn a_state_that_cannot_be_read_means_to_fetch_everything() {
    let Some(account) = Account::take() else { return };
    let mut pages = account.client.objects_since::<Calendar>(State::any("no state of this server"));
    assert_eq!(pages.wait_next().unwrap().unwrap(), ObjectsStep::Resync);
    assert!(pages.wait_next().is_none());
    let changes = ChangesArguments::<Calendar>::since(State::any("no state of this server"));
    assert!(account.client.changes(changes).wait().unwrap_err().needs_resync());
}

#[test]
fn a_change_demands_the_state_it_knows() {
    let Some(mut account) = Account::take() else { return };
    let id = account.create("States");
    let before = account.state();
    account.client.set(update(&id, "name", "Somebody else's")).wait().unwrap();
    let mut late = update(&id, "name", "Mine");
    late.if_in_state(before);
    let error = account.client.set(late.clone()).wait().unwrap_err();
    assert!(error.is_state_mismatch(), "{error:?}");
    insta::assert_snapshot!(error, @"Calendar/set failed: stateMismatch");

    late.if_in_state(account.state());
    account.client.set(late).wait().unwrap();
    assert_eq!(account.fetch(&id).unwrap().name.as_deref(), Some("Mine"));
}
