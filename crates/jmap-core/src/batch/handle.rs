//! [`Handle`]: a call of a batch, and [`Call`]: what is called.

use std::fmt;
use std::marker::PhantomData;

use crate::object::{Get, Object};
use crate::reference::{Reference, ResultReference};
use crate::{
    ChangesResponse, GetArguments, GetResponse, Id, Method, QueryChangesResponse, QueryResponse,
};

/// What a call of a [`Batch`](crate::Batch) is about to send: arguments, and references in the place of some of them.
///
/// Arguments alone are a call, and so are the ids of another call's result for a `get`. For everything else
/// [`with`](Self::with) puts a reference in the place of an argument.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Call<M> {
    /// The arguments.
    pub arguments: M,
    pub(super) references: Vec<(&'static str, ResultReference)>,
}

impl<M> Call<M> {
    /// A call with these arguments.
    pub fn new(arguments: M) -> Self {
        Self { arguments, references: Vec::new() }
    }

    /// Takes the argument of this name from the result of another call; it must have no value of its own.
    pub fn with<T>(mut self, argument: &'static str, reference: Reference<T>) -> Self {
        self.references.push((argument, reference.into_result()));
        self
    }
}

impl<O: Get> Call<GetArguments<O>> {
    /// Only these properties.
    pub fn properties(mut self, properties: impl IntoIterator<Item = O::Property>) -> Self {
        self.arguments = self.arguments.properties(properties);
        self
    }
}

impl<M: Method> From<M> for Call<M> {
    fn from(arguments: M) -> Self {
        Self::new(arguments)
    }
}

impl<O: Get> From<Reference<Vec<Id<O>>>> for Call<GetArguments<O>> {
    fn from(ids: Reference<Vec<Id<O>>>) -> Self {
        Self::new(GetArguments::default()).with("ids", ids)
    }
}

impl<O: Get> From<Vec<Id<O>>> for Call<GetArguments<O>> {
    fn from(ids: Vec<Id<O>>) -> Self {
        Self::new(GetArguments::of(ids))
    }
}

impl<O: Get, const N: usize> From<[Id<O>; N]> for Call<GetArguments<O>> {
    fn from(ids: [Id<O>; N]) -> Self {
        Self::new(GetArguments::of(ids))
    }
}

/// A call of a [`Batch`](crate::Batch), by which its result is found and referred to.
///
/// It belongs to the batch that gave it, and to no other.
pub struct Handle<M> {
    index: usize,
    method: PhantomData<fn() -> M>,
}

/// What the call of this index is called on the wire.
pub(super) fn call_id(index: usize) -> String {
    format!("c{index}")
}

/// The index of the call that is called so.
pub(super) fn index(call_id: &str) -> Option<usize> {
    call_id.strip_prefix('c')?.parse().ok()
}

impl<M> Handle<M> {
    pub(super) fn new(index: usize) -> Self {
        Self { index, method: PhantomData }
    }

    /// What the call is called on the wire.
    pub fn call_id(&self) -> String {
        call_id(self.index)
    }
}

impl<M: Method> Handle<M> {
    /// A part of the result, as an argument for another call: a JSON pointer into the response, in which `*` stands for
    /// every element of an array (RFC 8620, section 3.7).
    ///
    /// The type is the caller's word; prefer the references that have a name.
    pub fn result<T>(&self, path: &str) -> Reference<T> {
        Reference::new(ResultReference {
            result_of: self.call_id(),
            name: M::NAME.to_string(),
            path: path.to_owned(),
        })
    }
}

impl<O: Object, M: Method<Response = QueryResponse<O>>> Handle<M> {
    /// The ids that were found.
    pub fn ids(&self) -> Reference<Vec<Id<O>>> {
        self.result("/ids")
    }
}

impl<O: Object, M: Method<Response = ChangesResponse<O>>> Handle<M> {
    /// The ids of new objects.
    pub fn created(&self) -> Reference<Vec<Id<O>>> {
        self.result("/created")
    }

    /// The ids of changed objects.
    pub fn updated(&self) -> Reference<Vec<Id<O>>> {
        self.result("/updated")
    }
}

impl<O: Object, M: Method<Response = QueryChangesResponse<O>>> Handle<M> {
    /// The ids that came into the result.
    pub fn added(&self) -> Reference<Vec<Id<O>>> {
        self.result("/added/*/id")
    }
}

impl<O: Object, M: Method<Response = GetResponse<O>>> Handle<M> {
    /// A property of every object, in one list. What it leads to in each of them must be there.
    pub fn each<T>(&self, property: &str) -> Reference<Vec<T>> {
        self.result(&format!("/list/*/{property}"))
    }
}

impl<M> Clone for Handle<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Handle<M> {}

impl<M> fmt::Debug for Handle<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.index).finish()
    }
}
