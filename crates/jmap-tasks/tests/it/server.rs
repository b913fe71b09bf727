//! A server for tasks that remembers what changed, for the client to talk to.

mod handlers;
mod tasks;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use jmap_core::capability::Nothing;
use jmap_core::object::Object;
use jmap_core::server::{Dispatcher, Loopback, MemoryBlobs, Service, User};
use jmap_core::{Account, Client, Id, Map, MethodError, MethodErrorKind, State};
use jmap_tasks::capability::{Assignees, Recurrences, Tasks, TasksAccount};
use jmap_tasks::{Task, TaskList, TaskNotification};

/// A client of a server with the accounts `a1` and `a2`, and nothing in them.
pub(crate) fn client() -> Client {
    let dispatcher = handlers::register(Dispatcher::new().base("https://tasks.example.com"));
    let service = Service::new(dispatcher, MemoryBlobs::new());
    let transport = Loopback::new(service, Jane::default());
    let client = Client::builder("https://tasks.example.com").transport(transport).connect();
    client.wait().unwrap().with_account(Id::any("a1"))
}

#[derive(Clone, Default)]
struct Jane {
    accounts: Arc<Mutex<BTreeMap<String, Store>>>,
}

impl User for Jane {
    fn name(&self) -> &str {
        "jane@example.com"
    }

    fn accounts(&self) -> Map<Id<Account>, Account> {
        let account = Account::own("jane@example.com")
            .with::<Tasks>(&TasksAccount::default())
            .with::<Recurrences>(&Default::default())
            .with::<Assignees>(&Default::default());
        Map::from([(Id::any("a1"), account.clone()), (Id::any("a2"), account)])
    }
}

impl Jane {
    fn stores(&self) -> MutexGuard<'_, BTreeMap<String, Store>> {
        self.accounts.lock().unwrap()
    }

    /// Does something with what is in an account.
    fn with<T>(&self, account: &Option<Id<Account>>, work: impl FnOnce(&mut Store) -> T) -> T {
        let account = account.as_ref().map_or("", Id::as_str).to_owned();
        work(self.stores().entry(account).or_default())
    }
}

/// What is in an account.
#[derive(Default)]
struct Store {
    lists: Shelf<TaskList>,
    tasks: Shelf<Task>,
    notifications: Shelf<TaskNotification>,
}

/// The objects of a type, and what happened to them: the state is how much did.
struct Shelf<O> {
    objects: BTreeMap<Id<O>, O>,
    log: Vec<(Id<O>, Step)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Created,
    Updated,
    Destroyed,
}

impl<O> Default for Shelf<O> {
    fn default() -> Self {
        Self { objects: BTreeMap::new(), log: Vec::new() }
    }
}

/// A type that this server keeps.
trait Kept: Object + jmap_core::json_model::Object {
    fn shelf(store: &mut Store) -> &mut Shelf<Self>;
    fn set_id(&mut self, id: Id<Self>);
}

impl<O: Kept> Shelf<O> {
    fn state(&self) -> State<O> {
        State::any(self.log.len().to_string())
    }

    /// What happened since a state.
    fn since(&self, state: Option<&str>) -> Result<&[(Id<O>, Step)], MethodError> {
        let known = state.and_then(|state| state.parse().ok());
        let steps = known.and_then(|known: usize| self.log.get(known..));
        steps.ok_or_else(|| MethodErrorKind::CannotCalculateChanges.into())
    }

    fn create(&mut self, mut object: O) -> Id<O> {
        let id: Id<O> = Id::any(format!("{}{}", <O as Object>::TYPE, self.log.len()));
        object.set_id(id.clone());
        self.put(id.clone(), object, Step::Created);
        id
    }

    fn put(&mut self, id: Id<O>, object: O, step: Step) {
        self.objects.insert(id.clone(), object);
        self.log.push((id, step));
    }

    fn destroy(&mut self, id: &Id<O>) -> Option<O> {
        let object = self.objects.remove(id.as_str())?;
        self.log.push((id.clone(), Step::Destroyed));
        Some(object)
    }
}

impl Kept for TaskList {
    fn shelf(store: &mut Store) -> &mut Shelf<Self> {
        &mut store.lists
    }

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }
}

impl Kept for Task {
    fn shelf(store: &mut Store) -> &mut Shelf<Self> {
        &mut store.tasks
    }

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }
}

impl Kept for TaskNotification {
    fn shelf(store: &mut Store) -> &mut Shelf<Self> {
        &mut store.notifications
    }

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }
}

/// The capabilities of the session.
fn with_capabilities(dispatcher: Dispatcher<Jane>) -> Dispatcher<Jane> {
    let nothing = Nothing::default();
    dispatcher
        .capability::<Tasks>(&nothing)
        .capability::<Recurrences>(&nothing)
        .capability::<Assignees>(&nothing)
}
