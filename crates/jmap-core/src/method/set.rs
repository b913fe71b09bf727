//! `Foo/set` (RFC 8620, section 5.3).

use json_model::{FromJson, Json, Map, PatchObject, Read, Reader, ToJson, Version};
use serde::{Deserializer, Serializer};

use super::{Method, MethodName, empty};
use crate::object::{Object, Set};
use crate::{Account, CreationId, Error, Id, Session, SetError, State};

/// The arguments of `Foo/set` (RFC 8620, section 5.3): creates, updates and destroys objects.
///
/// Each object is changed whole or not at all, and independently of the others; the order is the server's.
///
/// ```
/// # use jmap_core::object::{Set, Object};
/// # use json_model::{Json, Map};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { id: Option<Id<Note>>, text: Option<String>, extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }
/// # impl Object for Note {
/// #     const TYPE: &'static str = "Note";
/// #     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
/// #     type Property = String;
/// # }
/// # impl Set for Note {}
/// use jmap_core::{CreationId, Id, PatchObject, SetArguments};
///
/// let mut set = SetArguments::default();
/// set.create(CreationId::any("k1"), Note { text: Some("Milk".to_owned()), ..Note::default() });
/// set.update(Id::any("n1"), PatchObject::new().set("text", "Bread").clone());
/// set.destroy(Id::any("n2"));
/// assert_eq!(
///     serde_json::to_string(&set)?,
///     r#"{"create":{"k1":{"text":"Milk"}},"update":{"n1":{"text":"Bread"}},"destroy":["n2"]}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SetArguments<O: Object> {
    /// The account; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// Nothing is done unless all objects of the type stand like this.
    pub if_in_state: Option<State<O>>,
    /// Objects to create.
    pub create: Map<CreationId<O>, O>,
    /// Changes to objects.
    pub update: Map<Id<O>, PatchObject>,
    /// Objects to destroy.
    pub destroy: Vec<Id<O>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! { SetArguments<O: Object> { account_id, if_in_state, create, update, destroy, extra } }

json_model::members! {
    impl [O: Object] for SetArguments<O>: "Foo/set arguments" never {
        "accountId" => account_id,
        "ifInState" => if_in_state,
        "create" => create,
        "update" => update,
        "destroy" => destroy,
    }
    extra
}

impl<O: Object> SetArguments<O> {
    /// Creates an object; `creation` is its name until the server has given it an id.
    pub fn create(&mut self, creation: CreationId<O>, object: O) -> &mut Self {
        self.create.insert(creation, object);
        self
    }

    /// Changes an object.
    pub fn update(&mut self, id: Id<O>, patch: PatchObject) -> &mut Self {
        self.update.insert(id, patch);
        self
    }

    /// Destroys an object.
    pub fn destroy(&mut self, id: Id<O>) -> &mut Self {
        self.destroy.push(id);
        self
    }

    /// Does nothing unless all objects of the type stand like this.
    pub fn if_in_state(&mut self, state: State<O>) -> &mut Self {
        self.if_in_state = Some(state);
        self
    }

    /// How many objects are to be created, changed and destroyed: what `maxObjectsInSet` counts.
    pub fn len(&self) -> usize {
        self.create.len() + self.update.len() + self.destroy.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

// What sends objects in pieces asks for this, so that arguments around these can be cut too.
impl<O: Object> AsMut<Self> for SetArguments<O> {
    fn as_mut(&mut self) -> &mut Self {
        self
    }
}

impl<O: Set> Method for SetArguments<O> {
    const NAME: MethodName = MethodName::new(O::TYPE, "set");
    const USING: &'static [&'static str] = O::USING;
    const ALSO_USING: &'static [&'static str] = O::ALSO_USING;
    type Response = SetResponse<O>;

    fn version(session: &Session) -> Version {
        O::version(session)
    }
}

/// The response to `Foo/set` (RFC 8620, section 5.3).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SetResponse<O: Object> {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// The state before, if the server knows it.
    pub old_state: Option<State<O>>,
    /// The state now.
    pub new_state: Option<State<O>>,
    /// What was created: the id, and the properties that the client did not send.
    pub created: Map<CreationId<O>, Created<O>>,
    /// What was changed, with properties that changed in another way than the client asked for.
    pub updated: Map<Id<O>, Updated>,
    /// What is gone.
    pub destroyed: Vec<Id<O>>,
    /// What was not created, and why.
    pub not_created: Map<CreationId<O>, SetError>,
    /// What was not changed, and why.
    pub not_updated: Map<Id<O>, SetError>,
    /// What was not destroyed, and why.
    pub not_destroyed: Map<Id<O>, SetError>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! {
    SetResponse<O: Object> {
        account_id, old_state, new_state, created, updated, destroyed, not_created, not_updated, not_destroyed, extra,
    }
}

json_model::members! {
    impl [O: Object] for SetResponse<O>: "Foo/set response" never {
        "accountId" => account_id,
        "oldState" => old_state,
        "newState" => new_state,
        "created" => created,
        "updated" => updated,
        "destroyed" => destroyed,
        "notCreated" => not_created,
        "notUpdated" => not_updated,
        "notDestroyed" => not_destroyed,
    }
    extra
}

impl<O: Object> SetResponse<O> {
    /// The first thing that was not done, if there is any: what to return where all or nothing is of use.
    pub fn first_error(&self) -> Option<(&str, &SetError)> {
        let created = self.not_created.iter().map(|(id, error)| (id.as_str(), error));
        let updated = self.not_updated.iter().map(|(id, error)| (id.as_str(), error));
        let destroyed = self.not_destroyed.iter().map(|(id, error)| (id.as_str(), error));
        created.chain(updated).chain(destroyed).next()
    }

    /// What became of one object that was to be created.
    ///
    /// # Errors
    ///
    /// [`Error::Set`] if it was not created, [`Error::NoResponse`] if the server says nothing about it.
    pub fn take_created(&mut self, creation: &CreationId<O>) -> Result<Created<O>, Error> {
        let created = self.created.remove(creation.as_str());
        let refused = self.not_created.remove(creation.as_str());
        done(created, creation.as_str(), refused, O::TYPE)
    }

    /// What became of one object that was to be changed.
    ///
    /// # Errors
    ///
    /// Those of [`take_created`](Self::take_created).
    pub fn take_updated(&mut self, id: &Id<O>) -> Result<Updated, Error> {
        let updated = self.updated.remove(id.as_str());
        let refused = self.not_updated.remove(id.as_str());
        done(updated, id.as_str(), refused, O::TYPE)
    }

    /// What became of one object that was to be destroyed.
    ///
    /// # Errors
    ///
    /// Those of [`take_created`](Self::take_created).
    pub fn take_destroyed(&mut self, id: &Id<O>) -> Result<(), Error> {
        let destroyed = self.destroyed.contains(id).then_some(());
        let refused = self.not_destroyed.remove(id.as_str());
        done(destroyed, id.as_str(), refused, O::TYPE)
    }
}

fn done<T>(
    done: Option<T>,
    id: &str,
    refused: Option<SetError>,
    object: &'static str,
) -> Result<T, Error> {
    match (done, refused) {
        (Some(done), _) => Ok(done),
        (None, Some(error)) => Err(Error::Set { id: id.to_owned(), error: Box::new(error) }),
        (None, None) => {
            Err(Error::NoResponse { method: MethodName::new(object, "set").to_string() })
        }
    }
}

/// An object that was created, as the server tells of it: its id, and properties that the client did not send.
///
/// Servers differ in what they tell: one gives the id alone. Fetch the object where other properties matter.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Created<O> {
    /// The id.
    pub id: Id<O>,
    /// All that the server said, with the id.
    pub json: Json,
}

impl<O: FromJson> Created<O> {
    /// What the server said, as an object that has only these properties.
    ///
    /// `None` if the type refuses it, as it may when it demands properties that did not come.
    pub fn object(&self) -> Option<O> {
        let mut text = serde_json::Deserializer::from_str(self.json.as_str());
        match O::read(&mut text, &mut Reader::new()) {
            Ok(Read::Value(object)) => Some(object),
            _ => None,
        }
    }
}

impl<O> Created<O> {
    /// Tells of an object with this id, and of nothing more.
    pub fn new(id: Id<O>) -> Self {
        let json = Json::from(serde_json::json!({ "id": id.as_str() }));
        Self { id, json }
    }
}

impl<O> FromJson for Created<O> {
    const EXPECTED: &'static str = "an object with an id";

    fn read<'de, D: Deserializer<'de>>(value: D, _: &mut Reader) -> Result<Read<Self>, D::Error> {
        #[derive(serde::Deserialize)]
        struct Named {
            id: Id<()>,
        }

        let json: Json = serde::Deserialize::deserialize(value)?;
        Ok(match json.decode::<Named>() {
            Ok(Named { id }) => Read::Value(Self { id: id.cast(), json }),
            Err(_) => Read::Wrong(json),
        })
    }
}

impl<O> ToJson for Created<O> {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        self.json.to_json(serializer, version)
    }
}

/// What the server says of an object that was changed: properties that changed in another way than the client asked for,
/// or nothing.
///
/// No news are no promise that nothing else changed: servers do not tell everything.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Updated {
    /// The properties, as an object.
    pub json: Option<Json>,
}

impl FromJson for Updated {
    const EXPECTED: &'static str = "an object or null";

    fn read<'de, D: Deserializer<'de>>(value: D, _: &mut Reader) -> Result<Read<Self>, D::Error> {
        let json: Json = serde::Deserialize::deserialize(value)?;
        let json = Some(json).filter(|json| !json.is_null());
        Ok(Read::Value(Self { json }))
    }
}

impl ToJson for Updated {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        self.json.to_json(serializer, version)
    }
}
