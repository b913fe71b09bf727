//! `Foo/get` (RFC 8620, section 5.1).

use json_model::{Field, FromJson, Json, Map, Read, Reader, Severity, ToJson, Version};
use serde::Serializer;
use serde::de::SeqAccess;
use serde::ser::SerializeSeq;

use super::{Method, MethodName, empty};
use crate::object::{Get, Object};
use crate::{Account, Id, Session, State};

/// The arguments of `Foo/get` (RFC 8620, section 5.1): fetches objects by their ids.
///
/// ```
/// # use jmap_core::object::{Get, Object};
/// # use json_model::{Json, Map};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { id: Option<Id<Note>>, text: Option<String>, extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" never { "id" => id, "text" => text } extra }
/// # impl Object for Note {
/// #     const TYPE: &'static str = "Note";
/// #     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
/// #     type Property = String;
/// # }
/// # impl Get for Note {}
/// use jmap_core::{GetArguments, Id};
///
/// let get = GetArguments::<Note>::of([Id::any("n1")]).properties(["text".to_owned()]);
/// assert_eq!(serde_json::to_string(&get)?, r#"{"ids":["n1"],"properties":["text"]}"#);
///
/// // Without ids: all that there are.
/// assert_eq!(serde_json::to_string(&GetArguments::<Note>::all())?, "{}");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GetArguments<O: Object> {
    /// The account; the one of the batch if absent.
    pub account_id: Option<Id<Account>>,
    /// The objects; all if absent, which servers allow up to `maxObjectsInGet`.
    pub ids: Option<Vec<Id<O>>>,
    /// The properties that are wanted; all if absent. `id` always comes.
    pub properties: Option<Vec<O::Property>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! { GetArguments<O: Object> { account_id, ids, properties, extra } }

json_model::members! {
    impl [O: Object] for GetArguments<O>: "Foo/get arguments" never {
        "accountId" => account_id,
        "ids" => ids,
        "properties" => properties,
    }
    extra
}

impl<O: Object> GetArguments<O> {
    /// These objects.
    pub fn of(ids: impl IntoIterator<Item = Id<O>>) -> Self {
        Self { ids: Some(ids.into_iter().collect()), ..Self::default() }
    }

    /// All objects of the account.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only these properties.
    pub fn properties(mut self, properties: impl IntoIterator<Item = O::Property>) -> Self {
        self.properties = Some(properties.into_iter().collect());
        self
    }
}

// What fetches objects in pieces asks for this, so that arguments around these can be cut too.
impl<O: Object> AsMut<Self> for GetArguments<O> {
    fn as_mut(&mut self) -> &mut Self {
        self
    }
}

impl<O: Get> Method for GetArguments<O> {
    const NAME: MethodName = MethodName::new(O::TYPE, "get");
    const USING: &'static [&'static str] = O::USING;
    const ALSO_USING: &'static [&'static str] = O::ALSO_USING;
    const IS_READ_ONLY: bool = true;
    type Response = GetResponse<O>;

    fn version(session: &Session) -> Version {
        O::version(session)
    }
}

/// The response to `Foo/get` (RFC 8620, section 5.1).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GetResponse<O: Object> {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// Where all objects of the type stand. One server leaves it out for one of its types.
    pub state: Option<State<O>>,
    /// The objects, in any order, each once.
    pub list: List<O>,
    /// The ids that were asked for and do not exist.
    pub not_found: Vec<Id<O>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

empty! { GetResponse<O: Object> { account_id, state, list, not_found, extra } }

json_model::members! {
    impl [O: Object] for GetResponse<O>: "Foo/get response" never {
        "accountId" => account_id,
        "state" => state,
        "list" => list,
        "notFound" => not_found,
    }
    demanded: Self::demanded;
    extra
}

impl<O: Object> GetResponse<O> {
    /// A response with these objects.
    pub fn new(state: State<O>, list: impl IntoIterator<Item = O>) -> Self {
        let list = list.into_iter().collect::<Vec<O>>().into();
        Self { state: Some(state), list, ..Self::default() }
    }

    fn demanded(&self) -> &'static [&'static str] {
        &["list", "notFound"]
    }
}

/// Objects of a response, and those that could not be read.
///
/// One object that is no object at all, or that the type refuses, does not lose the others. Iterating goes over the readable
/// ones alone: look at [`unreadable`](Self::unreadable) where every object counts. Written, both are there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct List<O> {
    /// The objects that could be read.
    pub objects: Vec<O>,
    /// The others.
    pub unreadable: Vec<Unreadable>,
}

/// An object of a response that could not be read as what it should be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the object {} is not what was expected: {expected} is due", self.name())]
#[non_exhaustive]
pub struct Unreadable {
    /// Its id, if it has one.
    pub id: Option<Id<()>>,
    /// What was expected.
    pub expected: &'static str,
    /// What came.
    pub json: Json,
}

impl Unreadable {
    fn new(expected: &'static str, json: Json) -> Self {
        #[derive(serde::Deserialize)]
        struct Named {
            id: Id<()>,
        }

        let id = json.decode::<Named>().ok().map(|named| named.id);
        Self { id, expected, json }
    }

    fn name(&self) -> &str {
        self.id.as_ref().map_or("without an id", Id::as_str)
    }
}

impl<O> List<O> {
    /// Goes through the objects that could be read.
    pub fn iter(&self) -> std::slice::Iter<'_, O> {
        self.objects.iter()
    }

    /// How many objects could be read.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether no object could be read.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

impl<O> Default for List<O> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<O> From<Vec<O>> for List<O> {
    fn from(objects: Vec<O>) -> Self {
        Self { objects, unreadable: Vec::new() }
    }
}

impl<O> IntoIterator for List<O> {
    type Item = O;
    type IntoIter = std::vec::IntoIter<O>;

    fn into_iter(self) -> Self::IntoIter {
        self.objects.into_iter()
    }
}

impl<'a, O> IntoIterator for &'a List<O> {
    type Item = &'a O;
    type IntoIter = std::slice::Iter<'a, O>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<O: FromJson> FromJson for List<O> {
    const EXPECTED: &'static str = "an array of objects";

    fn from_array<'de, A: SeqAccess<'de>>(
        mut elements: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let mut list = Self::default();
        for index in 0.. {
            let Some(read) = reader.next_element::<O, A>(&mut elements, index)? else { break };
            let json = match read {
                Read::Value(object) => {
                    list.objects.push(object);
                    continue;
                }
                Read::Null => Json::null(),
                Read::Wrong(json) => json,
            };
            let unreadable = Unreadable::new(O::EXPECTED, json);
            let pointer = index.to_string();
            reader.report("unreadable-object", Severity::Warning, &pointer, &unreadable);
            list.unreadable.push(unreadable);
        }
        Ok(Read::Value(list))
    }
}

impl<O: FromJson> Field for List<O> {
    type Value = Self;

    fn set(&mut self, list: Self) {
        *self = list;
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<O: ToJson> ToJson for List<O> {
    /// The objects that could be read, then the others as they came.
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        let mut list =
            serializer.serialize_seq(Some(self.objects.len() + self.unreadable.len()))?;
        for object in &self.objects {
            list.serialize_element(&object.versioned(version))?;
        }
        for Unreadable { json, .. } in &self.unreadable {
            list.serialize_element(json)?;
        }
        list.end()
    }

    fn is_absent(&self) -> bool {
        self.objects.is_empty() && self.unreadable.is_empty()
    }
}
