//! Stand-ins for the data types of the recordings, and their methods by name.

use std::collections::BTreeMap;

use jmap_core::object::{Changes, Get, Object, Query, Set};
use jmap_core::{
    Batch, ChangesArguments, Error, GetArguments, Handle, Id, Json, Map, Method, MethodName,
    QueryArguments, Response, Responses, SetArguments, Version,
};
use json_model::{Part, ToJson};
use serde_json::Value;

macro_rules! stand_ins {
    ($($name:ident),*) => {$(
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(super) struct $name {
            pub(super) id: Option<Id<Self>>,
            pub(super) extra: Map<String, Json>,
        }

        json_model::members! { $name: "stand-in" never { "id" => id } extra }

        impl Object for $name {
            const TYPE: &'static str = stringify!($name);
            const USING: &'static [&'static str] = &[];
            type Property = String;
        }

        impl Get for $name {}
        impl Changes for $name {}
        impl Set for $name {}
        impl Query for $name {
            type Condition = Json;
            type SortBy = String;
        }
    )*};
}

stand_ins! { Calendar, CalendarEvent, Contact, ContactGroup, ContactCard }

macro_rules! strangers {
    ($($name:ident: $object:literal $verb:literal),*) => {$(
        #[derive(Clone, Debug, Default, PartialEq)]
        struct $name {
            extra: Map<String, Json>,
        }

        json_model::members! { $name: "stand-in" never {} extra }

        impl Method for $name {
            const NAME: MethodName = MethodName::new($object, $verb);
            const USING: &'static [&'static str] = &[];
            type Response = Self;
        }
    )*};
}

strangers! {
    Availability: "Principal" "getAvailability",
    Parse: "CalendarEvent" "parse",
    Frobnicate: "CalendarEvent" "frobnicate"
}

/// The handle of the call that has this index in its request.
pub(super) fn handle<M: Method>(index: usize) -> Handle<M> {
    let mut batch = Batch::new();
    for _ in 0..index {
        batch.call(M::default());
    }
    batch.call(M::default())
}

/// What a test does with a method whose type it forgot.
pub(super) struct AnyMethod {
    arguments: fn(&Json) -> Json,
    take: fn(&Response, usize) -> Result<Json, Error>,
    /// The members of the response.
    members: Vec<&'static str>,
}

/// The method of this name.
pub(super) fn method(name: &str) -> AnyMethod {
    let mut methods = BTreeMap::new();
    add_standard::<Calendar>(&mut methods);
    add_standard::<CalendarEvent>(&mut methods);
    add_standard::<Contact>(&mut methods);
    add_standard::<ContactGroup>(&mut methods);
    add_standard::<ContactCard>(&mut methods);
    add::<Availability>(&mut methods);
    add::<Parse>(&mut methods);
    add::<Frobnicate>(&mut methods);
    methods.remove(name).unwrap_or_else(|| panic!("no stand-in for {name}"))
}

fn add_standard<O: Get + Changes + Set + Query>(methods: &mut BTreeMap<String, AnyMethod>) {
    add::<GetArguments<O>>(methods);
    add::<ChangesArguments<O>>(methods);
    add::<SetArguments<O>>(methods);
    add::<QueryArguments<O>>(methods);
}

fn add<M: Method>(methods: &mut BTreeMap<String, AnyMethod>) {
    let method = AnyMethod {
        arguments: |json| {
            let arguments: M = json_model::from_str(json.as_str()).unwrap().value;
            Json::from_serialize(&arguments.versioned(Version::V2_0)).unwrap()
        },
        take: |response, index| {
            let mut responses = Responses::new(response.clone());
            let parsed = responses.take_parsed::<M, M::Response>(handle::<M>(index))?;
            assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
            Ok(Json::from_serialize(&parsed.value.versioned(Version::V2_0)).unwrap())
        },
        members: M::Response::MEMBERS.iter().map(|member| member.name).collect(),
    };
    methods.insert(M::NAME.to_string(), method);
}

impl AnyMethod {
    /// The typed result of a call, written again.
    pub(super) fn take(&self, response: &Response, index: usize) -> Result<Json, Error> {
        (self.take)(response, index)
    }

    /// Reads arguments, also wrong ones; nothing is lost.
    pub(super) fn replay_arguments(&self, arguments: &Json) {
        assert_eq!(without_empty((self.arguments)(arguments)), without_empty(arguments.clone()));
    }

    /// Reads a response, or the error in its place; nothing is lost, and `null` means what is absent.
    pub(super) fn replay_response(&self, response: &Response, index: usize) {
        let arguments = &response.method_responses[index].arguments;
        let written = match self.take(response, index) {
            Ok(written) => written,
            Err(Error::Method { error, .. }) => Json::from_serialize(&error).unwrap(),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(without_empty(written.clone()), without_empty(arguments.clone()));
        if response.method_responses[index].name == "error" {
            return;
        }
        for arguments in [without_nulls(arguments), self.with_nulls(arguments)] {
            let mut other = response.clone();
            other.method_responses[index].arguments = arguments;
            assert_eq!(self.take(&other, index).unwrap(), written);
        }
    }

    /// With `null` for every member that is known and not there.
    fn with_nulls(&self, arguments: &Json) -> Json {
        let mut members = members(arguments);
        for name in &self.members {
            members.entry((*name).to_owned()).or_insert_with(Json::null);
        }
        Json::from_serialize(&members).unwrap()
    }
}

fn without_nulls(arguments: &Json) -> Json {
    let mut members = members(arguments);
    members.retain(|_, value| !value.is_null());
    Json::from_serialize(&members).unwrap()
}

/// The members that hold something. In the objects of a list, `null` counts as absent too, but what is empty does not.
fn without_empty(arguments: Json) -> BTreeMap<String, Value> {
    let mut members: BTreeMap<String, Value> = arguments.decode().unwrap();
    members.get_mut("list").map(drop_nulls);
    members.retain(|_, value| {
        let is_empty = value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(serde_json::Map::is_empty);
        !value.is_null() && !is_empty
    });
    members
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(elements) => elements.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn members(arguments: &Json) -> BTreeMap<String, Json> {
    arguments.decode().unwrap()
}
