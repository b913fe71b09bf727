//! [`Creations`]: what creation ids stand for in one request (RFC 8620, section 5.3).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use json_model::{Json, Map};

/// The map from creation ids to ids: one for all data types, shared by the calls of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct Creations(Arc<Mutex<BTreeMap<String, String>>>);

impl Creations {
    /// Starts with what an earlier request created.
    pub(super) fn new(created: Map<String, String>) -> Self {
        Self(Arc::new(Mutex::new(created.into_iter().collect())))
    }

    /// The id that `#creation` stands for.
    pub(super) fn get(&self, reference: &str) -> Option<String> {
        self.map().get(reference.strip_prefix('#')?).cloned()
    }

    /// An object was created. The latest one of a name counts.
    pub(super) fn insert(&self, creation: &str, id: &str) {
        self.map().insert(creation.to_owned(), id.to_owned());
    }

    /// Takes in what a response says was created; a `created` of another form is none of ours.
    pub(super) fn take_in(&self, response: &Json) {
        #[derive(serde::Deserialize)]
        struct Response {
            created: Option<BTreeMap<String, Created>>,
        }
        #[derive(serde::Deserialize)]
        struct Created {
            id: String,
        }

        let Ok(Response { created: Some(created) }) = response.decode() else { return };
        self.map().extend(created.into_iter().map(|(creation, Created { id })| (creation, id)));
    }

    /// All of them.
    pub(super) fn all(&self) -> Map<String, String> {
        self.map().iter().map(|(creation, id)| (creation.clone(), id.clone())).collect()
    }

    fn map(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        // A panic elsewhere cannot leave an entry half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
