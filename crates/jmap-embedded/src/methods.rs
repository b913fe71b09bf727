//! [`Methods`]: the functions of methods wait for the file, so they are called where that holds up nobody else.

use jmap_core::server::{Context, Dispatcher};
use jmap_core::{Method, MethodError};

use crate::account::Somebody;

/// A dispatcher whose methods are called on the threads of the store.
pub(crate) struct Methods(Dispatcher<Somebody>);

impl Methods {
    /// The methods of this dispatcher, and those to come.
    pub(crate) fn of(dispatcher: Dispatcher<Somebody>) -> Self {
        Self(dispatcher)
    }

    /// The function of a method, which the type of its arguments names.
    pub(crate) fn register<M, F>(self, function: F) -> Self
    where
        M: Method,
        F: Fn(&Context<Somebody>, M) -> Result<M::Response, MethodError>,
        F: Clone + Send + Sync + 'static,
    {
        Self(self.0.register(move |context: Context<Somebody>, call: M| {
            let (function, store) = (function.clone(), context.user().store.clone());
            let work = move || function(&context, call);
            async move { store.run(M::IS_READ_ONLY, work).await? }
        }))
    }

    /// The dispatcher with all of them.
    pub(crate) fn dispatcher(self) -> Dispatcher<Somebody> {
        self.0
    }
}
