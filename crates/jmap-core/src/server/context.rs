//! [`Context`]: what a method's function is told beside its arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use json_model::{Diagnostic, Diagnostics, Json, Map, Version, pointer};

use super::arguments::{fault, is_wrong, tokens};
use super::creations::Creations;
use crate::capability::Core;
use crate::object::Object;
use crate::{
    Account, CopyArguments, CopyResponse, CreationId, Id, Method, Session, SetArguments, SetError,
    SetErrorKind, SetResponse,
};

/// What the function of a method is told beside the arguments: who asks, and what the rest of the request says.
///
/// Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Context<U> {
    user: U,
    request: Arc<Shared>,
    diagnostics: Arc<Diagnostics>,
    implied: Arc<Mutex<Vec<Implied>>>,
}

/// What all calls of a request have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) using: BTreeSet<String>,
    pub(super) session: Session,
    /// Accounts that the session does not show.
    pub(super) unlisted: Map<Id<Account>, Account>,
    pub(super) limits: Core,
    /// Whether `createdIds` came, and so goes back.
    pub(super) tells_created: bool,
    pub(super) creations: Creations,
}

impl Shared {
    pub(super) fn account(&self, id: &Id<Account>) -> Option<&Account> {
        self.session.account(id).or_else(|| self.unlisted.get(id))
    }
}

/// A call that another one brings with it.
#[derive(Debug)]
pub(super) struct Implied {
    pub(super) name: String,
    pub(super) arguments: Json,
}

impl<U> Context<U> {
    pub(super) fn new(user: U, request: Arc<Shared>) -> Self {
        Self { user, request, diagnostics: Arc::default(), implied: Arc::default() }
    }

    pub(super) fn with(mut self, diagnostics: Diagnostics) -> Self {
        self.diagnostics = Arc::new(diagnostics);
        self
    }

    /// Who asks.
    pub fn user(&self) -> &U {
        &self.user
    }

    /// An account of the user, such as the one that the call names: the dispatcher has checked that it exists.
    pub fn account(&self, id: &Id<Account>) -> Option<&Account> {
        self.request.account(id)
    }

    /// The limits of the server.
    pub fn limits(&self) -> &Core {
        &self.request.limits
    }

    /// Whether the request names this capability in `using`. If not, properties and arguments that it defines are to be
    /// taken as unknown (RFC 8620, section 3.3).
    pub fn uses(&self, uri: &str) -> bool {
        self.request.using.contains(uri)
    }

    /// What was odd about the objects in the arguments: values of the wrong type, which are in the `extra` of their object.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// What `id` stands for: itself, or the object created as `k1` if it is `#k1`. `None` if there is no such object yet,
    /// which is `invalidProperties` where it stands in a property, and `notFound` where it is the object to change.
    pub fn resolve<O: ?Sized>(&self, id: &Id<O>) -> Option<Id<O>> {
        if !id.as_str().starts_with('#') {
            return Some(id.clone());
        }
        self.request.creations.get(id.as_str()).map(Id::any)
    }

    /// Says that an object was created, for the objects behind it in the same call. For later calls the dispatcher reads it
    /// from the response.
    pub fn record<O: ?Sized>(&self, creation: &CreationId<O>, id: &Id<O>) {
        self.request.creations.insert(creation.as_str(), id.as_str());
    }

    /// Makes another call right behind this one, under the same call id: the `set` that a successful `copy` implies
    /// (RFC 8620, section 5.4). It goes through all checks; its failure is its own.
    pub fn also<M: Method>(&self, call: &M) {
        // What cannot be written as JSON cannot be called; our own types can.
        let Ok(arguments) = Json::from_serialize(&call.versioned(Version::V2_0)) else { return };
        self.implied().push(Implied { name: M::NAME.to_string(), arguments });
    }

    pub(super) fn take_implied(&self) -> Vec<Implied> {
        std::mem::take(&mut self.implied())
    }

    fn implied(&self) -> MutexGuard<'_, Vec<Implied>> {
        // A panic elsewhere cannot leave the list half-written.
        self.implied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The beginning of a response to `set`: the account, and `notCreated` and `notUpdated` for the objects that could not be
    /// read. Those are taken out of `set`.
    pub fn set_response<O: Object>(&self, set: &mut SetArguments<O>) -> SetResponse<O> {
        let not_updated = entries_of("update", &mut set.extra)
            .map(|id| (Id::any(id), SetError::new(SetErrorKind::InvalidPatch)))
            .collect();
        SetResponse {
            account_id: set.account_id.clone(),
            not_created: self.not_created(&mut set.create, &mut set.extra),
            not_updated,
            ..SetResponse::default()
        }
    }

    /// The beginning of a response to `copy`: the accounts, and `notCreated` for the objects that could not be read. Those
    /// are taken out of `copy`.
    pub fn copy_response<O: Object>(&self, copy: &mut CopyArguments<O>) -> CopyResponse<O> {
        CopyResponse {
            from_account_id: copy.from_account_id.clone(),
            account_id: copy.account_id.clone(),
            not_created: self.not_created(&mut copy.create, &mut copy.extra),
            ..CopyResponse::default()
        }
    }

    /// Takes the objects that could not be read out of `create`, and says why: for methods of another kind that have such an
    /// argument. `extra` is that of the arguments.
    pub fn not_created<O: ?Sized, T>(
        &self,
        create: &mut Map<CreationId<O>, T>,
        extra: &mut Map<String, Json>,
    ) -> Map<CreationId<O>, SetError> {
        let no_objects = entries_of("create", extra).map(|id| {
            (id, SetError::new(SetErrorKind::InvalidProperties).description("expected an object"))
        });
        let refused = no_objects.chain(wrong_properties(&self.diagnostics));
        let refused: Map<CreationId<O>, SetError> =
            refused.map(|(id, error)| (CreationId::any(id), error)).collect();
        create.retain(|id, _| !refused.contains_key(id.as_str()));
        refused
    }
}

/// Takes the names of the entries of the map `name` that could not be read.
fn entries_of(name: &str, extra: &mut Map<String, Json>) -> std::vec::IntoIter<String> {
    let prefix = format!("{name}/");
    let mut entries = Vec::new();
    extra.retain(|key, _| {
        let Some(entry) = key.strip_prefix(&prefix) else { return true };
        entries.extend(pointer::tokens(entry).next().map(std::borrow::Cow::into_owned));
        false
    });
    entries.into_iter()
}

/// The objects of `create` with properties of the wrong type, which are named.
fn wrong_properties(diagnostics: &Diagnostics) -> BTreeMap<String, SetError> {
    let mut errors: BTreeMap<String, SetError> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| is_wrong(diagnostic)) {
        let Some((id, property)) = property_of(diagnostic) else { continue };
        let error = errors.entry(id).or_insert_with(|| {
            SetError::invalid_properties::<String>([]).description(fault(diagnostic))
        });
        if !error.properties.contains(&property) {
            error.properties.push(property);
        }
    }
    errors
}

/// Of `create/k1/text/…`: `k1` and `text`.
fn property_of(diagnostic: &Diagnostic) -> Option<(String, String)> {
    let mut tokens = tokens(diagnostic);
    if tokens.next()? != "create" {
        return None;
    }
    Some((tokens.next()?, tokens.next()?))
}
